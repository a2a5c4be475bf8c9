"""Does an amendment change a unit where earlier periods are looked at?

Minutes are read as hours. Percentages are not read as points: a window that holds periods of before and of after the amendment
has no value, and the periods from the amendment on could not be settled.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from bpo_contracts.contract.contract import Contract
from bpo_contracts.contract.references import Part, full_name, parts_below
from bpo_contracts.terms import nodes as n
from bpo_contracts.values.findings import Finding
from bpo_contracts.values.periods import months_of, period_containing
from bpo_contracts.values.units import ANY_ZERO, Unit

if TYPE_CHECKING:
    from bpo_contracts.contract.lowering import Terms


def units_that_change(signed: Contract, index: int, before: Sequence[Terms], after: Terms) -> Iterator[Finding]:
    """BPO169 for what the version ``after`` the amendment ``index`` looks back at, and one of the versions ``before`` has in a
    unit that does not convert: periods from then on could not be settled (BPO414)."""
    last = [_period_of(signed, one.effective_on) - 1 for one in signed.amendments[: index + 1]]
    told: set[str] = set()
    for figure in after.program.figures:
        for looks, name in _looked_at(after, figure):
            first = _reached(signed, looks, _period_of(signed, signed.amendments[index].effective_on))
            reached = [
                one for one, until in zip(before, last, strict=True) if until >= first and _is_in(name, one, after)
            ]
            now, then = after.program.units[name], [one.program.units[name] for one in reached]
            if name not in told and any(not _converts(unit, now) for unit in then):
                told.add(name)
                yield _unit_changed(signed, index, figure, name, then[-1], now)


def _period_of(signed: Contract, day: date) -> int:
    return period_containing(day, signed.every, signed.anchor_day).number


def _looked_at(terms: Terms, figure: n.Figure) -> Iterator[tuple[n.Earlier | n.Window, str]]:
    """What a figure reads of earlier periods whenever it is read, and which ones: a choice may keep its two sides from being
    read, and a streak may end before it comes to them."""
    whole = (Part(figure.node, (figure.per,) if figure.per else (), looks_back=False),) if figure.node else ()
    for part in [below for one in whole for below in parts_below(one, chosen=False)]:
        node, window = part.node, n.window_of(part.node)
        if isinstance(node, n.Earlier):
            yield node, full_name(terms, part)
        elif isinstance(node, n.Fold) and window is not None and node.kind != "streak":
            read = [replace(part, node=one) for one in (node.item, node.where) if one is not None]
            for below in [one for start in read for one in parts_below(start, chosen=False)]:
                if isinstance(below.node, n.Name) and not below.node.outer:
                    yield window, full_name(terms, below)


def _reached(signed: Contract, looks: n.Earlier | n.Window, period: int) -> int:
    """The number of the earliest period that is looked at when this one is settled."""
    if isinstance(looks, n.Earlier):
        return period - looks.periods
    window, begins = looks, signed.first_period.number
    if not window.since:
        back = window.length if window.previous or window.length is None else window.length - 1
        return begins if back is None else period - back
    every, months = signed.every.value, months_of(window.since)
    since = (period - (begins if window.since == "year" else 0)) * every % months // every
    return period - since - (months // every if window.before else 0)


def _is_in(figure: str, before: Terms, after: Terms) -> bool:
    """Whether a version has the figure that is looked back at, for each of the same."""
    both = figure in before.program.slots and figure in after.program.slots
    return both and before.program.figure(figure).per == after.program.figure(figure).per


def _converts(one: Unit, other: Unit) -> bool:
    """Whether values in the one unit can be read in the other: minutes as hours, and not as calls."""
    return ANY_ZERO in (one, other) or (one.kind, one.dims, one.share) == (other.kind, other.dims, other.share)


def _unit_changed(signed: Contract, index: int, figure: n.Figure, looked_at: str, then: Unit, now: Unit) -> Finding:
    amendment = signed.amendments[index]
    owners = [name.partition(".")[0] for name in (looked_at, figure.name)]
    about = [f"{part}/{owner}" for owner in owners for part in ("measures", "figures", "clauses")]
    place = signed.change_place(index, amendment.about(*about)[:1])
    problem = (
        f"{figure.name!r} looks back at {looked_at!r}, which is in {then} before {amendment.effective_on} and in {now} from"
        " then on: what looks past that day could not be settled (BPO414)."
    )
    step = "Give what is measured from then on a name of its own, or amend what looks back at it."
    return Finding("BPO169", "unit-changes-in-a-window", place, problem, step)
