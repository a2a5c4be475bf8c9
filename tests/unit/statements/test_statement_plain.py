"""Steps said as a person would: a value once, rows and gates as reasons, numbers in place of names."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpo_contracts.formats.statement_argument import rounding_text
from bpo_contracts.formats.statement_model import StepText
from bpo_contracts.formats.statement_plain import said
from bpo_contracts.formats.statement_reader import read_statement
from bpo_contracts.values.numbers import number_text

from .samples import Document, service_desk, step


def plain_step(*steps: Document) -> StepText:
    """The last of the steps, as a statement has it."""
    document = service_desk()
    document["steps"] += steps
    return read_statement(document).steps[steps[-1]["figure"], steps[-1]["item"]]


FEE = step("x_fee.gross", "amount before limits of Fee", "100", "EUR", formula="100.00 EUR", clause="9")
CALLS = step("calls", "calls handled", "12", "calls", formula="as reported")


def test_a_figure_that_only_renames_another_says_the_value_once() -> None:
    fee = step("x_fee", "Fee", "100", "EUR", ("x_fee.gross", ""), formula="x_fee.gross", clause="9")
    one = plain_step(CALLS, FEE, fee)
    assert (one.says, one.premises, one.how) == ("Fee", (), "as the contract says")
    assert one.figures == ("x_fee", "x_fee.gross")


def test_a_figure_of_another_clause_is_not_passed_over() -> None:
    one = plain_step(FEE, step("y", "Other", "100", "EUR", ("x_fee.gross", ""), formula="x_fee.gross", clause="10"))
    assert one.premises == (("x_fee.gross", ""),)
    assert one.how == "by amount before limits of Fee"


def test_a_rounding_joins_the_figure_it_rounds_and_keeps_what_it_took_away() -> None:
    amount = step(
        "x.amount", "exact amount of X", "24.125", "EUR", ("calls", ""), formula="calls * 2.01 EUR per call", clause="9"
    )
    rounded = step(
        "x",
        "X",
        "24.13",
        "EUR",
        ("x.amount", ""),
        formula="(x.amount or else 0), rounded half up to 0.01",
        clause="9",
        dropped="-0.005",
    )
    one = plain_step(CALLS, amount, rounded)
    assert (one.value, one.dropped, one.premises) == ("24.13", "-0.005", (("calls", ""),))
    assert one.how == ("by calls handled × 2.01 EUR per call: 12 calls × 2.01 EUR per call, rounded half up to 0.01")


@pytest.mark.parametrize(
    ("formula", "reached", "how"),
    [
        (
            "the row of the table that holds calls: under 20 calls gives 5 %; 20 calls or more gives 0",
            "under 20 calls",
            'because calls handled is in the row "under 20 calls"',
        ),
        ("if calls >= 10 calls then yes else no", "yes", "because this holds: calls handled >= 10 calls"),
        ("((if calls >= 20 calls then 5.00 EUR else 0) or else 0), rounded half up to 0.01", "no",
         "nothing, because this does not hold: calls handled >= 20 calls"),
        ("max(0, calls * 1.00 EUR per call, rounded half up to 0.01)", "",
         "by calls handled × 1.00 EUR per call, rounded half up to 0.01, at least 0: 12 calls × 1.00 EUR per call"),
        ("min(calls, 20 calls)", "", "by the lowest of (calls handled, 20 calls)"),
        ("what x.gross keeps of calls", "", "by what this clause keeps of calls handled"),
    ],
)  # fmt: skip
def test_formulas_in_words(formula: str, reached: str, how: str) -> None:
    one = plain_step(CALLS, step("z", "Z", "1", "EUR", ("calls", ""), formula=formula, reached=reached, clause="9"))
    assert one.how == how
    assert one.formula == formula


def test_units_and_texts_in_quotes_are_no_names() -> None:
    names = {"calls": "12 calls", "call": "?", "late": "?"}
    text = said('calls * 2 EUR per call over 20 calls, "late"', names)
    assert text == '12 calls × 2 EUR per call over 20 calls, "late"'


@pytest.mark.parametrize(
    ("dropped", "unit", "text"),
    [
        ("", "EUR", ""),
        ("0", "EUR", ""),
        ("0.0048", "GBP", "rounding took away 0.0048 GBP"),
        ("-0.005", "EUR", "rounding added 0.005 EUR"),
        ("-17/3827000", "%", "rounding added less than 0.0001 %"),
        ("1/3", "%", "rounding took away 0.3333… %"),
    ],
)
def test_what_a_rounding_did(dropped: str, unit: str, text: str) -> None:
    assert rounding_text(dropped, unit) == text


@given(st.fractions(min_value=-10, max_value=10))
def test_a_rounding_never_reads_as_nothing(dropped: Fraction) -> None:
    text = rounding_text(number_text(dropped), "%")
    assert bool(text) is bool(dropped)
    assert "0.0000…" not in text
    assert "-" not in text
