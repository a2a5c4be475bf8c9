"""Choices, and what they are made of: amounts, percentages, roundings, lots; a drafted measure and a drafted clause."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Protocol, TypeVar

from bpo_contracts.testing.drafting.term import draft_term
from bpo_contracts.values.currencies import MINOR_DIGITS
from bpo_contracts.values.frozen import frozen
from bpo_contracts.values.numbers import fixed_text
from bpo_contracts.values.rounding import Mode

T = TypeVar("T")

Document = dict[str, Any]
"""A document as maps, lists and texts."""

MODES: Final = tuple(mode.value for mode in Mode)


class Choices(Protocol):
    """Who makes the choices."""

    def one(self, options: Sequence[T]) -> T:
        """One of the options."""
        ...

    def number(self, low: int, high: int) -> int:
        """A whole number, both ends inside."""
        ...

    def yes(self) -> bool:
        """Yes or no."""
        ...

    def several(self, low: int, high: int, count: int) -> list[int]:
        """So many different whole numbers, both ends inside."""
        ...

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """The items in some order."""
        ...

    def words(self) -> str:
        """A text for people."""
        ...


@frozen
class Gauge:
    """A drafted measure. ``low`` and ``high`` count last places; ``noun`` is what a price is per ("" for none)."""

    name: str
    unit: str
    noun: str
    low: int
    high: int
    places: int
    direction: str
    per: tuple[str, ...]
    stepped: bool
    bounded: bool
    sure: bool

    def text(self, ticks: int) -> str:
        """A value with its unit."""
        return f"{fixed_text(ticks, 10**self.places, self.places)} {self.unit}"


@frozen
class Payer:
    """A drafted clause that pays."""

    name: str
    family: str
    per: tuple[str, ...]
    toward: str


class Choosing:
    """One contract while it is drafted: what there is so far, and small choices.

    ``falling``: better values of a measure never give more credit or less bonus.
    """

    def __init__(self, choices: Choices, *, falling: bool) -> None:
        self.choices, self.falling = choices, falling
        self.currency = self.one("EUR", "JPY", "KWD")
        self.digits = MINOR_DIGITS[self.currency]
        self.term = draft_term(self.one)
        self.every = self.term.every
        self.scopes: dict[str, list[str]] = {}
        self.gauges: list[Gauge] = []
        self.measures: Document = {}
        self.figures: Document = {}
        self.parameters: Document = {}
        self.lists: Document = {}
        self.series: Document = {}
        self.clauses: list[Document] = []
        self.payers: list[Payer] = []
        self.bases: list[tuple[str, tuple[str, ...]]] = []
        self.shares: list[tuple[str, tuple[str, ...]]] = []
        self.ends: list[tuple[int, bool]] = []
        self.returned: set[str] = set()
        self.settled: set[str] = set()

    def one(self, *options: T) -> T:
        """One of the options."""
        return self.choices.one(options)

    def number(self, low: int, high: int) -> int:
        """A whole number, both ends inside."""
        return self.choices.number(low, high)

    def yes(self) -> bool:
        """Yes or no."""
        return self.choices.yes()

    def rarely(self) -> bool:
        """Yes, one time in four."""
        return self.number(0, 3) == 3

    def words(self) -> str:
        """A text for people."""
        return self.choices.words()

    def money(self, most: int = 3000) -> str:
        """An amount with all minor digits, often a round one."""
        minor = self.number(0, most) * 10**self.digits if self.yes() else self.number(0, most * 10**self.digits)
        return f"{fixed_text(minor, 10**self.digits, self.digits)} {self.currency}"

    def span(self, most: int) -> str:
        """So many periods, at most ``most``."""
        return f"{self.number(1, most)} {self.every}s"

    def within_years(self, quarter: str, half_year: str) -> list[str]:
        """Of the two, what has a whole number of the contract's periods, and more than one."""
        return {"month": [quarter, half_year], "quarter": [half_year]}.get(self.every, [])

    def percent(self, tenths: int) -> str:
        """A percentage, from its tenths."""
        return f"{fixed_text(tenths, 10, 1)} %"

    def rounding(self) -> str:
        """A way to round lines, to the currency or coarser."""
        grain = self.one(self.digits, max(0, self.digits - 1), 0)
        return f"{self.one(*MODES)} to {fixed_text(1, 10**grain, grain)} {self.currency}"

    def lots(self) -> tuple[str, ...]:
        """The lots of a measure or clause: mostly those of no scope."""
        options = [
            (),
            (),
            *((scope,) for scope in self.scopes),
            *([tuple(self.scopes)] if len(self.scopes) > 1 else []),
        ]
        return self.one(*options)

    def within(self, per: tuple[str, ...], gauges: Sequence[Gauge]) -> list[Gauge]:
        """The measures that have one value in each of these lots."""
        return [gauge for gauge in gauges if set(gauge.per) <= set(per)]
