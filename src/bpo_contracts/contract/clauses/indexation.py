"""Indexation: a price that follows an index.

"The price is adjusted on each anniversary by the change of the index of the third month before the anniversary
against that of the third month before the start." New price = price + change of price, change = (index - base) /
base. It is no invoice line; other clauses charge ``x`` (``price: adjusted_price``).

"0.15 + 0.60 labour / base + 0.25 steel / base": a ``basket`` of several indices, each with its weight, and a ``fixed_part``
that no index moves (the price adjustment factor of construction and service contracts).

Figures: ``x.index`` and ``x.base`` (index values; of a basket ``x.index_<series>``, ``x.base_<series>`` and
``x.ratio_<series>``), ``x.ratio`` (index / base, rounded where ``round_ratio`` says
so), ``x.change`` (a percentage, after rounding and limits), ``x`` (the adjusted price, rounded).
"""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from bpo_contracts.contract.clauses.base import Clause, Family
from bpo_contracts.contract.fields import Day, FormulaText, Names, NameText, Text
from bpo_contracts.terms import nodes as n
from bpo_contracts.values.numbers import number_text
from bpo_contracts.values.periods import NotADay
from bpo_contracts.values.units import DAY, PERCENT, PLAIN

if TYPE_CHECKING:
    from bpo_contracts.contract.lowering import Lowering

_MONTHS = re.compile(r"(0|[1-9][0-9]{0,2}) months?\Z", re.ASCII)
_EARLIER = re.compile(r"(.+) earlier\Z", re.ASCII)


class Indexation(Clause):
    """``indexation``: ``price`` adjusted by the change of the series ``index``, or of a ``basket`` of series.

    ``reviewed``: in ``each period``, or once a ``contract year`` or ``calendar year``, from whose start the ``lag``
    counts back (``3 months``, ``0 months``). ``base``: a month (``2024-09``), or ``12 months earlier`` than the
    index. Either ``round_ratio`` (of index / base) or ``round_change`` (of the percentage) is said; ``unrounded``
    is an answer. ``at_most`` and ``at_least`` limit the change. Before ``not_before`` the price is as agreed.

    A ``basket`` gives the weight of each series, and ``fixed_part`` the percentage of the price that does not move;
    together they are 100 %. ``round_each_ratio`` says how index / base of each series is rounded.
    """

    kind: Literal["indexation"] = "indexation"
    family: ClassVar[Family] = "none"
    price: FormulaText
    index: NameText | None = None
    basket: Annotated[dict[NameText, FormulaText], Field(min_length=2)] | None = None
    fixed_part: FormulaText | None = None
    round_each_ratio: Text | None = None
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
        if (self.index is None) == (self.basket is None):
            raise ValueError("an indexation follows either one 'index' or a 'basket' of several, each with its weight")
        of_basket = (self.fixed_part is not None, self.round_each_ratio is not None)
        if of_basket != (self.basket is not None,) * 2:
            raise ValueError(
                "'basket' goes with 'fixed_part' (the percentage that no index moves; '0 %' if there is none) and"
                " 'round_each_ratio' (of each index / base; 'unrounded' is an answer)"
            )
        return self

    def lower(self, into: Lowering) -> None:
        with into.clause(self):
            lag, base = self._months(into, "lag", self.lag), self._base(into)
            if lag is None or base is None:
                return
            found = [self._values(into, name, lag, base) for name in sorted(self.basket or (str(self.index),))]
            if not all(found):
                return
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

    def _values(self, into: Lowering, name: str, lag: int, base: int | str) -> bool:
        """Adds the values of a series that are compared; False if there is no such series."""
        place = into.place("index") if self.basket is None else into.place("basket", name)
        now = into.series_value(name, months_ago=lag, counted_from=self._counted_from())
        then = self._base_value(into, name, lag, base)
        if now is None or then is None:
            into.problem("BPO293", "no-such-series", place, f"There is no series {name!r}.", "Add it under 'series'.")
            return False
        suffix, says = ("", "index") if self.basket is None else (f"_{name}", f"{name.replace('_', ' ')} index")
        into.figure(f"index{suffix}", now, says)
        into.figure(f"base{suffix}", then, f"base of the {says}")
        return True

    def _change(self, into: Lowering) -> None:
        ratio = self._basket_ratio(into) if self.basket is not None else self._quotient(into, "", "index")
        if self.round_ratio is not None:
            ratio = into.rounded_as("round_ratio", ratio, PLAIN)
        into.figure("ratio", ratio, "index by its base" if self.basket is None else "factor of the basket")
        one = n.Quantity(Fraction(1), PLAIN)
        part = n.Arithmetic("-", into.name("ratio"), one)
        place = into.place("index" if self.basket is None else "basket")
        change: n.AnyNode = n.AsPercent(part, one, source=place)
        if self.round_change is not None:
            change = into.rounded_as("round_change", change, PERCENT)
        if self.at_most is not None:
            change = n.Extreme("min", (change, into.formula("at_most")), source=into.place("at_most"))
        if self.at_least is not None:
            change = n.Extreme("max", (change, into.formula("at_least")), source=into.place("at_least"))
        into.figure("change", change, "change of the price")

    @staticmethod
    def _quotient(into: Lowering, suffix: str, *place: str) -> n.AnyNode:
        return n.Arithmetic("/", into.name(f"index{suffix}"), into.name(f"base{suffix}"), source=into.place(*place))

    def _basket_ratio(self, into: Lowering) -> n.AnyNode:
        """The fixed part, and each index by its base times its weight."""
        one = n.Quantity(Fraction(1), PLAIN)
        fixed = into.formula("fixed_part")
        weights, parts = [fixed], [n.Of(fixed, one, source=into.place("fixed_part"))]
        for name, text in sorted((self.basket or {}).items()):
            place = into.place("basket", name)
            quotient = into.rounded_as("round_each_ratio", self._quotient(into, f"_{name}", "basket", name), PLAIN)
            into.figure(f"ratio_{name}", quotient, f"{name.replace('_', ' ')} index by its base")
            weights.append(into.field_formula(text, "basket", name))
            parts.append(n.Of(weights[-1], into.name(f"ratio_{name}"), source=place))
        self._check_weights(into, weights)
        return n.Fold("sum", None, tuple(parts), source=into.place("basket"))

    @staticmethod
    def _check_weights(into: Lowering, weights: list[n.AnyNode]) -> None:
        written = [weight.value for weight in weights if isinstance(weight, n.Quantity)]
        if len(written) == len(weights) and sum(written) != 100:
            problem = f"The fixed part and the weights come to {number_text(sum(written, Fraction(0)))} %."
            into.problem("BPO285", "weights-not-whole", into.place("basket"), problem, "Together they are 100 %.")

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

    def _base_value(self, into: Lowering, name: str, lag: int, base: int | str) -> n.SeriesValue | None:
        if isinstance(base, int):
            return into.series_value(name, months_ago=lag + base, counted_from=self._counted_from())
        try:
            return into.series_value(name, month=base)
        except NotADay:
            problem = f"{base!r} is neither a month nor so many months earlier."
            step = "Write '2024-09', or '12 months earlier'."
            into.problem("BPO294", "not-a-base", into.place("base"), problem, step)
            return into.series_value(name)

    def _months(self, into: Lowering, field_name: str, text: str) -> int | None:
        match = _MONTHS.match(text)
        if match is None:
            problem = f"{text!r} is not a number of months."
            into.problem("BPO295", "not-months", into.place(field_name), problem, "Write '3 months', or '0 months'.")
            return None
        return int(match[1])
