"""Fee per full-time equivalent: so much for each full-time person, from what was worked.

"The Client pays EUR 4,100.00 a month for each FTE; an FTE is 160 hours worked." Whether a part of an FTE is paid in
proportion, in full or not at all is a choice about money, and required.

Figures: ``x.ftes`` (full-time equivalents that are paid), ``x.amount``, ``x.gross``, ``x``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from bpo_contracts.contract.clauses.base import Family, GatedClause
from bpo_contracts.contract.fields import FormulaText, Text
from bpo_contracts.terms import nodes as n

if TYPE_CHECKING:
    from bpo_contracts.contract.lowering import Lowering


class PerFte(GatedClause):
    """``per_fte``: ``price`` (money) for each ``full_time`` (``160 hours``, ``1 fte``) of what was ``worked``."""

    kind: Literal["per_fte"] = "per_fte"
    family: ClassVar[Family] = "charge"
    worked: FormulaText
    full_time: Text
    part_fte: Literal["ignored", "counted", "pro rata", "nearest"]
    price: FormulaText
    round: Text | None = None

    def lower(self, into: Lowering) -> None:
        with into.clause(self):
            ftes = into.steps_of(into.formula("worked"), "full_time", self.part_fte)
            into.figure("ftes", ftes, "full-time equivalents")
            price = into.formula("price")
            into.settle_line(self, n.Arithmetic("*", into.name("ftes"), price, source=into.place("price")))
