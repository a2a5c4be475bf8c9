"""Periods with nothing in their rows, and periods without rows: settled by the measures' own rules, sealed, and replayed."""

from __future__ import annotations

import pytest
from tests.unit.clauses.making import HEAD, contract_text

from bpo_contracts.audit.replay import replay
from bpo_contracts.contract.contract import Contract
from bpo_contracts.contract.reading import read_contract
from bpo_contracts.formats.documents import read_document
from bpo_contracts.formats.performance import read_performance
from bpo_contracts.services.keeping import keep_settlement, settle_sealed
from bpo_contracts.services.settling import settle_all
from bpo_contracts.stores.memory import MemoryStore
from bpo_contracts.values.findings import BadInput

CLAUSES = """
- service_credit: credit
  clause: "1"
  words: Credit.
  amount: fee
"""
WIDE = b"period,fee,level,status\n2026-01,10,,\n2026-02,,,provisional\n2026-03,,,\n"
JSON = (
    b'{"schema": "bpo-contracts/performance/1", "periods": [{"period": "2026-01", "fee": "10"},'
    b' {"period": "2026-02", "status": "provisional"}, {"period": "2026-03"}]}'
)


def contract(missing: str = "0 EUR") -> Contract:
    head = HEAD.replace("missing: 1000 EUR", f"missing: {missing}")
    return read_contract(read_document(contract_text(CLAUSES, head=head).encode(), "contract.yaml"))


@pytest.mark.parametrize(("content", "name"), [(WIDE, "report.csv"), (JSON, "report.json")])
def test_every_period_with_a_row_is_settled_by_the_rules_for_missing_data(content: bytes, name: str) -> None:
    settled = settle_all(contract(), read_performance(content, name), engine="reference")
    assert [(one.period.label, one.totals.net.text, one.status) for one in settled] == [
        ("2026-01", "-10.00", "final"),
        ("2026-02", "0.00", "provisional"),
        ("2026-03", "0.00", "final"),
    ]


def test_an_empty_cell_is_refused_where_the_measure_refuses() -> None:
    with pytest.raises(BadInput) as refused:
        settle_all(contract("refuse"), read_performance(WIDE, "report.csv"), engine="reference")
    assert [finding.code for finding in refused.value.findings] == ["BPO401"]


def test_they_are_sealed_and_replayed() -> None:
    """April has no row at all: settled only when asked for, from nothing."""
    store = MemoryStore()
    for month in ("2026-01", "2026-02", "2026-03", "2026-04"):
        keep_settlement(store, contract(), read_performance(WIDE, "report.csv"), period=month, engine="reference")
    sealed = [record.content for record in store.records()]
    assert b'"periods":[{"period":"2026-02","status":"provisional"}]' in sealed[1]
    assert b'"periods"' not in sealed[3]
    assert replay(store, settle_sealed).holds
