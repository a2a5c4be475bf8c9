"""What can be settled can be verified, looked back at and replayed, however long its numbers are."""

from __future__ import annotations

import pytest

from bpo_contracts.audit.replay import replay
from bpo_contracts.audit.verify import verify
from bpo_contracts.contract.reading import read_contract
from bpo_contracts.formats.documents import read_document
from bpo_contracts.formats.performance import read_performance
from bpo_contracts.services.keeping import keep_settlement, settle_sealed
from bpo_contracts.stores.memory import MemoryStore
from bpo_contracts.values.findings import BadInput

CONTRACT = """
contract: long
version: "1"
title: Long
client: Client
provider: Provider
currency: EUR
term: {{starts_on: 2026-01-01, ends_on: 2026-12-31}}
period: month
rounding: {{lines: half up to 0.01 EUR}}
figures:
  grown: {{formula: "{formula}"}}
  before: {{formula: "previous month's grown (before the start: 0 %)"}}
clauses:
  - {{base_fee: fee, clause: "1", words: Fee., amount: "1000.00 EUR + ((grown + before) of 1000.00 EUR)"}}
"""


@pytest.mark.parametrize(
    ("formula", "digits"),
    [
        ("0.45 % compounded 370 times", 1400),
        ("(0.45 % compounded 185 times) / 3", 600),
        ("0.5 % compounded 60 times", 130),
    ],
)
def test_a_long_number_is_no_fault_of_the_ledger(formula: str, digits: int) -> None:
    text = CONTRACT.format(formula=formula)
    contract = read_contract(read_document(text.encode(), "contract.yaml"))
    store = MemoryStore()
    kept = []
    for month in ("2026-01", "2026-02"):
        report = read_performance(f"period\n{month}\n".encode(), "report.csv")
        kept.append(keep_settlement(store, contract, report, period=month, engine="reference"))
    assert max(len(step["value"]) for one in kept for step in one.document["steps"]) > digits
    assert verify(store).findings == ()
    assert replay(store, settle_sealed).findings == ()


def test_what_is_longer_is_refused() -> None:
    contract = read_contract(
        read_document(CONTRACT.format(formula="0.45 % compounded 380 times").encode(), "contract.yaml")
    )
    report = read_performance(b"period\n2026-01\n", "report.csv")
    with pytest.raises(BadInput, match="BPO206"):
        keep_settlement(MemoryStore(), contract, report, period="2026-01")
