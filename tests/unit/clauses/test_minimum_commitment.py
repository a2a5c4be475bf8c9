"""Minimum commitment: charged once, when the window ends; never for what was bought."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.clauses.making import PLAIN_HEAD
from tests.unit.clauses.many import Small, clause_text, measures, refused

MORE = measures(calls="calls")
MONTHS = [f"2026-{month:02}" for month in range(1, 13)]


def clause(each: str, price: str = "price_of_shortfall: 0.90 EUR per call") -> str:
    return clause_text("minimum_commitment", "bought: calls", f"in_each: {each}", "minimum: 1000 calls", price)


def small(each: str, price: str = "price_of_shortfall: 0.90 EUR per call") -> Small:
    return Small(clause(each, price), more=MORE)


LENGTHS = {"period": 1, "quarter": 3, "contract year": 12, "term": 12}
CONTRACTS = {each: small(each) for each in LENGTHS}


@pytest.mark.parametrize("each", LENGTHS)
@settings(max_examples=8, deadline=None)
@given(st.lists(st.integers(0, 900), min_size=12, max_size=12))
def test_what_was_bought_and_what_is_short_make_the_minimum(each: str, calls: list[int]) -> None:
    settled = CONTRACTS[each].settled({month: {"calls": calls[i]} for i, month in enumerate(MONTHS)})
    length = LENGTHS[each]
    for index, (bought, short) in enumerate(zip(settled["x.bought"], settled["x.shortfall"], strict=True)):
        start = index - index % length
        assert bought == sum(calls[start : index + 1])
        if index % length == length - 1:
            assert short == max(0, 1000 - bought)
        else:
            assert short == 0
    assert settled["x.amount"] == [short * Fraction("0.90") for short in settled["x.shortfall"]]


def test_a_fixed_sum_does_not_depend_on_the_size() -> None:
    contract = small("period", "fixed_sum: 500 EUR")
    assert contract.settled({"2026-01": {"calls": 0}, "2026-02": {"calls": 999}, "2026-03": {"calls": 1000}})["x"] == [
        500,
        500,
        0,
    ]


@pytest.mark.parametrize(
    ("each", "term", "said"),
    [
        ("quarter", "{starts_on: 2026-02-01, ends_on: 2026-12-31}", "11 months, and each quarter has 3"),
        ("quarter", "{starts_on: 2026-02-01, ends_on: 2027-01-31}", "12 months, and each quarter has 3"),
        ("contract year", "{starts_on: 2026-01-01, ends_on: 2027-06-30}", "18 months, and each contract year has 12"),
    ],
)
def test_a_term_without_whole_windows_is_refused(each: str, term: str, said: str) -> None:
    head = PLAIN_HEAD.replace("{starts_on: 2026-01-01, ends_on: 2026-12-31}", term)
    refused(clause(each), "BPO292", each, more=MORE, head=head, said=said)


@pytest.mark.parametrize("price", ["fixed_sum: 1 EUR\n  share_of_shortfall: 5 %", "round: half up to 0.01"])
def test_exactly_one_price(price: str) -> None:
    refused(clause("quarter", price), "BPO148", "minimum_commitment: x", more=MORE)


def test_a_share_of_a_shortfall_that_is_no_money_is_refused() -> None:
    refused(clause("quarter", "share_of_shortfall: 50 %"), "BPO233", "x", more=MORE)


CUT = PLAIN_HEAD.replace("starts_on: 2026-01-01", "starts_on: 2026-01-17")
EARLY = CUT.replace("ends_on: 2026-12-31", "ends_on: 2026-05-31")


@pytest.mark.parametrize(
    ("says", "quarter_1", "quarter_2"),
    [
        ("full", Fraction(3, 3), Fraction(2, 3)),
        ("none", Fraction(2, 3), Fraction(2, 3)),
        ("by days in the month", Fraction(2, 3) + Fraction(15, 93), Fraction(2, 3)),
    ],
)
def test_a_part_of_a_period_counts_in_a_window_as_said(says: str, quarter_1: Fraction, quarter_2: Fraction) -> None:
    text = clause("quarter") + f"  part_window: pro rata\n  part_period: {says}\n"
    settled = Small(text, more=MORE, head=EARLY).settled({month: {"calls": 0} for month in MONTHS[:5]})
    assert settled["x.shortfall"] == [0, 0, 1000 * quarter_1, 0, 1000 * quarter_2]


def test_what_a_part_of_a_period_counts_is_asked() -> None:
    text = clause("quarter") + "  part_window: pro rata\n"
    refused(text, "BPO296", "x", more=MORE, head=EARLY, said="2026-01-17")
    refused(clause("quarter"), "BPO292", "quarter", more=MORE, head=CUT, said="2026-01-17 lies inside a period")


def test_a_window_cut_short_inside_a_period_is_not_whole() -> None:
    settled = Small(clause("quarter") + "  part_window: none\n", more=MORE, head=CUT)
    months = settled.settled({month: {"calls": 0} for month in MONTHS[:6]})
    assert months["x.shortfall"] == [0, 0, 0, 0, 0, 1000]
