"""Reading the texts of a contract into nodes: formulas, quantities, roundings, rows. Every mistake is noted at its
place."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from math import prod
from typing import Any, Final, get_args

from bpo_contracts.contract.clauses.base import Clause
from bpo_contracts.contract.contract import Contract, Weekday
from bpo_contracts.contract.lowering.grains import Grain, grain_of
from bpo_contracts.contract.lowering.results import Group, Line, Outcome, Table
from bpo_contracts.contract.next_steps import code_step
from bpo_contracts.terms import nodes as n
from bpo_contracts.terms.bands import check_rows, parse_row, with_otherwise
from bpo_contracts.terms.formula import parse_formula
from bpo_contracts.terms.items import joined
from bpo_contracts.terms.phrases import parse_quantity, parse_rounding
from bpo_contracts.terms.written import said_plainly, unit_step
from bpo_contracts.values.currencies import MINOR_DIGITS
from bpo_contracts.values.findings import BadInput, Finding, refuse
from bpo_contracts.values.numbers import number_text
from bpo_contracts.values.periods import NotADay, NotAPeriod, parse_day, parse_period
from bpo_contracts.values.rounding import Rounding
from bpo_contracts.values.sources import Source
from bpo_contracts.values.units import ANY_ZERO, PLAIN, Unit, WrongUnit, money, parse_unit, same

ZERO = n.ZERO

_OF_MONTHS: Final = frozenset(("sum", "average", "highest", "lowest", "percentile", "median"))
"""Aggregates that a series can have over months before the term, too."""

_WEEK: Final = get_args(Weekday)

LOTS_MAX: Final = 10_000
"""The most lots, or combinations of lots, that there may be one value for each of."""


class Reading:
    """The contract at hand, what has been collected from it, and the reading of its texts."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self.figures: list[n.Figure] = []
        self.findings: list[Finding] = []
        self.notes: list[Finding] = []
        self.lines: list[Line] = []
        self.outcomes: list[Outcome] = []
        self.tables: list[Table] = []
        self._pools: list[Clause] = []
        self._exclusions: list[tuple[int, Any]] = []
        self.combined: dict[str, str] = {}
        """For clauses that were combined with others before any limit: the figure of what they pay."""
        self._groups: dict[str, Group] = {}
        self._clause: Clause | None = None
        self._figure_for_each: tuple[str, ...] = ()
        self._path: tuple[str | int, ...] = ()
        self._index = -1
        self.nouns = self._nouns()
        self.units: dict[str, Unit] = {}
        self.series: dict[str, n.SeriesValue] = {}
        self._grains: dict[str, Grain] = {}
        self._ranges: dict[str, tuple[Fraction | None, Fraction | None]] = {}
        self.pers: set[str] = set()

    def _nouns(self) -> frozenset[str]:
        """Count nouns: declared units, and the units of measures and columns that are not built in."""
        nouns = set(self.contract.units)
        texts = [measure.unit for measure in self.contract.measures.values()]
        texts += [unit for one in self.contract.lists.values() for unit in one.columns.values()]
        for text in texts:
            try:
                parse_unit(text, nouns)
            except WrongUnit:
                if text.isidentifier() and text.islower():
                    nouns.add(text)
        return frozenset(nouns)

    def _line_of(self, table: dict[str, str], path: tuple[str | int, ...], at: n.AnyNode) -> n.AnyNode:
        unit, place = self._unit_of(at), self.contract.key_place(path)
        points = []
        for label, gives in table.items():
            point = self._quantity(label, (*path, label), unit, key=True)
            points.append(
                n.Row(label, point, True, point, True, self._gives(gives, (*path, label)), source=point.source)
            )
        if len(points) < 2:
            self._note_problem("BPO270", "too-few-points", place, "A line needs at least two points.")
        ordered = tuple(
            sorted(points, key=lambda row: row.low.value if isinstance(row.low, n.Quantity) else Fraction(0))
        )
        return n.Curve(ordered, "line", at, source=place)

    def _parse(self, text: str, path: tuple[str | int, ...], parse: Callable[..., n.AnyNode]) -> n.AnyNode:
        try:
            node = parse(text, nouns=self.nouns, source=self.contract.place(path), every=self.contract.every)
        except BadInput as bad:
            self.findings += said_plainly(bad.findings, text, self.nouns, self.contract.place(path))
            return ZERO
        return n.changed(node, self._known_here)

    def _known_here(self, node: n.AnyNode) -> n.AnyNode:
        """What a formula alone does not know: where the term begins and ends, and which names are series.

        A series has values for months before the term, too: ``cpi 3 months ago`` is looked up as ``cpi`` is, and so is
        each month of ``cpi over last 12 months``.
        """
        match node:
            case n.PeriodPlace():
                first, last = self.contract.first_period.number, self.contract.last_period.number
                return replace(node, begins=first, ends=last)
            case n.Dated(of=name) if name:
                return self._on_day(node)
            case n.WorkingDays():
                return self._by_calendar(node)
            case n.Earlier(name=name, periods=periods, before_start=None) if name in self.contract.series:
                return self._series_ago(name, periods, node)
            case n.Fold(kind=kind, item=n.Name(name=name), where=None) if kind in _OF_MONTHS:
                return self._of_series(name, node) if name in self.contract.series else node
            case _:
                return node

    def _by_calendar(self, node: n.WorkingDays) -> n.AnyNode:
        calendar = self.contract.calendars.get(node.calendar)
        if calendar is None:
            known = ", ".join(sorted(self.contract.calendars)) or "none are declared"
            problem = f"{node.calendar!r} is no calendar of this contract ({known})."
            step = "Declare its weekend and holidays under 'calendars', or name another one."
            self._note_next("BPO163", "unknown-calendar", node.source, problem, step)
            return ZERO
        weekend = tuple(sorted(_WEEK.index(day) for day in set(calendar.weekend)))
        covers = calendar.covers_from, calendar.covers_until
        return replace(node, weekend=weekend, holidays=tuple(sorted(set(calendar.holidays))), covers=covers)

    def _of_series(self, name: str, node: n.Fold) -> n.AnyNode:
        """An aggregate of so many months of a series, each of them looked up."""
        window = node.over
        if not isinstance(window, n.Window) or window.length is None or window.short != "refuse":
            return node
        first = 1 if window.previous else 0
        values = [self._series_ago(name, ago, node) for ago in range(first, first + window.length)]
        return replace(node, item=None, over=tuple(values))

    def _on_day(self, node: n.Dated) -> n.AnyNode:
        """``price on made_on``: a parameter with values by date, or a series, as it holds on a day."""
        if node.of in self.contract.series:
            value = self.series.get(node.of)
            return ZERO if value is None else replace(value, at=node.at, source=node.source)
        parameter = self.contract.parameters.get(node.of)
        if parameter is None or isinstance(parameter, str) or parameter.for_each:
            problem = f"{node.of!r} has no values by date, and 'on' reads what holds on a day."
            step = "Give the parameter a value for each day from which it holds, or leave the day out."
            self._note_next("BPO289", "no-values-by-date", node.source, problem, step)
            return ZERO
        return replace(node, entries=self._entries(parameter.values, ("parameters", node.of)))

    def _entries(self, values: dict[str, str], path: tuple[str | int, ...]) -> tuple[tuple[date, n.AnyNode], ...]:
        """What holds from each day on, in the order of the days."""
        entries = []
        for label, text in values.items():
            place = self.contract.key_place((*path, label))
            try:
                day = first_day(label)
            except NotADay as wrong:
                self._note_problem("BPO238", "not-a-date", place, str(wrong) + ".")
                continue
            entries.append((day, self._parse(text, (*path, label), parse_formula)))
        return tuple(sorted(entries, key=lambda one: one[0]))

    def _series_ago(self, name: str, periods: int, node: n.AnyNode) -> n.AnyNode:
        value = self.series.get(name)
        if value is None:  # its own mistakes are noted where it is declared
            return ZERO
        return replace(value, months_ago=periods * self.contract.every.value, source=node.source)

    def _quantity(self, text: str, path: tuple[str | int, ...], unit: Unit | None, *, key: bool = False) -> n.AnyNode:
        place = self.contract.key_place(path) if key else self.contract.place(path)
        try:
            return parse_quantity(text, self.nouns, place, default_unit=unit)
        except BadInput as bad:
            self.findings += said_plainly(bad.findings, text, self.nouns, place)
            return ZERO

    def _rounding(self, text: str, path: tuple[str | int, ...], unit: Unit | None) -> Rounding | None:
        try:
            parsed = parse_rounding(text, self.nouns, self.contract.place(path))
        except BadInput as bad:
            self.findings += said_plainly(bad.findings, text, self.nouns, self.contract.place(path))
            return None
        if parsed is None:
            return None
        rounding, own = parsed
        if unit is not None and own not in (unit, PLAIN, ANY_ZERO):
            problem = f"The precision is in {own}, and the measure is in {unit}."
            self._note_problem("BPO234", "precision-in-wrong-unit", self.contract.place(path), problem)
        if unit is not None and own == PLAIN and unit.factor != 1:
            return Rounding(rounding.mode, rounding.grain * unit.factor)
        return rounding

    def _as_written(self, item: n.AnyNode, text: str, path: tuple[str | int, ...]) -> n.AnyNode:
        """The item, rounded as a text says whose unit the check of units compares with that of the item."""
        place = self.contract.place(path)
        try:
            parsed = parse_rounding(text, self.nouns, place)
        except BadInput as bad:
            self.findings += said_plainly(bad.findings, text, self.nouns, place)
            return item
        return item if parsed is None else n.Round(item, *parsed, source=place)

    def _line_rounding(self, own: str | None) -> Rounding:
        path = (*self._path, "round") if own else ("rounding", "lines")
        text = own or self.contract.rounding.lines
        rounding = self._rounding(text, path, money(self.contract.currency))
        smallest = Fraction(1, 10 ** MINOR_DIGITS[self.contract.currency])
        if rounding is not None and rounding.grain % smallest:
            problem = (
                f"Lines are rounded to {number_text(rounding.grain)}, and the smallest amount in"
                f" {self.contract.currency} is {number_text(smallest)}."
            )
            self._note_problem("BPO154", "rounding-finer-than-currency", self.contract.place(path), problem)
        if rounding is None:
            problem = "Every line that is paid is rounded; 'unrounded' is not possible here."
            self._note_problem("BPO235", "line-not-rounded", self.contract.place(path), problem)
            from bpo_contracts.values.rounding import Mode

            return Rounding(Mode.HALF_UP, Fraction(1, 100))
        return rounding

    def _rows(
        self,
        field_name: str,
        at: n.AnyNode,
        *,
        closed: bool,
        within: tuple[Fraction | None, Fraction | None] | None = None,
        flat_fees: bool = False,
    ) -> tuple[n.Row, ...]:
        table, path = getattr(self._clause, field_name), (*self._path, field_name)
        return self._rows_of(table, path, at, closed=closed, within=within, flat_fees=flat_fees)

    def _rows_of(
        self,
        table: dict[str, str],
        path: tuple[str | int, ...],
        at: n.AnyNode,
        *,
        closed: bool,
        within: tuple[Fraction | None, Fraction | None] | None = None,
        flat_fees: bool = False,
        counts: bool = False,
    ) -> tuple[n.Row, ...]:
        """The rows of a table, checked over the range of what it is read at (``within`` where that is no measure).

        ``closed``: each value has exactly one row. Slices have to touch, and it does not matter to which of two a
        common
        end belongs, unless a flat fee falls due there (``flat_fees`` allows rows such as ``5 EUR per call, plus 3
        EUR once
        reached``). ``counts``: what is read is a plain whole number from 1 on.
        """
        unit = PLAIN if counts else self._unit_of(at)
        precision, low, high = (Fraction(1), Fraction(1), None) if counts else self._range_of(at)
        low, high = within or (low, high)
        labels = [(label, self.contract.key_place((*path, label))) for label in table]
        texts = {label: _with_flat_fee(text) if flat_fees else (text, "") for label, text in table.items()}
        gives = [self._gives(text, (*path, label)) for label, (text, _) in texts.items()]
        flats = {label: self._gives(flat, (*path, label)) for label, (_, flat) in texts.items() if flat}
        try:
            rows = parse_rows(labels, gives, nouns=self.nouns, default_unit=unit, precision=precision)
        except BadInput as bad:
            self.findings += bad.findings
            return (n.Row("otherwise", None, False, None, False, ZERO),)
        rows = tuple(sorted((replace(row, plus=flats.get(row.label)) for row in rows), key=row_order))
        closed = closed or bool(flats)
        checked = rows if closed else tuple(_as_slice(row, high, rows) for row in rows)
        grain = precision if closed else None
        has_range = isinstance(at, n.Name) and at.name in self.contract.measures
        self.findings += check_rows(checked, precision=grain, low=low, high=high, has_range=has_range)
        return tuple(rows)

    def _gives(self, text: str, path: tuple[str | int, ...]) -> n.AnyNode:
        if text == "none":
            return n.Quantity(Fraction(0), ANY_ZERO, source=self.contract.place(path))
        if text == "not agreed":
            reason = "The contract does not say what holds in this row, and the row is reached."
            return n.NoValue(reason, refused=True, source=self.contract.place(path))
        return self._parse(text, path, parse_formula)

    def _half_line(self, text: str, path: tuple[str | int, ...], unit: Unit | None) -> n.Row | None:
        place = self.contract.place(path)
        try:
            rows = parse_rows([(text, place)], [ZERO], nouns=self.nouns, default_unit=unit)
        except BadInput as bad:
            self.findings += bad.findings
            return None
        if len(rows) != 1 or (rows[0].low is None) == (rows[0].high is None):
            problem = f"{text!r} is not a level; write '95 % or more', or '5 % or less'."
            self._note_problem("BPO273", "not-a-level", place, problem)
            return None
        return rows[0]

    def _unit_of(self, at: n.AnyNode) -> Unit:
        """The unit a bare number is in, where it stands beside a measure or a column of the list at hand.

        Beside anything else it is a plain number, and the check of units refuses it where that does not fit.
        """
        if not isinstance(at, n.Name):
            return PLAIN
        columns = [f"{per}.{at.name}" for per in self._for_each()]
        return next((self.units[name] for name in (*columns, at.name) if name in self.units), PLAIN)

    def _for_each(self) -> tuple[str, ...]:
        """What the clause or figure at hand is for each of."""
        return getattr(self._clause, "for_each", self._figure_for_each)

    def _range_of(self, at: n.AnyNode) -> tuple[Fraction | None, Fraction | None, Fraction | None]:
        """Precision, lowest and highest value of what a table is read at: of a measure, or the grain of a count."""
        if not isinstance(at, n.Name) or at.name not in self.contract.measures:
            return grain_of(at, self._grain_of_name) or None, None, None
        measure = self.contract.measures[at.name]
        low, high = self._between(at.name)
        unit = self.units[at.name]
        rounding = self._rounding(measure.precision, ("measures", at.name, "precision"), unit)
        if rounding is not None:
            return rounding.grain, low, high
        return unit.factor if measure.whole == "yes" else None, low, high

    def _grain_of_name(self, name: str) -> Grain:
        """What the values of a measure, figure or parameter are whole multiples of; None where that is not known.

        Figures may stand in any order: what is wrong with one that is read ahead is noted where it is declared.
        """
        if name not in self._grains:
            self._grains[name] = None  # what needs itself, of earlier periods, has no grain
            known = len(self.findings)
            self._grains[name] = self._declared_grain(name)
            del self.findings[known:]
        return self._grains[name]

    def _declared_grain(self, name: str) -> Grain:
        if any(name in items.columns for items in self.contract.lists.values()):
            return None  # it can be the column that is meant
        figure, parameter = self.contract.figures.get(name), self.contract.parameters.get(name)
        if name in self.contract.measures:
            return self._range_of(n.Name(name))[0]
        if figure is not None and figure.round is not None and figure.round != "unrounded":
            return grain_of(self._as_written(ZERO, figure.round, ("figures", name, "round")), self._grain_of_name)
        if figure is not None and figure.formula is not None:
            node = self._parse(figure.formula, ("figures", name, "formula"), parse_formula)
            return grain_of(node, self._grain_of_name)
        if isinstance(parameter, str):
            return grain_of(self._parse(parameter, ("parameters", name), parse_formula), self._grain_of_name)
        return None

    def _between(self, name: str) -> tuple[Fraction | None, Fraction | None]:
        """The plausible range of a measure; a mistake in it is noted."""
        if name not in self._ranges:
            path = ("measures", name, "between")
            self._ranges[name] = self._range(self.contract.measures[name].between, self.units[name], path)
        return self._ranges[name]

    def _range(self, text: str | None, unit: Unit, path: tuple[str, ...]) -> tuple[Fraction | None, Fraction | None]:
        """A plausible range; a mistake in it is noted."""
        try:
            return between(text, unit, self.nouns, self.contract.place(path))
        except BadInput as bad:
            self.findings += bad.findings
            return None, None

    def _unit(self, text: str, path: tuple[str | int, ...]) -> Unit:
        try:
            return parse_unit(text, self.nouns)
        except WrongUnit as wrong:
            problem, *hint = str(wrong).split(";")
            step = unit_step(problem.split("'")[1], self.nouns) if hint and "'" in problem else code_step("BPO236")
            self._note_next("BPO236", "unknown-unit", self.contract.place(path), f"{problem}.", step)
            return PLAIN

    def _per(self, names: Sequence[str], path: tuple[str | int, ...]) -> str:
        """What there is one value for each of: a list, a scope, or a combination of scopes."""
        if not names:
            return ""
        for name in names:
            if name not in self.contract.scopes and (name not in self.contract.lists or len(names) > 1):
                known = ", ".join([*self.contract.scopes, *self.contract.lists]) or "none are declared"
                problem = f"{name!r} is neither a scope nor a list of this contract ({known})."
                if name in self.contract.lists:
                    problem = f"{name!r} is a list; only scopes are combined."
                self._note_problem("BPO237", "unknown-scope", self.contract.place(path), problem)
                return ""
        lots = prod(len(self.contract.scopes.get(name, "-")) for name in names)
        if lots > LOTS_MAX:
            problem = f"{', '.join(names)} come to {lots:,} combinations; at most {LOTS_MAX:,} are settled."
            self._note_problem("BPO153", "too-many-lots", self.contract.place(path), problem)
            return ""
        per = joined(names)
        self.pers.add(per)
        return per

    def _note_next(self, code: str, name: str, place: Source, problem: str, step: str) -> None:
        self.findings.append(Finding(code, name, place, problem, step))

    def _note_problem(self, code: str, name: str, place: Source, problem: str) -> None:
        self.findings.append(Finding(code, name, place, problem[0].upper() + problem[1:], code_step(code)))


_FLAT_FEE = r"(?s:(.+)), plus (?s:(.+)) once reached\Z"


def _with_flat_fee(text: str) -> tuple[str, str]:
    """A price and the flat fee beside it ("" if there is none): ``5 EUR per call, plus 3 EUR once reached``."""
    match = re.match(_FLAT_FEE, text.strip())
    return (match[1].strip(), match[2].strip()) if match else (text, "")


def _as_slice(row: n.Row, highest: Fraction | None, rows: Sequence[n.Row]) -> n.Row:
    """The row as a slice, for the check that slices touch: common ends are counted once, the highest value belongs."""
    begins = any(isinstance(other.low, n.Quantity) and other.low.value == highest for other in rows)
    ends = isinstance(row.high, n.Quantity) and row.high.value == highest
    return replace(row, low_closed=True, high_closed=ends and not begins)


def parse_rows(
    labels: Sequence[tuple[str, Source]],
    gives: Sequence[n.AnyNode],
    *,
    nouns: frozenset[str],
    default_unit: Unit | None,
    precision: Fraction | None = None,
) -> tuple[n.Row, ...]:
    """The rows of a table from their labels (each with its place) and what they give.

    Raises:
        BadInput: with the findings of every row.
    """
    rows: list[n.Row] = []
    findings: list[Finding] = []
    rest: n.Row | None = None
    for (label, place), value in zip(labels, gives, strict=True):
        try:
            bounds = parse_row(label, nouns=nouns, default_unit=default_unit, source=place)
        except BadInput as bad:
            findings += said_plainly(bad.findings, label, nouns, place)
            continue
        row = n.Row(label, bounds.low, bounds.low_closed, bounds.high, bounds.high_closed, value, source=place)
        if bounds.otherwise:
            rest = row
        else:
            rows.append(row)
    if findings:
        raise BadInput(findings)
    return tuple(with_otherwise(rows, rest, precision=precision, source=rest.source)) if rest else tuple(rows)


def between(
    text: str | None, unit: Unit, nouns: frozenset[str], place: Source
) -> tuple[Fraction | None, Fraction | None]:
    """A plausible range, both ends inside, in the base of the unit; without a text there are no ends.

    Raises:
        BadInput: if the range is not written ``LOW to HIGH``.
    """
    if text is None:
        return None, None
    row = parse_rows([(text, place)], [ZERO], nouns=nouns, default_unit=unit)[0]
    ends = [end for end in (row.low, row.high) if end is not None]
    low, high = (end.value if isinstance(end, n.Quantity) else None for end in (row.low, row.high))
    known = [end for end in ends if isinstance(end, n.Quantity) and _fits(end.unit, unit)]
    closed = (row.low is None or row.low_closed) and (row.high is None or row.high_closed)
    if not ends or len(known) < len(ends) or not closed or (low is not None and high is not None and low > high):
        problem = f"{text[:60]!r} is not a range of {unit}."
        step = f"Write the lowest and the highest plausible value, as in '0 to 100 {unit}'; both belong to the range."
        raise refuse("BPO155", "not-a-range", problem, step, place)
    return low, high


def _fits(one: Unit, other: Unit) -> bool:
    try:
        same(one, other)
    except WrongUnit:
        return False
    return True


def first_day(label: str) -> date:
    """The day that ``2016-01``, ``from 2016-01`` or ``2016-01-16`` begins with.

    Raises:
        NotADay: for any other text.
    """
    text = label.removeprefix("from ")
    try:
        return parse_period(text).start
    except NotAPeriod:
        return parse_day(text)


def row_order(row: n.Row) -> tuple[int, Fraction, bool, str]:
    """Rows from the lowest up, in whatever order they are written; rows whose ends are formulas by their words."""
    if row.low is None:
        return 0, Fraction(0), True, row.label
    if isinstance(row.low, n.Quantity):
        return 1, row.low.value, not row.low_closed, row.label
    return 2, Fraction(0), True, row.label
