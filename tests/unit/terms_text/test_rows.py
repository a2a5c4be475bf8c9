"""Every row phrase has one meaning; the phrases people go to court about are refused."""

from __future__ import annotations

from fractions import Fraction

import pytest

from bpo_contracts.terms.bands import RowBounds, parse_row
from bpo_contracts.terms.formula import parse_formula
from bpo_contracts.terms.nodes import AnyNode, Name, Quantity
from bpo_contracts.values.findings import BadInput, Finding
from bpo_contracts.values.sources import NOWHERE, Source
from bpo_contracts.values.units import ANY_ZERO, MINUTES, PERCENT, PLAIN, Unit

NOUNS = ("calls",)


def percent(value: str) -> Quantity:
    return Quantity(Fraction(value), PERCENT)


def row(label: str, unit: Unit | None = None) -> RowBounds:
    return parse_row(label, nouns=NOUNS, default_unit=unit, source=NOWHERE)


P5, P6 = percent("5"), percent("6")


@pytest.mark.parametrize(
    ("label", "low", "low_closed", "high", "high_closed"),
    [
        ("5 % or more", P5, True, None, False),
        ("5 % or above", P5, True, None, False),
        ("over 5 %", P5, False, None, False),
        ("more than 5 %", P5, False, None, False),
        ("above 5 %", P5, False, None, False),
        ("5 % or less", None, False, P5, True),
        ("5 % or fewer", None, False, P5, True),
        ("5 % or below", None, False, P5, True),
        ("under 5 %", None, False, P5, False),
        ("below 5 %", None, False, P5, False),
        ("less than 5 %", None, False, P5, False),
        ("fewer than 5 %", None, False, P5, False),
        ("5 % to 6 %", P5, True, P6, True),
        ("5 % to under 6 %", P5, True, P6, False),
        ("5 % to below 6 %", P5, True, P6, False),
        ("over 5 % to 6 %", P5, False, P6, True),
        ("over 5 % to under 6 %", P5, False, P6, False),
        ("exactly 5 %", P5, True, P5, True),
        ("5 to 6 %", P5, True, P6, True),
        ("5 % to under 6", P5, True, P6, False),
        ("0 to under 5 %", percent("0"), True, P5, False),
        ("-5 % to 5 %", percent("-5"), True, P5, True),
        ("under target", None, False, Name("target"), False),
        ("target.minimum or more", Name("target.minimum"), True, None, False),
        ("0 or less", None, False, Quantity(Fraction(0), ANY_ZERO), True),
    ],
)
def test_each_phrase_is_one_interval(
    label: str, low: AnyNode | None, low_closed: bool, high: AnyNode | None, high_closed: bool
) -> None:
    assert row(label) == RowBounds(low, low_closed, high, high_closed)


def test_bounds_may_be_formulas_in_brackets() -> None:
    share = parse_formula("97.5 % of target", nouns=NOUNS)
    assert row("under (97.5 % of target)") == RowBounds(None, False, share, False)
    assert row("(97.5 % of target) to under target") == RowBounds(share, True, Name("target"), False)
    assert row("(days from a to b) or more").low == parse_formula("days from a to b", nouns=NOUNS)


def test_units_of_the_bounds() -> None:
    def minutes(value: int) -> Quantity:
        return Quantity(Fraction(value), MINUTES)

    assert row("1 to under 2 hours") == RowBounds(minutes(60), True, minutes(120), False)
    assert row("5 to under 6", PERCENT) == RowBounds(P5, True, P6, False)
    assert row("10 or more", PLAIN).low == Quantity(Fraction(10), PLAIN)
    assert row("30 to 90 minutes", PERCENT) == RowBounds(minutes(30), True, minutes(90), True)


def test_otherwise_is_marked() -> None:
    assert row("otherwise").otherwise
    assert not row("5 % or more").otherwise


def refused(label: str) -> Finding:
    with pytest.raises(BadInput) as caught:
        parse_row(label, nouns=NOUNS, default_unit=None, source=Source("c.yaml", 5, 7, f"      {label}: 2 %"))
    (finding,) = caught.value.findings
    return finding


@pytest.mark.parametrize(
    ("label", "choices"),
    [
        ("up to 5 %", ["5 % or less", "under 5 %"]),
        ("5 % up to 6 %", ["5 % to 6 %", "5 % to under 6 %"]),
        ("over 5 % up to 6 %", ["over 5 % to 6 %", "over 5 % to under 6 %"]),
        ("between 5 % and 6 %", ["5 % to 6 %", "5 % to under 6 %", "over 5 % to under 6 %"]),
        ("from 5 %", ["5 % or more", "over 5 %"]),
        ("from 5 % to 6 %", ["5 % to 6 %", "5 % to under 6 %"]),
        ("5 % - 6 %", ["5 % to 6 %", "5 % to under 6 %"]),
        ("5-6 %", ["5 to 6 %", "5 to under 6 %"]),
        ("5 % \u2013 6 %", ["5 % to 6 %", "5 % to under 6 %"]),
        ("5 %", ["exactly 5 %", "5 % or more"]),
        ("at least 5 %", ["5 % or more"]),
        (">= 5 %", ["5 % or more"]),
        ("< 5 %", ["under 5 %"]),
        ("5 % or moar", ["X or more"]),
        ("exactly 5 % to 6 %", ["exactly X"]),
        ("otherwise 5 %", ["otherwise"]),
        ("over", ["over X"]),
        ("", ["X or more"]),
    ],
)
def test_unclear_rows_are_refused_with_the_phrases_to_choose_from(label: str, choices: list[str]) -> None:
    finding = refused(label)
    assert (finding.code, finding.source.line, finding.source.column) == ("BPO220", 5, 7)
    for choice in choices:
        assert f"'{choice}'" in finding.next_step


@pytest.mark.parametrize("label", ["from 5 % to 6 %", "between 5 % and 6 %", "5-6 %", "up to 5 %", "< 5 %", "5 %"])
def test_what_a_refusal_proposes_is_read(label: str) -> None:
    own, _, _ = refused(label).next_step.partition(" The forms of rows are")
    proposed = [part for part in own.split("'")[1::2] if part != label]
    assert proposed
    for phrase in proposed:
        assert isinstance(row(phrase), RowBounds)


@pytest.mark.parametrize(
    ("label", "code", "column"),
    [
        ("over 99,9 %", "BPO212", 12),
        ("99,9 % or more", "BPO212", 7),
        ("5 or more", "BPO228", 7),
        ("over 5 to target", "BPO228", 12),
        ("5 foos or more", "BPO213", 9),
        ("over (5 % of a + b)", "BPO216", 13),
    ],
)
def test_a_wrong_bound_has_its_own_place(label: str, code: str, column: int) -> None:
    finding = refused(label)
    assert (finding.code, finding.source.column) == (code, column)
