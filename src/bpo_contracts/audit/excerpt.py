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
_FINAL: Final = b',"status":"final"'
_PROVISIONAL: Final = b',"status":"provisional"'
_STEPS: Final = b',"steps":['
_AFTER: Final = b'],"supersedes":'
_FORM: Final = slice(98, 162)
"""Where the digest of the form stands: the annexes are the first member of a record."""

_DECODER: Final = json.JSONDecoder()


class Excerpt:
    """What is asked of the bytes of a record that is intact.

    Raises:
        UnexpectedShape: if the bytes are no record of a settlement.
    """

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._settlement = content.find(_SETTLEMENT)
        self._steps = content.find(_STEPS, self._settlement)
        self._end = content.rfind(_AFTER)
        if content.count(_SETTLEMENT) != 1 or content.count(_STEPS, self._settlement) != 1 or self._end < self._steps:
            raise UnexpectedShape("it has not one settlement with one list of steps")

    @property
    def form(self) -> str:
        """The digest of the form that the record names."""
        return self._content[_FORM].decode(errors="replace")

    @property
    def provisional(self) -> bool:
        """Whether the settlement is provisional; raises ``UnexpectedShape`` if it does not say."""
        if not self._content.endswith((_FINAL, _PROVISIONAL), 0, self._steps):
            raise UnexpectedShape("it is neither final nor provisional")
        return self._content.endswith(_PROVISIONAL, 0, self._steps)

    def is_of_period(self, label: str) -> bool:
        """Whether the settlement is that of the period."""
        begin = self._content.find(_PERIOD, self._settlement)
        after = begin + len(_PERIOD) + len("2026-01-31")
        return begin >= 0 and self._content.startswith(f'","label":{encoded(label)},"start":"'.encode(), after)

    def entry(self, figure: str) -> Map | None:
        """The entry of a figure that has one value for the period; None if there is none.

        Raises:
            UnexpectedShape: if it is no entry.
        """
        found = self._content.find(f'"figure":{encoded(figure)}'.encode(), self._steps, self._end)
        if found < 0:
            return None
        begin = self._content.rfind(b"{", self._steps, found)
        try:
            entry, _ = _DECODER.raw_decode(self._content[begin : self._end].decode())
        except ValueError as why:
            raise UnexpectedShape(f"a step is not JSON: {why}") from None
        entry = as_map(entry, "the entry")
        get_text(entry, "value")
        return None if entry.get("item") else entry
