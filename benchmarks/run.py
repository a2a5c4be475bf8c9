"""Prints how fast this library is, beside plain Python and beside zen-engine, and whether the targets are reached.

    python benchmarks/run.py            everything, about three minutes
    python benchmarks/run.py --quick    fewer rounds, for a look while working

Exit codes: 0 every target is reached, 1 the machine is too busy to judge, 2 a target is missed.
See README.md in this folder for what is timed, and for what these figures do not say.
"""

from __future__ import annotations

import argparse
import functools
import gc
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(_ROOT / "src")]

import plain_python  # noqa: E402  # after the path
import this_library  # noqa: E402
import zen_engine  # noqa: E402
from measuring import Machine, Times, command, interleaved, peak_kib, resident_kib  # noqa: E402
from reference_job import Job, contract_yaml, performance_csv, reference_job  # noqa: E402

BOTH = "this library, both engines"
REFERENCE = "this library, reference alone"
FROM_REPORT = "this library, reference alone, from an unbound report"
DURABLE = "durable-rules alone: answers, nothing computed"
PLAIN = "plain Python (bisect, Decimal)"
PLAIN_SEALED = "plain Python with the least of a sealed trail"
ZEN = "zen-engine, {}"
ZEN_FORMS = tuple(ZEN.format(form) for form in zen_engine.FORMS)
NAMES_THE_RATES = tuple(ZEN.format(form) for form in zen_engine.FORMS if form != "expressions without rates")
"""The forms whose trace shows what a trail must: the rate and the amount of each clause."""

SETTLEMENTS = 10_000


@dataclass(frozen=True, slots=True)
class Target:
    """A ratio that must not be above a limit."""

    says: str
    ratio: float
    limit: float

    @property
    def reached(self) -> bool:
        """Whether the ratio is within the limit."""
        return self.ratio <= self.limit


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs everything and prints it."""
    options = _options(arguments)
    if options.alone:
        return _alone(options.alone)
    rounds = 5 if options.quick else 21
    machine = Machine()
    targets = [*_warm(rounds, machine), *_growth(rounds, machine), *_cold(3 + rounds // 2, machine)]
    targets += _memory(100 if options.quick else SETTLEMENTS)
    return _verdict(targets, machine)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    parser.add_argument("--alone", help=argparse.SUPPRESS)  # one contender in a process of its own, for its memory
    return parser.parse_args(arguments)


# --- warm: a month, over and over ---------------------------------------------------------------------------


def _contenders(job: Job) -> dict[str, Callable[[], Callable[[], Any]]]:
    """How to make every contender, by name. A call of one settles all months of the job."""
    ready = functools.cache(functools.partial(this_library.ready, job))
    found: dict[str, Callable[[], Callable[[], Any]]] = {
        BOTH: lambda: this_library.contender(ready(), "default", bound=True),
        REFERENCE: lambda: this_library.contender(ready(), "reference", bound=True),
        FROM_REPORT: lambda: this_library.contender(ready(), "reference", bound=False),
        DURABLE: lambda: this_library.durable_rules_alone(ready()),
        PLAIN: lambda: _each(*plain_python.contender(job)),
        PLAIN_SEALED: lambda: _each(*plain_python.contender(job, sealed=True)),
    }
    for name, form in zip(ZEN_FORMS, zen_engine.FORMS, strict=True):
        found[name] = functools.partial(_zen, job, form)
    return found


def _zen(job: Job, form: str) -> Callable[[], list[Any]]:
    return _each(*zen_engine.contender(job, form))


def _each(months: Sequence[Any], settle: Callable[[Any], object]) -> Callable[[], list[Any]]:
    return lambda: [settle(facts) for facts in months]


def _equal_to_the_cent(contenders: dict[str, Callable[[], Any]]) -> None:
    """Stops unless all contenders come to the same net amount in every month."""
    cent, right = Decimal("0.01"), PLAIN
    nets: dict[str, list[Decimal]] = {}
    for name, settle in contenders.items():
        results = settle()
        nets[name] = [this_library.net(one).quantize(cent) for one in results]
    for name, found in nets.items():
        for month, (one, other) in enumerate(zip(found, nets[right], strict=True), 1):
            if one != other:
                sys.exit(f"{name} comes to {one} in month {month}, and {right} to {other}: not the same job.")


def _warm(rounds: int, machine: Machine) -> list[Target]:
    job = reference_job()
    contenders = {name: make() for name, make in _contenders(job).items()}
    _equal_to_the_cent({name: settle for name, settle in contenders.items() if name != DURABLE})
    times = interleaved(contenders, units=len(job.months), rounds=rounds, machine=machine)
    fastest = min(NAMES_THE_RATES, key=lambda name: times[name].median)
    peaks = {name: _peak(name) for name in contenders}
    _print("One contract-month: 20 clauses of 5 bands, pool and cap; microseconds")
    for name, taken in times.items():
        ratio = taken.median / times[fastest].median
        _print(f"  {name:<56} {_figures(taken)}  {ratio:5.2f} x zen  {peaks[name] / 1024:6.1f} MiB")
    _print(f"  x zen: against its fastest form whose trace shows rates and amounts ({fastest}).")
    _print("  All contenders come to the same net amounts, to the cent.")
    against = times[fastest].median
    return [
        Target("both engines, against zen-engine with trace", times[BOTH].median / against, 1),
        Target("reference alone, against zen-engine with trace", times[REFERENCE].median / against, 1 / 3),
    ]


def _figures(taken: Times) -> str:
    return f"{taken.median:8.1f} ±{taken.spread / 2:6.1f}"


def _peak(name: str) -> int:
    """The peak memory of one contender in a process of its own, in KiB."""
    done = subprocess.run(  # noqa: S603  # this very file
        [sys.executable, __file__, "--alone", name], check=True, stdout=subprocess.PIPE, text=True
    )
    return int(json.loads(done.stdout)["peak"])


def _alone(name: str) -> int:
    """What a process of its own does: one contender and its memory, or many settlements and how memory grew."""
    if name.startswith("growth "):
        _print(json.dumps({"grew": _grew(int(name.split()[1]))}))
        return 0
    _contenders(reference_job())[name]()()
    _print(json.dumps({"peak": peak_kib()}))
    return 0


# --- twice as much -------------------------------------------------------------------------------------------


def _growth(rounds: int, machine: Machine) -> list[Target]:
    sizes = {
        "as it is": reference_job(months=24),
        "twice the clauses": reference_job(clauses=40, months=24),
        "twice the bands": reference_job(bands=10, months=24),
    }
    contenders: dict[str, Callable[[], object]] = {
        name: this_library.contender(this_library.ready(job), "default", bound=True) for name, job in sizes.items()
    }
    times = interleaved(contenders, units=24, rounds=rounds, machine=machine)
    rows = {
        "rows as they are": this_library.binder(reference_job(months=24)),
        "twice the rows": this_library.binder(reference_job(months=48)),
    }
    times |= interleaved(rows, units=1, rounds=rounds, machine=machine)
    _print("Twice as much, both engines; microseconds for a month (rows: for reading and binding 24 or 48 months)")
    for name, taken in times.items():
        _print(f"  {name:<56} {_figures(taken)}")
    first, bands = times["as it is"].median, times["twice the bands"].median
    return [
        Target("twice the clauses", times["twice the clauses"].median / first, 2.3),
        Target("twice the bands", bands / first, 2.3),
        Target("twice the rows", times["twice the rows"].median / times["rows as they are"].median, 2.3),
    ]


# --- cold: a process from start to end -----------------------------------------------------------------------


def _cold(rounds: int, machine: Machine) -> list[Target]:
    with tempfile.TemporaryDirectory() as folder:
        job = reference_job(months=1)
        contract, performance = Path(folder, "contract.yaml"), Path(folder, "performance.csv")
        contract.write_text(contract_yaml(job), encoding="utf-8")
        performance.write_text(performance_csv(job), encoding="utf-8")
        desk = _ROOT / "examples" / "service_desk"
        bpo = ["-m", "bpo_contracts.cli.main"]
        files = [str(desk / "contract.yaml"), str(desk / "performance.csv")]
        processes = {
            "python -c pass": ["-c", "pass"],
            'python -c "import pydantic"': ["-c", "import pydantic"],
            "bpo --help": [*bpo, "--help"],
            "bpo settle, one month of the service desk": [*bpo, "settle", *files, "--period", "2016-03"],
            "bpo settle, one month of the reference job": [
                *bpo,
                *("settle", str(contract), str(performance), "--period", "2026-01"),
            ],
        }
        runs = {name: command(arguments, folder) for name, arguments in processes.items()}
        times = interleaved(runs, units=1000, rounds=rounds, machine=machine)
    nothing, pydantic, helps, desk_month, job_month = (taken.median for taken in times.values())
    _print("A process from start to end; milliseconds")
    for name, taken in times.items():
        _print(
            f"  {name:<56} {_figures(taken)}  {taken.median / nothing:5.1f} x pass  "
            f"{taken.median / pydantic:5.1f} x import pydantic"
        )
    return [
        Target("bpo settle of one month of the service desk, against import pydantic", desk_month / pydantic, 3),
        Target("bpo settle of one month of the reference job, against import pydantic", job_month / pydantic, 3),
        Target("bpo --help, against import pydantic", helps / pydantic, 1),
    ]


# --- memory --------------------------------------------------------------------------------------------------


def _memory(settlements: int) -> list[Target]:
    done = subprocess.run(  # noqa: S603  # this very file
        [sys.executable, __file__, "--alone", f"growth {settlements}"], check=True, stdout=subprocess.PIPE, text=True
    )
    grew = int(json.loads(done.stdout)["grew"])
    _print(f"Memory after {settlements} more settlements in one process: {grew:+} KiB")
    return [Target("growth of memory in KiB, after settling as often, both engines", grew, 1024)]


def _grew(settlements: int) -> int:
    """KiB by which this process grew from a first thousand settlements to as many more as asked."""
    ready = this_library.ready(reference_job(months=50))
    settle = this_library.contender(ready, "default", bound=True)  # each call has a ledger of its own and drops it
    for _ in range(20):
        settle()
    gc.collect()
    before = resident_kib()
    for _ in range(max(1, settlements // 50)):
        settle()
    gc.collect()
    return resident_kib() - before


# --- the verdict ---------------------------------------------------------------------------------------------


def _verdict(targets: Sequence[Target], machine: Machine) -> int:
    _print("Targets")
    why = machine.too_busy
    for target in targets:
        word = "" if why else "reached" if target.reached else "MISSED"
        _print(f"  {target.says:<72} {target.ratio:8.2f}  at most {target.limit:.2f}  {word}")
    if why:
        _print(f"No verdict: {why}. Run it again on a machine that has nothing else to do.")
        return 1
    return 0 if all(target.reached for target in targets) else 2


def _print(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
