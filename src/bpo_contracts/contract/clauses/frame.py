"""The frame most clauses share, as one sentence.

For each ITEM, if ONLY_IF and not UNLESS, the clause gives RATE (read from a MEASURE) of BASE, multiplied by …, at least …,
at most …, rounded …; it counts toward TOTAL.

Figures of a clause ``x``: ``x.steps``, ``x.rate`` (after its own limits), ``x.amount`` (exact), ``x.gross`` (rounded, before
caps), ``x`` (what it pays after combination and limits).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import model_validator

from bpo_contracts.contract.clauses.base import GatedClause
from bpo_contracts.contract.fields import Formulas, FormulaText, NameText, Rows, Text
from bpo_contracts.terms import nodes as n

if TYPE_CHECKING:
    from bpo_contracts.contract.lowering import Lowering

SHAPES = ("table", "slices", "line", "rate", "amount")


class FrameClause(GatedClause):
    """A clause in the common frame; exactly one shape: ``table``, ``slices``, ``line``, ``rate`` or ``amount``.

    ``table``: rows in words, exactly one holds. ``slices``: each slice of the measure at its own rate. ``line``: points
    joined by straight lines. ``rate`` alone, or ``rate`` with ``per`` and ``part_steps`` (so much per X). ``amount``: a
    formula that is money already.
    """

    measure: FormulaText | None = None
    table: Rows | None = None
    slices: Rows | None = None
    line: Rows | None = None
    rate: FormulaText | None = None
    per: Text | None = None
    part_steps: Literal["ignored", "counted", "pro rata", "nearest"] | None = None
    amount: FormulaText | None = None
    of: FormulaText | None = None
    multiplied_by: Formulas = ()
    rate_at_least: FormulaText | None = None
    rate_at_most: FormulaText | None = None
    at_least: FormulaText | None = None
    at_most: FormulaText | None = None
    round: Text | None = None
    counts_toward: NameText | None = None
    expected: Text | None = None
    minimum: Text | None = None
    stretch: Text | None = None

    @model_validator(mode="after")
    def _one_shape(self) -> FrameClause:
        shapes = [shape for shape in SHAPES if getattr(self, shape) is not None]
        if len(shapes) != 1:
            has = f"it has {' and '.join(shapes)}" if shapes else "it has none"
            raise ValueError(f"a clause has exactly one of {', '.join(SHAPES)}; {has}")
        if (self.per is None) != (self.part_steps is None):
            raise ValueError("'per' and 'part_steps' go together: say what happens to a part of a step")
        if self.per is not None and self.rate is None:
            raise ValueError("'per' goes with 'rate': so much per …")
        needs_measure = shapes[0] in ("table", "slices", "line") or self.per is not None
        if needs_measure != (self.measure is not None):
            word = "needs" if needs_measure else "does not use"
            raise ValueError(f"a clause with {'per' if self.per else shapes[0]!r} {word} a 'measure'")
        if (self.minimum or self.stretch) and not self.expected:
            raise ValueError("'minimum' and 'stretch' need 'expected': the level that was promised")
        return self

    def lower(self, into: Lowering) -> None:
        with into.clause(self):
            gross = self._gross(into)
            into.settle_line(self, gross)
            if self.expected:
                into.service_level(self)

    def _gross(self, into: Lowering) -> n.AnyNode:
        if self.amount is not None:
            return self._limited(into, into.formula("amount"))
        if self.slices is not None:
            return self._limited(into, self._of(into, into.slices("slices", self.measure_node(into))))
        into.figure("rate", self._rate(into), "rate")
        return self._limited(into, self._of(into, into.name("rate")))

    def measure_node(self, into: Lowering) -> n.AnyNode:
        return into.formula("measure")

    def _rate(self, into: Lowering) -> n.AnyNode:
        if self.table is not None:
            rate: n.AnyNode = into.table("table", self.measure_node(into))
        elif self.line is not None:
            rate = into.line("line", self.measure_node(into))
        elif self.per is not None:
            into.figure("steps", into.steps(self), f"steps of {self.per}")
            rate = n.Arithmetic("*", into.name("steps"), into.formula("rate"))
        else:
            rate = into.formula("rate")
        for index in range(len(self.multiplied_by)):
            rate = n.Arithmetic("*", rate, into.formula("multiplied_by", index))
        if self.rate_at_least is not None:
            rate = n.Extreme("max", (rate, into.formula("rate_at_least")))
        if self.rate_at_most is not None:
            rate = n.Extreme("min", (rate, into.formula("rate_at_most")))
        return rate

    def _of(self, into: Lowering, rate: n.AnyNode) -> n.AnyNode:
        return rate if self.of is None else n.Of(rate, into.formula("of"))

    def _limited(self, into: Lowering, amount: n.AnyNode) -> n.AnyNode:
        if self.at_least is not None:
            amount = n.Extreme("max", (amount, into.formula("at_least")))
        if self.at_most is not None:
            amount = n.Extreme("min", (amount, into.formula("at_most")))
        return amount
