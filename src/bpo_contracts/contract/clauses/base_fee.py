"""Base fee: what is billed for the period before anything is measured.

Where the term starts or ends inside a period, ``part_period`` says what such a part period costs (see
``part_period``).

Figures: ``x.part_period`` (which part of the period is paid, 1 for a whole one), ``x.amount``, ``x.gross``, ``x``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from bpo_contracts.contract.clauses.base import Family, GatedClause
from bpo_contracts.contract.clauses.part_period import PartPeriod, check_part_period, part_of
from bpo_contracts.contract.fields import FormulaText, Text

if TYPE_CHECKING:
    from bpo_contracts.contract.lowering import Lowering


class BaseFee(GatedClause):
    """``base_fee``: ``amount`` for each period, rounded as ``round`` or the contract's lines are."""

    kind: Literal["base_fee"] = "base_fee"
    family: ClassVar[Family] = "charge"
    amount: FormulaText
    part_period: PartPeriod | None = None
    round: Text | None = None

    def lower(self, into: Lowering) -> None:
        with into.clause(self):
            amount = into.formula("amount")
            check_part_period(into, self.part_period, self.kind, "price")
            says = "part of the period that is paid"
            into.settle_line(self, part_of(into, self.part_period, amount, self.clause, says))
