"""The order in which the limits on one total act."""

from __future__ import annotations

from typing import Any

from bpo_contracts.contract.clauses.smallest_payment import SmallestPayment
from bpo_contracts.contract.lowering.at_hand import AtHand
from bpo_contracts.contract.lowering.collected import Group


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
