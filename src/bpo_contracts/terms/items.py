"""Items and scopes: what a figure may have one value for each of.

``per`` is the name of a list, of a scope, or of several scopes joined by a comma (``priority,site``): then there is
one value for
each combination, and an item's key joins the values in the same way (``P1,Madrid``). Inside ``priority,site`` a
figure per
``site`` means the one of the site at hand.
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


def level_of(inside: Sequence[str], per: str) -> int:
    """The innermost item context that tells which item of ``per`` is meant; -1 if none does."""
    wanted = set(dimensions(per))
    for level in range(len(inside) - 1, -1, -1):
        if wanted <= set(dimensions(inside[level])):
            return level
    return -1


def combinations(values: Sequence[Sequence[str]]) -> list[str]:
    """The keys of all combinations of the scopes' values, in order."""
    return [",".join(keys) for keys in product(*values)]


def projection(outer: Sequence[str], outer_per: str, inner: Sequence[str], inner_per: str) -> list[int]:
    """For each item of a combination, the index of the item of a part of it."""
    places = [dimensions(outer_per).index(name) for name in dimensions(inner_per)]
    index = {key: number for number, key in enumerate(inner)}
    return [index[",".join(key.split(",")[place] for place in places)] for key in outer]
