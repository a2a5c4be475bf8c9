"""The rows of a table: their labels as bounds, their order, and one row alone as a range."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from bpo_contracts.terms import nodes as n
from bpo_contracts.terms.bands import parse_row, with_otherwise
from bpo_contracts.terms.nodes import ZERO
from bpo_contracts.terms.written import said_plainly
from bpo_contracts.values.findings import BadInput, Finding, refuse
from bpo_contracts.values.sources import Source
from bpo_contracts.values.units import Unit, WrongUnit, same

Between = tuple[Fraction | None, Fraction | None]
"""The lowest and the highest value, both inside, in the base of the unit; None where there is no end."""


def parse_rows(
    labels: Sequence[tuple[str, Source]],
    gives: Sequence[n.AnyNode],
    *,
    nouns: frozenset[str],
    default_unit: Unit | None,
    precision: Fraction | None = None,
) -> tuple[n.Row, ...]:
    """The rows of a table from their labels (each with its place) and what they give.

    Raises:
        BadInput: with the findings of every row.
    """
    rows: list[n.Row] = []
    findings: list[Finding] = []
    rest: n.Row | None = None
    for (label, place), value in zip(labels, gives, strict=True):
        try:
            bounds = parse_row(label, nouns=nouns, default_unit=default_unit, source=place)
        except BadInput as bad:
            findings += said_plainly(bad.findings, label, nouns, place)
            continue
        row = n.Row(label, bounds.low, bounds.low_closed, bounds.high, bounds.high_closed, value, source=place)
        if bounds.otherwise:
            rest = row
        else:
            rows.append(row)
    if findings:
        raise BadInput(findings)
    return tuple(with_otherwise(rows, rest, precision=precision, source=rest.source)) if rest else tuple(rows)


def between(text: str | None, unit: Unit, nouns: frozenset[str], place: Source) -> Between:
    """A plausible range, both ends inside, in the base of the unit; without a text there are no ends.

    Raises:
        BadInput: if the range is not written ``LOW to HIGH``.
    """
    if text is None:
        return None, None
    row = parse_rows([(text, place)], [ZERO], nouns=nouns, default_unit=unit)[0]
    ends = [end for end in (row.low, row.high) if end is not None]
    low, high = (end.value if isinstance(end, n.Quantity) else None for end in (row.low, row.high))
    known = [end for end in ends if isinstance(end, n.Quantity) and _fits(end.unit, unit)]
    closed = (row.low is None or row.low_closed) and (row.high is None or row.high_closed)
    if not ends or len(known) < len(ends) or not closed or (low is not None and high is not None and low > high):
        problem = f"{text[:60]!r} is not a range of {unit}."
        step = f"Write the lowest and the highest plausible value, as in '0 to 100 {unit}'; both belong to the range."
        raise refuse("BPO155", "not-a-range", problem, step, place)
    return low, high


def _fits(one: Unit, other: Unit) -> bool:
    try:
        same(one, other)
    except WrongUnit:
        return False
    return True


def row_order(row: n.Row) -> tuple[int, Fraction, bool, str]:
    """Rows from the lowest up, in whatever order they are written; rows whose ends are formulas by their words."""
    if row.low is None:
        return 0, Fraction(0), True, row.label
    if isinstance(row.low, n.Quantity):
        return 1, row.low.value, not row.low_closed, row.label
    return 2, Fraction(0), True, row.label
