"""Is an amount a thousand times too small? ``8.500 EUR`` is eight and a half euros here, and 8500 to many who write it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from bpo_contracts.contract.hints.saying import hint
from bpo_contracts.contract.lowering import Terms
from bpo_contracts.terms.places import part_of
from bpo_contracts.values.currencies import MINOR_DIGITS
from bpo_contracts.values.findings import Finding
from bpo_contracts.values.nodes import DocNode, ListNode, MapNode, Scalar

_GROUPED: Final = re.compile(r"(?<![\w.])([1-9][0-9]{0,2})\.([0-9]{3}) ([A-Z]{3})(?!\w| per |/)", re.ASCII)
_FOR_PEOPLE: Final = frozenset(("words", "title", "source", "happens", "client", "provider"))


def thousands_or_decimals(terms: Terms) -> Iterator[Finding]:
    """BPO813: an amount with three decimals in a currency that has fewer; a price per unit may well have them."""
    document = terms.contract.document
    for scalar in _texts(document) if document is not None else ():
        for amount in _GROUPED.finditer(scalar.text):
            whole, decimals, currency = amount.groups()
            if currency not in MINOR_DIGITS or MINOR_DIGITS[currency] >= 3:
                continue
            place = part_of(scalar.source, scalar.text, start=amount.start(), end=amount.end())
            problem = f"{amount[0]!r} is {whole} {currency} and a fraction: the point is a decimal point, and none for thousands."
            step = f"Write '{whole}{decimals} {currency}' if thousands are meant, or '{_short(whole, decimals)} {currency}'."
            yield hint("BPO813", "thousands-or-decimals", place, problem, step)


def _short(whole: str, decimals: str) -> str:
    return f"{whole}.{decimals.rstrip('0').ljust(2, '0')}"


def _texts(node: DocNode) -> Iterator[Scalar]:
    """The keys and values that are read as formulas; words for people are no terms."""
    if isinstance(node, Scalar):
        yield node
    elif isinstance(node, ListNode):
        for item in node.items:
            yield from _texts(item)
    elif isinstance(node, MapNode):
        for key, value in node.entries:
            if key.text not in _FOR_PEOPLE:
                yield key
                yield from _texts(value)
