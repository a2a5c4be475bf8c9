"""Comparisons, and the two ways to look at missing data."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, Final

from bpo_contracts.terms import nodes as n
from bpo_contracts.terms.evaluate.arithmetic import Arithmetic
from bpo_contracts.terms.evaluate.frame import (
    Frame,
    NoData,
    Run,
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
        return lambda frame: all(item(frame) for item in items)

    def _anyof(self, node: n.AnyOf) -> Run:
        items = [self.truth(item) for item in node.items]
        return lambda frame: any(item(frame) for item in items)

    def _not(self, node: n.Not) -> Run:
        item = self.truth(node.item)
        return lambda frame: not item(frame)

    def _known(self, node: n.Known) -> Run:
        item = self.run(node.item)

        def known(frame: Frame) -> bool:
            try:
                item(frame)
            except NoData:
                return False
            return True

        return known

    def _orelse(self, node: n.OrElse) -> Run:
        item, fallback = self.run(node.item), self.run(node.fallback)

        def or_else(frame: Frame) -> Value:
            try:
                return item(frame)
            except NoData:
                return fallback(frame)

        return or_else
