"""Numbers that other tools read in different ways, or that take them down: each refused where it stands.

All findings of a document are said at once, so one run holds many bad numbers, each on a line of its own.
"""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import pytest

from .running import BAD_INPUT, CLEAN, FINDINGS, Case, bpo, holds, survives
from .samples import HEADER, VALUES, edited, in_time, priced, with_figures

SETTLE = "settle contract.yaml report.csv --period 2026-01 --ledger ledger.db"

ODD = {
    "1e1000000": "exponent",
    "1E5": "exponent",
    "9" * 17: "too many digits",
    "1." + "1" * 19: "too many digits",
    "9" * 900: "too many digits",
    "1_000": "underscores",
    "0x1F": "hexadecimal",
    "010": "leading zero",
    ".5": "before the point",
    "5.": "after the point",
    "95,5": "decimal comma",
    "1,000.00": "thousands separators",
    "９５": "other than the digits 0-9",
    "٩٥": "other than the digits 0-9",
}
"""Texts that are no numbers in a contract nor in a report, and what is said about them."""

IN_REPORTS = ODD | {
    "NaN": "not a finite number",
    "-Infinity": "not a finite number",
    "\N{MINUS SIGN}5": "other than the digits 0-9",
    "+5": "plus sign",
    "12:30": "time of day",
    "=1+1": "not a number",
    "1/3": "not a number",
    "TRUE": "not a number",
    "null": "missing value",
    "NA": "missing value",
    "95.5 % %": "percent sign",
    "95 minutes": "is in 'minutes'",
    "0.955": "looks like a fraction",
    "101": "outside its range",
    "-1": "outside its range",
}

IN_CONTRACTS = ODD | {
    "NaN": "not a name",
    "12:30": "time of day",
    ".inf": "no meaning",
    "~": "no meaning",
    "+5": "belong",
}


def by_line(said: str, file: str) -> dict[int, str]:
    """The findings of a file by their line."""
    parts = re.split(rf"(?m)^{re.escape(file)}:([0-9]+):[0-9]+: ", said)
    return {int(line): text for line, text in zip(parts[1::2], parts[2::2], strict=True)}


def test_odd_numbers_in_a_contract(tmp_path: Path) -> None:
    figures = "".join(f"  odd_{index}: {text} EUR\n" for index, text in enumerate(IN_CONTRACTS))
    contract = with_figures(figures)
    ran = holds(Case("odd", {"contract.yaml": contract}, "check contract.yaml", FINDINGS, ()), tmp_path)
    found = by_line(ran.said, "contract.yaml")
    first = contract.decode().splitlines().index("figures:") + 2
    for line, (text, says) in enumerate(IN_CONTRACTS.items(), first):
        assert says in found[line], f"{text[:30]}: {found[line]}"


def test_odd_numbers_in_a_report(desk: Path) -> None:
    rows = "".join(f'2026-01,in_time,"{text}"\n' for text in IN_REPORTS)
    content = f"period,measure,value\n2026-01,incidents,1200\n{rows}".encode()
    ran = holds(Case("odd", {"report.csv": content}, SETTLE, BAD_INPUT, ()), desk)
    found = by_line(ran.said, "report.csv")
    for line, (text, says) in enumerate(IN_REPORTS.items(), 3):
        assert says in found[line], f"{text[:30]}: {found[line]}"
    assert f"{len(IN_REPORTS) + 1} rows read: 1 accepted, {len(IN_REPORTS)} rejected, 0 duplicate." in ran.said


def test_a_number_of_a_million_digits_costs_nothing(desk: Path) -> None:
    started = time.process_time()
    holds(Case("long", {"report.csv": in_time("9" * 60_000)}, SETTLE, BAD_INPUT, ("BPO312 unclean-text",)), desk)
    assert time.process_time() - started < 5


def test_a_formula_longer_than_any_is_refused_before_it_is_read(tmp_path: Path) -> None:
    contract = priced("9" * 500_000)
    holds(Case("long", {"contract.yaml": contract}, "check contract.yaml", FINDINGS, ("at most 4096",)), tmp_path)


@pytest.mark.parametrize("text", ["-0", "95.50", "95.5%", "95.5 %", " 95.5"])
def test_what_is_a_number_stays_one(text: str, tmp_path: Path) -> None:
    (tmp_path / "contract.yaml").write_bytes(edited())
    (tmp_path / "report.csv").write_bytes(in_time(text))
    arguments = ["settle", "contract.yaml", "report.csv", "--period", "2026-01", "--format", "json"]
    ran = bpo(*arguments, folder=tmp_path)
    survives(ran)
    assert ran.code == CLEAN, ran.said
    values = {step["figure"]: step["value"] for step in json.loads(ran.out)["steps"]}
    assert values["in_time"] == ("0" if text == "-0" else "95.5")


def test_json_numbers_with_a_point_are_refused(desk: Path) -> None:
    content = b'{"schema": "bpo-contracts/performance/1", "periods": [{"period": "2026-01", "in_time": 95.5}]}'
    command = "settle contract.yaml report.json --period 2026-01 --ledger ledger.db"
    holds(Case("json", {"report.json": content}, command, BAD_INPUT, ("BPO119 json-number", "95.5")), desk)


@pytest.mark.parametrize(
    ("name", "row", "says"),
    [
        ("not whole", "2026-01,12.5,1,1,final,x", "BPO335 not-whole"),
        ("ratio above one", "2026-01,1200,1201,1200,final,x", "BPO329 numerator-above-denominator"),
        ("nothing measured", "2026-01,1200,0,0,final,x", "BPO330 denominator-not-above-zero"),
    ],
    ids=lambda value: value if " " in value and "BPO" not in value and "," not in value else "",
)
def test_numbers_that_contradict_themselves(name: str, row: str, says: str, desk: Path) -> None:
    content = f"{HEADER}\n{row}\n".encode()
    holds(Case(name, {"report.csv": content}, SETTLE, BAD_INPUT, (says, "1 row read: 0 accepted, 1 rejected")), desk)


def test_a_product_that_grows_without_end_is_a_named_error(desk: Path) -> None:
    doubling = "".join(f"  f{i}: f{i - 1} * f{i - 1}\n" for i in range(1, 60))
    contract = with_figures(f"  f0: 1.123456789012345678\n{doubling}")
    contract = contract.replace(b"price: 14.00 EUR per incident", b"price: f59 * 14.00 EUR per incident")
    content = f"{VALUES}2026-01,1200,95.5\n".encode()
    holds(Case("growth", {"contract.yaml": contract, "report.csv": content}, SETTLE, BAD_INPUT,
               ("BPO206 number-too-long",)), desk)  # fmt: skip
