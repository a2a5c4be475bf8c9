"""Can a floor lie above its cap, or a cap below zero?

Where both ends of a clause are constants, or percentages of one base, this is seen before any data: whichever of the
two were applied last would win silently.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

from bpo_contracts.contract.contract import Contract
from bpo_contracts.contract.lowering.collected import Path
from bpo_contracts.terms import nodes as n
from bpo_contracts.values.findings import Finding
from bpo_contracts.values.units import WrongUnit, same

_ENDS = (("at_least", "at_most"), ("rate_at_least", "rate_at_most"))


def crossed_ends(contract: Contract, formula: Callable[[str, Path], n.AnyNode]) -> Iterator[Finding]:
    """BPO156 for every clause whose ends cross; ``formula`` reads a text at its place."""

    def end(index: int, field: str) -> n.AnyNode:
        return formula(getattr(contract.clauses[index], field), ("clauses", index, field))

    for index, clause in enumerate(contract.clauses):
        for low, high in _ENDS:
            least, most = (isinstance(getattr(clause, field, None), str) for field in (low, high))
            if least and most and _above(end(index, low), end(index, high)):
                places = [contract.place(("clauses", index, field)) for field in (low, high)]
                problem = f"{low!r} lies above {high!r}: no amount is both."
                yield Finding("BPO156", "floor-above-cap", places[0], problem, "Correct one of the two.", (places[1],))
        if clause.kind in ("cap", "collar") and _above(n.ZERO, end(index, "at_most")):
            place = contract.place(("clauses", index, "at_most"))
            problem = "A cap limits what is owed, and below zero nothing is owed."
            yield Finding("BPO156", "floor-above-cap", place, problem, "Write an amount of zero or more.")
        if clause.kind == "collar" and _above(end(index, "at_least"), n.ZERO):
            place = contract.place(("clauses", index, "at_least"))
            problem = (
                "The lower end of a collar limits credits, which count below zero: above zero it would limit nothing."
            )
            yield Finding(
                "BPO156", "floor-above-cap", place, problem, "Write it with a minus, as in '-500.00 EUR', or 0 EUR."
            )


def _above(low: n.AnyNode, high: n.AnyNode) -> bool:
    """Whether the one is a known amount above the other; False where that depends on data."""
    if isinstance(low, n.Of) or isinstance(high, n.Of):
        base = low.base if isinstance(low, n.Of) else high.base if isinstance(high, n.Of) else None
        shares = [_share(end, base) for end in (low, high)]
        return shares[0] is not None and shares[1] is not None and shares[0] > shares[1]
    if not isinstance(low, n.Quantity) or not isinstance(high, n.Quantity):
        return False
    try:
        same(low.unit, high.unit)
    except WrongUnit:
        return False  # the check of units says so
    return low.value > high.value


def _share(end: n.AnyNode, base: n.AnyNode | None) -> Fraction | None:
    """How many per cent of the base the end is, where it is a known percentage of it, or zero."""
    if isinstance(end, n.Quantity):
        return None if end.value else Fraction(0)
    if isinstance(end, n.Of) and isinstance(end.share, n.Quantity) and end.base == base:
        return end.share.value
    return None
