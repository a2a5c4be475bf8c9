"""Is an item of a list the same item in another period? Only a key says so.

Rows without one are numbered as they are reported: "the second" of March has nothing to do with the second of April. What
looks at earlier periods of an item therefore needs a list with a key.
"""

from __future__ import annotations

from collections.abc import Iterator

from bpo_contracts.contract.contract import Contract
from bpo_contracts.terms.nodes import AnyNode, Earlier, Figure, Fold, Name, children, window_of
from bpo_contracts.terms.program import Program, is_bound_outside
from bpo_contracts.values.findings import Finding


def items_without_key(contract: Contract, program: Program) -> Iterator[Finding]:
    """BPO160 for each figure about the items of a list without ``key`` that looks at earlier periods of its item."""
    keyless = {name for name, one in contract.lists.items() if one.key is None}
    for figure in program.figures:
        if figure.per not in keyless or figure.node is None:
            continue
        found = next(_earlier_of_item(program, figure, figure.node, (figure.per,), outside=None), None)
        if found is not None:
            problem = f"This looks at what {found!r} was in earlier periods for the same item of {figure.per!r}, and the list has no key."
            step = f"Name the column that tells items apart: 'key: …' in the list {figure.per!r}."
            yield Finding("BPO160", "item-without-key", figure.source, problem, step)


def _earlier_of_item(
    program: Program, figure: Figure, node: AnyNode, inside: tuple[str, ...], *, outside: int | None
) -> Iterator[str]:
    """The names that mean the figure's own item in an earlier period; ``outside`` as in ``is_bound_outside``."""
    names = program.names
    if isinstance(node, Earlier) and names.per(names.find(node.name, inside)) == figure.per:
        yield node.name
    if isinstance(node, Name) and outside is not None and not is_bound_outside(node, inside, outside):
        own = names.per(names.find(node.name, inside, node.outer)) == figure.per
        if own and figure.per not in inside[outside : len(inside) - node.outer]:
            yield node.name
    context = (*inside, node.over) if isinstance(node, Fold) and isinstance(node.over, str) else inside
    if outside is None and window_of(node) is not None:
        outside = len(inside)
    for child in children(node):
        yield from _earlier_of_item(program, figure, child, context, outside=outside)
