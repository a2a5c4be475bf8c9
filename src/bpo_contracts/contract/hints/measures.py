"""Measures: is a slip of the pen noticed before it costs money, and is everything that is reported read by something?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from bpo_contracts.contract.clauses.base import Clause
from bpo_contracts.contract.hints.saying import clause_place, hint, listed
from bpo_contracts.contract.lowering import Terms
from bpo_contracts.contract.references import leading_to_money, referred
from bpo_contracts.terms import nodes as n
from bpo_contracts.values.findings import Finding
from bpo_contracts.values.units import TRUTH

_PERCENT: Final = ("%", "percent")
_SEEN_TO: Final = n.Literal_(True, TRUTH)
"""What stands for a part of a condition that says itself what holds without data."""


def percentages_without_range(terms: Terms) -> Iterator[Finding]:
    """BPO804: a percentage that is reported and has no plausible range."""
    contract = terms.contract
    step = "Write the range that is possible, both ends inside, as in 'between: 0 % to 100 %'."
    columns = "Write the range that is possible in the list, both ends inside, as in 'between: {{{}: 0 % to 100 %}}'."
    without: list[tuple[tuple[str, ...], str, str]] = [
        (("measures", name), name, step)
        for name, measure in contract.measures.items()
        if measure.unit in _PERCENT and not measure.computed and measure.between is None
    ]
    without += [
        (("lists", name, "columns", column), column, columns.format(column))
        for name, items in contract.lists.items()
        for column, unit in items.columns.items()
        if unit in _PERCENT and column not in items.between
    ]
    for path, name, step in without:
        problem = f"{name!r} is a percentage without 'between': a report of 985 % instead of 98.5 % would be settled."
        yield hint("BPO804", "percentage-without-range", contract.key_place(path), problem, step)


def never_read(terms: Terms) -> Iterator[Finding]:
    """BPO805: a measure that has to be reported, and no line or consequence looks at."""
    contract, used = terms.contract, leading_to_money(terms)
    for name, measure in contract.measures.items():
        if measure.missing == "refuse" and not measure.computed and name not in used:
            place = contract.key_place(("measures", name))
            problem = (
                f"{name!r} has to be reported in every {contract.period}, and no clause that pays or follows reads it."
            )
            step = (
                "Name it where it is meant to be read, or remove it; 'missing: not scored' lets a report leave it out."
            )
            yield hint("BPO805", "measure-never-read", place, problem, step)


def series_never_read(terms: Terms) -> Iterator[Finding]:
    """BPO828: a series has to be kept up to date, and no line or consequence looks at it."""
    contract, used = terms.contract, leading_to_money(terms)
    nodes = [one for name in used if (node := terms.program.figure(name).node) for one in n.all_in(node)]
    read = used | {one.series for one in nodes if isinstance(one, n.SeriesValue)}
    read |= {one.of for one in nodes if isinstance(one, n.Dated)}
    # of what is read on each day the values alone are left: there its name in some formula is enough
    formulas = str(contract.model_dump(include={"figures", "clauses"})) if _by_days(nodes) else ""
    for name in contract.series:
        if name not in read and not re.search(rf"\b{name}\b", formulas):
            place = contract.key_place(("series", name))
            problem = f"No clause that pays or follows reads the series {name!r}."
            yield hint(
                "BPO828", "series-never-read", place, problem, "Name it where it is meant to be read, or remove it."
            )


def _by_days(nodes: Iterable[n.AnyNode]) -> bool:
    return any(isinstance(one, n.OverDays) for one in nodes)


def consequences_without_data(terms: Terms) -> Iterator[Finding]:
    """BPO814: a consequence looks at a measure that is "not scored" where it is missing, and does not say what holds then."""
    contract = terms.contract
    for clause in contract.clauses:
        for figure, path in _silent_triggers(clause):
            missing = sorted(not_scored(terms, figure))
            if missing:
                read = listed([repr(name) for name in missing])
                problem = (
                    f"{clause.name!r} looks at {read}, which may be missing ('not scored'): a {contract.period} without it is "
                    "then not settled (BPO403)."
                )
                step = (
                    "Say what holds then: 'no_data: does not count' (it does not happen) or 'no_data: counts as failed' "
                    "(it happens)."
                )
                place = clause_place(contract, clause, *path, "when")
                yield hint("BPO814", "consequence-without-data", place, problem, step)


def _silent_triggers(clause: Clause) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The conditions of a consequence that do not say what a period without data is: their figures, and where they stand."""
    one: Any = clause
    if clause.kind == "consequence" and one.any_of is not None:
        for name, trigger in one.any_of.items():
            if trigger.no_data is None:
                yield f"{clause.name}.{name}", ("any_of", name)
    elif clause.kind == "consequence" and one.no_data is None:
        yield clause.name, ()


def not_scored(terms: Terms, figure: str) -> set[str]:
    """The measures without which a figure has no value, as far as they may be missing."""
    program, measures = terms.program, terms.contract.measures
    found, seen, open_ = set[str](), set[str](), [figure]
    while open_:
        name = open_.pop()
        if name in seen or name not in program.slots:
            continue
        seen.add(name)
        measure, one = measures.get(name), program.figure(name)
        if measure is not None:
            found |= {name} if "not scored" in (measure.missing, measure.below_sample) else set()
        elif one.node is not None:
            open_ += referred(terms, one, n.changed(one.node, _unanswered))
    return found


def _unanswered(node: n.AnyNode) -> n.AnyNode:
    """What is left of a node where the parts are taken out that say what holds without data."""
    match node:
        case n.OrElse(fallback=fallback):
            return fallback
        case n.Known() | n.Fold(missing="skip") | n.Not(item=n.Literal_()):
            return _SEEN_TO
        case n.Every(items=parts) | n.AnyOf(items=parts) if any(part is _SEEN_TO for part in parts):
            return _SEEN_TO
        case n.Choose(condition=condition) if condition is _SEEN_TO:
            return _SEEN_TO
        case _:
            return node
