"""Can what goes both ways go down? Steps are counted from nothing up, and there are never fewer than none."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from bpo_contracts.contract.clauses.incentive import Incentive
from bpo_contracts.contract.hints.saying import clause_place, hint
from bpo_contracts.contract.lowering import Terms, between
from bpo_contracts.terms import nodes as n
from bpo_contracts.values.findings import Finding

_Range = tuple[Fraction | None, Fraction | None]
"""The lowest and the highest value; None where there is no end."""

_DEEP: Final = 20
_NOT_BELOW_ZERO: Final[_Range] = (Fraction(0), None)


def steps_below_none(terms: Terms) -> Iterator[Finding]:
    """BPO826: an incentive by steps of what can lie below zero."""
    for clause in terms.contract.clauses:
        if not isinstance(clause, Incentive) or clause.per is None or clause.measure is None:
            continue
        steps = terms.program.figure(f"{clause.name}.steps").node
        low = _range(terms, steps.item)[0] if isinstance(steps, n.Step) else Fraction(0)
        if low is None or low < 0:
            problem = (
                f"There are never fewer than no steps: where {clause.measure!r} is below zero, {clause.name!r} is nothing, and it"
                " never lowers the invoice."
            )
            step = (
                "If it is to go down, too, write a second clause for the other side (a service_credit with the measure the other"
                " way round), or a 'line' in place of 'per'."
            )
            yield hint("BPO826", "steps-never-below-none", clause_place(terms.contract, clause, "per"), problem, step)


def _range(terms: Terms, node: n.AnyNode, depth: int = 0) -> _Range:
    """Between which ends a value lies; what is not known is taken as not below zero."""
    if depth > _DEEP:
        return _NOT_BELOW_ZERO
    match node:
        case n.Quantity(value=value):
            return value, value
        case n.Name(name=name):
            return _range_of_figure(terms, name, depth)
        case n.Arithmetic(operator="+" | "-" as operator, left=left, right=right):
            (a, b), (c, d) = _range(terms, left, depth + 1), _range(terms, right, depth + 1)
            c, d = (c, d) if operator == "+" else (None if d is None else -d, None if c is None else -c)
            return None if a is None or c is None else a + c, None if b is None or d is None else b + d
        case n.Extreme(pick=pick, items=items):
            return _extreme(pick, [_range(terms, one, depth + 1) for one in items])
        case n.Choose(then=one, otherwise=two) | n.OrElse(item=one, fallback=two):
            return _either([_range(terms, one, depth + 1), _range(terms, two, depth + 1)])
        case n.Round(item=item) | n.Fold(kind="sum" | "average" | "lowest" | "highest", item=item) if item is not None:
            low, high = _range(terms, item, depth + 1)
            return low, high if isinstance(node, n.Round) else None
        case _:
            return _NOT_BELOW_ZERO


def _range_of_figure(terms: Terms, name: str, depth: int) -> _Range:
    measure, program = terms.contract.measures.get(name), terms.program
    if measure is not None and measure.between is not None:
        place = terms.contract.place(("measures", name, "between"))
        return between(measure.between, program.units[name], terms.nouns, place)
    if name not in program.slots or (measure is not None and not measure.computed):
        return _NOT_BELOW_ZERO
    below = program.figure(name).node
    return _NOT_BELOW_ZERO if below is None else _range(terms, below, depth + 1)


def _either(ranges: list[_Range]) -> _Range:
    lows = [low for low, _ in ranges if low is not None]
    highs = [high for _, high in ranges if high is not None]
    return (min(lows) if len(lows) == len(ranges) else None), (max(highs) if len(highs) == len(ranges) else None)


def _extreme(pick: str, ranges: list[_Range]) -> _Range:
    """The lowest or the highest of several: one end is known if one of them has it, the other if all have."""
    low, high = _either(ranges)
    if pick == "max":
        return max((one for one, _ in ranges if one is not None), default=None), high
    return low, min((one for _, one in ranges if one is not None), default=None)
