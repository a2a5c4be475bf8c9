"""Gain share: what is shared, from where on, and what must be said."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.clauses.making import findings_of, place_text
from tests.unit.clauses.many import Small

MORE = """
measures:
  target: {unit: EUR, direction: neutral, precision: unrounded, missing: refuse}
  outturn: {unit: EUR, direction: neutral, precision: unrounded, missing: refuse}
"""
HEAD_LINES = """\
contract: small
version: "1"
title: Small
client: Client
provider: Provider
currency: EUR
term: {starts_on: 2026-01-01, ends_on: 2026-12-31}
period: month
rounding: {lines: half up to 0.01 EUR}
"""


def clause(*lines: str, kind: str = "share") -> str:
    own = ["target: target", "outturn: outturn", *lines]
    return f"- gain_share: {kind}\n  clause: '1'\n  words: Shared.\n" + "".join(f"  {line}\n" for line in own)


def small(*lines: str) -> Small:
    return Small(clause(*lines), more=MORE, head=HEAD_LINES)


RANGES = ("shares: {under 80 %: 0 %, 80 % to 95 %: 25 %, 95 % to 105 %: 50 %, over 105 %: 100 %}", "overruns: shared")
SHARED = small(*RANGES)
ALL = small("share: 100 %", "overruns: shared")
ONE_SIDED = small("share: 60 %", "overruns: not shared")
GATE = ("share: 60 %", "overruns: not shared", "minimum_saving: 2 % of target", "minimum_counts: when reached")
FIRST = small(*GATE, "once_reached: first dollar")
EXCESS = small(*GATE, "once_reached: excess only")

amounts = st.decimals("0.01", "1000000", places=2).map(Fraction)


@settings(max_examples=40, deadline=None)
@given(amounts, amounts)
def test_gain_lies_between_nothing_and_the_saving(target: Fraction, outturn: Fraction) -> None:
    settled = SHARED.of(target=target, outturn=outturn)
    amount, saving = settled.last("share.amount"), settled.last("share.saving")
    assert saving == target - outturn
    assert min(Fraction(0), saving) <= amount <= max(Fraction(0), saving)
    assert settled.last("share.gain") >= 0 >= settled.last("share.pain")
    assert settled.last("share.gain") == 0 or settled.last("share.pain") == 0


@settings(max_examples=40, deadline=None)
@given(amounts, amounts, amounts)
def test_who_spends_more_never_gets_more(target: Fraction, one: Fraction, other: Fraction) -> None:
    less, more = sorted((one, other))
    spent_less, spent_more = SHARED.of(target=target, outturn=less), SHARED.of(target=target, outturn=more)
    assert spent_less.last("share.amount") >= spent_more.last("share.amount")


@settings(max_examples=40, deadline=None)
@given(amounts, amounts)
def test_all_of_it_is_the_saving(target: Fraction, outturn: Fraction) -> None:
    assert ALL.of(target=target, outturn=outturn).last("share.amount") == target - outturn


@settings(max_examples=40, deadline=None)
@given(amounts, amounts)
def test_excess_only_shares_what_goes_beyond_the_minimum(target: Fraction, outturn: Fraction) -> None:
    first = FIRST.of(target=target, outturn=outturn).last("share.amount")
    excess = EXCESS.of(target=target, outturn=outturn).last("share.amount")
    minimum = target * Fraction(2, 100)
    reached = target - outturn >= minimum
    assert excess == max(Fraction(0), target - outturn - minimum) * Fraction(60, 100)
    assert first == ((target - outturn) * Fraction(60, 100) if reached else 0)


def test_overruns_that_are_not_shared_cost_nothing() -> None:
    assert ONE_SIDED.of(target=100, outturn=150).last("share") == 0


REFUSED = [
    (("shares: {under 80 %: 0 %, 80 % to 100 %: 25 %}", "overruns: shared"), "BPO225", "80 % to 100 %: 25 %"),
    (("shares: {70 % to 100 %: 25 %}", "overruns: not shared"), "BPO224", "70 % to 100 %: 25 %"),
    (("shares: {under 80 %: 0 %, 85 % or more: 25 %}", "overruns: shared"), "BPO221", "85 % or more: 25 %"),
    (("shares: {under 90 %: 0 %, 80 % or more: 25 %}", "overruns: shared"), "BPO222", "80 % or more: 25 %"),
    (("shares: {100 % or less: 25 %, over 100 %: 0 %}", "overruns: not shared"), "BPO291", "over 100 %: 0 %"),
    (("shares: {100 EUR or less: 25 %, over 100 EUR: 0 %}", "overruns: shared"), "BPO231", "100 EUR"),
    (("share: 20 %",), "BPO145", "share"),
    (("share: 20 %", "overruns: sometimes"), "BPO147", "sometimes"),
    (("overruns: shared",), "BPO148", "share"),
    (("share: 20 %", "shares: {0 % or more: 20 %}", "overruns: shared"), "BPO148", "share"),
    (("share: 20 %", "overruns: shared", "minimum_saving: 1 EUR"), "BPO148", "share"),
    (("share: 20 %", "overruns: shared", "once_reached: first dollar"), "BPO148", "share"),
    ((*RANGES, "shared: yes"), "BPO146", "shared"),
]


@pytest.mark.parametrize(("lines", "code", "at"), REFUSED)
def test_refused_at_its_place(lines: tuple[str, ...], code: str, at: str) -> None:
    text = clause(*lines)
    found = [one for one in findings_of(text, more=MORE, head=HEAD_LINES) if one.code == code]
    assert found, [one.render() for one in findings_of(text, more=MORE, head=HEAD_LINES)]
    assert place_text(found[0], text, more=MORE, head=HEAD_LINES).startswith(at)
