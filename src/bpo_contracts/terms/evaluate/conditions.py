"""Comparisons, conditions that are joined, and the two ways to look at missing data.

Conditions are joined in three-valued logic (Kleene's): ``a or b`` holds if one of them holds, whatever the other is;
``a and b`` does not hold if one of them does not. Only where the missing one would decide is there no data. A part that
the contract leaves undecided (a gap in a table, a division by zero) stops the settlement only then, too. So the order of
the parts never matters.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from typing import Any, Final

from bpo_contracts.terms import nodes as n
from bpo_contracts.terms.evaluate.arithmetic import Arithmetic
from bpo_contracts.terms.evaluate.frame import (
    Frame,
    NoData,
    NotYet,
    Run,
    TruthRun,
    Undecided,
    Value,
)

COMPARE: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
    ">=": operator.ge,
    ">": operator.gt,
}


class Conditions(Arithmetic):
    """Answers yes or no."""

    def _test(self, node: n.Test) -> Run:
        left, right, compare = self.run(node.left), self.run(node.right), COMPARE[node.operator]

        def test(frame: Frame) -> bool:
            a, b = left(frame), right(frame)
            if isinstance(a, tuple) and isinstance(b, tuple):
                return compare(a[0] * b[1], b[0] * a[1])
            return compare(a, b)

        return test

    def _every(self, node: n.Every) -> Run:
        items = [self.truth(item) for item in node.items]
        return _joining(items, decisive=False)

    def _anyof(self, node: n.AnyOf) -> Run:
        items = [self.truth(item) for item in node.items]
        return _joining(items, decisive=True)

    def _not(self, node: n.Not) -> Run:
        item = self.truth(node.item)
        return lambda frame: not item(frame)

    def _known(self, node: n.Known) -> Run:
        item = self.run(node.item)

        def known(frame: Frame) -> bool:
            try:
                item(frame)
            except (NoData, NotYet):
                return False
            return True

        return known

    def _orelse(self, node: n.OrElse) -> Run:
        item, fallback = self.run(node.item), self.run(node.fallback)
        missing = NoData if node.begun else (NoData, NotYet)

        def or_else(frame: Frame) -> Value:
            try:
                return item(frame)
            except missing:
                return fallback(frame)

        return or_else


def _joining(items: list[TruthRun], *, decisive: bool) -> TruthRun:
    """The conditions joined; what nobody knows is looked at only when none of them was decisive."""

    def holds(frame: Frame) -> bool:
        unknown: list[NoData | Undecided] = []
        for item in items:
            try:
                if item(frame) is decisive:
                    return decisive
            except (NoData, Undecided) as why:
                unknown.append(why)
        return joined(unknown, decisive=decisive)

    return holds


def joined(answers: Iterable[object], *, decisive: bool) -> bool:
    """Conditions joined by "or" (``decisive`` yes: one that holds is enough) or by "and" (no: one that does not is).

    Raises:
        Undecided, NoData: if none is decisive and one has no answer; what the contract leaves undecided comes first.
    """
    missing: NoData | None = None
    undecided: Undecided | None = None
    for answer in answers:
        if answer is decisive:
            return decisive
        if isinstance(answer, NoData):
            missing = missing or answer
        elif isinstance(answer, Undecided):
            undecided = undecided or answer
    if undecided is not None or missing is not None:
        raise undecided or missing  # type: ignore[misc]
    return not decisive
