"""Look, before anything is installed, whether this machine can do it, and name the packages that are missing.

The durable-rules engine comes as C source only. Without a look first, a machine that cannot build it answers
with a page of compiler output that hides the one thing the reader needs: which package to install.

Run by ``make`` with the Python that the virtual environment is made from. Exit code 0: go on; 1: something is
missing, and standard error says what and how to get it.
"""

from __future__ import annotations

import importlib.util
import os
import shlex
import subprocess
import sys
import sysconfig
from dataclasses import dataclass

FIRST_WITHOUT_DURABLE = (3, 13)
VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"


@dataclass(frozen=True)
class Missing:
    """One thing this machine lacks, in words, and the packages that bring it."""

    what: str
    debian: str
    fedora: str
    macos: str


def missing_for_environment() -> list[Missing]:
    """What a virtual environment needs; Debian ships it apart from Python."""
    if all(importlib.util.find_spec(module) for module in ("venv", "ensurepip")):
        return []
    what = f"Python's own module for virtual environments (venv with ensurepip) for Python {VERSION}"
    return [Missing(what, debian=f"python{VERSION}-venv", fedora="python3", macos="brew install python@3.12")]


def missing_for_engine() -> list[Missing]:
    """What compiling a Python extension needs: a compiler, the headers of the C library, and Python's."""
    compiler = shlex.split(os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc")
    tools = "xcode-select --install"
    if not compiles(compiler, ""):
        return [
            Missing(f"a working C compiler (tried: {shlex.join(compiler)})", "gcc libc6-dev", "gcc", tools),
            *([] if has_python_header() else [python_headers()]),
        ]
    found = []
    if not compiles(compiler, "#include <stdlib.h>\n"):
        found.append(Missing("the headers of the C library (stdlib.h)", "libc6-dev", "glibc-devel", tools))
    elif not compiles(compiler, "#include <Python.h>\n"):
        found.append(python_headers())
    return found


def python_headers() -> Missing:
    """Python's headers as a missing thing."""
    return Missing(
        f"the C headers of Python {VERSION} (Python.h)",
        debian=f"python{VERSION}-dev",
        fedora="python3-devel",
        macos="brew install python@3.12",
    )


def has_python_header() -> bool:
    """Whether Python.h lies where this Python says; for machines that have no compiler to ask."""
    return os.path.exists(os.path.join(sysconfig.get_path("include"), "Python.h"))


def compiles(compiler: list[str], source: str) -> bool:
    """Whether ``compiler`` accepts ``source``; nothing is written."""
    includes = [f"-I{sysconfig.get_path(name)}" for name in ("include", "platinclude")]
    command = [*compiler, "-fsyntax-only", *includes, "-x", "c", "-"]
    try:
        return subprocess.run(command, input=source.encode(), capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def report(missing: list[Missing], *, for_engine: bool) -> str:
    """What is missing, the commands that bring it, and the way around if there is one."""
    lines = ["This machine lacks"]
    lines += [f"  - {one.what}" for one in missing]
    lines += [
        "Install it, and run the same command again:",
        f"  Debian, Ubuntu:  apt-get install {' '.join(one.debian for one in missing)}",
        f"  Fedora:          dnf install {' '.join(one.fedora for one in missing)}",
        f"  macOS:           {' && '.join(dict.fromkeys(one.macos for one in missing))}",
    ]
    if for_engine:
        lines += [
            "It is needed to build durable-rules, the rules engine, from source. To go on without that engine",
            "(the reference engine then settles alone):  make demo WITHOUT_DURABLE=1",
        ]
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    """Look; say what is missing; return the exit code."""
    environment = missing_for_environment()
    engine: list[Missing] = []
    if "--without-durable" not in arguments:
        if sys.version_info >= FIRST_WITHOUT_DURABLE:
            print(f"Python {VERSION} cannot build durable-rules: the reference engine is used alone.")
        else:
            engine = missing_for_engine()
    if environment or engine:
        print(report(environment + engine, for_engine=bool(engine)), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
