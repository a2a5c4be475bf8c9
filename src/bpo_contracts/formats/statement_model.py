"""A settlement document read for its statement: lines, steps and tables as values.

A statement is made from the sealed document alone. What the statement prints must hold: the lines sum to the totals,
and charges and adjustments to the net; a document in which they do not is refused, never printed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from bpo_contracts.formats.statement_reader import Fields, start_reading
from bpo_contracts.formats.statement_words import exact, money_shown
from bpo_contracts.values.findings import IntegrityFailure

Ref = tuple[str, str]
"""A figure and its item: the key of a step."""
Scope = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class StepText:
    """One step of the trail, as texts; ``premises`` are the steps it was computed from."""

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


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class Determination:
    """Which way the questions of a clause went: (question, branch)."""

    clause: str
    name: str
    scope: Scope
    status: str
    reached: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums in the statement's currency."""

    charges: Fraction
    adjustments: Fraction
    net: Fraction


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class Table:
    """A table of bands: the figure it gives, and the measure that is looked up in it."""

    figure: str
    measure: str
    measure_unit: str
    direction: str
    bands: tuple[Band, ...]


@dataclass(frozen=True, slots=True)
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
    currency: str
    lines: tuple[Line, ...]
    determinations: tuple[Determination, ...]
    totals: Totals
    lots: tuple[tuple[Scope, Totals], ...]
    steps: Mapping[Ref, StepText]
    tables: tuple[Table, ...]
    engines: tuple[tuple[str, str], ...]
    digest: str

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

    def walk(self, trail: tuple[Ref, ...], seen: set[Ref] | None = None) -> Iterator[tuple[int, StepText | None, Ref]]:
        """The steps of a trail with their depth: each before its premises, and only the first time with those.

        A step that the document lacks, or that was met before, comes as ``None`` with its reference; ``seen``
        (changed here) tells which.
        """
        met = set() if seen is None else seen
        waiting: list[tuple[int, Ref]] = [(0, ref) for ref in reversed(trail)]
        while waiting:
            depth, ref = waiting.pop()
            step = None if ref in met else self.steps.get(ref)
            yield depth, step, ref
            met.add(ref)
            if step is not None:
                waiting.extend((depth + 1, premise) for premise in reversed(step.premises))


def read_statement(document: Mapping[str, object]) -> Statement:
    """The statement's values from a settlement document (as sealed, as a plain dictionary).

    Raises:
        BadInput: a part of the document is missing or of another form; all of them are named (BPO600).
        IntegrityFailure: the lines do not sum to the totals.
    """
    fields = start_reading(document)
    contract, period = fields.part("contract"), fields.part("period")
    lines = (
        *(_line(item, "charge") for item in fields.parts("charges")),
        *(_line(item, "adjustment") for item in fields.parts("adjustments")),
        *(_line(item, "consequence") for item in fields.parts("consequences")),
    )
    steps = [_step(item) for item in fields.parts("steps")]
    statement = Statement(
        contract=contract.text("id"),
        version=contract.text("version"),
        title=contract.text("title"),
        client=contract.text("client"),
        provider=contract.text("provider"),
        label=period.text("label"),
        start=period.day("start"),
        end=period.day("end"),
        revision=fields.count("revision"),
        supersedes=fields.text("supersedes", optional=True),
        currency=fields.currency("currency"),
        lines=lines,
        determinations=tuple(_determination(item) for item in fields.parts("determinations")),
        totals=_totals(fields.part("totals")),
        lots=tuple((item.scope("scope"), _totals(item.part("totals"))) for item in fields.parts("lots")),
        steps={(step.figure, step.item): step for step in steps},
        tables=tuple(_table(item) for item in fields.parts("tables")),
        engines=tuple((item.text("name"), item.text("version")) for item in fields.parts("engines")),
        digest=fields.text("digest", optional=True),
    )
    fields.finish()
    _check_sums(statement)
    return statement


def _line(item: Fields, group: Literal["charge", "adjustment", "consequence"]) -> Line:
    amount = item.number("amount") if group != "consequence" else Fraction(0)
    return Line(
        group=group,
        clause=item.text("clause"),
        name=item.text("name"),
        kind=item.text("kind", optional=True),
        says=item.text("says"),
        scope=item.scope("scope"),
        status=item.text("status") if group == "adjustment" else "",
        words=item.text("words", optional=True),
        trail=item.pairs("trail"),
        gross=item.number("gross") if group == "adjustment" else amount,
        amount=amount,
        holds=item.yes("holds") if group == "consequence" else False,
    )


def _step(item: Fields) -> StepText:
    value = {
        name: item.text(name, optional=True)
        for name in ("says", "value", "unit", "formula", "clause", "words", "reached", "dropped", "note")
    }
    return StepText(item.text("figure"), item.text("item", optional=True), premises=item.pairs("premises"), **value)


def _determination(item: Fields) -> Determination:
    return Determination(
        item.text("clause"), item.text("name"), item.scope("scope"), item.text("status"), item.pairs("reached")
    )


def _totals(item: Fields) -> Totals:
    return Totals(item.number("charges"), item.number("adjustments"), item.number("net"))


def _table(item: Fields) -> Table:
    bands = [
        Band(
            label=row.text("label"),
            low=exact(row.text("low", optional=True)),
            low_closed=row.yes("low_closed"),
            high=exact(row.text("high", optional=True)),
            high_closed=row.yes("high_closed"),
            gives=row.text("gives", optional=True),
            gives_unit=row.text("gives_unit", optional=True),
        )
        for row in item.parts("rows")
    ]
    return Table(
        item.text("figure"),
        item.text("measure", optional=True),
        item.text("measure_unit", optional=True),
        item.text("direction", optional=True),
        tuple(bands),
    )


def _check_sums(statement: Statement) -> None:
    totals = statement.totals
    for name, group, total in (
        ("charges", "charge", totals.charges),
        ("adjustments", "adjustment", totals.adjustments),
    ):
        lines = sum((line.amount for line in statement.group(group)), Fraction(0))
        if lines != total:
            raise IntegrityFailure(
                f"In the settlement of {statement.label} the {name} sum to {statement.money(lines)}"
                f" {statement.currency}, and the total says {statement.money(total)}. No statement is made from it."
            )
    for which, sums in (("the settlement", totals), *(("a lot", sums) for _, sums in statement.lots)):
        if sums.charges + sums.adjustments != sums.net:
            raise IntegrityFailure(
                f"In {which} of {statement.label} charges and adjustments do not come to the net amount of"
                f" {statement.money(sums.net)} {statement.currency}. No statement is made from it."
            )
