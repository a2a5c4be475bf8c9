"""Quantities and roundings in words, both ways."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpo_contracts.terms.nodes import Quantity
from bpo_contracts.terms.phrases import parse_quantity, parse_rounding, quantity_text
from bpo_contracts.values.currencies import MINOR_DIGITS
from bpo_contracts.values.findings import BadInput
from bpo_contracts.values.rounding import Mode, Rounding
from bpo_contracts.values.sources import NOWHERE, Source
from bpo_contracts.values.units import (
    ANY_ZERO,
    DURATIONS,
    MINUTES,
    PERCENT,
    PLAIN,
    POINTS_OF_PERCENT,
    Unit,
    money,
    parse_unit,
)

NOUNS = ("incident", "t", "points", "address", "query", "word")


def read(text: str, unit: Unit | None = None) -> Quantity:
    return parse_quantity(text, NOUNS, NOWHERE, default_unit=unit)


@pytest.mark.parametrize(
    ("text", "value", "unit", "written"),
    [
        ("98.5 %", "98.5", PERCENT, "98.5 %"),
        ("98.5%", "98.5", PERCENT, "98.5 %"),
        ("0.4 pp", "0.4", POINTS_OF_PERCENT, "0.4 pp"),
        ("1 percentage point", "1", POINTS_OF_PERCENT, "1 pp"),
        ("48000.00 CAD", "48000", money("CAD"), "48000.00 CAD"),
        ("1500 JPY", "1500", money("JPY"), "1500 JPY"),
        ("1.5 KWD", "1.5", money("KWD"), "1.500 KWD"),
        ("0.0125 EUR", "0.0125", money("EUR"), "0.0125 EUR"),
        ("-3 EUR", "-3", money("EUR"), "-3.00 EUR"),
        ("30 minutes", "30", MINUTES, "30 minutes"),
        ("2 hours", "120", MINUTES, "2 hours"),
        ("1 day", "1440", MINUTES, "1 day"),
        ("0.5 weeks", "5040", MINUTES, "0.5 weeks"),
        ("20 seconds", "1/3", MINUTES, "20 seconds"),
        ("12500 t", "12500", Unit((("t", 1),)), "12500 t"),
        ("20 points", "20", Unit((("point", 1),)), "20 points"),
        ("1 point", "1", Unit((("point", 1),)), "1 point"),
        ("2 addresses", "2", Unit((("address", 1),)), "2 addresses"),
        ("3 queries", "3", Unit((("query", 1),)), "3 queries"),
        ("1 word", "1", Unit((("word", 1),)), "1 word"),
        ("14.00 EUR per incident", "14", Unit((("EUR", 1), ("incident", -1))), "14.00 EUR per incident"),
        ("42.50 GBP/t", "42.5", Unit((("GBP", 1), ("t", -1))), "42.50 GBP per t"),
        ("14 EUR per hour", "7/30", Unit((("EUR", 1), ("minute", -1))), "14.00 EUR per hour"),
        ("3 points per day", "1/480", Unit((("minute", -1), ("point", 1))), "3 points per day"),
        ("0", "0", ANY_ZERO, "0"),
        ("-0", "0", ANY_ZERO, "0"),
    ],
)
def test_a_quantity_is_kept_in_base_units_and_shown_as_written(text: str, value: str, unit: Unit, written: str) -> None:
    quantity = read(text)
    assert (quantity.value, quantity.unit) == (Fraction(value), unit)
    assert quantity_text(quantity.value, quantity.unit) == written


def test_a_bare_number_is_in_the_declared_unit() -> None:
    assert read("98.5", PERCENT) == Quantity(Fraction("98.5"), PERCENT)
    assert read("2", parse_unit("hours", ())) == Quantity(Fraction(120), MINUTES)
    assert read("0", PERCENT) == Quantity(Fraction(0), PERCENT)
    assert read("5", PLAIN) == Quantity(Fraction(5), PLAIN)
    assert read("5 EUR", PERCENT) == Quantity(Fraction(5), money("EUR"))


@pytest.mark.parametrize(
    ("text", "code", "column", "says"),
    [
        ("5", "BPO228", 8, "48000.00 EUR"),
        ("-5", "BPO228", 8, "-5"),
        ("x", "BPO214", 8, "number and its unit"),
        ("", "BPO219", 8, "number and its unit"),
        ("99,9 %", "BPO212", 8, "decimal comma"),
        ("5 % of x", "BPO214", 12, "'of'"),
        ("5 EUR + 3 EUR", "BPO214", 14, "'+'"),
        ("5 foos", "BPO213", 10, "foos"),
        ("5 EUR per foo", "BPO214", 14, "'per'"),
        ("90 minutes per hour", "BPO213", 8, "cancel"),
        ("\uff15 %", "BPO212", 8, "0-9"),
    ],
)
def test_what_is_no_quantity_has_a_place(text: str, code: str, column: int, says: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse_quantity(text, NOUNS, Source("c.yaml", 2, 8, "  fee: " + text), default_unit=None)
    (finding,) = caught.value.findings
    assert (finding.code, finding.source.column) == (code, column)
    assert says in finding.render()


units = st.one_of(
    st.sampled_from(["%", "pp", "points", "EUR per hour", "GBP/t", "points per week", "per day", "words"]),
    st.sampled_from(sorted(MINOR_DIGITS)),
    st.sampled_from([word + "s" for word in DURATIONS]),
).map(lambda text: parse_unit(text + ("s" if text == "day" else ""), NOUNS))


@settings(max_examples=300, deadline=None)
@given(st.integers(-(10**12), 10**12), st.integers(0, 8), units)
def test_text_and_quantity_say_the_same(digits: int, places: int, unit: Unit) -> None:
    value = Fraction(digits, 10**places) * unit.factor
    assert read(quantity_text(value, unit), unit if not value else None) == Quantity(value, unit)


@settings(max_examples=200, deadline=None)
@given(st.fractions(-(10**9), 10**9, max_denominator=1000).filter(bool), units)
def test_any_value_is_shown_exactly(value: Fraction, unit: Unit) -> None:
    """Decimals that do not end become a division in brackets, never a rounded number."""
    text = quantity_text(value, unit)
    if text.startswith("("):
        dividend, divisor = text[1:-1].split(" / ")
        assert read(dividend).value / int(divisor) == value
    else:
        assert read(text).value == value


@pytest.mark.parametrize(
    ("text", "mode", "grain", "unit"),
    [
        ("half up to 0.01", Mode.HALF_UP, "0.01", PLAIN),
        ("half up to 0.01 EUR", Mode.HALF_UP, "0.01", money("EUR")),
        ("floor to 1 minute", Mode.FLOOR, "1", MINUTES),
        ("ceiling to 2 hours", Mode.CEILING, "120", MINUTES),
        ("2 decimals half up", Mode.HALF_UP, "0.01", PLAIN),
        ("0 decimals half even", Mode.HALF_EVEN, "1", PLAIN),
        ("1 decimal half down", Mode.HALF_DOWN, "0.1", PLAIN),
        ("half even to 3 decimals", Mode.HALF_EVEN, "0.001", PLAIN),
        ("half up to 0.1 %", Mode.HALF_UP, "0.1", PERCENT),
        ("up to 5 points", Mode.UP, "5", Unit((("point", 1),))),
        ("down to 0.05 EUR", Mode.DOWN, "0.05", money("EUR")),
    ],
)
def test_a_rounding_is_a_mode_and_a_grain(text: str, mode: Mode, grain: str, unit: Unit) -> None:
    assert parse_rounding(text, NOUNS, NOWHERE) == (Rounding(mode, Fraction(grain)), unit)


@pytest.mark.parametrize("mode", list(Mode))
def test_every_mode_can_be_said(mode: Mode) -> None:
    rounding = Rounding(mode, Fraction("0.01"))
    assert parse_rounding(str(rounding), (), NOWHERE) == (rounding, PLAIN)


@pytest.mark.parametrize("text", ["unrounded", "none"])
def test_not_rounding_is_said_in_words(text: str) -> None:
    assert parse_rounding(text, (), NOWHERE) is None


@pytest.mark.parametrize(
    ("text", "code", "column"),
    [
        ("half_up to 0.01", "BPO227", 10),
        ("half up", "BPO227", 10),
        ("", "BPO227", 10),
        ("half up to 0", "BPO227", 10),
        ("half up to -0.01 EUR", "BPO227", 10),
        ("19 decimals half up", "BPO227", 10),
        ("half up to 0,01", "BPO212", 21),
        ("half up to x", "BPO214", 21),
        ("nearest to 0.01", "BPO227", 10),
    ],
)
def test_what_is_no_rounding_has_a_place(text: str, code: str, column: int) -> None:
    with pytest.raises(BadInput) as caught:
        parse_rounding(text, NOUNS, Source("c.yaml", 2, 10, "  round: " + text))
    (finding,) = caught.value.findings
    assert (finding.code, finding.source.column) == (code, column)
