"""A clause that pays in something other than money: where that comes from, and what to write instead."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bpo_contracts.contract.contract import Contract
from bpo_contracts.contract.lowering.results import Line
from bpo_contracts.terms import nodes as n
from bpo_contracts.terms.phrases import quantity_text
from bpo_contracts.terms.program import Program
from bpo_contracts.values.findings import Finding
from bpo_contracts.values.sources import NOWHERE
from bpo_contracts.values.units import Unit


def not_money(contract: Contract, line: Line, program: Program, unit: Unit) -> Finding:
    """BPO233, at the number without its currency where there is one."""
    currency, clause = contract.currency, line.clause
    number = _number(program, clause.name, lambda of: of.is_plain)
    price = _number(program, clause.name, lambda of: (currency, 1) in of.dims)
    per_one = _per_one(price, unit, currency)
    if price is not None and per_one:
        number = price
    place = number.source if number is not None else line.clause_place(contract)
    problem = f"Clause {clause.clause} pays in {unit}, and the contract pays in {currency}."
    if unit.share:
        step = "Say what it is a percentage of, as in 'of: fee'."
    elif unit.is_money:
        step = f"Write the amount in {currency}, or convert it with a series of exchange rates."
    elif per_one:
        step = f"A price for each of what it is multiplied with is written '{per_one}'."
    elif number is not None:
        meant = quantity_text(number.value, Unit(((currency, 1),)))
        per = "" if unit.is_plain or len(unit.dims) != 1 else f" per {unit.dims[0][0]}"
        step = f"Write the currency after the number: '{meant}{per}'."
    else:
        step = f"Give a price with its currency, as in '2.40 {currency} per call', or a base with 'of: …' for a percentage."
    return Finding("BPO233", "line-is-not-money", place, problem, step)


def _per_one(price: n.Quantity | None, unit: Unit, currency: str) -> str:
    """The price as it comes to money: ``1.85 EUR per minute per train`` where the clause pays in ``EUR train``."""
    left = dict(unit.dims)
    if price is None or left.pop(currency, 0) != 1 or any(power < 0 for power in left.values()):
        return ""
    dims = dict(price.unit.dims)
    for name, power in left.items():
        dims[name] = dims.get(name, 0) - power
    if any(power == 0 for power in dims.values()):
        return ""
    return quantity_text(price.value, replace(price.unit, dims=tuple(sorted(dims.items()))))


def _number(program: Program, clause: str, fits: Callable[[Unit], bool]) -> n.Quantity | None:
    """The only number of such a unit that a clause's amount or rate is made of and that stands in the document."""
    found: list[n.Quantity] = []
    for name in (f"{clause}.amount", f"{clause}.rate"):
        node = program.figure(name).node if name in program.slots else None
        parts = n.all_in(node) if node is not None else ()
        quantities = (part for part in parts if isinstance(part, n.Quantity))
        found += [one for one in quantities if one.source != NOWHERE and fits(one.unit)]
    return found[0] if len(found) == 1 else None
