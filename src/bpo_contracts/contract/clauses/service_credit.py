"""Service credit: the amount the client gets back when a service level is missed (a penalty; never below zero)."""

from __future__ import annotations

from typing import ClassVar, Literal

from bpo_contracts.contract.clauses.base import Family
from bpo_contracts.contract.clauses.frame import FrameClause


class ServiceCredit(FrameClause):
    """``service_credit``: lowers the invoice by a percentage of a charge, or by a share of an at-risk pool."""

    kind: Literal["service_credit"] = "service_credit"
    family: ClassVar[Family] = "credit"
