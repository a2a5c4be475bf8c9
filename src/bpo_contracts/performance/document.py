"""One period's facts as a performance document, in canonical order: what is sealed with a settlement.

It is the JSON form of a report, so that an auditor reads it as any other. Where earlier periods were settled in passing,
because no settlement of theirs was at hand, their facts stand before those of the period. Of rows that were rejected, and made a
period provisional, a row of the period alone is left, with that status.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from bpo_contracts.performance.facts import Item, Measurement, value_text
from bpo_contracts.performance.measurement import Measurements
from bpo_contracts.performance.shape import ReportShape
from bpo_contracts.values.canonical import canonical_of_known
from bpo_contracts.values.numbers import number_text
from bpo_contracts.values.periods import Period

SCHEMA: Final = "bpo-contracts/performance/1"


def period_document(
    measurements: Measurements,
    period: Period,
    shape: ReportShape,
    *,
    before: Sequence[Period] = (),
) -> dict[str, Any]:
    """The facts of a period, and of those ``before`` it; the order of rows and files, and their layout, change nothing."""
    measured, items, nothing = _rows(measurements, (*before, period), shape)
    document: dict[str, Any] = {"schema": SCHEMA}
    if measured:
        document["measurements"] = measured
    if items:
        document["items"] = items
    if nothing:
        document["periods"] = nothing
    return document


def period_content(
    measurements: Measurements,
    period: Period,
    shape: ReportShape,
    *,
    before: Sequence[Period] = (),
) -> bytes:
    """The canonical JSON of the document."""
    return canonical_of_known(period_document(measurements, period, shape, before=before))


_Rows = list[dict[str, str]]


def _rows(measurements: Measurements, periods: Sequence[Period], shape: ReportShape) -> tuple[_Rows, _Rows, _Rows]:
    """The rows of measurements, of items, and of periods with nothing in them, in canonical order, in the units that are in
    force in the period."""
    measured: _Rows = []
    items: _Rows = []
    empty: _Rows = []
    for period in periods:
        then, label = shape.in_force(period), period.label
        units = {measure.name: measure.unit for measure in then.measures}
        measured += [_measurement(fact, units[fact.measure], label) for fact in measurements.in_period(period).values()]
        lists = sorted(one.name for one in then.lists)
        items += [_item(fact, label) for name in lists for fact in measurements.items(name, period)]
        nothing = measurements.reported_nothing(period)
        if measurements.in_doubt(period):
            empty.append({"period": label, "status": "provisional"})
        elif nothing is not None:
            empty.append({"period": label, "status": nothing.status})
    return measured, items, empty


def _measurement(fact: Measurement, unit: str, period: str) -> dict[str, str]:
    row = {"measure": fact.measure, "period": period}
    if fact.scope:
        row.update(fact.scope)
    if fact.numerator is not None and fact.denominator is not None:
        row["numerator"] = number_text(fact.numerator)
        row["denominator"] = number_text(fact.denominator)
    else:
        row["value"] = value_text(fact.value) + (" %" if unit == "%" else "")
    if fact.sample is not None:
        row["sample"] = number_text(fact.sample)
    return _with_status(row, fact)


def _item(fact: Item, period: str) -> dict[str, str]:
    row = {"period": period, "list": fact.list}
    if fact.key:
        row["item"] = fact.key
    row.update((name, value_text(value)) for name, value in fact.columns)
    return _with_status(row, fact)


def _with_status(row: dict[str, str], fact: Measurement | Item) -> dict[str, str]:
    row["status"] = fact.status
    if fact.evidence:
        row["source"] = fact.evidence
    return row
