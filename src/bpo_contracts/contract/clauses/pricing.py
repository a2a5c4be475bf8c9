"""What clauses that sell a quantity at a price have in common.

``price``: one price for all, or with ``per`` and ``part_steps`` a price for each package. ``slices``: graduated,
each slice at its own price. ``table``: volume pricing, the price of the row reached for the whole quantity. A row
of ``slices`` or ``table`` may carry a flat fee: ``5.00 EUR per call, plus 3.00 EUR once reached``. In slices it is
due once the quantity is in the row or beyond it (``0 to 10`` is reached at 0, ``over 0 to 10`` is not); in a table,
with the row that holds the quantity. With ``by`` the table is read at words, and gives the price for them
(``eu, large``).

"1.2 % of each payment and 0.10, at least 0.50 and at most 3.00": ``fixed_fee`` is added to the price, and ``at_least``
and ``at_most`` limit the two together, for each item where the clause is about a list. The minimum is that of items
above zero: the price of an item of zero or below (a refund) is never below zero, and not raised to the minimum.

Figures: ``x.steps`` (packages), ``x.rate`` and ``x.flat_fee`` (of the row reached), ``x.amount``, ``x.gross``,
``x``.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from pydantic import model_validator

from bpo_contracts.contract.clauses.base import GatedClause
from bpo_contracts.contract.fields import CountedOver, FormulaText, Names, Rows, Text
from bpo_contracts.terms import nodes as n
from bpo_contracts.values.units import ANY_ZERO

if TYPE_CHECKING:
    from bpo_contracts.contract.lowering import Lowering


class PricedClause(GatedClause):
    """A quantity at a price: exactly one of ``price``, ``slices``, ``table``.

    ``by``: the word columns or measures that a table of words is read at (``eu, large``; ``any`` stands for every
    word). ``counted_over``: the slices are those of the quantity of ``this contract year`` (``this calendar year``,
    ``this quarter``, ``the whole contract``) so far, and not of the period alone. ``fixed_fee``: what is due besides the
    price. ``at_least`` and ``at_most`` limit the price and the fixed fee together.
    """

    price: FormulaText | None = None
    slices: Rows | None = None
    table: Rows | None = None
    by: Names = ()
    per: Text | None = None
    part_steps: Literal["ignored", "counted", "pro rata", "nearest"] | None = None
    counted_over: CountedOver | None = None
    fixed_fee: FormulaText | None = None
    at_least: FormulaText | None = None
    at_most: FormulaText | None = None
    round: Text | None = None

    @model_validator(mode="after")
    def _one_price(self) -> PricedClause:
        given = [name for name in ("price", "slices", "table") if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(f"a clause with a price has exactly one of price, slices, table; it has {len(given)}")
        if (self.per is None) != (self.part_steps is None) or (self.per and self.price is None):
            raise ValueError("'per' and 'part_steps' go together, with 'price': so much per package")
        if self.by and self.table is None:
            raise ValueError("'by' names the words that a 'table' is read at")
        if self.counted_over is not None and self.slices is None:
            raise ValueError("'counted_over' is about 'slices': it says where the counting of the quantity begins")
        if self.counted_over is not None and any(", plus " in text for text in (self.slices or {}).values()):
            raise ValueError(
                "with 'counted_over' a flat fee 'once reached' would be due again in each period; write it as a clause of"
                " its own"
            )
        return self

    def priced(self, into: Lowering, quantity: n.AnyNode) -> n.AnyNode:
        """The quantity at its price, with the fixed fee, within the clause's own limits."""
        amount = self._price_of(into, quantity)
        if self.fixed_fee is not None:
            amount = n.Arithmetic("+", amount, into.formula("fixed_fee"), source=into.place("fixed_fee"))
        if self.at_least is not None:
            amount = n.Extreme("max", (amount, self._least(into, quantity)), source=into.place("at_least"))
        if self.at_most is not None:
            amount = n.Extreme("min", (amount, into.formula("at_most")), source=into.place("at_most"))
        return amount

    def _least(self, into: Lowering, quantity: n.AnyNode) -> n.AnyNode:
        """The minimum price; of an item of zero or below it is zero: there is nothing to pay a minimum for."""
        least = into.formula("at_least")
        if not set(self.for_each) & set(into.contract.lists):
            return least
        place = into.place("at_least")
        nothing = n.Quantity(Fraction(0), ANY_ZERO, source=place)
        asks = f"is the item of clause {self.clause} above zero, so that the minimum price holds?"
        return n.Choose(n.Test(">", quantity, nothing, source=place), least, nothing, asks, source=place)

    def _price_of(self, into: Lowering, quantity: n.AnyNode) -> n.AnyNode:
        if self.slices is not None and self.counted_over is not None:
            return into.slices_so_far("slices", quantity, self.counted_over)
        if self.slices is not None:
            return into.slices("slices", quantity, flat_fees=True)
        if self.by:
            return self._by_words(into, quantity)
        if self.table is not None:
            return self._whole_volume(into, quantity)
        price = into.formula("price")
        if self.part_steps is not None:
            into.figure("steps", into.steps_of(quantity, "per", self.part_steps), f"steps of {self.per}")
            return n.Arithmetic("*", into.name("steps"), price, source=into.place("price"))
        return _times(quantity, price, share=into.is_share(price))

    def _by_words(self, into: Lowering, quantity: n.AnyNode) -> n.AnyNode:
        """The price for the words, as ``x.rate``, for the whole quantity."""
        table = into.word_table(self)
        into.figure("rate", table, "rate")
        return _times(quantity, into.name("rate"), share=into.is_share(table))

    def _whole_volume(self, into: Lowering, quantity: n.AnyNode) -> n.AnyNode:
        """The row reached, as ``x.rate``, for the whole quantity: a price for each unit, or a percentage of it."""
        table = into.table("table", quantity, flat_fees=True)
        into.figure("rate", replace(table, rows=tuple(replace(row, plus=None) for row in table.rows)), "rate")
        shares = all(into.is_share(row.gives) for row in table.rows)
        amount = _times(quantity, into.name("rate"), share=shares)
        if all(row.plus is None for row in table.rows):
            return amount
        none = n.Quantity(Fraction(0), ANY_ZERO, source=table.source)
        flat = replace(table, rows=tuple(replace(row, gives=row.plus or none, plus=None) for row in table.rows))
        into.figure("flat_fee", flat, "flat fee")
        return n.Arithmetic("+", amount, into.name("flat_fee"), source=table.source)


def _times(quantity: n.AnyNode, price: n.AnyNode, *, share: bool) -> n.AnyNode:
    """A percentage is of the quantity; any other price is multiplied by it."""
    if share:
        return n.Of(price, quantity, source=price.source)
    return n.Arithmetic("*", quantity, price, source=price.source)
