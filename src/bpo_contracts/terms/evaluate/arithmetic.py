"""Sums, products, percentages, limits, steps, roundings and day counts."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import cast

from bpo_contracts.terms import nodes as n
from bpo_contracts.terms.evaluate.compiling import Compiling
from bpo_contracts.terms.evaluate.frame import (
    Frame,
    NumberRun,
    Pair,
    Run,
    Value,
    undecided,
)
from bpo_contracts.values.rounding import Mode, round_ratio
from bpo_contracts.values.sources import Source


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
        divisor = 100 if self._unit_share(node.share) == "%" else 1

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
        items = [self.number(item) for item in node.items]
        lowest = node.pick == "min"

        def pick(frame: Frame) -> Pair:
            best = items[0](frame)
            for item in items[1:]:
                other = item(frame)
                if (other[0] * best[1] < best[0] * other[1]) == lowest:
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

    def _partofperiod(self, node: n.PartOfPeriod) -> Run:
        first, after = node.first, node.last + timedelta(days=1)
        days = days_30_360 if node.basis == "30/360" else _days

        def part(frame: Frame) -> Pair:
            period = frame.period.shift(-frame.ago)
            inside = days(max(first, period.start), min(after, period.end))
            return max(0, inside), days(period.start, period.end)

        return part


def days_30_360(start: date, end: date) -> int:
    """Days from one day to another where every month has 30 days (30E/360: a 31st is taken as the 30th)."""
    months = (end.year - start.year) * 12 + end.month - start.month
    return months * 30 + min(end.day, 30) - min(start.day, 30)


def _days(start: date, end: date) -> int:
    return (end - start).days


def plus(a: Pair, b: Pair) -> Pair:
    """The sum of two numbers in flight."""
    if a[1] == b[1]:
        return a[0] + b[0], a[1]
    return a[0] * b[1] + b[0] * a[1], a[1] * b[1]


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
