"""A value that is missing is named once: in which period, of which item, and in which row of the report."""

from __future__ import annotations

import pytest
from tests.unit.clauses.making import PLAIN_HEAD, contract_text

from bpo_contracts.contract.reading import read_contract
from bpo_contracts.formats.documents import read_document
from bpo_contracts.formats.performance import read_performance
from bpo_contracts.services.settling import settle_all
from bpo_contracts.values.findings import BadInput

HEAD = (
    PLAIN_HEAD
    + """\
measures:
  score: {unit: "%", direction: higher is better, precision: unrounded, missing: not scored}
lists:
  outages:
    columns: {minutes: minutes, excused: yes/no}
    missing: none happened
"""
)
SHARING = """
- liquidated_damages: first
  clause: "1"
  words: w
  for_each: outages
  rounded: each item
  amount: minutes * 1.00 EUR per minute
  unless: excused
  counts_toward: damages
- liquidated_damages: second
  clause: "2"
  words: w
  amount: 5.00 EUR
  counts_toward: damages
- liquidated_damages: third
  clause: "3"
  words: w
  for_each: outages
  rounded: the sum
  amount: minutes * 2.00 EUR per minute
  counts_toward: damages
- cap: lid
  clause: "4"
  words: w
  limits: damages
  at_most: 9000.00 EUR
  excess: lost
  shared: pro rata
"""


def refused(clauses: str, report: str) -> list[tuple[str, str, str]]:
    contract = read_contract(read_document(contract_text(clauses, head=HEAD).encode(), "contract.yaml"))
    with pytest.raises(BadInput) as caught:
        settle_all(contract, read_performance(report.encode(), "report.csv"), engine="reference")
    return [(one.code, str(one.source), one.problem) for one in caught.value.findings]


def test_it_is_shown_in_the_row_that_lacks_it_and_once_for_all_clauses_of_a_cap() -> None:
    report = "period,list,item,minutes,excused\n2026-01,outages,E,6,yes\n2026-01,outages,N,6,\n"
    problem = "'first' has no value in 2026-01: item 'N' of 'outages': excused is not reported for this item."
    assert refused(SHARING, report) == [("BPO403", "report.csv:3:1", problem)]


def test_every_row_is_named_in_the_order_of_the_items() -> None:
    """Also in a period that is settled on the way to another."""
    rows = ["2026-01,outages,E,6,", "2026-01,outages,N,,no", "2026-02,outages,E,6,no"]
    found = refused(SHARING, "\n".join(["period,list,item,minutes,excused", *rows]) + "\n")
    assert [(place, problem.partition(": ")[2]) for _, place, problem in found] == [
        ("report.csv:2:1", "item 'E' of 'outages': excused is not reported for this item."),
        ("report.csv:3:1", "item 'N' of 'outages': minutes is not reported for this item."),
    ]
    assert all("in 2026-01" in problem for _, _, problem in found)


def test_a_gap_that_no_row_has_is_shown_in_the_contract() -> None:
    clauses = '- consequence: plan\n  clause: "1"\n  words: w\n  happens: a plan\n  when: score is under 90 %\n'
    (found,) = refused(clauses, "period,list,item,minutes,excused\n2026-01,outages,E,6,no\n")
    assert found[0] == "BPO403"
    assert found[1].startswith("contract.yaml:")
    assert found[2] == "'plan' has no value in 2026-01: score was not reported."


@pytest.mark.parametrize(
    ("condition", "where"),
    [("when: score is under 90 %", "in the clause"), ("any_of: {a: {when: score is under 90 %}}", "in its triggers")],
)
def test_a_consequence_without_a_value_says_where_that_can_be_said(condition: str, where: str) -> None:
    clauses = f'- consequence: plan\n  clause: "1"\n  words: w\n  happens: a plan\n  {condition}\n'
    contract = read_contract(read_document(contract_text(clauses, head=HEAD).encode(), "contract.yaml"))
    with pytest.raises(BadInput) as caught:
        settle_all(contract, read_performance(b"period,score\n2026-01,\n", "report.csv"), engine="reference")
    (found,) = caught.value.findings
    assert f"{where} what holds then: 'no_data: does not count'" in found.next_step
