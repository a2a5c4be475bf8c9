"""The words of the algebra: a dozen kinds of node, of which every clause is made.

A **figure** is one name with one expression, one unit and one value per period (and per item, where it is
``per`` a list or scope). Figures refer to one another by name, to earlier periods of any figure, and never
in a circle within a period. There is no state.

Nodes are data. What they mean is said once for each reading: ``evaluate``, ``describe``, ``units``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import field, fields, replace
from datetime import date, datetime
from fractions import Fraction
from typing import Any, Final, Literal, cast, get_args

from bpo_contracts.terms.ranks import Rank
from bpo_contracts.values.frozen import frozen
from bpo_contracts.values.rounding import Rounding
from bpo_contracts.values.sources import NOWHERE, Citation, Source
from bpo_contracts.values.units import ANY_ZERO, Unit

ArithmeticOperator = Literal["+", "-", "*", "/"]
CompareOperator = Literal["<", "<=", "==", "!=", ">=", ">"]
Counting = Literal["full", "started", "nearest", "exact"]
DayBasis = Literal["actual", "30/360"]
DaysCounted = Literal["first", "last", "both", "neither"]
"""Which of the two days that a time lies between is counted: usually the last one, or the first one."""

Elapsed = Literal[
    "full months",
    "started months",
    "full years",
    "started years",
    "years by actual/actual",
    "years by actual/365",
    "years by actual/360",
    "years by 30/360",
    "average of days",
]
DAYS_IN_PERIOD: Final = "days in period"
"""What a fold is over that looks at each day of the period."""

Since = Literal["", "year", "quarter", "half-year", "calendar year"]
"""The unit of time a window keeps to: the contract year, the calendar quarter, half-year, year."""
Reading = Literal["at", "along", "line"]
FoldKind = Literal["sum", "count", "average", "highest", "lowest", "any", "every", "streak", "percentile", "median"]


@frozen
class Node:
    """What every node has: the place it was read from."""

    source: Source = field(default=NOWHERE, kw_only=True, compare=False, repr=False)


@frozen
class Quantity(Node):
    """An exact number with its unit (in the base of its dimension: minutes, percent, major units)."""

    value: Fraction
    unit: Unit


ZERO: Final = Quantity(Fraction(0), ANY_ZERO)
"""Nothing, of any unit."""


@frozen
class Literal_(Node):
    """A yes/no, a word, a day or an instant."""

    value: bool | str | date | datetime
    unit: Unit


@frozen
class NoValue(Node):
    """No data, on purpose: what a measure below its minimum sample has.

    ``refused`` stops the settlement instead: the contract refuses to go on (``is known`` and ``or else`` cannot hide
    it).
    """

    reason: str
    refused: bool = False


@frozen
class Name(Node):
    """A figure, a reported measure, or a column of the item at hand. ``outer`` skips that many items outwards."""

    name: str
    outer: int = 0


@frozen
class Earlier(Node):
    """The value of a figure ``periods`` ago, from the sealed settlement; ``before_start`` answers for periods that
    lie before the term (None: refuse)."""

    name: str
    periods: int
    before_start: AnyNode | None


@frozen
class Arithmetic(Node):
    """A sum, difference, product or quotient."""

    operator: ArithmeticOperator
    left: AnyNode
    right: AnyNode


@frozen
class Of(Node):
    """A percentage of a base."""

    share: AnyNode
    base: AnyNode


@frozen
class AsPercent(Node):
    """A part as a percentage of a whole."""

    part: AnyNode
    whole: AnyNode


@frozen
class Extreme(Node):
    """The lowest (``at most``) or highest (``at least``) of several; of days or times the first or the last one."""

    pick: Literal["min", "max"]
    items: tuple[AnyNode, ...]


@frozen
class Test(Node):
    """A comparison."""

    operator: CompareOperator
    left: AnyNode
    right: AnyNode


@frozen
class Every(Node):
    """All conditions hold."""

    items: tuple[AnyNode, ...]


@frozen
class AnyOf(Node):
    """At least one condition holds."""

    items: tuple[AnyNode, ...]


@frozen
class Not(Node):
    """The condition does not hold."""

    item: AnyNode


@frozen
class Known(Node):
    """Whether there is a value at all. With ``OrElse``, the only way to look at missing data."""

    item: AnyNode


@frozen
class OrElse(Node):
    """The value, or a fallback when it is missing. A gap in a table is not missing data and passes through.

    ``begun``: the fallback is for missing data alone; else it also answers where an earlier period is looked at that lies
    before the amendment which brought the value in.
    """

    item: AnyNode
    fallback: AnyNode
    begun: bool = field(default=False, compare=False, repr=False)


@frozen
class Choose(Node):
    """``then`` if the condition holds, else ``otherwise``. Only the chosen one needs its data.

    ``asks`` is the question in words, for the trail and the rulebook.
    """

    condition: AnyNode
    then: AnyNode
    otherwise: AnyNode
    asks: str = ""


@frozen
class Row(Node):
    """One row of a curve: from ``low`` to ``high``, each end open or closed (None: without end).

    ``gives`` is the row's value; along a curve it is the rate of the slice. ``plus`` is a flat amount once the row is
    reached. ``label`` is the row as the document writes it.
    """

    label: str
    low: AnyNode | None
    low_closed: bool
    high: AnyNode | None
    high_closed: bool
    gives: AnyNode
    plus: AnyNode | None = None


@frozen
class Curve(Node):
    """One piecewise object, read ``at`` a point (the row that holds it), ``along`` from ``start`` to the point (slice by slice,
    signed), or as a straight ``line`` between points."""

    rows: tuple[Row, ...]
    reading: Reading
    at: AnyNode
    start: AnyNode | None = None


@frozen
class LookUp(Node):
    """The entry of a table of words."""

    key: AnyNode
    entries: tuple[tuple[str, AnyNode], ...]
    otherwise: AnyNode | None = None


@frozen
class Dated(Node):
    """A parameter that changes on given days: the entry of the latest day that is not after the period's first day, or
    not after the day ``at``.

    ``of`` is the name of the parameter (or series) where a formula reads it on a day: ``price on made_on``. The entries
    are the contract's.
    """

    entries: tuple[tuple[date, AnyNode], ...]
    at: AnyNode | None = None
    of: str = ""


@frozen
class ByItem(Node):
    """A parameter that has its own value for each item of a scope: the entry of the item at hand."""

    over: str
    entries: tuple[tuple[str, AnyNode], ...]


@frozen
class SeriesValue(Node):
    """The value of a dated series: for the month ``months_ago`` before the period's, or for a fixed month.

    ``values`` are (months since year 0, value) in order. ``latest`` takes the latest one on or before the month;
    otherwise the
    month must be there exactly. ``counted_from``: whether the months are counted from the period's first month, or from
    that of the contract year or calendar year the period lies in. ``at`` is the day whose month is meant instead.
    ``by_day``: the values are by day (its ordinal) and not by month; for a period the day is its first one in the term, which
    begins with ``begins``.
    """

    series: str
    values: tuple[tuple[int, Fraction], ...]
    months_ago: int
    fixed: int | None
    latest: bool
    unit: Unit
    counted_from: Literal["period", "contract year", "calendar year"] = "period"
    at: AnyNode | None = None
    by_day: bool = False
    begins: date = date.min


@frozen
class Ordinal(Node):
    """Which one this item is (1, 2, 3 …) among the items of its list that agree with it in the columns ``same``.

    Items are counted in the order of the column ``by``; two that agree in it too are undecided. ``counted`` is a yes
    or no
    of each item: where it is no, the item is none of those that are counted (None: all are).
    """

    over: str
    same: tuple[str, ...]
    by: str
    counted: Name | None = None


@frozen
class Step(Node):
    """How many steps of ``per`` there are in ``item``: full, started, nearest, or exactly. Never below zero."""

    item: AnyNode
    per: AnyNode
    counting: Counting


@frozen
class Round(Node):
    """The value to multiples of a grain, by a named mode; never hidden inside another node's arithmetic.

    ``written`` is the unit the grain is written in, where the place did not know that of the value: they must be the same.
    """

    item: AnyNode
    rounding: Rounding
    written: Unit | None = None


@frozen
class Window(Node):
    """Which periods count: the last ``length`` with this one, or the ``previous`` ones without it.

    ``length`` None reaches back to the start of the term; ``since`` "year", "quarter", "half-year" and "calendar year" to the
    start of the contract year or of the calendar's quarter, half-year or year; with ``before`` the window is the whole of
    the one before that. ``short`` says what holds while there are fewer periods than asked for; ``said`` is whether that was
    written down.
    """

    length: int | None
    previous: bool
    since: Since = ""
    short: Literal["the periods there are", "no result", "refuse"] = "refuse"
    before: bool = False
    said: bool = field(default=True, compare=False, repr=False)


@frozen
class Fold(Node):
    """One aggregate: over the rows of a list (``over`` its name), over periods (``over`` a Window), or over given
    items.

    ``once_per``: of the rows of a list that agree in these columns, only one counts (an incident with several tickets).
    ``rank`` says which value a percentile or a median is; other aggregates have none.
    """

    kind: FoldKind
    item: AnyNode | None
    over: str | Window | tuple[AnyNode, ...]
    where: AnyNode | None = None
    none_found: AnyNode | None = None
    missing: Literal["refuse", "skip"] = "refuse"
    once_per: tuple[Name, ...] = ()
    rank: Rank | None = None


@frozen
class Allocate(Node):
    """What each member keeps when the sum of ``members`` is limited to ``limited``.

    The cut falls on the members that point its way: on the last named first (``in order``: the first named consume the
    limit first) or in proportion, allocated to the ``grain`` so that no cent is lost (``pro rata``). The value is a
    list with one entry per member; ``Kept`` reads it. With ``to the grain`` nothing is cut: ``limited`` is the rounded
    sum, each member is brought down to the grain, and the grains that are left go to the largest remainders.
    """

    members: tuple[Name, ...]
    limited: AnyNode
    how: Literal["in order", "pro rata", "to the grain"]
    grain: Fraction


@frozen
class Kept(Node):
    """What one member keeps of an allocation: the entry of ``member`` in the ``Allocate`` figure ``allocation``."""

    allocation: str
    member: str


@frozen
class DayCount(Node):
    """Days from one day to another, or exact time between two instants (in minutes).

    ``basis`` "30/360" counts every month as 30 days (30E/360: the 31st is taken as the 30th).
    """

    start: AnyNode
    end: AnyNode
    basis: DayBasis = "actual"


@frozen
class WorkingDays(Node):
    """How many working days there are after ``start`` until ``end``, this one counted; negative if it is the earlier one. With
    ``of_period`` they are those of the period, from its first day to its last.

    The contract says which days of the week are no working days (Monday is 0), and the ``holidays``, in order; they are
    known for the days from ``covers`` on until its second day.
    """

    start: AnyNode
    end: AnyNode
    calendar: str
    weekend: tuple[int, ...] = ()
    holidays: tuple[date, ...] = ()
    covers: tuple[date, date] | None = None
    of_period: bool = False


@frozen
class TimeBetween(Node):
    """How many months or years lie from one day to another: a plain number, negative if the second is the earlier one.

    A month is full on the day of the next month that has the same number, or on its last day if it has none such.
    "actual/actual" counts each day by the days of its calendar year (365 or 366), "actual/365" and "actual/360" by that
    number, "30/360" months of 30 days by 360. ``counted`` says which of the two days count.
    """

    start: AnyNode
    end: AnyNode
    what: Elapsed
    counted: DaysCounted = "first"


@frozen
class Compounded(Node):
    """By how many percent a thing grows in all that grows by ``rate`` percent ``times`` times, each time on what it has
    grown to: 10 % compounded twice is 21 %. ``times`` is a whole number of zero or more."""

    rate: AnyNode
    times: AnyNode


@frozen
class OverDays(Node):
    """What holds on each of the days from ``start`` to ``end``, put together.

    ``rates`` are what holds from each day on, in order. ``what``: a yearly rate by one of the ways to count the days of
    a year, which gives what it comes to; or the "average of days".
    """

    rates: tuple[tuple[date, AnyNode], ...]
    start: AnyNode
    end: AnyNode
    what: Elapsed
    counted: DaysCounted


@frozen
class PeriodFact(Node):
    """Something about the period itself: its days, its first day, its last day, the number (1 to 12) of the calendar
    month it begins in."""

    what: Literal["days", "start", "end", "month"]


@frozen
class PeriodPlace(Node):
    """Whether the period is the first or the last one of its contract year, calendar year, half-year, quarter, or of the term.

    ``begins`` and ``ends`` are the numbers of the first and the last period of the term, which the contract fills in:
    a year or quarter that the term cuts short ends with the term, and one that it enters late begins with it.
    """

    which: Literal["first", "last"]
    of: Literal["year", "quarter", "half-year", "calendar year", "term"]
    begins: int = 0
    ends: int = 0


@frozen
class PartOfPeriod(Node):
    """Which part of the period lies from ``first`` to ``last``, both days inside: a plain number from 0 to 1.

    By the days there are, or by months of 30 days (30E/360); the parts of a period add up to 1 in both.
    """

    first: date
    last: date
    basis: DayBasis


AnyNode = (
    Quantity
    | Literal_
    | NoValue
    | Name
    | Earlier
    | Arithmetic
    | Of
    | AsPercent
    | Extreme
    | Test
    | Every
    | AnyOf
    | Not
    | Known
    | OrElse
    | Choose
    | Curve
    | LookUp
    | Dated
    | ByItem
    | SeriesValue
    | Ordinal
    | Step
    | Round
    | Fold
    | Allocate
    | Kept
    | DayCount
    | WorkingDays
    | TimeBetween
    | Compounded
    | OverDays
    | PeriodFact
    | PeriodPlace
    | PartOfPeriod
)
_CLASSES: Final = frozenset(get_args(AnyNode))
_WITH_NOTHING_BELOW: Final = frozenset((Quantity, Literal_, NoValue, Name, Kept, PeriodFact, PeriodPlace, PartOfPeriod))


@frozen
class Figure:
    """One name, one expression, one value per period (and per item of ``per``).

    ``unit`` is declared where the place declares it (a measure), else inferred. ``citation`` is the clause the figure
    stands in; ``says`` a short noun phrase for people ("credit before caps"). ``reported`` figures have no expression:
    their values come from the performance report.
    """

    name: str
    node: AnyNode | None
    citation: Citation
    says: str
    per: str = ""
    unit: Unit | None = None
    source: Source = NOWHERE

    @property
    def reported(self) -> bool:
        """Whether the value comes from the performance report."""
        return self.node is None


def children(node: AnyNode) -> tuple[AnyNode, ...]:
    """The nodes directly below a node, in reading order."""
    if node.__class__ in _WITH_NOTHING_BELOW:
        return ()
    match node:
        case Curve():
            return _curve_children(node)
        case Arithmetic(left=a, right=b) | Test(left=a, right=b):
            return (a, b)
        case Of(share=a, base=b) | AsPercent(part=a, whole=b) | OrElse(item=a, fallback=b):
            return (a, b)
        case (
            DayCount(start=a, end=b)
            | WorkingDays(start=a, end=b)
            | TimeBetween(start=a, end=b)
            | Compounded(rate=a, times=b)
        ):
            return (a, b)
        case Extreme(items=items) | Every(items=items) | AnyOf(items=items):
            return items
        case Not(item=a) | Known(item=a) | Round(item=a):
            return (a,)
        case Choose(condition=a, then=b, otherwise=c):
            return (a, b, c)
        case Step(item=a, per=b):
            return (a, b)
        case Earlier(before_start=a):
            return (a,) if a else ()
        case Dated(entries=dated, at=at):
            return (*(entry for _, entry in dated), *((at,) if at is not None else ()))
        case OverDays(rates=rates, start=a, end=b):
            return (*(rate for _, rate in rates), a, b)
        case SeriesValue(at=at):
            return (at,) if at is not None else ()
        case ByItem(entries=by_item):
            return tuple(entry for _, entry in by_item)
        case LookUp(key=key, entries=entries, otherwise=otherwise):
            return (key, *(entry for _, entry in entries), *((otherwise,) if otherwise else ()))
        case Fold(item=item, over=over, where=where, none_found=none_found, once_per=once_per):
            given = over if isinstance(over, tuple) else ()
            return tuple(part for part in (item, where, none_found, *given, *once_per) if part is not None)
        case Ordinal(counted=counted):
            return (counted,) if counted is not None else ()
        case Allocate(members=members, limited=limited):
            return (*members, limited)
        case _:
            return ()


def _curve_children(curve: Curve) -> tuple[AnyNode, ...]:
    parts: list[AnyNode | None] = [curve.at, curve.start]
    for row in curve.rows:
        parts += [row.low, row.high, row.gives, row.plus]
    return tuple(part for part in parts if part is not None)


def all_in(node: AnyNode) -> Iterator[AnyNode]:
    """A node and every one below it, in reading order."""
    open_ = [node]
    while open_:
        one = open_.pop()
        yield one
        open_ += reversed(children(one))


def names_in(node: AnyNode) -> tuple[Name | Earlier | Kept, ...]:
    """Every reference in a node, itself among them, in reading order."""
    return tuple(one for one in all_in(node) if isinstance(one, Name | Earlier | Kept))


def window_of(node: AnyNode) -> Window | None:
    """The window of an aggregate over periods; None for any other node."""
    return node.over if isinstance(node, Fold) and isinstance(node.over, Window) else None


def looks_back(node: AnyNode) -> bool:
    """Whether a node itself, and not only one below it, looks at other periods: an earlier value, or a window."""
    return isinstance(node, Earlier) or window_of(node) is not None


def changed(node: AnyNode, change: Callable[[AnyNode], AnyNode]) -> AnyNode:
    """The node with ``change`` applied to everything below it, and then to itself."""
    return change(cast(AnyNode, _with_changed_parts(node, change)))


def _with_changed_parts(whole: Any, change: Callable[[AnyNode], AnyNode]) -> object:
    """A node or row with all its parts changed; the same object if none of them is."""
    below = {}
    for part in fields(whole):
        value = getattr(whole, part.name)
        if (new := _changed(value, change)) is not value:
            below[part.name] = new
    return replace(whole, **below) if below else whole


def _changed(value: object, change: Callable[[AnyNode], AnyNode]) -> object:
    if isinstance(value, Row):
        return _with_changed_parts(value, change)
    if isinstance(value, tuple):
        new = tuple(_changed(part, change) for part in value)
        return new if any(one is not other for one, other in zip(new, value, strict=True)) else value
    return changed(cast(AnyNode, value), change) if value.__class__ in _CLASSES else value
