"""A small contract that is settled by one multiplication: enough to seal, verify and replay."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from typing import Any

from bpo_contracts.audit.log import Build, Kept, Occasion, keep, open_record
from bpo_contracts.audit.record import GENESIS, Annex, Parts, SealedRecord, annex, inputs_digest
from bpo_contracts.audit.replay import SealedCase, SettledAgain
from bpo_contracts.audit.store import RecordKey, Store, StoredRecord
from bpo_contracts.stores.memory import MemoryStore
from bpo_contracts.trail.form import ROWS
from bpo_contracts.values.canonical import canonical, digest_of, parse_canonical
from bpo_contracts.values.money import Money
from bpo_contracts.values.numbers import number_text
from bpo_contracts.values.rounding import Mode, Rounding

CONTRACT: dict[str, Any] = {
    "id": "desk-1",
    "clauses": [
        {"id": "3.1", "fee": "10000.00 EUR"},
        {"id": "4.1", "table": {"65 % or more": "none", "under 65 %": "8 %"}},
    ],
}
RULEBOOK = digest_of(b"rules")
ENGINES = [{"name": "reference", "version": "1"}]
CENT = Rounding(Mode.HALF_UP, Fraction(1, 100))


def performance(period: str, answered: str, source: str = "PBX") -> dict[str, Any]:
    row = {"measure": "answered", "period": period, "source": source, "value": answered}
    return {"schema": "bpo-contracts/performance/1", "measurements": [row]}


def settlement(
    contract: dict[str, Any], rows: dict[str, Any], *, revision: int = 1, supersedes: str = "", earlier: int = 0
) -> dict[str, Any]:
    """The fee, and a credit of a share of what 65 % exceeds; with a fee that grows with every period settled before."""
    row = rows["measurements"][0]
    period = row["period"]
    fee = Fraction(contract["clauses"][0]["fee"].split()[0]) + earlier
    answered = Fraction(row["value"])
    rate = Fraction(contract["clauses"][1]["table"]["under 65 %"].split()[0]) / 100 if answered < 65 else Fraction(0)
    exact = fee * rate * (65 - answered) / 7
    credit = CENT.apply(exact)
    amounts = {"fee": Money(fee, "EUR").text, "credit": Money(-credit, "EUR").text}
    status = "missed" if rate else "met"
    totals = {"charges": amounts["fee"], "adjustments": amounts["credit"], "net": Money(fee - credit, "EUR").text}
    about = {"clause": "4.1", "name": "answer_credit", "scope": {"site": "A"}}
    document: dict[str, Any] = {
        "schema": "bpo-contracts/settlement/1",
        "contract": {"id": contract["id"], "version": "1"},
        "period": {"label": period, "start": f"{period}-01", "end": f"{period}-28"},
        "revision": revision,
        "supersedes": supersedes,
        "status": "final",
        "currency": "EUR",
        "determinations": [{**about, "status": status, "reached": []}],
        "charges": [
            {
                "clause": "3.1",
                "name": "fee",
                "kind": "base_fee",
                "says": "Base fee",
                "scope": {"site": "A"},
                "status": "applies",
                "amount": amounts["fee"],
                "trail": [["fee", ""]],
                "words": "The fee.",
            }
        ],
        "adjustments": [
            {
                **about,
                "kind": "service_credit",
                "says": "Credit",
                "status": status,
                "gross": amounts["credit"],
                "amount": amounts["credit"],
                "trail": [["credit", ""]],
                "words": "A credit.",
            }
        ],
        "consequences": [],
        "totals": totals,
        "lots": [{"scope": {"site": "A"}, "totals": dict(totals)}],
        "steps": [
            _step("answered", row["value"], "%", "as reported"),
            _step("fee", amounts["fee"], "EUR", "10000.00 EUR"),
            _step(
                "credit",
                _plain(credit),
                "EUR",
                "rate of fee × shortfall, rounded half up to 0.01",
                dropped=_plain(exact - credit) if exact != credit else "",
                premises=[["fee", ""], ["answered", ""]],
            ),
        ],
        "engines": ENGINES,
        "rulebook": RULEBOOK,
    }
    return sealed(document)


def sealed(document: dict[str, Any]) -> dict[str, Any]:
    """The settlement with the digest it should have."""
    without = {key: value for key, value in document.items() if key != "digest"}
    return {**without, "digest": digest_of(canonical(without))}


def _plain(value: Fraction) -> str:
    return number_text(value)


def _step(
    figure: str, value: str, unit: str, formula: str, *, dropped: str = "", premises: list[list[str]] | None = None
) -> dict[str, Any]:
    return {
        "figure": figure,
        "item": "",
        "value": value,
        "unit": unit,
        "formula": formula,
        "says": figure,
        "clause": "4.1",
        "reached": "",
        "dropped": dropped,
        "note": "",
        "premises": premises or [],
    }


WHOLE = ("schema", "contract", "currency", "rulebook")
"""What the form of these settlements holds; their lines and steps are entries as they are."""


def form_of(document: dict[str, Any]) -> dict[str, Any]:
    rows: dict[str, Any] = {group: [] for group in ROWS}
    return {"schema": "bpo-contracts/form/1", "whole": {key: document[key] for key in WHOLE if key in document}, **rows}


def entries_of(document: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in document.items() if key not in (*WHOLE, "digest")}


def parts(document: dict[str, Any]) -> Parts:
    return Parts(
        rulebook=document["rulebook"],
        firings=b"[]",
        form=canonical(form_of(document)),
        entries=canonical(entries_of(document)),
        engines=canonical(document["engines"]),
        library="0.1.0",
    )


def keep_period(
    store: Store, period: str, answered: str = "64", source: str = "PBX", contract: dict[str, Any] = CONTRACT
) -> Kept:
    """Settles and keeps one period."""
    rows = performance(period, answered, source)

    def build(occasion: Occasion) -> Parts:
        document = settlement(
            contract,
            rows,
            revision=occasion.revision,
            supersedes=occasion.supersedes,
            earlier=len([one.document for one in occasion.earlier]),
        )
        return parts(document)

    return keep_as(store, period, rows, build, contract)


def keep_as(store: Store, period: str, rows: dict[str, Any], build: Build, contract: dict[str, Any] = CONTRACT) -> Kept:
    return keep(
        store,
        contract_id=contract["id"],
        period=period,
        contract=canonical(contract),
        performance=canonical(rows),
        build=build,
    )


def settle_again(case: SealedCase) -> SettledAgain:
    contract: Any = case.contract
    rows: Any = case.performance
    again = settlement(contract, rows, revision=case.revision, supersedes=case.supersedes, earlier=len(case.earlier))
    return SettledAgain(again, firings=[])


def fill(store: Store) -> None:
    """Three periods, the second one with a correction and the third one settled again because of it."""
    keep_period(store, "2016-01", "64")
    keep_period(store, "2016-02", "70")
    keep_period(store, "2016-03", "61.5")
    keep_period(store, "2016-02", "60")
    keep_period(store, "2016-03", "61.5")


def filled() -> MemoryStore:
    store = MemoryStore("ledger")
    fill(store)
    return store


class Tampered(MemoryStore):
    """A ledger whose records and annexes were changed by somebody who may write the medium."""

    def __init__(self, records: Iterable[StoredRecord], annexes: Iterable[Annex]) -> None:
        super().__init__("ledger")
        self._records = list(records)
        for one in self._records:
            self._of_period.setdefault((one.key.contract, one.key.period), []).append(one)
        self._annexes = {one.digest: one for one in annexes}


def contents(store: Store) -> list[dict[str, Any]]:
    """The records, opened."""
    documents: list[Any] = [open_record(record, store) for record in store.records()]
    return documents


def rechained(store: Store, documents: list[dict[str, Any]]) -> Tampered:
    """The documents sealed anew by somebody who mends every digest, link and column on the way."""
    records: list[StoredRecord] = []
    annexes: list[Annex] = []
    previous = GENESIS
    for sequence, document in enumerate(documents, 1):
        inside = document["settlement"]
        own = parts(inside)
        named = annex(canonical(document["contract"])), annex(own.form)
        annexes += named
        document = {**document, "previous": previous, "sequence": sequence, "settlement": parse_canonical(own.entries)}
        document["annexes"] = {"contract": named[0].digest, "form": named[1].digest}
        del document["contract"]
        content = canonical(document)
        key = RecordKey(inside["contract"]["id"], inside["period"]["label"], inside["revision"])
        inputs = inputs_digest(document)
        previous_now, previous = previous, digest_of(content)
        records.append(
            StoredRecord(
                sequence=sequence, digest=previous, previous=previous_now, key=key, inputs=inputs, content=content
            )
        )
    return Tampered(records, annexes)


def resealed(record: StoredRecord, content: bytes) -> StoredRecord:
    """The record with other bytes and the digest of those."""
    return replace(record, content=content, digest=digest_of(content))


def as_sealed(record: StoredRecord, store: Store) -> SealedRecord:
    return SealedRecord(
        sequence=record.sequence,
        digest=record.digest,
        previous=record.previous,
        inputs=record.inputs,
        content=record.content,
        annexes=tuple(store.annexes()),
    )
