"""Is what a clause paid given back by one clause only?

An earn-back, a claw-back and a true-up each know what they gave back themselves, and nothing of one another: two of them for one
clause could give back more than there was.
"""

from __future__ import annotations

from collections.abc import Iterator

from bpo_contracts.contract.contract import Contract
from bpo_contracts.contract.order import clause_order
from bpo_contracts.values.findings import Finding


def returned_twice(contract: Contract) -> Iterator[Finding]:
    """BPO166 for each further clause that gives back, or settles later, what one clause paid."""
    first: dict[str, str] = {}
    for index, clause in sorted(enumerate(contract.clauses), key=lambda one: clause_order(one[1])):
        returns = getattr(clause, "returns", None)
        names = [returns] if returns is not None else list(getattr(clause, "interim", ()))
        for name in names:
            other = first.setdefault(name, clause.name)
            if other != clause.name:
                field = "returns" if returns is not None else "interim"
                problem = (
                    f"What {name!r} paid is given back or settled by {other!r}, too, and neither knows of the other."
                )
                step = "Let one clause do it: an earn-back can have 'stages', and a true-up a 'final' amount that says it all."
                yield Finding("BPO166", "returned-twice", contract.place(("clauses", index, field)), problem, step)
