"""The first difference between two documents, in the order in which things follow from one another.

Where two settlements differ in one figure, they differ in everything that follows from it. What has to be looked at is
the first difference: inputs before determinations, steps before lines, lines before totals, and among the steps one
whose premises are all the same on both sides.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

from bpo_contracts.values.canonical import canonical
from bpo_contracts.values.frozen import frozen

_NATURAL_ORDER: Final = (
    # what is talked about
    "schema", "id", "key", "clause", "name", "kind", "figure", "item", "scope", "measure", "period", "label", "version",
    "contract", "performance", "earlier", "rulebook", "revision", "supersedes", "currency",
    # what was found, and what follows from it
    "determinations", "steps", "formula", "unit", "premises", "reached", "status", "value", "holds", "dropped",
    "gross", "amount", "charges", "adjustments", "consequences", "net", "lots", "totals",
)  # fmt: skip
_LAST: Final = ("engines", "library", "digest")
_RANK: Final = {key: rank for rank, key in enumerate(_NATURAL_ORDER)} | {
    key: len(_NATURAL_ORDER) + 1 + rank for rank, key in enumerate(_LAST)
}
_NAMES: Final = (
    ("figure", "item"),
    ("clause", "name", "scope"),
    ("list", "item", "period"),
    ("measure", "scope", "period"),
    ("id",),
    ("name",),
    ("key",),
    ("label",),
    ("scope",),
)
_SHOWN_MAX: Final = 120

Path: TypeAlias = tuple[str | int, ...]
Step: TypeAlias = tuple[str, str]
"""A step by its figure and item."""


class Nothing:
    """Stands where one side has no value at all."""

    def __repr__(self) -> str:
        return "nothing"


NOTHING: Final = Nothing()


@frozen
class Difference:
    """One place at which two documents differ.

    ``path`` leads to it by keys and positions (from 0); ``place`` is the same for people, where an item of a list is
    called by its own name if it has one and else by its number (from 1). A side without a value is ``NOTHING``.
    """

    path: Path
    place: str
    left: object
    right: object

    def render(self, left_name: str, right_name: str) -> str:
        """One line: ``clauses/3/table/under 65 %: sealed '8 %', file '9 %'``."""
        return f"{self.place or 'the document'}: {left_name} {shown(self.left)}, {right_name} {shown(self.right)}"


def shown(value: object) -> str:
    """The value for a message: texts in quotes, lists and maps as JSON, cut to 120 characters."""
    text = repr(value) if isinstance(value, str | Nothing) else json.dumps(value, ensure_ascii=False, default=repr)
    return text if len(text) <= _SHOWN_MAX else text[:_SHOWN_MAX] + "…"


def first_difference(left: object, right: object) -> Difference | None:
    """The first difference between two documents (as ``canonical`` takes them), or None if they are equal.

    Values of different types differ, also ``1`` and ``true``; a list and a tuple are the same type.
    """
    return _first(left, right, (), "") if _differ(left, right) else None


def _first(left: object, right: object, path: Path, place: str) -> Difference:
    """The first difference of two values that differ."""
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        for key in sorted({*left, *right}, key=_rank):
            here, there = left.get(key, NOTHING), right.get(key, NOTHING)
            if _differ(here, there):
                return _first(here, there, (*path, key), _join(place, key))
    elif isinstance(left, list | tuple) and isinstance(right, list | tuple):
        index = _first_item(left, right)
        here, there = _at(left, index), _at(right, index)
        return _first(here, there, (*path, index), _join(place, _item_name(here, there, index)))
    return Difference(path, place, left, right)


def _differ(left: object, right: object) -> bool:
    if isinstance(left, Nothing) or isinstance(right, Nothing):
        return left is not right
    return canonical(left) != canonical(right)


def _at(items: Sequence[object], index: int) -> object:
    return items[index] if index < len(items) else NOTHING


def _rank(key: str) -> tuple[int, str]:
    return _RANK.get(key, len(_NATURAL_ORDER)), key


def _join(place: str, part: str) -> str:
    return f"{place}/{part}" if place else part


def _item_name(left: object, right: object, index: int) -> str:
    """The name both sides give the item, or that of the only side that has it, or its number."""
    names = {_own_name(side) for side in (left, right) if not isinstance(side, Nothing)}
    name = names.pop() if len(names) == 1 else ""
    return name or str(index + 1)


def _own_name(item: object) -> str:
    if not isinstance(item, Mapping):
        return ""
    for keys in _NAMES:
        if keys[0] in item:
            parts = [_name_part(item[key]) for key in keys if key in item]
            return " ".join(part for part in parts if part)
    return ""


def _name_part(value: object) -> str:
    if isinstance(value, str):
        return value
    return " ".join(filter(None, map(_name_part, value))) if isinstance(value, list | tuple) else ""


def _first_item(left: Sequence[object], right: Sequence[object]) -> int:
    """The position to look at: the first that differs, except that a step comes after the premises it rests on."""
    places = range(max(len(left), len(right)))
    differing = [index for index in places if _differ(_at(left, index), _at(right, index))]
    changed = {_step(side[index]) for index in differing for side in (left, right) if index < len(side)}
    for index in differing:
        own = {_step(_at(side, index)) for side in (left, right)}
        if not any((changed - own).intersection(_premises(_at(side, index))) for side in (left, right)):
            return index
    return differing[0]


def _step(item: object) -> Step | None:
    if isinstance(item, Mapping) and "figure" in item:
        return str(item["figure"]), str(item.get("item", ""))
    return None


def _premises(item: object) -> list[Step]:
    premises = item.get("premises") if isinstance(item, Mapping) else None
    if not isinstance(premises, list | tuple):
        return []
    return [(str(one[0]), str(one[1])) for one in premises if isinstance(one, list | tuple) and len(one) == 2]
