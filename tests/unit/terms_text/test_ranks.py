"""Percentiles and medians: which value is meant, by each method; the words for it; what is refused."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpo_contracts.terms import nodes as n
from bpo_contracts.terms.describe import describe
from bpo_contracts.terms.formula import parse_formula
from bpo_contracts.terms.phrases import parse_rank
from bpo_contracts.terms.ranks import Rank, RankMethod, Ratio, in_order, ordinal_text
from bpo_contracts.values.findings import BadInput
from bpo_contracts.values.sources import NOWHERE

NOUNS = ("calls", "minutes")
X = n.Name("x")
NEAREST: RankMethod = "nearest rank"
LOWER: RankMethod = "lower of the two"
HIGHER: RankMethod = "higher of the two"
LINEAR: RankMethod = "linear interpolation"
METHODS = (NEAREST, LOWER, HIGHER, LINEAR)

percents = st.builds(Fraction, st.integers(1, 10_000), st.just(100))
ratios = st.tuples(st.integers(-(10**6), 10**6), st.integers(1, 60))
awkward = st.tuples(st.integers(-(10**30), 10**30), st.integers(1, 10**30))
some = st.lists(ratios | awkward, min_size=1, max_size=40)


def of(rank: Rank, values: list[Ratio]) -> Fraction:
    return Fraction(*rank.of(values))


@settings(max_examples=200)
@given(some)
def test_the_order_is_exact(values: list[Ratio]) -> None:
    assert [Fraction(*one) for one in in_order(values)] == sorted(Fraction(*one) for one in values)


@settings(max_examples=200)
@given(percents, some)
def test_nearest_rank_is_the_lowest_value_that_enough_values_do_not_exceed(
    percent: Fraction, values: list[Ratio]
) -> None:
    found = [Fraction(*one) for one in values]
    enough = [one for one in found if 100 * sum(other <= one for other in found) >= percent * len(found)]
    assert of(Rank(percent, NEAREST), values) == min(enough)


@settings(max_examples=200)
@given(percents, some)
def test_nearest_rank_is_what_is_left_when_the_highest_are_put_aside(percent: Fraction, values: list[Ratio]) -> None:
    left = sorted(Fraction(*one) for one in values)
    for _ in range(int((100 - percent) * len(left) / 100)):
        left.pop()
    assert of(Rank(percent, NEAREST), values) == left[-1]


@settings(max_examples=200)
@given(percents, some)
def test_linear_interpolation_lies_on_the_lines_through_the_values(percent: Fraction, values: list[Ratio]) -> None:
    """The values stand at equal distances from 0 % (the lowest) to 100 % (the highest)."""
    ordered = sorted(Fraction(*one) for one in values)
    if len(ordered) == 1:
        expected = ordered[0]
    else:
        gap = Fraction(100, len(ordered) - 1)
        left = max(at for at in range(len(ordered) - 1) if at * gap <= percent)
        part = (percent - left * gap) / gap
        expected = ordered[left] * (1 - part) + ordered[left + 1] * part
    assert of(Rank(percent, LINEAR), values) == expected


@settings(max_examples=200)
@given(percents, some)
def test_the_two_are_those_around_the_interpolated_one(percent: Fraction, values: list[Ratio]) -> None:
    ordered = sorted(Fraction(*one) for one in values)
    low, between, high = (of(Rank(percent, method), values) for method in (LOWER, LINEAR, HIGHER))
    assert low <= between <= high
    assert low in ordered
    assert high in ordered
    assert not any(low < one < high for one in ordered)
    if between in (low, high) and percent * (len(ordered) - 1) % 100 == 0:
        assert low == high


@settings(max_examples=100)
@given(some, st.randoms(use_true_random=False))
def test_the_order_of_the_items_does_not_matter(values: list[Ratio], random: object) -> None:
    turned = list(values)
    random.shuffle(turned)  # type: ignore[attr-defined]
    for method in METHODS:
        rank = Rank(Fraction(95), method)
        assert of(rank, values) == of(rank, turned)


@settings(max_examples=100)
@given(some)
def test_a_median_has_as_many_values_above_as_below(values: list[Ratio]) -> None:
    ordered = sorted(Fraction(*one) for one in values)
    low, mean, high = (of(Rank(Fraction(50), method, True), values) for method in (LOWER, LINEAR, HIGHER))
    middle = ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2]
    assert (low, high) == middle
    assert mean == sum(middle) / 2


@pytest.mark.parametrize(
    ("percent", "method", "expected"),
    [  # of 15, 20, 35, 40, 50; by hand
        (5, NEAREST, 15),
        (30, NEAREST, 20),
        (40, NEAREST, 20),
        (50, NEAREST, 35),
        (100, NEAREST, 50),
        (40, LINEAR, 29),  # position 0.4 * 4 + 1 = 2.6: 20 + 0.6 * 15
        (75, LINEAR, 40),  # position 4
        (100, LINEAR, 50),
        (40, LOWER, 20),
        (40, HIGHER, 35),
        (75, LOWER, 40),
        (75, HIGHER, 40),
        (1, LOWER, 15),
        (1, HIGHER, 20),
    ],
)
def test_five_values(percent: int, method: RankMethod, expected: int) -> None:
    values = [(35, 1), (100, 2), (15, 1), (40, 1), (60, 3)]
    assert of(Rank(Fraction(percent), method), values) == expected


def test_a_month_of_five_minute_readings() -> None:
    """30 days have 8,640; 5 % of them are 432, and the highest of the 8,208 others counts. 31 days: 446.4 are put aside."""
    assert Rank(Fraction(95), NEAREST).position(8640) == 8208
    assert Rank(Fraction(95), NEAREST).position(8928) == 8928 - 446
    assert Rank(Fraction(95), LOWER).position(8928) == 8928 - 447


@pytest.mark.parametrize(
    ("number", "text"),
    [("1", "1st"), ("2", "2nd"), ("3", "3rd"), ("4", "4th"), ("11", "11th"), ("12", "12th"), ("13", "13th"), ("21", "21st"),
     ("93", "93rd"), ("95", "95th"), ("99.9", "99.9th"), ("0.1", "0.1th"), ("100", "100th")],
)  # fmt: skip
def test_ordinals(number: str, text: str) -> None:
    assert ordinal_text(Fraction(number)) == text


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("95th percentile of x for each calls (nearest rank)",
         n.Fold("percentile", X, "calls", rank=Rank(Fraction(95), NEAREST))),
        ("99.9th  percentile of x over last 3 months (linear interpolation)",
         n.Fold("percentile", X, n.Window(3, previous=False), rank=Rank(Fraction("99.9"), LINEAR))),
        ("2nd percentile of (1, x) (lower of the two) (none found: x) (missing: skip)",
         n.Fold("percentile", None, (parse_formula("1", nouns=()), X), None, X, "skip", rank=Rank(Fraction(2), LOWER))),
        ("median of x for each calls where urgent (mean of the two middle values)",
         n.Fold("median", X, "calls", n.Name("urgent"), rank=Rank(Fraction(50), LINEAR, True))),
        ("median of x for each calls (higher of the two middle values) where (urgent)",
         n.Fold("median", X, "calls", n.Name("urgent"), rank=Rank(Fraction(50), HIGHER, True))),
        ("median", n.Name("median")),
        ("max(x - median, 0)", parse_formula("max((x - (median)), 0)", nouns=())),
    ],
)  # fmt: skip
def test_words(text: str, node: n.AnyNode) -> None:
    assert parse_formula(text, nouns=NOUNS) == node
    assert parse_formula(describe(node), nouns=NOUNS) == node


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        ("0th percentile of x for each calls (nearest rank)", "BPO135", "'lowest of …'"),
        ("101st percentile of x for each calls (nearest rank)", "BPO135", "at most 100"),
        ("100.0001th percentile of x for each calls (nearest rank)", "BPO135", "100.0001th"),
        ("95th percentile of x for each calls", "BPO136", "(linear interpolation)"),
        ("median of x for each calls (none found: 0)", "BPO136", "(mean of the two middle values)"),
        ("median of x for each calls (nearest rank)", "BPO214", "'lower of the two middle values'"),
        ("95th percentile of x for each calls (excel)", "BPO214", "'nearest rank'"),
        ("percentile of x for each calls (nearest rank)", "BPO214", "which percentile"),
        ("95 percentile of x for each calls (nearest rank)", "BPO213", "'95th percentile"),
        ("95 % percentile of x for each calls (nearest rank)", "BPO214", "'95th percentile"),
        ("percentile(x, 95)", "BPO217", "'95th percentile"),
        ("median(x, 2)", "BPO217", "'median of"),
        ("2 * 95th percentile of x for each calls (nearest rank)", "BPO216", "(95th percentile"),
        ("-95th percentile of x for each calls (nearest rank)", "BPO216", "(95th percentile"),
        ("00000000000000000095th percentile of x for each calls (nearest rank)", "BPO212", "99.9th"),
        ("95th of x", "BPO212", "95th"),
    ],
)
def test_refused(text: str, code: str, says: str) -> None:
    with pytest.raises(BadInput) as refused:
        parse_formula(text, nouns=NOUNS)
    finding = refused.value.findings[0]
    assert finding.code == code
    assert says in f"{finding.problem} {finding.next_step}"


@pytest.mark.parametrize(
    ("text", "code"),
    [("sum of x", "BPO214"), ("95 %", "BPO214"), ("95th percentile", "BPO136"), ("0th percentile (nearest rank)", "BPO135"),
     ("median (nearest rank)", "BPO214"), ("95th percentile (nearest rank) of x", "BPO214"), ("", "BPO219")],
)  # fmt: skip
def test_ranks_refused(text: str, code: str) -> None:
    with pytest.raises(BadInput) as refused:
        parse_rank(text, NOUNS, NOWHERE)
    assert refused.value.findings[0].code == code
