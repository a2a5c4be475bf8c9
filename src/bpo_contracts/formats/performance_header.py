"""The header of a performance CSV: it alone tells the layout, so it must be right.

Every column has a name, no two have one name (nor names that look the same), and the columns that the layout
needs are there. A wrong header makes every row doubtful; so it refuses the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from bpo_contracts.performance.names import Names
from bpo_contracts.performance.report import Layout
from bpo_contracts.performance.rows import RESERVED
from bpo_contracts.performance.texts import look, seen, unclean
from bpo_contracts.values.findings import Finding
from bpo_contracts.values.sources import Source

COLUMNS_MAX: Final = 500
NAME_MAX: Final = 130

_OTHER_SEPARATORS: Final = ((";", "semicolons"), ("\t", "tabs"), ("|", "vertical bars"))
_SPECIAL: Final = Names(RESERVED["long"] | RESERVED["items"])


class Column(NamedTuple):
    """One column's name and its place in the header."""

    name: str
    place: Source


def layout_of(names: Iterable[str]) -> Layout:
    """The layout that these column names stand for."""
    names = set(names)
    return "long" if "measure" in names else "items" if "list" in names else "wide"


def header_findings(columns: Sequence[Column]) -> list[Finding]:
    """What is wrong with the header (BPO302 or BPO306); empty if it can be used."""
    place = columns[0].place
    if len(columns) > COLUMNS_MAX:
        problem = f"The header has {len(columns):,} columns; the limit is {COLUMNS_MAX}."
        return [Finding("BPO302", "too-large", place, problem, "Check that this is the right file.")]
    separator = next((name for sign, name in _OTHER_SEPARATORS if sign in columns[0].name), None)
    if len(columns) == 1 and separator:
        problem = f"The columns seem to be separated by {separator}; they must be separated by commas."
        return [_bad(place, problem, "Save the file as CSV separated by commas, with decimal points.")]
    return [*_name_findings(columns), *_column_findings({column.name for column in columns}, place)]


def _bad(place: Source, problem: str, step: str, *also: Source) -> Finding:
    return Finding("BPO306", "bad-header", place, problem, step, also)


def _name_findings(columns: Sequence[Column]) -> list[Finding]:
    findings: list[Finding] = []
    first: dict[str, Column] = {}
    for column in columns:
        name, place = column
        unfit = f"is longer than {NAME_MAX} characters" if len(name) > NAME_MAX else unclean(name)
        twin = first.setdefault(look(name), column)
        if not name:
            findings.append(_bad(place, "A column has no name.", "Name it, or delete the column in every row."))
        elif unfit:
            findings.append(_bad(place, f"A column name {unfit}.", "Type the name again."))
        elif twin is not column:
            problem = f"Two columns have one name: {seen(twin.name)} and {seen(name)}."
            findings.append(_bad(place, problem, "Keep one of the two, or rename it.", twin.place))
    return findings


def _column_findings(names: set[str], place: Source) -> list[Finding]:
    layout = layout_of(names)
    missing: list[str] = [] if "period" in names else ["period"]
    if layout == "long" and not ("value" in names or {"numerator", "denominator"} <= names):
        missing.append("value")
    misplaced = sorted(names & {"value", "numerator", "denominator", "sample"}) if layout != "long" else []
    findings = [_missing(names, name, place) for name in missing]
    if misplaced:
        problem = f"There is a column {misplaced[0]} and no column measure that says what it is the {misplaced[0]} of."
        findings.append(_bad(place, problem, "Add a column measure, or name the column after its measure."))
    if layout == "long" and "list" in names:
        problem = "There are columns measure and list; a row is either a measurement or an item of a list."
        findings.append(_bad(place, problem, "Write measurements and items in two files."))
    return findings


def _missing(names: set[str], name: str, place: Source) -> Finding:
    near = next((given for given in sorted(names - {name}) if _SPECIAL.nearest(given) == name), None)
    advice = f"Write {name} for {near}." if near else f"Add the column {name}."
    if name == "value" and not near:
        advice = "Add a column value, or the columns numerator and denominator."
    return _bad(place, f"The header has no column {name}.", advice)
