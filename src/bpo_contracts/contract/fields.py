"""Types of the fields of a contract document. Every value arrives as text and is read by its field, never guessed.

Text that is a formula, a row or a quantity stays text here: it needs the whole contract (units, names) to be read,
and is
read when the contract is lowered.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Final, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from bpo_contracts.values.currencies import MINOR_DIGITS
from bpo_contracts.values.periods import NotADay, parse_day


class Model(BaseModel):
    """What every part of a contract is: frozen, strict, unknown fields refused."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", defer_build=True)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """The same part; with ``update`` one with other values in these fields, checked as every part is.

        Raises:
            ValidationError: for values that the fields refuse.
        """
        return type(self).model_validate({**dict(self), **update}) if update else super().model_copy(deep=deep)


CountedOver = Literal[
    "this contract year", "this calendar year", "this quarter", "this half-year", "the whole contract"
]
"""The periods over which a quantity is added up before slices are read at it."""

NAME: Final = r"[a-z][a-z0-9_]{0,63}"
_IDENTIFIER: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9])?\Z", re.ASCII)


def _identifier(text: str) -> str:
    if not _IDENTIFIER.match(text) or ".." in text:
        raise ValueError(
            f"{text[:70]!r} is not an identifier: 1 to 64 of A-Z a-z 0-9 . _ - , starting and ending with a letter or digit"
        )
    return text


def _name(text: str) -> str:
    if not re.fullmatch(NAME, text, re.ASCII):
        raise ValueError(
            f"{text[:70]!r} is not a name: small letters, digits and _, starting with a letter, at most 64"
        )
    if text in RESERVED:
        raise ValueError(f"{text!r} is a word of the formula language; choose another name")
    return text


def _column(text: str) -> str:
    if text in ("yes", "no"):
        raise ValueError(f"{text!r} is a word of the formula language; choose another name")
    return text


RESERVED: Final = frozenset(
    [
        "above",
        "and",
        "any",
        "as",
        "at",
        "average",
        "below",
        "count",
        "day",
        "days",
        "each",
        "else",
        "end",
        "every",
        "exact",
        "exactly",
        "false",
        "fewer",
        "for",
        "from",
        "full",
        "highest",
        "if",
        "in",
        "is",
        "known",
        "last",
        "least",
        "less",
        "lowest",
        "max",
        "min",
        "missing",
        "month",
        "months",
        "more",
        "most",
        "nearest",
        "no",
        "none",
        "not",
        "of",
        "or",
        "otherwise",
        "outer",
        "over",
        "per",
        "period",
        "periods",
        "previous",
        "start",
        "started",
        "steps",
        "streak",
        "sum",
        "than",
        "then",
        "this",
        "to",
        "true",
        "under",
        "when",
        "where",
        "yes",
        "ago",
        "quarter",
        "year",
    ]
)


def _currency(text: str) -> str:
    if text not in MINOR_DIGITS:
        upper = text.upper()
        hint = f"; write {upper}" if upper in MINOR_DIGITS else "; write three capital letters, for example EUR"
        raise ValueError(f"{text[:20]!r} is not an ISO 4217 currency code in use{hint}")
    return text


def _day(value: Any) -> date:
    if isinstance(value, date):
        return value
    if not isinstance(value, str):
        raise ValueError("a day is written as text: YYYY-MM-DD")
    try:
        return parse_day(value)
    except NotADay as wrong:
        raise ValueError(str(wrong)) from None


def _yes_no(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if value in ("yes", "no"):
        return bool(value == "yes")
    raise ValueError(f"{str(value)[:20]!r} is not yes or no")


Identifier = Annotated[str, AfterValidator(_identifier)]
"""An id that leaves the library (file names, ledgers, invoices): ASCII letters, digits, ``.`` ``_`` ``-``, 1 to 64."""

NameText = Annotated[str, AfterValidator(_name)]
"""A name that formulas can use: small letters, digits and underscores."""

ColumnText = Annotated[str, AfterValidator(_column)]
"""The name of a column of a list: any that formulas do not read as a value."""

Text = Annotated[str, StringConstraints(min_length=1, max_length=4000)]
"""Words for people."""

FormulaText = Annotated[str, StringConstraints(min_length=1, max_length=4096)]
"""A formula (``docs/language``)."""

CurrencyText = Annotated[str, AfterValidator(_currency)]
Day = Annotated[date, BeforeValidator(_day)]
YesNo = Annotated[bool, BeforeValidator(_yes_no)]


def _one_or_more(value: Any) -> Any:
    return (value,) if isinstance(value, str) else tuple(value) if isinstance(value, list) else value


Formulas = Annotated[tuple[FormulaText, ...], BeforeValidator(_one_or_more)]
"""One formula or a list of them."""

Names = Annotated[tuple[NameText, ...], BeforeValidator(_one_or_more)]

Count = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{0,2}$")]
"""A whole number of periods, occurrences or the like: 1 to 999."""

Rows = Annotated[dict[str, str], Field(min_length=1, max_length=100)]
"""A schedule table: each row in words, and what it gives; 1 to 100 rows."""
