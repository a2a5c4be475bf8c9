"""The reading of the algebra that checks units, before any data is seen.

Each node has one unit. What does not fit together ("10 % * fee", euros plus dollars, a text compared with a number) is
collected as a finding at its place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce

from bpo_contracts.terms.misfits import misfit
from bpo_contracts.terms.nodes import (
    Allocate,
    AnyNode,
    AnyOf,
    Arithmetic,
    AsPercent,
    ByItem,
    Choose,
    Compounded,
    Curve,
    Dated,
    DayCount,
    Earlier,
    Every,
    Extreme,
    Fold,
    Kept,
    Known,
    Literal_,
    LookUp,
    Name,
    Not,
    NoValue,
    Of,
    Ordinal,
    OrElse,
    OverDays,
    PartOfPeriod,
    PeriodFact,
    PeriodPlace,
    Quantity,
    Round,
    SeriesValue,
    Step,
    Test,
    TimeBetween,
    WorkingDays,
)
from bpo_contracts.values import units as u
from bpo_contracts.values.findings import Finding
from bpo_contracts.values.units import Unit, WrongUnit

Resolve = Callable[[Name | Earlier | Kept, tuple[str, ...]], Unit]
"""The unit of a reference made inside the given item contexts (outermost first)."""


class UnitReader:
    """Infers units and collects findings."""

    def __init__(self, resolve: Resolve, nodes: Mapping[str, AnyNode | None] | None = None) -> None:
        """``nodes`` says what figures are made of, for the places of findings.

        Without it this is a guess: what is looked back at and not known yet is taken as a bare zero, which then goes with
        days and times, too.
        """
        self._resolve = resolve
        self._guessing = nodes is None
        self._nodes = nodes or {}
        self.findings: list[Finding] = []

    def read(self, node: AnyNode, inside: tuple[str, ...] = ()) -> Unit:
        """The unit of a node; on a mistake a finding is noted and the likeliest unit returned."""
        try:
            return self._unit(node, inside)
        except WrongUnit as wrong:
            quiet = UnitReader(self._resolve)
            self.findings.append(misfit(node, str(wrong), lambda part: quiet.read(part, inside), self._nodes))
            return u.TRUTH if isinstance(node, Test) else u.ANY_ZERO

    def _unit(self, node: AnyNode, inside: tuple[str, ...]) -> Unit:
        def read(part: AnyNode) -> Unit:
            return self.read(part, inside)

        match node:
            case Quantity(unit=unit) | Literal_(unit=unit):
                return unit
            case NoValue():
                return u.ANY_ZERO
            case Earlier(before_start=before) if before is not None:
                return u.same(self._resolve(node, inside), read(before))
            case Name() | Earlier() | Kept():
                return self._resolve(node, inside)
            case Arithmetic(operator=operator, left=left, right=right):
                if operator == "-" and _is_the_whole(left) and read(right).share == "%":
                    return u.PERCENT
                return _arithmetic(operator, read(left), read(right))
            case Of(share=Quantity(unit=u.POINTS_OF_PERCENT)):
                raise WrongUnit("percentage points are not of anything; write '%', or give a rate per percentage point")
            case Of(share=share, base=base):
                return u.of(read(share), read(base))
            case AsPercent(part=part, whole=whole):
                return u.as_percent(read(part), read(whole))
            case Extreme(items=items):
                return self._ordered([read(item) for item in items])
            case Test(operator=operator, left=left, right=right):
                one, two = read(left), read(right)
                if one.kind != two.kind and not self._guessing:  # a bare 0 fits every number, and nothing else
                    raise WrongUnit(f"{one} cannot be compared with {two}")
                return _comparison(operator, one, two)
            case Every(items=items) | AnyOf(items=items):
                for item in items:
                    _truth(read(item))
                return u.TRUTH
            case Not(item=item):
                return _truth(read(item))
            case Known(item=item):
                read(item)
                return u.TRUTH
            case OrElse(item=item, fallback=fallback):
                return u.same(read(item), read(fallback))
            case Choose(condition=condition, then=then, otherwise=otherwise):
                _truth(read(condition))
                return u.same(read(then), read(otherwise))
            case LookUp(key=key, entries=entries, otherwise=default):
                if read(key).kind != "word":
                    raise WrongUnit("a table of words is looked up by a word")
                results = [read(entry) for _, entry in entries] + ([read(default)] if default else [])
                return reduce(u.same, results)
            case Dated(entries=dated, at=at):
                _day(at, read)
                return reduce(u.same, [read(entry) for _, entry in dated])
            case ByItem(entries=by_item):
                return reduce(u.same, [read(entry) for _, entry in by_item])
            case SeriesValue(unit=unit, at=at):
                _day(at, read)
                return unit
            case Ordinal(over=over, counted=counted):
                if counted is not None:
                    _truth(self.read(counted, (*inside, over)))
                return u.PLAIN
            case Step(item=item, per=per):
                u.same(_number(read(item)), _number(read(per)))
                return u.PLAIN
            case Round(item=item, written=written):
                return _rounded(_number(read(item)), written)
            case Curve():
                return self._curve(node, read)
            case Fold():
                return self._fold(node, inside)
            case Allocate(members=members, limited=limited):
                return reduce(u.same, [self.read(member, (*inside, "*")) for member in members], read(limited))
            case DayCount(start=start, end=end, basis=basis):
                if u.same(read(start), read(end)) != u.DAY and basis != "actual":
                    raise WrongUnit("months of 30 days are counted between days, not between times")
                return u.DAYS
            case WorkingDays(start=start, end=end):
                if u.same(read(start), read(end)) != u.DAY:
                    raise WrongUnit("working days are counted between days, not between times")
                return u.DAYS
            case PartOfPeriod():
                return u.PLAIN
            case TimeBetween(start=start, end=end):
                if u.same(read(start), read(end)) != u.DAY:
                    raise WrongUnit("months and years are counted between days, not between times")
                return u.PLAIN
            case PeriodFact(what=what):
                return {"days": u.DAYS, "month": u.PLAIN}.get(what, u.DAY)
            case PeriodPlace():
                return u.TRUTH
            case OverDays(rates=rates, start=start, end=end):
                if u.same(read(start), read(end)) != u.DAY:
                    raise WrongUnit("the days of a rate are counted between days, not between times")
                return reduce(u.same, [read(rate) for _, rate in rates])
            case Compounded(rate=rate, times=times):
                if u.same(read(rate), u.PERCENT) != u.PERCENT or u.same(read(times), u.PLAIN) != u.PLAIN:
                    raise WrongUnit("a percentage is compounded so many times, and the times are a plain number")
                return u.PERCENT

    def _curve(self, curve: Curve, read: Callable[[AnyNode], Unit]) -> Unit:
        at = read(curve.at)
        for bound in (part for row in curve.rows for part in (row.low, row.high) if part is not None):
            try:
                u.same(at, read(bound))
            except WrongUnit:
                self.findings.append(
                    Finding(
                        "BPO231",
                        "row-in-wrong-unit",
                        bound.source,
                        f"The row is in {read(bound)}, and what it is compared with is in {at}.",
                        f"Write the row in {at}, or read the table at a measure that is in {read(bound)}.",
                    )
                )
        gives = reduce(u.same, [read(row.gives) for row in curve.rows])
        if curve.reading in ("at", "line"):
            return gives
        if gives.share == "%" and at.share == "pp":
            raise WrongUnit(
                "a row in % beside percentage points can be read as so many per cent for each point, or as a share of the "
                "points; for the first divide the measure by '1 pp', for the second write '0.5' for a half"
            )
        along = u.of(gives, at) if gives.share == "%" else u.multiply(gives, at)
        for row in curve.rows:
            if row.plus is not None:
                u.same(along, read(row.plus))
        return along

    def _fold(self, fold: Fold, inside: tuple[str, ...]) -> Unit:
        context = (*inside, fold.over) if isinstance(fold.over, str) else inside
        if isinstance(fold.over, tuple):
            unit = reduce(u.same, [self.read(item, inside) for item in fold.over])
        elif fold.item is None:
            unit = u.PLAIN
        else:
            unit = self.read(fold.item, context)
        if fold.where is not None:
            _truth(self.read(fold.where, context))
        for column in fold.once_per:
            self.read(column, context)
        if fold.kind in ("any", "every", "streak"):
            _truth(unit)
            result = u.TRUTH if fold.kind != "streak" else u.PLAIN
        elif fold.kind == "count":
            result = u.PLAIN
        else:
            result = self._ordered([unit]) if fold.kind in ("highest", "lowest") else _number(unit)
        if fold.none_found is not None and not isinstance(fold.none_found, NoValue):
            instead = self.read(fold.none_found, inside)
            if instead.kind != result.kind and not (self._guessing and u.ANY_ZERO in (instead, result)):
                raise WrongUnit(f"what holds where none is found is {instead}, and {result} is needed")
            return u.same(result, instead)
        return result

    def _ordered(self, units: Sequence[Unit]) -> Unit:
        """The unit of the lowest or highest of several numbers, or of the first or last of several days or times."""
        known = [unit for unit in units if unit != u.ANY_ZERO] if self._guessing else units
        first = next((unit for unit in known if unit.kind in ("day", "instant")), None)
        if first is None:
            return reduce(u.same, [_number(unit) for unit in units])
        for unit in known:
            if unit != first:
                raise WrongUnit(f"{first} cannot be compared with {unit}")
        return first


def _is_the_whole(node: AnyNode) -> bool:
    """Whether this is 100 %: what is left of the whole is a percentage, and no difference of two."""
    return isinstance(node, Quantity) and node.unit == u.PERCENT and node.value == 100


def _arithmetic(operator: str, left: Unit, right: Unit) -> Unit:
    if operator == "+":
        return u.add(left, right)
    if operator == "-":
        return u.add(left, right, subtract=True)
    return u.multiply(left, right) if operator == "*" else u.divide(left, right)


def _comparison(operator: str, left: Unit, right: Unit) -> Unit:
    common = u.same(left, right)
    if common.kind in ("truth", "word") and operator not in ("==", "!="):
        raise WrongUnit(f"{common} has no order; compare it with 'is' or 'is not'")
    return u.TRUTH


def _truth(unit: Unit) -> Unit:
    if unit.kind != "truth":
        raise WrongUnit(f"a condition is needed here, and this is {unit}")
    return unit


def _rounded(unit: Unit, written: Unit | None) -> Unit:
    """The unit of what is rounded; a grain without a unit is in it, unless that is a time (of which there are several)."""
    if written is None or written == unit or u.ANY_ZERO in (written, unit):
        return unit
    if not written.is_plain:
        raise WrongUnit(f"this is {unit}, and is rounded to so many {written}")
    if any(name == "minute" for name, _ in unit.dims):
        raise WrongUnit(f"this is {unit}, and is rounded to a number without a unit of time")
    return unit


def _day(at: AnyNode | None, read: Callable[[AnyNode], Unit]) -> None:
    if at is not None and read(at) != u.DAY:
        raise WrongUnit(f"a value is read on a day, and what stands after 'on' is {read(at)}")


def _number(unit: Unit) -> Unit:
    if unit.kind != "number":
        raise WrongUnit(f"a number is needed here, and this is {unit}")
    return unit
