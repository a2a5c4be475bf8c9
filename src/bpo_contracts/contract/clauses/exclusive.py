"""Exclusive: for one incident, credits of one set or of another are paid, never of both.

"A credit for round-trip delay may not be claimed for the same event as a credit for availability or time to repair"
(Verizon,
Service Credit Calculation): the credits inside a set add up, the sets exclude one another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from bpo_contracts.contract.clauses.base import Clause, Family
from bpo_contracts.contract.fields import Names, NameText

if TYPE_CHECKING:
    from bpo_contracts.contract.lowering import Lowering


class Exclusive(Clause):
    """``exclusive``: which of the ``sets`` of clauses is paid.

    ``sets``: each with a name and its clauses. ``same``: the columns that identify an incident, where the clauses
    are about
    items of one list; without it, one set is paid in the period (for each lot one, where the
    clauses are for each lot). ``take``: the larger set, the smaller one, or the
    one that
    is ``elected``: ``elected_by`` names the column or measure that holds the name of a set, ``not_elected`` says
    what holds
    without an election. ``if_equal``: the sets, the one that is taken first when two are equal.

    Figures: ``x.<set>`` (what the set comes to), ``x.taken`` (the set that is paid; a word); of each clause ``c`` in it
    ``c.each_within_x`` for each item, and ``c.within_x``.
    """

    kind: Literal["exclusive"] = "exclusive"
    family: ClassVar[Family] = "none"
    sets: Annotated[dict[NameText, Annotated[Names, Field(min_length=1)]], Field(min_length=2)]
    take: Literal["larger set", "smaller set", "elected"]
    if_equal: Annotated[Names, Field(min_length=2)]
    same: Names = ()
    elected_by: NameText | None = None
    not_elected: Literal["larger set", "smaller set", "none"] | None = None

    @model_validator(mode="after")
    def _complete(self) -> Exclusive:
        if (self.take == "elected") != (self.elected_by is not None) or (self.take == "elected") != (
            self.not_elected is not None
        ):
            raise ValueError(
                "'take: elected' goes with 'elected_by' (the choice) and 'not_elected' (what holds without one)"
            )
        if sorted(self.if_equal) != sorted(self.sets):
            raise ValueError(f"'if_equal' names every set once: {', '.join(sorted(self.sets))}")
        names = [name for members in self.sets.values() for name in members]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"{twice[0]!r} is in the sets twice; a clause is in one set")
        return self

    def lower(self, into: Lowering) -> None:
        into.exclusive(self)
