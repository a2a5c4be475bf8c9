"""Resource baseline: inside the deadband nothing is paid, outside it the whole difference or its rest."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.clauses.many import Small, clause_text, measures, refused

MORE = measures(actual="units", agreed="units")
PRICES = ("additional_charge: 2.10 EUR per unit", "reduced_credit: 1.85 EUR per unit")


def clause(*lines: str) -> str:
    return clause_text(
        "resource_baseline", "actual: actual", "baseline: agreed", "deadband: 3 % of agreed", *PRICES, *lines
    )


def small(*lines: str) -> Small:
    return Small(clause(*lines), more=MORE)


INSIDE = small("charged_on: full difference", "ends_of_deadband: inside")
OUTSIDE = small("charged_on: full difference", "ends_of_deadband: outside")
PART = small("charged_on: part beyond deadband")
units = st.integers(0, 20_000)


@settings(max_examples=40, deadline=None)
@given(units, units)
def test_never_additional_and_reduced_at_once(actual: int, agreed: int) -> None:
    for contract in (INSIDE, OUTSIDE, PART):
        settled = contract.of(actual=actual, agreed=agreed)
        more, fewer = settled.last("x.additional"), settled.last("x.reduced")
        assert more >= 0
        assert fewer >= 0
        assert 0 in (more, fewer)
        assert settled.last("x.difference") == actual - agreed
        assert settled.last("x.amount") == more * Fraction("2.10") - fewer * Fraction("1.85")


@settings(max_examples=40, deadline=None)
@given(units, units)
def test_the_part_beyond_is_the_full_difference_less_the_deadband(actual: int, agreed: int) -> None:
    full, part = INSIDE.of(actual=actual, agreed=agreed), PART.of(actual=actual, agreed=agreed)
    band = agreed * Fraction(3, 100)
    for figure in ("x.additional", "x.reduced"):
        units_paid = full.last(figure)
        assert units_paid == 0 or units_paid > band
        assert part.last(figure) == max(Fraction(0), units_paid - band)


@pytest.mark.parametrize(("actual", "inside", "outside"), [(9700, 0, -555), (10300, 0, 630), (10301, 632, 632)])
def test_the_ends_of_the_deadband(actual: int, inside: int, outside: int) -> None:
    assert int(INSIDE.of(actual=actual, agreed=10000).last("x")) == inside
    assert int(OUTSIDE.of(actual=actual, agreed=10000).last("x")) == outside


@pytest.mark.parametrize(
    ("lines", "code", "at"),
    [
        (("charged_on: full difference",), "BPO148", "charged_on: full"),
        (("charged_on: part beyond deadband", "ends_of_deadband: inside"), "BPO148", "ends_of_deadband: inside"),
        (("charged_on: difference",), "BPO147", "difference"),
        ((), "BPO145", "resource_baseline: x"),
        (("charged_on: part beyond deadband", "deadband_: 3"), "BPO146", "deadband_"),
    ],
)
def test_refused_at_its_place(lines: tuple[str, ...], code: str, at: str) -> None:
    refused(clause(*lines), code, at, more=MORE)


def test_a_price_that_is_not_per_unit_is_refused() -> None:
    text = clause("charged_on: part beyond deadband").replace("2.10 EUR per unit", "2.10 EUR")
    refused(text, "BPO230", "part beyond deadband", more=MORE)
