"""Whoever may write a ledger's file may seal what he likes, every digest and link in order.

Whatever he writes is a finding or a refusal, never a crash; and what ``verify`` and ``replay`` call sound leads to no other
amounts than the ledger as it was.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.audit.samples import Tampered

from bpo_contracts.audit.log import earlier_settlements, open_record
from bpo_contracts.audit.record import GENESIS, NO_EARLIER, Annex, annex, earlier_digest, inputs_digest
from bpo_contracts.audit.replay import replay
from bpo_contracts.audit.store import StoredRecord
from bpo_contracts.audit.verify import verify
from bpo_contracts.contract.contract import Contract
from bpo_contracts.contract.reading import read_contract
from bpo_contracts.formats.documents import read_document
from bpo_contracts.formats.performance import read_performance
from bpo_contracts.services.keeping import keep_settlement, settle_sealed
from bpo_contracts.services.statements import statement_document
from bpo_contracts.stores.memory import MemoryStore
from bpo_contracts.values.canonical import digest_of
from bpo_contracts.values.documents import UnexpectedShape, get_map
from bpo_contracts.values.findings import BadInput, IntegrityFailure

CONTRACT = b"""\
contract: desk
version: "1"
title: Desk
client: Client
provider: Provider
currency: EUR
term: {starts_on: 2026-01-01, ends_on: 2026-12-31}
period: month
rounding: {lines: half up to 0.01 EUR}
measures:
  used: {unit: hours, direction: neutral, precision: unrounded, missing: 100 hours}
  tariff: {unit: word, words: ["peak},{", "a\\"", flat], direction: neutral, precision: unrounded, missing: previous period}
figures:
  before: {title: used last month, formula: "used 1 months ago (before the start: 0 hours)"}
clauses:
  - {base_fee: fee, clause: "2", words: Fee., amount: 1000.00 EUR}
  - {transaction_charge: again, clause: "3", words: Again., measure: before, price: 1.00 EUR per hour}
  - {transaction_charge: energy, clause: "4", words: Hours., by: tariff, measure: used, table: {any: 3.00 EUR per hour}}
  - service_credit: late
    clause: "5"
    words: Late.
    measure: used
    of: fee
    table: {under 15 hours: 5 %, 15 hours or more: none}
"""
REPORT = """period,measure,value,status
2026-01,used,10,final
2026-01,tariff,"peak},{",final
2026-02,used,20,provisional
2026-03,used,30,final
"""
MONTHS = ("2026-01", "2026-02")


def contract() -> Contract:
    return read_contract(read_document(CONTRACT, "contract.yaml"))


def kept(store: MemoryStore, month: str) -> dict[str, Any]:
    report = read_performance(REPORT.encode(), "report.csv")
    return keep_settlement(store, contract(), report, period=month, engine="reference").document


def honest() -> MemoryStore:
    store = MemoryStore("ledger")
    for month in MONTHS:
        kept(store, month)
    return store


HONEST = honest()
MARCH = kept(honest(), "2026-03")


def without_revisions(document: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in document.items() if key not in ("digest", "supersedes")}


def resealed(change: Callable[[dict[str, Any], dict[str, Any]], None]) -> Tampered:
    """The ledger with each record and its form changed before they are sealed anew."""
    records: list[StoredRecord] = []
    annexes: list[Annex] = []
    previous, before = GENESIS, list[str]()
    for record in HONEST.records():
        content: dict[str, Any] = json.loads(record.content)
        form: dict[str, Any] = json.loads(HONEST.annex(content["annexes"]["form"]) or b"")
        change(content, form)
        own = annex(written(form))
        named = HONEST.annex(json.loads(record.content)["annexes"]["contract"]) or b""
        annexes += [own, annex(named)]
        if isinstance(content.get("annexes"), dict):
            content["annexes"]["form"] = own.digest
        if content.get("earlier") not in (None, NO_EARLIER):
            content["earlier"] = earlier_digest(before)
        sealed = written({**content, "previous": previous})
        try:
            inputs = inputs_digest(content)
        except (UnexpectedShape, TypeError, ValueError):
            inputs = record.inputs
        link, previous = previous, digest_of(sealed)
        before.append(previous)
        records.append(StoredRecord(record.sequence, previous, link, record.key, inputs, sealed))
    return Tampered(records, annexes)


def written(document: object) -> bytes:
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode(
        errors="surrogatepass"
    )


def sound(store: MemoryStore) -> bool:
    """What verify and replay say; a crash of one of them fails the test."""
    report = verify(store)
    verified = report.intact.holds and report.consistent.holds and report.arithmetic.holds
    return replay(store, lambda case: settle_sealed(case, "reference")).holds and verified


def used_in_any_way(store: MemoryStore) -> dict[str, Any] | None:
    """Everything that reads a ledger; March, if it can be settled on it."""
    for record in store.records():
        with suppress(BadInput, IntegrityFailure):
            statement_document(get_map(open_record(record, store), "settlement"), contract())
    try:
        return kept(store, "2026-03")
    except (BadInput, IntegrityFailure):
        return None


FAKE = [{"figure": "used", "value": "999"}, {"figure": "z", "value": "0"}]


def step_of(entries: dict[str, Any], figure: str = "used.reported") -> dict[str, Any]:
    return next(one for one in entries["steps"] if one["figure"] == figure)


def a_digest_that_holds_steps(record: dict[str, Any], form: dict[str, Any]) -> None:
    record["settlement"]["digest"] = {"a": 1, "steps": FAKE}


def engines_that_hold_steps(record: dict[str, Any], form: dict[str, Any]) -> None:
    record["engines"][0]["steps"] = FAKE
    record["settlement"]["engines"] = record["engines"]


def firings_that_hold_a_settlement(record: dict[str, Any], form: dict[str, Any]) -> None:
    record["firings"] = [{"a": 0, "settlement": {"adjustments": [], "steps": FAKE}}]


def a_status_in_the_form(record: dict[str, Any], form: dict[str, Any]) -> None:
    form["whole"]["status"] = record["settlement"].pop("status")


def no_value(record: dict[str, Any], form: dict[str, Any]) -> None:
    del step_of(record["settlement"])["value"]


def no_number(record: dict[str, Any], form: dict[str, Any]) -> None:
    for figure in ("used.reported", "used"):
        step_of(record["settlement"], figure)["value"] = "1e5"


def a_step_without_its_row(record: dict[str, Any], form: dict[str, Any]) -> None:
    form["steps"] = [one for one in form["steps"] if one["figure"] != "used"]


def a_rounding_to_nothing(record: dict[str, Any], form: dict[str, Any]) -> None:
    step_of(form, "energy.gross")["formula"] = "rounded half up to 0 EUR"


def a_period_of_no_name(record: dict[str, Any], form: dict[str, Any]) -> None:
    record["settlement"]["period"]["label"] = "1e5"


def amounts_in_the_form(record: dict[str, Any], form: dict[str, Any]) -> None:
    form["charges"][0]["amount"] = "99.00"


def other_answers(record: dict[str, Any], form: dict[str, Any]) -> None:
    record["firings"] = [["lies"]]


def an_answer_the_other_way(record: dict[str, Any], form: dict[str, Any]) -> None:
    record["firings"][0][2] += 1


FOUND = [
    a_digest_that_holds_steps,
    engines_that_hold_steps,
    firings_that_hold_a_settlement,
    a_status_in_the_form,
    no_value,
    no_number,
    a_step_without_its_row,
    a_rounding_to_nothing,
    a_period_of_no_name,
    amounts_in_the_form,
    other_answers,
    an_answer_the_other_way,
]


def test_the_honest_ledger_is_sound() -> None:
    assert sound(HONEST)
    assert sound(resealed(lambda record, form: None))
    assert used_in_any_way(resealed(lambda record, form: None)) == MARCH
    assert MARCH["charges"][1]["amount"] == "20.00"
    assert MARCH["status"] == "provisional"


@pytest.mark.parametrize("change", FOUND, ids=lambda change: change.__name__)
def test_what_two_readers_could_see_differently_is_found(
    change: Callable[[dict[str, Any], dict[str, Any]], None],
) -> None:
    store = resealed(change)
    assert not sound(store)
    march = used_in_any_way(store)
    assert march is None or without_revisions(march)["totals"] == MARCH["totals"]


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every place in a document."""
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in items:
        yield from places(one, (*path, key))


_FIRST, *_ = HONEST.records()
_CONTENT: dict[str, Any] = json.loads(_FIRST.content)
_FORM: dict[str, Any] = json.loads(HONEST.annex(_CONTENT["annexes"]["form"]) or b"")
PLACES = [("record", *path) for path in places(_CONTENT) if path] + [("form", *path) for path in places(_FORM) if path]
ODD: list[Any] = [
    None,
    True,
    0,
    10**30,
    "",
    "x",
    "1",
    "0.5",
    "1/0",
    "NaN",
    "2026-01",
    [],
    {},
    [[]],
    [["a"]],
    {"a": "b"},
    FAKE,
    "\ud800",
]


@settings(max_examples=250)
@given(st.sampled_from(PLACES), st.sampled_from(["replaced", "deleted", "added"]), st.sampled_from(ODD))
def test_whatever_is_sealed_is_found_or_changes_nothing(place: tuple[str | int, ...], how: str, odd: Any) -> None:
    def change(record: dict[str, Any], form: dict[str, Any]) -> None:
        holder: Any = record if place[0] == "record" else form
        parts: list[Any] = list(place[1:])
        try:
            for part in parts[:-1]:
                holder = holder[part]
            holder[parts[-1]]
        except (KeyError, IndexError):
            return  # the second month has fewer entries
        key = parts[-1]
        if how == "added" and isinstance(holder, dict):
            holder["extra"] = copy.deepcopy(odd)
        elif how == "added":
            holder.append(copy.deepcopy(odd))
        elif how == "deleted":
            del holder[key]
        else:
            holder[key] = copy.deepcopy(odd)

    store = resealed(change)
    holds = sound(store)
    march = used_in_any_way(store)
    if holds:
        assert march is not None
        assert without_revisions(march) == without_revisions(MARCH)


def test_words_that_look_like_json_are_words() -> None:
    """A word of the report ends an entry, and its own end looks like that of the entry."""
    store = honest()
    [january, february] = earlier_settlements(store, "desk", before="2026-03")
    assert (january.step("tariff") or {})["value"] == (february.step("tariff") or {})["value"] == "peak},{"
    assert (january.provisional, february.provisional) == (False, True)
