"""What all hints share: how one is made, where a clause stands, and which figures lead to money."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bpo_contracts.contract.clauses.base import Clause
from bpo_contracts.contract.contract import Contract
from bpo_contracts.contract.lowering import Terms
from bpo_contracts.terms import nodes as n
from bpo_contracts.values.findings import Finding
from bpo_contracts.values.sources import Source

_NAMED_MAX = 6


def hint(code: str, name: str, place: Source, problem: str, next_step: str, also: tuple[Source, ...] = ()) -> Finding:
    """A finding that blocks nothing."""
    return Finding(code, name, place, problem, next_step, also, hint=True)


def clause_place(contract: Contract, clause: Clause, *path: str | int) -> Source:
    """Where a clause, or a field of it, stands."""
    index = next(i for i, one in enumerate(contract.clauses) if one is clause)
    return contract.place(("clauses", index, *(path or (clause.kind,))))


def listed(texts: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``; of many the first and how many more there are."""
    if len(texts) > _NAMED_MAX:
        texts = [*texts[: _NAMED_MAX - 1], f"{len(texts) - _NAMED_MAX + 1} more"]
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} and {texts[-1]}"


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


def referred(terms: Terms, figure: n.Figure, node: n.AnyNode) -> list[str]:
    """The full names of the figures that a node of a figure refers to."""
    inside = (figure.per,) if figure.per else ()
    return [name for part, context in _contexts(node, inside) for name in _full(terms, part, context)]


def leading_to_money(terms: Terms) -> set[str]:
    """The figures that an invoice line or a consequence depends on."""
    return below(terms, [line.net for line in terms.lines] + [outcome.figure for outcome in terms.outcomes])


def _contexts(node: n.AnyNode, inside: tuple[str, ...]) -> list[tuple[n.Name | n.Earlier | n.Kept, tuple[str, ...]]]:
    found = [(node, inside)] if isinstance(node, n.Name | n.Earlier | n.Kept) else []
    context = (*inside, node.over) if isinstance(node, n.Fold) and isinstance(node.over, str) else inside
    for child in n.children(node):
        found += _contexts(child, context)
    return found


def _full(terms: Terms, part: n.Name | n.Earlier | n.Kept, inside: tuple[str, ...]) -> list[str]:
    names = terms.program.names
    if isinstance(part, n.Kept):
        return [names.find(part.member, (*inside, "*")), names.find(part.allocation, (*inside, "*"))]
    return [names.find(part.name, (*inside, "*"), part.outer if isinstance(part, n.Name) else 0)]
