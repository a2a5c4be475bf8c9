"""Keeping settlements: once for the same inputs, a new revision for others."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.unit.audit.samples import (
    CONTRACT,
    Tampered,
    filled,
    keep_as,
    keep_period,
    parts,
    performance,
    resealed,
    settlement,
)

from bpo_contracts.audit.log import (
    Occasion,
    earlier_periods,
    earlier_settlements,
    keep,
    later_periods,
    resting_on_superseded,
    settlement_of,
)
from bpo_contracts.audit.record import Parts
from bpo_contracts.audit.verify import verify
from bpo_contracts.stores.memory import MemoryStore
from bpo_contracts.values.canonical import canonical
from bpo_contracts.values.findings import BadInput, IntegrityFailure


def never(occasion: Occasion) -> Parts:
    raise RuntimeError("nothing should be settled")


def test_the_same_inputs_give_the_first_record_and_write_nothing() -> None:
    store = MemoryStore()
    first = keep_period(store, "2016-01")
    again = keep_as(store, "2016-01", performance("2016-01", "64"), never)
    assert (first.new, again.new) == (True, False)
    assert again.record == first.record
    assert again.superseded_by == 0
    assert len(list(store.records())) == 1


def test_other_inputs_give_a_new_revision_that_names_the_old_record() -> None:
    store = MemoryStore()
    first = keep_period(store, "2016-01", "64")
    second = keep_period(store, "2016-01", "63")
    assert [record.key.revision for record in store.revisions("desk-1", "2016-01")] == [1, 2]
    assert store.latest("desk-1", "2016-01") == second.record
    assert settlement_of(second.record, store)["supersedes"] == first.record.digest


def test_other_evidence_for_the_same_figure_is_another_input() -> None:
    store = MemoryStore()
    keep_period(store, "2016-01", source="PBX")
    assert keep_period(store, "2016-01", source="corrected PBX").record.key.revision == 2


def test_another_contract_text_is_another_input() -> None:
    store = MemoryStore()
    keep_period(store, "2016-01")
    assert keep_period(store, "2016-01", contract={**CONTRACT, "note": "amended"}).record.key.revision == 2


def test_superseded_inputs_give_their_record_and_say_what_superseded_it() -> None:
    store = MemoryStore()
    first = keep_period(store, "2016-01", "64")
    keep_period(store, "2016-01", "63")
    again = keep_period(store, "2016-01", "64")
    assert (again.new, again.record, again.superseded_by) == (False, first.record, 2)


def test_a_revised_earlier_period_makes_the_later_one_settle_again() -> None:
    store = MemoryStore()
    keep_period(store, "2016-01", "64")
    assert keep_period(store, "2016-02", "64").new
    assert not keep_period(store, "2016-02", "64").new
    keep_period(store, "2016-01", "63")
    assert keep_period(store, "2016-02", "64").record.key.revision == 2


def test_a_later_period_changes_nothing_for_an_earlier_one() -> None:
    store = MemoryStore()
    keep_period(store, "2016-01")
    keep_period(store, "2016-02")
    assert not keep_period(store, "2016-01").new


def test_contracts_are_kept_apart() -> None:
    store = MemoryStore()
    keep_period(store, "2016-01")
    other = keep_period(store, "2016-02", contract={**CONTRACT, "id": "desk-2"})
    assert other.record.key.revision == 1
    assert store.periods("desk-2") == ("2016-02",)
    assert earlier_settlements(store, "desk-2", before="2016-02") == ()


def test_settlements_are_read_in_the_order_of_their_periods() -> None:
    store = MemoryStore()
    for period in ("2016-03", "2016-01", "2016-02"):
        keep_period(store, period)
    keep_period(store, "2016-01", "63")
    earlier = earlier_settlements(store, "desk-1", before="2016-03")
    assert [(one.period, one.document["revision"]) for one in earlier] == [("2016-01", 2), ("2016-02", 1)]


def test_quarters_and_years_come_before_what_begins_after_them() -> None:
    assert earlier_periods(dict.fromkeys(("2016-Q2", "2015-Q4", "2016-Q1")), before="2016-Q2") == ("2015-Q4", "2016-Q1")
    assert earlier_periods(dict.fromkeys(("2016", "2014")), before="2015") == ("2014",)


def test_whoever_wrote_meanwhile_is_not_overtaken() -> None:
    store = MemoryStore()
    rows = performance("2016-01", "64")

    def build(occasion: Occasion) -> Parts:
        keep_period(store, "2016-02")
        return parts(settlement(CONTRACT, rows, revision=occasion.revision))

    with pytest.raises(BadInput, match="BPO510"):
        keep_as(store, "2016-01", rows, build)
    assert [record.key.period for record in store.records()] == ["2016-02"]


def test_a_settlement_that_fails_writes_nothing() -> None:
    store = MemoryStore()
    with pytest.raises(RuntimeError):
        keep_as(store, "2016-01", performance("2016-01", "64"), never)
    assert not list(store.records())


@pytest.mark.parametrize("resign", [False, True])
def test_nothing_is_built_on_a_changed_record(resign: bool) -> None:
    first, *rest = filled().records()
    content = first.content.replace(b'"64"', b'"65"') if not resign else first.content[:-1]
    changed = resealed(first, content) if resign else replace(first, content=content)
    store = Tampered([changed, *rest], filled().annexes())
    store._of_period = {("desk-1", "2016-01"): [changed]}
    with pytest.raises(IntegrityFailure, match="record 1"):
        keep_period(store, "2016-04")
    with pytest.raises(IntegrityFailure, match="record 1"):
        keep_period(store, "2016-01")


def test_a_revision_leaves_later_periods_resting_on_what_it_superseded() -> None:
    store = MemoryStore("ledger")
    for period in ("2016-01", "2016-02", "2016-03"):
        keep_period(store, period)
    assert resting_on_superseded(store, "desk-1") == ()
    keep_period(store, "2016-01", "63")
    assert later_periods(store, "desk-1", written=["2016-01"]) == ("2016-02", "2016-03")
    assert resting_on_superseded(store, "desk-1") == ("2016-02", "2016-03")
    assert resting_on_superseded(store, "desk-1", among=["2016-03"]) == ("2016-03",)
    assert verify(store).resting == (("desk-1", ("2016-02", "2016-03")),)
    assert verify(store).findings == ()
    keep_period(store, "2016-02")
    assert resting_on_superseded(store, "desk-1") == ("2016-03",)
    keep_period(store, "2016-03")
    assert (resting_on_superseded(store, "desk-1"), verify(store).resting) == ((), ())


def test_what_never_looks_back_rests_on_nothing() -> None:
    store = MemoryStore("ledger")
    for period, answered in (("2016-01", "64"), ("2016-02", "64"), ("2016-01", "63")):
        rows = performance(period, answered)

        def build(occasion: Occasion, rows: dict[str, Any] = rows) -> Parts:
            return parts(settlement(CONTRACT, rows, revision=occasion.revision, supersedes=occasion.supersedes))

        keep(
            store,
            contract_id="desk-1",
            period=period,
            contract=canonical(CONTRACT),
            performance=canonical(rows),
            build=build,
            looks_back=False,
        )
    assert store.revisions("desk-1", "2016-01")[-1].key.revision == 2
    assert resting_on_superseded(store, "desk-1") == ()
