"""Per-transaction charge: a price for each unit of a measured quantity.

"The Client pays 2.40 for each of the first 20,000 calls of a month and 2.15 for each further call." Graduated
prices, volume prices, packages and flat fees are fields (see ``pricing``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from bpo_contracts.contract.clauses.base import Family
from bpo_contracts.contract.clauses.pricing import PricedClause
from bpo_contracts.contract.fields import FormulaText

if TYPE_CHECKING:
    from bpo_contracts.contract.lowering import Lowering


class TransactionCharge(PricedClause):
    """``transaction_charge``: ``measure`` times a price (``14.00 EUR per incident``), or a percentage of it."""

    kind: Literal["transaction_charge"] = "transaction_charge"
    family: ClassVar[Family] = "charge"
    measure: FormulaText

    def lower(self, into: Lowering) -> None:
        with into.clause(self):
            into.settle_line(self, self.priced(into, into.formula("measure")))
