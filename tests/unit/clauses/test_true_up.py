"""True-ups: after each final amount, everything paid comes to it."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.clauses.making import findings_of
from tests.unit.clauses.months import CENTS, months, small

CLAUSES = """
- base_fee: interim
  clause: "1"
  words: Interim fee.
  amount: fee
- service_credit: credit
  clause: "2"
  words: A credit.
  rate: 10 %
  of: interim
  only_if: level is under 50 %
- true_up: final
  clause: "3"
  words: Final fee.
  interim: [interim, credit]
  over: the whole contract
  final: 5000.005 EUR
  final_when: claimed
"""
CONTRACT = small(CLAUSES)
FACTS = st.fixed_dictionaries(
    {"fee": CENTS, "claimed": st.sampled_from(["yes", "no"]), "level": st.sampled_from(["10", "60"])}
)


@settings(max_examples=12)
@given(st.lists(FACTS, min_size=1, max_size=6))
def test_everything_paid_comes_to_the_final_amount(facts: list[dict[str, str]]) -> None:
    found = CONTRACT.settled(months(facts))
    paid = Fraction(0)
    for month, one in enumerate(facts):
        paid += found["interim"][month] - found["credit"][month] + found["final"][month]
        if one["claimed"] == "yes":
            assert abs(paid - Fraction("5000.005")) <= Fraction("0.005")  # the line is rounded to the cent
        else:
            assert found["final"][month] == 0


def test_of_one_period_only_the_period_counts() -> None:
    contract = small(CLAUSES.replace("over: the whole contract", "over: last 1 months"))
    said = (("900", "no"), ("800", "yes"), ("7", "yes"))
    settled = contract.settled(months([{"fee": fee, "claimed": claimed, "level": "60"} for fee, claimed in said]))
    assert settled["final"] == [0, Fraction("4200.01"), Fraction("4993.01")]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("over: the whole contract", "over: a while", "BPO255"),
        ("interim: [interim, credit]", "interim: fee", "BPO284"),
        ("final_when: claimed", "final_when: fee", "BPO230"),
        ("final: 5000.005 EUR", "final: 5 %", "BPO230"),
    ],
)
def test_refused(old: str, new: str, code: str) -> None:
    assert code in [finding.code for finding in findings_of(CLAUSES.replace(old, new))]


@pytest.mark.parametrize(("final", "net"), [("150 EUR", -150), ("50 EUR", -50), ("0 EUR", 0)])
def test_the_final_amount_of_credits_is_a_credit(final: str, net: int) -> None:
    """Rebates on account are written without a sign, and so is what is settled against them."""
    clauses = CLAUSES.replace("[interim, credit]", "credit").replace("5000.005 EUR", final)
    found = small(clauses).settled(months([{"fee": "1000.00", "claimed": "yes", "level": "10"}]))
    assert found["credit"][0] == 100
    assert found["final"][0] - found["credit"][0] == net
