"""A small contract around the clauses of a test, and what is settled or refused of it."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from textwrap import dedent, indent

from bpo_contracts.contract.reading import read_contract
from bpo_contracts.formats.documents import read_document
from bpo_contracts.settlement.history import SettledNow
from bpo_contracts.settlement.prepare import prepare
from bpo_contracts.testing.case import Case
from bpo_contracts.testing.reading import read_case
from bpo_contracts.testing.settling import Outcome, settle_scenario
from bpo_contracts.values.findings import BadInput, Finding

PLAIN_HEAD = """\
contract: small
version: "1"
title: Small
client: Client
provider: Provider
currency: EUR
term: {starts_on: 2026-01-01, ends_on: 2026-12-31}
period: month
rounding: {lines: half up to 0.01 EUR}
"""

HEAD = (
    PLAIN_HEAD
    + """\
measures:
  fee: {unit: EUR, direction: neutral, precision: unrounded, missing: 1000 EUR}
  level: {unit: "%", direction: higher is better, precision: unrounded, missing: not scored, between: 0 % to 100 %}
  claimed: {unit: yes/no, direction: neutral, precision: unrounded, missing: "no"}
lists:
  tickets:
    columns: {ticket: word, event: word, kind: word, opened: day, hours: hours, cost: EUR, share: "%", done: yes/no}
    key: ticket
    between: {share: 0 % to 1000 %}
    missing: none happened
"""
)


def contract_text(clauses: str, *, more: str = "", head: str = HEAD) -> str:
    """The contract document: ``more`` are further parts of it, at its left edge."""
    return head + dedent(more) + "clauses:\n" + indent(dedent(clauses).strip("\n"), "  ") + "\n"


def case_of(clauses: str, facts: str, *, more: str = "", head: str = HEAD) -> Case:
    """A case of one scenario; ``facts`` are the periods with their facts."""
    text = "title: t\nsource: s\ncontract:\n" + indent(contract_text(clauses, more=more, head=head), "  ")
    text += "scenarios:\n  - name: n\n    periods:\n" + indent(dedent(facts).strip("\n"), "      ")
    text += "\n    expect: {net: [" + ", ".join("0" for _ in _periods(facts)) + "]}\n"
    return read_case(read_document(text.encode(), "case.yaml"), "case.yaml")


def _periods(facts: str) -> list[str]:
    return [line for line in dedent(facts).strip("\n").splitlines() if not line.startswith(" ")]


def settled(clauses: str, facts: str, *, more: str = "", head: str = HEAD) -> Outcome:
    """What comes of the clauses and the facts; the findings are in it."""
    case = case_of(clauses, facts, more=more, head=head)
    return settle_scenario(case, case.scenarios[0])


def figure(outcome: Outcome, name: str, item: str = "") -> Fraction:
    """A number of the last period settled, in the base of its unit."""
    assert outcome.findings == (), [finding.render() for finding in outcome.findings]
    assert outcome.prepared is not None
    settlement = list(outcome.settled.values())[-1]
    value = SettledNow(outcome.prepared, settlement).value(name, item)
    assert isinstance(value, tuple)
    return Fraction(*value)


def findings_of(clauses: str, *, more: str = "", head: str = HEAD) -> Sequence[Finding]:
    """The findings of the contract; none if it is sound."""
    try:
        prepare(read_contract(read_document(contract_text(clauses, more=more, head=head).encode(), "contract.yaml")))
    except BadInput as bad:
        return bad.findings
    return ()


def place_text(finding: Finding, clauses: str, *, more: str = "", head: str = HEAD) -> str:
    """The rest of the line that a finding points at."""
    line = contract_text(clauses, more=more, head=head).splitlines()[finding.source.line - 1]
    return line[finding.source.column - 1 :]
