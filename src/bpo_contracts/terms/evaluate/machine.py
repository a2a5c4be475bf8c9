"""A program made ready to run."""

from __future__ import annotations

from bpo_contracts.terms.decisions import DecisionPoint
from bpo_contracts.terms.evaluate.allocations import Compiler
from bpo_contracts.terms.evaluate.frame import (
    Absent,
    Frame,
    NoData,
    Run,
    Undecided,
)
from bpo_contracts.terms.program import Program
from bpo_contracts.values.frozen import frozen


@frozen
class Machine:
    """A program made ready to run: one function per figure (None where the value is reported) and its decision
    points."""

    program: Program
    runs: tuple[Run | None, ...]
    points: tuple[DecisionPoint, ...]

    def evaluate(self, frame: Frame) -> None:
        """Fills ``frame.values`` in order. A figure without value gets an ``Absent``; per item, a list of values."""
        values = frame.values
        for slot, (run, figure) in enumerate(zip(self.runs, self.program.figures, strict=True)):
            if run is None:
                continue
            if per := figure.per:
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
    compiler = Compiler(program)
    runs = tuple(compiler.figure(figure) if figure.node is not None else None for figure in program.figures)
    return Machine(program, runs, tuple(compiler.points))
