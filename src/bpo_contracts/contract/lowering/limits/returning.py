"""Caps over several periods, and what comes back of the amounts granted under them: by an earn-back, or a claw-back.

A cap of twelve months counts what the earlier months of its window were granted. Where a credit of those months was earned
back since, or a bonus taken back, contracts disagree: it stays used (it was granted all the same), or it frees room again.
Where both meet, the contract says which (``returned``).

Room is freed by what came back of the very amounts that the window counts: a return of a credit that has left the window
frees nothing. An earn-back returns the credit of an age, so its period is known. A claw-back takes the oldest first; what
is still open of the window's payments, or was too old to be taken back, stays used. A true-up whose final amount is below what
was paid in the meantime gives the difference back; of which periods it is nobody can say, so it frees room of a limit for the
whole contract only. Room is free from the period after the return on.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Final

from bpo_contracts.contract.clauses.base import Clause
from bpo_contracts.contract.lowering.at_hand import AtHand
from bpo_contracts.contract.lowering.collected import Group
from bpo_contracts.contract.lowering.results import Line
from bpo_contracts.terms import nodes as n
from bpo_contracts.terms.nodes import ZERO
from bpo_contracts.values.sources import Source
from bpo_contracts.values.units import PLAIN, TRUTH

_YES: Final = n.Literal_(True, TRUTH)


def freed(into: AtHand, clause: Any, group: Group, periods: n.Window, per: str, *, signed: bool) -> list[n.AnyNode]:
    """What came back of the amounts in a window, for each clause that gives back; of which every one is a figure."""
    pairs = _returners(into, group)
    _returned_is_said(into, clause, pairs)
    if clause.returned != "frees room":
        return []
    lines = {line.clause.name: line for line in into.collected.lines}
    place = into.place("returned")
    ways = {"earn_back": _earned_back, "claw_back": _taken_back, "true_up": _settled_lower}
    found: list[n.AnyNode] = []
    for returner, member in pairs:
        if returner.name not in lines or member.name not in lines:
            continue
        how = ways[returner.kind]
        for part, part_per in how(into, returner, lines[member.name], lines[returner.name], periods, place):
            whole: n.AnyNode = n.Fold("sum", part, part_per, source=place) if part_per not in ("", per) else part
            down = signed and lines[member.name].sign < 0
            found.append(n.Arithmetic("-", ZERO, whole, source=place) if down else whole)
    return found


def _returners(into: AtHand, group: Group) -> list[tuple[Any, Clause]]:
    """The clauses that give back what members of a total were granted, each with that member."""
    members = {member.name: member for member in group.members}
    found: list[tuple[Any, Clause]] = []
    for one in into.contract.clauses:
        interim = sorted(getattr(one, "interim", ()))
        if {*interim} <= members.keys():
            interim.sort(key=lambda name: members[name].family == "credit")  # a credit stands for credits alone
            given_back = [getattr(one, "returns", None) or "", *interim[:1]]
            found += [(one, members[name]) for name in given_back if name in members]
    return sorted(found, key=lambda pair: pair[0].name)


def _returned_is_said(into: AtHand, clause: Any, pairs: list[tuple[Any, Clause]]) -> None:
    if pairs and clause.returned is None:
        names = ", ".join(returner.name for returner, _ in pairs)
        problem = f"The cap counts what earlier periods were granted, and {names} can give some of it back."
        step = "Say 'returned: stays used', or 'returned: frees room' for later periods."
        into.problem("BPO208", "returned-not-said", into.place("window"), problem, step)


def nothing_returned(into: AtHand, clause: Any, group: Group) -> None:
    """A word that would decide nothing is not taken."""
    if getattr(clause, "returned", None) is None:
        return
    returners = [returner for returner, _ in _returners(into, group)]
    settled_later = [one.name for one in returners if one.kind == "true_up"]
    if clause.returned == "frees room" and settled_later and clause.window not in (None, "the whole contract"):
        problem = f"Of which periods {settled_later[0]!r} gives something back is not known, and the cap counts {clause.window}."
        step = "Say 'returned: stays used', or limit the whole contract."
        into.problem("BPO209", "nothing-returned", into.place("returned"), problem, step)
    elif clause.window is None or not returners:
        why = "the cap has no window" if clause.window is None else "no clause gives back what the cap limits"
        problem = f"'returned: {clause.returned}' would never be used: {why}."
        place = into.place("returned")
        into.problem("BPO209", "nothing-returned", place, problem, "Leave it out.")


# --- earn-backs -------------------------------------------------------------------------------------------------


def _earned_back(
    into: AtHand, returner: Any, member: Line, line: Line, periods: n.Window, place: Source
) -> list[tuple[n.AnyNode, str]]:
    """Of each stage what it returned of credits in the window: those of ``age`` periods before the return."""
    prefix = f"{returner.name}.after_"
    ages = sorted(int(one.name.removeprefix(prefix)) for one in into.collected.figures if one.name.startswith(prefix))
    left: n.AnyNode = n.Name(returner.name, source=place)
    found: list[tuple[n.AnyNode, str]] = []
    for age in reversed(ages):
        part: n.AnyNode = n.Extreme("min", (n.Name(f"{prefix}{age}", source=place), left), source=place)
        left = n.Arithmetic("-", left, part, source=place)
        inside = _since_year(periods, age, place)
        if inside is not None:
            asks = f"did the credit of {age} periods ago fall into this contract year?"
            part = n.Choose(inside, part, ZERO, asks, source=place)
        says = f"returned by {returner.says} of what was granted {age} periods before"
        name = _returned_figure(into, f"returned_{returner.name}_{age}", part, says, line.per)
        window = _shortened(periods, age)
        if window is not None:
            found.append((n.Fold("sum", name, window, none_found=ZERO, source=place), line.per))
    return found


# --- claw-backs -------------------------------------------------------------------------------------------------


def _taken_back(
    into: AtHand, returner: Any, member: Line, line: Line, periods: n.Window, place: Source
) -> list[tuple[n.AnyNode, str]]:
    """What was granted in the window, less what is still open of it, less what was too old to be taken back."""
    name = returner.name
    age = into.phrases.span(returner.within, place)
    granted = n.Fold("sum", n.Name(member.clause.name, source=place), periods, none_found=ZERO, source=place)
    paid, gone = (n.Earlier(f"{name}.{suffix}", 1, ZERO, source=place) for suffix in ("paid", "gone"))
    still_open = n.Arithmetic("-", paid, gone, source=place)
    stays: n.AnyNode = n.Extreme("min", (granted, still_open), source=place)
    window = _shortened(periods, age + 1)
    if window is not None:
        expired: n.AnyNode = n.Name(f"{name}.expired", source=place)
        inside = _since_year(periods, age + 1, place)
        if inside is not None:
            asks = "did the payment that is too old fall into this contract year?"
            own = n.Choose(inside, expired, ZERO, asks, source=place)
            says = f"too old for {returner.says}, of this contract year"
            expired = _returned_figure(into, f"expired_{name}", own, says, line.per)
        too_old = n.Fold("sum", expired, window, none_found=ZERO, source=place)
        stays = n.Arithmetic("+", stays, too_old, source=place)
    freed = n.Arithmetic("-", granted, stays, source=place)
    says = f"taken back by {returner.says} of what earlier periods were granted"
    return [(_returned_figure(into, f"returned_{name}", freed, says, line.per), line.per)]


# --- true-ups ---------------------------------------------------------------------------------------------------


def _settled_lower(
    into: AtHand, returner: Any, member: Line, line: Line, periods: n.Window, place: Source
) -> list[tuple[n.AnyNode, str]]:
    """What true-ups gave back: a credit that is settled lower is an amount above zero, all else one below."""
    settled: n.AnyNode = n.Name(returner.name, source=place)
    back = settled if member.family == "credit" else n.Arithmetic("-", ZERO, settled, source=place)
    part = n.Extreme("max", (ZERO, back), source=place)
    says = f"given back by {returner.says}"
    name = _returned_figure(into, f"returned_{returner.name}", part, says, line.per)
    return [(n.Fold("sum", name, periods, none_found=ZERO, source=place), line.per)]


def _returned_figure(into: AtHand, suffix: str, node: n.AnyNode, says: str, per: str) -> n.Name:
    return into.figure_at(suffix, node, says, into.place("returned"), per=per)


def _since_year(periods: n.Window, age: int, place: Source) -> n.AnyNode | None:
    """Whether the period so many periods ago lies in this contract year, for a window of the contract year."""
    if not periods.since:
        return None
    passed = n.Fold("count", _YES, n.Window(None, previous=True, since=periods.since), source=place)
    return n.Test(">=", passed, n.Quantity(Fraction(age), PLAIN), source=place)


def _shortened(periods: n.Window, age: int) -> n.Window | None:
    """The earlier periods in which something could come back of what the window counts; None if there are none."""
    if periods.length is None:
        return periods
    length = periods.length - age
    return n.Window(length, previous=True, short="the periods there are") if length > 0 else None
