"""What a statement for people shows: a settlement document, with the tables and the words of its contract."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bpo_contracts.contract.contract import Contract
from bpo_contracts.contract.lowering import Table
from bpo_contracts.settlement.prepare import prepare
from bpo_contracts.terms.nodes import AnyNode, Quantity, Row
from bpo_contracts.terms.phrases import quantity_text
from bpo_contracts.values.numbers import number_text


def statement_document(document: Mapping[str, Any], contract: Contract) -> dict[str, Any]:
    """A settlement document with what a statement shows beside it: the tables of the contract, and its words."""
    prepared = prepare(contract)

    def end(node: AnyNode | None, table: Table) -> str | None:
        if not isinstance(node, Quantity):
            return None
        return number_text(node.value / prepared.terms.measure_units[table.measure].factor)

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
            "measure_unit": _unit_text(contract, table.measure),
            "direction": contract.measures[table.measure].direction
            if table.measure in contract.measures
            else "neutral",
            "rows": [row(one, table) for one in table.rows],
        }
        for table in prepared.terms.tables
        if table.measure in prepared.terms.measure_units
    ]
    words = {clause.clause: clause.words for clause in contract.clauses}
    words |= {figure.clause: figure.words for figure in contract.figures.values() if figure.clause and figure.words}
    steps = [step | {"words": words.get(step["clause"], "")} for step in document["steps"]]
    return {**document, "tables": tables, "steps": steps}


def _unit_text(contract: Contract, measure: str) -> str:
    return contract.measures[measure].unit if measure in contract.measures else ""
