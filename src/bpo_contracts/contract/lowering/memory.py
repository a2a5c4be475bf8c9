"""What clauses that look back are made of: running balances, windows, streaks, and lines of several parts.

There is no state. A balance is a figure that adds to its own value of the period before; a streak and a count are
aggregates over earlier periods. Before the start there was nothing: balances begin at zero, nothing had happened yet.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any, Final, Literal

from bpo_contracts.contract.clauses.base import Clause, Family, GatedClause
from bpo_contracts.contract.lowering.limits import Limits
from bpo_contracts.contract.lowering.lots import Life, Lots, ends_with
from bpo_contracts.contract.lowering.reading import ZERO
from bpo_contracts.contract.lowering.results import Line, Outcome, left_outcome
from bpo_contracts.terms import nodes as n
from bpo_contracts.terms.formula import parse_condition, parse_formula
from bpo_contracts.values.currencies import MINOR_DIGITS
from bpo_contracts.values.rounding import Mode, Rounding
from bpo_contracts.values.sources import Source
from bpo_contracts.values.units import PERCENT, PLAIN, TRUTH, Unit

NO: Final = n.Literal_(False, TRUTH)
ONE: Final = n.Quantity(Fraction(1), PLAIN)

NoData = Literal["counts as failed", "does not count", "is left out"]
"""What a period without data is in a count of failures: a failure, none, or no period at all (a run goes on across
it)."""

_SIGN: Final[dict[Family, int]] = {"credit": -1, "charge": 1, "bonus": 1, "both ways": 1}


class Memory(Limits):
    """Methods for kinds whose figures look at earlier periods."""

    def formula_at(self, text: str, *path: str | int) -> n.AnyNode:
        """The formula at a place of the clause at hand."""
        return self._parse(text, (*self._path, *path), parse_formula)

    def condition_at(self, text: str, *path: str | int) -> n.AnyNode:
        """The condition at a place of the clause at hand."""
        return self._parse(text, (*self._path, *path), parse_condition)

    def add(self, suffix: str, node: n.AnyNode, says: str, *, unit: Unit | None = None) -> n.Name:
        """A figure of the clause at hand, as a reference to it. A yes/no that looks at its own past declares its
        unit."""
        self.figure(suffix, node, says)
        if unit is not None:
            self.figures[-1] = replace(self.figures[-1], unit=unit)
        return self.name(suffix)

    def earlier(self, suffix: str, *, periods: int = 1, before: n.AnyNode = ZERO) -> n.Earlier:
        """A figure of the clause at hand, ``periods`` ago; ``before`` is what it was before the start."""
        return n.Earlier(self._full(suffix), periods, before, source=self._name_place())

    def to_date(self, suffix: str, added: n.AnyNode, says: str) -> n.Name:
        """A running total: its value of the period before, and what is added now."""
        return self.add(suffix, self.plus(self.earlier(suffix), added), says)

    def plus(self, *parts: n.AnyNode) -> n.AnyNode:
        """The sum of the parts (none: zero)."""
        total = parts[0] if parts else ZERO
        for part in parts[1:]:
            total = n.Arithmetic("+", total, part, source=self._name_place())
        return total

    def minus(self, whole: n.AnyNode, *parts: n.AnyNode) -> n.AnyNode:
        """The whole without the parts."""
        for part in parts:
            whole = n.Arithmetic("-", whole, part, source=self._name_place())
        return whole

    def least(self, *items: n.AnyNode) -> n.AnyNode:
        """The lowest of several."""
        return n.Extreme("min", items, source=self._name_place())

    def not_below_zero(self, item: n.AnyNode) -> n.AnyNode:
        """The amount, or zero where it is negative."""
        return n.Extreme("max", (item, ZERO), source=self._name_place())

    def when(self, condition: n.AnyNode, then: n.AnyNode, otherwise: n.AnyNode = ZERO) -> n.AnyNode:
        """One of two, as a condition says."""
        return n.Choose(condition, then, otherwise, source=self._name_place())

    def rounded(self, item: n.AnyNode, rounding: str | None) -> n.AnyNode:
        """The amount, rounded as the clause's ``round`` or the contract's lines say."""
        return n.Round(item, self._line_rounding(rounding), source=self._name_place())

    def gated(self, clause: GatedClause, item: n.AnyNode) -> n.AnyNode:
        """Zero where the clause's gate is closed, it is excused, or it is not about this lot."""
        return self._gated(clause, item)

    def in_whole_steps(self, item: n.AnyNode, rounding: str | None) -> n.AnyNode:
        """The amount brought down to whole steps of the rounding that ``rounded`` uses: what is at most so much is so
        after it, too. As it is where a step is the smallest amount of the currency, of which every amount is made.
        """
        grain = self._line_rounding(rounding).grain
        if grain <= Fraction(1, 10 ** MINOR_DIGITS[self.contract.currency]):
            return item
        return n.Round(item, Rounding(Mode.FLOOR, grain), source=self._name_place())

    def rounded_at(self, item: n.AnyNode, text: str, unit: Unit, *path: str | int) -> n.AnyNode:
        """The amount, rounded as the text at a place says (``unrounded`` leaves it as it is)."""
        rounding = self._rounding(text, (*self._path, *path), unit)
        return item if rounding is None else n.Round(item, rounding, source=self._at(*path))

    def table_at(self, table: dict[str, str], at: n.AnyNode, *path: str | int, count: bool = False) -> n.AnyNode:
        """A table of rows in words, read at a point that need not be a measure; bare numbers in its rows where it is
        a ``count``.
        """
        within = (Fraction(0), None) if count else None
        rows = self._rows_of(table, (*self._path, *path), at, closed=True, counts=count, within=within)
        return n.Curve(rows, "at", at, source=self._at(*path))

    def reaches(self, suffix: str, needed: int) -> n.AnyNode:
        """Whether a count of the clause at hand is at least so many."""
        return n.Test(">=", self.name(suffix), n.Quantity(Fraction(needed), PLAIN), source=self._name_place())

    def pays(self, clause: Clause, suffix: str, family: Family) -> None:
        """An invoice line for one part of a clause: the rounded figure ``suffix``."""
        full = self._full(suffix)
        self.lines.append(Line(clause, full, full, _SIGN[family], family, self._clause_per(clause), full))

    def paid_by(self, name: str, families: tuple[Family, ...], *path: str | int) -> Family:
        """Which way a clause named at a place moves the invoice; a mistake unless it is of one of these families."""
        clause = next((one for one in self.contract.clauses if one.name == name), None)
        family: Family = clause.family if clause is not None else "none"
        if family not in families:
            kind = " or ".join(f"a {one}" for one in families if one != "both ways")
            self.refused_at(
                "BPO284", "not-a-paying-clause", f"{name!r} is not a clause of this contract that pays {kind}.", *path
            )
        return family

    def refused_at(self, code: str, name: str, problem: str, *path: str | int) -> None:
        """Notes a mistake at a place of the clause at hand."""
        self._note_problem(code, name, self._at(*path), problem)

    # --- lots, and the end of the term ----------------------------------------------------------------------

    def lapsed(self, clause: Any, before: n.AnyNode, added: n.Name, used: n.Name, *, at_once: bool) -> n.Name | None:
        """What lapses of the lots of a clause that has ``used_first``, ``lapses_after`` and ``lapses_at``."""
        age = self._age(clause)
        lapses = clause.at_end_of_term == "lapses"
        of: tuple[Literal["year", "term"], ...] = ("year",) if clause.lapses_at else ("term",) if lapses else ()
        place = self._name_place()
        life = Life(clause.used_first, age, ends_with(self.contract, *of, place=place))
        lots = Lots(clause.name, self.add, life, to_date="added_to_date", place=place)
        return lots.lapsed(before, added, used, at_once=at_once)

    def at_the_end(self, suffix: str, left: n.AnyNode, says: str) -> n.Name:
        """What is left, in the last period of the term; nothing before."""
        ended = ends_with(self.contract, "term", place=self._at("at_end_of_term"))
        if ended is None:
            raise AssertionError("a term has an end")
        asks = f"does the term end with this period (clause {self._here().clause})?"
        return self.add(suffix, n.Choose(ended, left, ZERO, asks, source=self._at("at_end_of_term")), says)

    def left_over(self, clause: Clause, balance: str, what: str) -> None:
        """Says in the last period what is left in a balance, where the contract does not say what becomes of it."""
        full = self._full("left_over")
        self.add("left_over", self._is_left(self._full(balance), self._name_place()), "whether something is left")
        self.outcomes.append(left_outcome(clause, full, self._full(balance), self._clause_per(clause), what))

    def says_what_is_lost(self, clause: Clause, lost: str, suffix: str, happens: str) -> None:
        """Says in every period in which something is lost for good how much that is: no invoice line shows it.

        ``lost`` is the figure of the amount, which ``happens`` names as ``{left}``; ``suffix`` the one that asks.
        """
        some = n.Test(">", self.name(lost), ZERO, source=self._name_place())
        self.add(suffix, some, "whether something is forfeited")
        self.outcomes.append(Outcome(clause, self._full(suffix), self._clause_per(clause), happens, self._full(lost)))

    def rounded_as_written(self, item: n.AnyNode, text: str, *path: str | int) -> n.AnyNode:
        """The amount, rounded as the text at a place says (``unrounded`` leaves it as it is), whatever its unit."""
        return self._as_written(item, text, (*self._path, *path))

    # --- periods ------------------------------------------------------------------------------------------

    def window(self, text: str, *path: str | int, with_this: bool = True) -> n.Window:
        """The periods that ``last 12 months``, ``this contract year`` and ``the whole contract`` count, as far as
        there are."""
        window = self._window_at(text, self._at(*path))
        if window is None:
            return n.Window(None, previous=True)
        if not with_this:
            return window
        length = window.length + 1 if window.length is not None else None
        return replace(window, previous=False, length=length)

    def span(self, text: str, *path: str | int) -> int:
        """How many of the contract's periods ``3 months`` are; 1 where that cannot be said."""
        return self._span_of(text, self._at(*path))

    def fixed_share(self, text: str, *path: str | int) -> Fraction:
        """A percentage that is written as a number."""
        quantity = self._quantity(text, (*self._path, *path), PERCENT)
        if not isinstance(quantity, n.Quantity) or quantity.unit not in (PERCENT, ZERO.unit) or quantity.value < 0:
            self._note_problem(
                "BPO257", "not-a-share", self._at(*path), f"{text!r} is not a percentage of zero or more."
            )
            return Fraction(0)
        return quantity.value

    # --- failures ---------------------------------------------------------------------------------------------

    def failure(
        self, suffix: str, condition: n.AnyNode, no_data: NoData, says: str = "failure in the period"
    ) -> n.Name:
        """A yes/no figure: whether the period failed (or what ``says`` says), with what a period without data is."""
        if no_data != "is left out":
            answer = n.Literal_(no_data == "counts as failed", TRUTH, source=self._name_place())
            condition = n.OrElse(condition, answer, source=self._name_place())
        return self.add(suffix, condition, says, unit=TRUTH)

    def run(self, failed: n.Name, no_data: NoData) -> n.AnyNode:
        """How many periods in a row failed, this one being the last."""
        return self._counted("streak", failed, n.Window(None, previous=False), no_data)

    def failures(self, failed: n.Name, window: n.Window, no_data: NoData) -> n.AnyNode:
        """How many periods of the window failed."""
        return self._counted("count", failed, window, no_data)

    def _counted(self, kind: n.FoldKind, failed: n.Name, window: n.Window, no_data: NoData) -> n.AnyNode:
        place = self._name_place()
        missing: Literal["refuse", "skip"] = "skip" if no_data == "is left out" else "refuse"
        counted: n.AnyNode = failed
        if missing == "refuse" and self._clause_per(self._here()) in self.contract.lists:
            # An item that a period does not have is without data in it.
            without = n.Literal_(no_data == "counts as failed", TRUTH, source=place)
            counted = n.OrElse(failed, without, begun=True, source=place)
        return n.Fold(kind, counted, window, missing=missing, source=place)

    def run_anew(self, suffix: str, failed: n.Name, needed: int, no_data: NoData) -> n.Name:
        """A run that begins again after it has reached ``needed``: ``suffix`` is the run, ``suffix_left`` what goes
        on."""
        before = self.earlier(f"{suffix}_left")
        run = self.when(failed, self.plus(before, ONE), ZERO)
        if no_data == "is left out":
            run = n.OrElse(run, before, source=self._name_place())
        name = self.add(suffix, run, "number of periods in a row")
        done = n.Test(">=", name, n.Quantity(Fraction(needed), PLAIN), source=self._name_place())
        self.add(f"{suffix}_left", self.when(done, ZERO, name), "run that goes on")
        return name

    def count_anew(self, suffix: str, failed: n.Name, window: n.Window, needed: int, no_data: NoData) -> n.Name:
        """A count within a window of what has not been counted toward an earlier result: ``suffix_open`` since then."""
        counts = self.when(failed, ONE, ZERO)
        if no_data == "is left out":
            counts = n.OrElse(counts, ZERO, source=self._name_place())
        opened = self.add(
            f"{suffix}_open", self.plus(self.earlier(f"{suffix}_left"), counts), "number of periods since the last time"
        )
        name = self.add(
            suffix, self.least(self.failures(failed, window, no_data), opened), "number of periods that count"
        )
        done = n.Test(">=", name, n.Quantity(Fraction(needed), PLAIN), source=self._name_place())
        self.add(f"{suffix}_left", self.when(done, ZERO, opened), "number of periods still open")
        return name

    def _at(self, *path: str | int) -> Source:
        return self.contract.place((*self._path, *path))
