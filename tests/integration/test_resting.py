"""A revision of one month leaves later months settled on what stood before: every command that sees it says so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.unit.clauses.making import HEAD, contract_text

from bpo_contracts.cli.main import main

CLAUSE = "- base_fee: f\n  clause: '1'\n  words: w\n  amount: {amount}\n"
BACK = "figures:\n  total: sum of fee over this quarter to date\n"


def settle(folder: Path, fees: str, *periods: str, looks_back: bool = True) -> list[int]:
    text = contract_text(
        CLAUSE.format(amount="total" if looks_back else "fee"), more=BACK if looks_back else "", head=HEAD
    )
    (folder / "c.yaml").write_text(text, encoding="utf-8")
    rows = "".join(f"2026-0{at},fee,{fee}\n" for at, fee in enumerate(fees.split(), 4))
    (folder / "p.csv").write_text(f"period,measure,value\n{rows}", encoding="utf-8")
    common = ["settle", str(folder / "c.yaml"), str(folder / "p.csv"), "--ledger", str(folder / "l.db")]
    return [
        main([*common, "--output", str(folder / "o.txt"), *(["--period", one] if one else ["--all"])])
        for one in periods
    ]


def said(capsys: pytest.CaptureFixture[str]) -> list[str]:
    out, err = capsys.readouterr()
    return [line for line in (out + err).splitlines() if "as they stood then" in line]


def test_every_command_that_sees_it_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ledger = str(tmp_path / "l.db")
    assert settle(tmp_path, "1549.85 0 12.50", "") == [0]
    assert main(["verify", ledger]) == 0
    assert said(capsys) == []

    assert settle(tmp_path, "1500 0 12.50", "2026-04") == [0]
    stood = "settled on earlier periods as they stood then, and one of these has been settled since"
    both = f"2026-05, 2026-06 were {stood}; settle them again."
    assert said(capsys) == [f"{ledger}: {both}"]
    assert main(["verify", ledger]) == 0
    assert said(capsys) == [f"small: {both}"]
    assert main(["explain", ledger, "--period", "2026-06"]) == 0
    june = "2026-06 was settled on earlier periods as they stood then, and one of these has been settled since; settle it again."
    assert said(capsys) == [f"{ledger}: {june}"]
    assert main(["explain", ledger, "--period", "2026-04"]) == 0
    assert said(capsys) == []

    assert settle(tmp_path, "1500 0 12.50", "2026-05", "2026-06") == [0, 0]
    assert said(capsys) == [f"{ledger}: {june}"]
    assert main(["verify", ledger]) == 0
    assert main(["replay", ledger]) == 0
    assert said(capsys) == []


def test_months_that_do_not_look_back_stay_as_they_are(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert settle(tmp_path, "1549.85 0", "", looks_back=False) == [0]
    assert settle(tmp_path, "1500 0", "2026-04", looks_back=False) == [0]
    assert main(["verify", str(tmp_path / "l.db")]) == 0
    assert said(capsys) == []


def test_earlier_months_that_the_ledger_lacks_are_sealed_with_the_month(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """They are settled in passing, and so it can be replayed; once they are settled themselves, by other facts, it is said."""
    ledger = str(tmp_path / "l.db")
    assert settle(tmp_path, "1549.85 0 12.50", "2026-05") == [0]
    assert (
        main(["replay", ledger, "--contract", str(tmp_path / "c.yaml"), "--performance", str(tmp_path / "p.csv")]) == 0
    )
    assert main(["verify", ledger]) == 0
    assert said(capsys) == []
    assert settle(tmp_path, "1500 0 12.50", "2026-04") == [0]
    may = "2026-05 was settled on earlier periods as they stood then, and one of these has been settled since; settle it again."
    assert said(capsys) == [f"{ledger}: {may}"]
    assert main(["verify", ledger]) == main(["replay", ledger]) == 0
    assert said(capsys) == [f"small: {may}"]
    assert settle(tmp_path, "1500 0 12.50", "2026-05") == [0]
    assert main(["verify", ledger]) == main(["replay", ledger]) == 0
    assert said(capsys) == []


def test_what_rests_on_a_provisional_month_is_provisional(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = contract_text(CLAUSE.format(amount="total"), more=BACK, head=HEAD)
    (tmp_path / "c.yaml").write_text(text, encoding="utf-8")
    rows = "2026-04,fee,1,provisional\n2026-05,fee,2,\n2026-07,fee,3,\n"
    (tmp_path / "p.csv").write_text(f"period,measure,value,status\n{rows}", encoding="utf-8")
    settling = ["settle", str(tmp_path / "c.yaml"), str(tmp_path / "p.csv"), "--all", "--format", "json"]
    for more in ([], ["--ledger", str(tmp_path / "l.db")]):
        assert main([*settling, *more]) == 0
        statuses = re.findall(r'"status": ?"(provisional|final)"', capsys.readouterr().out)
        assert statuses == ["provisional", "provisional", "final"]  # July begins another quarter


def test_a_later_amendment_is_no_difference_for_the_months_before_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ledger, contract = str(tmp_path / "l.db"), tmp_path / "c.yaml"
    assert settle(tmp_path, "1500 0", "", looks_back=False) == [0]
    signed = contract.read_text(encoding="utf-8")

    def compared(text: str) -> int:
        contract.write_text(text, encoding="utf-8")
        return main(["replay", ledger, "--contract", str(contract)])

    change = "amendments: [{effective_on: 2026-0%s-01, clause: A, words: w, change: {clauses/f/amount: 5 EUR}}]\n"
    assert compared(signed + change % 6) == 0
    capsys.readouterr()
    assert compared(signed + change % 5) == 1
    assert "record 2 (2026-05, revision 1): contract/amendments" in capsys.readouterr().out
    assert compared(signed.replace("provider: Provider", "provider: Another")) == 1


def test_a_changed_month_that_is_looked_back_at_stops_the_settlement(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert settle(tmp_path, "5 0", "2026-04") == [0]
    ledger = tmp_path / "l.db"
    content = bytearray(ledger.read_bytes())
    content[content.index(b'"value":"5"', content.index(b'"figure":"fee"')) + 9] = ord("6")
    ledger.write_bytes(bytes(content))
    assert settle(tmp_path, "5 0", "2026-05") == [4]
    assert "record 1 is not what was sealed" in capsys.readouterr().err


def test_what_was_taken_back_is_the_answer_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert settle(tmp_path, "5", "2026-04") == settle(tmp_path, "6", "2026-04") == [0]
    common = ["settle", str(tmp_path / "c.yaml"), str(tmp_path / "p.csv"), "--ledger", str(tmp_path / "l.db")]
    (tmp_path / "p.csv").write_text("period,measure,value\n2026-04,fee,5\n", encoding="utf-8")
    assert main([*common, "--all", "--restore"]) == 0
    capsys.readouterr()
    for more in (["--all"], ["--period", "2026-04"], ["--all", "--restore"]):
        assert main([*common, *more]) == 0
        assert "already kept as record 3, revision 3" in capsys.readouterr().err


@pytest.mark.parametrize("row", ["2026-04,other,6", "what,,", "2026-04,total 5,"])
def test_a_row_that_leaves_a_month_in_doubt_is_sealed_as_doubt(
    row: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is replayed as provisional; once the row is gone, the month is settled anew."""
    assert settle(tmp_path, "5 0", "2026-05") == [0]
    report, ledger = tmp_path / "p.csv", str(tmp_path / "new.db")
    clean = report.read_text(encoding="utf-8")
    common = ["settle", str(tmp_path / "c.yaml"), str(report), "--ledger", ledger, "--format", "json", "--period"]

    def status(text: str, period: str) -> str:
        report.write_text(text, encoding="utf-8")
        capsys.readouterr()
        assert main([*common, period]) == 0
        return str(re.findall(r'"status": ?"(provisional|final)"', capsys.readouterr().out)[0])

    assert status(f"{clean}{row}\n", "2026-05") == "provisional"  # April is settled in passing
    assert status(f"{clean}{row}\n", "2026-04") == "provisional"
    assert main(["replay", ledger, "--contract", str(tmp_path / "c.yaml"), "--performance", str(report)]) == 0
    assert status(clean, "2026-04") == status(clean, "2026-05") == "final"
    assert status(f"{clean}\n,,\n", "2026-04") == "final"  # an empty row says nothing
    assert main(["replay", ledger]) == main(["verify", ledger]) == 0
