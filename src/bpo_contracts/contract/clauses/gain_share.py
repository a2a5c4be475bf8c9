"""Gain share: the provider's share of what was saved against a target, and of what was overspent.

"The saving is divided into ranges of the target; the Contractor's share is the sum of each part times the
percentage of its range" (as in NEC Option C). The rows of ``shares`` are percentages of the target, read from the
outturn to the target: savings are the ranges below 100 %, overruns those above, so pain and gain stand in one
table. ``share`` is one percentage for all.

A minimum saving opens the sharing of savings, a minimum overrun that of overruns; ``once_reached`` says whether the share
is then of the whole (``first dollar``) or of what goes beyond (``excess only``), and ``minimum_counts`` whether exactly the
minimum opens it. Where overruns are shared and savings have a minimum, ``minimum_overrun`` has to be said (``none``: shared
from the first on): contracts differ in whether the minimum holds both ways.

Figures, as percentages of the target: ``x.outturn``, ``x.gain`` (never below zero), ``x.pain`` (never above),
``x.rate`` (their sum, after the minimums); ``x.saving`` in money (below zero: an overrun), ``x.overrun`` the other way
round (where overruns have a minimum), ``x.amount``, ``x.gross``, ``x``.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import model_validator

from bpo_contracts.contract.clauses.base import Family, GatedClause
from bpo_contracts.contract.fields import FormulaText, NameText, Rows, Text
from bpo_contracts.terms import nodes as n
from bpo_contracts.values.units import PERCENT

if TYPE_CHECKING:
    from bpo_contracts.contract.lowering import Lowering

_HUNDRED = Fraction(100)
_NONE = "none"
"""The minimum overrun that there is none of: overruns are shared from the first on."""


class GainShare(GatedClause):
    """``gain_share``: the provider's part of ``target`` less ``outturn``.

    ``overruns``: ``shared`` (by the same rows), ``not shared`` (the client bears them), or ``not agreed`` (an
    outturn above the target is refused). ``minimum_overrun``: from which overrun on they are shared, or ``none`` (from the
    first on); to be said where they are shared and there is a ``minimum_saving``.
    """

    kind: Literal["gain_share"] = "gain_share"
    family: ClassVar[Family] = "both ways"
    target: FormulaText
    outturn: FormulaText
    overruns: Literal["shared", "not shared", "not agreed"]
    shares: Rows | None = None
    share: FormulaText | None = None
    minimum_saving: FormulaText | None = None
    minimum_overrun: FormulaText | None = None
    minimum_counts: Literal["when reached", "when exceeded"] | None = None
    once_reached: Literal["first dollar", "excess only"] | None = None
    at_most: FormulaText | None = None
    at_least: FormulaText | None = None
    round: Text | None = None
    counts_toward: NameText | None = None

    @model_validator(mode="after")
    def _complete(self) -> GainShare:
        if (self.shares is None) == (self.share is None):
            raise ValueError("a gain share has either 'shares' (ranges of the target) or one 'share'")
        if self.minimum_overrun is not None and self.overruns != "shared":
            raise ValueError(f"'minimum_overrun' is about overruns that are shared, and these are {self.overruns}")
        without = self.minimum_saving is None and self.minimum_overrun in (None, _NONE)
        together = {without, self.minimum_counts is None, self.once_reached is None}
        if len(together) != 1 and not without and self.minimum_saving is None:
            raise ValueError(
                "'minimum_overrun', 'minimum_counts' and 'once_reached' go together: from where on, and what"
            )
        if len(together) != 1:
            raise ValueError(
                "'minimum_saving', 'minimum_counts' and 'once_reached' go together: what opens the sharing, and what is"
                " shared then"
            )
        if self.minimum_saving is not None and self.minimum_overrun is None and self.overruns == "shared":
            raise ValueError(
                "'minimum_saving' is about savings only; where overruns are shared, too, 'minimum_overrun' says from which "
                "overrun on"
            )
        return self

    @property
    def _has_minimum_overrun(self) -> bool:
        return self.minimum_overrun not in (None, _NONE)

    def lower(self, into: Lowering) -> None:
        with into.clause(self):
            rows = self._ranges(into)
            target, outturn = into.formula("target"), into.formula("outturn")
            into.figure("saving", n.Arithmetic("-", target, outturn, source=into.place("target")), "saving")
            if self._has_minimum_overrun:
                into.figure("overrun", n.Arithmetic("-", outturn, target, source=into.place("outturn")), "overrun")
            into.figure(
                "outturn", n.AsPercent(outturn, target, source=into.place("outturn")), "outturn as % of the target"
            )
            into.figure("gain", self._gain(into, rows, target), "share of the saving")
            into.figure("pain", self._pain(into, rows, target), "share of the overrun")
            rate = n.Arithmetic("+", self._opened(into), self._opened_down(into))
            into.figure("rate", rate, "share of the target")
            into.settle_line(self, self._limited(into, n.Of(into.name("rate"), target)))

    def _ranges(self, into: Lowering) -> tuple[n.Row, ...]:
        """The rows up to the target, and beyond it only where overruns are shared."""
        highest = None if self.overruns == "shared" else _HUNDRED
        if self.share is not None:
            share, place = into.formula("share"), into.place("share")
            top = None if highest is None else n.Quantity(highest, PERCENT, source=place)
            return (n.Row("", None, False, top, True, share, source=place),)
        curve = into.slices("shares", into.name("outturn"), within=(Fraction(0), highest))
        rows = []
        for row in curve.rows:
            if highest is not None and _starts_at_or_above(row, highest):
                problem = f"The row {row.label!r} is about overruns, and these are {self.overruns}."
                step = "Remove the row, or write 'overruns: shared'."
                into.problem("BPO291", "row-never-read", row.source, problem, step)
            if highest is not None and (row.high is None or _above(row.high, highest)):
                row = replace(row, high=n.Quantity(highest, PERCENT, source=row.source), high_closed=True)
            rows.append(row)
        return tuple(rows)

    def _gain(self, into: Lowering, rows: tuple[n.Row, ...], target: n.AnyNode) -> n.AnyNode:
        """The ranges from the outturn up to the target (or to what lies beyond the minimum saving)."""
        upto: n.AnyNode = n.Quantity(_HUNDRED, PERCENT, source=into.place("target"))
        if self.minimum_saving is not None and self.once_reached == "excess only":
            rest = n.Arithmetic("-", target, into.formula("minimum_saving"), source=into.place("minimum_saving"))
            into.figure(
                "shared_below", n.AsPercent(rest, target), "point from which savings are shared, as % of the target"
            )
            upto = into.name("shared_below")
        start = n.Extreme("min", (into.name("outturn"), upto))
        return n.Curve(rows, "along", upto, start, source=into.place("shares" if self.shares else "share"))

    def _pain(self, into: Lowering, rows: tuple[n.Row, ...], target: n.AnyNode) -> n.AnyNode:
        """The ranges from the target (or from what lies beyond the minimum overrun) up to the outturn, below zero."""
        place = into.place("overruns")
        if self.overruns == "not shared":
            return n.Quantity(Fraction(0), PERCENT, source=place)
        downto: n.AnyNode = n.Quantity(_HUNDRED, PERCENT, source=place)
        if self._has_minimum_overrun and self.once_reached == "excess only":
            rest = n.Arithmetic("+", target, into.formula("minimum_overrun"), source=into.place("minimum_overrun"))
            into.figure(
                "shared_above", n.AsPercent(rest, target), "point from which overruns are shared, as % of the target"
            )
            downto = into.name("shared_above")
        start = n.Extreme("max", (into.name("outturn"), downto))
        return n.Curve(rows, "along", downto, start, source=place)

    def _opened(self, into: Lowering) -> n.AnyNode:
        """The gain, if the minimum saving is reached."""
        if self.minimum_saving is None:
            return into.name("gain")
        asks = f"does the saving open the sharing of clause {self.clause} (minimum {self.minimum_saving})?"
        return self._from_the_minimum(into, "saving", "gain", asks)

    def _opened_down(self, into: Lowering) -> n.AnyNode:
        """The pain, if the minimum overrun is reached."""
        if not self._has_minimum_overrun:
            return into.name("pain")
        asks = f"does the overrun open the sharing of clause {self.clause} (minimum {self.minimum_overrun})?"
        return self._from_the_minimum(into, "overrun", "pain", asks)

    def _from_the_minimum(self, into: Lowering, what: str, share: str, asks: str) -> n.AnyNode:
        field = f"minimum_{what}"
        place = into.place(field)
        operator: n.CompareOperator = ">=" if self.minimum_counts == "when reached" else ">"
        opens = n.Test(operator, into.name(what), into.formula(field), source=place)
        nothing = n.Quantity(Fraction(0), PERCENT, source=place)
        return n.Choose(opens, into.name(share), nothing, asks, source=place)

    def _limited(self, into: Lowering, amount: n.AnyNode) -> n.AnyNode:
        if self.at_least is not None:
            amount = n.Extreme("max", (amount, into.formula("at_least")), source=into.place("at_least"))
        if self.at_most is not None:
            amount = n.Extreme("min", (amount, into.formula("at_most")), source=into.place("at_most"))
        return amount


def _above(end: n.AnyNode, highest: Fraction) -> bool:
    return isinstance(end, n.Quantity) and end.value > highest


def _starts_at_or_above(row: n.Row, highest: Fraction) -> bool:
    return isinstance(row.low, n.Quantity) and row.low.value >= highest
