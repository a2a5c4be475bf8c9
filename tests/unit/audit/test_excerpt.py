"""A step found in the bytes of a record is the step that reading the whole record gives."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.laws.drawn import Settled, settled

from bpo_contracts.audit.excerpt import step_in
from bpo_contracts.services.keeping import keep_settlement
from bpo_contracts.services.settling import reported_periods
from bpo_contracts.stores.memory import MemoryStore
from bpo_contracts.testing.strategies import sentences


@settings(max_examples=10)
@given(settled())
def test_every_step_is_found_as_it_was_sealed(drawn: Settled) -> None:
    store = MemoryStore()
    for period in reported_periods(drawn.measurements, drawn.contract):
        keep_settlement(store, drawn.contract, drawn.measurements, period=period, engine="reference")
    for record in store.records():
        steps = json.loads(record.content)["settlement"]["steps"]
        for step in steps:
            assert step_in(record.content, step["figure"]) == (None if step["item"] else step)
        assert step_in(record.content, "no such figure") is None


HOSTILE = '"figure":"fee","formula":"", {"clause":"9"}, "steps":[ ],"supersedes":"'


@given(st.text(max_size=40) | sentences())
def test_no_text_can_pass_for_a_step(text: str) -> None:
    """Whatever a counterparty writes into words, titles and evidence stands inside a text, where quotes are escaped."""
    steps = [
        {"clause": text, "figure": name, "formula": HOSTILE + text, "item": "", "note": text} for name in ("a", "fee")
    ]
    settlement = {"adjustments": [{"words": HOSTILE}], "steps": steps, "supersedes": "", "totals": {}}
    record = {"contract": {"words": HOSTILE, "settlement": {"adjustments": []}}, "settlement": settlement}
    content = json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode(errors="replace")
    for index, name in enumerate(("a", "fee")):
        assert step_in(content, name) == json.loads(content)["settlement"]["steps"][index]
    assert step_in(content, text + "x") is None
