"""Would an amendment lose what a clause keeps for later periods?

Money held back, an advance that is not repaid, an excess that is carried, a balance: they are figures of their clause,
and go with it. What was agreed about them ends only by what the contract says of them. A clause that keeps such a
balance therefore stays, of its kind and under its name, through every amendment; it can be left without new amounts.
"""

from __future__ import annotations

from collections.abc import Iterator

from bpo_contracts.contract.clauses.base import Clause
from bpo_contracts.contract.contract import Contract
from bpo_contracts.values.findings import Finding
from bpo_contracts.values.sources import Source


def lost_balances(contract: Contract, index: int, before: Contract, after: Contract) -> Iterator[Finding]:
    """BPO137 for every balance of the version ``before`` that the one ``after`` the amendment ``index`` has no more."""
    there = {clause.name: clause for clause in after.clauses}
    for clause in before.clauses:
        if clause.keeps and (problem := _lost(clause, there.get(clause.name), before, after)):
            step = "Keep the clause, its name and what it says of this balance, and let it have no new amounts."
            place = _place(contract, index, clause)
            yield Finding("BPO137", "balance-lost", place, f"{clause.kind} {clause.name!r} keeps {problem}", step)


def _lost(clause: Clause, now: Clause | None, before: Contract, after: Contract) -> str:
    """What is kept and why it would be lost; "" if it goes on."""
    if now is None or now.kind != clause.kind:
        if clause.falls_with_clause:
            return f"{clause.keeps}, and this amendment takes the clause out: nothing says what becomes of it."
        return ""
    if now.keeps != clause.keeps:
        return f"{clause.keeps}, and after this amendment it does not: nothing says what becomes of it."
    scopes = [getattr(one, "for_each", ()) for one in (clause, now)]
    gone = [
        lot for scope in scopes[0] for lot in before.scopes.get(scope, ()) if lot not in after.scopes.get(scope, ())
    ]
    if scopes[0] != scopes[1]:
        return f"{clause.keeps}, and this amendment changes what it is kept for each of: nothing says who gets it."
    if gone:
        return f"{clause.keeps}, and this amendment takes out {gone[0]!r}: nothing says what becomes of its part."
    return ""


def _place(contract: Contract, index: int, clause: Clause) -> Source:
    """The change that is about the clause, or else about the lots; the changes as a whole if none is."""
    for start in (f"clauses/{clause.name}", "scopes"):
        for path in contract.amendments[index].change:
            if path == start or path.startswith(f"{start}/"):
                return contract.key_place(("amendments", index, "change", path))
    return contract.key_place(("amendments", index, "change"))
