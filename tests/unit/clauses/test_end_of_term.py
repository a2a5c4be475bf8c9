"""The last period of the term: what is left in a balance is settled as the contract says, or named where it says nothing."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.clauses.making import HEAD, findings_of, settled
from tests.unit.clauses.many import Small
from tests.unit.clauses.months import CENTS, months, small

COUNT = 4
TERM = HEAD.replace("ends_on: 2026-12-31", f"ends_on: 2026-0{COUNT}-30")
HOLDBACK = """
- holdback: held
  clause: "1"
  words: Held.
  keep: 10 % of fee
  release:
    part: {when: claimed, share: 50 %, of: balance, times: every period, remainder: stays held}
"""
ADVANCE = """
- advance: held
  clause: "1"
  words: Advance.
  amount: 900 EUR
  paid_when: claimed
  deduct: 30 % of fee
  deducted_from: the next period
"""
CARRIED = """
- service_credit: credit
  clause: "1"
  words: Credit.
  amount: fee
- cap: held
  clause: "2"
  words: Cap.
  limits: credit
  at_most: 500 EUR
  excess: carried
"""
KINDS = {
    "holdback": (HOLDBACK, "balance", ("released", "forfeited")),
    "advance": (ADVANCE, "balance", ("deducted", "waived")),
    "cap": (CARRIED, "carried_forward", ("paid", "lapses")),
}
CONTRACTS: dict[tuple[str, str], Small] = {
    (kind, end): small(clauses + (f"  at_end_of_term: {end}\n" if end else ""), head=TERM)
    for kind, (clauses, _, ends) in KINDS.items()
    for end in ("", *ends)
}
FACTS = st.fixed_dictionaries({"fee": CENTS, "claimed": st.sampled_from(["yes", "no"])})


@settings(max_examples=15)
@given(st.lists(FACTS, min_size=COUNT, max_size=COUNT))
def test_nothing_is_left_where_the_contract_says_what_becomes_of_it(facts: list[dict[str, Fraction | str]]) -> None:
    for kind, (_, balance, ends) in KINDS.items():
        without = CONTRACTS[kind, ""].settled(months(facts))
        left = without.last(f"held.{balance}")
        assert without.truths("held.left_over") == [False] * (COUNT - 1) + [left > 0]
        for end in ends:
            found = CONTRACTS[kind, end].settled(months(facts))
            assert found.last(f"held.{balance}") == 0
            assert found[f"held.{balance}"][:-1] == without[f"held.{balance}"][:-1]
            figure = "lapsed" if end == "lapses" else f"{end}_at_the_end"
            assert found[f"held.{figure}"] == [0] * (COUNT - 1) + [left]


@pytest.mark.parametrize(
    ("kind", "facts", "amount"),
    [
        ("holdback", ["1000"] * 4, "400.00"),
        ("advance", ["1000", "1000", "0", "0"], "-600.00"),
        ("cap", ["1000"] * 4, "-2000.00"),
    ],
)
def test_it_is_a_line_of_the_last_invoice(kind: str, facts: list[str], amount: str) -> None:
    clauses, _, ends = KINDS[kind]
    claimed = 'claimed: "yes", ' if kind == "advance" else ""
    text = "\n".join(f"2026-0{month}: {{{claimed}fee: {fee}}}" for month, fee in enumerate(facts, 1))
    outcome = settled(clauses + f"  at_end_of_term: {ends[0]}\n", text, head=TERM)
    assert outcome.findings == ()
    last = list(outcome.settled.values())[-1]
    assert {line.name: line.amount.text for line in last.adjustments}[f"held.{ends[0]}_at_the_end"] == amount


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("holdback", "At the end of the term 400.00 EUR is still held back."),
        ("cap", "At the end of the term 2000.00 EUR is still carried forward beyond the cap."),
    ],
)
def test_where_nothing_is_said_the_last_settlement_names_the_amount(kind: str, said: str) -> None:
    facts = "\n".join(f"2026-0{month}: {{fee: 1000}}" for month in range(1, COUNT + 1))
    outcome = settled(KINDS[kind][0], facts, head=TERM)
    documents = [one.document for one in outcome.settled.values()]
    assert [len(one["consequences"]) for one in documents] == [0, 0, 0, 1]
    note = documents[-1]["consequences"][0]
    assert note["happens"] == f"{said} The contract does not say what becomes of it."
    assert (note["name"], note["holds"], note["clause"]) == ("held.left_over", True, KINDS[kind][0].split('"')[-2])


@pytest.mark.parametrize(
    "more",
    [
        "  lapses_at: end of contract year\n  at_end_of_term: paid\n",
        "  lapses_after: 2 months\n",
    ],
)
def test_words_that_contradict_or_leave_open_are_refused(more: str) -> None:
    assert [one.code for one in findings_of(CARRIED + more, head=TERM)] == ["BPO148"]


@pytest.mark.parametrize("word", ["at_end_of_term: paid", "paid_first: oldest", "lapses_at: end of contract year"])
def test_words_about_what_is_carried_need_an_excess_that_is_carried(word: str) -> None:
    clauses = CARRIED.replace("carried", "lost") + f"  {word}\n"
    assert [one.code for one in findings_of(clauses, head=TERM)] == ["BPO148"]


def test_the_newest_first_pays_this_month_before_what_was_carried() -> None:
    facts = "2026-01: {fee: 800}\n2026-02: {fee: 300}\n2026-03: {fee: 0}"
    for first, expected in (("oldest", ["-200.00", "-300.00"]), ("newest", ["-300.00", "-200.00"])):
        outcome = settled(CARRIED + f"  paid_first: {first}\n", facts, head=TERM)
        second = list(outcome.settled.values())[1]
        assert [line.amount.text for line in second.adjustments] == expected
