"""The reference engine: which branch holds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bpo_contracts.rules.reference import Reference
from bpo_contracts.rules.rulebook import Branch, Comparison, Fact, Firing, Question, Rulebook

ALWAYS, NEVER = Branch("always", ((),)), Branch("never", ())


def rows(*bounds: int) -> Question:
    """A table of rows ``[lower, upper)``, the first and the last open."""
    edges: list[tuple[Comparison, ...]] = [()]
    edges += [(Comparison(0, ">=", bound),) for bound in bounds]
    uppers: list[tuple[Comparison, ...]] = [(Comparison(0, "<", bound),) for bound in bounds]
    uppers += [()]
    branches = tuple(
        Branch(f"row {n}", ((*low, *high),)) for n, (low, high) in enumerate(zip(edges, uppers, strict=True))
    )
    return Question("table", "4.1", "which row?", ("availability",), branches)


@given(bounds=st.lists(st.integers(-50, 50), unique=True, max_size=6).map(sorted), at=st.integers(-60, 60))
def test_exactly_one_row_of_a_table_holds_and_it_is_the_one_that_was_counted(bounds: list[int], at: int) -> None:
    reference = Reference(Rulebook((rows(*bounds),)))
    assert reference.branches(0, (at,)) == [sum(bound <= at for bound in bounds)]


def test_each_operator_at_below_and_above_its_bound() -> None:
    operators = ("<", "<=", "==", "!=", ">=", ">")
    branches = tuple(Branch(o, ((Comparison(0, o, 10),),)) for o in operators)  # type: ignore[arg-type]
    reference = Reference(Rulebook((Question("q", "1", "?", ("x",), branches),)))
    held = {at: [operators[b] for b in reference.branches(0, (at,))] for at in (9, 10, 11)}
    assert held == {9: ["<", "<=", "!="], 10: ["<=", "==", ">="], 11: ["!=", ">=", ">"]}


def test_a_branch_is_an_or_of_ands() -> None:
    inside = (Comparison(0, ">=", 1), Comparison(1, "<", 5))
    branch = Branch("either", (inside, (Comparison(0, "==", -1),)))
    reference = Reference(Rulebook((Question("q", "1", "?", ("x", "y"), (branch, ALWAYS, NEVER)),)))
    assert reference.branches(0, (1, 4)) == [0, 1]
    assert reference.branches(0, (1, 5)) == [1]
    assert reference.branches(0, (-1, 99)) == [0, 1]


def test_a_firing_names_question_item_and_branch_once() -> None:
    reference = Reference(Rulebook((rows(10), Question("free", "2", "?", (), (ALWAYS,)))))
    facts = [Fact(0, "Lagos", (9,)), Fact(0, "Manila", (10,)), Fact(1, "", ()), Fact(1, "", ())]
    assert reference.fire(facts) == {Firing(0, "Lagos", 0), Firing(0, "Manila", 1), Firing(1, "", 0)}
    assert reference.fire([]) == frozenset()
