"""Limits inside limits: an outer one never pushes an inner total past its own; where it could, it is refused."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.clauses.making import HEAD, PLAIN_HEAD, findings_of
from tests.unit.clauses.many import Small, clause_text
from tests.unit.clauses.months import CENTS, small

MORE = (
    "  first: {unit: EUR, direction: neutral, precision: unrounded, missing: 0 EUR}\n"
    "  second: {unit: EUR, direction: neutral, precision: unrounded, missing: 0 EUR}\n"
    "  third: {unit: EUR, direction: neutral, precision: unrounded, missing: 0 EUR}\n"
    "  either: {unit: EUR, direction: neutral, precision: unrounded, missing: 0 EUR}\n"
)
MONEY = HEAD.replace("lists:", MORE + "lists:").replace("measures:", "scopes: {site: [north, south]}\nmeasures:", 1)
PAYERS = """
- bonus: one
  clause: "1"
  words: A bonus.
  amount: first
- bonus: two
  clause: "2"
  words: A bonus.
  amount: second
- service_credit: down
  clause: "3"
  words: A credit.
  amount: third
- incentive: turning
  clause: "4"
  words: Either way.
  amount: either
"""
LIMIT = """
- KIND: NAME
  clause: "9"
  words: A limit.
  limits: [MEMBERS]
  at_most: MOST EUR
  shared: SHARED
  excess: lost
"""


def limit(kind: str, name: str, members: str, most: int, least: int | None = None, shared: str = "pro rata") -> str:
    text = LIMIT.replace("KIND", kind).replace("NAME", name).replace("MEMBERS", members).replace("MOST", str(most))
    return text.replace("SHARED", shared) + (f"  at_least: {least} EUR\n" if least is not None else "")


EVERYTHING = "one, two, down, turning"
NESTED = [
    small(
        PAYERS
        + limit("cap", "bonuses", "one, two", 600)
        + limit("collar", "swing", "turning", 200, -300)
        + limit("collar", "whole", EVERYTHING, 500, -400, shared),
        head=MONEY,
    )
    for shared in ("pro rata", "in order\n  order: [down, two, turning, one]")
]
AMOUNTS = st.fixed_dictionaries(
    {"first": CENTS, "second": CENTS, "third": CENTS, "either": st.one_of(CENTS, CENTS.map(lambda amount: -amount))}
)


@settings(max_examples=25)
@given(AMOUNTS)
def test_an_outer_collar_never_pushes_an_inner_limit_over(facts: dict[str, Fraction]) -> None:
    for contract in NESTED:
        found = contract.of(**facts)
        paid = {name: found.last(name) for name in ("one", "two", "down", "turning")}
        assert paid["one"] + paid["two"] <= 600
        assert -300 <= paid["turning"] <= 200
        assert -400 <= paid["one"] + paid["two"] - paid["down"] + paid["turning"] <= 500


@pytest.mark.parametrize(
    ("inner", "around"),
    [
        (limit("cap", "inside", "one, down", 100), limit("collar", "whole", EVERYTHING, 900, -300)),
        (limit("collar", "inside", "one, down", 100, -100), limit("cap", "whole", EVERYTHING, 900)),
        (limit("cap", "inside", "one, turning", 100), limit("collar", "whole", EVERYTHING, 900, -300)),
    ],
)
def test_where_it_could_it_is_refused(inner: str, around: str) -> None:
    assert [one.code for one in findings_of(PAYERS + inner + around, head=MONEY)] == ["BPO269"]


@pytest.mark.parametrize(
    ("inner", "around"),
    [
        (limit("cap", "inside", "one, two", 100), limit("collar", "whole", EVERYTHING, 900, -300)),
        (limit("cap", "inside", "one, down", 100), limit("cap", "whole", EVERYTHING, 900)),
        (limit("collar", "inside", "turning", 100, -100), limit("collar", "whole", EVERYTHING, 900, -300)),
    ],
)
def test_where_it_could_not_it_is_taken(inner: str, around: str) -> None:
    assert not findings_of(PAYERS + inner + around, head=MONEY)


def test_lots_of_one_clause_can_go_both_ways_too() -> None:
    lots = PAYERS.replace("  amount: either", "  for_each: site\n  amount: either")
    inner = limit("cap", "inside", "turning", 100)
    around = limit("collar", "whole", EVERYTHING, 900, -300)
    assert [one.code for one in findings_of(lots + inner + around, head=MONEY)] == ["BPO269"]
    assert not findings_of(lots + inner + "  for_each: site\n" + around, head=MONEY)


@pytest.mark.parametrize(
    ("kind", "ends"), [("cap", "at_most: 100 USD"), ("collar", "at_most: 5 USD\n  at_least: -100 USD")]
)
def test_a_limit_in_another_currency_is_refused_also_where_nothing_is_due(kind: str, ends: str) -> None:
    """Rows that all say "none" are zero of no currency, and would agree with any."""
    clauses = f"""
- service_credit: nothing
  clause: "1"
  words: Nothing.
  measure: level
  table:
    90 % or more: none
    under 90 %: none
- {kind}: limit_of_it
  clause: "2"
  words: A limit.
  limits: nothing
  {ends}
  excess: lost
"""
    found = findings_of(clauses)
    assert {(one.code, "USD" in one.problem) for one in found} == {("BPO233", True)}
    assert len(found) == ends.count("USD")


@pytest.mark.parametrize(("rounds", "paid"), [("", 10), ("round: half up to 1 JPY", 11), ("round: up to 1 JPY", 11)])
def test_a_limit_is_not_lifted_by_its_rounding_unless_it_says_so(rounds: str, paid: int) -> None:
    head = PLAIN_HEAD.replace("EUR", "JPY").replace("half up to 0.01 JPY", "half up to 1 JPY")
    text = "- tariff: t\n  clause: '1'\n  words: w\n  amount: 20 JPY\n"
    text += clause_text("cap", "limits: t", "at_most: 10.5 JPY", "excess: lost", *([rounds] if rounds else []))
    assert Small(text, head=head).settled({"2026-01": {}})["t"] == [paid]


LONG = HEAD.replace("period: month", "period: half-year").replace("ends_on: 2026-12-31", "ends_on: 2027-12-31")
CREDIT = "- service_credit: a\n  clause: '1'\n  words: w\n  amount: fee\n  counts_toward: tot\n"
CAP = "- cap: k\n  clause: '2'\n  words: w\n  limits: tot\n  at_most: 50 EUR\n  excess: lost\n"
BACK = (
    "- earn_back: NAME\n  clause: '3'\n  words: w\n  returns: a\n  share: 50 %\n  after: 1 month\n"
    "  recovered_when: claimed\n  no_data: not recovered\n"
)
TRUE_UP = "- true_up: t\n  clause: '4'\n  words: w\n  interim: a\n  over: this contract year\n  final: 5 EUR\n  final_when: claimed\n"
TWO_CARRY = CAP.replace("lost", "carried\n  at_end_of_term: ENDS") + CAP.replace("cap: k", "cap: l").replace(
    "lost", "carried\n  after: k\n  at_end_of_term: paid"
)


@pytest.mark.parametrize(
    ("clauses", "head", "code"),
    [
        (CREDIT + CAP + "  window: this half-year\n", LONG, ""),
        (CREDIT + CAP + "  window: this quarter\n", LONG, "BPO255"),
        (CREDIT.replace("fee", "sum of fee over this quarter to date") + CAP, LONG, "BPO255"),
        (
            CREDIT.replace("fee", "'sum of fee over the previous quarter (short history: no result)'") + CAP,
            LONG,
            "BPO255",
        ),
        (CREDIT + CAP + BACK.replace("NAME", "b"), HEAD, ""),
        (CREDIT + CAP + BACK.replace("NAME", "b") + BACK.replace("NAME", "c"), HEAD, "BPO166"),
        (CREDIT + CAP + BACK.replace("NAME", "b") + TRUE_UP, HEAD, "BPO166"),
        (CREDIT + CAP.replace("cap: k", "collar: k") + "  at_least: -10 EUR\n", HEAD, ""),
        (CREDIT + CAP.replace("cap: k", "collar: k") + "  at_least: 10 EUR\n", HEAD, "BPO156"),
        (CREDIT + TWO_CARRY.replace("ENDS", "lapses"), HEAD, ""),
        (CREDIT + TWO_CARRY.replace("ENDS", "paid"), HEAD, "BPO165"),
    ],
)
def test_limits_that_would_not_limit_are_refused(clauses: str, head: str, code: str) -> None:
    found = findings_of(clauses, head=head)
    assert [one.code for one in found] == ([code] if code else []), [one.render() for one in found]


def test_each_lot_has_one_amount_under_its_own_limit() -> None:
    lots = "  for_each: site\n"
    clauses = CREDIT.replace("fee", "level of fee") + lots + CAP + lots
    more, head = (
        "scopes: {site: [north, south]}\n",
        HEAD.replace("missing: not scored", "missing: not scored, for_each: site"),
    )
    assert findings_of(clauses, more=more, head=head) == ()
    assert [one.code for one in findings_of(clauses.replace(CAP + lots, CAP), more=more, head=head)] == ["BPO250"]
