"""Does the number of a clause lead to one provision? Statements and disputes cite clauses by their numbers."""

from __future__ import annotations

from collections.abc import Iterator

from bpo_contracts.contract.clauses.base import Clause
from bpo_contracts.contract.hints.saying import clause_place, hint
from bpo_contracts.contract.lowering import Terms
from bpo_contracts.values.findings import Finding


def numbered_twice(terms: Terms) -> Iterator[Finding]:
    """BPO806: two clauses with one number and different words; with the same words they are two parts of one provision."""
    contract = terms.contract
    first: dict[str, Clause] = {}
    for clause in contract.clauses:
        other = first.setdefault(clause.clause, clause)
        if other is clause or _words(other) == _words(clause):
            continue
        problem = f"{other.name!r} and {clause.name!r} both have the number {clause.clause}, and their words differ."
        step = (
            f"Give one of them its own number, as in '{clause.clause} (b)', or give both the words of the whole clause."
        )
        places = clause_place(contract, clause, "clause"), (clause_place(contract, other, "clause"),)
        yield hint("BPO806", "clause-number-twice", places[0], problem, step, places[1])


def _words(clause: Clause) -> str:
    return " ".join(clause.words.split())
