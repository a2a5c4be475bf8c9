"""Through a ledger or all at once: the same settlements. A correction adds, and going back leaves nothing behind."""

from __future__ import annotations

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.laws.drawn import Settled, settled

from bpo_contracts.audit.replay import replay
from bpo_contracts.audit.verify import verify
from bpo_contracts.services.keeping import keep_settlement, settle_sealed
from bpo_contracts.stores.memory import MemoryStore
from bpo_contracts.testing.strategies import Document, report_of, reports
from bpo_contracts.values.canonical import canonical


def of_period(document: Document, label: str) -> Document:
    """The rows of one period: what a month's own report says."""
    return {
        name: rows if name == "schema" else [row for row in rows if row["period"] == label]
        for name, rows in document.items()
        if name == "schema" or any(row["period"] == label for row in rows)
    }


def _kept_month_by_month(drawn: Settled, store: MemoryStore) -> list[bytes]:
    contents = []
    for document in drawn.documents:
        label = document["period"]["label"]
        report = report_of(of_period(drawn.reported, label))
        kept = keep_settlement(store, drawn.contract, report, period=label, engine="reference")
        assert kept.kept.new
        contents.append(canonical(kept.document))
    return contents


@settings(max_examples=15)
@given(st.sampled_from([2, 3, 8]).flatmap(lambda periods: settled(periods=periods)))
def test_month_by_month_through_a_ledger_or_all_at_once(drawn: Settled) -> None:
    """Each month from its own report and the sealed months before it, read back from their bytes."""
    store = MemoryStore()
    assert _kept_month_by_month(drawn, store) == list(drawn.contents)
    assert replay(store, lambda case: settle_sealed(case, engine="reference")).holds
    assert not verify(store).findings


@settings(max_examples=12)
@given(st.data())
def test_a_correction_is_a_revision_and_going_back_finds_the_old_record(data: st.DataObject) -> None:
    drawn = data.draw(settled(periods=2))
    store = MemoryStore()
    _kept_month_by_month(drawn, store)
    label = drawn.documents[0]["period"]["label"]
    first = store.latest(drawn.contract.id, label)
    assert first is not None
    before = of_period(drawn.reported, label)
    other = of_period(data.draw(reports(drawn.contract, periods=1)), label)
    corrected = keep_settlement(store, drawn.contract, report_of(other), period=label, engine="reference")
    assume(corrected.kept.new)
    assert corrected.document["revision"] == 2
    assert corrected.document["supersedes"] == first.digest
    count = sum(1 for _ in store.records())
    back = keep_settlement(store, drawn.contract, report_of(before), period=label, engine="reference")
    assert (back.kept.new, back.kept.superseded_by) == (False, 2)
    assert back.kept.record == first
    assert back.document == drawn.documents[0]
    assert sum(1 for _ in store.records()) == count
