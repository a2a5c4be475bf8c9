"""Totals and the limits on them: which of them are one, which act first, and which cannot stand side by side."""

from __future__ import annotations

from collections.abc import Mapping

from bpo_contracts.contract.lowering.at_hand import AtHand
from bpo_contracts.contract.lowering.collected import Group
from bpo_contracts.contract.lowering.limits.nesting import (
    limit_per,
    nothing_carried_inside,
    nothing_given_back_of_carried,
    nothing_pushed_over,
)
from bpo_contracts.contract.lowering.limits.total import Total
from bpo_contracts.contract.lowering.results import Line
from bpo_contracts.terms import nodes as n
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
