"""In which order the limits on a total act, what they leave of it one after the other, and how much room a limit has."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bpo_contracts.contract.clauses.smallest_payment import SmallestPayment
from bpo_contracts.contract.lowering.at_hand import AtHand
from bpo_contracts.contract.lowering.collected import Group
from bpo_contracts.contract.lowering.limits.carrying import carry, limit_as_paid
from bpo_contracts.contract.lowering.limits.returning import freed, nothing_returned
from bpo_contracts.contract.lowering.limits.thresholds import smallest_of_total
from bpo_contracts.contract.lowering.results import Line
from bpo_contracts.terms import nodes as n
from bpo_contracts.terms.nodes import ZERO
from bpo_contracts.values.rounding import Mode, Rounding
from bpo_contracts.values.sources import Source


def in_order(into: AtHand, group: Group) -> list[tuple[int, Any]]:
    """The limits on a total as they act: its caps, and then the smallest payment, which is asked of what they leave."""
    caps = [limit for limit in group.limits if not isinstance(limit[1], SmallestPayment)]
    smallest = [limit for limit in group.limits if isinstance(limit[1], SmallestPayment)]
    return [*_caps_in_order(into, group.name, caps), *smallest]


def _caps_in_order(into: AtHand, total: str, caps: list[tuple[int, Any]]) -> list[tuple[int, Any]]:
    """The caps and collars on a total in the order in which they act, as ``after`` says.

    Among those whose excess is lost the order does not matter. A limit that carries comes before or after any other:
    after it, a limit is on what is paid; before it, on what arises.
    """
    _named_is_there(into, total, caps)
    waiting = list(caps)
    ordered: list[tuple[int, Any]] = []
    while waiting:
        names = {clause.name for _, clause in waiting}
        first = [limit for limit in waiting if not names & {*_after(limit)}]
        lost = [limit for limit in first if limit[1].excess == "lost"]
        if not lost and len(first) != 1:
            _in_no_order(into, first or waiting)
            return [*ordered, *waiting]
        ordered += lost or first
        waiting = [limit for limit in waiting if limit not in ordered]
    unsaid = [limit for limit in ordered if not _is_placed(limit, ordered)]
    if unsaid:
        _in_no_order(into, [limit for limit in ordered if limit in unsaid or limit[1].excess == "carried"])
    return ordered


def _named_is_there(into: AtHand, total: str, caps: list[tuple[int, Any]]) -> None:
    """Whether ``after`` names limits on this total."""
    names = {clause.name for _, clause in caps}
    for index, clause in caps:
        others = [name for name in _after((index, clause)) if name == clause.name or name not in names]
        if others:
            place = into.contract.place(("clauses", index, "after"))
            problem = f"'after' names {others[0]!r}, and that is no other limit on {total!r}."
            step = "Name the limit that acts before this one."
            into.problem("BPO258", "carried-in-no-order", place, problem, step)


def _in_no_order(into: AtHand, limits: list[tuple[int, Any]]) -> None:
    names = sorted(clause.name for _, clause in limits)
    problem = (
        f"Of {' and '.join(names)} on one total it is not said which acts after which, and an excess is carried to later"
        " periods."
    )
    step = (
        "Write 'after: …' in the one that acts later. After a cap that carries, another one limits what is paid; before it,"
        " what arises."
    )
    place = into.contract.key_place(("clauses", max(index for index, _ in limits)))
    into.problem("BPO258", "carried-in-no-order", place, problem, step)


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


def limited(into: AtHand, group: Group, total: n.AnyNode, per: str) -> n.AnyNode:
    """What all limits leave of a total, each with its own figures."""
    group.ordered = in_order(into, group)
    for _, clause in group.ordered:
        with into.clause(clause):
            if isinstance(clause, SmallestPayment):
                total = smallest_of_total(into, clause, group, total, per)
            else:
                total = _within(into, clause, group, total, per)
    return total


def _within(into: AtHand, clause: Any, group: Group, total: n.AnyNode, per: str) -> n.AnyNode:
    """What a cap or collar leaves of a total; the clause is at hand."""
    place = into.place("at_most")
    rounding = into.line_rounding(clause.round)
    room = _room(into, clause, group, per)
    rounded = n.Round(room, _never_above(into, "at_most", clause, rounding), source=place)
    has_least = getattr(clause, "at_least", None) is not None
    says = f"{clause.says}, upper end" if has_least else clause.says
    most = into.figure_at("at_most", n.Extreme("max", (ZERO, rounded), source=place), says, place, per=per)
    if clause.excess == "carried":
        return carry(into, clause, group, total, per)
    if group.carried:
        return limit_as_paid(into, clause, group, total, per)
    total = n.Extreme("min", (total, most), source=place)
    if not has_least:
        return total
    place = into.place("at_least")
    rounding = _never_above(into, "at_least", clause, rounding)
    rounded = n.Round(into.formula("at_least"), rounding, source=place)
    says = f"{clause.says}, lower end"
    least = into.figure_at("at_least", n.Extreme("min", (ZERO, rounded), source=place), says, place, per=per)
    return n.Extreme("max", (total, least), source=place)


def _never_above(into: AtHand, field: str, clause: Any, rounding: Rounding) -> Rounding:
    """An amount that is written as the limit is not lifted by the rounding of lines: of 10.5 JPY, 10 are paid."""
    written = into.formula(field)
    between = isinstance(written, n.Quantity) and bool(written.value % rounding.grain)
    return replace(rounding, mode=Mode.DOWN) if between and clause.round is None else rounding


def _room(into: AtHand, clause: Any, group: Group, per: str) -> n.AnyNode:
    """What the limit allows: ``at_most``, less what earlier periods of its window have used."""
    allowed = into.formula("at_most")
    window = getattr(clause, "window", None)
    nothing_returned(into, clause, group)
    if window is None:
        return allowed
    place = into.place("window")
    periods = into.phrases.window(window, place)
    if periods is None or periods.length == 0:
        return allowed  # a window of this period alone: no earlier one has used anything
    granted = _granted(into, clause, group, per, place)
    used: n.AnyNode = n.Fold("sum", granted, periods, none_found=ZERO, source=place)
    for back in freed(into, clause, group, periods, per, signed=is_signed(group, _lines_of(into, group))):
        used = n.Arithmetic("-", used, back, source=place)
    says = f"used of {clause.says} in earlier periods"
    used = into.figure_at("used", used, says, place, per=per)
    return n.Arithmetic("-", allowed, used, source=place)


def _granted(into: AtHand, clause: Any, group: Group, per: str, place: Source) -> n.Name:
    """What a period used of a limit over periods: what was paid, also of what had been carried.

    Where a later limit carries the excess, it is what was granted and is paid sooner or later. It has the limit's own
    name, however the limit says what it is on: an amendment of that must not empty the window.
    """
    carried = [limit for _, limit in group.ordered if limit.excess == "carried"]
    if clause.excess == "carried" or group.carried:
        node: n.AnyNode = n.Name(f"{clause.name}.paid", source=place)
    elif carried:
        node = n.Name(f"{carried[0].name}.new", source=place)
    else:
        lines = sorted(_lines_of(into, group), key=lambda one: one.clause.name)
        signed = is_signed(group, lines)
        parts = tuple(_paid_in_the_end(line, per, place, signed=signed) for line in lines)
        node = parts[0] if len(parts) == 1 else n.Fold("sum", None, parts, source=place)
    return into.figure_at("granted", node, f"{group.name.replace('_', ' ')} after all limits", place, per=per)


def _lines_of(into: AtHand, group: Group) -> list[Line]:
    members = {member.name for member in group.members}
    return [line for line in into.collected.lines if line.clause.name in members]


def _paid_in_the_end(line: Line, per: str, place: Source, *, signed: bool) -> n.AnyNode:
    paid = summed(n.Name(line.clause.name, source=place), line.per, per, place)
    return n.Arithmetic("-", ZERO, paid, source=place) if signed and line.sign < 0 else paid


def is_signed(group: Group, lines: list[Line]) -> bool:
    """Whether the total counts bonuses above and credits below zero."""
    families = {line.family for line in lines}
    collar = any(getattr(clause, "at_least", None) is not None for _, clause in group.limits)
    return collar or len(families) > 1 or families == {"both ways"}


def summed(member: n.Name, member_per: str, total_per: str, place: Source) -> n.AnyNode:
    """A member's part of a total: its own amount, or the sum over its lots where the total has none."""
    if member_per and member_per != total_per:
        return n.Fold("sum", member, member_per, source=place)
    return member
