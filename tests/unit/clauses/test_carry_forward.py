"""What can be used in later periods: used as far as it is there, in the order that is said, and lapsed when it is said."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.clauses.making import HEAD, findings_of, settled
from tests.unit.clauses.many import Small
from tests.unit.clauses.months import months, small

UNUSED = HEAD.replace(
    "lists:",
    "  taken: {unit: calls, direction: neutral, precision: unrounded, missing: refuse}\n"
    "  spare: {unit: calls, direction: neutral, precision: unrounded, missing: refuse}\nlists:",
)
CLAUSE = """
- carry_forward: rights
  clause: "1"
  words: Rights.
  arises: spare
  used: taken
  used_from: FROM
  used_first: FIRST
  round: unrounded
"""
FACTS = st.fixed_dictionaries({"spare": st.integers(0, 9), "taken": st.integers(0, 12)})
HISTORY = st.lists(FACTS, min_size=1, max_size=8)


def clause(start: str, first: str, more: str) -> str:
    return CLAUSE.replace("FROM", start).replace("FIRST", first) + more


def by_lots(
    facts: list[dict[str, int]], *, at_once: bool, first: str, age: int | None, year: int
) -> list[tuple[Fraction, Fraction, Fraction]]:
    """Used, lapsed and left in each month, with every lot kept apart; ``year`` is how long a contract year is."""
    lots: list[tuple[int, int]] = []
    found: list[tuple[Fraction, Fraction, Fraction]] = []
    for month, fact in enumerate(facts):
        new = (month, fact["spare"])
        lots += [new] if at_once else []
        asked, left = fact["taken"], []
        for since, amount in lots if first == "oldest" else reversed(lots):
            part = min(asked, amount)
            asked -= part
            left.append((since, amount - part))
        used = fact["taken"] - asked
        lots = sorted(left) + ([] if at_once else [new])
        ends = (month + 1) % year == 0
        old = [lot for lot in lots if ends or (age is not None and month - lot[0] >= age)]
        lots = [lot for lot in lots if lot not in old]
        three = (used, sum(amount for _, amount in old), sum(amount for _, amount in lots))
        found.append((Fraction(three[0]), Fraction(three[1]), Fraction(three[2])))
    return found


CONTRACTS: dict[tuple[str, str, int | None, bool], Small] = {
    (start, first, age, year): small(
        clause(start, first, f"  lapses_after: {age} months\n" if age else "")
        + ("  lapses_at: end of contract year\n" if year else "  at_end_of_term: lapses\n"),
        head=UNUSED,
    )
    for start, first, age, year in product(
        ("the same period", "the next period"), ("oldest", "newest"), (None, 1, 3), (False, True)
    )
}


@settings(max_examples=12)
@given(HISTORY)
def test_lots_are_used_in_their_order_and_lapse_at_their_age(facts: list[dict[str, int]]) -> None:
    for (start, first, age, _), contract in CONTRACTS.items():
        found = contract.settled(months(facts))
        triples = list(zip(found["rights.used"], found["rights.lapsed"], found["rights.balance"], strict=True))
        assert triples == by_lots(facts, at_once=start == "the same period", first=first, age=age, year=12)


@settings(max_examples=12)
@given(HISTORY)
def test_nothing_is_used_that_is_not_there_and_nothing_is_lost_unsaid(facts: list[dict[str, int]]) -> None:
    for contract in CONTRACTS.values():
        found = contract.settled(months(facts))
        used, lapsed, balance = found["rights.used"], found["rights.lapsed"], found["rights.balance"]
        assert sum(fact["spare"] for fact in facts) == sum(used) + sum(lapsed) + balance[-1]
        assert all(amount >= 0 for amount in [*used, *lapsed, *balance])
        assert all(amount <= fact["taken"] for amount, fact in zip(used, facts, strict=True))


@pytest.mark.parametrize("first", ["oldest", "newest"])
def test_everything_lapses_with_the_contract_year(first: str) -> None:
    """The contract year ends in September: what is left of June is gone in October, whatever its age."""
    head = UNUSED.replace("starts_on: 2026-01-01, ends_on: 2026-12-31", "starts_on: 2025-10-01, ends_on: 2027-09-30")
    contract = small(
        clause("the next period", first, "  lapses_after: 6 months\n  lapses_at: end of contract year\n"), head=head
    )
    facts = [{"spare": 0, "taken": 0} for _ in range(13)]
    facts[8]["spare"], facts[11]["spare"], facts[12]["taken"] = 5, 2, 9  # June, September; October takes
    labels = [f"2025-{month}" for month in (10, 11, 12)] + [f"2026-{month:02}" for month in range(1, 11)]
    found = contract.settled(dict(zip(labels, facts, strict=True)))
    assert found["rights.lapsed"][11] == 7
    assert found["rights.used"][12] == found["rights.balance"][12] == 0


TERM = UNUSED.replace("ends_on: 2026-12-31", "ends_on: 2026-03-31")
FACTS_OF_THREE = """
2026-01: {spare: 4, taken: 0}
2026-02: {spare: 3, taken: 5}
2026-03: {spare: 1, taken: 0}
"""


def test_what_is_due_at_the_end_is_paid_by_the_clause_that_names_it() -> None:
    pays = """
- bonus: pay_out
  clause: "2"
  words: Pay out.
  amount: rights.due * 10 EUR per call
"""
    clauses = clause("the next period", "oldest", "  at_end_of_term: due\n")
    outcome = settled(clauses + pays, FACTS_OF_THREE, head=TERM)
    assert outcome.findings == ()
    paid = [one.adjustments[0].amount.text for one in outcome.settled.values()]
    assert paid == ["0.00", "0.00", "40.00"]  # 4 of January are used in February; 3 + 1 are left
    assert [finding.code for finding in findings_of(clauses, head=TERM)] == ["BPO277"]


def test_what_is_left_is_said_in_the_last_period_where_nobody_agreed_what_becomes_of_it() -> None:
    outcome = settled(clause("the next period", "oldest", "  lapses_after: 9 months\n"), FACTS_OF_THREE, head=TERM)
    said = [[one.says for one in settlement.consequences] for settlement in outcome.settled.values()]
    assert said == [
        [],
        [],
        ["At the end of the term 4 calls is still carried forward. The contract does not say what becomes of it."],
    ]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ("", "BPO148"),
        ("  lapses_at: end of contract year\n  at_end_of_term: due\n", "BPO148"),
        ("  lapses_after: a while\n", "BPO256"),
    ],
)
def test_refused(more: str, code: str) -> None:
    assert code in [finding.code for finding in findings_of(clause("the next period", "oldest", more), head=UNUSED)]


def test_newest_first_keeps_ages_apart_and_so_has_a_bound() -> None:
    long = "  lapses_after: 61 months\n"
    assert [one.code for one in findings_of(clause("the next period", "newest", long), head=UNUSED)] == ["BPO278"]
    assert not findings_of(clause("the next period", "oldest", long), head=UNUSED)


def test_a_missing_amount_stops_the_settlement_and_is_not_nothing() -> None:
    head = UNUSED.replace("spare: {unit: calls, direction: neutral, precision: unrounded, missing: refuse}",
                          "spare: {unit: calls, direction: neutral, precision: unrounded, missing: not scored}")  # fmt: skip
    outcome = settled(
        clause("the next period", "oldest", "  lapses_after: 9 months\n"), "2026-01: {taken: 0}", head=head
    )
    assert [finding.code for finding in outcome.findings] == ["BPO248"]
