"""A mistake in a unit is refused before any data is seen, with its place; it is never settled."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.laws.drawn import Document
from tests.laws.limiting import FAMILY, kind_of, name_of

from bpo_contracts.services.settling import measured, settle
from bpo_contracts.settlement.prepare import prepare
from bpo_contracts.testing.strategies import contract_of, contracts, report_of, reports
from bpo_contracts.values.findings import BadInput

WRONG = {"%": "minutes", "calls": "%", "minutes": "%", "hours": "%", "points": "%"}
"""Another unit, which every contract knows."""

Mistake = tuple[str, Callable[[Document], None]]
"""What is wrong, and what makes it so (given a copy of the contract)."""


def _wrong(text: str, unit: str) -> str:
    return text.replace(unit, WRONG.get(unit, "%"))


def _in_measures(written: Document) -> Iterator[Mistake]:
    for name, measure in written["measures"].items():
        unit = measure["unit"]
        if unit in ("yes/no", "word", "day"):
            continue
        for field in ("precision", "missing", "between", "below_sample", "minimum_sample"):
            text = measure.get(field, "")
            if field == "minimum_sample" and text:
                yield f"{field} of {name}", _set(("measures", name, field), f"{text} %")
            elif f" {unit}" in text:
                yield f"{field} of {name}", _set(("measures", name, field), _wrong(text, unit))


def _in_clauses(written: Document) -> Iterator[Mistake]:
    currency, measures = written["currency"], written["measures"]
    foreign = "USD"
    for index, clause in enumerate(written["clauses"]):
        path, kind = ("clauses", index), kind_of(clause)
        unit = measures.get(clause.get("measure"), {}).get("unit", "")
        for field in ("table", "slices", "line"):
            rows = clause.get(field, {})
            labels = [label for label in rows if unit and f" {unit}" in label]
            if labels:
                yield f"row of {field}", _renamed((*path, field), labels[0], _wrong(labels[0], unit))
            given = [label for label, gives in rows.items() if currency in gives or "%" in gives]
            if given:
                pair = ("%", currency) if "%" in rows[given[0]] else (currency, foreign)
                swapped = rows[given[0]].replace(*pair)
                if len({gives for gives in rows.values() if gives not in ("none", "0")}) > 1 or "of" in clause:
                    yield f"value in {field}", _set((*path, field, given[0]), swapped)
        for field in ("per", "expected", "minimum", "stretch"):
            if unit and f" {unit}" in clause.get(field, ""):
                yield field, _set((*path, field), _wrong(clause[field], unit))
        for field in ("amount", "price", "at_most", "at_least"):
            if f" {currency}" in clause.get(field, ""):
                yield f"{field} of {kind}", _set((*path, field), clause[field].replace(f" {currency}", f" {foreign}"))
        if "%" in clause.get("rate_at_most", "") and any(
            "%" in str(clause.get(one)) for one in ("table", "line", "rate")
        ):
            yield "rate_at_most", _set((*path, "rate_at_most"), f"1 {currency}")
        if "round" in clause:
            yield "round", _set((*path, "round"), "half up to 0.01 %")
        if unit and kind in FAMILY and "only_if" not in clause:
            yield "condition", _set((*path, "only_if"), f"{clause['measure']} is over 3 {WRONG.get(unit, '%')}")
        if "of" in clause and kind in FAMILY:
            yield "base", _set((*path, "of"), "5 minutes")


def _in_figures(written: Document) -> Iterator[Mistake]:
    currency = written["currency"]
    charges = [one for one in written["clauses"] if FAMILY.get(kind_of(one)) == "charge"]
    plain = [name_of(one) for one in charges if "for_each" not in one]
    yield "two currencies", _figure(f"1.00 {currency} + 1.00 USD")
    yield "a percentage times money", _figure(f"10 % * 5.00 {currency}")
    yield "a percentage plus money", _figure(f"10 % + 5.00 {currency}")
    yield "money compared with time", _figure(f"5.00 {currency} > 5 minutes")
    yield "the larger of two units", _figure(f"max(5.00 {currency}, 5 %)")
    yield "one of two units", _figure(f"if 1 > 2 then 5.00 {currency} else 5 minutes")
    if plain:
        yield "a clause plus a percentage", _figure(f"{plain[0]} + 5 %")
        yield "a percentage times a clause", _figure(f"5 % * {plain[0]}")
    yield "rounding of the lines", _set(("rounding", "lines"), "half up to 0.01 USD")


def _set(path: tuple[Any, ...], value: str) -> Callable[[Document], None]:
    def change(document: Document) -> None:
        for part in path[:-1]:
            document = document[part]
        document[path[-1]] = value

    return change


def _renamed(path: tuple[Any, ...], old: str, new: str) -> Callable[[Document], None]:
    def change(document: Document) -> None:
        for part in path[:-1]:
            document = document[part]
        document[path[-1]] = {new if key == old else key: value for key, value in document[path[-1]].items()}

    return change


def _figure(formula: str) -> Callable[[Document], None]:
    def change(document: Document) -> None:
        document["figures"] = {**document.get("figures", {}), "mistaken": formula}

    return change


@settings(max_examples=25)
@given(st.data())
def test_a_unit_mistake_is_refused_with_its_place(data: st.DataObject) -> None:
    written = data.draw(contracts())
    mistakes = [*_in_measures(written), *_in_clauses(written), *_in_figures(written)]
    for index in data.draw(st.lists(st.integers(0, len(mistakes) - 1), min_size=5, max_size=5, unique=True)):
        what, change = mistakes[index]
        mistaken = copy.deepcopy(written)
        change(mistaken)
        assert mistaken != written
        try:
            prepare(contract_of(mistaken))
        except BadInput as bad:
            for finding in bad.findings:
                assert finding.source.line, (what, finding.render())
                assert finding.next_step, (what, finding.render())
        else:
            pytest.fail(f"a mistake in the units of {what} was not refused: {mistaken}")


@settings(max_examples=10)
@given(contracts())
def test_a_table_that_gives_nothing_fits_every_base(written: Document) -> None:
    """A bare zero is nothing of anything: a schedule that is not filled in yet is no mistake in units."""
    written.pop("amendments", None)  # which could fill a row in, and that row pay the wrong way
    for clause in written["clauses"]:
        for field in ("table", "line"):
            if field in clause and kind_of(clause) != "transaction_charge":
                clause[field] = dict.fromkeys(clause[field], "none")
                for judged in ("rate_at_most", "expected", "minimum", "stretch"):
                    clause.pop(judged, None)
    prepare(contract_of(written))  # raises nothing


@settings(max_examples=15)
@given(st.data())
def test_a_reported_value_in_the_wrong_unit_is_never_used(data: st.DataObject) -> None:
    """The row is set aside with a finding at the cell, and its period is not settled: it is not missing data either."""
    written = data.draw(contracts())
    contract = contract_of(written)
    report = data.draw(reports(contract, periods=1))
    units = {name: measure["unit"] for name, measure in written["measures"].items()}
    rows = [row for row in report["measurements"] if units[row["measure"]] in WRONG and "value" in row]
    if not rows:
        return
    row = data.draw(st.sampled_from(rows))
    wrong = row | {"value": f"{row['value'].split(' ')[0]} {WRONG[units[row['measure']]]}"}
    changed = [wrong if one is row else one for one in report["measurements"]]
    measurements = measured(prepare(contract), report_of(report | {"measurements": changed}))
    assert [[finding.code for finding in one.findings] for one in measurements.rejected] == [["BPO333"]]
    assert all(finding.source.line for one in measurements.rejected for finding in one.findings)
    scope = tuple(sorted((name, row[name]) for name in ("site", "tier") if name in row))
    assert (row["measure"], scope) not in measurements.in_period(contract.first_period)
    with pytest.raises(BadInput) as refused:
        settle(contract, measurements, period=contract.first_period, engine="reference")
    assert "BPO333" in {finding.code for finding in refused.value.findings}
