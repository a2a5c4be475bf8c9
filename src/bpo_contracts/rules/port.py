"""What a rules engine is to this library: facts in, firings out, nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bpo_contracts.rules.rulebook import Fact, Firing


class EngineFailed(Exception):
    """The rules engine broke down or broke its own rules: no settlement (exit code 70)."""


class Engine(Protocol):
    """A rules engine that was given one rulebook.

    ``name`` and ``version`` go into the sealed record.
    """

    @property
    def name(self) -> str:
        """The engine's name, as it is recorded."""
        ...

    @property
    def version(self) -> str:
        """The version of the engine that answers."""
        ...

    def fire(self, facts: Sequence[Fact]) -> frozenset[Firing]:
        """Every branch that holds for the facts, each once. The order of facts never matters.

        Raises:
            EngineFailed: if the engine does not come to an answer.
        """
        ...
