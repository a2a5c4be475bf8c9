"""``0.985`` for a percentage is asked about where the contract reads it only at 5 % and more, in whatever way it does."""

from __future__ import annotations

import pytest
from tests.unit.clauses.making import contract_text

from bpo_contracts.contract.reading import read_contract
from bpo_contracts.formats.documents import read_document
from bpo_contracts.settlement.prepare import prepare

MEASURE = """
parameters: {target: 95 %, agreed: {2026-01-01: 95 %, 2026-06-01: 96 %}}
lists:
  shops:
    columns: {shop: word, up: "%"}
    key: shop
    missing: none happened
measures:
  seen: {unit: "%", direction: higher is better, precision: unrounded, missing: not scored, between: BETWEEN}
"""


def suspicious(amount: str, *lines: str, between: str = "0 % to 100 %") -> tuple[bool, bool]:
    """Whether a fraction is asked about, for the measure and for the column."""
    head = contract_text("", more="").split("measures:")[0]
    clause = "\n".join(
        ["- service_credit: paid", '  clause: "1"', "  words: w", f"  {amount}", *(f"  {one}" for one in lines)]
    )
    text = contract_text(clause, more=MEASURE.replace("BETWEEN", between), head=head)
    shape = prepare(read_contract(read_document(text.encode(), "c.yaml"))).shape
    (measure,) = shape.measures
    column = shape.lists[0].columns[1] if shape.lists[0].columns[1].name == "up" else shape.lists[0].columns[0]
    return measure.fraction_is_suspicious, column.fraction_is_suspicious


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        ("amount: if seen under 95 % then 5 EUR else 0 EUR", True),
        ("amount: if seen under target then 5 EUR else 0 EUR", True),
        ("amount: if seen under agreed then 5 EUR else 0 EUR", True),
        ("amount: max(95 % - seen, 0 pp) of 500 EUR", True),
        ("amount: if seen over 2 % then 5 EUR else 0 EUR", False),
        ("amount: if seen over 2 % and seen under 95 % then 5 EUR else 0 EUR", False),
        ("amount: (100 % - seen) of 500 EUR", False),
        ("amount: seen of 500 EUR", False),
    ],
)
def test_a_measure_that_a_formula_compares(amount: str, expected: bool) -> None:
    assert suspicious(amount) == (expected, False)


def test_a_measure_that_service_levels_compare() -> None:
    levels = ("measure: seen", "table: {95 % or more: none, under 95 %: 5 %}", "of: 500 EUR")
    assert suspicious(levels[0], *levels[1:]) == (True, False)
    assert suspicious("amount: 5 EUR", "only_if: seen under 95 %") == (True, False)


def test_a_range_that_ends_low_expects_small_values() -> None:
    assert suspicious("amount: if seen under 95 % then 5 EUR else 0 EUR", between="0 % to 5 %") == (False, False)


@pytest.mark.parametrize(
    ("where", "expected"), [("up under 95 %", True), ("up over 2 %", False), ('shop is "a"', False)]
)
def test_a_column_that_a_condition_compares(where: str, expected: bool) -> None:
    assert suspicious(f"amount: (count of shops where ({where})) * 5 EUR") == (False, expected)


def test_a_column_that_a_table_is_read_at() -> None:
    lines = ("rounded: each item", "measure: up", "table: {95 % or more: none, under 95 %: 5 EUR}")
    assert suspicious("for_each: shops", *lines) == (False, True)
