"""From nodes to functions: names, earlier periods, and the parts that all families of nodes share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import cast

from bpo_contracts.terms import nodes as n
from bpo_contracts.terms.decisions import DecisionPoint
from bpo_contracts.terms.evaluate.frame import (
    Absent,
    Frame,
    Looks,
    NoData,
    NotYet,
    NumberRun,
    Pair,
    Run,
    TruthRun,
    Value,
    bounded,
    undecided,
)
from bpo_contracts.terms.items import dimensions, level_of, levels_of
from bpo_contracts.terms.program import Program, is_bound_outside
from bpo_contracts.terms.units import UnitReader
from bpo_contracts.values.rounding import Mode, round_ratio
from bpo_contracts.values.units import Unit


class Compiling:
    """Turns nodes into functions; the classes built on it add one family of nodes each.

    ``_inside`` are the item contexts, ``_past`` says whether names mean an earlier period (and ``_outside`` how many of the
    contexts were open before that), ``_plain`` whether tables and gates are computed without a decision point (inside
    aggregates).
    """

    def __init__(self, program: Program) -> None:
        self._program = program
        self._names = program.names
        self._slots = program.slots
        self.points: list[DecisionPoint] = []
        self._figure = ""
        self._inside: list[str] = []
        self._past = False
        self._outside = 0
        self._plain = False

    def figure(self, figure: n.Figure) -> Run:
        """The function of a whole figure."""
        if figure.node is None:
            raise AssertionError("a reported figure is not computed")
        self._figure = figure.name
        self._inside = [figure.per] if figure.per else []
        if isinstance(figure.node, n.Round):
            return self._rounded_figure(figure.node, self._slots[figure.name])
        run = self.run(figure.node)
        return _bounded(run, figure.node) if _grows(figure.node) else run

    def _rounded_figure(self, node: n.Round, slot: int) -> Run:
        """A figure that ends in a rounding remembers what it was before, for the trail."""
        exact, rounding = self.number(node.item), self._rounder(node)
        exact = cast(NumberRun, _bounded(exact, node)) if _grows(node.item) else exact
        inside = bool(self._inside)

        def rounded(frame: Frame) -> Pair:
            value = exact(frame)
            frame.unrounded[slot, frame.at[-1] if inside else -1] = value
            return rounding(value)

        return rounded

    def run(self, node: n.AnyNode) -> Run:
        """The function of a node."""
        method: Callable[[n.AnyNode], Run] = getattr(self, "_" + type(node).__name__.lower().rstrip("_"))
        return method(node)

    def number(self, node: n.AnyNode) -> NumberRun:
        """The function of a node whose unit was checked to be a number's."""
        return cast(NumberRun, self.run(node))

    def truth(self, node: n.AnyNode) -> TruthRun:
        """The function of a node that was checked to be yes or no."""
        return cast(TruthRun, self.run(node))

    def _unit_share(self, node: n.AnyNode) -> str:
        return self._unit_of(node).share

    def _unit_of(self, node: n.AnyNode) -> Unit:
        def resolve(reference: n.Name | n.Earlier | n.Kept, inside: tuple[str, ...]) -> Unit:
            name = reference.member if isinstance(reference, n.Kept) else reference.name
            outer = reference.outer if isinstance(reference, n.Name) else 0
            return self._program.units[self._names.find(name, (*inside, "*"), outer)]

        return UnitReader(resolve).read(node, tuple(self._inside))

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

    def _quantity(self, node: n.Quantity) -> Run:
        pair = (node.value.numerator, node.value.denominator)
        return lambda frame: pair

    def _literal(self, node: n.Literal_) -> Run:
        value = node.value
        return lambda frame: value

    def _novalue(self, node: n.NoValue) -> Run:
        def no_value(frame: Frame) -> Value:
            if node.refused:
                step = "Report what is missing, or agree in the contract what holds then."
                raise undecided(node.source, "BPO248", "refused-by-contract", node.reason, step)
            raise NoData(node.reason)

        return no_value

    def _name(self, node: n.Name) -> Run:
        full = self._names.find(node.name, self._inside, node.outer)
        per = self._names.per(full)
        if self._past and not is_bound_outside(node, self._inside, self._outside):
            return self._past_name(full, per, node.outer)
        slot = self._slots[full]
        if not per:

            def read(frame: Frame) -> Value:
                value = frame.values[slot]
                if value.__class__ is Absent:
                    raise value.fail()
                return cast(Value, value)

            return read

        index = self._index(per, node.outer, now=self._past)

        def read_item(frame: Frame) -> Value:
            value = frame.values[slot][index(frame)]
            if value.__class__ is Absent:
                raise value.fail()
            return cast(Value, value)

        return read_item

    def _index(self, per: str, outer: int = 0, *, now: bool = False) -> Callable[[Frame], int]:
        """Which item of ``per`` is at hand, ``outer`` contexts outwards; ``now``: one of the period that is settled."""
        level = level_of(self._inside[: max(len(self._inside) - outer, 1)], per)
        if level < 0:
            parts = [self._index(scope, outer, now=now) for scope in dimensions(per)]
            return lambda frame: frame.combined(per, [part(frame) for part in parts])
        around = self._inside[level]
        if around == per:
            return lambda frame: frame.at[level]
        return lambda frame: frame.projected(around, per, frame.at[level], now=now)

    def _item(self, per: str, outer: int = 0) -> Callable[[Frame], str]:
        """The key of the item of ``per`` at hand, ``outer`` contexts outwards; in an earlier period one that was there then."""
        inside = self._inside[: max(len(self._inside) - outer, 1)]
        level = level_of(inside, per)
        if level >= 0 and inside[level] == per:
            return lambda frame: frame.items[per][frame.at[level]]
        parts = [
            (one, inside[one], dimensions(inside[one]).index(scope))
            for scope, one in zip(dimensions(per), levels_of(inside, per), strict=True)
        ]
        return lambda frame: ",".join(
            frame.items[around][frame.at[one]].split(",")[place] for one, around, place in parts
        )

    def _past_name(self, full: str, per: str, outer: int = 0) -> Run:
        if full in self._program.agreed:
            return self._agreed_then(full, per, outer)
        if not per:
            return lambda frame: frame.history.value(full, frame.ago, "")
        item = self._item(per, outer)
        return lambda frame: frame.history.value(full, frame.ago, item(frame))

    def _agreed_then(self, full: str, per: str, outer: int) -> Run:
        """What was agreed in an earlier period; where that is only said since, what is said of that period now."""
        item_of = self._item(per, outer) if per else None
        node = self._program.figure(full).node
        if node is None:
            raise AssertionError("what is agreed has a formula")
        around, self._inside = self._inside, [per] if per else []
        try:
            said_now = self.run(node)
        finally:
            self._inside = around

        def agreed(frame: Frame) -> Value:
            item = item_of(frame) if item_of else ""
            try:
                return frame.history.value(full, frame.ago, item)
            except NotYet:
                at, items = frame.at, frame.items
                frame.at, frame.items = ([0], {**items, per: (item,)}) if item_of else ([], items)
                try:
                    return said_now(frame)
                finally:
                    frame.at, frame.items = at, items

        return agreed

    def _earlier(self, node: n.Earlier) -> Run:
        full = self._names.find(node.name, self._inside)
        per = self._names.per(full)
        item_of = self._item(per) if per else None
        ago = node.periods
        before = self.run(node.before_start) if node.before_start is not None else None
        looked = self._looked(n.Name(node.name), self._program.units[full], at=node)

        def read(frame: Frame) -> Value:
            item = item_of(frame) if item_of else ""
            try:
                value = frame.history.value(full, frame.ago + ago, item)
            except NotYet:
                if before is None:
                    raise _before_the_start(node) from None
                return before(frame)
            looked(frame, ((ago, value),))
            return value

        return read

    def _looked(self, node: n.AnyNode, unit: Unit, *, at: n.AnyNode) -> Looks:
        """What is done with the values of ``node`` that ``at`` finds in earlier periods: nothing, unless notes are kept."""
        return lambda frame, found: None

    def _periodfact(self, node: n.PeriodFact) -> Run:
        if node.what == "days":
            return lambda frame: (frame.period.shift(-frame.ago).days * 1440, 1)
        if node.what == "start":
            return lambda frame: frame.period.shift(-frame.ago).start
        if node.what == "month":
            return lambda frame: (frame.period.shift(-frame.ago).start.month, 1)
        return lambda frame: frame.period.shift(-frame.ago).end - timedelta(days=1)


def _before_the_start(node: n.Earlier) -> Exception:
    """Nobody said what holds: that is for the contract to say, and never missing data that a fallback could hide."""
    periods = "the period before" if node.periods == 1 else f"{node.periods} periods ago"
    return undecided(
        node.source,
        "BPO249",
        "before-the-start",
        f"This needs {node.name!r} of {periods}, which lies before the start of the contract, or before the amendment"
        " that brought it.",
        "Say what holds then, as in (before the start: 0), or report the first value.",
    )


def _grows(node: n.AnyNode) -> bool:
    """Whether a number can come out longer than those that go in."""
    return any(
        isinstance(one, n.Of | n.AsPercent | n.Fold) or (isinstance(one, n.Arithmetic) and one.operator in "*/")
        for one in n.all_in(node)
    )


def _bounded(run: Run, node: n.AnyNode) -> Run:
    place = node.source

    def within_bounds(frame: Frame) -> Value:
        value = run(frame)
        return bounded(value, place) if isinstance(value, tuple) else value

    return within_bounds
