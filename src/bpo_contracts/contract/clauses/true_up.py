"""True-up: the final amount is settled against what was paid in the meantime; the difference goes either way.

"Interim fees are paid monthly on the provisional rate. At the end of the contract year the final fee is determined,
and the difference to the interim fees paid is settled." A later final amount is settled against the earlier true-ups
too, so that all payments together always come to the last final amount.

Figures of a clause ``x``: ``x.interim`` (what the clauses paid in the window, this period included, as amounts of the
invoice), ``x.settled`` (earlier true-ups of the window), ``x.amount``, ``x.gross``, ``x``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final, Literal

from bpo_contracts.contract.clauses.base import Family, GatedClause
from bpo_contracts.contract.fields import FormulaText, Names, NameText, Text
from bpo_contracts.terms import nodes as n
from bpo_contracts.terms.nodes import ZERO

if TYPE_CHECKING:
    from bpo_contracts.contract.lowering import Lowering


_PAYS: Final[tuple[Family, ...]] = ("charge", "credit", "bonus", "both ways")


class TrueUp(GatedClause):
    """``true_up``: when ``final_when`` holds, the ``final`` amount less what the ``interim`` clauses paid.

    ``over`` are the periods both are about (``this contract year``, ``the whole contract``, ``last 12 months``). Where
    all interim clauses are credits (an annual rebate after quarterly ones), the final amount is a credit, too, and is
    written without a sign.
    """

    kind: Literal["true_up"] = "true_up"
    family: ClassVar[Family] = "both ways"
    judged: ClassVar[bool] = False
    interim: Names
    over: Text
    final: FormulaText
    final_when: FormulaText
    counts_toward: NameText | None = None
    round: Text | None = None

    def lower(self, into: Lowering) -> None:
        with into.clause(self):
            window = into.window(self.over, "over")
            paid = [self._paid(into, name, window) for name in self.interim]
            interim = into.add("interim", into.plus(*paid), "interim payments")
            earlier = into.window(self.over, "over", with_this=False)
            own = n.Fold("sum", n.Name(self.name, source=into.place()), earlier, none_found=ZERO, source=into.place())
            alone = earlier.length == 0  # the true-up of one period: there is no earlier one
            settled = into.add("settled", ZERO if alone else own, "earlier true-ups")
            due = into.condition_at(self.final_when, "final_when")
            final = into.formula("final")
            families = {into.paid_by(name, _PAYS, "interim") for name in self.interim}
            final = into.minus(ZERO, final) if families == {"credit"} else final
            difference = into.minus(final, interim, settled)
            into.settle_line(self, into.when(due, difference, ZERO))

    def _paid(self, into: Lowering, name: str, window: n.Window) -> n.AnyNode:
        """What a clause paid in the window, as amounts of the invoice: credits are below zero."""
        paid: n.AnyNode = n.Fold(
            "sum", n.Name(name, source=into.place("interim")), window, source=into.place("interim")
        )
        family = into.paid_by(name, _PAYS, "interim")
        return into.minus(ZERO, paid) if family == "credit" else paid
