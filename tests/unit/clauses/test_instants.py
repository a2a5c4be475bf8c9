"""The first and the last of several days or times: given one by one, of a list, and of earlier periods."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from tests.unit.clauses.making import PLAIN_HEAD, findings_of, settled

from bpo_contracts.settlement.history import SettledNow

FEE = """
- base_fee: fee
  clause: '1'
  words: EUR 100.00 each month.
  amount: 100.00 EUR
"""
LIST = (
    PLAIN_HEAD
    + """\
measures:
  noticed: {unit: instant, direction: neutral, precision: unrounded, missing: refuse}
  signed: {unit: day, direction: neutral, precision: unrounded, missing: not scored}
lists:
  outages:
    columns: {number: number, began: instant, ended: instant, day: day}
    key: number
    missing: none happened
"""
)
FACTS = """
2026-01:
  noticed: 2026-01-03T07:00:00Z
  signed: 2026-01-20
  outages:
    - {number: 1, began: 2026-01-03T08:00:00Z, ended: 2026-01-03T10:00:00Z, day: 2026-01-03}
    - {number: 2, began: 2026-01-03T09:00:00+01:00, ended: 2026-01-03T12:30:00+02:00, day: 2026-01-04}
2026-02:
  noticed: 2026-02-01T00:00:00Z
  signed: 2026-01-05
  outages: []
"""


def values(formula: str, *, per_item: bool = False) -> list[object]:
    """The figure in both months."""
    made = f'{{for_each: outages, formula: "{formula}"}}' if per_item else f"'{formula}'"
    outcome = settled(FEE, FACTS, head=LIST, more=f"figures:\n  x: {made}\n")
    assert outcome.findings == (), [one.render() for one in outcome.findings]
    assert outcome.prepared is not None
    item = "2" if per_item else ""
    months = list(outcome.settled.values())[: 1 if per_item else 2]
    return [SettledNow(outcome.prepared, one).value("x", item) for one in months]


def at(hour: int, minute: int = 0, *, month: int = 1, day: int = 3) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("formula", "january", "february"),
    [
        ("max(noticed, 2026-01-03T08:30:00+01:00)", at(7, 30), at(0, month=2, day=1)),
        ("min(noticed, 2026-01-03T08:30:00+01:00)", at(7), at(7, 30)),
        ("highest of (noticed, 2026-01-03T08:30:00+01:00)", at(7, 30), at(0, month=2, day=1)),
        ("highest of ended for each outages (none found: noticed)", at(10, 30), at(0, month=2, day=1)),
        ("lowest of began for each outages (none found: noticed)", at(8), at(0, month=2, day=1)),
        ("highest of day for each outages (none found: start of period)", date(2026, 1, 4), date(2026, 2, 1)),
        ("highest of signed over all months so far", date(2026, 1, 20), date(2026, 1, 20)),
        ("lowest of noticed over all months so far", at(7), at(7)),
        ("max(noticed, (highest of x over all earlier months (none found: noticed)))", at(7), at(0, month=2, day=1)),
        ("min((highest of x over all earlier months (none found: noticed)), noticed)", at(7), at(7)),
    ],
)
def test_first_and_last(formula: str, january: object, february: object) -> None:
    """Times are compared as moments, wherever their clocks stand."""
    assert values(formula) == [january, february]


def test_from_when_an_outage_is_not_covered_by_an_earlier_one() -> None:
    earlier = "highest of ended for each outages where (number is under this item's number) (none found: began)"
    assert values(f"max(began, ({earlier}))", per_item=True) == [at(10)]


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        ("max(began_first, start of period)", "a time"),
        ("max(began_first, 2 hours)", "a time"),
        ("max(2 hours, began_first)", "a time"),
        ("max(0, began_first)", "a time"),
        ("if began_first is after 0 then 1 else 2", "cannot be compared"),
        ("average of began for each outages", "a number is needed here, and this is a time"),
        ("highest of began for each outages (none found: 0 minutes)", "a time"),
        ("highest of began for each outages (none found: 0)", "a time is needed"),
        ("highest of (number is over 1) for each outages", "a number is needed here, and this is yes or no"),
    ],
)
def test_what_is_no_time_is_not_compared_with_one(formula: str, said: str) -> None:
    figures = f"figures:\n  began_first: lowest of began for each outages\n  x: '{formula}'\n"
    findings = findings_of(FEE, head=LIST, more=figures)
    assert [one.code for one in findings] == ["BPO230"], [one.render() for one in findings]
    assert said in findings[0].problem.lower()


def test_a_list_without_items_has_no_last_time() -> None:
    condition = "(highest of began for each outages) is after 2026-01-01T00:00:00Z"
    plan = f"- consequence: plan\n  clause: '2'\n  words: A plan.\n  when: {condition}\n  happens: A plan.\n"
    facts = "2026-01:\n  noticed: 2026-01-03T07:00:00Z\n  outages: []\n"
    findings = settled(plan, facts, head=LIST).findings
    assert [one.code for one in findings] == ["BPO403"]
    assert "nothing to take the highest of" in findings[0].problem
