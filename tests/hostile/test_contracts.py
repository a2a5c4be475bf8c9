"""Contracts that are broken or want to do harm: what YAML can do, the structure, the tables, the limits, the size."""

from __future__ import annotations

from pathlib import Path

import pytest

from .running import BAD_INPUT, CLEAN, FINDINGS, Case, bpo, holds, named, survives
from .samples import CONTRACT, PERFORMANCE, edited, titled, with_figures, with_rows

CHECK = "check contract.yaml"


def broken(
    name: str, contract: bytes, code: int, *says: str, silent: tuple[str, ...] = (), placed: bool = True
) -> Case:
    """A contract and what ``check`` says about it."""
    return Case(name, {"contract.yaml": contract}, CHECK, code, says, silent, placed)


def laughs() -> bytes:
    """Nine levels of ten aliases each: a billion texts, if anybody followed them."""
    levels = [f"l{i}: &l{i} [{', '.join([f'*l{i - 1}'] * 10)}]\n" for i in range(1, 10)]
    return ("l0: &l0 [lol]\n" + "".join(levels)).encode()


MACHINERY = [
    broken("billion laughs", laughs(), BAD_INPUT, "BPO111 yaml-anchor", "contract.yaml:1:5"),
    broken("alias", titled("*b"), BAD_INPUT, "BPO111 yaml-anchor", "contract.yaml:3:8"),
    broken("merge key", titled("x\n<<: {a: b}"), BAD_INPUT, "BPO113 merge-key"),
    broken("python tag", titled("!!python/object/apply:os.system ['id']"), BAD_INPUT, "BPO112 yaml-tag", "YAML tag"),
    broken("directive", b"%YAML 1.1\n---\n" + CONTRACT.encode(), BAD_INPUT, "BPO114 yaml-directive"),
    broken("2,000 brackets", b"[" * 2_000, BAD_INPUT, "BPO107 too-deep", "32 levels"),
    broken("50,000 brackets", b"[" * 50_000, BAD_INPUT, "BPO107 too-deep"),
    broken("3,000 maps", b"a: " + b"{a: " * 3_000, BAD_INPUT, "BPO107 too-deep"),
    broken("1 MB list", b"a: [" + b"1," * 500_000 + b"1]\n", BAD_INPUT, "BPO108 too-many-values", "50,000"),
    broken("2 MB", b"# " + b"x" * 2_000_000, BAD_INPUT, "BPO102 document-too-large", placed=False),
    broken("key twice", titled("a\ntitle: b"), BAD_INPUT, "BPO109 duplicate-key", "line 3 and at line 4"),
    broken("two documents", edited() + b"---\na: b\n", BAD_INPUT, "BPO110 several-documents"),
    broken("tab", titled("x\n\tclient: y"), BAD_INPUT, "BPO116 tab", "spaces"),
    broken("empty", b"", BAD_INPUT, "BPO106 empty-document", placed=False),
    broken("comments", b"# nothing\n", BAD_INPUT, "BPO106 empty-document"),
    broken("colon in a text", titled("a: b"), BAD_INPUT, "BPO117 yaml-syntax", "quotes"),
    broken("a list", b"- contract\n", FINDINGS, "BPO140 not-a-contract"),
    Case("no such file", {}, "check nothing.yaml", BAD_INPUT, ("BPO101 file-unreadable",), placed=False),
    Case("a folder", {}, "check .", BAD_INPUT, ("BPO101 file-unreadable",), placed=False),
    Case(
        "a JSON number",
        {"contract.json": b'{"contract": "a", "version": 1.10}'},
        "check contract.json",
        BAD_INPUT,
        ("BPO119 json-number", "1.10 stands without quotes"),
    ),
    Case(
        "JSON 100,000 deep",
        {"contract.json": b'{"a":' * 100_000},
        "check contract.json",
        BAD_INPUT,
        ("BPO107 too-deep",),
    ),
    Case(
        "JSON key twice",
        {"contract.json": b'{"contract": "a",\n "contract": "b"}'},
        "check contract.json",
        BAD_INPUT,
        ("BPO109 duplicate-key", "line 1 and at line 2"),
    ),
]

STRUCTURE = [
    broken("a field misspelt", edited(("at_most: 10", "at_mosst: 10")), FINDINGS, "BPO146", "Did you mean 'at_most'?"),
    broken("a top field misspelt", edited(("rounding:", "roundnig:")), FINDINGS, "BPO146", "Did you mean 'rounding'?"),
    broken("a kind misspelt", edited(("- cap:", "- capp:")), FINDINGS, "BPO144 unknown-kind", "'cap'"),
    broken("an empty clause", edited(("  - cap: credit_cap", "  - {}\n  - cap: credit_cap")), FINDINGS, "BPO144"),
    broken("a kind that is a list", edited(("- cap: credit_cap", "- kind: [a]\n    name: b")), FINDINGS, "BPO144"),
    broken("no clauses", CONTRACT[: CONTRACT.index("clauses:")].encode(), FINDINGS, "BPO141 no-clauses"),
    broken(
        "one clause name twice",
        edited(("service_credit: low_credit", "service_credit: late_credit")),
        FINDINGS,
        "BPO200 name-twice",
        "contract.yaml:49:21",
        "See also contract.yaml:38:21",
    ),
    broken(
        "one name for a measure and a figure",
        edited(("  busy:\n    formula", "  incidents:\n    formula")),
        FINDINGS,
        "BPO200 name-twice",
    ),
    broken("a field for yes or no", edited(('whole: "yes"', "whole: true")), FINDINGS, "BPO147", "'yes'", "'no'"),
    broken("a text where a map belongs", edited(("rounding:\n  lines: half up to 0.01 EUR", "rounding: 2")), FINDINGS),
    broken("a number for a clause", edited(("  - cap: credit_cap", "  - 5\n  - cap: credit_cap")), FINDINGS, "BPO143"),
    broken("undefined", edited(("of: fee", "of: feee")), FINDINGS, "BPO201 unknown-name", "did you mean 'fee'?"),
    broken("circular", edited(("of: fee", "of: late_credit")), FINDINGS, "BPO202", "needs 'late_credit' needs"),
    broken("circular figure", with_figures("  a: b\n  b: a\n"), FINDINGS, "BPO202 depends-on-itself", "'a' needs 'b'"),
    broken("a term that ends first", edited(("2026-12-31", "2025-12-31")), FINDINGS, "BPO148", "before it starts"),
    broken("a currency in small letters", edited(("currency: EUR", "currency: eur")), FINDINGS, "BPO148", "write EUR"),
    broken("no currency", edited(("currency: EUR", "currency: XXX")), FINDINGS, "BPO148", "ISO 4217"),
    broken(
        "yen with two decimals",
        CONTRACT.replace("EUR", "JPY").encode(),
        FINDINGS,
        "BPO154 rounding-finer-than-currency",
        "0.01",
    ),
    broken("a cap below its floor", edited(
        ("- cap:", "- collar:"), ("at_most: 10 % of fee", "at_most: 2 % of fee\n    at_least: 5 % of fee")
    ), FINDINGS, "BPO156 floor-above-cap", "'at_least' lies above 'at_most'"),
    broken("a cap below zero", edited(("at_most: 10 % of fee", "at_most: -10 EUR")), FINDINGS, "BPO156", "below zero"),
    broken("a range upside down", edited(("0 % to 100 %", "100 % to 0 %")), FINDINGS, "BPO155 not-a-range"),
    broken("a range in another unit", edited(("0 % to 100 %", "0 to 100 minutes")), FINDINGS, "BPO155"),
]  # fmt: skip

TABLES = [
    broken("a gap", with_rows("      95 % or more: none\n      under 94 %: 4 %\n"), FINDINGS, "BPO221", "94 %"),
    broken("an overlap", with_rows("      95 % or more: none\n      95 % or less: 4 %\n"), FINDINGS, "BPO222", "95 %"),
    broken("equal ends", with_rows("      5 % or more: none\n      5 % to under 5 %: 1 %\n      under 5 %: 2 %\n"),
           FINDINGS, "BPO223 row-holds-nothing"),
    broken("ends the wrong way", with_rows("      5 % to 2 %: none\n      otherwise: 2 %\n"), FINDINGS, "BPO223"),
    broken("nothing below", with_rows("      95 % or more: none\n      90 % to under 95 %: 4 %\n"), FINDINGS, "BPO224"),
    broken("no row", edited(("table:\n      50 % or more: none\n      under 50 %: 5 %", "table: {}")), FINDINGS),
    broken("a word for a bound", with_rows("      good: none\n      otherwise: 4 %\n"), FINDINGS, "BPO220 unclear-row"),
    broken("a wrong unit", with_rows("      5 hours or more: none\n      otherwise: 4 %\n"), FINDINGS, "BPO231"),
    broken("101 rows", with_rows("".join(f"      {i} % to under {i + 1} %: 1 %\n" for i in range(101))),
           FINDINGS, "BPO274 table-too-long", "101 entries; at most 100"),
    broken("12,000 rows", with_rows("".join(f"      0.{i:05} % or more: 1 %\n" for i in range(12_000))),
           FINDINGS, "BPO274 table-too-long", "12,000"),
    broken("any order", with_rows("      under 9 %: 8 %\n      95 % or more: 0 %\n      9 % to under 95 %: 4 %\n"),
           CLEAN, "no findings"),
]  # fmt: skip


def many_clauses(number: int) -> bytes:
    """The contract with many more clauses."""
    fee = "  - base_fee: fee{0}\n    clause: '9.{0}'\n    words: A fee.\n    amount: 1 EUR\n"
    return CONTRACT.encode() + "".join(fee.format(i) for i in range(number)).encode()


def many_lots() -> bytes:
    """Five scopes of 60 lots each, and a measure for each combination: 777,600,000 of them."""
    scopes = "".join(f"  s{i}: [{', '.join(f'v{j}' for j in range(60))}]\n" for i in range(5))
    return edited(("measures:\n", f"scopes:\n{scopes}measures:\n"), ("    unit: incidents\n",
                  "    unit: incidents\n    for_each: [s0, s1, s2, s3, s4]\n"))  # fmt: skip


def many_amendments(number: int) -> bytes:
    """The contract with an amendment for each of many days."""
    one = "  - effective_on: 2026-02-{0:02}\n    clause: 'A{0}'\n    words: More.\n    change: {{title: t}}\n"
    return CONTRACT.encode() + b"amendments:\n" + "".join(one.format(i % 28 + 1) for i in range(number)).encode()


COUNTS = [
    broken("24,000 unknown fields", edited() + b"".join(b"k%d: 1\n" % i for i in range(24_000)),
           FINDINGS, "BPO146 unknown-field", "BPO121 too-many-problems", "24,000"),
    broken("24,000 unknown fields in a clause", edited() + b"".join(b"    k%d: 1\n" % i for i in range(24_000)),
           FINDINGS, "BPO146 unknown-field", "BPO121 too-many-problems"),
    broken("16,000 measures that are none", edited(("measures:\n", "measures:\n" + "".join(
        f"  m{i}: a\n" for i in range(16_000)))), FINDINGS, "BPO121 too-many-problems"),
    broken("8,000 unknown names", with_figures("".join(f"  f{i}: z{i}\n" for i in range(8_000))),
           FINDINGS, "BPO201 unknown-name"),
    broken("3,000 figures in a chain", with_figures("".join(f"  f{i}: f{i + 1} + 1 EUR\n" for i in range(3_000))
           + "  f3000: 1 EUR\n"), CLEAN, "no findings"),
    broken("501 clauses", many_clauses(497), FINDINGS, "BPO142 too-many-clauses", "501 clauses; at most 500"),
    broken("a combination of too many lots", many_lots(), FINDINGS, "BPO153 too-many-lots", "777,600,000"),
    broken("200 amendments", many_amendments(200), FINDINGS, "BPO274", "200 entries; at most 100"),
    broken("a unit to the 40th power", with_figures("  a: " + " * ".join(["incidents"] * 40) + "\n"), FINDINGS,
           "BPO230", "more than 16 times"),
]  # fmt: skip

CASES = [*MACHINERY, *STRUCTURE, *TABLES, *COUNTS]


@pytest.mark.parametrize("case", CASES, ids=named)
def test_contract(case: Case, tmp_path: Path) -> None:
    holds(case, tmp_path)


@pytest.mark.parametrize("case", [MACHINERY[0], MACHINERY[5], STRUCTURE[0], TABLES[0]], ids=named)
def test_nothing_is_settled_by_a_broken_contract(case: Case, desk: Path) -> None:
    files = case.files if not callable(case.files) else case.files()
    command = "settle contract.yaml report.csv --all --ledger ledger.db"
    holds(Case(case.name, files, command, BAD_INPUT, case.says, placed=case.placed), desk)


@pytest.mark.parametrize("text", ["NO", "on", "~", "0x1F", "010", "1_000", "12:30:45", "2026-01-01", ".inf", "null"])
def test_what_is_written_is_what_is_read(text: str, tmp_path: Path) -> None:
    (tmp_path / "contract.yaml").write_bytes(titled(text))
    (tmp_path / "report.csv").write_text(PERFORMANCE)
    ran = bpo("settle", "contract.yaml", "report.csv", "--period", "2026-01", folder=tmp_path)
    survives(ran)
    assert ran.code == CLEAN
    assert ran.out.splitlines()[1] == text


def test_a_version_of_1_10_is_not_1_1(tmp_path: Path) -> None:
    (tmp_path / "contract.yaml").write_bytes(edited(('version: "1"', "version: 1.10")))
    ran = bpo("check", "contract.yaml", folder=tmp_path)
    survives(ran)
    assert "contract desk version 1.10:" in ran.out
