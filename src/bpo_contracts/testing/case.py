"""What a case says, as it was written: nothing is settled or compared yet, and every value keeps its place."""

from __future__ import annotations

from bpo_contracts.contract.changes import Change
from bpo_contracts.values.frozen import frozen
from bpo_contracts.values.nodes import MapNode, Scalar
from bpo_contracts.values.sources import Source

TOTALS = ("charges_total", "adjustments_total", "net")
"""Words that stand for a sum over the invoice lines."""

LINES = ("charges", "adjustments", "status")
"""Words that stand for the invoice lines by clause: their signed amounts, and whether their clauses applied."""


@frozen
class Expected:
    """One expectation: ``name`` is a figure or one of ``TOTALS`` and ``LINES``; ``parts`` lead from there to one value.

    A figure of a scope or list has one part (its lot or item); a line has the clause and, where it has lots, the lot.
    ``listed`` values are one for each period.
    """

    name: Scalar
    parts: tuple[Scalar, ...]
    values: tuple[Scalar, ...]
    listed: bool

    @property
    def path(self) -> str:
        """The expectation as messages call it: ``status/late_credit``."""
        return "/".join(part.text for part in (self.name, *self.parts))

    @property
    def place(self) -> Source:
        """Where what it is about is named."""
        return self.parts[-1].source if self.parts else self.name.source


@frozen
class Refusal:
    """That the contract, the facts or the period is refused: every code that is found, and texts in the findings."""

    codes: tuple[Scalar, ...]
    mentions: tuple[Scalar, ...]


@frozen
class Scenario:
    """What happened in some periods, and what must come of it.

    ``settle`` names the periods the expectations are about (none: the last one, and all of them for lists of values).
    """

    name: Scalar
    changes: tuple[Change, ...]
    periods: tuple[tuple[Scalar, MapNode], ...]
    settle: tuple[Scalar, ...]
    expected: tuple[Expected, ...]
    refusal: Refusal | None


@frozen
class Case:
    """A case file: ``contract`` is a whole contract document; at least one scenario."""

    file: str
    title: str
    source: str
    contract: MapNode
    scenarios: tuple[Scenario, ...]
