"""Settling a scenario as any contract is settled, and once more with everything written the other way round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from bpo_contracts.contract.amending import check_amendments
from bpo_contracts.contract.changes import changed
from bpo_contracts.contract.reading import read_contract
from bpo_contracts.performance.measurement import bind
from bpo_contracts.services.settling import settle
from bpo_contracts.settlement.prepare import Prepared, prepare
from bpo_contracts.settlement.settlement import Settlement
from bpo_contracts.testing.case import Case, Scenario
from bpo_contracts.testing.happened import report_of
from bpo_contracts.values.findings import BadInput, EnginesDisagree, Finding
from bpo_contracts.values.nodes import DocNode, ListNode, MapNode
from bpo_contracts.values.sources import Source


@dataclass(frozen=True, slots=True)
class Outcome:
    """The settlements by period, or the findings for which there are none; ``prepared`` if the contract was sound."""

    prepared: Prepared | None = None
    settled: Mapping[str, Settlement] = field(default_factory=dict[str, Settlement])
    findings: tuple[Finding, ...] = ()

    @property
    def content(self) -> tuple[tuple[str, bytes], ...]:
        """The sealed bytes of every settlement."""
        return tuple((label, settlement.content) for label, settlement in self.settled.items())

    @property
    def refused(self) -> tuple[tuple[str, Source, str], ...]:
        """What of findings cannot depend on the order of the document: codes, places, sentences."""
        return tuple((finding.code, finding.source, finding.problem) for finding in self.findings)


def settle_scenario(case: Case, scenario: Scenario, *, turned: bool = False) -> Outcome:
    """The scenario, settled by its rules engines. ``turned``: clauses, fields, rows and facts in the reverse order."""
    prepared: Prepared | None = None
    try:
        document = changed(case.contract, scenario.changes)
        contract = read_contract(_turned(document) if turned else document)
        prepared = prepare(contract)
        if not scenario.periods:
            return Outcome(prepared)
        report = report_of(scenario, contract)
        if turned:
            report = replace(report, rows=report.rows[::-1])
        measurements = bind(report, prepared.shape)
        if measurements.rejected:
            raise BadInput(finding for row in measurements.rejected for finding in row.findings)
        asked = periods_to_settle(scenario)
        settled: dict[str, Settlement] = {}
        versions = [prepared, *(prepare(version) for version in check_amendments(contract))]
        looks_back = any(version.terms.program.looks_back for version in versions)
        for label in _in_turn(scenario, asked) if looks_back else asked:
            settled[label] = settle(contract, measurements, period=label, history=settled.values())
        return Outcome(prepared, {label: settled[label] for label in asked})
    except BadInput as bad:
        return Outcome(prepared, {}, bad.findings)
    except EnginesDisagree as wrong:
        step = "Report this: the rules engine and the reference must always agree."
        finding = Finding("BPO709", "engines-disagree", scenario.name.source, str(wrong), step)
        return Outcome(prepared, {}, (finding,))


def periods_to_settle(scenario: Scenario) -> list[str]:
    """The periods the expectations are about, in the order of the case."""
    if scenario.settle:
        return [label.text for label in scenario.settle]
    labels = [label.text for label, _ in scenario.periods]
    return labels if any(expected.listed for expected in scenario.expected) else labels[-1:]


def _in_turn(scenario: Scenario, asked: Sequence[str]) -> list[str]:
    """Every period of the scenario up to the last one asked for, also one without facts (``2026-03: {}``)."""
    return sorted({label.text for label, _ in scenario.periods if label.text <= max(asked)} | set(asked))


def _turned(document: MapNode) -> MapNode:
    """The document with every map, and the list of clauses, in the reverse order: nothing of it may matter."""
    entries = []
    for key, value in reversed(document.entries):
        if key.text == "clauses" and isinstance(value, ListNode):
            value = ListNode(tuple(_reversed(item) for item in reversed(value.items)), value.source)
        entries.append((key, _reversed(value)))
    return MapNode(tuple(entries), document.source)


def _reversed(node: DocNode) -> DocNode:
    if not isinstance(node, MapNode):
        return node
    return MapNode(tuple((key, _reversed(value)) for key, value in reversed(node.entries)), node.source)
