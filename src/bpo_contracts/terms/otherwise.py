"""The row ``otherwise``: whatever no other row of the table takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from bpo_contracts.terms.nodes import AnyNode, Quantity, Row
from bpo_contracts.terms.table_checks import FIRST, LAST, interval, is_constant, table_of
from bpo_contracts.values.findings import refuse
from bpo_contracts.values.sources import Source
from bpo_contracts.values.units import ANY_ZERO


def with_otherwise(
    rows: Sequence[Row], otherwise: Row, *, precision: Fraction | None, source: Source
) -> tuple[Row, ...]:
    """The rows and, for each interval that none of them holds, a row with what ``otherwise`` gives.

    Raises:
        BadInput: BPO223 if the other rows leave nothing free, BPO220 if their bounds are formulas whose order is not
            known (write the ends of the row instead).
    """
    free = _free(rows, precision) if all(is_constant(row) for row in rows) else _free_of_chain(rows)
    if free is None:
        raise refuse(
            "BPO220",
            "unclear-row",
            "'otherwise' stands beside bounds whose order is not known before there is data.",
            "Write the ends of this row in words, as in 'under target'.",
            source,
        )
    if not free:
        raise refuse(
            "BPO223", "row-holds-nothing", "The other rows leave nothing for 'otherwise'.", "Remove it.", source
        )
    added = (replace(row, label=otherwise.label, gives=otherwise.gives, plus=otherwise.plus) for row in free)
    return (*rows, *added)


def _free(rows: Sequence[Row], precision: Fraction | None) -> list[Row]:
    """The intervals that no row holds, as rows with the bounds of their neighbours."""
    table = table_of(rows, precision)
    holding = sorted((one for row in rows if (one := interval(row)).start < one.end), key=lambda one: one.start)
    free: list[Row] = []
    reached, bound, closed = FIRST, None, True
    for one in holding:
        if table.possible(reached, one.start):
            free.append(_between(bound, not closed, one.row.low, not one.row.low_closed))
        if one.end > reached:
            reached, bound, closed = one.end, one.row.high, one.row.high_closed
    if reached != LAST:
        free.append(_between(bound, not closed, None, False))
    return free


def _free_of_chain(rows: Sequence[Row]) -> list[Row] | None:
    """The same for bounds that are formulas, if the rows follow one another at equal formulas; None if they do not."""
    left = list(rows)
    first = next((row for row in left if row.low is None or not any(row.low == other.high for other in left)), None)
    if first is None:
        return None
    free = [] if first.low is None else [_between(None, False, first.low, not first.low_closed)]
    current = first
    left.remove(first)
    while left:
        following = next((row for row in left if row.low is not None and row.low == current.high), None)
        if following is None:
            return None
        if not current.high_closed and not following.low_closed:
            free.append(_between(current.high, True, current.high, True))
        left.remove(following)
        current = following
    if current.high is not None:
        free.append(_between(current.high, not current.high_closed, None, False))
    return free


def _between(low: AnyNode | None, low_closed: bool, high: AnyNode | None, high_closed: bool) -> Row:
    nothing = Quantity(Fraction(0), ANY_ZERO)
    return Row("", low, low is not None and low_closed, high, high is not None and high_closed, nothing)
