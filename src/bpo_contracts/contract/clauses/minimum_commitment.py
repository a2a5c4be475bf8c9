"""Minimum commitment (take or pay): what was bought less than promised is paid for.

"The Client buys at least 120,000 calls in each contract year, and pays EUR 0.90 for each call by which it falls
short." The shortfall is charged once, in the last period of the window, when it is known.

Figures: ``x.bought`` (in the window so far), ``x.due`` (yes in the last period of a window), ``x.shortfall`` (0
before), ``x.amount``, ``x.gross``, ``x``.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import model_validator

from bpo_contracts.contract.clauses.base import Family, GatedClause
from bpo_contracts.contract.fields import FormulaText, Text
from bpo_contracts.terms import nodes as n
from bpo_contracts.values.units import ANY_ZERO, PLAIN, TRUTH

if TYPE_CHECKING:
    from bpo_contracts.contract.lowering import Lowering

_ZERO = n.Quantity(Fraction(0), ANY_ZERO)
_PRICES = ("price_of_shortfall", "share_of_shortfall", "fixed_sum")


class MinimumCommitment(GatedClause):
    """``minimum_commitment``: at least ``minimum`` of ``bought`` in each window.

    ``in_each``: ``period``, ``quarter`` (of the calendar), ``contract year``, or ``term`` (the whole contract). The
    shortfall costs ``price_of_shortfall`` for each unit, or ``share_of_shortfall`` where the commitment is an
    amount of money, or one ``fixed_sum`` whatever its size.
    """

    kind: Literal["minimum_commitment"] = "minimum_commitment"
    family: ClassVar[Family] = "charge"
    bought: FormulaText
    in_each: Literal["period", "quarter", "contract year", "term"]
    minimum: FormulaText
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
        return self

    def lower(self, into: Lowering) -> None:
        with into.clause(self):
            place = into.place("in_each")
            into.figure("bought", self._bought(into), "bought so far")
            into.figure("due", self._due(into), "last period of the window")
            short = n.Arithmetic("-", into.formula("minimum"), into.name("bought"), source=into.place("minimum"))
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
        window = self._window()
        return bought if window is None else n.Fold("sum", bought, window, source=into.place("bought"))

    def _window(self) -> n.Window | None:
        since: dict[str, Literal["", "year", "quarter"]] = {"quarter": "quarter", "contract year": "year", "term": ""}
        if self.in_each == "period":
            return None
        return n.Window(None, previous=False, since=since[self.in_each], short="the periods there are")

    def _due(self, into: Lowering) -> n.AnyNode:
        """Whether as many periods of the window have passed as it has."""
        place, yes = into.place("in_each"), n.Literal_(True, TRUTH)
        window = self._window()
        if window is None:
            return yes
        length = self._length(into)
        passed = n.Fold("count", yes, window, source=place)
        return n.Test("==", passed, n.Quantity(Fraction(length), PLAIN, source=place), source=place)

    def _length(self, into: Lowering) -> int:
        """The periods in a window; refused where the term does not hold whole windows."""
        contract = into.contract
        first, last, every = contract.first_period, contract.last_period, contract.every.value
        months = {"quarter": 3, "contract year": 12, "term": (last.number - first.number + 1) * every}[self.in_each]
        begins = first.number * every % months if self.in_each == "quarter" else 0
        total = (last.number - first.number + 1) * every
        if months % every or begins or total % months:
            problem = f"The term does not hold whole windows: {total} months, and each {self.in_each} has {months}."
            step = "Agree what is promised for the part that is left, and write it as a clause of its own."
            into.problem("BPO292", "window-not-whole", into.place("in_each"), problem, step)
        return max(1, months // every)
