"""Say a contract in plain English: every clause with its words, its figures and what they are, from the algebra
itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bpo_contracts.contract.clauses.base import Clause
from bpo_contracts.contract.contract import Contract
from bpo_contracts.contract.lowering.results import clause_order
from bpo_contracts.settlement.prepare import prepare
from bpo_contracts.terms.describe import sentence
from bpo_contracts.terms.nodes import Allocate, Figure
from bpo_contracts.values.units import Unit


def describe_contract(contract: Contract, clause: str | None = None) -> str:
    """The contract's clauses in their order (or the one with this number), as sentences generated from its figures.

    Raises:
        BadInput: with the findings of the contract.
    """
    terms = prepare(contract).terms
    figures = [figure for figure in terms.program.figures if not isinstance(figure.node, Allocate)]
    units = terms.program.units
    parts = [f"{contract.title}\n{contract.client} and {contract.provider}; amounts in {contract.currency}."]
    if clause is None:
        parts += _section("Measures", [one for one in figures if _base(one.name) in contract.measures], contract, units)
        named = {*contract.parameters, *contract.series, *contract.figures}
        parts += _section("Agreed values and figures", [one for one in figures if one.name in named], contract, units)
    for one in sorted(contract.clauses, key=clause_order):
        if clause in (None, one.clause, one.name):
            parts.append(_clause(one, [figure for figure in figures if _base(figure.name) == one.name], contract, units))
    return "\n\n".join(parts) + "\n"


def _section(title: str, figures: list[Figure], contract: Contract, units: Mapping[str, Unit]) -> list[str]:
    lines = [_sentence(figure, contract, units) for figure in figures]
    return ["\n".join([title, *(f"  {line}" for line in lines)])] if lines else []


def _clause(clause: Clause, figures: list[Figure], contract: Contract, units: Mapping[str, Unit]) -> str:
    lines = [f"Clause {clause.clause}  {clause.says} ({clause.kind.replace('_', ' ')})", f'  "{clause.words}"']
    lines += [f"  {_sentence(figure, contract, units)}" for figure in figures]
    return "\n".join(lines)


def _sentence(figure: Figure, contract: Contract, units: Mapping[str, Unit]) -> str:
    known = replace(figure, unit=units[figure.name])
    text = sentence(known, period=contract.period)
    return text.removeprefix(f"Clause {figure.citation.clause}: ")


def _base(name: str) -> str:
    return name.split(".", 1)[0]
