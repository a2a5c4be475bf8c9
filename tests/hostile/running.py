"""The command in a process of its own, with limits, and what must hold after every bad input.

A case is a set of files, a command and what must come out. Whatever the input: the documented exit code, no traceback, no
signal, a message with a place, the ledger as it was, no file left behind, 10 seconds of processor time and 256 MiB at most.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import bpo_contracts

CLEAN, FINDINGS, USAGE, BAD_INPUT, INTEGRITY = 0, 1, 2, 3, 4

CPU_SECONDS = 10
WALL_SECONDS = 20
ADDRESS_BYTES = 2**30
RESIDENT_MIB = 256

_LIMITED = str(Path(__file__).with_name("limited.py"))
_SOURCES = str(Path(bpo_contracts.__file__).parents[1])
_BYTECODE = Path(tempfile.gettempdir()) / f"bpo-hostile-bytecode-{os.getuid()}"


@dataclass(frozen=True, slots=True)
class Ran:
    """What a process did. ``code`` is below zero if a signal ended it; ``resident_mib`` is its peak memory."""

    code: int
    out: str
    err: str
    resident_mib: int

    @property
    def said(self) -> str:
        """Everything it printed."""
        return self.out + self.err


@dataclass(frozen=True, slots=True)
class Limits:
    """What the process may use; ``file_bytes`` 0 lets it write files of any size."""

    cpu_seconds: int = CPU_SECONDS
    address_bytes: int = ADDRESS_BYTES
    file_bytes: int = 0
    wall_seconds: int = WALL_SECONDS


def bpo(
    *arguments: str,
    folder: Path,
    environment: Mapping[str, str] | None = None,
    options: Sequence[str] = (),
    limits: Limits = Limits(),  # noqa: B008 - frozen
    stdout: int | None = None,
) -> Ran:
    """Runs ``bpo ARGUMENTS`` in the folder; ``options`` are the interpreter's own (``-O``)."""
    module = ["-m", "bpo_contracts.cli.main"]
    return python(
        *options, *module, *arguments, folder=folder, environment=environment, limits=limits, stdout=stdout
    )


def python(
    *arguments: str,
    folder: Path,
    environment: Mapping[str, str] | None = None,
    limits: Limits = Limits(),  # noqa: B008 - frozen
    stdout: int | None = None,
) -> Ran:
    """Runs this interpreter with limits and a small environment."""
    with tempfile.TemporaryDirectory() as outside:
        report, out, err = (Path(outside) / name for name in ("report", "out", "err"))
        amounts = (limits.cpu_seconds, limits.address_bytes, limits.file_bytes, limits.wall_seconds)
        command = [sys.executable, "-I", "-S", _LIMITED, str(report), *map(str, amounts), sys.executable, *arguments]
        with out.open("wb") as to, err.open("wb") as errors:
            subprocess.run(
                command,
                cwd=folder,
                env=_environment() | dict(environment or {}),
                stdin=subprocess.DEVNULL,
                stdout=to if stdout is None else stdout,
                stderr=errors,
                check=False,
                timeout=limits.wall_seconds + 10,
            )
        code, resident = report.read_text().split()
        said = [path.read_bytes().decode("utf-8", "backslashreplace") for path in (out, err)]
        return Ran(int(code), *said, resident_mib=int(resident) // 1024)


def _environment() -> dict[str, str]:
    return {"PYTHONPATH": _SOURCES, "PYTHONPYCACHEPREFIX": str(_BYTECODE), "PATH": os.defpath, "LC_ALL": "C.UTF-8"}


def survives(ran: Ran) -> None:
    """What holds for every run, good or bad."""
    if ran.code < 0:
        raise AssertionError(f"ended by {signal.Signals(-ran.code).name}: {ran.said[-500:]}")
    assert ran.code in (CLEAN, FINDINGS, USAGE, BAD_INPUT, INTEGRITY), ran.said[-800:]
    assert "Traceback (most recent call last)" not in ran.said
    assert "internal error" not in ran.said
    assert not _UNSAFE.search(ran.said), "control characters reach the terminal"
    assert ran.resident_mib < RESIDENT_MIB
    assert len(ran.said) < 300_000, "an answer that nobody can read"


# What moves the cursor, changes colours, reorders text or hides it.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069\ufeff]")

PLACE = re.compile(r"(?m)^\S.*?(?::[0-9]+:[0-9]+|byte offset [0-9]+)?: BPO[0-9]{3} [a-z-]+$")
"""The first line of a finding."""

PRECISE = re.compile(r":[0-9]+:[0-9]+: BPO[0-9]{3}|byte offset [0-9]+")
"""A line and column, or a byte offset."""


@dataclass(frozen=True, slots=True)
class Case:
    """``command`` as it is typed, with the names of ``files``; ``says`` must all be printed, ``silent`` must not."""

    name: str
    command: str
    code: int
    says: tuple[str, ...]
    files: Mapping[str, bytes] = field(default_factory=dict)
    silent: tuple[str, ...] = ()
    placed: bool = True


def snapshot(folder: Path) -> dict[str, bytes]:
    """Every file below the folder with its bytes."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def holds(case: Case, folder: Path) -> Ran:
    """Runs the case and asserts everything that it and ``survives`` say; nothing in the folder may change."""
    for name, content in case.files.items():
        (folder / name).write_bytes(content)
    before = snapshot(folder)
    ran = bpo(*case.command.split(), folder=folder)
    survives(ran)
    assert ran.code == case.code, ran.said[:2000]
    for words in case.says:
        assert words in ran.said, f"{words!r} is not said in:\n{ran.said[:2000]}"
    for words in case.silent:
        assert words not in ran.said
    if case.code in (FINDINGS, BAD_INPUT):
        assert PLACE.search(ran.said), ran.said[:2000]
    if case.placed:
        assert PRECISE.search(ran.said), ran.said[:2000]
    assert snapshot(folder) == before, "a file was changed or left behind"
    return ran
