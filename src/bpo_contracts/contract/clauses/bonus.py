"""Bonus: what the client pays on top when results are better than promised (never below zero)."""

from __future__ import annotations

from typing import ClassVar, Literal

from bpo_contracts.contract.clauses.base import Family
from bpo_contracts.contract.clauses.frame import FrameClause


class Bonus(FrameClause):
    """``bonus``: raises the invoice by an amount in the common frame."""

    kind: Literal["bonus"] = "bonus"
    family: ClassVar[Family] = "bonus"
