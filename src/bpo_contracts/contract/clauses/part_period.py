"""What a clause says of a period of which only a part is in the term.

Where the term starts or ends inside a period, the clause says what such a part period counts: ``by days in the
month`` (the days in the term by the days of the period), ``by 30-day months`` (every month counts 30 days, a 31st
as a 30th), ``by 365-day years`` (for each day the amount of a year by 365), ``full`` or ``none``. Where it does not,
there is nothing to say, and saying it is refused.

Figures: ``x.part_period`` (which part of the period counts, 1 for a whole one).
"""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Final, Literal

from bpo_contracts.terms import nodes as n
from bpo_contracts.values.units import DAYS, PLAIN

if TYPE_CHECKING:
    from bpo_contracts.contract.lowering import Lowering

PartPeriod = Literal["by days in the month", "by 30-day months", "by 365-day years", "full", "none"]

_WAYS: Final = "by days in the month, by 30-day months, by 365-day years, full, or none"


def part_of(into: Lowering, says: PartPeriod | None, amount: n.AnyNode, number: str, what: str) -> n.AnyNode:
    """The amount for the part of the period that is in the term, by the field ``part_period`` of the clause at hand.

    ``number`` is the clause's, ``what`` the words for the figure ``x.part_period``.
    """
    if says in (None, "full"):
        return amount
    into.figure("part_period", part_inside(into, says, number), what)
    return n.Of(into.name("part_period"), amount, source=into.place("part_period"))


def cut_short_on(into: Lowering) -> list[date]:
    """The days inside a period on which the term starts or ends; none where it holds whole periods only."""
    contract, term = into.contract, into.contract.term
    parts = [term.starts_on] if term.starts_on != contract.first_period.start else []
    return parts + ([term.ends_on] if term.ends_on + timedelta(days=1) != contract.last_period.end else [])


def check_part_period(into: Lowering, says: PartPeriod | None, kind: str, what: str) -> None:
    """A part period is said exactly where there is one; ``what`` is left open where it is not said ("price")."""
    term, parts = into.contract.term, cut_short_on(into)
    first, last = into.contract.first_period, into.contract.last_period
    if parts and says is None:
        day, period = parts[0], first if parts[0] == term.starts_on else last
        happens = "starts" if parts[0] == term.starts_on else "ends"
        problem = f"The term {happens} on {day}, inside the period {period.label}, whose {what} is not said."
        into.problem("BPO296", "part-period-not-said", into.place(kind), problem, f"Add 'part_period': {_WAYS}.")
    if not parts and says is not None:
        problem = f"The term holds whole periods only: 'part_period: {says}' would never be used."
        into.problem("BPO297", "no-part-period", into.place("part_period"), problem, "Remove it.")


def part_inside(into: Lowering, says: PartPeriod | None, number: str) -> n.AnyNode:
    """The part of a period that counts, as a number from 0 to 1: by the calendar alone, so of earlier periods, too."""
    term, place = into.contract.term, into.place("part_period")
    basis: n.DayBasis = "30/360" if says == "by 30-day months" else "actual"
    part = n.PartOfPeriod(term.starts_on, term.ends_on, basis, source=place)
    if says not in ("none", "by 365-day years"):
        return part
    whole, nothing = (n.Quantity(Fraction(value), PLAIN, source=place) for value in (1, 0))
    asks = f"does the whole period of clause {number} lie in the term?"
    otherwise = nothing if says == "none" else _by_years(into, part)
    return n.Choose(n.Test("==", part, whole, source=place), whole, otherwise, asks, source=place)


def _by_years(into: Lowering, part: n.AnyNode) -> n.AnyNode:
    """The days of the part, by those that a period has in a year of 365 days."""
    place, every = into.place("part_period"), into.contract.every.value
    days = n.Arithmetic("*", part, n.PeriodFact("days", source=place), source=place)
    year = n.Quantity(365 * DAYS.factor * every / 12, DAYS, source=place)
    return n.Arithmetic("/", days, year, source=place)
