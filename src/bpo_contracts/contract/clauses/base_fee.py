"""Base fee: what is billed for the period before anything is measured."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from bpo_contracts.contract.clauses.base import Family, GatedClause
from bpo_contracts.contract.fields import FormulaText, Text

if TYPE_CHECKING:
    from bpo_contracts.contract.lowering import Lowering


class BaseFee(GatedClause):
    """``base_fee``: ``amount`` for each period, rounded as ``round`` or the contract's lines are."""

    kind: Literal["base_fee"] = "base_fee"
    family: ClassVar[Family] = "charge"
    amount: FormulaText
    round: Text | None = None

    def lower(self, into: Lowering) -> None:
        with into.clause(self):
            into.settle_line(self, into.formula("amount"))
