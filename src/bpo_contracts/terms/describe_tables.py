"""What no formula says: tables, entries and shares of a limit, in plain English."""

from __future__ import annotations

from collections.abc import Callable

from bpo_contracts.terms.nodes import Allocate, AnyNode, Curve, Literal_, LookUp, Name, Quantity, Row
from bpo_contracts.values.numbers import number_text

Say = Callable[[AnyNode], str]
"""How a part is said: ``say`` where it stands alone, ``part`` inside a sentence, in brackets if it needs them."""


def curve_words(node: Curve, say: Say, part: Say) -> str:
    """The reading of a curve and its rows: ``the row of the table that holds x: 98 % or more gives 0 %; …``."""
    at = part(node.at)
    start = "" if node.start is None else f" from {part(node.start)}"
    head, verb = {
        "at": (f"the row of the table that holds {at}", "gives"),
        "along": (f"slice by slice of the table{start} to {at}", "counts at"),
        "line": (f"the straight line between the points of the table, at {at}", "gives"),
    }[node.reading]
    rows = []
    for row in node.rows:
        plus = "" if row.plus is None else f", plus {say(row.plus)} once reached"
        rows.append(f"{row.label or row_words(row, say)} {verb} {say(row.gives)}{plus}")
    return f"{head}: {'; '.join(rows)}"


def look_up_words(node: LookUp, say: Say, part: Say) -> str:
    """``the entry for priority: "P1" gives 5 %; anything else gives 0 %``."""
    rows = [f'"{word}" gives {say(value)}' for word, value in node.entries]
    rows += [] if node.otherwise is None else [f"anything else gives {say(node.otherwise)}"]
    return f"the entry for {part(node.key)}: {'; '.join(rows)}"


def allocate_words(node: Allocate, say: Say, part: Say) -> str:
    """What the members of a limit keep, and on whom the cut falls first."""
    members = ", ".join(say(member) for member in node.members)
    if node.how == "to the grain":
        what = f"what each of {members} comes to in whole steps of {number_text(node.grain)}"
        return f"{what}, so that they sum to {part(node.limited)}; what is left goes to the largest remainders"
    how = "the first named first" if node.how == "in order" else "in proportion"
    grain = f"to {number_text(node.grain)} with no rest lost"
    return f"what each of {members} keeps when their sum is limited to {part(node.limited)}, {how}, {grain}"


def row_words(row: Row, say: Say) -> str:
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


def _bound(node: AnyNode, say: Say) -> str:
    return say(node) if isinstance(node, Quantity | Literal_ | Name) else f"({say(node)})"
