"""What a table is read at: its precision, and the lowest and highest value it can have.

A value is always a whole multiple of its grain: a count of 1, a figure rounded to 0.5 of 0.5, a sum of both of 0.5. A table
that is read at a count has no values between its rows ``2 or fewer`` and ``exactly 3``. The grain is that of a figure's
formula; nothing is known (None) of quotients, averages and shares, nor of what needs itself of earlier periods.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import gcd, lcm
from typing import Final

from bpo_contracts.contract.lowering.collected import Collected
from bpo_contracts.contract.lowering.reading.formulas import Formulas
from bpo_contracts.contract.lowering.reading.phrases import Phrases
from bpo_contracts.contract.lowering.reading.rows import Between
from bpo_contracts.terms import nodes as n
from bpo_contracts.terms.nodes import ZERO

Grain = Fraction | None
"""The grain in the base of the unit; 0 for what is always zero; None where there is none, or none is known."""

_ONE: Final = Fraction(1)
_KEEPS: Final = frozenset(("sum", "highest", "lowest"))
_COUNTS: Final = frozenset(("count", "streak"))


class Ranges:
    """The values that measures and figures can have. It knows how they are declared; not the tables that are read at
    them."""

    def __init__(self, collected: Collected, formulas: Formulas, phrases: Phrases) -> None:
        self._collected, self._contract = collected, collected.contract
        self._formulas, self._phrases = formulas, phrases
        self._grains: dict[str, Grain] = {}
        self._betweens: dict[str, Between] = {}

    def of(self, at: n.AnyNode) -> tuple[Fraction | None, Fraction | None, Fraction | None]:
        """Precision, lowest and highest value of what a table is read at: of a measure, or the grain of a count."""
        if not isinstance(at, n.Name) or at.name not in self._contract.measures:
            return grain_of(at, self._grain_of_name) or None, None, None
        measure = self._contract.measures[at.name]
        low, high = self.between(at.name)
        unit = self._collected.units[at.name]
        rounding = self._phrases.rounding(measure.precision, ("measures", at.name, "precision"), unit)
        if rounding is not None:
            return rounding.grain, low, high
        return unit.factor if measure.whole == "yes" else None, low, high

    def between(self, name: str) -> Between:
        """The plausible range of a measure; a mistake in it is noted once."""
        if name not in self._betweens:
            text, path = self._contract.measures[name].between, ("measures", name, "between")
            self._betweens[name] = self._phrases.range(text, self._collected.units[name], path)
        return self._betweens[name]

    def _grain_of_name(self, name: str) -> Grain:
        """What the values of a measure, figure or parameter are whole multiples of; None where that is not known.

        Figures may stand in any order: what is wrong with one that is read ahead is noted where it is declared.
        """
        if name not in self._grains:
            self._grains[name] = None  # what needs itself, of earlier periods, has no grain
            known = len(self._collected.findings)
            self._grains[name] = self._declared_grain(name)
            del self._collected.findings[known:]
        return self._grains[name]

    def _declared_grain(self, name: str) -> Grain:
        contract = self._contract
        if any(name in items.columns for items in contract.lists.values()):
            return None  # it can be the column that is meant
        figure, parameter = contract.figures.get(name), contract.parameters.get(name)
        if name in contract.measures:
            return self.of(n.Name(name))[0]
        if figure is not None and figure.round is not None and figure.round != "unrounded":
            rounded = self._phrases.rounded(ZERO, figure.round, ("figures", name, "round"))
            return grain_of(rounded, self._grain_of_name)
        if figure is not None and figure.formula is not None:
            node = self._formulas.formula(figure.formula, ("figures", name, "formula"))
            return grain_of(node, self._grain_of_name)
        if isinstance(parameter, str):
            return grain_of(self._formulas.formula(parameter, ("parameters", name)), self._grain_of_name)
        return None


def grain_of(node: n.AnyNode, of_name: Callable[[str], Grain]) -> Grain:
    """The grain of a formula's value; ``of_name`` gives that of what it names."""

    def common(*parts: n.AnyNode | None) -> Grain:
        return _common([grain_of(part, of_name) for part in parts if part is not None])

    match node:
        case n.Quantity(value=value, unit=unit) if not unit.share:
            return abs(value)
        case n.NoValue():
            return Fraction(0)  # where there is no number, nothing has to be a multiple
        case n.Name(name=name):
            return of_name(name)
        case n.Earlier(name=name, before_start=before):
            return _common([of_name(name), *([grain_of(before, of_name)] if before is not None else [])])
        case n.Round(rounding=rounding):
            return rounding.grain
        case n.Step(counting=counting) if counting != "exact":
            return _ONE
        case n.Ordinal():
            return _ONE
        case n.Fold(kind=kind, none_found=none_found) if kind in _COUNTS:
            return _common([_ONE, *([grain_of(none_found, of_name)] if none_found is not None else [])])
        case n.Fold(kind=kind, item=item, over=over, none_found=none_found) if kind in _KEEPS:
            return common(item, *(over if isinstance(over, tuple) else ()), none_found)
        case n.Arithmetic(operator="*", left=left, right=right):
            one, two = grain_of(left, of_name), grain_of(right, of_name)
            return None if one is None or two is None else one * two
        case n.Arithmetic(operator=operator, left=left, right=right) if operator in ("+", "-"):
            return common(left, right)
        case n.Choose(then=left, otherwise=right) | n.OrElse(item=left, fallback=right):
            return common(left, right)
        case n.Extreme(items=items):
            return common(*items)
        case n.Dated(entries=dated):
            return common(*(entry for _, entry in dated))
        case n.ByItem(entries=lots):
            return common(*(entry for _, entry in lots))
        case n.LookUp(entries=words, otherwise=otherwise):
            return common(*(entry for _, entry in words), otherwise)
        case n.Curve(reading="at", rows=rows):
            return common(*(row.gives for row in rows))
        case _:
            return None


def _common(grains: Sequence[Grain]) -> Grain:
    """The largest grain that all values are multiples of."""
    known = [grain for grain in grains if grain is not None]
    if not known or len(known) < len(grains):
        return None
    below = lcm(*(grain.denominator for grain in known))
    return Fraction(gcd(*(int(grain * below) for grain in known)), below)
