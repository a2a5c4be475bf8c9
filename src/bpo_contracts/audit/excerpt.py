"""One step of a sealed settlement, found without reading the rest of the record.

Canonical JSON makes that safe. A quote inside a text is escaped, so ``"figure":"fee","formula":`` can only be members
of a map. Keys are sorted, so the step around them begins at the nearest ``{"clause":`` before and ends at the nearest one
after; and the settlement, with its steps, is the last member of a record. A contract that looks back at a few figures
of many earlier periods would else spend most of its time on reading what it never asks for.
"""

from __future__ import annotations

from typing import Final

from bpo_contracts.values.canonical import parse_known
from bpo_contracts.values.documents import Map, UnexpectedShape, as_map
from bpo_contracts.values.json_text import encoded

_SETTLEMENT: Final = b',"settlement":{"adjustments":['
_STEPS: Final = b',"steps":['
_AFTER: Final = b'],"supersedes":'
_STEP: Final = b'{"clause":'
_PROVISIONAL: Final = b',"status":"provisional","steps":['


def is_provisional(content: bytes) -> bool:
    """Whether the settlement in a record that is intact is provisional."""
    return content.rfind(_PROVISIONAL, content.rfind(_SETTLEMENT) + 1) >= 0


def step_in(content: bytes, figure: str) -> Map | None:
    """The step of a figure that has one value for the period, in a record that is intact; None if there is none.

    Raises:
        UnexpectedShape: if the bytes are no record of a settlement.
        NotCanonical: if the step is not JSON.
    """
    begin = content.find(_STEPS, content.rfind(_SETTLEMENT) + 1)
    end = content.rfind(_AFTER)
    if not 0 < begin < end:
        raise UnexpectedShape("it has no settlement with steps")
    found = content.find(f'"figure":{encoded(figure)},"formula":'.encode(), begin, end)
    if found < 0:
        return None
    start = content.rfind(_STEP, begin, found)
    after = content.find(b"," + _STEP, found, end)
    step = as_map(parse_known(content[start : after if after >= 0 else end]), "the step")
    return step if not step.get("item") else None
