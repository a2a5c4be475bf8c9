"""Which figures a figure refers to, by their full names: in this period and in earlier ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from bpo_contracts.terms import nodes as n
from bpo_contracts.values.frozen import frozen

if TYPE_CHECKING:
    from bpo_contracts.contract.lowering import Terms


def below(terms: Terms, roots: Iterable[str]) -> set[str]:
    """The figures that the given ones are made of, themselves among them; also those of earlier periods."""
    program, found, open_ = terms.program, set[str](), list(roots)
    while open_:
        name = open_.pop()
        if name in found or name not in program.slots:
            continue
        found.add(name)
        figure = program.figure(name)
        if figure.node is not None:
            open_ += referred(terms, figure, figure.node)
    return found


def referred(terms: Terms, figure: n.Figure, node: n.AnyNode, *, answered: bool = True) -> list[str]:
    """The full names of the figures that a node of a figure refers to; ``answered``: also those for which 'or else' says
    what holds where they have no value."""
    inside = (figure.per,) if figure.per else ()
    return [name for part, context in _contexts(node, inside, answered) for name in _full(terms, part, context)]


@frozen
class Part:
    """A node of a figure, the items that are at hand where it stands (the outermost first), and whether it is read of other
    periods than the one that is settled."""

    node: n.AnyNode
    inside: tuple[str, ...]
    looks_back: bool


def parts_of(figure: n.Figure) -> Iterator[Part]:
    """Every node of a figure, in reading order; none of what is reported."""
    if figure.node is not None:
        yield from parts_below(Part(figure.node, (figure.per,) if figure.per else (), looks_back=False))


def parts_below(part: Part, *, chosen: bool = True) -> Iterator[Part]:
    """A part and every one below it, in reading order; ``chosen``: also the two sides of a choice, of which only one is read."""
    open_ = [part]
    while open_:
        one = open_.pop()
        yield one
        node = one.node
        inside = (*one.inside, node.over) if isinstance(node, n.Fold) and isinstance(node.over, str) else one.inside
        looks_back = one.looks_back or n.looks_back(node)
        below = (node.condition,) if isinstance(node, n.Choose) and not chosen else n.children(node)
        open_ += [Part(child, inside, looks_back=looks_back) for child in reversed(below)]


def full_name(terms: Terms, part: Part) -> str:
    """The full name of the figure that a name means where it stands; "" for any other node."""
    node = part.node
    if not isinstance(node, n.Name | n.Earlier):
        return ""
    outer = node.outer if isinstance(node, n.Name) else 0
    return terms.program.names.find(node.name, (*part.inside, "*"), outer)


def leading_to_money(terms: Terms) -> set[str]:
    """The figures that an invoice line or a consequence depends on."""
    return below(terms, [line.net for line in terms.lines] + [outcome.figure for outcome in terms.outcomes])


def _contexts(
    node: n.AnyNode, inside: tuple[str, ...], answered: bool
) -> list[tuple[n.Name | n.Earlier | n.Kept, tuple[str, ...]]]:
    found = [(node, inside)] if isinstance(node, n.Name | n.Earlier | n.Kept) else []
    context = (*inside, node.over) if isinstance(node, n.Fold) and isinstance(node.over, str) else inside
    for child in n.children(node):
        if answered or not isinstance(node, n.OrElse) or child is not node.item:
            found += _contexts(child, context, answered)
    return found


def _full(terms: Terms, part: n.Name | n.Earlier | n.Kept, inside: tuple[str, ...]) -> list[str]:
    names = terms.program.names
    if isinstance(part, n.Kept):
        return [names.find(part.member, (*inside, "*")), names.find(part.allocation, (*inside, "*"))]
    return [names.find(part.name, (*inside, "*"), part.outer if isinstance(part, n.Name) else 0)]
