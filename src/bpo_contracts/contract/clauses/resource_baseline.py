"""Resource baseline: more units than agreed are charged, fewer are credited, around a dead band (ARC and RRC).

"If the actual resource units of a month differ from the baseline by more than the deadband, the Supplier charges
the additional resource charge for each unit above, and credits the reduced resource credit for each unit below."
Whether the whole difference counts or only the part beyond the deadband is the question such clauses are disputed
on; so is a difference of exactly the deadband, where the whole difference counts.

Figures: ``x.difference`` (units, below zero: fewer), ``x.additional`` and ``x.reduced`` (units that are charged or
credited), ``x.amount``, ``x.gross``, ``x`` (above zero: charged).
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import model_validator

from bpo_contracts.contract.clauses.base import Family, GatedClause
from bpo_contracts.contract.fields import FormulaText, NameText, Text
from bpo_contracts.terms import nodes as n
from bpo_contracts.values.units import ANY_ZERO

if TYPE_CHECKING:
    from bpo_contracts.contract.lowering import Lowering

_ZERO = n.Quantity(Fraction(0), ANY_ZERO)


class ResourceBaseline(GatedClause):
    """``resource_baseline``: ``actual`` units against ``baseline``, at the prices ``additional_charge`` and
    ``reduced_credit``.

    ``deadband`` is a number of units (or ``3 % of …``). ``ends_of_deadband`` (``inside`` or ``outside``) is
    required where the full difference is charged, and has no meaning otherwise.
    """

    kind: Literal["resource_baseline"] = "resource_baseline"
    family: ClassVar[Family] = "both ways"
    actual: FormulaText
    baseline: FormulaText
    deadband: FormulaText
    charged_on: Literal["full difference", "part beyond deadband"]
    ends_of_deadband: Literal["inside", "outside"] | None = None
    additional_charge: FormulaText
    reduced_credit: FormulaText
    round: Text | None = None
    counts_toward: NameText | None = None

    @model_validator(mode="after")
    def _ends_said(self) -> ResourceBaseline:
        if (self.charged_on == "full difference") != (self.ends_of_deadband is not None):
            raise ValueError(
                "'ends_of_deadband' (inside or outside) goes with 'charged_on: full difference': it says whether a"
                " difference of exactly the deadband is charged"
            )
        return self

    def lower(self, into: Lowering) -> None:
        with into.clause(self):
            difference = n.Arithmetic(
                "-", into.formula("actual"), into.formula("baseline"), source=into.place("actual")
            )
            into.figure("difference", difference, "difference from the baseline")
            more = into.name("difference")
            fewer = n.Arithmetic("-", _ZERO, into.name("difference"), source=into.place("actual"))
            into.figure("additional", self._beyond(into, more, "above"), "additional units")
            into.figure("reduced", self._beyond(into, fewer, "below"), "reduced units")
            charged = n.Arithmetic("*", into.name("additional"), into.formula("additional_charge"))
            credited = n.Arithmetic("*", into.name("reduced"), into.formula("reduced_credit"))
            into.settle_line(self, n.Arithmetic("-", charged, credited, source=into.place("charged_on")))

    def _beyond(self, into: Lowering, units: n.AnyNode, side: str) -> n.AnyNode:
        """The units on one side of the baseline that are paid for; never below zero."""
        band, place = into.formula("deadband"), into.place("deadband")
        if self.charged_on == "part beyond deadband":
            return n.Extreme("max", (_ZERO, n.Arithmetic("-", units, band, source=place)), source=place)
        operator: n.CompareOperator = ">" if self.ends_of_deadband == "inside" else ">="
        asks = f"are the units of clause {self.clause} {side} the baseline by more than the deadband?"
        full = n.Extreme("max", (_ZERO, units), source=place)
        return n.Choose(n.Test(operator, units, band, source=place), full, _ZERO, asks, source=place)
