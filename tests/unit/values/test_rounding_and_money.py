"""Rounding by name, and allocation without a lost cent."""

from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
)
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpo_contracts.values.money import Money, allocate
from bpo_contracts.values.rounding import Mode, Rounding

ORACLE = {
    Mode.HALF_UP: ROUND_HALF_UP,
    Mode.HALF_EVEN: ROUND_HALF_EVEN,
    Mode.HALF_DOWN: ROUND_HALF_DOWN,
    Mode.UP: ROUND_UP,
    Mode.DOWN: ROUND_DOWN,
    Mode.CEILING: ROUND_CEILING,
    Mode.FLOOR: ROUND_FLOOR,
}
CENT = Fraction(1, 100)


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=4), st.sampled_from(list(Mode)))
def test_modes_round_as_the_decimal_standard_does(value: Decimal, mode: Mode) -> None:
    expected = Fraction(value.quantize(Decimal("0.01"), ORACLE[mode], Context(prec=40)))
    assert Rounding(mode, CENT).apply(Fraction(value)) == expected


@given(st.fractions(), st.fractions(min_value=Fraction(1, 1000), max_value=1000), st.sampled_from(list(Mode)))
def test_rounded_is_a_multiple_within_one_grain(value: Fraction, grain: Fraction, mode: Mode) -> None:
    rounded = Rounding(mode, grain).apply(value)
    assert (rounded / grain).denominator == 1
    assert abs(rounded - value) < grain
    assert Rounding(mode, grain).apply(rounded) == rounded


@pytest.mark.parametrize(
    ("value", "cents"),
    [("-0.015", "-0.02"), ("-0.005", "-0.01"), ("-0.001", "0"), ("0.005", "0.01"), ("0.015", "0.02")],
)
def test_half_up_goes_away_from_zero(value: str, cents: str) -> None:
    assert Rounding(Mode.HALF_UP, CENT).apply(Fraction(value)) == Fraction(cents)


weights = st.lists(st.fractions(min_value=0, max_value=1000), min_size=1, max_size=12).filter(any)


@given(st.integers(-(10**9), 10**9), weights)
def test_shares_add_up_to_the_cent(cents: int, parts: list[Fraction]) -> None:
    total = cents * CENT
    shares = allocate(total, parts, CENT)
    assert sum(shares) == total
    whole = sum(parts)
    for share, part in zip(shares, parts, strict=True):
        assert abs(share - total * part / whole) < CENT
        assert (share / CENT).denominator == 1
        assert share * total >= 0


def test_nothing_is_shared_by_nothing() -> None:
    assert allocate(Fraction(0), [Fraction(0)], CENT) == [0]
    with pytest.raises(ValueError, match="weights"):
        allocate(Fraction(1), [Fraction(0)], CENT)


@pytest.mark.parametrize(
    ("amount", "currency", "text"), [("73684.8", "EUR", "73684.80"), ("-3", "JPY", "-3"), ("0.005", "KWD", "0.005")]
)
def test_money_has_the_minor_digits_of_its_currency(amount: str, currency: str, text: str) -> None:
    assert Money(Fraction(amount), currency).text == text
