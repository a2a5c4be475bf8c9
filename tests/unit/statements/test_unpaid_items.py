"""Items that pay nothing: the settlement and the statement say why, and the line is not called met. Caps are named by title."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.clauses.making import PLAIN_HEAD, contract_text

from bpo_contracts.audit.arithmetic import problems_of
from bpo_contracts.contract.reading import read_contract
from bpo_contracts.formats.documents import read_document
from bpo_contracts.formats.performance import read_performance
from bpo_contracts.formats.statement_text import statement_text
from bpo_contracts.services.settling import settle_all
from bpo_contracts.settlement.settlement import Settlement
from bpo_contracts.values.canonical import canonical

HEAD = (
    PLAIN_HEAD
    + """\
lists:
  outages:
    columns: {minutes: minutes, region: word, excused: yes/no, claimed: yes/no}
    missing: none happened
"""
)
DAMAGES = """
- liquidated_damages: damages
  clause: "1"
  words: w
  for_each: outages
  rounded: each item
  amount: minutes * 1.00 EUR per minute
  where: region is "home"
  only_if: claimed
  unless: excused
  smallest: {issued_only: over 5.00 EUR, compared: after rounding, of: each item}
"""
ROWS = {
    "E": "10,home,yes,yes",
    "N": "10,home,no,no",
    "S": "4,home,no,yes",
    "A": "10,away,no,yes",
    "Z": "0,home,yes,yes",
    "P": "10,home,no,yes",
}
REASONS = {"E": "excused", "N": "gate closed", "S": "below the smallest amount", "A": "not about it"}


def settled(clauses: str, *items: str, months: tuple[str, ...] = ("2026-01",)) -> list[Settlement]:
    contract = read_contract(read_document(contract_text(clauses, head=HEAD).encode(), "contract.yaml"))
    rows = [f"{month},outages,{item},{ROWS[item]}\n" for month in months for item in items]
    report = "period,list,item,minutes,region,excused,claimed\n" + "".join(rows)
    return settle_all(contract, read_performance(report.encode(), "report.csv"), engine="reference")


def only(document: dict[str, Any]) -> dict[str, Any]:
    (line,) = document["adjustments"]
    return dict(line)


@pytest.mark.parametrize(
    ("items", "status"),
    [
        ("E", "excused"),
        ("N", "gate closed"),
        ("S", "missed"),
        ("EZ", "excused"),
        ("EN", "missed"),
        ("ENSA", "missed"),
        ("A", "met"),
        ("Z", "met"),
        ("EP", "missed"),
    ],
)
def test_each_item_that_pays_nothing_has_its_reason(items: str, status: str) -> None:
    (one,) = settled(DAMAGES, *items)
    document = one.document
    assert only(document)["status"] == status
    assert only(document)["amount"] == ("-10.00" if "P" in items else "0.00")
    expected = [[item, REASONS[item]] for item in sorted(items) if item in REASONS]
    assert document["determinations"][0].get("unpaid", []) == expected
    assert [list(pair) for pair in one.determinations[0].unpaid] == expected
    assert canonical(document) == one.content
    assert list(problems_of(document)) == []
    text = statement_text(document)
    for item, reason in expected:
        assert f"{item}: 0.00 ({reason})" in text
    assert ("not about it" in text, "(excused)" in text) == ("A" in items, "E" in items)


def test_a_sum_that_is_too_small_was_missed_all_the_same() -> None:
    of_the_sum = DAMAGES.replace("of: each item", "of: the sum").replace("over 5.00", "over 50.00")
    (one,) = settled(of_the_sum, "P", "S")
    assert (only(one.document)["status"], only(one.document)["amount"]) == ("missed", "0.00")


CAP = """
- cap: lid
  clause: "4"
  title: The monthly lid
  words: w
  limits: damages
  at_most: 8.00 EUR
"""
SMALLEST = """
- smallest_payment: worth_paying
  clause: "5"
  words: w
  limits: damages
  issued_only: over 1.00 EUR
  below: lost
  compared: after caps
"""


@pytest.mark.parametrize(
    "limits",
    [
        CAP + "  excess: lost\n",
        CAP + "  excess: lost\n" + SMALLEST,
        CAP + "  excess: carried\n  at_end_of_term: lapses\n",
    ],
)
def test_what_a_cap_cuts_is_said_by_its_title(limits: str) -> None:
    """Also where what is carried from before takes all room, and where a smallest payment stands after the cap."""
    found = settled(DAMAGES + limits, "P", months=("2026-01", "2026-02", "2026-03", "2026-04", "2026-05"))
    for one in found:
        assert "cut by 4 The monthly lid, from -10.00 EUR" in statement_text(one.document)
