"""How a number is obtained: the unit, which way is better, precision, and what holds when it is missing.

Each of these decides money at a boundary, so each is said in the contract; none has a default.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import Field, model_validator

from bpo_contracts.contract.fields import ColumnText, Formulas, FormulaText, Model, Names, NameText, Text


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

    ``share_of``: the measure is a percentage of the items of a list, those ``that_are`` so; ``counting_only`` says
    which items count at all, ``weighted_by`` counts a column (users, minutes) instead of items. ``worst_of``: the
    worst ``reading`` of a list by the measure's direction, or with ``outside: 2 to 8`` how far the worst one lies
    outside that range. ``percentile_of``: a ``percentile`` of the ``reading`` of all items, said with its method:
    ``95th percentile (nearest rank)``, ``median (mean of the two middle values)``. Where nothing is counted, ``missing``
    holds. Of these three, in a measure ``for_each`` scope, the items whose columns name the lot count; a ``formula`` takes
    the items of all lots, unless it says ``where (site is this item's site)``.

    ``elected_by``: the value is a party's choice or claim and no measurement; ``needs_evidence`` says whether the
    report has to name its evidence (the column ``source``).
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
    share_of: NameText | None = None
    that_are: FormulaText | None = None
    weighted_by: NameText | None = None
    worst_of: NameText | None = None
    percentile_of: NameText | None = None
    percentile: Text | None = None
    reading: FormulaText | None = None
    outside: Text | None = None
    counting_only: Formulas = ()
    elected_by: Text | None = None
    needs_evidence: Literal["yes", "no"] | None = None

    @property
    def computed(self) -> bool:
        """Whether the measure is made of other facts instead of being reported."""
        return self.formula is not None or self.over is not None

    @property
    def over(self) -> str | None:
        """The list whose items the measure is taken from."""
        return self.share_of or self.worst_of or self.percentile_of

    @model_validator(mode="after")
    def _sample_rule(self) -> Measure:
        if (self.minimum_sample is None) != (self.below_sample is None):
            raise ValueError(
                "'minimum_sample' and 'below_sample' go together: say the least sample and what holds below it"
            )
        if self.minimum_sample is not None and self.computed and not (self.share_of or self.percentile_of):
            raise ValueError(
                "'minimum_sample' goes with a reported measure, a 'share_of' or a 'percentile_of', which have a sample"
            )
        return self

    @model_validator(mode="after")
    def _one_origin(self) -> Measure:
        origins = [
            name for name in ("formula", "share_of", "worst_of", "percentile_of") if getattr(self, name) is not None
        ]
        if len(origins) > 1:
            raise ValueError(f"a measure has one origin; this has {' and '.join(origins)}")
        for field, *any_of in _GOES_WITH:
            if getattr(self, field) and not set(any_of) & set(origins):
                raise ValueError(f"{field!r} goes with {' or '.join(repr(origin) for origin in any_of)}")
        if self.counting_only and self.over is None:
            raise ValueError("'counting_only' goes with 'share_of', 'worst_of' or 'percentile_of'")
        for origin, field in _NEEDS:
            if origin in origins and getattr(self, field) is None:
                raise ValueError(f"{origin!r} needs {field!r}")
        if self.worst_of is not None and self.direction == "neutral":
            raise ValueError("the worst reading needs a direction: 'higher is better' or 'lower is better'")
        if self.outside is not None and self.direction != "lower is better":
            raise ValueError("how far a reading lies outside a range is better the lower it is")
        if (self.elected_by is None) != (self.needs_evidence is None):
            raise ValueError("'elected_by' and 'needs_evidence' go together: say whether the choice needs evidence")
        if self.elected_by is not None and self.computed:
            raise ValueError("a choice is reported, and this measure is computed")
        return self


_GOES_WITH: Final = (
    ("that_are", "share_of"),
    ("weighted_by", "share_of"),
    ("reading", "worst_of", "percentile_of"),
    ("outside", "worst_of"),
    ("percentile", "percentile_of"),
)
"""A field, and what it belongs to."""

_NEEDS: Final = (
    ("share_of", "that_are"),
    ("worst_of", "reading"),
    ("percentile_of", "reading"),
    ("percentile_of", "percentile"),
)


class ItemList(Model):
    """A list of items that is reported each period (tickets, outages): its columns and their units.

    ``words``: the words that a column of words can hold. ``between``: the plausible range of a column of numbers, both ends
    inside; a row with a value outside is set aside. ``evidence_for``: columns that are claims or choices: where
    one is ``yes`` (or filled in, for another unit), the report has to name the evidence of the item (the column
    ``source``).
    """

    columns: dict[ColumnText, Text]
    key: Text | None = None
    words: dict[NameText, Annotated[tuple[Text, ...], Field(strict=False, min_length=1)]] = Field(default={})
    between: dict[NameText, Text] = Field(default={})
    evidence_for: Names = ()
    missing: Literal["refuse", "none happened"]
