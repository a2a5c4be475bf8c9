"""Earn-backs: a credit comes back at most once, only after a recovery, and never more of it than was credited."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.clauses.making import findings_of
from tests.unit.clauses.months import months, small

CREDIT = """
- service_credit: credit
  clause: "5"
  words: Credit.
  measure: level
  table: {90 % or more: none, 80 % to under 90 %: 100.01 EUR, under 80 %: 333.34 EUR}
"""
BACK = """
- earn_back: back
  clause: "7"
  words: Earn-back.
  returns: credit
  recovered_when: level is at least 90 %
  no_data: not recovered
"""
PLAIN = small(CREDIT + BACK + "  share: 100 %\n  after: 2 months\n")
STAGES = small(
    CREDIT
    + BACK
    + "  forgivable_when: level is at least 80 %\n"
    + "  stages: {a: {after: 1 month, share: 33 %}, b: {after: 2 months, share: 33 %},"
    + " c: {after: 3 months, share: 34 %}}\n"
)
CHRONIC = small(
    CREDIT + BACK + "  share: 50 %\n  after: 1 month\n  chronic_above: 2\n  chronic_window: last 4 months\n"
)
RESULTS = st.lists(st.sampled_from(["95", "90", "89.9", "80", "79"]), min_size=1, max_size=8)


@settings(max_examples=12)
@given(RESULTS)
def test_what_comes_back_is_the_credit_of_two_months_ago_if_both_months_since_were_good(results: list[str]) -> None:
    found = PLAIN.settled(months([{"level": result} for result in results]))
    credits, good = found["credit"], [float(result) >= 90 for result in results]
    wanted = [
        credits[month - 2] if month >= 2 and good[month] and good[month - 1] else 0 for month in range(len(results))
    ]
    assert found["back"] == wanted


@settings(max_examples=12)
@given(RESULTS)
def test_stages_never_return_more_than_was_credited(results: list[str]) -> None:
    found = STAGES.settled(months([{"level": result} for result in results]))
    credits, ages = found["credit"], {age: found[f"back.after_{age}"] for age in (1, 2, 3)}
    for month, credit in enumerate(credits):
        parts = [ages[age][month + age] for age in ages if month + age < len(results)]
        assert sum(parts) <= (credit if float(results[month]) >= 80 else 0)
        if len(parts) == 3 and all(parts):
            assert sum(parts) == credit
    assert found["back"] == [sum(parts) for parts in zip(*ages.values(), strict=True)]


@settings(max_examples=12)
@given(RESULTS)
def test_nothing_comes_back_while_failures_are_chronic(results: list[str]) -> None:
    found = CHRONIC.settled(months([{"level": result} for result in results]))
    credited = [amount > 0 for amount in found["credit"]]
    for month, amount in enumerate(found["back"]):
        if sum(credited[max(0, month - 3) : month + 1]) > 2:
            assert amount == 0


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ("share: 100 %", "BPO148"),
        ("share: 100 %\n  after: 2 weeks", "BPO256"),
        ("share: half\n  after: 2 months", "BPO214"),
        ("share: -5 %\n  after: 2 months", "BPO257"),
        ("stages: {a: {after: 1 month, share: 60 %}, b: {after: 2 months, share: 50 %}}", "BPO283"),
        ("stages: {a: {after: 1 month, share: 60 %}, b: {after: 1 month, share: 40 %}}", "BPO282"),
        ("share: 100 %\n  after: 1 month\n  chronic_above: 2", "BPO148"),
        ("share: 100 %\n  after: 1 month\n  chronic_above: 2\n  chronic_window: a year", "BPO255"),
    ],
)
def test_refused(fields: str, code: str) -> None:
    assert code in [finding.code for finding in findings_of(CREDIT + BACK + f"  {fields}\n")]


def test_it_returns_the_credits_of_a_clause_there_is() -> None:
    text = CREDIT + BACK.replace("returns: credit", "returns: credits") + "  share: 100 %\n  after: 2 months\n"
    assert {finding.code for finding in findings_of(text)} == {"BPO284"}
