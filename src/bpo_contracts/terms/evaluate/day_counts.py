"""Day counts: how many months or years lie between two days.

Every function here counts from ``start`` (inside) to ``end`` (outside), ``start`` being the earlier day, and gives a
numerator and a denominator.
"""

from __future__ import annotations

from bisect import bisect_right
from calendar import isleap, monthrange
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Final

from bpo_contracts.terms.nodes import Elapsed


def days_30_360(start: date, end: date) -> int:
    """Days from one day to another where every month has 30 days (30E/360: a 31st is taken as the 30th)."""
    months = (end.year - start.year) * 12 + end.month - start.month
    return months * 30 + min(end.day, 30) - min(start.day, 30)


def full_months(start: date, end: date) -> int:
    """How many whole months have passed: one more on each day that has the number of ``start``, or, in a month that has
    no such day, on its last."""
    months = (end.year - start.year) * 12 + end.month - start.month
    return months if end.day >= min(start.day, monthrange(end.year, end.month)[1]) else months - 1


def started_months(start: date, end: date) -> int:
    """How many months have begun: ``end`` itself begins none."""
    full = full_months(start, end)
    months = start.year * 12 + start.month - 1 + full
    reached_on = min(start.day, monthrange(months // 12, months % 12 + 1)[1])
    return full if (months, reached_on) == (end.year * 12 + end.month - 1, end.day) else full + 1


def actual_actual(start: date, end: date) -> tuple[int, int]:
    """Years, each day by the days of its calendar year: 1/366 in a leap year, 1/365 in any other."""
    common = leap = 0
    for year in range(start.year, end.year + 1):
        days = (min(end, date(year + 1, 1, 1)) - max(start, date(year, 1, 1))).days
        if isleap(year):
            leap += days
        else:
            common += days
    return common * 366 + leap * 365, 365 * 366


class WorkingCalendar:
    """Days of the week on which nobody works (Monday is 0), and holidays."""

    def __init__(self, weekend: Sequence[int], holidays: Sequence[date]) -> None:
        self._working = [day for day in range(7) if day not in weekend]
        self._holidays = sorted({day for day in holidays if day.weekday() not in weekend})

    def working_days(self, start: date, end: date) -> int:
        """How many working days come after ``start`` until ``end``, this one counted."""
        weeks, days = divmod((end - start).days, 7)
        rest = sum((start.weekday() + number) % 7 in self._working for number in range(1, days + 1))
        holidays = bisect_right(self._holidays, end) - bisect_right(self._holidays, start)
        return weeks * len(self._working) + rest - holidays


BETWEEN: Final[Mapping[Elapsed, Callable[[date, date], tuple[int, int]]]] = {
    "full months": lambda start, end: (full_months(start, end), 1),
    "started months": lambda start, end: (started_months(start, end), 1),
    "full years": lambda start, end: (full_months(start, end) // 12, 1),
    "started years": lambda start, end: (-(-started_months(start, end) // 12), 1),
    "years by actual/actual": actual_actual,
    "years by actual/365": lambda start, end: ((end - start).days, 365),
    "years by actual/360": lambda start, end: ((end - start).days, 360),
    "years by 30/360": lambda start, end: (days_30_360(start, end), 360),
    "average of days": lambda start, end: ((end - start).days, 1),
}
"""How each way of counting does it."""
