"""Base fee: a part of a period by a declared convention, and the parts of a period make one."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.clauses.making import PLAIN_HEAD
from tests.unit.clauses.many import Small, clause_text, measures, refused

from bpo_contracts.values.periods import Every, period_containing

MORE = measures(orders="orders")
CONVENTIONS = ("by days in the month", "by 30-day months")


def contract(first: date, last: date, convention: str, *, every: str = "month", anchor: int = 1) -> Small:
    head = PLAIN_HEAD.replace("2026-01-01", first.isoformat()).replace("2026-12-31", last.isoformat())
    head = head.replace("period: month", f"period: {every}\nperiod_starts_on_day: '{anchor}'")
    return Small(clause_text("base_fee", "amount: 3100 EUR", f"part_period: {convention}"), more=MORE, head=head)


@pytest.mark.parametrize("convention", CONVENTIONS)
@pytest.mark.parametrize(("every", "length"), [("month", Every.MONTH), ("quarter", Every.QUARTER)])
@settings(max_examples=12, deadline=None)
@given(st.dates(date(2024, 1, 2), date(2027, 12, 30)), st.sampled_from([1, 16, 28]))
def test_the_parts_of_a_period_make_one(convention: str, every: str, length: Every, day: date, anchor: int) -> None:
    period = period_containing(day, length, anchor)
    if period.start == day:
        return
    before = contract(period.start, day - timedelta(days=1), convention, every=every, anchor=anchor)
    after = contract(day, period.end - timedelta(days=1), convention, every=every, anchor=anchor)
    parts = [one.settled({period.label: {"orders": 0}}).last("x.part_period") for one in (before, after)]
    assert sum(parts) == 1
    assert all(0 <= part <= 1 for part in parts)


@pytest.mark.parametrize(
    ("convention", "february", "may"),
    [
        ("by days in the month", Fraction(19, 28), Fraction(20, 31)),
        ("by 30-day months", Fraction(21, 30), Fraction(20, 30)),
        ("none", Fraction(0), Fraction(0)),
    ],
)
def test_conventions(convention: str, february: Fraction, may: Fraction) -> None:
    small = contract(date(2026, 2, 10), date(2026, 5, 20), convention)
    settled = small.settled({month: {"orders": 0} for month in ("2026-02", "2026-03", "2026-05")})
    assert settled["x.part_period"] == [february, 1, may]


def test_a_part_period_in_full() -> None:
    small = contract(date(2026, 2, 10), date(2026, 5, 20), "full")
    assert small.settled({"2026-02": {"orders": 0}}).last("x") == 3100


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("2026-01-02", "2026-12-31", "starts on 2026-01-02, inside the period 2026-01"),
        ("2026-01-01", "2026-12-30", "ends on 2026-12-30, inside the period 2026-12"),
    ],
)
def test_a_part_period_must_be_said(first: str, last: str, said: str) -> None:
    head = PLAIN_HEAD.replace("2026-01-01", first).replace("2026-12-31", last)
    refused(clause_text("base_fee", "amount: 1 EUR"), "BPO296", "x", more=MORE, head=head, said=said)


def test_a_part_period_that_does_not_exist_is_refused() -> None:
    refused(clause_text("base_fee", "amount: 1 EUR", "part_period: full"), "BPO297", "full", more=MORE)


def test_an_unknown_convention_is_refused() -> None:
    refused(clause_text("base_fee", "amount: 1 EUR", "part_period: by weeks"), "BPO147", "by weeks", more=MORE)
