"""What SQLite's errors mean for whoever keeps a ledger: one finding each, with the path and the next step."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from bpo_contracts.values.findings import BadInput, refuse
from bpo_contracts.values.sources import Source

_NOT_ROLLED_BACK: Final = frozenset({sqlite3.SQLITE_READONLY_ROLLBACK, sqlite3.SQLITE_READONLY_RECOVERY})

_BY_CODE: Final[dict[int, tuple[str, str, str, str]]] = {
    sqlite3.SQLITE_BUSY: (
        "BPO505",
        "ledger-busy",
        "Another program is writing to the ledger, or reads it while this one wants to write. Nothing was written.",
        "Try again when it has finished.",
    ),
    sqlite3.SQLITE_FULL: (
        "BPO506",
        "no-space",
        "There is no space left where the ledger is. Nothing was written.",
        "Make space and settle again.",
    ),
    sqlite3.SQLITE_READONLY: (
        "BPO507",
        "ledger-read-only",
        "The ledger can be read but not written. Nothing was written.",
        "Ask for the right to write the file and its folder, or open the ledger for writing.",
    ),
    sqlite3.SQLITE_NOTADB: (
        "BPO503",
        "not-a-ledger",
        "The file is not a ledger: it does not begin as one.",
        "Give the path of the ledger.",
    ),
    sqlite3.SQLITE_TOOBIG: (
        "BPO514",
        "record-too-large",
        "A record is larger than 256 MiB.",
        "Report such a period in several lists, or take the ledger from a copy if it never held so large a record.",
    ),
}
_SAME: Final = {
    sqlite3.SQLITE_LOCKED: sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_PERM: sqlite3.SQLITE_READONLY,
}
_UNREADABLE: Final = frozenset(
    {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_AUTH, sqlite3.SQLITE_NOLFS}
)


@contextmanager
def translated(path: Path) -> Generator[None, None, None]:
    """Turns errors of the database inside the block into ``BadInput`` (BPO503 to BPO514)."""
    try:
        yield
    except sqlite3.ProgrammingError:
        raise  # a mistake of the program, such as a ledger that was closed
    except sqlite3.Error as error:
        raise _meaning(path, error) from error
    except (MemoryError, OverflowError) as error:  # lengths inside a damaged file can be anything
        raise damaged(path, "a length in it is impossible") from error
    except UnicodeDecodeError as error:  # the database's own message shows damaged text
        raise damaged(path, "a name in it is not text") from error


def _meaning(path: Path, error: sqlite3.Error) -> BadInput:
    code: int = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT)
    if code in _NOT_ROLLED_BACK:
        return refuse(
            "BPO512",
            "unfinished-write",
            "A program was stopped while it wrote to the ledger, and the unfinished write has to be taken back first.",
            f"Open the ledger once where it can be written, together with the file {path.name}-journal beside it.",
            Source(str(path)),
        )
    primary = code & 0xFF
    if primary in _UNREADABLE:
        return refuse(
            "BPO509",
            "ledger-unreadable",
            f"The ledger could not be opened, read or written ({error}). Nothing was written.",
            "Check that the path is right, that you may use the file and its folder, and that the disk works.",
            Source(str(path)),
        )
    known = _BY_CODE.get(_SAME.get(primary, primary))
    if known is None:
        return damaged(path, str(error))
    return refuse(*known, Source(str(path)))


def damaged(path: Path, why: str) -> BadInput:
    """The refusal of a file that was a ledger and cannot be read as one any more (BPO508)."""
    return refuse(
        "BPO508",
        "ledger-damaged",
        f"The file is damaged, changed or cut short: {why}.",
        "Take the ledger from a copy, and compare its head with the one you noted.",
        Source(str(path)),
    )
