"""A table that is read at a count has no values between its whole numbers; at anything else it has."""

from __future__ import annotations

import pytest
from tests.unit.clauses.making import findings_of

ROWS = "{2 or less: 1000.00 EUR, exactly 3: 500.00 EUR, 4 or more: 0 EUR}"
CLAUSE = """
- base_fee: paid
  clause: "1"
  words: w
  amount: due
"""


def codes(formula: str, *, rounded: str = "") -> list[str]:
    rounding = f", round: {rounded}" if rounded else ""
    more = (
        "parameters: {extra: '2', half: '0.5'}\nfigures:\n  due: {measure: x, table: " + ROWS + "}\n"
        f"  late: {{formula: 'count of tickets where done'}}\n  x: {{formula: '{formula}'{rounding}}}\n"
    )
    return [finding.code for finding in findings_of(CLAUSE, more=more)]


@pytest.mark.parametrize(
    "formula",
    [
        "count of tickets where done",
        "late + extra",
        "late * extra",
        "max(late - 1, 0)",
        "sum of late over all months so far",
        "if claimed then late else 0",
    ],
)
def test_a_count_has_nothing_in_between(formula: str) -> None:
    assert codes(formula) == []


@pytest.mark.parametrize(
    "formula",
    ["late * half", "late + half", "late / 2", "average of late over all months so far"],
)
def test_other_numbers_have(formula: str) -> None:
    assert codes(formula) == ["BPO221", "BPO221"]


def test_a_rounded_figure_has_the_grain_it_is_rounded_to() -> None:
    assert codes("late / 2", rounded="half up to 1") == []
    assert codes("late / 2", rounded="half up to 0.5") == ["BPO221", "BPO221"]


def test_a_column_that_is_called_like_a_count_is_no_count() -> None:
    more = (
        "figures:\n  due: {measure: x, table: "
        + ROWS.replace("2 or", "2 hours or").replace("exactly 3", "exactly 3 hours").replace("4 or", "4 hours or")
        + "}\n  x: {formula: 'sum of hours for each tickets (none found: 0 hours)'}\n"
    )
    assert [finding.code for finding in findings_of(CLAUSE, more=more)] == ["BPO221", "BPO221"]
