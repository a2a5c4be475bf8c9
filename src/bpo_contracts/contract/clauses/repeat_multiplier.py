"""Repeat multiplier: failing again costs more. A factor read from how often a level has failed, this period included.

"If the same performance indicator fails in consecutive measurement periods, the service points are doubled" (UK Model
Services Agreement, schedule 2.2). Other clauses use the factor with ``multiplied_by``. Which failures count is one
word: a run of periods (``in a row``), or those of a window (``last 12 months``, ``this contract year``, ``the whole
contract``).

Figures of a clause ``x``: ``x.failed`` (whether this period failed), ``x.failures`` (how many count), ``x`` (the
factor).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from bpo_contracts.contract.clauses.base import Clause, Family
from bpo_contracts.contract.fields import FormulaText, Names, Rows, Text

if TYPE_CHECKING:
    from bpo_contracts.contract.lowering import Lowering


class RepeatMultiplier(Clause):
    """``repeat_multiplier``: a factor by the number of failures; each row in words, as in ``2 or more: 2``.

    ``no_data`` says what a period without data is: a failure, none, or left out (a run goes on across it).
    """

    kind: Literal["repeat_multiplier"] = "repeat_multiplier"
    family: ClassVar[Family] = "none"
    failed_when: FormulaText
    counted: Text
    table: Rows
    no_data: Literal["counts as failed", "does not count", "is left out"]
    for_each: Names = ()

    def lower(self, into: Lowering) -> None:
        with into.clause(self):
            condition = into.condition_at(self.failed_when, "failed_when")
            failed = into.failure("failed", condition, self.no_data)
            if self.counted == "in a row":
                count = into.run(failed, self.no_data)
            else:
                count = into.failures(failed, into.window(self.counted, "counted"), self.no_data)
            failures = into.add("failures", count, "number of failures that count")
            into.figure("", into.table_at(self.table, failures, "table", count=True), "factor")
