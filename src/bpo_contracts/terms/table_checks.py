"""Whether exactly one row of a table holds each value: gaps, overlaps, empty rows, found before any data.

An interval is kept as two **cuts**: a cut lies just before or just after a number (or beyond all numbers). ``[a, b)``
runs from just before a to just before b. So ends, open or closed, are compared as plain tuples and nothing is special.

With a declared precision the measure has only multiples of it, so 89.99 and 90.00 touch where the precision is 0.01.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from fractions import Fraction
from itertools import combinations
from math import ceil
from typing import Final

from bpo_contracts.terms.nodes import AnyNode, Literal_, Quantity, Row
from bpo_contracts.terms.phrases import quantity_text
from bpo_contracts.terms.places import label_place
from bpo_contracts.values.findings import Finding
from bpo_contracts.values.frozen import frozen
from bpo_contracts.values.sources import NOWHERE, Source
from bpo_contracts.values.units import ANY_ZERO, DAY, Unit

Cut = tuple[int, Fraction, int]
"""``(0, x, 0)`` lies just before x, ``(0, x, 1)`` just after; -1 and 1 in front mean before and after everything."""

_ZERO: Final = Fraction(0)
FIRST: Final[Cut] = (-1, _ZERO, 0)
LAST: Final[Cut] = (1, _ZERO, 0)


@frozen
class Interval:
    """A row with constant bounds as a pair of cuts."""

    row: Row
    start: Cut
    end: Cut

    @property
    def label(self) -> str:
        """The row's label in quotes, for a message."""
        return f"'{self.row.label}'" if self.row.label else "a row"

    @property
    def place(self) -> Source:
        """Where the row stands."""
        return row_place(self.row)


def check_rows(
    rows: Sequence[Row],
    *,
    precision: Fraction | None,
    low: Fraction | None,
    high: Fraction | None,
    has_range: bool = True,
) -> list[Finding]:
    """What is wrong with a table whose bounds are constants, by place; rows with other bounds are left out.

    ``precision``, ``low`` and ``high`` are in base units: the grain that the measure is rounded to, and the range that
    it is in (None: without end). The order of the rows does not matter. ``has_range``: what is read is a measure, which
    can declare its range; nothing else can.

    Codes: BPO221 nothing holds some values between two rows; BPO222 two rows hold the same values; BPO223 a row holds
    nothing; BPO224 and BPO225 no row below the lowest and above the highest one; BPO226 the same row twice. Gaps are
    only known where every bound is a constant; bounds of several units are for the check of units to refuse.

    Raises:
        ValueError: if the precision is not above zero.
    """
    if precision is not None and precision <= 0:
        raise ValueError("a precision is above zero")
    units = {bound.unit for row in rows for bound in (row.low, row.high) if isinstance(bound, Quantity | Literal_)}
    units.discard(ANY_ZERO)
    if len(units) > 1 or not rows:
        return []
    table = table_of(rows, precision, has_range=has_range)
    constant = sorted((interval(row) for row in rows if is_constant(row)), key=lambda one: (one.start, one.end))
    holding = [one for one in constant if one.start < one.end]
    findings = [table.holds_nothing(one) for one in constant if one.start >= one.end]
    pairs = [(one, other) for one, other in combinations(holding, 2) if other.start < one.end]
    pairs = [pair for pair in pairs if not any(_lies_between(one, *pair) for one in holding)]
    findings += [finding for pair in pairs if (finding := table.overlap(*pair))]
    if len(constant) == len(rows):
        findings += table.gaps(holding, _cut(low, after=False, absent=FIRST), _cut(high, after=True, absent=LAST))
    return sorted(findings, key=lambda finding: finding.sort_key)


def row_place(row: Row) -> Source:
    """Where a row stands in the document: its label, found from its bounds or its value."""
    for node in (row.low, row.high, row.gives):
        if node is not None and node.source != NOWHERE:
            return label_place(row.label, node.source)
    return NOWHERE


@frozen
class Table:
    """What the rows of one table share: the unit of the bounds, and the grain of the values if there is one."""

    unit: Unit
    precision: Fraction | None
    has_range: bool = True

    def holds_nothing(self, one: Interval) -> Finding:
        """BPO223 for a row whose ends leave nothing between them."""
        why = "both ends are the same, and do not both belong to it"
        if one.start[1] > one.end[1]:
            why = "its lower end is above its upper end"
        problem = f"The row {one.label} holds nothing: {why}."
        return Finding("BPO223", "row-holds-nothing", one.place, problem, "Correct its ends, or write 'exactly X'.")

    def overlap(self, one: Interval, other: Interval) -> Finding | None:
        """BPO222 or BPO226 for two rows that hold the same possible values."""
        start, end = max(one.start, other.start), min(one.end, other.end)
        if start >= end or not self.possible(start, end):
            return None
        first, second = sorted((one, other), key=lambda each: (each.place.line, each.place.column))
        if (one.start, one.end) == (other.start, other.end):
            code, name, step = "BPO226", "same-row-twice", "Remove one of them."
        else:
            code, name, step = "BPO222", "rows-overlap", self._apart(one, other)
        problem = f"The rows {first.label} and {second.label} overlap: both hold {self.words(start, end)}."
        return Finding(code, name, second.place, problem, step, (first.place,))

    def _apart(self, one: Interval, other: Interval) -> str:
        """How two rows that overlap are told apart. Of nested ones ("under 99.9", "under 99") often the nearer is meant:
        the wider one then keeps what the narrower does not hold."""
        if one.start != other.start and one.end != other.end:
            return "Say which of them holds these values: write 'under' or 'over' in the other."
        first, last = sorted((one.end, other.end) if one.start == other.start else (one.start, other.start))
        wide = max(one, other, key=lambda row: row.end) if one.start == other.start else min(one, other, key=_starts)
        rest = self.words(first, last).removeprefix("anything ")
        if rest.endswith(", ends excluded"):
            rest = f"over {self._number(first)} to under {self._number(last)}"
        return f"If {wide.label} is meant for what the other does not hold, write '{rest}'."

    def gaps(self, rows: Sequence[Interval], low: Cut, high: Cut) -> list[Finding]:
        """What no row holds, from ``low`` to ``high``; ``rows`` by their start."""
        findings: list[Finding] = []
        if not rows:
            return findings
        reached = rows[0]
        if self.possible(low, min(rows[0].start, high)):
            findings.append(self._beyond("BPO224", "no-row-below", rows[0], self.words(low, min(rows[0].start, high))))
        for row in rows[1:]:
            start, end = max(reached.end, low), min(row.start, high)
            if self.possible(start, end):
                findings.append(self._gap(reached, row, self.words(start, end)))
            reached = max(reached, row, key=lambda one: one.end)
        if self.possible(max(reached.end, low), high):
            findings.append(self._beyond("BPO225", "no-row-above", reached, self.words(max(reached.end, low), high)))
        return findings

    def _gap(self, below: Interval, above: Interval, values: str) -> Finding:
        problem = f"Between the rows {below.label} and {above.label} there is a gap: nothing holds {values}."
        step = (
            "Move an end, or add a row. If there are no values in between, declare the precision of the measure, or"
            " 'round: half up to 1' of the figure."
        )
        return Finding("BPO221", "gap-between-rows", above.place, problem, step, (below.place,))

    def _beyond(self, code: str, name: str, row: Interval, values: str) -> Finding:
        side = "below" if code == "BPO224" else "above"
        problem = f"There is no row {side} {row.label}: nothing holds {values}."
        words = "or less" if side == "below" else "or more"
        step = f"Write the row with '{words}', add a row, or say the range of the measure."
        if not self.has_range:
            whole = self.words(FIRST, row.end) if side == "below" else self.words(row.start, LAST)
            rows = f"Write the row as '{whole.removeprefix('anything ')}', or add a row"
            rows = "Add a row" if whole == "anything" else rows
            step = f"{rows}; what this table is read at is no measure, and has no 'between'."
        return Finding(code, name, row.place, problem, step)

    def possible(self, start: Cut, end: Cut) -> bool:
        """Whether the measure can have a value between two cuts."""
        return start < end and (self.precision is None or _holds_multiple(start, end, self.precision))

    def words(self, start: Cut, end: Cut) -> str:
        """``99.89 % to 99.9 %, ends excluded``: exactly the numbers between two cuts."""
        low, high = self._number(start), self._number(end)
        if start == FIRST:
            return "anything" if end == LAST else f"{high} or less" if end[2] else f"anything under {high}"
        if end == LAST:
            return f"anything over {low}" if start[2] else f"{low} or more"
        if start[1] == end[1]:
            return f"exactly {low}"
        if start[2] and not end[2]:
            return f"{low} to {high}, ends excluded"
        return f"{'over ' if start[2] else ''}{low} to {'' if end[2] else 'under '}{high}"

    def _number(self, cut: Cut) -> str:
        if self.unit == DAY:
            return date.fromordinal(max(1, int(cut[1]))).isoformat()
        return quantity_text(cut[1], self.unit)


def _starts(one: Interval) -> Cut:
    return one.start


def _lies_between(middle: Interval, one: Interval, other: Interval) -> bool:
    """Whether a row lies between two nested ones, so that what is wrong with the two is said of it and each of them."""
    if one.start == other.start == middle.start:
        return min(one.end, other.end) < middle.end < max(one.end, other.end)
    if one.end == other.end == middle.end:
        return min(one.start, other.start) < middle.start < max(one.start, other.start)
    return False


def _holds_multiple(start: Cut, end: Cut, grain: Fraction) -> bool:
    if start == FIRST or end == LAST:
        return True
    multiple = ceil(start[1] / grain) * grain
    if multiple == start[1] and start[2]:
        multiple += grain
    return (0, multiple, 0) < end


def interval(row: Row) -> Interval:
    """The cuts of a row with constant bounds."""
    return Interval(
        row,
        _cut(_number(row.low), after=not row.low_closed, absent=FIRST),
        _cut(_number(row.high), after=row.high_closed, absent=LAST),
    )


def _cut(number: Fraction | None, *, after: bool, absent: Cut) -> Cut:
    return absent if number is None else (0, number, int(after))


def _number(bound: AnyNode | None) -> Fraction | None:
    if isinstance(bound, Quantity):
        return bound.value
    if isinstance(bound, Literal_) and isinstance(bound.value, date) and not isinstance(bound.value, datetime):
        return Fraction(bound.value.toordinal())
    return None


def table_of(rows: Sequence[Row], precision: Fraction | None, *, has_range: bool = True) -> Table:
    """The unit of a table's bounds and the grain of its values; days come one by one."""
    unit = next((unit for row in rows if (unit := _shown_unit(row)) != ANY_ZERO), ANY_ZERO)
    return Table(unit, Fraction(1) if precision is None and unit == DAY else precision, has_range)


def is_constant(row: Row) -> bool:
    """Whether each end is a quantity, a day, or open."""
    return all(bound is None or _number(bound) is not None for bound in (row.low, row.high))


def _shown_unit(row: Row) -> Unit:
    bounds = (bound for bound in (row.low, row.high) if isinstance(bound, Quantity | Literal_))
    return next((bound.unit for bound in bounds if bound.unit != ANY_ZERO), ANY_ZERO)
