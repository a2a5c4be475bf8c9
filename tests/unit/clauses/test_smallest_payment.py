"""Smallest payment: a total is paid whole or not at all, and what is carried is paid in the end, or said to be lost."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.clauses.making import PLAIN_HEAD
from tests.unit.clauses.many import Small, clause_text, measures, refused

MORE = measures(a="EUR", b="EUR")
MONTHS = [f"2026-{month:02}" for month in range(1, 13)]
TWO = """
- service_credit: one
  clause: '2'
  words: As agreed.
  amount: a
  counts_toward: both
- service_credit: other
  clause: '3'
  words: As agreed.
  amount: b
  counts_toward: both
"""
CAP = "- cap: ceiling_of_both\n  clause: '4'\n  words: As agreed.\n  limits: both\n  at_most: 15 EUR\n"
LOST = ("limits: both", "issued_only: over 10.00 EUR", "below: lost")
CENTS = st.integers(0, 1200).map(lambda cents: Fraction(cents, 100))
PAIRS = st.lists(st.tuples(CENTS, CENTS), min_size=12, max_size=12)


def smallest(*lines: str) -> str:
    return TWO + clause_text("smallest_payment", *lines)


def paid(contract: Small, pairs: list[tuple[Fraction, Fraction]], *also: str) -> list[Fraction]:
    """What all lines pay in each month."""
    facts = {month: {"a": one, "b": other} for month, (one, other) in zip(MONTHS, pairs, strict=True)}
    settled = contract.settled(facts)
    return [sum(month, Fraction(0)) for month in zip(*(settled[name] for name in ("one", "other", *also)), strict=True)]


OVER, OR_MORE = (
    Small(smallest(*LOST), more=MORE),
    Small(smallest(LOST[0], "issued_only: 10.00 EUR or more", LOST[2]), more=MORE),
)
KEPT = ("limits: both", "issued_only: over 10.00 EUR", "below: carried")
CARRIED = {end: Small(smallest(*KEPT, f"at_end_of_term: {end}"), more=MORE) for end in ("paid", "lapses")}


@settings(max_examples=15, deadline=None)
@given(PAIRS)
def test_all_of_a_total_is_paid_or_nothing(pairs: list[tuple[Fraction, Fraction]]) -> None:
    sums = [one + other for one, other in pairs]
    assert paid(OVER, pairs) == [total if total > 10 else 0 for total in sums]
    assert paid(OR_MORE, pairs) == [total if total >= 10 else 0 for total in sums]


@settings(max_examples=15, deadline=None)
@given(PAIRS)
def test_what_is_carried_is_paid_in_the_end_or_lost(pairs: list[tuple[Fraction, Fraction]]) -> None:
    for end, contract in CARRIED.items():
        waiting, expected = Fraction(0), []
        for month, (one, other) in zip(MONTHS, pairs, strict=True):
            waiting += one + other
            issued = waiting > 10 or (end == "paid" and month == MONTHS[-1])
            expected.append(waiting if issued else Fraction(0))
            waiting = Fraction(0) if issued else waiting
        assert paid(contract, pairs, "x.carried_paid") == expected
        facts = {month: {"a": one, "b": other} for month, (one, other) in zip(MONTHS, pairs, strict=True)}
        settled = contract.settled(facts)
        assert settled["x.carried_forward"][-1] == 0
        assert end == "paid" or settled["x.lapsed"] == [0] * (len(MONTHS) - 1) + [waiting]


def test_exactly_the_smallest_payment() -> None:
    assert OVER.of(a=4, b=6)["one"] == [0]
    assert OR_MORE.of(a=4, b=6)["one"] == [4]


@pytest.mark.parametrize(("compared", "expected"), [("before caps", 15), ("after caps", 0)])
def test_a_cap_that_leaves_less(compared: str, expected: int) -> None:
    lines = ("limits: both", "issued_only: over 15.00 EUR", "below: lost", f"compared: {compared}")
    contract = Small(smallest(*lines) + CAP + "  excess: lost\n  shared: pro rata\n", more=MORE)
    settled = contract.of(a=10, b=10)
    assert settled["one"][0] + settled["other"][0] == expected


THIRD = "- service_credit: third\n  clause: '5'\n  words: As agreed.\n  amount: 1 EUR\n"
AROUND = "- cap: around\n  clause: '6'\n  words: As agreed.\n  limits: [one, other, third]\n  at_most: 8 EUR\n"
AROUND += "  excess: lost\n  shared: pro rata\n"


def test_a_cap_around_the_total_cuts_what_was_large_enough_before() -> None:
    """It acts after the total's own limits, so that the contract has to say that the amount before it decides."""
    contract = Small(smallest(*LOST, "compared: before caps") + THIRD + AROUND, more=MORE)
    for amount, expected in ((5, 1), (7, 8)):
        settled = contract.of(a=amount, b=amount - 1)
        assert sum(settled[name][0] for name in ("one", "other", "third")) == expected
    for said in ((), ("compared: after caps",)):
        refused(smallest(*LOST, *said) + THIRD + AROUND, "BPO264", "", more=MORE, said="together with other amounts")


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        (smallest(*LOST) + CAP + "  excess: lost\n  shared: pro rata\n", "BPO264", "nothing says which amount"),
        (smallest(*LOST, "compared: after caps"), "BPO264", "There is no cap"),
        (smallest(*LOST) + CAP + "  excess: carried\n  shared: pro rata\n", "BPO264", "carries its excess"),
        (smallest("limits: both", "issued_only: under 10.00 EUR", "below: lost"), "BPO264", "would pay the small"),
        (smallest(*LOST).replace("service_credit: other", "bonus: other"), "BPO264", "goes both ways"),
        (smallest(*KEPT), "BPO148", "at_end_of_term"),
        (smallest(*LOST, "at_end_of_term: paid"), "BPO148", "at_end_of_term"),
        (smallest("limits: neither", *LOST[1:]), "BPO251", "Nothing counts toward"),
        (smallest(LOST[0], "issued_only: over 10.00 USD", LOST[2]), "BPO230", ""),
    ],
)
def test_what_is_unclear_is_refused(text: str, code: str, said: str) -> None:
    refused(text, code, "", more=MORE, said=said)


def test_two_of_them_on_one_total() -> None:
    more = clause_text("smallest_payment", *LOST).replace("smallest_payment: x", "smallest_payment: y")
    refused(smallest(*LOST) + more, "BPO264", "", more=MORE, head=PLAIN_HEAD, said="says already")
