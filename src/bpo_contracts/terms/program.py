"""A contract's figures in order, with their units: what ``check`` proves and ``evaluate`` runs.

"Order within a period is the shape of the references": names make a graph; within a period it has no circle; a name
reaches
itself only through earlier periods. So the order of clauses, figures, facts and rows cannot matter.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Final

from bpo_contracts.terms.items import dimensions, is_at_hand
from bpo_contracts.terms.misfits import as_sentence
from bpo_contracts.terms.nodes import (
    DAYS_IN_PERIOD,
    AnyNode,
    Earlier,
    Figure,
    Fold,
    Kept,
    Name,
    all_in,
    children,
    looks_back,
    window_of,
)
from bpo_contracts.terms.units import UnitReader
from bpo_contracts.values.findings import SHOWN_MAX, BadInput, Finding
from bpo_contracts.values.frozen import frozen
from bpo_contracts.values.sources import NOWHERE, Source
from bpo_contracts.values.units import ANY_ZERO, Unit, WrongUnit

SEARCHED_MAX: Final = 1000
"""Among more figures than this no similar name is looked for: comparing takes long, and the message is to come at once."""


@frozen
class Program:
    """Figures in an order in which each stands after what it refers to (ties by name: any document order gives the
    same).

    ``lists`` names the item lists and scopes that figures may be ``per``; ``agreed`` the figures that are agreed and not
    settled (parameters): an earlier period has their value as it is agreed now, if it has none of its own.
    """

    figures: tuple[Figure, ...]
    units: Mapping[str, Unit]
    lists: tuple[str, ...]
    agreed: frozenset[str] = frozenset()

    @cached_property
    def slots(self) -> dict[str, int]:
        """Where each figure stands in the order."""
        return {figure.name: index for index, figure in enumerate(self.figures)}

    @cached_property
    def premises(self) -> dict[str, tuple[str, ...]]:
        """The figures of the same period each figure refers to, in reading order, each once."""
        return {figure.name: premises_of(figure, self.names) for figure in self.figures}

    @cached_property
    def names(self) -> Names:
        """Finds figures by the names that formulas use."""
        return Names(self.figures)

    @cached_property
    def looks_back(self) -> bool:
        """Whether any figure refers to an earlier period."""
        nodes = (figure.node for figure in self.figures if figure.node is not None)
        return any(looks_back(part) for node in nodes for part in all_in(node))

    def figure(self, name: str) -> Figure:
        """The figure of this name."""
        return self.figures[self.slots[name]]


class Names:
    """Finds the figure that a name means inside item contexts: the item's columns first, then the period's figures."""

    def __init__(self, figures: Iterable[Figure]) -> None:
        self._per = {figure.name: figure.per for figure in figures}

    def __contains__(self, name: str) -> bool:
        return name in self._per

    def per(self, name: str) -> str:
        """What the figure has one value for each of; "" if one for the period."""
        return self._per[name]

    def find(self, name: str, inside: Sequence[str], outer: int = 0) -> str:
        """The full name of the figure.

        Raises:
            WrongUnit: if nothing is called so, or it has one value per item of a list that is not at hand.
        """
        anywhere = [one for one in inside if one == "*"]
        contexts = [one for one in inside if one != "*"]
        # Over periods "this item's" is that of the figure, without an item in between.
        stack = [*contexts[: max(len(contexts) - outer, min(len(contexts), 1))], *anywhere]
        for per in reversed(stack):
            for one in (per, *dimensions(per)):
                if f"{one}.{name}" in self._per:
                    return f"{one}.{name}"
        if name not in self._per:
            raise WrongUnit(f"nothing is called {name!r}{self._near(name, stack)}")
        per = self._per[name]
        if not is_at_hand(stack, per) and "*" not in stack:
            raise WrongUnit(_one_for_each(name, per))
        return name

    def _near(self, name: str, stack: Sequence[str]) -> str:
        columns = [full.removeprefix(f"{per}.") for per in stack for full in self._per if full.startswith(f"{per}.")]
        known = [*columns, *self._per] if len(self._per) <= SEARCHED_MAX else columns
        near = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
        return f"; did you mean {near[0]!r}?" if near else "; declare it as a measure, a figure or a clause"


def _one_for_each(name: str, per: str) -> str:
    scopes = ", ".join(dimensions(per))
    total = f"sum of {name} for each {scopes}"
    if "," in per:  # in brackets it is clear in every place that the comma does not end it
        return f"{name!r} has one value for each of {scopes!r} together; add 'for_each: [{scopes}]', or aggregate it: ({total})"
    return f"{name!r} has one value for each of {per!r}; add 'for_each: {per}', or aggregate it: {total}"


def same_period_references(
    node: AnyNode, inside: tuple[str, ...], outside: int | None = None
) -> list[tuple[Name | Kept, tuple[str, ...]]]:
    """References that need a value of this very period, each with the item contexts it stands in.

    Within a window of earlier periods those are the ones to an item from ``outside`` it: so many contexts were open there.
    """
    if isinstance(node, Name | Kept):
        here = outside is None or (isinstance(node, Name) and is_bound_outside(node, inside, outside))
        return [(node, inside)] if here else []
    context = (*inside, node.over) if isinstance(node, Fold) and isinstance(node.over, str) else inside
    window = window_of(node)
    if outside is None and window is not None and window.previous:
        outside = len(inside)
    found: list[tuple[Name | Kept, tuple[str, ...]]] = []
    for child in children(node):
        found += same_period_references(child, context, outside)
    return found


def is_bound_outside(name: Name, inside: Sequence[str], outside: int) -> bool:
    """Whether ``this item's x``, within a window of periods, is about an item of the period that is settled.

    ``outside`` item contexts were open where the window begins.
    """
    return bool(name.outer) and len(inside) - name.outer <= outside


def premises_of(figure: Figure, names: Names) -> tuple[str, ...]:
    """The figures of the same period that a figure refers to, by full name, in reading order."""
    if figure.node is None:
        return ()
    inside = (figure.per,) if figure.per else ()
    found: dict[str, None] = {}
    for reference, context in same_period_references(figure.node, inside):
        if isinstance(reference, Kept):
            found[reference.allocation] = None
        else:
            found[names.find(reference.name, (*context, "*"), reference.outer)] = None
    return tuple(found)


def build_program(
    figures: Sequence[Figure],
    lists: Sequence[str],
    *,
    meant: Mapping[str, Unit] | None = None,
    agreed: Iterable[str] = (),
) -> Program:
    """Checks names, circles and units, and puts the figures in order.

    ``meant``: the unit that some figures must have. One that has another is for the caller to refuse; here what is made
    of it is read as if it fitted, so that one mistake is one finding.

    Raises:
        BadInput: with every finding: BPO200 two of one name, BPO201 unknown name, BPO202 circle, BPO230 units, BPO237 unknown
            list or scope.
    """
    findings = _twice(figures)
    if findings:
        raise BadInput(findings)
    findings = _unknown_lists(figures, {*lists, DAYS_IN_PERIOD})
    if findings:
        raise BadInput(findings)
    names = Names(figures)
    by_name = {figure.name: figure for figure in figures}
    edges: dict[str, tuple[str, ...]] = {}
    for figure in figures:
        if len(findings) >= SHOWN_MAX:
            break
        try:
            edges[figure.name] = premises_of(figure, names)
        except WrongUnit as wrong:
            findings += _unknown_names(figure, names, str(wrong))
            edges[figure.name] = ()
    if findings:
        raise BadInput(findings)
    ordered = [by_name[name] for name in _sorted(edges, by_name)]
    units = _units(ordered, names, meant or {})
    return Program(tuple(ordered), units, tuple(sorted(lists)), frozenset(agreed))


def _twice(figures: Sequence[Figure]) -> list[Finding]:
    seen: dict[str, Figure] = {}
    findings = []
    for figure in figures:
        if figure.name in seen:
            findings.append(
                Finding(
                    "BPO200",
                    "name-twice",
                    figure.source,
                    f"{figure.name!r} is defined twice.",
                    "A name means one thing: rename one of the two.",
                    (seen[figure.name].source,),
                )
            )
        seen.setdefault(figure.name, figure)
    return findings


def _unknown_lists(figures: Sequence[Figure], known: Collection[str]) -> list[Finding]:
    findings = []
    scopes = {figure.per for figure in figures if figure.name == f"{figure.per}.{figure.per}"}
    for figure in figures:
        nodes = all_in(figure.node) if figure.node is not None else ()
        for over in (node for node in nodes if isinstance(node, Fold) and isinstance(node.over, str)):
            if over.over in known:
                continue
            place = over.source if over.source != NOWHERE else figure.source
            findings.append(_unknown_list(str(over.over), place, known, scopes))
    return findings


def _unknown_list(over: str, place: Source, known: Collection[str], scopes: set[str]) -> Finding:
    """``known`` are lists, scopes and combinations of scopes; those of ``scopes`` are surely no lists."""
    named = dimensions(over)
    single = [one for one in known if "," not in one and one != DAYS_IN_PERIOD]
    unknown = next((one for one in named if one not in single), None)
    if unknown is not None:
        problem = f"{unknown!r} is neither a scope nor a list of this contract ({', '.join(sorted(single)) or 'none are declared'})."
        near = difflib.get_close_matches(unknown, single, n=1, cutoff=0.6)
        step = "Declare it under 'scopes' ('site: [north, south]') or 'lists', or name one that is there."
        step = f"Write {near[0]!r} if that is meant." if near else step
    elif not scopes.issuperset(named):
        listed = next(one for one in named if one not in scopes)
        problem = f"{listed!r} is a list; only scopes are combined."
        step = "Aggregate over the list alone; its columns say which lot an item belongs to, as in 'where (site is \"north\")'."
    else:
        many = ", ".join(named)
        problem = f"Nothing is for each of {many!r} together."
        step = f"Give what is aggregated a name of its own, as a figure with 'for_each: [{many}]'."
    return Finding("BPO237", "unknown-scope", place, problem, step)


def _unknown_names(figure: Figure, names: Names, fallback: str) -> list[Finding]:
    findings = []
    inside = (figure.per,) if figure.per else ()
    if figure.node is None:
        return []
    for reference, context in same_period_references(figure.node, inside):
        if isinstance(reference, Kept):
            continue
        try:
            names.find(reference.name, context, reference.outer)
        except WrongUnit as wrong:
            problem = str(wrong)
            problem, step = as_sentence(problem), _name_step(reference.name, problem)
            findings.append(Finding("BPO201", "unknown-name", reference.source, problem, step))
    return findings or [Finding("BPO201", "unknown-name", figure.source, fallback, _name_step("", fallback))]


def _name_step(name: str, problem: str) -> str:
    if "did you mean" in problem:
        return "Write the name that is meant, as it stands where it is declared."
    if "for each of" in problem:  # the name is known, and has a value for each lot
        return "Do the one that is meant."
    declare = (
        f"Declare it where it belongs, as in 'parameters: {{{name or 'agreed_fee'}: 100.00 EUR}}', or correct the name"
    )
    return f"{declare}; a word stands in double quotes, as in '\"{name or 'high'}\"'."


def _sorted(edges: Mapping[str, tuple[str, ...]], figures: Mapping[str, Figure]) -> list[str]:
    """Topological order, depth first over sorted names, without recursion (contracts may chain hundreds of figures)."""
    ordered: list[str] = []
    state: dict[str, int] = {}
    for root in sorted(edges):
        path = [(root, iter(sorted(edges[root])))] if root not in state else []
        if path:
            state[root] = 1
        while path:
            name, rest = path[-1]
            for needed in rest:
                if state.get(needed) == 1:
                    raise BadInput([_circle([step for step, _ in path], needed, figures)])
                if needed not in state:
                    state[needed] = 1
                    path.append((needed, iter(sorted(edges[needed]))))
                    break
            else:
                state[name] = 2
                ordered.append(name)
                path.pop()
    return ordered


def _circle(path: list[str], back_to: str, figures: Mapping[str, Figure]) -> Finding:
    circle = [*path[path.index(back_to) :], back_to]
    return Finding(
        "BPO202",
        "depends-on-itself",
        figures[back_to].source,
        f"In the same period {' needs '.join(repr(name) for name in circle)}: no order can settle that.",
        "Contracts break such a circle by taking the amount before the adjustment (use '.gross') or the previous period's.",
        tuple(dict.fromkeys(figures[name].source for name in circle[1:-1])),
    )


def _units(ordered: Sequence[Figure], names: Names, meant: Mapping[str, Unit]) -> dict[str, Unit]:
    units: dict[str, Unit] = {figure.name: figure.unit for figure in ordered if figure.unit is not None}

    def resolve(reference: Name | Earlier | Kept, inside: tuple[str, ...]) -> Unit:
        if isinstance(reference, Kept):
            return units[names.find(reference.member, (*inside, "*"))]
        outer = reference.outer if isinstance(reference, Name) else 0
        full = names.find(reference.name, inside, outer)
        # What stands later in the order is only looked back at: by "… ago", or inside a window of earlier periods.
        unit = units[full] if full in units else later[full]
        return ANY_ZERO if full in meant and unit != meant[full] else unit

    later = _self_referring(ordered, names, resolve, units)
    reader = UnitReader(resolve, {figure.name: figure.node for figure in ordered})
    for figure in ordered:
        if figure.node is not None:
            known = len(reader.findings)
            inferred = reader.read(figure.node, (figure.per,) if figure.per else ())
            reader.findings[known:] = [_placed(finding, figure) for finding in reader.findings[known:]]
            units.setdefault(figure.name, inferred)
            if figure.unit is not None and figure.unit != inferred:
                reader.findings.append(
                    Finding(
                        "BPO232",
                        "not-the-declared-unit",
                        figure.source,
                        f"{figure.says or figure.name} is declared in {figure.unit}, and its formula gives {inferred}.",
                        "Correct the formula or the unit.",
                    )
                )
    if reader.findings:
        raise BadInput(reader.findings)
    return units


def _placed(finding: Finding, figure: Figure) -> Finding:
    """The finding at the figure's place, if it is about a part that stands nowhere in the document."""
    return replace(finding, source=figure.source) if finding.source == NOWHERE else finding


def _self_referring(
    ordered: Sequence[Figure], names: Names, resolve: object, units: Mapping[str, Unit]
) -> Mapping[str, Unit]:
    """Units of figures that are referred to in earlier periods before their own unit is known.

    A figure that looks back at one that stands later in the order must have its unit declared, or read it from a part
    that does not look back; here every such figure is read with what it looks back at taken as a bare zero, which
    fits every sum.
    """
    guesses: dict[str, Unit] = dict(units)

    def guess(reference: Name | Earlier | Kept, inside: tuple[str, ...]) -> Unit:
        name = reference.member if isinstance(reference, Kept) else reference.name
        outer = reference.outer if isinstance(reference, Name) else 0
        return guesses.get(names.find(name, (*inside, "*"), outer), ANY_ZERO)

    reader = UnitReader(guess)
    for figure in ordered:
        if figure.node is not None and figure.name not in guesses:
            guesses[figure.name] = reader.read(figure.node, (figure.per,) if figure.per else ())
    return guesses
