"""Totals that are paid only if they are large enough: what is due, what is paid, what waits for the next period."""

from __future__ import annotations

from datetime import timedelta

from bpo_contracts.contract.clauses.smallest_payment import SmallestPayment
from bpo_contracts.contract.lowering.at_hand import AtHand
from bpo_contracts.contract.lowering.collected import Group
from bpo_contracts.contract.lowering.limits.carrying import family_of
from bpo_contracts.contract.lowering.results import part_line
from bpo_contracts.terms import nodes as n
from bpo_contracts.terms.nodes import ZERO
from bpo_contracts.values.sources import Source
from bpo_contracts.values.units import DAY


def smallest_of_total(into: AtHand, clause: SmallestPayment, group: Group, total: n.AnyNode, per: str) -> n.AnyNode:
    """What is paid of a total that may be too small, inside ``with into.clause(clause)``."""
    place = into.place("issued_only")
    if not _threshold_is_clear(into, clause, group):
        return total
    path = into.at("issued_only")
    row = into.phrases.half_line(clause.issued_only, path, None)
    if row is None or row.low is None:
        if row is not None:
            problem = f"{clause.issued_only!r} would pay the small amounts; write 'over X' or 'X or more'."
            into.problem("BPO264", "smallest-not-possible", place, problem)
        return total

    def add(suffix: str, node: n.AnyNode, says: str) -> n.Name:
        return into.figure_at(suffix, node, f"{says} of {clause.says}", place, per=per)

    new = add("new", total, "new amount")
    if clause.below == "carried":
        before = n.Earlier(f"{clause.name}.carried_forward", 1, ZERO, source=place)
        brought = add("brought_forward", before, "brought forward")
        due = add("due", n.Arithmetic("+", brought, new, source=place), "amount due")
    else:
        gross = n.Name(f"{group.name}.gross", source=place)
        brought, due = None, add("due", gross if clause.compared == "before caps" else new, "amount due")
    large = n.Test(">=" if row.low_closed else ">", due, row.low, source=place)
    issued: n.AnyNode = large
    asks = f"is {due.name} {clause.issued_only}?"
    if clause.at_end_of_term == "paid":
        issued = n.AnyOf((large, _in_last_period(into, place)), source=place)
        asks = f"is {due.name} {clause.issued_only}, or is this the last period?"
    now = into.figure_at("paid_now", n.Choose(issued, new, ZERO, asks, source=place), clause.says, place, per=per)
    if brought is not None:
        paid = add("from_before", n.Choose(issued, brought, ZERO, asks, source=place), "paid of what was carried")
        left: n.AnyNode = n.Arithmetic("-", due, n.Fold("sum", None, (paid, now), source=place), source=place)
        if clause.at_end_of_term == "lapses":
            asks = f"does the term end with this period (clause {clause.clause})?"
            lapses = n.Choose(_in_last_period(into, place), left, ZERO, asks, source=place)
            left = n.Arithmetic("-", left, add("lapsed", lapses, "lapsed"), source=place)
        add("carried_forward", left, "carried forward")
        group.carried.append((part_line(clause, paid.name, family_of(into, clause, group), per), clause.name))
    # Said as every limit is, so that a statement names the clause that cut a line.
    return n.Extreme("min", (new, now), source=place)


def _in_last_period(into: AtHand, place: Source) -> n.AnyNode:
    last = n.Literal_(into.contract.last_period.end - timedelta(days=1), DAY, source=place)
    return n.Test("==", n.PeriodFact("end", source=place), last, source=place)


def _threshold_is_clear(into: AtHand, clause: SmallestPayment, group: Group) -> bool:
    """Whether it is said what is compared, and nothing else on the total makes that a riddle."""
    caps = [limit for _, limit in group.limits if not isinstance(limit, SmallestPayment)]
    first = next(limit for _, limit in group.limits if isinstance(limit, SmallestPayment))
    problem, step, place = "", "", into.place("limits")
    families = {member.family for member in group.members}
    around = _limits_around(into, group)
    if first is not clause:
        problem = f"{first.name!r} says already what the smallest payment of {group.name!r} is."
        step = "Keep one of the two."
    elif len(families) > 1 or families == {"both ways"}:
        problem = f"{group.name!r} goes both ways, and a smallest payment is about one way."
        step = "List clauses that are all credits, or all bonuses."
    elif any(cap.excess == "carried" for cap in caps):
        problem = f"A cap on {group.name!r} carries its excess, and what is carried is no part of the total."
        step = "Let the excess of the cap be lost, or ask for the smallest amount in each clause ('smallest')."
    elif around and clause.compared != "before caps":
        place = into.place("compared" if clause.compared else "issued_only")
        problem = f"{around[0]!r} limits {group.name!r} together with other amounts, and can leave less of it."
        step = "Write 'compared: before caps', or limit the same clauses in both."
        if clause.below == "carried":
            step = "Limit the same clauses in both; or write 'below: lost' and 'compared: before caps'."
    elif bool(caps or around) != (clause.compared is not None):
        place = into.place("compared" if clause.compared else "issued_only")
        problem = f"There is no cap on {group.name!r}, so 'compared' says nothing."
        step = "Remove 'compared'."
        if caps:
            problem = f"There is a cap on {group.name!r}, and nothing says which amount is compared."
            step = "Add 'compared: before caps' or 'compared: after caps'."
    if problem:
        into.problem("BPO264", "smallest-not-possible", place, problem, step)
    return not problem


def _limits_around(into: AtHand, group: Group) -> list[str]:
    """The caps and collars on more than the amounts of a total, which act after its own limits."""
    names = {member.name for member in group.members}
    found = []
    for other in into.collected.groups.values():
        held = {member.name for member in other.members}
        wider = names < held or (names == held and bool(_scopes_of(group)) and not _scopes_of(other))
        found += [clause.name for _, clause in other.limits if wider and not isinstance(clause, SmallestPayment)]
    return sorted(found)


def _scopes_of(group: Group) -> set[str]:
    """The scopes that the limits on a total are for each of."""
    return {scope for _, clause in group.limits for scope in clause.for_each}
