"""The clause at hand: where it stands, its figures, its formulas and tables, and arithmetic with them.

There is no state of a clause's own. What it has to remember is a figure that looks at its own value of earlier periods:
a balance adds to it, a streak and a count are aggregates over them. Before the start there was nothing: balances begin
at zero, nothing had happened yet.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from fractions import Fraction

from bpo_contracts.contract.clauses.base import Clause
from bpo_contracts.contract.lowering.collected import Collected, Path
from bpo_contracts.contract.lowering.reading import Formulas, Phrases, Tables, Words
from bpo_contracts.contract.lowering.reading.rows import Between
from bpo_contracts.contract.lowering.results import Table
from bpo_contracts.terms import nodes as n
from bpo_contracts.terms.nodes import ZERO
from bpo_contracts.values.rounding import Rounding
from bpo_contracts.values.sources import Citation, Source
from bpo_contracts.values.units import PLAIN, Unit


class AtHand:
    """The clause at hand, and the words it speaks in. Figures are named after it: ``x.rate``, ``x.amount``, ``x``.

    It knows how texts are read, and where what is lowered is collected. What kinds of clauses there are, and what they
    say with these words, it does not know.
    """

    def __init__(
        self, collected: Collected, formulas: Formulas, phrases: Phrases, tables: Tables, words: Words
    ) -> None:
        self.collected, self.contract = collected, collected.contract
        self.formulas, self.phrases, self.tables, self.words = formulas, phrases, tables, words
        self._index_of = {id(clause): index for index, clause in enumerate(self.contract.clauses)}
        self._clause: Clause | None = None
        self._path: Path = ()

    # --- the clause at hand ---------------------------------------------------------------------------------

    @contextmanager
    def clause(self, clause: Clause) -> Generator[None, None, None]:
        """Everything added inside belongs to this clause."""
        self._clause, self._path = clause, ("clauses", self.index_of(clause))
        try:
            yield
        finally:
            self._clause, self._path = None, ()

    @property
    def here(self) -> Clause:
        """The clause at hand."""
        if self._clause is None:
            raise AssertionError("figures of a clause are added inside 'with into.clause(...)'")
        return self._clause

    @property
    def for_each(self) -> Sequence[str]:
        """What the clause at hand is for each of, as it is written."""
        return getattr(self.here, "for_each", ())

    def index_of(self, clause: Clause) -> int:
        """The number of a clause in the contract."""
        return self._index_of[id(clause)]

    def at(self, *path: str | int) -> Path:
        """The path of a field of the clause at hand."""
        return (*self._path, *path)

    def place(self, *path: str | int) -> Source:
        """Where a field of the clause at hand stands."""
        return self.contract.place((*self._path, *path))

    def opening(self) -> Source:
        """Where the clause at hand opens."""
        return self.contract.place((*self._path, self.here.kind))

    def citation(self) -> Citation:
        """The number and the words of the clause at hand, where it opens."""
        return Citation(self.here.clause, self.here.words, self.opening())

    def per_of(self, clause: Clause) -> str:
        """What there is one value for each of, in a clause; a mistake in that is noted in the clause at hand."""
        return self.collected.per(getattr(clause, "for_each", ()), self.at("for_each"))

    def problem(self, code: str, name: str, place: Source, problem: str, next_step: str | None = None) -> None:
        """Notes a finding; its next step is the one of its code if none is given."""
        self.collected.note(code, name, place, problem, next_step)

    def refused_at(self, code: str, name: str, problem: str, *path: str | int) -> None:
        """Notes a mistake at a place of the clause at hand."""
        self.problem(code, name, self.place(*path), problem)

    # --- its figures ----------------------------------------------------------------------------------------

    def full_name(self, suffix: str) -> str:
        """The name of a figure of the clause at hand; ``suffix`` "" is the clause's own."""
        return f"{self.here.name}.{suffix}" if suffix else self.here.name

    def name(self, suffix: str) -> n.Name:
        """A reference to a figure of the clause at hand."""
        return n.Name(self.full_name(suffix), source=self.place())

    def figure(
        self, suffix: str, node: n.AnyNode, says: str, *, per: str | None = None, unit: Unit | None = None
    ) -> None:
        """Adds a figure of the clause at hand; ``suffix`` "" is the clause's own name, and says its title; ``per`` is
        the clause's own if not given."""
        clause = self.here
        says = f"{says} of {clause.says}" if suffix else clause.says
        per = self.per_of(clause) if per is None else per
        self.collected.figure(self.full_name(suffix), node, self.citation(), says, per, unit=unit)

    def figure_at(
        self, suffix: str, node: n.AnyNode, says: str, place: Source, *, per: str, unit: Unit | None = None
    ) -> n.Name:
        """Adds a figure of the clause at hand that stands at a place in it and says just that, as a reference to it."""
        name, citation = self.full_name(suffix), self.citation()
        return self.collected.figure(name, node, citation, says, per, unit=unit, source=place)

    def add(self, suffix: str, node: n.AnyNode, says: str, *, unit: Unit | None = None) -> n.Name:
        """A figure of the clause at hand, as a reference to it. A yes/no that looks at its own past declares its
        unit."""
        self.figure(suffix, node, says, unit=unit)
        return self.name(suffix)

    def earlier(self, suffix: str, *, periods: int = 1, before: n.AnyNode = ZERO) -> n.Earlier:
        """A figure of the clause at hand, ``periods`` ago; ``before`` is what it was before the start."""
        return n.Earlier(self.full_name(suffix), periods, before, source=self.opening())

    def to_date(self, suffix: str, added: n.AnyNode, says: str) -> n.Name:
        """A running total: its value of the period before, and what is added now."""
        return self.add(suffix, self.plus(self.earlier(suffix), added), says)

    # --- its formulas and tables ----------------------------------------------------------------------------

    def formula(self, field_name: str, index: int | None = None) -> n.AnyNode:
        """The formula in a field of the clause at hand (or one of a list of formulas)."""
        value = getattr(self.here, field_name)
        if index is None:
            return self.formulas.formula(value, self.at(field_name))
        return self.formulas.formula(value[index], self.at(field_name, index))

    def formula_at(self, text: str, *path: str | int) -> n.AnyNode:
        """The formula at a place of the clause at hand."""
        return self.formulas.formula(text, self.at(*path))

    field_formula = formula_at  # what kinds with texts inside a field call it

    def condition_at(self, text: str, *path: str | int) -> n.AnyNode:
        """The condition at a place of the clause at hand."""
        return self.formulas.condition(text, self.at(*path))

    def condition(self, field_name: str, index: int) -> n.AnyNode:
        """The condition in a list of conditions of the clause at hand."""
        return self.condition_at(getattr(self.here, field_name)[index], field_name, index)

    def table(self, field_name: str, at: n.AnyNode, *, flat_fees: bool = False, suffix: str = "rate") -> n.Curve:
        """A table of rows in words, read at a point: exactly one row holds. ``suffix`` is the figure it gives."""
        table, path = getattr(self.here, field_name), self.at(field_name)
        rows = self.tables.rows(table, path, at, for_each=self.for_each, closed=True, flat_fees=flat_fees)
        if isinstance(at, n.Name):
            self.collected.tables.append(Table(self.full_name(suffix), at.name, rows))
        return n.Curve(rows, "at", at, source=self.place(field_name))

    def slices(
        self,
        field_name: str,
        at: n.AnyNode,
        *,
        start: n.AnyNode | None = None,
        within: Between | None = None,
        flat_fees: bool = False,
    ) -> n.Curve:
        """Each slice of the quantity at its own rate, from ``start`` (or 0) on; ``within`` is the range the rows
        must cover."""
        table, path = getattr(self.here, field_name), self.at(field_name)
        rows = self.tables.rows(
            table, path, at, for_each=self.for_each, closed=False, within=within, flat_fees=flat_fees
        )
        return n.Curve(rows, "along", at, start, source=self.place(field_name))

    def line(self, field_name: str, at: n.AnyNode) -> n.AnyNode:
        """Points joined by straight lines, flat outside."""
        return self.tables.line(getattr(self.here, field_name), self.at(field_name), at, for_each=self.for_each)

    # --- arithmetic -----------------------------------------------------------------------------------------

    def plus(self, *parts: n.AnyNode) -> n.AnyNode:
        """The sum of the parts (none: zero)."""
        total = parts[0] if parts else ZERO
        for part in parts[1:]:
            total = n.Arithmetic("+", total, part, source=self.opening())
        return total

    def minus(self, whole: n.AnyNode, *parts: n.AnyNode) -> n.AnyNode:
        """The whole without the parts."""
        for part in parts:
            whole = n.Arithmetic("-", whole, part, source=self.opening())
        return whole

    def least(self, *items: n.AnyNode) -> n.AnyNode:
        """The lowest of several."""
        return n.Extreme("min", items, source=self.opening())

    def not_below_zero(self, item: n.AnyNode) -> n.AnyNode:
        """The amount, or zero where it is negative."""
        return n.Extreme("max", (item, ZERO), source=self.opening())

    def when(self, condition: n.AnyNode, then: n.AnyNode, otherwise: n.AnyNode = ZERO) -> n.AnyNode:
        """One of two, as a condition says."""
        return n.Choose(condition, then, otherwise, source=self.opening())

    # --- rounding -------------------------------------------------------------------------------------------

    def line_rounding(self, own: str | None) -> Rounding:
        """How an amount that is paid is rounded: as the clause's ``round`` or the contract's lines say."""
        return self.phrases.line_rounding(own, self.at("round"))

    def rounded(self, item: n.AnyNode, rounding: str | None) -> n.AnyNode:
        """The amount, rounded as the clause's ``round`` or the contract's lines say."""
        return n.Round(item, self.line_rounding(rounding), source=self.opening())

    # --- periods, and what failed in them -------------------------------------------------------------------

    def window(self, text: str, *path: str | int, with_this: bool = True) -> n.Window:
        """The periods that ``last 12 months``, ``this contract year`` and ``the whole contract`` count, as far as
        there are."""
        window = self.phrases.window(text, self.place(*path))
        if window is None:
            return n.Window(None, previous=True)
        if not with_this:
            return window
        length = window.length + 1 if window.length is not None else None
        return replace(window, previous=False, length=length)

    def span(self, text: str, *path: str | int) -> int:
        """How many of the contract's periods ``3 months`` are; 1 where that cannot be said."""
        return self.phrases.span(text, self.place(*path))

    def reaches(self, suffix: str, needed: int) -> n.AnyNode:
        """Whether a count of the clause at hand is at least so many."""
        return n.Test(">=", self.name(suffix), n.Quantity(Fraction(needed), PLAIN), source=self.opening())
