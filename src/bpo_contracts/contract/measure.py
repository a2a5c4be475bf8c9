"""How a number is obtained: the unit, which way is better, precision, and what holds when it is missing.

Each of these decides money at a boundary, so each is said in the contract; none has a default.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from bpo_contracts.contract.fields import FormulaText, Model, Names, Text


class Measure(Model):
    """One measure.

    ``unit``: ``%``, ``minutes``, ``calls``, a currency, ``yes/no``, ``word``, ``day`` …
    ``precision``: ``unrounded``, or a rounding of the measure before it is compared: ``half up to 0.01``.
    ``missing``: ``refuse`` (no settlement without it), ``not scored`` (clauses that need it pay nothing), ``previous
    period``,
    or a value. ``between`` is the plausible range, both ends inside. ``minimum_sample`` is the least sample (of the
    sample
    column, or the denominator) for the measure to be scored; below it ``below_sample`` holds.
    ``for_each`` names the scope, where there is one value for each lot. ``formula`` makes a measure of other measures.
    """

    unit: Text
    direction: Literal["higher is better", "lower is better", "neutral"]
    precision: Text
    missing: Text
    title: Text | None = None
    for_each: Names = ()
    between: Text | None = None
    whole: Literal["yes", "no"] = "no"
    words: tuple[Text, ...] = Field(default=(), strict=False)
    minimum_sample: Text | None = None
    below_sample: Text | None = None
    formula: FormulaText | None = None

    @model_validator(mode="after")
    def _sample_rule(self) -> Measure:
        if (self.minimum_sample is None) != (self.below_sample is None):
            raise ValueError(
                "'minimum_sample' and 'below_sample' go together: say the least sample and what holds below it"
            )
        return self


class ItemList(Model):
    """A list of items that is reported each period (tickets, outages): its columns and their units."""

    columns: dict[str, Text]
    key: Text | None = None
    missing: Literal["refuse", "none happened"]
