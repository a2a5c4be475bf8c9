"""Award fee: a share of an award pool by a score, often nothing below a gate (as in the United States FAR 16.405-2)."""

from __future__ import annotations

from typing import ClassVar, Literal

from bpo_contracts.contract.clauses.base import Family
from bpo_contracts.contract.clauses.frame import FrameClause


class AwardFee(FrameClause):
    """``award_fee``: raises the invoice by an amount in the common frame."""

    kind: Literal["award_fee"] = "award_fee"
    family: ClassVar[Family] = "bonus"
