"""Earn-back: a service credit is returned after the provider has recovered.

"If the service level is met in each of the three months after a failure, the credit of that month is returned,
provided the failure stayed in the yellow zone and is not chronic." The month that failed stays as it was settled; the
return is a line of the month in which recovery is complete, and its trail leads to the credit it returns. Each credit
is returned at most once: the amount that comes back in a period is that of the credit exactly so many periods ago.
With ``stages``, parts of it come back at different ages; a stage is rounded so that all of them together never pass
the credit.

Figures of a clause ``x``: ``x.recovered``, ``x.forgivable`` (of the period itself), ``x.credits`` (how many credits
count as chronic), ``x.after_3`` (what the stage of that age gives), ``x.amount``, ``x.gross``, ``x``, ``x.to_date``.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from bpo_contracts.contract.clauses.base import Family, GatedClause
from bpo_contracts.contract.fields import Count, FormulaText, Model, NameText, Text
from bpo_contracts.terms import nodes as n
from bpo_contracts.terms.nodes import ZERO
from bpo_contracts.values.units import PERCENT, PLAIN, TRUTH

if TYPE_CHECKING:
    from bpo_contracts.contract.lowering import Lowering


class Stage(Model):
    """A ``share`` of the credit that comes back ``after`` so long a recovery."""

    after: Text
    share: Text


class EarnBack(GatedClause):
    """``earn_back``: ``returns`` the credits of a clause, a ``share`` of each ``after`` a recovery (or in ``stages``).

    ``recovered_when`` must hold in every period of the recovery; ``forgivable_when`` in the period of the credit.
    More than ``chronic_above`` credits within ``chronic_window`` (this period included) are chronic, and nothing is
    returned then.
    """

    kind: Literal["earn_back"] = "earn_back"
    family: ClassVar[Family] = "bonus"
    judged: ClassVar[bool] = False
    returns: NameText
    share: Text | None = None
    after: Text | None = None
    stages: Annotated[dict[NameText, Stage], Field(min_length=1)] | None = None
    recovered_when: FormulaText
    forgivable_when: FormulaText | None = None
    chronic_above: Count | None = None
    chronic_window: Text | None = None
    no_data: Literal["recovered", "not recovered"]
    round: Text | None = None

    @model_validator(mode="after")
    def _one_or_stages(self) -> EarnBack:
        if (self.share is None) != (self.after is None) or (self.share is None) == (self.stages is None):
            raise ValueError("an earn-back has 'share' and 'after', or 'stages' with a share and an age each")
        if (self.chronic_above is None) != (self.chronic_window is None):
            raise ValueError("'chronic_above' and 'chronic_window' go together: how many credits within which periods")
        return self

    @property
    def keeps(self) -> str:
        return f"what can come back of {self.returns!r}"

    @property
    def falls_with_clause(self) -> bool:
        return False

    def lower(self, into: Lowering) -> None:
        with into.clause(self):
            if into.paid_by(self.returns, ("credit",), "returns") == "none":
                return
            self._tests(into)
            parts = [self._stage(into, age, before, upto) for age, before, upto in self._ages(into)]
            amount = into.plus(*parts)
            if self.chronic_window is not None:
                chronic = n.Test(">", into.name("credits"), self._number(self.chronic_above), source=into.place())
                amount = into.when(chronic, ZERO, amount)
            into.settle_line(self, amount)
            into.to_date("to_date", into.name("gross"), "returned to date")

    def _tests(self, into: Lowering) -> None:
        answer = n.Literal_(self.no_data == "recovered", TRUTH, source=into.place("no_data"))
        recovered = into.condition_at(self.recovered_when, "recovered_when")
        into.add("recovered", n.OrElse(recovered, answer, source=into.place()), "recovery", unit=TRUTH)
        if self.forgivable_when is not None:
            forgivable = into.condition_at(self.forgivable_when, "forgivable_when")
            no = n.Literal_(False, TRUTH, source=into.place("forgivable_when"))
            forgivable = n.OrElse(forgivable, no, source=into.place())
            into.add("forgivable", forgivable, "forgivable failure", unit=TRUTH)
        if self.chronic_window is not None:
            credited = n.Test(">", n.Name(self.returns, source=into.place("returns")), ZERO, source=into.place())
            into.add("credited", credited, "credit in the period", unit=TRUTH)
            window = into.window(self.chronic_window, "chronic_window")
            into.figure("credits", n.Fold("count", into.name("credited"), window, source=into.place()), "credits")

    def _ages(self, into: Lowering) -> list[tuple[int, Fraction, Fraction]]:
        """Each stage as its age in periods, and the share of the credit returned before it and with it."""
        if self.stages is None:
            stages = [(into.span(self.after or "", "after"), into.fixed_share(self.share or "", "share"))]
        else:
            at = ((("stages", name), stage) for name, stage in sorted(self.stages.items()))
            stages = [
                (into.span(stage.after, *path, "after"), into.fixed_share(stage.share, *path, "share"))
                for path, stage in at
            ]
        stages.sort()
        if len({age for age, _ in stages}) != len(stages):
            into.refused_at("BPO282", "stages-of-one-age", "Two stages come back at the same age.", "stages")
        ends, total = [], Fraction(0)
        for age, share in stages:
            ends.append((age, total, total + share))
            total += share
        if total > 100:
            problem = f"The stages return {total} % of a credit."
            into.refused_at("BPO283", "returned-more-than-credited", problem, "stages" if self.stages else "share")
        return ends

    def _stage(self, into: Lowering, age: int, before: Fraction, upto: Fraction) -> n.AnyNode:
        """What comes back of the credit ``age`` periods ago, if every period since then has recovered."""
        place = into.place("returns")
        credit = n.Earlier(self.returns, age, ZERO, source=place)
        amount = into.minus(self._part(into, upto, credit), self._part(into, before, credit)) if before else None
        amount = amount or self._part(into, upto, credit)
        window = n.Window(age, previous=False, short="the periods there are")
        conditions: list[n.AnyNode] = [n.Fold("every", into.name("recovered"), window, source=place)]
        if self.forgivable_when is not None:
            no = n.Literal_(False, TRUTH, source=place)
            conditions.append(into.earlier("forgivable", periods=age, before=no))
        returned = into.when(n.Every(tuple(conditions), source=place), amount, ZERO)
        return into.add(f"after_{age}", returned, f"return after {age}")

    def _part(self, into: Lowering, share: Fraction, credit: n.Earlier) -> n.AnyNode:
        part = n.Of(n.Quantity(share, PERCENT, source=credit.source), credit, source=credit.source)
        rounded, most = into.rounded(part, self.round), into.in_whole_steps(credit, self.round)
        return rounded if most is credit else into.least(most, rounded)

    @staticmethod
    def _number(count: str | None) -> n.Quantity:
        return n.Quantity(Fraction(int(count or 0)), PLAIN)
