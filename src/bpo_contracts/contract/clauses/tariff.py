"""Tariff: a fixed sum for every occurrence, by its type or severity."""

from __future__ import annotations

from typing import ClassVar, Literal

from bpo_contracts.contract.clauses.base import Family
from bpo_contracts.contract.clauses.frame import FrameClause


class Tariff(FrameClause):
    """``tariff``: lowers the invoice by an amount in the common frame."""

    kind: Literal["tariff"] = "tariff"
    family: ClassVar[Family] = "credit"
