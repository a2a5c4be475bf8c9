"""A contract said in plain English: from its figures alone, in 100 columns, in the same words every time."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.unit.clauses.making import contract_text

from bpo_contracts import load_contract
from bpo_contracts.contract.reading import read_contract
from bpo_contracts.formats.documents import read_document
from bpo_contracts.services.describing import describe_contract

EXAMPLES = sorted((Path(__file__).parents[3] / "examples").glob("*/contract.yaml"))


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.parent.name)
def test_every_clause_is_said_within_the_width_without_inner_names(file: Path) -> None:
    contract = load_contract(file)
    text = describe_contract(contract)
    assert all(len(line) <= 100 for line in text.splitlines())
    for clause in contract.clauses:
        assert f"\nClause {clause.clause}  {clause.says} (" in text
        for part in ("gross", "amount", "rate", "within_", "at_most", "shares"):
            assert f"{clause.name}.{part}" not in text
    assert describe_contract(load_contract(file)) == text


def test_a_clause_is_said_with_its_rows_gate_rounding_and_limit() -> None:
    contract = load_contract(EXAMPLES[[file.parent.name for file in EXAMPLES].index("service_desk")])
    body = describe_contract(contract, "4.1").split("\n\n", 1)[1]
    words = " ".join(body.split())
    assert "Amount: the rate of Fee per closed incident, rounded half up to 0.01 EUR." in words
    assert "Only if full service." in words
    assert "\n      under 65 %          8 %\n      65 % to under 75 %  4 %\n      75 % or more        none\n" in body
    assert "limited by 4.3 Cap on service credits, shared in this order: Resolution time; Reopened incidents." in words
    cap = " ".join(describe_contract(contract, "4.3").split())
    assert "Cap on service credits: 10 % of Fee per closed incident, rounded half up to 0.01 EUR, at least 0." in cap
    assert "Limits what is due for Resolution time; Reopened incidents" in cap


def said(clauses: str, *, more: str = "") -> str:
    """The contract in words, on one line."""
    text = contract_text(clauses, more=more)
    return " ".join(describe_contract(read_contract(read_document(text.encode(), "contract.yaml"))).split())


def test_overruns_are_counted_from_the_target_up_by_rows_that_are_said_once() -> None:
    text = said("""
        - gain_share: savings
          clause: "1"
          words: w
          target: 900.00 EUR
          outturn: fee
          overruns: shared
          shares: {under 80 %: 25 %, 80 % to under 100 %: 50 %, 100 % or more: 30 %}
          minimum_saving: 18.00 EUR
          minimum_overrun: 27.00 EUR
          minimum_counts: when reached
          once_reached: excess only
    """)
    assert "Share of the saving: counted slice by slice from min(the outturn" in text
    above = "the point from which overruns are shared, as % of the target"
    assert f"below zero, counted slice by slice from {above} up to max(the outturn" in text
    assert f"{above}), by the rows above." in text
    assert text.count("80 % to under 100 % 50 %") == 1


def test_a_straight_line_is_flat_outside_its_points() -> None:
    more = "figures:\n  factor: {measure: level, line: {90 %: 1 %, 95 %: 2 %}}\n"
    text = said('- base_fee: charge\n  clause: "1"\n  words: w\n  amount: factor of 10.00 EUR\n', more=more)
    assert "on the straight line between these points, flat outside them, at level: 90 % 1 % 95 % 2 %" in text
