"""durable-rules and the reference give the same firings, for rulebooks and facts of every shape."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import islice, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpo_contracts.engines.durable_rules import FACTS_MAX, DurableRules, available
from bpo_contracts.engines.durable_rules_shards import RULES_PER_SHARD
from bpo_contracts.rules.agreement import agree
from bpo_contracts.rules.reference import Reference
from bpo_contracts.rules.rulebook import (
    BOUND_MAX,
    POSITION_MAX,
    Branch,
    Comparison,
    Fact,
    Operator,
    Question,
    Rulebook,
)

pytestmark = pytest.mark.skipif(not available(), reason="durable-rules cannot be imported here")

OPERATORS: list[Operator] = ["<", "<=", "==", "!=", ">=", ">"]
EXTREME_BOUNDS = [BOUND_MAX - 1, 1 - BOUND_MAX, 2**31, -(2**31), 2**32, 2**53 + 1]


def check(rulebook: Rulebook, facts: list[Fact]) -> int:
    """How many branches held; fails if the engines differ."""
    reference = Reference(rulebook).fire(facts)
    agree(reference, DurableRules(rulebook).fire(facts), rulebook, facts)
    return len(reference)


def question(key: str, atoms: int, branches: list[list[tuple[Comparison, ...]]]) -> Question:
    rows = tuple(Branch(f"row {n}", tuple(any_of)) for n, any_of in enumerate(branches))
    return Question(key, f"4.{key}", "which row?", tuple(f"atom {n}" for n in range(atoms)), rows)


def facts_around_bounds(rulebook: Rulebook, at_most: int = 60) -> Iterator[Fact]:
    """Every atom at one below, at and one above each bound it is compared with, and far beyond all of them."""
    for index, asked in enumerate(rulebook.questions):
        tested = [{-POSITION_MAX, POSITION_MAX} for _ in asked.atoms]
        for comparison in (c for branch in asked.branches for every in branch.any_of for c in every):
            tested[comparison.atom] |= {comparison.bound + step for step in (-1, 0, 1)}
        for number, positions in enumerate(islice(product(*map(sorted, tested)), at_most)):
            yield Fact(index, f"item {number}" if number else "", positions)


@st.composite
def rulebooks(draw: st.DrawFn) -> Rulebook:
    bounds = st.sampled_from([*range(-3, 4), *EXTREME_BOUNDS])
    questions = []
    for number in range(draw(st.integers(1, 3))):
        atoms = draw(st.integers(0, 2))
        comparisons = st.builds(Comparison, st.integers(0, max(atoms - 1, 0)), st.sampled_from(OPERATORS), bounds)
        conjunctions = st.lists(comparisons, max_size=3 if atoms else 0).map(tuple)
        branches = draw(st.lists(st.lists(conjunctions, max_size=2), max_size=4))
        questions.append(question(str(number), atoms, branches))
    return Rulebook(tuple(questions))


@settings(max_examples=250, deadline=None)
@given(rulebook=rulebooks())
def test_they_agree_on_any_rulebook_at_and_beside_every_bound(rulebook: Rulebook) -> None:
    check(rulebook, list(facts_around_bounds(rulebook)))


def arbitrary_rulebook(chance: random.Random) -> Rulebook:
    """Larger and stranger than the ones above: up to 5 questions, 130 branches, 4 atoms."""
    questions = []
    for number in range(chance.randint(1, 5)):
        atoms = chance.randint(0, 4)

        def conjunction(atoms: int = atoms) -> tuple[Comparison, ...]:
            return tuple(
                Comparison(
                    chance.randrange(atoms),
                    chance.choice(OPERATORS),
                    chance.choice([chance.randint(-5, 5), chance.choice(EXTREME_BOUNDS)]),
                )
                for _ in range(chance.randint(0, 4) if atoms else 0)
            )

        size = chance.choice([0, 1, 2, 5, 5, 5, 5, 130 if chance.random() < 0.1 else 8])
        branches = [[conjunction() for _ in range(chance.choice([0, 1, 1, 1, 2, 3]))] for _ in range(size)]
        questions.append(question(str(number), atoms, branches))
    return Rulebook(tuple(questions))


def arbitrary_facts(rulebook: Rulebook, chance: random.Random) -> list[Fact]:
    """Facts in any order, some twice, of some of the questions."""
    facts = []
    for _ in range(chance.choice([0, 1, 5, 20, 40])):
        index = chance.randrange(len(rulebook.questions))
        choices = [chance.randint(-6, 6), chance.choice(EXTREME_BOUNDS) + chance.randint(-1, 1), POSITION_MAX]
        positions = tuple(chance.choice(choices) for _ in rulebook.questions[index].atoms)
        facts.append(Fact(index, chance.choice(["", "Lagos", '"},{', "r00", "\x00", "ü"]), positions))
    return facts


def test_they_agree_on_three_thousand_arbitrary_evaluations() -> None:
    chance = random.Random(20160301)
    firings = 0
    for _ in range(1500):
        rulebook = arbitrary_rulebook(chance)
        firings += sum(check(rulebook, arbitrary_facts(rulebook, chance)) for _ in range(2))
    assert firings > 50_000  # the rulebooks are not so strange that hardly anything ever holds


@pytest.mark.parametrize("operator", OPERATORS)
@pytest.mark.parametrize("bound", [0, 1, -1, *EXTREME_BOUNDS])
def test_each_operator_is_right_at_and_beside_a_bound(operator: Operator, bound: int) -> None:
    rulebook = Rulebook((question("0", 1, [[(Comparison(0, operator, bound),)]]),))
    facts = [Fact(0, str(step), (bound + step,)) for step in (-1, 0, 1)]
    assert check(rulebook, facts) == {"==": 1, "<": 1, ">": 1}.get(operator, 2)


@pytest.mark.parametrize("rows", [RULES_PER_SHARD - 1, RULES_PER_SHARD, RULES_PER_SHARD + 1, 3 * RULES_PER_SHARD + 1])
def test_every_row_of_a_long_table_is_found(rows: int) -> None:
    """All lower bounds hold at the top row at once, which is what the C code's stack has to bear."""
    rulebook = Rulebook((question("0", 1, [[(Comparison(0, ">=", row),)] for row in range(rows)]),))
    assert check(rulebook, [Fact(0, str(row), (row,)) for row in range(rows)]) == rows * (rows + 1) // 2


@pytest.mark.parametrize("number", [1, RULES_PER_SHARD - 1, RULES_PER_SHARD, RULES_PER_SHARD + 1, 600])
def test_any_number_of_questions_is_answered(number: int) -> None:
    """600 questions have more different first conditions than one of the C code's tables holds."""
    rulebook = Rulebook(tuple(question(str(n), 1, [[(Comparison(0, "==", n),)]]) for n in range(number)))
    assert check(rulebook, [Fact(n, "", (n,)) for n in range(number)]) == number
    assert check(rulebook, [Fact(number - 1, "", (number - 1,))]) == 1


@pytest.mark.parametrize("number", [FACTS_MAX - 1, FACTS_MAX, FACTS_MAX + 1, 5 * FACTS_MAX])
def test_any_number_of_items_is_answered(number: int) -> None:
    rulebook = Rulebook((question("0", 1, [[(Comparison(0, ">=", n),)] for n in range(3)]),))
    assert check(rulebook, [Fact(0, f"site {n}", (n,)) for n in range(number)]) == 3 * number - 3


def test_every_rule_may_fire_on_every_fact() -> None:
    rulebook = Rulebook((question("0", 0, [[()]] * RULES_PER_SHARD),))
    assert check(rulebook, [Fact(0, str(n), ()) for n in range(FACTS_MAX)]) == RULES_PER_SHARD * FACTS_MAX


@pytest.mark.parametrize("rows", [1, 2, 7, 25, RULES_PER_SHARD])
def test_every_rule_of_every_question_that_is_asked_at_once_may_fire(rows: int) -> None:
    """As many questions as a shard holds, all rules true, each after three comparisons: what a stack has to bear."""
    every = [(Comparison(0, ">=", -n), Comparison(1, "<=", n), Comparison(0, "!=", 7)) for n in range(rows)]
    number = RULES_PER_SHARD // rows
    rulebook = Rulebook(tuple(question(str(n), 2, [[one] for one in every]) for n in range(number)))
    assert (
        check(rulebook, [Fact(n, item, (0, 0)) for n in range(number) for item in ("", "Lagos")]) == 2 * number * rows
    )
    assert check(rulebook, [Fact(n, "", (0, 0)) for n in range(0, number, 2)]) == (number + 1) // 2 * rows


def test_many_comparisons_may_stand_in_one_branch() -> None:
    every = tuple(Comparison(atom, "==", atom) for atom in range(200))
    rulebook = Rulebook((question("0", 200, [[every], [every[1:]]]),))
    facts = [Fact(0, "all", tuple(range(200))), Fact(0, "but one", (7, *range(1, 200))), Fact(0, "none", (7,) * 200)]
    assert check(rulebook, facts) == 3


def test_equal_conditions_may_stand_in_several_branches_and_twice_in_one() -> None:
    same = (Comparison(0, ">=", 1), Comparison(0, ">=", 1))
    rulebook = Rulebook((question("0", 1, [[same, same], [same], [same[:1]]]),))
    assert check(rulebook, [Fact(0, "", (1,)), Fact(0, "", (1,)), Fact(0, "low", (0,))]) == 3


@settings(max_examples=25, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_facts_never_matters(chance: random.Random) -> None:
    rulebook = Rulebook(tuple(question(str(n), 1, [[(Comparison(0, ">=", n),)], [()]]) for n in range(30)))
    engine = DurableRules(rulebook)
    facts = [Fact(n, item, (n + step,)) for n in range(30) for step, item in enumerate(["", "Lagos", "Manila"], -1)]
    shuffled = facts.copy()
    chance.shuffle(shuffled)
    assert engine.fire(shuffled) == engine.fire(facts)
