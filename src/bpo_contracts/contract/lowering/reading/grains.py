"""What a value is always a whole multiple of: a count of 1, a figure rounded to 0.5 of 0.5, a sum of both of 0.5.

A table that is read at a count has no values between its rows ``2 or fewer`` and ``exactly 3``. The grain is that of a
figure's formula; nothing is known (None) of quotients, averages and shares, nor of what needs itself of earlier periods.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import gcd, lcm
from typing import Final

from bpo_contracts.terms import nodes as n

Grain = Fraction | None
"""The grain in the base of the unit; 0 for what is always zero; None where there is none, or none is known."""

_ONE: Final = Fraction(1)
_KEEPS: Final = frozenset(("sum", "highest", "lowest"))
_COUNTS: Final = frozenset(("count", "streak"))


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
