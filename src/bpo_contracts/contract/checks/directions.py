"""Does a table pay the right way? A credit must not grow as the measure gets better, a bonus must not shrink.

Of 48 guarantees taken from real contracts, one penalised success and let failure go free; another was met and penalised at the
same value. The measure says which way is better; ``neutral`` says that neither is.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from bpo_contracts.contract.clauses.base import Family
from bpo_contracts.terms.nodes import Curve, Literal_, Quantity, Row
from bpo_contracts.values.findings import Finding
from bpo_contracts.values.sources import Source
from bpo_contracts.values.units import ANY_ZERO, Unit, WrongUnit, same


def comparable(rows: Sequence[Row], unit: Unit) -> bool:
    """Whether the ends of the rows are in the unit of the measure; if not, that is what has to be said (BPO231)."""
    try:
        for end in (end for row in rows for end in (row.low, row.high) if isinstance(end, Quantity)):
            same(end.unit, unit)
    except WrongUnit:
        return False
    return True


def plausible(rows: Sequence[Row], low: Fraction | None, high: Fraction | None) -> tuple[Row, ...]:
    """The rows that hold a value from ``low`` to ``high``: 'otherwise' also takes what can never be reported."""
    unit = ANY_ZERO  # ends are compared by their values alone
    ends = [None if end is None else Quantity(end, unit) for end in (low, high)]
    everything = Row("", ends[0], True, ends[1], True, Quantity(Fraction(0), unit))
    return tuple(row for row in rows if _computed(row) or _meet(row, everything))


def never_reported(rows: Sequence[Row], low: Fraction | None, high: Fraction | None, measure: str) -> list[Finding]:
    """BPO291 for a row that only values outside the plausible range of the measure would reach."""
    found = []
    reached = plausible(rows, low, high)
    for row in rows:
        if row in reached or row.label == "otherwise" or not _meet(row, row):
            continue
        problem = f"The row {row.label!r} holds no value that {measure!r} can have: its range is said in 'between'."
        step = "Remove the row, or correct its ends or the range."
        found.append(Finding("BPO291", "row-never-read", row.source, problem, step))
    return found


def pays_the_right_way(rows: Sequence[Row], direction: str, family: Family, place: Source) -> list[Finding]:
    """BPO298 if a better value costs more (credits) or earns less (bonuses). ``rows`` stand from the lowest up."""
    if direction == "neutral" or family not in ("credit", "bonus"):
        return []
    values = [row.gives.value for row in rows if isinstance(row.gives, Quantity)]
    if len(values) != len(rows):
        return []
    rises = (family == "bonus") == (direction == "higher is better")
    for (lower, one), (higher, two) in pairwise(zip(rows, values, strict=True)):
        if (two < one) if rises else (two > one):
            word = "earns" if family == "bonus" else "costs"
            better, worse = (higher, lower) if direction == "higher is better" else (lower, higher)
            less_or_more = "less" if family == "bonus" else "more"
            problem = (
                f"The measure says that {direction}, but {better.label!r} {word} {less_or_more} than {worse.label!r}."
            )
            step = "Correct the rows, or the direction of the measure (neutral, if neither way is better)."
            return [Finding("BPO298", "pays-the-wrong-way", better.gives.source, problem, step, (place,))]
    return []


def signs(rows: Sequence[Row], family: Family, place: Source) -> list[Finding]:
    """BPO276 for a row below zero in a credit or bonus: the kind says which way the money goes, the row only how much."""
    if family not in ("credit", "bonus"):
        return []
    return [
        Finding(
            "BPO276",
            "wrong-sign-in-table",
            row.gives.source,
            f"The row {row.label!r} gives less than zero, and a {family} already says which way the money goes.",
            "Write the amount without its sign, or use a kind that goes both ways.",
            (place,),
        )
        for row in rows
        if isinstance(row.gives, Quantity) and row.gives.value < 0
    ]


def levels_agree(
    rows: Sequence[Row], level: Curve, family: Family, place: Source, grain: Fraction | None
) -> list[Finding]:
    """BPO299 if a value is met and penalised, or missed and free: the levels and the table of a credit say different things.

    ``grain`` is the precision of the measure: where it has no value between two ends, they may lie apart.
    """
    if family != "credit":
        return []
    for row in rows:
        for one in level.rows:
            if not isinstance(row.gives, Quantity) or not isinstance(one.gives, Literal_) or not _meet(row, one, grain):
                continue
            good = one.gives.value in ("met", "exceeded")
            if good == bool(row.gives.value):
                says = f"is {one.gives.value}" + (" and costs something" if good else " and costs nothing")
                problem = f"A value in the row {row.label!r} {says}: the level is {one.label!r}."
                step = "Make the row and the level meet at the same value."
                return [Finding("BPO299", "levels-against-table", place, problem, step, (one.gives.source,))]
    return []


def _meet(a: Row, b: Row, grain: Fraction | None = None) -> bool:
    """Whether some value lies in both rows; rows whose ends are formulas are not compared."""
    if _computed(a) or _computed(b):
        return False
    low = max(_low(a), _low(b))
    high = min(_high(a), _high(b))
    if grain is None or not low[0] or high[0] == 2:
        return low < high
    first = -(-low[1] // grain) * grain
    if first == low[1] and low[2]:
        first += grain
    return first < high[1] or (first == high[1] and bool(high[2]))


def _computed(row: Row) -> bool:
    return any(end is not None and not isinstance(end, Quantity) for end in (row.low, row.high))


def _low(row: Row) -> tuple[int, Fraction, int]:
    """Lower ends in order: without end first, then by value, closed before open."""
    return (0, Fraction(0), 0) if not isinstance(row.low, Quantity) else (1, row.low.value, 0 if row.low_closed else 1)


def _high(row: Row) -> tuple[int, Fraction, int]:
    """Upper ends in the same order: an open end lies just before its value, a closed one just after it."""
    return (
        (2, Fraction(0), 0) if not isinstance(row.high, Quantity) else (1, row.high.value, 1 if row.high_closed else 0)
    )
