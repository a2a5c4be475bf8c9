"""Agreed values by date, by lot and from a series; the rank of an item among its like."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date
from typing import Any

from bpo_contracts.terms import nodes as n
from bpo_contracts.terms.evaluate.frame import (
    Absent,
    Frame,
    NoData,
    Run,
    Value,
    undecided,
)
from bpo_contracts.terms.evaluate.tables import Tables
from bpo_contracts.terms.items import level_of


class LookUps(Tables):
    """Finds values that the contract lists."""

    def _dated(self, node: n.Dated) -> Run:
        entries = [(day, self.run(entry)) for day, entry in sorted(node.entries, key=lambda one: one[0])]
        place, at = node.source, None if node.at is None else self.run(node.at)

        def dated(frame: Frame) -> Value:
            start = frame.period.shift(-frame.ago).start if at is None else _a_day(at(frame))
            chosen = None
            for day, entry in entries:
                if day <= start:
                    chosen = entry
            if chosen is None:
                raise undecided(
                    place,
                    "BPO245",
                    "before-the-first-date",
                    f"Nothing is agreed for {start}: the first entry holds from {entries[0][0]}.",
                    "Add what holds before that day.",
                )
            return chosen(frame)

        return dated

    def _byitem(self, node: n.ByItem) -> Run:
        entries = {item: self.run(entry) for item, entry in node.entries}
        item = self._item(node.over)
        return lambda frame: entries[item(frame)](frame)

    def _seriesvalue(self, node: n.SeriesValue) -> Run:
        months = [month for month, _ in node.values]
        pairs = [(value.numerator, value.denominator) for _, value in node.values]
        at = None if node.at is None else self.run(node.at)

        def series(frame: Frame) -> Value:
            on = _of_the_period(node, frame) if at is None else _a_day(at(frame))
            wanted = on.toordinal() if node.by_day else on.year * 12 + on.month - 1
            shown = on.isoformat() if node.by_day else on.isoformat()[:7]
            found = bisect_right(months, wanted) - 1
            if found < 0 or (months[found] != wanted and not node.latest):
                raise undecided(
                    node.source,
                    "BPO246",
                    "series-value-missing",
                    f"The series {node.series!r} has no value for {shown}.",
                    "Add the value with its source."
                    if node.latest
                    else "Add the value with its source, or say 'lookup: latest' if the contract means the latest one.",
                )
            return pairs[found]

        return series

    def _ordinal(self, node: n.Ordinal) -> Run:
        columns = [self._slots[f"{node.over}.{name}"] for name in (*node.same, node.by)]
        counted = None
        if node.counted is not None:
            counted = self._slots[self._names.find(node.counted.name, (*self._inside, node.over))]
        level = level_of(self._inside, node.over)
        place = node.source

        def ordinal(frame: Frame) -> Value:
            at = frame.at[level]
            rows = list(zip(*(frame.values[slot] for slot in columns), strict=True))
            own = rows[at]
            counts = [True] * len(rows) if counted is None else [_known(value) for value in frame.values[counted]]
            earlier = 0
            for other, row in enumerate(rows):
                if not counts[other] or other == at or [*map(_known, row[:-1])] != [*map(_known, own[:-1])]:
                    continue
                if _less(row[-1], own[-1]):
                    earlier += 1
                elif not _less(own[-1], row[-1]):
                    raise undecided(
                        place,
                        "BPO247",
                        "no-order",
                        f"Two of {node.over!r} agree in {node.by!r}, so nothing says which of them came first.",
                        "Report the order, or name a column that tells them apart.",
                    )
            return earlier + 1, 1

        return ordinal


def _a_day(value: Any) -> date:
    """The day a value is read on; the check of units refuses anything else."""
    if not isinstance(value, date):
        raise TypeError("a value is read on a day")
    return value


def _known(value: Any) -> Any:
    """The value of an item, which must be there to compare items by it."""
    if isinstance(value, Absent):
        raise value.fail()
    return value


def _of_the_period(node: n.SeriesValue, frame: Frame) -> date:
    """The day that a value is of where no day is named: a month by its first day, a period by its first day in the term."""
    if node.fixed is not None:
        return date(node.fixed // 12, node.fixed % 12 + 1, 1)
    month = _counted_from(node, frame) - node.months_ago
    if not node.by_day or node.counted_from == "calendar year":
        return date(month // 12, month % 12 + 1, 1)
    on = date(month // 12, month % 12 + 1, frame.period.start.day)
    return on if node.months_ago else max(on, node.begins)


def _counted_from(node: n.SeriesValue, frame: Frame) -> int:
    """The month that the months of a lag are counted from, in months since year 0."""
    first = frame.period.shift(-frame.ago).start
    month = first.year * 12 + first.month - 1
    if node.counted_from == "calendar year":
        return first.year * 12
    every = frame.period.every.value
    since_start = (frame.history.earlier() - frame.ago) * every
    return month - since_start % 12 if node.counted_from == "contract year" else month


def _less(a: Any, b: Any) -> bool:
    """Whether one reported value comes before another of the same column."""
    if isinstance(a, Absent) or isinstance(b, Absent):
        raise NoData("the column that gives the order is not reported")
    if isinstance(a, tuple) and isinstance(b, tuple):
        return bool(a[0] * b[1] < b[0] * a[1])
    return bool(a < b)
