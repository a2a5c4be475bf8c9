"""What an aggregate of nothing is: what the formula says, 0 for sums and counts, and no value for others."""

from __future__ import annotations

import pytest
from tests.unit.clauses.making import PLAIN_HEAD, figure, findings_of, settled

HEAD = (
    PLAIN_HEAD
    + """\
lists:
  tickets:
    columns: {ticket: word, hours: hours, done: yes/no}
    key: ticket
    missing: none happened
"""
)
FEE = """
- base_fee: fee
  clause: "1"
  words: EUR 100.00 each month.
  amount: 100.00 EUR
"""
ONE = "2026-01: {tickets: [{ticket: A, hours: 3, done: yes}]}"
NOTHING = "2026-01: {tickets: []}"
AGGREGATES = [
    ("sum of hours for each tickets", 180, "0 hours", "minutes"),
    ("count of tickets", 1, "0", ""),
    ("average of hours for each tickets", 180, None, "minutes"),
    ("highest of hours for each tickets", 180, None, "minutes"),
    ("median of hours for each tickets (mean of the two middle values)", 180, None, "minutes"),
]


def value(formula: str, facts: str, unit: str) -> int | None:
    """The figure in its base unit; None if it has no value."""
    more = f'figures:\n  x: "{formula}"\n  y: x or else -1 {unit}\n'
    found = figure(settled(FEE, facts, head=HEAD, more=more), "y")
    return None if found == -1 else int(found)


@pytest.mark.parametrize(("aggregate", "of_one", "of_none", "unit"), AGGREGATES)
def test_an_aggregate_of_nothing(aggregate: str, of_one: int, of_none: str | None, unit: str) -> None:
    assert value(aggregate, NOTHING, unit) == (None if of_none is None else 0)
    assert value(f"{aggregate} (none found: no result)", NOTHING, unit) is None
    assert value(f"{aggregate} (none found: 7 {unit})", NOTHING, unit) == 7
    assert value(f"{aggregate} (none found: no result)", ONE, unit) == of_one


def test_conditions_of_nothing() -> None:
    for said, holds in (("", "yes"), (" (none found: no)", "no"), (" (none found: no result)", "no")):
        condition = f"((every of done for each tickets{said}) or else no)"
        more = f'figures:\n  x: "if {condition} then 1 else 0"\n'
        assert figure(settled(FEE, NOTHING, head=HEAD, more=more), "x") == (holds == "yes"), said


@pytest.mark.parametrize(
    "formula",
    [
        "count of tickets (none found: 1 EUR)",
        "any of done for each tickets (none found: 0)",
        "highest of start of period for each tickets (none found: 0)",
    ],
)
def test_what_holds_for_nothing_fits_the_aggregate(formula: str) -> None:
    findings = findings_of(FEE, head=HEAD, more=f'figures:\n  x: "{formula}"\n')
    assert [one.code for one in findings] == ["BPO230"], [one.render() for one in findings]


def test_a_count_that_may_have_no_result_is_a_whole_number() -> None:
    """Its table has no gap between 2 and 3."""
    credit = """
        - tariff: many
          clause: "2"
          words: w
          measure: number_of_tickets
          table: {2 or fewer: 0.00 EUR, 3 or more: 10.00 EUR}
    """
    more = 'figures:\n  number_of_tickets: "count of tickets (none found: no result)"\n'
    assert findings_of(credit, head=HEAD, more=more) == ()
