"""Nodes in words: the formula that says them, with the brackets it needs.

Reading the text again gives the same node. What has no formula (tables, shares of a limit, rounding) is said in plain
English. Quantities are shown in the unit they were written in.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final, TypeGuard

from bpo_contracts.terms.describe_tables import allocate_words, curve_words, look_up_words
from bpo_contracts.terms.formula_words import (
    ALONE,
    COMPARE,
    EVERYTHING,
    FOLDS,
    LOGIC,
    NOT,
    OF,
    PHRASE,
    PRODUCT,
    SUM,
    TIGHT,
)
from bpo_contracts.terms.items import dimensions
from bpo_contracts.terms.nodes import (
    DAYS_IN_PERIOD,
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
    Figure,
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
    Window,
    WorkingDays,
)
from bpo_contracts.terms.phrases import quantity_text
from bpo_contracts.values.frozen import frozen
from bpo_contracts.values.numbers import number_text
from bpo_contracts.values.rounding import Rounding
from bpo_contracts.values.units import ANY_ZERO, Unit

_NAMES: Final[Mapping[str, str]] = MappingProxyType({})
Words = tuple[str, int]
"""A text and how tightly it holds together."""

_ANY: Final = frozenset(range(ALONE, TIGHT + 1))
_ONE: Final = frozenset((TIGHT, OF))
_PART: Final = _ANY - {ALONE}
_SUM: Final = frozenset((SUM, PRODUCT, TIGHT))
_PRODUCT: Final = frozenset((PRODUCT, TIGHT))
_TIGHT: Final = frozenset((TIGHT,))
_OF_BASE: Final = frozenset((TIGHT, OF, PHRASE))
_COMPARED: Final = frozenset((SUM, PRODUCT, OF, TIGHT))
_CONDITION: Final = frozenset((NOT, COMPARE, TIGHT))
_FACTS: Final = {
    "days": "days in period",
    "start": "start of period",
    "end": "end of period",
    "month": "calendar month of period",
}
_COUNTED: Final = {
    "first": "",
    "last": " (the last day counts, the first does not)",
    "both": " (both days count)",
    "neither": " (neither day counts)",
}
_OF_ONE: Final = frozenset(("sum", "average", "highest", "lowest", "percentile", "median"))
"""Aggregates that are the value itself where there is one value only; formulas name at least two."""

_WORDS_BEFORE_OF: Final = frozenset((*FOLDS, "start", "end"))


def describe(node: AnyNode, *, period: str = "period", says: Mapping[str, str] = _NAMES) -> str:
    """The node in words. ``period`` is what the contract's periods are called: ``month``, ``quarter``, ``year``.

    ``says`` puts words in place of names of figures; the text is then for people and cannot be read again.
    """
    writer = _Writer(period, says)
    return writer.text(node)[0] if not _is_combined(node) else writer.fold(node)


def _is_combined(node: AnyNode | None) -> TypeGuard[Fold]:
    """Whether this is an aggregate for each combination of several scopes, whose words have a comma."""
    return isinstance(node, Fold) and isinstance(node.over, str) and "," in node.over


def sentence(figure: Figure, *, period: str = "period") -> str:
    """One English sentence that says the figure, with the number of its clause."""
    clause = f"Clause {figure.citation.clause}: " if figure.citation.clause else ""
    name = f"{figure.says} ({figure.name})" if figure.says and figure.says != figure.name else figure.name
    per = f", for each {figure.per}," if figure.per else ""
    unit = f", in {_unit_words(figure.unit)}" if figure.unit is not None and not figure.unit.is_plain else ""
    if figure.node is None:
        return f"{clause}{name}{per} is reported for every {period}{unit}."
    return f"{clause}{name}{per} is {_value(figure.node, figure.unit, period)}{unit}."


def _value(node: AnyNode, unit: Unit | None, period: str) -> str:
    if isinstance(node, Round):
        return f"{describe(node.item, period=period)}, {rounding_words(node.rounding, unit)}"
    return describe(node, period=period)


def rounding_words(rounding: Rounding, unit: Unit | None = None) -> str:
    """``rounded half up to 0.01 EUR``; without a unit if it is not known."""
    grain = number_text(rounding.grain) if unit is None else quantity_text(rounding.grain, unit)
    return f"rounded {rounding.mode.value} to {grain}"


def _unit_words(unit: Unit) -> str:
    return "percentage points" if unit.share == "pp" else str(unit)


@frozen
class _Writer:
    period: str
    says: Mapping[str, str]

    def within(self, node: AnyNode, allowed: frozenset[int]) -> str:
        """The text of a part, in brackets unless it holds together tightly enough."""
        text, level = self.text(node)
        return text if level in allowed else f"({text})"

    def alone(self, node: AnyNode) -> str:
        return self.text(node)[0]

    def part(self, node: AnyNode) -> str:
        return self.within(node, _PART)

    def text(self, node: AnyNode) -> Words:
        match node:
            case Quantity(value=value, unit=unit):
                return quantity_text(value, unit), TIGHT
            case Name(name=name, outer=outer):
                if outer == 1:
                    return f"this item's {self.says.get(name, name)}", TIGHT
                return "outer." * outer + self.says.get(name, name), TIGHT
            case Literal_():
                return _literal(node), TIGHT
            case Arithmetic():
                return self._arithmetic(node)
            case Of(share=share, base=base):
                return self._of(share, base)
            case AsPercent(part=part, whole=whole):
                return f"{self.within(part, _TIGHT)} as % of {self.within(whole, _TIGHT)}", PHRASE
            case Extreme(pick=pick, items=items):
                return f"{pick}({', '.join(self.alone(item) for item in items)})", TIGHT
            case Test() | Every() | AnyOf() | Not() | Known():
                return self._condition(node)
            case OrElse(item=item, fallback=fallback):
                return f"{self.within(item, _TIGHT)} or else {self.within(fallback, _TIGHT)}", ALONE
            case Choose():
                return self._choose(node), ALONE
            case _:
                return self._phrase(node)

    def _arithmetic(self, node: Arithmetic) -> Words:
        if (
            node.operator == "-"
            and isinstance(node.left, Quantity)
            and node.left.unit == ANY_ZERO
            and not node.left.value
        ):
            right = self.within(node.right, _TIGHT)
            return f"-({right})" if isinstance(node.right, Quantity) or right.startswith("-") else f"-{right}", TIGHT
        level = SUM if node.operator in "+-" else PRODUCT
        left = self.within(node.left, _SUM if level == SUM else _PRODUCT)
        right = self.within(node.right, _PRODUCT if level == SUM else _TIGHT)
        return f"{left} {node.operator} {f'({right})' if right.startswith('-') else right}", level

    def _of(self, share: AnyNode, base: AnyNode) -> Words:
        first, (second, level) = self.within(share, _TIGHT), self.text(base)
        if isinstance(share, Name) and first in _WORDS_BEFORE_OF:
            first = f"({first})"
        if level not in _OF_BASE or isinstance(base, AsPercent):
            return f"{first} of ({second})", OF
        return f"{first} of {second}", PHRASE if level == PHRASE else OF

    def _condition(self, node: Test | Every | AnyOf | Not | Known) -> Words:
        match node:
            case Test(operator=operator, left=left, right=right):
                sign = "=" if operator == "==" else operator
                return f"{self.within(left, _COMPARED | {PHRASE})} {sign} {self.within(right, _COMPARED)}", COMPARE
            case Known(item=item):
                return f"{self.within(item, _TIGHT)} is known", COMPARE
            case Not(item=Known(item=item)):
                return f"{self.within(item, _TIGHT)} is missing", COMPARE
            case Not(item=item):
                return f"not {self.within(item, _TIGHT | {NOT})}", NOT
            case Every(items=items) | AnyOf(items=items):
                if not items:
                    return ("yes" if isinstance(node, Every) else "no"), TIGHT
                if len(items) == 1:
                    return self.text(items[0])
                joint = " and " if isinstance(node, Every) else " or "
                return joint.join(self.within(item, _CONDITION) for item in items), LOGIC

    def _choose(self, node: Choose) -> str:
        condition, then = self.part(node.condition), self.part(node.then)
        otherwise = self.within(node.otherwise, _ANY if isinstance(node.otherwise, Choose) else _PART)
        return f"if {condition} then {then} else {otherwise}"

    # --- phrases ----------------------------------------------------------------------------------------------------

    def _phrase(self, node: AnyNode) -> Words:
        match node:
            case Earlier():
                return self._earlier(node), TIGHT
            case Fold(item=None, over=(single,)) if node.kind in _OF_ONE:
                return self.text(single)
            case Fold():
                return (f"({self.fold(node)})", TIGHT) if _is_combined(node) else (self.fold(node), PHRASE)
            case Step(item=item, per=per, counting=counting):
                first = self.within(item, _ONE)
                if isinstance(item, Quantity) and not isinstance(per, Quantity):
                    first = f"({first})"  # else "5 EUR per calls" would be a unit
                return f"{counting} steps of {first} per {self.within(per, _ONE)}", PHRASE
            case DayCount(start=start, end=end, basis=basis):
                by = "" if basis == "actual" else f" by {basis}"
                return f"days from {self.within(start, _ONE)} to {self.within(end, _ONE)}{by}", PHRASE
            case WorkingDays(calendar=calendar, of_period=True):
                return f"working days in period by {calendar}", PHRASE
            case WorkingDays(start=start, end=end, calendar=calendar):
                last = f"({self.alone(end)})" if isinstance(end, Quantity) else self.within(end, _TIGHT)  # no unit "by"
                return f"working days from {self.within(start, _ONE)} to {last} by {calendar}", PHRASE
            case PartOfPeriod(first=first, last=last, basis=basis):
                counted = "days" if basis == "actual" else "months of 30 days"
                return f"the part of the {self.period} from {first} to {last}, by {counted}", PHRASE
            case TimeBetween(start=start, end=end, what=what):
                words, _, days = what.partition(" by ")
                counted = f"{words} from {self.within(start, _ONE)} to {self.within(end, _ONE)}"
                return counted + (f" by {days}" if days else "") + _COUNTED[node.counted], PHRASE
            case Compounded(rate=rate, times=times):
                often = self.alone(times) if isinstance(times, Quantity) else f"({self.alone(times)})"
                return f"{self.within(rate, _ONE)} compounded {often} times", PHRASE
            case OverDays(rates=rates, start=start, end=end, what=what, counted=counted):
                shown = "; ".join(f"from {day.isoformat()}: {self.alone(rate)}" for day, rate in rates)
                if what == "average of days":
                    return f"the average over the days from {self.alone(start)} to {self.alone(end)}: {shown}", ALONE
                between = f"from {self.within(start, _ONE)} to {self.within(end, _ONE)}{_COUNTED[counted]}"
                return f"the yearly rate of each day {between}, {what}: {shown}", ALONE
            case PeriodFact(what=what):
                return _FACTS[what], TIGHT
            case PeriodPlace(which=which, of=of):
                whole = "the term" if of == "term" else f"this {'contract year' if of == 'year' else of}"
                return f"{which} {self.period} of {whole}", TIGHT
            case Round(item=item, rounding=rounding, written=written):
                unit = None if written is None or written.is_plain else written
                return f"{self.part(item)}, {rounding_words(rounding, unit)}", ALONE
            case Curve():
                return curve_words(node, self.alone, self.part), ALONE
            case LookUp():
                return look_up_words(node, self.alone, self.part), ALONE
            case Allocate():
                return allocate_words(node, self.alone, self.part), ALONE
            case Kept(allocation=allocation, member=member):
                keeps = "this clause" if self.says else member
                total = allocation.removesuffix(".shares")
                return f"what {keeps} keeps of {self.says.get(total, total)}", PHRASE
            case Dated(at=at, of=of) if at is not None:
                return f"{self.says.get(of, of)} on {self.within(at, _ONE)}", TIGHT
            case Dated(entries=entries):
                dated = "; ".join(f"from {day.isoformat()}: {self.alone(entry)}" for day, entry in entries)
                return f"what holds on the first day of the period: {dated}", ALONE
            case ByItem(over=over, entries=entries):
                rows = "; ".join(f"{item}: {self.alone(entry)}" for item, entry in entries)
                return f"the value for the {over} at hand: {rows}", ALONE
            case SeriesValue(series=series, at=at) if at is not None:
                return f"{self.says.get(series, series)} on {self.within(at, _ONE)}", TIGHT
            case SeriesValue():
                return _series(node), PHRASE
            case Ordinal(over=over, same=same, by=by, counted=counted):
                alike = f"which of the {over} with the same {' and '.join(same) or over} this is, in order of {by}"
                return alike + (f", of those where {counted.name} is yes" if counted is not None else ""), ALONE
            case NoValue(reason=reason):
                return f"no value: {reason}" if reason else "no value", ALONE
            case _:
                raise TypeError(f"there are no words for {type(node).__name__}")

    def _earlier(self, node: Earlier) -> str:
        name = self.says.get(node.name, node.name).removeprefix("the ")  # it stands after "previous month's"
        ago = f"previous {self.period}'s {name}" if node.periods == 1 else f"{name} {node.periods} {self.period}s ago"
        return ago if node.before_start is None else f"{ago} (before the start: {self.alone(node.before_start)})"

    def fold(self, node: Fold) -> str:
        """An aggregate, without brackets."""
        item = "" if node.item is None else self.within(node.item, _ONE)
        kind = node.kind if node.rank is None else node.rank.called
        if isinstance(node.over, Window):
            implied = node.kind == "streak" and node.over == EVERYTHING and not _is_combined(node.item)
            text = f"{kind} of {item}" if implied else f"{kind} of {item} over {self._window(node.over)}"
        elif isinstance(node.over, tuple):
            given = ", ".join(self.alone(value) for value in node.over)
            text = f"{kind} of {item} of each of ({given})" if item else f"{kind} of ({given})"
        elif node.over == DAYS_IN_PERIOD:
            text = f"{kind} of {item} over {node.over}"
        else:
            one = ", ".join(self.says.get(scope, scope) for scope in dimensions(node.over))
            text = f"{kind} of {item} for each {one}" if item else f"{kind} of {', '.join(dimensions(node.over))}"
        where = "" if node.where is None else f" where ({self.alone(node.where)})"
        none = "" if node.none_found is None else f" (none found: {self._instead(node.none_found)})"
        if node.once_per:
            text += f" once per {' and '.join(column.name for column in node.once_per)}"
        where += "" if node.rank is None else f" ({node.rank.method_words})"
        return text + where + none + (" (missing: skip)" if node.missing == "skip" else "")

    def _instead(self, none_found: AnyNode) -> str:
        return "no result" if isinstance(none_found, NoValue) else self.alone(none_found)

    def _window(self, window: Window) -> str:
        if window.length is None:
            if window.before:
                return (
                    f"the previous {'contract year' if window.since == 'year' else window.since}{self._short(window)}"
                )
            if window.since:
                since = "contract year" if window.since == "year" else window.since
                return f"earlier {self.period}s of this {since}" if window.previous else f"this {since} to date"
            return f"all earlier {self.period}s" if window.previous else f"all {self.period}s so far"
        which = "previous" if window.previous else "last"
        return f"{which} {window.length} {self.period}{'' if window.length == 1 else 's'}{self._short(window)}"

    def _short(self, window: Window) -> str:
        short = window.short.replace("periods", f"{self.period}s")
        return "" if window.short == "refuse" else f" (short history: {short})"


def _literal(node: Literal_) -> str:
    if isinstance(node.value, bool):
        return "yes" if node.value else "no"
    if isinstance(node.value, str):
        return f'"{node.value}"'
    text = node.value.isoformat()
    return text.replace("+00:00", "Z") if isinstance(node.value, datetime) else text


def _series(node: SeriesValue) -> str:
    """``the value of cpi for the month 3 months before``, ``the latest value of cpi up to 2024-09``."""
    if node.fixed is not None:
        month = f"{node.fixed // 12:04}-{node.fixed % 12 + 1:02}"
    else:
        own = "the first day of the period" if node.by_day else "the month of the period"
        of = own if node.counted_from == "period" else f"the start of the {node.counted_from}"
        ago = f"{node.months_ago} month{'' if node.months_ago == 1 else 's'} before "
        month = f"{ago if node.months_ago else ''}{of}"
    return (
        f"the latest value of {node.series} up to {month}" if node.latest else f"the value of {node.series} for {month}"
    )
