"""Repeat multiplier: failing again costs more. A factor read from how often a level has failed, this period included.

"If the same performance indicator fails in consecutive measurement periods, the service points are doubled" (UK Model
Services Agreement, schedule 2.2). Other clauses use the factor with ``multiplied_by``. Which failures count is one
word: a run of periods (``in a row``), those of a window (``last 12 months``, ``this contract year``, ``the whole
contract``), or all since the last time that so many periods in a row were clean (``until cleared``).

Figures of a clause ``x``: ``x.failed`` (whether this period failed), ``x.failures`` (how many count), ``x`` (the
factor); ``x.clean_periods`` where failures are cleared.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, ClassVar, Final, Literal

from pydantic import model_validator

from bpo_contracts.contract.clauses.base import Clause, Family
from bpo_contracts.contract.fields import Count, FormulaText, Names, Rows, Text
from bpo_contracts.terms import nodes as n
from bpo_contracts.terms.nodes import ZERO
from bpo_contracts.values.units import PLAIN

if TYPE_CHECKING:
    from bpo_contracts.contract.lowering import Lowering

_ONE: Final = n.Quantity(Fraction(1), PLAIN)


class RepeatMultiplier(Clause):
    """``repeat_multiplier``: a factor by the number of failures; each row in words, as in ``2 or more: 2``.

    ``no_data`` says what a period without data is: a failure, none, or left out (a run goes on across it).
    ``counted: until cleared`` goes with ``cleared_after``: how many periods in a row without a failure end the count; a
    period without data is not one of them.
    """

    kind: Literal["repeat_multiplier"] = "repeat_multiplier"
    family: ClassVar[Family] = "none"
    failed_when: FormulaText
    counted: Text
    table: Rows
    no_data: Literal["counts as failed", "does not count", "is left out"]
    cleared_after: Count | None = None
    for_each: Names = ()

    @model_validator(mode="after")
    def _clearing_is_said(self) -> RepeatMultiplier:
        if (self.counted == "until cleared") != (self.cleared_after is not None):
            raise ValueError(
                "'counted: until cleared' goes with 'cleared_after' (so many periods in a row without failure)"
            )
        return self

    def lower(self, into: Lowering) -> None:
        with into.clause(self):
            condition = into.condition_at(self.failed_when, "failed_when")
            failed = into.failure("failed", condition, self.no_data)
            if self.cleared_after is not None:
                count = self._until_cleared(into, failed, n.Not(condition, source=into.place("failed_when")))
            elif self.counted == "in a row":
                count = into.run(failed, self.no_data)
            else:
                count = into.failures(failed, into.window(self.counted, "counted"), self.no_data)
            failures = into.add("failures", count, "number of failures that count")
            into.figure("", into.table_at(self.table, failures, "table", count=True), "factor")

    def _until_cleared(self, into: Lowering, failed: n.Name, clean: n.AnyNode) -> n.AnyNode:
        """The failures so far, and none after so many clean periods in a row."""
        before = into.earlier("failures")
        no_data: Literal["is left out", "does not count"] = (
            "is left out" if self.no_data == "is left out" else "does not count"
        )
        run = into.run(into.failure("clean", clean, no_data, "period without a failure"), no_data)
        into.figure("clean_periods", run, "periods in a row without a failure")
        counts: n.AnyNode = into.when(failed, _ONE, ZERO)
        if self.no_data == "is left out":
            counts = n.OrElse(counts, ZERO, source=into.place())
        cleared = into.when(into.reaches("clean_periods", int(self.cleared_after or 0)), ZERO, before)
        return into.plus(cleared, counts)
