"""Base fee: what is billed for the period before anything is measured.

Where the term starts or ends inside a period, the clause says what such a part period costs: ``by days in the
month`` (the days in the term by the days of the period), ``by 30-day months`` (every month counts 30 days, a 31st
as a 30th), ``full`` or ``none``. Where it does not, there is nothing to say, and saying it is refused.

Figures: ``x.part_period`` (which part of the period is paid, 1 for a whole one), ``x.amount``, ``x.gross``, ``x``.
"""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, ClassVar, Literal

from bpo_contracts.contract.clauses.base import Family, GatedClause
from bpo_contracts.contract.fields import FormulaText, Text
from bpo_contracts.terms import nodes as n
from bpo_contracts.values.units import PLAIN

if TYPE_CHECKING:
    from bpo_contracts.contract.lowering import Lowering


class BaseFee(GatedClause):
    """``base_fee``: ``amount`` for each period, rounded as ``round`` or the contract's lines are."""

    kind: Literal["base_fee"] = "base_fee"
    family: ClassVar[Family] = "charge"
    amount: FormulaText
    part_period: Literal["by days in the month", "by 30-day months", "full", "none"] | None = None
    round: Text | None = None

    def lower(self, into: Lowering) -> None:
        with into.clause(self):
            amount = into.formula("amount")
            self._check(into)
            if self.part_period in (None, "full"):
                into.settle_line(self, amount)
                return
            into.figure("part_period", self._part(into), "part of the period that is paid")
            into.settle_line(self, n.Of(into.name("part_period"), amount, source=into.place("part_period")))

    def _part(self, into: Lowering) -> n.AnyNode:
        term, place = into.contract.term, into.place("part_period")
        basis: n.DayBasis = "30/360" if self.part_period == "by 30-day months" else "actual"
        part = n.PartOfPeriod(term.starts_on, term.ends_on, basis, source=place)
        if self.part_period != "none":
            return part
        whole, nothing = (n.Quantity(Fraction(number), PLAIN, source=place) for number in (1, 0))
        asks = f"does the whole period of clause {self.clause} lie in the term?"
        return n.Choose(n.Test("==", part, whole, source=place), whole, nothing, asks, source=place)

    def _check(self, into: Lowering) -> None:
        """A part period is said exactly where there is one."""
        contract, term = into.contract, into.contract.term
        first, last = contract.first_period, contract.last_period
        parts = [term.starts_on] if term.starts_on != first.start else []
        parts += [term.ends_on] if term.ends_on + timedelta(days=1) != last.end else []
        if parts and self.part_period is None:
            day, period = parts[0], first if parts[0] == term.starts_on else last
            what = "starts" if parts[0] == term.starts_on else "ends"
            problem = f"The term {what} on {day}, inside the period {period.label}, whose price is not said."
            step = "Add 'part_period': by days in the month, by 30-day months, full, or none."
            into.problem("BPO296", "part-period-not-said", into.place(self.kind), problem, step)
        if not parts and self.part_period is not None:
            problem = f"The term holds whole periods only: 'part_period: {self.part_period}' would never be used."
            into.problem("BPO297", "no-part-period", into.place("part_period"), problem, "Remove it.")
