"""A month in which a list has no items: its figures per item have no steps, and the trail says so."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.unit.audit.samples import sealed
from tests.unit.clauses.making import PLAIN_HEAD

from bpo_contracts.audit.arithmetic import problems_of
from bpo_contracts.contract.reading import read_contract
from bpo_contracts.formats.documents import read_document
from bpo_contracts.formats.performance import read_performance
from bpo_contracts.formats.statement_html import statement_html
from bpo_contracts.formats.statement_text import explain_text
from bpo_contracts.services.settling import settle_all
from bpo_contracts.values.canonical import canonical

CONTRACT = (
    PLAIN_HEAD
    + """\
lists:
  failures:
    columns: {site: word, minutes: minutes}
    missing: none happened
figures:
  cost: {for_each: failures, formula: minutes * 2.00 EUR per minute}
  total_cost: "FORMULA"
clauses:
  - tariff: t
    clause: "1"
    words: EUR 2.00 for each minute, at most EUR 100.00.
    amount: total_cost
    at_most: 100.00 EUR
"""
)
REPORTS = [
    b"period,list,item,site,minutes\n2026-01,failures,A,north,10\n",
    b"period,note\n2026-01,nothing\n",
    b"period,list,item,site,minutes\n2026-01,failures,B,south,5\n",
]
FORMULAS = [
    "sum of cost for each failures (none found: 0 EUR)",
    'sum of cost for each failures where (site is \\"x\\") (none found: 0 EUR)',
    "sum of cost for each failures where (minutes is over 5 minutes) (none found: 0 EUR)",
    "(count of failures where (cost is over 5 EUR)) * 1.00 EUR",
]


def settled(formula: str) -> list[dict[str, Any]]:
    contract = read_contract(read_document(CONTRACT.replace("FORMULA", formula).encode(), "contract.yaml"))
    reports = [read_performance(report, "report.csv") for report in REPORTS]
    found = [one for report in reports for one in settle_all(contract, report, engine="reference")]
    assert all(canonical(json.loads(one.content)) == one.content for one in found)
    return [one.document for one in found]


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_month_without_items_adds_up(formula: str) -> None:
    documents = settled(formula)
    assert [list(problems_of(document)) for document in documents] == [[], [], []]
    resting = [{step["figure"]: step for step in document["steps"]}["total_cost"] for document in documents]
    assert [["cost", item] in step["premises"] for step, item in zip(resting, ("", "*", ""), strict=True)] == [True] * 3
    assert all("*" not in dict(step["premises"]).values() for step in (resting[0], resting[2]))


def test_a_step_that_was_taken_out_is_missing() -> None:
    """Also where what rests on it is changed to say that there are no items, while others of them are recorded."""
    full, empty, _ = settled(FORMULAS[0])
    without = [step for step in full["steps"] if step["figure"] != "cost"]
    assert [one.code for one in problems_of(sealed({**full, "steps": without}))] == ["BPO544"]
    hidden = json.loads(json.dumps(full).replace('["cost", ""]', '["cost", "*"]'))
    assert [one.code for one in problems_of(sealed(hidden))] == ["BPO544"]
    unsaid = json.loads(json.dumps(empty).replace('["cost", "*"]', '["cost", ""]'))
    assert [one.code for one in problems_of(sealed(unsaid))] == ["BPO544"]


def test_the_statement_says_that_there_are_none() -> None:
    document = settled(FORMULAS[0])[1]
    assert "- cost (no items this period)" in explain_text(document)
    page = statement_html([document])
    assert "no items this period" in page
    assert "has no step of its own" not in page + explain_text(document)
