"""What a contract expects to be reported, as signed and as amended: the shape by which the rows of a report are read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

from bpo_contracts.contract.contract import Contract
from bpo_contracts.contract.lowering import Terms, between
from bpo_contracts.performance.shape import ListShape, MeasureShape, ReportShape
from bpo_contracts.settlement.usual_values import high_ends_only
from bpo_contracts.values.units import Unit


def report_shape(terms: Terms, later: Sequence[tuple[date, Terms]] = ()) -> ReportShape:
    """What the contract expects to be reported: as signed, and from each day on as it was amended.

    A row may also name what only another version measures, as one file often holds months before and after an
    amendment; no settlement of this version reads it.
    """
    if not later:
        return _own_shape(terms)
    versions = [terms, *(version for _, version in later)]
    own = [_own_shape(version) for version in versions]
    shapes = [_with_others(version.contract, shape, own) for version, shape in zip(versions, own, strict=True)]
    days = (day for day, _ in later)
    return replace(shapes[0], later=tuple(zip(days, shapes[1:], strict=True)))


def _own_shape(terms: Terms) -> ReportShape:
    contract = terms.contract
    return ReportShape(
        contract.id,
        tuple(_measure_shapes(terms)),
        tuple(_list_shapes(terms)),
        tuple(sorted(contract.scopes.items())),
        contract.every,
        contract.anchor_day,
        contract.first_period,
        contract.last_period,
    )


def _with_others(contract: Contract, shape: ReportShape, versions: Sequence[ReportShape]) -> ReportShape:
    """The shape, with what other versions measure under names that this one does not use."""
    used = {*contract.measures, *contract.scopes}
    measures: dict[str, MeasureShape] = {}
    lists: dict[str, ListShape] = {}
    scopes: dict[str, tuple[str, ...]] = {}
    for other in reversed(versions):
        measures |= {one.name: one for one in other.measures if one.name not in used}
        lists |= {one.name: one for one in other.lists if one.name not in contract.lists}
        scopes |= {name: values for name, values in other.scope_values if name not in used}
    return replace(
        shape,
        measures=(*shape.measures, *measures.values()),
        lists=(*shape.lists, *lists.values()),
        scope_values=tuple(sorted([*shape.scope_values, *scopes.items()])),
    )


def _measure_shapes(terms: Terms) -> list[MeasureShape]:
    contract, measures = terms.contract, []
    high_ends = high_ends_only(terms)
    for name, measure in contract.measures.items():
        if measure.computed:
            continue
        unit = terms.measure_units[name]
        low, high = _range(terms, measure.between, unit, ("measures", name, "between"))
        measures.append(
            MeasureShape(
                name,
                unit.kind,
                _unit_text(unit, measure.unit),
                low,
                high,
                measure.whole == "yes",
                scopes=tuple(sorted(measure.for_each)),
                words=measure.words,
                fraction_is_suspicious=name in high_ends and (high is None or high > 5),
            )
        )
    return measures


def _list_shapes(terms: Terms) -> list[ListShape]:
    lists, high_ends = [], high_ends_only(terms)
    for name, items in terms.contract.lists.items():
        columns = []
        for column, text in items.columns.items():
            unit = terms.measure_units[f"{name}.{column}"]
            low, high = _range(terms, items.between.get(column), unit, ("lists", name, "between", column))
            columns.append(
                MeasureShape(
                    column,
                    unit.kind,
                    _unit_text(unit, text),
                    low,
                    high,
                    words=items.words.get(column, ()),
                    fraction_is_suspicious=f"{name}.{column}" in high_ends and (high is None or high > 5),
                )
            )
        lists.append(ListShape(name, tuple(columns), items.key))
    return lists


def _range(
    terms: Terms, text: str | None, unit: Unit, path: tuple[str, ...]
) -> tuple[Fraction | None, Fraction | None]:
    """A plausible range in the unit as it is written; it was checked when the contract was lowered."""
    low, high = between(text, unit, terms.nouns, terms.contract.place(path))
    return low and low / unit.factor, high and high / unit.factor


def _unit_text(unit: Unit, written: str) -> str:
    return written if unit.kind == "number" and not unit.is_plain else ""
