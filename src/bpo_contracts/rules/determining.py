"""From a program's decision points to a rulebook, and the answers of the reference while a period is settled.

The reference answers every question at the moment it is asked, and keeps the fact; when the period is settled, a
rules engine
answers the same facts on its own, and the two must agree.
"""

from __future__ import annotations

from collections.abc import Sequence

from bpo_contracts.rules.reference import Reference
from bpo_contracts.rules.rulebook import (
    Branch,
    Comparison,
    Fact,
    Firing,
    Question,
    Rulebook,
    bound_position,
    common_scale,
    position,
)
from bpo_contracts.terms.decisions import DecisionPoint
from bpo_contracts.terms.describe import describe
from bpo_contracts.terms.evaluate import Pair, Undecided
from bpo_contracts.terms.program import Program
from bpo_contracts.values.findings import Finding
from bpo_contracts.values.numbers import shown

Answers = dict[tuple[int, str], int]
"""Which branch each question went, by question and item."""


class CompiledRulebook:
    """A rulebook with what it takes to turn exact numbers into facts: the scale of every atom."""

    def __init__(self, program: Program, points: Sequence[DecisionPoint]) -> None:
        self.points = tuple(points)
        self.scales = tuple(_scales(point) for point in points)
        questions = [_question(program, number, point, self.scales[number]) for number, point in enumerate(points)]
        self.rulebook = Rulebook(tuple(questions))
        self.reference = Reference(self.rulebook)
        self.places = tuple(program.figure(point.figure).source for point in points)
        self.readers = tuple(
            (scales[0], self.reference.reader(point)) if len(scales) == 1 else None
            for point, scales in enumerate(self.scales)
        )
        """Of each question with one atom: its scale, and what reads its branches."""


class Determiner:
    """Answers the questions of one period by the reference, and keeps facts and answers."""

    def __init__(self, book: CompiledRulebook) -> None:
        self._book = book
        self._asked: list[tuple[int, str, tuple[int, ...]]] = []
        self.answers: Answers = {}

    def __call__(self, point: int, item: str, atoms: tuple[Pair, ...]) -> int:
        """The one branch that holds.

        Raises:
            Undecided: BPO243 if none or several hold, naming the rows.
        """
        book = self._book
        single = book.readers[point]
        if single is not None:
            scale, branches_at = single
            at = position(*atoms[0], scale)
            positions: tuple[int, ...] = (at,)
            branches = branches_at(at)
        else:
            positions = tuple(position(*atom, scale) for atom, scale in zip(atoms, book.scales[point], strict=True))
            branches = book.reference.branches(point, positions)
        self._asked.append((point, item, positions))
        if len(branches) != 1:
            raise Undecided(_not_one(book, point, atoms, branches))
        self.answers[point, item] = branches[0]
        return branches[0]

    def facts(self) -> list[Fact]:
        """The facts of the questions that were answered, for another engine; made only if there is one."""
        return [Fact(*asked) for asked in self._asked if asked[:2] in self.answers]

    def firings(self) -> frozenset[Firing]:
        """The reference's answers as an engine would give them."""
        return frozenset(Firing(question, item, branch) for (question, item), branch in self.answers.items())


def _scales(point: DecisionPoint) -> tuple[int, ...]:
    denominators: list[list[int]] = [[] for _ in point.atoms]
    for way in point.ways:
        for every in way.when:
            for bound in every:
                denominators[bound.atom].append(bound.value.denominator)
    return tuple(common_scale(one) for one in denominators)


def _question(program: Program, number: int, point: DecisionPoint, scales: tuple[int, ...]) -> Question:
    figure = program.figure(point.figure)
    branches = [
        Branch(
            way.label,
            tuple(
                tuple(
                    Comparison(
                        bound.atom,
                        bound.operator,
                        bound_position(bound.value.numerator, bound.value.denominator, scales[bound.atom]),
                    )
                    for bound in every
                )
                for every in way.when
            ),
        )
        for way in point.ways
    ]
    atoms = tuple(f"{describe(atom)} on the grid of 1/{scale}" for atom, scale in zip(point.atoms, scales, strict=True))
    return Question(f"{number}:{point.figure}", figure.citation.clause, point.asks, atoms, tuple(branches))


def _not_one(book: CompiledRulebook, point: int, atoms: tuple[Pair, ...], branches: list[int]) -> Finding:
    decision = book.points[point]
    value = ", ".join(shown(atom) for atom in atoms)
    if branches:
        rows = " and ".join(repr(decision.ways[branch].label) for branch in branches)
        problem = f"At {value}, {rows} hold at once: {decision.asks}"
    else:
        rows = ", ".join(repr(way.label) for way in decision.ways)
        problem = f"At {value} no row holds: {decision.asks} The rows are {rows}."
    return Finding(
        "BPO243",
        "not-one-row",
        book.places[point],
        problem,
        "Mend the table (exactly one row may hold any value), or correct the measurement.",
    )
