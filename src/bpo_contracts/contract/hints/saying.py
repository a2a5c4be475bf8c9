"""What all hints share: how one is made, where a clause stands, and which figures lead to money."""

from __future__ import annotations

from collections.abc import Sequence

from bpo_contracts.contract.clauses.base import Clause
from bpo_contracts.contract.contract import Contract
from bpo_contracts.values.findings import Finding
from bpo_contracts.values.sources import Source

_NAMED_MAX = 6


def hint(code: str, name: str, place: Source, problem: str, next_step: str, also: tuple[Source, ...] = ()) -> Finding:
    """A finding that blocks nothing."""
    return Finding(code, name, place, problem, next_step, also, hint=True)


def clause_place(contract: Contract, clause: Clause, *path: str | int) -> Source:
    """Where a clause, or a field of it, stands."""
    index = next(i for i, one in enumerate(contract.clauses) if one is clause)
    return contract.place(("clauses", index, *(path or (clause.kind,))))


def listed(texts: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``; of many the first and how many more there are."""
    if len(texts) > _NAMED_MAX:
        texts = [*texts[: _NAMED_MAX - 1], f"{len(texts) - _NAMED_MAX + 1} more"]
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} and {texts[-1]}"
