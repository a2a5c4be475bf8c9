"""The texts that a written settlement is made of: values, amounts and scopes."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from typing import cast

from bpo_contracts.settlement.assess import scope_of
from bpo_contracts.terms.evaluate import Absent, Pair
from bpo_contracts.values.json_text import encoded
from bpo_contracts.values.numbers import pair_text
from bpo_contracts.values.units import Unit, factor_of


def value_text(value: object, unit: Unit) -> str:
    """Any settled value as text, numbers in the unit they are shown in; empty where there is no value."""
    if value.__class__ is tuple:
        return number_text_in(cast(Pair, value), factor_of(unit))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return "" if isinstance(value, Absent) or value is None else str(value)


def absent_text(value: Absent) -> str:
    """Why there is no value. What the contract leaves undecided is marked, so that no later period takes it for missing
    data."""
    finding = value.finding
    return value.reason if finding is None else f"{finding.code} {finding.name}: {value.reason}"


@lru_cache(maxsize=4096)  # amounts come back, as numbers do in ``pair_text``
def amount_text(value: Pair, digits: int) -> str:
    """An amount with so many digits after the point; with all its digits if it has more."""
    numerator, denominator = value
    scaled, rest = divmod(numerator * 10**digits, denominator)
    if rest:
        return pair_text(value)
    if not digits:
        return str(scaled)
    text = str(abs(scaled)).rjust(digits + 1, "0")
    return f"{'-' if scaled < 0 else ''}{text[:-digits]}.{text[-digits:]}"


def number_text_in(value: Pair, factor: Pair | None) -> str:
    """A number in its base unit as text in the unit it is shown in; ``factor`` is that of ``factor_of``."""
    return pair_text(value if factor is None else (value[0] * factor[1], value[1] * factor[0]))


def unit_text(unit: Unit) -> str:
    """The unit as a step says it; nothing for a plain number."""
    return "" if unit.is_plain else unit.shown or str(unit)


def inner(text: str) -> str:
    """The text as it stands between the quotes of a JSON string."""
    return encoded(text)[1:-1]


@lru_cache(maxsize=4096)  # the lots of a contract are the same in every line and period
def scope_text(per: str, item: str) -> str:
    """A lot as JSON: each scope with its value."""
    pairs = (f"{encoded(name)}:{encoded(value)}" for name, value in scope_of(per, item))
    return f"{{{','.join(pairs)}}}"
