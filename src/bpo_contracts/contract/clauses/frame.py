"""The frame most clauses share, as one sentence.

For each ITEM, if ONLY_IF and not UNLESS, the clause gives RATE (read from a MEASURE) of BASE, multiplied by …, at
least …,
at most …, rounded …; it counts toward TOTAL.

Figures of a clause ``x``: ``x.steps``, ``x.rate`` (after its own limits), ``x.amount`` (exact), ``x.gross``
(rounded, before
caps), ``x`` (what it pays after combination and limits).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal

from pydantic import model_validator

from bpo_contracts.contract.clauses.base import GatedClause
from bpo_contracts.contract.clauses.items import RepeatFailure, Smallest
from bpo_contracts.contract.fields import Formulas, FormulaText, Names, NameText, Rows, Text
from bpo_contracts.terms import nodes as n
from bpo_contracts.values.units import POINTS_OF_PERCENT

if TYPE_CHECKING:
    from bpo_contracts.contract.lowering import Lowering

SHAPES = ("table", "slices", "line", "rate", "amount")

_NOTHING: Final = re.compile(r"none\Z|0(?:\.0+)?(?: |\Z)", re.ASCII)


class FrameClause(GatedClause):
    """A clause in the common frame; exactly one shape: ``table``, ``slices``, ``line``, ``rate`` or ``amount``.

    ``table``: rows in words, exactly one holds. ``slices``: each slice of the measure at its own rate. ``line``: points
    joined by straight lines. ``rate`` alone, or ``rate`` with ``per`` and ``part_steps`` (so much per X). ``amount``: a
    formula that is money already.

    ``by``: the word columns or measures that a table of words is read at (``P1, Madrid``; ``any`` stands for every
    word).
    ``sum_of_rates_at_most``: the limit on the rates of all items of a list together. ``only_the_highest_per``: of
    the items
    that agree in these columns only the highest amount is paid. ``repeat_failure`` and ``smallest``: see ``items``.
    """

    measure: FormulaText | None = None
    by: Names = ()
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
    sum_of_rates_at_most: FormulaText | None = None
    only_the_highest_per: Names = ()
    repeat_failure: RepeatFailure | None = None
    smallest: Smallest | None = None
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
        needs_measure = (shapes[0] in ("table", "slices", "line") and not self.by) or self.per is not None
        if needs_measure != (self.measure is not None):
            word = "needs" if needs_measure else "does not use"
            shape = "per" if self.per else "by" if self.by else shapes[0]
            raise ValueError(f"a clause with {shape!r} {word} a 'measure'")
        if self.by and shapes[0] != "table":
            raise ValueError("'by' names the words that a 'table' is read at")
        self._no_unused_fields(shapes[0])
        if (self.minimum or self.stretch) and not self.expected:
            raise ValueError("'minimum' and 'stretch' need 'expected': the level that was promised")
        return self

    def _no_unused_fields(self, shape: str) -> None:
        """A field that this shape would not look at is refused, and never silently left out of the money."""
        limits = [name for name in ("rate_at_least", "rate_at_most", "sum_of_rates_at_most") if getattr(self, name)]
        if shape in ("amount", "slices") and limits:
            raise ValueError(
                f"{limits[0]!r} limits a rate, and a clause with {shape!r} has none; use 'at_most' or 'at_least'"
            )
        if self.sum_of_rates_at_most is not None:
            self._only_rates_are_summed()
        if shape == "amount" and self.of is not None:
            raise ValueError("'amount' is money already; 'of' goes with a rate, a table or slices")
        if self.expected is not None and self.measure is None:
            raise ValueError("'expected' is a level of the 'measure', and the clause has none")

    def _only_rates_are_summed(self) -> None:
        """With a limit on the sum of rates there is one amount, and none for each item."""
        given = [name for name in ("only_the_highest_per", "rounded", "at_least", "at_most") if getattr(self, name)]
        given += ["smallest"] if self.smallest is not None and self.smallest.of is not None else []
        if given:
            raise ValueError(
                f"{given[0]!r} does not go with 'sum_of_rates_at_most', which makes one amount of all items; use a cap"
            )

    def lower(self, into: Lowering) -> None:
        with into.clause(self):
            if self.sum_of_rates_at_most is not None:
                into.settle_rates(self, self._rate(into))
                return
            self._no_floor_of_nothing(into)
            into.settle_line(self, self._gross(into))
            if self.expected:
                into.service_level(self)

    def _gross(self, into: Lowering) -> n.AnyNode:
        if self.amount is not None:
            return self.limited(into, self._multiplied(into, into.formula("amount")))
        if self.slices is not None:
            slices = into.slices("slices", self.measure_node(into))
            self._is_no_point(into, slices)
            return self.limited(into, self._of(into, self._multiplied(into, slices)))
        rate = self._rate(into)
        self._is_no_point(into, rate)
        into.figure("rate", rate, "rate")
        return self.limited(into, self._of(into, into.name("rate")))

    def measure_node(self, into: Lowering) -> n.AnyNode:
        return into.formula("measure")

    def _rate(self, into: Lowering) -> n.AnyNode:
        if self.table is not None:
            words = into.reads_words(self)
            rate: n.AnyNode = into.word_table(self) if words else into.table("table", self.measure_node(into))
        elif self.line is not None:
            rate = into.line("line", self.measure_node(into))
        elif self.per is not None:
            into.figure("steps", into.steps(self), f"steps of {self.per}")
            rate = n.Arithmetic("*", into.name("steps"), into.formula("rate"))
        else:
            rate = into.formula("rate")
        rate = self._multiplied(into, rate)
        if self.rate_at_least is not None:
            rate = n.Extreme("max", (rate, into.formula("rate_at_least")))
        if self.rate_at_most is not None:
            rate = n.Extreme("min", (rate, into.formula("rate_at_most")))
        return rate

    def _multiplied(self, into: Lowering, value: n.AnyNode) -> n.AnyNode:
        for index in range(len(self.multiplied_by)):
            value = n.Arithmetic("*", value, into.formula("multiplied_by", index))
        if self.repeat_failure is not None:
            into.figure("factor", into.repeat_factor(self.repeat_failure), "factor for repeats")
            value = n.Arithmetic("*", value, into.name("factor"))
        return value

    def _of(self, into: Lowering, rate: n.AnyNode) -> n.AnyNode:
        return rate if self.of is None else n.Of(rate, into.formula("of"))

    def _no_floor_of_nothing(self, into: Lowering) -> None:
        """``at_least`` beside a row, or a part of a step, that pays nothing would pay although nothing is due."""
        floor = next((name for name in ("at_least", "rate_at_least") if getattr(self, name) is not None), None)
        rows = (self.table or self.line or self.slices or {}).values()
        if (
            floor is None
            or self.only_if
            or self.family == "both ways"
            or not (self.per or any(map(_NOTHING.match, rows)))
        ):
            return
        least = getattr(self, floor)
        if _NOTHING.match(least) or least.startswith("-"):
            return
        where = "Less than one step pays nothing" if self.per else "A row gives nothing"
        problem = f"{where}, and {floor!r} would pay {least} all the same."
        step = "To raise what is due, write 'smallest' with 'raised_to'; to pay it on a condition, add 'only_if'."
        into.problem("BPO175", "floor-of-nothing", into.place(floor), problem, step)

    def _is_no_point(self, into: Lowering, rate: n.AnyNode) -> None:
        """A rate "of" a base is a percentage, or a difference of two; ``5 pp`` is what one adds to a percentage."""
        if self.of is not None and _in_points(rate):
            problem = "The rate is in percentage points, which are of nothing."
            into.problem("BPO230", "units-do-not-fit", into.place("of"), problem, "Write the rate with '%'.")

    def limited(self, into: Lowering, amount: n.AnyNode) -> n.AnyNode:
        """The amount within the clause's own limits."""
        if self.at_least is not None:
            amount = n.Extreme("max", (amount, into.formula("at_least")))
        if self.at_most is not None:
            amount = n.Extreme("min", (amount, into.formula("at_most")))
        return amount


def _in_points(rate: n.AnyNode) -> bool:
    """Whether percentage points are what a rate is written in, itself or in one of its rows."""
    match rate:
        case n.Quantity(unit=unit):
            return unit == POINTS_OF_PERCENT
        case n.Curve(rows=rows):
            return any(_in_points(row.gives) for row in rows)
        case n.Extreme(items=items):
            return any(_in_points(item) for item in items)
        case n.Arithmetic(operator="*", left=left, right=right):
            return _in_points(left) or _in_points(right)
        case _:
            return False
