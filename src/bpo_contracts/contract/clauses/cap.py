"""Cap and collar: the most (and the least) that a sum of clauses may come to.

A cap acts on a named total (``counts_toward``) or on the clauses it lists. What lies beyond is lost, or carried to
later periods. What is granted is
shared over the clauses as ``shared`` says; it is required where more than one clause can be cut.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import model_validator

from bpo_contracts.contract.clauses.base import Clause, Family
from bpo_contracts.contract.fields import FormulaText, Names, Text

if TYPE_CHECKING:
    from bpo_contracts.contract.lowering import Lowering


class Limit(Clause):
    """What caps and collars have in common.

    ``limits``: the total, or the list of clauses. ``shared``: ``pro rata``, or ``in order`` (the first named in
    ``order``
    is kept first). ``for_each``: a limit for each lot. ``round``: how the limit itself is rounded. Where it is not
    said, a limit that is computed is rounded as lines are, and one that is written as an amount down to a step of the
    lines (towards zero): no more is paid than is written.
    """

    family: ClassVar[Family] = "none"
    judged: ClassVar[bool] = False
    limits: Names
    at_most: FormulaText
    excess: Literal["lost", "carried"]
    shared: Literal["pro rata", "in order"] | None = None
    order: Names = ()
    for_each: Names = ()
    round: Text | None = None

    @model_validator(mode="after")
    def _order_goes_with_in_order(self) -> Limit:
        if (self.shared == "in order") != bool(self.order):
            raise ValueError(
                "'shared: in order' and 'order' go together: name the clauses, the one kept first coming first"
            )
        return self

    def lower(self, into: Lowering) -> None:
        into.limit(self)


class Cap(Limit):
    """``cap``: the sum is at most ``at_most``.

    ``window`` (``last 12 months``, ``this contract year``, ``the whole contract``) makes it a limit over periods: what
    earlier periods of the window were granted is used up. ``returned``: where a clause gives back what was granted under
    the cap (an earn-back, a claw-back), what comes back ``stays used`` or ``frees room`` from the next period on.

    ``excess: carried`` pays the rest later, the oldest first. What is carried in a period lapses when it is still open
    ``lapses_after`` so many periods, or at the end of the contract year (``lapses_at``); ``paid_first``: the ``oldest``
    or the ``newest``. ``at_end_of_term``: what is still carried then is ``paid`` (beyond the cap), or ``lapses``.

    ``after`` names the limits on the same total that act before this one. Where one of them carries its excess, a cap after
    it is on what is paid in a period, whenever it arose; a cap before it on what arises, whenever it is paid.
    """

    kind: Literal["cap"] = "cap"
    window: Text | None = None
    returned: Literal["stays used", "frees room"] | None = None
    after: Names = ()
    paid_first: Literal["oldest", "newest"] | None = None
    lapses_after: Text | None = None
    lapses_at: Literal["end of contract year"] | None = None
    at_end_of_term: Literal["paid", "lapses"] | None = None

    @model_validator(mode="after")
    def _carried_words(self) -> Cap:
        if self.excess == "lost":
            for name in ("paid_first", "lapses_after", "lapses_at", "at_end_of_term"):
                if getattr(self, name):
                    raise ValueError(f"{name!r} is about what is carried, and the excess of this cap is lost")
        if self.lapses_after is not None and self.paid_first is None:
            raise ValueError("with 'lapses_after' the order decides what lapses: say 'paid_first', oldest or newest")
        if self.lapses_at is not None and self.at_end_of_term is not None:
            raise ValueError("with the term a contract year ends: what is left lapses then, as 'lapses_at' says")
        return self

    @property
    def keeps(self) -> str:
        return "an excess that is carried to later periods" if self.excess == "carried" else ""


class Collar(Limit):
    """``collar``: the signed sum lies between ``at_least`` and ``at_most`` (bonuses above zero, credits below)."""

    kind: Literal["collar"] = "collar"
    excess: Literal["lost"]
    at_least: FormulaText
