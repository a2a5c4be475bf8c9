"""Where a measure decides money: the ends of rows, levels, steps and gates that it is compared with.

A mistake at a boundary (inclusive or exclusive, rounded before or after) shows only for values that lie on the boundary
or one last place beside it. These are found in the figures of the contract, whatever clause they stand in.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import floor

from bpo_contracts.contract.contract import Contract
from bpo_contracts.contract.measure import Measure
from bpo_contracts.settlement.prepare import Prepared, prepare
from bpo_contracts.terms import nodes as n
from bpo_contracts.values.frozen import frozen
from bpo_contracts.values.numbers import decimal_places
from bpo_contracts.values.units import Unit

STEPS_MAX = 3
"""How many whole steps of a "so much per X" are boundaries."""


@frozen
class Scale:
    """The values that matter for one reported measure, as numbers in the unit they are reported in.

    ``grain`` is one in the last place that is told apart; ``bounds`` are in order; ``low`` and ``high`` are the ends of
    the plausible range (None: without end). ``rounded`` says whether values between two grains are rounded to one.
    """

    grain: Fraction
    bounds: tuple[Fraction, ...]
    low: Fraction | None
    high: Fraction | None
    rounded: bool

    def holds(self, value: Fraction) -> bool:
        """Whether the value lies in the plausible range."""
        return (self.low is None or self.low <= value) and (self.high is None or value <= self.high)

    def decisive(self) -> tuple[Fraction, ...]:
        """Each bound with its two neighbours in the last place, in order; between them the ties of the rounding."""
        steps = [
            Fraction(step, 2 if self.rounded else 1) for step in ((-2, -1, 0, 1, 2) if self.rounded else (-1, 0, 1))
        ]
        values = {bound + step * self.grain for bound in self.bounds for step in steps}
        values |= {end for end in (self.low, self.high) if end is not None}
        return tuple(sorted(value for value in values if self.holds(value)))


def scales(contract: Contract) -> dict[str, Scale]:
    """The scale of every measure that is reported as a number.

    Raises:
        BadInput: with the findings of the contract.
    """
    prepared = prepare(contract)
    bounds: dict[str, set[Fraction]] = {name: set() for name in contract.measures}
    for figure in prepared.terms.program.figures:
        for part in n.all_in(figure.node) if figure.node is not None else ():
            for name, bound in _bounds(part):
                if name in bounds:
                    bounds[name].add(bound)
    units = prepared.terms.measure_units
    return {
        name: _scale(prepared, name, measure, units[name], bounds[name])
        for name, measure in sorted(contract.measures.items())
        if not measure.computed and units[name].kind == "number"
    }


def _scale(prepared: Prepared, name: str, measure: Measure, unit: Unit, bounds: set[Fraction]) -> Scale:
    shape = next(one for one in prepared.shape.measures if one.name == name)
    own = sorted(bound / unit.factor for bound in bounds)
    node = prepared.terms.program.figure(name).node
    places = max((decimal_places(bound.denominator) or 0 for bound in own), default=0)
    grain = Fraction(1, 10**places)
    if measure.whole == "yes":
        grain, own = Fraction(1), [Fraction(floor(bound)) for bound in own]
    elif isinstance(node, n.Round):
        grain = node.rounding.grain / unit.factor
    rounded = isinstance(node, n.Round) and measure.whole == "no"
    return Scale(grain, tuple(dict.fromkeys(own)), shape.low, shape.high, rounded)


def _bounds(node: n.AnyNode) -> Iterator[tuple[str, Fraction]]:
    """The name that a node compares with numbers, and each number, in the base of its unit."""
    match node:
        case n.Curve(at=n.Name(name=name), rows=rows):
            for row in rows:
                yield from ((name, end.value) for end in (row.low, row.high) if isinstance(end, n.Quantity))
        case n.Test(left=n.Name(name=name), right=n.Quantity(value=value)):
            yield name, value
        case n.Test(left=n.Quantity(value=value), right=n.Name(name=name)):
            yield name, value
        case n.Step(item=n.Name(name=name), per=n.Quantity(value=value)):
            yield from ((name, value * count) for count in range(1, STEPS_MAX + 1))
        case _:
            pass
