"""Numbers and texts as a statement writes them: cut and marked, never rounded; nothing hidden."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpo_contracts.formats.statement_words import clean, cut, number_shown, quantity
from bpo_contracts.values.numbers import number_text


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        ("800/11", "%", "72.7272… %"),
        ("-800/11", "%", "-72.7272… %"),
        ("2/3", "EUR", "0.6666… EUR"),
        ("8187.2", "EUR", "8187.20 EUR"),
        ("1200", "JPY", "1200 JPY"),
        ("-12", "KWD", "-12.000 KWD"),
        ("0.004", "EUR", "0.004 EUR"),
        ("-1/300000", "%", "-0.000003… %"),
        ("4.50", "points", "4.50 points"),
        ("180", "point", "180 points"),
        ("1", "point", "1 point"),
        ("0", "EUR per call", "0 EUR per call"),
        ("2", "MWh", "2 MWh"),
        ("7", "", "7"),
        ("yes", "yes or no", "yes"),
        ("2026-03-01", "a day", "2026-03-01"),
        ("below minimum", "a word", "below minimum"),
        ("1/0", "%", "1/0 %"),
        ("", "EUR", ""),
    ],
)
def test_a_value_with_its_unit(value: str, unit: str, shown: str) -> None:
    assert quantity(value, unit) == shown


@given(st.fractions(-(10**6), 10**6))
def test_what_is_shown_is_exact_or_cut_towards_zero_and_marked(number: Fraction) -> None:
    shown = number_shown(number_text(number))
    if shown.endswith("…"):
        kept = Fraction(shown[:-1])
        assert 0 < abs(number) - abs(kept) < Fraction(1, 10**4)
        assert kept * number >= 0
    else:
        assert Fraction(shown) == number


@given(st.integers(1, 10**17), st.integers(1, 10**6).map(lambda n: 7 * n))
def test_a_number_that_is_not_zero_never_looks_like_zero(denominator: int, factor: int) -> None:
    shown = cut(Fraction(1, denominator * factor)) if denominator * factor < 10**17 else "1"
    assert any(digit in shown for digit in "123456789")


@given(st.text())
def test_cleaned_text_stands_on_one_line_and_is_clean(text: str) -> None:
    once = clean(text)
    assert len(once.splitlines()) <= 1
    assert clean(once) == once
    once.encode()


@given(st.text(alphabet=st.characters(min_codepoint=33, max_codepoint=126)))
def test_ordinary_text_is_left_as_it_is(text: str) -> None:
    assert clean(text) == text
