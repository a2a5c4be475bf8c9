"""What settling a period computes, before anybody looks: numbers by slot, answers by question, results by line."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Any

from bpo_contracts.rules.determining import Answers
from bpo_contracts.settlement.results import EngineUse, Status
from bpo_contracts.settlement.unpaid import Unpaid
from bpo_contracts.terms.evaluate import Notes, Pair
from bpo_contracts.values.frozen import slotted
from bpo_contracts.values.periods import Period

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LineResult = tuple[str, Status, Pair, Pair]
"""Item key, status, gross and net amounts as they stand on the invoice."""


@slotted
class Outcomes:
    """What settling a period computed, in the order of the contract's figures and lines."""

    period: Period
    revision: int
    supersedes: str
    provisional: bool
    values: list[Any]
    unrounded: dict[tuple[int, int], Pair]
    items: Mapping[str, Sequence[str]]
    answers: Answers
    lines: list[list[LineResult]]
    consequences: list[list[tuple[str, bool]]]
    totals: tuple[Pair, Pair, Pair]
    lots: list[tuple[tuple[str, str], tuple[Pair, Pair, Pair]]]
    engines: tuple[EngineUse, ...]
    notes: Notes = field(default_factory=dict)
    """Which of how many values a percentile or median is, and which earlier values a figure used (see ``Frame``)."""
    unpaid: list[Unpaid] = field(default_factory=list)
    """Of every line about a list: its items that pay nothing, each with the reason."""
    cut: dict[int, str] = field(default_factory=dict)
    """By the slot of a limited total: what its members came to and were cut to, as the trail says it."""
