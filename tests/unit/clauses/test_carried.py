"""Caps whose excess is carried: nothing is lost or paid twice, the oldest is paid first, windows count what is paid."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.clauses.making import HEAD, findings_of, settled
from tests.unit.clauses.months import CENTS, months, small

CREDIT = """
- service_credit: credit
  clause: "1"
  words: Credit.
  amount: fee
  counts_toward: credits
"""
CAP = """
- cap: NAME
  clause: "2"
  words: Cap.
  limits: credits
  at_most: AT_MOST
  excess: carried
"""
ROOM = HEAD.replace("lists:", "  room: {unit: EUR, direction: neutral, precision: unrounded, missing: 0 EUR}\nlists:")
FACTS = st.fixed_dictionaries({"fee": CENTS, "room": CENTS})


def cap(name: str = "limit", at_most: str = "room", more: str = "") -> str:
    return CAP.replace("NAME", name).replace("AT_MOST", at_most) + more


FOREVER = small(CREDIT + cap(), head=ROOM)
LAPSES = small(CREDIT + cap(more="  lapses_after: 2 months\n  paid_first: oldest\n"), head=ROOM)
ROLLING = small(CREDIT + cap(more="  window: last 3 months\n"), head=ROOM)
TWO = small(CREDIT + cap("first", "room") + cap("second", "400 EUR", "  after: first\n"), head=ROOM)


def by_lots(facts: list[dict[str, Fraction]], age: int | None) -> list[tuple[Fraction, Fraction, Fraction]]:
    """Paid of the new, paid of what was carried, lapsed: by lots, the oldest first."""
    lots: list[tuple[int, Fraction]] = []
    found = []
    for month, one in enumerate(facts):
        room, kept, before = one["room"], [], Fraction(0)
        for since, left in lots:
            part = min(left, room)
            room, before = room - part, before + part
            kept.append((since, left - part))
        now = min(one["fee"], room)
        old = [left for since, left in kept if age is not None and month - since >= age]
        lots = [lot for lot in kept if age is None or month - lot[0] < age]
        lots.append((month, one["fee"] - now))
        found.append((now, before, sum(old, Fraction(0))))
    return found


@settings(max_examples=12)
@given(st.lists(FACTS, min_size=1, max_size=7))
def test_what_is_carried_is_paid_the_oldest_first_or_lapses(facts: list[dict[str, Fraction]]) -> None:
    for contract, age in ((FOREVER, None), (LAPSES, 2)):
        found = contract.settled(months(facts))
        now, before = found["credit"], found["limit.carried_paid"]
        lapsed = found["limit.lapsed"] if age else [Fraction(0)] * len(facts)
        assert list(zip(now, before, lapsed, strict=True)) == by_lots(facts, age)
        owed = sum(found["credit.gross"])
        assert owed == sum(now) + sum(before) + sum(lapsed) + found.last("limit.carried_forward")
        assert all(paid <= fact["room"] for paid, fact in zip(found["limit.paid"], facts, strict=True))


NEWEST = small(CREDIT + cap(more="  lapses_after: 2 months\n  paid_first: newest\n"), head=ROOM)


def newest_first(facts: list[dict[str, Fraction]], age: int) -> list[tuple[Fraction, Fraction, Fraction]]:
    """Paid of the new, paid of what was carried, lapsed: this month's amount first, then the youngest lot."""
    lots: list[tuple[int, Fraction]] = []
    found = []
    for month, one in enumerate(facts):
        room = one["room"]
        now = min(one["fee"], room)
        room, before, kept = room - now, Fraction(0), []
        for since, left in reversed(lots):
            part = min(left, room)
            room, before = room - part, before + part
            kept.append((since, left - part))
        lapsed = sum((left for since, left in kept if month - since >= age), Fraction(0))
        lots = [lot for lot in sorted(kept) if month - lot[0] < age] + [(month, one["fee"] - now)]
        found.append((now, before, lapsed))
    return found


@settings(max_examples=12)
@given(st.lists(FACTS, min_size=1, max_size=7))
def test_the_newest_first_leaves_the_oldest_to_lapse(facts: list[dict[str, Fraction]]) -> None:
    found = NEWEST.settled(months(facts))
    triples = list(zip(found["credit"], found["limit.carried_paid"], found["limit.lapsed"], strict=True))
    assert triples == newest_first(facts, 2)
    assert sum(found["credit.gross"]) == sum(sum(one) for one in triples) + found.last("limit.carried_forward")


@settings(max_examples=12)
@given(st.lists(FACTS, min_size=1, max_size=7))
def test_a_window_counts_what_was_paid_of_earlier_months_too(facts: list[dict[str, Fraction]]) -> None:
    room = Fraction(500)
    found = ROLLING.settled(months([{"fee": fact["fee"], "room": room} for fact in facts]))
    paid = found["limit.paid"]
    assert all(sum(paid[max(0, month - 2) : month + 1]) <= room for month in range(len(paid)))


@settings(max_examples=12)
@given(st.lists(FACTS, min_size=1, max_size=6))
def test_two_caps_that_carry_pay_no_more_than_either_allows(facts: list[dict[str, Fraction]]) -> None:
    found = TWO.settled(months(facts))
    paid = [
        now + first + second
        for now, first, second in zip(
            found["credit"], found["second.of_first"], found["second.carried_paid"], strict=True
        )
    ]
    assert paid == found["second.paid"]
    assert all(amount <= 400 for amount in paid)
    waiting = found.last("first.carried_forward") + found.last("second.carried_forward")
    assert sum(found["credit.gross"]) == sum(paid) + waiting


YEARLY = """
- cap: yearly
  clause: "3"
  words: w
  limits: credit
  at_most: 600 EUR
  window: this contract year
  excess: lost
"""
AS_PAID = small(CREDIT + cap(more="  at_end_of_term: paid\n") + YEARLY + "  after: limit\n", head=ROOM)
AS_ARISEN = small(CREDIT + cap(more="  after: yearly\n") + YEARLY, head=ROOM)


@settings(max_examples=12)
@given(st.lists(FACTS, min_size=12, max_size=12))
def test_a_cap_after_one_that_carries_is_on_all_that_is_paid(facts: list[dict[str, Fraction]]) -> None:
    """Also of what is still carried and paid at the end of the term; nothing is cut that has room in the year."""
    found = AS_PAID.settled(months(facts))
    lines = ("credit", "limit.carried_paid", "yearly.of_limit_at_the_end")
    paid = [sum(one) for one in zip(*(found[line] for line in lines), strict=True)]
    due = [sum(one) for one in zip(found["limit.paid"], found["limit.paid_at_the_end"], strict=True)]
    assert sum(paid) == min(sum(due), Fraction(600))
    assert paid == found["yearly.paid"]


@settings(max_examples=12)
@given(st.lists(FACTS, min_size=1, max_size=7))
def test_a_cap_before_one_that_carries_is_on_what_arises(facts: list[dict[str, Fraction]]) -> None:
    found = AS_ARISEN.settled(months(facts))
    arisen = found["limit.new"]
    assert sum(arisen) == min(sum(found["credit.gross"]), Fraction(600))
    assert sum(found["limit.paid"]) + found.last("limit.carried_forward") == sum(arisen)


def test_what_was_carried_is_a_line_of_its_own() -> None:
    outcome = settled(CREDIT + cap(), "2026-01: {fee: 30, room: 10}\n2026-02: {fee: 5, room: 100}", head=ROOM)
    last = list(outcome.settled.values())[-1]
    assert [(line.name, line.amount.text) for line in last.adjustments] == [
        ("credit", "-5.00"),
        ("limit.carried_paid", "-20.00"),
    ]


def test_a_bonus_that_is_carried_stays_a_bonus() -> None:
    clauses = CREDIT.replace("service_credit", "bonus") + cap()
    outcome = settled(clauses, "2026-01: {fee: 30, room: 10}\n2026-02: {fee: 0, room: 100}", head=ROOM)
    assert [line.amount.text for line in list(outcome.settled.values())[-1].adjustments] == ["0.00", "20.00"]


def test_a_cap_within_a_wider_one_is_used_by_what_was_paid_in_the_end() -> None:
    clauses = (
        CREDIT
        + CREDIT.replace("credit: credit", "credit: other").replace('clause: "1"', 'clause: "3"')
        + """
- cap: narrow
  clause: "4"
  words: Narrow.
  limits: [credit]
  at_most: 100 EUR
  window: the whole contract
  excess: lost
- cap: wide
  clause: "5"
  words: Wide.
  limits: credits
  at_most: 50 EUR
  excess: lost
  shared: in order
  order: [other, credit]
"""
    )
    facts = "2026-01: {fee: 40, room: 0}\n2026-02: {fee: 90, room: 0}"
    outcome = settled(clauses, facts, head=ROOM)
    assert outcome.findings == ()
    used = [one.document for one in outcome.settled.values()][-1]
    steps = {step["figure"]: step["value"] for step in used["steps"]}
    # January: 50 for both, the other first: 40 and 10. So 10 of 100 are used, not 40.
    assert steps["narrow.used"] == "10"


EARN_BACK = """
- earn_back: back
  clause: "9"
  words: w
  returns: credit
  share: 100 %
  after: 1 month
  recovered_when: fee is 0 EUR
  no_data: not recovered
"""
TRUE_UP = """
- true_up: final
  clause: "9"
  words: w
  interim: credit
  over: this contract year
  final: 100 EUR
  final_when: last month of this contract year
"""
SMALLEST = """
- smallest_payment: smallest
  clause: "3"
  words: w
  limits: credit
  issued_only: over 50 EUR
  below: carried
  at_end_of_term: paid
"""


@pytest.mark.parametrize("counts", [EARN_BACK, TRUE_UP])
@pytest.mark.parametrize("limit", [cap(), SMALLEST])
def test_what_is_paid_later_would_be_missed_by_what_counts_payments(counts: str, limit: str) -> None:
    def codes(clauses: str) -> list[str]:
        return [finding.code for finding in findings_of(CREDIT + clauses, head=ROOM)]

    assert codes(limit + counts) == ["BPO161"]
    assert codes(cap().replace("carried", "lost") + counts) == codes(limit) == []


@pytest.mark.parametrize(
    ("clauses", "code"),
    [
        (cap("first", "room") + cap("second", "400 EUR"), "BPO258"),
        (cap("first", "room", "  after: second\n") + cap("second", "400 EUR", "  after: first\n"), "BPO258"),
        (cap() + YEARLY, "BPO258"),
        (cap() + YEARLY + "  after: [limit, fee]\n", "BPO258"),
        (cap("first") + cap("second", "9 EUR", "  after: first\n") + YEARLY + "  after: first\n", "BPO258"),
        (cap().replace("carried", "lost") + "  lapses_after: 2 months\n", "BPO148"),
        (cap(more="  lapses_after: a while\n  paid_first: oldest\n"), "BPO256"),
        (cap(more="  window: last 40 days\n"), "BPO255"),
        (
            CREDIT.replace("credit: credit", "credit: b").replace("service_credit", "bonus")
            + cap(more="  shared: pro rata\n"),
            "BPO259",
        ),
        (cap().replace("cap: limit", "collar: limit") + "  at_least: -5 EUR\n", "BPO147"),
    ],
)
def test_refused(clauses: str, code: str) -> None:
    assert code in [finding.code for finding in findings_of(CREDIT + clauses, head=ROOM)]


def test_a_line_has_its_own_name_whatever_cap_limits_it_last() -> None:
    """What is paid at the end of the term is then a figure of the later cap, and still the carrier's line."""
    clauses = """
- bonus: success
  clause: "1"
  words: w
  amount: fee
- cap: carrier
  clause: "2"
  words: w
  limits: success
  at_most: 300 EUR
  excess: carried
  at_end_of_term: paid
- cap: later
  clause: "3"
  words: w
  limits: success
  at_most: 200 EUR
  excess: lost
  after: carrier
"""
    facts = "".join(f"2026-{month:02}: {{fee: {1000 if month == 12 else 100} EUR}}\n" for month in range(1, 13))
    last = settled(clauses, facts).settled["2026-12"]
    paid = {line.name: line.amount.text for line in last.adjustments}
    assert paid == {"success": "200.00", "carrier.carried_paid": "0.00", "carrier.paid_at_the_end": "0.00"}
