"""Parameters, dated series and named figures as figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from functools import partial
from typing import Literal

from bpo_contracts.contract.contract import NamedFigure
from bpo_contracts.contract.lowering.reading import ZERO, first_day
from bpo_contracts.contract.lowering.results import Table
from bpo_contracts.contract.lowering.words import Words, fits
from bpo_contracts.terms import nodes as n
from bpo_contracts.terms.formula import parse_formula
from bpo_contracts.terms.items import combinations, dimensions
from bpo_contracts.values.periods import NotADay, period_containing
from bpo_contracts.values.sources import Citation


class Parameters(Words):
    """Lowers what is agreed as a value: parameters, series, figures."""

    def _parameters(self) -> None:
        for name, parameter in self.contract.parameters.items():
            path = ("parameters", name)
            place = self.contract.key_place(path)
            per = ""
            if isinstance(parameter, str):
                node = self._parse(parameter, path, parse_formula)
            elif parameter.for_each:
                per = self._per(parameter.for_each, (*path, "for_each"))
                node = self._by_item(parameter.values, parameter.for_each, per, (*path, "values"))
            else:
                node = self._dated(parameter.values, path)
            says = name.replace("_", " ")
            self.figures.append(n.Figure(name, node, Citation("", "", place), says, per, None, place))

    def _dated(self, values: dict[str, str], path: tuple[str | int, ...]) -> n.AnyNode:
        """The value that holds for a period: on its first day, or at the start of the term that begins inside it."""
        begins, starts = self.contract.first_period.start, self.contract.term.starts_on
        held = {begins if begins < day <= starts else day: node for day, node in self._entries(values, path)}
        return n.Dated(tuple(held.items()), source=self.contract.key_place(path))

    def _check_days(self) -> None:
        """A value that changes inside a period is read on a day: for the period itself it would change too late."""
        for name, parameter in self.contract.parameters.items():
            if isinstance(parameter, str) or parameter.for_each or not self._is_read_for_periods(name):
                continue
            for label in parameter.values:
                try:
                    day = first_day(label)
                except NotADay:
                    continue  # noted where it is read
                period = period_containing(day, self.contract.every, self.contract.anchor_day)
                begins = [(start.year, start.month) for start in (period.start, period.end)]
                names_month = len(label.removeprefix("from ")) == len("2026-01")  # of the period that begins in it
                if day <= self.contract.term.starts_on:
                    continue  # nothing changes in the term
                if period.start == day or (names_month and (day.year, day.month) in begins):
                    continue
                problem = f"{name!r} changes on {day}, inside the period {period.label}, and is read for whole periods."
                step = (
                    f"Write {period.start} or {period.end}, or read it on a day, as in '{name} on made_on' or"
                    f" 'average of {name} over days in period'."
                )
                place = self.contract.key_place(("parameters", name, label))
                self._note_next("BPO133", "changes-inside-period", place, problem, step)

    def _is_read_for_periods(self, name: str) -> bool:
        nodes = [figure.node for figure in self.figures if figure.node is not None and figure.name != name]
        read = (part for node in nodes for part in n.names_in(node))
        return any(isinstance(part, n.Name | n.Earlier) and part.name == name for part in read)

    def _by_item(
        self, values: dict[str, str], named: Sequence[str], per: str, path: tuple[str | int, ...]
    ) -> n.AnyNode:
        """The value of each lot: its own row, or the row in which ``any`` stands for what is not named.

        The words of a row stand in the order in which ``for_each`` names the scopes.
        """
        if not per:
            return ZERO
        place = self.contract.key_place(path)
        rows: dict[tuple[str, ...], n.AnyNode] = {}
        for label, text in values.items():
            parts = [part.strip() for part in label.split(",")]
            if len(parts) != len(named):
                problem = f"The row {label!r} has {len(parts)} values, and there is one for each of {', '.join(named)}."
                self._note_problem("BPO239", "not-one-row-for-lot", self.contract.key_place((*path, label)), problem)
                continue
            row = tuple(parts[named.index(scope)] for scope in dimensions(per))
            rows[row] = self._parse(text, (*path, label), parse_formula)
        entries = []
        for item in self._items(per):
            fitting = [row for row in rows if fits(row, tuple(item.split(",")))]
            best = [row for row in fitting if all(fits(other, row) for other in fitting)]
            if len(best) != 1:
                problem = f"{len(fitting)} rows hold for {item!r}, and none of them is the most exact one."
                self._note_problem("BPO239", "not-one-row-for-lot", place, problem)
                continue
            entries.append((item, rows[best[0]]))
        used = {row for row in rows if any(fits(row, tuple(item.split(","))) for item in self._items(per))}
        for row in sorted(rows.keys() - used):
            problem = f"The row {', '.join(row)!r} holds for no lot of {per}."
            self._note_problem("BPO239", "not-one-row-for-lot", place, problem)
        return n.ByItem(per, tuple(entries), source=place) if entries else ZERO

    def _items(self, per: str) -> list[str]:
        return combinations([sorted(self.contract.scopes[scope]) for scope in dimensions(per)])

    def _series(self) -> None:
        for name, series in self.contract.series.items():
            path = ("series", name)
            place = self.contract.key_place(path)
            unit = self._unit(series.unit, (*path, "unit"))
            values: list[tuple[date, Fraction]] = []
            by_day = any(len(label.removeprefix("from ")) == len("2026-01-31") for label in series.values)
            for label, text in series.values.items():
                where = (*path, "values", label)
                quantity = self._quantity(text, where, unit)
                try:
                    month = first_day(label)
                except NotADay as wrong:
                    self._note_problem("BPO238", "not-a-date", self.contract.key_place(where), str(wrong) + ".")
                    continue
                if isinstance(quantity, n.Quantity):
                    values.append((month, quantity.value))
            latest = series.lookup == "latest"
            keys = [day.toordinal() if by_day else day.year * 12 + day.month - 1 for day, _ in values]
            by_key = tuple(sorted(zip(keys, (value for _, value in values), strict=True)))
            begins = self.contract.term.starts_on
            node = n.SeriesValue(name, by_key, 0, None, latest, unit, by_day=by_day, begins=begins, source=place)
            self.series[name] = node
            citation = Citation("", series.source, place)
            self.figures.append(n.Figure(name, node, citation, name.replace("_", " "), "", unit, place))

    def _known_here(self, node: n.AnyNode) -> n.AnyNode:
        """Besides what any formula does not know: the values by date behind ``average of price over days in period``."""
        if not isinstance(node, n.Fold) or node.over != n.DAYS_IN_PERIOD or node.item is None:
            return super()._known_here(node)
        place = node.source
        of_days = self.each_day(node.item)
        if not of_days:
            return node.item
        start, end = n.PeriodFact("start", source=place), n.PeriodFact("end", source=place)
        return n.OverDays(of_days, start, end, "average of days", "both", source=place)

    def each_day(self, node: n.AnyNode) -> tuple[tuple[date, n.AnyNode], ...]:
        """What a formula of series, dated parameters and numbers comes to from each day on; empty where that is refused."""
        found = {_named(part): self._days_of(_named(part)) for part in n.names_in(node)}
        days = [ones for ones in found.values() if ones is not None]
        if not any(days) or not all(days) or len(days) < len(found):
            problem = (
                "The value of each day is wanted, and this is not made of series, values by date and numbers alone."
            )
            step = "Write it with series whose 'lookup' is 'latest', parameters with values by date, and numbers."
            self._note_next("BPO289", "no-values-by-date", node.source, problem, step)
            return ()
        begins = max(min(ones) for ones in days)
        changes = sorted({day for ones in days for day in ones if day >= begins})
        return tuple((day, n.changed(node, partial(self._as_on, day))) for day in changes)

    def _days_of(self, name: str) -> tuple[date, ...] | None:
        """The days from which the values of a name hold; the first day there is for a value that never changes; None for
        anything else."""
        series, parameter = self.series.get(name), self.contract.parameters.get(name)
        if series is not None and series.latest:
            return tuple(_day_of(key, by_day=series.by_day) for key, _ in series.values)
        if isinstance(parameter, str):
            return (date.min,)
        if parameter is None or parameter.for_each:
            return None
        return tuple(day for day, _ in self._entries(parameter.values, ("parameters", name)))

    def _as_on(self, day: date, part: n.AnyNode) -> n.AnyNode:
        """A name of a series or of a dated parameter, as it holds on a day; anything else as it is."""
        if not isinstance(part, n.Name):
            return part
        series, parameter = self.series.get(part.name), self.contract.parameters.get(part.name)
        if series is not None:
            values = [value for key, value in series.values if _day_of(key, by_day=series.by_day) <= day]
            return n.Quantity(values[-1], series.unit, source=part.source)
        if parameter is None or isinstance(parameter, str):
            return part
        entries = self._entries(parameter.values, ("parameters", part.name))
        return [entry for begins, entry in entries if begins <= day][-1]

    def series_value(
        self,
        name: str,
        *,
        months_ago: int = 0,
        month: str | None = None,
        counted_from: Literal["period", "contract year", "calendar year"] = "period",
    ) -> n.SeriesValue | None:
        """A value of a dated series, for a kind that looks it up with a lag or for a fixed month; None if there is
        no such series.

        Raises:
            NotADay: if ``month`` names no month.
        """
        node = self.series.get(name)
        if node is None:
            return None
        fixed = None
        if month is not None:
            day = first_day(month)
            fixed = day.year * 12 + day.month - 1
        return replace(node, months_ago=months_ago, fixed=fixed, counted_from=counted_from)

    def _named_figure(self, name: str) -> None:
        figure = self.contract.figures[name]
        path = ("figures", name)
        place = self.contract.key_place(path)
        per = self._per(figure.for_each, (*path, "for_each"))
        if figure.formula is not None:
            node = self._parse(figure.formula, (*path, "formula"), parse_formula)
        else:
            self._figure_for_each = figure.for_each
            node = self._figure_table(figure, name)
            self._figure_for_each = ()
        if figure.round is not None:
            node = self._as_written(node, figure.round, (*path, "round"))
        citation = Citation(figure.clause or "", figure.words or "", place)
        says = figure.title or name.replace("_", " ")
        self.figures.append(n.Figure(name, node, citation, says, per, None, place))

    def _figure_table(self, figure: NamedFigure, name: str) -> n.AnyNode:
        path = ("figures", name)
        if figure.by and figure.table is not None:
            keys = [n.Name(key, source=self.contract.place((*path, "by"))) for key in figure.by]
            return self._word_table(figure.table, keys, path, "table")
        at = self._parse(figure.measure or "", (*path, "measure"), parse_formula)
        if figure.table is not None and self._is_word(at):
            return self._word_table(figure.table, [at], path, "table")
        if figure.table is not None:
            rows = self._rows_of(figure.table, (*path, "table"), at, closed=True)
            if isinstance(at, n.Name):
                self.tables.append(Table(name, at.name, rows))
            return n.Curve(rows, "at", at, source=self.contract.key_place((*path, "table")))
        if figure.slices is not None:
            rows = self._rows_of(figure.slices, (*path, "slices"), at, closed=False)
            return n.Curve(rows, "along", at, source=self.contract.key_place((*path, "slices")))
        return self._line_of(figure.line or {}, (*path, "line"), at)


def _named(part: n.Name | n.Earlier | n.Kept) -> str:
    """The name that is read in the period itself; "" for one of an earlier period."""
    return part.name if isinstance(part, n.Name) else ""


def _day_of(key: int, *, by_day: bool) -> date:
    """The day that a value of a series holds from, by its key."""
    return date.fromordinal(key) if by_day else date(key // 12, key % 12 + 1, 1)
