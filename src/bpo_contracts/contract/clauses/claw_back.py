"""Claw-back: what was paid before is taken back because of a later event.

In two forms. In the common frame, each event brings its own base: "if a person placed leaves within five to six
weeks, 60 % of the fee is refunded" (terms of a recruitment agency), ``for_each`` leaver, a table of weeks ``of`` the
fee. Or it ``returns`` what a bonus or charge paid ``within`` the last periods: the rate applies to what was paid then
and was not taken back yet, the oldest first. So nothing is taken back twice.

Figures of a clause ``x`` that ``returns``: ``x.paid`` (paid by that clause to date), ``x.expired``, ``x.open`` (what
can still be taken back), ``x.gone``, and those of the frame.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import model_validator

from bpo_contracts.contract.clauses.base import Family
from bpo_contracts.contract.clauses.frame import FrameClause
from bpo_contracts.contract.fields import NameText, Text
from bpo_contracts.terms import nodes as n

if TYPE_CHECKING:
    from bpo_contracts.contract.lowering import Lowering


class ClawBack(FrameClause):
    """``claw_back``: lowers the invoice by a share of what was paid before (``of``, or ``returns`` with ``within``).

    ``returns``: the rate is of all that was paid within the periods before and not taken back yet. What is taken back
    counts against the oldest of these payments first, whatever the rate: half of 100.00 and 100.00 leaves nothing of the
    first and all of the second.
    """

    kind: Literal["claw_back"] = "claw_back"
    family: ClassVar[Family] = "credit"
    judged: ClassVar[bool] = False
    returns: NameText | None = None
    within: Text | None = None

    @model_validator(mode="after")
    def _of_or_returns(self) -> ClawBack:
        if (self.returns is None) != (self.within is None):
            raise ValueError("'returns' and 'within' go together: what is taken back, and for how long it can be")
        if self.returns is not None and (
            self.of is not None or self.amount is not None or self.counts_toward is not None
        ):
            raise ValueError(
                "a claw-back that 'returns' takes a rate of what was paid; it has no 'of', 'amount' or total"
            )
        return self

    @property
    def keeps(self) -> str:
        return f"what can be taken back of {self.returns!r}" if self.returns is not None else ""

    @property
    def falls_with_clause(self) -> bool:
        return False

    def lower(self, into: Lowering) -> None:
        if self.returns is None:
            super().lower(into)
            return
        with into.clause(self):
            if into.paid_by(self.returns, ("charge", "bonus"), "returns") == "none":
                return
            self._open(into, n.Name(self.returns, source=into.place("returns")))
            most = into.in_whole_steps(into.name("open"), self.round)
            into.settle_line(self, into.least(most, self._gross(into)))
            into.figure("gone", into.plus(into.name("expired_to_date"), into.name("gross")), "amount gone to date")

    def _open(self, into: Lowering, paid: n.Name) -> None:
        """What was paid within the periods before this one and is not taken back: the oldest goes first."""
        age = into.span(self.within or "", "within")
        into.to_date("paid", paid, "amount paid to date")
        gone = into.earlier("gone")
        too_old = into.minus(into.earlier("paid", periods=age + 1), gone)
        expired = into.add("expired", into.not_below_zero(too_old), "amount that is too old to be taken back")
        into.figure("expired_to_date", into.plus(gone, expired), "amount gone before this period")
        before = into.earlier("paid")
        into.figure("open", into.minus(before, into.name("expired_to_date")), "amount that can be taken back")

    def _of(self, into: Lowering, rate: n.AnyNode) -> n.AnyNode:
        if self.returns is None:
            return super()._of(into, rate)
        return n.Of(rate, into.name("open"), source=into.place("returns"))
