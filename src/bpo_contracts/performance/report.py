"""What was reported: rows of text with their places, before any contract is known.

A row is **read** once and is then **accepted**, **rejected** (set aside with its findings, while the rest goes
on) or a **duplicate**; ``read = accepted + rejected + duplicate``, always. Nothing is converted here: ``NA``,
``null`` and ``00012`` are texts, and an empty cell is a cell that was not written.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, Literal

from bpo_contracts.values.findings import BadInput, Finding
from bpo_contracts.values.frozen import frozen
from bpo_contracts.values.sources import Source

Layout = Literal["long", "wide", "items"]

REJECTIONS_MAX: Final = 10_000


@frozen
class Cell:
    """The text of one cell (never empty) and where it stands."""

    text: str
    place: Source


@frozen
class ReportRow:
    """One row: its cells by column name, in the order they were written, without the empty ones.

    ``long``: one measure. ``wide``: one period, a column for each measure. ``items``: one item of a list.
    """

    layout: Layout
    cells: tuple[tuple[str, Cell], ...]
    place: Source


@frozen
class RejectedRow:
    """A row that cannot be used, with everything that is wrong with it (at least one finding).

    ``period`` is the text of its period cell and ``about`` the measures and the list it names, as far as they can be told.
    """

    place: Source
    findings: tuple[Finding, ...]
    period: str = ""
    about: tuple[str, ...] = ()


class Rejections:
    """Counts what is wrong with rows, and stops the reading when it is hopeless."""

    def __init__(self) -> None:
        self._count = 0

    def add(self, findings: Sequence[Finding]) -> None:
        """Count the findings of one row.

        Raises:
            BadInput: BPO309 if they come to more than 10,000: this is the wrong file, or something general is wrong.
        """
        self._count += len(findings)
        if self._count > REJECTIONS_MAX:
            problem = f"More than {REJECTIONS_MAX:,} things are wrong with the rows of this report; here is the last."
            step = "Check that this is the right file for this contract, its header, and how it was exported."
            last = findings[-1]
            raise BadInput([Finding("BPO309", "too-many-bad-rows", last.source, problem, step), last])


def rejected(row: ReportRow, findings: tuple[Finding, ...]) -> RejectedRow:
    """The row, set aside with its findings."""
    cells = dict(row.cells)
    named = [cells[name].text for name in ("measure", "list") if name in cells]
    wide = [name.split(".", 1)[0] for name in cells] if row.layout == "wide" else []
    period = cells["period"].text if "period" in cells else ""
    return RejectedRow(row.place, findings, period, tuple(dict.fromkeys([*named, *wide])))


@frozen
class Counts:
    """What became of the rows that were read.

    Raises:
        ValueError: if a row is unaccounted for (a fault of the program).
    """

    read: int
    accepted: int
    rejected: int
    duplicate: int

    def __post_init__(self) -> None:
        if self.read != self.accepted + self.rejected + self.duplicate:
            raise ValueError(f"rows are unaccounted for: {self}")


@frozen
class ReportFile:
    """One file that was read: its name, the SHA-256 of its bytes (hexadecimal), and how many rows it holds."""

    name: str
    sha256: str
    rows: int


@frozen
class PerformanceReport:
    """All rows of one or more files, file by file in the order of their names.

    ``duplicate`` counts the rows of files whose bytes had been read before under another name.
    """

    rows: tuple[ReportRow, ...]
    rejected: tuple[RejectedRow, ...] = ()
    files: tuple[ReportFile, ...] = ()
    duplicate: int = 0

    @property
    def counts(self) -> Counts:
        """How many rows were read, accepted, rejected and duplicate.

        A report that was made from rows in memory, without a file, has read what it holds.

        Raises:
            ValueError: if the rows are not those of the files (a fault of the program).
        """
        accounted = len(self.rows) + len(self.rejected) + self.duplicate
        read = sum(file.rows for file in self.files) if self.files else accounted
        return Counts(read=read, accepted=len(self.rows), rejected=len(self.rejected), duplicate=self.duplicate)


def merge_reports(reports: Iterable[PerformanceReport]) -> PerformanceReport:
    """The rows of several files, each report holding one file; the order of the reports does not matter.

    A file with the same bytes as another one adds nothing: its rows are counted as duplicates.
    """
    rows: list[ReportRow] = []
    rejected: list[RejectedRow] = []
    files: list[ReportFile] = []
    seen: set[str] = set()
    duplicate = 0
    for report in sorted(reports, key=lambda report: [(file.name, file.sha256) for file in report.files]):
        digests = {file.sha256 for file in report.files}
        files += report.files
        if digests and digests <= seen:
            duplicate += report.counts.read
            continue
        seen |= digests
        duplicate += report.duplicate
        rows += report.rows
        rejected += report.rejected
    return PerformanceReport(
        rows=tuple(rows),
        rejected=tuple(rejected),
        files=tuple(files),
        duplicate=duplicate,
    )


def place_key(place: Source) -> tuple[str, int, int, str]:
    """Places in order: by file, line and column; the text decides between files of one name."""
    return (place.file, place.line, place.column, place.text)
