"""Measures taken from lists: shares, weighted shares, the worst reading; choices and claims with their evidence."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.clauses.making import HEAD, figure, settled

CLAUSES = "- base_fee: f\n  clause: '1'\n  words: w\n  amount: fee\n"
tickets = st.lists(st.tuples(st.booleans(), st.integers(0, 20), st.booleans()), max_size=8)


def head(measure: str, unit: str = '"%"') -> str:
    missing = unit.strip('"')
    line = f"  m: {{unit: {unit}, direction: lower is better, precision: unrounded, missing: 7 {missing}, {measure}}}\n"
    return HEAD.replace("measures:\n", "measures:\n" + line)


def month(rows: list[str]) -> str:
    return "2026-01:\n  fee: 5 EUR" + ("\n  tickets:" + "".join(f"\n    - {{{row}}}" for row in rows) if rows else "")


@settings(max_examples=30, deadline=None)
@given(tickets)
def test_a_share_of_what_counts(found: list[tuple[bool, int, bool]]) -> None:
    rows = [
        f"ticket: T{index}, done: '{'yes' if done else 'no'}', hours: {hours}, kind: {'x' if out else 'y'}"
        for index, (done, hours, out) in enumerate(found)
    ]
    counted = [(done, hours) for done, hours, out in found if not out]
    share = head('share_of: tickets, that_are: done, counting_only: kind is not "x"')
    expected = Fraction(100 * sum(done for done, _ in counted), len(counted)) if counted else Fraction(7)
    assert figure(settled(CLAUSES, month(rows), head=share), "m") == expected
    weighted = head('share_of: tickets, that_are: done, weighted_by: hours, counting_only: kind is not "x"')
    whole = sum(hours for _, hours in counted)
    part = sum(hours for done, hours in counted if done)
    expected = Fraction(100 * part, whole) if whole else Fraction(7)
    assert figure(settled(CLAUSES, month(rows), head=weighted), "m") == expected


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 20), max_size=6))
def test_the_worst_reading_outside_a_range(hours: list[int]) -> None:
    rows = [f"ticket: T{index}, hours: {amount}" for index, amount in enumerate(hours)]
    worst = head("worst_of: tickets, reading: hours, outside: 4 to 8 hours", unit="hours")
    expected = max((max(4 - amount, amount - 8, 0) for amount in hours), default=7)
    assert figure(settled(CLAUSES, month(rows), head=worst), "m") == expected * 60


def test_an_item_that_lacks_its_column_is_refused_and_not_left_out() -> None:
    for measure in ("share_of: tickets, that_are: done", "share_of: tickets, that_are: 'yes', weighted_by: hours"):
        text = CLAUSES + "- consequence: c\n  clause: '2'\n  words: w\n  when: m is over 50 %\n  happens: h\n"
        outcome = settled(text, month(["ticket: A, kind: x"]), head=head(measure))
        assert {finding.code for finding in outcome.findings} == {"BPO248"}
        assert "lacks" in outcome.findings[0].problem


def test_a_computed_measure_that_must_be_there_refuses() -> None:
    contract = head("share_of: tickets, that_are: done").replace("missing: 7 %", "missing: refuse")
    credit = "- service_credit: c\n  clause: '2'\n  words: w\n  measure: m\n  of: fee\n"
    credit += "  table: {50 % or more: 5 %, under 50 %: none}\n"
    outcome = settled(CLAUSES + credit, month([]), head=contract)
    assert {finding.code for finding in outcome.findings} == {"BPO248"}


def test_a_sample_of_a_share_is_what_was_counted() -> None:
    contract = head("share_of: tickets, that_are: done, minimum_sample: 2, below_sample: 99 %")
    one, two = "ticket: A, done: 'yes'", "ticket: B, done: 'no'"
    assert figure(settled(CLAUSES, month([one]), head=contract), "m") == 99
    assert figure(settled(CLAUSES, month([one, two]), head=contract), "m") == 50


@pytest.mark.parametrize(("fact", "refused"), [("'yes'", True), ("{value: 'yes', source: letter 1}", False)])
def test_a_choice_needs_its_evidence(fact: str, refused: bool) -> None:
    contract = HEAD.replace('missing: "no"}', 'missing: "no", elected_by: the client, needs_evidence: "yes"}')
    outcome = settled(CLAUSES, f"2026-01:\n  claimed: {fact}", head=contract)
    assert bool(outcome.findings) == refused
    if refused:
        assert [finding.code for finding in outcome.findings] == ["BPO409"]


def test_outer_means_the_item_around_the_aggregate() -> None:
    more = """
    figures:
      alike:
        for_each: tickets
        formula: count of tickets where (event is outer.event)
      incidents: count of tickets once per event
      costs: sum of cost for each tickets once per event and kind
    """
    rows = ["ticket: A, event: e, kind: k, cost: 5 EUR", "ticket: B, event: f, kind: k, cost: 7 EUR"]
    rows += ["ticket: C, event: e, kind: k, cost: 5 EUR", "ticket: D, event: e, kind: l, cost: 1 EUR"]
    outcome = settled(CLAUSES, month(rows), more=more)
    assert [figure(outcome, "alike", item) for item in "ABCD"] == [3, 1, 3, 3]
    assert figure(outcome, "incidents") == 2
    assert figure(outcome, "costs") == 13
