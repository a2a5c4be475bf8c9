"""The reading of the algebra that computes: every figure of a period, exactly.

Each node becomes a small function of a ``Frame`` once per contract; settling a period calls them in the program's order.
A number in flight is a pair ``(numerator, denominator)`` with a positive denominator, not reduced until somebody looks:
that is exact, and several times as fast as reduced fractions.

**Missing is a value that arithmetic refuses.** Where data is missing the figure has none (``NoData``), and so have the
figures that need it; only ``is known``, ``or else`` and an aggregate's declared rule look at it. What the contract leaves
undecided (a gap in a table, a division by zero) is never missing data: it is ``Undecided`` and goes through everything.
"""

from __future__ import annotations

import operator
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Final, Protocol

from bpo_contracts.terms import nodes as n
from bpo_contracts.terms.decisions import DecisionPoint, gate_decision, table_decision
from bpo_contracts.terms.items import level_of, projection
from bpo_contracts.terms.program import Program
from bpo_contracts.values.findings import Finding
from bpo_contracts.values.money import allocate
from bpo_contracts.values.periods import Period
from bpo_contracts.values.rounding import Mode, round_ratio
from bpo_contracts.values.sources import Source

Pair = tuple[int, int]
Value = Pair | bool | str | date | datetime
Run = Callable[["Frame"], "Value"]


class NoData(Exception):
    """There is no value, and ``reason`` says why: no settlement error, but no number either."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class Undecided(Exception):
    """The contract does not say what holds here; carries the finding."""

    def __init__(self, finding: Finding) -> None:
        self.finding = finding
        super().__init__(finding.problem)


@dataclass(frozen=True, slots=True)
class Absent:
    """What stands in place of a value: why there is none, and the finding if the contract left it undecided."""

    reason: str
    finding: Finding | None = None

    def fail(self) -> Exception:
        return NoData(self.reason) if self.finding is None else Undecided(self.finding)


class History(Protocol):
    """Values of earlier periods, as they were settled."""

    def earlier(self) -> int:
        """How many periods of the term lie before this one."""
        ...

    def value(self, figure: str, periods_ago: int, item: str) -> Value:
        """The settled value; raises ``NoData`` or ``Undecided`` as it was then, or a ``BadInput`` if that period is not at hand."""
        ...

    def items(self, over: str, periods_ago: int) -> Sequence[str]:
        """The items of a list or scope in that period."""
        ...


class Decide(Protocol):
    """Answers decision points: which way it goes, given the item and the atoms' values; raises ``Undecided`` unless exactly one."""

    def __call__(self, point: int, item: str, atoms: tuple[Pair, ...]) -> int: ...


class Frame:
    """One period being evaluated: the values so far, the items at hand, and what lies outside."""

    __slots__ = ("_projections", "ago", "at", "decide", "history", "items", "period", "unrounded", "values")

    def __init__(
        self,
        *,
        size: int,
        items: Mapping[str, Sequence[str]],
        period: Period,
        history: History,
        decide: Decide,
    ) -> None:
        self.values: list[object] = [None] * size
        self.items = items
        self.at: list[int] = []
        self.ago = 0
        self.period = period
        self.history = history
        self.decide = decide
        self.unrounded: dict[tuple[int, int], Pair] = {}
        """What a figure that ends in a rounding was before it, by slot and index of the item (-1 outside items)."""
        self._projections: dict[tuple[str, str], list[int]] = {}

    def projected(self, outer: str, inner: str, index: int) -> int:
        """The index of the item of ``inner`` that the item ``index`` of the combination ``outer`` belongs to."""
        known = self._projections.get((outer, inner))
        if known is None:
            known = projection(self.items[outer], outer, self.items[inner], inner)
            self._projections[outer, inner] = known
        return known[index]


@dataclass(frozen=True, slots=True)
class Machine:
    """A program made ready to run: one function per figure (None where the value is reported) and its decision points."""

    program: Program
    runs: tuple[Run | None, ...]
    points: tuple[DecisionPoint, ...]

    def evaluate(self, frame: Frame) -> None:
        """Fills ``frame.values`` in order. A figure without value gets an ``Absent``; per item, a list of values."""
        values = frame.values
        for slot, run in enumerate(self.runs):
            if run is None:
                continue
            per = self.program.figures[slot].per
            if per:
                values[slot] = [self._one(run, frame, index) for index in range(len(frame.items[per]))]
            else:
                try:
                    values[slot] = run(frame)
                except NoData as missing:
                    values[slot] = Absent(missing.reason)
                except Undecided as undecided:
                    values[slot] = Absent(undecided.finding.problem, undecided.finding)

    @staticmethod
    def _one(run: Run, frame: Frame, index: int) -> object:
        frame.at.append(index)
        try:
            return run(frame)
        except NoData as missing:
            return Absent(missing.reason)
        except Undecided as undecided:
            return Absent(undecided.finding.problem, undecided.finding)
        finally:
            frame.at.pop()


def make_machine(program: Program) -> Machine:
    """Compiles every figure of a program."""
    compiler = _Compiler(program)
    runs = tuple(compiler.figure(figure) if figure.node is not None else None for figure in program.figures)
    return Machine(program, runs, tuple(compiler.points))


_COMPARE: Final[dict[str, Callable[[object, object], bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
    ">=": operator.ge,
    ">": operator.gt,
}


class _Compiler:
    """Turns nodes into functions. ``_inside`` are the item contexts, ``_past`` whether names mean an earlier period,
    ``_plain`` whether tables and gates are computed without a decision point (inside aggregates)."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._names = program.names
        self._slots = program.slots
        self.points: list[DecisionPoint] = []
        self._figure = ""
        self._inside: list[str] = []
        self._past = False
        self._plain = False

    def figure(self, figure: n.Figure) -> Run:
        assert figure.node is not None
        self._figure = figure.name
        self._inside = [figure.per] if figure.per else []
        if isinstance(figure.node, n.Round):
            return self._rounded_figure(figure.node, self._slots[figure.name])
        return self.run(figure.node)

    def _rounded_figure(self, node: n.Round, slot: int) -> Run:
        """A figure that ends in a rounding remembers what it was before, for the trail."""
        exact, rounding = self.run(node.item), self._rounder(node)
        inside = bool(self._inside)

        def rounded(frame: Frame) -> Pair:
            value: Pair = exact(frame)  # type: ignore[assignment]
            frame.unrounded[slot, frame.at[-1] if inside else -1] = value
            return rounding(value)

        return rounded

    def run(self, node: n.AnyNode) -> Run:
        method: Callable[[n.AnyNode], Run] = getattr(self, "_" + type(node).__name__.lower().rstrip("_"))
        return method(node)

    def _unit_share(self, node: n.AnyNode) -> str:
        from bpo_contracts.terms.units import UnitReader

        def resolve(reference: n.Name | n.Earlier | n.Kept, inside: tuple[str, ...]) -> object:
            name = reference.member if isinstance(reference, n.Kept) else reference.name
            outer = reference.outer if isinstance(reference, n.Name) else 0
            return self._program.units[self._names.find(name, (*inside, "*"), outer)]

        return UnitReader(resolve).read(node, tuple(self._inside)).share  # type: ignore[arg-type]

    # --- leaves -----------------------------------------------------------------------------------------

    def _quantity(self, node: n.Quantity) -> Run:
        pair = (node.value.numerator, node.value.denominator)
        return lambda frame: pair

    def _literal(self, node: n.Literal_) -> Run:
        value = node.value
        return lambda frame: value

    def _novalue(self, node: n.NoValue) -> Run:
        def no_value(frame: Frame) -> Value:
            raise NoData(node.reason)

        return no_value

    def _name(self, node: n.Name) -> Run:
        full = self._names.find(node.name, self._inside, node.outer)
        per = self._names.per(full)
        if self._past:
            return self._past_name(full, per)
        slot = self._slots[full]
        if not per:

            def read(frame: Frame) -> Value:
                value = frame.values[slot]
                if value.__class__ is Absent:
                    raise value.fail()  # type: ignore[attr-defined]
                return value  # type: ignore[return-value]

            return read

        index = self._index(per)

        def read_item(frame: Frame) -> Value:
            value = frame.values[slot][index(frame)]  # type: ignore[index]
            if value.__class__ is Absent:
                raise value.fail()
            return value  # type: ignore[no-any-return]

        return read_item

    def _index(self, per: str) -> Callable[[Frame], int]:
        """Which item of ``per`` is at hand."""
        level = level_of(self._inside, per)
        outer = self._inside[level]
        if outer == per:
            return lambda frame: frame.at[level]
        return lambda frame: frame.projected(outer, per, frame.at[level])

    def _past_name(self, full: str, per: str) -> Run:
        if not per:
            return lambda frame: frame.history.value(full, frame.ago, "")
        index = self._index(per)
        return lambda frame: frame.history.value(full, frame.ago, frame.items[per][index(frame)])

    def _earlier(self, node: n.Earlier) -> Run:
        full = self._names.find(node.name, self._inside)
        per = self._names.per(full)
        index = self._index(per) if per else None
        ago = node.periods
        before = self.run(node.before_start) if node.before_start is not None else None

        def read(frame: Frame) -> Value:
            periods = frame.ago + ago
            if periods > frame.history.earlier():
                if before is None:
                    raise NoData(f"{full} {ago} periods ago lies before the start of the contract")
                return before(frame)
            return frame.history.value(full, periods, frame.items[per][index(frame)] if index else "")

        return read

    def _periodfact(self, node: n.PeriodFact) -> Run:
        if node.what == "days":
            return lambda frame: (frame.period.shift(-frame.ago).days * 1440, 1)
        if node.what == "start":
            return lambda frame: frame.period.shift(-frame.ago).start
        return lambda frame: frame.period.shift(-frame.ago).end

    # --- arithmetic -------------------------------------------------------------------------------------

    def _arithmetic(self, node: n.Arithmetic) -> Run:
        left, right, place = self.run(node.left), self.run(node.right), node.source
        match node.operator:
            case "+":
                return _adding(left, right, 1)
            case "-":
                return _subtracting(left, right)
            case "*":

                def times(frame: Frame) -> Pair:
                    a, b = left(frame), right(frame)
                    return a[0] * b[0], a[1] * b[1]  # type: ignore[index, operator]

                return times
            case "/":

                def over(frame: Frame) -> Pair:
                    a, b = left(frame), right(frame)
                    return _divided(a, b, place)  # type: ignore[arg-type]

                return over

    def _of(self, node: n.Of) -> Run:
        share, base = self.run(node.share), self.run(node.base)
        divisor = 100 if self._unit_share(node.share) == "%" else 1

        def of(frame: Frame) -> Pair:
            a, b = share(frame), base(frame)
            return a[0] * b[0], a[1] * b[1] * divisor  # type: ignore[index, operator]

        return of

    def _aspercent(self, node: n.AsPercent) -> Run:
        part, whole, place = self.run(node.part), self.run(node.whole), node.source

        def as_percent(frame: Frame) -> Pair:
            a, b = part(frame), whole(frame)
            numerator, denominator = _divided(a, b, place)  # type: ignore[arg-type]
            return numerator * 100, denominator

        return as_percent

    def _extreme(self, node: n.Extreme) -> Run:
        items = [self.run(item) for item in node.items]
        lowest = node.pick == "min"

        def pick(frame: Frame) -> Pair:
            best: Pair = items[0](frame)  # type: ignore[assignment]
            for item in items[1:]:
                other: Pair = item(frame)  # type: ignore[assignment]
                if (other[0] * best[1] < best[0] * other[1]) == lowest:
                    best = other
            return best

        return pick

    def _round(self, node: n.Round) -> Run:
        item, rounding = self.run(node.item), self._rounder(node)
        return lambda frame: rounding(item(frame))  # type: ignore[arg-type]

    @staticmethod
    def _rounder(node: n.Round) -> Callable[[Pair], Pair]:
        top, bottom, mode = node.rounding.grain.numerator, node.rounding.grain.denominator, node.rounding.mode
        half_up = mode is Mode.HALF_UP

        def rounded(value: Pair) -> Pair:
            numerator, denominator = value[0] * bottom, value[1] * top
            if half_up and numerator >= 0:
                return (2 * numerator + denominator) // (2 * denominator) * top, bottom
            return round_ratio(numerator, denominator, mode) * top, bottom

        return rounded

    def _step(self, node: n.Step) -> Run:
        item, per, counting, place = self.run(node.item), self.run(node.per), node.counting, node.source
        modes = {"full": Mode.FLOOR, "started": Mode.CEILING, "nearest": Mode.HALF_UP}

        def steps(frame: Frame) -> Pair:
            numerator, denominator = _divided(item(frame), per(frame), place)  # type: ignore[arg-type]
            if numerator <= 0:
                return 0, 1
            if counting == "exact":
                return numerator, denominator
            return round_ratio(numerator, denominator, modes[counting]), 1

        return steps

    def _daycount(self, node: n.DayCount) -> Run:
        start, end = self.run(node.start), self.run(node.end)

        def minutes(frame: Frame) -> Pair:
            return _minutes_between(start(frame), end(frame))

        return minutes

    # --- conditions -------------------------------------------------------------------------------------

    def _test(self, node: n.Test) -> Run:
        left, right, compare = self.run(node.left), self.run(node.right), _COMPARE[node.operator]

        def test(frame: Frame) -> bool:
            a, b = left(frame), right(frame)
            if a.__class__ is tuple and b.__class__ is tuple:
                return compare(a[0] * b[1], b[0] * a[1])  # type: ignore[index, operator]
            return compare(a, b)

        return test

    def _every(self, node: n.Every) -> Run:
        items = [self.run(item) for item in node.items]
        return lambda frame: all(item(frame) for item in items)

    def _anyof(self, node: n.AnyOf) -> Run:
        items = [self.run(item) for item in node.items]
        return lambda frame: any(item(frame) for item in items)

    def _not(self, node: n.Not) -> Run:
        item = self.run(node.item)
        return lambda frame: not item(frame)

    def _known(self, node: n.Known) -> Run:
        item = self.run(node.item)

        def known(frame: Frame) -> bool:
            try:
                item(frame)
            except NoData:
                return False
            return True

        return known

    def _orelse(self, node: n.OrElse) -> Run:
        item, fallback = self.run(node.item), self.run(node.fallback)

        def or_else(frame: Frame) -> Value:
            try:
                return item(frame)
            except NoData:
                return fallback(frame)

        return or_else

    # --- decisions --------------------------------------------------------------------------------------

    def _choose(self, node: n.Choose) -> Run:
        condition, then, otherwise = self.run(node.condition), self.run(node.then), self.run(node.otherwise)
        if self._plain or self._past:
            return lambda frame: then(frame) if condition(frame) else otherwise(frame)
        decided = self._point(gate_decision(self._figure, node.asks, node.condition))

        def choose(frame: Frame) -> Value:
            holds = condition(frame)
            if (decided(frame) == 0) != holds:
                raise AssertionError("a gate and its decision point must agree")
            return then(frame) if holds else otherwise(frame)

        return choose

    def _point(self, point: DecisionPoint) -> Callable[[Frame], int]:
        """A function that answers a decision point; atoms without data count as 0 (the gate has looked at them already)."""
        index = len(self.points)
        self.points.append(point)
        atoms = [_filled(_as_number(self.run(atom))) for atom in point.atoms]
        per, level = (self._inside[-1], len(self._inside) - 1) if self._inside else ("", -1)

        def decided(frame: Frame) -> int:
            item = frame.items[per][frame.at[level]] if per else ""
            return frame.decide(index, item, tuple(atom(frame) for atom in atoms))

        return decided

    def _curve(self, node: n.Curve) -> Run:
        at = self.run(node.at)
        gives = [self.run(row.gives) for row in node.rows]
        if node.reading == "line":
            return _line(at, [_constant(row.low) for row in node.rows], gives)
        if node.reading == "along":
            return self._along(node, at, gives)
        chosen = self._row_at(node, at)
        if node.reading == "at":
            return lambda frame: gives[chosen(frame)](frame)
        divisor = 100 if self._unit_share(node.rows[0].gives) == "%" else 1
        plus = [self.run(row.plus) if row.plus is not None else None for row in node.rows]

        def whole(frame: Frame) -> Pair:
            x: Pair = at(frame)  # type: ignore[assignment]
            row = chosen(frame)
            rate: Pair = gives[row](frame)  # type: ignore[assignment]
            amount = rate[0] * x[0], rate[1] * x[1] * divisor
            flat = plus[row]
            return amount if flat is None else _sum(amount, flat(frame))  # type: ignore[arg-type]

        return whole

    def _row_at(self, node: n.Curve, at: Run) -> Callable[[Frame], int]:
        point = table_decision(self._figure, f"which row holds {_spoken(node.at)}?", node)
        if self._plain or self._past:
            atoms = [self.run(atom) for atom in point.atoms]
            return lambda frame: _plain_row(point, [atom(frame) for atom in atoms], node.source)
        if len(point.atoms) != 1 or point.atoms[0] != node.at:
            decided = self._point(point)

            def row_with_bounds(frame: Frame) -> int:
                at(frame)
                return decided(frame)

            return row_with_bounds
        index = len(self.points)
        self.points.append(point)
        if not self._inside:
            return lambda frame: frame.decide(index, "", (at(frame),))  # type: ignore[arg-type]
        per, level = self._inside[-1], len(self._inside) - 1
        return lambda frame: frame.decide(index, frame.items[per][frame.at[level]], (at(frame),))  # type: ignore[arg-type]

    def _along(self, node: n.Curve, at: Run, gives: list[Run]) -> Run:
        start = self.run(node.start) if node.start is not None else None
        ends = [(self._end(row.low), self._end(row.high)) for row in node.rows]
        plus = [self.run(row.plus) if row.plus is not None else None for row in node.rows]
        divisor = 100 if self._unit_share(node.rows[0].gives) == "%" else 1
        place = node.source

        def along(frame: Frame) -> Pair:
            x = Fraction(*at(frame))  # type: ignore[misc]
            origin = Fraction(*start(frame)) if start is not None else Fraction(0)  # type: ignore[misc]
            low, high, sign = (origin, x, 1) if origin <= x else (x, origin, -1)
            total, covered = Fraction(0), Fraction(0)
            for (lower, upper), rate, flat in zip(ends, gives, plus, strict=True):
                bottom = lower(frame) if lower is not None else low
                top = upper(frame) if upper is not None else high
                begin, end = max(low, bottom), min(high, top)
                if begin < end:
                    covered += end - begin
                    total += (end - begin) * Fraction(*rate(frame)) / divisor  # type: ignore[misc]
                if flat is not None and _entered(x, bottom, origin):
                    total += Fraction(*flat(frame)) * sign  # type: ignore[misc]
            if covered != high - low:
                raise _undecided(
                    place,
                    "BPO240",
                    "slices-do-not-cover",
                    f"The slices cover {covered} of the {high - low} from {low} to {high}.",
                    "Add the missing slice, or the one row 'otherwise'.",
                )
            total *= sign
            return total.numerator, total.denominator

        return along

    def _end(self, node: n.AnyNode | None) -> Callable[[Frame], Fraction] | None:
        if node is None:
            return None
        run = self.run(node)
        return lambda frame: Fraction(*run(frame))  # type: ignore[misc]

    def _dated(self, node: n.Dated) -> Run:
        entries = [(day, self.run(entry)) for day, entry in sorted(node.entries, key=lambda one: one[0])]
        place = node.source

        def dated(frame: Frame) -> Value:
            start = frame.period.shift(-frame.ago).start
            chosen = None
            for day, entry in entries:
                if day <= start:
                    chosen = entry
            if chosen is None:
                raise _undecided(
                    place,
                    "BPO245",
                    "before-the-first-date",
                    f"Nothing is agreed for {start}: the first entry holds from {entries[0][0]}.",
                    "Add what holds before that day.",
                )
            return chosen(frame)

        return dated

    def _byitem(self, node: n.ByItem) -> Run:
        entries = {item: self.run(entry) for item, entry in node.entries}
        index, over = self._index(node.over), node.over
        return lambda frame: entries[frame.items[over][index(frame)]](frame)

    def _seriesvalue(self, node: n.SeriesValue) -> Run:
        months = [month for month, _ in node.values]
        pairs = [(value.numerator, value.denominator) for _, value in node.values]

        def series(frame: Frame) -> Value:
            start = frame.period.shift(-frame.ago).start
            month = node.fixed if node.fixed is not None else start.year * 12 + start.month - 1 - node.months_ago
            found = bisect_right(months, month) - 1
            if found < 0 or (months[found] != month and not node.latest):
                raise _undecided(
                    node.source,
                    "BPO246",
                    "series-value-missing",
                    f"The series {node.series!r} has no value for {month // 12:04}-{month % 12 + 1:02}.",
                    "Add the value with its source, or say 'lookup: latest' if the contract means the latest one.",
                )
            return pairs[found]

        return series

    def _ordinal(self, node: n.Ordinal) -> Run:
        columns = [self._slots[f"{node.over}.{name}"] for name in (*node.same, node.by)]
        level = level_of(self._inside, node.over)
        place = node.source

        def ordinal(frame: Frame) -> Value:
            at = frame.at[level]
            rows = list(zip(*(frame.values[slot] for slot in columns), strict=True))  # type: ignore[call-overload]
            own = rows[at]
            earlier = 0
            for other, row in enumerate(rows):
                if other == at or row[:-1] != own[:-1]:
                    continue
                if _less(row[-1], own[-1]):
                    earlier += 1
                elif not _less(own[-1], row[-1]):
                    raise _undecided(
                        place,
                        "BPO247",
                        "no-order",
                        f"Two of {node.over!r} agree in {node.by!r}, so nothing says which of them came first.",
                        "Report the order, or name a column that tells them apart.",
                    )
            return earlier + 1, 1

        return ordinal

    def _lookup(self, node: n.LookUp) -> Run:
        key, place = self.run(node.key), node.source
        entries = {word: self.run(entry) for word, entry in node.entries}
        otherwise = self.run(node.otherwise) if node.otherwise is not None else None

        def look_up(frame: Frame) -> Value:
            word = key(frame)
            entry = entries.get(word, otherwise)  # type: ignore[call-overload]
            if entry is None:
                raise _undecided(
                    place,
                    "BPO241",
                    "word-not-in-table",
                    f"The table has no row for {word!r}; it has {', '.join(map(repr, entries))}.",
                    "Add the row, or 'otherwise'.",
                )
            return entry(frame)  # type: ignore[no-any-return]

        return look_up

    # --- aggregates -------------------------------------------------------------------------------------

    def _fold(self, node: n.Fold) -> Run:
        was_plain, self._plain = self._plain, True
        try:
            none_found = self.run(node.none_found) if node.none_found is not None else None
            if isinstance(node.over, n.Window):
                values = self._over_periods(node, node.over)
            elif isinstance(node.over, tuple):
                values = _over_given([self.run(item) for item in node.over], node.missing)
            else:
                values = self._over_items(node, node.over)
        finally:
            self._plain = was_plain
        return _folded(node, values, none_found)

    def _over_items(self, node: n.Fold, over: str) -> Callable[[Frame], list[Value]]:
        self._inside.append(over)
        try:
            where = self.run(node.where) if node.where is not None else None
            item = self.run(node.item) if node.item is not None else None
        finally:
            self._inside.pop()
        skip, past = node.missing == "skip", self._past

        def values(frame: Frame) -> list[Value]:
            found: list[Value] = []
            items = frame.items
            if past and frame.ago:
                frame.items = {**items, over: frame.history.items(over, frame.ago)}
            frame.at.append(0)
            try:
                for index in range(len(frame.items[over])):
                    frame.at[-1] = index
                    try:
                        if where is None or where(frame):
                            found.append((1, 1) if item is None else item(frame))
                    except NoData:
                        if not skip:
                            raise
            finally:
                frame.at.pop()
                frame.items = items
            return found

        return values

    def _over_periods(self, node: n.Fold, window: n.Window) -> Callable[[Frame], list[Value]]:
        if node.item is None:
            raise AssertionError("an aggregate over periods has an item")
        now = None if window.previous else self.run(node.item)
        was_past, self._past = self._past, True
        try:
            past = self.run(node.item)
            where = self.run(node.where) if node.where is not None else None
        finally:
            self._past = was_past
        streak, skip, place = node.kind == "streak", node.missing == "skip", node.source

        def values(frame: Frame) -> list[Value]:
            found: list[Value] = []
            base = frame.ago
            try:
                for ago in _periods_of(window, frame, place):
                    frame.ago = base + ago
                    try:
                        if where is not None and not where(frame):
                            continue
                        found.append(now(frame) if ago == 0 and now is not None and base == 0 else past(frame))
                    except NoData:
                        if not skip:
                            raise
                        continue
                    if streak and not found[-1]:
                        break
            finally:
                frame.ago = base
            return found

        return values

    def _allocate(self, node: n.Allocate) -> Run:
        limited = self.run(node.limited)
        members = [self._member(member) for member in node.members]
        in_order, grain = node.how == "in order", node.grain

        def allocated(frame: Frame) -> Value:
            groups = [member(frame) for member in members]
            kept = _kept([pair for group in groups for pair in group], limited(frame), grain, in_order=in_order)  # type: ignore[arg-type]
            result, start = [], 0
            for group in groups:
                result.append(kept[start : start + len(group)])
                start += len(group)
            return result  # type: ignore[return-value]

        return allocated

    def _member(self, member: n.Name) -> Callable[[Frame], list[Pair]]:
        full = self._names.find(member.name, (*self._inside, "*"))
        per = self._names.per(full)
        slot = self._slots[full]
        if per and level_of(self._inside, per) >= 0:
            index = self._index(per)
            return lambda frame: [_present(frame.values[slot][index(frame)])]  # type: ignore[index]
        if per:
            return lambda frame: [_present(value) for value in frame.values[slot]]  # type: ignore[attr-defined]
        return lambda frame: [_present(frame.values[slot])]

    def _kept(self, node: n.Kept) -> Run:
        allocation = self._program.figure(self._names.find(node.allocation, (*self._inside, "*")))
        if not isinstance(allocation.node, n.Allocate):
            raise AssertionError("'Kept' reads an allocation")
        index = [member.name for member in allocation.node.members].index(node.member)
        read = self._name(n.Name(allocation.name))
        member_per = self._names.per(self._names.find(node.member, (*self._inside, "*")))
        if not member_per or level_of([allocation.per], member_per) >= 0:
            return lambda frame: read(frame)[index][0]  # type: ignore[index, return-value]
        item = self._index(member_per)
        return lambda frame: read(frame)[index][item(frame)]  # type: ignore[index, return-value]


# --- helpers ------------------------------------------------------------------------------------------------


def _sum(a: Pair, b: Pair) -> Pair:
    if a[1] == b[1]:
        return a[0] + b[0], a[1]
    return a[0] * b[1] + b[0] * a[1], a[1] * b[1]


def _adding(left: Run, right: Run, sign: int) -> Run:
    def add(frame: Frame) -> Pair:
        a: Pair = left(frame)  # type: ignore[assignment]
        b: Pair = right(frame)  # type: ignore[assignment]
        if a[1] == b[1]:
            return a[0] + sign * b[0], a[1]
        return a[0] * b[1] + sign * b[0] * a[1], a[1] * b[1]

    return add


def _subtracting(left: Run, right: Run) -> Run:
    numbers = _adding(left, right, -1)

    def subtract(frame: Frame) -> Pair:
        a = left(frame)
        if a.__class__ is tuple:
            return numbers(frame)  # type: ignore[return-value]
        return _minutes_between(right(frame), a)

    return subtract


def _minutes_between(start: Value, end: Value) -> Pair:
    if isinstance(start, datetime) and isinstance(end, datetime):
        elapsed = end - start
        micros = (elapsed.days * 86_400 + elapsed.seconds) * 1_000_000 + elapsed.microseconds
        return micros, 60_000_000
    if isinstance(start, date) and isinstance(end, date):
        return (end - start).days * 1440, 1
    raise AssertionError("units were checked: only days or instants are subtracted")


def _divided(a: Pair, b: Pair, place: Source) -> Pair:
    if not b[0]:
        raise _undecided(
            place,
            "BPO242",
            "division-by-zero",
            "The formula divides by zero here.",
            "Say what holds in that case, for example: if x is 0 then … else a / x.",
        )
    if b[0] < 0:
        return -a[0] * b[1], a[1] * -b[0]
    return a[0] * b[1], a[1] * b[0]


def _undecided(place: Source, code: str, name: str, problem: str, next_step: str) -> Undecided:
    return Undecided(Finding(code, name, place, problem, next_step))


def _as_number(run: Run) -> Callable[[Frame], Pair]:
    """Yes and no count as 1 and 0 for a rules engine."""

    def number(frame: Frame) -> Pair:
        value = run(frame)
        return value if value.__class__ is tuple else (int(value), 1)  # type: ignore[return-value, arg-type]

    return number


def _filled(run: Callable[[Frame], Pair]) -> Callable[[Frame], Pair]:
    def filled(frame: Frame) -> Pair:
        try:
            return run(frame)
        except NoData:
            return 0, 1

    return filled


def _spoken(node: n.AnyNode) -> str:
    return node.name if isinstance(node, n.Name) else "the figure"


def _plain_row(point: DecisionPoint, atoms: list[Value], place: Source) -> int:
    """The row that holds, without a rules engine (inside aggregates)."""
    holding = [
        index
        for index, way in enumerate(point.ways)
        if any(
            all(_COMPARE[bound.operator](Fraction(*atoms[bound.atom]), bound.value) for bound in every)  # type: ignore[misc]
            for every in way.when
        )
    ]
    if len(holding) != 1:
        labels = ", ".join(repr(point.ways[index].label) for index in holding) or "no row"
        raise _undecided(
            place, "BPO243", "not-one-row", f"Exactly one row must hold; {labels} does.", "Mend the table."
        )
    return holding[0]


def _constant(node: n.AnyNode | None) -> Fraction:
    if not isinstance(node, n.Quantity):
        raise AssertionError("points of a line are quantities")
    return node.value


def _line(at: Run, points: list[Fraction], gives: list[Run]) -> Run:
    """Straight between points, flat outside them."""

    def on_line(frame: Frame) -> Pair:
        x = Fraction(*at(frame))  # type: ignore[misc]
        values = [Fraction(*give(frame)) for give in gives]  # type: ignore[misc]
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


def _entered(x: Fraction, bottom: Fraction, origin: Fraction) -> bool:
    """Whether a slice's flat amount is due: once the point is beyond the slice's lower end (or on the origin itself)."""
    return x > bottom or (x == bottom == origin)


def _over_given(items: list[Run], missing: str) -> Callable[[Frame], list[Value]]:
    def values(frame: Frame) -> list[Value]:
        found = []
        for item in items:
            try:
                found.append(item(frame))
            except NoData:
                if missing != "skip":
                    raise
        return found

    return values


def _periods_of(window: n.Window, frame: Frame, place: Source) -> range:
    """How many periods ago each period of the window lies, newest first."""
    before = frame.history.earlier() - frame.ago
    first = 1 if window.previous else 0
    if window.since:
        wanted = _since(window.since, frame) + 1
    elif window.length is None:
        wanted = before + 1
    else:
        wanted = window.length + first
    last = min(wanted, before + 1)
    if last < wanted and window.length is not None and not window.since:
        if window.short == "no result":
            raise NoData(f"there are {max(0, last - first)} periods where {wanted - first} are needed")
        if window.short == "refuse":
            raise _undecided(
                place,
                "BPO244",
                "window-too-young",
                f"The window wants {wanted - first} periods and the contract has {max(0, last - first)} so far.",
                "Say what holds then: (short history: the periods there are), (short history: no result).",
            )
    return range(first, max(first, last))


def _since(unit: str, frame: Frame) -> int:
    """How many periods ago the contract year or the quarter began."""
    every = frame.period.every.value
    if unit == "quarter":
        return ((frame.period.number - frame.ago) * every % 3) // every
    return (frame.history.earlier() - frame.ago) % (12 // every)


def _folded(node: n.Fold, values: Callable[[Frame], list[Value]], none_found: Run | None) -> Run:
    place, kind = node.source, node.kind

    def empty(frame: Frame) -> Value:
        if none_found is not None:
            return none_found(frame)
        raise NoData(f"there is nothing to take the {kind} of")

    def fold(frame: Frame) -> Value:
        found = values(frame)
        match kind:
            case "count":
                counted = sum(1 for value in found if value) if node.item is not None else len(found)
                return counted, 1
            case "streak":
                return sum(1 for value in found if value), 1
            case "any":
                return any(found)
            case "every":
                return all(found)
            case "sum":
                if not found and none_found is not None:
                    return none_found(frame)
                total: Pair = (0, 1)
                for value in found:
                    total = _sum(total, value)  # type: ignore[arg-type]
                return total
        if not found:
            return empty(frame)
        numbers = [Fraction(*value) for value in found]  # type: ignore[misc]
        if kind == "average":
            result = sum(numbers, Fraction(0)) / len(numbers)
        else:
            result = max(numbers) if kind == "highest" else min(numbers)
        return result.numerator, result.denominator

    del place
    return fold


def _less(a: object, b: object) -> bool:
    """Whether one reported value comes before another of the same column."""
    if isinstance(a, Absent) or isinstance(b, Absent):
        raise NoData("the column that gives the order is not reported")
    if isinstance(a, tuple) and isinstance(b, tuple):
        return bool(a[0] * b[1] < b[0] * a[1])
    return bool(a < b)  # type: ignore[operator]


def _present(value: object) -> Pair:
    if isinstance(value, Absent):
        raise value.fail()
    return value  # type: ignore[return-value]


def _kept(members: list[Pair], limited: Pair, grain: Fraction, *, in_order: bool) -> list[Pair]:
    """What each member keeps: the sum of what is kept is the limited amount, nobody changes sign."""
    total: Pair = (0, 1)
    for member in members:
        total = _sum(total, member)
    if total[0] * limited[1] == limited[0] * total[1]:
        return members
    cut = Fraction(*total) - Fraction(*limited)
    amounts = [Fraction(*member) for member in members]
    bearing = [max(Fraction(0), amount if cut > 0 else -amount) for amount in amounts]
    size, sign = abs(cut), 1 if cut > 0 else -1
    if sum(bearing, Fraction(0)) < size:
        raise AssertionError("a limit never cuts more than there is: its ends lie on either side of zero")
    if in_order:
        cuts = _from_the_last(bearing, size)
    else:
        cuts = allocate(size, bearing, grain)
    kept = [amount - sign * one for amount, one in zip(amounts, cuts, strict=True)]
    return [(amount.numerator, amount.denominator) for amount in kept]


def _from_the_last(bearing: list[Fraction], size: Fraction) -> list[Fraction]:
    cuts = [Fraction(0)] * len(bearing)
    for index in range(len(bearing) - 1, -1, -1):
        cuts[index] = min(size, bearing[index])
        size -= cuts[index]
    return cuts
