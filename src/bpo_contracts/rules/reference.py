"""The definition of right: which branch holds, by comparing, in plain Python.

Runs on every settlement. A rules engine beside it must give the same firings, or there is no settlement.
"""

from __future__ import annotations

import operator
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from typing import Final

from bpo_contracts.rules.rulebook import Fact, Firing, Operator, Rulebook

COMPARE: Final[dict[Operator, Callable[[int, int], bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
    ">=": operator.ge,
    ">": operator.gt,
}


class Reference:
    """The reference engine over one rulebook."""

    name: str = "reference"
    version: str = "1"

    def __init__(self, rulebook: Rulebook) -> None:
        self._questions = [
            [
                [[(c.atom, COMPARE[c.operator], c.bound) for c in every] for every in branch.any_of]
                for branch in question.branches
            ]
            for question in rulebook.questions
        ]

    def reader(self, question: int) -> Callable[[int], list[int]]:
        """``branches`` of a question with one atom, by its position.

        Between two neighbouring bounds no comparison changes, so each gap and each bound is compared once and looked up from
        then on: a table of many rows is read as fast as a short one.
        """
        asked = self._questions[question]
        bounds = sorted({bound for any_of in asked for every in any_of for _, _, bound in every})
        known: list[list[int] | None] = [None] * (2 * len(bounds) + 1)

        def branches_at(position: int) -> list[int]:
            place = bisect_left(bounds, position) + bisect_right(bounds, position)
            held = known[place]
            if held is None:
                held = known[place] = self.branches(question, (position,))
            return held

        return branches_at

    def branches(self, question: int, positions: Sequence[int]) -> list[int]:
        """The indices of the branches that hold; exactly one, if the contract is sound at this point."""
        # Plain loops: three times as fast as any(all(...)), and this runs on every settlement.
        held = []
        for index, any_of in enumerate(self._questions[question]):
            for every in any_of:
                for atom, compare, bound in every:
                    if not compare(positions[atom], bound):
                        break
                else:
                    held.append(index)
                    break
        return held

    def fire(self, facts: Sequence[Fact]) -> frozenset[Firing]:
        """Every branch that holds for the facts."""
        return frozenset(
            Firing(fact.question, fact.item, branch)
            for fact in facts
            for branch in self.branches(fact.question, fact.positions)
        )
