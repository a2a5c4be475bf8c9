"""A position looked up between bounds goes where comparing sends it, whatever was asked before."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bpo_contracts.rules.reference import COMPARE, Reference
from bpo_contracts.rules.rulebook import Branch, Comparison, Question, Rulebook

comparisons = st.builds(
    Comparison, st.just(0), st.sampled_from(list(COMPARE)), st.integers(-6, 6).map(lambda number: 2 * number)
)
branches = st.lists(comparisons, max_size=3).map(tuple)
questions = st.lists(st.lists(branches, max_size=2).map(tuple), min_size=1, max_size=5)


@given(questions, st.lists(st.integers(-15, 15), min_size=1, max_size=12))
def test_a_position_goes_where_comparing_sends_it(
    ways: list[tuple[tuple[Comparison, ...], ...]], positions: list[int]
) -> None:
    named = tuple(Branch(str(number), any_of) for number, any_of in enumerate(ways))
    reference = Reference(Rulebook((Question("q", "1", "which?", ("x",), named),)))

    branches_at = reference.reader(0)
    assert [branches_at(at) for at in positions] == [reference.branches(0, (at,)) for at in positions]
