"""Items of earlier periods: found by their key, counted by what this item is."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.clauses.making import HEAD, figure, findings_of, settled

CLAUSE = """
- liquidated_damages: damages
  clause: "1"
  words: w
  for_each: tickets
  rounded: each item
  amount: seen * 1.00 EUR
"""
KEYLESS = HEAD.replace("    key: ticket\n", "")
LIKE_THIS = """
figures:
  twice: {for_each: tickets, formula: hours * 2}
  seen:
    for_each: tickets
    formula: >-
      sum of (count of tickets where (event is this item's event and hours is at most this item's twice))
      over ${months} (short history: the months there are) (none found: 0)
"""
Ticket = tuple[str, int]
months = st.lists(
    st.lists(st.tuples(st.sampled_from("efg"), st.integers(1, 9)), min_size=1, max_size=4), min_size=2, max_size=3
)


def facts(given: Sequence[Sequence[Ticket]], order: Sequence[int]) -> str:
    """The months; ``order`` are the numbers of the tickets, so that the same ones can be listed otherwise."""
    lines = []
    for month, tickets in enumerate(given, start=1):
        lines += [f"2026-0{month}:", "  tickets:"]
        for number, (event, hours) in zip(order, tickets, strict=False):
            lines.append(f"    - {{ticket: T{number}, event: {event}, hours: {hours} hours}}")
    return "\n".join(lines)


@settings(max_examples=40, deadline=None)
@given(months, st.permutations(range(4)), st.booleans())
def test_this_item_stays_this_item_in_earlier_periods(
    given: list[list[Ticket]], order: list[int], with_this: bool
) -> None:
    window = "last 3 months" if with_this else "previous 2 months"
    looked_at = given if with_this else given[:-1]
    expected = sum(
        sum(event == own and hours <= 2 * most for month in looked_at for event, hours in month)
        for own, most in given[-1]
    )
    more = LIKE_THIS.replace("${months}", window)
    assert figure(settled(CLAUSE, facts(given, order), more=more), "damages") == expected


def test_an_earlier_value_of_an_item_needs_a_key() -> None:
    sum_of_its_cost = "figures: {seen: {for_each: tickets, formula: (sum of cost over %s) / 1 EUR}}\n"
    ago = 'figures: {seen: {for_each: tickets, formula: "previous month\'s cost (before the start: 0 EUR) / 1 EUR"}}\n'

    def codes(more: str, head: str = HEAD) -> list[str]:
        return [finding.code for finding in findings_of(CLAUSE, more=more, head=head)]

    for more in (sum_of_its_cost % "all earlier months", sum_of_its_cost % "all months so far", ago):
        assert codes(more, KEYLESS) == ["BPO160"]
        assert codes(more) == []
    assert codes(LIKE_THIS.replace("${months}", "last 3 months"), KEYLESS) == []


AGAIN = """
- repeat_multiplier: again
  clause: "2"
  words: w
  for_each: tickets
  failed_when: hours is over 5 hours
  counted: {counted}
  no_data: {no_data}
  table: {{1 or less: "1", 2 or more: "2"}}
- tariff: late
  clause: "3"
  words: w
  for_each: tickets
  rounded: each item
  measure: hours
  table: {{5 hours or less: none, over 5 hours: 10.00 EUR}}
  multiplied_by: again
"""


@pytest.mark.parametrize("counted", ["in a row", "last 3 months"])
@pytest.mark.parametrize(("no_data", "gap"), [("does not count", 1), ("counts as failed", 2), ("is left out", 1)])
def test_an_item_that_a_month_does_not_have_is_without_data_in_it(counted: str, no_data: str, gap: int) -> None:
    clauses = AGAIN.format(counted=counted, no_data=no_data)
    months = "2026-01:\n  tickets: [{ticket: A, hours: 9 hours}]\n2026-02:\n  tickets: [{ticket: B, hours: 9 hours}]\n"
    assert figure(settled(clauses, months), "late") == 10 * gap
    months += "2026-03:\n  tickets: [{ticket: B, hours: 9 hours}]\n"
    assert figure(settled(clauses, months), "late") == 20


CLAIMED = """
figures:
  credit: fee * 2
  seen:
    for_each: tickets
    formula: >-
      (sum of (if end of period is this item's opened then credit else 0 EUR) over last 3 months
      (short history: the months there are)) / 1 EUR
"""


@pytest.mark.parametrize(
    ("opened", "paid"), [("2026-01-31", 20), ("2026-02-28", 40), ("2026-03-31", 60), ("2026-03-30", 0)]
)
def test_an_item_picks_an_earlier_month(opened: str, paid: int) -> None:
    """A credit of an earlier month, claimed now for the month that the item names."""
    facts = (
        f"2026-01: {{fee: 10}}\n2026-02: {{fee: 20}}\n2026-03: {{fee: 30, tickets: [{{ticket: T, opened: {opened}}}]}}"
    )
    assert figure(settled(CLAUSE, facts, more=CLAIMED), "damages") == paid
