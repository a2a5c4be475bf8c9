"""Performance data that is missing, late, doubled, contradicting or of somebody else: nothing is guessed."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from .running import BAD_INPUT, CLEAN, INTEGRITY, Case, bpo, holds, named, snapshot, survives
from .samples import CONTRACT, FEBRUARY, HEADER, JANUARY, MARCH, edited, in_time, report
from .test_numbers import SETTLE

ROWS = re.compile(r"^([0-9]+) rows? read: ([0-9]+) accepted, ([0-9]+) rejected, ([0-9]+) duplicate\.$", re.MULTILINE)


def reported(name: str, content: bytes, *says: str) -> Case:
    return Case(name, {"report.csv": content}, SETTLE, BAD_INPUT, says)


CASES = [
    reported("a measure missing", b"period,incidents\n2026-01,1200\n", "BPO401 measurement-missing", "'in_time'"),
    Case("no month", {"report.csv": report(FEBRUARY)}, SETTLE, BAD_INPUT, ("no row for 2026-01",), placed=False),
    reported("an unknown measure", b"period,incidents,in_tme\n2026-01,1200,95\n", "BPO320", "Did you mean in_time?"),
    reported("an unknown measure in a row", b"period,measure,value\n2026-01,incidentz,5\n", "BPO320", "incidents?"),
    reported("rows of another contract only", f"{HEADER},contract\n{JANUARY},other\n".encode(), "BPO327", "'other'"),
    reported("contract id NA", f"{HEADER},contract\n{JANUARY},NA\n".encode(), "BPO327 other-contract", "'NA'"),
    reported("contract id null", f"{HEADER},contract\n{JANUARY},null\n".encode(), "BPO327 other-contract", "'null'"),
    reported("contract id 00012", f"{HEADER},contract\n{JANUARY},00012\n".encode(), "BPO327", "'00012'"),
    reported("contract id in capitals", f"{HEADER},contract\n{JANUARY},DESK\n".encode(), "BPO327", "'DESK'"),
    reported("contradicting rows", report(JANUARY, JANUARY.replace("1120", "1121")), "BPO328 contradiction",
             "report.csv:2:14", "See also report.csv:3:14", "2 rows read: 0 accepted, 2 rejected, 0 duplicate."),
    reported("a status nobody knows", report(JANUARY.replace("final", "ok")), "BPO314 unknown-status", "provisional"),
    reported("both a value and a ratio", b"period,incidents,in_time,in_time.numerator,in_time.denominator\n"
             b"2026-01,1200,95,1,2\n", "BPO317 half-or-double-value"),
    reported("half a ratio", report("2026-01,1200,1120,,final,x"), "BPO317 half-or-double-value", "denominator"),
    reported("a fraction for a percentage", in_time("0.955"), "BPO332", "looks like a fraction", "95.5"),
    reported("the month of another year", report("2031-01,1200,1120,1200,final,x"), "BPO326 outside-term"),
    Case("not JSON", {"report.json": b'{"schema": '}, SETTLE.replace("csv", "json"), BAD_INPUT, ("BPO118",)),
    Case("another JSON", {"report.json": b'{"a": "b"}\n'}, SETTLE.replace("csv", "json"), BAD_INPUT, ("BPO308",)),
    Case("no such file", {}, SETTLE.replace("report", "none"), BAD_INPUT, ("BPO300",), placed=False),
    Case("a spreadsheet", {"report.xlsx": b"PK\3\4"}, SETTLE.replace("csv", "xlsx"), BAD_INPUT, ("BPO300",),
         placed=False),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=named)
def test_report(case: Case, desk: Path) -> None:
    ran = holds(case, desk)
    for counts in ROWS.findall(ran.said):
        read, accepted, rejected, duplicate = map(int, counts)
        assert read == accepted + rejected + duplicate


def settled(folder: Path, *more: str) -> str:
    """Settles January in the folder and keeps it; what was said about keeping."""
    ran = bpo(*SETTLE.split(), *more, folder=folder)
    survives(ran)
    assert ran.code == CLEAN, ran.said
    return ran.err


@pytest.mark.parametrize(
    "content",
    [
        report(JANUARY, FEBRUARY, MARCH),
        report(MARCH, JANUARY, FEBRUARY),
        report(JANUARY, JANUARY, JANUARY, FEBRUARY),
        report(JANUARY).replace(b"\n", b"\r\n"),
        b"\xef\xbb\xbf" + report(JANUARY),
        report("2026-01, 1200 , 1120,1200 ,final,ticket system"),
        f"{HEADER}\n{JANUARY}\n".replace("ticket system", '"ticket system"').encode(),
    ],
    ids=["the same file", "another order", "rows twice", "CRLF", "byte order mark", "spaces", "quotes"],
)
def test_the_same_facts_again_give_the_same_record_and_bytes(content: bytes, desk: Path) -> None:
    before = (desk / "ledger.db").read_bytes()
    (desk / "report.csv").write_bytes(content)
    first = (desk / "ledger.db").stat().st_mtime_ns
    assert "2026-01 unchanged, already kept as record 1, revision 1" in settled(desk)
    assert (desk / "ledger.db").read_bytes() == before
    assert (desk / "ledger.db").stat().st_mtime_ns == first


def test_a_row_written_twice_counts_once_and_is_counted(desk: Path) -> None:
    (desk / "report.csv").write_bytes(report(JANUARY, FEBRUARY, JANUARY))
    assert "3 rows read: 2 accepted, 0 rejected, 1 duplicate." in settled(desk)


def test_a_correction_after_the_period_was_settled_is_a_revision_that_names_the_old(desk: Path) -> None:
    old = json.loads(bpo("settle", "contract.yaml", "report.csv", "--period", "2026-01", "--format", "json",
                         folder=desk).out)  # fmt: skip
    (desk / "report.csv").write_bytes(report(JANUARY.replace("1120", "1150")))
    said = settled(desk, "--format", "json", "--output", "new.json")
    assert "2026-01 kept as record 4, revision 2" in said
    new = json.loads((desk / "new.json").read_text())
    assert (old["revision"], new["revision"]) == (1, 2)
    assert new["supersedes"]
    assert old["totals"] != new["totals"]
    assert "unchanged, already kept as record 4, revision 2" in settled(desk)
    (desk / "report.csv").write_bytes(report(JANUARY))
    before = snapshot(desk)
    refused = bpo("settle", "contract.yaml", "report.csv", "--period", "2026-01", "--ledger", "ledger.db", folder=desk)
    assert (refused.code, "BPO515 inputs-superseded" in refused.said) == (BAD_INPUT, True)
    assert snapshot(desk) == before
    assert "2026-01 kept as record 5, revision 3" in settled(desk, "--restore")
    ran = bpo("verify", "ledger.db", folder=desk)
    assert ran.code == CLEAN, ran.said
    assert "5 records" in ran.out


def test_rows_of_other_months_that_cannot_be_used_stop_nothing_and_are_said(desk: Path) -> None:
    (desk / "report.csv").write_bytes(report(JANUARY, "2026-02,12.5,1,1,final,x", "2031-01,1,1,1,final,x"))
    said = settled(desk)
    assert "report.csv:3:9: BPO335" in said
    assert "report.csv:4:1: BPO326" in said
    assert "3 rows read: 1 accepted, 2 rejected, 0 duplicate." in said


LENIENT = edited(
    ("    missing: refuse\n    between: 0 % to 100 %", "    missing: not scored\n    between: 0 % to 100 %")
)
"""The contract where a month without the measure is not scored."""


def test_a_contradiction_is_not_missing_data(desk: Path) -> None:
    """Or else whoever is paid less by a measure sends it twice, with two values."""
    files = {"contract.yaml": LENIENT, "report.csv": report(JANUARY, JANUARY.replace("1120", "1121"))}
    holds(Case("contradiction", files, SETTLE, BAD_INPUT, ("BPO328 contradiction",)), desk)


def test_a_bad_value_is_not_missing_data(desk: Path) -> None:
    content = b"period,measure,value\n2026-01,incidents,1200\n2026-01,in_time,7x\n"
    files = {"contract.yaml": LENIENT, "report.csv": content}
    holds(Case("bad value", files, SETTLE, BAD_INPUT, ("BPO336 not-a-number",)), desk)


def test_a_missing_value_follows_the_rule_of_the_contract(desk: Path) -> None:
    (desk / "contract.yaml").write_bytes(LENIENT)
    (desk / "report.csv").write_bytes(b"period,incidents\n2026-01,1200\n")
    assert "2026-01 kept as record 4, revision 2" in settled(desk)


def test_provisional_data_makes_a_provisional_settlement(desk: Path) -> None:
    (desk / "report.csv").write_bytes(report(JANUARY.replace("final", "provisional")))
    settled(desk, "--format", "json", "--output", "new.json")
    assert json.loads((desk / "new.json").read_text())["status"] == "provisional"


def test_the_settlement_of_one_contract_is_no_settlement_of_another(desk: Path) -> None:
    """Another contract in the same ledger has its own records, and explaining asks which is meant."""
    (desk / "other.yaml").write_text(CONTRACT.replace("contract: desk", "contract: other"))
    ran = bpo(*SETTLE.replace("contract.yaml", "other.yaml").split(), folder=desk)
    assert ran.code == CLEAN, ran.said
    before = snapshot(desk)
    ran = bpo("explain", "ledger.db", "--period", "2026-01", folder=desk)
    survives(ran)
    assert ran.code == BAD_INPUT
    assert "BPO580 which-contract" in ran.err
    assert bpo("replay", "ledger.db", "--contract", "contract.yaml", folder=desk).code in (CLEAN, INTEGRITY)
    assert snapshot(desk) == before
