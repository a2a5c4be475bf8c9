"""Clauses about items: the sum of its items, limits of rates, repeats, the highest of an incident, small amounts."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.clauses.making import figure, settled

CLAUSE = """
- service_credit: credit
  clause: "1"
  words: w
  for_each: tickets
  rounded: each item
"""
costs = st.lists(st.integers(0, 500), min_size=1, max_size=8)
events = st.sampled_from(["e", "f", "g"])
incidents = st.lists(st.tuples(events, st.integers(0, 500)), min_size=1, max_size=8)
few = settings(max_examples=25, deadline=None)


def month(rows: list[str]) -> str:
    listed = "".join(f"\n    - {{{row}}}" for row in rows)
    return "2026-01:\n  tickets:" + listed


def clause(fields: str) -> str:
    return CLAUSE + "".join(f"  {line}\n" for line in fields.strip().splitlines())


@few
@given(costs)
def test_one_line_is_the_sum_of_its_items(amounts: list[int]) -> None:
    rows = [f"ticket: T{index}, cost: {amount} EUR" for index, amount in enumerate(amounts)]
    assert figure(settled(clause("amount: cost"), month(rows)), "credit") == sum(amounts)


@few
@given(st.lists(st.integers(0, 9999), min_size=1, max_size=6))
def test_rounding_the_sum_and_rounding_the_items(thousandths: list[int]) -> None:
    rows = [f"ticket: T{index}, cost: {amount / 1000:.3f} EUR" for index, amount in enumerate(thousandths)]
    each = figure(settled(clause("amount: cost"), month(rows)), "credit")
    whole = figure(settled(clause("amount: cost").replace("each item", "the sum"), month(rows)), "credit")
    cents = [(amount + 5) // 10 for amount in thousandths]
    assert each == Fraction(sum(cents), 100)
    assert whole == Fraction((sum(thousandths) + 5) // 10, 100)


@few
@given(costs, st.integers(0, 20))
def test_the_sum_of_rates_is_limited_once(hours: list[int], most: int) -> None:
    rows = [f"ticket: T{index}, hours: {amount} hours" for index, amount in enumerate(hours)]
    fields = f"measure: hours\nrate: 1\nper: 10 hours\npart_steps: ignored\nof: fee\nsum_of_rates_at_most: {most}"
    outcome = settled(clause(fields).replace("  rounded: each item\n", ""), month(rows))
    rates = sum(amount // 10 for amount in hours)
    assert figure(outcome, "credit.rates") == rates
    assert figure(outcome, "credit") == min(rates, most) * 1000


def test_excused_items_have_no_rate_in_the_sum() -> None:
    rows = ["ticket: A, share: 5 %, done: 'yes'", "ticket: B, share: 3 %, done: 'no'"]
    fields = "rate: share\nof: fee\nunless: done\nsum_of_rates_at_most: 4 %"
    assert figure(settled(clause(fields).replace("  rounded: each item\n", ""), month(rows)), "credit") == 30


@few
@given(incidents)
def test_of_an_incident_only_the_highest_is_paid(found: list[tuple[str, int]]) -> None:
    rows = [f"ticket: T{index}, event: {event}, cost: {cost} EUR" for index, (event, cost) in enumerate(found)]
    highest: dict[str, int] = defaultdict(int)
    for event, cost in found:
        highest[event] = max(highest[event], cost)
    outcome = settled(clause("amount: cost\nonly_the_highest_per: event"), month(rows))
    assert figure(outcome, "credit") == sum(highest.values())


@few
@given(st.lists(events, min_size=1, max_size=9), st.sampled_from(["each further failure", "every failure"]))
def test_repeats_are_counted_within_their_like(found: list[str], applies: str) -> None:
    rows = [
        f"ticket: T{index}, event: {event}, opened: 2026-01-{index + 1:02}, cost: 10 EUR"
        for index, event in enumerate(found)
    ]
    order = ", in_order_of: opened" if applies == "each further failure" else ""
    repeat = f"{{same: event, table: {{2 or fewer: 1, 3 or more: 3}}, applies_to: {applies}{order}}}"
    outcome = settled(clause(f"amount: cost\nrepeat_failure: {repeat}"), month(rows))
    expected = 0
    for index, event in enumerate(found):
        number = found[: index + 1].count(event) if order else found.count(event)
        assert figure(outcome, "credit.repetition", f"T{index}") == number
        expected += 10 * (1 if number <= 2 else 3)
    assert figure(outcome, "credit") == expected


def test_what_the_clause_is_not_about_is_no_repeat() -> None:
    rows = [
        f"ticket: T{day}, event: e, kind: {'a' if day != 2 else 'b'}, opened: 2026-01-0{day}, cost: 10 EUR"
        for day in (1, 2, 3)
    ]
    repeat = "{same: event, table: {1: 1}, applies_to: each further failure, in_order_of: opened}"
    repeat = repeat.replace("{1: 1}", "{2 or fewer: 1, 3 or more: 100}")
    outcome = settled(clause(f'amount: cost\nwhere: kind is "a"\nrepeat_failure: {repeat}'), month(rows))
    assert figure(outcome, "credit") == 20


def test_a_failure_without_what_makes_it_the_same_is_refused() -> None:
    rows = ["ticket: A, opened: 2026-01-01, cost: 10 EUR", "ticket: B, opened: 2026-01-02, cost: 10 EUR"]
    repeat = "{same: event, table: {1 or more: 1}, applies_to: each further failure, in_order_of: opened}"
    outcome = settled(clause(f"amount: cost\nrepeat_failure: {repeat}"), month(rows))
    assert {finding.code for finding in outcome.findings} == {"BPO403"}


small = st.sampled_from(["issued_only: over 2 EUR", "issued_only: 2 EUR or more", "raised_to: 2 EUR"])


@few
@given(st.integers(0, 4000), small, st.sampled_from(["before rounding", "after rounding"]))
def test_small_amounts(thousandths: int, rule: str, compared: str) -> None:
    due = Fraction(thousandths, 1000)
    cents = Fraction((thousandths + 5) // 10, 100)
    seen = due if compared == "before rounding" else cents
    if rule == "raised_to: 2 EUR":
        expected = max(cents, Fraction(2)) if seen > 0 else Fraction(0)
    else:
        expected = cents if seen > 2 or (seen == 2 and "or more" in rule) else Fraction(0)
    rows = [f"ticket: A, cost: {thousandths / 1000:.3f} EUR"]
    for level in ("each item", "the sum"):
        fields = f"amount: cost\nsmallest: {{{rule}, compared: {compared}, of: {level}}}"
        assert figure(settled(clause(fields), month(rows)), "credit") == expected
    alone = f"- service_credit: credit\n  clause: '1'\n  words: w\n  amount: {thousandths / 1000:.3f} EUR\n"
    alone += f"  smallest: {{{rule}, compared: {compared}}}\n"
    assert figure(settled(alone, "2026-01:\n  fee: 5 EUR"), "credit") == expected


def test_a_small_amount_of_an_excused_clause_is_not_raised() -> None:
    alone = "- service_credit: credit\n  clause: '1'\n  words: w\n  amount: 1 EUR\n  unless: claimed\n"
    alone += "  smallest: {raised_to: 2 EUR, compared: before rounding}\n"
    outcome = settled(alone, "2026-01:\n  claimed: 'yes'")
    assert figure(outcome, "credit") == 0
    [settlement] = outcome.settled.values()
    assert settlement.document["determinations"][0]["status"] == "excused"


def test_a_factor_multiplies_every_shape() -> None:
    for shape in ("amount: 10 EUR", "rate: 1 %\nof: fee", "measure: hours\nslices: {otherwise: 10 EUR per hour}"):
        fields = f"{shape}\nmultiplied_by: 3"
        outcome = settled(clause(fields), month(["ticket: A, hours: 1 hour"]))
        assert figure(outcome, "credit") == 30


def test_two_columns_of_words_can_be_compared_in_a_condition() -> None:
    rows = ["ticket: A, event: k, kind: k, cost: 5 EUR", "ticket: B, event: z, kind: k, cost: 7 EUR"]
    outcome = settled(clause("amount: cost\nwhere: kind is event"), month(rows))
    assert figure(outcome, "credit") == 5
    outcome = settled(clause("amount: cost\nunless: kind is not event"), month(rows))
    assert figure(outcome, "credit") == 5
