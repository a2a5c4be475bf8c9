"""The entry of one step in a sealed record, found without reading the rest of the record.

Canonical JSON makes that safe. A quote inside a text is escaped, so ``"figure":"fee"`` can only be a member of a map. The
settlement, with its steps, is the last member of a record, and what marks it may stand there once only. A contract that
looks back at a few figures of many earlier periods would else spend most of its time on reading what it never asks for.
"""

from __future__ import annotations

import json
from typing import Final

from bpo_contracts.values.documents import Map, UnexpectedShape, as_map, get_text
from bpo_contracts.values.json_text import encoded

_SETTLEMENT: Final = b',"settlement":{"adjustments":['
_PERIOD: Final = b',"period":{"end":"'
_FINAL: Final = b',"status":"final","steps":['
_PROVISIONAL: Final = b',"status":"provisional","steps":['
_STEPS: Final = b',"steps":['
_AFTER: Final = b'],"supersedes":'
_FORM: Final = slice(98, 162)
"""Where the digest of the form stands: the annexes are the first member of a record."""

_DECODER: Final = json.JSONDecoder()


def is_provisional(content: bytes) -> bool:
    """Whether the settlement in a record that is intact is provisional; raises ``UnexpectedShape`` if it does not say."""
    begin = _once(content, _SETTLEMENT)
    if content.count(_STEPS, begin) != 1:
        raise UnexpectedShape("it has not one list of steps")
    provisional = content.find(_PROVISIONAL, begin) >= 0
    if not provisional and content.find(_FINAL, begin) < 0:
        raise UnexpectedShape("it is neither final nor provisional")
    return provisional


def is_of_period(content: bytes, label: str) -> bool:
    """Whether the settlement in a record that is intact is that of the period."""
    begin = content.find(_PERIOD, _once(content, _SETTLEMENT))
    after = begin + len(_PERIOD) + len("2026-01-31")
    return begin >= 0 and content.startswith(f'","label":{encoded(label)},"start":"'.encode(), after)


def form_in(content: bytes) -> str:
    """The digest of the form that a record names."""
    return content[_FORM].decode(errors="replace")


def entry_in(content: bytes, figure: str) -> Map | None:
    """The entry of a figure that has one value for the period, in a record that is intact; None if there is none.

    Raises:
        UnexpectedShape: if the bytes are no record of a settlement.
    """
    begin = content.find(_STEPS, _once(content, _SETTLEMENT))
    end = content.rfind(_AFTER)
    if not 0 < begin < end or content.count(_STEPS, begin) != 1:
        raise UnexpectedShape("it has not one list of steps")
    found = content.find(f'"figure":{encoded(figure)}'.encode(), begin, end)
    if found < 0:
        return None
    try:
        entry, _ = _DECODER.raw_decode(content[content.rfind(b"{", begin, found) : end].decode())
    except ValueError as why:
        raise UnexpectedShape(f"a step is not JSON: {why}") from None
    entry = as_map(entry, "the entry")
    get_text(entry, "value")
    return None if entry.get("item") else entry


def _once(content: bytes, mark: bytes) -> int:
    """Where the mark stands, which may stand nowhere else."""
    if content.count(mark) != 1:
        raise UnexpectedShape("it has not one settlement")
    return content.find(mark)
