"""Performance CSV: what is refused as a whole, what is set aside, and that no line is ever lost."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpo_contracts.formats.performance import load_performance, read_performance
from bpo_contracts.formats.performance_csv import NotClosed, StrayQuote, split_line
from bpo_contracts.performance.report import PerformanceReport
from bpo_contracts.values.findings import BadInput, Finding

HEADER = "period,measure,value,source\n"


def refused(content: bytes | str, file: str = "march.csv") -> tuple[Finding, ...]:
    with pytest.raises(BadInput) as caught:
        read_performance(content.encode() if isinstance(content, str) else content, file)
    return caught.value.findings


def told(findings: tuple[Finding, ...]) -> list[str]:
    return [f"{finding.code} {finding.source.line}:{finding.source.column}" for finding in findings]


def read(text: str) -> PerformanceReport:
    return read_performance(text.encode(), "march.csv")


BAD_FILES: dict[str, tuple[bytes, str, str]] = {
    "empty": (b"", "BPO307 0:0", "empty"),
    "blank lines only": (b"\n\r\n\n", "BPO307 0:0", "empty"),
    "header only": (b"period,calls\n", "BPO307 1:1", "no rows"),
    "no final newline": (b"period,calls\n2026-03,12", "BPO303 2:10", "cut off"),
    "carriage returns alone": (b"period,calls\r2026-03,12\r", "BPO304 1:13", "carriage returns"),
    "semicolons": (b"period;calls\n2026-03;12\n", "BPO306 1:1", "semicolons"),
    "tabs": (b"period\tcalls\n2026-03\t12\n", "BPO306 1:1", "tabs"),
    "no period column": (b"month,calls\n2026-03,12\n", "BPO306 1:1", "no column period"),
    "capital letters": (b"Period,calls\n2026-03,12\n", "BPO306 1:1", "no column period"),
    "column without a name": (b"period,calls,\n2026-03,12,\n", "BPO306 1:14", "no name"),
    "two columns of one name": (b"period,calls,calls\n2026-03,1,2\n", "BPO306 1:14", "one name"),
    "two columns alike": (b"period,calls,Calls\n2026-03,1,2\n", "BPO306 1:14", "one name"),
    "hidden character in a name": ("period,ca\u200blls\n2026-03,1\n".encode(), "BPO306 1:8", "U+200B"),
    "long layout without values": (b"period,measure\n2026-03,calls\n", "BPO306 1:1", "no column value"),
    "half a ratio": (b"period,measure,numerator\n2026-03,calls,1\n", "BPO306 1:1", "no column value"),
    "value without measure": (b"period,value\n2026-03,1\n", "BPO306 1:1", "no column measure"),
    "measure and list": (b"period,measure,value,list\n2026-03,a,1,b\n", "BPO306 1:1", "two files"),
    "UTF-16": ("period,calls\n2026-03,12\n".encode("utf-16"), "BPO301 1:1", "UTF-16 (byte offset 0)"),
    "Latin-1": ("period,calls,note\n2026-03,12,für\n".encode("latin-1"), "BPO301 2:13", "(byte offset 30)"),
    "Latin-1 behind a mark": (b"\xef\xbb\xbfperiod,calls\n2026-03,\xfc\n", "BPO301 2:9", "(byte offset 24)"),
    "NUL": (b"period,calls\n2026-03,1\x002\n", "BPO301 2:10", "(byte offset 22)"),
    "quote open in the header": (b'period,"calls\n2026-03,12\n', "BPO306 1:8", "quote"),
    "a cell of 200 KB": (b"period,calls\n2026-03," + b"9" * 200_000 + b"\n", "BPO302 2:9", "200,000"),
    "501 columns": (b"period" + b"".join(b",m%d" % n for n in range(500)) + b"\n1\n", "BPO302 1:1", "500"),
    "a line without end": (b"period,calls\n" + b'"' * 3_000_000 + b"\n", "BPO302 2:1", "3,000,000"),
    "many columns": (b"period," + b"," * 3_000 + b"\n1\n", "BPO302 1:1", "500"),
}


@pytest.mark.parametrize(("content", "place", "word"), BAD_FILES.values(), ids=BAD_FILES.keys())
def test_a_file_that_cannot_be_trusted_is_refused_with_the_place(content: bytes, place: str, word: str) -> None:
    findings = refused(content)
    assert told(findings) == [place]
    assert word in findings[0].problem + findings[0].next_step


def test_files_beyond_the_limits_are_refused_before_they_are_taken_apart() -> None:
    assert told(refused(b"\n" * (64 * 1024 * 1024 + 1))) == ["BPO302 0:0"]
    assert told(refused(b"period,calls\n" + b"\n" * 1_000_001)) == ["BPO302 0:0"]


def test_all_faults_of_a_header_are_told_together() -> None:
    assert told(refused("month,calls,,calls\n2026-03,1,2,3\n")) == ["BPO306 1:1", "BPO306 1:13", "BPO306 1:14"]


def test_an_open_quote_in_the_middle_swallows_nothing() -> None:
    lines = [f"2026-{1 + n % 12:02},calls,{n},report\n" for n in range(100)]
    lines[49] = '2026-02,calls,49,"the report\n'
    (finding,) = refused(HEADER + "".join(lines))
    assert (finding.code, finding.source.line, finding.source.column) == ("BPO305", 51, 18)
    assert "line 51, column 18" in finding.problem
    assert "101 lines: the header, 49 before this line, and 50 after it." in finding.problem


def test_a_line_break_inside_quotes_is_refused_and_says_so() -> None:
    (finding,) = refused(HEADER + '2026-03,calls,12,"two\nlines"\n')
    assert (finding.code, finding.source.line, finding.source.column) == ("BPO305", 2, 18)
    assert "cannot hold a line break" in finding.next_step


BAD_ROWS = {
    "short": ("2026-03,calls,12", "BPO310 2:1"),
    "long": ("2026-03,calls,12,a,b", "BPO310 2:1"),
    "decimal comma": ("2026-03,calls,98,5,", "BPO310 2:1"),
    "blank": ("", "BPO315 2:1"),
    "commas only": (",,,", "BPO315 2:1"),
    "far too long": ("," * 100_000 + "x", "BPO315 2:1"),
    "far too long and full": ("2026-03" + ",1" * 100_000, "BPO310 2:1"),
    "stray quote": ('2026-03,calls,5" pipe,', "BPO311 2:16"),
    "text behind a quote": ('2026-03,"calls"x,12,', "BPO311 2:15"),
    "space before a quote": ('2026-03, "calls",12,', "BPO311 2:10"),
    "zero-width": ("2026-03,ca\u200blls,12,", "BPO312 2:9"),
    "bidi": ("2026-03,calls,12,\u202egnp", "BPO312 2:18"),
    "tab": ("2026-03,calls,12,a\tb", "BPO312 2:18"),
    "carriage return": ("2026-03,calls,12,a\rb", "BPO312 2:18"),
    "line separator": ("2026-03,calls,12,a\u2028b", "BPO312 2:18"),
    "filler": ("2026-03,calls,12,\u3164", "BPO312 2:18"),
    "not composed": ("2026-03,calls,12,fu\u0308r", "BPO312 2:18"),
    "1,001 characters": ("2026-03,calls,12," + "x" * 1_001, "BPO312 2:18"),
    "no period": (",calls,12,", "BPO316 2:1"),
    "no measure": ("2026-03,,12,", "BPO316 2:1"),
    "month 13": ("2026-13,calls,12,", "BPO313 2:1"),
    "month of one digit": ("2026-3,calls,12,", "BPO313 2:1"),
    "a day": ("2026-03-01,calls,12,", "BPO313 2:1"),
    "day first": ("01/03/2026,calls,12,", "BPO313 2:1"),
    "a month in words": ("Mar-26,calls,12,", "BPO313 2:1"),
    "digits alone": ("202603,calls,12,", "BPO313 2:1"),
    "full-width digits": ("２０２６-03,calls,12,", "BPO313 2:1"),
    "a year too early": ("1989-12,calls,12,", "BPO313 2:1"),
}


@pytest.mark.parametrize(("line", "place"), BAD_ROWS.values(), ids=BAD_ROWS.keys())
def test_a_bad_row_is_set_aside_and_the_rest_goes_on(line: str, place: str) -> None:
    report = read(HEADER + line + "\n2026-04,calls,13,ok\n")
    assert [told(row.findings) for row in report.rejected] == [[place]]
    assert [dict(row.cells)["value"].text for row in report.rows] == ["13"]
    assert (report.counts.read, report.counts.accepted, report.counts.rejected) == (2, 1, 1)


def test_everything_wrong_with_a_row_is_told_together() -> None:
    text = "period,status,calls.numerator,aht,aht.denominator,nps.sample,note\n2026-13,done,5,3,4,9,a\u200b\n"
    assert [told(row.findings) for row in read(text).rejected] == [["BPO313 2:1", "BPO314 2:9", "BPO312 2:22"]]
    text = text.replace("\u200b", "")
    assert [told(row.findings) for row in read(text).rejected] == [
        ["BPO313 2:1", "BPO314 2:9", "BPO317 2:14", "BPO317 2:16", "BPO317 2:20"]
    ]


def test_texts_stay_texts_with_their_places() -> None:
    report = read(
        "\ufeffperiod,list,ticket,site, note \r\n2026-03,outages,00012,NA,\r\n2026-03,outages,null, 1e5 ,x\r\n"
    )
    first, second = report.rows
    assert [(name, cell.text) for name, cell in first.cells] == [
        ("period", "2026-03"),
        ("list", "outages"),
        ("ticket", "00012"),
        ("site", "NA"),
    ]
    assert [(name, cell.text, str(cell.place)) for name, cell in second.cells[2:]] == [
        ("ticket", "null", "march.csv:3:17"),
        ("site", "1e5", "march.csv:3:23"),
        ("note", "x", "march.csv:3:28"),
    ]
    assert second.cells[3][1].place.text == "2026-03,outages,null, 1e5 ,x"


def test_the_header_tells_the_layout() -> None:
    assert read("period,measure,value\n2026-03,calls,1\n").rows[0].layout == "long"
    assert read("period,list,minutes\n2026-03,outages,1\n").rows[0].layout == "items"
    assert read("period,calls\n2026-03,1\n").rows[0].layout == "wide"


def test_names_of_files_decide_how_they_are_read() -> None:
    assert told(refused(b"PK", "march.xlsx")) == ["BPO300 0:0"]
    assert read_performance(b"period,calls\n2026-03,1\n", "stdin").counts.accepted == 1
    with pytest.raises(BadInput, match="BPO300"):
        load_performance()


def report_or_findings(content: bytes, file: str) -> PerformanceReport | tuple[Finding, ...]:
    try:
        return read_performance(content, file)
    except BadInput as bad:
        return bad.findings


PIECES = st.sampled_from(["a", "1", ",", '"', '""', " ", "\n", "\r", "\x00", "é", "\ufeff", "2026-03", "calls", ";"])


@given(st.lists(st.text(st.sampled_from('ab, "é'), max_size=6), min_size=1, max_size=5))
def test_a_line_that_the_standard_writer_wrote_is_read_back(cells: list[str]) -> None:
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(cells)
    assert [field.text for field in split_line(out.getvalue())] == [cell.strip(" ") for cell in cells]


@given(st.lists(PIECES, max_size=12).map("".join).filter(lambda text: not set(text) & set("\r\n\x00")))
def test_every_line_is_read_as_the_standard_reader_reads_it_strictly_or_refused(line: str) -> None:
    try:
        fields = split_line(line)
    except (NotClosed, StrayQuote):
        assert '"' in line
        return
    standard = next(csv.reader([line + "\n"], strict=True), [""])
    assert [field.text for field in fields] == [cell.strip(" ") for cell in (standard or [""])]
    for field in fields:
        assert line[field.column - 1 :].startswith(field.text.replace('"', '""')) or '"' in line


@given(st.lists(PIECES, max_size=40).map("".join))
def test_every_line_below_the_header_is_accounted_for(body: str) -> None:
    content = (HEADER + body + "\n").encode()
    report = report_or_findings(content, "any.csv")
    if not isinstance(report, PerformanceReport):
        assert report
        return
    lines = content.count(b"\n") - 1
    assert report.counts.read == lines == len(report.rows) + len(report.rejected)
    places = [row.place.line for row in report.rows] + [row.place.line for row in report.rejected]
    assert sorted(places) == list(range(2, lines + 2))


@given(st.binary(max_size=200) | st.lists(PIECES, max_size=30).map(lambda parts: "".join(parts).encode()))
def test_any_bytes_give_a_report_or_findings(content: bytes) -> None:
    for file in ("any.csv", "any.json", "any"):
        report = report_or_findings(content, file)
        if isinstance(report, PerformanceReport):
            assert report.counts.read > 0
        else:
            assert report
            assert all(finding.code.startswith("BPO") and finding.next_step for finding in report)
