"""A difference between two engines stops the settlement and says where it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpo_contracts.rules.agreement import agree
from bpo_contracts.rules.rulebook import Branch, Fact, Firing, Question, Rulebook
from bpo_contracts.values.findings import EnginesDisagree

BRANCHES = (Branch("row 1", ()), Branch("row 2", ()))
RULEBOOK = Rulebook(
    (
        Question("availability", "4.1", "which row holds the availability?", ("availability",), BRANCHES),
        Question("claim", "7.2", "is the claim in time?", ("days", "notice"), BRANCHES),
    )
)
FIRINGS = st.frozensets(
    st.builds(Firing, st.integers(0, 1), st.sampled_from(["", "Lagos"]), st.integers(0, 1)), max_size=6
)


@given(firings=FIRINGS)
def test_equal_firings_agree_in_any_order(firings: frozenset[Firing]) -> None:
    agree(firings, firings, RULEBOOK)
    agree(sorted(firings), sorted(firings, reverse=True), RULEBOOK)


@given(reference=FIRINGS, engine=FIRINGS)
def test_any_difference_is_found_and_names_every_clause_that_differs(
    reference: frozenset[Firing], engine: frozenset[Firing]
) -> None:
    if reference == engine:
        return
    with pytest.raises(EnginesDisagree) as found:
        agree(reference, engine, RULEBOOK)
    differ = {RULEBOOK.questions[firing.question].clause for firing in reference ^ engine}
    named = {clause for clause in ("4.1", "7.2") if f"Clause {clause}," in str(found.value)}
    assert named == differ


def test_the_sentence_names_question_clause_fact_and_the_branches_of_both_sides() -> None:
    facts = [Fact(0, "", (1970,)), Fact(1, "Lagos", (4, 10)), Fact(1, "Manila", (5, 10))]
    reference = [Firing(0, "", 0), Firing(1, "Lagos", 1), Firing(1, "Manila", 0)]
    engine = [Firing(0, "", 0), Firing(1, "Lagos", 0), Firing(1, "Lagos", 1)]
    with pytest.raises(EnginesDisagree) as found:
        agree(reference, engine, RULEBOOK, facts)
    assert str(found.value) == (
        "The rules engine and the reference engine disagree; nothing is settled.\n"
        "Clause 7.2, question claim (is the claim in time?), item 'Lagos': with days at position 4, notice at "
        'position 10, the reference says "row 2", the engine says "row 1" and "row 2".\n'
        "Clause 7.2, question claim (is the claim in time?), item 'Manila': with days at position 5, notice at "
        'position 10, the reference says "row 1", the engine says that no branch holds.'
    )


def test_an_engine_that_makes_things_up_is_found_too() -> None:
    with pytest.raises(EnginesDisagree, match="Question number 9: the rulebook has no such question"):
        agree([], [Firing(9, "", 0)], RULEBOOK)
    with pytest.raises(EnginesDisagree, match="the engine says branch number 7, which does not exist"):
        agree([Firing(0, "", 1)], [Firing(0, "", 7)], RULEBOOK)


def test_many_differences_are_counted_not_poured_out() -> None:
    with pytest.raises(EnginesDisagree) as found:
        agree([Firing(0, f"site {n}", 0) for n in range(500)], [], RULEBOOK)
    lines = str(found.value).splitlines()
    assert (len(lines), lines[-1]) == (12, "… and 490 more.")
