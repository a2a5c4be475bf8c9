"""Do the levels of an at-risk pool come to more than the pool, where the contract says that they may not?

Only plain percentages can be added up before there is data. A level of such a pool that is computed in another way is a finding
too: the promise "not more than 100 %" could not be kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from bpo_contracts.contract.clauses.base import Clause
from bpo_contracts.contract.contract import Contract
from bpo_contracts.contract.order import clause_order
from bpo_contracts.terms.nodes import Curve, Figure, Quantity
from bpo_contracts.values.findings import Finding


def allocations(contract: Contract, pool: Clause, figures: Mapping[str, Figure]) -> list[Finding]:
    """BPO203 if the worst rows come to more than 100 % of the pool, BPO204 if that cannot be told."""
    findings: list[Finding] = []
    total, places = Fraction(0), []
    for index, clause in sorted(enumerate(contract.clauses), key=lambda one: clause_order(one[1])):
        if getattr(clause, "of", None) != pool.name:
            continue
        place = contract.key_place(("clauses", index, clause.kind))
        worst = _worst(figures.get(f"{clause.name}.rate"))
        if worst is None:
            problem = f"What {clause.name!r} can take of pool {pool.name!r} is computed, so nobody can say that it stays in it."
            step = "Write its rows as percentages, or 'allocations_may_exceed: \"yes\"' and a cap on the total."
            findings.append(Finding("BPO204", "allocation-not-known", place, problem, step))
            continue
        total += worst
        places.append(place)
    if total > 100:
        numbers = ", ".join(str(place.line) for place in places)
        problem = f"Allocations in pool {pool.name!r} come to {total} %, and the pool has 100 %."
        step = f"Lower one of the clauses at lines {numbers}, or write 'allocations_may_exceed: \"yes\"'."
        findings.append(Finding("BPO203", "allocation-exceeds-pool", places[-1], problem, step, tuple(places[:-1])))
    return findings


def _worst(rate: Figure | None) -> Fraction | None:
    """The largest percentage that a rate can give; None if it is not a table of plain percentages."""
    if rate is None or not isinstance(rate.node, Curve) or rate.node.reading != "at":
        return rate.node.value if rate is not None and isinstance(rate.node, Quantity) else None
    gives = [row.gives for row in rate.node.rows]
    values = [give.value for give in gives if isinstance(give, Quantity)]
    return max(values) if len(values) == len(gives) else None
