"""Exact numbers: what is read is what is written, and nothing else is read."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpo_contracts.values.numbers import (
    NotANumber,
    fixed_text,
    number_text,
    parse_number,
    read_number_text,
    shown,
)

fractions = st.fractions(min_value=-(10**12), max_value=10**12)
decimals = st.decimals(min_value=-(10**15), max_value=10**15, places=9)


@given(fractions)
def test_text_says_the_number_exactly(number: Fraction) -> None:
    assert read_number_text(number_text(number)) == number


@given(decimals)
def test_plain_decimals_are_read_exactly(number: Decimal) -> None:
    text = number_text(Fraction(number))
    assert parse_number(text) == Fraction(number)
    assert "e" not in text.lower()
    assert text != "-0"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("95,5", "decimal comma"),
        ("1,000.00", "thousands"),
        ("1_000", "underscores"),
        ("0x1F", "hexadecimal"),
        ("1e3", "exponent"),
        ("1e1000000", "exponent"),
        ("NaN", "not a finite number"),
        ("Infinity", "not a finite number"),
        (".inf", "not a finite number"),
        ("~", "missing value"),
        ("12:30", "time of day"),
        ("95.5%", "percent sign"),
        ("+5", "plus sign"),
        (".5", "no digit before"),
        ("5.", "no digit after"),
        ("007", "leading zero"),
        ("\u22125", "characters other than"),
        ("\uff15", "characters other than"),
        ("\u0665", "characters other than"),
        ("9" * 5000, "too many digits"),
        ("", "no number here"),
        ("0.1234567890123456789", "too many digits"),
    ],
)
def test_other_notations_are_refused_with_what_to_write(text: str, says: str) -> None:
    with pytest.raises(NotANumber, match=says):
        parse_number(text)


def test_minus_zero_is_zero() -> None:
    assert parse_number("-0") == 0
    assert number_text(parse_number("-0.00")) == "0"


@given(st.text(max_size=30))
def test_any_text_is_a_number_or_refused(text: str) -> None:
    try:
        number = parse_number(text)
    except NotANumber:
        return
    assert Fraction(Decimal(text)) == number


@given(st.integers(-(10**20), 10**20), st.integers(0, 12))
def test_fixed_text_keeps_every_digit(scaled: int, places: int) -> None:
    text = fixed_text(scaled, 10**places, places)
    assert Fraction(text) == Fraction(scaled, 10**places)
    assert len(text.partition(".")[2]) == places


def test_fixed_text_refuses_to_lose_digits() -> None:
    with pytest.raises(ValueError, match="more than 2 decimals"):
        fixed_text(1, 1000, 2)


@given(fractions)
def test_what_is_shown_is_exact_or_marked(number: Fraction) -> None:
    text = shown(number)
    if text.endswith("…"):
        cut = Fraction(text[:-1])
        assert abs(cut) <= abs(number) < abs(cut) + Fraction(1, 10**4)
    else:
        assert Fraction(text) == number
