"""Outcome price: so much for each outcome that is attributed to the provider.

"The Client pays EUR 40.00 for each recovered claim of which the evaluation attributes the recovery to the
Provider." How many outcomes there were is one fact, which of them the provider brought about another;
``attributed`` names the second and is required. ``all`` says that nobody asks.

Figures: ``x.attributed`` (the outcomes that count), and those of every price (``x.rate``, ``x.steps``,
``x.flat_fee``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import model_validator

from bpo_contracts.contract.clauses.base import Family
from bpo_contracts.contract.clauses.pricing import PricedClause
from bpo_contracts.contract.fields import FormulaText
from bpo_contracts.terms import nodes as n

if TYPE_CHECKING:
    from bpo_contracts.contract.lowering import Lowering


class OutcomePrice(PricedClause):
    """``outcome_price``: a price for each of the ``outcomes`` that are attributed to the provider.

    ``attributed``: ``all``, or the share of them (a percentage). ``part_outcomes`` says what a part of an outcome
    counts, and is required with a share.
    """

    kind: Literal["outcome_price"] = "outcome_price"
    family: ClassVar[Family] = "charge"
    outcomes: FormulaText
    attributed: FormulaText
    part_outcomes: Literal["ignored", "counted", "pro rata", "nearest"] | None = None
    one_outcome: FormulaText | None = None

    @model_validator(mode="after")
    def _parts_of_a_share(self) -> OutcomePrice:
        if (self.attributed == "all") != (self.part_outcomes is None):
            raise ValueError(
                "'part_outcomes' goes with a share that is attributed: say what a part of an outcome counts"
            )
        if (self.part_outcomes in (None, "pro rata")) != (self.one_outcome is None):
            raise ValueError(
                "'one_outcome' (as in '1 claim') goes with whole outcomes: it says what is counted in ones"
            )
        return self

    def lower(self, into: Lowering) -> None:
        with into.clause(self):
            counted = into.formula("outcomes")
            if self.attributed != "all":
                counted = n.Of(into.formula("attributed"), counted, source=into.place("attributed"))
            if self.one_outcome is not None and self.part_outcomes is not None:
                whole = into.steps_of(counted, "one_outcome", self.part_outcomes)
                counted = n.Arithmetic("*", whole, into.formula("one_outcome"), source=into.place("one_outcome"))
            into.figure("attributed", counted, "outcomes that count")
            into.settle_line(self, self.priced(into, into.name("attributed")))
