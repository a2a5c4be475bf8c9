"""Incentive: a bonus or malus in one table; the sign of the row says which way it goes."""

from __future__ import annotations

from typing import ClassVar, Literal

from bpo_contracts.contract.clauses.base import Family
from bpo_contracts.contract.clauses.frame import FrameClause


class Incentive(FrameClause):
    """``incentive``: moves the invoice either way by an amount in the common frame."""

    kind: Literal["incentive"] = "incentive"
    family: ClassVar[Family] = "both ways"
