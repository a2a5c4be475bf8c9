"""Caps whose excess is carried: the oldest is paid first, and what has no room waits for a later period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from bpo_contracts.contract.clauses.base import Family
from bpo_contracts.contract.lowering.at_hand import AtHand
from bpo_contracts.contract.lowering.collected import Group
from bpo_contracts.contract.lowering.provisions.lots import Lots
from bpo_contracts.contract.lowering.provisions.memory import is_left, life_of, only_at_the_end
from bpo_contracts.contract.lowering.results import left_outcome, part_line
from bpo_contracts.terms import nodes as n
from bpo_contracts.terms.nodes import ZERO
from bpo_contracts.values.sources import Citation, Source
from bpo_contracts.values.units import TRUTH, Unit

_ENDS: Final = "Say 'at_end_of_term: paid' in the last one alone, or let the excess of the last one be lost."


_Claim = tuple[str, n.AnyNode, str]
"""What is to be paid: the suffix of the figure of what is paid of it, the amount, and what the figure says."""


class _Carried:
    """The figures of the limit at hand, which carries its excess, or acts after one that does."""

    def __init__(self, into: AtHand, per: str, place: Source) -> None:
        self._into, self._per, self._place = into, per, place

    def add(self, suffix: str, node: n.AnyNode, says: str, *, unit: Unit | None = None) -> n.Name:
        """A figure of the limit."""
        says = f"{says} of {self._into.here.says}"
        return self._into.figure_at(suffix, node, says, self._place, per=self._per, unit=unit)

    def earlier(self, suffix: str) -> n.Earlier:
        """A figure of the limit, of the period before."""
        return n.Earlier(self._into.full_name(suffix), 1, ZERO, source=self._place)

    def less(self, whole: n.AnyNode, part: n.AnyNode) -> n.AnyNode:
        """The whole without the part."""
        return n.Arithmetic("-", whole, part, source=self._place)

    def paid_in_turn(self, claims: Sequence[_Claim], *, last_first: bool = False) -> dict[str, n.Name]:
        """What is paid of each claim, by its suffix: one after the other, as far as the limit has room; and all together."""
        left: n.AnyNode = n.Name(self._into.full_name("at_most"), source=self._place)
        paid: dict[str, n.Name] = {}
        for suffix, claim, says in reversed(claims) if last_first else claims:
            paid[suffix] = self.add(suffix, n.Extreme("min", (claim, left), source=self._place), says)
            left = self.less(left, paid[suffix])
        parts = tuple(paid[suffix] for suffix, _, _ in claims)
        self.add("paid", n.Fold("sum", None, parts, source=self._place), "all paid")
        return paid


def carry(into: AtHand, clause: Any, group: Group, total: n.AnyNode, per: str) -> n.AnyNode:
    """A limit whose excess is carried: the oldest is paid first (or the newest, where the contract says so), and what
    has no room waits for the next period."""
    place = into.place("excess")
    carried = _Carried(into, per, place)
    brought = carried.add("brought_forward", carried.earlier("carried_forward"), "brought forward")
    owed = carried.add("new", total, "new amount")
    claims: list[_Claim] = [("from_before", brought, "paid of what was carried")]
    claims += [*_of_carriers(group, place), ("paid_now", owed, "paid of the new amount")]
    paid = carried.paid_in_turn(claims, last_first=clause.paid_first == "newest")
    waiting = tuple(carried.less(claim, paid[suffix]) for suffix, claim, _ in claims[1:])
    added = carried.add("carried", n.Fold("sum", None, waiting, source=place), "carried from this period")
    group.carried = [(replace(line, net=paid[f"of_{name}"].name), name) for line, name in group.carried]
    if group.at_the_end:
        first = group.at_the_end[0].clause.name
        problem = f"What {first!r} still carries is paid at the end of the term, and would pass {clause.name!r}, which acts after it."
        into.problem("BPO165", "paid-past-a-limit", into.place("after"), problem, _ENDS)
    before = paid["from_before"]
    rest: n.AnyNode = n.Arithmetic("+", carried.less(brought, before), added, source=place)
    lapsed = _lapsed(into, clause, carried, brought, added, before)
    rest = rest if lapsed is None else carried.less(rest, lapsed)
    _ended(into, clause, group, carried, rest, per)
    group.carried.append((part_line(clause, before.name, family_of(into, clause, group), per), clause.name))
    return paid["paid_now"]


def limit_as_paid(into: AtHand, clause: Any, group: Group, total: n.AnyNode, per: str) -> n.AnyNode:
    """A limit after one that carries: it is on all that is paid, of this period's amount and of what was carried, and what
    is beyond it is lost. What has waited is paid first."""
    place = into.place("at_most")
    limited = _Carried(into, per, place)
    claims = [*_of_carriers(group, place), ("paid_now", total, "paid of the amount of this period")]
    for line in group.at_the_end:
        name, says = line.clause.name, f"paid of what {line.clause.name} pays at the end of the term"
        claims.append((f"of_{name}_at_the_end", n.Name(line.net, source=place), says))
    paid = limited.paid_in_turn(claims)
    group.carried = [(replace(line, net=paid[f"of_{name}"].name), name) for line, name in group.carried]
    group.at_the_end = [replace(line, net=paid[f"of_{line.clause.name}_at_the_end"].name) for line in group.at_the_end]
    return paid["paid_now"]


def _lapsed(
    into: AtHand, clause: Any, carried: _Carried, brought: n.Name, added: n.Name, paid: n.Name
) -> n.Name | None:
    """What was carried too long, or lapses with the contract year or the term."""
    place = into.place("excess")
    life = life_of(into, clause, clause.paid_first or "oldest", place)
    lots = Lots(clause.name, carried.add, life, to_date="carried_to_date", place=place)
    return lots.lapsed(brought, added, paid)


def _ended(into: AtHand, clause: Any, group: Group, carried: _Carried, rest: n.AnyNode, per: str) -> None:
    """What goes on; and in the last period of the term what becomes of it."""
    place = into.place("excess")
    if clause.at_end_of_term == "paid":
        final = carried.add("paid_at_the_end", only_at_the_end(into, rest), "paid at the end of the term")
        rest = carried.less(rest, final)
        group.at_the_end.append(part_line(clause, final.name, family_of(into, clause, group), per))
    balance = carried.add("carried_forward", rest, "carried forward")
    if clause.at_end_of_term is None and clause.lapses_at is None:
        what = "is still carried forward beyond the cap"
        node = is_left(into, balance.name, place)
        left = carried.add("left_over", node, "whether something is left", unit=TRUTH)
        into.collected.outcomes.append(left_outcome(clause, left.name, balance.name, per, what))


def add_carried_lines(into: AtHand, group: Group) -> None:
    """The lines of what was carried, each under its own cap's name whatever other caps leave of it."""
    for line, carrier in group.carried:
        name, place = f"{carrier}.carried_paid", line.clause_place(into.contract)
        own = Citation(line.clause.clause, line.clause.words, place)
        says = f"paid of what was carried of {line.clause.says}"
        into.collected.figure(name, n.Name(line.net, source=place), own, says, line.per)
        into.collected.lines.append(replace(line, net=name))
    into.collected.lines += group.at_the_end


def family_of(into: AtHand, clause: Any, group: Group) -> Family:
    """Which way a payment of what was carried moves the invoice: as the clauses under the limit do."""
    families = {member.family for member in group.members}
    if len(families) > 1 or families == {"both ways"}:
        problem = f"{clause.name!r} carries the excess of amounts that go both ways."
        into.problem("BPO259", "carried-both-ways", into.place("excess"), problem)
    return "credit" if "credit" in families else "bonus" if "bonus" in families else "both ways"


def _of_carriers(group: Group, place: Source) -> list[_Claim]:
    """What the limits that acted before, and carry, pay of what they carried."""
    return [(f"of_{name}", n.Name(line.net, source=place), f"paid of {name}") for line, name in group.carried]
