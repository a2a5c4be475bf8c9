"""Reading a sealed document: every value is asked for by its key and its type, and a missing one is named.

Sealed documents come from files that may have been changed by anybody, so nothing is taken for granted.
"""

from __future__ import annotations

from typing import TypeAlias

from bpo_contracts.values.canonical import Document

Map: TypeAlias = dict[str, Document]


class UnexpectedShape(ValueError):
    """A document lacks a value, or has one of another type; the sentence names it."""


def as_map(value: Document, what: str) -> Map:
    """The value, which must be a map; ``what`` names it if it is not.

    Raises:
        UnexpectedShape: for anything else.
    """
    if not isinstance(value, dict):
        raise UnexpectedShape(f"{what} is not a map")
    return value


def get_map(document: Map, key: str) -> Map:
    """The map under the key; raises ``UnexpectedShape`` if there is none."""
    return as_map(_get(document, key), key)


def get_list(document: Map, key: str) -> list[Document]:
    """The list under the key; raises ``UnexpectedShape`` if there is none."""
    value = _get(document, key)
    if not isinstance(value, list):
        raise UnexpectedShape(f"{key} is not a list")
    return value


def get_maps(document: Map, key: str) -> list[Map]:
    """The list of maps under the key; raises ``UnexpectedShape`` if there is none."""
    return [as_map(item, f"item {number} of {key}") for number, item in enumerate(get_list(document, key), 1)]


def get_text(document: Map, key: str) -> str:
    """The text under the key; raises ``UnexpectedShape`` if there is none."""
    value = _get(document, key)
    if not isinstance(value, str):
        raise UnexpectedShape(f"{key} is not a text")
    return value


def get_integer(document: Map, key: str) -> int:
    """The whole number under the key; raises ``UnexpectedShape`` if there is none."""
    value = _get(document, key)
    if not isinstance(value, int) or isinstance(value, bool):
        raise UnexpectedShape(f"{key} is not a whole number")
    return value


def _get(document: Map, key: str) -> Document:
    if key not in document:
        raise UnexpectedShape(f"{key} is missing")
    return document[key]
