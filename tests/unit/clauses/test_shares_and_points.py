"""Percentages, what is left of the whole, and percentage points: what each of them is a share of."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.clauses.making import contract_text, figure, findings_of, settled

from bpo_contracts import hints
from bpo_contracts.contract.reading import read_contract
from bpo_contracts.formats.documents import read_document

CREDIT = "- service_credit: credit\n  clause: '1'\n  words: w\n"
percents = st.integers(0, 10_000).map(lambda hundredths: Fraction(hundredths, 100))


@settings(max_examples=20, deadline=None)
@given(percents, percents)
def test_a_difference_of_percentages_of_a_base_is_the_difference_of_the_shares(one: Fraction, other: Fraction) -> None:
    """``(a - b) of c`` is ``a of c`` less ``b of c``; ``100 % - x`` is what is left of the whole."""
    more = f"""
    parameters: {{a: {float(one)} %, b: {float(other)} %}}
    figures:
      difference: (a - b) of fee
      apart: (a of fee) - (b of fee)
      left_over: (100 % - a) of fee
    """
    outcome = settled(CREDIT + "  amount: max(0 EUR, 0 EUR)", "2026-01: {level: 90 %}", more=more)
    assert figure(outcome, "difference") == figure(outcome, "apart") == (one - other) * 10
    assert figure(outcome, "left_over") == 1000 - one * 10


def test_what_is_left_of_the_whole_stands_beside_a_percentage() -> None:
    """An uptime is 100 % less the share that was down, and is compared with percentages."""
    more = "figures:\n  bad: if (100 % - level) is over 5 % then (100 % - level) else 0 %\n"
    outcome = settled(CREDIT + "  rate: bad\n  of: fee", "2026-01: {level: 94 %}", more=more)
    assert figure(outcome, "credit") == 60


@pytest.mark.parametrize(
    ("formula", "mentions"),
    [
        ("if (99 % - level) is over 5 % then fee else 0 EUR", "Write '5 pp'"),
        ("if (99 % - level) is over 5 pp then 5 pp of fee else 0 EUR", "rate per percentage point"),
        ("(1 - level) of fee", "Write '100 % - level'"),
        ("fee * (95 % - level)", "Write '(95 % - level) of fee'"),
        ("if 3 hours * 2 hours is over 5 minutes then fee else 0 EUR", "'days in period'"),
    ],
)
def test_units_that_do_not_fit_lead_on(formula: str, mentions: str) -> None:
    findings = findings_of(CREDIT + f"  amount: {formula}")
    assert [finding.code for finding in findings] == ["BPO230"]
    assert mentions in findings[0].render()


@pytest.mark.parametrize("rows", ["table: {95 % or more: none, under 95 %: 5 pp}", "slices: {0 % or more: 5 pp}"])
def test_a_row_in_points_is_of_nothing(rows: str) -> None:
    findings = findings_of(CREDIT + f"  measure: level\n  {rows}\n  of: fee")
    assert [finding.code for finding in findings] == ["BPO230"]


def test_a_row_in_percent_beside_points_says_which_is_meant() -> None:
    """``1 %`` beside a shortfall in points is 1 % for each point, or a hundredth of the points: a hundredfold apart."""
    rows = "\n  slices: {5 or less: 1 %, over 5: 2 %}\n  of: fee"
    shortfall = "  measure: max(95 % - level, 0)"
    assert {finding.code for finding in findings_of(CREDIT + shortfall + rows.replace("5", "5 pp"))} == {"BPO230"}
    outcome = settled(CREDIT + shortfall + " / 1 pp" + rows, "2026-01: {level: 88 %}")
    assert figure(outcome, "credit") == 1000 * (5 * Fraction(1, 100) + 2 * Fraction(2, 100))


@settings(max_examples=10, deadline=None)
@given(percents)
def test_the_price_of_a_quantity_is_a_percentage_by_whatever_name(percent: Fraction) -> None:
    """A parameter, a figure and a row that is one of them are charged as the percentage itself would be."""
    more = f"parameters: {{rate: {float(percent)} %}}\nfigures: {{own_rate: rate + 0 %}}\n"
    for price in (
        f"price: {float(percent)} %",
        "price: rate",
        "price: own_rate",
        "table: {0 EUR or more: own_rate, under 0 EUR: none}",
    ):
        clause = f"- transaction_charge: charge\n  clause: '1'\n  words: w\n  measure: fee\n  {price}"
        assert figure(settled(clause, "2026-01: {fee: 400 EUR}", more=more), "charge.amount") == percent * 4


def test_a_figure_is_read_at_words() -> None:
    more = """
    figures:
      weight: {for_each: tickets, title: weight of a ticket, measure: kind, table: {a: 2, any: 1}}
      price: {for_each: tickets, by: [kind, event], table: {"a, x": 5 EUR, "any, any": 3 EUR}}
    """
    clause = (
        "- tariff: sums\n  clause: '1'\n  words: w\n  for_each: tickets\n  rounded: each item\n  amount: weight * price"
    )
    facts = "2026-01: {tickets: [{ticket: A, kind: a, event: x}, {ticket: B, kind: b, event: x}]}"
    assert figure(settled(clause, facts, more=more), "sums") == 2 * 5 + 1 * 3
    wrong = more.replace('"a, x"', '"a"')
    assert [finding.code for finding in findings_of(clause, more=wrong)] == ["BPO280"]
    both = more.replace("by: [kind, event]", "by: [kind, event], measure: kind")
    assert [finding.code for finding in findings_of(clause, more=both)] == ["BPO148"]


def test_bare_numbers_in_rows_are_plain_and_checked() -> None:
    rows = "\n  table: {5 or more: 1 EUR, under 5: 2 EUR}"
    assert figure(settled(CREDIT + "  measure: fee / 1 EUR" + rows, "2026-01: {level: 1 %}"), "credit") == 1
    assert {finding.code for finding in findings_of(CREDIT + "  measure: fee + fee" + rows)} == {"BPO231"}


@pytest.mark.parametrize(("claimed", "amount"), [("yes", 50), ("no", 0)])
def test_a_table_is_read_at_yes_or_no(claimed: str, amount: int) -> None:
    rows = "  measure: claimed\n  table: {'yes': 5 %, 'no': none}\n  of: fee"
    assert figure(settled(CREDIT + rows, f"2026-01: {{claimed: '{claimed}'}}"), "credit") == amount
    for wrong in ("{'yes': 5 %}", "{'yes': 5 %, 'never': none}"):
        findings = findings_of(CREDIT + f"  measure: claimed\n  table: {wrong}\n  of: fee")
        assert {finding.code for finding in findings} == {"BPO280"}


def test_words_and_yes_or_no_are_rows_together() -> None:
    clause = """
    - tariff: sums
      clause: '1'
      words: w
      for_each: tickets
      rounded: each item
      by: [kind, done]
      table: {"a, yes": 1 EUR, "a, no": 2 EUR, "any, any": 4 EUR}
    """
    kinds = [("a", "yes"), ("a", "no"), ("b", "yes"), ("b", "no")]
    rows = [f"{{ticket: T{at}, kind: {kind}, done: '{done}'}}" for at, (kind, done) in enumerate(kinds)]
    facts = f"2026-01: {{tickets: [{', '.join(rows)}]}}"
    assert figure(settled(clause, facts), "sums") == 1 + 2 + 4 + 4


@pytest.mark.parametrize(("rate", "of", "asked"), [("5", "fee", True), ("1", "fee", False), ("5", "fee / 30", False)])
def test_a_rate_without_a_unit_is_asked_about(rate: str, of: str, asked: bool) -> None:
    clause = CREDIT + f"  measure: level\n  table: {{95 % or more: none, under 95 %: {rate}}}\n  of: {of}"
    contract = read_contract(read_document(contract_text(clause).encode(), "contract.yaml"))
    assert [one.problem for one in hints(contract) if one.code == "BPO819"] == [
        "5 without a unit is 5 times 'fee'."
    ] * asked
