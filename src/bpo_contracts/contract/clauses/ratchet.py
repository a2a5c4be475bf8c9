"""Ratchet: a level that moves one way only, by what was achieved before.

It pays nothing; other clauses read their measure against it.

"The expected service level of a month is the best level achieved in any earlier month, but never below 95 %": it
``follows`` the best (``highest`` or ``lowest``) result so far. Or it moves in steps: "by 0.5 percentage points after
every three months in a row in which it was met", ``moves_by`` after ``periods_in_a_row``; the run begins again when
the level moves.

Figures of a clause ``x``: ``x`` (the level of this period, from earlier periods alone), ``x.next`` (that of the
next), and for steps ``x.failed`` (whether the step's condition holds), ``x.count``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import model_validator

from bpo_contracts.contract.clauses.base import Clause, Family
from bpo_contracts.contract.fields import Count, FormulaText, Names
from bpo_contracts.terms import nodes as n
from bpo_contracts.values.findings import Finding

if TYPE_CHECKING:
    from bpo_contracts.contract.lowering import Lowering


class Ratchet(Clause):
    """``ratchet``: a level that ``starts_at`` a value and ``follows`` the best result, or ``moves_by`` steps.

    With ``follows`` goes ``measure``; with ``moves_by`` go ``when``, ``periods_in_a_row`` and ``no_data``, all three.

    The level of a period comes from the periods before it: its own result moves the next one (``x.next``).

    A period without data leaves a level that follows where it is; ``no_data`` says what it is in a run. ``at_most``
    and ``at_least`` are the level's own ends.
    """

    kind: Literal["ratchet"] = "ratchet"
    family: ClassVar[Family] = "none"
    starts_at: FormulaText
    measure: FormulaText | None = None
    follows: Literal["highest", "lowest"] | None = None
    moves_by: FormulaText | None = None
    when: FormulaText | None = None
    periods_in_a_row: Count | None = None
    no_data: Literal["counts as failed", "does not count", "is left out"] | None = None
    at_most: FormulaText | None = None
    at_least: FormulaText | None = None
    for_each: Names = ()

    @model_validator(mode="after")
    def _follows_or_steps(self) -> Ratchet:
        follows = [self.measure, self.follows]
        steps = [self.moves_by, self.when, self.periods_in_a_row, self.no_data]
        whole = [all(part is not None for part in parts) for parts in (follows, steps)]
        begun = [any(part is not None for part in parts) for parts in (follows, steps)]
        if whole != begun or sum(begun) != 1:
            raise ValueError(
                "a ratchet has 'measure' and 'follows', or 'moves_by' with 'when', 'periods_in_a_row' and 'no_data'"
            )
        return self

    def lower(self, into: Lowering) -> None:
        with into.clause(self):
            start = into.formula("starts_at")
            ends = {field: into.formula(field) for field in ("at_most", "at_least") if getattr(self, field) is not None}
            self._starts_inside(into, start, ends)
            level = into.add("", n.Earlier(f"{self.name}.next", 1, start, source=into.place("starts_at")), "level")
            following = self._next(into, level)
            for field, end in ends.items():
                following = n.Extreme(
                    "min" if field == "at_most" else "max", (following, end), source=into.place(field)
                )
            into.figure("next", following, "level of the next period")

    def _starts_inside(self, into: Lowering, start: n.AnyNode, ends: dict[str, n.AnyNode]) -> None:
        """A start outside the ratchet's own ends, all written as numbers, would hold for one period alone."""
        for field, end in ends.items():
            if not isinstance(start, n.Quantity) or not isinstance(end, n.Quantity):
                continue
            if start.value > end.value if field == "at_most" else start.value < end.value:
                problem = (
                    f"{self.name!r} starts at {self.starts_at}, {'above' if field == 'at_most' else 'below'} its own"
                    f" {field!r} of {getattr(self, field)}: in its second {into.contract.period} it would jump there."
                )
                place, also = into.place("starts_at"), (into.place(field),)
                found = Finding("BPO170", "starts-outside-its-ends", place, problem, "Correct one of the two.", also)
                into.collected.findings.append(found)

    def _next(self, into: Lowering, level: n.Name) -> n.AnyNode:
        if self.follows is not None:
            result = n.OrElse(into.formula("measure"), level, source=into.place("measure"))
            return n.Extreme(
                "max" if self.follows == "highest" else "min", (level, result), source=into.place("follows")
            )
        needed, no_data = int(self.periods_in_a_row or 1), self.no_data or "does not count"
        met = into.failure("failed", into.condition_at(self.when or "", "when"), no_data)
        into.run_anew("count", met, needed, no_data)
        moved = n.Arithmetic("+", level, into.formula("moves_by"), source=into.place("moves_by"))
        return into.when(into.reaches("count", needed), moved, level)
