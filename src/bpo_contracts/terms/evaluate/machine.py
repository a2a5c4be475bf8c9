"""A program made ready to run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bpo_contracts.terms.decisions import DecisionPoint
from bpo_contracts.terms.evaluate.allocations import Compiler
from bpo_contracts.terms.evaluate.fixed import FIXED, Settles, what_settles
from bpo_contracts.terms.evaluate.frame import (
    Absent,
    Frame,
    NoData,
    Pair,
    Run,
    Undecided,
)
from bpo_contracts.terms.nodes import Allocate, Figure, Kept, Name
from bpo_contracts.terms.program import Program
from bpo_contracts.values.frozen import frozen

_NOTHING: Final = (-1, -1)


@frozen
class _Planned:
    """A figure to compute each period, and what becomes known with it.

    ``followers`` are the slots of figures that follow from its answer alone; ``copies`` are figures that only repeat it, each
    with which member's share of an allocation it is, -1 for the whole.
    """

    slot: int
    run: Run
    per: str
    followers: tuple[int, ...]
    copies: tuple[tuple[int, int], ...]


@frozen
class _Settled:
    """What some figures come to: their values and, where they end in a rounding, what they were before it, by slot."""

    values: tuple[tuple[int, object], ...]
    unrounded: dict[tuple[int, int], Pair]


class Machine:
    """A program made ready to run, and its decision points.

    ``settles`` says which figures the contract alone settles, or the answer of one question (see ``fixed``); those are
    computed once for each answer.
    """

    def __init__(self, program: Program, runs: Sequence[Run | None], points: Sequence[DecisionPoint]) -> None:
        self.program = program
        self.points = tuple(points)
        self.settles: Settles = what_settles(program, self.points)
        self._runs = tuple(runs)
        self._start: tuple[list[object], dict[tuple[int, int], Pair]] | None = None
        self._known: dict[tuple[int, Pair], _Settled] = {}
        self._plan = self._planned()

    def _planned(self) -> list[_Planned]:
        """The figures to compute each period, in their order."""
        followers: dict[int, list[int]] = {}
        copies: dict[int, list[tuple[int, int]]] = {}
        copied: dict[int, tuple[int, int]] = {}
        plan: list[tuple[int, Run, str, list[int]]] = []
        for slot, (run, figure, settles) in enumerate(zip(self._runs, self.program.figures, self.settles, strict=True)):
            if run is None or settles == FIXED:
                continue
            if settles is not None and self.points[settles].figure != figure.name:
                followers[settles].append(slot)
                continue
            source, member = self._copied(figure)
            source, member = copied.get(source, (source, member))
            if source in copies:
                copies[source].append((slot, member))
                copied[slot] = source, member
                continue
            following = followers.setdefault(settles, []) if settles is not None else []
            plan.append((slot, run, figure.per, following))
            copies[slot] = []
        return [_Planned(slot, run, per, tuple(following), tuple(copies[slot])) for slot, run, per, following in plan]

    def _copied(self, figure: Figure) -> tuple[int, int]:
        """The slot of the figure that this one only repeats, and which member of an allocation it is (-1: the whole)."""
        program, node = self.program, figure.node
        if figure.per or not isinstance(node, Name | Kept):
            return _NOTHING
        if isinstance(node, Name):
            source = program.figure(program.names.find(node.name, []))
            return (program.slots[source.name], -1) if not source.per else _NOTHING
        source = program.figure(program.names.find(node.allocation, []))
        member = program.figure(program.names.find(node.member, []))
        if source.per or member.per or not isinstance(source.node, Allocate):
            return _NOTHING
        names = [one.name for one in source.node.members]
        return program.slots[source.name], names.index(node.member)

    def evaluate(self, frame: Frame) -> None:
        """Fills ``frame.values`` in order. A figure without value gets an ``Absent``; per item, a list of values."""
        self._begin(frame)
        values = frame.values
        for planned in self._plan:
            slot, run = planned.slot, planned.run
            if planned.per:
                values[slot] = [self._one(run, frame, index) for index in range(len(frame.items[planned.per]))]
                continue
            try:
                values[slot] = run(frame)
            except NoData as missing:
                values[slot] = Absent(missing.reason)
            except Undecided as undecided:
                values[slot] = Absent(undecided.finding.problem, undecided.finding)
            if planned.followers:
                self._follow(frame, slot, planned.followers)
            if planned.copies:
                value = values[slot]
                for copy, member in planned.copies:
                    values[copy] = value if member < 0 or value.__class__ is Absent else value[member][0]

    def _begin(self, frame: Frame) -> None:
        """What the contract alone settles, beside the values that the frame has."""
        if self._start is None:
            empty = frame.values
            frame.values = [None] * len(empty)
            for slot, (run, settles) in enumerate(zip(self._runs, self.settles, strict=True)):
                if run is not None and settles == FIXED:
                    frame.values[slot] = self._value(run, frame)
            self._start = frame.values, dict(frame.unrounded)
            frame.values = empty
        values, unrounded = self._start
        frame.unrounded.update(unrounded)
        frame.values = [one if other is None else other for one, other in zip(frame.values, values, strict=True)]

    def _follow(self, frame: Frame, slot: int, followers: tuple[int, ...]) -> None:
        """What follows from the value of the figure in a slot: a few values return, and each leads to the same."""
        values = frame.values
        value = values[slot]
        if value.__class__ is not tuple:
            for follower in followers:
                values[follower] = self._value(self._runs[follower], frame)
            return
        known = self._known.get((slot, value))
        if known is None:
            before = frame.unrounded
            frame.unrounded = {}
            for follower in followers:
                values[follower] = self._value(self._runs[follower], frame)
            found = tuple((follower, values[follower]) for follower in followers)
            known = self._known[slot, value] = _Settled(found, frame.unrounded)
            frame.unrounded = before
        else:
            for follower, settled in known.values:
                values[follower] = settled
        frame.unrounded.update(known.unrounded)

    @staticmethod
    def _value(run: Run | None, frame: Frame) -> object:
        if run is None:
            raise AssertionError("a reported figure is not computed")
        try:
            return run(frame)
        except NoData as missing:
            return Absent(missing.reason)
        except Undecided as undecided:
            return Absent(undecided.finding.problem, undecided.finding)

    @classmethod
    def _one(cls, run: Run, frame: Frame, index: int) -> object:
        frame.at.append(index)
        try:
            return cls._value(run, frame)
        finally:
            frame.at.pop()


def make_machine(program: Program) -> Machine:
    """Compiles every figure of a program."""
    compiler = Compiler(program)
    runs = [compiler.figure(figure) if figure.node is not None else None for figure in program.figures]
    return Machine(program, runs, compiler.points)
