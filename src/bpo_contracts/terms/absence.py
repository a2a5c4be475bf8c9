"""Which figures can be without a value: those that rest on data that need not be there.

A figure has no value where a measure was not reported, an item lacks a column, or there is nothing to take an average
of. What the contract leaves open (a gap in a table, a series without a value) is no want of data: it stops the settlement
where it is asked for. Where this says that a figure always has a value, it has one in every period that is settled; where
it says that it can be without, that may still never happen.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from bpo_contracts.terms import nodes as n
from bpo_contracts.values.frozen import frozen

_OF_NONE: Final = ("sum", "count", "streak", "any", "every")
"""Aggregates that have a value where there is nothing to aggregate."""


@frozen
class CanBeAbsent:
    """The figures that can be without a value, by name; columns of items by the name they have in formulas, too.

    ``amended``: figures may have been brought in after the first period, so that a look back can find none.
    """

    figures: frozenset[str]
    amended: bool

    def holds(self, name: str) -> bool:
        """Whether the figure of this name can be without a value."""
        return name in self.figures

    def can_be_without(self, node: n.AnyNode) -> bool:
        """Whether a node can be without a value."""
        match node:
            case n.NoValue(refused=refused):
                return not refused
            case n.OrElse(fallback=fallback):
                return self.can_be_without(fallback)
            case n.Known():
                return False
            case n.Name(name=name) | n.Kept(allocation=name):
                return self.holds(name)
            case n.Earlier(name=name, before_start=before):
                return self.amended or self.holds(name) or (before is not None and self.can_be_without(before))
            case n.Ordinal():
                return True
            case n.Fold():
                return self._fold(node)
            case _:
                return any(map(self.can_be_without, n.children(node)))

    def _fold(self, fold: n.Fold) -> bool:
        window = fold.over if isinstance(fold.over, n.Window) else None
        if window is not None and (self.amended or window.short == "no result"):
            return True
        if fold.none_found is not None and self.can_be_without(fold.none_found):
            return True
        if fold.none_found is None and fold.kind not in _OF_NONE and _may_be_empty(fold, window):
            return True
        parts = (part for part in n.children(fold) if part is not fold.none_found)
        return fold.missing != "skip" and any(map(self.can_be_without, parts))


def absent_figures(figures: Sequence[n.Figure], always: Collection[str], *, amended: bool) -> CanBeAbsent:
    """The figures that can be without a value. ``always`` are the reported ones without which nothing is settled."""
    reported = [one for one in figures if one.node is None and one.name not in always]
    columns = (one.name.removeprefix(f"{one.per}.") for one in reported if one.per)
    found = CanBeAbsent(frozenset((*(one.name for one in reported), *columns)), amended)
    while True:  # a figure may stand before what it looks back at
        without = (one.name for one in figures if one.node is not None and found.can_be_without(one.node))
        more = found.figures.union(without)
        if more == found.figures:
            return found
        found = CanBeAbsent(more, amended)


def _may_be_empty(fold: n.Fold, window: n.Window | None) -> bool:
    if fold.missing == "skip" or fold.where is not None:
        return True
    return window.previous if window is not None else not isinstance(fold.over, tuple)
