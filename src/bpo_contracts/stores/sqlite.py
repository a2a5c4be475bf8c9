"""A ledger in one SQLite file that only grows.

* A record is written whole or not at all, also when the program or the machine stops at any moment, and so are several
  that are kept together: in one transaction, with a rollback journal and ``synchronous = EXTRA`` (file and folder are on
  the disk before it counts as written). The rollback journal, not a write-ahead log, because the ledger is then a single
  file at all times: it can be copied, sent, and read from a medium that cannot be written.
* One writer at a time (``BEGIN IMMEDIATE``); a record that does not follow the head is refused inside the transaction.
* Opening for reading never creates or changes anything. Opening for writing creates the file with its first record.
* Other databases, other versions and ledgers whose guards were removed are refused and left alone.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path
from time import sleep
from types import TracebackType
from typing import Final, Self

from bpo_contracts.audit.record import Annex, SealedRecord
from bpo_contracts.audit.store import (
    EMPTY,
    Head,
    RecordKey,
    StoredRecord,
    annex_changed,
    does_not_follow,
    exists_already,
)
from bpo_contracts.stores import sqlite_schema
from bpo_contracts.stores.sqlite_errors import damaged, translated
from bpo_contracts.values.findings import BadInput, refuse
from bpo_contracts.values.sources import Source

RECORD_BYTES_MAX: Final = 256 * 2**20
"""No record is larger; in a file that claims so it is not read."""

BUSY_SECONDS: Final = 5
"""How long a writer waits for another one."""

_ANNEXES_KEPT: Final = 64
_LOOKS: Final = 20
_BETWEEN_LOOKS: Final = 0.05
_FAULTS_MAX: Final = 20
_COLUMNS: Final = "sequence, digest, previous, contract, period, revision, inputs, content"


class SqliteStore:
    """A ledger file. Use it in a ``with`` block, or ``close`` it; made by ``open_ledger``."""

    def __init__(self, path: Path, connection: sqlite3.Connection | None, *, busy_seconds: int = BUSY_SECONDS) -> None:
        self._path = path
        self._connection = connection
        self._busy_seconds = busy_seconds
        self._annexes: dict[str, bytes] = {}

    @property
    def name(self) -> str:
        """The path of the file."""
        return str(self._path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Lets go of the file."""
        if self._connection is not None:
            self._connection.close()

    def head(self) -> Head:
        """The last record, or ``EMPTY``."""
        if self._connection is None:
            return EMPTY
        with translated(self._path):
            return _head(self._connection)

    def append(self, record: SealedRecord, key: RecordKey) -> StoredRecord:
        """Writes the record, all of it or nothing.

        Raises:
            BadInput: BPO510 if it does not come next; BPO503 to BPO514 if the file cannot be written.
        """
        return self.append_all([(record, key)])[0]

    def append_all(self, records: Sequence[tuple[SealedRecord, RecordKey]]) -> tuple[StoredRecord, ...]:
        """Writes the records in one transaction, all of them or none.

        Raises:
            BadInput: BPO510 if one does not come next; BPO503 to BPO514 if the file cannot be written.
        """
        if not records:
            return ()
        created = self._connection is None and not self._path.exists()
        try:
            with translated(self._path):
                if self._connection is None:
                    self._connection = _connect(self._path, "rwc", self._busy_seconds)
                place = _place(self._path)
                stored = _append(self._connection, self._path, records)
        except BaseException:
            if created and _place(self._path, empty=True):
                self._remove()
            raise
        if _place(self._path) != place:
            raise _moved(self._path)
        return stored

    def _remove(self) -> None:
        """Takes back a file that was created for a record which could not be written."""
        self.close()
        self._connection = None
        with suppress(OSError):
            self._path.unlink()

    def records(self) -> Iterator[StoredRecord]:
        """All records in their order, read one at a time; writers have to wait while it goes on."""
        yield from self._select("ORDER BY sequence")

    def latest(self, contract: str, period: str) -> StoredRecord | None:
        """The latest revision of a period."""
        condition = "WHERE contract = ? AND period = ? ORDER BY revision DESC LIMIT 1"
        return next(iter(list(self._select(condition, contract, period))), None)

    def revisions(self, contract: str, period: str) -> Sequence[StoredRecord]:
        """All revisions of a period, the first one first."""
        return tuple(self._select("WHERE contract = ? AND period = ? ORDER BY revision", contract, period))

    def digests(self, contract: str) -> Mapping[str, str]:
        """The digest of the latest revision of every period of a contract, by the period's label."""
        if self._connection is None:
            return {}
        with translated(self._path):
            query = "SELECT period, digest FROM record WHERE contract = ? ORDER BY period, revision"
            found = self._connection.execute(query, (contract,)).fetchall()
            return {_text(period): _text(digest) for period, digest in found}

    def periods(self, contract: str) -> Sequence[str]:
        """The labels of all periods of a contract that have a record, sorted."""
        if self._connection is None:
            return ()
        with translated(self._path):
            query = "SELECT DISTINCT period FROM record WHERE contract = ? ORDER BY period"
            return tuple(_text(row[0]) for row in self._connection.execute(query, (contract,)).fetchall())

    def annex(self, digest: str) -> bytes | None:
        """What is stored as the annex with this digest; None if there is none. The last few are remembered."""
        known = self._annexes.get(digest)
        if known is not None or self._connection is None:
            return known
        with translated(self._path):
            row = self._connection.execute("SELECT content FROM annex WHERE digest = ?", (digest,)).fetchone()
        if row is None:
            return None
        if len(self._annexes) >= _ANNEXES_KEPT:
            self._annexes.clear()
        self._annexes[digest] = content = _bytes(row[0])
        return content

    def annexes(self) -> Iterator[Annex]:
        """All annexes as they are in the file, in the order of their digests, read one at a time."""
        if self._connection is None:
            return
        query = "SELECT digest, content FROM annex ORDER BY digest"
        with translated(self._path), closing(self._connection.execute(query)) as cursor:
            for digest, content in cursor:
                yield Annex(_text(digest), _bytes(content))

    def faults(self) -> Sequence[str]:
        """What SQLite finds wrong with the file's structure, and guards that are missing, changed or added."""
        if self._connection is None:
            return ()
        with translated(self._path):
            checked = self._connection.execute(f"PRAGMA integrity_check({_FAULTS_MAX})").fetchall()
            structure = [_text(row[0]) for row in checked if row[0] != "ok"]
            return (*sqlite_schema.differences(self._connection), *structure)

    def _select(self, condition: str, *values: str) -> Iterator[StoredRecord]:
        if self._connection is None:
            return
        query = f"SELECT {_COLUMNS} FROM record {condition}"  # noqa: S608 - both are constants of this module
        with translated(self._path), closing(self._connection.execute(query, values)) as cursor:
            for row in cursor:
                yield _stored(row)


def open_ledger(path: str | Path, *, write: bool = False, busy_seconds: int = BUSY_SECONDS) -> SqliteStore:
    """The ledger in this file, for reading or also for writing.

    With ``write`` a file that does not exist is created, with its first record. ``busy_seconds`` is how long to wait
    for another writer.

    Raises:
        BadInput: BPO501 to BPO512, with the path and the next step.
    """
    path = Path(path)
    if not _exists(path, write=write):
        return SqliteStore(path, None, busy_seconds=busy_seconds)
    with translated(path):
        connection = _connect(path, "rw" if write else "ro", busy_seconds)
        try:
            _check_identity(connection, path, whole=write)
        except BaseException:
            connection.close()
            raise
    return SqliteStore(path, connection, busy_seconds=busy_seconds)


def _exists(path: Path, *, write: bool) -> bool:
    """Whether there is a file to open; refuses what can be no ledger before the database looks at it."""
    try:
        found = path.stat()
    except FileNotFoundError:
        if write and path.absolute().parent.is_dir():
            return False
        raise _no_ledger(path, write=write) from None
    except (OSError, ValueError) as error:
        problem = f"The path cannot be used: {error}."
        raise refuse("BPO509", "ledger-unreadable", problem, "Give another path.", Source(str(path))) from None
    if not path.is_file():
        raise _not_a_ledger(path, "a folder" if path.is_dir() else "a device and not a file")
    if not found.st_size and not _filled_soon(path):
        raise _not_a_ledger(
            path, "empty", "Delete it if it was meant to become a ledger; else take a copy of the ledger."
        )
    return True


def _filled_soon(path: Path) -> bool:
    """Whether an empty file gets its content in a moment: a ledger that another program is just making is empty first."""
    for _ in range(_LOOKS):
        sleep(_BETWEEN_LOOKS)
        with suppress(OSError):
            if path.stat().st_size:
                return True
    return False


def _no_ledger(path: Path, *, write: bool) -> BadInput:
    problem = "The folder does not exist." if write else "There is no such file."
    step = "Create the folder, or give another path." if write else "Give the path of the ledger; settling creates one."
    return refuse("BPO501", "no-ledger", problem, step, Source(str(path)))


def _not_a_ledger(path: Path, what: str, step: str = "Give the path of the ledger.") -> BadInput:
    return refuse(
        "BPO503", "not-a-ledger", f"This is {what}, not a ledger. Nothing was changed.", step, Source(str(path))
    )


def _connect(path: Path, mode: str, busy_seconds: int) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}", uri=True, isolation_level=None, timeout=busy_seconds
    )
    try:
        # A damaged text must not stop the reading: it comes back changed, and is found to differ from what was sealed.
        connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, RECORD_BYTES_MAX)
        for setting in ("trusted_schema = OFF", "cell_size_check = ON", "synchronous = EXTRA"):
            connection.execute(f"PRAGMA {setting}")
        connection.execute("PRAGMA query_only = ON" if mode == "ro" else "PRAGMA journal_mode = DELETE")
    except BaseException:
        connection.close()
        raise
    return connection


def _check_identity(connection: sqlite3.Connection, path: Path, *, whole: bool) -> None:
    """Refuses other databases and later versions; with ``whole`` also a ledger whose guards are not as they were
    made.
    """
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    if application != sqlite_schema.APPLICATION_ID:
        raise _not_a_ledger(path, "the database of another program")
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version != sqlite_schema.VERSION:
        raise refuse(
            "BPO504",
            "other-ledger-version",
            f"The ledger has version {version}, and this library knows version {sqlite_schema.VERSION}.",
            "Use the library that wrote it, or settle its inputs into a new ledger."
            if version < sqlite_schema.VERSION
            else "Use the library that wrote it, or a later one.",
            Source(str(path)),
        )
    found = sqlite_schema.differences(connection)
    table = [difference for difference in found if difference.startswith(("the table record ", "the table annex "))]
    if table:
        raise damaged(path, table[0])
    if whole and found:
        raise refuse(
            "BPO511",
            "guards-changed",
            f"The guards that keep records from being changed are not as they were made: {'; '.join(found)}.",
            "Verify the ledger, find out who changed it, and go on with a copy that is sound.",
            Source(str(path)),
        )


def _append(
    connection: sqlite3.Connection, path: Path, records: Sequence[tuple[SealedRecord, RecordKey]]
) -> tuple[StoredRecord, ...]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        if sqlite_schema.is_new(connection):  # what existed before, empty or not, was looked at on opening
            sqlite_schema.create(connection)
        _check_identity(connection, path, whole=True)
        stored = tuple(_insert(connection, path, record, key) for record, key in records)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            with suppress(sqlite3.Error):
                connection.execute("ROLLBACK")
        raise
    return stored


def _place(path: Path, *, empty: bool = False) -> tuple[int, int] | None:
    """Which file stands at the path (device and number), or None if there is none; with ``empty`` only if it is
    empty.
    """
    try:
        found = path.stat()
    except OSError:
        return None
    return None if empty and found.st_size else (found.st_dev, found.st_ino)


def _moved(path: Path) -> BadInput:
    return refuse(
        "BPO509",
        "ledger-unreadable",
        "The file was moved, deleted or replaced while the record was written; the record is not in what is there now.",
        "Put the ledger back, verify it, and settle again.",
        Source(str(path)),
    )


def _insert(connection: sqlite3.Connection, path: Path, record: SealedRecord, key: RecordKey) -> StoredRecord:
    head = _head(connection)
    if (record.sequence, record.previous) != (head.sequence + 1, head.digest):
        raise does_not_follow(str(path), record, head)
    query = "SELECT 1 FROM record WHERE contract = ? AND period = ? AND revision = ?"
    if connection.execute(query, (key.contract, key.period, key.revision)).fetchone():
        raise exists_already(str(path), key)
    for annex in record.annexes:
        known = connection.execute("SELECT content FROM annex WHERE digest = ?", (annex.digest,)).fetchone()
        if known is None:
            connection.execute("INSERT INTO annex (digest, content) VALUES (?, ?)", (annex.digest, annex.content))
        elif known[0] != annex.content:
            raise annex_changed(str(path), annex)
    row = (
        record.sequence,
        record.digest,
        record.previous,
        key.contract,
        key.period,
        key.revision,
        record.inputs,
        record.content,
    )
    connection.execute(f"INSERT INTO record ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)  # noqa: S608
    return _stored(row)


def _head(connection: sqlite3.Connection) -> Head:
    row = connection.execute("SELECT digest, sequence FROM record ORDER BY sequence DESC LIMIT 1").fetchone()
    return Head(_text(row[0]), _integer(row[1])) if row else EMPTY


def _stored(row: tuple[object, ...]) -> StoredRecord:
    sequence, digest, previous, contract, period, revision, inputs, content = row
    return StoredRecord(
        sequence=_integer(sequence),
        digest=_text(digest),
        previous=_text(previous),
        key=RecordKey(_text(contract), _text(period), _integer(revision)),
        inputs=_text(inputs),
        content=_bytes(content),
    )


# A changed file can hold values of any type; they are read as something that differs from every sealed value.


def _text(value: object) -> str:
    return value if isinstance(value, str) else f"({type(value).__name__} instead of text)"


def _bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else b""


def _integer(value: object) -> int:
    return value if isinstance(value, int) else -1
