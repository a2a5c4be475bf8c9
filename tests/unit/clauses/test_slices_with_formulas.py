"""Slices whose ends are formulas can come apart, or cross, when the numbers are known: both are refused, each by its name."""

from __future__ import annotations

import pytest
from tests.unit.clauses.making import PLAIN_HEAD, settled

HEAD = (
    PLAIN_HEAD
    + """\
measures:
  calls: {unit: calls, direction: neutral, precision: unrounded, missing: refuse}
  first: {unit: calls, direction: neutral, precision: unrounded, missing: refuse}
  second: {unit: calls, direction: neutral, precision: unrounded, missing: refuse}
"""
)
CLAUSE = """\
- transaction_charge: call_fee
  clause: "1"
  words: w
  measure: calls
  slices: {first or less: 1 EUR per call, over second: 2 EUR per call}
"""
THREE = CLAUSE.replace("over second:", "over second to under 30: 3 EUR per call, over 40:")


@pytest.mark.parametrize(
    ("clause", "first", "second", "problem", "step"),
    [
        (CLAUSE, 20, 15, "Two slices overlap: both hold what lies from 15 to 20.", "Let each slice begin"),
        (CLAUSE, 15, 20, "The slices cover 45 of the 50 from 0 to 50.", "Add the missing slice"),
        (THREE, 20, 10, "Two slices overlap: both hold what lies from 10 to 20.", "Let each slice begin"),
    ],
    ids=["overlap", "gap", "a gap as long as the overlap"],
)
def test_slices_hold_each_part_once(clause: str, first: int, second: int, problem: str, step: str) -> None:
    outcome = settled(clause, f"2026-01: {{calls: 50, first: {first}, second: {second}}}", head=HEAD)
    assert [finding.code for finding in outcome.findings] == ["BPO240"]
    assert outcome.findings[0].problem == problem
    assert outcome.findings[0].next_step.startswith(step)


def test_slices_that_touch_are_counted() -> None:
    outcome = settled(CLAUSE, "2026-01: {calls: 50, first: 20, second: 20}", head=HEAD)
    assert outcome.findings == ()
