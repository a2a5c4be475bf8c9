"""Sums, products, percentages, limits, steps, roundings and day counts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Final, cast

from bpo_contracts.terms import nodes as n
from bpo_contracts.terms.evaluate.compiling import Compiling
from bpo_contracts.terms.evaluate.day_counts import BETWEEN, WorkingCalendar, days_30_360
from bpo_contracts.terms.evaluate.frame import (
    Frame,
    NumberRun,
    Pair,
    Run,
    Value,
    bounded,
    undecided,
)
from bpo_contracts.values.numbers import number_text
from bpo_contracts.values.periods import months_of
from bpo_contracts.values.rounding import Mode, round_ratio
from bpo_contracts.values.sources import Source

TIMES_MAX: Final = 1200
"""How often a percentage can be compounded: monthly for a hundred years."""


class Arithmetic(Compiling):
    """Computes numbers from numbers."""

    def _arithmetic(self, node: n.Arithmetic) -> Run:
        left, right, place = self.number(node.left), self.number(node.right), node.source
        match node.operator:
            case "+":
                return _adding(left, right, 1)
            case "-":
                return _subtracting(self.run(node.left), self.run(node.right))
            case "*":

                def times(frame: Frame) -> Pair:
                    a, b = left(frame), right(frame)
                    return a[0] * b[0], a[1] * b[1]

                return times
            case "/":

                def over(frame: Frame) -> Pair:
                    a, b = left(frame), right(frame)
                    return _divided(a, b, place)

                return over

    def _of(self, node: n.Of) -> Run:
        share, base = self.number(node.share), self.number(node.base)
        divisor = 100 if self._unit_share(node.share) else 1

        def of(frame: Frame) -> Pair:
            a, b = share(frame), base(frame)
            return a[0] * b[0], a[1] * b[1] * divisor

        return of

    def _aspercent(self, node: n.AsPercent) -> Run:
        part, whole, place = self.number(node.part), self.number(node.whole), node.source

        def as_percent(frame: Frame) -> Pair:
            a, b = part(frame), whole(frame)
            numerator, denominator = _divided(a, b, place)
            return numerator * 100, denominator

        return as_percent

    def _extreme(self, node: n.Extreme) -> Run:
        """The lowest or highest number; of days or times the first or the last."""
        items = [self.number(item) for item in node.items]
        lowest = node.pick == "min"

        def pick(frame: Frame) -> Pair:
            best = items[0](frame)
            numbers = best.__class__ is tuple
            for item in items[1:]:
                other = item(frame)
                if (other < best) == lowest if not numbers else (other[0] * best[1] < best[0] * other[1]) == lowest:
                    best = other
            return best

        return pick

    def _round(self, node: n.Round) -> Run:
        item, rounding = self.number(node.item), self._rounder(node)
        return lambda frame: rounding(item(frame))

    def _step(self, node: n.Step) -> Run:
        item, per, counting, place = self.number(node.item), self.number(node.per), node.counting, node.source
        modes = {"full": Mode.FLOOR, "started": Mode.CEILING, "nearest": Mode.HALF_UP}

        def steps(frame: Frame) -> Pair:
            numerator, denominator = _divided(item(frame), per(frame), place)
            if numerator <= 0:
                return 0, 1
            if counting == "exact":
                return numerator, denominator
            return round_ratio(numerator, denominator, modes[counting]), 1

        return steps

    def _daycount(self, node: n.DayCount) -> Run:
        start, end = self.run(node.start), self.run(node.end)
        thirty = node.basis == "30/360"

        def minutes(frame: Frame) -> Pair:
            first, last = start(frame), end(frame)
            if thirty and isinstance(first, date) and isinstance(last, date):
                return days_30_360(first, last) * 1440, 1
            return _minutes_between(first, last)

        return minutes

    def _workingdays(self, node: n.WorkingDays) -> Run:
        start, end, place, covers = self.run(node.start), self.run(node.end), node.source, node.covers
        if covers is None:
            raise AssertionError("a calendar is filled in when the contract is lowered")
        calendar = WorkingCalendar(node.weekend, node.holidays)
        of_period = timedelta(days=1 if node.of_period else 0)

        def counted(frame: Frame) -> Pair:
            first, last = start(frame), end(frame)
            if not isinstance(first, date) or not isinstance(last, date):  # the check of units refuses anything else
                raise TypeError("working days are counted between days")
            first -= of_period
            sign, first, last = (1, first, last) if first <= last else (-1, last, first)
            if last > first and (first + timedelta(days=1) < covers[0] or last > covers[1]):
                raise undecided(
                    place,
                    "BPO164",
                    "calendar-ends",
                    f"The working days after {first} until {last} are wanted, and the calendar {node.calendar!r} covers"
                    f" {covers[0]} to {covers[1]}.",
                    "Add the holidays of the other years to the calendar, by an amendment if it is signed.",
                )
            return sign * calendar.working_days(first, last) * 1440, 1

        return counted

    def _timebetween(self, node: n.TimeBetween) -> Run:
        start, end = self.run(node.start), self.run(node.end)
        between, (first_day, after) = BETWEEN[node.what], _counted(node.counted)

        def elapsed(frame: Frame) -> Pair:
            first, last = start(frame), end(frame)
            if not isinstance(first, date) or not isinstance(last, date):  # the check of units refuses anything else
                raise TypeError("months and years are counted between days")
            first, last = first + first_day, last + after
            if last < first:
                number, over = between(last, first)
                return -number, over
            return between(first, last)

        return elapsed

    def _overdays(self, node: n.OverDays) -> Run:
        days, rates = [day for day, _ in node.rates], [self.number(rate) for _, rate in node.rates]
        start, end, place, between = self.run(node.start), self.run(node.end), node.source, BETWEEN[node.what]
        shift, after = _counted(node.counted)
        average = node.what == "average of days"

        def accrued(frame: Frame) -> Pair:
            first, last = start(frame), end(frame)
            if not isinstance(first, date) or not isinstance(last, date):  # the check of units refuses anything else
                raise TypeError("a rate is over days")
            first, last = first + shift, last + after
            if last > first and first < days[0]:
                raise undecided(
                    place,
                    "BPO246",
                    "series-value-missing",
                    f"There is no rate for {first}: the first one holds from {days[0]}.",
                    "Add the rate with its source.",
                )
            total: Pair = (0, 1)
            for day, until, rate in zip(days, [*days[1:], last], rates, strict=True):
                begin, stop = max(first, day), min(last, until)
                if stop > begin:
                    (percent, over), (part, years) = rate(frame), between(begin, stop)
                    total = plus(total, (percent * part, over * years))
            return total if not average or last <= first else (total[0], total[1] * _days(first, last))

        return accrued

    def _compounded(self, node: n.Compounded) -> Run:
        rate, times, place = self.number(node.rate), self.number(node.times), node.source

        def grown(frame: Frame) -> Pair:
            (percent, over), (number, parts) = rate(frame), times(frame)
            if number % parts or not 0 <= number // parts <= TIMES_MAX:
                raise undecided(
                    place,
                    "BPO412",
                    "not-so-many-times",
                    f"Nothing can be compounded {number_text(Fraction(number, parts))} times.",
                    f"Compound a whole number of times, from 0 to {TIMES_MAX}; for days, compound full months or years.",
                )
            how_often = number // parts
            whole = (100 * over) ** how_often
            return bounded((((100 * over + percent) ** how_often - whole) * 100, whole), place)

        return grown

    def _periodplace(self, node: n.PeriodPlace) -> Run:
        def whether(frame: Frame) -> bool:
            period = frame.period.shift(-frame.ago)
            if period.number == (node.begins if node.which == "first" else node.ends):
                return True
            every = period.every.value
            if node.of == "term":
                return False
            length = max(1, months_of(node.of) // every)
            since = period.number - (node.begins if node.of == "year" else 0)
            return since % length == (0 if node.which == "first" else length - 1)

        return whether

    def _partofperiod(self, node: n.PartOfPeriod) -> Run:
        first, after = node.first, node.last + timedelta(days=1)
        days = days_30_360 if node.basis == "30/360" else _days

        def part(frame: Frame) -> Pair:
            period = frame.period.shift(-frame.ago)
            inside = days(max(first, period.start), min(after, period.end))
            return max(0, inside), days(period.start, period.end)

        return part


def _counted(which: n.DaysCounted) -> tuple[timedelta, timedelta]:
    """How far the two days are moved so that the days from the one up to (and without) the other are those that count."""
    first = timedelta(days=1 if which in ("last", "neither") else 0)
    return first, timedelta(days=1 if which in ("last", "both") else 0)


def _days(start: date, end: date) -> int:
    return (end - start).days


def plus(a: Pair, b: Pair) -> Pair:
    """The sum of two numbers in flight."""
    if a[1] == b[1]:
        return a[0] + b[0], a[1]
    return a[0] * b[1] + b[0] * a[1], a[1] * b[1]


def total(numbers: Sequence[Pair]) -> Pair:
    """The sum of numbers in flight; amounts of one currency mostly have the same denominator."""
    if not numbers:
        return 0, 1
    denominators = {denominator for _, denominator in numbers}
    if len(denominators) == 1:
        return sum([numerator for numerator, _ in numbers]), denominators.pop()
    found: Pair = (0, 1)
    for number in numbers:
        found = plus(found, number)
    return found


def _adding(left: NumberRun, right: NumberRun, sign: int) -> NumberRun:
    def add(frame: Frame) -> Pair:
        a, b = left(frame), right(frame)
        if a[1] == b[1]:
            return a[0] + sign * b[0], a[1]
        return a[0] * b[1] + sign * b[0] * a[1], a[1] * b[1]

    return add


def _subtracting(left: Run, right: Run) -> Run:
    numbers = _adding(cast(NumberRun, left), cast(NumberRun, right), -1)

    def subtract(frame: Frame) -> Pair:
        a = left(frame)
        if a.__class__ is tuple:
            return numbers(frame)
        return _minutes_between(right(frame), a)

    return subtract


def _minutes_between(start: Value, end: Value) -> Pair:
    if isinstance(start, datetime) and isinstance(end, datetime):
        elapsed = end - start
        micros = (elapsed.days * 86_400 + elapsed.seconds) * 1_000_000 + elapsed.microseconds
        return micros, 60_000_000
    if type(start) is date and type(end) is date:
        return (end - start).days * 1440, 1
    raise AssertionError("units were checked: only days or instants are subtracted")


def _divided(a: Pair, b: Pair, place: Source) -> Pair:
    if not b[0]:
        raise undecided(
            place,
            "BPO242",
            "division-by-zero",
            "The formula divides by zero here.",
            "Say what holds in that case, for example: if x is 0 then … else a / x.",
        )
    if b[0] < 0:
        return -a[0] * b[1], a[1] * -b[0]
    return a[0] * b[1], a[1] * b[0]
