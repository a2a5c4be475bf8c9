"""A smallest amount never pays where nothing is due."""

from __future__ import annotations

from fractions import Fraction

import pytest
from tests.unit.clauses.making import findings_of
from tests.unit.clauses.months import months, small

CLAUSE = """
- service_credit: credit
  clause: "1"
  words: A credit of 5 % of the fee below 90 %, at least EUR 100.00.
  measure: level
  table: {90 % or more: none, under 90 %: 5 %}
  of: fee
  at_least: 100.00 EUR
"""
ROWS = "table: {90 % or more: none, under 90 %: 5 %}"
FLOOR = "at_least: 100.00 EUR"


@pytest.mark.parametrize(
    "clause",
    [
        CLAUSE,
        CLAUSE.replace("none", "0 %"),
        CLAUSE.replace("service_credit", "bonus").replace("none, under 90 %: 5 %", "5 %, under 90 %: 0.0 %"),
        CLAUSE.replace(ROWS, "line: {90 %: 0 %, 80 %: 5 %}"),
        CLAUSE.replace(ROWS, "rate: 1 %\n  per: 5 %\n  part_steps: ignored").replace(
            "measure: level", "measure: 90 % - level"
        ),
        CLAUSE.replace(FLOOR, "rate_at_least: 2 %"),
    ],
)
def test_a_floor_beside_a_row_of_nothing_is_refused(clause: str) -> None:
    assert [finding.code for finding in findings_of(clause)] == ["BPO175"]


@pytest.mark.parametrize(
    "clause",
    [
        CLAUSE.replace("none", "1 %"),
        CLAUSE + "  only_if: level is under 90 %\n",
        CLAUSE.replace(FLOOR, "at_least: 0.00 EUR"),
        CLAUSE.replace("service_credit", "incentive").replace(FLOOR, "at_least: -100.00 EUR"),
        CLAUSE.replace(FLOOR, "smallest: {raised_to: 100.00 EUR, compared: before rounding}"),
    ],
)
def test_a_floor_of_what_is_due_is_taken(clause: str) -> None:
    assert findings_of(clause) == ()


def test_what_is_due_is_raised_and_nothing_stays_nothing() -> None:
    raised = small(CLAUSE.replace(FLOOR, "smallest: {raised_to: 100.00 EUR, compared: before rounding}"))
    settled = raised.settled(months([{"fee": 1000, "level": level} for level in (Fraction(80), Fraction(95))]))
    assert settled["credit"] == [100, 0]
