"""The term of a drafted contract: which periods it has, and which of them lie in it only in part."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, Final

from bpo_contracts.values.frozen import frozen
from bpo_contracts.values.periods import Every, Period, period_containing

EVERY: Final = {every.noun: every for every in Every}
LONG: Final = {"month": 24, "quarter": 8, "half-year": 5, "year": 5}
SHORT: Final = 4
"""How many periods a term has: so many that no report reaches its end, or as many as a report can be about."""


@frozen
class Term:
    """From the first day to the last one; ``every`` and ``anchor_day`` cut it into periods."""

    every: str
    anchor_day: int
    starts_on: date
    ends_on: date

    @property
    def first(self) -> Period:
        """The first period."""
        return period_containing(self.starts_on, EVERY[self.every], self.anchor_day)

    @property
    def last(self) -> Period:
        """The last period."""
        return period_containing(self.ends_on, EVERY[self.every], self.anchor_day)

    @property
    def in_parts(self) -> bool:
        """Whether the first or the last period lies in the term only in part."""
        return self.starts_on != self.first.start or self.ends_on + timedelta(days=1) != self.last.end

    def cuts(self, window: str) -> bool:
        """Whether a window of this kind lies in the term only in part."""
        length = {"period": EVERY[self.every].value, "quarter": 3, "half-year": 6, "term": 0}.get(window, 12)
        length //= EVERY[self.every].value
        if self.in_parts and window not in ("period", "term"):
            return True
        begins = self.first.number if window in ("contract year", "term") else 0
        ends = (self.first.number, self.last.number + 1)
        return bool(length) and any((number - begins) % length for number in ends)


def draft_term(one: Callable[..., Any]) -> Term:
    """Months, quarters, half-years or years, of the calendar or not; the term holds whole periods or only a part of one."""
    every = one("month", "quarter", "half-year", "year")
    starts = [(date(2026, 1, 1), 1), (date(2026, 1, 16), 16), (date(2026, 1, 11), 1)]
    starts += [(date(2025, 10, 1), 1)] if every in ("month", "quarter") else []
    starts_on, anchor_day = one(*starts)
    first = period_containing(starts_on, EVERY[every], anchor_day)
    last = first.shift(one(LONG[every], SHORT) - 1)
    return Term(every, anchor_day, starts_on, last.end - timedelta(days=one(1, 1, 1, 11)))
