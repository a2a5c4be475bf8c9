"""The entry of one step in a sealed record, found without reading the rest of the record.

Canonical JSON makes that safe. A quote inside a text is escaped, so ``"figure":"fee",`` can only be a member of a map,
and ``{"`` and ``},{"`` only begin and part maps. No entry of a step holds a map, and the settlement, with its steps, is the
last member of a record. A contract that looks back at a few figures of many earlier periods would else spend most of its
time on reading what it never asks for.
"""

from __future__ import annotations

from typing import Final

from bpo_contracts.values.canonical import parse_known
from bpo_contracts.values.documents import Map, UnexpectedShape, as_map
from bpo_contracts.values.json_text import encoded

_SETTLEMENT: Final = b',"settlement":{"adjustments":['
_STEPS: Final = b',"steps":['
_AFTER: Final = b'],"supersedes":'
_BEGINS: Final = b'{"'
_ENDS: Final = b'},{"'
_FORM: Final = b',"form":"'
_PROVISIONAL: Final = b',"status":"provisional","steps":['


def is_provisional(content: bytes) -> bool:
    """Whether the settlement in a record that is intact is provisional."""
    return content.rfind(_PROVISIONAL, content.rfind(_SETTLEMENT) + 1) >= 0


def form_in(content: bytes) -> str:
    """The digest of the form that a record names; the record is intact.

    Raises:
        UnexpectedShape: if it names none.
    """
    # What stands before it (digests, engines, firings) has no member of that name.
    at = content.find(_FORM)
    if at < 0:
        raise UnexpectedShape("it names no form")
    begin = at + len(_FORM)
    return content[begin : content.find(b'"', begin)].decode()


def entry_in(content: bytes, figure: str) -> Map | None:
    """The entry of a figure that has one value for the period, in a record that is intact; None if there is none.

    Raises:
        UnexpectedShape: if the bytes are no record of a settlement.
        NotCanonical: if the step is not JSON.
    """
    begin = content.find(_STEPS, content.rfind(_SETTLEMENT) + 1)
    end = content.rfind(_AFTER)
    if not 0 < begin < end:
        raise UnexpectedShape("it has no settlement with steps")
    found = content.find(f'"figure":{encoded(figure)},'.encode(), begin, end)
    if found < 0:
        return None
    start, after = content.rfind(_BEGINS, begin, found + 1), content.find(_ENDS, found, end)
    entry = as_map(parse_known(content[start : after + 1 if after >= 0 else end]), "the entry")
    return None if entry.get("item") else entry
