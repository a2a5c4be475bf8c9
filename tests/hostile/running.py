"""The command in a process of its own, with limits, and what must hold after every bad input.

Whatever the input: the documented exit code, no traceback, no signal, a message with a place, every file as it was and
none left behind, 10 seconds of processor time and 256 MiB at most. A case says the rest.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import bpo_contracts

CLEAN, FINDINGS, USAGE, BAD_INPUT, INTEGRITY = 0, 1, 2, 3, 4

RESIDENT_MIB = 256

_LIMITED = str(Path(__file__).with_name("limited.py"))
_SOURCES = str(Path(bpo_contracts.__file__).parents[1])
_BYTECODE = tempfile.TemporaryDirectory(prefix="bytecode-")  # removed when the tests end


@dataclass(frozen=True, slots=True)
class Limits:
    """What a process may use; ``file_bytes`` 0 lets it write files of any size."""

    cpu_seconds: int = 10
    address_bytes: int = 2**30
    file_bytes: int = 0
    wall_seconds: int = 90


USUAL = Limits()


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


def bpo(
    *arguments: str,
    folder: Path,
    environment: Mapping[str, str] | None = None,
    options: Sequence[str] = (),
    limits: Limits = USUAL,
    stdout: int | None = None,
) -> Ran:
    """Runs ``bpo ARGUMENTS`` in the folder; ``options`` are the interpreter's own (``-O``)."""
    interpreter = [sys.executable, *options, "-m", "bpo_contracts.cli.main"]
    amounts = (limits.cpu_seconds, limits.address_bytes, limits.file_bytes, limits.wall_seconds)
    with tempfile.TemporaryDirectory() as outside:
        report, out, err = (Path(outside) / name for name in ("report", "out", "err"))
        with out.open("wb") as to, err.open("wb") as errors:
            subprocess.run(
                [sys.executable, "-I", "-S", _LIMITED, str(report), *map(str, amounts), *interpreter, *arguments],
                cwd=folder,
                env=environ() | dict(environment or {}),
                stdin=subprocess.DEVNULL,
                stdout=to if stdout is None else stdout,
                stderr=errors,
                check=False,
                timeout=limits.wall_seconds + 20,
            )
        code, resident = report.read_text().split()
        return Ran(int(code), _text(out), _text(err), int(resident) // 1024)


def environ() -> dict[str, str]:
    """The small environment of every run. Bytecode is kept: compiling the library anew takes longer than a case."""
    return {"PYTHONPATH": _SOURCES, "PYTHONPYCACHEPREFIX": _BYTECODE.name, "PATH": os.defpath, "LC_ALL": "C.UTF-8"}


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "backslashreplace")


def survives(ran: Ran) -> None:
    """What holds for every run, good or bad."""
    if ran.code < 0:
        raise AssertionError(f"ended by {signal.Signals(-ran.code).name}: {ran.said[-500:]}")
    assert ran.code in (CLEAN, FINDINGS, USAGE, BAD_INPUT, INTEGRITY), ran.said[-800:]
    assert "Traceback (most recent call last)" not in ran.said
    assert "internal error" not in ran.said
    assert not _STEERING.search(ran.said), "characters that steer a terminal are printed"
    assert ran.resident_mib < RESIDENT_MIB
    assert len(ran.err) < 200_000, "an answer that nobody can read"


# What moves the cursor, changes colours, reorders text or hides it.
_STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")

FINDING = re.compile(r"^\S.*: BPO[0-9]{3} [a-z0-9-]+$", re.MULTILINE)
"""The first line of a finding."""

PLACED = re.compile(r":[0-9]+:[0-9]+: BPO[0-9]{3} |byte offset [0-9]+")
"""A line and column, or a byte offset."""


@dataclass(frozen=True, slots=True)
class Case:
    """``command`` as it is typed, in a folder with these files; ``says`` must all be printed, ``silent`` must not.

    ``placed`` is False where a file as a whole is at fault, so that there is no line to name.
    """

    name: str
    files: Mapping[str, bytes] | Callable[[], Mapping[str, bytes]]
    command: str
    code: int
    says: tuple[str, ...]
    silent: tuple[str, ...] = ()
    placed: bool = True


def named(case: Case) -> str:
    """The name of a case in the output of the tests."""
    return case.name


def snapshot(folder: Path) -> dict[str, Any]:
    """Everything below the folder: files with their bytes, folders with None."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
    }


def holds(case: Case, folder: Path) -> Ran:
    """Runs the case and asserts all that it and ``survives`` say; nothing in the folder may change."""
    files = case.files() if callable(case.files) else case.files
    for name, content in files.items():
        (folder / name).write_bytes(content)
    before = snapshot(folder)
    ran = bpo(*case.command.split(), folder=folder)
    survives(ran)
    assert ran.code == case.code, ran.said[:2000]
    for words in case.says:
        assert words in ran.said, f"{words!r} is not said in:\n{ran.said[:2000]}"
    for words in case.silent:
        assert words not in ran.said, ran.said[:2000]
    if case.code in (FINDINGS, BAD_INPUT):
        assert FINDING.search(ran.said), ran.said[:2000]
        assert PLACED.search(ran.said) or not case.placed, ran.said[:2000]
    assert snapshot(folder) == before, "a file was changed or left behind"
    return ran
