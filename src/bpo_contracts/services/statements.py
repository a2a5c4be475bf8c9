"""What a statement for people shows: a settlement document, with the tables, the clauses and the words of its contract."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bpo_contracts.contract.amending import in_force, words_in_force
from bpo_contracts.contract.contract import Contract
from bpo_contracts.contract.lowering import Table
from bpo_contracts.settlement.prepare import prepare
from bpo_contracts.settlement.writing_texts import unit_text
from bpo_contracts.terms.nodes import AnyNode, Quantity, Row
from bpo_contracts.terms.phrases import quantity_text
from bpo_contracts.values.numbers import number_text
from bpo_contracts.values.periods import Period, parse_period
from bpo_contracts.values.units import Unit


def statement_document(document: Mapping[str, Any], contract: Contract) -> dict[str, Any]:
    """A settlement document with what a statement shows beside it: the tables of the contract, and its words, as they
    were in force in the period."""
    period = parse_period(document["period"]["label"], contract.anchor_day)
    contract = in_force(contract, period)
    prepared = prepare(contract)
    units = {**prepared.terms.program.units, **prepared.terms.measure_units}

    def end(node: AnyNode | None, table: Table) -> str | None:
        if not isinstance(node, Quantity):
            return None
        return number_text(node.value / units[table.measure].factor)

    def row(one: Row, table: Table) -> dict[str, Any]:
        gives = quantity_text(one.gives.value, one.gives.unit) if isinstance(one.gives, Quantity) else "formula"
        return {
            "label": one.label,
            "low": end(one.low, table) or "",
            "low_closed": one.low_closed,
            "high": end(one.high, table) or "",
            "high_closed": one.high_closed,
            "gives": "none" if isinstance(one.gives, Quantity) and not one.gives.value else gives,
            "gives_unit": "",
        }

    tables = [
        {
            "figure": table.figure,
            "measure": table.measure,
            "measure_unit": _unit_text(contract, table.measure, units[table.measure]),
            "direction": contract.measures[table.measure].direction
            if table.measure in contract.measures
            else "neutral",
            "rows": [row(one, table) for one in table.rows],
        }
        for table in prepared.terms.tables
        if table.measure in units and units[table.measure].kind == "number"
    ]
    words = _words(contract)
    by_number = {number: text for (number, _), text in words.items()}
    steps = [step | {"words": by_number.get(step["clause"], "")} for step in document["steps"]]
    lines = {
        group: [line | {"words": words.get((line["clause"], line["words"]), line["words"])} for line in document[group]]
        for group in ("charges", "adjustments", "consequences")
    }
    names = [clause.name for clause in contract.clauses]
    shown = {**document, **lines, "tables": tables, "steps": steps, "clauses": names}
    part = _in_term(contract, period)
    return {**shown, "in_term": part} if part else shown


def _in_term(contract: Contract, period: Period) -> str:
    """The days of the period that lie in the term; empty where all of them do."""
    first, last = contract.term.starts_on, contract.term.ends_on
    begins, ends = period.start < first, last < period.end - timedelta(days=1)
    return " ".join([*([f"from {first}"] if begins else []), *([f"to {last}"] if ends else [])])


def _words(contract: Contract) -> dict[tuple[str, str], str]:
    """The words of each clause and figure by its number and words as signed, with what an amendment did to them."""
    cited = [(clause.name, clause.clause, clause.words) for clause in contract.clauses]
    cited += [(name, one.clause, one.words) for name, one in contract.figures.items() if one.clause and one.words]
    return {(number, words): words_in_force(contract, name, words) for name, number, words in cited}


def _unit_text(contract: Contract, measure: str, unit: Unit) -> str:
    return contract.measures[measure].unit if measure in contract.measures else unit_text(unit)
