"""Which percentages a contract reads only at ends of 5 % and more: there a reported ``0.985`` was meant as ``98.5``.

A percentage is read where a table has rows at it, where a formula or condition compares it with a number, and where it
is subtracted from one (``95 % - uptime``; what is left of 100 % says nothing about it). The number can stand in a
parameter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from fractions import Fraction

from bpo_contracts.contract.lowering import Terms
from bpo_contracts.terms import nodes as n

_USUAL_BELOW = 5
_WHOLE = 100


def high_ends_only(terms: Terms) -> frozenset[str]:
    """The measures and columns (``closures.share``) whose values are read at some percentage, and at none below 5 %."""
    nodes = {figure.name: figure.node for figure in terms.program.figures if figure.node is not None}
    ends: dict[str, set[Fraction]] = defaultdict(set)
    for figure in terms.program.figures:
        if figure.node is not None:
            for name, end in _ends(figure.node, nodes):
                ends[name].add(end)
    found = {name for name, values in ends.items() if any(values) and not any(0 < end < _USUAL_BELOW for end in values)}
    columns = {f"{of}.{column}" for of, items in terms.contract.lists.items() for column in items.columns}
    return frozenset(found | {name for name in columns if name.partition(".")[2] in found and not ends.get(name)})


def _ends(node: n.AnyNode, nodes: Mapping[str, n.AnyNode]) -> Iterator[tuple[str, Fraction]]:
    """Each name below a node with each percentage it is read at."""
    match node:
        case n.Curve(at=n.Name(name=name), rows=rows):
            bounds = [bound for row in rows for bound in (row.low, row.high) if bound is not None]
            yield from ((name, end) for bound in bounds for end in _percentages(bound, nodes))
        case n.Test(left=left, right=right):
            for one, other in ((left, right), (right, left)):
                if isinstance(one, n.Name):
                    yield from ((one.name, end) for end in _percentages(other, nodes))
        case n.Arithmetic(operator="-", left=left, right=right):
            for one, other in ((left, right), (right, left)):
                if isinstance(one, n.Name):
                    yield from ((one.name, end) for end in _percentages(other, nodes) if end != _WHOLE)
        case _:
            pass
    for child in n.children(node):
        yield from _ends(child, nodes)


def _percentages(node: n.AnyNode, nodes: Mapping[str, n.AnyNode]) -> tuple[Fraction, ...]:
    """The percentages that a bound can be: a number, or those of a parameter."""
    match node:
        case n.Quantity(value=value, unit=unit) if unit.share == "%":
            return (value,)
        case n.Name(name=name) if isinstance(nodes.get(name), n.Quantity | n.Dated | n.ByItem):
            return _percentages(nodes[name], nodes)
        case n.Dated(entries=entries) | n.ByItem(entries=entries):
            return tuple(
                end for _, entry in entries if isinstance(entry, n.Quantity) for end in _percentages(entry, nodes)
            )
        case _:
            return ()
