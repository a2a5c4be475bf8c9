"""Conditions without all their data: "or" and "and" need only the part that decides, in any order, in both engines."""

from __future__ import annotations

from typing import Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.clauses.making import HEAD, contract_text, settled

from bpo_contracts.contract.reading import read_contract
from bpo_contracts.engines.durable_rules import available
from bpo_contracts.formats.documents import read_document
from bpo_contracts.performance.report import Cell, PerformanceReport
from bpo_contracts.performance.rows import make_row
from bpo_contracts.services.settling import settle
from bpo_contracts.values.sources import NOWHERE

ENGINE: Literal["default", "reference"] = "default" if available() else "reference"
Condition = tuple[Any, ...]
"""``("is", name)``, ``("not", condition)``, ``("and" or "or", condition, condition)``."""

PARTS = "".join(
    f"  {name}: {{unit: yes/no, direction: neutral, precision: unrounded, missing: not scored}}\n" for name in "abc"
)
NAMES = st.sampled_from("abc")
CONDITIONS = st.recursive(
    NAMES.map(lambda name: ("is", name)),
    lambda inner: st.one_of(
        inner.map(lambda one: ("not", one)),
        st.tuples(st.sampled_from(["and", "or"]), inner, inner),
    ),
    max_leaves=5,
)
ANSWERS = st.fixed_dictionaries({name: st.sampled_from([True, False, None]) for name in "abc"})


def text(condition: Condition) -> str:
    head, *parts = condition
    if head == "is":
        return str(parts[0])
    if head == "not":
        return f"(not {text(parts[0])})"
    return f"({text(parts[0])} {head} {text(parts[1])})"


def kleene(condition: Condition, known: dict[str, bool | None]) -> bool | None:
    """Strong three-valued logic: yes counts 1, unknown 1/2, no 0; "or" is the highest, "and" the lowest."""
    order = [False, None, True]
    head, *parts = condition
    if head == "is":
        return known[parts[0]]
    values = sorted((kleene(part, known) for part in parts), key=order.index)
    if head == "not":
        return None if values[0] is None else not values[0]
    return values[-1] if head == "or" else values[0]


def contract(condition: str, field: str = "only_if"):  # type: ignore[no-untyped-def]
    clause = f"- bonus: extra\n  clause: '1'\n  words: B.\n  amount: 10 EUR\n  {field}: {condition}\n"
    head = HEAD.replace("lists:", PARTS + "lists:")
    return read_contract(read_document(contract_text(clause, head=head).encode(), "contract.yaml"))


def report(known: dict[str, bool | None]) -> PerformanceReport:
    rows = []
    texts = {name: "yes" if answer else "no" for name, answer in known.items() if answer is not None}
    for name, value in {**texts, "fee": "1000"}.items():
        cells = [("period", "2026-01"), ("measure", name), ("value", value)]
        rows.append(make_row("long", [(column, Cell(cell, NOWHERE)) for column, cell in cells], NOWHERE))
    return PerformanceReport(tuple(rows), ())  # type: ignore[arg-type]


@settings(max_examples=60)
@given(CONDITIONS, ANSWERS)
def test_a_gate_is_answered_as_three_valued_logic_says(condition: Condition, known: dict[str, bool | None]) -> None:
    one = settle(contract(text(condition)), report(known), period="2026-01", engine=ENGINE).adjustments[0]
    expected = {True: "exceeded", False: "gate closed", None: "no data"}[kleene(condition, known)]
    assert (str(one.status), one.amount.text) == (expected, "10.00" if expected == "exceeded" else "0.00")


@settings(max_examples=25)
@given(CONDITIONS, CONDITIONS, ANSWERS, st.sampled_from(["and", "or"]))
def test_the_order_of_the_parts_does_not_matter(
    left: Condition,
    right: Condition,
    known: dict[str, bool | None],
    joint: str,
) -> None:
    both = [f"{text(one)} {joint} {text(other)}" for one, other in ((left, right), (right, left))]
    found = [settle(contract(one), report(known), period="2026-01", engine=ENGINE).adjustments[0] for one in both]
    assert (found[0].status, found[0].amount) == (found[1].status, found[1].amount)


@settings(max_examples=25)
@given(st.sampled_from(["any", "every"]), ANSWERS)
def test_any_and_every_of_values_are_or_and_and(kind: str, known: dict[str, bool | None]) -> None:
    joint = " or " if kind == "any" else " and "
    found = [
        settle(contract(one), report(known), period="2026-01", engine=ENGINE).adjustments[0]
        for one in (f"{kind} of (a, b, c)", joint.join("abc"))
    ]
    assert found[0].status == found[1].status


@pytest.mark.parametrize(
    ("known", "status"),
    [
        ({"a": None, "b": True}, "excused"),
        ({"a": True, "b": None}, "excused"),
        ({"a": None, "b": False}, "no data"),
        ({"a": False, "b": False}, "exceeded"),
    ],
)
def test_one_excuse_is_enough(known: dict[str, bool | None], status: str) -> None:
    one = settle(contract("[a, b]", "unless"), report(known), period="2026-01", engine=ENGINE).adjustments[0]
    assert one.status == status


GUARDED = """
- bonus: extra
  clause: "1"
  words: B.
  amount: 10 EUR
  only_if: {first} or {second}
"""
DIVIDES, GUARDS = "(handled as % of handled) is over 5 %", "handled is 0 calls"


@pytest.mark.parametrize(("first", "second"), [(DIVIDES, GUARDS), (GUARDS, DIVIDES)])
def test_a_guard_keeps_from_dividing_by_zero_in_any_order(first: str, second: str) -> None:
    head = HEAD.replace(
        "lists:", "  handled: {unit: calls, direction: neutral, precision: unrounded, missing: 0 calls}\nlists:"
    )
    clauses = GUARDED.format(first=first, second=second)
    assert settled(clauses, "2026-01: {}", head=head).findings == ()
    outcome = settled(clauses.replace(GUARDS, "handled is 1 calls"), "2026-01: {}", head=head)
    assert [finding.code for finding in outcome.findings] == ["BPO242"]


def test_a_row_whose_end_is_missing_has_no_data() -> None:
    """An end that nobody knows is not nought."""
    clauses = """
    - bonus: extra
      clause: "1"
      words: B.
      measure: fee
      table:
        low_end or more: 10 EUR
        otherwise: none
    """
    outcome = settled(clauses, "2026-01: {}", more="figures:\n  low_end: level of 1000 EUR\n")
    adjustment = next(iter(outcome.settled.values())).adjustments[0]
    assert (str(adjustment.status), adjustment.amount.text) == ("no data", "0.00")


def test_any_over_months_needs_one_month_that_decides() -> None:
    clauses = """
    - consequence: plan
      clause: "1"
      words: A plan.
      when: "any of (level is under 90 %) over last 3 months (short history: the months there are)"
      happens: A plan is due.
    """
    outcome = settled(clauses, "2026-01: {level: 80 %}\n2026-02: {}\n2026-03: {level: 99 %}")
    assert outcome.findings == ()
    assert [one.consequences[0].holds for one in outcome.settled.values()] == [True, True, True]
    outcome = settled(clauses, "2026-01: {level: 95 %}\n2026-02: {}")
    assert [finding.code for finding in outcome.findings] == ["BPO403"]
