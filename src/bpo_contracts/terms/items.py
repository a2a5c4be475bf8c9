"""Items and scopes: what a figure may have one value for each of.

``per`` is the name of a list, of a scope, or of several scopes joined by a comma (``priority,site``): then there is
one value for
each combination, and an item's key joins the values in the same way (``P1,Madrid``). Inside ``priority,site`` a
figure per
``site`` means the one of the site at hand; in a sum for each ``priority`` inside ``site`` a figure per
``priority,site`` means the one of both.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product


def dimensions(per: str) -> tuple[str, ...]:
    """The scopes of ``per``; one name for a list, none for a figure that is not per anything."""
    return tuple(per.split(",")) if per else ()


def joined(names: Sequence[str]) -> str:
    """The ``per`` of several scopes, whatever order they are named in."""
    return ",".join(sorted(names))


def levels_of(inside: Sequence[str], per: str) -> tuple[int, ...]:
    """For each scope of ``per`` the innermost item context that tells which lot is meant; -1 where none does."""
    known = {scope: level for level, one in enumerate(inside) for scope in dimensions(one)}
    return tuple(known.get(scope, -1) for scope in dimensions(per))


def level_of(inside: Sequence[str], per: str) -> int:
    """The one item context that tells which item of ``per`` is meant; -1 if none does, or only several together."""
    levels = set(levels_of(inside, per))
    return levels.pop() if len(levels) == 1 else -1


def is_at_hand(inside: Sequence[str], per: str) -> bool:
    """Whether the item contexts tell which item of ``per`` is meant."""
    return -1 not in levels_of(inside, per)


def combinations(values: Sequence[Sequence[str]]) -> list[str]:
    """The keys of all combinations of the scopes' values, in order."""
    return [",".join(keys) for keys in product(*values)]


def projection(outer: Sequence[str], outer_per: str, inner: Sequence[str], inner_per: str) -> list[int]:
    """For each item of a combination, the index of the item of a part of it."""
    places = [dimensions(outer_per).index(name) for name in dimensions(inner_per)]
    index = {key: number for number, key in enumerate(inner)}
    return [index[",".join(key.split(",")[place] for place in places)] for key in outer]
