"""A settlement as its statement needs it: lines, steps, tables and totals as values, and how a trail is walked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Literal

from bpo_contracts.formats.statement_words import money_shown
from bpo_contracts.values.frozen import frozen

Ref = tuple[str, str]
"""A figure and its item: the key of a step."""
Scope = tuple[tuple[str, str], ...]


@frozen
class StepText:
    """One step of the trail, as texts; ``premises`` are the steps it was computed from.

    ``how`` says the formula in plain words, and ``figures`` are all the figures that the step stands for.
    """

    figure: str
    item: str
    says: str
    value: str
    unit: str
    formula: str
    clause: str
    words: str
    reached: str
    dropped: str
    note: str
    premises: tuple[Ref, ...]
    how: str = ""
    figures: tuple[str, ...] = ()


@frozen
class Line:
    """A charge, an adjustment or a consequence. Amounts are in the statement's currency; a consequence has none."""

    group: Literal["charge", "adjustment", "consequence"]
    clause: str
    name: str
    kind: str
    says: str
    scope: Scope
    status: str
    words: str
    trail: tuple[Ref, ...]
    gross: Fraction = Fraction(0)
    amount: Fraction = Fraction(0)
    holds: bool = False


@frozen
class Determination:
    """Which way the questions of a clause went: (question, branch)."""

    clause: str
    name: str
    scope: Scope
    status: str
    reached: tuple[tuple[str, str], ...]
    unpaid: tuple[tuple[str, str], ...] = ()
    """Items of a list that pay nothing: (item, reason)."""


@frozen
class Totals:
    """Sums in the statement's currency."""

    charges: Fraction
    adjustments: Fraction
    net: Fraction


@frozen
class Band:
    """One row of a table: from ``low`` to ``high`` (None: no end), and what it gives."""

    label: str
    low: Fraction | None
    low_closed: bool
    high: Fraction | None
    high_closed: bool
    gives: str
    gives_unit: str

    def holds(self, value: Fraction) -> bool:
        """Whether the value lies in the band; an end belongs to it only if it is closed."""
        above = self.low is None or value > self.low or (self.low_closed and value == self.low)
        below = self.high is None or value < self.high or (self.high_closed and value == self.high)
        return above and below


@frozen
class Table:
    """A table of bands: the figure it gives, and the measure that is looked up in it."""

    figure: str
    measure: str
    measure_unit: str
    direction: str
    bands: tuple[Band, ...]


@frozen
class Statement:
    """A settlement document, read."""

    contract: str
    version: str
    title: str
    client: str
    provider: str
    label: str
    start: str
    end: str
    revision: int
    supersedes: str
    provisional: bool
    rulebook: str
    currency: str
    lines: tuple[Line, ...]
    determinations: tuple[Determination, ...]
    totals: Totals
    lots: tuple[tuple[Scope, Totals], ...]
    steps: Mapping[Ref, StepText]
    items: Mapping[str, tuple[Ref, ...]]
    tables: tuple[Table, ...]
    engines: tuple[tuple[str, str], ...]
    digest: str
    clauses: frozenset[str] = frozenset()
    """The names of the contract's clauses; a figure whose name begins with another is one of the contract's own."""
    in_term: str = ""
    """How much of the period lies in the term, where that is not all of it: ``from 2026-03-16``."""

    def group(self, group: str) -> tuple[Line, ...]:
        """The charges, the adjustments or the consequences, in the order of the document."""
        return tuple(line for line in self.lines if line.group == group)

    def money(self, amount: Fraction) -> str:
        """An amount with the minor digits of the statement's currency."""
        return money_shown(amount, self.currency)

    def words(self, line: Line) -> str:
        """The clause's words: the line's own, or those that a step of this clause in its trail cites."""
        if line.words:
            return line.words
        cited = (step for _, step, _ in self.walk(line.trail) if step and step.clause == line.clause)
        return next((step.words for step in cited if step.words), "")

    def owner(self, figure: str) -> str:
        """The name of the clause that a figure belongs to; "" for one of the contract's own."""
        name = figure.partition(".")[0]
        return name if name in self.clauses else ""

    def find(self, ref: Ref) -> tuple[Ref, ...]:
        """The steps a reference means: the one with its key; for a figure per item named without one, all its items."""
        if ref in self.steps or ref[1]:
            return (ref,)
        return self.items.get(ref[0], (ref,))

    def premises(self, step: StepText) -> tuple[Ref, ...]:
        """What a step was computed from, a figure per item item by item."""
        return tuple(found for premise in step.premises for found in self.find(premise))

    def walk(
        self, trail: tuple[Ref, ...], seen: set[Ref] | None = None, *, below: Callable[[StepText], bool] | None = None
    ) -> Iterator[tuple[int, StepText | None, Ref]]:
        """The steps of a trail with their depth: each before its premises, and only the first time with those.

        A step that the document lacks, or that was met before, comes as ``None`` with its reference; ``seen``
        (changed here) tells which. ``below`` says of which steps the premises are wanted (of all, if not given).
        """
        met = set() if seen is None else seen
        waiting: list[tuple[int, Ref]] = [(0, found) for ref in reversed(trail) for found in reversed(self.find(ref))]
        first = waiting[-1:]
        while waiting:
            depth, ref = waiting.pop()
            if not depth and ref in met and (0, ref) not in first:
                continue  # a further part of the line's own clause that the steps above have led to
            step = None if ref in met else self.steps.get(ref)
            yield depth, step, ref
            met.add(ref)
            if step is not None and (below is None or below(step)):
                waiting.extend((depth + 1, found) for found in reversed(self.premises(step)))
