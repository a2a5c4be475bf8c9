"""Rate card: each role at its own rate, and no role without one."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.clauses.making import PLAIN_HEAD, figure, settled
from tests.unit.clauses.many import clause_text, refused

LIST = "lists: {sheets: {columns: {worked: minutes, role: word}, missing: none happened}}\n"
SCOPE = (
    "scopes: {role: [architect, developer]}\n"
    "measures: {worked: {unit: hours, direction: neutral, precision: unrounded, missing: 0 hours, for_each: role}}\n"
)
RATES = "rates: {architect: 120 EUR per hour, developer: 88.25 EUR per hour}"


def clause(*lines: str, each: str = "sheets", rates: str = RATES) -> str:
    return clause_text("rate_card", f"for_each: {each}", "worked: worked", rates, *lines)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 600), min_size=1, max_size=6))
def test_rounded_rows_are_within_half_a_cent_each(minutes: list[int]) -> None:
    rows = ", ".join(f"{{item: i{i}, worked: {one} minutes, role: developer}}" for i, one in enumerate(minutes))
    facts = f"2026-01:\n  sheets: [{rows}]"
    each = settled(clause("role: role", "rounded: each item"), facts, more=LIST, head=PLAIN_HEAD)
    total = settled(clause("role: role", "rounded: the sum"), facts, more=LIST, head=PLAIN_HEAD)
    exact = sum(minutes) * Fraction("88.25") / 60
    assert abs(figure(each, "x") - exact) <= len(minutes) * Fraction("0.005")
    assert abs(figure(total, "x") - exact) <= Fraction("0.005")


def test_a_line_for_each_role_of_a_scope() -> None:
    facts = "2026-01:\n  worked: {architect: 2 hours, developer: 3 hours}"
    outcome = settled(clause(each="role"), facts, more=SCOPE, head=PLAIN_HEAD)
    assert figure(outcome, "x", "architect") == 240
    assert figure(outcome, "x", "developer") == Fraction("264.75")


def test_started_quarters_of_an_hour() -> None:
    facts = "2026-01:\n  worked: {architect: 2.3 hours, developer: 0.25 hours}"
    outcome = settled(clause("per: 15 minutes", "part_steps: counted", each="role"), facts, more=SCOPE, head=PLAIN_HEAD)
    assert figure(outcome, "x", "architect") == 300
    assert figure(outcome, "x", "developer") == Fraction("22.06")


@pytest.mark.parametrize(
    ("text", "more", "code", "at"),
    [
        (clause("rounded: the sum"), LIST, "BPO290", "sheets"),
        (clause("role: role"), LIST, "BPO275", "x"),
        (clause("role: role", each="role"), SCOPE, "BPO290", "role"),
        (clause(each="role", rates="rates: {architect: 120 EUR per hour}"), SCOPE, "BPO239", "rates"),
        (clause("per: 15 minutes", each="role"), SCOPE, "BPO148", "per: 15 minutes"),
        (clause(each="role", rates="rates: {any: 120 EUR}"), SCOPE, "BPO233", "x"),
    ],
)
def test_refused_at_its_place(text: str, more: str, code: str, at: str) -> None:
    refused(text, code, at, more=more)


def test_a_scope_or_list_is_needed() -> None:
    refused(clause().replace("  for_each: sheets\n", ""), "BPO148", "rate_card: x", more=LIST)
