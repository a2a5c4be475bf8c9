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


def lost_balances(contract: Contract, index: int, before: Contract, after: Contract) -> Iterator[Finding]:
    """BPO137 for every balance of the version ``before`` that the one ``after`` the amendment ``index`` has no more."""
    there = {clause.name: clause for clause in after.clauses}
    for clause in before.clauses:
        now = there.get(clause.name)
        problem = clause.keeps and (_lost(clause, now, before, after) or _returned_twice(clause, now, after))
        problem = problem or (_room_unknown(clause, now) if now is not None else "")
        if problem:
            step = "Keep the clause, its name and what it says of this balance, and let it have no new amounts."
            amendment = contract.amendments[index]
            place = contract.change_place(index, amendment.about(f"clauses/{clause.name}") or amendment.about("scopes"))
            yield Finding("BPO137", "balance-lost", place, f"{clause.kind} {clause.name!r} keeps {problem}", step)


def _lost(clause: Clause, now: Clause | None, before: Contract, after: Contract) -> str:
    """What is kept and why it would be lost; "" if it goes on."""
    if now is None or now.kind != clause.kind:
        if clause.falls_with_clause:
            return f"{clause.keeps}, and this amendment takes the clause out: nothing says what becomes of it."
        return ""
    if now.keeps != clause.keeps:
        return f"{clause.keeps}, and after this amendment it does not: nothing says what becomes of it."
    changed = next(_age_unknown(clause, now), "")
    if changed:
        return f"{clause.keeps}, and this amendment changes {changed!r}: nothing says how old what is open then is."
    scopes = [getattr(one, "for_each", ()) for one in (clause, now)]
    gone = [
        lot for scope in scopes[0] for lot in before.scopes.get(scope, ()) if lot not in after.scopes.get(scope, ())
    ]
    if scopes[0] != scopes[1]:
        return f"{clause.keeps}, and this amendment changes what it is kept for each of: nothing says who gets it."
    if gone:
        return f"{clause.keeps}, and this amendment takes out {gone[0]!r}: nothing says what becomes of its part."
    return ""


_AGES = {"earn_back": ("after", "stages"), "claw_back": ("within",)}


def _age_unknown(clause: Clause, now: Clause) -> Iterator[str]:
    """The fields by which it is known of what is open since when it is; with other ones that is not known of what was open
    before."""
    for field in _AGES.get(clause.kind, ()):
        if getattr(clause, field) != getattr(now, field):
            yield field
    ages = [getattr(one, "lapses_after", None) for one in (clause, now)]
    for field in ("used_first", "paid_first"):
        orders = [getattr(one, field, None) or "oldest" for one in (clause, now)]
        if any(ages) and orders[0] != orders[1]:
            yield field
        if ages[0] != ages[1] and "newest" in orders:
            yield "lapses_after"
    if ages[0] is None and ages[1] is not None:
        yield "lapses_after"


def _room_unknown(clause: Clause, now: Clause) -> str:
    """Where returns free room of a cap, they are counted for the window that it has: another one would count others."""
    returned = [getattr(one, "returned", None) for one in (clause, now)]
    if "frees room" not in returned:
        return ""
    for field in ("returned", "window"):
        if getattr(clause, field) != getattr(now, field):
            return f"what came back to its window, and this amendment changes {field!r}: nothing says what counts of it then."
    return ""


def _returned_twice(clause: Clause, now: Clause | None, after: Contract) -> str:
    """What comes back of a clause comes back by one rule: another one would not know what this one has returned."""
    if clause.kind != "earn_back" or now is not None:
        return ""
    returns = getattr(clause, "returns", None)
    other = next(
        (one for one in after.clauses if one.kind == "earn_back" and getattr(one, "returns", None) == returns), None
    )
    if other is None:
        return ""
    return f"{clause.keeps}, and {other.name!r}, which this amendment brings in, would not know what came back already."
