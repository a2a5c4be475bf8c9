"""Periods settled one by one through a ledger, or all at once: the same settlements. And an earlier period that is
missing is named, never made up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.unit.clauses.making import PLAIN_HEAD, contract_text

from bpo_contracts import BadInput
from bpo_contracts.contract.changes import changed
from bpo_contracts.contract.contract import Contract
from bpo_contracts.contract.reading import read_contract
from bpo_contracts.formats.documents import read_document
from bpo_contracts.formats.performance import read_performance
from bpo_contracts.performance.measurement import Measurements, bind
from bpo_contracts.services.keeping import keep_settlement
from bpo_contracts.services.settling import settle
from bpo_contracts.settlement.prepare import prepare
from bpo_contracts.settlement.settlement import Settlement
from bpo_contracts.stores.memory import MemoryStore
from bpo_contracts.testing import Case, Scenario, read_case_file
from bpo_contracts.testing.happened import report_of

CASES = Path(__file__).parents[1] / "cases"
LOOK_BACK = [
    "A05-accord-cap-of-twelve-months",
    "B05-repeat-failure-goes-on",
    "C03-recidivism",
    "K14-instalments",
    "K41-points-and-next-bill",
    "K63-retention",
    "K64-set-off-and-breach",
    "K67-earn-back",
    "K68-withhold",
    "own/F11-two-credits-one-cap",
    "own/F13-dearer-in-a-row",
    "own/F13-points-and-a-plan",
    "own/F14-average-of-three",
    "own/F14-hours-of-two-months",
    "own/F14-level-that-rises",
    "own/F15-advance",
    "own/F15-bonus-taken-back",
    "own/F15-earned-back-in-stages",
    "own/F15-interim-and-final",
    "own/F19-fees-of-the-year-of-the-event",
    "own/F24-last-known-score",
    "own/F25-warning-and-right-to-end",
]


def scenarios(name: str) -> Iterator[tuple[Case, Scenario]]:
    """The scenarios of a case that are settled and have more than one period."""
    case = read_case_file(str(CASES / f"{name}.yaml"))
    for scenario in case.scenarios:
        if scenario.refusal is None and len(scenario.periods) > 1:
            yield case, scenario


def parts(case: Case, scenario: Scenario) -> tuple[Contract, Measurements, list[str]]:
    contract = read_contract(changed(case.contract, scenario.changes))
    measured = bind(report_of(scenario, contract), prepare(contract).shape)
    return contract, measured, sorted(label.text for label, _ in scenario.periods)


def only(measured: Measurements, label: str) -> Measurements:
    """What is about one period: what arrives at the end of it."""
    return replace(
        measured,
        measured=tuple(one for one in measured.measured if one.period.label == label),
        listed=tuple(one for one in measured.listed if one.period.label == label),
    )


@pytest.mark.parametrize("name", LOOK_BACK)
def test_one_by_one_through_a_ledger_or_all_at_once_is_the_same(name: str) -> None:
    seen = 0
    for case, scenario in scenarios(name):
        contract, report, labels = parts(case, scenario)
        store = MemoryStore()
        kept = [
            keep_settlement(store, contract, only(report, label), period=label, engine="reference").document
            for label in labels
        ]
        at_once: list[dict[str, object]] = []
        history: list[Settlement] = []
        for label in labels:
            history.append(settle(contract, report, period=label, history=history, engine="reference"))
            at_once.append(history[-1].document)
        assert kept == at_once
        seen += len(labels)
    assert seen


@pytest.mark.parametrize(
    ("name", "scenario", "missing"),
    [("K63-retention", 0, "2026-03"), ("K67-earn-back", 0, "2026-03"), ("own/F15-advance", 0, "2026-03")],
)
def test_a_period_that_was_not_settled_is_named(name: str, scenario: int, missing: str) -> None:
    contract, report, labels = parts(*list(scenarios(name))[scenario])
    assert prepare(contract).terms.program.looks_back
    store = MemoryStore()
    for label in labels[:4]:
        if label != missing:
            with_it = only(report, label)
            if label < missing:
                keep_settlement(store, contract, with_it, period=label, engine="reference")
                continue
            with pytest.raises(BadInput) as refused:
                keep_settlement(store, contract, with_it, period=label, engine="reference")
            (finding,) = refused.value.findings
            assert finding.code == "BPO405"
            assert missing in finding.problem
            assert missing in finding.next_step
    assert store.periods(contract.id) == tuple(labels[:2])


@pytest.mark.parametrize(("missing", "empty_row"), [("0 days", True), ("not scored", True), ("refuse", False)])
def test_a_missing_period_can_be_an_empty_row_only_where_the_contract_settles_one(
    missing: str, empty_row: bool
) -> None:
    clauses = """
    - base_fee: paid
      clause: "1"
      words: w
      amount: (sum of late over all months so far) * 1.00 EUR per day
    """
    late = f"  late: {{unit: days, direction: lower is better, precision: unrounded, missing: {missing}}}\n"
    text = contract_text(clauses, head=f"{PLAIN_HEAD}measures:\n{late}")
    contract = read_contract(read_document(text.encode(), "contract.yaml"))
    report = read_performance(b"period,late\n2026-01,1\n2026-03,1\n", "report.csv")
    with pytest.raises(BadInput) as refused:
        settle(contract, report, period="2026-03", engine="reference")
    (finding,) = refused.value.findings
    assert finding.code == "BPO405"
    assert finding.next_step.startswith("Settle 2026-02 first, or give its performance")
    assert ("(if nothing happened in 2026-02: a row with its period alone)" in finding.next_step) is empty_row


def test_a_period_that_is_not_needed_may_be_missing() -> None:
    """A window of three months does not ask for the month before it."""
    contract, report, labels = parts(*next(scenarios("own/F11-two-credits-one-cap")))
    history = [settle(contract, report, period=label, engine="reference") for label in labels]
    recent = settle(contract, only(report, labels[4]), period=labels[4], history=history[2:4], engine="reference")
    assert recent.content == history[4].content
