"""Unpaid items: which items of a clause about a list pay nothing, and why.

An item that the clause would pay for (its exact amount is not zero, or nobody knows it) can pay nothing for four reasons. The
clause is not about it (``where``), its gate is closed (``only_if``), it is excused (``unless``), or its amount is too small
(``smallest`` of each item). What the questions were answered says which; they are asked in this order.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bpo_contracts.contract.lowering import Line, Terms, excuse_question, gate_question, subject_question
from bpo_contracts.rules.determining import Answers
from bpo_contracts.terms.decisions import DecisionPoint
from bpo_contracts.terms.evaluate import Frame
from bpo_contracts.values.frozen import frozen

TOO_SMALL: Final = "below the smallest amount"
NOT_ABOUT: Final = "not about it"

Unpaid = tuple[tuple[str, str], ...]
"""Items that pay nothing, each with the reason."""


@frozen
class ItemPlan:
    """Where the reasons of a line's items are found: the slot of the exact amount of each, and (question, the answer that
    means it, the reason) in the order they are asked."""

    per: str
    exact: int
    reasons: tuple[tuple[int, int, str], ...]


def plan_items(terms: Terms, line: Line, points: Sequence[DecisionPoint]) -> ItemPlan | None:
    """The plan of a line about a list; None for any other, and where every item pays what it comes to."""
    clause, program = line.clause, terms.program
    exact = next(
        (
            slot
            for part in ("amount", "rate")
            if (slot := program.slots.get(f"{clause.name}.{part}")) is not None
            and program.figures[slot].per in terms.contract.lists
        ),
        None,
    )
    if line.net != clause.name or line.per or exact is None:
        return None
    small = getattr(clause, "smallest", None)
    issued = f"is {clause.name}.due {small.issued_only}?" if small is not None and small.of == "each item" else ""
    asked = (
        (subject_question(clause), 1, NOT_ABOUT),
        (gate_question(clause), 1, "gate closed"),
        (excuse_question(clause), 0, "excused"),
        (issued, 1, TOO_SMALL),
    )
    per = program.figures[exact].per
    reasons = tuple(
        (index, way, reason)
        for asks, way, reason in asked
        for index, point in enumerate(points)
        if asks
        and point.asks == asks
        and point.figure.startswith(f"{clause.name}.")
        and program.figure(point.figure).per == per
    )
    return ItemPlan(per, exact, reasons) if reasons else None


def unpaid_items(plan: ItemPlan | None, frame: Frame, answers: Answers) -> Unpaid:
    """The items that pay nothing, in their order, each with the reason."""
    if plan is None:
        return ()
    found: list[tuple[str, str]] = []
    for item, exact in zip(frame.items[plan.per], frame.values[plan.exact], strict=True):
        if exact.__class__ is tuple and not exact[0]:
            continue
        reason = next((why for point, way, why in plan.reasons if answers.get((point, item)) == way), "")
        if reason:
            found.append((item, reason))
    return tuple(found)
