"""Totals that are paid only if they are large enough: what is due, what is paid, what waits for the next period."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bpo_contracts.contract.clauses.smallest_payment import SmallestPayment
from bpo_contracts.contract.lowering.carrying import Carrying
from bpo_contracts.contract.lowering.reading import ZERO
from bpo_contracts.contract.lowering.results import Group, Line
from bpo_contracts.terms import nodes as n
from bpo_contracts.values.sources import Source
from bpo_contracts.values.units import DAY


class Thresholds(Carrying):
    """Builds the figures of the smallest payment of a total."""

    def _in_order(self, group: Group) -> list[tuple[int, Any]]:
        """The limits on a total as they act: its caps, and then the smallest payment, which is asked of what they leave."""
        caps = [limit for limit in group.limits if not isinstance(limit[1], SmallestPayment)]
        smallest = [limit for limit in group.limits if isinstance(limit[1], SmallestPayment)]
        return [*self._caps_in_order(group.name, caps), *smallest]

    def _smallest_of_total(self, clause: SmallestPayment, group: Group, total: n.AnyNode, per: str) -> n.AnyNode:
        """What is paid of a total that may be too small, inside ``with self.clause(clause)``."""
        place = self.place("issued_only")
        if not self._threshold_is_clear(clause, group):
            return total
        path = (*self._path, "issued_only")
        row = self._half_line(clause.issued_only, path, None)
        if row is None or row.low is None:
            if row is not None:
                problem = f"{clause.issued_only!r} would pay the small amounts; write 'over X' or 'X or more'."
                self._note_problem("BPO264", "smallest-not-possible", place, problem)
            return total

        def add(suffix: str, node: n.AnyNode, says: str) -> n.Name:
            name = f"{clause.name}.{suffix}"
            self.figures.append(n.Figure(name, node, self._citation(), f"{says} of {clause.says}", per, None, place))
            return n.Name(name, source=place)

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
            issued = n.AnyOf((large, self._in_last_period(place)), source=place)
            asks = f"is {due.name} {clause.issued_only}, or is this the last period?"
        name, paid_now = f"{clause.name}.paid_now", n.Choose(issued, new, ZERO, asks, source=place)
        self.figures.append(n.Figure(name, paid_now, self._citation(), clause.says, per, None, place))
        now = n.Name(name, source=place)
        if brought is not None:
            paid = add("from_before", n.Choose(issued, brought, ZERO, asks, source=place), "paid of what was carried")
            left: n.AnyNode = n.Arithmetic("-", due, n.Fold("sum", None, (paid, now), source=place), source=place)
            if clause.at_end_of_term == "lapses":
                asks = f"does the term end with this period (clause {clause.clause})?"
                lapses = n.Choose(self._in_last_period(place), left, ZERO, asks, source=place)
                left = n.Arithmetic("-", left, add("lapsed", lapses, "lapsed"), source=place)
            add("carried_forward", left, "carried forward")
            family = self._family_of(clause, group)
            line = Line(clause, paid.name, paid.name, -1 if family == "credit" else 1, family, per, paid.name)
            group.carried.append((line, clause.name))
        # Said as every limit is, so that a statement names the clause that cut a line.
        return n.Extreme("min", (new, now), source=place)

    def _in_last_period(self, place: Source) -> n.AnyNode:
        last = n.Literal_(self.contract.last_period.end - timedelta(days=1), DAY, source=place)
        return n.Test("==", n.PeriodFact("end", source=place), last, source=place)

    def _threshold_is_clear(self, clause: SmallestPayment, group: Group) -> bool:
        """Whether it is said what is compared, and nothing else on the total makes that a riddle."""
        caps = [limit for _, limit in group.limits if not isinstance(limit, SmallestPayment)]
        first = next(limit for _, limit in group.limits if isinstance(limit, SmallestPayment))
        problem, step, place = "", "", self.place("limits")
        families = {member.family for member in group.members}
        around = self._limits_around(group)
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
            place = self.place("compared" if clause.compared else "issued_only")
            problem = f"{around[0]!r} limits {group.name!r} together with other amounts, and can leave less of it."
            step = "Write 'compared: before caps', or limit the same clauses in both."
            if clause.below == "carried":
                step = "Limit the same clauses in both; or write 'below: lost' and 'compared: before caps'."
        elif bool(caps or around) != (clause.compared is not None):
            place = self.place("compared" if clause.compared else "issued_only")
            problem = f"There is no cap on {group.name!r}, so 'compared' says nothing."
            step = "Remove 'compared'."
            if caps:
                problem = f"There is a cap on {group.name!r}, and nothing says which amount is compared."
                step = "Add 'compared: before caps' or 'compared: after caps'."
        if problem:
            self._note_next("BPO264", "smallest-not-possible", place, problem, step)
        return not problem

    def _limits_around(self, group: Group) -> list[str]:
        """The caps and collars on more than the amounts of a total, which act after its own limits."""
        names = {member.name for member in group.members}
        found = []
        for other in self._groups.values():
            held = {member.name for member in other.members}
            wider = names < held or (names == held and bool(self._per_of(group)) and not self._per_of(other))
            found += [clause.name for _, clause in other.limits if wider and not isinstance(clause, SmallestPayment)]
        return sorted(found)

    @staticmethod
    def _per_of(group: Group) -> set[str]:
        """The scopes that the limits on a total are for each of."""
        return {scope for _, clause in group.limits for scope in clause.for_each}
