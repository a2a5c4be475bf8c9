"""What a contract expects to be reported: measures and lists by name, their kinds, units and ranges.

The contract gives the shape; reading a report knows nothing else of the contract. What amendments change has a shape of
its own: a row is read by what is in force in the row's period.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Literal, TypeVar

from bpo_contracts.values.frozen import frozen
from bpo_contracts.values.periods import Every, Period

Kind = Literal["number", "truth", "word", "day", "instant"]


@frozen
class MeasureShape:
    """How one measure (or one column of a list) is reported.

    ``unit`` is what the number counts (``%``, ``minutes``, ``EUR``, or empty). ``low`` and ``high`` are the ends
    of the plausible range, both inside it, in that unit. ``whole`` numbers have no fraction; others at most
    ``decimals_max`` decimals. ``scopes`` are the dimensions each value is reported for. ``words`` are the words
    allowed (none: any identifier). ``fraction_is_suspicious`` says that a percentage such as 0.955 was
    probably meant as 95.5 (false where values under 1 % are usual).
    """

    name: str
    kind: Kind = "number"
    unit: str = ""
    low: Fraction | None = None
    high: Fraction | None = None
    whole: bool = False
    decimals_max: int = 18
    scopes: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    fraction_is_suspicious: bool = True


@frozen
class ListShape:
    """A list of items (tickets, outages): its columns, and the column that identifies an item, if there is one."""

    name: str
    columns: tuple[MeasureShape, ...]
    key: str | None = None


@frozen
class ReportShape:
    """All that a contract expects of a report.

    ``scope_values`` names each dimension with its allowed values (none, or the empty text: any identifier).
    ``first`` and ``last`` are the first and last period of the term, both inside it. ``later`` are the shapes of the
    versions that amendments make, each with the day from which it is in force, the earliest first.
    """

    contract_id: str
    measures: tuple[MeasureShape, ...]
    lists: tuple[ListShape, ...] = ()
    scope_values: tuple[tuple[str, tuple[str, ...]], ...] = ()
    period_every: Every = Every.MONTH
    anchor_day: int = 1
    first: Period | None = None
    last: Period | None = None
    later: tuple[tuple[date, ReportShape], ...] = ()

    def in_force(self, period: Period) -> ReportShape:
        """What is expected of the period: this shape, or that of the last version in force when the period begins."""
        return in_force(self, self.later, period)


_T = TypeVar("_T")


def in_force(first: _T, later: Sequence[tuple[date, _T]], period: Period) -> _T:
    """What holds when the period begins: the last one of those that are in force by then, each from its day on."""
    for day, version in later:
        if day <= period.start:
            first = version
    return first
