"""Holdback: a part of each payment is kept and released later, when milestones are reached or results are known.

"The Client retains 5 % of every progress payment. Half of it is released after the initial acceptance test, the rest
after the final acceptance test." (performance retention, lawinsider.com/clause/performance-retention) "2.5 % of every
capitation payment is withheld and earned back by meeting targets" (Wisconsin HMO, lawinsider.com/clause/withhold).
What is kept lowers the invoice, what is released raises a later one. Nothing is released twice: the balance never
falls below zero, and a milestone that stays reached releases nothing more.

Figures of a clause ``x`` with a release ``r``: ``x.kept``, ``x.kept_to_date``, ``x.held`` (before releases), ``x.r``
(what the release asks for), ``x.released``, ``x.released_to_date``, ``x.forfeited``, ``x.balance``, ``x`` (released
less kept); ``x.released_at_the_end`` or ``x.forfeited_at_the_end``, where the contract says what becomes of the rest.
What is forfeited has no invoice line, so the settlement has a consequence that names it: ``x.is_forfeited`` and
``x.is_forfeited_at_the_end`` ask whether there is any.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from bpo_contracts.contract.clauses.base import Clause, Family
from bpo_contracts.contract.fields import FormulaText, Model, Names, NameText, Text
from bpo_contracts.terms import nodes as n
from bpo_contracts.terms.nodes import ZERO
from bpo_contracts.values.units import PERCENT, TRUTH

if TYPE_CHECKING:
    from bpo_contracts.contract.lowering import Lowering


class Release(Model):
    """What is released ``when`` a condition holds: a ``share`` of everything kept or of the balance, or the ``rest``.

    ``times``: only ``once``, or in ``every period`` in which the condition holds. ``remainder``: what is not released
    ``stays held`` for other releases, or is ``forfeited``.
    """

    when: FormulaText
    share: FormulaText
    of: Literal["everything kept", "balance"] | None = None
    times: Literal["once", "every period"]
    remainder: Literal["stays held", "forfeited"] | None = None

    @model_validator(mode="after")
    def _rest_needs_no_base(self) -> Release:
        rest = self.share == "rest"
        for name in ("of", "remainder"):
            if (getattr(self, name) is None) != rest:
                said = "'share: rest' is all there is and does not use" if rest else "a share needs"
                raise ValueError(f"{said} {name!r}")
        if self.of == "everything kept" and self.times == "every period":
            raise ValueError("a share of everything kept is released once; in every period, say 'of: balance'")
        return self


class Holdback(Clause):
    """``holdback``: ``keep`` an amount of each period, ``release`` it by named releases. Each amount is rounded by
    ``round``. ``at_end_of_term``: what no release asked for until then is ``released``, or ``forfeited``.
    """

    kind: Literal["holdback"] = "holdback"
    family: ClassVar[Family] = "none"
    judged: ClassVar[bool] = False
    keep: FormulaText
    release: Annotated[dict[NameText, Release], Field(min_length=1)]
    at_end_of_term: Literal["released", "forfeited"] | None = None
    round: Text | None = None
    for_each: Names = ()

    @property
    def keeps(self) -> str:
        return "money held back"

    def lower(self, into: Lowering) -> None:
        with into.clause(self):
            kept = into.add("kept", into.rounded(into.formula("keep"), self.round), "amount kept")
            into.to_date("kept_to_date", kept, "amount kept to date")
            held = into.add("held", into.plus(into.earlier("balance"), kept), "amount held before releases")
            self._check_shares(into)
            asked = self._releases(into, held)
            released = into.add("released", into.least(held, into.plus(*asked)), "amount released")
            into.to_date("released_to_date", released, "amount released to date")
            forfeited = into.add("forfeited", self._forfeited(into, into.minus(held, released)), "amount forfeited")
            if any(release.remainder == "forfeited" for release in self.release.values()):
                happens = "{left} of what was held back is forfeited: it will not be released."
                into.says_what_is_lost(self, "forfeited", "is_forfeited", happens)
            into.pays(self, "kept", "credit")
            into.pays(self, "released", "bonus")
            paid, left = self._ended(into, released, into.minus(held, released, forfeited))
            into.figure("balance", left, "balance")
            into.figure("", into.minus(paid, kept), "effect on the invoice")
            if self.at_end_of_term is None:
                into.left_over(self, "balance", "is still held back")

    def _ended(self, into: Lowering, released: n.Name, left: n.AnyNode) -> tuple[n.AnyNode, n.AnyNode]:
        """What is paid with the release of what is left at the end of the term, and what is still held then."""
        if self.at_end_of_term is None:
            return released, left
        suffix = f"{self.at_end_of_term}_at_the_end"
        final = into.at_the_end(suffix, left, f"amount {self.at_end_of_term} at the end of the term")
        if self.at_end_of_term == "released":
            into.pays(self, suffix, "bonus")
            return into.plus(released, final), into.minus(left, final)
        happens = "At the end of the term {left} that is still held back is forfeited."
        into.says_what_is_lost(self, suffix, f"is_{suffix}", happens)
        return released, into.minus(left, final)

    def _releases(self, into: Lowering, held: n.Name) -> list[n.AnyNode]:
        """The amount of each release, those of shares first, the rest of them last."""
        asked: list[n.AnyNode] = []
        for name in sorted(self.release, key=lambda name: (self.release[name].share == "rest", name)):
            release = self.release[name]
            now = self._now(into, name, release)
            if release.share == "rest":
                amount = into.not_below_zero(into.minus(held, *asked))
            else:
                base = held if release.of == "balance" else into.name("kept_to_date")
                share = into.formula_at(release.share, "release", name, "share")
                place = into.place("release", name, "share")
                amount = into.rounded(n.Of(share, base, source=place), self.round)
            says = f"release {name.replace('_', ' ')}"
            asked.append(into.add(name, into.when(now, amount, ZERO), says))
        return asked

    def _now(self, into: Lowering, name: str, release: Release) -> n.AnyNode:
        """Whether a release happens now: once, only in the first period in which its condition holds."""
        condition = into.condition_at(release.when, "release", name, "when")
        reached = into.add(f"{name}.reached", condition, f"event of {name.replace('_', ' ')}", unit=TRUTH)
        if release.times == "every period":
            return reached
        no = n.Literal_(False, TRUTH, source=reached.source)
        before = into.earlier(f"{name}.done", before=no)
        done = n.AnyOf((before, reached), source=reached.source)
        into.add(f"{name}.done", done, f"event so far of {name.replace('_', ' ')}", unit=TRUTH)
        return n.Every((reached, n.Not(before, source=reached.source)), source=reached.source)

    def _forfeited(self, into: Lowering, left: n.AnyNode) -> n.AnyNode:
        forfeits = [name for name in sorted(self.release) if self.release[name].remainder == "forfeited"]
        if not forfeits:
            return ZERO
        conditions = tuple(self._again(into, name) for name in forfeits)
        happens = conditions[0] if len(conditions) == 1 else n.AnyOf(conditions, source=into.place())
        return into.when(happens, left, ZERO)

    def _again(self, into: Lowering, name: str) -> n.AnyNode:
        reached = into.name(f"{name}.reached")
        if self.release[name].times == "every period":
            return reached
        no = n.Literal_(False, TRUTH, source=reached.source)
        before = into.earlier(f"{name}.done", before=no)
        return n.Every((reached, n.Not(before, source=reached.source)), source=reached.source)

    def _check_shares(self, into: Lowering) -> None:
        """Fixed shares of everything kept come to 100 % at most."""
        total = Fraction(0)
        for name, release in sorted(self.release.items()):
            if release.of != "everything kept":
                continue
            share = into.formula_at(release.share, "release", name, "share")
            if isinstance(share, n.Quantity) and share.unit == PERCENT:
                total += share.value
        if total > 100:
            problem = f"The releases give back {total} % of everything that is kept."
            into.refused_at("BPO281", "released-more-than-kept", problem, "release")
