"""A reading changes its clause as an amendment does: paths lead into tables, ``removed`` takes out."""

from __future__ import annotations

from fractions import Fraction

import pytest
from tests.unit.clauses.making import findings_of, settled

CLAUSES = """
- transaction_charge: charge
  clause: "1"
  words: w
  measure: fee
  table: {100 EUR or less: 0 %, over 100 EUR: 10 %}
- bonus: extra
  clause: "2"
  words: w
  rate: 49.95 %
  of: fee
  only_if: claimed
  at_most: 60 EUR
  counts_toward: total
  round: up to 10 EUR
  readings:
    as it stands:
    with other fields: {at_most: 50 EUR}
    without: {FIELDS}
    none of it: removed
  reading: "NAME"
"""


def net(fields: str, name: str, claimed: str = "yes") -> Fraction:
    clauses = CLAUSES.replace("FIELDS", fields).replace("NAME", name)
    outcome = settled(clauses, f'2026-01: {{fee: 300 EUR, claimed: "{claimed}"}}')
    assert outcome.findings == (), [finding.render() for finding in outcome.findings]
    return next(iter(outcome.settled.values())).totals.net.amount


@pytest.mark.parametrize(
    ("fields", "name", "claimed", "extra"),
    [
        ("at_most: removed", "as it stands", "yes", Fraction(60)),
        ("at_most: removed", "with other fields", "yes", Fraction(50)),
        ("at_most: removed", "without", "yes", Fraction(150)),
        ("at_most: removed, round: removed", "without", "yes", Fraction("149.85")),
        ("at_most: removed", "without", "no", Fraction(0)),
        ("only_if: removed", "without", "no", Fraction(60)),
        ("counts_toward: removed", "without", "yes", Fraction(60)),
        ("at_most: removed", "none of it", "yes", Fraction(0)),
    ],
)
def test_what_a_reading_takes_out_does_not_hold(fields: str, name: str, claimed: str, extra: Fraction) -> None:
    assert net(fields, name, claimed) == 30 + extra


def test_a_total_is_left() -> None:
    """``counts_toward: removed`` is no total called removed: a cap on the total has no clause then."""
    cap = "- cap: c\n  clause: '3'\n  words: w\n  limits: total\n  at_most: 5 EUR\n  excess: lost\n"
    clauses = CLAUSES.replace("FIELDS", "counts_toward: removed") + cap
    assert findings_of(clauses.replace("NAME", "as it stands")) == ()
    assert [one.code for one in findings_of(clauses.replace("NAME", "without"))] == ["BPO251"]


def test_a_row_is_taken_out() -> None:
    text = """
    - transaction_charge: charge
      clause: "1"
      words: w
      measure: fee
      table: {100 EUR or less: 0 %, over 100 EUR to 200 EUR: 10 %, over 200 EUR: 20 %}
      readings:
        two rows: {table/over 200 EUR: removed, table/over 100 EUR to 200 EUR: removed, table/over 100 EUR: 5 %}
      reading: two rows
    """
    outcome = settled(text, "2026-01: {fee: 300 EUR}")
    assert next(iter(outcome.settled.values())).totals.net.amount == 15


@pytest.mark.parametrize("field", ["smallest", "table/over 300 EUR"])
def test_what_is_not_there_cannot_be_removed(field: str) -> None:
    findings = findings_of(CLAUSES.replace("FIELDS", f"{field}: removed").replace("NAME", "without"))
    assert [finding.code for finding in findings] == ["BPO130"]


def test_a_reading_is_a_map_of_fields() -> None:
    clauses = CLAUSES.replace("none of it: removed", "none of it: nothing").replace("FIELDS", "at_most: removed")
    assert [finding.code for finding in findings_of(clauses.replace("NAME", "none of it"))] == ["BPO149"]
