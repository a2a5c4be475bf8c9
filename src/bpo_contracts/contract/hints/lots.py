"""Does a lot count its own items only? A list has the items of all lots, and an aggregate takes them all unless it is told."""

from __future__ import annotations

from collections.abc import Iterator

from bpo_contracts.contract.hints.saying import hint
from bpo_contracts.contract.lowering import Terms
from bpo_contracts.contract.references import Part, full_name, leading_to_money, parts_below, parts_of
from bpo_contracts.terms import nodes as n
from bpo_contracts.terms.items import dimensions
from bpo_contracts.values.findings import Finding
from bpo_contracts.values.sources import NOWHERE


def items_of_all_lots(terms: Terms) -> Iterator[Finding]:
    """BPO823: something for each lot aggregates a list that has a column for the lot, and does not look at it.

    Not where the same figure also aggregates the lot's own items: that is a share of the whole.
    """
    contract, asked = terms.contract, set[object]()
    if not any(items.columns.keys() & contract.scopes.keys() for items in contract.lists.values()):
        return
    for name in sorted(leading_to_money(terms)):
        found = [(part, scope) for part in parts_of(terms.program.figure(name)) for scope in _lots_at_hand(terms, part)]
        whole = {(_list_of(part), scope) for part, scope in found if _tells_apart(terms, part, scope)}
        for part, scope in found:
            over, place = _list_of(part), part.node.source
            if (over, scope) in whole or place in asked or place == NOWHERE:
                continue
            asked.add(place)
            problem = f"This takes the items of all of {scope!r} for each {scope!r}: the column {scope!r} of {over!r} is not looked at."
            step = f"Write 'where ({scope} is this item's {scope})' after {over!r} if only those of the lot at hand are meant."
            yield hint("BPO823", "items-of-all-lots", place, problem, step)


def _list_of(part: Part) -> str:
    return part.node.over if isinstance(part.node, n.Fold) and isinstance(part.node.over, str) else ""


def _lots_at_hand(terms: Terms, part: Part) -> list[str]:
    """The scopes of which there is a lot where an aggregate over a list stands, and for which the list has a column."""
    items = terms.contract.lists.get(_list_of(part))
    at_hand = {scope for per in part.inside for scope in dimensions(per)} & terms.contract.scopes.keys()
    return sorted(at_hand & items.columns.keys()) if items is not None else []


def _tells_apart(terms: Terms, part: Part, scope: str) -> bool:
    """Whether an aggregate compares its items' column for the lot with anything."""
    column = f"{_list_of(part)}.{scope}"
    return any(
        column in {full_name(terms, Part(side, one.inside, one.looks_back)) for side in n.children(one.node)}
        for one in parts_below(part)
        if isinstance(one.node, n.Test)
    )
