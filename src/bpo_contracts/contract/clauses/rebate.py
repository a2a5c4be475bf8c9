"""Rebate: a part of what was paid that is given back by volume (a volume or loyalty discount after the fact)."""

from __future__ import annotations

from typing import ClassVar, Literal

from bpo_contracts.contract.clauses.base import Family
from bpo_contracts.contract.clauses.frame import FrameClause


class Rebate(FrameClause):
    """``rebate``: lowers the invoice by an amount in the common frame."""

    kind: Literal["rebate"] = "rebate"
    family: ClassVar[Family] = "credit"
    judged: ClassVar[bool] = False  # a discount that is due is no failure
