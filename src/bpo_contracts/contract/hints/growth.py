"""What makes an amount grow without end: the measures and lists that nothing on the way to it limits.

Measures are taken as not below zero; prices and what a percentage is taken of as given (a share of a fee is limited by
the fee); a measure with ``between`` is limited by it. A row, a cap, ``at_most`` and the lower of two values limit what
goes into them.
"""

from __future__ import annotations

from bpo_contracts.contract.lowering import Terms
from bpo_contracts.contract.references import below
from bpo_contracts.terms import nodes as n
from bpo_contracts.values.currencies import MINOR_DIGITS

_NOTHING: frozenset[str] = frozenset()


class Growth:
    """Reads nodes for what they grow with. Nothing found means that the amount has an upper end."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._charges = {clause.name for clause in terms.contract.clauses if clause.family == "charge"}
        self._known: dict[str, frozenset[str]] = {}

    def of_figure(self, name: str) -> frozenset[str]:
        """The names of the measures, lists and balances that make a figure grow without end."""
        if name in self._known:
            return self._known[name]
        self._known[name] = frozenset((name,))  # what adds to its own earlier value grows, unless something stops it
        figure = self._terms.program.figure(name)
        if name.split(".", 1)[0] in self._charges:
            found = _NOTHING
        elif figure.node is None or name in self._terms.contract.measures:
            found = self._of_measure(figure)
        else:
            found = self._above(figure.node, (figure.per,) if figure.per else ())
        self._known[name] = found
        return found

    def _of_measure(self, figure: n.Figure) -> frozenset[str]:
        measure = self._terms.contract.measures.get(figure.name)
        unit = self._terms.program.units[figure.name]
        limited = measure is not None and (measure.between is not None or measure.share_of is not None)
        price = not unit.is_money and any(name in MINOR_DIGITS for name, _ in unit.dims)
        if limited or price or unit.kind != "number" or figure.name in self._terms.contract.series:
            return _NOTHING
        return frozenset((figure.name,))

    def _name(self, name: str, inside: tuple[str, ...], outer: int = 0) -> frozenset[str]:
        return self.of_figure(self._terms.program.names.find(name, (*inside, "*"), outer))

    def _all(self, parts: tuple[n.AnyNode, ...], inside: tuple[str, ...]) -> frozenset[str]:
        return _NOTHING.union(*(self._above(part, inside) for part in parts))

    def _above(self, node: n.AnyNode, inside: tuple[str, ...]) -> frozenset[str]:
        match node:
            case n.Name(name=name, outer=outer):
                return self._name(name, inside, outer)
            case n.Earlier(name=name):
                return self._name(name, inside)
            case n.Arithmetic(operator="-", left=left, right=right):
                return self._above(left, inside) | self._downward(right, inside)
            case n.Arithmetic(operator="/", left=left) | n.Step(item=left) | n.Round(item=left):
                return self._above(left, inside)
            case n.Extreme(pick="min", items=items):
                found = [self._above(item, inside) for item in items]
                return _NOTHING if not all(found) else _NOTHING.union(*found)
            case n.Choose(then=then, otherwise=otherwise):
                return self._all((then, otherwise), inside)
            case n.Curve():
                return self._curve(node, inside)
            case n.LookUp(entries=entries, otherwise=otherwise):
                return self._all((*(one for _, one in entries), *((otherwise,) if otherwise else ())), inside)
            case n.Fold():
                return self._fold(node, inside)
            case n.Of(share=share, base=base):
                amounts = {name for name in self._above(base, inside) if self._is_amount(name)}
                return self._above(share, inside) | (self._above(base, inside) - amounts)
            case n.Arithmetic() | n.Extreme() | n.OrElse() | n.Dated() | n.ByItem():
                return self._all(n.children(node), inside)
            case n.DayCount() | n.WorkingDays() | n.TimeBetween():
                found_in = [part for part in n.names_in(node) if isinstance(part, n.Name)]
                names = self._terms.program.names
                return frozenset(names.find(part.name, (*inside, "*"), part.outer) for part in found_in)
            case _:  # numbers, answers, days, shares of a limit, parts as a percentage of their whole
                return _NOTHING

    def _downward(self, node: n.AnyNode, inside: tuple[str, ...]) -> frozenset[str]:
        """What makes a subtracted part fall without end, so that the difference grows."""
        if isinstance(node, n.Arithmetic) and node.operator == "-":
            return self._downward(node.left, inside) | self._above(node.right, inside)
        if isinstance(node, n.Arithmetic | n.Round | n.Choose | n.OrElse):
            return _NOTHING.union(*(self._downward(part, inside) for part in n.children(node)))
        return _NOTHING

    def _curve(self, node: n.Curve, inside: tuple[str, ...]) -> frozenset[str]:
        gives = self._all(tuple(row.gives for row in node.rows), inside)
        if node.reading in ("at", "line"):
            return gives
        open_ended = [row for row in node.rows if row.high is None and not _is_zero(row.gives)]
        return gives | self._above(node.at, inside) if open_ended else gives

    def _fold(self, node: n.Fold, inside: tuple[str, ...]) -> frozenset[str]:
        counts = node.kind in ("sum", "count", "streak")
        if isinstance(node.over, tuple):
            return self._all(node.over, inside)
        if isinstance(node.over, str):
            item = self._above(node.item, (*inside, node.over)) if node.item is not None else _NOTHING
            many = counts and node.over in self._terms.contract.lists and not self._of_own_amount(node, inside)
            return item | frozenset((node.over,)) if many else item
        item = self._above(node.item, inside) if node.item is not None else _NOTHING
        whole = node.over.length is None and not node.over.since
        return item | frozenset(("the length of the term",)) if counts and whole else item

    def _of_own_amount(self, node: n.Fold, inside: tuple[str, ...]) -> bool:
        """Whether each item of a list has a price of its own that its part is taken of."""
        names = n.names_in(node.item) if node.item is not None else ()
        context = (*inside, str(node.over), "*")
        roots = [self._terms.program.names.find(one.name, context) for one in names if isinstance(one, n.Name)]
        made_of = below(self._terms, roots)
        return any(name.startswith(f"{node.over}.") and self._is_amount(name) for name in made_of)

    def _is_amount(self, name: str) -> bool:
        return name in self._terms.program.units and self._terms.program.units[name].is_money


def _is_zero(node: n.AnyNode) -> bool:
    return isinstance(node, n.Quantity) and not node.value
