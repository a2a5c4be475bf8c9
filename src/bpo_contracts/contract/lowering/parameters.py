"""What is agreed as a value: dated series; parameters, the same for all or for each lot, at all times or by date; and the
figures that a contract names.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from bpo_contracts.contract.contract import Contract, NamedFigure
from bpo_contracts.contract.lowering.collected import Collected
from bpo_contracts.contract.lowering.reading import Formulas, Phrases, Tables, Words
from bpo_contracts.contract.lowering.reading.formulas import first_day
from bpo_contracts.contract.lowering.results import Table
from bpo_contracts.terms import nodes as n
from bpo_contracts.values.periods import NotADay, period_containing
from bpo_contracts.values.sources import Citation


def define_series(collected: Collected, phrases: Phrases) -> None:
    """The figures of all series, which formulas then know by their names."""
    contract = collected.contract
    for name, series in contract.series.items():
        path = ("series", name)
        place = contract.key_place(path)
        unit = phrases.unit(series.unit, (*path, "unit"))
        values: list[tuple[date, Fraction]] = []
        by_day = any(len(label.removeprefix("from ")) == len("2026-01-31") for label in series.values)
        for label, text in series.values.items():
            where = (*path, "values", label)
            quantity = phrases.quantity(text, where, unit)
            try:
                month = first_day(label)
            except NotADay as wrong:
                collected.note("BPO238", "not-a-date", contract.key_place(where), str(wrong) + ".")
                continue
            if isinstance(quantity, n.Quantity):
                values.append((month, quantity.value))
        latest = series.lookup == "latest"
        keys = [day.toordinal() if by_day else day.year * 12 + day.month - 1 for day, _ in values]
        by_key = tuple(sorted(zip(keys, (value for _, value in values), strict=True)))
        begins = contract.term.starts_on
        node = n.SeriesValue(name, by_key, 0, None, latest, unit, by_day=by_day, begins=begins, source=place)
        collected.series[name] = node
        collected.figure(name, node, Citation("", series.source, place), name.replace("_", " "), unit=unit)


def define_parameters(collected: Collected, formulas: Formulas, words: Words) -> None:
    """The figures of all parameters."""
    contract = collected.contract
    for name, parameter in contract.parameters.items():
        path = ("parameters", name)
        place = contract.key_place(path)
        per = ""
        if isinstance(parameter, str):
            node = formulas.formula(parameter, path)
        elif parameter.for_each:
            per = collected.per(parameter.for_each, (*path, "for_each"))
            node = words.for_lots(parameter.values, (*path, "values"), parameter.for_each, per)
        else:
            held = dict(_in_term(contract, day, entry) for day, entry in formulas.entries(parameter.values, path))
            node = n.Dated(tuple(held.items()), source=place)
        collected.figure(name, node, Citation("", "", place), name.replace("_", " "), per)


def _in_term(contract: Contract, day: date, entry: n.AnyNode) -> tuple[date, n.AnyNode]:
    """The value that holds for a period: on its first day, or at the start of the term that begins inside it."""
    begins, starts = contract.first_period.start, contract.term.starts_on
    return begins if begins < day <= starts else day, entry


class NamedFigures:
    """Lowers named figures. It knows all ways of reading a value, and nothing of clauses."""

    def __init__(
        self, collected: Collected, formulas: Formulas, phrases: Phrases, tables: Tables, words: Words
    ) -> None:
        self._collected, self._contract = collected, collected.contract
        self._formulas, self._phrases, self._tables, self._words = formulas, phrases, tables, words

    def define(self) -> None:
        """All of them, in the order of the contract."""
        for name, figure in self._contract.figures.items():
            path = ("figures", name)
            per = self._collected.per(figure.for_each, (*path, "for_each"))
            if figure.formula is not None:
                node = self._formulas.formula(figure.formula, (*path, "formula"))
            else:
                node = self._read_from_table(figure, name)
            if figure.round is not None:
                node = self._phrases.rounded(node, figure.round, (*path, "round"))
            citation = Citation(figure.clause or "", figure.words or "", self._contract.key_place(path))
            self._collected.figure(name, node, citation, figure.title or name.replace("_", " "), per)

    def _read_from_table(self, figure: NamedFigure, name: str) -> n.AnyNode:
        path, for_each = ("figures", name), figure.for_each
        if figure.by and figure.table is not None:
            keys = [n.Name(key, source=self._contract.place((*path, "by"))) for key in figure.by]
            return self._words.table(figure.table, (*path, "table"), keys, for_each=for_each)
        at = self._formulas.formula(figure.measure or "", (*path, "measure"))
        if figure.table is not None and self._words.is_word(at, for_each):
            return self._words.table(figure.table, (*path, "table"), [at], for_each=for_each)
        if figure.table is not None:
            rows = self._tables.rows(figure.table, (*path, "table"), at, for_each=for_each, closed=True)
            if isinstance(at, n.Name):
                self._collected.tables.append(Table(name, at.name, rows))
            return n.Curve(rows, "at", at, source=self._contract.key_place((*path, "table")))
        if figure.slices is not None:
            rows = self._tables.rows(figure.slices, (*path, "slices"), at, for_each=for_each, closed=False)
            return n.Curve(rows, "along", at, source=self._contract.key_place((*path, "slices")))
        return self._tables.line(figure.line or {}, (*path, "line"), at, for_each=for_each)


def check_days(collected: Collected) -> None:
    """A value that changes inside a period is read on a day: for the period itself it would change too late."""
    contract = collected.contract
    for name, parameter in contract.parameters.items():
        if isinstance(parameter, str) or parameter.for_each or not _is_read_for_periods(collected, name):
            continue
        for label in parameter.values:
            try:
                day = first_day(label)
            except NotADay:
                continue  # noted where it is read
            period = period_containing(day, contract.every, contract.anchor_day)
            begins = [(start.year, start.month) for start in (period.start, period.end)]
            names_month = len(label.removeprefix("from ")) == len("2026-01")  # of the period that begins in it
            if day <= contract.term.starts_on:
                continue  # nothing changes in the term
            if period.start == day or (names_month and (day.year, day.month) in begins):
                continue
            problem = f"{name!r} changes on {day}, inside the period {period.label}, and is read for whole periods."
            step = (
                f"Write {period.start} or {period.end}, or read it on a day, as in '{name} on made_on' or"
                f" 'average of {name} over days in period'."
            )
            place = contract.key_place(("parameters", name, label))
            collected.note("BPO133", "changes-inside-period", place, problem, step)


def _is_read_for_periods(collected: Collected, name: str) -> bool:
    nodes = [figure.node for figure in collected.figures if figure.node is not None and figure.name != name]
    read = (part for node in nodes for part in n.names_in(node))
    return any(isinstance(part, n.Name | n.Earlier) and part.name == name for part in read)
