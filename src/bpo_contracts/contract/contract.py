"""The contract: who, from when to when, in what currency, what is measured, and the clauses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BeforeValidator, Field, PrivateAttr, SerializeAsAny, model_validator

from bpo_contracts.contract.clauses.base import Clause
from bpo_contracts.contract.clauses.kinds import KINDS
from bpo_contracts.contract.fields import (
    CurrencyText,
    Day,
    FormulaText,
    Identifier,
    Model,
    Names,
    NameText,
    Rows,
    Text,
)
from bpo_contracts.contract.measure import ItemList, Measure
from bpo_contracts.values.nodes import DocNode, MapNode, find, find_key
from bpo_contracts.values.periods import MONTHS_OF, Every, Period, period_containing
from bpo_contracts.values.sources import NOWHERE, Source

SCHEMA = "bpo-contracts/contract/1"


class Term(Model):
    """From when to when the contract runs; both days are inside it."""

    starts_on: Day
    ends_on: Day

    @model_validator(mode="after")
    def _in_order(self) -> Term:
        if self.ends_on < self.starts_on:
            raise ValueError(f"the term ends on {self.ends_on} before it starts on {self.starts_on}")
        return self


class RoundingRule(Model):
    """``lines``: how every invoice line is rounded, unless its clause says otherwise."""

    lines: Text


class NamedFigure(Model):
    """A named amount, share, count, day or yes/no, for what no clause kind covers.

    Either a ``formula``, or a ``table``, ``slices`` or ``line`` that is read at a ``measure``. A ``table`` of words is
    read at a measure or column of words, or ``by`` several of them (rows like ``P1, Madrid``; ``any`` stands for every
    word).
    """

    formula: FormulaText | None = None
    measure: FormulaText | None = None
    by: Names = ()
    table: Rows | None = None
    slices: Rows | None = None
    line: Rows | None = None
    title: Text | None = None
    clause: Text | None = None
    words: Text | None = None
    round: Text | None = None
    for_each: Names = ()

    @model_validator(mode="after")
    def _one_shape(self) -> NamedFigure:
        shapes = [name for name in ("formula", "table", "slices", "line") if getattr(self, name) is not None]
        if len(shapes) != 1:
            raise ValueError("a figure has exactly one of formula, table, slices, line")
        if self.by and (shapes[0] != "table" or self.measure is not None):
            raise ValueError("'by' names the words that a 'table' is read at, in place of a 'measure'")
        if (self.measure is not None or bool(self.by)) != (shapes[0] != "formula"):
            raise ValueError("a table, slices or line of a figure is read at its 'measure'; a formula has none")
        return self


class Parameter(Model):
    """An agreed value. ``values`` gives one for each lot (``any`` for those not named) or from each date."""

    for_each: Names = ()
    values: Annotated[dict[str, FormulaText], Field(min_length=1)]


Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


class Series(Model):
    """A dated series from outside: an index, an exchange rate, a base rate.

    ``lookup: exact`` wants a value for the very month, ``latest`` takes the latest on or before it. ``values`` by
    month.
    """

    unit: Text
    source: Text
    lookup: Literal["exact", "latest"]
    values: Annotated[dict[str, Text], Field(min_length=1)]


class Calendar(Model):
    """Which days are working days: ``working days from a to b by`` its name.

    ``weekend`` are the days of the week that are none; ``holidays`` the other days that are none, all of them from
    ``covers_from`` to ``covers_until``, both days inside. Outside of that nothing is counted: the calendar is not known.
    ``source`` is who publishes it.
    """

    weekend: Annotated[tuple[Weekday, ...], Field(strict=False)]
    holidays: Annotated[tuple[Day, ...], Field(strict=False, max_length=2000)]
    covers_from: Day
    covers_until: Day
    source: Text

    @model_validator(mode="after")
    def _holidays_are_covered(self) -> Calendar:
        outside = [day for day in self.holidays if not self.covers_from <= day <= self.covers_until]
        if self.covers_until < self.covers_from:
            raise ValueError("'covers_until' is before 'covers_from': a calendar covers the days from one to the other")
        if outside:
            raise ValueError(
                f"'holidays' has {outside[0]}, and the calendar covers {self.covers_from} to {self.covers_until}"
            )
        return self


class Amendment(Model):
    """A dated change: from ``effective_on`` (the first day of a period) the values at the paths in ``change`` hold."""

    effective_on: Day
    clause: Text
    words: Text
    change: Annotated[dict[str, Any], Field(min_length=1)]

    def about(self, *places: str) -> list[str]:
        """The paths of the changes at one of these places or below it, in the order they are written in."""
        return [path for path in self.change if any(path == one or path.startswith(f"{one}/") for one in places)]


def _parameter(value: Any) -> Any:
    """A parameter of one value stays text; a map of dates is short for its ``values``."""
    if isinstance(value, dict) and "values" not in value:
        return {"values": value}
    return value


def _figure(value: Any) -> Any:
    return {"formula": value} if isinstance(value, str) else value


def _clause(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    kind, name, fields = split_kind(value)
    return KINDS[kind].model_validate({"kind": kind, "name": name, **fields})


def split_kind(value: dict[str, Any]) -> tuple[str, Any, dict[str, Any]]:
    """A clause as documents write it (``service_credit: name`` and its fields) as kind, name and fields.

    Raises:
        ValueError: unless exactly one key is a kind of clause.
    """
    if "kind" in value:
        fields = dict(value)
        kind = fields.pop("kind")
        if not isinstance(kind, str) or kind not in KINDS:
            raise ValueError(f"{kind!r} is not a kind of clause")
        return kind, fields.pop("name", None), fields
    kinds = [key for key in value if key in KINDS]
    if len(kinds) != 1:
        has = f"two kinds: {' and '.join(kinds)}" if kinds else "no kind"
        raise ValueError(
            f"a clause opens with its kind and its name, as in 'service_credit: late_answers'; this has {has}"
        )
    fields = dict(value)
    return kinds[0], fields.pop(kinds[0]), fields


_SAID_OF_A_VERSION: Final = ("signed", "amended by")
"""Kept with the version of an amended contract, and not compiled: the contract it is a version of, and the amendments."""


class Contract(Model):
    """A contract version.

    ``contract`` is its id; ``period`` how often it settles; ``period_starts_on_day`` the anchor ("from the 16th").
    ``scopes``
    are the lots that measures and clauses may be ``for_each``, with their values. ``units`` are count nouns beside
    those
    that measures use.
    """

    contract: Identifier
    version: Identifier
    title: Text
    client: Text
    provider: Text
    currency: CurrencyText
    term: Term
    period: Literal["month", "quarter", "half-year", "year"]
    rounding: RoundingRule
    period_starts_on_day: Annotated[str, Field(pattern=r"^(0?[1-9]|1[0-9]|2[0-8])$")] = "1"
    units: tuple[Text, ...] = Field(default=(), strict=False)
    scopes: dict[NameText, Annotated[tuple[Identifier, ...], Field(strict=False, min_length=1)]] = Field(
        default_factory=dict
    )
    parameters: dict[NameText, Annotated[FormulaText | Parameter, BeforeValidator(_parameter)]] = Field(
        default_factory=dict
    )
    series: dict[NameText, Series] = Field(default_factory=dict)
    calendars: dict[NameText, Calendar] = Field(default_factory=dict)
    measures: dict[NameText, Measure] = Field(default_factory=dict)
    lists: dict[NameText, ItemList] = Field(default_factory=dict)
    figures: dict[NameText, Annotated[NamedFigure, BeforeValidator(_figure)]] = Field(default_factory=dict)
    clauses: Annotated[
        tuple[Annotated[SerializeAsAny[Clause], BeforeValidator(_clause)], ...], Field(min_length=1, strict=False)
    ]
    amendments: tuple[Amendment, ...] = Field(default=(), strict=False, max_length=100)

    _document: DocNode | None = PrivateAttr(default=None)
    _written: DocNode | None = PrivateAttr(default=None)
    _kept: dict[str, Any] = PrivateAttr(default_factory=dict)

    @property
    def kept(self) -> dict[str, Any]:
        """What was compiled from this contract, kept with it so that it is compiled once."""
        kept: dict[str, Any] = (self.__pydantic_private__ or {})["_kept"]  # the short way: this is asked for often
        return kept

    # A contract never changes, so it is its own copy; what was compiled of it is no part of what it says. A copy with other
    # values is a contract made in Python: it stands in no document.

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, Any] | None = None) -> Self:
        return self

    def __eq__(self, other: object) -> bool:
        return dict(self) == dict(other) if isinstance(other, Contract) else NotImplemented

    def __getstate__(self) -> dict[Any, Any]:
        state = super().__getstate__()
        kept = {name: self.kept[name] for name in _SAID_OF_A_VERSION if name in self.kept}
        return {**state, "__pydantic_private__": {**(state["__pydantic_private__"] or {}), "_kept": kept}}

    @property
    def id(self) -> str:
        """The id that leaves the library: records, statements and files carry it."""
        return self.contract

    @property
    def every(self) -> Every:
        """How long a settlement period is."""
        return Every(MONTHS_OF[self.period])

    @property
    def amended_by(self) -> tuple[Amendment, ...]:
        """The amendments that made this version of a contract, in their order; none for the contract as signed."""
        amendments: tuple[Amendment, ...] = self.kept.get("amended by", ())
        return amendments

    @property
    def term_was_amended(self) -> bool:
        """Whether this is a version of a contract whose term an amendment has changed."""
        return any(one.about("term") for one in self.amended_by)

    @property
    def anchor_day(self) -> int:
        """The day of the month on which periods begin."""
        return int(self.period_starts_on_day)

    @property
    def first_period(self) -> Period:
        """The period that holds the first day of the term."""
        return period_containing(self.term.starts_on, self.every, self.anchor_day)

    @property
    def last_period(self) -> Period:
        """The period that holds the last day of the term."""
        return period_containing(self.term.ends_on, self.every, self.anchor_day)

    def place(self, path: Sequence[str | int]) -> Source:
        """Where the value at this path of the document stands."""
        document = self._read_from
        return find(document, path) if document is not None else NOWHERE

    def change_place(self, index: int, paths: Sequence[str]) -> Source:
        """Where the amendment ``index`` makes the first of these changes; its changes as a whole if there are none."""
        return self.key_place(("amendments", index, "change", *paths[:1]))

    def key_place(self, path: Sequence[str | int]) -> Source:
        """Where the key at this path of the document stands."""
        document = self._read_from
        return find_key(document, path) if document is not None else NOWHERE

    @property
    def _read_from(self) -> DocNode | None:
        """``_document``, without the long way on which pydantic looks for what is private: places are asked for often."""
        private = self.__pydantic_private__
        return private["_document"] if private else None

    @property
    def document(self) -> DocNode | None:
        """The document the contract was read from."""
        return self._written

    def attached(self, document: MapNode, written: MapNode) -> Contract:
        """This contract with the document it was read from (its readings put in place), for places, and as it was
        written."""
        self._document = document
        self._written = written
        return self
