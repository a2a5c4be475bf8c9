"""Which figures the contract alone settles, and which one row of one table settles.

A fee that is agreed once and for all is the same in every period, and so is what each row of a table comes to in money.
Such figures are computed once and looked up from then on. That is exact: they refer to nothing but quantities, to one
another, and to the answer of the one question they follow.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from bpo_contracts.terms import nodes as n
from bpo_contracts.terms.decisions import DecisionPoint
from bpo_contracts.terms.program import Program

FIXED: Final = -1
"""Of a figure that the contract alone settles."""

Settles = tuple[int | None, ...]
"""By slot: ``FIXED``; the decision point whose answer settles the figure; None if anything else has a say."""

_PURE: Final = (
    n.Quantity | n.Literal_ | n.NoValue | n.Name | n.Arithmetic | n.Of | n.AsPercent | n.Extreme | n.Test | n.Every
    | n.AnyOf | n.Not | n.Known | n.OrElse | n.Step | n.Round
)  # fmt: skip
"""Nodes that see nothing but their parts: no period, no history, no items, no question of their own."""


def what_settles(program: Program, points: Sequence[DecisionPoint]) -> Settles:
    """What settles each figure of the program; ``points`` are its questions."""
    asked: dict[str, list[int]] = {}
    for index, point in enumerate(points):
        asked.setdefault(point.figure, []).append(index)
    settled: dict[str, int | None] = {}
    for figure in program.figures:
        settled[figure.name] = _settles(figure, settled, asked.get(figure.name, []))
    return tuple(settled[figure.name] for figure in program.figures)


def _settles(figure: n.Figure, settled: Mapping[str, int | None], asked: list[int]) -> int | None:
    if figure.per or figure.node is None:
        return None
    if not asked:
        return _follows(figure.node, settled)
    rows = _given(figure.node)
    if len(asked) == 1 and rows and all(_follows(row, settled) == FIXED for row in rows):
        return asked[0]
    return None


def _given(node: n.AnyNode) -> tuple[n.AnyNode, ...]:
    """What the branches of a question give, one of which is the value."""
    match node:
        case n.Curve(rows=rows, reading="at"):
            return tuple(row.gives for row in rows)
        case n.Choose(then=then, otherwise=otherwise):
            return then, otherwise
        case _:
            return ()


def _follows(node: n.AnyNode, settled: Mapping[str, int | None]) -> int | None:
    """The one question that a formula without questions follows; ``FIXED`` if none."""
    if not isinstance(node, _PURE):
        return None
    if isinstance(node, n.Name):
        return settled.get(node.name)
    followed = FIXED
    for child in n.children(node):
        found = _follows(child, settled)
        if found is None or (found != followed and FIXED not in (found, followed)):
            return None
        followed = max(found, followed)
    return followed
