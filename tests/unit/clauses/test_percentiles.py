"""Percentiles and medians in a contract: over items, lots and months, as measures of lists, with what the trail says."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import ceil, floor
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.clauses.making import HEAD, figure, findings_of, settled
from tests.unit.clauses.many import Small

from bpo_contracts.testing.settling import Outcome

FEE = "- base_fee: f\n  clause: '1'\n  words: w\n  amount: fee\n"
LINEAR = "95th percentile of hours for each tickets (linear interpolation)"
hours = st.lists(st.integers(0, 40), min_size=1, max_size=24)
METHODS = {
    "nearest rank": lambda share, count: ceil(share * count) - 1,
    "lower of the two": lambda share, count: floor(share * (count - 1)),
    "higher of the two": lambda share, count: ceil(share * (count - 1)),
}


def month(found: Sequence[int | str], *columns: str) -> str:
    """January's tickets with their hours; '-' is one without."""
    rows = [
        f"\n    - {{ticket: T{at}"
        + ("" if one == "-" else f", hours: {one}")
        + f", kind: {columns[at] if columns else 'y'}}}"
        for at, one in enumerate(found)
    ]
    return "2026-01:\n  fee: 5 EUR" + ("\n  tickets:" + "".join(rows) if found else "")


def formula(text: str, facts: str, *, more: str = "", head: str = HEAD) -> Outcome:
    return settled(FEE, facts, more=f'figures:\n  p: "{text}"\n' + more, head=head)


def step(outcome: Outcome, name: str, item: str = "") -> dict[str, Any]:
    document = list(outcome.settled.values())[-1].document
    return next(one for one in document["steps"] if (one["figure"], one["item"]) == (name, item))


def measure(text: str) -> str:
    line = f"  m: {{unit: hours, direction: lower is better, precision: unrounded, missing: 7 hours, {text}}}\n"
    return HEAD.replace("measures:\n", "measures:\n" + line)


@settings(max_examples=25, deadline=None)
@given(hours, st.integers(1, 1000), st.sampled_from(sorted(METHODS)))
def test_over_items(found: list[int], tenths: int, method: str) -> None:
    share = Fraction(tenths, 1000)
    expected = sorted(found)[METHODS[method](share, len(found))]
    percent = f"{tenths // 10}.{tenths % 10}"
    outcome = formula(f"{percent}th percentile of hours for each tickets ({method})", month(found))
    assert figure(outcome, "p") == expected * 60


@settings(max_examples=15, deadline=None)
@given(hours, st.booleans())
def test_a_measure_is_what_the_formula_is(found: list[int], median: bool) -> None:
    what = "median (mean of the two middle values)" if median else "90th percentile (nearest rank)"
    text = what.replace(" (", " of hours for each tickets (")
    head = measure(f"percentile_of: tickets, reading: hours, percentile: {what}")
    outcome = formula(text, month(found), head=head)
    assert figure(outcome, "m") == figure(outcome, "p")
    assert step(outcome, "m")["note"] == step(outcome, "p")["note"] != ""


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_over_months(count: int) -> None:
    text = "median of level over last 4 months (short history: the months there are) (mean of the two middle values)"
    small = Small(FEE, more=f'figures:\n  p: "{text}"\n', head=HEAD)
    levels = [90, 70, 95, 80][:count]
    facts = {f"2026-{at:02}": {"level": level} for at, level in enumerate(levels, 1)}
    ordered = sorted(levels)
    assert small.settled(facts).last("p") == Fraction(ordered[(count - 1) // 2] + ordered[count // 2], 2)


def test_over_lots() -> None:
    sites = "scopes:\n  site: [a, b, c, d]\n"
    line = "  visits: {unit: number, direction: neutral, precision: unrounded, missing: refuse, for_each: site}\n"
    facts = "2026-01:\n  visits: {a: 4, b: 1, c: 9, d: 2}"
    text = "median of visits for each site (higher of the two middle values)"
    outcome = formula(text, facts, more=sites, head=HEAD.replace("measures:\n", "measures:\n" + line))
    assert figure(outcome, "p") == 4
    assert step(outcome, "p")["note"] == "median: value 3 of 4, from the lowest"


def test_a_measure_for_each_lot_takes_its_own_items() -> None:
    head = measure(
        "for_each: kind, percentile_of: tickets, reading: hours, percentile: median (lower of the two middle values)"
    )
    outcome = settled(
        FEE, month([1, 2, 8, 9, 3], "x", "x", "y", "y", "x"), more="scopes:\n  kind: [x, y, z]\n", head=head
    )
    assert [figure(outcome, "m", lot) for lot in "xyz"] == [120, 480, 420]
    assert step(outcome, "m", "y")["note"] == "median: value 1 of 2, from the lowest"
    assert "value" not in step(outcome, "m", "z")["note"]


def test_over_given_values_and_of_items_that_count() -> None:
    given_values = "median of (hours_of_x, 3 hours, 9 hours) (mean of the two middle values)"
    of_x = '  hours_of_x: 100th percentile of hours for each tickets where (kind is "x") (nearest rank)\n'
    outcome = settled(FEE, month([30, 5, 4], "y", "x", "x"), more=f"figures:\n  p: {given_values}\n{of_x}")
    assert figure(outcome, "p") == 5 * 60
    assert step(outcome, "hours_of_x")["note"] == "100th percentile: value 2 of 2, from the lowest"


@pytest.mark.parametrize(
    ("found", "text", "note"),
    [
        (range(1, 21), LINEAR, "95th percentile: between values 19 and 20 of 20, from the lowest, at 19.05"),
        (range(1, 22), LINEAR, "95th percentile: value 20 of 21, from the lowest"),
        ([4], LINEAR, "95th percentile: the only value"),
        (
            [4, 6, 8],
            "(75th percentile of hours for each tickets (nearest rank)) - (25th percentile of hours for each tickets (nearest rank))",
            "75th percentile: value 3 of 3, from the lowest; 25th percentile: value 1 of 3, from the lowest",
        ),
        ([], f"{LINEAR} (none found: 0 hours)", ""),
    ],
)
def test_the_trail_names_the_rank_and_how_many_values(found: Sequence[int], text: str, note: str) -> None:
    assert step(formula(text, month(found)), "p")["note"] == note


def test_inside_another_aggregate_the_trail_says_nothing_of_each_item() -> None:
    inner = "sum of (median of hours for each tickets (lower of the two middle values)) for each tickets"
    outcome = formula(inner, month([1, 2, 6]))
    assert figure(outcome, "p") == 3 * 2 * 60
    assert step(outcome, "p")["note"] == ""


@pytest.mark.parametrize(
    ("found", "rest", "expected"),
    [
        ([5, "-", 9], " (missing: skip)", 9),
        (["-", "-"], " (missing: skip) (none found: 4 hours)", 4),
        ([], " (none found: 4 hours)", 4),
    ],
)
def test_missing_values_and_no_values(found: Sequence[int | str], rest: str, expected: int) -> None:
    text = "100th percentile of hours for each tickets (nearest rank)" + rest
    assert figure(formula(text, month(found)), "p") == expected * 60


@pytest.mark.parametrize("found", [[5, "-", 9], []])
def test_without_a_rule_there_is_no_data(found: Sequence[int | str]) -> None:
    outcome = formula("median of hours for each tickets (lower of the two middle values)", month(found))
    assert step(outcome, "p")["value"] == ""
    assert step(outcome, "p")["note"]


def test_a_measure_refuses_an_item_without_reading_and_keeps_its_sample() -> None:
    what = "percentile_of: tickets, reading: hours, percentile: 90th percentile (nearest rank)"
    credit = "- consequence: c\n  clause: '2'\n  words: w\n  when: m is over 5 hours\n  happens: h\n"
    refused = settled(FEE + credit, month([1, "-"]), head=measure(what))
    assert {finding.code for finding in refused.findings} == {"BPO248"}
    few = measure(what + ", minimum_sample: 3, below_sample: 99 hours")
    assert figure(settled(FEE, month([1, 2]), head=few), "m") == 99 * 60
    assert figure(settled(FEE, month([1, 2, 6]), head=few), "m") == 6 * 60


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("median of opened for each tickets (lower of the two middle values)", "BPO230"),
        ("95th percentile of done for each tickets (nearest rank)", "BPO230"),
        ("95th percentile of kind for each tickets (nearest rank)", "BPO230"),
        ("median of (fee, level) (lower of the two middle values)", "BPO230"),
        ("200th percentile of hours for each tickets (nearest rank)", "BPO135"),
        ("95th percentile of hours for each tickets", "BPO136"),
    ],
)
def test_refused_in_a_formula(text: str, code: str) -> None:
    found = findings_of(FEE, more=f'figures:\n  p: "{text}"\n')
    assert code in {finding.code for finding in found}


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        ("percentile_of: tickets, reading: hours", "BPO148", "percentile: 95th percentile (nearest rank)"),
        ("percentile_of: tickets, percentile: 95th percentile (nearest rank)", "BPO148", "reading: minutes"),
        ("percentile: 95th percentile (nearest rank)", "BPO148", "percentile_of: calls"),
        ("percentile_of: tickets, share_of: tickets, reading: hours, that_are: done", "BPO148", "Keep one"),
        ("percentile_of: ticket, reading: hours, percentile: 95th percentile (nearest rank)", "BPO286", "tickets"),
        ("percentile_of: tickets, reading: hours, percentile: 95th percentile", "BPO136", "(nearest rank)"),
        ("percentile_of: tickets, reading: hours, percentile: 95 %", "BPO214", "median (mean"),
        ("percentile_of: tickets, reading: cost, percentile: 95th percentile (nearest rank)", "BPO230", "EUR"),
        ("percentile_of: tickets, reading: hours, percentile: median (nearest rank)", "BPO214", "middle"),
    ],
)
def test_refused_in_a_measure(text: str, code: str, says: str) -> None:
    found = [finding for finding in findings_of(FEE, head=measure(text)) if finding.code == code]
    assert found
    assert any(says in f"{finding.problem} {finding.next_step}" for finding in found)
