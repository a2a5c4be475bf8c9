"""What happened, as the contract understands it: measurements and items, with their evidence."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Literal, TypeAlias

from bpo_contracts.values.frozen import frozen
from bpo_contracts.values.numbers import number_text
from bpo_contracts.values.periods import Period
from bpo_contracts.values.sources import Source

Value: TypeAlias = Fraction | bool | str | date | datetime
"""A number in its unit, yes or no, a word, a day, or an instant in UTC."""

Status = Literal["provisional", "final"]
Scope: TypeAlias = tuple[tuple[str, str], ...]
"""Dimensions with their values, sorted by dimension; empty for the contract as a whole."""


@frozen
class Measurement:
    """One value of one measure in one period and scope.

    ``value`` is in the measure's unit; for a percentage given as a ratio it is 100 times ``numerator`` over
    ``denominator``, exactly. ``sample`` is the number of cases behind it. ``evidence`` says where it comes from.
    """

    measure: str
    period: Period
    scope: Scope
    value: Value
    numerator: Fraction | None
    denominator: Fraction | None
    sample: Fraction | None
    status: Status
    evidence: str
    place: Source


@frozen
class Item:
    """One item of a list in one period: its identity (empty if it has none) and the columns that were filled in."""

    list: str
    period: Period
    key: str
    columns: tuple[tuple[str, Value], ...]
    status: Status
    evidence: str
    place: Source


@frozen
class NothingReported:
    """A row of a period alone: it was reported with nothing in it, and each measure follows its own rule for missing data. Beside
    other rows it says that the period is provisional."""

    period: Period
    status: Status


Fact: TypeAlias = Measurement | Item
FactKey: TypeAlias = tuple[str, ...]
Text: TypeAlias = tuple[str, ...]


def fact_key(fact: Fact) -> FactKey:
    """What may be stated once: a measure in a period and scope, or an item in a list and period.

    An item without identity is known by its content alone.
    """
    if isinstance(fact, Measurement):
        return ("measurement", fact.measure, fact.period.label, _pairs(fact.scope))
    if fact.key:
        return ("item", fact.list, fact.period.label, fact.key)
    return fact_text(fact)[:-1]


def fact_text(fact: Fact) -> Text:
    """The fact as plain texts, its status next to last and its evidence last; equal facts have equal texts."""
    if isinstance(fact, Measurement):
        return (
            "measurement",
            fact.period.label,
            fact.measure,
            _pairs(fact.scope),
            value_text(fact.value),
            _optional(fact.numerator),
            _optional(fact.denominator),
            _optional(fact.sample),
            fact.status,
            fact.evidence,
        )
    columns = _pairs(tuple((name, value_text(value)) for name, value in fact.columns))
    return ("item", fact.period.label, fact.list, fact.key, columns, fact.status, fact.evidence)


def value_text(value: Value) -> str:
    """The value as a text that says it exactly: ``98.5``, ``yes``, ``2026-03-31``, ``2026-03-31T10:00:00Z``."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Fraction):
        return number_text(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"
    return value.isoformat() if isinstance(value, date) else value


def _optional(number: Fraction | None) -> str:
    return "" if number is None else number_text(number)


def _pairs(pairs: tuple[tuple[str, str], ...]) -> str:
    return json.dumps(pairs, ensure_ascii=False, separators=(",", ":"))
