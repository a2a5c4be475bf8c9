"""What every row must be, whatever the contract: clean cells, a period, a status, and a whole claim.

A row **claims** values. A claim is a value, or a numerator and a denominator, never both and never half of a
ratio; its sample size may stand beside it. A long row makes one claim, a wide row one for each measure.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from bpo_contracts.performance.report import Cell, Layout, RejectedRow, ReportRow, rejected
from bpo_contracts.performance.texts import seen, unclean
from bpo_contracts.values.findings import Finding, in_order
from bpo_contracts.values.frozen import frozen
from bpo_contracts.values.periods import NotAPeriod, parse_period
from bpo_contracts.values.sources import Source

STATUSES: Final = ("provisional", "final")
ABOUT_THE_ROW: Final = frozenset({"period", "status", "source", "contract", "note"})
RATIO_PARTS: Final = ("numerator", "denominator", "sample")
RESERVED: Final[dict[Layout, frozenset[str]]] = {
    "long": ABOUT_THE_ROW | {"measure", "value", *RATIO_PARTS},
    "wide": ABOUT_THE_ROW,
    "items": ABOUT_THE_ROW | {"list", "item"},
}
_NEEDED: Final[dict[Layout, tuple[str, ...]]] = {
    "long": ("period", "measure"),
    "wide": ("period",),
    "items": ("period", "list"),
}


@frozen
class Claim:
    """What one row says about one measure; at least one of the cells is there."""

    measure: str
    value: Cell | None = None
    numerator: Cell | None = None
    denominator: Cell | None = None
    sample: Cell | None = None

    @property
    def place(self) -> Source:
        """Where the claim stands: its value, or the first part of it."""
        cell = self.value or self.numerator or self.denominator or self.sample
        if cell is None:
            raise ValueError("a claim has at least one cell")
        return cell.place


def make_row(layout: Layout, cells: Iterable[tuple[str, Cell]], place: Source) -> ReportRow | RejectedRow:
    """A row of the cells that are not empty, or the row with everything that is wrong with it (BPO312 to BPO317)."""
    findings: list[Finding] = []
    kept: list[tuple[str, Cell]] = []
    unreadable: set[str] = set()
    for name, cell in cells:
        problem = unclean(cell.text)
        if problem is not None:
            findings.append(_unclean_cell(name, cell, problem))
            unreadable.add(name)
        elif cell.text:
            kept.append((name, cell))
    row = ReportRow(layout, tuple(kept), place)
    findings += _row_findings(row, unreadable)
    return rejected(row, in_order(findings)) if findings else row


def row_findings(row: ReportRow) -> list[Finding]:
    """What is wrong with the row whatever the contract: BPO313 to BPO317; empty if it can be used."""
    return _row_findings(row, set())


def _row_findings(row: ReportRow, unreadable: set[str]) -> list[Finding]:
    cells = dict(row.cells)
    if not cells and not unreadable:
        return [Finding("BPO315", "empty-row", row.place, "This row holds nothing.", "Delete the row.")]
    # A row with its period alone says that there is nothing to report, in every layout.
    needed = _NEEDED[row.layout] if unreadable or not ABOUT_THE_ROW.issuperset(cells) else ("period",)
    findings = [
        Finding(
            "BPO316",
            "cell-missing",
            row.place,
            f"The row has no {name}.",
            f"Fill in the {name}, or delete the row.",
        )
        for name in needed
        if name not in cells and name not in unreadable
    ]
    findings += _period_findings(cells.get("period"))
    findings += _status_findings(cells.get("status"))
    if not unreadable:
        findings += [finding for claim in claims_of(row) for finding in _claim_findings(claim)]
    return findings


def claims_of(row: ReportRow, dimensions: frozenset[str] = frozenset()) -> list[Claim]:
    """What the row says about each measure, in the order of its cells; nothing for a row of items."""
    if row.layout == "items":
        return []
    if row.layout == "long":
        cells = dict(row.cells)
        parts = {name: cells[name] for name in ("value", *RATIO_PARTS) if name in cells}
        return [Claim(cells["measure"].text, **parts)] if parts and "measure" in cells else []
    by_measure: dict[str, dict[str, Cell]] = {}
    for name, cell in row.cells:
        if name not in ABOUT_THE_ROW and name not in dimensions:
            measure, part = split_column(name)
            by_measure.setdefault(measure, {})[part] = cell
    return [Claim(measure, **parts) for measure, parts in by_measure.items()]


def split_column(name: str) -> tuple[str, str]:
    """A wide column's measure, and which part of its claim it holds: ``calls.sample`` is (``calls``, ``sample``)."""
    measure, dot, part = name.rpartition(".")
    return (measure, part) if dot and measure and part in RATIO_PARTS else (name, "value")


def _unclean_cell(name: str, cell: Cell, problem: str) -> Finding:
    return Finding(
        "BPO312",
        "unclean-text",
        cell.place,
        f"The cell under {seen(name)} {problem}.",
        "Type the text again in a plain text field, without hidden characters and at most 1,000 long.",
    )


def _period_findings(cell: Cell | None) -> list[Finding]:
    if cell is None:
        return []
    try:
        parse_period(cell.text)
    except NotAPeriod as why:
        return [
            Finding(
                "BPO313",
                "not-a-period",
                cell.place,
                f"In the period, {why}.",
                "Write the month the row is about, for example 2026-03.",
            )
        ]
    return []


def _status_findings(cell: Cell | None) -> list[Finding]:
    if cell is None or cell.text in STATUSES:
        return []
    return [
        Finding(
            "BPO314",
            "unknown-status",
            cell.place,
            f"The status is {seen(cell.text)}; it can only be provisional or final.",
            "Write provisional or final, or leave the cell empty, which means final.",
        )
    ]


def _claim_findings(claim: Claim) -> list[Finding]:
    ratio = claim.numerator is not None or claim.denominator is not None
    if claim.value is not None and ratio:
        problem = "is given both as a value and as a numerator and denominator"
        advice = "Keep one of the two: the numerator and denominator, if they are known."
    elif ratio and (claim.numerator is None or claim.denominator is None):
        missing = "numerator" if claim.numerator is None else "denominator"
        problem, advice = f"has no {missing}", f"Fill in the {missing}, or give a value instead of the two."
    elif claim.value is None and not ratio:
        problem, advice = "has a sample and no value", "Fill in the value, or empty the sample: nothing was reported."
    else:
        return []
    problem = f"The measure {seen(claim.measure)} {problem}."
    return [Finding("BPO317", "half-or-double-value", claim.place, problem, advice)]
