"""What does a period without data do to a whole window? A sum that lacks one of its parts is no sum."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from bpo_contracts.contract.clauses.base import Clause
from bpo_contracts.contract.hints.measures import not_scored
from bpo_contracts.contract.hints.saying import clause_place, hint, listed
from bpo_contracts.contract.lowering import Terms
from bpo_contracts.contract.references import referred
from bpo_contracts.terms import nodes as n
from bpo_contracts.terms.phrases import quantity_text
from bpo_contracts.values.findings import Finding


def windows_with_gaps(terms: Terms) -> Iterator[Finding]:
    """BPO825: a minimum commitment or true-up adds up, over periods, a measure that may be "not scored"."""
    for clause in terms.contract.clauses:
        field, windows = _windows(terms, clause)
        missing = sorted({name for one in windows for name in not_scored(terms, one)})
        if missing:
            period = terms.contract.period
            problem = (
                f"{clause.name!r} adds up {listed([repr(name) for name in missing])}, which may be missing ('not scored'): one"
                f" {period} without it leaves the whole window without a result, and nothing is paid."
            )
            nothing = quantity_text(Fraction(0), terms.program.units[missing[0]])
            step = (
                f"Say what such a {period} counts, as in '({missing[0]} or else {nothing})' or, in an aggregate over periods,"
                " '(missing: skip)'; or write 'missing: refuse' in the measure."
            )
            yield hint("BPO825", "window-with-gaps", clause_place(terms.contract, clause, field), problem, step)


def _windows(terms: Terms, one: Clause) -> tuple[str, list[str]]:
    """The field in which a clause adds up over periods by itself, and the figures that are added up."""
    clause: Any = one
    if clause.kind == "minimum_commitment" and clause.in_each != "period":
        return "bought", _added_up(terms, f"{clause.name}.bought")
    if clause.kind == "true_up":
        own = {f"{clause.name}.interim", f"{clause.name}.settled"}
        figure = terms.program.figure(f"{clause.name}.amount")
        read = [] if figure.node is None else [name for name in referred(terms, figure, figure.node) if name not in own]
        return "final", [name for one in (figure.name, *read) for name in _added_up(terms, one)]
    return "", []


def _added_up(terms: Terms, name: str) -> list[str]:
    """What a figure adds up over periods, where a period without it is not passed over."""
    figure = terms.program.figure(name)
    parts = n.all_in(figure.node) if figure.node is not None else ()
    windows = [one for one in parts if isinstance(one, n.Fold) and n.window_of(one) and one.missing == "refuse"]
    return [
        read for one in windows if one.item is not None for read in referred(terms, figure, one.item, answered=False)
    ]
