"""Periods: what a contract settles at a time. Spans are ``[start, end)``; days, never instants.

A contract settles every month, quarter, half-year or year, counted from an anchor day ("from the 16th of a month to the
15th of the next" is a month anchored on day 16). A period is named after the month, quarter, half-year or year its
first day lies in: ``2016-03``, ``2016-Q1``, ``2016-H1``, ``2016``.
"""

from __future__ import annotations

import re
from datetime import date
from enum import Enum
from functools import lru_cache
from typing import Final

from bpo_contracts.values.frozen import frozen_ordered

YEAR_MIN: Final = 1990
YEAR_MAX: Final = 2199

_LABEL = re.compile(r"([0-9]{4})(?:-(?:(0[1-9]|1[0-2])|Q([1-4])|H([12])))?\Z", re.ASCII)


class Every(Enum):
    """How long a period is, in months."""

    MONTH = 1
    QUARTER = 3
    HALF_YEAR = 6
    YEAR = 12

    @property
    def noun(self) -> str:
        """``month``, ``quarter``, ``half-year`` or ``year``."""
        return self.name.lower().replace("_", "-")


MONTHS_OF: Final = {every.noun: every.value for every in Every}
"""How many months ``month``, ``quarter``, ``half-year`` and ``year`` have."""


def months_of(span: str) -> int:
    """How many months a span has by its noun: of those that are not in ``MONTHS_OF`` each is a year of some kind."""
    return MONTHS_OF.get(span, 12)


class NotAPeriod(ValueError):
    """The text does not name a period; the sentence says what does."""


@frozen_ordered
class Period:
    """One settlement period: ``[start, end)`` in days.

    ``number`` counts periods of this length since year 0, so that earlier and later are arithmetic.
    """

    number: int
    every: Every
    anchor_day: int = 1

    @property
    def start(self) -> date:
        """The first day of the period."""
        year, month = divmod(self.number * self.every.value, 12)
        return date(year, month + 1, self.anchor_day)

    @property
    def end(self) -> date:
        """The first day after the period."""
        return self.shift(1).start

    @property
    def label(self) -> str:
        """``2016-03``, ``2016-Q1``, ``2016-H1`` or ``2016``."""
        year, month = divmod(self.number * self.every.value, 12)
        if self.every is Every.MONTH:
            return f"{year:04}-{month + 1:02}"
        part = {Every.QUARTER: "-Q", Every.HALF_YEAR: "-H"}.get(self.every)
        return f"{year:04}{part}{month // self.every.value + 1}" if part else f"{year:04}"

    @property
    def days(self) -> int:
        """How many days the period has."""
        return (self.end - self.start).days

    def shift(self, periods: int) -> Period:
        """The period so many periods later (earlier, if below zero)."""
        return Period(self.number + periods, self.every, self.anchor_day)

    def __str__(self) -> str:
        return self.label


@lru_cache(maxsize=1024)  # the same labels come back with every settlement that looks back
def parse_period(text: str, anchor_day: int = 1) -> Period:
    """The period that ``2016-03`` (month), ``2016-Q1`` (quarter), ``2016-H1`` (half-year) or ``2016`` (year) names.

    Raises:
        NotAPeriod: for any other text, and for years outside 1990 to 2199.
    """
    match = _LABEL.match(text)
    if not match:
        raise NotAPeriod(
            f"{text[:40]!r} is not a period; write a month as 2016-03, a quarter as 2016-Q1, a half-year as 2016-H1, a"
            " year as 2016"
        )
    year = int(match[1])
    if not YEAR_MIN <= year <= YEAR_MAX:
        raise NotAPeriod(f"the year {year} is outside {YEAR_MIN} to {YEAR_MAX}")
    if match[2]:
        return Period(year * 12 + int(match[2]) - 1, Every.MONTH, anchor_day)
    if match[3]:
        return Period(year * 4 + int(match[3]) - 1, Every.QUARTER, anchor_day)
    if match[4]:
        return Period(year * 2 + int(match[4]) - 1, Every.HALF_YEAR, anchor_day)
    return Period(year, Every.YEAR, anchor_day)


def period_containing(day: date, every: Every, anchor_day: int = 1) -> Period:
    """The period of this length that holds the day."""
    months = day.year * 12 + day.month - 1 - (1 if day.day < anchor_day else 0)
    return Period(months // every.value, every, anchor_day)


class NotADay(ValueError):
    """The text is not a day that exists; the sentence says what to write."""


def parse_day(text: str) -> date:
    """The day written ``YYYY-MM-DD`` (ISO 8601 calendar date, extended form), from 1990 to 2199.

    Raises:
        NotADay: for every other form, and for days that do not exist.
    """
    if not re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z", text, re.ASCII):
        raise NotADay(f"{text[:40]!r} is not a day; write it as YYYY-MM-DD, for example 2026-03-31")
    try:
        day = date(int(text[:4]), int(text[5:7]), int(text[8:]))
    except ValueError:
        raise NotADay(f"{text} does not exist in the calendar") from None
    if not YEAR_MIN <= day.year <= YEAR_MAX:
        raise NotADay(f"the year {day.year} is outside {YEAR_MIN} to {YEAR_MAX}")
    return day
