"""Records that are kept together: all of them or none, in the same bytes as one by one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.unit.clauses.making import HEAD, contract_text

from bpo_contracts.audit.staging import Staged
from bpo_contracts.audit.store import Store
from bpo_contracts.contract.contract import Contract
from bpo_contracts.contract.reading import read_contract
from bpo_contracts.formats.documents import read_document
from bpo_contracts.formats.performance import read_performance
from bpo_contracts.performance.report import PerformanceReport
from bpo_contracts.services.keeping import keep_settlement
from bpo_contracts.services.keeping_together import keep_settlements
from bpo_contracts.stores.memory import MemoryStore
from bpo_contracts.stores.sqlite import open_ledger
from bpo_contracts.values.findings import BadInput, IntegrityFailure

MONTHS = ("2026-01", "2026-02", "2026-03")
CLAUSES = """
- service_credit: credit
  clause: "1"
  words: Credit.
  amount: fee
- cap: limit
  clause: "2"
  words: Cap.
  limits: credit
  at_most: 1500 EUR
  window: the whole contract
  excess: lost
"""


def contract() -> Contract:
    head = HEAD.replace("missing: 1000 EUR", "missing: refuse")
    return read_contract(read_document(contract_text(CLAUSES, head=head).encode(), "contract.yaml"))


def report(*values: str) -> PerformanceReport:
    rows = "".join(f"{month},fee,{value}\n" for month, value in zip(MONTHS, values, strict=False))
    return read_performance(f"period,measure,value\n{rows}".encode(), "report.csv")


def contents(store: Store) -> list[bytes]:
    return [record.content for record in store.records()]


@pytest.fixture(params=["memory", "sqlite"])
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "memory":
        yield MemoryStore()
    else:
        with open_ledger(tmp_path / "ledger.db", write=True) as store:
            yield store


def test_together_and_one_by_one_are_the_same_bytes(ledger: Store) -> None:
    alone = MemoryStore()
    for month in MONTHS:
        keep_settlement(alone, contract(), report("1000", "400", "900"), period=month, engine="reference")
    kept = keep_settlements(ledger, contract(), report("1000", "400", "900"), periods=MONTHS, engine="reference")
    assert contents(ledger) == contents(alone)
    assert [one.document["totals"]["net"] for one in kept] == ["-1000.00", "-400.00", "-100.00"]
    again = keep_settlements(ledger, contract(), report("1000", "400", "900"), periods=MONTHS, engine="reference")
    assert [one.kept.new for one in again] == [False, False, False]
    assert contents(ledger) == contents(alone)


def test_one_that_cannot_be_settled_keeps_none(ledger: Store) -> None:
    with pytest.raises(BadInput):
        keep_settlements(ledger, contract(), report("1000", "400"), periods=MONTHS, engine="reference")
    assert contents(ledger) == []
    assert ledger.periods("small") == ()
    keep_settlements(ledger, contract(), report("1000", "400"), periods=MONTHS[:2], engine="reference")
    assert len(contents(ledger)) == 2


def test_who_wrote_meanwhile_is_not_overwritten(ledger: Store) -> None:
    staged = Staged(ledger)
    keep_settlement(staged, contract(), report("1000", "400"), period=MONTHS[0], engine="reference")
    keep_settlement(ledger, contract(), report("700"), period=MONTHS[0], engine="reference")
    before = contents(ledger)
    with pytest.raises(BadInput) as refused:
        staged.write()
    assert [finding.code for finding in refused.value.findings] == ["BPO510"]
    assert contents(ledger) == before


def test_the_second_record_that_does_not_follow_takes_back_the_first(ledger: Store) -> None:
    staged = Staged(MemoryStore())
    for month in MONTHS[:2]:
        keep_settlement(staged, contract(), report("1000", "400"), period=month, engine="reference")
    first, second = staged._new
    with pytest.raises(BadInput):
        ledger.append_all([first, first])
    assert (contents(ledger), ledger.periods("small")) == ([], ())
    assert len(ledger.append_all([first, second])) == 2


def test_an_annex_that_is_there_with_other_bytes_keeps_none(ledger: Store) -> None:
    """The last of two records names a contract that the ledger has as something else: not even its form is written."""
    staged = Staged(MemoryStore())
    for month in MONTHS[:2]:
        keep_settlement(staged, contract(), report("1000", "400"), period=month, engine="reference")
    first, (record, key) = staged._new
    of_contract, form = record.annexes
    changed = replace(record, annexes=(replace(form, digest="f" * 64), replace(of_contract, content=b"{}")))
    with pytest.raises(IntegrityFailure, match="Nothing was written"):
        ledger.append_all([first, (changed, key)])
    assert (contents(ledger), ledger.periods("small"), list(ledger.annexes())) == ([], (), [])
    ledger.append(*first)
    with pytest.raises(IntegrityFailure, match="Nothing was written"):
        ledger.append(changed, key)
    assert (len(contents(ledger)), ledger.periods("small"), len(list(ledger.annexes()))) == (1, MONTHS[:1], 2)
    ledger.append(record, key)
    assert {one.digest for one in ledger.annexes()} == {of_contract.digest, form.digest}


def test_what_is_staged_can_be_read_like_what_is_written() -> None:
    store = MemoryStore()
    keep_settlement(store, contract(), report("1000"), period=MONTHS[0], engine="reference")
    staged = Staged(store)
    keep_settlement(staged, contract(), report("1200", "400"), period=MONTHS[0], engine="reference")
    keep_settlement(staged, contract(), report("1200", "400"), period=MONTHS[1], engine="reference")
    assert staged.periods("small") == ("2026-01", "2026-02")
    assert [one.key.revision for one in staged.revisions("small", "2026-01")] == [1, 2]
    latest = staged.latest("small", "2026-01")
    assert latest is not None
    assert latest.key.revision == 2
    assert (len(contents(staged)), len(contents(store)), staged.head().sequence) == (3, 1, 3)
    staged.write()
    assert len(contents(store)) == 3
