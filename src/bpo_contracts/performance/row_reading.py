"""Reading the rows of a report by the contract: one row gives its facts, or everything that is wrong with it.

A row is used whole or not at all: one cell that cannot be used sets the row aside, so that nobody pays on half
of what somebody meant to say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from bpo_contracts.performance.cell_values import read_ratio, read_sample, read_value
from bpo_contracts.performance.facts import Fact, Item, Measurement, NothingReported, Status, Value, value_text
from bpo_contracts.performance.names import Names
from bpo_contracts.performance.report import Cell, ReportRow
from bpo_contracts.performance.rows import ABOUT_THE_ROW, RESERVED, Claim, claims_of, row_findings
from bpo_contracts.performance.shape import ListShape, MeasureShape, ReportShape, in_force
from bpo_contracts.performance.texts import is_identifier, look, seen
from bpo_contracts.values.findings import BadInput, Finding
from bpo_contracts.values.frozen import frozen, slotted
from bpo_contracts.values.periods import Period, parse_period
from bpo_contracts.values.sources import Source


@frozen
class Spelling:
    """A name that the contract does not list: what it names and looks like, how it is spelled, and where."""

    looks: tuple[str, ...]
    text: str
    place: Source


@slotted
class RowReading:
    """What one row says, and what is wrong with it; a row with findings has no facts.

    ``nothing``: the period of a sound row in which no value is filled in. It was reported all the same.
    """

    row: ReportRow
    cells: dict[str, Cell]
    facts: list[Fact] = field(default_factory=list[Fact])
    spellings: list[Spelling] = field(default_factory=list[Spelling])
    findings: list[Finding] = field(default_factory=list[Finding])
    nothing: NothingReported | None = None

    def note(self, code: str, name: str, place: Source, problem: str, next_step: str) -> None:
        """Remember a finding."""
        self.findings.append(Finding(code, name, place, problem, next_step))

    def text(self, name: str, otherwise: str) -> str:
        """The text of a cell, or another text if the cell was not filled in."""
        cell = self.cells.get(name)
        return otherwise if cell is None else cell.text


class RowReader:
    """Reads rows by one shape, each by the version of it that is in force in the row's period."""

    def __init__(self, shape: ReportShape) -> None:
        self._shape = shape
        self._later = [(day, RowReader(version)) for day, version in shape.later]
        self._measures = {measure.name: measure for measure in shape.measures}
        self._lists = {each.name: each for each in shape.lists}
        self._columns = {each.name: {column.name: column for column in each.columns} for each in shape.lists}
        self._allowed = {name: values for name, values in shape.scope_values if values and "" not in values}
        wanted = {scope for measure in shape.measures for scope in measure.scopes}
        self._dimensions = frozenset(wanted | {name for name, _ in shape.scope_values})
        self._measure_names = Names(self._measures)
        self._list_names = Names(self._lists)
        self._long_names = Names(self._dimensions, also=RESERVED["long"])
        self._wide_names = Names({*self._measures, *self._dimensions}, also=ABOUT_THE_ROW)
        self._column_names = {name: Names(columns, also=RESERVED["items"]) for name, columns in self._columns.items()}
        self._value_names = {name: Names(values) for name, values in self._allowed.items()}

    def read(self, row: ReportRow) -> RowReading:
        """The facts of the row, or its findings (BPO313 to BPO344)."""
        reading = RowReading(row, dict(row.cells), findings=row_findings(row))
        if reading.findings:
            return reading
        period = parse_period(reading.cells["period"].text, self._shape.anchor_day)
        return in_force(self, self._later, period)._read(reading, period)

    def _read(self, reading: RowReading, period: Period) -> RowReading:
        """The row by this version alone."""
        self._check_contract(reading)
        self._check_period(reading, period)
        if ABOUT_THE_ROW.issuperset(reading.cells):
            pass  # nothing is filled in: the row says that its period was reported
        elif reading.row.layout == "items":
            self._read_item(reading, period)
        else:
            self._read_measurements(reading, period)
        if reading.findings:
            reading.facts.clear()
        elif not reading.facts:
            reading.nothing = NothingReported(period, _status(reading))
        return reading

    def _check_contract(self, reading: RowReading) -> None:
        cell = reading.cells.get("contract")
        if cell is not None and cell.text != self._shape.contract_id:
            reading.note(
                "BPO327",
                "other-contract",
                cell.place,
                f"The row is about contract {seen(cell.text)}, and this is contract {seen(self._shape.contract_id)}.",
                "Move the row to the report of its own contract.",
            )

    def _check_period(self, reading: RowReading, period: Period) -> None:
        cell = reading.cells["period"]
        every, first, last = self._shape.period_every, self._shape.first, self._shape.last
        if period.every is not every:
            wanted, given = every.noun, period.every.noun
            problem = f"{period} is a {given}, and the contract is settled every {wanted}."
            reading.note("BPO344", "wrong-period-length", cell.place, problem, f"Write the {wanted} the row is about.")
        elif (first and period.number < first.number) or (last and period.number > last.number):
            start, end = f" from {first}" if first else "", f" to {last}" if last else ""
            problem = f"{period} is outside the term of the contract, which runs{start}{end}."
            reading.note("BPO326", "outside-term", cell.place, problem, "Check the period, or remove the row.")

    def _read_measurements(self, reading: RowReading, period: Period) -> None:
        long = reading.row.layout == "long"
        scope = {name: cell for name, cell in reading.row.cells if name in self._dimensions}
        if long:
            self._check_long_columns(reading)
        for name, cell in scope.items():
            self._check_scope_value(reading, name, cell)
        for claim in claims_of(reading.row, self._dimensions):
            place = reading.cells["measure"].place if long else claim.place
            shape = self._measures.get(claim.measure)
            if shape is not None:
                self._read_claim(reading, period, scope, claim, shape)
            else:
                noun, names = ("measure", self._measure_names) if long else ("column", self._wide_names)
                problem = f"The contract has no {noun} {seen(claim.measure)}."
                reading.note("BPO320", "unknown-measure", place, problem, names.advice(claim.measure, "measures"))

    def _check_long_columns(self, reading: RowReading) -> None:
        for name, cell in reading.row.cells:
            if name not in RESERVED["long"] and name not in self._dimensions:
                problem = f"The contract has no dimension {seen(name)}, and reports have no such column."
                reading.note(
                    "BPO322", "unknown-column", cell.place, problem, self._long_names.advice(name, "dimensions")
                )
        measure = reading.cells["measure"]
        if measure.text not in self._measures and not claims_of(reading.row):
            problem = f"The contract has no measure {seen(measure.text)}."
            advice = self._measure_names.advice(measure.text, "measures")
            reading.note("BPO320", "unknown-measure", measure.place, problem, advice)

    def _check_scope_value(self, reading: RowReading, name: str, cell: Cell) -> None:
        if name in self._allowed:
            if cell.text not in self._allowed[name]:
                problem = f"The contract has no {name} {seen(cell.text)}."
                advice = self._value_names[name].advice(cell.text, f"values for {name}")
                reading.note("BPO323", "unknown-scope-value", cell.place, problem, advice)
        elif is_identifier(cell.text):
            reading.spellings.append(Spelling(("scope", name, look(cell.text)), cell.text, cell.place))
        else:
            problem = f"The {name} is a name, and {seen(cell.text)} is not one."
            step = "Use 1 to 64 of the letters A-Z and a-z, digits, point, underscore and hyphen, without spaces."
            reading.note("BPO323", "unknown-scope-value", cell.place, problem, step)

    def _read_claim(
        self, reading: RowReading, period: Period, scope: Mapping[str, Cell], claim: Claim, shape: MeasureShape
    ) -> None:
        _check_scopes(reading, scope, claim, shape)
        value: Value | None = None
        numerator = denominator = sample = None
        try:
            if claim.value is not None:
                value = read_value(claim.value, shape)
            else:
                value, numerator, denominator = read_ratio(claim, shape)
        except BadInput as bad:
            reading.findings += bad.findings
        try:
            sample = read_sample(claim.sample, shape.name) if claim.sample is not None else None
        except BadInput as bad:
            reading.findings += bad.findings
        if value is None:
            return
        reading.facts.append(
            Measurement(
                measure=shape.name,
                period=period,
                scope=tuple(sorted((name, cell.text) for name, cell in scope.items())),
                value=value,
                numerator=numerator,
                denominator=denominator,
                sample=sample,
                status=_status(reading),
                evidence=reading.text("source", ""),
                place=claim.place,
            )
        )

    def _read_item(self, reading: RowReading, period: Period) -> None:
        cell = reading.cells["list"]
        shape = self._lists.get(cell.text)
        if shape is None:
            problem = f"The contract has no list {seen(cell.text)}."
            advice = self._list_names.advice(cell.text, "lists")
            reading.note("BPO321", "unknown-list", cell.place, problem, advice)
            return
        columns = self._item_columns(reading, shape)
        key = _item_key(reading, columns, shape)
        if key:
            reading.spellings.append(Spelling(("item", shape.name, period.label, look(key)), key, reading.row.place))
        reading.facts.append(
            Item(
                list=shape.name,
                period=period,
                key=key,
                columns=tuple(sorted(columns.items())),
                status=_status(reading),
                evidence=reading.text("source", ""),
                place=reading.row.place,
            )
        )

    def _item_columns(self, reading: RowReading, shape: ListShape) -> dict[str, Value]:
        cells = {name: cell for name, cell in reading.row.cells if name not in RESERVED["items"]}
        if shape.key is not None and shape.key not in cells and "item" in reading.cells:
            cells[shape.key] = reading.cells["item"]
        columns: dict[str, Value] = {}
        for name, cell in cells.items():
            column = self._columns[shape.name].get(name)
            if column is None:
                problem = f"The list {shape.name} has no column {seen(name)}."
                advice = self._column_names[shape.name].advice(name, f"columns for {shape.name}")
                reading.note("BPO322", "unknown-column", cell.place, problem, advice)
                continue
            try:
                columns[name] = read_value(cell, column)
            except BadInput as bad:
                reading.findings += bad.findings
        return columns


def _check_scopes(reading: RowReading, scope: Mapping[str, Cell], claim: Claim, shape: MeasureShape) -> None:
    for name in sorted(set(shape.scopes) - set(scope)):
        problem = f"{shape.name} is reported for each {name}, and the row names none."
        reading.note("BPO324", "scope-missing", claim.place, problem, f"Fill in the column {name}.")
    for name in sorted(set(scope) - set(shape.scopes)):
        problem = f"{shape.name} is not reported for each {name}, and the row names {seen(scope[name].text)}."
        step = f"Report {shape.name} in a row where {name} is empty."
        reading.note("BPO325", "scope-not-wanted", scope[name].place, problem, step)


def _item_key(reading: RowReading, columns: Mapping[str, Value], shape: ListShape) -> str:
    """What identifies the item: its key column, or the cell ``item`` where the list has none; empty if nothing does."""
    item = reading.cells.get("item")
    if shape.key is None:
        return item.text if item is not None else ""
    given = reading.cells.get(shape.key)
    if given is None and item is None:
        problem = f"An item of {shape.name} is known by its {shape.key}, and this row has none."
        reading.note("BPO341", "item-key-missing", reading.row.place, problem, f"Fill in the column {shape.key}.")
    elif given is not None and item is not None and given.text != item.text:
        problem = f"The item is called {seen(item.text)} here, and its {shape.key} is {seen(given.text)}."
        reading.note("BPO341", "item-key-missing", item.place, problem, f"Empty the column item, or the {shape.key}.")
    return value_text(columns[shape.key]) if shape.key in columns else ""


def _status(reading: RowReading) -> Status:
    return "provisional" if reading.text("status", "final") == "provisional" else "final"
