"""Sets of credits that exclude one another: of each incident, or period, one set is paid."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from bpo_contracts.contract.lowering.at_hand import AtHand
from bpo_contracts.contract.lowering.provisions.items import agrees, are_columns
from bpo_contracts.contract.lowering.results import Line
from bpo_contracts.terms import nodes as n
from bpo_contracts.terms.nodes import ZERO
from bpo_contracts.values.sources import Citation, Source
from bpo_contracts.values.units import WORD

_NONE = "none"


def exclude(into: AtHand) -> dict[str, str]:
    """The figures of all exclusions, when all clauses have spoken; of each clause in a set the one of what it pays."""
    combined: dict[str, str] = {}
    for clause in sorted(into.collected.exclusions, key=lambda one: one.name):
        with into.clause(clause):
            lines = _excluded_lines(into, clause, combined)
            if lines:
                combined |= _exclude(into, clause, lines)
    return combined


def _excluded_lines(into: AtHand, clause: Any, combined: Container[str]) -> dict[str, Line]:
    """The lines of all sets by clause; none (and findings) if they cannot exclude one another."""
    known = {line.clause.name: line for line in into.collected.lines}
    names = [name for members in clause.sets.values() for name in members]
    place = into.place("sets")
    for name in names:
        problem = ""
        if name not in known:
            problem = f"{name!r} is not a clause that pays."
        elif name in combined:
            problem = f"{name!r} is in two exclusions; a clause is in one."
        elif getattr(known[name].clause, "only_the_highest_per", ()):
            problem = f"{name!r} pays only the highest of an incident already; let the exclusion do it, or the clause."
        if problem:
            into.problem("BPO266", "not-excludable", place, problem)
            return {}
    pers = {into.per_of(known[name].clause) for name in names}
    per = next(iter(pers))
    if len(pers) > 1 or (bool(clause.same) != (per in into.contract.lists)):
        problem = (
            "The clauses of an exclusion are all about items of one list, with 'same' to tell its incidents apart,"
        )
        problem += " or none of them is."
        into.problem("BPO267", "exclusion-over-different-things", place, problem)
        return {}
    if clause.same and not are_columns(into, per, clause.same, "same"):
        return {}
    return {name: known[name] for name in names}


def _exclude(into: AtHand, clause: Any, lines: dict[str, Line]) -> dict[str, str]:
    """The figures of one exclusion; of each of its clauses the one of what it pays."""
    per = into.per_of(next(iter(lines.values())).clause)
    place = into.place("sets")
    suffix = "each" if clause.same else "gross"
    for name, members in sorted(clause.sets.items()):
        parts = [n.Name(f"{member}.{suffix}", source=place) for member in sorted(members)]
        whole: n.AnyNode = parts[0] if len(parts) == 1 else n.Fold("sum", None, tuple(parts), source=place)
        if clause.same:
            whole = n.Fold("sum", whole, per, agrees(clause.same, place), source=place)
        into.figure(name, whole, f"set {name.replace('_', ' ')}", per=per)
    into.figure("taken", _taken(into, clause, per), "set that is paid", per=per)
    return {
        member: _keep_taken(into, clause, name, lines[member], per)
        for name, members in sorted(clause.sets.items())
        for member in sorted(members)
    }


def _keep_taken(into: AtHand, clause: Any, set_name: str, line: Line, per: str) -> str:
    """What a clause pays once the sets have been compared: all or nothing, incident by incident."""
    place, member = into.place("sets"), line.clause
    citation = Citation(member.clause, member.words, into.opening())
    is_taken = n.Test("==", into.name("taken"), n.Literal_(set_name, WORD), source=place)
    own = n.Name(f"{member.name}.each" if clause.same else line.gross, source=place)
    kept: n.AnyNode = n.Choose(is_taken, own, ZERO, f"is {set_name} the set that is paid?", source=place)
    name = f"{member.name}.within_{clause.name}"
    says = f"{member.says} within {clause.says}"
    if clause.same:
        each = f"{member.name}.each_within_{clause.name}"
        item = into.collected.figure(each, kept, citation, f"{says}, for the item", per, source=place)
        kept = n.Fold("sum", item, per, source=place)
        if getattr(member, "rounded", None) == "the sum":
            path = ("clauses", into.index_of(member), "round")
            rounding = into.phrases.line_rounding(getattr(member, "round", None), path)
            kept = n.Round(kept, rounding, source=place)
        per = ""
    into.collected.figure(name, kept, citation, says, per, source=place)
    return name


def _taken(into: AtHand, clause: Any, per: str) -> n.AnyNode:
    """The name of the set that is paid, as a word."""
    if clause.take != "elected":
        return _by_size(into, clause, clause.take)
    if clause.not_elected == "none":
        otherwise: n.AnyNode = n.Literal_(_NONE, WORD, source=into.place("not_elected"))
    else:
        otherwise = _by_size(into, clause, clause.not_elected)
    return _elected(into, clause, per, otherwise)


def _by_size(into: AtHand, clause: Any, take: str) -> n.AnyNode:
    """The larger or smaller set; of equal ones the first in ``if_equal``."""
    place = into.place("if_equal")
    *others, last = clause.if_equal
    chosen: n.AnyNode = n.Literal_(last, WORD, source=place)
    operator: n.CompareOperator = ">=" if take == "larger set" else "<="
    for position, name in reversed(list(enumerate(others))):
        later = clause.if_equal[position + 1 :]
        tests = tuple(n.Test(operator, into.name(name), into.name(other), source=place) for other in later)
        wins = tests[0] if len(tests) == 1 else n.Every(tests, source=place)
        asks = f"is {name} the {take}?"
        chosen = n.Choose(wins, n.Literal_(name, WORD, source=place), chosen, asks, source=place)
    return chosen


def _sets_can_be_elected(into: AtHand, clause: Any, per: str, place: Source) -> None:
    """Whether the words of an election hold the name of every set."""
    column = into.contract.lists[per].words.get(clause.elected_by, ()) if per in into.contract.lists else ()
    measure = into.contract.measures.get(clause.elected_by)
    words = column or (measure.words if measure is not None else ())
    never = [name for name in sorted(clause.sets) if words and name not in words]
    if never:
        problem = f"The set {never[0]!r} can never be elected: {clause.elected_by!r} is one of {', '.join(words)}."
        step = "Give the sets the names that are reported, or add the words."
        into.problem("BPO266", "not-excludable", place, problem, step)


def _elected(into: AtHand, clause: Any, per: str, otherwise: n.AnyNode) -> n.AnyNode:
    """The set that is elected; an election of no set, or of two for one incident, is refused."""
    place = into.place("elected_by")
    elected = n.Name(clause.elected_by, source=place)
    _sets_can_be_elected(into, clause, per, place)

    def anywhere(condition: n.AnyNode) -> n.AnyNode:
        if not clause.same:
            return condition
        return n.Fold("any", condition, per, agrees(clause.same, place), none_found=None, source=place)

    known = n.Known(elected, source=place)
    chosen: n.AnyNode = otherwise
    reason = f"{clause.elected_by!r} names no set of clause {clause.clause}, or two for one incident"
    refused = n.NoValue(reason, refused=True, source=place)
    chosen = n.Choose(anywhere(known), refused, otherwise, "is there any other election?", source=place)
    for name in sorted(clause.sets, reverse=True):
        this = n.Test("==", elected, n.Literal_(name, WORD), source=place)
        is_this = n.Every((known, this), source=place)
        is_other = n.Every((known, n.Not(this, source=place)), source=place)
        only: n.AnyNode = is_this
        if clause.same:
            only = n.Every((anywhere(is_this), n.Not(anywhere(is_other), source=place)), source=place)
        word = n.Literal_(name, WORD, source=place)
        chosen = n.Choose(only, word, chosen, f"is {name} elected?", source=place)
    return chosen
