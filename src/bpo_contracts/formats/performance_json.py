"""Performance JSON: the rows of the CSV layouts as objects.

    {"schema": "bpo-contracts/performance/1",
     "measurements": [{"period": "2026-03", "measure": "availability", "value": "98.5"}],
     "periods": [{"period": "2026-03", "calls": 1200, "availability": "98.5"}],
     "items": [{"period": "2026-03", "list": "outages", "item": "00012", "minutes": "30"}]}

Values are texts or integers: other numbers lose digits in other tools. A field that was left out, or that is the
empty text, was not reported.
"""

from __future__ import annotations

import hashlib
import re
from typing import Final

from bpo_contracts.formats.documents import read_document
from bpo_contracts.performance.names import Names
from bpo_contracts.performance.report import (
    Cell,
    Layout,
    PerformanceReport,
    RejectedRow,
    ReportFile,
    ReportRow,
)
from bpo_contracts.performance.rows import make_row
from bpo_contracts.performance.texts import seen
from bpo_contracts.values.findings import BadInput, Finding, refuse
from bpo_contracts.values.nodes import DocNode, ListNode, MapNode, Scalar
from bpo_contracts.values.sources import Source

SCHEMA: Final = "bpo-contracts/performance/1"
SECTIONS: Final[dict[str, Layout]] = {"measurements": "long", "periods": "wide", "items": "items"}

_INTEGER = re.compile(r"-?(0|[1-9][0-9]*)\Z", re.ASCII)


def read_json_report(content: bytes, file: str) -> PerformanceReport:
    """The rows of a performance JSON file; rows that cannot be used are set aside (BPO312 to BPO318).

    Raises:
        BadInput: if the file is not such a document (BPO308), has no rows (BPO307), or is not sound JSON at all
            (BPO102 to BPO121), with all findings.
    """
    document = read_document(content, file)
    sections = _sections(document)
    rows: list[ReportRow] = []
    rejected: list[RejectedRow] = []
    for layout, section in sections:
        for node in section.items:
            row = _row(layout, node)
            if isinstance(row, ReportRow):
                rows.append(row)
            else:
                rejected.append(row)
    if not rows and not rejected:
        step = f"Write rows under {', '.join(SECTIONS)}."
        raise refuse("BPO307", "no-rows", "The file has no rows.", step, document.source)
    digest = hashlib.sha256(content).hexdigest()
    return PerformanceReport(tuple(rows), tuple(rejected), (ReportFile(file, digest, len(rows) + len(rejected)),))


def _sections(document: DocNode) -> list[tuple[Layout, ListNode]]:
    if not isinstance(document, MapNode):
        raise BadInput([_bad(document.source, "A performance report is one JSON object.", _start())])
    findings: list[Finding] = []
    sections: list[tuple[Layout, ListNode]] = []
    if document.entry("schema") is None:
        findings.append(_bad(document.source, "The field schema is missing.", _start()))
    for key, value in document.entries:
        if key.text == "schema":
            if not isinstance(value, Scalar) or value.text != SCHEMA:
                findings.append(_bad(value.source, f"The schema is not {SCHEMA}.", _start()))
        elif key.text not in SECTIONS:
            advice = Names(SECTIONS, also=["schema"]).nearest(key.text)
            step = f"Did you mean {advice}?" if advice else f"A report has the fields schema, {', '.join(SECTIONS)}."
            findings.append(_bad(key.source, f"A report has no field {seen(key.text)}.", step))
        elif isinstance(value, ListNode):
            sections.append((SECTIONS[key.text], value))
        else:
            problem = f"The field {key.text} is not a list of rows."
            findings.append(_bad(value.source, problem, "Write [ and ] around it."))
    if findings:
        raise BadInput(findings)
    return sections


def _bad(place: Source, problem: str, step: str) -> Finding:
    return Finding("BPO308", "not-a-report", place, problem, step)


def _start() -> str:
    return f'Begin the file with {{"schema": "{SCHEMA}", and write the rows behind it.'


def _row(layout: Layout, node: DocNode) -> ReportRow | RejectedRow:
    if not isinstance(node, MapNode):
        problem = "This row is not an object with named fields."
        return RejectedRow(node.source, (_not_text(node.source, problem, 'Write it as {"period": "2026-03", …}.'),))
    findings: list[Finding] = []
    cells: list[tuple[str, Cell]] = []
    for key, value in node.entries:
        if isinstance(value, Scalar) and (value.quoted or _INTEGER.match(value.text)):
            cells.append((key.text, Cell(value.text, value.source)))
        else:
            problem = f"The field {seen(key.text)} holds neither a text nor an integer."
            step = 'Write text and numbers in double quotes, as in "98.5"; yes or no as "yes" or "no".'
            findings.append(_not_text(value.source, problem, step))
    return RejectedRow(node.source, tuple(findings)) if findings else make_row(layout, cells, node.source)


def _not_text(place: Source, problem: str, step: str) -> Finding:
    return Finding("BPO318", "not-text", place, problem, step)
