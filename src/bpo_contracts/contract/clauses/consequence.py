"""Consequence: a result other than money (a warning, a rectification plan, a right to terminate).

It happens in a period ``when`` a condition holds, or once the condition has held for so many periods in a row, or in
so many of the last ones. ``any_of`` names several such triggers ("in three consecutive months, or in five of any
twelve").

Figures of a consequence ``x`` that counts: ``x.failed`` (whether this period counts), ``x.count``, and ``x`` (yes or
no); of one that does not count and says what a period without data is: ``x.failed`` and ``x``; of one with ``any_of``: the
same for each trigger, ``x.trigger.failed``, ``x.trigger.count``, ``x.trigger``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from bpo_contracts.contract.clauses.base import Clause, Family
from bpo_contracts.contract.fields import Count, FormulaText, Model, Names, NameText, Text
from bpo_contracts.terms import nodes as n
from bpo_contracts.values.units import TRUTH

if TYPE_CHECKING:
    from bpo_contracts.contract.lowering import Lowering


class Counting(Model):
    """How often a condition must hold. ``periods_in_a_row``, or ``periods`` of the window ``of_last`` (``12 months``).

    ``no_data``: what a period without data is; where nothing is counted, such a period is not settled unless it is said:
    with ``counts as failed`` the consequence happens, with ``does not count`` it does not. ``afterwards``: whether the
    consequence ``goes on`` in every period in which the count is reached, or the count ``begins again`` once it has happened.
    """

    periods_in_a_row: Count | None = None
    periods: Count | None = None
    of_last: Text | None = None
    no_data: Literal["counts as failed", "does not count", "is left out"] | None = None
    afterwards: Literal["goes on", "begins again"] | None = None

    @model_validator(mode="after")
    def _one_count(self) -> Counting:
        if (self.periods is None) != (self.of_last is None):
            raise ValueError("'periods' and 'of_last' go together, as in 'periods: 5' with 'of_last: 12 months'")
        if self.periods is not None and self.periods_in_a_row is not None:
            raise ValueError("a count is of periods in a row, or of periods of the last ones; use 'any_of' for both")
        counts = self.periods is not None or self.periods_in_a_row is not None
        for name in ("no_data", "afterwards"):
            if counts and getattr(self, name) is None:
                raise ValueError(f"a consequence that counts needs {name!r}")
        if not counts and self.afterwards is not None:
            raise ValueError("a consequence that does not count does not use 'afterwards'")
        if not counts and self.no_data == "is left out":
            raise ValueError(
                "a period can be left out only of a count, and this consequence does not count ('no_data')"
            )
        return self

    @property
    def needed(self) -> int:
        """How many periods it takes; 0 where nothing is counted."""
        return int(self.periods_in_a_row or self.periods or 0)

    def holds(self, into: Lowering, condition: n.AnyNode, at: tuple[str, ...] = ()) -> n.AnyNode:
        """The condition that is counted, for the trigger at ``at``."""
        if self.no_data is None:
            return condition
        prefix = "".join(f"{part}." for part in at[-1:])
        if self.afterwards is None:
            return into.failure(f"{prefix}failed", condition, self.no_data, "whether the condition holds")
        failed = into.failure(f"{prefix}failed", condition, self.no_data)
        count = f"{prefix}count"
        if self.of_last is None:
            if self.afterwards == "begins again":
                into.run_anew(count, failed, self.needed, self.no_data)
            else:
                into.add(count, into.run(failed, self.no_data), "number of periods in a row")
        else:
            window = into.window(f"last {self.of_last}", *at, "of_last")
            if self.afterwards == "begins again":
                into.count_anew(count, failed, window, self.needed, self.no_data)
            else:
                into.add(count, into.failures(failed, window, self.no_data), "number of periods that count")
        return into.reaches(count, self.needed)


class Trigger(Counting):
    """One of several ways to a consequence."""

    when: FormulaText


class Consequence(Counting, Clause):
    """``consequence``: what ``happens`` in a period ``when`` the condition holds (so often), or ``any_of`` several
    triggers.
    """

    kind: Literal["consequence"] = "consequence"
    family: ClassVar[Family] = "none"
    when: FormulaText | None = None
    any_of: Annotated[dict[NameText, Trigger], Field(min_length=1)] | None = None
    happens: Text
    for_each: Names = ()

    @model_validator(mode="after")
    def _when_or_any_of(self) -> Consequence:
        if (self.when is None) == (self.any_of is None):
            raise ValueError("a consequence has 'when', or 'any_of' with a name for each trigger")
        if self.any_of is not None and self.needed:
            raise ValueError("with 'any_of', each trigger says how often it must hold")
        if self.any_of is not None and self.no_data is not None:
            raise ValueError("with 'any_of', each trigger says what a period without data is in 'no_data'")
        return self

    def lower(self, into: Lowering) -> None:
        with into.clause(self):
            if self.any_of is None:
                into.consequence(self, self.holds(into, into.formula("when")))
                return
            triggers: list[n.AnyNode] = []
            for name in sorted(self.any_of):
                trigger, at = self.any_of[name], ("any_of", name)
                condition = trigger.holds(into, into.condition_at(trigger.when, *at, "when"), at)
                triggers.append(into.add(name, condition, name.replace("_", " "), unit=TRUTH))
            into.consequence(self, n.AnyOf(tuple(triggers), source=into.place("any_of")))
