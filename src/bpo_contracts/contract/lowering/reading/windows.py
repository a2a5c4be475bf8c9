"""Windows and spans in words: ``last 12 months``, ``this contract year``, ``the whole contract``; ``3 months``."""

from __future__ import annotations

import re
from typing import Final

from bpo_contracts.terms import nodes as n
from bpo_contracts.values.periods import MONTHS_OF, Every, months_of

_SINCE: Final[dict[str, n.Since]] = {
    "this contract year": "year",
    "this calendar year": "calendar year",
    "this half-year": "half-year",
    "this quarter": "quarter",
    "the whole contract": "",
}
_SPAN: Final = re.compile(r"([1-9][0-9]{0,2}) (month|quarter|half-year|year|period)s?\Z", re.ASCII)


def window_in_words(text: str, every: Every) -> n.Window:
    """The earlier periods of a window: ``last 12 months``, ``this contract year`` (``calendar year``, ``half-year``,
    ``quarter``), ``the whole contract``.

    The period at hand is not among them. Before the start there was nothing.

    Raises:
        ValueError: for any other text, and for months that are no whole number of periods.
    """
    since = _SINCE.get(text)
    if since is not None:
        if since and months_of(since) < every.value:
            raise ValueError(f"{text!r} is shorter than a period of this contract, which settles every {every.noun}.")
        return n.Window(None, previous=True, since=since, short="the periods there are")
    periods = periods_in(text.removeprefix("last "), every) if text.startswith("last ") else None
    if periods is None:
        raise ValueError(
            f"{text!r} is not a window of whole periods; write 'last 12 months', 'this contract year', 'this calendar"
            " year', 'this half-year', 'this quarter' or 'the whole contract'."
        )
    return n.Window(periods - 1, previous=True, short="the periods there are")


def periods_in(span: str, every: Every) -> int | None:
    """How many periods ``3 months`` are; None for other words, and where that is no whole number of periods."""
    match = _SPAN.match(span)
    if match is None:
        return None
    months = int(match[1]) * (every.value if match[2] == "period" else MONTHS_OF[match[2]])
    return months // every.value if months % every.value == 0 else None
