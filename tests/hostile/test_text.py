"""Text: encodings, characters nobody sees, names that look alike, names that are paths, words for a terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from .running import BAD_INPUT, CLEAN, FINDINGS, USAGE, Case, bpo, holds, named, survives
from .samples import CONTRACT, PERFORMANCE, edited, report, titled
from .test_numbers import SETTLE

CHECK = "check contract.yaml"


def contract(name: str, content: bytes, code: int, *says: str) -> Case:
    return Case(name, {"contract.yaml": content}, CHECK, code, says)


def called(name: str) -> bytes:
    return edited(("contract: desk\n", f"contract: {name}\n"))


CASES = [
    contract("UTF-16", CONTRACT.encode("utf-16"), BAD_INPUT, "BPO103 not-utf-8", "byte offset 0"),
    contract("Latin-1", titled("Dépannage").decode().encode("latin-1"), BAD_INPUT, "BPO103", "byte offset 36"),
    contract("NUL", titled("a\0b"), BAD_INPUT, "BPO104 hidden-character", "U+0000"),
    contract("half a character", titled("x").replace(b"title: x", b"title: \xed\xa0\x80"), BAD_INPUT, "BPO103"),
    contract("half a character escaped", titled(r'"\ud800"'), BAD_INPUT, "BPO117"),
    contract("right to left", titled("a\u202eb"), BAD_INPUT, "BPO104", "U+202E"),
    contract("right to left escaped", titled(r'"a\u202eb"'), BAD_INPUT, "BPO104", "U+202E"),
    contract("zero width", titled("a\u200bb"), BAD_INPUT, "BPO104", "U+200B"),
    contract("letters in parts", titled("e\u0301"), BAD_INPUT, "BPO105 text-not-composed"),
    contract("terminal colours", titled(r'"\e[31mred"'), BAD_INPUT, "BPO104", "U+001B"),
    contract("a heap of accents", titled("e" + "\u0316" * 100_000), BAD_INPUT, "BPO105"),
    contract("a name with a Cyrillic letter", called("dеsk"), FINDINGS, "BPO148", "not an identifier"),
    contract("a name in full width", called("ｄｅｓｋ"), FINDINGS, "BPO148", "not an identifier"),
    contract("a name that is a path", called("../../x"), FINDINGS, "BPO148", "not an identifier"),
    contract("a name with two points", called("a..b"), FINDINGS, "BPO148", "not an identifier"),
    contract("a name for a shell", called("$(id)"), FINDINGS, "BPO148", "not an identifier"),
    contract("a name with a line break", called(r'"a\nb"'), FINDINGS, "BPO148", "'a\\nb' is not an identifier"),
    contract("a name of 65 letters", called("a" * 65), FINDINGS, "BPO148", "1 to 64"),
    contract("a word of formulas for a name", edited(("  busy:\n", "  otherwise:\n")), FINDINGS, "BPO148", "a word of"),
    contract("a clause number of two lines", edited(('clause: "4.3"', r'clause: "4.3\nNET AMOUNT 0.00"')), FINDINGS,
             "BPO152 not-a-clause-number"),
    contract("a clause number of 300 letters", edited(('clause: "4.3"', f'clause: "{"4" * 300}"')), FINDINGS,
             "BPO152 not-a-clause-number"),
    contract("clause numbers that look alike", edited(('clause: "4.2"', 'clause: "4.１"')), FINDINGS,
             "BPO151 look-alike-names", "See also contract.yaml:39:13"),
    contract("lots that look alike", edited(("measures:\n", "scopes:\n  site: [Leeds, leeds]\nmeasures:\n")), FINDINGS,
             "BPO151 look-alike-names", "'Leeds' and 'leeds'"),
    contract("5,000 letters", edited(("words: Credits of", f"words: {'x' * 5_000}")), FINDINGS, "at most 4000"),
    contract("an unusual number for a clause", edited(('clause: "4.3"', 'clause: "4.³ (a)"')), CLEAN, "no findings"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=named)
def test_text(case: Case, tmp_path: Path) -> None:
    holds(case, tmp_path)


RESERVED = [
    "contract", "denominator", "item", "list", "measure", "note", "numerator", "sample", "source", "status", "value",
]  # fmt: skip


def test_names_of_report_columns_are_no_names_of_scopes_or_columns(tmp_path: Path) -> None:
    scopes = "scopes:\n" + "".join(f"  {name}: [a, b]\n" for name in RESERVED)
    lists = "lists:\n  tickets:\n    missing: none happened\n    columns:\n"
    lists += "".join(f"      {name}: word\n" for name in [*RESERVED, "period"])
    content = edited(("measures:\n", f"{scopes}{lists}measures:\n"))
    says = ("BPO150 name-of-a-report-column", f"{2 * len(RESERVED) + 1} findings")
    holds(contract("reserved", content, FINDINGS, *says), tmp_path)


def test_period_is_no_name_of_a_scope(tmp_path: Path) -> None:
    content = edited(("measures:\n", "scopes:\n  period: [a, b]\nmeasures:\n"))
    holds(contract("period", content, FINDINGS, "'period' is a word of the formula language"), tmp_path)


def test_unusual_but_visible_words_are_allowed(tmp_path: Path) -> None:
    words = "Größe ≥ 95 %, 日本語, 😀, ﷽, Ελληνικά"
    (tmp_path / "contract.yaml").write_bytes(titled(f'"{words}"'))
    (tmp_path / "report.csv").write_text(PERFORMANCE)
    ran = bpo("settle", "contract.yaml", "report.csv", "--period", "2026-01", folder=tmp_path)
    survives(ran)
    assert ran.code == CLEAN, ran.said
    assert words in ran.out


def test_a_title_of_several_lines_forges_no_line_of_a_statement(tmp_path: Path) -> None:
    (tmp_path / "contract.yaml").write_bytes(titled(r'"Desk\n\nNET AMOUNT                   EUR 0.00"'))
    (tmp_path / "report.csv").write_text(PERFORMANCE)
    ran = bpo("settle", "contract.yaml", "report.csv", "--period", "2026-01", folder=tmp_path)
    survives(ran)
    assert [line for line in ran.out.splitlines() if line.startswith("NET AMOUNT")] == [
        line for line in ran.out.splitlines() if line.startswith("NET AMOUNT") and "0.00" not in line.split()
    ]


REPORTS = [
    ("right to left", report("2026-01,1200,1120,1200,final,a\u202eb"), "BPO312 unclean-text"),
    ("terminal colours", report("2026-01,1200,1120,1200,\x1b[31mfinal,x"), "BPO312 unclean-text"),
    ("NUL", report("2026-01,1200,1120,1200,final,a\0b"), "byte offset"),
    ("Latin-1", report("2026-01,1200,1120,1200,final,é").decode().encode("latin-1"), "byte offset"),
    ("UTF-16", PERFORMANCE.encode("utf-16"), "byte offset 0"),
    ("look-alike column", PERFORMANCE.replace("incidents", "incіdents").encode(), "Did you mean incidents?"),
]


@pytest.mark.parametrize(("name", "content", "says"), REPORTS, ids=[name for name, _, _ in REPORTS])
def test_text_of_a_report(name: str, content: bytes, says: str, desk: Path) -> None:
    holds(Case(name, {"report.csv": content}, SETTLE, BAD_INPUT, (says,)), desk)


def test_a_file_name_steers_no_terminal(tmp_path: Path) -> None:
    name = "a\x1b[2Jb\u202ec.yaml"
    (tmp_path / name).write_bytes(titled("*b"))
    for command in (["check", name], ["check", name + "x"], ["settle", name, name, "--period", name, "--format", "x"]):
        ran = bpo(*command, folder=tmp_path)
        survives(ran)
        assert ran.code == (USAGE if command[0] == "settle" else BAD_INPUT)
