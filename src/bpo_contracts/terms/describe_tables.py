"""The ends of a row in words, where the document gives it no label."""

from __future__ import annotations

from collections.abc import Callable

from bpo_contracts.terms.nodes import AnyNode, Literal_, Name, Quantity, Row


def row_words(row: Row, say: Callable[[AnyNode], str]) -> str:
    """``98 % to under 99.8 %``: the phrase that means the row's interval. ``say`` puts a bound into words."""
    low = "" if row.low is None else _bound(row.low, say)
    high = "" if row.high is None else _bound(row.high, say)
    if not low and not high:
        return "anything"
    if not high:
        return f"{low} or more" if row.low_closed else f"over {low}"
    if not low:
        return f"{high} or less" if row.high_closed else f"under {high}"
    if row.low == row.high and row.low_closed and row.high_closed:
        return f"exactly {low}"
    return f"{'' if row.low_closed else 'over '}{low} to {'' if row.high_closed else 'under '}{high}"


def _bound(node: AnyNode, say: Callable[[AnyNode], str]) -> str:
    return say(node) if isinstance(node, Quantity | Literal_ | Name) else f"({say(node)})"
