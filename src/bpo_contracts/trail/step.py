"""Why an amount is what it is: a tree of steps, from the amount down to the measured facts and the clause's words.

A trail is data. Every step says one figure: its value, the formula it was computed by, the steps it was computed from
(its premises), the row or branch that was reached, what a rounding dropped, and the clause it stands in.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bpo_contracts.values.frozen import frozen
from bpo_contracts.values.sources import Citation

NO_ITEMS: Final = "*"
"""In place of a premise's item: its figure is per item of a list, and the list has no items in this period."""


@frozen
class Step:
    """One conclusion and its premises.

    ``value`` is exact text in the unit ``unit`` (``8 %`` has value ``8`` and unit ``%``; ``8/11`` where decimals
    never end),
    ``yes``/``no``, a word, a day, or empty where there is no value; then ``note`` says why. ``reached`` is the row or
    branch that held, as the contract writes it. ``dropped`` is what a rounding step took away (value before minus
    after).
    """

    figure: str
    item: str
    says: str
    value: str
    unit: str
    formula: str
    citation: Citation
    reached: str = ""
    dropped: str = ""
    note: str = ""
    premises: tuple[Step, ...] = ()

    def walk(self) -> Iterator[Step]:
        """This step and all below it, premises first, each figure once."""
        seen: set[tuple[str, str]] = set()
        yield from self._walk(seen)

    def _walk(self, seen: set[tuple[str, str]]) -> Iterator[Step]:
        if (self.figure, self.item) in seen:
            return
        seen.add((self.figure, self.item))
        for premise in self.premises:
            yield from premise._walk(seen)
        yield self
