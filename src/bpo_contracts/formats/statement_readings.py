"""The measured figure against its bands: which tables a line looked something up in, and what it found."""

from __future__ import annotations

from fractions import Fraction

from bpo_contracts.formats.statement_model import Band, Line, Statement, StepText, Table
from bpo_contracts.formats.statement_words import clean, exact, quantity
from bpo_contracts.values.frozen import frozen


@frozen
class Reading:
    """A table that was read: the step that holds its result, the band that was reached, and the measured value.

    ``band`` is None if no row of the table is the one the step names; ``value`` is None if the document does not
    hold the measured figure in the table's unit.
    """

    table: Table
    step: StepText
    band: Band | None
    measured: StepText | None

    @property
    def value(self) -> Fraction | None:
        """The measured number, in the unit of the table; None where it cannot be compared with the rows."""
        if self.measured is None or self.measured.unit != self.table.measure_unit:
            return None
        return exact(self.measured.value)

    @property
    def measured_text(self) -> str:
        """The measured value for a person, with its unit; "no value" where there is none."""
        if self.measured is None:
            return ""
        return quantity(self.measured.value, self.measured.unit) or "no value"

    @property
    def says(self) -> str:
        """What was measured, in words."""
        return (self.measured.says if self.measured else "") or self.table.measure


def readings(statement: Statement, line: Line) -> list[Reading]:
    """The tables that were read for a line, outermost first.

    Those of the line's own clause; if an amount has none, those of the figures it is made of. What another clause read
    stands on the line of that clause, and what was read for another lot on the line of that lot. A consequence has no table
    of its own and shows all that it rests on.
    """
    own = line.name.partition(".")[0]
    lot = {*line.trail[0][1].split(",")} if line.trail and line.trail[0][1] else None

    def is_its_own(figure: str) -> bool:
        return line.group == "consequence" or statement.owner(figure) in ("", own)

    found = [
        reading
        for _, step, _ in statement.walk(line.trail, below=lambda step: is_its_own(step.figure))
        if step is not None
        for table in statement.tables
        if table.figure in step.figures and is_its_own(table.figure)
        if lot is None or not step.item or {*step.item.split(",")} <= lot
        for reading in [_reading(statement, table, step)]
    ]
    found = [one for one in found if one.band or not any(two.band and two.step is one.step for two in found)]
    of_clause = [reading for reading in found if reading.step.clause == line.clause]
    return of_clause if of_clause or line.group == "consequence" else found


def _reading(statement: Statement, table: Table, step: StepText) -> Reading:
    items = (step.item, "")
    measured = next((statement.steps[ref] for item in items if (ref := (table.measure, item)) in statement.steps), None)
    if measured is None:
        premises = (statement.steps.get(ref) for ref in statement.premises(step))
        measured = next((premise for premise in premises if premise and premise.says == table.measure), None)
    labels = [step.reached, *step.reached.split("; ")]  # a figure that asks several questions names all its rows
    band = next((band for label in labels for band in table.bands if band.label == label), None)
    return Reading(table, step, band, measured)


def reading_text(reading: Reading) -> str:
    """What was measured and the row it reached: ``answered in time = 91.5 %, in the row "90 % to under 95 %": 8 %``."""
    item = f" ({clean(reading.step.item)})" if reading.step.item else ""
    measured = (
        f"{clean(reading.says)}{item} = {reading.measured_text}" if reading.measured else f"{clean(reading.says)}{item}"
    )
    if reading.band is None:
        why = "" if reading.step.value else clean(reading.step.note)
        return f"{measured}: {why or 'no row of the table was reached'}"
    gives = quantity(reading.band.gives, reading.band.gives_unit)
    if gives == "formula":
        gives = quantity(reading.step.value, reading.step.unit)
    return f'{measured}, in the row "{clean(reading.band.label)}"' + (f": {gives}" if gives else "")
