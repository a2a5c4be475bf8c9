"""Accounts: a balance by fixed steps in the order they are written, each rounded where it says so."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.clauses.making import HEAD, findings_of
from tests.unit.clauses.many import Small
from tests.unit.clauses.months import CENTS, months, small

from bpo_contracts.values.findings import BadInput

ACCOUNT = """
- account: debt
  clause: "3"
  words: The debt.
  opening: 10000 EUR
  below_zero: BELOW
  each_period:
    - {less: fee, round: half up to 0.01 EUR}
    - {interest: 1.5 %, round: half up to 0.01 EUR}
    - {plus: 2 EUR, round: unrounded}
- base_fee: instalment
  clause: "4"
  words: The instalment.
  amount: fee
"""
STOPS, GOES_ON = (small(ACCOUNT.replace("BELOW", below)) for below in ("stops at zero", "allowed"))


def to_cent(amount: Fraction) -> Fraction:
    """Half away from zero."""
    size = abs(amount) * 100
    cents = (2 * size.numerator + size.denominator) // (2 * size.denominator)
    return Fraction(cents if amount >= 0 else -cents, 100)


@settings(max_examples=12)
@given(st.lists(CENTS, min_size=1, max_size=6), st.sampled_from([STOPS, GOES_ON]))
def test_the_balance_is_that_of_a_plain_loop(fees: list[Fraction], contract: Small) -> None:
    found = contract.settled(months([{"fee": fee} for fee in fees]))
    balance, wanted = Fraction(10000), []
    for fee in fees:
        steps = [to_cent(balance - fee if contract is GOES_ON else max(Fraction(0), balance - fee))]
        steps.append(to_cent(steps[0] * Fraction(1015, 1000)))
        balance = steps[1] + 2
        wanted.append(balance)
    assert found["debt"] == wanted
    assert found["debt.opening"] == [10000, *wanted[:-1]]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("{less: fee, round: half up to 0.01 EUR}", "{less: fee}", "BPO145"),
        ("{less: fee, round: half up to 0.01 EUR}", "{less: fee, plus: fee, round: unrounded}", "BPO148"),
        ("{less: fee, round: half up to 0.01 EUR}", "{less: 5 %, round: unrounded}", "BPO230"),
        ("below_zero: BELOW", "", "BPO145"),
    ],
)
def test_refused(old: str, new: str, code: str) -> None:
    text = ACCOUNT.replace(old, new).replace("BELOW", "allowed")
    assert code in [finding.code for finding in findings_of(text)]


def test_a_balance_is_never_lost_for_want_of_a_number() -> None:
    """A period without the amount of a step cannot be settled: every later one would be without a balance, too."""
    head = HEAD.replace("missing: 1000 EUR", "missing: not scored")
    contract = Small(ACCOUNT.replace("BELOW", "allowed"), head=head)
    with pytest.raises(BadInput) as refused:
        contract.settled(months([{"fee": 100}, {"level": 50}, {"fee": 100}]))
    assert {finding.code for finding in refused.value.findings} == {"BPO403"}
    assert "'debt'" in str(refused.value)
