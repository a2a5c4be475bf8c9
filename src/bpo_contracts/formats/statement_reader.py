"""A settlement document read for its statement.

A statement is made from the sealed document alone. What the statement prints must hold: the lines sum to the totals,
and charges and adjustments to the net; a document in which they do not is refused, never printed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Literal

from bpo_contracts.formats.statement_fields import Fields, start_reading
from bpo_contracts.formats.statement_model import Band, Determination, Line, Ref, Statement, StepText, Table, Totals
from bpo_contracts.formats.statement_plain import plain
from bpo_contracts.formats.statement_words import exact
from bpo_contracts.values.findings import IntegrityFailure


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
        provisional=fields.text("status", optional=True) == "provisional",
        rulebook=fields.text("rulebook", optional=True),
        currency=fields.currency("currency"),
        lines=lines,
        determinations=tuple(_determination(item) for item in fields.parts("determinations")),
        totals=_totals(fields.part("totals")),
        lots=tuple((item.scope("scope"), _totals(item.part("totals"))) for item in fields.parts("lots")),
        steps={(step.figure, step.item): step for step in steps},
        items=_items(steps),
        tables=tuple(_table(item) for item in fields.parts("tables")),
        engines=tuple((item.text("name"), item.text("version")) for item in fields.parts("engines")),
        digest=fields.text("digest", optional=True),
        clauses=frozenset(fields.texts("clauses")),
        in_term=fields.text("in_term", optional=True),
    )
    fields.finish()
    _check_sums(statement)
    return plain(statement)


def _line(item: Fields, group: Literal["charge", "adjustment", "consequence"]) -> Line:
    amount = item.number("amount") if group != "consequence" else Fraction(0)
    return Line(
        group=group,
        clause=item.text("clause"),
        name=item.text("name"),
        kind=item.text("kind", optional=True),
        says=item.text("happens", optional=True) or item.text("says"),
        scope=item.scope("scope"),
        status=_status(item, group),
        words=item.text("words", optional=True),
        trail=item.pairs("trail"),
        gross=item.number("gross") if group == "adjustment" else amount,
        amount=amount,
        holds=item.yes("holds") if group == "consequence" else False,
    )


def _status(item: Fields, group: str) -> str:
    status = item.text("status", optional=group != "adjustment")
    return "" if group == "charge" and status == "applies" else status


def _items(steps: Sequence[StepText]) -> dict[str, tuple[Ref, ...]]:
    items: dict[str, list[Ref]] = {}
    for step in steps:
        if step.item:
            items.setdefault(step.figure, []).append((step.figure, step.item))
    return {figure: _in_order(dict.fromkeys(refs)) for figure, refs in items.items()}


def _in_order(refs: Iterable[Ref]) -> tuple[Ref, ...]:
    """The items of a figure as a person counts them: numbers by their size (2 before 10), others as they stand."""
    found = [(exact(item), (figure, item)) for figure, item in refs]
    numbers = [(number, ref) for number, ref in found if number is not None]
    return tuple(ref for _, ref in (sorted(numbers) if len(numbers) == len(found) else found))


def _step(item: Fields) -> StepText:
    value = {
        name: item.text(name, optional=True)
        for name in ("says", "value", "unit", "formula", "clause", "words", "reached", "dropped", "note")
    }
    figure, index = item.text("figure"), item.text("item", optional=True)
    return StepText(figure, index, premises=item.pairs("premises"), how="", figures=(), **value)


def _determination(item: Fields) -> Determination:
    clause, name, scope, status = item.text("clause"), item.text("name"), item.scope("scope"), item.text("status")
    return Determination(clause, name, scope, status, item.pairs("reached"), item.pairs("unpaid"))


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
