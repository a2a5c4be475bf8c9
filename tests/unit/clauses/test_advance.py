"""Advances: paid once, deducted until they are repaid, never beyond."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.clauses.making import findings_of
from tests.unit.clauses.many import Small
from tests.unit.clauses.months import CENTS, months, small

ADVANCE = """
- advance: opening
  clause: "2"
  words: Advance.
  amount: 2000 EUR
  paid_when: claimed
  deduct: 30 % of fee
  deducted_from: WHEN
"""
NEXT, SAME = (small(ADVANCE.replace("WHEN", when)) for when in ("the next period", "the same period"))
FACTS = st.fixed_dictionaries({"fee": CENTS, "claimed": st.sampled_from(["yes", "no"])})


@settings(max_examples=12)
@given(st.lists(FACTS, min_size=1, max_size=8), st.sampled_from([NEXT, SAME]))
def test_it_is_paid_once_and_deducted_to_nothing(facts: list[dict[str, str]], contract: Small) -> None:
    found = contract.settled(months(facts))
    paid, deducted, balance = found["opening.paid"], found["opening.deducted"], found["opening.balance"]
    claims = [one["claimed"] == "yes" for one in facts]
    assert paid == [2000 if claim and not any(claims[:month]) else 0 for month, claim in enumerate(claims)]
    for month in range(len(facts)):
        assert balance[month] == sum(paid[: month + 1]) - sum(deducted[: month + 1]) >= 0
        assert contract is SAME or not (paid[month] and deducted[month])
    assert all(amount >= 0 for amount in deducted)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("deducted_from: WHEN", "", "BPO145"),
        ("deducted_from: WHEN", "deducted_from: some time", "BPO147"),
        ("paid_when: claimed", "paid_when: fee", "BPO230"),
        ("deduct: 30 % of fee", "deduct: 30 %", "BPO230"),
    ],
)
def test_refused(old: str, new: str, code: str) -> None:
    text = ADVANCE.replace(old, new).replace("WHEN", "the next period")
    assert code in [finding.code for finding in findings_of(text)]
