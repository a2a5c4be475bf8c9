"""Ledgers that were changed, cut, mixed up or written by something else; writers that are stopped; disks that are full.

What was changed inside a sound file is found by ``verify`` (exit code 4). What can be no ledger is refused (3). Every
single byte of a ledger is changed in the tests of the store; here the command meets a sample of them.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from bpo_contracts.values.canonical import canonical, digest_of

from .running import BAD_INPUT, CLEAN, FINDINGS, INTEGRITY, Case, Limits, Ran, bpo, environ, holds, snapshot, survives
from .samples import HEADER, JANUARY, report

SETTLE = ("settle", "contract.yaml", "report.csv", "--period", "2026-01", "--ledger", "ledger.db")


def asked(folder: Path, *command: str) -> Ran:
    """Runs a command that only reads: it survives, and leaves every file as it is."""
    before = snapshot(folder)
    ran = bpo(*command, folder=folder)
    survives(ran)
    assert snapshot(folder) == before
    return ran


@contextmanager
def opened(ledger: Path) -> Iterator[sqlite3.Connection]:
    """The ledger as another program sees it, without its guards."""
    with closing(sqlite3.connect(ledger, isolation_level=None)) as connection:
        for (trigger,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {trigger}")
        yield connection


def guards_of(ledger: bytes, folder: Path) -> list[str]:
    """The statements that make the guards, to put them back."""
    path = folder / "guards.db"
    path.write_bytes(ledger)
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    path.unlink()
    return [str(row[0]) for row in found]


@contextmanager
def changed(folder: Path) -> Iterator[sqlite3.Connection]:
    """The ledger of the folder, changed by somebody who takes the guards away and puts them back."""
    ledger = folder / "ledger.db"
    guards = guards_of(ledger.read_bytes(), folder)
    with opened(ledger) as connection:
        yield connection
        for guard in guards:
            connection.execute(guard)


def resealed(connection: sqlite3.Connection, sequence: int, change: Callable[[bytes], bytes]) -> None:
    """Changes a record's bytes and gives it their digest, as somebody would who knows how."""
    (content,) = connection.execute("SELECT content FROM record WHERE sequence = ?", (sequence,)).fetchone()
    new = change(content)
    values = (new, digest_of(new), sequence)
    connection.execute("UPDATE record SET content = ?, digest = ? WHERE sequence = ?", values)


# --- tampering ------------------------------------------------------------------------------------------------


def test_a_sound_ledger_is_clean(desk: Path) -> None:
    assert asked(desk, "verify", "ledger.db").code == CLEAN
    assert asked(desk, "replay", "ledger.db").code == CLEAN


def an_amount(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE record SET content = CAST(replace(content, '16800.00', '16900.00') AS BLOB)")


def an_amount_resealed(connection: sqlite3.Connection) -> None:
    resealed(connection, 1, lambda content: content.replace(b"16800.00", b"16900.00"))


def spaces_resealed(connection: sqlite3.Connection) -> None:
    resealed(connection, 3, lambda content: content.replace(b"{", b"{ ", 1))


def no_json_resealed(connection: sqlite3.Connection) -> None:
    resealed(connection, 3, lambda content: b"\xff\x00 not json")


def another_document_resealed(connection: sqlite3.Connection) -> None:
    resealed(connection, 3, lambda content: canonical({"a": "b"}))


def deep_json_resealed(connection: sqlite3.Connection) -> None:
    resealed(connection, 3, lambda content: b"[" * 100_000 + b"]" * 100_000)


def a_huge_number_resealed(connection: sqlite3.Connection) -> None:
    resealed(connection, 3, lambda content: content.replace(b'"revision":1', b'"revision":' + b"9" * 10_000, 1))


def a_record_taken_out(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM record WHERE sequence = 2")


def two_records_swapped(connection: sqlite3.Connection) -> None:
    for old, new in ((1, 101), (2, 1), (101, 2)):
        connection.execute("UPDATE record SET sequence = ? WHERE sequence = ?", (new, old))


def a_text_for_the_content(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA ignore_check_constraints = ON")
    connection.execute("UPDATE record SET content = CAST(content AS TEXT) WHERE sequence = 1")


def another_period_beside_it(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE record SET period = '2026-07' WHERE sequence = 1")


def a_price_in_the_annexes(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE annex SET content = CAST(replace(content, '14.00 EUR', '15.00 EUR') AS BLOB)")


def a_price_in_the_annexes_resealed(connection: sqlite3.Connection) -> None:
    for digest, content in connection.execute("SELECT digest, content FROM annex").fetchall():
        new = content.replace(b"14.00 EUR", b"15.00 EUR")
        connection.execute("UPDATE annex SET content = ?, digest = ? WHERE digest = ?", (new, digest_of(new), digest))


def the_annexes_taken_out(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM annex")


def a_text_for_an_annex(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA ignore_check_constraints = ON")
    connection.execute("UPDATE annex SET content = CAST(content AS TEXT)")


def an_annex_that_is_no_form(connection: sqlite3.Connection) -> None:
    (contract,) = connection.execute("SELECT content FROM record WHERE sequence = 3").fetchone()
    named = json.loads(contract)["annexes"]
    resealed(connection, 3, lambda content: content.replace(named["form"].encode(), named["contract"].encode()))


TAMPERED: dict[Callable[[sqlite3.Connection], None], str] = {
    an_amount: "BPO520 record-changed",
    an_amount_resealed: "BPO531 chain-broken",
    spaces_resealed: "BPO521 not-canonical",
    no_json_resealed: "BPO521 not-canonical",
    another_document_resealed: "BPO524 not-a-record",
    deep_json_resealed: "BPO521 not-canonical",
    a_huge_number_resealed: "BPO521 not-canonical",
    a_record_taken_out: "BPO530 sequence-gap",
    two_records_swapped: "BPO531 chain-broken",
    a_text_for_the_content: "BPO52",
    another_period_beside_it: "BPO522 column-differs",
    a_price_in_the_annexes: "BPO525 annex-changed",
    a_price_in_the_annexes_resealed: "BPO526 annex-of-nothing",
    the_annexes_taken_out: "BPO524 not-a-record",
    a_text_for_an_annex: "BPO525 annex-changed",
    an_annex_that_is_no_form: "BPO524 not-a-record",
}


@pytest.mark.parametrize("tampering", TAMPERED, ids=lambda tampering: tampering.__name__)
def test_tampering_is_found_by_verify(tampering: Callable[[sqlite3.Connection], None], desk: Path) -> None:
    with changed(desk) as connection:
        tampering(connection)
    ran = asked(desk, "verify", "ledger.db")
    assert ran.code == INTEGRITY
    assert TAMPERED[tampering] in ran.said
    assert "ledger.db, record " in ran.said
    assert "NO: " in ran.out


@pytest.mark.parametrize("tampering", [an_amount_resealed, no_json_resealed, deep_json_resealed,
                                       a_price_in_the_annexes, the_annexes_taken_out, an_annex_that_is_no_form],
                         ids=lambda tampering: tampering.__name__)  # fmt: skip
def test_what_was_tampered_with_is_neither_replayed_nor_explained_as_sound(
    tampering: Callable[[sqlite3.Connection], None], desk: Path
) -> None:
    with changed(desk) as connection:
        tampering(connection)
    assert asked(desk, "replay", "ledger.db").code in (FINDINGS, BAD_INPUT, INTEGRITY)
    period = "2026-01" if tampering is an_amount_resealed else "2026-03"
    ran = asked(desk, "explain", "ledger.db", "--period", period)
    if tampering is not an_amount_resealed:  # whoever reseals a record is found by its chain, which verify follows
        assert ran.code in (BAD_INPUT, INTEGRITY)


def test_a_ledger_without_its_guards_takes_no_record(desk: Path) -> None:
    with opened(desk / "ledger.db"):
        pass
    (desk / "report.csv").write_bytes(report(JANUARY.replace("1120", "1150")))
    before = snapshot(desk)
    ran = bpo(*SETTLE, folder=desk)
    survives(ran)
    assert (ran.code, "BPO511 guards-changed" in ran.err) == (BAD_INPUT, True)
    assert snapshot(desk) == before
    assert asked(desk, "verify", "ledger.db").code == INTEGRITY


def test_a_record_of_another_ledger_does_not_fit_in(desk: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("other")
    (other / "contract.yaml").write_bytes((desk / "contract.yaml").read_bytes())
    (other / "report.csv").write_bytes(report(JANUARY.replace("1120", "900"), "2026-02,1,1,1,final,x"))
    assert bpo("settle", "contract.yaml", "report.csv", "--all", "--ledger", "ledger.db", folder=other).code == CLEAN
    with changed(desk) as connection:
        connection.execute("ATTACH ? AS other", (str(other / "ledger.db"),))
        connection.execute("DELETE FROM record WHERE sequence = 2")
        connection.execute("INSERT INTO record SELECT * FROM other.record WHERE sequence = 2")
        connection.execute("DETACH other")
    ran = asked(desk, "verify", "ledger.db")
    assert (ran.code, "BPO531 chain-broken" in ran.said) == (INTEGRITY, True)


def test_records_cut_off_at_the_end_are_found_by_a_head_that_is_held(desk: Path) -> None:
    head = asked(desk, "verify", "ledger.db").out.split("head ", 1)[1].split()[0]
    with changed(desk) as connection:
        connection.execute("DELETE FROM record WHERE sequence = 3")
    assert asked(desk, "verify", "ledger.db").code == CLEAN
    ran = asked(desk, "verify", "ledger.db", "--head", head)
    assert (ran.code, "BPO533 head-missing" in ran.said) == (INTEGRITY, True)
    assert asked(desk, "verify", "ledger.db", "--head", "zz@-1").code == BAD_INPUT


def test_what_stands_in_a_changed_ledger_steers_no_terminal(desk: Path) -> None:
    with changed(desk) as connection:
        connection.execute("UPDATE record SET digest = char(27) || '[2J' || substr(digest, 5) WHERE sequence = 3")
    ran = asked(desk, "verify", "ledger.db")
    assert (ran.code, "head ·[2J" in ran.out) == (INTEGRITY, True)


def test_any_byte_changed_or_the_file_cut_anywhere(desk: Path) -> None:
    """A sample: the exit code says that something is wrong, and a byte that nobody reads changes no content."""
    ledger = desk / "ledger.db"
    sound = ledger.read_bytes()
    choose = random.Random(14)
    places = [0, 17, 28, 100, *choose.sample(range(len(sound)), 8)]
    spoilt = [sound[:at] + bytes([sound[at] ^ 1 << choose.randrange(8)]) + sound[at + 1 :] for at in places]
    spoilt += [sound[:length] for length in (1, 99, 512, 4095, 4096, len(sound) // 2, len(sound) - 1)]
    with closing(sqlite3.connect(ledger)) as connection:
        records = connection.execute("SELECT * FROM record").fetchall()
    for content in spoilt:
        ledger.write_bytes(content)
        ran = asked(desk, "verify", "ledger.db")
        assert ran.code in (CLEAN, BAD_INPUT, INTEGRITY)
        if ran.code == CLEAN:
            with closing(sqlite3.connect(ledger)) as connection:
                assert connection.execute("SELECT * FROM record").fetchall() == records


# --- what is no ledger ----------------------------------------------------------------------------------------


def database_of_somebody_else(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE record (secret TEXT)")
        connection.execute("INSERT INTO record VALUES ('keep me')")
        connection.commit()


def text(path: Path) -> None:
    path.write_text("period,calls\n" * 100)


def empty(path: Path) -> None:
    path.write_bytes(b"")


def zeros(path: Path) -> None:
    path.write_bytes(b"\0" * 8192)


def folder(path: Path) -> None:
    path.mkdir()


def dangling_link(path: Path) -> None:
    path.symlink_to("nowhere/at/all.db")


def link_to_itself(path: Path) -> None:
    path.symlink_to(path.name)


def pipe(path: Path) -> None:
    os.mkfifo(path)


@pytest.mark.parametrize(
    "make",
    [database_of_somebody_else, text, empty, zeros, folder, dangling_link, link_to_itself, pipe],
    ids=lambda make: make.__name__,
)
def test_what_is_no_ledger_is_refused_and_left_alone(make: Callable[[Path], None], desk: Path) -> None:
    (desk / "ledger.db").unlink()
    make(desk / "ledger.db")
    before = {path.name: path.read_bytes() for path in desk.iterdir() if path.is_file() and not path.is_symlink()}
    for command in (SETTLE, ("verify", "ledger.db")):
        ran = bpo(*command, folder=desk)
        survives(ran)
        assert ran.code == BAD_INPUT, ran.said
        assert "BPO50" in ran.err
    after = {path.name: path.read_bytes() for path in desk.iterdir() if path.is_file() and not path.is_symlink()}
    assert after == before


def test_a_link_to_a_ledger_is_followed(desk: Path) -> None:
    (desk / "link.db").symlink_to("ledger.db")
    ran = bpo("settle", "contract.yaml", "report.csv", "--period", "2026-01", "--ledger", "link.db", folder=desk)
    survives(ran)
    assert ran.code == CLEAN
    assert (desk / "link.db").is_symlink()


def test_a_ledger_in_a_folder_that_is_not_there(desk: Path) -> None:
    command = "settle contract.yaml report.csv --period 2026-01 --ledger no/ledger.db"
    holds(Case("no folder", {}, command, BAD_INPUT, ("BPO501 no-ledger",), placed=False), desk)


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is read-only for root")
def test_a_folder_that_cannot_be_written(desk: Path) -> None:
    (desk / "report.csv").write_bytes(report(JANUARY.replace("1120", "1150")))
    desk.chmod(0o555)
    try:
        ran = asked(desk, *SETTLE)
    finally:
        desk.chmod(0o755)
    assert (ran.code, "BPO50" in ran.err) == (BAD_INPUT, True)


# --- several months ----


def test_one_bad_month_keeps_none_of_them(desk: Path) -> None:
    """``--all`` keeps every month or none: what is said to be refused leaves the ledger as it was, or not there at all."""
    good = [JANUARY.replace("2026-01", f"2026-{month:02}") for month in range(1, 7)]
    bad = [*good[:3], good[3].replace("1120", "-5"), *good[4:]]
    settle = ("settle", "contract.yaml", "report.csv", "--all", "--ledger", "ledger.db")
    (desk / "ledger.db").unlink()
    (desk / "report.csv").write_text("\n".join([HEADER, *bad, ""]))
    ran = bpo(*settle, folder=desk)
    assert (ran.code, "not settled" in ran.err, "kept as" in ran.err) == (BAD_INPUT, True, False), ran.said
    assert not (desk / "ledger.db").exists()
    (desk / "report.csv").write_text("\n".join([HEADER, *good[:2], ""]))
    assert bpo(*settle, folder=desk).code == CLEAN
    before = (desk / "ledger.db").read_bytes()
    (desk / "report.csv").write_text("\n".join([HEADER, *bad, ""]))
    assert bpo(*settle, folder=desk).code == BAD_INPUT
    assert (desk / "ledger.db").read_bytes() == before
    (desk / "report.csv").write_text("\n".join([HEADER, *good, ""]))
    ran = bpo(*settle, folder=desk)
    assert (ran.code, ran.err.count("unchanged, already kept as"), ran.err.count(" kept as record")) == (CLEAN, 2, 6)


# --- writers --------------------------------------------------------------------------------------------------


def test_somebody_else_is_writing(desk: Path) -> None:
    (desk / "report.csv").write_bytes(report(JANUARY.replace("1120", "1150")))
    before = (desk / "ledger.db").read_bytes()
    with closing(sqlite3.connect(desk / "ledger.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")  # the file is not opened here meanwhile: closing it would end the lock
        ran = bpo(*SETTLE, folder=desk)
        survives(ran)
        assert (ran.code, "BPO505 ledger-busy" in ran.err) == (BAD_INPUT, True), ran.said
        assert bpo("verify", "ledger.db", folder=desk).code == CLEAN
        other.execute("ROLLBACK")
    assert (desk / "ledger.db").read_bytes() == before
    assert bpo(*SETTLE, folder=desk).code == CLEAN


def test_two_at_once_keep_every_record_once(desk: Path) -> None:
    """Both succeed, or one is told to try again: the ledger is sound and holds each settlement once."""
    (desk / "ledger.db").unlink()
    command = [sys.executable, "-m", "bpo_contracts.cli.main", "settle", "contract.yaml", "report.csv", "--all",
               "--ledger", "ledger.db"]  # fmt: skip
    both = [
        subprocess.Popen(command, cwd=desk, env=environ(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = [process.communicate(timeout=120)[1] for process in both]
    for process, error in zip(both, said, strict=True):
        assert process.returncode in (CLEAN, BAD_INPUT), error
        if process.returncode:
            assert any(code in error for code in ("BPO505", "BPO510", "BPO513")), error
    ran = asked(desk, "verify", "ledger.db")
    assert ran.code == CLEAN, ran.said
    assert bpo("settle", "contract.yaml", "report.csv", "--all", "--ledger", "ledger.db", folder=desk).code == CLEAN
    with closing(sqlite3.connect(desk / "ledger.db")) as connection:
        kept = connection.execute("SELECT period, revision FROM record ORDER BY sequence").fetchall()
    assert sorted(kept) == [("2026-01", 1), ("2026-02", 1), ("2026-03", 1)]


@pytest.mark.parametrize("room", [0, 1, 3])
def test_a_disk_that_is_full(room: int, desk: Path) -> None:
    """No file may grow beyond the ledger and a little more: the record is not written, and the ledger is as it was."""
    contract = (desk / "contract.yaml").read_bytes()
    (desk / "contract.yaml").write_bytes(contract.replace(b"Service desk", b"Service Desk"))  # new annexes need room
    size = (desk / "ledger.db").stat().st_size + room * 4096
    before = snapshot(desk)
    ran = bpo(*SETTLE, folder=desk, limits=Limits(file_bytes=size))
    survives(ran)
    assert ran.code == BAD_INPUT, ran.said
    assert "BPO50" in ran.err
    assert snapshot(desk) == before


def test_a_new_ledger_on_a_full_disk_is_not_left_behind(desk: Path) -> None:
    (desk / "ledger.db").unlink()
    before = snapshot(desk)
    ran = bpo(*SETTLE, folder=desk, limits=Limits(file_bytes=8192))
    survives(ran)
    assert ran.code == BAD_INPUT, ran.said
    assert snapshot(desk) == before


def test_killed_at_any_moment_the_ledger_holds_all_of_the_months_or_none(desk: Path) -> None:
    year = [JANUARY.replace("2026-01", f"2026-{month:02}") for month in range(1, 13)]
    (desk / "report.csv").write_text("\n".join([HEADER, *year, ""]))
    settle = ["settle", "contract.yaml", "report.csv", "--all", "--ledger", "ledger.db"]
    (desk / "ledger.db").unlink()
    whole = records_of(settle, desk)
    choose = random.Random(41)
    for _ in range(6):
        (desk / "ledger.db").unlink(missing_ok=True)
        command = [sys.executable, "-m", "bpo_contracts.cli.main", *settle]
        process = subprocess.Popen(command, cwd=desk, env=environ(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        assert process.stderr is not None
        wanted = choose.randrange(12)  # until so many records are said to be kept, and then a moment more
        for _ in range(wanted):
            process.stderr.readline()
        time.sleep(choose.random() * 0.01)
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=60)
        beginning = records_after_a_stop(settle, desk)
        assert beginning in ([], whole)
        assert beginning or not wanted
        assert records_of(settle, desk) == whole
        assert bpo("verify", "ledger.db", folder=desk).code == CLEAN


def records_after_a_stop(settle: list[str], folder: Path) -> list[tuple[object, ...]]:
    """The records that a writer left which was stopped.

    Where its last write is unfinished the next writer takes it back: reading alone changes nothing, and says so.
    """
    ledger = folder / "ledger.db"
    if not ledger.exists() or not ledger.stat().st_size:
        return []
    ran = bpo("verify", "ledger.db", folder=folder)
    survives(ran)
    if ran.code != CLEAN:
        assert "BPO512 unfinished-write" in ran.err, ran.said
        assert bpo(*SETTLE, folder=folder).code == CLEAN  # takes it back, and keeps January if that was not kept
        assert bpo("verify", "ledger.db", folder=folder).code == CLEAN
    return rows_of(ledger)


def records_of(settle: list[str], folder: Path) -> list[tuple[object, ...]]:
    """The records of the ledger after it was settled to its end."""
    if (folder / "ledger.db").exists() and not (folder / "ledger.db").stat().st_size:
        (folder / "ledger.db").unlink()
    ran = bpo(*settle, folder=folder)
    survives(ran)
    assert ran.code == CLEAN, ran.said
    return rows_of(folder / "ledger.db")


def rows_of(ledger: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(ledger)) as connection:
        return connection.execute("SELECT * FROM record ORDER BY sequence").fetchall()
