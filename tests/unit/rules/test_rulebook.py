"""Positions keep every comparison; a digest names a rulebook and nothing else."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpo_contracts.rules.reference import COMPARE
from bpo_contracts.rules.rulebook import (
    BOUND_MAX,
    POSITION_MAX,
    Branch,
    Comparison,
    Firing,
    Question,
    Rulebook,
    bound_position,
    common_scale,
    position,
)
from bpo_contracts.values.findings import BadInput

SCALES = st.integers(1, 10**6)
BOUND_NUMERATORS = st.integers(-(10**11), 10**11)
RATIONALS = st.builds(Fraction, st.integers(-(10**40), 10**40), st.integers(1, 10**20))


def same_comparisons(x: Fraction, bound: Fraction, scale: int) -> bool:
    at = position(x.numerator, x.denominator, scale)
    against = bound_position(bound.numerator, bound.denominator, scale)
    comparisons: Iterable[Callable[[Any, Any], bool]] = COMPARE.values()
    return all(compare(x, bound) == compare(at, against) for compare in comparisons)


@given(x=RATIONALS, scale=SCALES, numerator=BOUND_NUMERATORS)
def test_a_position_compares_with_every_grid_point_as_the_number_does(x: Fraction, scale: int, numerator: int) -> None:
    assert same_comparisons(x, Fraction(numerator, scale), scale)


@given(scale=SCALES, numerator=BOUND_NUMERATORS, denominator=st.integers(1, 10**20), sign=st.sampled_from([-1, 0, 1]))
def test_a_position_a_hair_beside_a_bound_is_on_its_side(
    scale: int, numerator: int, denominator: int, sign: int
) -> None:
    bound = Fraction(numerator, scale)
    assert same_comparisons(bound + Fraction(sign, denominator), bound, scale)


@given(x=st.integers(-(10**40), 10**40), bound=st.integers(-BOUND_MAX // 2 + 1, BOUND_MAX // 2 - 1))
def test_drawing_in_changes_no_comparison_with_a_legal_bound(x: int, bound: int) -> None:
    assert same_comparisons(Fraction(x), Fraction(bound), 1)


@given(x=RATIONALS, y=RATIONALS, scale=SCALES)
def test_positions_keep_order_and_stay_inside_their_limit(x: Fraction, y: Fraction, scale: int) -> None:
    low, high = sorted([x, y])
    at_low, at_high = (position(z.numerator, z.denominator, scale) for z in (low, high))
    assert -POSITION_MAX <= at_low <= at_high <= POSITION_MAX


def test_positions_of_known_numbers() -> None:
    assert position(985, 10, 10) == 1970  # 98.5 on the grid of tenths
    assert position(9851, 100, 10) == 1971  # 98.51 lies between 98.5 and 98.6
    assert position(-1, 3, 1) == -1
    assert position(10**30, 1, 1) == POSITION_MAX
    assert position(-(10**30), 1, 1) == -POSITION_MAX


def test_a_bound_off_the_grid_is_a_mistake_of_the_program() -> None:
    with pytest.raises(ValueError, match="grid"):
        bound_position(1, 3, 10)


@pytest.mark.parametrize("sign", [1, -1])
def test_the_largest_bound_is_taken_and_the_next_one_is_refused(sign: int) -> None:
    assert bound_position(sign * (BOUND_MAX // 2 - 1), 1, 1) == sign * (BOUND_MAX - 2)
    with pytest.raises(BadInput) as refused:
        bound_position(sign * BOUND_MAX // 2, 1, 1)
    assert [finding.code for finding in refused.value.findings] == ["BPO260"]


@given(denominators=st.lists(st.integers(1, 1000), max_size=6))
def test_the_common_scale_holds_every_denominator_and_is_the_least(denominators: list[int]) -> None:
    scale = common_scale(denominators)
    assert all(scale % denominator == 0 for denominator in denominators)
    smaller = range(1, min(scale, 500))
    assert not any(all(s % denominator == 0 for denominator in denominators) for s in smaller)


def one_question(**changes: object) -> Question:
    ten = Comparison(0, ">=", 10)
    branches = (Branch("met", ((ten,),)), Branch("missed", ((Comparison(0, "<", 10),),)))
    question = Question("level", "4.1", "is the level met?", ("availability", "minutes"), branches)
    return replace(question, **changes)  # type: ignore[arg-type]


SECOND = one_question(key="other")
DIFFERENT = [
    (),
    (one_question(key="changed"),),
    (one_question(clause="4.2"),),
    (one_question(asks="is it?"),),
    (one_question(atoms=("availability",)),),
    (one_question(atoms=("availability", "minutes", "")),),
    (one_question(branches=()),),
    (one_question(branches=(Branch("met", ()),)),),
    (one_question(branches=(Branch("met", ((),)),)),),
    (one_question(branches=(Branch("kept", ((),)),)),),
    (one_question(branches=(Branch("met", ((), ())),)),),
    *(
        (one_question(branches=(Branch("met", ((comparison,),)),)),)
        for comparison in [
            Comparison(0, ">=", 10),
            Comparison(1, ">=", 10),
            Comparison(0, ">", 10),
            Comparison(0, ">=", 11),
            Comparison(0, ">=", -10),
        ]
    ),
    (one_question(branches=(Branch("met", ((Comparison(0, ">=", 1), Comparison(0, "<", 2)),)),)),),
    (one_question(branches=(Branch("met", ((Comparison(0, ">=", 1),), (Comparison(0, "<", 2),))),)),),
    (one_question(branches=tuple(reversed(one_question().branches))),),
    (one_question(), SECOND),
    (SECOND, one_question()),
    (one_question(asks="\ud83d\ude00"),),  # two halves of a character are not the character
    (one_question(asks="\U0001f600"),),
]


def test_every_change_changes_the_digest() -> None:
    digests = [Rulebook(questions).digest for questions in [(one_question(),), *DIFFERENT]]
    assert len(set(digests)) == len(digests)


@pytest.mark.parametrize("questions", [(one_question(),), *DIFFERENT])
def test_equal_rulebooks_have_equal_digests_and_hashes(questions: tuple[Question, ...]) -> None:
    first, second = Rulebook(questions), Rulebook(tuple(replace(question) for question in questions))
    assert first == second
    assert (first.digest, hash(first)) == (second.digest, hash(second))


def test_the_digest_is_what_sealed_records_hold() -> None:
    assert Rulebook((one_question(),)).digest == ("9d9a29ad2944cde7c2125b36c74a2aaa88076abb654445b1864955939e72d291")


def test_two_questions_with_one_key_are_a_mistake_of_the_program() -> None:
    with pytest.raises(ValueError, match="'level'"):
        Rulebook((one_question(), one_question(clause="9")))


@pytest.mark.parametrize("comparison", [Comparison(2, "<", 1), Comparison(-1, "<", 1), Comparison(0, "<", BOUND_MAX)])
def test_a_comparison_that_no_engine_can_make_is_a_mistake_of_the_program(comparison: Comparison) -> None:
    with pytest.raises(ValueError, match="'level'"):
        Rulebook((one_question(branches=(Branch("met", ((comparison,),)),)),))


@given(st.lists(st.tuples(st.integers(0, 9), st.text(max_size=2), st.integers(0, 9))))
def test_firings_sort_by_question_item_and_branch(parts: list[tuple[int, str, int]]) -> None:
    in_order = sorted(Firing(*part) for part in parts)
    assert [(firing.question, firing.item, firing.branch) for firing in in_order] == sorted(parts)


def test_the_operators_mean_what_they_say() -> None:
    assert {
        "<": operator.lt,
        "<=": operator.le,
        "==": operator.eq,
        "!=": operator.ne,
        ">=": operator.ge,
        ">": operator.gt,
    } == COMPARE
