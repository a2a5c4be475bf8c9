"""Liquidated damages: an agreed sum for delay or unavailability, so much per day, week or part of it."""

from __future__ import annotations

from typing import ClassVar, Literal

from bpo_contracts.contract.clauses.base import Family
from bpo_contracts.contract.clauses.frame import FrameClause


class LiquidatedDamages(FrameClause):
    """``liquidated_damages``: lowers the invoice by an amount in the common frame."""

    kind: Literal["liquidated_damages"] = "liquidated_damages"
    family: ClassVar[Family] = "credit"
