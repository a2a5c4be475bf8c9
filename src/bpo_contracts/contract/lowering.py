"""From clauses to figures: the contract in force, as a program with its lines, limits and consequences.

Clause kinds describe themselves through the methods of ``Lowering``; none has arithmetic of its own. What a kind adds is named
after the clause: ``credit.rate``, ``credit.amount``, ``credit.gross``, and ``credit`` for what it pays in the end.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import Any

from bpo_contracts.contract.clauses.base import Clause, Family, GatedClause
from bpo_contracts.contract.contract import Contract, NamedFigure
from bpo_contracts.contract.measure import Measure
from bpo_contracts.terms import nodes as n
from bpo_contracts.terms.bands import check_rows, parse_row, with_otherwise
from bpo_contracts.terms.formula import parse_condition, parse_formula
from bpo_contracts.terms.items import combinations, dimensions, joined
from bpo_contracts.terms.phrases import parse_quantity, parse_rounding
from bpo_contracts.terms.program import Program, build_program
from bpo_contracts.values.findings import BadInput, Finding
from bpo_contracts.values.periods import Every, NotADay, NotAPeriod, parse_day, parse_period
from bpo_contracts.values.rounding import Rounding
from bpo_contracts.values.sources import Citation, Source
from bpo_contracts.values.units import ANY_ZERO, PLAIN, TRUTH, WORD, Unit, WrongUnit, money, parse_unit

ZERO = n.Quantity(Fraction(0), ANY_ZERO)


@dataclass(frozen=True, slots=True)
class Line:
    """One invoice line a clause pays: ``gross`` before limits, ``net`` what is paid; ``sign`` makes it an invoice amount."""

    clause: Clause
    gross: str
    net: str
    sign: int
    family: Family
    per: str
    amount: str
    """The figure whose missing data means that the clause has no data."""
    rate: str = ""
    """The figure whose row tells met from missed, if the clause reads a table."""
    level: str = ""
    """The figure that says met, missed, below minimum or exceeded, if the clause has service levels."""

    def clause_place(self, contract: Contract) -> Source:
        """Where the clause opens in the document."""
        index = next(i for i, clause in enumerate(contract.clauses) if clause is self.clause)
        return contract.place(("clauses", index, self.clause.kind))


@dataclass(frozen=True, slots=True)
class Outcome:
    """A consequence: the yes/no figure that triggers it."""

    clause: Clause
    figure: str
    per: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table that is read at a measure, for drawing: the figure that reads it, and its rows."""

    figure: str
    measure: str
    rows: tuple[n.Row, ...]


@dataclass(frozen=True)
class Terms:
    """A contract, lowered: what ``settle`` runs."""

    contract: Contract
    program: Program
    lines: tuple[Line, ...]
    outcomes: tuple[Outcome, ...]
    tables: tuple[Table, ...]
    measure_units: dict[str, Unit]
    nouns: frozenset[str]
    notes: tuple[Finding, ...]


@dataclass
class _Group:
    """The clauses that one total sums, and the limits on it."""

    name: str
    members: list[Clause] = field(default_factory=list)
    limits: list[tuple[int, Any]] = field(default_factory=list)


def lower(contract: Contract) -> Terms:
    """The contract's figures, checked.

    Raises:
        BadInput: with every finding of formulas, tables, names, units and limits.
    """
    return Lowering(contract).terms()


class Lowering:
    """Collects figures, lines and limits while the parts of a contract are lowered."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self.figures: list[n.Figure] = []
        self.findings: list[Finding] = []
        self.notes: list[Finding] = []
        self.lines: list[Line] = []
        self.outcomes: list[Outcome] = []
        self.tables: list[Table] = []
        self._pools: list[Clause] = []
        self._groups: dict[str, _Group] = {}
        self._clause: Clause | None = None
        self._path: tuple[str | int, ...] = ()
        self._index = -1
        self.nouns = self._nouns()
        self.units: dict[str, Unit] = {}
        self.series: dict[str, n.SeriesValue] = {}
        self.pers: set[str] = set()

    # --- the whole ----------------------------------------------------------------------------------------

    def terms(self) -> Terms:
        contract = self.contract
        self._measures()
        self._lists()
        self._parameters()
        self._series()
        for name, figure in contract.figures.items():
            self._named_figure(name)
        for index, clause in enumerate(contract.clauses):
            self._index, self._path = index, ("clauses", index)
            clause.lower(self)
        self._path = ()
        self._limit_groups()
        self._check_pools()
        if self.findings:
            raise BadInput(self.findings)
        lists = sorted({*contract.scopes, *contract.lists, *self.pers})
        program = build_program(self.figures, lists)
        self._check_lines(program)
        return Terms(
            contract,
            program,
            tuple(sorted(self.lines, key=lambda line: clause_order(line.clause))),
            tuple(sorted(self.outcomes, key=lambda outcome: clause_order(outcome.clause))),
            tuple(sorted(self.tables, key=lambda table: table.figure)),
            self.units,
            self.nouns,
            tuple(self.notes),
        )

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

    # --- measures and names -------------------------------------------------------------------------------

    def _measures(self) -> None:
        for name, measure in self.contract.measures.items():
            path = ("measures", name)
            unit = self._unit(measure.unit, (*path, "unit"))
            self.units[name] = unit
            per = self._per(measure.for_each, (*path, "for_each"))
            place = self.contract.key_place(path)
            citation = Citation("", measure.title or "", place)
            says = measure.title or name.replace("_", " ")
            value = self._reported_or_computed(name, measure, unit, per, citation, says)
            value = self._sampled(name, measure, unit, per, citation, value)
            value = self._or_missing(name, measure, unit, value)
            rounding = self._rounding(measure.precision, (*path, "precision"), unit)
            if rounding is not None:
                value = n.Round(value, rounding, source=place)
            self.figures.append(n.Figure(name, value, citation, says, per, unit, place))

    def _reported_or_computed(
        self, name: str, measure: Measure, unit: Unit, per: str, citation: Citation, says: str
    ) -> n.AnyNode:
        place = citation.source
        if measure.formula is not None:
            return self._parse(measure.formula, ("measures", name, "formula"), parse_formula)
        self.figures.append(n.Figure(f"{name}.reported", None, citation, f"{says} as reported", per, unit, place))
        return n.Name(f"{name}.reported", source=place)

    def _sampled(
        self, name: str, measure: Measure, unit: Unit, per: str, citation: Citation, value: n.AnyNode
    ) -> n.AnyNode:
        if measure.minimum_sample is None or measure.below_sample is None:
            return value
        path = ("measures", name)
        place = self.contract.place((*path, "minimum_sample"))
        says = f"sample of {measure.title or name}"
        self.figures.append(n.Figure(f"{name}.sample", None, citation, says, per, PLAIN, place))
        least = self._quantity(measure.minimum_sample, (*path, "minimum_sample"), PLAIN)
        below = self._absent(measure.below_sample, (*path, "below_sample"), unit, "its sample is below the minimum")
        enough = n.Test(">=", n.Name(f"{name}.sample", source=place), least, source=place)
        return n.Choose(
            enough, value, below, f"is the sample of {name} at least {measure.minimum_sample}?", source=place
        )

    def _or_missing(self, name: str, measure: Measure, unit: Unit, value: n.AnyNode) -> n.AnyNode:
        path = ("measures", name, "missing")
        place = self.contract.place(path)
        if measure.missing in ("refuse", "not scored"):
            return value
        if measure.missing == "previous period":
            return n.OrElse(value, n.Earlier(name, 1, None, source=place), source=place)
        return n.OrElse(value, self._absent(measure.missing, path, unit, ""), source=place)

    def _absent(self, text: str, path: tuple[str | int, ...], unit: Unit, reason: str) -> n.AnyNode:
        if text == "not scored":
            return n.NoValue(reason, source=self.contract.place(path))
        if unit.kind == "truth" and text in ("yes", "no"):
            return n.Literal_(text == "yes", TRUTH, source=self.contract.place(path))
        if unit.kind == "word":
            return n.Literal_(text, WORD, source=self.contract.place(path))
        return self._quantity(text, path, unit)

    def _lists(self) -> None:
        for scope in self.contract.scopes:
            place = self.contract.key_place(("scopes", scope))
            self.figures.append(n.Figure(f"{scope}.{scope}", None, Citation("", "", place), scope, scope, WORD, place))
        for name, items in self.contract.lists.items():
            for column, unit_text in items.columns.items():
                path = ("lists", name, "columns", column)
                place = self.contract.key_place(path)
                unit = self._unit(unit_text, path)
                self.units[f"{name}.{column}"] = unit
                citation = Citation("", "", place)
                says = f"{column.replace('_', ' ')} of the item"
                self.figures.append(n.Figure(f"{name}.{column}", None, citation, says, name, unit, place))

    def _parameters(self) -> None:
        for name, parameter in self.contract.parameters.items():
            path = ("parameters", name)
            place = self.contract.key_place(path)
            per = ""
            if isinstance(parameter, str):
                node = self._parse(parameter, path, parse_formula)
            elif parameter.for_each:
                per = self._per(parameter.for_each, (*path, "for_each"))
                node = self._by_item(parameter.values, per, (*path, "values"))
            else:
                node = self._dated(parameter.values, path)
            says = name.replace("_", " ")
            self.figures.append(n.Figure(name, node, Citation("", "", place), says, per, None, place))

    def _dated(self, values: dict[str, str], path: tuple[str | int, ...]) -> n.AnyNode:
        entries = []
        for label, text in values.items():
            place = self.contract.key_place((*path, label))
            try:
                day = _first_day(label)
            except NotADay as wrong:
                self._note_problem("BPO238", "not-a-date", place, str(wrong) + ".")
                continue
            entries.append((day, self._parse(text, (*path, label), parse_formula)))
        return n.Dated(tuple(sorted(entries, key=lambda one: one[0])), source=self.contract.key_place(path))

    def _by_item(self, values: dict[str, str], per: str, path: tuple[str | int, ...]) -> n.AnyNode:
        """The value of each lot: its own row, or the row in which ``any`` stands for what is not named."""
        if not per:
            return ZERO
        place = self.contract.key_place(path)
        rows = {
            tuple(part.strip() for part in label.split(",")): self._parse(text, (*path, label), parse_formula)
            for label, text in values.items()
        }
        entries = []
        for item in self._items(per):
            fitting = [row for row in rows if _fits(row, tuple(item.split(",")))]
            best = [row for row in fitting if all(_fits(other, row) for other in fitting)]
            if len(best) != 1:
                problem = f"{len(fitting)} rows hold for {item!r}, and none of them is the most exact one."
                self._note_problem("BPO239", "not-one-row-for-lot", place, problem)
                continue
            entries.append((item, rows[best[0]]))
        used = {row for row in rows if any(_fits(row, tuple(item.split(","))) for item in self._items(per))}
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
                    month = _first_day(label)
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

    def series_value(self, name: str, *, months_ago: int = 0, month: str | None = None) -> n.AnyNode | None:
        """A value of a dated series, for a kind that looks it up with a lag or for a fixed month; None if there is no such
        series."""
        node = self.series.get(name)
        if node is None:
            return None
        fixed = None
        if month is not None:
            day = _first_day(month)
            fixed = day.year * 12 + day.month - 1
        return replace(node, months_ago=months_ago, fixed=fixed)

    def _named_figure(self, name: str) -> None:
        figure = self.contract.figures[name]
        path = ("figures", name)
        place = self.contract.key_place(path)
        per = self._per(figure.for_each, (*path, "for_each"))
        if figure.formula is not None:
            node = self._parse(figure.formula, (*path, "formula"), parse_formula)
        else:
            node = self._figure_table(figure, name)
        rounding = self._rounding(figure.round, (*path, "round"), None) if figure.round else None
        if rounding is not None:
            node = n.Round(node, rounding, source=place)
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

    # --- what clause kinds use ----------------------------------------------------------------------------

    @contextmanager
    def clause(self, clause: Clause) -> Iterator[None]:
        """Everything added inside belongs to this clause."""
        self._clause = clause
        try:
            yield
        finally:
            self._clause = None

    def place(self, *path: str | int) -> Source:
        """Where a field of the clause at hand stands."""
        return self.contract.place((*self._path, *path))

    def formula(self, field_name: str, index: int | None = None) -> n.AnyNode:
        """The formula in a field of the clause at hand (or one of a list of formulas)."""
        value = getattr(self._clause, field_name)
        text = value if index is None else value[index]
        path = (*self._path, field_name) if index is None else (*self._path, field_name, index)
        return self._parse(text, path, parse_formula)

    def condition(self, field_name: str, index: int) -> n.AnyNode:
        return self._parse(getattr(self._clause, field_name)[index], (*self._path, field_name, index), parse_condition)

    def name(self, suffix: str) -> n.Name:
        """A reference to a figure of the clause at hand."""
        return n.Name(self._full(suffix), source=self.place())

    def figure(self, suffix: str, node: n.AnyNode, says: str, *, per: str | None = None) -> None:
        """Adds a figure of the clause at hand; ``suffix`` "" is the clause's own name, ``per`` the clause's own if not given."""
        clause = self._here()
        per = self._clause_per(clause) if per is None else per
        self.figures.append(
            n.Figure(
                self._full(suffix), node, self._citation(), f"{says} of {clause.says}", per, None, self._name_place()
            )
        )

    def table(self, field_name: str, at: n.AnyNode) -> n.AnyNode:
        """A table of rows in words, read at a point: exactly one row holds."""
        rows = self._rows(field_name, at, closed=True)
        if isinstance(at, n.Name):
            self.tables.append(Table(self._full("rate"), at.name, rows))
        return n.Curve(rows, "at", at, source=self.place(field_name))

    def whole(self, field_name: str, at: n.AnyNode) -> n.AnyNode:
        """The value of the row that holds the point, times the point (volume pricing)."""
        return n.Curve(self._rows(field_name, at, closed=True), "whole", at, source=self.place(field_name))

    def slices(self, field_name: str, at: n.AnyNode) -> n.AnyNode:
        """Each slice of the quantity at its own rate."""
        return n.Curve(self._rows(field_name, at, closed=False), "along", at, source=self.place(field_name))

    def line(self, field_name: str, at: n.AnyNode) -> n.AnyNode:
        """Points joined by straight lines, flat outside."""
        return self._line_of(getattr(self._clause, field_name), (*self._path, field_name), at)

    def _line_of(self, table: dict[str, str], path: tuple[str | int, ...], at: n.AnyNode) -> n.AnyNode:
        unit, place = self._unit_of(at), self.contract.key_place(path)
        points = []
        for label, gives in table.items():
            point = self._quantity(label, (*path, label), unit, key=True)
            points.append(n.Row(label, point, True, point, True, self._gives(gives, (*path, label)), source=point.source))
        if len(points) < 2:
            self._note_problem("BPO270", "too-few-points", place, "A line needs at least two points.")
        ordered = tuple(sorted(points, key=lambda row: row.low.value if isinstance(row.low, n.Quantity) else Fraction(0)))
        return n.Curve(ordered, "line", at, source=place)

    def steps(self, clause: Any) -> n.AnyNode:
        """How many steps of ``per`` the measure has, by ``part_steps``."""
        counting: dict[str, n.Counting] = {
            "ignored": "full",
            "counted": "started",
            "nearest": "nearest",
            "pro rata": "exact",
        }
        measure = self.formula("measure")
        per = self._quantity(clause.per, (*self._path, "per"), self._unit_of(measure))
        if isinstance(per, n.Quantity) and per.value <= 0:
            self._note_problem("BPO271", "step-not-above-zero", self.place("per"), "A step is more than zero.")
        return n.Step(measure, per, counting[clause.part_steps], source=self.place("per"))

    def settle_line(self, clause: Any, amount: n.AnyNode) -> None:
        """Ends a clause that pays: gates, rounding, and the total it counts toward."""
        self.figure("amount", amount, "exact amount")
        place, per = self._name_place(), self._clause_per(clause)
        paid = self._gated(clause, self.name("amount"))
        rounding = self._line_rounding(clause.round)
        of_items = per in self.contract.lists
        if of_items:
            self.figure("each", n.Round(paid, rounding, source=place), "amount for the item")
            total: n.AnyNode = n.Fold("sum", self.name("each"), per, source=place)
            self.figure("gross", total, "amount before limits", per="")
            per = ""
        else:
            paid = n.OrElse(paid, ZERO, source=place)
            self.figure("gross", n.Round(paid, rounding, source=place), "amount before limits")
        family: Family = clause.family
        rates = [table.figure for table in self.tables if table.figure == self._full("rate")]
        level = self._full("level") if getattr(clause, "expected", None) else ""
        sign = -1 if family == "credit" else 1
        gross = self._full("gross")
        if of_items:
            self.lines.append(Line(clause, gross, clause.name, sign, family, "", gross))
        else:
            own = self._full("amount")
            rate = rates[0] if rates else ""
            self.lines.append(Line(clause, gross, clause.name, sign, family, per, own, rate, level))
        total = getattr(clause, "counts_toward", None)
        if total is not None:
            self._groups.setdefault(total, _Group(total)).members.append(clause)

    def service_level(self, clause: Any) -> None:
        """The figure that says exceeded, met, missed or below minimum, from the expected, minimum and stretch levels."""
        at = self.formula("measure")
        unit = self._unit_of(at)
        levels = [(name, getattr(clause, name)) for name in ("stretch", "expected", "minimum") if getattr(clause, name)]
        bounds = [(name, self._half_line(text, (*self._path, name), unit)) for name, text in levels]
        if any(bound is None for _, bound in bounds):
            return
        words = {"stretch": "exceeded", "expected": "met", "minimum": "missed"}
        higher = {bound.low is not None for _, bound in bounds if bound is not None}
        if len(higher) != 1:
            self._note_problem(
                "BPO272", "levels-in-two-directions", self.place("expected"), "All levels point one way."
            )
            return
        rows, outer = [], None
        for name, bound in bounds:
            assert bound is not None
            rows.append(_level_row(words[name], bound, outer, higher=higher == {True}))
            outer = bound
        assert outer is not None
        worst = "below minimum" if clause.minimum else "missed"
        rows.append(_below(worst, outer, higher=higher == {True}))
        findings = check_rows(rows, precision=None, low=None, high=None)
        self.findings += [finding for finding in findings if finding.code == "BPO223"]
        self.figure("level", n.Curve(tuple(rows), "at", at, source=self.place("expected")), "service level")

    def pool(self, clause: Clause) -> None:
        """Remembers an at-risk pool, for the check of its allocations."""
        self._pools.append(clause)

    def limit(self, clause: Any) -> None:
        """Remembers a cap or collar; totals are built when all clauses are known."""
        names = tuple(clause.limits)
        known = {one.name for one in self.contract.clauses}
        total = names[0] if len(names) == 1 and names[0] not in known else clause.name
        group = self._groups.setdefault(total, _Group(total))
        group.limits = sorted([*group.limits, (self._index, clause)], key=lambda limit: limit[1].name)
        if total == clause.name:
            by_name = {one.name: one for one in self.contract.clauses}
            for name in names:
                if name in by_name and by_name[name].family in _PAYING:
                    group.members.append(by_name[name])
                else:
                    problem = f"{name!r} is not a clause that pays, nor a total that clauses count toward."
                    self._note_problem("BPO251", "limit-on-nothing", self.place("limits"), problem)

    def consequence(self, clause: Any, condition: n.AnyNode) -> None:
        """A yes/no figure that is a result by itself."""
        yes, no = n.Literal_(True, TRUTH), n.Literal_(False, TRUTH)
        asks = f"does the consequence of clause {clause.clause} hold?"
        self.figure("", n.Choose(condition, yes, no, asks, source=self.place("when")), "consequence")
        self.outcomes.append(Outcome(clause, clause.name, self._clause_per(clause)))

    # --- limits -------------------------------------------------------------------------------------------

    def _limit_groups(self) -> None:
        groups = sorted(self._groups.values(), key=lambda group: (len(group.members), group.name))
        stage = {line.clause.name: line.gross for line in self.lines}
        lines = {line.clause.name: line for line in self.lines}
        done: list[set[str]] = []
        for group in groups:
            members = {clause.name for clause in group.members}
            if group.limits and not members:
                index, clause = group.limits[0]
                place = self.contract.place(("clauses", index, "limits"))
                problem = f"Nothing counts toward {group.name!r}."
                self._note_problem("BPO251", "limit-on-nothing", place, problem)
                continue
            if group.limits and any(members & other and not other <= members for other in done):
                index, clause = group.limits[0]
                place = self.contract.place(("clauses", index, "limits"))
                problem = (
                    f"The limit {group.name!r} shares clauses with another limit without holding all of its clauses."
                )
                self._note_problem("BPO252", "limits-cross", place, problem)
                continue
            self._group(group, [lines[name] for name in sorted(members)], stage)
            if group.limits:
                done.append(members)
        for line in self.lines:
            if line.net == line.clause.name:
                self._final(line, stage[line.clause.name])

    def _group(self, group: _Group, lines: list[Line], stage: dict[str, str]) -> None:
        signed = _is_signed(group, lines)
        pers = {line.per for line in lines}
        limit_pers = {self._per(clause.for_each, ("clauses", i, "for_each")) for i, clause in group.limits}
        per = limit_pers.pop() if len(limit_pers) == 1 else ""
        if per and pers != {per}:
            index, clause = group.limits[0]
            problem = f"The limit is for each {per!r}, and its clauses are not."
            self._note_problem("BPO253", "limit-scope", self.contract.place(("clauses", index, "for_each")), problem)
            return
        index, first = group.limits[0] if group.limits else (-1, lines[0].clause)
        place = self.contract.key_place(("clauses", index)) if index >= 0 else lines[0].clause_place(self.contract)
        citation = Citation(first.clause, first.words, place) if group.limits else Citation("", "", place)
        members = [self._member(line, stage, signed=signed, place=place) for line in lines]
        parts = tuple(_summed(member, line.per, per, place) for member, line in zip(members, lines, strict=True))
        gross = parts[0] if len(parts) == 1 else n.Fold("sum", None, parts, source=place)
        says = group.name.replace("_", " ")
        self.figures.append(n.Figure(f"{group.name}.gross", gross, citation, f"{says} before limits", per, None, place))
        limited = self._limited(group, n.Name(f"{group.name}.gross", source=place), per)
        names = {figure.name for figure in self.figures}
        total = group.name if group.name not in names else f"{group.name}.limited"
        if group.limits and group.limits[0][1].name == group.name:
            total = group.name
        self.figures.append(n.Figure(total, limited, citation, f"{says} after limits", per, None, place))
        if group.limits:
            self._share(group, lines, members, total, stage, signed=signed, per=per, citation=citation)

    def _limited(self, group: _Group, total: n.AnyNode, per: str) -> n.AnyNode:
        for index, clause in sorted(group.limits, key=lambda limit: limit[1].excess == "carried"):
            self._index, self._path = index, ("clauses", index)
            with self.clause(clause):
                place = self.place("at_most")
                rounding = self._line_rounding(clause.round)
                room = self._room(clause, group, per)
                most = n.Extreme("max", (ZERO, n.Round(room, rounding, source=place)), source=place)
                name = f"{clause.name}.at_most"
                self.figures.append(n.Figure(name, most, self._citation(), f"the most of {clause.says}", per, None, place))
                if clause.excess == "carried":
                    total = self._carried(clause, total, per)
                    continue
                total = n.Extreme("min", (total, n.Name(name, source=place)), source=place)
                if getattr(clause, "at_least", None) is not None:
                    low = self.place("at_least")
                    least = n.Extreme(
                        "min", (ZERO, n.Round(self.formula("at_least"), rounding, source=low)), source=low
                    )
                    name = f"{clause.name}.at_least"
                    says = f"the least of {clause.says}"
                    self.figures.append(n.Figure(name, least, self._citation(), says, per, None, low))
                    total = n.Extreme("max", (total, n.Name(name, source=low)), source=low)
        return total

    def _room(self, clause: Any, group: _Group, per: str) -> n.AnyNode:
        """What the limit allows: ``at_most``, less what earlier periods of its window have used."""
        allowed = self.formula("at_most")
        window = getattr(clause, "window", None)
        if window is None:
            return allowed
        place = self.place("window")
        try:
            periods = window_of(window, self.contract.every)
        except ValueError as wrong:
            self._note_problem("BPO255", "not-a-window", place, str(wrong))
            return allowed
        total = clause.name if self._lists_clauses(clause) else group.name
        used = n.Fold("sum", n.Name(total, source=place), periods, none_found=ZERO, source=place)
        name = f"{clause.name}.used"
        says = f"used of {clause.says} in earlier periods"
        self.figures.append(n.Figure(name, used, self._citation(), says, per, None, place))
        return n.Arithmetic("-", allowed, n.Name(name, source=place), source=place)

    def _lists_clauses(self, clause: Any) -> bool:
        known = {one.name for one in self.contract.clauses}
        return len(clause.limits) > 1 or clause.limits[0] in known

    def _carried(self, clause: Any, total: n.AnyNode, per: str) -> n.AnyNode:
        """A limit whose excess is carried: the oldest is paid first, what has no room waits for the next period."""
        place = self.place("excess")

        def add(suffix: str, node: n.AnyNode, says: str) -> n.Name:
            name = f"{clause.name}.{suffix}"
            self.figures.append(n.Figure(name, node, self._citation(), f"{says} of {clause.says}", per, None, place))
            return n.Name(name, source=place)

        before = n.Earlier(f"{clause.name}.carried_forward", 1, ZERO, source=place)
        brought = add("brought_forward", before, "brought forward")
        room = n.Name(f"{clause.name}.at_most", source=place)
        paid = add("from_before", n.Extreme("min", (brought, room), source=place), "paid of what was carried")
        left = n.Arithmetic("-", room, paid, source=place)
        owed = add("new", total, "new amount")
        now = add("paid_now", n.Extreme("min", (owed, left), source=place), "paid of the new amount")
        waiting = n.Arithmetic("-", n.Arithmetic("+", brought, owed), n.Arithmetic("+", paid, now), source=place)
        add("carried_forward", waiting, "carried forward")
        gross = f"{clause.name}.from_before"
        net = f"{clause.name}.carried_paid"
        add("carried_paid", paid, "paid of what was carried")
        self.lines.append(Line(clause, gross, net, -1, "credit", per, gross))
        return now

    def _share(
        self,
        group: _Group,
        lines: list[Line],
        members: list[n.Name],
        total: str,
        stage: dict[str, str],
        *,
        signed: bool,
        per: str,
        citation: Citation,
    ) -> None:
        how, order = self._sharing(group, lines)
        place = citation.source
        by_name = {line.clause.name: member for line, member in zip(lines, members, strict=True)}
        ordered = tuple(by_name[name] for name in order)
        rounding = self._line_rounding(None)
        shares = n.Allocate(ordered, n.Name(total, source=place), how, rounding.grain, source=place)
        says = f"shares of {group.name.replace('_', ' ')}"
        self.figures.append(n.Figure(f"{group.name}.shares", shares, citation, says, per, None, place))
        for line, member in zip(lines, members, strict=True):
            kept: n.AnyNode = n.Kept(f"{group.name}.shares", member.name, source=place)
            if signed and line.sign < 0:
                kept = n.Arithmetic("-", ZERO, kept, source=place)
            name = f"{line.clause.name}.within_{group.name}"
            own = Citation(line.clause.clause, line.clause.words, place)
            says = f"{line.clause.says} within {group.name.replace('_', ' ')}"
            self.figures.append(n.Figure(name, kept, own, says, line.per, None, place))
            stage[line.clause.name] = name

    def _sharing(self, group: _Group, lines: list[Line]) -> tuple[Any, list[str]]:
        said = {(clause.shared, tuple(clause.order)) for _, clause in group.limits if clause.shared}
        names = [line.clause.name for line in lines]
        if len(said) > 1 or (not said and (len(lines) > 1 or lines[0].per)):
            index = group.limits[0][0]
            problem = f"Several amounts can be cut by the limit on {group.name!r}, and nothing says which is cut first."
            if len(said) > 1:
                problem = f"The limits on {group.name!r} say different things about how it is shared."
            self.findings.append(
                Finding(
                    "BPO250",
                    "sharing-not-said",
                    self.contract.key_place(("clauses", index)),
                    problem,
                    "Add 'shared: pro rata', or 'shared: in order' with 'order: [first kept, …]', to one of them.",
                )
            )
            return "pro rata", names
        how, order = said.pop() if said else ("in order", ())
        if how == "in order" and order and sorted(order) != names:
            index = group.limits[0][0]
            problem = f"'order' names {', '.join(order)}; the clauses under the limit are {', '.join(names)}."
            place = self.contract.place(("clauses", index, "order"))
            self._note_problem("BPO254", "order-incomplete", place, problem)
            return how, names
        return how, list(order) or names

    def _member(self, line: Line, stage: dict[str, str], *, signed: bool, place: Source) -> n.Name:
        name = stage[line.clause.name]
        if signed and line.sign < 0:
            signed_name = f"{name}.signed"
            if all(figure.name != signed_name for figure in self.figures):
                node = n.Arithmetic("-", ZERO, n.Name(name, source=place), source=place)
                own = Citation(line.clause.clause, line.clause.words, place)
                says = f"{line.clause.says} as an invoice amount"
                self.figures.append(n.Figure(signed_name, node, own, says, line.per, None, place))
            name = signed_name
        return n.Name(name, source=place)

    def _final(self, line: Line, stage: str) -> None:
        place = line.clause_place(self.contract)
        citation = Citation(line.clause.clause, line.clause.words, place)
        node = n.Name(stage, source=place)
        self.figures.append(n.Figure(line.clause.name, node, citation, line.clause.says, line.per, None, place))

    # --- checks -------------------------------------------------------------------------------------------

    def _check_pools(self) -> None:
        for pool in self._pools:
            if getattr(pool, "allocations_may_exceed", "yes") == "yes":
                continue
            total, places = Fraction(0), []
            for index, clause in enumerate(self.contract.clauses):
                if getattr(clause, "of", None) != pool.name or getattr(clause, "table", None) is None:
                    continue
                rows = [figure.node for figure in self.figures if figure.name == f"{clause.name}.rate"]
                if rows and isinstance(rows[0], n.Curve):
                    worst = [row.gives.value for row in rows[0].rows if isinstance(row.gives, n.Quantity)]
                    total += max(worst, default=Fraction(0))
                    places.append(self.contract.key_place(("clauses", index, "table")))
            if total > 100:
                numbers = ", ".join(str(place.line) for place in places)
                self.findings.append(
                    Finding(
                        "BPO203",
                        "allocation-exceeds-pool",
                        places[-1],
                        f"Allocations in pool {pool.name!r} come to {total} %, and the pool has 100 %.",
                        f"Lower one of the tables at lines {numbers}, or write 'allocations_may_exceed: yes'.",
                        tuple(places[:-1]),
                    )
                )

    def _check_lines(self, program: Program) -> None:
        findings = []
        currency = money(self.contract.currency)
        for line in self.lines:
            unit = program.units[line.gross]
            if unit not in (currency, ANY_ZERO):
                findings.append(
                    Finding(
                        "BPO233",
                        "line-is-not-money",
                        line.clause_place(self.contract),
                        f"Clause {line.clause.clause} pays in {unit}, and the contract pays in {self.contract.currency}.",
                        "Give the base with 'of: …' for a percentage, or a price with its currency.",
                    )
                )
        for outcome in self.outcomes:
            if program.units[outcome.figure] != TRUTH:
                raise AssertionError("a consequence is yes or no")
        if findings:
            raise BadInput(findings)

    # --- reading text -------------------------------------------------------------------------------------

    def _parse(self, text: str, path: tuple[str | int, ...], parse: Callable[..., n.AnyNode]) -> n.AnyNode:
        try:
            return parse(text, nouns=self.nouns, source=self.contract.place(path), every=self.contract.every)
        except BadInput as bad:
            self.findings += bad.findings
            return ZERO

    def _quantity(self, text: str, path: tuple[str | int, ...], unit: Unit | None, *, key: bool = False) -> n.AnyNode:
        place = self.contract.key_place(path) if key else self.contract.place(path)
        try:
            return parse_quantity(text, self.nouns, place, default_unit=unit)
        except BadInput as bad:
            self.findings += bad.findings
            return ZERO

    def _rounding(self, text: str, path: tuple[str | int, ...], unit: Unit | None) -> Rounding | None:
        try:
            parsed = parse_rounding(text, self.nouns, self.contract.place(path))
        except BadInput as bad:
            self.findings += bad.findings
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

    def _line_rounding(self, own: str | None) -> Rounding:
        path = (*self._path, "round") if own else ("rounding", "lines")
        text = own or self.contract.rounding.lines
        rounding = self._rounding(text, path, money(self.contract.currency))
        if rounding is None:
            problem = "Every line that is paid is rounded; 'unrounded' is not possible here."
            self._note_problem("BPO235", "line-not-rounded", self.contract.place(path), problem)
            from bpo_contracts.values.rounding import Mode

            return Rounding(Mode.HALF_UP, Fraction(1, 100))
        return rounding

    def _rows(self, field_name: str, at: n.AnyNode, *, closed: bool) -> tuple[n.Row, ...]:
        return self._rows_of(getattr(self._clause, field_name), (*self._path, field_name), at, closed=closed)

    def _rows_of(
        self, table: dict[str, str], path: tuple[str | int, ...], at: n.AnyNode, *, closed: bool
    ) -> tuple[n.Row, ...]:
        unit = self._unit_of(at)
        precision, low, high = self._range_of(at)
        labels = [(label, self.contract.key_place((*path, label))) for label in table]
        gives = [self._gives(text, (*path, label)) for label, text in table.items()]
        try:
            rows = parse_rows(labels, gives, nouns=self.nouns, default_unit=unit, precision=precision)
        except BadInput as bad:
            self.findings += bad.findings
            return (n.Row("otherwise", None, False, None, False, ZERO),)
        rows = tuple(sorted(rows, key=_row_order))
        checked = rows if closed else tuple(replace(row, low_closed=True, high_closed=False) for row in rows)
        self.findings += check_rows(checked, precision=precision if closed else None, low=low, high=high)
        return tuple(rows)

    def _gives(self, text: str, path: tuple[str | int, ...]) -> n.AnyNode:
        if text == "none":
            return n.Quantity(Fraction(0), ANY_ZERO, source=self.contract.place(path))
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

    def _unit_of(self, at: n.AnyNode) -> Unit | None:
        """The unit a bare number is in, where it stands beside a measure."""
        return self.units.get(at.name) if isinstance(at, n.Name) else None

    def _range_of(self, at: n.AnyNode) -> tuple[Fraction | None, Fraction | None, Fraction | None]:
        """Precision, lowest and highest value of what a table is read at, where it is a measure."""
        if not isinstance(at, n.Name) or at.name not in self.contract.measures:
            return None, None, None
        measure = self.contract.measures[at.name]
        low, high = between(
            measure, self.units[at.name], self.nouns, self.contract.place(("measures", at.name, "between"))
        )
        try:
            parsed = parse_rounding(
                measure.precision, self.nouns, self.contract.place(("measures", at.name, "precision"))
            )
        except BadInput:
            parsed = None
        return (parsed[0].grain * self.units[at.name].factor if parsed else None), low, high

    def _unit(self, text: str, path: tuple[str | int, ...]) -> Unit:
        try:
            return parse_unit(text, self.nouns)
        except WrongUnit as wrong:
            self._note_problem("BPO236", "unknown-unit", self.contract.place(path), str(wrong) + ".")
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
        per = joined(names)
        self.pers.add(per)
        return per

    # --- small ones ---------------------------------------------------------------------------------------

    def _gated(self, clause: GatedClause, paid: n.AnyNode) -> n.AnyNode:
        if clause.unless:
            excuses = tuple(self.condition("unless", index) for index in range(len(clause.unless)))
            condition = excuses[0] if len(excuses) == 1 else n.AnyOf(excuses, source=self.place("unless"))
            asks = excuse_question(clause)
            paid = n.Choose(condition, ZERO, paid, asks, source=self.place("unless"))
        if clause.only_if:
            conditions = tuple(self.condition("only_if", index) for index in range(len(clause.only_if)))
            condition = conditions[0] if len(conditions) == 1 else n.Every(conditions, source=self.place("only_if"))
            asks = gate_question(clause)
            paid = n.Choose(condition, paid, ZERO, asks, source=self.place("only_if"))
        if clause.where is not None:
            condition = self._parse(clause.where, (*self._path, "where"), parse_condition)
            asks = f"is clause {clause.clause} about this one ({clause.where})?"
            paid = n.Choose(condition, paid, ZERO, asks, source=self.place("where"))
        return paid

    def _here(self) -> Clause:
        if self._clause is None:
            raise AssertionError("figures of a clause are added inside 'with into.clause(...)'")
        return self._clause

    def _full(self, suffix: str) -> str:
        return f"{self._here().name}.{suffix}" if suffix else self._here().name

    def _citation(self) -> Citation:
        clause = self._here()
        return Citation(clause.clause, clause.words, self._name_place())

    def _name_place(self) -> Source:
        return self.contract.place((*self._path, self._here().kind))

    def _clause_per(self, clause: Any) -> str:
        return self._per(getattr(clause, "for_each", ()), (*self._path, "for_each"))

    def _note_problem(self, code: str, name: str, place: Source, problem: str) -> None:
        self.findings.append(Finding(code, name, place, problem[0].upper() + problem[1:], "Correct the document."))


_WINDOW = re.compile(r"last ([1-9][0-9]{0,2}) (month|quarter|year|period)s?\Z")


def window_of(text: str, every: Every) -> n.Window:
    """The earlier periods of a limit's window: ``last 12 months``, ``this contract year``, ``the whole contract``.

    The limit's own period is not among them. Before the start nothing was used.

    Raises:
        ValueError: for any other text, and for months that are no whole number of periods.
    """
    if text == "the whole contract":
        return n.Window(None, previous=True, short="the periods there are")
    if text == "this contract year":
        return n.Window(None, previous=True, since="year", short="the periods there are")
    match = _WINDOW.match(text)
    months = {"month": 1, "quarter": 3, "year": 12, "period": every.value}
    if not match or int(match[1]) * months[match[2]] % every.value:
        raise ValueError(f"{text!r} is not a window of whole periods; write 'last 12 months', 'this contract year' or 'the whole contract'.")
    periods = int(match[1]) * months[match[2]] // every.value
    return n.Window(periods - 1, previous=True, short="the periods there are")


def clause_order(clause: Clause) -> tuple[list[tuple[int, int, str]], str]:
    """Clauses by their number as people count (4.2 before 4.10), then by name: the contract's order, not the document's."""
    parts = re.findall(r"[0-9]+|[^0-9.]+", clause.clause)
    return [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts], clause.name


def gate_question(clause: GatedClause) -> str:
    """What a clause's ``only_if`` asks."""
    return f"is the gate of clause {clause.clause} open ({', and '.join(clause.only_if)})?"


def excuse_question(clause: GatedClause) -> str:
    """What a clause's ``unless`` asks."""
    return f"is clause {clause.clause} excused ({', or '.join(clause.unless)})?"


_PAYING = ("charge", "credit", "bonus", "both ways")


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
    rows, findings, rest = [], [], None
    for (label, place), value in zip(labels, gives, strict=True):
        try:
            bounds = parse_row(label, nouns=nouns, default_unit=default_unit, source=place)
        except BadInput as bad:
            findings += bad.findings
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
    measure: Measure, unit: Unit, nouns: frozenset[str], place: Source
) -> tuple[Fraction | None, Fraction | None]:
    """The plausible range of a measure, both ends inside, in the base of its unit.

    Raises:
        BadInput: if the range is not written ``LOW to HIGH``.
    """
    if measure.between is None:
        return None, None
    rows = parse_rows([(measure.between, place)], [ZERO], nouns=nouns, default_unit=unit)
    low, high = rows[0].low, rows[0].high
    return (
        low.value if isinstance(low, n.Quantity) else None,
        high.value if isinstance(high, n.Quantity) else None,
    )


def _is_signed(group: _Group, lines: list[Line]) -> bool:
    """Whether the total counts bonuses above and credits below zero."""
    families = {line.family for line in lines}
    collar = any(getattr(clause, "at_least", None) is not None for _, clause in group.limits)
    return collar or len(families) > 1 or families == {"both ways"}


def _summed(member: n.Name, member_per: str, total_per: str, place: Source) -> n.AnyNode:
    """A member's part of a total: its own amount, or the sum over its lots where the total has none."""
    if member_per and member_per != total_per:
        return n.Fold("sum", member, member_per, source=place)
    return member


def _first_day(label: str) -> date:
    """The day that ``2016-01``, ``from 2016-01`` or ``2016-01-16`` begins with.

    Raises:
        NotADay: for any other text.
    """
    text = label.removeprefix("from ")
    try:
        return parse_period(text).start
    except NotAPeriod:
        return parse_day(text)


def _fits(row: tuple[str, ...], item: tuple[str, ...]) -> bool:
    """Whether a row of lot values (``any`` stands for every value) holds for an item."""
    return len(row) == len(item) and all(part in ("any", value) for part, value in zip(row, item, strict=True))


def _row_order(row: n.Row) -> tuple[int, Fraction, bool, str]:
    """Rows from the lowest up, whatever order the document writes them in; rows whose ends are formulas by their words."""
    if row.low is None:
        return 0, Fraction(0), True, row.label
    if isinstance(row.low, n.Quantity):
        return 1, row.low.value, not row.low_closed, row.label
    return 2, Fraction(0), True, row.label


def _level_row(word: str, bound: n.Row, better: n.Row | None, *, higher: bool) -> n.Row:
    gives = n.Literal_(word, WORD, source=bound.source)
    if higher:
        high, closed = (better.low, not better.low_closed) if better else (None, False)
        return n.Row(bound.label, bound.low, bound.low_closed, high, closed, gives, source=bound.source)
    low, closed = (better.high, not better.high_closed) if better else (None, False)
    return n.Row(bound.label, low, closed, bound.high, bound.high_closed, gives, source=bound.source)


def _below(word: str, worst: n.Row, *, higher: bool) -> n.Row:
    gives = n.Literal_(word, WORD, source=worst.source)
    label = f"not {worst.label}"
    if higher:
        return n.Row(label, None, False, worst.low, not worst.low_closed, gives, source=worst.source)
    return n.Row(label, worst.high, not worst.high_closed, None, False, gives, source=worst.source)
