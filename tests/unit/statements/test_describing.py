"""A contract said in plain English: from its figures alone, in 100 columns, in the same words every time."""

from __future__ import annotations

from pathlib import Path

import pytest

from bpo_contracts import load_contract
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
