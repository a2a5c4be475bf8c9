"""Performance JSON says what the CSV layouts say, and several files are one report."""

from __future__ import annotations

import hashlib
import itertools
from pathlib import Path

import pytest

from bpo_contracts.formats.performance import load_performance, read_performance
from bpo_contracts.performance.report import Counts
from bpo_contracts.values.findings import BadInput, Finding

START = '{"schema": "bpo-contracts/performance/1",\n'


def refused(text: str) -> list[Finding]:
    with pytest.raises(BadInput) as caught:
        read_performance(text.encode(), "march.json")
    return list(caught.value.findings)


def test_rows_of_all_three_kinds_are_read() -> None:
    text = START + (
        '"measurements": [{"period": "2026-03", "measure": "calls", "value": 12, "source": ""}],\n'
        '"periods": [{"period": "2026-03", "aht": "30.5"}],\n'
        '"items": [{"period": "2026-03", "list": "outages", "item": "00012"}]}\n'
    )
    report = read_performance(text.encode(), "march.json")
    assert [(row.layout, [(name, cell.text) for name, cell in row.cells]) for row in report.rows] == [
        ("long", [("period", "2026-03"), ("measure", "calls"), ("value", "12")]),
        ("wide", [("period", "2026-03"), ("aht", "30.5")]),
        ("items", [("period", "2026-03"), ("list", "outages"), ("item", "00012")]),
    ]
    assert str(report.rows[0].cells[2][1].place) == "march.json:2:69"
    assert report.files[0].sha256 == hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("[]\n", ["BPO308 1:1"]),
        ('{"measurements": []}\n', ["BPO308 1:1"]),
        ('{"schema": "bpo-contracts/contract/1"}\n', ["BPO308 1:12"]),
        (START + '"measurments": [], "periods": {}}\n', ["BPO308 2:1", "BPO308 2:31"]),
        (START + '"periods": []}\n', ["BPO307 1:1"]),
        (START + '"periods": [{"period": "2026-03", "aht": 30.5, "nps": 1e2}]}\n', ["BPO119 2:42", "BPO119 2:55"]),
        (START + '"periods": [{"period": "2026-03", "aht": "1", "aht": "2"}]}\n', ["BPO109 2:47"]),
        (START + '"periods": [{"period": "2026-03", "aht": null}]}\n', ["BPO120 2:42"]),
        (START + '"periods": [', ["BPO118 2:13"]),
    ],
)
def test_a_document_that_is_no_report_is_refused(text: str, place: list[str]) -> None:
    told = [f"{finding.code} {finding.source.line}:{finding.source.column}" for finding in refused(text)]
    assert told == place


def test_a_misspelt_field_is_answered_with_the_right_name() -> None:
    (finding,) = refused(START + '"measurments": []}\n')
    assert finding.next_step == "Did you mean measurements?"


def test_a_bad_row_is_set_aside_and_the_rest_goes_on() -> None:
    text = START + (
        '"periods": [{"period": "2026-03", "aht": true},\n'
        '{"period": "2026-03", "aht": ["1"]},\n'
        '"2026-03",\n'
        "{},\n"
        '{"aht": "1"},\n'
        '{"period": "2026-03", "aht": "1"}]}\n'
    )
    report = read_performance(text.encode(), "march.json")
    told = [f"{finding.code} {finding.source.line}" for row in report.rejected for finding in row.findings]
    assert told == ["BPO318 2", "BPO318 3", "BPO318 4", "BPO315 5", "BPO316 6"]
    assert report.counts == Counts(read=6, accepted=1, rejected=5, duplicate=0)


def test_the_order_of_files_does_not_matter_and_a_file_twice_adds_nothing(tmp_path: Path) -> None:
    texts = {
        "a.csv": "period,calls\n2026-03,1\nMarch,2\n",
        "b.json": START + '"periods": [{"period": "2026-03", "calls": 1}]}\n',
        "copy.csv": "period,calls\n2026-03,1\nMarch,2\n",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8", newline="")
    paths = [tmp_path / name for name in texts]
    reports = {load_performance(*order) for order in itertools.permutations([*paths, paths[0]])}
    assert len(reports) == 1
    report = reports.pop()
    assert report.counts == Counts(read=7, accepted=2, rejected=1, duplicate=4)
    assert [Path(file.name).name for file in report.files] == ["a.csv", "a.csv", "b.json", "copy.csv"]


def test_the_findings_of_all_files_are_raised_together(tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_bytes(b"period;calls\n")
    with pytest.raises(BadInput) as caught:
        load_performance(tmp_path / "bad.csv", tmp_path / "none.csv", tmp_path, "a\x00b.csv")
    codes = sorted(finding.code for finding in caught.value.findings)
    assert codes == ["BPO300", "BPO300", "BPO300", "BPO306", "BPO307"]


def test_rows_that_are_not_accounted_for_are_a_fault_of_the_program() -> None:
    with pytest.raises(ValueError, match="unaccounted"):
        Counts(read=3, accepted=1, rejected=0, duplicate=1)
