"""Totals and the limits on them: which of them are one, which act first and which cannot stand side by side; the sum of
each, what its limits leave of that, and what each clause keeps.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bpo_contracts.contract.clauses.smallest_payment import SmallestPayment
from bpo_contracts.contract.lowering.at_hand import AtHand
from bpo_contracts.contract.lowering.collected import Group
from bpo_contracts.contract.lowering.limits.acting import is_signed, limited, summed
from bpo_contracts.contract.lowering.limits.carrying import add_carried_lines
from bpo_contracts.contract.lowering.limits.nesting import (
    limit_per,
    nothing_carried_inside,
    nothing_given_back_of_carried,
    nothing_pushed_over,
)
from bpo_contracts.contract.lowering.results import Line
from bpo_contracts.terms import nodes as n
from bpo_contracts.terms.nodes import ZERO
from bpo_contracts.values.sources import Citation


def limit_totals(into: AtHand, combined: Mapping[str, str]) -> None:
    """The figures of all totals and limits, and of what each line pays in the end.

    ``combined``: of clauses that were combined with others before any limit, the figure of what they pay.
    """
    stage = {line.clause.name: combined.get(line.clause.name, line.gross) for line in into.collected.lines}
    lines = {line.clause.name: line for line in into.collected.lines}
    inner: list[tuple[Group, set[str]]] = []
    for group in _joined_groups(into):
        members = {clause.name for clause in group.members}
        if group.limits:
            if not _is_on_clauses(into, group, members, inner):
                continue
            _can_stand_inside(into, group, members, inner)
            inner.append((group, members))
        Total(into, group, [lines[name] for name in sorted(members)], stage).build()
    for line in into.collected.lines:
        if line.net == line.clause.name:
            _final(into, line, stage[line.clause.name])


def _is_on_clauses(into: AtHand, group: Group, members: set[str], inner: list[tuple[Group, set[str]]]) -> bool:
    """Whether limits have clauses under them, and hold all clauses of the limits inside them."""
    place = into.contract.place(("clauses", group.limits[0][0], "limits"))
    if not members:
        into.problem("BPO251", "limit-on-nothing", place, f"Nothing counts toward {group.name!r}.")
        return False
    if any(members & held and not held <= members for _, held in inner):
        problem = f"The limit {group.name!r} shares clauses with another limit without holding all of its clauses."
        into.problem("BPO252", "limits-cross", place, problem)
        return False
    return True


def _can_stand_inside(into: AtHand, group: Group, members: set[str], inner: list[tuple[Group, set[str]]]) -> None:
    around = [(other, group) for other, held in inner if held <= members]
    around += [(group, other) for other, held in inner if held == members]
    nothing_carried_inside(into, around)
    nothing_pushed_over(into, [(other, group) for other, held in inner if held < members])
    nothing_given_back_of_carried(into, group)


def _joined_groups(into: AtHand) -> list[Group]:
    """The totals, smallest first, those for each lot before those for all.

    A limit that lists just the clauses of a total, or of another limit, is a limit on that total: how they act
    together is then asked of the contract, and never left to their names.
    """
    groups = into.collected.groups.values()
    joined: dict[tuple[frozenset[str], str], Group] = {}
    empty: list[Group] = []
    pers = {group.name: limit_per(into, group) for group in groups}
    listed = {clause.name for group in groups for _, clause in group.limits}
    for group in sorted(groups, key=lambda group: (group.name in listed, group.name)):
        members = frozenset(clause.name for clause in group.members)
        first = joined.setdefault((members, pers[group.name]), group) if members else group
        if not members:
            empty.append(group)
        elif first is not group:
            first.limits = sorted([*first.limits, *group.limits], key=lambda limit: limit[1].name)
            first.also.append(group.name)
    return sorted([*joined.values(), *empty], key=lambda group: (len(group.members), not pers[group.name], group.name))


def _final(into: AtHand, line: Line, stage: str) -> None:
    """What a clause pays in the end, under its own name."""
    place = line.clause_place(into.contract)
    citation = Citation(line.clause.clause, line.clause.words, place)
    into.collected.figure(line.clause.name, n.Name(stage, source=place), citation, line.clause.says, line.per)


class Total:
    """Lowers one total. It knows its own clauses and limits, and of the totals inside it only what they have left of
    each clause: ``stage`` has the figure of that, by clause."""

    def __init__(self, into: AtHand, group: Group, lines: list[Line], stage: dict[str, str]) -> None:
        self._into, self._collected, self._contract = into, into.collected, into.contract
        self._group, self._lines, self._stage = group, lines, stage
        self._per = limit_per(into, group)
        self._signed = is_signed(group, lines)
        self._says = group.name.replace("_", " ")
        if group.limits:
            index, first = group.limits[0]
            place = self._contract.key_place(("clauses", index))
            self._citation = Citation(first.clause, first.words, place)
        else:
            self._citation = Citation("", "", lines[0].clause_place(self._contract))
        self._place = self._citation.source

    def build(self) -> None:
        """The figures of the total before and after its limits, and of what each clause keeps under them."""
        group, per, place = self._group, self._per, self._place
        if per and {line.per for line in self._lines} != {per}:
            problem = f"The limit is for each {per!r}, and its clauses are not."
            at = self._contract.place(("clauses", group.limits[0][0], "for_each"))
            self._into.problem("BPO253", "limit-scope", at, problem)
            return
        members = [self._member(line) for line in self._lines]
        parts = tuple(summed(member, line.per, per, place) for member, line in zip(members, self._lines, strict=True))
        whole = parts[0] if len(parts) == 1 else n.Fold("sum", None, parts, source=place)
        gross = self._collected.figure(f"{group.name}.gross", whole, self._citation, f"{self._says} before limits", per)
        after_limits = limited(self._into, group, gross, per)
        add_carried_lines(self._into, group)
        total = self._collected.figure(self._name(), after_limits, self._citation, f"{self._says} after limits", per)
        for _, clause in group.limits:
            if clause.name in group.also:
                own = Citation(clause.clause, clause.words, place)
                self._collected.figure(clause.name, total, own, clause.says, per)
        if group.limits:
            self._share(members, total)

    def _name(self) -> str:
        """The name of what the limits leave: the total's own, where no figure of the contract has it."""
        name = self._group.name
        own = bool(self._group.limits) and self._group.limits[0][1].name == name
        return name if own or all(figure.name != name for figure in self._collected.figures) else f"{name}.limited"

    def _member(self, line: Line) -> n.Name:
        """What a clause adds to the total: its amount so far, below zero for a credit where bonuses are above it."""
        name = self._stage[line.clause.name]
        if not self._signed or line.sign > 0:
            return n.Name(name, source=self._place)
        signed = n.Name(f"{name}.signed", source=self._place)
        if all(figure.name != signed.name for figure in self._collected.figures):
            node, says = self._below_zero(n.Name(name, source=self._place)), f"{line.clause.says} as an invoice amount"
            self._collected.figure(signed.name, node, self._of(line), says, line.per)
        return signed

    def _share(self, members: list[n.Name], total: n.Name) -> None:
        """What is left of the total, shared over its clauses."""
        how, order = self._sharing()
        by_name = {line.clause.name: member for line, member in zip(self._lines, members, strict=True)}
        grain = self._into.line_rounding(None).grain
        ordered = tuple(by_name[name] for name in order)
        node = n.Allocate(ordered, total, how, grain, source=self._place)
        says = f"shares of {self._says}"
        shares = self._collected.figure(f"{self._group.name}.shares", node, self._citation, says, self._per)
        for line, member in zip(self._lines, members, strict=True):
            kept: n.AnyNode = n.Kept(shares.name, member.name, source=self._place)
            kept = self._below_zero(kept) if self._signed and line.sign < 0 else kept
            name = f"{line.clause.name}.within_{self._group.name}"
            says = f"{line.clause.says}, kept within {self._says}"
            self._collected.figure(name, kept, self._of(line), says, line.per)
            self._stage[line.clause.name] = name

    def _sharing(self) -> tuple[Any, list[str]]:
        """How the clauses share what is left of the total, and their names in that order."""
        group, limits = self._group, [clause for _, clause in self._group.limits]
        said = {(clause.shared, tuple(clause.order)) for clause in limits if clause.shared}
        names = [line.clause.name for line in self._lines]
        all_or_nothing = all(isinstance(clause, SmallestPayment) for clause in limits)
        several = len(names) > 1 or self._lines[0].per != self._per  # amounts under one limit
        index = group.limits[0][0]
        if len(said) > 1 or (not said and not all_or_nothing and several):
            problem = f"Several amounts can be cut by the limit on {group.name!r}, and nothing says which is cut first."
            if len(said) > 1:
                problem = f"The limits on {group.name!r} say different things about how it is shared."
            step = "Add 'shared: pro rata', or 'shared: in order' with 'order: [first kept, …]', to one of them."
            place = self._contract.key_place(("clauses", index))
            self._into.problem("BPO250", "sharing-not-said", place, problem, step)
            return "pro rata", names
        how, order = said.pop() if said else ("in order", ())
        if how == "in order" and order and sorted(order) != names:
            problem = f"'order' names {', '.join(order)}; the clauses under the limit are {', '.join(names)}."
            place = self._contract.place(("clauses", index, "order"))
            self._into.problem("BPO254", "order-incomplete", place, problem)
            return how, names
        return how, list(order) or names

    def _of(self, line: Line) -> Citation:
        return Citation(line.clause.clause, line.clause.words, self._place)

    def _below_zero(self, item: n.AnyNode) -> n.AnyNode:
        return n.Arithmetic("-", ZERO, item, source=self._place)
