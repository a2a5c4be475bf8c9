"""Performance reports from files: CSV and JSON give the same rows.

A name that ends in ``.json`` is read as JSON, one that ends in ``.csv`` or has no ending as CSV; the content never
decides. Several files make one report, and neither their order nor that of their rows matters. The findings
of reading, before any contract is known:

======  =====================  =====================================================================
BPO300  file-unreadable        missing, a folder, no permission, or not a kind of file that is read
BPO301  not-utf-8              another encoding, or NUL; the byte offset is named
BPO302  too-large              over 64 MiB, 1,000,000 rows, 500 columns, 65,536 characters a cell, 1 MiB a line
BPO303  cut-off                no line end after the last line
BPO304  line-ends              carriage returns alone
BPO305  open-quote             a quote that is not closed on its line
BPO306  bad-header             columns missing, unnamed or named twice, or another separator
BPO307  no-rows                empty, or nothing but a header
BPO308  not-a-report           JSON that is not a performance report
BPO309  too-many-bad-rows      more than 10,000 things are wrong with the rows
BPO310  short-row, long-row    too few or too many cells (the row is set aside, as with all that follow)
BPO311  stray-quote            a quote inside a cell
BPO312  unclean-text           hidden characters, more than 1,000 characters
BPO313  not-a-period           no period of that name
BPO314  unknown-status         neither provisional nor final
BPO315  empty-row              nothing in it
BPO316  cell-missing           no period, measure or list
BPO317  half-or-double-value   half a ratio, a value and a ratio, a sample alone
BPO318  not-text               a JSON value that is neither text nor integer
======  =====================  =====================================================================
"""

from __future__ import annotations

import os
from pathlib import PurePath
from typing import Final

from bpo_contracts.formats.performance_csv import read_csv
from bpo_contracts.formats.performance_text import BYTES_MAX
from bpo_contracts.performance.report import PerformanceReport, merge_reports
from bpo_contracts.values.findings import BadInput, Finding, refuse
from bpo_contracts.values.sources import Source

_CSV_ENDINGS: Final = ("", ".csv")


def load_performance(*paths: str | os.PathLike[str]) -> PerformanceReport:
    """The rows of all the files, as one report. Rows that cannot be used are set aside in it.

    Raises:
        BadInput: if no file is named, or a file as a whole cannot be used; with the findings of all files.
    """
    if not paths:
        raise refuse("BPO300", "file-unreadable", "No performance file is named.", "Name at least one file.")
    reports: list[PerformanceReport] = []
    findings: list[Finding] = []
    for path in paths:
        try:
            reports.append(read_performance(_content(path), os.fspath(path)))
        except BadInput as bad:
            findings += bad.findings
    if findings:
        raise BadInput(findings)
    return merge_reports(reports)


def read_performance(content: bytes, file: str) -> PerformanceReport:
    """The rows of one file from its bytes; ``file`` is its name, for places and to tell JSON from CSV.

    Raises:
        BadInput: if the file as a whole cannot be used (BPO300 to BPO308, and BPO102 to BPO121 in JSON).
    """
    ending = PurePath(file).suffix.lower()
    if ending == ".json":
        from bpo_contracts.formats.performance_json import read_json_report  # most reports are CSV

        return read_json_report(content, file)
    if ending in _CSV_ENDINGS:
        return read_csv(content, file)
    problem = f"A file that ends in {ending[:20]!r} is not read as a performance report."
    raise refuse("BPO300", "file-unreadable", problem, 'Save it as "CSV UTF-8" (.csv), or as .json.', Source(file))


def _content(path: str | os.PathLike[str]) -> bytes:
    file = os.fspath(path)
    try:
        with open(file, "rb") as stream:
            return stream.read(BYTES_MAX + 1)
    except FileNotFoundError:
        problem, step = "There is no such file.", "Check the name and the folder."
    except (IsADirectoryError, PermissionError):
        problem, step = "This is a folder, or reading it is not permitted.", "Name a file that you may read."
    except (OSError, ValueError):
        problem, step = "The file cannot be read.", "Check its name and the disk."
    raise refuse("BPO300", "file-unreadable", problem, step, Source(file))
