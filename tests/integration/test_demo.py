"""The demonstration runs, again and again; the example data are what they are said to be."""

from __future__ import annotations

import runpy
import shutil
from pathlib import Path

import pytest

from bpo_contracts import load_contract, load_performance, settle_all
from bpo_contracts.audit.verify import verify
from bpo_contracts.cli.demo import main
from bpo_contracts.settlement.settlement import Settlement
from bpo_contracts.stores.sqlite import open_ledger
from bpo_contracts.values.numbers import number_text

EXAMPLES = Path(__file__).parents[2] / "examples"
CENTRE = EXAMPLES / "contact_centre"


def one_example(tmp_path: Path) -> Path:
    """A folder with one small example: three months."""
    folder = tmp_path / "examples" / "service_desk"
    shutil.copytree(EXAMPLES / "service_desk", folder)
    rows = (folder / "performance.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (folder / "performance.csv").write_text("".join(rows[:4]), encoding="utf-8")
    return tmp_path / "examples"


def test_all_examples(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--examples", str(EXAMPLES), "--into", str(tmp_path)]) == 0
    shown = capsys.readouterr().out
    assert shown.count("STATEMENT OF SETTLEMENT") == 48
    assert "48 months of 3 contracts were settled by reference" in shown
    assert "48 records; intact yes, consistent yes, arithmetic yes" in shown
    assert "48 settlements made again from what was sealed; 0 differ" in shown
    for name in ("contact-centre", "regional-airline", "service-desk"):
        assert str(tmp_path / f"{name}.html") in shown
        assert (tmp_path / f"{name}.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    with open_ledger(tmp_path / "settlements.db") as store:
        assert verify(store).records == 48


def test_again_is_the_same_and_git_does_not_see_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--examples", str(one_example(tmp_path)), "--into", str(tmp_path / "demo")]
    shown = []
    for _ in range(2):
        assert main(arguments) == 0
        shown.append((capsys.readouterr().out, (tmp_path / "demo" / "service-desk.html").read_bytes()))
    assert shown[0] == shown[1]
    assert (tmp_path / "demo" / ".gitignore").read_text(encoding="utf-8") == "*\n"


def test_a_broken_contract_ends_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    examples = one_example(tmp_path)
    file = examples / "service_desk" / "contract.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("75 % or more: none", "over 75 %: none"), encoding="utf-8")
    assert main(["--examples", str(examples), "--into", str(tmp_path / "demo")]) == 3
    assert "BPO221 gap-between-rows" in capsys.readouterr().err


def test_a_row_that_cannot_be_used_ends_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    examples = one_example(tmp_path)
    with (examples / "service_desk" / "performance.csv").open("a", encoding="utf-8") as rows:
        rows.write("2016-06,12\n")
    assert main(["--examples", str(examples), "--into", str(tmp_path / "demo")]) == 3
    assert "short-row" in capsys.readouterr().err


def test_without_examples_it_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--examples", str(tmp_path / "nowhere"), "--into", str(tmp_path / "demo")]) == 3
    assert "no-examples" in capsys.readouterr().err
    assert not (tmp_path / "demo").exists()


def test_a_folder_that_cannot_be_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "demo").write_text("a file", encoding="utf-8")
    assert main(["--examples", str(one_example(tmp_path)), "--into", str(tmp_path / "demo")]) == 3
    assert "cannot-write" in capsys.readouterr().err


# --- the generated example ------------------------------------------------------------------------------------------


def test_the_generated_performance_is_what_the_script_makes() -> None:
    made = runpy.run_path(str(CENTRE / "generate.py"))["text"]()
    assert (CENTRE / "performance.csv").read_bytes() == made.encode()


def test_the_script_has_no_floats() -> None:
    text = (CENTRE / "generate.py").read_text(encoding="utf-8")
    assert " / " not in text
    assert "random" not in text


def test_what_the_readme_points_at() -> None:
    settled = {
        one.period.label: one
        for one in settle_all(
            load_contract(CENTRE / "contract.yaml"), load_performance(CENTRE / "performance.csv"), engine="reference"
        )
    }
    assert len(settled) == 24

    def line(month: str, clause: str) -> tuple[str, str, str]:
        found = next(one for one in settled[month].adjustments if one.clause == clause)
        return found.status, found.gross.text, found.amount.text

    # 12 % of 72,417.55 is 8,690.106; the credits before the cap are 40, 30 and 30 % of the double of it.
    assert line("2025-06", "5.2") == ("below minimum", "-6952.08", "-3476.05")
    assert line("2025-06", "5.3") == ("below minimum", "-5214.06", "-2607.03")
    assert settled["2025-06"].totals.adjustments.text == "-8690.11"
    assert _lost(settled["2024-08"]) == "0.01"
    assert line("2025-01", "5.2")[0] == "exceeded"
    assert line("2025-10", "6.1")[0] == "no data"
    assert line("2024-11", "5.4") == ("met", "0.00", "0.00")
    steps = {(step["figure"], step["item"]): step["value"] for step in settled["2024-11"].document["steps"]}
    assert steps["satisfaction.reported", ""] == ""
    assert steps["satisfaction", ""] == "4.29"  # that of October
    assert [month for month, one in settled.items() if one.consequences[0].holds] == ["2025-07"]


def _lost(settlement: Settlement) -> str:
    """What the cap took from the credits of a month."""
    gross = sum(one.gross.amount for one in settlement.adjustments)
    return number_text(settlement.totals.adjustments.amount - gross)


@pytest.mark.parametrize("example", sorted(path.parent.name for path in EXAMPLES.glob("*/contract.yaml")))
def test_every_example_says_where_its_data_come_from(example: str) -> None:
    text = (EXAMPLES / example / "README.md").read_text(encoding="utf-8")
    assert "invented" in text
    assert any(word in text for word in ("generated", "CC BY 4.0", "CC0"))
