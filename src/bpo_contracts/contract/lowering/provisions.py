"""What clause kinds describe themselves with: formulas, tables, steps, gates, lines, levels, consequences."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from fractions import Fraction
from typing import Any, Final

from bpo_contracts.contract.clauses.base import Clause, Family, GatedClause
from bpo_contracts.contract.fields import CountedOver
from bpo_contracts.contract.lowering.parameters import Parameters
from bpo_contracts.contract.lowering.reading import ZERO
from bpo_contracts.contract.lowering.results import (
    Group,
    Line,
    Outcome,
    Table,
    excuse_question,
    gate_question,
    subject_question,
)
from bpo_contracts.contract.lowering.windows import window_in_words
from bpo_contracts.terms import nodes as n
from bpo_contracts.terms.bands import check_rows
from bpo_contracts.terms.formula import parse_condition, parse_formula
from bpo_contracts.terms.units import UnitReader
from bpo_contracts.values.findings import Finding
from bpo_contracts.values.rounding import Rounding
from bpo_contracts.values.sources import Citation, Source
from bpo_contracts.values.units import ANY_ZERO, PERCENT, PLAIN, TRUTH, WORD, Unit

_NAMES_DEEP: Final = 40
"""How many names in a row are followed to learn whether a price is a percentage."""


class Provisions(Parameters):
    """The methods that a clause's ``lower`` calls. Figures are named after the clause: ``x.rate``, ``x.amount``,
    ``x.gross``, ``x``."""

    @contextmanager
    def clause(self, clause: Clause) -> Generator[None, None, None]:
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

    def where(self) -> n.AnyNode:
        """Which lots or items the clause at hand is about."""
        return self._parse(getattr(self._clause, "where"), (*self._path, "where"), parse_condition)  # noqa: B009

    def field_formula(self, text: str, *path: str | int) -> n.AnyNode:
        """The formula in a part of a field of the clause at hand."""
        return self._parse(text, (*self._path, *path), parse_formula)

    def condition(self, field_name: str, index: int) -> n.AnyNode:
        """The condition in a list of conditions of the clause at hand."""
        return self._parse(getattr(self._clause, field_name)[index], (*self._path, field_name, index), parse_condition)

    def name(self, suffix: str) -> n.Name:
        """A reference to a figure of the clause at hand."""
        return n.Name(self._full(suffix), source=self.place())

    def figure(self, suffix: str, node: n.AnyNode, says: str, *, per: str | None = None) -> None:
        """Adds a figure of the clause at hand; ``suffix`` "" is the clause's own name, and says its title; ``per`` is
        the clause's own if not given."""
        clause = self._here()
        says = f"{says} of {clause.says}" if suffix else clause.says
        per = self._clause_per(clause) if per is None else per
        self.figures.append(n.Figure(self._full(suffix), node, self._citation(), says, per, None, self._name_place()))

    def table(self, field_name: str, at: n.AnyNode, *, flat_fees: bool = False, suffix: str = "rate") -> n.Curve:
        """A table of rows in words, read at a point: exactly one row holds. ``suffix`` is the figure it gives."""
        rows = self._rows(field_name, at, closed=True, flat_fees=flat_fees)
        if isinstance(at, n.Name):
            self.tables.append(Table(self._full(suffix), at.name, rows))
        return n.Curve(rows, "at", at, source=self.place(field_name))

    def whole(self, field_name: str, at: n.AnyNode) -> n.AnyNode:
        """The value of the row that holds the point, times the point (volume pricing)."""
        return n.Curve(self._rows(field_name, at, closed=True), "whole", at, source=self.place(field_name))

    def slices(
        self,
        field_name: str,
        at: n.AnyNode,
        *,
        start: n.AnyNode | None = None,
        within: tuple[Fraction | None, Fraction | None] | None = None,
        flat_fees: bool = False,
    ) -> n.Curve:
        """Each slice of the quantity at its own rate, from ``start`` (or 0) on; ``within`` is the range the rows
        must cover."""
        rows = self._rows(field_name, at, closed=False, within=within, flat_fees=flat_fees)
        return n.Curve(rows, "along", at, start, source=self.place(field_name))

    def slices_so_far(self, field_name: str, quantity: n.AnyNode, counted_over: CountedOver) -> n.Curve:
        """The slices that the quantity of this period fills, after those that earlier periods have filled.

        ``x.before`` is what earlier periods of the window had, ``x.so_far`` that with this period's.
        """
        place = self.place("counted_over")
        if self._clause_per(self._here()) in self.contract.lists:
            problem = "'counted_over' adds up a quantity over periods, and the clause is about the items of a list."
            step = "Sum the list in a measure or figure, and read the slices at that."
            self._note_next("BPO134", "counted-over-items", place, problem, step)
        window = self._window_at(counted_over, place) or n.Window(None, previous=True)
        # A period that had no data was not charged, and has filled no slice.
        before = n.Fold("sum", quantity, window, missing="skip", none_found=ZERO, source=place)
        self.figure("before", before, "quantity before")
        self.figure("so_far", n.Arithmetic("+", self.name("before"), quantity, source=place), "quantity so far")
        curve = self.slices(field_name, quantity, within=(Fraction(0), None))
        return replace(curve, at=self.name("so_far"), start=self.name("before"))

    def _window_at(self, text: str, place: Source) -> n.Window | None:
        """The earlier periods of a window in words; None, with a finding, where that cannot be said."""
        try:
            return window_in_words(text, self.contract.every)
        except ValueError as wrong:
            self._note_problem("BPO255", "not-a-window", place, str(wrong))
            return None

    def line(self, field_name: str, at: n.AnyNode) -> n.AnyNode:
        """Points joined by straight lines, flat outside."""
        return self._line_of(getattr(self._clause, field_name), (*self._path, field_name), at)

    def steps(self, clause: Any) -> n.AnyNode:
        """How many steps of ``per`` the measure has, by ``part_steps``."""
        return self.steps_of(self.formula("measure"), "per", clause.part_steps)

    def steps_of(self, item: n.AnyNode, field_name: str, parts: str) -> n.AnyNode:
        """How many steps of the size in a field there are in an item; ``parts`` says what a part of a step counts."""
        counting: dict[str, n.Counting] = {
            "ignored": "full",
            "counted": "started",
            "nearest": "nearest",
            "pro rata": "exact",
        }
        text = getattr(self._clause, field_name)
        per = self._quantity(text, (*self._path, field_name), self._unit_of(item))
        if isinstance(per, n.Quantity) and per.value <= 0:
            self._note_problem("BPO271", "step-not-above-zero", self.place(field_name), "A step is more than zero.")
        return n.Step(item, per, counting[parts], source=self.place(field_name))

    def is_share(self, price: n.AnyNode) -> bool:
        """Whether a price is a percentage, by its own words or by those of what it names (as far as that is lowered)."""
        found: dict[str, Unit] = {}
        following: list[str] = []

        def unit_of(reference: n.Name | n.Earlier | n.Kept, inside: tuple[str, ...]) -> Unit:
            name = reference.member if isinstance(reference, n.Kept) else reference.name
            columns = [f"{per}.{name}" for per in inside]
            known = next((self.units[one] for one in (*columns, name) if one in self.units), found.get(name))
            figure = next((one for one in self.figures if one.name == name and one.node is not None), None)
            if known is None and figure is not None and figure.node is not None and len(following) < _NAMES_DEEP:
                found[name] = PLAIN  # for a circle, which is refused later
                following.append(name)
                known = found[name] = UnitReader(unit_of).read(figure.node, (figure.per,) if figure.per else ())
                following.pop()
            return known or PLAIN

        reader = UnitReader(unit_of)
        unit = reader.read(price, self._for_each())
        nothing = isinstance(price, n.Quantity) and unit == ANY_ZERO
        return not reader.findings and (unit == PERCENT or nothing)

    def size(self, field_name: str) -> n.AnyNode:
        """The quantity in a field, its unit written."""
        return self._quantity(getattr(self._clause, field_name), (*self._path, field_name), None)

    def rounded_as(self, field_name: str, item: n.AnyNode, unit: Unit | None) -> n.AnyNode:
        """The item, rounded as a field says (``unrounded`` leaves it); ``unit`` is that of the item where it is
        known."""
        text = getattr(self._clause, field_name)
        if unit is None:
            return self._as_written(item, text, (*self._path, field_name))
        rounding = self._rounding(text, (*self._path, field_name), unit)
        return item if rounding is None else n.Round(item, rounding, unit, source=self.place(field_name))

    def price_list(self, field_name: str, key: n.AnyNode | None) -> n.AnyNode:
        """The price for a word: of the lot at hand (its own row, or ``any``), or of the word in ``key``."""
        table, path = getattr(self._clause, field_name), (*self._path, field_name)
        if key is None:
            here = self._here()
            return self._by_item(table, getattr(here, "for_each", ()), self._clause_per(here), path)
        entries = tuple((word, self._gives(text, (*path, word))) for word, text in sorted(table.items()))
        return n.LookUp(key, entries, source=self.contract.key_place(path))

    def problem(self, code: str, name: str, place: Source, problem: str, next_step: str) -> None:
        """Notes a finding."""
        self.findings.append(Finding(code, name, place, problem, next_step))

    def settle_line(self, clause: Any, amount: n.AnyNode, *, per: str | None = None) -> None:
        """Ends a clause that pays: gates, rounding, and the total it counts toward.

        ``per`` is given by clauses about items that have added them up, gates and all, before the amount.
        """
        gated, per = per is None, self._clause_per(clause) if per is None else per
        self.figure("amount", amount, "exact amount", per=per)
        place = self._name_place()
        paid = self._gated(clause, self.name("amount")) if gated else self.name("amount")
        rounding = self._line_rounding(clause.round)
        of_items = per in self.contract.lists
        small = getattr(clause, "smallest", None) is not None
        gate = self._full("due") if small else ""
        self._items_are_said(clause, of_items=of_items or not gated)
        if of_items:
            each = self._smallest(clause, paid, rounding, "each item", per)
            by_item = clause.rounded != "the sum"
            self.figure("each", n.Round(each, rounding, source=place) if by_item else each, "amount for the item")
            total = self._sum_of_items(clause, per)
            total = self._smallest(clause, total, rounding, "the sum", "")
            rounded = total if by_item and not small else n.Round(total, rounding, source=place)
            self.figure("gross", rounded, "amount before limits", per="")
            per = ""
        else:
            paid = self._smallest(clause, n.OrElse(paid, ZERO, source=place), rounding, "the sum", per)
            if per and clause.rounded == "the sum":
                rounded = self._lots_that_sum(clause, paid, rounding, per)
                gate = self._full("share")
            else:
                rounded = n.Round(paid, rounding, source=place)
            self.figure("gross", rounded, "amount before limits", per=per)
        self._line(clause, per, of_items=of_items or not gated, gate=gate)

    def _lots_that_sum(self, clause: Any, paid: n.AnyNode, rounding: Rounding, per: str) -> n.AnyNode:
        """The lots of a clause in cents, so that they sum to their rounded sum: no cent is lost and none is added."""
        place = self.place("rounded")
        if getattr(clause, "smallest", None) is not None:
            problem = "'smallest' is about one line, and here the lines of all lots are rounded together."
            self._note_next("BPO264", "smallest-not-possible", place, problem, "Leave out one of the two.")
        self.figure("share", paid, "exact share", per=per)
        total = n.Fold("sum", self.name("share"), per, source=place)
        self.figure("sum", n.Round(total, rounding, source=place), "rounded sum", per="")
        shares = n.Allocate((self.name("share"),), self.name("sum"), "to the grain", rounding.grain, source=place)
        self.figure("shares", shares, "shares", per="")
        return n.Kept(self._full("shares"), self._full("share"), source=place)

    def _line(self, clause: Any, per: str, *, of_items: bool, gate: str) -> None:
        """The invoice line of the clause at hand, and the total it counts toward."""
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
            self.lines.append(Line(clause, gross, clause.name, sign, family, per, own, rate, level, gate))
        total = getattr(clause, "counts_toward", None)
        if total is not None:
            self._groups.setdefault(total, Group(total)).members.append(clause)

    def _items_are_said(self, clause: Any, *, of_items: bool) -> None:
        """A clause about a list says whether its items are rounded one by one, and which of its amounts may be small; no
        other clause says anything about items."""
        small = getattr(clause, "smallest", None)
        if not of_items:
            lots_together = clause.rounded == "the sum" and clause.for_each
            said = ["rounded"] if clause.rounded is not None and not lots_together else []
            said += ["only_the_highest_per"] if getattr(clause, "only_the_highest_per", ()) else []
            said += ["smallest"] if small is not None and small.of is not None else []
            for field in said:
                self._needs_a_list(clause, field)
            return
        if getattr(clause, "sum_of_rates_at_most", None) is not None:
            return
        if clause.rounded is None:
            problem = "The clause is about the items of a list, and nothing says whether each of them is rounded."
            step = "Add 'rounded: each item' or 'rounded: the sum'."
            self._note_next("BPO275", "rounding-of-items-not-said", self._name_place(), problem, step)
        if small is not None and small.of is None:
            problem = "The clause is about the items of a list, and nothing says which amount may be too small."
            step = "Add 'of: each item' or 'of: the sum' to 'smallest'."
            self._note_next("BPO275", "rounding-of-items-not-said", self.place("smallest"), problem, step)

    def _needs_a_list(self, clause: Any, field: str) -> None:
        """A word about items in a clause that is about none: lots are no items, each has a line of its own."""
        place, problem, step = self.place(field), f"{field!r} is about the items of a list", f"Leave {field!r} out"
        if field == "smallest":
            place, problem, step = self.place(field, "of"), "'of' is about the items of a list", "Leave 'of' out"
        if not clause.for_each:
            problem = f"{problem}, and the clause has no 'for_each' with a list."
            step = f"{step}, or add 'for_each' with a list."
        else:
            lots = ", ".join(clause.for_each)
            problem = f"{problem}, and this clause is for each {lots}, where every lot has a line of its own."
            step = f"{step}: each line is rounded, and compared with 'smallest', by itself."
            if field == "rounded":
                step = "Leave 'rounded' out to round each line by itself, or write 'rounded: the sum'."
            if field == "rounded":
                step = f"{step} 'rounded: the sum' makes the lines sum to their rounded sum."
        self._note_next("BPO265", "needs-a-list", place, problem, step)

    @abstractmethod
    def _smallest(self, clause: Any, paid: n.AnyNode, rounding: Rounding, level: str, per: str) -> n.AnyNode:
        """The amount after the clause's rule for small amounts, where the rule is about this level."""

    @abstractmethod
    def _sum_of_items(self, clause: Any, over: str) -> n.AnyNode:
        """The sum of the clause's amounts over a list."""

    def service_level(self, clause: Any) -> None:
        """The figure that says exceeded, met, missed or below minimum, from the expected, minimum and stretch
        levels."""
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
            if bound is None:
                return
            rows.append(_level_row(words[name], bound, outer, higher=higher == {True}))
            outer = bound
        if outer is None:
            return
        worst = "below minimum" if clause.minimum else "missed"
        rows.append(_below(worst, outer, higher=higher == {True}))
        findings = check_rows(rows, precision=None, low=None, high=None)
        self.findings += [finding for finding in findings if finding.code == "BPO223"]
        self.figure("level", n.Curve(tuple(rows), "at", at, source=self.place("expected")), "service level")

    def pool(self, clause: Clause) -> None:
        """Remembers an at-risk pool, for the check of its allocations."""
        self._pools.append(clause)

    def consequence(self, clause: Any, condition: n.AnyNode) -> None:
        """A yes/no figure that is a result by itself."""
        yes, no = n.Literal_(True, TRUTH), n.Literal_(False, TRUTH)
        asks = f"does the consequence of clause {clause.clause} hold?"
        self.figure("", n.Choose(condition, yes, no, asks, source=self.place("when")), "consequence")
        self.outcomes.append(Outcome(clause, clause.name, self._clause_per(clause)))

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
            condition = self.where()
            asks = subject_question(clause)
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


def _level_row(word: str, bound: n.Row, better: n.Row | None, *, higher: bool) -> n.Row:
    gives = n.Literal_(word, WORD, source=bound.source)
    label = f"{bound.label}, not {better.label}" if better else bound.label
    if higher:
        high, closed = (better.low, not better.low_closed) if better else (None, False)
        return n.Row(label, bound.low, bound.low_closed, high, closed, gives, source=bound.source)
    low, closed = (better.high, not better.high_closed) if better else (None, False)
    return n.Row(label, low, closed, bound.high, bound.high_closed, gives, source=bound.source)


def _below(word: str, worst: n.Row, *, higher: bool) -> n.Row:
    gives = n.Literal_(word, WORD, source=worst.source)
    label = f"not {worst.label}"
    if higher:
        return n.Row(label, None, False, worst.low, not worst.low_closed, gives, source=worst.source)
    return n.Row(label, worst.high, not worst.high_closed, None, False, gives, source=worst.source)
