"""Formulas, and what they cannot know alone: the term, calendars, and values that have dates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from functools import partial
from typing import Final, get_args

from bpo_contracts.contract.contract import Weekday
from bpo_contracts.contract.lowering.collected import Collected, Path
from bpo_contracts.terms import nodes as n
from bpo_contracts.terms.formula import parse_condition, parse_formula
from bpo_contracts.terms.nodes import ZERO
from bpo_contracts.terms.written import said_plainly
from bpo_contracts.values.findings import BadInput
from bpo_contracts.values.periods import NotADay, NotAPeriod, parse_day, parse_period
from bpo_contracts.values.units import ANY_ZERO

_OF_MONTHS: Final = frozenset(("sum", "average", "highest", "lowest", "percentile", "median"))
"""Aggregates that a series can have over months before the term, too."""

_WEEK: Final = get_args(Weekday)


class Formulas:
    """Reads formulas and conditions. It knows the contract's series, calendars and dated parameters; not whose text it
    reads."""

    def __init__(self, collected: Collected) -> None:
        self._collected, self._contract = collected, collected.contract

    def formula(self, text: str, path: Path) -> n.AnyNode:
        """A formula; zero where it cannot be read."""
        return self._read(text, path, parse_formula)

    def condition(self, text: str, path: Path) -> n.AnyNode:
        """A condition; zero where it cannot be read."""
        return self._read(text, path, parse_condition)

    def gives(self, text: str, path: Path) -> n.AnyNode:
        """What a row of a table gives: a formula, or ``none``, or ``not agreed``."""
        if text == "none":
            return n.Quantity(Fraction(0), ANY_ZERO, source=self._contract.place(path))
        if text == "not agreed":
            reason = "The contract does not say what holds in this row, and the row is reached."
            return n.NoValue(reason, refused=True, source=self._contract.place(path))
        return self.formula(text, path)

    def entries(self, values: dict[str, str], path: Path) -> tuple[tuple[date, n.AnyNode], ...]:
        """What holds from each day on, in the order of the days."""
        entries = []
        for label, text in values.items():
            place = self._contract.key_place((*path, label))
            try:
                day = first_day(label)
            except NotADay as wrong:
                self._collected.note("BPO238", "not-a-date", place, str(wrong) + ".")
                continue
            entries.append((day, self.formula(text, (*path, label))))
        return tuple(sorted(entries, key=lambda one: one[0]))

    def each_day(self, node: n.AnyNode) -> tuple[tuple[date, n.AnyNode], ...]:
        """What a formula of series, dated parameters and numbers comes to from each day on; empty where that is refused."""
        found = {_named(part): self._days_of(_named(part)) for part in n.names_in(node)}
        days = [ones for ones in found.values() if ones is not None]
        if not any(days) or not all(days) or len(days) < len(found):
            problem = (
                "The value of each day is wanted, and this is not made of series, values by date and numbers alone."
            )
            step = "Write it with series whose 'lookup' is 'latest', parameters with values by date, and numbers."
            self._collected.note("BPO289", "no-values-by-date", node.source, problem, step)
            return ()
        begins = max(min(ones) for ones in days)
        changes = sorted({day for ones in days for day in ones if day >= begins})
        return tuple((day, n.changed(node, partial(self._as_on, day))) for day in changes)

    def _read(self, text: str, path: Path, parse: Callable[..., n.AnyNode]) -> n.AnyNode:
        collected, contract = self._collected, self._contract
        try:
            node = parse(text, nouns=collected.nouns, source=contract.place(path), every=contract.every)
        except BadInput as bad:
            collected.findings += said_plainly(bad.findings, text, collected.nouns, contract.place(path))
            return ZERO
        return n.changed(node, self._known_here)

    def _known_here(self, node: n.AnyNode) -> n.AnyNode:
        """What a formula alone does not know: where the term begins and ends, which names are series, and the values by
        date behind ``average of price over days in period``.

        A series has values for months before the term, too: ``cpi 3 months ago`` is looked up as ``cpi`` is, and so is
        each month of ``cpi over last 12 months``.
        """
        match node:
            case n.PeriodPlace():
                first, last = self._contract.first_period.number, self._contract.last_period.number
                return replace(node, begins=first, ends=last)
            case n.Dated(of=name) if name:
                return self._on_day(node)
            case n.WorkingDays():
                return self._by_calendar(node)
            case n.Earlier(name=name, periods=periods, before_start=None) if name in self._contract.series:
                return self._series_ago(name, periods, node)
            case n.Fold(item=item, over=n.DAYS_IN_PERIOD) if item is not None:
                return self._over_days(item, node)
            case n.Fold(kind=kind, item=n.Name(name=name), where=None) if kind in _OF_MONTHS:
                return self._of_series(name, node) if name in self._contract.series else node
            case _:
                return node

    def _by_calendar(self, node: n.WorkingDays) -> n.AnyNode:
        calendar = self._contract.calendars.get(node.calendar)
        if calendar is None:
            known = ", ".join(sorted(self._contract.calendars)) or "none are declared"
            problem = f"{node.calendar!r} is no calendar of this contract ({known})."
            step = "Declare its weekend and holidays under 'calendars', or name another one."
            self._collected.note("BPO163", "unknown-calendar", node.source, problem, step)
            return ZERO
        weekend = tuple(sorted(_WEEK.index(day) for day in set(calendar.weekend)))
        covers = calendar.covers_from, calendar.covers_until
        return replace(node, weekend=weekend, holidays=tuple(sorted(set(calendar.holidays))), covers=covers)

    def _of_series(self, name: str, node: n.Fold) -> n.AnyNode:
        """An aggregate of so many months of a series, each of them looked up."""
        window = node.over
        if not isinstance(window, n.Window) or window.length is None or window.short != "refuse":
            return node
        first = 1 if window.previous else 0
        values = [self._series_ago(name, ago, node) for ago in range(first, first + window.length)]
        return replace(node, item=None, over=tuple(values))

    def _over_days(self, item: n.AnyNode, node: n.Fold) -> n.AnyNode:
        """The average over the days of a period of what changes with the day."""
        of_days = self.each_day(item)
        if not of_days:
            return item
        start, end = n.PeriodFact("start", source=node.source), n.PeriodFact("end", source=node.source)
        return n.OverDays(of_days, start, end, "average of days", "both", source=node.source)

    def _on_day(self, node: n.Dated) -> n.AnyNode:
        """``price on made_on``: a parameter with values by date, or a series, as it holds on a day."""
        if node.of in self._contract.series:
            value = self._collected.series.get(node.of)
            return ZERO if value is None else replace(value, at=node.at, source=node.source)
        parameter = self._contract.parameters.get(node.of)
        if parameter is None or isinstance(parameter, str) or parameter.for_each:
            problem = f"{node.of!r} has no values by date, and 'on' reads what holds on a day."
            step = "Give the parameter a value for each day from which it holds, or leave the day out."
            self._collected.note("BPO289", "no-values-by-date", node.source, problem, step)
            return ZERO
        return replace(node, entries=self.entries(parameter.values, ("parameters", node.of)))

    def _series_ago(self, name: str, periods: int, node: n.AnyNode) -> n.AnyNode:
        value = self._collected.series.get(name)
        if value is None:  # its own mistakes are noted where it is declared
            return ZERO
        return replace(value, months_ago=periods * self._contract.every.value, source=node.source)

    def _days_of(self, name: str) -> tuple[date, ...] | None:
        """The days from which the values of a name hold; the first day there is for a value that never changes; None for
        anything else."""
        series, parameter = self._collected.series.get(name), self._contract.parameters.get(name)
        if series is not None and series.latest:
            return tuple(_day_of(key, by_day=series.by_day) for key, _ in series.values)
        if isinstance(parameter, str):
            return (date.min,)
        if parameter is None or parameter.for_each:
            return None
        return tuple(day for day, _ in self.entries(parameter.values, ("parameters", name)))

    def _as_on(self, day: date, part: n.AnyNode) -> n.AnyNode:
        """A name of a series or of a dated parameter, as it holds on a day; anything else as it is."""
        if not isinstance(part, n.Name):
            return part
        series, parameter = self._collected.series.get(part.name), self._contract.parameters.get(part.name)
        if series is not None:
            values = [value for key, value in series.values if _day_of(key, by_day=series.by_day) <= day]
            return n.Quantity(values[-1], series.unit, source=part.source)
        if parameter is None or isinstance(parameter, str):
            return part
        entries = self.entries(parameter.values, ("parameters", part.name))
        return [entry for begins, entry in entries if begins <= day][-1]


def first_day(label: str) -> date:
    """The day that ``2016-01``, ``from 2016-01`` or ``2016-01-16`` begins with.

    Raises:
        NotADay: for any other text.
    """
    text = label.removeprefix("from ")
    try:
        return parse_period(text).start
    except NotAPeriod:
        return parse_day(text)


def _named(part: n.Name | n.Earlier | n.Kept) -> str:
    """The name that is read in the period itself; "" for one of an earlier period."""
    return part.name if isinstance(part, n.Name) else ""


def _day_of(key: int, *, by_day: bool) -> date:
    """The day that a value of a series holds from, by its key."""
    return date.fromordinal(key) if by_day else date(key // 12, key % 12 + 1, 1)
