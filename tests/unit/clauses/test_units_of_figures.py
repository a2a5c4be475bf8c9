"""Units that were once not looked at: before the start, and the grain of a rounding."""

from __future__ import annotations

import pytest
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
