"""Caps and collars as figures: what a sum is limited to, and what each clause keeps of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bpo_contracts.contract.clauses.smallest_payment import SmallestPayment
from bpo_contracts.contract.lowering.nesting import Nesting
from bpo_contracts.contract.lowering.reading import ZERO
from bpo_contracts.contract.lowering.results import Group, Line
from bpo_contracts.terms import nodes as n
from bpo_contracts.values.findings import Finding
from bpo_contracts.values.rounding import Mode, Rounding
from bpo_contracts.values.sources import Citation, Source

_PAYING = ("charge", "credit", "bonus", "both ways")


class Limits(Nesting):
    """Builds totals and limits when all clauses are known."""

    def limit(self, clause: Any) -> None:
        """Remembers a cap or collar; totals are built when all clauses are known."""
        names = tuple(clause.limits)
        known = {one.name for one in self.contract.clauses}
        total = names[0] if len(names) == 1 and names[0] not in known else clause.name
        group = self._groups.setdefault(total, Group(total))
        group.limits = sorted([*group.limits, (self._index, clause)], key=lambda limit: limit[1].name)
        if total == clause.name:
            by_name = {one.name: one for one in self.contract.clauses}
            for name in names:
                if name in by_name and by_name[name].family in _PAYING:
                    group.members.append(by_name[name])
                else:
                    problem = f"{name!r} is not a clause that pays, nor a total that clauses count toward."
                    self._note_problem("BPO251", "limit-on-nothing", self.place("limits"), problem)

    def _limit_groups(self) -> None:
        groups = self._joined_groups()
        stage = {line.clause.name: self.combined.get(line.clause.name, line.gross) for line in self.lines}
        lines = {line.clause.name: line for line in self.lines}
        inner: list[tuple[Group, set[str]]] = []
        for group in groups:
            members = {clause.name for clause in group.members}
            if group.limits and not members:
                index, _ = group.limits[0]
                place = self.contract.place(("clauses", index, "limits"))
                problem = f"Nothing counts toward {group.name!r}."
                self._note_problem("BPO251", "limit-on-nothing", place, problem)
                continue
            if group.limits and any(members & held and not held <= members for _, held in inner):
                index, _ = group.limits[0]
                place = self.contract.place(("clauses", index, "limits"))
                problem = (
                    f"The limit {group.name!r} shares clauses with another limit without holding all of its clauses."
                )
                self._note_problem("BPO252", "limits-cross", place, problem)
                continue
            if group.limits:
                around = [(other, group) for other, held in inner if held <= members]
                around += [(group, other) for other, held in inner if held == members]
                self._nothing_carried_inside(around)
                self._nothing_pushed_over([(other, group) for other, held in inner if held < members])
                inner.append((group, members))
                self._nothing_given_back_of_carried(group)
            self._group(group, [lines[name] for name in sorted(members)], stage)
        for line in self.lines:
            if line.net == line.clause.name:
                self._final(line, stage[line.clause.name])

    def _joined_groups(self) -> list[Group]:
        """The totals, smallest first, those for each lot before those for all.

        A limit that lists just the clauses of a total, or of another limit, is a limit on that total: how they act
        together is then asked of the contract, and never left to their names.
        """
        joined: dict[tuple[frozenset[str], str], Group] = {}
        empty: list[Group] = []
        pers = {group.name: self._limit_per(group) for group in self._groups.values()}
        listed = {clause.name for group in self._groups.values() for _, clause in group.limits}
        for group in sorted(self._groups.values(), key=lambda group: (group.name in listed, group.name)):
            members = frozenset(clause.name for clause in group.members)
            first = joined.setdefault((members, pers[group.name]), group) if members else group
            if not members:
                empty.append(group)
            elif first is not group:
                first.limits = sorted([*first.limits, *group.limits], key=lambda limit: limit[1].name)
                first.also.append(group.name)
        return sorted(
            [*joined.values(), *empty], key=lambda group: (len(group.members), not pers[group.name], group.name)
        )

    def _group(self, group: Group, lines: list[Line], stage: dict[str, str]) -> None:
        signed = _is_signed(group, lines)
        pers = {line.per for line in lines}
        per = self._limit_per(group)
        if per and pers != {per}:
            index, _ = group.limits[0]
            problem = f"The limit is for each {per!r}, and its clauses are not."
            self._note_problem("BPO253", "limit-scope", self.contract.place(("clauses", index, "for_each")), problem)
            return
        index, first = group.limits[0] if group.limits else (-1, lines[0].clause)
        place = self.contract.key_place(("clauses", index)) if index >= 0 else lines[0].clause_place(self.contract)
        citation = Citation(first.clause, first.words, place) if group.limits else Citation("", "", place)
        members = [self._member(line, stage, signed=signed, place=place) for line in lines]
        parts = tuple(_summed(member, line.per, per, place) for member, line in zip(members, lines, strict=True))
        gross = parts[0] if len(parts) == 1 else n.Fold("sum", None, parts, source=place)
        says = group.name.replace("_", " ")
        self.figures.append(n.Figure(f"{group.name}.gross", gross, citation, f"{says} before limits", per, None, place))
        limited = self._limited(group, n.Name(f"{group.name}.gross", source=place), per)
        self._carried_lines(group)
        names = {figure.name for figure in self.figures}
        total = group.name if group.name not in names else f"{group.name}.limited"
        if group.limits and group.limits[0][1].name == group.name:
            total = group.name
        self.figures.append(n.Figure(total, limited, citation, f"{says} after limits", per, None, place))
        for _, clause in group.limits:
            if clause.name in group.also:
                own = Citation(clause.clause, clause.words, place)
                node = n.Name(total, source=place)
                self.figures.append(n.Figure(clause.name, node, own, clause.says, per, None, place))
        if group.limits:
            self._share(group, lines, members, total, stage, signed=signed, per=per, citation=citation)

    def _limited(self, group: Group, total: n.AnyNode, per: str) -> n.AnyNode:
        group.ordered = self._in_order(group)
        for index, clause in group.ordered:
            self._index, self._path = index, ("clauses", index)
            with self.clause(clause):
                if isinstance(clause, SmallestPayment):
                    total = self._smallest_of_total(clause, group, total, per)
                    continue
                place = self.place("at_most")
                rounding = self._line_rounding(clause.round)
                room = self._room(clause, group, per)
                most = n.Extreme(
                    "max",
                    (ZERO, n.Round(room, self._never_above("at_most", clause, rounding), source=place)),
                    source=place,
                )
                name = f"{clause.name}.at_most"
                has_least = getattr(clause, "at_least", None) is not None
                says = f"{clause.says}, upper end" if has_least else clause.says
                self.figures.append(n.Figure(name, most, self._citation(), says, per, None, place))
                if clause.excess == "carried":
                    total = self._carried(clause, group, total, per)
                    continue
                if group.carried:
                    total = self._limited_as_paid(clause, group, total, per)
                    continue
                total = n.Extreme("min", (total, n.Name(name, source=place)), source=place)
                if has_least:
                    low = self.place("at_least")
                    rounding = self._never_above("at_least", clause, rounding)
                    least = n.Extreme(
                        "min", (ZERO, n.Round(self.formula("at_least"), rounding, source=low)), source=low
                    )
                    name = f"{clause.name}.at_least"
                    says = f"{clause.says}, lower end"
                    self.figures.append(n.Figure(name, least, self._citation(), says, per, None, low))
                    total = n.Extreme("max", (total, n.Name(name, source=low)), source=low)
        return total

    def _never_above(self, field: str, clause: Any, rounding: Rounding) -> Rounding:
        """An amount that is written as the limit is not lifted by the rounding of lines: of 10.5 JPY, 10 are paid."""
        written = self.formula(field)
        between = isinstance(written, n.Quantity) and bool(written.value % rounding.grain)
        return replace(rounding, mode=Mode.DOWN) if between and clause.round is None else rounding

    def _room(self, clause: Any, group: Group, per: str) -> n.AnyNode:
        """What the limit allows: ``at_most``, less what earlier periods of its window have used."""
        allowed = self.formula("at_most")
        window = getattr(clause, "window", None)
        self._nothing_returned(clause, group)
        if window is None:
            return allowed
        place = self.place("window")
        periods = self._window_at(window, place)
        if periods is None or periods.length == 0:
            return allowed  # a window of this period alone: no earlier one has used anything
        granted = self._granted(clause, group, per, place)
        used: n.AnyNode = n.Fold("sum", granted, periods, none_found=ZERO, source=place)
        members = {member.name for member in group.members}
        signed = _is_signed(group, [line for line in self.lines if line.clause.name in members])
        for freed in self._freed(clause, group, periods, per, signed=signed):
            used = n.Arithmetic("-", used, freed, source=place)
        name = f"{clause.name}.used"
        says = f"used of {clause.says} in earlier periods"
        self.figures.append(n.Figure(name, used, self._citation(), says, per, None, place))
        return n.Arithmetic("-", allowed, n.Name(name, source=place), source=place)

    def _granted(self, clause: Any, group: Group, per: str, place: Source) -> n.Name:
        """What a period used of a limit over periods: what was paid, also of what had been carried.

        Where a later limit carries the excess, it is what was granted and is paid sooner or later. It has the limit's own
        name, however the limit says what it is on: an amendment of that must not empty the window.
        """
        carried = [limit for _, limit in group.ordered if limit.excess == "carried"]
        says = f"{group.name.replace('_', ' ')} after all limits"
        if clause.excess == "carried" or group.carried:
            node: n.AnyNode = n.Name(f"{clause.name}.paid", source=place)
        elif carried:
            node = n.Name(f"{carried[0].name}.new", source=place)
        else:
            members = {member.name for member in group.members}
            lines = sorted((one for one in self.lines if one.clause.name in members), key=lambda one: one.clause.name)
            signed = _is_signed(group, lines)
            parts = tuple(self._paid_in_the_end(line, per, place, signed=signed) for line in lines)
            node = parts[0] if len(parts) == 1 else n.Fold("sum", None, parts, source=place)
        name = f"{clause.name}.granted"
        self.figures.append(n.Figure(name, node, self._citation(), says, per, None, place))
        return n.Name(name, source=place)

    def _paid_in_the_end(self, line: Line, per: str, place: Source, *, signed: bool) -> n.AnyNode:
        paid = _summed(n.Name(line.clause.name, source=place), line.per, per, place)
        return n.Arithmetic("-", ZERO, paid, source=place) if signed and line.sign < 0 else paid

    def _share(
        self,
        group: Group,
        lines: list[Line],
        members: list[n.Name],
        total: str,
        stage: dict[str, str],
        *,
        signed: bool,
        per: str,
        citation: Citation,
    ) -> None:
        how, order = self._sharing(group, lines)
        place = citation.source
        by_name = {line.clause.name: member for line, member in zip(lines, members, strict=True)}
        ordered = tuple(by_name[name] for name in order)
        rounding = self._line_rounding(None)
        shares = n.Allocate(ordered, n.Name(total, source=place), how, rounding.grain, source=place)
        says = f"shares of {group.name.replace('_', ' ')}"
        self.figures.append(n.Figure(f"{group.name}.shares", shares, citation, says, per, None, place))
        for line, member in zip(lines, members, strict=True):
            kept: n.AnyNode = n.Kept(f"{group.name}.shares", member.name, source=place)
            if signed and line.sign < 0:
                kept = n.Arithmetic("-", ZERO, kept, source=place)
            name = f"{line.clause.name}.within_{group.name}"
            own = Citation(line.clause.clause, line.clause.words, place)
            says = f"{line.clause.says}, kept within {group.name.replace('_', ' ')}"
            self.figures.append(n.Figure(name, kept, own, says, line.per, None, place))
            stage[line.clause.name] = name

    def _sharing(self, group: Group, lines: list[Line]) -> tuple[Any, list[str]]:
        said = {(clause.shared, tuple(clause.order)) for _, clause in group.limits if clause.shared}
        names = [line.clause.name for line in lines]
        all_or_nothing = all(isinstance(clause, SmallestPayment) for _, clause in group.limits)
        several = len(lines) > 1 or lines[0].per != self._limit_per(group)  # amounts under one limit
        if len(said) > 1 or (not said and not all_or_nothing and several):
            index = group.limits[0][0]
            problem = f"Several amounts can be cut by the limit on {group.name!r}, and nothing says which is cut first."
            if len(said) > 1:
                problem = f"The limits on {group.name!r} say different things about how it is shared."
            self.findings.append(
                Finding(
                    "BPO250",
                    "sharing-not-said",
                    self.contract.key_place(("clauses", index)),
                    problem,
                    "Add 'shared: pro rata', or 'shared: in order' with 'order: [first kept, …]', to one of them.",
                )
            )
            return "pro rata", names
        how, order = said.pop() if said else ("in order", ())
        if how == "in order" and order and sorted(order) != names:
            index = group.limits[0][0]
            problem = f"'order' names {', '.join(order)}; the clauses under the limit are {', '.join(names)}."
            place = self.contract.place(("clauses", index, "order"))
            self._note_problem("BPO254", "order-incomplete", place, problem)
            return how, names
        return how, list(order) or names

    def _member(self, line: Line, stage: dict[str, str], *, signed: bool, place: Source) -> n.Name:
        name = stage[line.clause.name]
        if signed and line.sign < 0:
            signed_name = f"{name}.signed"
            if all(figure.name != signed_name for figure in self.figures):
                node = n.Arithmetic("-", ZERO, n.Name(name, source=place), source=place)
                own = Citation(line.clause.clause, line.clause.words, place)
                says = f"{line.clause.says} as an invoice amount"
                self.figures.append(n.Figure(signed_name, node, own, says, line.per, None, place))
            name = signed_name
        return n.Name(name, source=place)

    def _final(self, line: Line, stage: str) -> None:
        place = line.clause_place(self.contract)
        citation = Citation(line.clause.clause, line.clause.words, place)
        node = n.Name(stage, source=place)
        self.figures.append(n.Figure(line.clause.name, node, citation, line.clause.says, line.per, None, place))


def _is_signed(group: Group, lines: list[Line]) -> bool:
    """Whether the total counts bonuses above and credits below zero."""
    families = {line.family for line in lines}
    collar = any(getattr(clause, "at_least", None) is not None for _, clause in group.limits)
    return collar or len(families) > 1 or families == {"both ways"}


def _summed(member: n.Name, member_per: str, total_per: str, place: Source) -> n.AnyNode:
    """A member's part of a total: its own amount, or the sum over its lots where the total has none."""
    if member_per and member_per != total_per:
        return n.Fold("sum", member, member_per, source=place)
    return member
