"""A program made ready to run."""

from __future__ import annotations

from collections.abc import Sequence

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
from bpo_contracts.terms.program import Program
from bpo_contracts.values.frozen import frozen


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

    def _planned(self) -> list[tuple[int, Run, str, tuple[int, ...]]]:
        """The figures to compute each period, in order: slot, function, items, and the figures that follow from it."""
        followers: dict[int, list[int]] = {}
        plan = []
        for slot, (run, figure, settles) in enumerate(zip(self._runs, self.program.figures, self.settles, strict=True)):
            if run is None or settles == FIXED:
                continue
            if settles is not None and self.points[settles].figure != figure.name:
                followers[settles].append(slot)
                continue
            following = followers.setdefault(settles, []) if settles is not None else []
            plan.append((slot, run, figure.per, following))
        return [(slot, run, per, tuple(following)) for slot, run, per, following in plan]

    def evaluate(self, frame: Frame) -> None:
        """Fills ``frame.values`` in order. A figure without value gets an ``Absent``; per item, a list of values."""
        self._begin(frame)
        values = frame.values
        for slot, run, per, followers in self._plan:
            if per:
                values[slot] = [self._one(run, frame, index) for index in range(len(frame.items[per]))]
                continue
            try:
                values[slot] = run(frame)
            except NoData as missing:
                values[slot] = Absent(missing.reason)
            except Undecided as undecided:
                values[slot] = Absent(undecided.finding.problem, undecided.finding)
            if followers:
                self._follow(frame, slot, followers)

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
