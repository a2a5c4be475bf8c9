"""Scorecards: the weights that are used come to 100 %, and the score lies between the scores."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.unit.clauses.making import HEAD, figure, settled

SCORES = ("a", "b", "c", "d")
MEASURE = "  {}: {{unit: points, direction: higher is better, precision: unrounded, missing: not scored}}\n"
CONTRACT = HEAD.replace("lists:\n", "".join(MEASURE.format(name) for name in SCORES) + "lists:\n")
weights = st.lists(st.integers(0, 40), min_size=3, max_size=3).filter(lambda found: sum(found) <= 100)
scores = st.lists(st.none() | st.integers(0, 100), min_size=4, max_size=4)


def clauses(given_weights: list[int], fields: str) -> str:
    whole = [*given_weights, 100 - sum(given_weights)]
    listed = ", ".join(f"{name}: {weight} %" for name, weight in zip(SCORES, whole, strict=True))
    text = f"- scorecard: s\n  clause: '1'\n  words: w\n  weights: {{{listed}}}\n"
    text += "  round_weights: unrounded\n  round: unrounded\n"
    text += "".join(f"  {line}\n" for line in fields.splitlines())
    return text + "- base_fee: f\n  clause: '2'\n  words: w\n  amount: fee\n"


def facts(found: list[int | None]) -> str:
    told = {name: f"{score} points" for name, score in zip(SCORES, found, strict=True) if score is not None}
    return "2026-01:\n  fee: 5 EUR" + "".join(f"\n  {name}: {score}" for name, score in told.items())


@settings(max_examples=30, deadline=None)
@given(weights, scores)
def test_reweighting(given_weights: list[int], found: list[int | None]) -> None:
    whole = [*given_weights, 100 - sum(given_weights)]
    known = [(weight, score) for weight, score in zip(whole, found, strict=True) if score is not None]
    assume(sum(weight for weight, _ in known) > 0)
    fields = "missing: reweight\nneeds_at_least: 1\nwith_fewer: not scored"
    outcome = settled(clauses(given_weights, fields), facts(found), head=CONTRACT)
    used = [figure(outcome, f"s.weight.{name}") for name in SCORES]
    assert sum(used) == 100
    assert figure(outcome, "s.known") == len(known)
    total = Fraction(sum(weight * score for weight, score in known), sum(weight for weight, _ in known))
    assert figure(outcome, "s") == total
    assert min(score for _, score in known) <= total <= max(score for _, score in known)


@settings(max_examples=15, deadline=None)
@given(weights, scores)
def test_what_is_missing_as_zero(given_weights: list[int], found: list[int | None]) -> None:
    whole = [*given_weights, 100 - sum(given_weights)]
    outcome = settled(clauses(given_weights, "missing: as zero"), facts(found), head=CONTRACT)
    expected = sum(Fraction(weight, 100) * (score or 0) for weight, score in zip(whole, found, strict=True))
    assert figure(outcome, "s") == expected


def test_only_missing_weights_are_no_number() -> None:
    """All the weight lies on what is missing: nothing can be spread, and nobody is told zero."""
    fields = "missing: reweight\nneeds_at_least: 1\nwith_fewer: not scored"
    text = clauses([100, 0, 0], fields).replace("amount: fee", "amount: fee * (s / 1 point)")
    outcome = settled(text, facts([None, 50, None, None]), head=CONTRACT)
    assert {finding.code for finding in outcome.findings} == {"BPO242"}
