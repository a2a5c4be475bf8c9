"""Consequence: a result other than money (a warning, a rectification plan, a right to terminate)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from bpo_contracts.contract.clauses.base import Clause, Family
from bpo_contracts.contract.fields import FormulaText, Names, Text

if TYPE_CHECKING:
    from bpo_contracts.contract.lowering import Lowering


class Consequence(Clause):
    """``consequence``: what ``happens`` in a period ``when`` the condition holds."""

    kind: Literal["consequence"] = "consequence"
    family: ClassVar[Family] = "none"
    when: FormulaText
    happens: Text
    for_each: Names = ()

    def lower(self, into: Lowering) -> None:
        with into.clause(self):
            into.consequence(self, into.formula("when"))
