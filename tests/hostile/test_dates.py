"""Days and periods: one way to write each, and only those that exist."""

from __future__ import annotations

from pathlib import Path

import pytest

from .running import BAD_INPUT, FINDINGS, Case, holds
from .samples import HEADER, edited
from .test_numbers import SETTLE, by_line

PERIODS = [
    "2026-13", "2026-1", "01/2026", "202601", "2026-02-30", "31/01/2026", "0", "86400", "2026-01T00:00:00Z", "1989-12",
    "2200-01", "２０２６-01", "Jan 2026", "2026-Q5", "2026-W05", "NOW",
]  # fmt: skip
DAYS = {
    "2026-02-30": "does not exist",
    "31/01/2026": "write it as YYYY-MM-DD",
    "20260131": "write it as YYYY-MM-DD",
    "2026-1-5": "write it as YYYY-MM-DD",
    "0": "write it as YYYY-MM-DD",
    "2026-01-31T00:00:00Z": "write it as YYYY-MM-DD",
    "9999-12-31": "outside 1990 to 2199",
}


@pytest.mark.parametrize("text", DAYS)
def test_a_day_of_a_contract(text: str, tmp_path: Path) -> None:
    contract = edited(("ends_on: 2026-12-31", f"ends_on: {text}"))
    says = ("BPO148 field-refused", "contract.yaml:9:12: ", DAYS[text])
    holds(Case(text, {"contract.yaml": contract}, "check contract.yaml", FINDINGS, says), tmp_path)


def test_the_period_of_a_row(desk: Path) -> None:
    rows = "".join(f"{text},1200,1120,1200,final,x\n" for text in PERIODS)
    ran = holds(Case("periods", {"report.csv": f"{HEADER}\n{rows}".encode()}, SETTLE, BAD_INPUT, ()), desk)
    found = by_line(ran.said, "report.csv")
    for line, text in enumerate(PERIODS, 2):
        assert "BPO313 not-a-period" in found[line], text
    assert f"{len(PERIODS)} rows read: 0 accepted, {len(PERIODS)} rejected, 0 duplicate." in ran.said


@pytest.mark.parametrize("period", ["2026-13", "2026-Q1", "2025-12", "2027-01", "../../x"])
def test_the_period_that_is_asked_for(period: str, desk: Path) -> None:
    command = f"settle contract.yaml report.csv --period {period} --ledger ledger.db"
    code = "BPO400" if period[-2:] in ("Q1", "12", "01") else "BPO406"
    holds(Case(period, {}, command, BAD_INPUT, (code,), placed=code == "BPO400"), desk)


LISTED = """\
lists:
  outages:
    columns:
      begin: instant
      done_on: day
    missing: none happened
figures:
"""


def test_instants_and_days_of_items(desk: Path) -> None:
    contract = edited(("figures:\n", LISTED))
    rows = [
        "2026-01,outages,a,2026-01-05T10:00:00,2026-01-05",
        "2026-01,outages,b,2026-01-05T10:00+01:00:99,2026-01-05",
        "2026-01,outages,c,2026-01-05T25:00:00Z,2026-01-05",
        "2026-01,outages,d,2026-01-05T10:00:00Z,2026-02-30",
        "2026-01,outages,e,2026-01-05T10:00:60Z,2026-01-05",
    ]
    items = "period,list,item,begin,done_on\n" + "".join(f"{row}\n" for row in rows)
    command = "settle contract.yaml report.csv items.csv --period 2026-01 --ledger ledger.db"
    files = {"contract.yaml": contract, "items.csv": items.encode()}
    found = by_line(holds(Case("instants", files, command, BAD_INPUT, ()), desk).said, "items.csv")
    for line, code in enumerate(["BPO339", "BPO339", "BPO339", "BPO338", "BPO339"], 2):
        assert code in found[line], rows[line - 2]
