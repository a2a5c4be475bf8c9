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

from collections.abc import Mapping
from operator import itemgetter
from typing import Final

from bpo_contracts.values.canonical import Document, canonical_of_known, digest_of
from bpo_contracts.values.documents import Map, UnexpectedShape, get_list, get_map, get_maps, get_text

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

    Form and entries are parsed JSON. The form may serve again: the document has nothing of it that could be changed.

    Raises:
        UnexpectedShape: if one of them is no form, or no entries.
    """
    document = {**get_map(form, "whole"), **entries}
    if isinstance(document.get("contract"), dict):
        document["contract"] = {**get_map(document, "contract")}
    for group, key in ROWS.items():
        document[group] = _rows(form, entries, group, key)
    try:
        document["digest"] = digest_of(canonical_of_known(document))
    except (RecursionError, UnicodeEncodeError):
        raise UnexpectedShape("it is nested too deep, or holds half of a surrogate pair") from None
    return document


def _rows(form: Map, entries: Map, group: str, key: str) -> list[Document]:
    rows = {get_text(row, key): (place, row) for place, row in enumerate(get_maps(form, group))}
    no_row: tuple[int, Map] = (len(rows), {})
    found = [(*rows.get(get_text(entry, key), no_row), entry) for entry in get_maps(entries, group)]
    return [completed(row, entry) for _, row, entry in sorted(found, key=itemgetter(0))]


def completed(row: Map, entry: Map) -> Map:
    """The line or step that an entry makes of its row; raises ``UnexpectedShape`` as ``filled`` does."""
    whole = {**row, **entry}
    for name in ("premises", "trail"):
        if name in whole:
            whole[name] = [_of_the_item(one, whole) for one in get_list(whole, name)]
    if whole.get("scope") == {}:
        whole["scope"] = {}
    return whole


def _of_the_item(reference: Document, whole: Map) -> Document:
    """A figure and an item; of the item of the step where it names none."""
    if not isinstance(reference, list) or not 1 <= len(reference) <= 2:
        raise UnexpectedShape("what a step rests on is not a figure and an item")
    return [*reference] if len(reference) == 2 else [*reference, whole.get("item", "")]
