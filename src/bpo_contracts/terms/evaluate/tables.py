"""Curves read at a point, along and as a line; tables of words; gates. Each asks a question of the rulebook."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise

from bpo_contracts.terms import nodes as n
from bpo_contracts.terms.decisions import DecisionPoint, gate_decision, table_decision
from bpo_contracts.terms.evaluate.conditions import COMPARE, Conditions
from bpo_contracts.terms.evaluate.frame import (
    Frame,
    NoData,
    NumberRun,
    Pair,
    Run,
    Undecided,
    Value,
    undecided,
)
from bpo_contracts.values.numbers import number_text
from bpo_contracts.values.sources import Source


class Tables(Conditions):
    """Decides rows and branches."""

    def _choose(self, node: n.Choose) -> Run:
        condition, then, otherwise = self.truth(node.condition), self.run(node.then), self.run(node.otherwise)
        if self._plain or self._past:
            return lambda frame: then(frame) if condition(frame) else otherwise(frame)
        decided = self._point(gate_decision(self._figure, node.asks, node.condition))

        def choose(frame: Frame) -> Value:
            holds = condition(frame)
            if (decided(frame) == 0) != holds:
                raise AssertionError("a gate and its decision point must agree")
            return then(frame) if holds else otherwise(frame)

        return choose

    def _point(self, point: DecisionPoint, *, filled: bool = True) -> Callable[[Frame], int]:
        """A function that answers a decision point.

        ``filled``: an atom without an answer counts as 0. That is for a gate, whose condition was answered before: it
        comes out the same whatever such an atom is. The ends of a row are all needed.
        """
        index = len(self.points)
        self.points.append(point)
        numbers = [_as_number(self.run(atom)) for atom in point.atoms]
        atoms = [_filled(number) for number in numbers] if filled else numbers
        per, level = (self._inside[-1], len(self._inside) - 1) if self._inside else ("", -1)

        def decided(frame: Frame) -> int:
            item = frame.items[per][frame.at[level]] if per else ""
            return frame.decide(index, item, tuple(atom(frame) for atom in atoms))

        return decided

    def _curve(self, node: n.Curve) -> Run:
        at = self.number(node.at)
        gives = [self.number(row.gives) for row in node.rows]
        if node.reading == "line":
            return _line(at, [_constant(row.low) for row in node.rows], gives)
        if node.reading == "along":
            return self._along(node, at, gives)
        chosen = self._row_at(node, at)
        return lambda frame: gives[chosen(frame)](frame)

    def _row_at(self, node: n.Curve, at: NumberRun) -> Callable[[Frame], int]:
        point = table_decision(self._figure, f"which row holds {_spoken(node.at)}?", node)
        if self._plain or self._past:
            atoms = [_as_number(self.run(atom)) for atom in point.atoms]
            return lambda frame: _plain_row(point, [atom(frame) for atom in atoms], node.source)
        if len(point.atoms) != 1 or point.atoms[0] != node.at:
            decided = self._point(point, filled=False)

            def row_with_bounds(frame: Frame) -> int:
                at(frame)
                return decided(frame)

            return row_with_bounds
        index = len(self.points)
        self.points.append(point)
        if not self._inside:
            return lambda frame: frame.decide(index, "", (at(frame),))
        per, level = self._inside[-1], len(self._inside) - 1
        return lambda frame: frame.decide(index, frame.items[per][frame.at[level]], (at(frame),))

    def _along(self, node: n.Curve, at: NumberRun, gives: list[NumberRun]) -> Run:
        start = self.number(node.start) if node.start is not None else None
        ends = [(self._end(row.low), self._end(row.high)) for row in node.rows]
        flats = [self.number(row.plus) if row.plus is not None else None for row in node.rows]
        divisor = 100 if self._unit_share(node.rows[0].gives) == "%" else 1
        place = node.source
        entered = [_entered(row) for row in node.rows]

        def along(frame: Frame) -> Pair:
            x = Fraction(*at(frame))
            origin = Fraction(*start(frame)) if start is not None else Fraction(0)
            low, high, sign = (origin, x, 1) if origin <= x else (x, origin, -1)
            total, spans = Fraction(0), list[_Span]()
            for (lower, upper), rate, flat, reached in zip(ends, gives, flats, entered, strict=True):
                bottom = lower(frame) if lower is not None else low
                top = upper(frame) if upper is not None else high
                begin, end = max(low, bottom), min(high, top)
                if begin < end:
                    spans.append((begin, end))
                    total += (end - begin) * Fraction(*rate(frame)) / divisor
                if flat is not None and reached(x, None if lower is None else bottom):
                    total += Fraction(*flat(frame)) * sign
            if sum(end - begin for begin, end in spans) != high - low or _overlap(spans):
                raise undecided(place, "BPO240", "slices-do-not-cover", *_uncovered(spans, low, high))
            total *= sign
            return total.numerator, total.denominator

        return along

    def _end(self, node: n.AnyNode | None) -> Callable[[Frame], Fraction] | None:
        if node is None:
            return None
        run = self.number(node)
        return lambda frame: Fraction(*run(frame))

    def _lookup(self, node: n.LookUp) -> Run:
        key, place = self.run(node.key), node.source
        entries = {word: self.run(entry) for word, entry in node.entries}
        otherwise = self.run(node.otherwise) if node.otherwise is not None else None

        def look_up(frame: Frame) -> Value:
            word = str(key(frame))
            entry = entries.get(word, otherwise)
            if entry is None:
                raise undecided(
                    place,
                    "BPO241",
                    "word-not-in-table",
                    f"The table has no row for {word!r}; it has {', '.join(map(repr, entries))}.",
                    "Add the row, or 'otherwise'.",
                )
            return entry(frame)

        return look_up


_Span = tuple[Fraction, Fraction]


def _overlap(spans: list[_Span]) -> _Span | None:
    """The first stretch that two of the slices both hold."""
    for one, other in pairwise(sorted(spans)):
        if other[0] < one[1]:
            return other[0], min(one[1], other[1])
    return None


def _uncovered(spans: list[_Span], low: Fraction, high: Fraction) -> tuple[str, str]:
    """What is wrong with slices that do not hold each part once, and what to do."""
    twice = _overlap(spans)
    if twice is not None:
        problem = f"Two slices overlap: both hold what lies from {number_text(twice[0])} to {number_text(twice[1])}."
        return (
            problem,
            "Let each slice begin where the one before it ends, whatever the formulas of their ends come to.",
        )
    covered = number_text(sum((end - begin for begin, end in spans), Fraction(0)))
    problem = (
        f"The slices cover {covered} of the {number_text(high - low)} from {number_text(low)} to {number_text(high)}."
    )
    return problem, "Add the missing slice, or the one row 'otherwise'."


def _as_number(run: Run) -> Callable[[Frame], Pair]:
    """Yes and no count as 1 and 0 for a rules engine."""

    def number(frame: Frame) -> Pair:
        value = run(frame)
        return value if isinstance(value, tuple) else (1 if value is True else 0, 1)

    return number


def _filled(run: Callable[[Frame], Pair]) -> Callable[[Frame], Pair]:
    def filled(frame: Frame) -> Pair:
        try:
            return run(frame)
        except (NoData, Undecided):
            return 0, 1

    return filled


def _spoken(node: n.AnyNode) -> str:
    return node.name if isinstance(node, n.Name) else "the figure"


def _plain_row(point: DecisionPoint, atoms: list[Pair], place: Source) -> int:
    """The row that holds, without a rules engine (inside aggregates)."""
    holding = [
        index
        for index, way in enumerate(point.ways)
        if any(
            all(COMPARE[bound.operator](Fraction(*atoms[bound.atom]), bound.value) for bound in every)
            for every in way.when
        )
    ]
    if len(holding) != 1:
        labels = ", ".join(repr(point.ways[index].label) for index in holding) or "no row"
        raise undecided(place, "BPO243", "not-one-row", f"Exactly one row must hold; {labels} does.", "Mend the table.")
    return holding[0]


def _constant(node: n.AnyNode | None) -> Fraction:
    if not isinstance(node, n.Quantity):
        raise AssertionError("points of a line are quantities")
    return node.value


def _line(at: NumberRun, points: list[Fraction], gives: list[NumberRun]) -> Run:
    """Straight between points, flat outside them."""

    def on_line(frame: Frame) -> Pair:
        x = Fraction(*at(frame))
        values = [Fraction(*give(frame)) for give in gives]
        if x <= points[0]:
            y = values[0]
        elif x >= points[-1]:
            y = values[-1]
        else:
            index = next(i for i, point in enumerate(points) if x < point)
            left, right = points[index - 1], points[index]
            y = values[index - 1] + (values[index] - values[index - 1]) * (x - left) / (right - left)
        return y.numerator, y.denominator

    return on_line


def _entered(row: n.Row) -> Callable[[Fraction, Fraction | None], bool]:
    """Whether a slice's flat amount is due: once the point is in the slice or beyond it.

    The lower end itself is in the slice if the row says so: ``0 to 10`` is reached at 0, ``over 0 to 10`` is not. A
    slice
    without lower end is always reached.
    """
    if row.low_closed:
        return lambda x, low: low is None or x >= low
    return lambda x, low: low is None or x > low
