"""Parameters, dated series and named figures as figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from bpo_contracts.contract.contract import NamedFigure
from bpo_contracts.contract.lowering.measures import Measures
from bpo_contracts.contract.lowering.reading import ZERO, first_day
from bpo_contracts.contract.lowering.results import Table
from bpo_contracts.terms import nodes as n
from bpo_contracts.terms.formula import parse_formula
from bpo_contracts.terms.items import combinations, dimensions
from bpo_contracts.values.periods import NotADay
from bpo_contracts.values.sources import Citation


class Parameters(Measures):
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
        entries = []
        for label, text in values.items():
            place = self.contract.key_place((*path, label))
            try:
                day = first_day(label)
            except NotADay as wrong:
                self._note_problem("BPO238", "not-a-date", place, str(wrong) + ".")
                continue
            entries.append((day, self._parse(text, (*path, label), parse_formula)))
        return n.Dated(tuple(sorted(entries, key=lambda one: one[0])), source=self.contract.key_place(path))

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
            values = []
            for label, text in series.values.items():
                where = (*path, "values", label)
                quantity = self._quantity(text, where, unit)
                try:
                    month = first_day(label)
                except NotADay as wrong:
                    self._note_problem("BPO238", "not-a-date", self.contract.key_place(where), str(wrong) + ".")
                    continue
                if isinstance(quantity, n.Quantity):
                    values.append((month.year * 12 + month.month - 1, quantity.value))
            latest = series.lookup == "latest"
            node = n.SeriesValue(name, tuple(sorted(values)), 0, None, latest, unit, source=place)
            self.series[name] = node
            citation = Citation("", series.source, place)
            self.figures.append(n.Figure(name, node, citation, name.replace("_", " "), "", unit, place))

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
            node = self._figure_table(figure, name)
        if figure.round is not None:
            node = self._as_written(node, figure.round, (*path, "round"))
        citation = Citation(figure.clause or "", figure.words or "", place)
        self.figures.append(n.Figure(name, node, citation, name.replace("_", " "), per, None, place))

    def _figure_table(self, figure: NamedFigure, name: str) -> n.AnyNode:
        path = ("figures", name)
        at = self._parse(figure.measure or "", (*path, "measure"), parse_formula)
        if figure.table is not None:
            rows = self._rows_of(figure.table, (*path, "table"), at, closed=True)
            if isinstance(at, n.Name):
                self.tables.append(Table(name, at.name, rows))
            return n.Curve(rows, "at", at, source=self.contract.key_place((*path, "table")))
        if figure.slices is not None:
            rows = self._rows_of(figure.slices, (*path, "slices"), at, closed=False)
            return n.Curve(rows, "along", at, source=self.contract.key_place((*path, "slices")))
        return self._line_of(figure.line or {}, (*path, "line"), at)


def fits(row: tuple[str, ...], item: tuple[str, ...]) -> bool:
    """Whether a row of lot values (``any`` stands for every value) holds for an item."""
    return len(row) == len(item) and all(part in ("any", value) for part, value in zip(row, item, strict=True))
