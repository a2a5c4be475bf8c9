"""Late interest: simple interest on what was paid late, and a fixed sum for the trouble.

"Simple interest at the base rate plus 8 % a year from the day after the due date, and 40, 70 or 100 pounds by the
size of the debt" (as in the Late Payment of Commercial Debts (Interest) Act 1998). What a year has, how the days
are counted and where the interest is rounded are choices about money, and required.

Figures: ``x.days``, ``x.annual`` (interest of a year), ``x.daily`` (of a day, rounded where ``round_daily`` says
so), ``x.interest``, ``x.compensation`` (the fixed sum; nothing while nothing is late), ``x.amount``, ``x.gross``,
``x``. Instead of ``x.daily``: ``x.years`` where each day is counted by its own calendar year, ``x.times`` and
``x.added`` where interest is compounded, ``x.rate`` of all days together where each day has its own.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, ClassVar, Final, Literal

from pydantic import model_validator

from bpo_contracts.contract.clauses.base import Family, GatedClause
from bpo_contracts.contract.fields import FormulaText, Rows, Text
from bpo_contracts.terms import nodes as n
from bpo_contracts.values.units import ANY_ZERO, DAYS, PLAIN, money

if TYPE_CHECKING:
    from bpo_contracts.contract.lowering import Lowering

_ZERO = n.Quantity(Fraction(0), ANY_ZERO)
_DAY = n.Quantity(DAYS.factor, DAYS)
_COUNTED: Final[dict[str | None, n.DaysCounted]] = {
    "after the due day": "last",
    "both days": "both",
    "neither day": "neither",
}
_YEARS: Final[dict[str, n.Elapsed]] = {
    "365 days": "years by actual/365",
    "360 days": "years by actual/360",
    "30/360": "years by 30/360",
    "actual/actual": "years by actual/actual",
}


class LateInterest(GatedClause):
    """``late_interest``: interest at ``rate`` a year on ``principal``, and a ``compensation``: one sum, or one by its size.

    The days are given (``days``), or counted from ``due_on`` to ``paid_on`` with ``days_counted``: ``after the due
    day`` (the day of payment counts, the due day does not), ``both days``, or ``neither day``. ``year``: ``365
    days``, ``360 days``, or, between two days only, ``30/360`` (every month 30 days, a 31st is a
    30th, the year 360: 30E/360) and
    ``actual/actual`` (each day by the 365 or 366 days of its calendar year; no day then has one interest that could be
    rounded). Interest is simple, unless it is ``compounded_every`` so many days: then the interest of every full ``30
    days`` is added to what bears interest. The ``rate`` is that of the period, or with ``rate_of: each day`` that of
    each day: of a series, or of a parameter with values by date, that changes while the amount is owed.
    """

    kind: Literal["late_interest"] = "late_interest"
    family: ClassVar[Family] = "charge"
    principal: FormulaText
    rate: FormulaText
    rate_of: Literal["each day"] | None = None
    days: FormulaText | None = None
    due_on: FormulaText | None = None
    paid_on: FormulaText | None = None
    days_counted: Literal["after the due day", "both days", "neither day"] | None = None
    year: Literal["365 days", "360 days", "30/360", "actual/actual"]
    round_daily: Text
    compounded_every: Text | None = None
    compensation: Rows | FormulaText | None = None
    round: Text | None = None

    @model_validator(mode="after")
    def _days_said(self) -> LateInterest:
        between = [name for name in ("due_on", "paid_on", "days_counted") if getattr(self, name) is not None]
        if len(between) != (3 if self.days is None else 0):
            raise ValueError("say either 'days', or 'due_on', 'paid_on' and 'days_counted' together")
        if self.days is not None and self.year == "30/360":
            raise ValueError("months of 30 days are counted between 'due_on' and 'paid_on'; given 'days' are days")
        if self.days is not None and self.year == "actual/actual":
            raise ValueError(
                "which year a day belongs to is known between 'due_on' and 'paid_on'; given 'days' have none"
            )
        if self.rate_of == "each day" and (self.days is not None or self.compounded_every is not None):
            raise ValueError("'rate_of: each day' goes with 'due_on' and 'paid_on', and with simple interest")
        if self.rate_of == "each day" and self.round_daily not in ("unrounded", "none"):
            raise ValueError("with 'rate_of: each day' a day has no one interest; write 'round_daily: unrounded'")
        if self.compounded_every is not None and self.year not in ("365 days", "360 days"):
            raise ValueError("'compounded_every' counts days by a 'year' of 365 days or 360 days")
        if self.compounded_every is not None and self.round_daily not in ("unrounded", "none"):
            raise ValueError("compounded interest is not the same every day; write 'round_daily: unrounded'")
        if self.year == "actual/actual" and self.round_daily not in ("unrounded", "none"):
            raise ValueError("with 'year: actual/actual' a day has two prices; write 'round_daily: unrounded'")
        return self

    def lower(self, into: Lowering) -> None:
        with into.clause(self):
            into.figure("days", n.Extreme("max", (_ZERO, self._days(into)), source=into.place()), "days late")
            if self.rate_of == "each day":
                self._by_rates(into)
                into.settle_line(self, self._total(into))
                return
            annual = n.Of(into.formula("rate"), into.formula("principal"), source=into.place("rate"))
            into.figure("annual", annual, "interest of a year")
            if self.year == "actual/actual":
                self._by_years(into)
            elif self.compounded_every is not None:
                self._compounded(into)
            else:
                self._by_days(into)
            into.settle_line(self, self._total(into))

    def _by_days(self, into: Lowering) -> None:
        daily = n.Arithmetic("/", into.name("annual"), self._length(into), source=into.place("year"))
        unit = money(into.contract.currency)
        into.figure("daily", into.rounded_as("round_daily", daily, unit), "interest of a day")
        late = n.Arithmetic("/", into.name("days"), _DAY, source=into.place())
        into.figure("interest", n.Arithmetic("*", into.name("daily"), late), "interest")

    def _by_years(self, into: Lowering) -> None:
        place = into.place("year")
        into.figure("years", n.Extreme("max", (_ZERO, self._years(into)), source=place), "years late")
        into.figure("interest", n.Arithmetic("*", into.name("years"), into.name("annual"), source=place), "interest")

    def _by_rates(self, into: Lowering) -> None:
        """Each day at its own rate, where the rate changes while the amount is owed."""
        place, years = into.place("rate"), _YEARS[self.year]
        due, paid = into.formula("due_on"), into.formula("paid_on")
        rates = into.each_day(into.formula("rate"))
        if not rates:
            return
        accrued = n.OverDays(rates, due, paid, years, _COUNTED[self.days_counted], source=place)
        into.figure("rate", accrued, "rate of all days together")
        into.figure("interest", n.Of(into.name("rate"), into.formula("principal"), source=place), "interest")

    def _compounded(self, into: Lowering) -> None:
        """Interest of every full stretch of days is added to what bears interest; the days that are left are simple."""
        place, principal, rate = into.place("compounded_every"), into.formula("principal"), into.formula("rate")
        every = into.field_formula(self.compounded_every or "", "compounded_every")
        into.figure("times", n.Step(into.name("days"), every, "full", source=place), "times that interest was added")

        def rate_of(days: n.AnyNode) -> n.AnyNode:
            in_days = n.Arithmetic("/", days, _DAY, source=place)
            part = n.Arithmetic("/", in_days, self._length(into), source=into.place("year"))
            return n.Arithmetic("*", rate, part, source=place)

        gone = n.Arithmetic("*", into.name("times"), every, source=place)
        left = n.Arithmetic("-", into.name("days"), gone, source=place)
        added = n.Of(n.Compounded(rate_of(every), into.name("times"), source=place), principal, source=place)
        into.figure("added", added, "interest added to the principal")
        bearing = n.Arithmetic("+", principal, into.name("added"), source=place)
        rest = n.Of(rate_of(left), bearing, source=place)
        into.figure("interest", n.Arithmetic("+", into.name("added"), rest, source=place), "interest")

    def _length(self, into: Lowering) -> n.Quantity:
        return n.Quantity(Fraction(365 if self.year == "365 days" else 360), PLAIN, source=into.place("year"))

    def _days(self, into: Lowering) -> n.AnyNode:
        if self.days is not None:
            return into.formula("days")
        basis: n.DayBasis = "30/360" if self.year == "30/360" else "actual"
        place = into.place("days_counted")
        between = n.DayCount(into.formula("due_on"), into.formula("paid_on"), basis, source=place)
        if self.days_counted == "after the due day":
            return between
        return n.Arithmetic("+" if self.days_counted == "both days" else "-", between, _DAY, source=place)

    def _years(self, into: Lowering) -> n.AnyNode:
        due, paid = into.formula("due_on"), into.formula("paid_on")
        return n.TimeBetween(
            due, paid, "years by actual/actual", _COUNTED[self.days_counted], source=into.place("days_counted")
        )

    def _total(self, into: Lowering) -> n.AnyNode:
        if self.compensation is None:
            return into.name("interest")
        place = into.place("compensation")
        asks = f"is anything late under clause {self.clause}?"
        late = n.Test(">", into.name("days"), _ZERO, source=place)
        by_size = isinstance(self.compensation, dict)
        fixed = (
            into.table("compensation", into.formula("principal"), suffix="compensation")
            if by_size
            else into.formula("compensation")
        )
        into.figure("compensation", n.Choose(late, fixed, _ZERO, asks, source=place), "fixed sum")
        return n.Arithmetic("+", into.name("interest"), into.name("compensation"), source=place)
