"""Day counts: parts add up, a year is a year, and the months between two days are those that calendars count."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.clauses.making import figure, findings_of, settled

from bpo_contracts.terms.evaluate.day_counts import BETWEEN, WorkingCalendar, actual_actual, full_months, started_months

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


week = st.lists(st.integers(0, 6), unique=True)
CALENDAR = """
calendars:
  here: {weekend: [sunday], holidays: [2026-01-06], covers_from: 2026-01-01, covers_until: 2026-06-30, source: s}
figures:
  late: {for_each: tickets, formula: working days from opened to AT by here}
"""
LATE = "- tariff: t\n  clause: '1'\n  words: w\n  for_each: tickets\n  rounded: each item\n  amount: max(late, 0 days) * 1 EUR per day\n"


@given(week, st.lists(days, max_size=5), days, st.integers(0, 800))
def test_working_days_are_counted_one_by_one(
    weekend: list[int], holidays: list[date], start: date, length: int
) -> None:
    after = [start + timedelta(days=number) for number in range(1, length + 1)]
    working = [day for day in after if day.weekday() not in weekend and day not in holidays]
    calendar = WorkingCalendar(weekend, holidays)
    assert calendar.working_days(start, start + timedelta(days=length)) == len(working)


@pytest.mark.parametrize(
    ("opened", "at", "late"),
    [
        ("2026-01-02", "2026-01-07", 3),  # Saturday, Monday, Wednesday; not Sunday, not the Tuesday that is a holiday
        ("2026-01-07", "2026-01-02", -3),
        ("2026-01-03", "2026-01-04", 0),
        ("2025-12-31", "2026-01-01", 1),
        ("2025-12-30", "2026-01-01", None),
        ("2026-06-30", "2026-07-01", None),
        ("2026-08-01", "2026-08-01", 0),
    ],
)
def test_a_calendar_counts_what_it_covers(opened: str, at: str, late: int | None) -> None:
    month = f"2026-01: {{tickets: [{{ticket: T, opened: {opened}}}]}}"
    outcome = settled(LATE, month, more=CALENDAR.replace("AT", at))
    if late is None:
        assert [one.code for one in outcome.findings] == ["BPO164"]
    else:
        assert figure(outcome, "late", "T") == late * 1440


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("by here", "by there", "BPO163"),
        ("[sunday]", "[Sunday]", "BPO147"),
        ("2026-01-06", "2025-01-06", "BPO148"),
        ("covers_until: 2026-06-30", "covers_until: 2025-06-30", "BPO148"),
        ("from opened to", "from hours to", "BPO230"),
    ],
)
def test_calendars_that_cannot_be_meant(old: str, new: str, code: str) -> None:
    more = CALENDAR.replace("AT", "2026-01-07")
    assert [one.code for one in findings_of(LATE, more=more)] == []
    assert code in [one.code for one in findings_of(LATE, more=more.replace(old, new))]
