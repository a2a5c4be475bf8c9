"""The entry of a step found in the bytes of a record is the one that reading the whole record gives."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.laws.drawn import Settled, settled

from bpo_contracts.audit.excerpt import Excerpt
from bpo_contracts.audit.log import earlier_settlements, settlement_of
from bpo_contracts.stores.memory import MemoryStore
from bpo_contracts.testing.strategies import sentences
from bpo_contracts.values.documents import get_maps, get_text


@settings(max_examples=10)
@given(settled())
def test_every_step_is_found_as_it_was_sealed(drawn: Settled) -> None:
    store = drawn.kept_in(MemoryStore())
    for record in store.records():
        content = json.loads(record.content)
        excerpt = Excerpt(record.content)
        assert excerpt.form == content["annexes"]["form"]
        assert excerpt.provisional == (content["settlement"]["status"] == "provisional")
        for entry in content["settlement"]["steps"]:
            assert excerpt.entry(entry["figure"]) == (None if "item" in entry else entry)
        assert excerpt.entry("no such figure") is None


@settings(max_examples=10)
@given(settled())
def test_an_earlier_step_is_the_one_of_the_settlement(drawn: Settled) -> None:
    store = drawn.kept_in(MemoryStore())
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
        assert Excerpt(content).entry(name) == json.loads(content)["settlement"]["steps"][index]
    assert Excerpt(content).entry(text + "x") is None
