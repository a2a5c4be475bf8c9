"""Words that are quoted beside an amount are those in force; and of several revisions the one that is asked for is explained."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.unit.clauses.making import PLAIN_HEAD

from bpo_contracts import BadInput, load_contract, load_performance, settle, settle_all
from bpo_contracts.cli.main import main
from bpo_contracts.services.describing import describe_contract
from bpo_contracts.services.hinting import hints

CONTRACT = (
    PLAIN_HEAD
    + """\
measures:
  calls: {unit: calls, direction: neutral, precision: unrounded, missing: refuse}
clauses:
  - base_fee: fee
    clause: "2.1"
    words: The Client pays EUR 48,000.00 for each month.
    amount: 48000.00 EUR
  - transaction_charge: call_fee
    clause: "2.2"
    words: EUR 1.00 for each call.
    measure: calls
    price: 1.00 EUR per call
amendments:
  - effective_on: 2026-07-01
    clause: Amendment 1
    words: From 1 July 2026 the monthly fee is EUR 49,500.00 and a call EUR 2.00.
    change:
      clauses/fee/amount: 49500.00 EUR
      clauses/call_fee/price: 2.00 EUR per call
      clauses/call_fee/words: EUR 2.00 for each call.
"""
)
BEFORE = "words of before the amendment of 2026-07-01"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "contract.yaml").write_text(CONTRACT, encoding="utf-8")
    for name, calls in (("first.csv", 10), ("second.csv", 11)):
        (tmp_path / name).write_text(f"period,calls\n2026-06,10\n2026-07,{calls}\n", encoding="utf-8")
    return tmp_path


def explained(files: Path, capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, str, str]:
    capsys.readouterr()
    code = main(["explain", str(files / "ledger.db"), *options])
    said = capsys.readouterr()
    return code, " ".join(said.out.split()), said.err


def kept(files: Path, report: str, *which: str) -> None:
    ledger, output = str(files / "ledger.db"), str(files / "statement.txt")
    run = ["settle", str(files / "contract.yaml"), str(files / report), *which, "--ledger", ledger, "--output", output]
    assert main(run) == 0


def test_a_trail_quotes_the_words_in_force(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept(files, "first.csv", "--all")
    _, june, _ = explained(files, capsys, "--period", "2026-06")
    assert "48000.00 EUR" in june
    assert '"EUR 1.00 for each call."' in june
    assert BEFORE not in june
    _, july, _ = explained(files, capsys, "--period", "2026-07")
    assert "49500.00 EUR" in july
    assert f"for each month. [These are the {BEFORE}. Amendment 1: From 1 July 2026 the monthly fee" in july
    assert '"EUR 2.00 for each call."' in july
    assert july.count(BEFORE) == 1


def test_a_statement_does_the_same(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for period, count in (("2026-06", 0), ("2026-07", 1)):
        capsys.readouterr()
        run = ["settle", str(files / "contract.yaml"), str(files / "first.csv"), "--period", period, "--format", "html"]
        assert main(run) == 0
        assert capsys.readouterr().out.count(BEFORE) == count


def test_a_contract_is_explained_with_what_each_amendment_changes(files: Path) -> None:
    contract = load_contract(files / "contract.yaml")
    assert hints(contract) == ()
    signed, _, amended = " ".join(describe_contract(contract).split()).partition("From 2026-07-01, Amendment 1:")
    assert "Amount: 48000.00 EUR" in signed
    assert BEFORE not in signed
    assert "Amount: 49500.00 EUR" in amended
    assert amended.count(BEFORE) == 1
    assert "calls × 2.00 EUR per call" in amended
    one = describe_contract(contract, "2.2")
    assert "49500.00" not in one
    assert "2.00 EUR per call" in one


def test_the_revision_that_is_asked_for_is_explained(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept(files, "first.csv", "--all")
    code, _, err = explained(files, capsys, "--period", "2026-07")
    assert (code, err) == (0, "")
    kept(files, "second.csv", "--period", "2026-07")
    code, latest, err = explained(files, capsys, "--period", "2026-07", "--clause", "2.2")
    assert code == 0
    assert "call fee: 22.00 EUR" in latest
    assert "2026-07 has 2 revisions; this is revision 2, the latest. The others: --revision 1." in err
    code, first, err = explained(files, capsys, "--period", "2026-07", "--clause", "2.2", "--revision", "1")
    assert code == 0
    assert "call fee: 20.00 EUR" in first
    assert "this is revision 1, superseded by revision 2" in err
    code, out, err = explained(files, capsys, "--period", "2026-07", "--revision", "3")
    assert (code, out) == (3, "")
    assert "BPO582 no-such-revision" in err
    assert "kept are: 1, 2" in err


def test_a_path_instead_of_a_document_is_answered_with_how_it_is_read(files: Path) -> None:
    contract, report = load_contract(files / "contract.yaml"), load_performance(files / "first.csv")
    with pytest.raises(TypeError, match=r"load_performance\('first\.csv'\)"):
        settle(contract, "first.csv", period="2026-06")  # type: ignore[arg-type]  # the mistake that is answered
    with pytest.raises(TypeError, match=r"load_performance\('first\.csv'\)"):
        settle_all(contract, "first.csv")  # type: ignore[arg-type]  # as above
    with pytest.raises(TypeError, match=r"load_contract\('contract\.yaml'\)"):
        settle("contract.yaml", report, period="2026-06")  # type: ignore[arg-type]  # as above
    with pytest.raises(BadInput) as bad:
        settle(contract, report, period="June")
    assert str(bad.value).startswith("period=June: BPO406")


def test_a_period_that_is_none_is_shown_where_it_was_given(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["settle", str(files / "contract.yaml"), str(files / "first.csv"), "--period", "June"]) == 3
    err = capsys.readouterr().err
    assert err.startswith("--period June: BPO406 not-a-period\n")
    assert "settles every month: write a period as 2026-01" in err
