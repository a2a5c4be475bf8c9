"""What a record, its form and the opened settlement look like, member by member.

Whoever may write a ledger's file may seal what he likes, with every digest and link in order. So that nothing stands in a
record that one reader sees and another does not, everything has exactly the members that are named here, each of its type.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from bpo_contracts.audit.record import SCHEMA, is_digest
from bpo_contracts.trail import form
from bpo_contracts.values.canonical import Document
from bpo_contracts.values.documents import Map, UnexpectedShape, as_map, get_maps, get_text
from bpo_contracts.values.periods import NotAPeriod, parse_period

Shape: TypeAlias = Callable[[Document, str], None]
"""Checks a value; the text says where it stands. Raises ``UnexpectedShape``."""


def check_record(record: Map) -> None:
    """Raises ``UnexpectedShape`` if a record that was read, and is not opened yet, has another shape."""
    _RECORD(record, "the record")


def check_form(document: Map) -> None:
    """Raises ``UnexpectedShape`` if a form has another shape, or says what is the period's to say."""
    _FORM(document, "the form")
    for group, key in form.ROWS.items():
        rows = get_maps(document, group)
        if len({get_text(row, key) for row in rows}) < len(rows):
            raise UnexpectedShape(f"two rows of {group} in the form have one name")


def check_settlement(settlement: Map) -> None:
    """Raises ``UnexpectedShape`` if a settlement document, filled in, has another shape."""
    _SETTLEMENT(settlement, "the settlement")


def check_step(step: Map) -> None:
    """Raises ``UnexpectedShape`` if a step, filled in, has another shape."""
    _FILLED_STEP(step, "the step")


def _text(value: Document, what: str) -> None:
    if not isinstance(value, str):
        raise UnexpectedShape(f"{what} is not a text")


def _number(value: Document, what: str) -> None:
    if not isinstance(value, int) or isinstance(value, bool):
        raise UnexpectedShape(f"{what} is not a whole number")


def _truth(value: Document, what: str) -> None:
    if not isinstance(value, bool):
        raise UnexpectedShape(f"{what} is neither true nor false")


def _digest(value: Document, what: str) -> None:
    if not isinstance(value, str) or not is_digest(value):
        raise UnexpectedShape(f"{what} is not a digest")


def _period(value: Document, what: str) -> None:
    _text(value, what)
    try:
        parse_period(str(value))
    except NotAPeriod as why:
        raise UnexpectedShape(f"{what} names no period: {why}") from None


def _one_of(*texts: str) -> Shape:
    def check(value: Document, what: str) -> None:
        if value not in texts:
            raise UnexpectedShape(f"{what} is not {' or '.join(texts) or 'empty'}")

    return check


def _list(item: Shape, *, least: int = 0, most: int | None = None) -> Shape:
    def check(value: Document, what: str) -> None:
        if not isinstance(value, list) or len(value) < least or (most is not None and len(value) > most):
            raise UnexpectedShape(f"{what} is not a list as it should be")
        for one in value:
            item(one, f"what stands in {what}")

    return check


def _row_of(*items: Shape) -> Shape:
    def check(value: Document, what: str) -> None:
        if not isinstance(value, list) or len(value) != len(items):
            raise UnexpectedShape(f"{what} is not a list of {len(items)}")
        for one, item in zip(value, items, strict=True):
            item(one, f"what stands in {what}")

    return check


def _map_of(item: Shape) -> Shape:
    def check(value: Document, what: str) -> None:
        for key, one in as_map(value, what).items():
            item(one, f"{key} of {what}")

    return check


def _map(members: Mapping[str, Shape], optional: Mapping[str, Shape] | None = None) -> Shape:
    """A map with these members and no others; the optional ones may be missing."""
    known = {**members, **(optional or {})}

    def check(value: Document, what: str) -> None:
        given = as_map(value, what)
        if not members.keys() <= given.keys() <= known.keys():
            odd = sorted((members.keys() - given.keys()) | (given.keys() - known.keys()))
            raise UnexpectedShape(f"{what} has not the members it should have ({', '.join(odd)[:80]})")
        for key, one in given.items():
            known[key](one, f"{key} of {what}")

    return check


def _map_with(names: str) -> Shape:
    """A map that has these members, and whatever others."""

    def check(value: Document, what: str) -> None:
        missing = sorted(set(names.split()) - as_map(value, what).keys())
        if missing:
            raise UnexpectedShape(f"{what} lacks {', '.join(missing)}")

    return check


def _texts(names: str) -> dict[str, Shape]:
    return dict.fromkeys(names.split(), _text)


_TEXTS: Final = _map_of(_text)
_PAIRS: Final = _list(_row_of(_text, _text))
_REFERENCES: Final = _list(_list(_text, least=1, most=2))
_ENGINES: Final = _list(_map(_texts("name version")))
_TOTALS: Final = _map(_texts("adjustments charges net"))
_ABOUT: Final[dict[str, Shape]] = {**_texts("clause name"), "scope": _TEXTS}
_LINE: Final[dict[str, Shape]] = {**_ABOUT, **_texts("kind says words"), "trail": _PAIRS}
_CONSEQUENCE: Final[dict[str, Shape]] = {**_ABOUT, **_texts("happens says words"), "trail": _PAIRS}
_STEP: Final[dict[str, Shape]] = {
    **_texts("clause dropped figure formula item note reached says unit value"),
    "premises": _REFERENCES,
}
_FILLED_STEP: Final = _map({**_STEP, "premises": _PAIRS})
_UNDECIDED: Final = dict.fromkeys(("dropped", "note", "reached", "value"), _one_of(""))
"""What only the period's entry says of a step."""
_UNPAID: Final[dict[str, Shape]] = {"unpaid": _PAIRS}
_OF_THE_CONTRACT: Final[dict[str, Shape]] = {"contract": _TEXTS, **_texts("currency rulebook schema")}
_OF_THE_PERIOD: Final[dict[str, Shape]] = {
    "engines": _ENGINES,
    "lots": _list(_map({"scope": _TEXTS, "totals": _TOTALS})),
    "period": _map({**_texts("end start"), "label": _period}),
    "revision": _number,
    "status": _one_of("final", "provisional"),
    "supersedes": _text,
    "totals": _TOTALS,
}
_SETTLEMENT: Final = _map(
    {
        **_OF_THE_CONTRACT,
        **_OF_THE_PERIOD,
        "adjustments": _list(_map({**_LINE, **_texts("amount gross status")})),
        "charges": _list(_map({**_LINE, **_texts("amount status")})),
        "consequences": _list(_map({**_CONSEQUENCE, "holds": _truth})),
        "determinations": _list(_map({**_ABOUT, "reached": _PAIRS, "status": _text}, _UNPAID)),
        "digest": _digest,
        "steps": _list(_FILLED_STEP),
    }
)
_FORM: Final = _map(
    {
        "adjustments": _list(_map(_LINE)),
        "charges": _list(_map(_LINE)),
        "consequences": _list(_map(_CONSEQUENCE)),
        "determinations": _list(_map(_ABOUT)),
        "schema": _one_of(form.SCHEMA),
        "steps": _list(_map({**_STEP, **_UNDECIDED})),
        "whole": _map(_OF_THE_CONTRACT),
    }
)
_ENTRIES: Final = _map(
    {
        **_OF_THE_PERIOD,
        "adjustments": _list(_map_with("amount gross status")),
        "charges": _list(_map_with("amount status")),
        "consequences": _list(_map_with("holds")),
        "determinations": _list(_map_with("reached status")),
        "steps": _list(_map_with("value")),
    }
)
"""What entries have to say themselves; filled in, they are a settlement."""
_FACTS: Final = _list(_TEXTS)
_RECORD: Final = _map(
    {
        "annexes": _map({"contract": _digest, "form": _digest}),
        "earlier": _digest,
        "engines": _ENGINES,
        "firings": _list(_row_of(_number, _text, _number)),
        "library": _text,
        "performance": _map({"schema": _text}, {"items": _FACTS, "measurements": _FACTS, "periods": _FACTS}),
        "previous": _digest,
        "rulebook": _digest,
        "schema": _one_of(SCHEMA),
        "sequence": _number,
        "settlement": _ENTRIES,
    }
)
