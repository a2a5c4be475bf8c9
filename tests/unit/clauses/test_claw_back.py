"""Claw-backs: nothing is taken back twice, nor more than was paid, nor after its time."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.clauses.making import findings_of
from tests.unit.clauses.many import Small
from tests.unit.clauses.months import CENTS, months, small

BONUS = """
- bonus: award
  clause: "1"
  words: Award.
  amount: fee
"""
BACK = """
- claw_back: back
  clause: "2"
  words: Claw-back.
"""
RETURNS = BACK + "  returns: award\n  within: 2 months\n  rate: RATE\n  only_if: claimed\n"
ALL, THIRD = (small(BONUS + RETURNS.replace("RATE", rate)) for rate in ("100 %", "100 % / 3"))
FACTS = st.fixed_dictionaries({"fee": CENTS, "claimed": st.sampled_from(["yes", "no"])})


def by_lots(facts: list[dict[str, Any]], share: Fraction) -> list[Fraction]:
    """The same by lots: what is left of the award of each month, oldest first."""
    lots: list[tuple[int, Fraction]] = []
    taken = []
    for month, one in enumerate(facts):
        lots = [(paid, left) for paid, left in lots if month - paid <= 2]
        total = sum((left for _, left in lots), Fraction(0))
        take = Fraction(round_half_up(share * total * 100), 100) if one["claimed"] == "yes" else Fraction(0)
        take = min(take, total)
        taken.append(take)
        kept = []
        for paid, left in lots:
            part = min(left, take)
            take -= part
            kept.append((paid, left - part))
        assert isinstance(one["fee"], Fraction)
        lots = [*kept, (month, one["fee"])]
    return taken


@pytest.mark.parametrize("kind", ["claw_back", "earn_back"])
def test_rounding_up_gives_back_no_more_than_was_paid(kind: str) -> None:
    """Rounded up to whole euros, 60 cents would come back as one euro: they stay, and nothing is below zero later."""
    coarse = "  round: ceiling to 1 EUR\n"
    clauses = BONUS + RETURNS.replace("RATE", "10 %") + coarse
    if kind == "earn_back":
        clauses = BONUS.replace("bonus", "service_credit") + BACK.replace("claw_back", "earn_back") + coarse
        clauses += "  returns: award\n  share: 10 %\n  after: 1 month\n  recovered_when: claimed\n"
        clauses += "  no_data: not recovered\n"
    facts: list[dict[str, Any]] = [{"fee": Fraction(fee), "claimed": "yes"} for fee in ("0.60", "1.40", "0", "0")]
    assert small(clauses).settled(months(facts))["back"] == ([0, 0, 1, 1] if kind == "claw_back" else [0, 0, 1, 0])


def round_half_up(amount: Fraction) -> int:
    return (2 * amount.numerator + amount.denominator) // (2 * amount.denominator)


@settings(max_examples=12)
@given(st.lists(FACTS, min_size=1, max_size=8), st.sampled_from([(ALL, Fraction(1)), (THIRD, Fraction(1, 3))]))
def test_it_takes_what_is_left_of_each_award_the_oldest_first(
    facts: list[dict[str, Any]], contract: tuple[Small, Fraction]
) -> None:
    found = contract[0].settled(months(facts))
    assert found["back"] == by_lots(facts, contract[1])
    assert sum(found["back"]) <= sum(found["award"])
    assert all(amount >= 0 for amount in found["back.open"])


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ("returns: award\n  rate: 50 %", "BPO148"),
        ("returns: award\n  within: 2 months\n  rate: 50 %\n  of: fee", "BPO148"),
        ("returns: award\n  within: 2 months\n  amount: fee", "BPO148"),
        ("returns: award\n  within: two months\n  rate: 50 %", "BPO256"),
        ("returns: awards\n  within: 2 months\n  rate: 50 %", "BPO284"),
        ("rate: 50 %", "BPO233"),
    ],
)
def test_refused(fields: str, code: str) -> None:
    assert code in [finding.code for finding in findings_of(BONUS + BACK + f"  {fields}\n")]
