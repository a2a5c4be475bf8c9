"""Per-transaction charge: a price for each unit of a measured quantity.

``price``: one price for all. ``slices``: graduated, each slice at its own price. ``table``: volume pricing, the price
of the row reached (``x.rate``) for the whole quantity. ``per`` and ``part_steps``: packages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import model_validator

from bpo_contracts.contract.clauses.base import Family, GatedClause
from bpo_contracts.contract.fields import FormulaText, Rows, Text
from bpo_contracts.terms import nodes as n
from bpo_contracts.values.units import ANY_ZERO, PERCENT

if TYPE_CHECKING:
    from bpo_contracts.contract.lowering import Lowering


class TransactionCharge(GatedClause):
    """``transaction_charge``: ``measure`` times a price (``14.00 EUR per incident``)."""

    kind: Literal["transaction_charge"] = "transaction_charge"
    family: ClassVar[Family] = "charge"
    measure: FormulaText
    price: FormulaText | None = None
    slices: Rows | None = None
    table: Rows | None = None
    per: Text | None = None
    part_steps: Literal["ignored", "counted", "pro rata", "nearest"] | None = None
    round: Text | None = None

    @model_validator(mode="after")
    def _one_price(self) -> TransactionCharge:
        given = [name for name in ("price", "slices", "table") if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError("a transaction charge has exactly one of price, slices, table")
        if (self.per is None) != (self.part_steps is None) or (self.per and self.price is None):
            raise ValueError("'per' and 'part_steps' go together, with 'price': so much per package")
        return self

    def lower(self, into: Lowering) -> None:
        with into.clause(self):
            into.settle_line(self, self._amount(into))

    def _amount(self, into: Lowering) -> n.AnyNode:
        if self.slices is not None:
            return into.slices("slices", into.formula("measure"))
        if self.table is not None:
            return self._whole_volume(into)
        if self.per is not None:
            into.figure("steps", into.steps(self), f"steps of {self.per}")
            return n.Arithmetic("*", into.name("steps"), into.formula("price"))
        return n.Arithmetic("*", into.formula("measure"), into.formula("price"))

    def _whole_volume(self, into: Lowering) -> n.AnyNode:
        """The row reached, as ``x.rate``, for the whole quantity: a price for each unit, or a percentage of it."""
        table = into.table("table", into.formula("measure"))
        into.figure("rate", table, "rate")
        rows = table.rows if isinstance(table, n.Curve) else ()
        if all(isinstance(row.gives, n.Quantity) and row.gives.unit in (PERCENT, ANY_ZERO) for row in rows):
            return n.Of(into.name("rate"), into.formula("measure"))
        return n.Arithmetic("*", into.formula("measure"), into.name("rate"))
