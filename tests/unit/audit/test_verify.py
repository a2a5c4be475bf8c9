"""Who tampers is found, and by the verdict that is about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from tests.unit.audit.samples import (
    CONTRACT,
    Tampered,
    contents,
    filled,
    keep_period,
    rechained,
    resealed,
    sealed,
)

from bpo_contracts.audit.record import GENESIS
from bpo_contracts.audit.store import EMPTY, Head, StoredRecord, parse_head
from bpo_contracts.audit.verify import FINDINGS_MAX, VerifyReport, verify
from bpo_contracts.stores.memory import MemoryStore
from bpo_contracts.values.canonical import canonical, parse_canonical
from bpo_contracts.values.findings import BadInput


def verdicts(report: VerifyReport) -> tuple[bool, bool, bool]:
    return report.intact.holds, report.consistent.holds, report.arithmetic.holds


def codes(report: VerifyReport) -> set[str]:
    return {finding.code for finding in report.findings}


def test_an_honest_ledger_holds() -> None:
    report = verify(filled())
    assert verdicts(report) == (True, True, True)
    assert report.records == report.head.sequence == 5
    assert report.findings == ()


def test_an_empty_ledger_holds_and_says_so() -> None:
    report = verify(MemoryStore())
    assert verdicts(report) == (True, True, True)
    assert (report.records, report.head) == (0, EMPTY)


def test_any_changed_byte_is_found() -> None:
    """Every position; one bit each, all bits in turn."""
    store = MemoryStore("ledger")
    keep_period(store, "2016-01")
    annexes = list(store.annexes())
    [record] = store.records()
    for position in range(len(record.content)):
        changed = bytearray(record.content)
        changed[position] ^= 1 << position % 8
        report = verify(Tampered([replace(record, content=bytes(changed))], annexes))
        assert "BPO520" in codes(report), position
        assert report.intact.findings[0].source.file == "ledger, record 1"


def flipped(digest: str) -> str:
    return ("1" if digest[0] == "0" else "0") + digest[1:]


COLUMNS: list[Callable[[StoredRecord], StoredRecord]] = [
    lambda record: replace(record, digest=flipped(record.digest)),
    lambda record: replace(record, digest=record.digest.upper()),
    lambda record: replace(record, previous=flipped(record.previous)),
    lambda record: replace(record, inputs=flipped(record.inputs)),
    lambda record: replace(record, sequence=7),
    lambda record: replace(record, key=replace(record.key, contract="desk-2")),
    lambda record: replace(record, key=replace(record.key, period="2016-04")),
    lambda record: replace(record, key=replace(record.key, revision=9)),
]


@pytest.mark.parametrize("change", COLUMNS, ids=range(len(COLUMNS)))
@pytest.mark.parametrize("position", [0, 2, 4])
def test_any_changed_column_is_found(change: Callable[[StoredRecord], StoredRecord], position: int) -> None:
    records = list(filled().records())
    records[position] = change(records[position])
    assert not verify(Tampered(records, filled().annexes())).intact.holds


def other() -> MemoryStore:
    store = MemoryStore()
    contract = {**CONTRACT, "note": "of another ledger"}
    for period in ("2016-01", "2016-02", "2016-03"):
        keep_period(store, period, contract=contract)
    return store


OTHER = list(other().records())


CHANGES: dict[str, Callable[[list[StoredRecord]], list[StoredRecord]]] = {
    "first deleted": lambda records: records[1:],
    "middle deleted": lambda records: records[:2] + records[3:],
    "two swapped": lambda records: [records[0], records[2], records[1], *records[3:]],
    "one twice": lambda records: [*records[:2], records[1], *records[2:]],
    "last twice": lambda records: [*records, records[-1]],
    "from another ledger": lambda records: [*records[:2], OTHER[2], *records[3:]],
    "first from another ledger": lambda records: [OTHER[0], *records[1:]],
    "another ledger behind": lambda records: [*records, *OTHER],
    "other tail": lambda records: [*records[:2], *OTHER[2:]],
}


def tampered(records: list[StoredRecord]) -> Tampered:
    """Whoever mixes ledgers brings the annexes along that the records name."""
    named = {digest for record in records for digest in digests_in(record)}
    annexes = {one.digest: one for store in (filled(), other()) for one in store.annexes() if one.digest in named}
    return Tampered(records, annexes.values())


def digests_in(record: StoredRecord) -> tuple[str, str]:
    content: Any = parse_canonical(record.content)
    return content["annexes"]["contract"], content["annexes"]["form"]


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_records_that_do_not_follow_one_another_are_found(
    change: Callable[[list[StoredRecord]], list[StoredRecord]],
) -> None:
    records = change(list(filled().records()))
    report = verify(tampered(records))
    assert report.intact.holds
    assert not report.consistent.holds


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_mended_sequence_numbers_do_not_help(change: Callable[[list[StoredRecord]], list[StoredRecord]]) -> None:
    records = [replace(record, sequence=number) for number, record in enumerate(change(list(filled().records())), 1)]
    assert not verify(tampered(records)).consistent.holds


def test_a_valid_digest_over_bytes_that_are_not_canonical_is_found() -> None:
    for content in (b" ", b"{}", b"[]", b"\xff"):
        records = list(filled().records())
        records[4] = resealed(records[4], records[4].content + content if content == b" " else content)
        report = verify(Tampered(records, filled().annexes()))
        assert codes(report) & {"BPO521", "BPO524"}
        assert verdicts(report) == (False, False, False), "what cannot be read does not hold either"


def test_a_record_with_an_additional_member_is_none() -> None:
    documents = contents(filled())
    documents[4]["extra"] = "1"
    assert "BPO524" in codes(verify(rechained(filled(), documents)))


# --- a head that somebody holds ---------------------------------------------------------------------------


def test_a_held_head_that_is_in_the_ledger_holds_and_what_was_added_is_counted() -> None:
    store = filled()
    for held in (record.head for record in store.records()):
        report = verify(store, held=held)
        assert report.consistent.holds
        assert report.after_held == 5 - held.sequence
        assert verify(store, held=Head(held.digest)).consistent.holds
    assert verify(store, held=EMPTY).after_held == 5


@pytest.mark.parametrize("kept", range(5))
def test_only_a_held_head_finds_a_ledger_cut_short(kept: int) -> None:
    store = filled()
    cut = tampered(list(store.records())[:kept])
    assert verdicts(verify(cut)) == (True, True, True)
    for held in (store.head(), Head(store.head().digest)):
        report = verify(cut, held=held)
        assert codes(report) == {"BPO533"}
        assert not report.consistent.holds


def test_only_a_held_head_finds_a_ledger_written_anew() -> None:
    """Somebody changes an amount with everything that follows from it, and mends every digest and link."""
    store = filled()
    anew = MemoryStore("ledger")
    for period, answered in (("2016-01", "64"), ("2016-02", "71"), ("2016-03", "61.5"), ("2016-02", "60")):
        keep_period(anew, period, answered)
    keep_period(anew, "2016-03", "61.5")
    assert verdicts(verify(anew)) == (True, True, True)
    assert anew.head().sequence == store.head().sequence
    assert codes(verify(anew, held=store.head())) == {"BPO533"}
    first = next(store.records())
    assert verify(anew, held=first.head).consistent.holds, "up to there the history is the same"


def test_a_head_at_another_place_is_not_it() -> None:
    store = filled()
    assert not verify(store, held=Head(store.head().digest, 4)).consistent.holds
    assert not verify(store, held=Head(GENESIS, 3)).consistent.holds


def test_heads_are_written_and_read() -> None:
    head = filled().head()
    assert parse_head(f" {head}\n") == head
    assert parse_head(head.digest) == Head(head.digest)
    for text in ("", "abc", head.digest + "@", head.digest + "@0", head.digest + "@-1", head.digest + "@²", "g" * 64):
        with pytest.raises(BadInput, match="BPO513"):
            parse_head(text)


# --- documents sealed anew, with every digest and link mended ----------------------------------------------


def changed_settlement(position: int, change: Callable[[dict[str, Any]], None]) -> VerifyReport:
    """A ledger in which one settlement was changed and then sealed again, all records after it too."""
    store = filled()
    documents = contents(store)
    before = [document["settlement"]["digest"] for document in documents]
    change(documents[position]["settlement"])
    documents[position]["settlement"] = sealed(documents[position]["settlement"])
    assert before[position] != documents[position]["settlement"]["digest"]
    return verify(rechained(store, documents))


def test_a_changed_settlement_is_not_the_one_that_later_ones_rest_on() -> None:
    report = changed_settlement(0, lambda settlement: settlement.update(status="provisional"))
    assert "BPO535" in codes(report)


def test_a_revision_names_the_one_before() -> None:
    assert "BPO534" in codes(changed_settlement(3, lambda settlement: settlement.update(supersedes="")))
    assert "BPO534" in codes(changed_settlement(0, lambda settlement: settlement.update(supersedes=GENESIS)))
    assert "BPO532" in codes(changed_settlement(3, lambda settlement: settlement.update(revision=3)))
    assert "BPO532" in codes(changed_settlement(3, lambda settlement: settlement.update(revision=1)))


def test_record_and_settlement_name_the_same_rules_and_engines() -> None:
    assert "BPO536" in codes(changed_settlement(4, lambda settlement: settlement.update(rulebook=GENESIS)))
    assert "BPO536" in codes(changed_settlement(4, lambda settlement: settlement.update(engines=[])))


def entries() -> dict[str, Any]:
    """What the last record says of its settlement."""
    *_, record = filled().records()
    content: Any = parse_canonical(record.content)
    settlement: dict[str, Any] = content["settlement"]
    return settlement


MEMBERS = sorted(entries())


@pytest.mark.parametrize("member", MEMBERS)
@pytest.mark.parametrize("value", [None, 1, "x", [], {}, [[]], [None], {"x": []}, [{"figure": 1}]], ids=repr)
def test_any_member_of_any_other_shape_is_answered(member: str, value: object) -> None:
    """Whatever stands in a settlement, verifying ends with findings: only lots that are left out altogether are for replay."""
    unchanged = entries()[member] == value or (member == "lots" and value == [])
    assert bool(changed_entries({**entries(), member: value}).findings) != unchanged


def changed_entries(entries: dict[str, Any]) -> VerifyReport:
    records = list(filled().records())
    document: Any = parse_canonical(records[4].content)
    document["settlement"] = entries
    records[4] = resealed(records[4], canonical(document))
    return verify(Tampered(records, filled().annexes()))


@pytest.mark.parametrize("member", MEMBERS)
def test_any_missing_member_is_found(member: str) -> None:
    assert changed_entries({key: value for key, value in entries().items() if key != member}).findings


def test_many_findings_are_counted_and_the_first_are_kept() -> None:
    record = next(filled().records())
    report = verify(tampered([replace(record, digest="0" * 64)] * (FINDINGS_MAX + 20)))
    assert len(report.intact.findings) == FINDINGS_MAX
    assert report.intact.count == FINDINGS_MAX + 20
