"""A report bound to a contract: every fact once, looked up by measure, period and scope, or by list and period."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import Final

from bpo_contracts.performance.facts import Item, Measurement, NothingReported, Scope, Text, fact_text
from bpo_contracts.performance.reconciling import Reconciled, reconcile
from bpo_contracts.performance.report import Counts, PerformanceReport, RejectedRow, Rejections, ReportFile, place_key
from bpo_contracts.performance.row_reading import RowReader, RowReading
from bpo_contracts.performance.shape import ReportShape
from bpo_contracts.values.frozen import frozen
from bpo_contracts.values.periods import NotAPeriod, Period, parse_period

__all__ = ["OTHER_CONTRACT", "Item", "Measurement", "Measurements", "bind"]

OTHER_CONTRACT: Final = "BPO327"
"""The finding at a row that names another contract: it says nothing of this one."""
_EMPTY_ROW: Final = "BPO315"
_SAYS_NOTHING: Final = (OTHER_CONTRACT, _EMPTY_ROW)


@frozen
class Measurements:
    """What happened, by a contract.

    ``measured`` and ``listed`` hold every fact in canonical order; ``rejected`` the rows that could not be used,
    in the order of their places; ``counts`` what became of every row (a wide row is one row). ``nothing`` are the
    periods that were reported and of which no row says anything else.
    """

    measured: tuple[Measurement, ...]
    listed: tuple[Item, ...]
    rejected: tuple[RejectedRow, ...]
    counts: Counts
    files: tuple[ReportFile, ...]
    nothing: tuple[NothingReported, ...] = ()
    _by_period: dict[Period, dict[tuple[str, Scope], Measurement]] = field(init=False, repr=False, compare=False)
    _by_list: dict[tuple[str, Period], tuple[Item, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_period: dict[Period, dict[tuple[str, Scope], Measurement]] = {}
        for fact in self.measured:
            by_period.setdefault(fact.period, {})[fact.measure, fact.scope] = fact
        by_list: dict[tuple[str, Period], list[Item]] = {}
        for item in self.listed:
            by_list.setdefault((item.list, item.period), []).append(item)
        object.__setattr__(self, "_by_period", by_period)
        object.__setattr__(self, "_by_list", {key: tuple(items) for key, items in by_list.items()})

    @property
    def duplicates(self) -> int:
        """How many rows only repeated what others say."""
        return self.counts.duplicate

    @property
    def periods(self) -> frozenset[Period]:
        """Every period that was reported, also with nothing in it."""
        facts = {fact.period for fact in self.measured} | {item.period for item in self.listed}
        return frozenset(facts.union(one.period for one in self.nothing))

    def reported_nothing(self, period: Period) -> NothingReported | None:
        """The report of a period with nothing in it; None for any other period."""
        return next((one for one in self.nothing if one.period == period), None)

    def in_doubt(self, period: Period) -> list[RejectedRow]:
        """Rejected rows that may belong to the period: a value that was reported and cannot be used is not missing data.

        Such a row about a measure or list of the contract stops the settlement; any other makes it provisional.
        """
        return [
            row
            for row in self.rejected
            if _may_be(row.period, period) and any(finding.code not in _SAYS_NOTHING for finding in row.findings)
        ]

    def measurement(self, measure: str, period: Period, scope: Scope = ()) -> Measurement | None:
        """The measurement, or None if nothing was reported; ``scope`` is sorted by dimension."""
        return self.in_period(period).get((measure, scope))

    def in_period(self, period: Period) -> Mapping[tuple[str, Scope], Measurement]:
        """All measurements of the period by measure and scope, in canonical order."""
        return self._by_period.get(period, {})

    def items(self, name: str, period: Period) -> tuple[Item, ...]:
        """The items of the list in the period, in canonical order: by identity, then by content."""
        return self._by_list.get((name, period), ())

    def digest_rows(self) -> tuple[Text, ...]:
        """Every fact as plain texts, sorted, for sealing.

        A measurement is (``measurement``, period, measure, scope, value, numerator, denominator, sample, status,
        evidence), an item (``item``, period, list, key, columns, status, evidence), a period with nothing in it
        (``nothing``, period, status); scope and columns are JSON lists of pairs.

        The order of rows and files, and the layout of the files, change nothing.
        """
        empty = (("nothing", one.period.label, one.status) for one in self.nothing)
        return tuple(sorted([*map(fact_text, self.measured), *map(fact_text, self.listed), *empty]))


def bind(report: PerformanceReport, shape: ReportShape) -> Measurements:
    """The facts of the report by the contract's shape.

    Rows that cannot be used are set aside with their findings (BPO313 to BPO344); nothing is raised for them.

    Raises:
        BadInput: BPO309 if more than 10,000 things are wrong with the rows.
    """
    reconciled = reconcile(_read(report, RowReader(shape)))
    rejected = sorted((*report.rejected, *reconciled.rejected), key=lambda row: place_key(row.place))
    return Measurements(
        measured=tuple(fact for fact in reconciled.facts if isinstance(fact, Measurement)),
        listed=tuple(fact for fact in reconciled.facts if isinstance(fact, Item)),
        rejected=tuple(rejected),
        counts=_counts(report, reconciled),
        files=report.files,
        nothing=reconciled.nothing,
    )


def _read(report: PerformanceReport, reader: RowReader) -> Iterator[RowReading]:
    rejections = Rejections()
    for row in report.rows:
        reading = reader.read(row)
        rejections.add(reading.findings)
        yield reading


def _counts(report: PerformanceReport, reconciled: Reconciled) -> Counts:
    return Counts(
        read=report.counts.read,
        accepted=reconciled.accepted,
        rejected=len(report.rejected) + len(reconciled.rejected),
        duplicate=report.duplicate + reconciled.duplicate,
    )


def _may_be(text: str, period: Period) -> bool:
    """Whether a row whose period cell says this may be about the period: it is, or nobody can tell."""
    try:
        return parse_period(text).label == period.label
    except NotAPeriod:
        return True
