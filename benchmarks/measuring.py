"""How it is timed: contenders take turns, so that a busy spell hits all of them; a busy machine is given no verdict.

A **round** runs every contender once; what is kept is microseconds for one month. Between them runs a
**calibration**, a loop of fixed work: if its times spread, or another program keeps the processor busy before we
start, the figures are printed and not judged.
"""

from __future__ import annotations

import gc
import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from time import perf_counter

SPREAD_MAX = 0.15
"""The calibration's spread (interquartile range over median) above which the machine is too busy to judge."""

LOAD_MAX = 0.6
"""The load average per processor above which it is too busy before we start."""


@dataclass(slots=True)
class Times:
    """What one contender took, in microseconds, round by round."""

    taken: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        """The median of the rounds."""
        return statistics.median(self.taken)

    @property
    def spread(self) -> float:
        """The interquartile range."""
        low, _, high = statistics.quantiles(self.taken, n=4, method="inclusive")
        return high - low


@dataclass(slots=True)
class Machine:
    """What the calibration says about the machine."""

    load: float = field(default_factory=lambda: os.getloadavg()[0] / (os.cpu_count() or 1))
    calibration: Times = field(default_factory=Times)

    def calibrate(self) -> None:
        """One run of fixed work."""
        start = perf_counter()
        total = 0
        for number in range(200_000):
            total += number % 7
        self.calibration.taken.append((perf_counter() - start) * 1e6)

    @property
    def too_busy(self) -> str:
        """Why no verdict can be given; empty if one can."""
        spread = self.calibration.spread / self.calibration.median
        if self.load > LOAD_MAX:
            return f"the load was {self.load:.2f} per processor before the start (at most {LOAD_MAX})"
        if spread > SPREAD_MAX:
            return f"a loop of fixed work spread by {spread:.0%} (at most {SPREAD_MAX:.0%})"
        return ""


def interleaved(
    contenders: Mapping[str, Callable[[], object]], *, units: int, rounds: int, machine: Machine
) -> dict[str, Times]:
    """Each contender once a round, in an order that turns; the first round only warms up.

    Times are for one of ``units`` that a call of a contender does.
    """
    times = {name: Times() for name in contenders}
    names = list(contenders)
    for number in range(rounds + 1):
        turned = names[number % len(names) :] + names[: number % len(names)]
        for name in turned:
            gc.collect()
            machine.calibrate()
            start = perf_counter()
            contenders[name]()
            taken = (perf_counter() - start) * 1e6 / units
            if number:
                times[name].taken.append(taken)
    return times


def command(arguments: Sequence[str], cache: str) -> Callable[[], object]:
    """A Python process from its start to its end.

    Its compiled files are kept in ``cache``, as installed programs have them.
    """
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment |= {"PYTHONPYCACHEPREFIX": cache, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}

    def run() -> object:
        return subprocess.run(  # noqa: S603  # our own interpreter and our own arguments
            [sys.executable, *arguments], env=environment, check=True, stdout=subprocess.DEVNULL
        )

    return run


def resident_kib() -> int:
    """The memory this process holds now, in KiB (Linux; 0 elsewhere)."""
    return _status("VmRSS")


def peak_kib() -> int:
    """The most memory this process has held, in KiB (Linux; 0 elsewhere).

    Not ``getrusage``: what it says of a child process begins with the peak of its parent.
    """
    return _status("VmHWM")


def _status(name: str) -> int:
    try:
        with open("/proc/self/status", encoding="ascii") as lines:
            return next((int(line.split()[1]) for line in lines if line.startswith(f"{name}:")), 0)
    except OSError:
        return 0
