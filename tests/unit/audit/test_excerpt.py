"""The entry of a step found in the bytes of a record is the one that reading the whole record gives."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.laws.drawn import Settled, settled

from bpo_contracts.audit.excerpt import entry_in, form_in, is_provisional
from bpo_contracts.audit.log import earlier_settlements, settlement_of
from bpo_contracts.services.keeping import keep_settlement
from bpo_contracts.services.settling import reported_periods
from bpo_contracts.stores.memory import MemoryStore
from bpo_contracts.testing.strategies import sentences
from bpo_contracts.values.documents import get_maps, get_text


@settings(max_examples=10)
@given(settled())
def test_every_step_is_found_as_it_was_sealed(drawn: Settled) -> None:
    store = MemoryStore()
    for period in reported_periods(drawn.measurements, drawn.contract):
        keep_settlement(store, drawn.contract, drawn.measurements, period=period, engine="reference")
    for record in store.records():
        content = json.loads(record.content)
        assert form_in(record.content) == content["annexes"]["form"]
        assert is_provisional(record.content) == (content["settlement"]["status"] == "provisional")
        for entry in content["settlement"]["steps"]:
            assert entry_in(record.content, entry["figure"]) == (None if "item" in entry else entry)
        assert entry_in(record.content, "no such figure") is None


@settings(max_examples=10)
@given(settled())
def test_an_earlier_step_is_the_one_of_the_settlement(drawn: Settled) -> None:
    store = MemoryStore()
    for period in reported_periods(drawn.measurements, drawn.contract):
        keep_settlement(store, drawn.contract, drawn.measurements, period=period, engine="reference")
    latest = {record.key.period: record for record in store.records()}
    for earlier in earlier_settlements(store, drawn.contract.id, before="2099-01"):
        for step in get_maps(settlement_of(latest[earlier.period], store), "steps"):
            assert earlier.step(get_text(step, "figure")) == (None if step["item"] else step)


HOSTILE = '"figure":"fee","value":"", {"figure":"fee"},{"figure":"fee", "steps":[ ],"supersedes":"'


@given(st.text(max_size=40) | sentences())
def test_no_text_can_pass_for_a_step(text: str) -> None:
    """Whatever a counterparty writes into words, titles and evidence stands inside a text, where quotes are escaped."""
    steps = [{"figure": name, "note": HOSTILE + text, "value": HOSTILE} for name in ("a", "fee")]
    settlement = {"adjustments": [{"words": HOSTILE}], "steps": steps, "supersedes": "", "totals": {}}
    record = {"performance": {"words": HOSTILE, "settlement": {"adjustments": []}}, "settlement": settlement}
    content = json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode(errors="replace")
    for index, name in enumerate(("a", "fee")):
        assert entry_in(content, name) == json.loads(content)["settlement"]["steps"][index]
    assert entry_in(content, text + "x") is None
