"""Caps whose excess is carried: the oldest is paid first, and what has no room waits for a later period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final, Literal

from bpo_contracts.contract.clauses.base import Family
from bpo_contracts.contract.lowering.combining import Combining
from bpo_contracts.contract.lowering.lots import AGES_MAX, Life, Lots, ends_with
from bpo_contracts.contract.lowering.reading import ZERO
from bpo_contracts.contract.lowering.results import Group, Line, left_outcome
from bpo_contracts.contract.lowering.windows import periods_in
from bpo_contracts.terms import nodes as n
from bpo_contracts.values.findings import Finding
from bpo_contracts.values.sources import Citation, Source
from bpo_contracts.values.units import TRUTH

_ENDS: Final = "Say 'at_end_of_term: paid' in the last one alone, or let the excess of the last one be lost."


_Claim = tuple[str, n.AnyNode, str]
"""What is to be paid: the suffix of the figure of what is paid of it, the amount, and what the figure says."""


class _Carried:
    """The figures of one limit that carries its excess, or acts after one that does."""

    def __init__(self, clause: Any, per: str, citation: Citation, figures: list[n.Figure], place: Source) -> None:
        self.per = per
        self._clause, self._citation, self._figures, self._place = clause, citation, figures, place

    def add(self, suffix: str, node: n.AnyNode, says: str) -> n.Name:
        """A figure of the limit."""
        name = f"{self._clause.name}.{suffix}"
        says = f"{says} of {self._clause.says}"
        self._figures.append(n.Figure(name, node, self._citation, says, self.per, None, self._place))
        return n.Name(name, source=self._place)

    def earlier(self, suffix: str) -> n.Earlier:
        """A figure of the limit, of the period before."""
        return n.Earlier(f"{self._clause.name}.{suffix}", 1, ZERO, source=self._place)

    def less(self, whole: n.AnyNode, part: n.AnyNode) -> n.AnyNode:
        """The whole without the part."""
        return n.Arithmetic("-", whole, part, source=self._place)

    def paid_in_turn(self, claims: Sequence[_Claim], *, last_first: bool = False) -> dict[str, n.Name]:
        """What is paid of each claim, by its suffix: one after the other, as far as the limit has room; and all together."""
        left: n.AnyNode = n.Name(f"{self._clause.name}.at_most", source=self._place)
        paid: dict[str, n.Name] = {}
        for suffix, claim, says in reversed(claims) if last_first else claims:
            paid[suffix] = self.add(suffix, n.Extreme("min", (claim, left), source=self._place), says)
            left = self.less(left, paid[suffix])
        parts = tuple(paid[suffix] for suffix, _, _ in claims)
        self.add("paid", n.Fold("sum", None, parts, source=self._place), "all paid")
        return paid


class Carrying(Combining):
    """Builds the figures of what is brought forward, paid, carried and lapsed."""

    def _caps_in_order(self, total: str, caps: list[tuple[int, Any]]) -> list[tuple[int, Any]]:
        """The caps and collars on a total in the order in which they act, as ``after`` says.

        Among those whose excess is lost the order does not matter. A limit that carries comes before or after any other:
        after it, a limit is on what is paid; before it, on what arises.
        """
        self._named_is_there(total, caps)
        waiting = list(caps)
        ordered: list[tuple[int, Any]] = []
        while waiting:
            names = {clause.name for _, clause in waiting}
            first = [limit for limit in waiting if not names & {*_after(limit)}]
            lost = [limit for limit in first if limit[1].excess == "lost"]
            if not lost and len(first) != 1:
                self._in_no_order(first or waiting)
                return [*ordered, *waiting]
            ordered += lost or first
            waiting = [limit for limit in waiting if limit not in ordered]
        unsaid = [limit for limit in ordered if not _is_placed(limit, ordered)]
        if unsaid:
            self._in_no_order([limit for limit in ordered if limit in unsaid or limit[1].excess == "carried"])
        return ordered

    def _named_is_there(self, total: str, caps: list[tuple[int, Any]]) -> None:
        """Whether ``after`` names limits on this total."""
        names = {clause.name for _, clause in caps}
        for index, clause in caps:
            others = [name for name in _after((index, clause)) if name == clause.name or name not in names]
            if others:
                place = self.contract.place(("clauses", index, "after"))
                problem = f"'after' names {others[0]!r}, and that is no other limit on {total!r}."
                step = "Name the limit that acts before this one."
                self.findings.append(Finding("BPO258", "carried-in-no-order", place, problem, step))

    def _in_no_order(self, limits: list[tuple[int, Any]]) -> None:
        names = sorted(clause.name for _, clause in limits)
        problem = (
            f"Of {' and '.join(names)} on one total it is not said which acts after which, and an excess is carried to later"
            " periods."
        )
        step = (
            "Write 'after: …' in the one that acts later. After a cap that carries, another one limits what is paid; before it,"
            " what arises."
        )
        place = self.contract.key_place(("clauses", max(index for index, _ in limits)))
        self.findings.append(Finding("BPO258", "carried-in-no-order", place, problem, step))

    def _carried(self, clause: Any, group: Group, total: n.AnyNode, per: str) -> n.AnyNode:
        """A limit whose excess is carried: the oldest is paid first (or the newest, where the contract says so), and what
        has no room waits for the next period."""
        place = self.place("excess")
        carried = _Carried(clause, per, self._citation(), self.figures, place)
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
            self._note_next("BPO165", "paid-past-a-limit", self.place("after"), problem, _ENDS)
        before = paid["from_before"]
        rest = n.Arithmetic("+", carried.less(brought, before), added, source=place)
        self._ended(clause, group, carried, rest, lapsed=self._lapsed(clause, carried, brought, added, before))
        family = self._family_of(clause, group)
        sign = -1 if family == "credit" else 1
        group.carried.append((Line(clause, before.name, before.name, sign, family, per, before.name), clause.name))
        return paid["paid_now"]

    def _limited_as_paid(self, clause: Any, group: Group, total: n.AnyNode, per: str) -> n.AnyNode:
        """A limit after one that carries: it is on all that is paid, of this period's amount and of what was carried, and what
        is beyond it is lost. What has waited is paid first."""
        place = self.place("at_most")
        limited = _Carried(clause, per, self._citation(), self.figures, place)
        claims = [*_of_carriers(group, place), ("paid_now", total, "paid of the amount of this period")]
        for line in group.at_the_end:
            name, says = line.clause.name, f"paid of what {line.clause.name} pays at the end of the term"
            claims.append((f"of_{name}_at_the_end", n.Name(line.net, source=place), says))
        paid = limited.paid_in_turn(claims)
        group.carried = [(replace(line, net=paid[f"of_{name}"].name), name) for line, name in group.carried]
        group.at_the_end = [
            replace(line, net=paid[f"of_{line.clause.name}_at_the_end"].name) for line in group.at_the_end
        ]
        return paid["paid_now"]

    def _lapsed(self, clause: Any, carried: _Carried, brought: n.Name, added: n.Name, paid: n.Name) -> n.Name | None:
        """What was carried too long, or lapses with the contract year or the term."""
        place = self.place("excess")
        lapses = clause.at_end_of_term == "lapses"
        of: tuple[Literal["year", "term"], ...] = ("year",) if clause.lapses_at else ("term",) if lapses else ()
        life = Life(clause.paid_first or "oldest", self._age(clause), ends_with(self.contract, *of, place=place))
        lots = Lots(clause.name, carried.add, life, to_date="carried_to_date", place=place)
        return lots.lapsed(brought, added, paid)

    def _ended(self, clause: Any, group: Group, carried: _Carried, rest: n.AnyNode, *, lapsed: n.Name | None) -> None:
        """What goes on; and in the last period of the term what becomes of it."""
        place = self.place("excess")
        rest = rest if lapsed is None else carried.less(rest, lapsed)
        if clause.at_end_of_term == "paid":
            ended = ends_with(self.contract, "term", place=self.place("at_end_of_term"))
            asks = f"does the term end with this period (clause {clause.clause})?"
            if ended is None:
                raise AssertionError("a term has an end")
            node = n.Choose(ended, rest, ZERO, asks, source=self.place("at_end_of_term"))
            final = carried.add("paid_at_the_end", node, "paid at the end of the term")
            rest = carried.less(rest, final)
            family = self._family_of(clause, group)
            sign = -1 if family == "credit" else 1
            group.at_the_end.append(Line(clause, final.name, final.name, sign, family, carried.per, final.name))
        balance = carried.add("carried_forward", rest, "carried forward")
        if clause.at_end_of_term is None and clause.lapses_at is None:
            what = "is still carried forward beyond the cap"
            left = carried.add("left_over", self._is_left(balance.name, place), "whether something is left")
            self.figures[-1] = replace(self.figures[-1], unit=TRUTH)
            self.outcomes.append(left_outcome(clause, left.name, balance.name, carried.per, what))

    def _carried_lines(self, group: Group) -> None:
        """The lines of what was carried, each under its own cap's name whatever other caps leave of it."""
        for line, carrier in group.carried:
            name, place = f"{carrier}.carried_paid", line.clause_place(self.contract)
            own = Citation(line.clause.clause, line.clause.words, place)
            says = f"paid of what was carried of {line.clause.says}"
            node = n.Name(line.net, source=place)
            self.figures.append(n.Figure(name, node, own, says, line.per, None, place))
            self.lines.append(replace(line, net=name))
        self.lines += group.at_the_end

    def _family_of(self, clause: Any, group: Group) -> Family:
        """Which way a payment of what was carried moves the invoice: as the clauses under the limit do."""
        families = {member.family for member in group.members}
        if len(families) > 1 or families == {"both ways"}:
            problem = f"{clause.name!r} carries the excess of amounts that go both ways."
            self._note_problem("BPO259", "carried-both-ways", self.place("excess"), problem)
        return "credit" if "credit" in families else "bonus" if "bonus" in families else "both ways"

    def _is_left(self, balance: str, place: Source) -> n.AnyNode:
        """Whether the term ends with this period and a balance is not empty."""
        ended = ends_with(self.contract, "term", place=place)
        some = n.Test(">", n.Name(balance, source=place), ZERO, source=place)
        return n.Every((some,) if ended is None else (ended, some), source=place)

    def _age(self, clause: Any) -> int | None:
        """How many periods lots live after their own; None if no age ends them."""
        if clause.lapses_after is None:
            return None
        place = self.place("lapses_after")
        age = self._span_of(clause.lapses_after, place)
        newest = "newest" in (getattr(clause, "used_first", ""), getattr(clause, "paid_first", ""))
        if newest and age > AGES_MAX:
            problem = f"Lots that live {age} periods, the newest used first: at most {AGES_MAX} are kept apart."
            self._note_problem("BPO278", "too-many-ages", place, problem)
            return 1
        return age

    def _span_of(self, text: str, place: Source) -> int:
        """How many of the contract's periods ``3 months`` are; 1 where that cannot be said."""
        periods = periods_in(text, self.contract.every)
        if periods is None:
            problem = f"{text!r} is not a whole number of periods of this contract; write '3 months' or '2 periods'."
            self._note_problem("BPO256", "not-a-span", place, problem)
            return 1
        return periods


def _of_carriers(group: Group, place: Source) -> list[_Claim]:
    """What the limits that acted before, and carry, pay of what they carried."""
    return [(f"of_{name}", n.Name(line.net, source=place), f"paid of {name}") for line, name in group.carried]


def _after(limit: tuple[int, Any]) -> tuple[str, ...]:
    """The limits that a limit names as acting before it (a collar names none)."""
    return tuple(getattr(limit[1], "after", ()))


def _is_placed(limit: tuple[int, Any], ordered: list[tuple[int, Any]]) -> bool:
    """Whether a limit whose excess is lost stands before or after every limit that carries: by their words, and not only
    because one has to be first."""
    if limit[1].excess == "carried":
        return True
    before = {one[1].name: {*_after(one)} for one in ordered}
    for name in before:  # in the order in which they act: what stands before is complete
        before[name] |= {further for one in before[name] for further in before.get(one, ())}
    carrying = [one[1].name for one in ordered if one[1].excess == "carried"]
    return all(one in before[limit[1].name] or limit[1].name in before[one] for one in carrying)
