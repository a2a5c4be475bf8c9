"""Caps over months, and amounts that came back: they stay used or free room, of the very amounts the window counts."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.clauses.making import HEAD, findings_of, settled
from tests.unit.clauses.many import Settled, Small
from tests.unit.clauses.months import small

LIMIT = Fraction(1000)
WINDOWS = {"last 3 months": 3, "last 6 months": 6, "this contract year": 12, "the whole contract": 99}
# The contract year begins in January; two years, so that a year's window is entered anew.
YEARS = HEAD.replace("ends_on: 2026-12-31", "ends_on: 2027-12-31")
CREDIT = """
- service_credit: credit
  clause: "1"
  words: Credit.
  amount: fee
- earn_back: back
  clause: "2"
  words: Back.
  returns: credit
  recovered_when: claimed
  no_data: not recovered
  stages:
    first: {after: 1 month, share: 40 %}
    second: {after: 3 months, share: 60 %}
"""
BONUS = """
- bonus: credit
  clause: "1"
  words: Bonus.
  amount: fee
- claw_back: back
  clause: "2"
  words: Back.
  returns: credit
  within: 2 months
  rate: 50 %
  only_if: claimed
"""
CAP = """
- cap: limit
  clause: "3"
  words: Cap.
  limits: [credit]
  at_most: 1000 EUR
  window: WINDOW
  returned: RETURNED
  excess: lost
"""
CONTRACTS: dict[tuple[str, str, str], Small] = {
    (kind, window, returned): small(clauses + CAP.replace("WINDOW", window).replace("RETURNED", returned), head=YEARS)
    for (kind, clauses), window, returned in product(
        (("earn_back", CREDIT), ("claw_back", BONUS)), WINDOWS, ("frees room", "stays used")
    )
}
FACTS = st.fixed_dictionaries(
    {"fee": st.sampled_from([0, 100, 250, 600, 1500]), "claimed": st.sampled_from(["yes", "no"])}
)


def window_of(window: str, month: int) -> range:
    """The earlier months that the window of a month counts."""
    if window == "this contract year":
        return range(month // 12 * 12, month)
    return range(max(0, month - WINDOWS[window] + 1), month)


def labels(count: int) -> list[str]:
    return [f"{2026 + month // 12}-{month % 12 + 1:02}" for month in range(count)]


def of_each(kind: str, found: Settled, upto: int) -> list[Fraction]:
    """What is left of the amount of each month, before the month ``upto``: granted, less what came back of it."""
    paid, back = found["credit"], found["back"]
    left = list(paid[:upto])
    if kind == "earn_back":
        for month in range(upto):
            for age in (1, 3):
                if month >= age:
                    left[month - age] -= found[f"back.after_{age}"][month]
        return left
    for month in range(upto):
        taken = back[month]
        for since in range(max(0, month - 2), month):
            part = min(taken, left[since])
            left[since] -= part
            taken -= part
        assert taken == 0
    return left


@settings(max_examples=6, deadline=None)
@given(st.lists(FACTS, min_size=1, max_size=9), st.integers(0, 9))
def test_a_window_counts_what_it_granted_less_what_came_back_of_it(
    facts: list[dict[str, int | str]], idle: int
) -> None:
    quiet: list[dict[str, int | str]] = [{"fee": 0, "claimed": "no"}]
    facts = quiet * idle + facts
    for (kind, window, returned), contract in CONTRACTS.items():
        found = contract.settled(dict(zip(labels(len(facts)), facts, strict=True)))
        for month, paid in enumerate(found["credit"]):
            counted = of_each(kind, found, month) if returned == "frees room" else found["credit"]
            used = sum((counted[one] for one in window_of(window, month)), Fraction(0))
            assert found["limit.used"][month] == used, (kind, window, returned, month)
            assert paid == min(Fraction(facts[month]["fee"]), max(Fraction(0), LIMIT - used))


def test_by_hand() -> None:
    """600 in January; 40 % of it come back in February, and 240 of room with them in March."""
    clauses = CREDIT + CAP.replace("WINDOW", "last 6 months")
    facts = """
    2026-01: {fee: 600, claimed: "no"}
    2026-02: {fee: 0, claimed: "yes"}
    2026-03: {fee: 900, claimed: "no"}
    """
    paid = {}
    for returned in ("frees room", "stays used"):
        outcome = settled(clauses.replace("RETURNED", returned), facts, head=YEARS)
        assert outcome.findings == ()
        paid[returned] = [
            next(line.amount.text for line in one.adjustments if line.name == "credit")
            for one in outcome.settled.values()
        ]
    assert paid == {"frees room": ["-600.00", "0.00", "-640.00"], "stays used": ["-600.00", "0.00", "-400.00"]}


ALONE = CREDIT[: CREDIT.index("- earn_back")]


@pytest.mark.parametrize(
    ("clauses", "code"),
    [
        (CREDIT + CAP.replace("WINDOW", "last 6 months").replace("  returned: RETURNED\n", ""), "BPO208"),
        (ALONE + CAP.replace("WINDOW", "last 6 months").replace("RETURNED", "stays used"), "BPO209"),
        (CREDIT + CAP.replace("  window: WINDOW\n", "").replace("RETURNED", "stays used"), "BPO209"),
    ],
)
def test_the_choice_is_said_where_it_decides_and_nowhere_else(clauses: str, code: str) -> None:
    assert [finding.code for finding in findings_of(clauses, head=YEARS)] == [code]


def test_a_cap_without_a_window_has_nothing_to_say() -> None:
    clauses = CREDIT + CAP.replace("  window: WINDOW\n", "").replace("  returned: RETURNED\n", "")
    assert not findings_of(clauses, head=YEARS)


def test_by_lot_and_as_a_whole() -> None:
    """Two lots under one cap: what comes back to one frees room for the other."""
    head = YEARS.replace("measures:", "scopes: {site: [north, south]}\nmeasures:", 1).replace(
        "lists:",
        "  due: {unit: EUR, direction: neutral, precision: unrounded, missing: 0 EUR, for_each: site}\nlists:",
    )
    clauses = """
- service_credit: credit
  clause: "1"
  words: Credit.
  for_each: site
  amount: due
- earn_back: back
  clause: "2"
  words: Back.
  for_each: site
  returns: credit
  share: 100 %
  after: 1 month
  recovered_when: claimed
  no_data: not recovered
""" + CAP.replace("WINDOW", "last 6 months").replace("RETURNED", "frees room").replace(
        "excess", "shared: pro rata\n  excess"
    )
    facts = """
    2026-01: {due: {north: 700 EUR, south: 300 EUR}}
    2026-02: {due: {north: 0 EUR, south: 0 EUR}, claimed: "yes"}
    2026-03: {due: {north: 0 EUR, south: 1200 EUR}}
    """
    outcome = settled(clauses, facts, head=head)
    assert outcome.findings == ()
    last = list(outcome.settled.values())[-1].adjustments
    assert [line.amount.text for line in last if line.name == "credit"] == ["0.00", "-1000.00"]


TRUE_UP = """
- {kind}: payer
  clause: "1"
  words: w
  amount: fee
- true_up: final
  clause: "2"
  words: w
  interim: payer
  over: the whole contract
  final: agreed
  final_when: claimed
- cap: limit
  clause: "3"
  words: w
  limits: [payer]
  at_most: 1000 EUR
  window: {window}
  {returned}
  excess: lost
"""
AGREED = HEAD.replace(
    "lists:", "  agreed: {unit: EUR, direction: neutral, precision: unrounded, missing: 0 EUR}\nlists:"
)
SETTLED_LOWER = """
2026-01: {fee: 900}
2026-02: {fee: 400}
2026-03: {fee: 0, claimed: "yes", agreed: 700}
2026-04: {fee: 500}
"""


@pytest.mark.parametrize("kind", ["service_credit", "bonus"])
@pytest.mark.parametrize(("returned", "april"), [("frees room", 300), ("stays used", 0)])
def test_what_is_settled_lower_gives_room_back(kind: str, returned: str, april: int) -> None:
    """1,000 are granted by February and settled at 700: 300 come back in March."""
    clauses = TRUE_UP.format(kind=kind, window="the whole contract", returned=f"returned: {returned}")
    outcome = settled(clauses, SETTLED_LOWER, head=AGREED)
    sign = -1 if kind == "service_credit" else 1
    nets = [Fraction(str(one.totals.net.text)) for one in outcome.settled.values()]
    assert nets == [sign * amount for amount in (900, 100, -300, april)]


BOTH_WAYS = """
- {{bonus: gain, clause: "1", words: w, amount: 100 EUR}}
- {{service_credit: loss, clause: "2", words: w, amount: 30 EUR}}
- true_up: final
  clause: "3"
  words: w
  interim: {interim}
  over: the whole contract
  final: 20 EUR
  final_when: claimed
- cap: limit
  clause: "4"
  words: w
  limits: [gain, loss]
  at_most: 100 EUR
  window: the whole contract
  returned: frees room
  shared: pro rata
  excess: lost
"""


@pytest.mark.parametrize("interim", ["[gain, loss]", "[loss, gain]"])
def test_what_is_settled_lower_gives_room_back_in_whatever_order_it_was_paid(interim: str) -> None:
    """100 - 30 are granted in January and settled at 20: of 100, 80 are left for February, and 10 for March."""
    facts = '2026-01: {fee: 0, claimed: "yes"}\n2026-02: {fee: 0}\n2026-03: {fee: 0}\n'
    outcome = settled(BOTH_WAYS.format(interim=interim), facts)
    assert [Fraction(str(one.totals.net.text)) for one in outcome.settled.values()] == [20, 70, 10]


def test_room_is_given_back_only_where_it_is_known_of_when_it_is() -> None:
    def codes(window: str, returned: str) -> list[str]:
        clauses = TRUE_UP.format(kind="bonus", window=window, returned=returned)
        return [one.code for one in findings_of(clauses, head=AGREED)]

    assert codes("the whole contract", "round: half up to 0.01 EUR") == ["BPO208"]
    assert codes("last 3 months", "returned: frees room") == ["BPO209"]
    assert codes("last 3 months", "returned: stays used") == []
