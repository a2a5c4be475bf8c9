"""Advance: paid once at the beginning and deducted from later invoices until it is repaid.

"On signature the Client pays an advance of EUR 60,000. 20 % of each monthly fee is deducted until the advance is
repaid." The deduction of a period is at most what is still open, so the advance is never deducted twice and never
beyond its amount.

Figures of a clause ``x``: ``x.due`` (whether it is paid now), ``x.paid``, ``x.deducted``, ``x.balance`` (what is
still to be repaid), ``x`` (paid less deducted); ``x.deducted_at_the_end`` or ``x.waived_at_the_end``, where the contract
says what becomes of the rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from bpo_contracts.contract.clauses.base import Clause, Family
from bpo_contracts.contract.fields import FormulaText, Names, Text
from bpo_contracts.terms import nodes as n
from bpo_contracts.terms.nodes import ZERO
from bpo_contracts.values.units import TRUTH

if TYPE_CHECKING:
    from bpo_contracts.contract.lowering import Lowering


class Advance(Clause):
    """``advance``: ``amount``, paid once in the first period in which ``paid_when`` holds; ``deduct`` in each period.

    ``deducted_from``: whether the first deduction is made in ``the same period`` or ``the next period``.
    ``at_end_of_term``: what is not repaid by then is ``deducted`` with the last invoice, or ``waived``.
    """

    kind: Literal["advance"] = "advance"
    family: ClassVar[Family] = "none"
    judged: ClassVar[bool] = False
    amount: FormulaText
    paid_when: FormulaText
    deduct: FormulaText
    deducted_from: Literal["the same period", "the next period"]
    at_end_of_term: Literal["deducted", "waived"] | None = None
    round: Text | None = None
    for_each: Names = ()

    @property
    def keeps(self) -> str:
        return "what is still to be repaid"

    def lower(self, into: Lowering) -> None:
        with into.clause(self):
            no = n.Literal_(False, TRUTH, source=into.place("paid_when"))
            before = into.earlier("done", before=no)
            condition = into.condition_at(self.paid_when, "paid_when")
            first = n.Every((n.Not(before, source=no.source), condition), source=no.source)
            due = into.add("due", first, "payment now", unit=TRUTH)
            into.add("done", n.AnyOf((before, due), source=no.source), "payment so far", unit=TRUTH)
            paid = into.add(
                "paid", into.when(due, into.rounded(into.formula("amount"), self.round), ZERO), "amount paid"
            )
            open_before = into.earlier("balance")
            open_now = into.add("open", into.plus(open_before, paid), "amount open before the deduction")
            limit = open_now if self.deducted_from == "the same period" else open_before
            deduct = into.rounded(into.formula("deduct"), self.round)
            deducted = into.add("deducted", into.least(limit, into.not_below_zero(deduct)), "amount deducted")
            into.pays(self, "paid", "bonus")
            into.pays(self, "deducted", "credit")
            left: n.AnyNode = into.minus(open_now, deducted)
            effect: n.AnyNode = into.minus(paid, deducted)
            if self.at_end_of_term is not None:
                suffix = f"{self.at_end_of_term}_at_the_end"
                final = into.at_the_end(suffix, left, f"amount {self.at_end_of_term} at the end of the term")
                left = into.minus(left, final)
                if self.at_end_of_term == "deducted":
                    into.pays(self, suffix, "credit")
                    effect = into.minus(effect, final)
            into.figure("balance", left, "balance")
            into.figure("", effect, "effect on the invoice")
            if self.at_end_of_term is None:
                into.left_over(self, "balance", "of the advance is not repaid")
