"""Indexation: a price that follows an index.

"The price is adjusted on each anniversary by the change of the index of the third month before the anniversary
against that of the third month before the start." New price = price + change of price, change = (index - base) /
base. It is no invoice line; other clauses charge ``x`` (``price: adjusted_price``).

Figures: ``x.index`` and ``x.base`` (index values), ``x.ratio`` (index / base, rounded where ``round_ratio`` says
so), ``x.change`` (a percentage, after rounding and limits), ``x`` (the adjusted price, rounded).
"""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import model_validator

from bpo_contracts.contract.clauses.base import Clause, Family
from bpo_contracts.contract.fields import Day, FormulaText, Names, NameText, Text
from bpo_contracts.terms import nodes as n
from bpo_contracts.values.periods import NotADay
from bpo_contracts.values.units import DAY, PERCENT, PLAIN

if TYPE_CHECKING:
    from bpo_contracts.contract.lowering import Lowering

_MONTHS = re.compile(r"(0|[1-9][0-9]{0,2}) months?\Z", re.ASCII)
_EARLIER = re.compile(r"(.+) earlier\Z", re.ASCII)


class Indexation(Clause):
    """``indexation``: ``price`` adjusted by the change of the series ``index``.

    ``reviewed``: in ``each period``, or once a ``contract year`` or ``calendar year``, from whose start the ``lag``
    counts back (``3 months``, ``0 months``). ``base``: a month (``2024-09``), or ``12 months earlier`` than the
    index. Either ``round_ratio`` (of index / base) or ``round_change`` (of the percentage) is said; ``unrounded``
    is an answer. ``at_most`` and ``at_least`` limit the change. Before ``not_before`` the price is as agreed.
    """

    kind: Literal["indexation"] = "indexation"
    family: ClassVar[Family] = "none"
    price: FormulaText
    index: NameText
    reviewed: Literal["each period", "each contract year", "each calendar year"]
    lag: Text
    base: Text
    round_ratio: Text | None = None
    round_change: Text | None = None
    at_most: FormulaText | None = None
    at_least: FormulaText | None = None
    not_before: Day | None = None
    round: Text
    for_each: Names = ()

    @model_validator(mode="after")
    def _one_rounding(self) -> Indexation:
        if (self.round_ratio is None) == (self.round_change is None):
            raise ValueError(
                "an indexation says either 'round_ratio' (of index / base) or 'round_change' (of the percentage); write"
                " 'unrounded' if nothing is rounded before the price"
            )
        return self

    def lower(self, into: Lowering) -> None:
        with into.clause(self):
            lag, base = self._months(into, "lag", self.lag), self._base(into)
            if lag is None or base is None:
                return
            now = into.series_value(self.index, months_ago=lag, counted_from=self._counted_from())
            then = self._base_value(into, lag, base)
            if now is None or then is None:
                problem = f"There is no series {self.index!r}."
                into.problem("BPO293", "no-such-series", into.place("index"), problem, "Add it under 'series'.")
                return
            into.figure("index", now, "index")
            into.figure("base", then, "base of the index")
            self._change(into)
            price = into.formula("price")
            adjusted: n.AnyNode = n.Arithmetic("+", price, n.Of(into.name("change"), price), source=into.place("price"))
            if self.not_before is not None:
                adjusted = self._from_first_day(into, adjusted, price, self.not_before)
            into.figure("", into.rounded_as("round", adjusted, None), "adjusted price")

    def _from_first_day(self, into: Lowering, adjusted: n.AnyNode, price: n.AnyNode, first: date) -> n.AnyNode:
        place = into.place("not_before")
        begun = n.Test(">=", n.PeriodFact("start", source=place), n.Literal_(first, DAY, source=place), source=place)
        asks = f"does the price of clause {self.clause} follow the index by now (from {first})?"
        return n.Choose(begun, adjusted, price, asks, source=place)

    def _change(self, into: Lowering) -> None:
        ratio: n.AnyNode = n.Arithmetic("/", into.name("index"), into.name("base"), source=into.place("index"))
        if self.round_ratio is not None:
            ratio = into.rounded_as("round_ratio", ratio, PLAIN)
        into.figure("ratio", ratio, "index by its base")
        one = n.Quantity(Fraction(1), PLAIN)
        part = n.Arithmetic("-", into.name("ratio"), one)
        change: n.AnyNode = n.AsPercent(part, one, source=into.place("index"))
        if self.round_change is not None:
            change = into.rounded_as("round_change", change, PERCENT)
        if self.at_most is not None:
            change = n.Extreme("min", (change, into.formula("at_most")), source=into.place("at_most"))
        if self.at_least is not None:
            change = n.Extreme("max", (change, into.formula("at_least")), source=into.place("at_least"))
        into.figure("change", change, "change of the price")

    def _counted_from(self) -> Literal["period", "contract year", "calendar year"]:
        words: dict[str, Literal["period", "contract year", "calendar year"]] = {
            "each period": "period",
            "each contract year": "contract year",
            "each calendar year": "calendar year",
        }
        return words[self.reviewed]

    def _base(self, into: Lowering) -> int | str | None:
        """Months before the index, or a month."""
        earlier = _EARLIER.match(self.base)
        return self._months(into, "base", earlier[1]) if earlier else self.base

    def _base_value(self, into: Lowering, lag: int, base: int | str) -> n.SeriesValue | None:
        if isinstance(base, int):
            return into.series_value(self.index, months_ago=lag + base, counted_from=self._counted_from())
        try:
            return into.series_value(self.index, month=base)
        except NotADay:
            problem = f"{base!r} is neither a month nor so many months earlier."
            step = "Write '2024-09', or '12 months earlier'."
            into.problem("BPO294", "not-a-base", into.place("base"), problem, step)
            return into.series_value(self.index)

    def _months(self, into: Lowering, field_name: str, text: str) -> int | None:
        match = _MONTHS.match(text)
        if match is None:
            problem = f"{text!r} is not a number of months."
            into.problem("BPO295", "not-months", into.place(field_name), problem, "Write '3 months', or '0 months'.")
            return None
        return int(match[1])
