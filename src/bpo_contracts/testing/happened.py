"""What happened in a scenario, as the rows of a performance report; every value keeps its place in the case file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from bpo_contracts.contract.contract import Contract
from bpo_contracts.performance.report import Cell, Layout, PerformanceReport, RejectedRow, ReportRow
from bpo_contracts.performance.rows import make_row
from bpo_contracts.testing.case import Scenario
from bpo_contracts.values.findings import Finding
from bpo_contracts.values.nodes import DocNode, ListNode, MapNode, Scalar
from bpo_contracts.values.sources import Source

_PARTS: Final = ("value", "numerator", "denominator", "sample", "status", "source")


def report_of(scenario: Scenario, contract: Contract) -> PerformanceReport:
    """The rows of all periods of a scenario.

    Facts that have not the form of a measure or a list are rejected rows (BPO708).
    """
    made = [row for label, facts in scenario.periods for row in _period(label, facts, contract)]
    rows = tuple(row for row in made if isinstance(row, ReportRow))
    return PerformanceReport(rows, tuple(row for row in made if isinstance(row, RejectedRow)))


def _period(label: Scalar, facts: MapNode, contract: Contract) -> Iterator[ReportRow | RejectedRow]:
    for name, value in facts.entries:
        measure = contract.measures.get(name.text)
        if isinstance(value, ListNode):
            yield from _items(label, name, value)
        elif measure is not None and measure.for_each and isinstance(value, MapNode):
            yield from _lots(label, name, value, measure.for_each, {})
        else:
            yield _long(label, name, value, {})


def _lots(
    label: Scalar, name: Scalar, values: MapNode, scopes: Sequence[str], lot: Mapping[str, Scalar]
) -> Iterator[ReportRow | RejectedRow]:
    """The values of lots: a map of them, and for several scopes maps in maps, in the order of the measure's scopes."""
    for key, value in values.entries:
        named = {**lot, scopes[0]: key}
        if len(scopes) > 1 and isinstance(value, MapNode):
            yield from _lots(label, name, value, scopes[1:], named)
        else:
            yield _long(label, name, value, named)


def _long(label: Scalar, name: Scalar, value: DocNode, scope: Mapping[str, Scalar]) -> ReportRow | RejectedRow:
    """One measure in one period and lot: a value, or a map of its parts."""
    cells = [("period", label), ("measure", name), *scope.items()]
    if isinstance(value, Scalar):
        return _row("long", [*cells, ("value", value)], name.source)
    if not isinstance(value, MapNode):
        return _not_usable(value.source, f"{name.text!r} has a list where a value belongs.")
    parts: list[tuple[str, Scalar]] = []
    for key, part in value.entries:
        if key.text not in _PARTS or not isinstance(part, Scalar):
            return _not_usable(key.source, f"{key.text!r} is no part of a measurement of {name.text!r}.")
        parts.append((key.text, part))
    return _row("long", [*cells, *parts], name.source)


def _items(label: Scalar, name: Scalar, items: ListNode) -> Iterator[ReportRow | RejectedRow]:
    for item in items.items:
        cells = [("period", label), ("list", name)]
        columns = [] if not isinstance(item, MapNode) else [(key, value) for key, value in item.entries]
        texts = [(key.text, value) for key, value in columns if isinstance(value, Scalar)]
        if not columns or len(texts) != len(columns):
            yield _not_usable(item.source, f"An item of {name.text!r} is a map of columns with one value each.")
        else:
            yield _row("items", [*cells, *texts], item.source)


def _row(layout: Layout, cells: Iterable[tuple[str, Scalar]], place: Source) -> ReportRow | RejectedRow:
    return make_row(layout, [(name, Cell(text.text, text.source)) for name, text in cells], place)


def _not_usable(place: Source, problem: str) -> RejectedRow:
    step = f"Write 'measure: value', or a map of {', '.join(_PARTS)}; for a list, '- column: value'."
    return RejectedRow(place, (Finding("BPO708", "facts-not-usable", place, problem, step),))
