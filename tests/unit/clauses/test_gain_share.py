"""Gain share: what is shared, from where on, and what must be said."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.clauses.many import Small, clause_text, measures, refused

MORE = measures(target="EUR", outturn="EUR")


def clause(*lines: str) -> str:
    return clause_text("gain_share", "target: target", "outturn: outturn", *lines)


def small(*lines: str) -> Small:
    return Small(clause(*lines), more=MORE)


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
    amount, saving = settled.last("x.amount"), settled.last("x.saving")
    assert saving == target - outturn
    assert min(Fraction(0), saving) <= amount <= max(Fraction(0), saving)
    assert settled.last("x.gain") >= 0 >= settled.last("x.pain")
    assert settled.last("x.gain") == 0 or settled.last("x.pain") == 0


@settings(max_examples=40, deadline=None)
@given(amounts, amounts, amounts)
def test_who_spends_more_never_gets_more(target: Fraction, one: Fraction, other: Fraction) -> None:
    less, more = sorted((one, other))
    spent_less, spent_more = SHARED.of(target=target, outturn=less), SHARED.of(target=target, outturn=more)
    assert spent_less.last("x.amount") >= spent_more.last("x.amount")


@settings(max_examples=40, deadline=None)
@given(amounts, amounts)
def test_all_of_it_is_the_saving(target: Fraction, outturn: Fraction) -> None:
    assert ALL.of(target=target, outturn=outturn).last("x.amount") == target - outturn


@settings(max_examples=40, deadline=None)
@given(amounts, amounts)
def test_excess_only_shares_what_goes_beyond_the_minimum(target: Fraction, outturn: Fraction) -> None:
    first = FIRST.of(target=target, outturn=outturn).last("x.amount")
    excess = EXCESS.of(target=target, outturn=outturn).last("x.amount")
    minimum = target * Fraction(2, 100)
    reached = target - outturn >= minimum
    assert excess == max(Fraction(0), target - outturn - minimum) * Fraction(60, 100)
    assert first == ((target - outturn) * Fraction(60, 100) if reached else 0)


BOTH = (
    *("share: 60 %", "overruns: shared", "minimum_saving: 2 % of target", "minimum_overrun: 3 % of target"),
    "minimum_counts: when reached",
)
BOTH_FIRST = small(*BOTH, "once_reached: first dollar")
BOTH_EXCESS = small(*BOTH, "once_reached: excess only")
OVERRUN_ONLY = small(*(line for line in BOTH if "saving" not in line), "once_reached: excess only")
NO_MINIMUM = small(*BOTH[:3], "minimum_overrun: none", BOTH[4], "once_reached: excess only")


@settings(max_examples=40, deadline=None)
@given(amounts, st.integers(min_value=80, max_value=120))
def test_overruns_have_a_minimum_of_their_own(target: Fraction, percent: int) -> None:
    outturn = target * percent / 100
    first = BOTH_FIRST.of(target=target, outturn=outturn).last("x.amount")
    excess = BOTH_EXCESS.of(target=target, outturn=outturn).last("x.amount")
    share, one = Fraction(60, 100), target / 100
    assert first == (0 if 98 < percent < 103 else share * (target - outturn))
    beyond = max(Fraction(0), 98 * one - outturn) - max(Fraction(0), outturn - 103 * one)
    assert excess == share * beyond
    overrun = max(Fraction(0), outturn - 103 * one)
    saved = max(Fraction(0), target - outturn)
    assert OVERRUN_ONLY.of(target=target, outturn=outturn).last("x.amount") == share * (saved - overrun)
    from_the_first = max(Fraction(0), 98 * one - outturn) - max(Fraction(0), outturn - target)
    assert NO_MINIMUM.of(target=target, outturn=outturn).last("x.amount") == share * from_the_first


def test_overruns_that_are_not_shared_cost_nothing() -> None:
    assert ONE_SIDED.of(target=100, outturn=150).last("x") == 0


REFUSED = [
    (("shares: {under 80 %: 0 %, 80 % to 100 %: 25 %}", "overruns: shared"), "BPO225", "80 % to 100 %: 25 %"),
    (("shares: {70 % to 100 %: 25 %}", "overruns: not shared"), "BPO224", "70 % to 100 %: 25 %"),
    (("shares: {under 80 %: 0 %, 85 % or more: 25 %}", "overruns: shared"), "BPO221", "85 % or more: 25 %"),
    (("shares: {under 90 %: 0 %, 80 % or more: 25 %}", "overruns: shared"), "BPO222", "80 % or more: 25 %"),
    (("shares: {100 % or less: 25 %, over 100 %: 0 %}", "overruns: not shared"), "BPO291", "over 100 %: 0 %"),
    (("shares: {100 EUR or less: 25 %, over 100 EUR: 0 %}", "overruns: shared"), "BPO231", "100 EUR"),
    (("share: 20 %",), "BPO145", "gain_share: x"),
    (("share: 20 %", "overruns: sometimes"), "BPO147", "sometimes"),
    (("overruns: shared",), "BPO148", "gain_share: x"),
    (("share: 20 %", "shares: {0 % or more: 20 %}", "overruns: shared"), "BPO148", "shares: {"),
    (("share: 20 %", "overruns: shared", "minimum_saving: 1 EUR"), "BPO148", "minimum_saving: 1"),
    (("share: 20 %", "overruns: shared", "once_reached: first dollar"), "BPO148", "once_reached: first"),
    ((*RANGES, "shared: yes"), "BPO146", "shared"),
    ((*GATE[:1], "overruns: shared", *GATE[2:], "once_reached: first dollar"), "BPO148", "minimum_saving: 2"),
    ((*GATE, "once_reached: first dollar", "minimum_overrun: none"), "BPO148", "minimum_overrun: none"),
    (("share: 20 %", "overruns: shared", "minimum_overrun: 1 EUR"), "BPO148", "minimum_overrun: 1"),
    ((*BOTH[:3], "minimum_overrun: 3 %", BOTH[4], "once_reached: first dollar"), "BPO230", "3 %"),
]


@pytest.mark.parametrize(("lines", "code", "at"), REFUSED)
def test_refused_at_its_place(lines: tuple[str, ...], code: str, at: str) -> None:
    refused(clause(*lines), code, at, more=MORE)
