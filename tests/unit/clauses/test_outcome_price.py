"""Outcome price: only what is attributed costs anything, and parts of an outcome by their word."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.clauses.many import Small, clause_text, measures, refused

MORE = measures(claims="claims", part="%")


def clause(*lines: str) -> str:
    return clause_text("outcome_price", "outcomes: claims", "price: 40 EUR per claim", *lines)


def small(*lines: str) -> Small:
    return Small(clause(*lines), more=MORE)


ALL = small("attributed: all")
BY_PARTS = {
    parts: small(
        "attributed: part", f"part_outcomes: {parts}", *(() if parts == "pro rata" else ("one_outcome: 1 claim",))
    )
    for parts in ("ignored", "nearest", "pro rata", "counted")
}


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 1000), st.integers(0, 100))
def test_no_more_than_there_were(claims: int, part: int) -> None:
    everything = ALL.of(claims=claims, part=part).last("x.attributed")
    counted = {word: one.of(claims=claims, part=part).last("x.attributed") for word, one in BY_PARTS.items()}
    assert everything == claims
    assert counted["pro rata"] == Fraction(claims * part, 100)
    assert 0 <= counted["ignored"] <= counted["pro rata"] <= counted["counted"] <= claims
    assert counted["ignored"] <= counted["nearest"] <= counted["counted"] < counted["ignored"] + 2


@pytest.mark.parametrize(
    ("lines", "code", "at"),
    [
        ((), "BPO145", "outcome_price: x"),
        (("attributed: 80 %",), "BPO148", "outcome_price: x"),
        (("attributed: all", "part_outcomes: ignored", "one_outcome: 1 claim"), "BPO148", "part_outcomes: ignored"),
        (("attributed: 80 %", "part_outcomes: ignored"), "BPO148", "outcome_price: x"),
        (("attributed: 80 claims", "part_outcomes: pro rata"), "BPO230", "80 claims"),
    ],
)
def test_refused_at_its_place(lines: tuple[str, ...], code: str, at: str) -> None:
    refused(clause(*lines), code, at, more=MORE)
