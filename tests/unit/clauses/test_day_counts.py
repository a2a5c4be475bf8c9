"""Day counts: parts add up, a year is a year, and the months between two days are those that calendars count."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from bpo_contracts.terms.evaluate.day_counts import BETWEEN, actual_actual, full_months, started_months

days = st.dates(date(1992, 1, 1), date(2100, 12, 31))


def years(start: date, end: date) -> Fraction:
    return Fraction(*actual_actual(start, end))


@given(st.tuples(days, days, days).map(sorted))
def test_actual_years_add_up(three: list[date]) -> None:
    one, two, last = three
    assert years(one, two) + years(two, last) == years(one, last)


@given(st.integers(1992, 2100), st.integers(1, 20))
def test_whole_calendar_years_are_whole(year: int, more: int) -> None:
    assert years(date(year, 1, 1), date(year + more, 1, 1)) == more


@given(days, st.integers(0, 600))
def test_months_are_full_when_they_are_over(start: date, months: int) -> None:
    """Against dateutil, which moves to the last day of a month that is too short: the same rule, written by others."""
    end = start + relativedelta(months=months)
    assert full_months(start, end) == months == started_months(start, end)
    assert full_months(start, end + timedelta(days=1)) == months
    assert started_months(start, end + timedelta(days=1)) == months + 1
    if months:
        assert full_months(start, end - timedelta(days=1)) == months - 1
        assert started_months(start, end - timedelta(days=1)) == months


@pytest.mark.parametrize(
    ("start", "end", "full", "started"),
    [
        ("2026-01-31", "2026-02-27", 0, 1),
        ("2026-01-31", "2026-02-28", 1, 1),
        ("2024-01-31", "2024-02-28", 0, 1),
        ("2024-01-31", "2024-02-29", 1, 1),
        ("2026-02-28", "2026-03-28", 1, 1),
        ("2026-01-15", "2026-01-15", 0, 0),
    ],
)
def test_months_at_the_end_of_a_month(start: str, end: str, full: int, started: int) -> None:
    first, last = date.fromisoformat(start), date.fromisoformat(end)
    assert (full_months(first, last), started_months(first, last)) == (full, started)


@pytest.mark.parametrize(
    ("what", "years"),
    [
        ("years by actual/actual", Fraction(31, 365) + Fraction(75, 366)),
        ("years by actual/365", Fraction(106, 365)),
        ("years by actual/360", Fraction(106, 360)),
        ("years by 30/360", Fraction(105, 360)),
        ("full years", Fraction(0)),
        ("started years", Fraction(1)),
        ("full months", Fraction(3)),
    ],
)
def test_across_a_leap_year(what: str, years: Fraction) -> None:
    """From 1 December 2023 to 16 March 2024: 31 days of a common year, 75 of a leap year."""
    between = {name: way for name, way in BETWEEN.items() if name == what}
    assert [Fraction(*way(date(2023, 12, 1), date(2024, 3, 16))) for way in between.values()] == [years]
