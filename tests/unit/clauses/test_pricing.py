"""Prices: slices add up to the quantity, volume prices are for all of it, flat fees fall due with their row."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import ceil, floor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.clauses.many import Small, clause_text, measures, refused

MORE = measures(calls="calls", paid="EUR")
SLICES = (
    "slices: {100 calls or less: 2 EUR per call, over 100 to 300 calls: 1.5 EUR per call,"
    " over 300 calls: 1 EUR per call}"
)
TABLE = SLICES.replace("slices", "table")
FLAT = (
    "{100 calls or less: '2 EUR per call, plus 10 EUR once reached', over 100 to 300 calls: 1.5 EUR per call,"
    " over 300 calls: '1 EUR per call, plus 30 EUR once reached'}"
)


def clause(*lines: str, measure: str = "calls") -> str:
    return clause_text("transaction_charge", f"measure: {measure}", *lines)


def small(*lines: str, measure: str = "calls") -> Small:
    return Small(clause(*lines, measure=measure), more=MORE)


GRADUATED, VOLUME = small(SLICES), small(TABLE)
GRADUATED_FLAT, VOLUME_FLAT = small(f"slices: {FLAT}"), small(f"table: {FLAT}")
quantities = st.decimals(0, 1000, places=1).map(Fraction)


def by_hand(calls: Fraction) -> Fraction:
    """The graduated charge, unit by unit and the part that is left."""
    whole = floor(calls)
    prices = [Fraction(2) if i < 100 else Fraction(3, 2) if i < 300 else Fraction(1) for i in range(whole + 1)]
    return sum(prices[:whole], Fraction(0)) + (calls - whole) * prices[whole]


@settings(max_examples=40, deadline=None)
@given(quantities)
def test_slices_add_up_to_the_quantity(calls: Fraction) -> None:
    amount = GRADUATED.of(calls=calls, paid=0).last("x.amount")
    assert amount == by_hand(calls)
    flat = 10 + (30 if calls > 300 else 0)
    assert GRADUATED_FLAT.of(calls=calls, paid=0).last("x.amount") == amount + flat


@settings(max_examples=40, deadline=None)
@given(quantities)
def test_volume_prices_are_for_all(calls: Fraction) -> None:
    settled = VOLUME.of(calls=calls, paid=0)
    assert settled.last("x.amount") == calls * settled.last("x.rate")
    flat = VOLUME_FLAT.of(calls=calls, paid=0)
    assert flat.last("x.flat_fee") == (10 if calls <= 100 else 30 if calls > 300 else 0)
    assert flat.last("x.amount") == settled.last("x.amount") + flat.last("x.flat_fee")


@settings(max_examples=40, deadline=None)
@given(quantities, quantities)
def test_graduated_prices_have_no_cliff(one: Fraction, other: Fraction) -> None:
    less, more = sorted((one, other))
    amounts = [GRADUATED.of(calls=calls, paid=0).last("x.amount") for calls in (less, more)]
    assert 0 <= amounts[1] - amounts[0] <= 2 * (more - less)


@pytest.mark.parametrize(
    ("parts", "steps"), [("ignored", floor), ("counted", ceil), ("pro rata", Fraction), ("nearest", None)]
)
def test_packages(parts: str, steps: Callable[[Fraction], int] | None) -> None:
    contract = small("per: 10 calls", f"part_steps: {parts}", "price: 7 EUR")
    for calls in (0, 9, 10, 14, 15, 101):
        found = contract.of(calls=calls, paid=0).last("x.steps")
        tens = Fraction(calls, 10)
        expected = Fraction(floor(tens + Fraction(1, 2)) if steps is None else steps(tens))
        assert found == expected


def test_a_percentage_is_of_the_quantity() -> None:
    assert small("price: 3 %", measure="paid").of(calls=0, paid=250).last("x") == Fraction("7.5")


def test_a_slice_is_reached_where_its_end_belongs_to_it() -> None:
    rows = "{under 10 calls: 1 EUR per call, 10 calls or more: '1 EUR per call, plus 5 EUR once reached'}"
    contract = small(f"slices: {rows}")
    assert [contract.of(calls=calls, paid=0).last("x") for calls in (9, 10, 11)] == [9, 15, 16]


def test_slices_may_end_where_the_measure_ends() -> None:
    more = MORE.replace("missing: refuse}", "missing: refuse, between: 0 to 500}", 1)
    rows = "{0 to 100 calls: 2 EUR per call, 100 to 500 calls: 1 EUR per call}"
    assert Small(clause(f"slices: {rows}"), more=more).of(calls=500, paid=0).last("x") == 600


@pytest.mark.parametrize(
    ("lines", "code", "at"),
    [
        (("price: 1 EUR per call", TABLE), "BPO148", "transaction_charge: x"),
        ((), "BPO148", "transaction_charge: x"),
        (("price: 1 EUR", "per: 10 calls"), "BPO148", "per: 10 calls"),
        (("price: 1 EUR", "per: 0 calls", "part_steps: counted"), "BPO271", "0 calls"),
        (("price: 1 EUR per minute",), "BPO233", "x"),
        (("slices: {under 100 calls: 2 EUR per call, 101 calls or more: 1 EUR per call}",), "BPO221", "101 calls"),
        (("slices: {under 100 calls: 2 EUR per call, 100 to 300 calls: 1 EUR per call}",), "BPO225", "100 to 300"),
        (("slices: {under 100 minutes: 2 EUR per call, otherwise: 1 EUR per call}",), "BPO231", "100 minutes"),
        (("slices: {under 9 calls: '1 EUR per call, plus 1 % once reached', otherwise: none}",), "BPO230", "{"),
        (("slices: {under 9 calls: '1 EUR per call, plus 1 EUR', otherwise: none}",), "BPO214", ""),
    ],
)
def test_refused_at_its_place(lines: tuple[str, ...], code: str, at: str) -> None:
    refused(clause(*lines), code, at, more=MORE)
