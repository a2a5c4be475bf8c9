"""A settlement document in two parts: the form, which the contract fixes, and the entries, which the period makes.

Nine tenths of a settlement are the contract's: words, formulas, units, and what rests on what. They are the **form**,
which is written, sealed and kept once for each version of a contract. The **entries** are what one period adds:

    form      {"whole": {"currency": "EUR", …}, "steps": [{"figure": "credit", "formula": "…", "premises": …, …}], …}
    entries   {"period": {…}, "steps": [{"figure": "credit", "value": "36842.40"}], …}
    filled    {"currency": "EUR", "period": {…}, "steps": [{"figure": "credit", "formula": "…", "value": "36842.40", …}], …}

1. A list of lines or steps has rows in the form, each found by its name. An entry names the row that it completes, and what
   it says itself goes before what the row says. A row without an entry is left out.
2. The rows of the form give the order; entries of one row (its lots or items) stand in their own.
3. A premise ``["minutes"]`` of one part is of the same item as the step; ``["fee", ""]`` is as it stands.

Nothing but this page is needed to fill a form: who reads a ledger in years can do it without this library.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from bpo_contracts.values.canonical import Document, canonical_of_known, digest_of
from bpo_contracts.values.documents import Map, UnexpectedShape, get_map, get_maps, get_text

SCHEMA: Final = "bpo-contracts/form/1"

ROWS: Final[Mapping[str, str]] = {
    "adjustments": "name",
    "charges": "name",
    "consequences": "name",
    "determinations": "name",
    "steps": "figure",
}
"""The lists of a settlement that have rows in its form, and the member that names a row."""


def filled(form: Map, entries: Map) -> Map:
    """The settlement document, with its ``digest``: the SHA-256 of its canonical bytes without it.

    Form and entries are parsed JSON; the document shares its parts with them.

    Raises:
        UnexpectedShape: if one of them is no form, or no entries.
    """
    document = {**get_map(form, "whole"), **entries}
    for group, key in ROWS.items():
        document[group] = list(_rows(form, entries, group, key))
    try:
        document["digest"] = digest_of(canonical_of_known(document))
    except RecursionError:
        raise UnexpectedShape("lists and maps are nested too deep") from None
    return document


def _rows(form: Map, entries: Map, group: str, key: str) -> Iterator[Map]:
    rows = {get_text(row, key): row for row in get_maps(form, group)}
    places = {name: place for place, name in enumerate(rows)}
    given = get_maps(entries, group)
    for entry in sorted(given, key=lambda entry: places.get(get_text(entry, key), len(places))):
        yield completed(rows.get(get_text(entry, key), {}), entry)


def completed(row: Map, entry: Map) -> Map:
    """The line or step that an entry makes of its row; raises ``UnexpectedShape`` as ``filled`` does."""
    whole = {**row, **entry}
    premises = whole.get("premises")
    if isinstance(premises, list) and any(isinstance(one, list) and len(one) == 1 for one in premises):
        whole["premises"] = [_of_the_item(one, whole) for one in premises]
    return whole


def _of_the_item(premise: Document, step: Map) -> Document:
    match premise:
        case [str(figure)]:
            return [figure, get_text(step, "item")]
        case [str(figure), str(item)]:
            return [figure, item]
        case _:
            raise UnexpectedShape("a premise is not a figure and an item")
