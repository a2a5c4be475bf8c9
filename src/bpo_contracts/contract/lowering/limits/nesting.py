"""Limits beside others: which of them cannot stand inside one another, and what cannot be given back under them."""

from __future__ import annotations

from bpo_contracts.contract.lowering.at_hand import AtHand
from bpo_contracts.contract.lowering.collected import Group
from bpo_contracts.values.findings import Finding


def limit_per(into: AtHand, group: Group) -> str:
    """What the limits on a total are for each of; "" for limits on the whole."""
    pers = {into.collected.per(clause.for_each, ("clauses", index, "for_each")) for index, clause in group.limits}
    if len(pers) > 1:
        index, _ = group.limits[-1]
        problem = f"Some limits on {group.name!r} are for each lot and some are not, and a total has one or the other."
        step = f"Write 'limits' with the list of clauses, instead of {group.name!r}, in those for the whole."
        place = into.contract.place(("clauses", index, "limits"))
        into.problem("BPO253", "limit-scope", place, problem, step)
    return pers.pop() if len(pers) == 1 else ""


def nothing_carried_inside(into: AtHand, pairs: list[tuple[Group, Group]]) -> None:
    """A limit around one that carries: what is paid later is no clause of it, and would pass it unseen."""
    for inner, outer in pairs:
        for index, clause in inner.limits:
            if clause.excess != "carried":
                continue
            place = into.contract.place(("clauses", index, "excess"))
            later = f"{clause.name!r} carries an excess to later periods"
            problem = f"{later}, where the limit on {outer.name!r} would not count it."
            step = "Put both limits on one total that the clauses count toward, or let the excess be lost."
            around = into.contract.key_place(("clauses", outer.limits[0][0]))
            into.collected.findings.append(Finding("BPO268", "carried-inside-limit", place, problem, step, (around,)))


def nothing_given_back_of_carried(into: AtHand, group: Group) -> None:
    """What a clause under this limit paid may come later, as a line of the limit: who gives back or settles what the clause
    paid in a period would not see it."""
    carrying = next((clause for _, clause in group.limits if clause.excess == "carried"), None)
    if carrying is None:
        return
    members = {member.name for member in group.members}
    for index, clause in enumerate(into.contract.clauses):
        field = "returns" if getattr(clause, "returns", None) in members else "interim"
        settled = members & {*getattr(clause, "interim", ())}
        if field == "interim" and not settled:
            continue
        member = getattr(clause, "returns", None) if field == "returns" else min(settled)
        problem = (
            f"{clause.name!r} counts what {member!r} paid in each period, and {carrying.name!r} carries a part of that to later"
            f" periods, as a line of its own: {clause.name!r} would miss it."
        )
        step = (
            "Let the excess be lost; or give the limit other clauses than those that are given back or settled later."
        )
        place = into.contract.place(("clauses", index, field))
        limit = into.contract.key_place(("clauses", group.limits[0][0]))
        into.collected.findings.append(Finding("BPO161", "given-back-of-carried", place, problem, step, (limit,)))


def nothing_pushed_over(into: AtHand, pairs: list[tuple[Group, Group]]) -> None:
    """A limit inside another one over clauses that can go either way.

    The outer one cuts what points its way, above zero or below. Cutting only the credits of the inner total raises
    it, past its cap; cutting only its bonuses lowers it, past the lower end of its collar. Inside a total of one
    direction, or of one clause, every cut draws nearer to zero, and no limit is passed.
    """
    for inner, outer in pairs:
        lifts = any(hasattr(clause, "at_least") for _, clause in outer.limits)
        falls = any(hasattr(clause, "at_least") for _, clause in inner.limits)
        if not _goes_both_ways(into, inner) or not (lifts or falls):
            continue
        place = into.contract.place(("clauses", outer.limits[0][0], "limits"))
        names = ", ".join(sorted(member.name for member in inner.members))
        problem = (
            f"Inside this limit stands the limit {inner.limits[0][1].name!r}, on amounts that go both ways ({names})."
            f" Cutting only the credits or only the bonuses among them could push their sum past it."
        )
        step = "Limit bonuses and credits each on their own, or let the inner limit hold one clause (an incentive)."
        around = into.contract.key_place(("clauses", inner.limits[0][0]))
        into.collected.findings.append(Finding("BPO269", "limit-inside-both-ways", place, problem, step, (around,)))


def _goes_both_ways(into: AtHand, group: Group) -> bool:
    """Whether amounts of a total can lie above zero and below it in one period: of several clauses, or lots."""
    families = {member.family for member in group.members}
    lots = {*into.contract.scopes} & {scope for one in group.members for scope in getattr(one, "for_each", ())}
    several = len(group.members) > 1 or (bool(lots) and not limit_per(into, group))
    return len(families) > 1 or (families == {"both ways"} and several)
