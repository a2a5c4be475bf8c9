"""What clauses that sell a quantity at a price have in common.

``price``: one price for all, or with ``per`` and ``part_steps`` a price for each package. ``slices``: graduated,
each slice at its own price. ``table``: volume pricing, the price of the row reached for the whole quantity. A row
of ``slices`` or ``table`` may carry a flat fee: ``5.00 EUR per call, plus 3.00 EUR once reached``. In slices it is
due once the quantity is in the row or beyond it (``0 to 10`` is reached at 0, ``over 0 to 10`` is not); in a table,
with the row that holds the quantity.

Figures: ``x.steps`` (packages), ``x.rate`` and ``x.flat_fee`` (of the row reached), ``x.amount``, ``x.gross``,
``x``.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from pydantic import model_validator

from bpo_contracts.contract.clauses.base import GatedClause
from bpo_contracts.contract.fields import FormulaText, Rows, Text
from bpo_contracts.terms import nodes as n
from bpo_contracts.values.units import ANY_ZERO, PERCENT

if TYPE_CHECKING:
    from bpo_contracts.contract.lowering import Lowering


class PricedClause(GatedClause):
    """A quantity at a price: exactly one of ``price``, ``slices``, ``table``."""

    price: FormulaText | None = None
    slices: Rows | None = None
    table: Rows | None = None
    per: Text | None = None
    part_steps: Literal["ignored", "counted", "pro rata", "nearest"] | None = None
    round: Text | None = None

    @model_validator(mode="after")
    def _one_price(self) -> PricedClause:
        given = [name for name in ("price", "slices", "table") if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(f"a clause with a price has exactly one of price, slices, table; it has {len(given)}")
        if (self.per is None) != (self.part_steps is None) or (self.per and self.price is None):
            raise ValueError("'per' and 'part_steps' go together, with 'price': so much per package")
        return self

    def priced(self, into: Lowering, quantity: n.AnyNode) -> n.AnyNode:
        """The quantity at its price."""
        if self.slices is not None:
            return into.slices("slices", quantity, flat_fees=True)
        if self.table is not None:
            return self._whole_volume(into, quantity)
        price = into.formula("price")
        if self.part_steps is not None:
            into.figure("steps", into.steps_of(quantity, "per", self.part_steps), f"steps of {self.per}")
            return n.Arithmetic("*", into.name("steps"), price, source=into.place("price"))
        return _times(quantity, price, share=_is_share(price))

    def _whole_volume(self, into: Lowering, quantity: n.AnyNode) -> n.AnyNode:
        """The row reached, as ``x.rate``, for the whole quantity: a price for each unit, or a percentage of it."""
        table = into.table("table", quantity, flat_fees=True)
        into.figure("rate", replace(table, rows=tuple(replace(row, plus=None) for row in table.rows)), "rate")
        shares = all(_is_share(row.gives) for row in table.rows)
        amount = _times(quantity, into.name("rate"), share=shares)
        if all(row.plus is None for row in table.rows):
            return amount
        none = n.Quantity(Fraction(0), ANY_ZERO, source=table.source)
        flat = replace(table, rows=tuple(replace(row, gives=row.plus or none, plus=None) for row in table.rows))
        into.figure("flat_fee", flat, "flat fee")
        return n.Arithmetic("+", amount, into.name("flat_fee"), source=table.source)


def _is_share(price: n.AnyNode) -> bool:
    return isinstance(price, n.Quantity) and price.unit in (PERCENT, ANY_ZERO)


def _times(quantity: n.AnyNode, price: n.AnyNode, *, share: bool) -> n.AnyNode:
    """A percentage is of the quantity; any other price is multiplied by it."""
    if share:
        return n.Of(price, quantity, source=price.source)
    return n.Arithmetic("*", quantity, price, source=price.source)
