"""One period being evaluated: its values, and what stands in place of a value that there is not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from math import gcd
from typing import Any, Final, Protocol

from bpo_contracts.terms.items import dimensions, projection
from bpo_contracts.values.findings import Finding
from bpo_contracts.values.frozen import frozen
from bpo_contracts.values.periods import Period
from bpo_contracts.values.sources import Source
from bpo_contracts.values.units import Unit

Pair = tuple[int, int]
"""A number in flight: numerator and positive denominator, not reduced."""

Value = Pair | bool | str | date | datetime
Run = Callable[["Frame"], Value]
NumberRun = Callable[["Frame"], Pair]
TruthRun = Callable[["Frame"], bool]


class NoData(Exception):
    """There is no value, and ``reason`` says why: no settlement error, but no number either."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class Undecided(Exception):
    """The contract does not say what holds here; carries the finding."""

    def __init__(self, finding: Finding) -> None:
        self.finding = finding
        super().__init__(finding.problem)


class NotYet(Exception):
    """A figure is looked back at that was no part of the contract then: an amendment has brought it since.

    That is as it is before the start, and never missing data: whoever looks back answers it.
    """

    def __init__(self, figure: str) -> None:
        self.figure = figure
        super().__init__(figure)


@frozen
class Absent:
    """What stands in place of a value: why there is none, and the finding if the contract left it undecided."""

    reason: str
    finding: Finding | None = None

    def fail(self) -> Exception:
        """The exception that says so to whoever needs the value."""
        return NoData(self.reason) if self.finding is None else Undecided(self.finding)


@frozen
class Looked:
    """One look back of a figure: what it looked at, for which item, in what unit, and what that was then, oldest first.

    ``item`` is that of an aggregate the figure looks back from; a value that was not there is an exception.
    """

    says: str
    item: str
    unit: Unit
    values: tuple[tuple[Period, object], ...]


class History(Protocol):
    """Values of earlier periods, as they were settled."""

    @property
    def provisional(self) -> bool:
        """Whether anything that was looked at so far rests on provisional values."""
        ...

    def earlier(self) -> int:
        """How many periods of the term lie before this one."""
        ...

    def value(self, figure: str, periods_ago: int, item: str) -> Value:
        """The settled value of so many periods ago.

        Raises:
            NotYet: if the figure, or the lot, was no part of the contract then: before the start, or before the amendment
                that brought it.
            NoData: as it was then; so ``Undecided``.
            BadInput: if that period is not at hand.
        """
        ...

    def items(self, over: str, periods_ago: int) -> Sequence[str]:
        """The items of a list or scope in that period; raises ``NotYet`` if there was no such list then."""
        ...


class Decide(Protocol):
    """Answers decision points: which way it goes, given the item and the atoms' values; raises ``Undecided`` unless
    exactly one."""

    def __call__(self, point: int, item: str, atoms: tuple[Pair, ...]) -> int:
        """The way that holds."""
        ...


Looks = Callable[["Frame", Sequence[tuple[int, object]]], None]
"""Keeps what a look back found: how many periods ago (newest first), and the value then."""

Notes = dict[tuple[int, int], dict[object, "str | Looked | None"]]
"""What the trail says about how a value was found (which of how many, and from which earlier values), by slot and index
of the item (-1 outside items), and there each once. None stands for one too many to be said."""


class Frame:
    """One period being evaluated: the values so far, the items at hand, and what lies outside."""

    __slots__ = (
        "_items_now",
        "_projections",
        "ago",
        "at",
        "decide",
        "history",
        "items",
        "nested",
        "notes",
        "period",
        "unrounded",
        "values",
    )

    def __init__(
        self,
        *,
        size: int,
        items: Mapping[str, Sequence[str]],
        period: Period,
        history: History,
        decide: Decide,
    ) -> None:
        self.values: list[Any] = [None] * size
        """By slot: a value or ``Absent``; per item, a list of them. The program's units say which, so it is not
        typed here."""
        self.items = self._items_now = items
        self.at: list[int] = []
        self.ago = 0
        self.nested = 0
        self.period = period
        self.history = history
        self.decide = decide
        self.unrounded: dict[tuple[int, int], Pair] = {}
        """What a figure that ends in a rounding was before it, by slot and index of the item (-1 outside items)."""
        self.notes: Notes = {}
        self._projections: dict[tuple[str, str], list[int]] = {}

    def projected(self, outer: str, inner: str, index: int, *, now: bool = False) -> int:
        """The index of the item of ``inner`` that the item ``index`` of the combination ``outer`` belongs to; ``now``: in the
        period that is settled, also where an earlier one is looked at."""
        items = self._items_now if now else self.items
        if items is not self._items_now:  # an earlier period has lots of its own
            return projection(items[outer], outer, items[inner], inner)[index]
        known = self._projections.get((outer, inner))
        if known is None:
            known = projection(items[outer], outer, items[inner], inner)
            self._projections[outer, inner] = known
        return known[index]

    def combined(self, per: str, parts: Sequence[int]) -> int:
        """The index of the item of the combination ``per`` whose parts are the items of these indices, in the period that
        is settled."""
        index = 0
        for scope, part in zip(dimensions(per), parts, strict=True):
            index = index * len(self._items_now[scope]) + part
        return index


NESTED_MAX: Final = 5_000_000
"""How many items are looked at inside other items in one period: an aggregate within an aggregate takes the square of its
items, and a third level the cube."""

BITS_MAX: Final = 4096
"""The most a number may have, above and below its fraction line (about 1,200 digits each): formulas that multiply figures with
themselves, or periods with one another, reach sizes that no invoice has and no machine can hold."""


def bounded(value: Pair, place: Source) -> Pair:
    """The number, in lowest terms if it is long.

    Raises:
        Undecided: BPO206 if it is too long even then.
    """
    if value[0].bit_length() <= BITS_MAX and value[1].bit_length() <= BITS_MAX:
        return value
    common = gcd(*value)
    value = value[0] // common, value[1] // common
    if value[0].bit_length() <= BITS_MAX and value[1].bit_length() <= BITS_MAX:
        return value
    raise undecided(
        place,
        "BPO206",
        "number-too-long",
        "The number that comes out here has more than 1,200 digits.",
        "Round on the way, and look for figures that are multiplied with themselves.",
    )


def undecided(place: Source, code: str, name: str, problem: str, next_step: str) -> Undecided:
    """What the contract leaves open, for ``raise undecided(...)``."""
    return Undecided(Finding(code, name, place, problem, next_step))
