"""Lots of two scopes: facts are maps in maps in the order of the measure, expectations in whatever order."""

from __future__ import annotations

from fractions import Fraction

import pytest
from tests.unit.clauses.making import PLAIN_HEAD, contract_text

from bpo_contracts.formats.documents import read_document
from bpo_contracts.testing.reading import read_case
from bpo_contracts.testing.running import run_case

HEAD = (
    PLAIN_HEAD
    + """\
scopes: {site: [north, south], age: [old, young]}
measures:
  visits: {unit: visits, direction: neutral, precision: unrounded, missing: refuse, for_each: [site, age]}
"""
)
CLAUSES = """
- transaction_charge: visit_fee
  clause: "1"
  words: w
  for_each: [site, age]
  measure: visits
  price: 2 EUR per visit
"""
FACTS = "{north: {old: 1, young: 2}, south: {old: 3, young: 4}}"


def failures(expect: str) -> list[str]:
    contract = "".join(f"  {line}\n" for line in contract_text(CLAUSES, head=HEAD).splitlines())
    text = f"title: t\nsource: s\ncontract:\n{contract}scenarios:\n  - name: n\n    periods:\n"
    text += f"      2026-01: {{visits: {FACTS}}}\n    expect: {{{expect}}}\n"
    result = run_case(read_case(read_document(text.encode(), "case.yaml"), "case.yaml"))
    return [failure.seen for scenario in result.scenarios for failure in scenario.failures]


@pytest.mark.parametrize(
    "expect",
    [
        "visit_fee: {north: {old: 2, young: 4}, south: {old: 6, young: 8}}",
        "visit_fee: {old: {north: 2, south: 6}, young: {north: 4, south: 8}}",
        "charges: {visit_fee: {south: {old: 6}, young: {north: 4}}}",
        "status: {visit_fee: {south: {old: applies}}}, net: 20",
    ],
)
def test_each_lot_is_found(expect: str) -> None:
    assert failures(expect) == []


def test_a_lot_that_is_not_there_and_a_wrong_value() -> None:
    assert "There is no lot or item 'older'" in failures("visit_fee: {north: {older: 2}}")[0]
    assert "one value for each" in failures("visit_fee: {north: 2}")[0]
    assert [Fraction(seen) for seen in failures("visit_fee: {south: {young: 9}}")] == [8]
