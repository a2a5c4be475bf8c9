"""Service points: a failure costs points instead of money. They bring no invoice line; other clauses look at their sum.

"Service points accrue for each failure; at ten points in a contract year a rectification plan is due." What a sum of
points leads to is said by other clauses: a service credit reads ``x.total`` in its table, a consequence in its
condition.

Figures of a clause ``x``: ``x.points`` (of the row reached), ``x`` (after multipliers and gates), and with
``added_up``: ``x.total``, ``x.left`` (what goes on into the next period).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import model_validator

from bpo_contracts.contract.clauses.base import Family, GatedClause
from bpo_contracts.contract.fields import Count, Formulas, FormulaText, Rows, Text
from bpo_contracts.terms import nodes as n
from bpo_contracts.terms.nodes import ZERO

if TYPE_CHECKING:
    from bpo_contracts.contract.lowering import Lowering


class ServicePoints(GatedClause):
    """``service_points``: ``points`` (a formula), or the row of a ``table`` that holds the ``measure``.

    ``added_up`` over a window (``this contract year``) gives ``x.total``. Points ``until reset`` begin again in the
    period after ``reset_at`` is reached, and after ``cleared_after`` periods in a row without points; a period without data
    is not one of them.
    """

    kind: Literal["service_points"] = "service_points"
    family: ClassVar[Family] = "none"
    measure: FormulaText | None = None
    table: Rows | None = None
    points: FormulaText | None = None
    multiplied_by: Formulas = ()
    added_up: Text | None = None
    reset_at: FormulaText | None = None
    cleared_after: Count | None = None

    @model_validator(mode="after")
    def _one_shape(self) -> ServicePoints:
        if (self.table is None) == (self.points is None):
            raise ValueError("service points have a table that is read at a measure, or a formula for the points")
        if (self.table is None) != (self.measure is None):
            raise ValueError("'table' and 'measure' go together")
        resets = self.reset_at is not None or self.cleared_after is not None
        if resets != (self.added_up == "until reset"):
            raise ValueError("'added_up: until reset' goes with 'reset_at' or 'cleared_after', which end the count")
        return self

    def lower(self, into: Lowering) -> None:
        with into.clause(self):
            if self.table is not None:
                points: n.AnyNode = into.table_at(self.table, into.formula("measure"), "table")
            else:
                points = into.formula("points")
            points = into.add("points", points, "points")
            for index in range(len(self.multiplied_by)):
                points = n.Arithmetic("*", points, into.formula("multiplied_by", index), source=into.place())
            gated = into.gated(self, points)
            into.figure("", n.OrElse(gated, ZERO, source=into.place()), "points of the period")
            if self.added_up == "until reset":
                self._until_reset(into, n.Test("==", gated, ZERO, source=into.place()))
            elif self.added_up is not None:
                window = into.window(self.added_up, "added_up")
                into.figure("total", n.Fold("sum", into.name(""), window, source=into.place()), "total")

    def _until_reset(self, into: Lowering, none: n.AnyNode) -> None:
        """``none`` says whether there were no points; it has no answer in a period without data, which clears nothing."""
        own = into.name("")
        before: n.AnyNode = into.earlier("left")
        if self.cleared_after is not None:
            clean = into.failure("clean", none, "does not count", "period without points")
            into.figure("clean_periods", into.run(clean, "does not count"), "periods in a row without points")
            before = into.when(into.reaches("clean_periods", int(self.cleared_after)), ZERO, before)
        total = into.add("total", into.plus(before, own), "total")
        left: n.AnyNode = total
        if self.reset_at is not None:
            reached = n.Test(">=", total, into.formula("reset_at"), source=into.place("reset_at"))
            left = into.when(reached, ZERO, total)
        into.figure("left", left, "points that go on")
