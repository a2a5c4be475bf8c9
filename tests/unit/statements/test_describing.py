"""A contract said in plain English: from its figures alone, in 100 columns, in the same words every time."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.unit.clauses.making import HEAD, PLAIN_HEAD, contract_text

from bpo_contracts import load_contract
from bpo_contracts.contract.reading import read_contract
from bpo_contracts.formats.documents import read_document
from bpo_contracts.services.describing import describe_contract

EXAMPLES = sorted((Path(__file__).parents[3] / "examples").glob("*/contract.yaml"))


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.parent.name)
def test_every_clause_is_said_within_the_width_without_inner_names(file: Path) -> None:
    contract = load_contract(file)
    text = describe_contract(contract)
    assert all(len(line) <= 100 for line in text.splitlines())
    for clause in contract.clauses:
        assert f"\nClause {clause.clause}  {clause.says} (" in text
        for part in ("gross", "amount", "rate", "within_", "at_most", "shares"):
            assert f"{clause.name}.{part}" not in text
    assert describe_contract(load_contract(file)) == text


def test_a_clause_is_said_with_its_rows_gate_rounding_and_limit() -> None:
    contract = load_contract(EXAMPLES[[file.parent.name for file in EXAMPLES].index("service_desk")])
    body = describe_contract(contract, "4.1").split("\n\n", 1)[1]
    words = " ".join(body.split())
    assert "Amount: the rate of Fee per closed incident, rounded half up to 0.01 EUR." in words
    assert "Only if full service." in words
    assert "\n      under 65 %          8 %\n      65 % to under 75 %  4 %\n      75 % or more        none\n" in body
    assert "limited by 4.3 Cap on service credits, shared in this order: Resolution time; Reopened incidents." in words
    cap = " ".join(describe_contract(contract, "4.3").split())
    assert "Cap on service credits: 10 % of Fee per closed incident, rounded half up to 0.01 EUR, at least 0." in cap
    assert "Limits what is due for Resolution time; Reopened incidents" in cap


def said(clauses: str, *, more: str = "", head: str = HEAD) -> str:
    """The contract in words, on one line."""
    text = contract_text(clauses, more=more, head=head)
    return " ".join(describe_contract(read_contract(read_document(text.encode(), "contract.yaml"))).split())


def test_overruns_are_counted_from_the_target_up_by_rows_that_are_said_once() -> None:
    text = said("""
        - gain_share: savings
          clause: "1"
          words: w
          target: 900.00 EUR
          outturn: fee
          overruns: shared
          shares: {under 80 %: 25 %, 80 % to under 100 %: 50 %, 100 % or more: 30 %}
          minimum_saving: 18.00 EUR
          minimum_overrun: 27.00 EUR
          minimum_counts: when reached
          once_reached: excess only
    """)
    assert "Share of the saving: counted slice by slice from min(the outturn" in text
    above = "the point from which overruns are shared, as % of the target"
    assert f"below zero, counted slice by slice from {above} up to max(the outturn" in text
    assert f"{above}), by the rows above." in text
    assert text.count("80 % to under 100 % 50 %") == 1


def test_a_straight_line_is_flat_outside_its_points() -> None:
    more = "figures:\n  factor: {measure: level, line: {90 %: 1 %, 95 %: 2 %}}\n"
    text = said('- base_fee: charge\n  clause: "1"\n  words: w\n  amount: factor of 10.00 EUR\n', more=more)
    assert "on the straight line between these points, flat outside them, at level: 90 % 1 % 95 % 2 %" in text


LISTS = """
measures:
  solved: {title: Solved in time, unit: "%", direction: higher is better, precision: unrounded, missing: not scored,
    share_of: tickets, that_are: done, weighted_by: users, counting_only: kind is "own", minimum_sample: 30,
    below_sample: not scored}
  coldest: {unit: hours, direction: lower is better, precision: unrounded, missing: not scored, worst_of: tickets,
    reading: hours, outside: 2 hours to 8 hours}
lists:
  tickets:
    columns: {ticket: word, kind: word, hours: hours, users: number, done: yes/no}
    key: ticket
    missing: none happened
"""


def test_a_measure_of_a_list_is_said_with_its_list_its_conditions_and_its_weight() -> None:
    text = said('- base_fee: fee\n  clause: "1"\n  words: w\n  amount: 10.00 EUR\n', more=LISTS, head=PLAIN_HEAD)
    assert "Solved in time: the part for Solved in time as % of what counts for Solved in time." in text
    assert "It has no value unless sample of Solved in time >= 30." in text
    assert 'What counts for Solved in time: sum of users for each ticket where (kind = "own").' in text
    assert 'Part for Solved in time: sum of users for each ticket where (kind = "own" and done).' in text
    assert "Coldest: highest of max(2 hours - hours, hours - 8 hours, 0) for each ticket." in text
    assert text.count("If an item lacks one of these values, nothing is settled.") == 3
    assert "no value:" not in text


def test_points_say_their_total_and_a_baseline_its_difference() -> None:
    text = said("""
        - {service_points: points, clause: "1", words: w, measure: level, table: {90 % or more: 0, under 90 %: 1},
           added_up: until reset, reset_at: "6"}
        - {resource_baseline: band, clause: "2", words: w, actual: fee, baseline: 100 EUR, deadband: 5 EUR,
           charged_on: full difference, ends_of_deadband: inside, additional_charge: "0.5", reduced_credit: "0.5"}
    """)
    assert "Total: previous month's points that go on (before the start: 0) + points." in text
    assert "Points that go on: the total. Nothing if the total >= 6." in text
    assert "Difference from the baseline: fee - 100.00 EUR." in text


def test_the_event_of_a_ratchet_is_no_failure_and_its_run_is_said() -> None:
    text = said("""
        - {ratchet: goal, clause: "1", words: w, starts_at: 90 %, moves_by: 1 pp, when: claimed, periods_in_a_row: "2",
           no_data: does not count}
    """)
    assert "Event in the period: claimed." in text
    assert "Number of periods in a row: previous month's run that goes on (before the start: 0) + 1." in text
    assert "ailure" not in text


def test_each_trigger_of_a_consequence_says_its_own_failure_and_count() -> None:
    text = said("""
        - consequence: ending
          clause: "1"
          words: w
          happens: The end.
          any_of:
            many: {when: level is under 98 %, periods: 5, of_last: 12 months, no_data: is left out, afterwards: goes on}
            row: {when: level is under 98 %, periods_in_a_row: 3, no_data: does not count, afterwards: goes on}
    """)
    assert "Ending: if trigger many or trigger row." in text
    assert "Failure in the period for trigger many: level < 98 %." in text
    assert "Failure in the period for trigger row: level < 98 %. Where there is no data: no." in text
    assert "over last 12 months (short history: the months there are) (months without data are left out)" in text
    run = "number of months in a row with the failure in the period for trigger row"
    assert f"Number of periods in a row for trigger row: {run}." in text
    assert "Trigger row: the number of periods in a row for trigger row >= 3." in text


CREDITS = """
    - {service_credit: a, clause: "1", words: w, measure: level, table: {90 % or more: none, under 90 %: 10.00 EUR},
       counts_toward: credits}
    - {service_credit: b, clause: "2", words: w, measure: level, table: {90 % or more: none, under 90 %: 10.00 EUR},
       counts_toward: credits}
"""


def test_a_cap_that_carries_is_named_and_says_what_becomes_of_the_excess() -> None:
    text = said(
        CREDITS
        + """
    - {cap: month_cap, clause: "3", words: w, limits: credits, at_most: 15.00 EUR, excess: carried, shared: pro rata,
       paid_first: newest, lapses_after: 3 months, at_end_of_term: paid}
    """
    )
    assert "Credits after limits: credits before limits, limited by 3 month cap." in text
    assert "Kept within credits after limits, limited by 3 month cap, shared in proportion." in text
    assert "What is beyond is carried to later months, the newest paid first." in text
    assert "What is still carried lapses 3 months after the period in which it arose." in text
    assert "What is still carried at the end of the term is paid then." in text
    assert text.count("Paid of what was carried:") == 1


def test_a_smallest_payment_has_no_order_that_nobody_wrote() -> None:
    text = said(
        CREDITS
        + """
    - {smallest_payment: small, clause: "3", words: w, limits: credits, issued_only: over 15.00 EUR, below: lost}
    """
    )
    assert "Kept within credits after limits, limited by 3 small." in text
    assert "in this order" not in text
    assert "Limits what is due for a; b. What is too small to be paid is lost." in text


def test_a_carry_forward_says_the_order_and_the_life_before_the_formulas() -> None:
    text = said("""
        - {carry_forward: bank, clause: "1", words: w, arises: fee, used: fee, used_from: the next period,
           used_first: oldest, lapses_after: 3 months, at_end_of_term: lapses, round: half up to 0.01 EUR}
    """)
    order = "What arises in a month can be used from the next month on, the oldest first."
    life = "What is not used lapses 3 months after the period in which it arose, or with the end of the term."
    assert f'"w" {order} {life} Balance: ' in text
    assert "no value" not in text


def test_a_clause_with_several_readings_says_which_is_agreed() -> None:
    text = said("""
        - base_fee: charge
          clause: "1"
          words: w
          amount: fee
          readings: {net: {amount: fee}, gross: {amount: 2 * fee}}
          reading: gross
    """)
    assert "The agreed reading of these words: gross. Another reading, not agreed: net. Amount: 2 × fee" in text


def test_no_data_is_spoken_of_where_there_can_be_none() -> None:
    text = said("""
        - {base_fee: always, clause: "1", words: w, amount: 2 * fee}
        - {service_credit: perhaps, clause: "2", words: w, rate: 100 % - level, of: fee}
    """)
    assert "Amount: 2 × fee, rounded half up to 0.01 EUR. Clause 2" in text
    assert "Amount: the rate of fee, rounded half up to 0.01 EUR. Where there is no data: nothing." in text


def test_an_agreed_zero_is_a_value_and_slices_below_zero_say_where_they_begin() -> None:
    more = """
parameters:
  productivity: {from 2026-01-01: 0 %, from 2026-07-01: 2 %}
figures:
  off: level - 95 %
  shared: {measure: off, slices: {under -2 pp: "2", -2 pp to 2 pp: "0", over 2 pp: "1"}}
"""
    text = said('- base_fee: fee_due\n  clause: "1"\n  words: w\n  amount: 10.00 EUR\n', more=more)
    assert "from 2026-01-01 0 % from 2026-07-01 2 %" in text
    assert "Shared: counted slice by slice from 0 up to off (below 0 the result is below 0):" in text
