"""What an amendment takes out is ``removed``: a field, a row, a clause; what is not there cannot be taken out."""

from __future__ import annotations

from fractions import Fraction

import pytest
from tests.unit.clauses.making import findings_of, settled

CHARGES = """
- transaction_charge: charge
  clause: "1"
  words: w
  measure: fee
  table: {100 EUR or less: 0 %, over 100 EUR to 200 EUR: 10 %, over 200 EUR: 20 %}
- bonus: extra
  clause: "2"
  words: w
  rate: 50 %
  of: fee
  at_most: 60 EUR
"""


def amended(*changes: str) -> str:
    lines = "".join(f"      clauses/{change}\n" for change in changes)
    return f"amendments:\n  - effective_on: 2026-02-01\n    clause: A\n    words: w\n    change:\n{lines}"


def nets(more: str) -> list[Fraction]:
    outcome = settled(CHARGES, "2026-01: {fee: 300 EUR}\n2026-02: {fee: 300 EUR}", more=more)
    assert outcome.findings == (), [finding.render() for finding in outcome.findings]
    return [settlement.totals.net.amount for settlement in outcome.settled.values()]


@pytest.mark.parametrize(
    ("changes", "net"),
    [
        (["extra/at_most: removed"], 60 + 150),
        (["extra: removed"], 60),
        (["charge/table/over 200 EUR: removed", "charge/table/over 100 EUR to 200 EUR: removed",
          "charge/table/over 100 EUR: 5 %"], 15 + 60),
        (["charge/table: removed", "charge/slices: {100 EUR or less: 0 %, over 100 EUR: 10 %}"], 20 + 60),
        (["+: {bonus: more, clause: '3', words: w, amount: 1 EUR}", "more: removed"], 60 + 60),
    ],
)  # fmt: skip
def test_what_is_removed_holds_no_longer(changes: list[str], net: int) -> None:
    """Also where the clause is then made of other figures; the month before stays as it was settled."""
    assert nets(amended(*changes)) == [60 + 60, net]


@pytest.mark.parametrize("path", ["charge/smallest", "charge/table/over 300 EUR", "other", "other/at_most"])
def test_what_is_not_there_cannot_be_removed(path: str) -> None:
    findings = findings_of(CHARGES, more=amended(f"{path}: removed"))
    assert [finding.code for finding in findings] == ["BPO130"]


def test_what_is_read_by_others_cannot_be_removed() -> None:
    clauses = CHARGES + "- cap: limit\n  clause: '3'\n  words: w\n  limits: [extra]\n  at_most: 5 EUR\n  excess: lost\n"
    assert {finding.code for finding in findings_of(clauses, more=amended("extra: removed"))} != set()
