"""How a ledger looks inside an SQLite file: two tables that only grow, and the guards that see to it.

* ``record`` holds the records, ``annex`` what many of them name: contracts and forms.
* Three triggers refuse what would change a record: UPDATE, DELETE, and any INSERT that does not come next. The third is
  needed because ``INSERT OR REPLACE`` deletes the old row without a delete trigger running. Annexes have the like.
* Types are checked with ``typeof``: an older SQLite than 3.37 does not know strict tables and could not read the file.
* The guards keep honest programs from mistakes. Whoever may write the file may remove them; ``differences`` sees that
  they are gone, and the digests see what was done.
"""

from __future__ import annotations

import sqlite3
from typing import Final

APPLICATION_ID: Final = 0x42504F4C
"""Marks the file as ours ("BPOL") in the header of the database."""

VERSION: Final = 2

_TABLE: Final = """CREATE TABLE record (
    sequence INTEGER PRIMARY KEY CHECK (sequence >= 1),
    digest TEXT NOT NULL CHECK (typeof(digest) = 'text'),
    previous TEXT NOT NULL CHECK (typeof(previous) = 'text'),
    contract TEXT NOT NULL CHECK (typeof(contract) = 'text'),
    period TEXT NOT NULL CHECK (typeof(period) = 'text'),
    revision INTEGER NOT NULL CHECK (typeof(revision) = 'integer' AND revision >= 1),
    inputs TEXT NOT NULL CHECK (typeof(inputs) = 'text'),
    content BLOB NOT NULL CHECK (typeof(content) = 'blob')
)"""

_NEXT_ONLY: Final = """CREATE TRIGGER record_comes_next BEFORE INSERT ON record
BEGIN
    SELECT RAISE(ABORT, 'a record is added after the last one only')
    WHERE NEW.sequence IS NOT (SELECT coalesce(max(sequence), 0) + 1 FROM record)
        OR EXISTS (SELECT 1 FROM record WHERE digest = NEW.digest)
        OR EXISTS (
            SELECT 1 FROM record
            WHERE contract = NEW.contract AND period = NEW.period AND revision = NEW.revision
        )
        OR EXISTS (SELECT 1 FROM record WHERE sequence = NEW.sequence - 1 AND digest IS NOT NEW.previous);
END"""

_ANNEX: Final = """CREATE TABLE annex (
    digest TEXT PRIMARY KEY NOT NULL CHECK (typeof(digest) = 'text'),
    content BLOB NOT NULL CHECK (typeof(content) = 'blob')
) WITHOUT ROWID"""


def _never(what: str, table: str, done: str) -> str:
    """The guard that refuses to update or delete a row."""
    name = {"UPDATE": "changed", "DELETE": "deleted"}[done]
    return f"""CREATE TRIGGER {table}_is_not_{name} BEFORE {done} ON {table}
BEGIN
    SELECT RAISE(ABORT, '{what} is never {name}');
END"""


SCHEMA: Final[dict[tuple[str, str], str]] = {
    ("table", "annex"): _ANNEX,
    ("table", "record"): _TABLE,
    ("index", "record_digest"): "CREATE UNIQUE INDEX record_digest ON record (digest)",
    ("index", "record_revision"): "CREATE UNIQUE INDEX record_revision ON record (contract, period, revision)",
    ("trigger", "annex_is_not_changed"): _never("an annex", "annex", "UPDATE"),
    ("trigger", "annex_is_not_deleted"): _never("an annex", "annex", "DELETE"),
    ("trigger", "annex_is_written_once"): """CREATE TRIGGER annex_is_written_once BEFORE INSERT ON annex
BEGIN
    SELECT RAISE(ABORT, 'an annex is written once') WHERE EXISTS (SELECT 1 FROM annex WHERE digest = NEW.digest);
END""",
    ("trigger", "record_comes_next"): _NEXT_ONLY,
    ("trigger", "record_is_not_changed"): _never("a record", "record", "UPDATE"),
    ("trigger", "record_is_not_deleted"): _never("a record", "record", "DELETE"),
}
"""Everything the file holds, by type and name, exactly as SQLite keeps it."""


def is_new(connection: sqlite3.Connection) -> bool:
    """Whether the database holds nothing and belongs to nobody: it was created just now."""
    marks = [connection.execute(f"PRAGMA {mark}").fetchone()[0] for mark in ("application_id", "user_version")]
    return marks == [0, 0] and connection.execute("SELECT 1 FROM sqlite_master").fetchone() is None


def create(connection: sqlite3.Connection) -> None:
    """Makes the tables and their guards in an empty database, inside the transaction that is open."""
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {VERSION}")
    for statement in SCHEMA.values():
        connection.execute(statement)


def differences(connection: sqlite3.Connection) -> list[str]:
    """How the file's tables, indexes and triggers differ from ``SCHEMA``, as sentences."""
    rows = connection.execute("SELECT type, name, sql FROM sqlite_master ORDER BY type, name").fetchall()
    found = {(str(kind), str(name)): sql for kind, name, sql in rows}
    missing = [f"the {kind} {name} is missing" for kind, name in SCHEMA if (kind, name) not in found]
    changed = [
        f"the {kind} {name} is not the one the ledger was made with" if (kind, name) in SCHEMA
        else f"there is a {kind} {name} that does not belong to a ledger"
        for (kind, name), sql in found.items()
        if SCHEMA.get((kind, name)) != sql
    ]  # fmt: skip
    return missing + changed
