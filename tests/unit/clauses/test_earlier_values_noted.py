"""A step that looks back says which earlier values it used, so that anybody can redo it from one settlement."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.clauses.making import HEAD, PLAIN_HEAD, settled

from bpo_contracts.audit.arithmetic import problems_of
from bpo_contracts.formats.statement_argument import explain_text
from bpo_contracts.services.statements import statement_document
from bpo_contracts.testing.settling import Outcome

FEE = "- base_fee: f\n  clause: '1'\n  words: w\n  amount: fee\n"
SHORT = "(short history: the periods there are)"
MONTHS = {"2026-01": 1549.85, "2026-02": 0, "2026-03": 12.5}


def months(fees: dict[str, Any], more: str = "") -> str:
    return "".join(f"{period}:\n  fee: {fee} EUR\n{more}" for period, fee in fees.items())


def steps(outcome: Outcome, period: str = "2026-03") -> dict[tuple[str, str], dict[str, Any]]:
    document = outcome.settled[period].document
    assert not list(problems_of(document))
    return {(one["figure"], one["item"]): one for one in document["steps"]}


def note(text: str, facts: str = "", *, head: str = HEAD, of: str = "2026-03") -> str:
    outcome = settled(FEE, facts or months(MONTHS), more=f'figures:\n  p: "{text}"\n', head=head)
    return str(steps(outcome, of)["p", ""]["note"])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("sum of fee over this contract year to date", "2026-01: 1549.85; 2026-02: 0.00"),
        (f"sum of fee over previous 1 month {SHORT}", "2026-02: 0.00"),
        (f"fee + (sum of fee over last 2 months {SHORT})", "2026-02: 0.00"),
        ("fee 2 months ago (before the start: 0)", "2026-01: 1549.85"),
        ("fee 3 months ago (before the start: 0)", ""),
        ("fee", ""),
        ("streak of (fee < 100 EUR)", "2026-01: no; 2026-02: yes"),
        (f"any of (fee > 1000 EUR) over last 3 months {SHORT}", "2026-01: yes; 2026-02: no"),
        (f"count of (fee > 1000 EUR) over last 2 months {SHORT}", "2026-02: no"),
        (
            f"(sum of fee over previous 1 month {SHORT}) / (highest of (fee + 1 EUR) over last 2 months {SHORT})",
            "fee in 2026-02: 0.00 EUR; fee + 1.00 EUR in 2026-02: 1.00 EUR",
        ),
        (
            f"sum of (fee - (fee 1 month ago (before the start: 0))) over last 2 months {SHORT}",
            "fee in 2026-02: 0.00; fee - previous period's fee (before the start: 0) in 2026-02: -1549.85",
        ),
        (
            f"if (sum of fee over last 3 months {SHORT}) > 5 EUR then 1 else 2",
            "2026-01: 1549.85 EUR; 2026-02: 0.00 EUR",
        ),
    ],
)
def test_what_is_said(text: str, said: str) -> None:
    assert note(text) == said


def test_the_first_period_has_nothing_to_say() -> None:
    assert note("sum of fee over all months so far", of="2026-01") == ""


def test_each_lot_says_its_own() -> None:
    scope = "scopes:\n  site: [a, b]\n"
    line = "  visits: {unit: number, direction: neutral, precision: unrounded, missing: refuse, for_each: site}\n"
    head = HEAD.replace("measures:\n", "measures:\n" + line)
    facts = "2026-01:\n  visits: {a: 4, b: 1}\n2026-02:\n  visits: {a: 5, b: 2}"
    own = f"  own: {{for_each: site, formula: 'sum of visits over last 2 months {SHORT}'}}\n"
    of_all = f"sum of (sum of visits over last 2 months {SHORT}) for each site"
    said = "visits (a) in 2026-01: 4; visits (b) in 2026-01: 1"
    outcome = settled(FEE, facts, more=f"figures:\n  p: '{of_all}'\n{own}{scope}", head=head)
    seen = {key: step["note"] for key, step in steps(outcome, "2026-02").items()}
    assert (seen["own", "a"], seen["own", "b"], seen["p", ""]) == ("2026-01: 4", "2026-01: 1", said)


def test_sixty_periods_then_how_many_more() -> None:
    head = HEAD.replace(PLAIN_HEAD, PLAIN_HEAD.replace("2026-12-31", "2032-12-31"))
    labels = [f"{year}-{month:02}" for year in range(2026, 2032) for month in range(1, 13)][:63]
    seen = note("sum of fee over all months so far", months(dict.fromkeys(labels, 7)), head=head, of=labels[-1])
    entries = seen.split("; ")
    assert entries[:60] == [f"{label}: 7.00" for label in labels[:60]]
    assert entries[60:] == ["… and 2 more"]


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, 10**7), min_size=2, max_size=8))
def test_the_note_and_this_period_make_the_sum(cents: list[int]) -> None:
    fees = {f"2026-{at:02}": f"{cent // 100}.{cent % 100:02}" for at, cent in enumerate(cents, 1)}
    last = list(fees)[-1]
    seen = steps(settled(FEE, months(fees), more="figures:\n  p: sum of fee over all months so far\n"), last)["p", ""]
    earlier = [Fraction(value) for value in re.findall(r": ([0-9.]+)", seen["note"])]
    assert len(earlier) == len(cents) - 1
    assert sum(earlier) + Fraction(fees[last]) == Fraction(seen["value"])


def test_explaining_an_amount_shows_them() -> None:
    clause = "- base_fee: f\n  clause: '1'\n  words: w\n  amount: total\n"
    outcome = settled(clause, months(MONTHS), more="figures:\n  total: sum of fee over this contract year to date\n")
    settlement = outcome.settled["2026-03"]
    text = explain_text(statement_document(settlement.document, settlement.prepared.contract))
    assert "2026-01: 1549.85; 2026-02: 0.00" in " ".join(text.split())
