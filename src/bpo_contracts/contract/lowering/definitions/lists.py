"""Scopes and the columns of lists as figures: their values are reported for each lot, or each item."""

from __future__ import annotations

from bpo_contracts.contract.lowering.collected import Collected
from bpo_contracts.contract.lowering.reading import Phrases
from bpo_contracts.values.sources import Citation
from bpo_contracts.values.units import WORD


def define_lists(collected: Collected, phrases: Phrases) -> None:
    """The figures of all scopes, and of all columns."""
    contract = collected.contract
    for scope in contract.scopes:
        place = contract.key_place(("scopes", scope))
        collected.figure(f"{scope}.{scope}", None, Citation("", "", place), scope, scope, unit=WORD)
    for name, items in contract.lists.items():
        _check_list(collected, name)
        for column, unit_text in items.columns.items():
            path = ("lists", name, "columns", column)
            unit = phrases.unit(unit_text, path)
            collected.units[f"{name}.{column}"] = unit
            phrases.range(items.between.get(column), unit, ("lists", name, "between", column))
            citation = Citation("", "", contract.key_place(path))
            says = f"{column.replace('_', ' ')} of the item"
            collected.figure(f"{name}.{column}", None, citation, says, name, unit=unit)


def _check_list(collected: Collected, name: str) -> None:
    """Columns hide nothing else of that name; what is said about columns is about columns there are."""
    contract = collected.contract
    items = contract.lists[name]
    others = {*contract.measures, *contract.parameters, *contract.series, *contract.figures}
    others |= {clause.name for clause in contract.clauses}
    for column in items.columns:
        if column in others:
            place = contract.key_place(("lists", name, "columns", column))
            problem = f"The column {column!r} has the name of something else in this contract, and would hide it."
            collected.note("BPO288", "column-hides-name", place, problem)
    for field, named in (("words", items.words), ("between", items.between), ("evidence_for", items.evidence_for)):
        for column in named:
            if column not in items.columns:
                problem = f"The list {name!r} has no column {column!r}; it has {', '.join(sorted(items.columns))}."
                collected.note("BPO279", "unknown-column", contract.place(("lists", name, field)), problem)
