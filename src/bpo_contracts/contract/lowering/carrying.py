"""Caps whose excess is carried: the oldest is paid first, and what has no room waits for a later period."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from bpo_contracts.contract.clauses.base import Family
from bpo_contracts.contract.lowering.combining import Combining
from bpo_contracts.contract.lowering.reading import ZERO
from bpo_contracts.contract.lowering.results import Group, Line
from bpo_contracts.terms import nodes as n
from bpo_contracts.values.findings import Finding
from bpo_contracts.values.sources import Citation, Source

_SPAN: Final = re.compile(r"([1-9][0-9]{0,2}) (month|quarter|year|period)s?\Z", re.ASCII)


class Carrying(Combining):
    """Builds the figures of what is brought forward, paid, carried and lapsed."""

    def _in_order(self, group: Group) -> list[tuple[int, Any]]:
        """The limits of a total: those whose excess is lost (their order does not matter), then those that carry, as
        ``after`` says.
        """
        lost = [limit for limit in group.limits if limit[1].excess == "lost"]
        waiting = [limit for limit in group.limits if limit[1].excess == "carried"]
        ordered: list[tuple[int, Any]] = []
        while waiting:
            names = {clause.name for _, clause in waiting}
            first = [limit for limit in waiting if not names & set(limit[1].after)]
            if len(first) != 1:
                index = (first or waiting)[-1][0]
                several = ", ".join(sorted(names))
                problem = (
                    f"{several} carry the excess of one total, and it is not said which of them comes after which."
                )
                found = {(finding.code, finding.problem) for finding in self.findings}
                if ("BPO258", problem) not in found:
                    place = self.contract.key_place(("clauses", index))
                    step = "Write 'after: …' in the later one, or join them: one cap with 'at_most: min(…, …)'."
                    self.findings.append(Finding("BPO258", "carried-in-no-order", place, problem, step))
                return [*lost, *ordered, *waiting]
            ordered += first
            waiting.remove(first[0])
        return [*lost, *ordered]

    def _carried(self, clause: Any, group: Group, total: n.AnyNode, per: str) -> n.AnyNode:
        """A limit whose excess is carried: the oldest is paid first, what has no room waits for the next period."""
        place = self.place("excess")

        def add(suffix: str, node: n.AnyNode, says: str) -> n.Name:
            name = f"{clause.name}.{suffix}"
            self.figures.append(n.Figure(name, node, self._citation(), f"{says} of {clause.says}", per, None, place))
            return n.Name(name, source=place)

        def less(whole: n.AnyNode, part: n.AnyNode) -> n.AnyNode:
            return n.Arithmetic("-", whole, part, source=place)

        before = n.Earlier(f"{clause.name}.carried_forward", 1, ZERO, source=place)
        brought = add("brought_forward", before, "brought forward")
        left: n.AnyNode = n.Name(f"{clause.name}.at_most", source=place)
        paid = add("from_before", n.Extreme("min", (brought, left), source=place), "paid of what was carried")
        left = less(left, paid)
        payments: list[n.AnyNode] = [paid]
        waiting: list[n.AnyNode] = []
        for index, (line, carrier) in enumerate(group.carried):
            amount = n.Name(line.net, source=place)
            kept = add(f"of_{carrier}", n.Extreme("min", (amount, left), source=place), f"paid of {carrier}")
            left = less(left, kept)
            payments.append(kept)
            waiting.append(less(amount, kept))
            group.carried[index] = replace(line, net=kept.name), carrier
        owed = add("new", total, "new amount")
        now = add("paid_now", n.Extreme("min", (owed, left), source=place), "paid of the new amount")
        add("paid", n.Fold("sum", None, (*payments, now), source=place), "all that is paid")
        waiting.append(less(owed, now))
        added = add("carried", n.Fold("sum", None, tuple(waiting), source=place), "carried from this period")
        left_over = less(brought, paid)
        if clause.lapses_after is not None:
            left_over = less(left_over, self._lapsed(clause, paid, added, add))
        add("carried_forward", n.Arithmetic("+", left_over, added, source=place), "carried forward")
        family = self._family_of(clause, group)
        sign = -1 if family == "credit" else 1
        group.carried.append((Line(clause, paid.name, paid.name, sign, family, per, paid.name), clause.name))
        return now

    def _carried_lines(self, group: Group) -> None:
        """The lines of what was carried, each under its own cap's name whatever other caps leave of it."""
        for line, carrier in group.carried:
            name, place = f"{carrier}.carried_paid", line.clause_place(self.contract)
            own = Citation(line.clause.clause, line.clause.words, place)
            says = f"paid of what was carried of {line.clause.says}"
            node = n.Name(line.net, source=place)
            self.figures.append(n.Figure(name, node, own, says, line.per, None, place))
            self.lines.append(replace(line, net=name))

    def _family_of(self, clause: Any, group: Group) -> Family:
        """Which way a payment of what was carried moves the invoice: as the clauses under the limit do."""
        families = {member.family for member in group.members}
        if len(families) > 1 or families == {"both ways"}:
            problem = f"{clause.name!r} carries the excess of amounts that go both ways."
            self._note_problem("BPO259", "carried-both-ways", self.place("excess"), problem)
        return "credit" if "credit" in families else "bonus" if "bonus" in families else "both ways"

    def _lapsed(self, clause: Any, paid: n.Name, added: n.Name, add: Callable[[str, n.AnyNode, str], n.Name]) -> n.Name:
        """What has been carried for so many periods and is still not paid, the oldest being paid first, lapses."""
        place = self.place("lapses_after")
        age = self._span_of(clause.lapses_after, place)
        total, gone = f"{clause.name}.carried_to_date", f"{clause.name}.gone_to_date"
        before = n.Earlier(total, 1, ZERO, source=place)
        add("carried_to_date", n.Arithmetic("+", before, added, source=place), "carried to date")
        settled = n.Arithmetic("+", n.Earlier(gone, 1, ZERO, source=place), paid, source=place)
        old = n.Arithmetic("-", n.Earlier(total, age, ZERO, source=place), settled, source=place)
        lapsed = add("lapsed", n.Extreme("max", (old, ZERO), source=place), "lapsed")
        add("gone_to_date", n.Arithmetic("+", settled, lapsed, source=place), "paid or lapsed to date")
        return lapsed

    def _span_of(self, text: str, place: Source) -> int:
        """How many of the contract's periods ``3 months`` are; 1 where that cannot be said."""
        match = _SPAN.match(text)
        months = {"month": 1, "quarter": 3, "year": 12, "period": self.contract.every.value}
        if not match or int(match[1]) * months[match[2]] % self.contract.every.value:
            problem = f"{text!r} is not a whole number of periods of this contract; write '3 months' or '2 periods'."
            self._note_problem("BPO256", "not-a-span", place, problem)
            return 1
        return int(match[1]) * months[match[2]] // self.contract.every.value
