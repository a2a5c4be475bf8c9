"""Aggregates over items, over periods and over given values."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any, Final

from bpo_contracts.terms import nodes as n
from bpo_contracts.terms.evaluate.folding import folded, ranked
from bpo_contracts.terms.evaluate.frame import (
    NESTED_MAX,
    Frame,
    NoData,
    NotYet,
    Run,
    Undecided,
    undecided,
)
from bpo_contracts.terms.evaluate.lookups import LookUps
from bpo_contracts.terms.evaluate.noting import Noting
from bpo_contracts.values.periods import months_of
from bpo_contracts.values.sources import Source

_JOINED: Final = ("any", "every")


class Aggregates(LookUps, Noting):
    """Folds many values into one.

    ``any`` and ``every`` are conditions joined by "or" and "and": what has no answer is kept beside the answers, and
    matters only if none of them decides (see ``conditions``).
    """

    def _fold(self, node: n.Fold) -> Run:
        was_plain, self._plain = self._plain, True
        try:
            none_found = self.run(node.none_found) if node.none_found is not None else None
            if isinstance(node.over, n.Window):
                values = self._over_periods(node, node.over)
            elif isinstance(node.over, tuple):
                values = _over_given(node, [self.run(item) for item in node.over])
            else:
                values = self._over_items(node, node.over)
        finally:
            self._plain = was_plain
        if node.rank is not None:
            return ranked(node, node.rank, values, none_found, self._note(inside=was_plain or self._past))
        return folded(node, values, none_found)

    def _over_items(self, node: n.Fold, over: str) -> Callable[[Frame], list[Any]]:
        self._inside.append(over)
        try:
            where = self.run(node.where) if node.where is not None else None
            item = self.run(node.item) if node.item is not None else None
            identity = [self.run(column) for column in node.once_per]
        finally:
            self._inside.pop()
        past, place = self._past, node.source

        def values(frame: Frame) -> list[Any]:
            found: list[Any] = []
            seen: set[tuple[object, ...]] = set()
            items = frame.items
            if frame.at:
                _count_nested(frame, len(items[over]), place)
            if past and frame.ago:
                frame.items = {**items, over: frame.history.items(over, frame.ago)}
            frame.at.append(0)
            try:
                for index in range(len(frame.items[over])):
                    frame.at[-1] = index
                    try:
                        if (where is None or where(frame)) and _first(identity, frame, seen):
                            found.append((1, 1) if item is None else item(frame))
                    except (NoData, Undecided) as unknown:
                        _keep(unknown, node, found)
            finally:
                frame.at.pop()
                frame.items = items
            return found

        return values

    def _over_periods(self, node: n.Fold, window: n.Window) -> Callable[[Frame], list[Any]]:
        if node.item is None:
            raise AssertionError("an aggregate over periods has an item")
        now = None if window.previous else self.run(node.item)
        where_now = self.run(node.where) if node.where is not None and not window.previous else None
        was = self._past, self._outside
        self._past, self._outside = True, self._outside if self._past else len(self._inside)
        try:
            past = self.run(node.item)
            where = self.run(node.where) if node.where is not None else None
        finally:
            self._past, self._outside = was
        streak, place = node.kind == "streak", node.source
        looked = self._looked(node.item, self._unit_of(node.item), at=node)

        def values(frame: Frame) -> list[Any]:
            found: list[Any] = []
            ages: list[int] = []
            base = frame.ago
            wanted = _wanted(window, frame)
            try:
                for ago in _periods_of(window, wanted, frame, place):
                    frame.ago = base + ago
                    own = frame.ago == 0
                    try:
                        asked = where_now if own else where
                        if asked is None or asked(frame):
                            found.append(now(frame) if own and now is not None else past(frame))
                    except (NoData, Undecided) as unknown:
                        _keep(unknown, node, found)
                    except NotYet:
                        # An amendment brought it in after that period: as before the start, there is no more.
                        _check_long_enough(window, wanted, ago, place)
                        break
                    if len(found) > len(ages):
                        ages.append(ago)
                        if streak and not found[-1]:
                            break
            finally:
                frame.ago = base
            looked(frame, tuple(zip(ages, found, strict=True)))
            return found

        return values


def _count_nested(frame: Frame, items: int, place: Source) -> None:
    frame.nested += items
    if frame.nested > NESTED_MAX:
        raise undecided(
            place,
            "BPO207",
            "too-many-items-in-items",
            f"Items are looked at inside other items more than {NESTED_MAX:,} times.",
            "Give the inner aggregate a name of its own, as a figure: it is then computed once.",
        )


def _first(identity: list[Run], frame: Frame, seen: set[tuple[object, ...]]) -> bool:
    """Whether no row before this one agrees with it in the columns that identify it (no columns: always)."""
    if not identity:
        return True
    key = tuple(Fraction(*value) if isinstance(value, tuple) else value for value in (run(frame) for run in identity))
    if key in seen:
        return False
    seen.add(key)
    return True


def _over_given(node: n.Fold, items: list[Run]) -> Callable[[Frame], list[Any]]:
    def values(frame: Frame) -> list[Any]:
        found: list[Any] = []
        for item in items:
            try:
                found.append(item(frame))
            except (NoData, Undecided) as unknown:
                _keep(unknown, node, found)
        return found

    return values


def _keep(unknown: NoData | Undecided, node: n.Fold, found: list[Any]) -> None:
    """What becomes of a value that is not there: passed over, kept as an answer nobody has, or the end of it all."""
    if node.missing == "skip" and isinstance(unknown, NoData):
        return
    if node.kind not in _JOINED:
        raise unknown
    found.append(unknown)


def _wanted(window: n.Window, frame: Frame) -> range:
    """How many periods ago each period of the window lies, newest first, however many there are."""
    first = 1 if window.previous else 0
    if window.before:
        first = _since(window.since, frame) + 1
        last = first + months_of(window.since) // frame.period.every.value
    elif window.since:
        last = _since(window.since, frame) + 1
    elif window.length is None:
        last = frame.history.earlier() - frame.ago + 1
    else:
        last = window.length + first
    return range(first, max(first, last))


def _periods_of(window: n.Window, wanted: range, frame: Frame, place: Source) -> range:
    """Those of the wanted periods that are not before the start."""
    last = min(wanted.stop, frame.history.earlier() - frame.ago + 1)
    if last < wanted.stop:
        _check_long_enough(window, wanted, last, place)
    return range(wanted.start, max(wanted.start, last))


def _check_long_enough(window: n.Window, wanted: range, last: int, place: Source) -> None:
    """Whether the window may have only the periods before ``last``.

    Raises:
        NoData: if there is no result then.
        Undecided: BPO244 if nothing is said.
    """
    if not window.before and (window.length is None or window.since):
        return
    there = max(0, last - wanted.start)
    if window.short == "no result":
        raise NoData(f"there are {there} periods where {len(wanted)} are needed")
    if window.short == "refuse":
        raise undecided(
            place,
            "BPO244",
            "window-too-young",
            f"The window wants {len(wanted)} periods and the contract has {there} so far.",
            "Say what holds then: (short history: the periods there are), (short history: no result).",
        )


def _since(unit: str, frame: Frame) -> int:
    """How many periods ago the contract year began, or the calendar's year, half-year or quarter."""
    every = frame.period.every.value
    if unit != "year":
        return ((frame.period.number - frame.ago) * every % months_of(unit)) // every
    return (frame.history.earlier() - frame.ago) % (12 // every)
