"""Late interest: proportional to days and debt, nothing before the due day, days by their calendar."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.clauses.many import Small, clause_text, measures, refused

from bpo_contracts.terms.evaluate.day_counts import days_30_360

MORE = measures(debt="EUR", late="days", due="day", paid="day")
GIVEN = ("principal: debt", "rate: 9 %", "days: late", "year: 360 days", "round_daily: unrounded")
BETWEEN = ("principal: debt", "rate: 9 %", "due_on: due", "paid_on: paid", "round_daily: unrounded")


def clause(*lines: str) -> str:
    return clause_text("late_interest", *lines)


def small(*lines: str) -> Small:
    return Small(clause(*lines), more=MORE)


BY_DAYS = small(*GIVEN)
AFTER = small(*BETWEEN, "days_counted: after the due day", "year: 360 days")
BOTH = small(*BETWEEN, "days_counted: both days", "year: 360 days")
NEITHER = small(*BETWEEN, "days_counted: neither day", "year: 360 days")
THIRTY = small(*BETWEEN, "days_counted: after the due day", "year: 30/360")
days = st.dates(date(2000, 1, 1), date(2100, 12, 31))


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2000), st.decimals(0, 100000, places=2).map(Fraction))
def test_interest_is_in_proportion(late: int, debt: Fraction) -> None:
    settled = BY_DAYS.of(debt=debt, late=late, due="2026-01-01", paid="2026-01-01")
    assert settled.last("x.amount") == debt * Fraction(9, 100) * late / 360


@settings(max_examples=30, deadline=None)
@given(days, st.integers(-20, 400))
def test_days_between_due_and_paid(due: date, later: int) -> None:
    facts: dict[str, int | str | Fraction] = {
        "debt": 360,
        "late": 0,
        "due": due.isoformat(),
        "paid": (due + timedelta(days=later)).isoformat(),
    }
    counted = [one.settled({"2026-01": facts}).last("x.days") / 1440 for one in (NEITHER, AFTER, BOTH)]
    assert counted == [max(0, later - 1), max(0, later), max(0, later + 1)]


@given(days, days, days)
def test_months_of_thirty_days_add_up(one: date, two: date, three: date) -> None:
    assert days_30_360(one, two) + days_30_360(two, three) == days_30_360(one, three)
    assert days_30_360(one, one.replace(year=one.year + 4)) == 1440


@pytest.mark.parametrize(
    ("due", "paid", "counted"),
    [
        ("2026-01-31", "2026-03-15", 45),
        ("2026-02-28", "2026-03-01", 3),
        ("2026-01-30", "2026-01-31", 0),
        ("2026-03-01", "2026-04-01", 30),
    ],
)
def test_30_360(due: str, paid: str, counted: int) -> None:
    assert THIRTY.of(debt=1, late=0, due=due, paid=paid).last("x.days") == counted * 1440


def test_nothing_is_owed_before_it_is_late() -> None:
    contract = small(*GIVEN, "compensation: {under 1000 EUR: 40 EUR, 1000 EUR or more: 70 EUR}")
    for late, fixed in ((0, 0), (1, 70)):
        assert contract.of(debt=1000, late=late, due="2026-01-01", paid="2026-01-01").last("x.compensation") == fixed


@pytest.mark.parametrize(
    ("lines", "code", "at"),
    [
        (GIVEN[:-1], "BPO145", "late_interest: x"),
        ((*GIVEN[:3], "year: 364 days", GIVEN[4]), "BPO147", "364 days"),
        ((*GIVEN, "due_on: due"), "BPO148", "days: late"),
        ((*BETWEEN, "year: 360 days"), "BPO148", "due_on: due"),
        ((*GIVEN[:3], "year: 30/360", GIVEN[4]), "BPO148", "days: late"),
        ((*GIVEN[:4], "round_daily: half up to 0.01 %"), "BPO234", "half up to 0.01 %"),
        ((*GIVEN, "compensation: {under 1000 EUR: 40 EUR, over 1000 EUR: 70 EUR}"), "BPO221", "over 1000 EUR"),
    ],
)
def test_refused_at_its_place(lines: tuple[str, ...], code: str, at: str) -> None:
    refused(clause(*lines), code, at, more=MORE)
