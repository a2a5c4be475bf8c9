"""Rate card: hours worked, each role at its own rate.

"Work is charged by the hour: EUR 140.00 for an architect, EUR 95.00 for a developer." The roles are a scope (one
line for each role) or a word on each row of a list of time sheets (one line, the sum of the rows, ``rounded`` row
by row or once). A role without a rate is refused, never paid at nothing. ``per`` and ``part_steps`` bill in units
of time: each started quarter of an hour.

Figures: ``x.rate`` (of the role), ``x.quantity`` (what is billed), ``x.amount``, ``x.gross``, ``x``; ``x.each`` for
a list.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import model_validator

from bpo_contracts.contract.clauses.base import Family, GatedClause
from bpo_contracts.contract.fields import FormulaText, Rows, Text
from bpo_contracts.terms import nodes as n

if TYPE_CHECKING:
    from bpo_contracts.contract.lowering import Lowering


class RateCard(GatedClause):
    """``rate_card``: ``worked`` at the rate of its role in ``rates``.

    ``for_each`` is the scope of the roles, or a list whose column ``role`` names the role of each row.
    """

    kind: Literal["rate_card"] = "rate_card"
    family: ClassVar[Family] = "charge"
    worked: FormulaText
    rates: Rows
    role: FormulaText | None = None
    per: Text | None = None
    part_steps: Literal["ignored", "counted", "pro rata", "nearest"] | None = None
    round: Text | None = None

    @model_validator(mode="after")
    def _complete(self) -> RateCard:
        if not self.for_each:
            raise ValueError("a rate card is 'for_each' role: name the scope of the roles, or the list of time sheets")
        if (self.per is None) != (self.part_steps is None):
            raise ValueError("'per' and 'part_steps' go together: say what happens to a part of a step")
        return self

    def lower(self, into: Lowering) -> None:
        of_list = self.for_each[0] in into.contract.lists
        if of_list == (self.role is None):
            problem = "'role' names the column of the list that holds the role, and goes with a list only."
            step = "Add 'role: …' with the column." if of_list else "Remove 'role': each lot of the scope is a role."
            with into.clause(self):
                into.problem("BPO290", "role-not-said", into.place("for_each"), problem, step)
            return
        with into.clause(self):
            role = into.formula("role") if self.role is not None else None
            into.figure("rate", into.price_list("rates", role), "rate")
            into.figure("quantity", self._quantity(into), "quantity billed")
            into.settle_line(self, n.Arithmetic("*", into.name("quantity"), into.name("rate")))

    def _quantity(self, into: Lowering) -> n.AnyNode:
        worked = into.formula("worked")
        if self.part_steps is None:
            return worked
        step = into.size("per")
        return n.Arithmetic("*", into.steps_of(worked, "per", self.part_steps), step, source=into.place("per"))
