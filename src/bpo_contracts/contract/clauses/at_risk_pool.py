"""At-risk pool: the part of a charge that service levels can lose, shared out over pools.

Pool = pool allocation x at-risk amount; a level's credit = its credit allocation x pool. Written as a service credit
whose
rows are percentages ``of`` the pool.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from bpo_contracts.contract.clauses.base import Clause, Family
from bpo_contracts.contract.fields import FormulaText, Names
from bpo_contracts.terms import nodes as n

if TYPE_CHECKING:
    from bpo_contracts.contract.lowering import Lowering


class AtRiskPool(Clause):
    """``at_risk_pool``: ``allocation`` (a percentage) of ``at_risk`` (an amount).

    ``allocations_may_exceed`` says whether the levels of the pool may add up to more than 100 % of it.
    """

    kind: Literal["at_risk_pool"] = "at_risk_pool"
    family: ClassVar[Family] = "none"
    at_risk: FormulaText
    allocation: FormulaText
    allocations_may_exceed: Literal["yes", "no"]
    for_each: Names = ()

    def lower(self, into: Lowering) -> None:
        with into.clause(self):
            into.figure("", n.Of(into.formula("allocation"), into.formula("at_risk")), "pool")
            into.pool(self)
