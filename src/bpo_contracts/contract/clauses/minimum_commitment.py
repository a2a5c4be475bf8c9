"""Minimum commitment (take or pay): what was bought less than promised is paid for.

"The Client buys at least 120,000 calls in each contract year, and pays EUR 0.90 for each call by which it falls
short." The shortfall is charged once, in the last period of the window, when it is known.

Figures: ``x.bought`` (in the window so far), ``x.due`` (yes in the last period of a window), ``x.periods`` (of the
window so far, where a part of a window counts in part), ``x.shortfall`` (0 before), ``x.amount``, ``x.gross``, ``x``.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, ClassVar, Final, Literal

from pydantic import model_validator

from bpo_contracts.contract.clauses.base import Family, GatedClause
from bpo_contracts.contract.clauses.part_period import PartPeriod, check_part_period, cut_short_on, part_inside, part_of
from bpo_contracts.contract.fields import FormulaText, Text
from bpo_contracts.terms import nodes as n
from bpo_contracts.values.periods import months_of
from bpo_contracts.values.units import ANY_ZERO, PLAIN, TRUTH

if TYPE_CHECKING:
    from bpo_contracts.contract.lowering import Lowering

_ZERO = n.Quantity(Fraction(0), ANY_ZERO)
_SINCE: Final[dict[str, Literal["year", "quarter", "half-year", "calendar year"]]] = {
    "quarter": "quarter",
    "half-year": "half-year",
    "contract year": "year",
    "calendar year": "calendar year",
}
_PART = "part of the period for which the minimum holds"
_PRICES = ("price_of_shortfall", "share_of_shortfall", "fixed_sum")


class MinimumCommitment(GatedClause):
    """``minimum_commitment``: at least ``minimum`` of ``bought`` in each window.

    ``in_each``: ``period``, ``quarter``, ``half-year`` (of the calendar), ``contract year``, ``calendar year``, or ``term`` (the whole
    contract). Where the term holds only a part of a window, ``part_window`` says what is promised for it: ``pro rata``
    by its periods, ``full``, or ``none``. The shortfall costs ``price_of_shortfall`` for each unit, or
    ``share_of_shortfall`` where the commitment is an amount of money, or one ``fixed_sum`` whatever its size.
    ``part_period``: which part of the minimum of a period, or of a window ``pro rata``, holds for a period of which only
    a part is in the term.
    """

    kind: Literal["minimum_commitment"] = "minimum_commitment"
    family: ClassVar[Family] = "charge"
    bought: FormulaText
    in_each: Literal["period", "quarter", "half-year", "contract year", "calendar year", "term"]
    minimum: FormulaText
    part_window: Literal["pro rata", "full", "none"] | None = None
    part_period: PartPeriod | None = None
    price_of_shortfall: FormulaText | None = None
    share_of_shortfall: FormulaText | None = None
    fixed_sum: FormulaText | None = None
    round: Text | None = None

    @model_validator(mode="after")
    def _one_price(self) -> MinimumCommitment:
        given = [name for name in _PRICES if getattr(self, name) is not None]
        if len(given) != 1:
            has = f"it has {' and '.join(given)}" if given else "it has none"
            raise ValueError(f"a commitment has exactly one of {', '.join(_PRICES)}; {has}")
        if self.part_period is not None and self.in_each != "period" and self.part_window != "pro rata":
            raise ValueError(
                "'part_period' goes with 'in_each: period' or 'part_window: pro rata': it is about the minimum of one period"
            )
        return self

    def lower(self, into: Lowering) -> None:
        with into.clause(self):
            place = into.place("in_each")
            into.figure("bought", self._bought(into), "bought so far")
            into.figure("due", self._due(into), "last period of the window")
            if self.in_each == "period" or self.part_window == "pro rata":
                check_part_period(into, self.part_period, self.kind, "minimum")
            minimum = self._minimum(into)
            if self.in_each == "period":
                minimum = part_of(into, self.part_period, minimum, self.clause, _PART)
            short = n.Arithmetic("-", minimum, into.name("bought"), source=into.place("minimum"))
            if self.in_each != "period" and into.contract.term_was_amended:
                short = n.Arithmetic("-", short, self._settled(into), source=into.place("minimum"))
            asks = f"does a window of clause {self.clause} end with this period?"
            missing = n.Choose(into.name("due"), n.Extreme("max", (_ZERO, short)), _ZERO, asks, source=place)
            into.figure("shortfall", missing, "shortfall")
            into.settle_line(self, self._price(into))

    def _price(self, into: Lowering) -> n.AnyNode:
        shortfall = into.name("shortfall")
        if self.price_of_shortfall is not None:
            return n.Arithmetic(
                "*", shortfall, into.formula("price_of_shortfall"), source=into.place("price_of_shortfall")
            )
        if self.share_of_shortfall is not None:
            return n.Of(into.formula("share_of_shortfall"), shortfall, source=into.place("share_of_shortfall"))
        place = into.place("fixed_sum")
        asks = f"does the client fall short of the minimum of clause {self.clause}?"
        return n.Choose(
            n.Test(">", shortfall, _ZERO, source=place), into.formula("fixed_sum"), _ZERO, asks, source=place
        )

    def _bought(self, into: Lowering) -> n.AnyNode:
        bought = into.formula("bought")
        return (
            bought if self.in_each == "period" else n.Fold("sum", bought, self._window(), source=into.place("bought"))
        )

    def _settled(self, into: Lowering) -> n.AnyNode:
        """Where an amendment makes the term longer, a window that its old end cut short has been closed before: what was missing
        then is paid for."""
        earlier = n.Window(None, previous=True, since=_SINCE.get(self.in_each, ""), short="the periods there are")
        missed = n.Fold("sum", into.name("shortfall"), earlier, none_found=_ZERO, source=into.place("in_each"))
        into.figure("settled", missed, "shortfalls settled before in the window")
        return into.name("settled")

    def _minimum(self, into: Lowering) -> n.AnyNode:
        """What is promised for the window that ends with this period."""
        minimum, length = into.formula("minimum"), self._length(into)
        if self._check_parts(into, length) or self.part_window in (None, "full"):
            return minimum
        place = into.place("part_window")
        whole = n.Quantity(Fraction(length), PLAIN, source=place)
        one = n.Quantity(Fraction(1), PLAIN, source=place)
        by_days: PartPeriod | None = "by days in the month" if cut_short_on(into) else None
        says = self.part_period if self.part_window == "pro rata" else by_days
        each = part_of(into, says, one, self.clause, _PART)
        so_far = n.Fold("count", n.Literal_(True, TRUTH), self._window(), source=place)
        if each is not one:
            so_far = n.Fold("sum", part_inside(into, says, self.clause), self._window(), source=place)
        into.figure("periods", so_far, "periods so far")
        if self.part_window == "none":
            asks = f"does the whole window of clause {self.clause} lie in the term?"
            return n.Choose(n.Test("==", into.name("periods"), whole, source=place), minimum, _ZERO, asks, source=place)
        part = n.Arithmetic("/", into.name("periods"), whole, source=place)
        return n.Arithmetic("*", part, minimum, source=place)

    def _window(self) -> n.Window:
        return n.Window(None, previous=False, since=_SINCE.get(self.in_each, ""), short="the periods there are")

    def _due(self, into: Lowering) -> n.AnyNode:
        """Whether the window ends with this period."""
        if self.in_each == "period":
            return n.Literal_(True, TRUTH)
        first, last = into.contract.first_period, into.contract.last_period
        return n.PeriodPlace(
            "last", _SINCE.get(self.in_each) or "term", first.number, last.number, source=into.place("in_each")
        )

    def _length(self, into: Lowering) -> int:
        """The periods in a whole window; refused where a window has no whole number of periods."""
        contract = into.contract
        every = contract.every.value
        term = contract.last_period.number - contract.first_period.number + 1
        months = {"period": every, "term": term * every}.get(self.in_each, months_of(self.in_each))
        if months % every:
            problem = f"A {self.in_each} has {months} months, and this contract settles every {every} months."
            step = "Agree the minimum for each period, or for a window of whole periods."
            into.problem("BPO292", "window-not-whole", into.place("in_each"), problem, step)
        return max(1, months // every)

    def _check_parts(self, into: Lowering, length: int) -> bool:
        """A window that the term holds only in part has its own rule, and none is said where there is no such window."""
        first, last = into.contract.first_period.number, into.contract.last_period.number
        begins = first if self.in_each in ("contract year", "term", "period") else 0
        parts = (first - begins) % length != 0 or (last + 1 - begins) % length != 0
        cut = cut_short_on(into) if self.in_each not in ("period", "term") else []
        if (parts or cut) and self.part_window is None:
            every = into.contract.every.value
            problem = (
                f"The term does not hold whole windows: {(last - first + 1) * every} months, and each {self.in_each} has"
                f" {length * every}."
            )
            if not parts:
                problem = f"The term does not hold whole windows: {cut[0]} lies inside a period."
            step = "Add 'part_window' for the part that is left: pro rata (by its periods), full, or none."
            into.problem("BPO292", "window-not-whole", into.place("in_each"), problem, step)
        if not parts and not cut and self.part_window is not None:
            problem = f"The term holds whole windows only: 'part_window: {self.part_window}' would never be used."
            into.problem("BPO297", "no-part-period", into.place("part_window"), problem, "Remove it.")
        return not parts and not cut
