"""Scorecard: one score out of several, each with its weight.

What happens to the weights when a score is missing is the clause's own rule: the hospital value-based purchasing
programme of
the United States spreads them over the domains that have a score, and wants at least two.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from bpo_contracts.contract.clauses.base import Clause, Family
from bpo_contracts.contract.fields import FormulaText, Names, NameText, Text

if TYPE_CHECKING:
    from bpo_contracts.contract.lowering import Lowering


class Scorecard(Clause):
    """``scorecard``: the weighted sum of ``weights`` (score: percentage). It pays nothing; other clauses read it.

    ``missing``: ``reweight`` spreads the weight of missing scores over the others, ``as zero`` counts them as nothing,
    ``refuse`` does not settle. ``needs_at_least``: how many scores there must be to reweight, and ``with_fewer``
    what holds
    with less. ``round_weights``: ``unrounded`` or a rounding of the weights that are used. ``round``: of the score.

    Figures: ``x.known`` (how many scores there are), ``x.weight.<score>`` (the weight used), ``x`` (the weighted
    score).
    """

    kind: Literal["scorecard"] = "scorecard"
    family: ClassVar[Family] = "none"
    weights: Annotated[dict[NameText, FormulaText], Field(min_length=2)]
    missing: Literal["reweight", "as zero", "refuse"]
    round_weights: Text
    round: Text
    needs_at_least: Annotated[str, Field(pattern=r"^[1-9][0-9]?$")] | None = None
    with_fewer: Literal["not scored", "refuse"] | None = None
    for_each: Names = ()

    @model_validator(mode="after")
    def _reweighting_is_said(self) -> Scorecard:
        said = (self.needs_at_least is not None, self.with_fewer is not None)
        if said != (self.missing == "reweight",) * 2:
            raise ValueError(
                "'missing: reweight' goes with 'needs_at_least' (how many scores) and 'with_fewer' (what holds then)"
            )
        if self.needs_at_least is not None and int(self.needs_at_least) > len(self.weights):
            raise ValueError(
                f"'needs_at_least' asks for {self.needs_at_least} scores, and there are {len(self.weights)}"
            )
        return self

    def lower(self, into: Lowering) -> None:
        with into.clause(self):
            into.scorecard(self)
