"""A ledger in a file: it only grows, it is whole or not written, and damage is found."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from tests.unit.audit.samples import as_sealed, fill, filled, keep_period, settle_again

from bpo_contracts.audit.replay import replay
from bpo_contracts.audit.store import EMPTY, StoredRecord
from bpo_contracts.audit.verify import VerifyReport, verify
from bpo_contracts.stores.memory import MemoryStore
from bpo_contracts.stores.sqlite import SqliteStore, open_ledger
from bpo_contracts.values.findings import BadInput, IntegrityFailure


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of a ledger with five records."""
    path = tmp_path_factory.mktemp("sound") / "ledger.db"
    with open_ledger(path, write=True) as store:
        fill(store)
    return path.read_bytes()


@pytest.fixture
def path(tmp_path: Path, sound: bytes) -> Path:
    ledger = tmp_path / "ledger.db"
    ledger.write_bytes(sound)
    return ledger


@contextmanager
def raw(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        yield connection


def without_guards(connection: sqlite3.Connection) -> None:
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute("DROP INDEX record_revision")
    connection.execute("DROP INDEX record_digest")
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("PRAGMA ignore_check_constraints = ON")


def verified(path: Path) -> VerifyReport:
    with open_ledger(path) as store:
        return verify(store)


def codes(path: Path) -> set[str]:
    try:
        return {finding.code for finding in verified(path).findings}
    except BadInput as refused:
        return {finding.code for finding in refused.findings}


def read(path: Path) -> list[StoredRecord]:
    with open_ledger(path) as store:
        return list(store.records())


# --- keeping ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("write", [False, True])
def test_a_ledger_that_another_program_is_just_making_is_waited_for(
    tmp_path: Path, sound: bytes, monkeypatch: pytest.MonkeyPatch, *, write: bool
) -> None:
    ledger = tmp_path / "new.db"
    ledger.write_bytes(b"")
    waits: list[float] = []

    def meanwhile(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 3:
            ledger.write_bytes(sound)

    monkeypatch.setattr("bpo_contracts.stores.sqlite.sleep", meanwhile)
    with open_ledger(ledger, write=write) as store:
        assert store.head().sequence == 5


def test_it_holds_what_a_ledger_in_memory_holds(path: Path) -> None:
    memory = filled()
    with open_ledger(path) as store:
        assert list(store.records()) == list(memory.records())
        assert store.head() == memory.head()
        assert store.periods("desk-1") == memory.periods("desk-1") == ("2016-01", "2016-02", "2016-03")
        assert store.periods("desk-2") == ()
        for period in ("2016-01", "2016-02", "2017-01"):
            assert store.revisions("desk-1", period) == memory.revisions("desk-1", period)
            assert store.latest("desk-1", period) == memory.latest("desk-1", period)
        assert store.digests("desk-1") == memory.digests("desk-1")
        assert store.digests("desk-2") == {}
        assert replay(store, settle_again).holds
        report = verify(store, held=memory.head())
    assert report.findings == ()
    assert report.records == 5


def test_the_same_records_give_the_same_file(sound: bytes, tmp_path: Path) -> None:
    again = tmp_path / "again.db"
    with open_ledger(again, write=True) as store:
        fill(store)
    assert again.read_bytes() == sound


def test_it_goes_on_where_it_stopped(path: Path) -> None:
    with open_ledger(path, write=True) as store:
        assert not keep_period(store, "2016-03", "61.5").new
        assert keep_period(store, "2016-04").record.sequence == 6
    assert len(read(path)) == 6
    assert codes(path) == set()


def test_it_is_one_file(path: Path) -> None:
    with open_ledger(path, write=True) as store:
        keep_period(store, "2016-04")
    assert [one.name for one in path.parent.iterdir()] == ["ledger.db"]


def test_reading_changes_nothing_and_creates_nothing(path: Path) -> None:
    before = path.read_bytes()
    with open_ledger(path) as store:
        verify(store)
        with pytest.raises(BadInput, match="BPO507"):
            keep_period(store, "2016-04")
    assert path.read_bytes() == before
    with pytest.raises(BadInput, match="BPO501"):
        open_ledger(path.with_name("absent.db"))
    assert [one.name for one in path.parent.iterdir()] == ["ledger.db"]


def test_writing_creates_the_file_with_the_first_record_only(tmp_path: Path) -> None:
    new = tmp_path / "new.db"
    with open_ledger(new, write=True) as store:
        assert store.head() == EMPTY
        assert (list(store.records()), store.faults(), store.periods("desk-1")) == ([], (), ())
        assert verify(store).records == 0
        assert not new.exists()
        keep_period(store, "2016-01")
        assert new.exists()
        assert store.head().sequence == 1


@pytest.mark.parametrize("name", ["with space.db", "what?mode=memory.db", "a#b.db", "100%25.db", "é.db", "':memory:'"])
def test_any_file_name_is_only_a_name(tmp_path: Path, name: str) -> None:
    with open_ledger(tmp_path / name, write=True) as store:
        keep_period(store, "2016-01")
    assert [one.name for one in tmp_path.iterdir()] == [name]
    assert len(read(tmp_path / name)) == 1


# --- what is no ledger -----------------------------------------------------------------------------------------


def other_database(path: Path) -> None:
    with raw(path) as connection:
        connection.execute("CREATE TABLE record (sequence INTEGER)")


def no_database(path: Path) -> None:
    path.write_text("period,measure,value\n2016-01,answered,64\n" * 40)


def ledger_header_only(path: Path) -> None:
    with raw(path) as connection:
        connection.execute(f"PRAGMA application_id = {0x42504F4C}")
        connection.execute("PRAGMA user_version = 2")


def later_version(path: Path) -> None:
    with open_ledger(path, write=True) as store:
        keep_period(store, "2016-01")
    with raw(path) as connection:
        connection.execute("PRAGMA user_version = 3")


def another_table(path: Path) -> None:
    ledger_header_only(path)
    with raw(path) as connection:
        connection.execute("CREATE VIEW record AS SELECT 1 AS sequence")


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (Path.mkdir, "BPO503"),
        (Path.touch, "BPO503"),
        (no_database, "BPO503"),
        (other_database, "BPO503"),
        (later_version, "BPO504"),
        (ledger_header_only, "BPO508"),
        (another_table, "BPO508"),
    ],
    ids=lambda value: getattr(value, "__name__", value),
)
@pytest.mark.parametrize("write", [False, True])
def test_what_is_no_ledger_is_refused_and_left_alone(tmp_path: Path, make: object, code: str, write: bool) -> None:
    path = tmp_path / "file"
    make(path)  # type: ignore[operator]
    before = path.read_bytes() if path.is_file() else b""
    with pytest.raises(BadInput) as refused:
        open_ledger(path, write=write)
    [finding] = refused.value.findings
    assert finding.code == code
    assert finding.source.file == str(path)
    assert finding.next_step
    assert not path.is_file() or path.read_bytes() == before
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("write", [False, True])
@pytest.mark.parametrize("name", ["absent/ledger.db", "a\0b", "x" * 300, "file/ledger.db"])
def test_paths_that_cannot_be_are_refused(tmp_path: Path, name: str, write: bool) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(BadInput), open_ledger(tmp_path / name, write=write) as store:
        keep_period(store, "2016-01")
    assert [one.name for one in tmp_path.iterdir()] == ["file"]


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="there are no devices here")
def test_a_device_is_refused() -> None:
    with pytest.raises(BadInput, match="BPO503"):
        open_ledger("/dev/zero")


# --- guards ----------------------------------------------------------------------------------------------------

REFUSED = [
    "UPDATE record SET content = x'00'",
    "UPDATE record SET revision = revision + 10",
    "UPDATE OR REPLACE record SET sequence = 1 WHERE sequence = 2",
    "DELETE FROM record",
    "DELETE FROM record WHERE sequence = 5",
    "INSERT OR REPLACE INTO record SELECT * FROM record WHERE sequence = 2",
    "REPLACE INTO record SELECT sequence, 'x', previous, contract, period, revision, inputs, x'00' FROM record",
    "REPLACE INTO record SELECT 6, digest, digest, 'c', 'p', 1, inputs, content FROM record WHERE sequence = 5",
    "REPLACE INTO record SELECT 6, 'x', digest, contract, period, revision, '', x'' FROM record WHERE sequence = 5",
    "INSERT OR IGNORE INTO record SELECT 9, 'x', digest, 'c', 'p', 1, '', x'' FROM record WHERE sequence = 5",
    "INSERT INTO record SELECT NULL, 'x', digest, 'c', 'p', 1, '', x'' FROM record WHERE sequence = 5",
    "INSERT INTO record SELECT 7, 'x', digest, 'c', 'p', 1, '', x'' FROM record WHERE sequence = 5",
    "INSERT INTO record SELECT 0, 'x', digest, 'c', 'p', 1, '', x'' FROM record WHERE sequence = 5",
    "INSERT INTO record SELECT 6, 'x', digest, 'c', 'p', 1, '', x'' FROM record WHERE sequence = 4",
    "INSERT INTO record SELECT 6, 'x', digest, 'c', 'p', 1, '', 'text' FROM record WHERE sequence = 5",
    "INSERT INTO record SELECT 6, 'x', digest, 'c', 'p', 'one', '', x'' FROM record WHERE sequence = 5",
    "INSERT INTO record SELECT 6, NULL, digest, 'c', 'p', 1, '', x'' FROM record WHERE sequence = 5",
    "INSERT INTO record SELECT * FROM record WHERE sequence = 5 ON CONFLICT (sequence) DO UPDATE SET content = x''",
]


@pytest.mark.parametrize("statement", REFUSED)
@pytest.mark.parametrize("recursive", ["ON", "OFF"])
def test_the_guards_refuse_every_change(path: Path, statement: str, recursive: str) -> None:
    before = read(path)
    with raw(path) as connection:
        connection.execute(f"PRAGMA recursive_triggers = {recursive}")
        with pytest.raises(sqlite3.IntegrityError):
            connection.execute(statement)
    assert read(path) == before


def test_the_guards_let_the_next_record_pass(path: Path) -> None:
    with raw(path) as connection:
        connection.execute(
            "INSERT INTO record SELECT 6, 'x', digest, 'c', 'p', 1, '', x'' FROM record WHERE sequence = 5"
        )
    assert "BPO520" in codes(path), "that it is nonsense is found by its digest"


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TRIGGER record_is_not_changed",
        "DROP INDEX record_digest",
        "CREATE TABLE other (a)",
        "CREATE TRIGGER quiet AFTER INSERT ON record BEGIN SELECT 1; END",
        "CREATE VIEW records AS SELECT * FROM record",
    ],
)
def test_removed_and_added_guards_are_found_and_nothing_more_is_written(path: Path, statement: str) -> None:
    with raw(path) as connection:
        connection.execute(statement)
    assert codes(path) == {"BPO523"}
    with pytest.raises(BadInput, match="BPO511"):
        open_ledger(path, write=True)


def test_guards_that_go_while_the_ledger_is_open_are_missed_before_writing(path: Path) -> None:
    with open_ledger(path, write=True) as store:
        with raw(path) as connection:
            connection.execute("DROP TRIGGER record_comes_next")
        with pytest.raises(BadInput, match="BPO511"):
            keep_period(store, "2016-04")
    assert len(read(path)) == 5


# --- tampering and damage --------------------------------------------------------------------------------------


def test_any_changed_byte_of_a_record_is_found(path: Path) -> None:
    """Every position with one bit; every hundredth with all eight, and verified as a whole."""
    with raw(path) as connection, open_ledger(path) as store:
        content = list(store.records())[2].content
        without_guards(connection)
        for position in range(len(content)):
            for bit in range(8) if position % 100 == 0 else (position % 8,):
                changed = bytearray(content)
                changed[position] ^= 1 << bit
                connection.execute("UPDATE record SET content = ? WHERE sequence = 3", (bytes(changed),))
                assert not store.revisions("desk-1", "2016-03")[0].is_intact, (position, bit)
            if position % 100 == 0:
                assert "BPO520" in {finding.code for finding in verify(store).findings}
        connection.execute("UPDATE record SET content = ? WHERE sequence = 3", (content,))
    assert {finding.code for finding in verified(path).findings} == {"BPO523"}, "only the guards are missing"


@pytest.mark.parametrize("column", ["digest", "previous", "contract", "period", "inputs"])
def test_any_changed_character_beside_a_record_is_found(path: Path, column: str) -> None:
    with raw(path) as connection:
        without_guards(connection)
        [(value,)] = connection.execute(f"SELECT {column} FROM record WHERE sequence = 3").fetchall()
        for position in range(len(value)):
            changed = value[:position] + chr(ord(value[position]) ^ 1) + value[position + 1 :]
            connection.execute(f"UPDATE record SET {column} = ? WHERE sequence = 3", (changed,))
            assert codes(path) & {"BPO520", "BPO522"}, position


@pytest.mark.parametrize(
    "change",
    [
        "sequence = 9",
        "sequence = -3",
        "revision = 2",
        "revision = 'two'",
        "revision = 1.5",
        "digest = NULL",
        "digest = x'ff'",
        "period = CAST(x'ff' AS TEXT)",
        "content = CAST(content AS TEXT)",
        "content = NULL",
        "content = 5",
        "content = ''",
        "contract = x''",
    ],
)
def test_values_of_other_types_are_found(path: Path, change: str) -> None:
    with raw(path) as connection:
        without_guards(connection)
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("UPDATE sqlite_master SET sql = replace(sql, 'NOT NULL', '') WHERE name = 'record'")
    with raw(path) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute(f"UPDATE record SET {change} WHERE sequence = 3 AND 3 = 3")
        connection.execute("PRAGMA writable_schema = ON")
        original = "SELECT replace(sql, 'TEXT  CHECK', 'TEXT NOT NULL CHECK') FROM sqlite_master WHERE name = 'record'"
        [(sql,)] = connection.execute(original).fetchall()
        for kind in ("INTEGER", "BLOB"):
            sql = sql.replace(f"{kind}  CHECK", f"{kind} NOT NULL CHECK")
        connection.execute("UPDATE sqlite_master SET sql = ? WHERE name = 'record'", (sql,))
    found = codes(path)
    assert found - {"BPO523"}
    assert "BPO508" not in found, "the file can be opened and the record is named"


def test_a_file_cut_anywhere_is_refused_or_found(tmp_path: Path, sound: bytes) -> None:
    path = tmp_path / "cut.db"
    cuts = {*range(0, 200, 7), *range(0, len(sound), 997), *range(0, len(sound), 4096), len(sound) - 1}
    for cut in sorted(cuts):
        path.write_bytes(sound[:cut])
        assert codes(path), cut
        with pytest.raises((BadInput, IntegrityFailure)), open_ledger(path, write=True) as store:
            keep_period(store, "2016-09")


def test_a_changed_bit_anywhere_in_the_file_is_found_or_changes_no_record(tmp_path: Path, sound: bytes) -> None:
    records = list(filled().records())
    path = tmp_path / "flipped.db"
    chosen = random.Random(5)
    positions = [*range(100), *(chosen.randrange(len(sound)) for _ in range(300))]
    found = 0
    for position in positions:
        changed = bytearray(sound)
        changed[position] ^= 1 << chosen.randrange(8)
        path.write_bytes(changed)
        if codes(path):
            found += 1
        else:
            assert read(path) == records, position
    assert found > 100


def test_damage_in_the_middle_is_a_finding_after_what_could_be_read(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    with open_ledger(path, write=True) as store:
        for month in range(1, 13):
            keep_period(store, f"2016-{month:02}")
    whole = bytearray(path.read_bytes())
    pages = len(whole) // 4096
    for page in range(pages // 2, pages - 2):
        whole[page * 4096 : page * 4096 + 16] = b"\xff" * 16
    path.write_bytes(whole)
    report = verified(path)
    assert not report.intact.holds
    assert not report.consistent.holds
    assert not report.arithmetic.holds


def test_rows_taken_out_or_exchanged_behind_the_guards_are_found(path: Path, sound: bytes) -> None:
    for change in (
        ["DELETE FROM record WHERE sequence = 3"],
        ["UPDATE record SET sequence = 30 WHERE sequence = 3"],
        [
            "UPDATE record SET sequence = 30 WHERE sequence = 3",
            "UPDATE record SET sequence = 3 WHERE sequence = 4",
            "UPDATE record SET sequence = 4 WHERE sequence = 30",
        ],
    ):
        path.write_bytes(sound)
        with raw(path) as connection:
            without_guards(connection)
            for statement in change:
                connection.execute(statement)
        assert {"BPO530", "BPO531"} & codes(path)


# --- writers, space, crashes -----------------------------------------------------------------------------------


def test_a_second_writer_is_told_and_writes_nothing(path: Path) -> None:
    with raw(path) as other, open_ledger(path, write=True, busy_seconds=0) as store:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(BadInput, match="BPO505"):
            keep_period(store, "2016-04")
        other.execute("ROLLBACK")
        assert keep_period(store, "2016-04").new
    assert len(read(path)) == 6


def test_a_reader_in_the_way_leaves_nothing_half_written(path: Path) -> None:
    with open_ledger(path) as reader, open_ledger(path, write=True, busy_seconds=0) as store:
        going = reader.records()
        next(going)
        with pytest.raises(BadInput, match="BPO505"):
            keep_period(store, "2016-04")
        assert len(list(going)) == 4
        assert keep_period(store, "2016-04").new
    assert codes(path) == set()


def test_two_writers_cannot_make_two_records_of_one_place(path: Path) -> None:
    memory = MemoryStore()
    fill(memory)
    sixth = keep_period(memory, "2016-04").record
    with open_ledger(path, write=True) as first, open_ledger(path, write=True) as second:
        keep_period(first, "2016-05")
        with pytest.raises(BadInput, match="BPO510"):
            second.append(as_sealed(sixth, memory), sixth.key)
        assert keep_period(second, "2016-04").record.sequence == 7
    assert codes(path) == set()


def test_two_writers_that_create_the_ledger_at_once(tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    with open_ledger(path, write=True) as first, open_ledger(path, write=True) as second:
        keep_period(first, "2016-01")
        with pytest.raises(BadInput, match="BPO510"):
            keep_period(second, "2016-02")
        assert keep_period(second, "2016-02").record.sequence == 2
    assert codes(path) == set()


def test_a_full_disk_leaves_the_ledger_as_it_was(path: Path) -> None:
    before = path.read_bytes()
    with open_ledger(path, write=True) as store:
        connection = store._connection
        assert connection is not None
        connection.execute(f"PRAGMA max_page_count = {len(before) // 4096}")
        with pytest.raises(BadInput, match="BPO506"):
            keep_period(store, "2016-04", source="x" * 20_000)
        assert store.head().sequence == 5
    assert path.read_bytes() == before


@pytest.mark.skipif(sys.platform == "win32", reason="there are no limits on file sizes")
def test_a_ledger_that_cannot_be_created_leaves_nothing(tmp_path: Path) -> None:
    program = (
        "import resource, sys\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (2048, 2048))\n"
        "from bpo_contracts.stores.sqlite import open_ledger\n"
        "from bpo_contracts.values.findings import BadInput\n"
        "from tests.unit.audit.samples import keep_period\n"
        "with open_ledger(sys.argv[1], write=True) as store:\n"
        "    try:\n"
        "        keep_period(store, '2016-01')\n"
        "    except BadInput as refused:\n"
        "        print(refused.findings[0].code)\n"
    )
    done = subprocess.run(
        [sys.executable, "-B", "-c", program, str(tmp_path / "new.db")],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": ":".join(filter(None, sys.path))},
    )
    assert done.stdout.strip() in ("BPO506", "BPO509"), done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_ledger_that_disappears_while_it_is_written_is_noticed(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from bpo_contracts.stores import sqlite

    insert = sqlite._insert

    def insert_and_lose(*values: object) -> StoredRecord:
        stored = insert(*values)  # type: ignore[arg-type]
        path.rename(path.with_name("moved.db"))
        return stored

    monkeypatch.setattr(sqlite, "_insert", insert_and_lose)
    with open_ledger(path, write=True) as store, pytest.raises(BadInput, match="BPO509"):
        keep_period(store, "2016-04")


def test_a_program_that_is_stopped_while_writing_leaves_whole_records_only(path: Path, tmp_path: Path) -> None:
    """Stopped with the journal on the disk: the next writer takes the unfinished write back."""
    copy = tmp_path / "stopped.db"
    with raw(path) as connection:
        connection.execute("PRAGMA cache_spill = 1")
        connection.execute("PRAGMA cache_size = 1")
        connection.execute("BEGIN IMMEDIATE")
        statement = "INSERT INTO record SELECT 6, 'x', digest, 'c', 'p', 1, '', zeroblob(200000) FROM record"
        connection.execute(f"{statement} WHERE sequence = 5")
        journal = path.with_name("ledger.db-journal").read_bytes()
        copy.write_bytes(path.read_bytes())
        copy.with_name("stopped.db-journal").write_bytes(journal)
        connection.execute("ROLLBACK")
    assert len(copy.read_bytes()) > len(path.read_bytes()), "the write had begun"
    with pytest.raises(BadInput, match="BPO512"):
        open_ledger(copy)
    with open_ledger(copy, write=True) as store:
        assert store.head().sequence == 5
        assert keep_period(store, "2016-04").new
    assert codes(copy) == set()


def test_records_larger_than_the_limit_are_not_read(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bpo_contracts.stores.sqlite.RECORD_BYTES_MAX", 2000)
    with open_ledger(path, write=True) as store, pytest.raises(BadInput, match="BPO514"):
        list(store.records())


def test_a_closed_ledger_is_a_mistake_of_the_program(path: Path) -> None:
    store: SqliteStore = open_ledger(path)
    store.close()
    with pytest.raises(sqlite3.ProgrammingError):
        store.head()
