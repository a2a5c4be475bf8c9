"""Carry-forward: what arises in one period can be used in later ones, until it lapses.

"Quantities that the Client paid for and did not take can be taken without charge within the following six months, the
oldest first" (make-up rights under take-or-pay); "unused support hours can be used in the two following months and then
lapse"; "a credit balance lapses at the end of the contract year". Amounts of money or of anything else that is counted:
lots, each of the period it arose in.

A carry-forward pays nothing by itself: other clauses take its figures (``rebate`` of ``make_up.used * price``).

Figures of a clause ``x``: ``x.added`` (what arises in the period), ``x.available`` (what there is to use), ``x.used``,
``x.lapsed``, ``x.due`` (what is left at the end of the term, where it is due then), ``x.balance`` (what goes on) and ``x``,
which is the same; ``x.left_1`` … where the newest lots are used first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import model_validator

from bpo_contracts.contract.clauses.base import Clause, Family
from bpo_contracts.contract.fields import FormulaText, Names, Text
from bpo_contracts.terms import nodes as n
from bpo_contracts.terms.nodes import ZERO

if TYPE_CHECKING:
    from bpo_contracts.contract.lowering import Lowering


class CarryForward(Clause):
    """``carry_forward``: what ``arises`` in a period can be ``used`` in later ones, as far as it is there.

    ``used_from``: whether in ``the same period`` already, or from ``the next period`` on. ``used_first``: the ``oldest``
    or the ``newest`` of what there is. It lapses when it is still unused ``lapses_after`` so many periods after its own,
    or at the end of the contract year (``lapses_at``). ``at_end_of_term``: what is left then ``lapses``, or is ``due``:
    a clause pays ``x.due``. ``round``: how what arises and what is used are rounded.
    """

    kind: Literal["carry_forward"] = "carry_forward"
    family: ClassVar[Family] = "none"
    judged: ClassVar[bool] = False
    arises: FormulaText
    used: FormulaText
    used_from: Literal["the same period", "the next period"]
    used_first: Literal["oldest", "newest"]
    lapses_after: Text | None = None
    lapses_at: Literal["end of contract year"] | None = None
    at_end_of_term: Literal["lapses", "due"] | None = None
    round: Text
    for_each: Names = ()

    @model_validator(mode="after")
    def _lapsing_is_said(self) -> CarryForward:
        if self.lapses_after is None and self.lapses_at is None and self.at_end_of_term is None:
            raise ValueError(
                "say when what is carried lapses: 'lapses_after: 6 months', 'lapses_at: end of contract year', or only"
                " 'at_end_of_term: lapses'"
            )
        if self.lapses_at is not None and self.at_end_of_term is not None:
            raise ValueError("with the term a contract year ends: what is left lapses then, as 'lapses_at' says")
        return self

    @property
    def keeps(self) -> str:
        return "what can be used in later periods"

    def lower(self, into: Lowering) -> None:
        with into.clause(self):
            added = into.add("added", self._whole(into, "arises"), "new amount")
            before = into.earlier("balance")
            at_once = self.used_from == "the same period"
            available = into.add("available", into.plus(before, added) if at_once else before, "available")
            used = into.add("used", into.least(available, self._whole(into, "used")), "used")
            left: n.AnyNode = into.minus(into.plus(before, added), used)
            lapsed = into.lapsed(self, before, added, used, at_once=at_once)
            left = left if lapsed is None else into.minus(left, lapsed)
            if self.at_end_of_term == "due":
                left = into.minus(left, into.at_the_end("due", left, "due at the end of the term"))
            balance = into.add("balance", left, "balance")
            into.figure("", balance, "balance")
            # Also where nothing can be left: a balance without a value would go on without one.
            into.left_over(self, "balance", "is still carried forward")

    def _whole(self, into: Lowering, field: Literal["arises", "used"]) -> n.AnyNode:
        """An amount that goes in or out: never below zero, rounded, and never missing in silence."""
        place = into.place(field)
        reason = f"What is {'new' if field == 'arises' else 'used'} under clause {self.clause} has no value."
        known = n.OrElse(into.formula(field), n.NoValue(reason, refused=True, source=place), source=place)
        return into.rounded_as_written(n.Extreme("max", (known, ZERO), source=place), self.round, "round")
