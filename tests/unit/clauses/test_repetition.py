"""Multipliers, points, ratchets and consequences: counts of periods, as a plain loop counts them."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.clauses.making import findings_of
from tests.unit.clauses.months import LEVELS, months, small

FEE = """
- base_fee: charge
  clause: "1"
  words: The fee.
  amount: fee
"""
MULTIPLIER = """
- repeat_multiplier: again
  clause: "2"
  words: Repeated failures.
  failed_when: level is under 50 %
  counted: COUNTED
  no_data: NO_DATA
  table: {1 or fewer: 1, exactly 2: 1.5, 3 or more: 2}
"""
CONSEQUENCE = """
- consequence: step
  clause: "3"
  words: A step.
  when: level is under 50 %
  happens: A step is taken.
"""
BAD = st.lists(st.sampled_from([True, False, None]), min_size=1, max_size=9)


def facts(failed: list[bool | None]) -> dict[str, Mapping[str, Any]]:
    """Months that failed, did not, or have no data."""
    return months([{"fee": "1"} if one is None else {"fee": "1", "level": "10" if one else "60"} for one in failed])


def known(failed: list[bool | None], no_data: str) -> list[bool | None]:
    """The same with months without data as the contract counts them."""
    if no_data == "is left out":
        return failed
    return [no_data == "counts as failed" if one is None else one for one in failed]


def run(failed: list[bool | None]) -> int:
    """How many of the last ones failed, one after the other; what is None does not end it."""
    count = 0
    for one in reversed(failed):
        if one is False:
            break
        count += one is True
    return count


NO_DATA = ("counts as failed", "does not count", "is left out")
RUNS = {
    no_data: small(FEE + MULTIPLIER.replace("COUNTED", "in a row").replace("NO_DATA", no_data)) for no_data in NO_DATA
}
LAST = {
    no_data: small(FEE + MULTIPLIER.replace("COUNTED", "last 3 months").replace("NO_DATA", no_data))
    for no_data in NO_DATA
}


@settings(max_examples=12)
@given(BAD, st.sampled_from(NO_DATA))
def test_a_multiplier_counts_runs_and_windows(failed: list[bool | None], no_data: str) -> None:
    counted = known(failed, no_data)
    runs = RUNS[no_data].settled(facts(failed))
    assert runs["again.failures"] == [run(counted[: month + 1]) for month in range(len(failed))]
    assert [float(factor) for factor in runs["again"]] == [
        1 if count <= 1 else 1.5 if count == 2 else 2 for count in runs["again.failures"]
    ]
    last = LAST[no_data].settled(facts(failed))
    assert last["again.failures"] == [
        counted[max(0, month - 2) : month + 1].count(True) for month in range(len(failed))
    ]


ANEW = {
    no_data: small(FEE + CONSEQUENCE + f"  periods_in_a_row: 2\n  no_data: {no_data}\n  afterwards: begins again\n")
    for no_data in NO_DATA
}
OF_FOUR = {
    afterwards: small(
        FEE + CONSEQUENCE + f"  periods: 2\n  of_last: 4 months\n  no_data: is left out\n  afterwards: {afterwards}\n"
    )
    for afterwards in ("begins again", "goes on")
}


@settings(max_examples=12)
@given(BAD, st.sampled_from(NO_DATA))
def test_a_run_begins_again_when_its_consequence_has_happened(failed: list[bool | None], no_data: str) -> None:
    happened, left = [], 0
    for one in known(failed, no_data):
        left = left if one is None else left + 1 if one else 0
        happened.append(left >= 2)
        left = 0 if left >= 2 else left
    assert ANEW[no_data].settled(facts(failed)).truths("step") == happened


@settings(max_examples=12)
@given(BAD)
def test_what_led_to_a_consequence_is_not_counted_again(failed: list[bool | None]) -> None:
    happened, since = [], 0
    for month in range(len(failed)):
        open_ones = [one for one in range(max(since, month - 3), month + 1) if failed[one]]
        happened.append(len(open_ones) >= 2)
        since = month + 1 if len(open_ones) >= 2 else since
    assert OF_FOUR["begins again"].settled(facts(failed)).truths("step") == happened
    goes_on = [failed[max(0, month - 3) : month + 1].count(True) >= 2 for month in range(len(failed))]
    assert OF_FOUR["goes on"].settled(facts(failed)).truths("step") == goes_on


@pytest.mark.parametrize(("no_data", "missing"), [("does not count", False), ("counts as failed", True)])
@pytest.mark.parametrize(
    "way", ["when: level is under 50 %", "any_of: {a: {when: level is under 50 %, no_data: NO_DATA}}"]
)
def test_a_consequence_that_does_not_count_says_what_a_month_without_data_is(
    way: str, no_data: str, missing: bool
) -> None:
    said = way.replace("NO_DATA", no_data) if "NO_DATA" in way else f"{way}\n  no_data: {no_data}"
    clause = CONSEQUENCE.replace("when: level is under 50 %", said)
    series = months([{"fee": 1}, {"fee": 1, "level": 40}, {"fee": 1, "level": 60}])
    assert small(clause).settled(series).truths("step") == [missing, True, False]


RATCHET = """
- ratchet: bar
  clause: "4"
  words: The bar.
  starts_at: 50 %
"""
FOLLOWS = small(FEE + RATCHET + "  measure: level\n  follows: highest\n  at_most: 90 %\n")
STEPS = small(
    FEE
    + RATCHET
    + "  moves_by: 1 pp\n  when: level is at least bar\n  periods_in_a_row: 2\n  no_data: does not count\n"
)


@settings(max_examples=12)
@given(st.lists(LEVELS, min_size=1, max_size=8))
def test_a_ratchet_moves_one_way_and_only_by_the_past(results: list[Fraction]) -> None:
    series = months([{"level": level} for level in results])
    follows = FOLLOWS.settled(series)["bar"]
    best = [max([Fraction(50), *results[:month]]) for month in range(len(results))]
    assert follows == [min(Fraction(90), level) for level in best]
    bar, met, wanted = 50, 0, []
    for level in results:
        wanted.append(bar)
        met = met + 1 if level >= bar else 0
        bar, met = (bar + 1, 0) if met == 2 else (bar, met)
    assert STEPS.settled(series)["bar"] == wanted


POINTS = """
- service_points: points
  clause: "5"
  words: Points.
  measure: level
  table: {90 % or more: none, 50 % to under 90 %: 1, under 50 %: 3}
"""
RESET = small(FEE + POINTS + "  added_up: until reset\n  reset_at: 4\n  cleared_after: 2\n")
YEAR = small(FEE + POINTS + "  added_up: last 3 months\n")


@settings(max_examples=12)
@given(st.lists(LEVELS, min_size=1, max_size=8))
def test_points_add_up_until_they_are_reset(results: list[Fraction]) -> None:
    own = [0 if level >= 90 else 1 if level >= 50 else 3 for level in results]
    series = months([{"level": level} for level in results])
    left, clean, totals = 0, 0, []
    for points in own:
        clean = clean + 1 if not points else 0
        total = (0 if clean >= 2 else left) + points
        totals.append(total)
        left = 0 if total >= 4 else total
    found = RESET.settled(series)
    assert found["points"] == own
    assert found["points.total"] == totals
    assert YEAR.settled(series)["points.total"] == [sum(own[max(0, at - 2) : at + 1]) for at in range(len(own))]


@pytest.mark.parametrize(
    ("clauses", "code"),
    [
        (CONSEQUENCE + "  periods_in_a_row: 3\n", "BPO148"),
        (CONSEQUENCE + "  periods_in_a_row: 3\n  no_data: does not count\n", "BPO148"),
        (CONSEQUENCE + "  periods: 3\n  no_data: does not count\n  afterwards: goes on\n", "BPO148"),
        (CONSEQUENCE + "  no_data: is left out\n", "BPO148"),
        (CONSEQUENCE + "  afterwards: goes on\n", "BPO148"),
        (CONSEQUENCE + "  periods: 3\n  of_last: year\n  no_data: does not count\n  afterwards: goes on\n", "BPO255"),
        (CONSEQUENCE.replace("when: level is under 50 %", "any_of: {}"), "BPO149"),
        (CONSEQUENCE + "  any_of: {a: {when: claimed}}\n", "BPO148"),
        (MULTIPLIER.replace("COUNTED", "often").replace("NO_DATA", "is left out"), "BPO255"),
        (MULTIPLIER.replace("COUNTED", "in a row").replace("NO_DATA", "who knows"), "BPO147"),
        (
            MULTIPLIER.replace("COUNTED", "in a row").replace("NO_DATA", "is left out").replace("exactly 2: 1.5, ", ""),
            "BPO221",
        ),
        (RATCHET + "  measure: level\n", "BPO148"),
        (RATCHET + "  measure: level\n  follows: highest\n  moves_by: 1 pp\n", "BPO148"),
        (RATCHET + "  measure: fee\n  follows: highest\n", "BPO230"),
        (POINTS + "  added_up: until reset\n", "BPO148"),
        (POINTS + "  added_up: last 3 months\n  reset_at: 4\n", "BPO148"),
        (POINTS + "  points: 3\n", "BPO148"),
    ],
)
def test_refused(clauses: str, code: str) -> None:
    assert code in [finding.code for finding in findings_of(FEE + clauses)]
