"""Units that were once not looked at: before the start, and the grain of a rounding."""

from __future__ import annotations

import pytest
from tests.unit.clauses.making import findings_of
from tests.unit.clauses.many import Small, clause_text, measures, refused

MORE = measures(waited="hours", fee="EUR")
CLAUSE = clause_text("base_fee", "amount: fee")


def figures(*lines: str) -> str:
    return MORE + "figures:\n" + "".join(f"  {line}\n" for line in lines)


def test_what_holds_before_the_start_has_the_unit_of_the_figure() -> None:
    more = figures('a: "(previous month\'s fee (before the start: 5 %)) + 1 EUR"')
    refused(CLAUSE, "BPO230", "5 %", more=more)


def test_a_figure_that_looks_back_at_itself_takes_its_unit_from_before_the_start() -> None:
    more = figures('a: "(a 1 month ago (before the start: 2.00 EUR per hour)) * 2"')
    text = clause_text("base_fee", "amount: waited * a")
    assert Small(text, more=more).of(waited=3, fee=0).last("x") == 12


@pytest.mark.parametrize("grain", ["0.01 EUR", "0.5", "1 %"])
def test_a_time_is_rounded_to_a_time(grain: str) -> None:
    refused(CLAUSE, "BPO230", "half up", more=figures(f"a: {{formula: waited * 2, round: half up to {grain}}}"))


def test_an_amount_is_not_rounded_to_a_percentage() -> None:
    refused(CLAUSE, "BPO230", "half up", more=figures("a: {formula: fee / 3, round: half up to 0.1 %}"))


@pytest.mark.parametrize(("grain", "minutes"), [("1 hour", 120), ("30 minutes", 150)])
def test_a_grain_with_its_unit(grain: str, minutes: int) -> None:
    more = figures(f"a: {{formula: waited * 2, round: down to {grain}}}")
    assert Small(CLAUSE, more=more).of(waited="1.25 hours", fee=0).last("a") == minutes


def test_one_of_a_unit_is_that_unit() -> None:
    assert Small(CLAUSE, more=MORE).of(waited="1 hour", fee=0).last("waited") == 60


CAPPED = """
- incentive: regime
  clause: "8"
  words: w
  amount: (2.50 hours - late) * trains * 1.85 EUR per hour
  counts_toward: bonuses
- collar: regime_collar
  clause: "8.2"
  words: w
  limits: bonuses
  at_most: 30000.00 EUR
  at_least: -50000.00 EUR
  excess: lost
"""


def test_a_clause_in_a_wrong_unit_is_said_at_the_clause_and_not_at_its_limit() -> None:
    more = "parameters: {late: 2 hours, trains: 10 trains}\nunits: [trains]\n"
    (finding,) = findings_of(CAPPED, more=more)
    assert finding.code == "BPO233"
    assert "EUR train" in finding.problem
    assert "'1.85 EUR per hour per train'" in finding.next_step
    assert findings_of(CAPPED.replace("per hour", "per hour per train"), more=more) == ()


@pytest.mark.parametrize("word", ["MWh", "kWh", "SIM"])
def test_a_unit_with_capitals_is_declared_as_it_is_written(word: str) -> None:
    clause = """
- base_fee: paid
  clause: "1"
  words: w
  amount: due
"""
    more = f"""
figures:
  due: {{formula: 3 {word} * 2 EUR per {word}}}
  price: {{formula: 2 EUR per {word} / 3, round: half up to 0.001 EUR per {word}}}
"""
    found = findings_of(clause, more=more)
    assert {finding.code for finding in found} == {"BPO213"}
    assert any(f"'units: [{word}]'" in finding.next_step for finding in found)
    assert findings_of(clause, more=more + f"units: [{word}]\n") == ()


SERIES = """\
units: [points]
series:
  index: {unit: points, source: s, lookup: exact, values: {2025-12: 100, 2026-01: 110, 2026-02: 110}}
"""


def test_a_figure_divided_by_another_of_earlier_takes_its_unit_from_where_it_is_said() -> None:
    """It stands once with and once without what holds before the start: a rent that follows an index."""
    before = "(previous month's level (before the start: 100 points))"
    raised = "(previous month's rent * level / (previous month's level))"
    first = "(previous month's rent (before the start: 1000 EUR))"
    more = measures(fee="EUR") + SERIES + "figures:\n"
    more += f'  level: "if index is over {before} then index else {before}"\n'
    more += f'  rent: "if fee is over 5 EUR then {raised} else {first}"\n'
    assert Small(clause_text("base_fee", "amount: rent"), more=more).of(fee=0).last("x") == 1000


@pytest.mark.parametrize(
    ("formula", "written"),
    [
        ("claimed or (previous month's a)", "previous month's a"),
        ("not (a 2 months ago)", "a 2 months ago"),
        ("if previous month's a then no else yes", "previous month's a"),
    ],
)
def test_a_yes_that_looks_back_at_itself_alone_is_asked_what_held_before_the_start(formula: str, written: str) -> None:
    more = f'figures:\n  a: "{formula}"\n'
    (finding,) = findings_of(clause_text("base_fee", "amount: 5.00 EUR"), more=more)
    assert finding.code == "BPO230"
    assert finding.problem.startswith("The unit of 'a' is not known here")
    assert f"'{written} (before the start: no)'" in finding.next_step
