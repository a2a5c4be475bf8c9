"""Both engines agree on every settlement, at the boundaries too, and no fact is beyond what an engine can hold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.laws.drawn import Settled, settled

from bpo_contracts.engines.durable_rules import engine_for
from bpo_contracts.rules.reference import Reference
from bpo_contracts.rules.rulebook import POSITION_MAX, Fact, Firing
from bpo_contracts.services.settling import measured, settle_all
from bpo_contracts.settlement.history import SettledHistory
from bpo_contracts.settlement.prepare import prepare
from bpo_contracts.settlement.settle import settle
from bpo_contracts.testing.strategies import contract_of, contracts, report_of, reports

_WHO_COMPUTED = {"engines", "digest"}


def _what_was_computed(document: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in document.items() if key not in _WHO_COMPUTED}


@settings(max_examples=40)
@given(settled())
def test_both_engines_settle_alike(drawn: Settled) -> None:
    """``settle`` raises ``EnginesDisagree`` at the first answer that differs."""
    if engine_for(prepare(drawn.contract).book.rulebook) is None:
        pytest.skip("durable-rules cannot be imported here")
    for settlement, by_reference in zip(settle_all(drawn.contract, drawn.measurements), drawn.documents, strict=True):
        assert [engine.name for engine in settlement.engines] == ["reference", "durable-rules"]
        assert _what_was_computed(settlement.document) == _what_was_computed(by_reference)


class _Watching(Reference):
    """A second engine that gives the right answers and remembers what it was asked."""

    asked: Sequence[Fact] = ()

    def fire(self, facts: Sequence[Fact]) -> frozenset[Firing]:
        self.asked = facts
        return super().fire(facts)


@settings(max_examples=15)
@given(st.data())
def test_every_fact_is_within_limits(data: st.DataObject) -> None:
    contract = contract_of(data.draw(contracts()))
    prepared = prepare(contract)
    measurements = measured(prepared, report_of(data.draw(reports(contract, periods=1))))
    period, engine = contract.first_period, _Watching(prepared.book.rulebook)
    settle(prepared, measurements, period, history=SettledHistory(prepared, period, {}), engine=engine)
    for fact in engine.asked:
        question = prepared.book.rulebook.questions[fact.question]
        assert len(fact.positions) == len(question.atoms)
        assert all(-POSITION_MAX <= position <= POSITION_MAX for position in fact.positions)
