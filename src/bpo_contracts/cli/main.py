"""``bpo``: check contracts, settle periods, explain, replay and verify what was settled.

Exit codes: 0 clean, 1 findings or differences, 2 usage, 3 bad input, 4 integrity failure, 70 internal.
"""

from __future__ import annotations

import argparse
import gc
import io
import os
import sys
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import NoReturn

from bpo_contracts.cli.codes import BAD_INPUT, CLEAN, INTEGRITY, INTERNAL, USAGE


def parser() -> argparse.ArgumentParser:
    """The words of the command line."""
    top = argparse.ArgumentParser(
        prog="bpo",
        description="Outcome-based outsourcing contracts: monthly performance in, invoice adjustments and their proof out.",
        epilog="Exit codes: 0 clean, 1 findings or differences, 2 usage, 3 bad input, 4 integrity failure, 70 internal.",
        allow_abbrev=False,
    )
    top.add_argument("--version", action="store_true", help="print the version and the rules engines at hand")
    commands = top.add_subparsers(dest="command", metavar="COMMAND")

    check = commands.add_parser("check", help="say what is wrong with a contract, before anyone signs")
    check.add_argument("contract", help="contract file (.yaml or .json)")

    settle = commands.add_parser("settle", help="settle one period (or all) by a performance report")
    settle.add_argument("contract", help="contract file")
    settle.add_argument("performance", nargs="+", help="performance files (.csv or .json)")
    which = settle.add_mutually_exclusive_group(required=True)
    which.add_argument("--period", help="2016-03, 2016-Q1, 2016-H1 or 2016, as the contract settles")
    which.add_argument("--all", action="store_true", help="every period that the report has facts for")
    settle.add_argument("--format", choices=("text", "json", "html"), default="text")
    settle.add_argument("--output", help="write to this file instead of standard output")
    settle.add_argument("--ledger", help="keep the settlement, sealed, in this SQLite file")
    settle.add_argument(
        "--restore", action="store_true", help="with --ledger: take a correction back, as a new revision"
    )
    settle.add_argument("--engine", choices=("default", "durable-rules", "reference"), default="default")

    test = commands.add_parser("test", help="settle the scenarios of case files and compare what comes out")
    test.add_argument("paths", nargs="+", metavar="PATH", help="case files, or folders with case files")
    test.add_argument("--accept", action="store_true", help="write what was seen in place of what was expected")

    explain = commands.add_parser("explain", help="say why each amount is what it is, or what a contract says")
    explain.add_argument("source", help="SQLite file with settlements, or a contract file (.yaml or .json)")
    explain.add_argument("--period", help="which settlement of the ledger")
    explain.add_argument(
        "--revision", type=int, metavar="N", help="which revision of that period; the latest if not said"
    )
    explain.add_argument("--clause", help="only the clause with this number")
    explain.add_argument("--contract-id", help="which contract, if the ledger holds several")

    replay = commands.add_parser("replay", help="settle the sealed inputs again and name the first step that differs")
    replay.add_argument("ledger")
    replay.add_argument("--contract", help="compare the sealed contract with this file")
    replay.add_argument("--performance", nargs="+", help="compare the sealed performance with these files")
    replay.add_argument("--engine", choices=("default", "durable-rules", "reference"), default="default")

    verify = commands.add_parser("verify", help="check seals, chain and arithmetic")
    verify.add_argument("ledger")
    verify.add_argument("--head", help="a head you hold, DIGEST or DIGEST@SEQUENCE: the ledger must contain it")

    schema = commands.add_parser("schema", help="print a JSON Schema")
    schema.add_argument("which", choices=("contract", "performance", "settlement"))
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code. Errors of the program itself are not caught here (see ``run``)."""
    top = parser()
    options = top.parse_args(arguments)
    if options.version:
        from bpo_contracts.cli.commands import version

        return version()
    if options.command is None:
        top.print_help()
        return USAGE
    from bpo_contracts.cli import commands

    command: Callable[[argparse.Namespace], int] = getattr(commands, options.command)
    return answered(lambda: command(options))


def answered(action: Callable[[], int]) -> int:
    """What the action answers; what it refuses is said on standard error, and answered with the code for that."""
    from bpo_contracts.values.findings import BadInput, EnginesDisagree, IntegrityFailure

    try:
        return action()
    except BadInput as bad:
        print(bad, file=sys.stderr)
        return BAD_INPUT
    except IntegrityFailure as broken:
        print(broken, file=sys.stderr)
        return INTEGRITY
    except EnginesDisagree as disagree:
        print(disagree, file=sys.stderr)
        return INTERNAL


def run() -> NoReturn:
    """The entry point: no traceback reaches a user, and a closed pipe is no error."""
    _without_plugins()
    gc.set_threshold(100_000)  # what is imported and read lives until the end: do not look through it again and again
    _open_streams()
    write_plainly()
    try:
        code = main()
        sys.stdout.flush()
    except BrokenPipeError:
        _silence()
        code = CLEAN
    except OSError as error:  # files are refused where they are opened; what is left is the output itself
        _silence()
        print(f"bpo: standard output cannot be written: {error.strerror}.", file=sys.stderr)
        code = BAD_INPUT
    except KeyboardInterrupt:
        code = 130
    except Exception as error:  # the last resort: a fault of the program, said in one line
        print(f"bpo: internal error ({type(error).__name__}: {error}). Please report it.", file=sys.stderr)
        code = INTERNAL
    gc.freeze()  # the process ends: searching all that is left for circles would take longer than many a command
    sys.exit(code)


def write_plainly() -> None:
    """What is printed is UTF-8 with line feeds, whatever the terminal says it is."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")


def _without_plugins() -> None:
    """pydantic looks for plugins in the metadata of every installed package; told not to, it still imports what reads
    metadata, which takes longer than settling a month. This process is ours and has no plugins, so the file that finds
    them is replaced by one that finds none; should pydantic want anything else of it, the real one takes its place."""
    if os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__") != "__all__":
        return
    name = "pydantic.plugin._loader"
    stand_in = ModuleType(name)

    def ask_the_real_one(wanted: str) -> object:
        if wanted.startswith("__"):  # what an import asks of any module
            raise AttributeError(wanted)
        if sys.modules.get(name) is stand_in:
            del sys.modules[name]
        from pydantic.plugin import _loader

        return getattr(_loader, wanted)

    vars(stand_in).update(get_plugins=tuple, __getattr__=ask_the_real_one)
    sys.modules.setdefault(name, stand_in)


def _open_streams() -> None:
    """Gives output that was closed by the caller somewhere to go, so that no file takes its place."""
    if sys.stdout is None:  # so it is when it was closed
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - until the program ends
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115


def _silence() -> None:
    """What is still waiting to be written goes nowhere: Python would try again when it ends, and complain."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    run()
