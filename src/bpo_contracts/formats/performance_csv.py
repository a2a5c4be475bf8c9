"""Performance CSV: RFC 4180, one row to a line, nothing guessed.

The header tells the layout: a column ``measure`` makes each row one measure (long), a column ``list`` makes each
row one item, and otherwise each row is one period with a column for every measure (wide). Cells are separated
by commas; a cell with a comma or a quote in it stands in double quotes, and a quote in it is doubled. A line
break never stands inside a cell: so a quote that was forgotten cannot swallow the lines after it. Spaces around
a cell do not count. Every line below the header is a row, and every row is accepted, or rejected with its findings.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final, NamedTuple

from bpo_contracts.formats.performance_header import COLUMNS_MAX, Column, header_findings, layout_of
from bpo_contracts.formats.performance_text import csv_lines
from bpo_contracts.performance.report import (
    Cell,
    Layout,
    PerformanceReport,
    RejectedRow,
    Rejections,
    ReportFile,
    ReportRow,
)
from bpo_contracts.performance.rows import make_row
from bpo_contracts.values.findings import BadInput, Finding
from bpo_contracts.values.sources import Source

FIELD_MAX: Final = 65_536


class Field(NamedTuple):
    """One cell of a line: its text, the column it starts in (from 1), and how many characters it takes there."""

    text: str
    column: int
    length: int


class NotClosed(ValueError):
    """A quote that opens a cell is not closed on its line; the argument is its column."""


class StrayQuote(ValueError):
    """A quote stands inside a cell, or text behind a closing quote; the argument is the column of the quote."""


def read_csv(content: bytes, file: str) -> PerformanceReport:
    """The rows of a performance CSV file; rows that cannot be used are set aside (BPO310 to BPO317).

    Raises:
        BadInput: if the file as a whole cannot be trusted (BPO301 to BPO307, BPO309), with all findings.
    """
    lines = csv_lines(content, file)
    names, findings = _read_header(lines[0], file)
    findings += _open_quotes(lines, file)
    findings += _long_cells(lines, file)
    if len(lines) == 1:
        place = Source(file, 1, 1, lines[0], len(lines[0]))
        problem, step = "The file has a header and no rows.", "Write a row for each thing to report below the header."
        findings.append(Finding("BPO307", "no-rows", place, problem, step))
    if findings:
        raise BadInput(findings)
    layout = layout_of(names)
    rows: list[ReportRow] = []
    rejected: list[RejectedRow] = []
    rejections = Rejections()
    for number, line in enumerate(lines[1:], 2):
        row = _row(layout, names, line, Source(file, number, 1, line, len(line)))
        if isinstance(row, ReportRow):
            rows.append(row)
        else:
            rejections.add(row.findings)
            rejected.append(row)
    digest = hashlib.sha256(content).hexdigest()
    return PerformanceReport(tuple(rows), tuple(rejected), (ReportFile(file, digest, len(lines) - 1),))


def split_line(line: str) -> list[Field]:
    """The cells of one line, without the spaces around them; of a line with over 500 cells the first 501.

    Raises:
        NotClosed, StrayQuote: if the quotes are wrong.
    """
    fields: list[Field] = []
    start = 0
    while len(fields) <= COLUMNS_MAX:
        if line.startswith('"', start):
            end = _behind_quoted(line, start)
            text = line[start + 1 : end - 1].replace('""', '"').strip(" ")
            fields.append(Field(text, start + 1, end - start))
        else:
            end = line.find(",", start)
            end = len(line) if end < 0 else end
            raw = line[start:end]
            if '"' in raw:
                raise StrayQuote(start + raw.index('"') + 1)
            text = raw.strip(" ")
            indent = len(raw) - len(raw.lstrip(" ")) if text else 0
            fields.append(Field(text, start + indent + 1, len(text)))
        if end == len(line):
            break
        start = end + 1
    return fields


def _behind_quoted(line: str, start: int) -> int:
    """Where the quoted cell that opens at ``start`` is over: at a comma, or at the end of the line."""
    end = line.find('"', start + 1)
    while end >= 0 and line.startswith('"', end + 1):  # a doubled quote belongs to the text
        end = line.find('"', end + 2)
    if end < 0:
        raise NotClosed(start + 1)
    if end + 1 < len(line) and line[end + 1] != ",":
        raise StrayQuote(end + 1)
    return end + 1


def _row(layout: Layout, names: Sequence[str], line: str, place: Source) -> ReportRow | RejectedRow:
    try:
        fields = split_line(line)
    except StrayQuote as stray:
        at = Source(place.file, place.line, int(stray.args[0]), line)
        problem = "A quote stands inside a cell that does not begin with one, or text follows a closing quote."
        step = 'Put the whole cell in double quotes, and double each quote in it: "a ""b"" c".'
        return RejectedRow(place, (Finding("BPO311", "stray-quote", at, problem, step),))
    if not any(field.text for field in fields):
        return make_row(layout, (), place)
    if len(fields) != len(names):
        kind = "short" if len(fields) < len(names) else "long"
        count = f"more than {COLUMNS_MAX}" if len(fields) > COLUMNS_MAX else str(len(fields))
        problem = f"The row has {count} cells, and the header has {len(names)} columns: the row is too {kind}."
        step = "Give each column one cell, even if it is empty; quote texts with commas; write decimals with a point."
        return RejectedRow(place, (Finding("BPO310", f"{kind}-row", place, problem, step),))
    cells = [
        (name, Cell(text, Source(place.file, place.line, column, line, length)))
        for name, (text, column, length) in zip(names, fields, strict=True)
        if text
    ]
    return make_row(layout, cells, place)


def _read_header(line: str, file: str) -> tuple[list[str], list[Finding]]:
    try:
        fields = split_line(line)
    except (NotClosed, StrayQuote) as wrong:
        place = Source(file, 1, int(wrong.args[0]), line)
        problem = "In the header, a quote is not closed or does not stand around a whole name."
        return [], [Finding("BPO306", "bad-header", place, problem, "Write the column names without quotes.")]
    columns = [Column(text, Source(file, 1, column, line, max(1, length))) for text, column, length in fields]
    return [column.name for column in columns], header_findings(columns)


def _open_quotes(lines: Sequence[str], file: str) -> list[Finding]:
    """One finding for the first quote below the header that is not closed on its line."""
    opened: list[tuple[int, int]] = []
    for number, line in enumerate(lines[1:], 2):
        if '"' in line:
            try:
                split_line(line)
            except NotClosed as wrong:
                opened.append((number, int(wrong.args[0])))
            except StrayQuote:
                continue  # this line alone is set aside
    if not opened:
        return []
    number, column = opened[0]
    more = f" The same is wrong in {len(opened) - 1} more lines." if len(opened) > 1 else ""
    problem = (
        f"The quote opened in line {number}, column {column}, is not closed on its line. The file has {len(lines)}"
        f" lines: the header, {number - 2} before this line, and {len(lines) - number} after it.{more}"
    )
    step = "Close the quote. A cell cannot hold a line break: write such a text on one line."
    return [Finding("BPO305", "open-quote", Source(file, number, column, lines[number - 1]), problem, step)]


def _long_cells(lines: Sequence[str], file: str) -> list[Finding]:
    findings: list[Finding] = []
    for number, line in enumerate(lines[1:], 2):
        if len(line) <= FIELD_MAX:
            continue
        try:
            long = [field for field in split_line(line) if field.length > FIELD_MAX]
        except (NotClosed, StrayQuote):
            continue  # told elsewhere
        for field in long:
            problem = f"A cell takes {field.length:,} characters; the limit is {FIELD_MAX:,}."
            step = "Check that this is the right file, and that no quote or comma is missing."
            findings.append(Finding("BPO302", "too-large", Source(file, number, field.column, line), problem, step))
    return findings
