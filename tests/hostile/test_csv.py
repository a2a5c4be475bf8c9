"""CSV files that other readers guess at, cut short or read into one column: refused, or every row accounted for."""

from __future__ import annotations

from pathlib import Path

import pytest

from .running import BAD_INPUT, CLEAN, Case, bpo, holds, named, survives
from .samples import FEBRUARY, HEADER, JANUARY, MARCH, PERFORMANCE, report
from .test_numbers import SETTLE


def csv(name: str, content: bytes | str, *says: str, placed: bool = True) -> Case:
    data = content if isinstance(content, bytes) else content.encode()
    return Case(name, {"report.csv": data}, SETTLE, BAD_INPUT, says, placed=placed)


CASES = [
    csv("an open quote", report(JANUARY, '2026-02,"900,880,900,final,x', MARCH), "BPO305 open-quote", "report.csv:3:9",
        "4 lines: the header, 1 before this line, and 1 after it"),
    csv("a quote over two lines", report('2026-01,1200,1120,1200,final,"a', 'b"'), "BPO305 open-quote"),
    csv("a column twice", PERFORMANCE.replace("incidents", "status", 1), "BPO306 bad-header", "Two columns"),
    csv("a column without a name", PERFORMANCE.replace("source", "", 1), "BPO306 bad-header", "no name"),
    csv("no header", f"{JANUARY}\n{FEBRUARY}\n", "BPO306 bad-header", "no column period"),
    csv("semicolons", PERFORMANCE.replace(",", ";"), "BPO306 bad-header", "semicolons"),
    csv("tabs", PERFORMANCE.replace(",", "\t"), "BPO306 bad-header", "tabs"),
    csv("carriage returns alone", PERFORMANCE.replace("\n", "\r"), "BPO304 line-ends"),
    csv("no end of the last line", PERFORMANCE.rstrip("\n"), "BPO303 cut-off", "line 4"),
    csv("cut in the middle", PERFORMANCE[: len(PERFORMANCE) // 2], "BPO303 cut-off"),
    csv("a header and no rows", f"{HEADER}\n", "BPO307 no-rows"),
    csv("empty", b"", "BPO307 no-rows", placed=False),
    csv("a cell of 200 KB", report(JANUARY.replace("ticket system", "x" * 200_000)), "BPO302 too-large", "200,000"),
    csv("a line of 2 MB", report(JANUARY.replace("ticket system", "x" * 2_000_000)), "BPO302 too-large"),
    csv("600 columns", f"period,{','.join(f'c{i}' for i in range(600))}\n2026-01{',1' * 600}\n", "BPO302 too-large"),
    csv("a short row", report("2026-01,1200", FEBRUARY), "BPO310 short-row", "2 cells, and the header has 6 columns"),
    csv("a long row", report(f"{JANUARY},x", FEBRUARY), "BPO310 long-row"),
    csv("a stray quote", report(JANUARY.replace("ticket", 'tick"et')), "BPO311 stray-quote"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=named)
def test_file(case: Case, desk: Path) -> None:
    holds(case, desk)


LARGE = [
    csv("a million empty rows", f"{HEADER}\n{JANUARY}\n" + "\n" * 999_990, "BPO309 too-many-bad-rows", "10,000"),
    csv("a million rows of commas", f"{HEADER}\n{JANUARY}\n" + ",,,,,\n" * 999_990, "BPO309 too-many-bad-rows"),
    csv("100,000 bad rows", f"{HEADER}\n{JANUARY}\n" + "x,,,,,\n" * 100_000, "BPO309 too-many-bad-rows"),
    csv("12,000 contradictions", "period,incidents\n" + "".join(f"2026-01,{i}\n" for i in range(12_000)), "BPO309"),
    csv("400 unknown columns in 100 rows", f"period,{','.join(f'c{i}' for i in range(400))}\n"
        + f"2026-01{',1' * 400}\n" * 100, "BPO309 too-many-bad-rows"),
    csv("more than a million rows", "period,incidents\n" + "2026-01,1\n" * 1_000_010, "BPO302", placed=False),
    csv("65 MiB", b"x" * (65 * 2**20), "BPO302 too-large", placed=False),
]  # fmt: skip


@pytest.mark.parametrize("case", LARGE, ids=named)
def test_large_file(case: Case, desk: Path) -> None:
    holds(case, desk)


def test_findings_about_many_rows_are_counted_and_the_first_are_shown(desk: Path) -> None:
    rows = [JANUARY, *(f"2026-02,{index}.5,1,1,final,x" for index in range(300))]
    (desk / "report.csv").write_bytes(report(*rows))
    ran = bpo(*SETTLE.split(), folder=desk)
    survives(ran)
    assert ran.code == CLEAN
    assert ran.err.count("BPO335 not-whole") == 100
    assert "200 more findings are not shown" in ran.err
    assert "301 rows read: 1 accepted, 300 rejected, 0 duplicate." in ran.err


@pytest.mark.parametrize(
    "name", ["report.csv\n", "../report.csv", "/dev/null", "/dev/zero", ".", "a" * 300, "report.parquet"]
)
def test_names_of_files(name: str, desk: Path) -> None:
    ran = bpo("settle", "contract.yaml", name, "--period", "2026-01", "--ledger", "ledger.db", folder=desk)
    survives(ran)
    assert ran.code == BAD_INPUT
    assert "BPO30" in ran.said
