"""Smallest payment: a total that is too small to be worth a payment.

"Credits of a month are issued only if they come to more than USD 1.00 together." The total, or the clauses that are
listed, is paid as a whole or not at all; what is not paid is ``lost``, or ``carried`` and added to the total of the
next period, until the two together are large enough.

The question is asked after all caps of the total; where there are caps, ``compared`` says whether what is compared is
the total before or after them. A cap on more than the total acts after this question and can leave less of what was
large enough; the contract has to say that it knows (``compared: before caps``). What single clauses say of their own
small amounts is their field ``smallest``.

Figures: ``x.new`` (the total after all caps), ``x.due`` (what is compared), ``x.paid_now``; with ``carried`` also
``x.brought_forward``, ``x.carried_forward``, ``x.lapsed`` (with the term, where the contract says so) and
``x.carried_paid``, which is a line of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import model_validator

from bpo_contracts.contract.clauses.base import Clause, Family
from bpo_contracts.contract.fields import Names, Text

if TYPE_CHECKING:
    from bpo_contracts.contract.lowering import Lowering


class SmallestPayment(Clause):
    """``smallest_payment``: the total in ``limits`` is paid only if it is large enough.

    ``issued_only``: ``over 10.00 EUR`` or ``10.00 EUR or more``. ``below``: what is not paid is ``lost``, or
    ``carried`` to the next period; then ``at_end_of_term`` says whether what is still carried is ``paid`` in the last
    period of the term, or ``lapses``. ``compared``: the total ``before caps`` or ``after caps``, to be said where there
    is a cap on it.
    """

    kind: Literal["smallest_payment"] = "smallest_payment"
    family: ClassVar[Family] = "none"
    judged: ClassVar[bool] = False
    limits: Names
    issued_only: Text
    below: Literal["lost", "carried"]
    at_end_of_term: Literal["paid", "lapses"] | None = None
    compared: Literal["before caps", "after caps"] | None = None
    for_each: Names = ()

    @property
    def excess(self) -> str:
        """What happens to what is not paid, in the word of caps."""
        return self.below

    @property
    def shared(self) -> None:
        """All of the total is paid or nothing, so nothing is shared."""
        return None

    @property
    def order(self) -> tuple[str, ...]:
        """Nothing is shared, so there is no order."""
        return ()

    @model_validator(mode="after")
    def _carried_words(self) -> SmallestPayment:
        if (self.below == "carried") != (self.at_end_of_term is not None):
            raise ValueError(
                "'below: carried' and 'at_end_of_term' go together: say whether what is still carried is paid at the end"
            )
        if self.below == "carried" and self.compared == "before caps":
            raise ValueError("what is carried is compared with the amount that would be paid: 'compared: after caps'")
        return self

    @property
    def keeps(self) -> str:
        return "what was too small to be paid" if self.below == "carried" else ""

    def lower(self, into: Lowering) -> None:
        into.limit(self)
