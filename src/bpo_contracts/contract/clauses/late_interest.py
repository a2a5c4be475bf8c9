"""Late interest: simple interest on what was paid late, and a fixed sum for the trouble.

"Simple interest at the base rate plus 8 % a year from the day after the due date, and 40, 70 or 100 pounds by the
size of the debt" (as in the Late Payment of Commercial Debts (Interest) Act 1998). What a year has, how the days
are counted and where the interest is rounded are choices about money, and required.

Figures: ``x.days``, ``x.annual`` (interest of a year), ``x.daily`` (of a day, rounded where ``round_daily`` says
so), ``x.interest``, ``x.compensation`` (the fixed sum; nothing while nothing is late), ``x.amount``, ``x.gross``,
``x``.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import model_validator

from bpo_contracts.contract.clauses.base import Family, GatedClause
from bpo_contracts.contract.fields import FormulaText, Rows, Text
from bpo_contracts.terms import nodes as n
from bpo_contracts.values.units import ANY_ZERO, DAYS, PLAIN, money

if TYPE_CHECKING:
    from bpo_contracts.contract.lowering import Lowering

_ZERO = n.Quantity(Fraction(0), ANY_ZERO)
_DAY = n.Quantity(DAYS.factor, DAYS)


class LateInterest(GatedClause):
    """``late_interest``: interest at ``rate`` a year on ``principal``, and ``compensation`` by its size.

    The days are given (``days``), or counted from ``due_on`` to ``paid_on`` with ``days_counted``: ``after the due
    day`` (the day of payment counts, the due day does not), ``both days``, or ``neither day``. ``year``: ``365
    days``, ``360 days``, or ``30/360`` (every month 30 days, the year 360; between two days only).
    """

    kind: Literal["late_interest"] = "late_interest"
    family: ClassVar[Family] = "charge"
    principal: FormulaText
    rate: FormulaText
    days: FormulaText | None = None
    due_on: FormulaText | None = None
    paid_on: FormulaText | None = None
    days_counted: Literal["after the due day", "both days", "neither day"] | None = None
    year: Literal["365 days", "360 days", "30/360"]
    round_daily: Text
    compensation: Rows | None = None
    round: Text | None = None

    @model_validator(mode="after")
    def _days_said(self) -> LateInterest:
        between = [name for name in ("due_on", "paid_on", "days_counted") if getattr(self, name) is not None]
        if len(between) != (3 if self.days is None else 0):
            raise ValueError("say either 'days', or 'due_on', 'paid_on' and 'days_counted' together")
        if self.days is not None and self.year == "30/360":
            raise ValueError("months of 30 days are counted between 'due_on' and 'paid_on'; given 'days' are days")
        return self

    def lower(self, into: Lowering) -> None:
        with into.clause(self):
            into.figure("days", n.Extreme("max", (_ZERO, self._days(into)), source=into.place()), "days late")
            annual = n.Of(into.formula("rate"), into.formula("principal"), source=into.place("rate"))
            into.figure("annual", annual, "interest of a year")
            length = n.Quantity(Fraction(365 if self.year == "365 days" else 360), PLAIN, source=into.place("year"))
            daily = n.Arithmetic("/", into.name("annual"), length, source=into.place("year"))
            unit = money(into.contract.currency)
            into.figure("daily", into.rounded_as("round_daily", daily, unit), "interest of a day")
            late = n.Arithmetic("/", into.name("days"), _DAY, source=into.place())
            into.figure("interest", n.Arithmetic("*", into.name("daily"), late), "interest")
            into.settle_line(self, self._total(into))

    def _days(self, into: Lowering) -> n.AnyNode:
        if self.days is not None:
            return into.formula("days")
        basis: n.DayBasis = "30/360" if self.year == "30/360" else "actual"
        place = into.place("days_counted")
        between = n.DayCount(into.formula("due_on"), into.formula("paid_on"), basis, source=place)
        if self.days_counted == "after the due day":
            return between
        return n.Arithmetic("+" if self.days_counted == "both days" else "-", between, _DAY, source=place)

    def _total(self, into: Lowering) -> n.AnyNode:
        if self.compensation is None:
            return into.name("interest")
        place = into.place("compensation")
        asks = f"is anything late under clause {self.clause}?"
        late = n.Test(">", into.name("days"), _ZERO, source=place)
        fixed = into.table("compensation", into.formula("principal"))
        into.figure("compensation", n.Choose(late, fixed, _ZERO, asks, source=place), "fixed sum")
        return n.Arithmetic("+", into.name("interest"), into.name("compensation"), source=place)
