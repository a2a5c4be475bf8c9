"""An auditor's pocket calculator: recomputes a step of a settlement from the settlement documents alone.

It reads the words of a step's formula (with the library's parser of formulas, and by itself for what is no formula:
tables, slices, lines, roundings, dated values), takes the recorded values of the step's premises, and computes with
fractions. It knows nothing of contracts, except which nouns are units and which periods the term has, and nothing of
how the library evaluates.

Covered: sums, differences, products, quotients, ``of``, ``as % of``, min, max, comparisons, and / or / not, known,
or else, if, steps, aggregates over given values, lots, items and periods, earlier periods, rows, slices (also those
that earlier periods have filled in part), lines, entries for words, roundings, dated values, values by lot, parts of
a period, the first and last period of a year. Not covered: what one member keeps of a limit (the shares of a limit
are checked together), and the published values of a series.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import combinations, pairwise, product
from math import ceil, floor
from operator import eq, ge, gt, le, lt, ne
from typing import Any

from bpo_contracts.terms import nodes as n
from bpo_contracts.terms.bands import parse_row
from bpo_contracts.terms.formula import parse_formula
from bpo_contracts.terms.phrases import parse_quantity
from bpo_contracts.values.findings import BadInput
from bpo_contracts.values.numbers import read_number_text
from bpo_contracts.values.periods import Period
from bpo_contracts.values.rounding import Mode, Rounding
from bpo_contracts.values.sources import NOWHERE
from bpo_contracts.values.units import WrongUnit, parse_unit

Document = dict[str, Any]

_MODES = "|".join(sorted((mode.value for mode in Mode), key=len, reverse=True))
_ROUNDED = re.compile(rf", rounded ({_MODES}) to ([0-9./]+)(?: (?:[A-Z]{{3}}|%))?")
_HEADS = {
    "the row of the table that holds ": "at",
    "slice by slice of the table to ": "along",
    "slice by slice of the table from ": "between",
    "the entry for ": "entry",
    "the straight line between the points of the table, at ": "line",
}
_NO_VALUE = re.compile(r"no value(?=: |\)|\Z)")
_PART = re.compile(r"the part of the \w+ from ([0-9-]+) to ([0-9-]+), by (days|months of 30 days)")
_PUBLISHED = re.compile(r"\(?the (latest )?value of \w+ (up to|for) ")
_KEEPS = re.compile(r"what (\S+) keeps of (\S+?)\)?\Z")


class Gone(Exception):
    """There is no value."""


class NotCovered(Exception):
    """The formula is of a kind that is not recomputed here."""


@dataclass(frozen=True)
class Value:
    """A number in the base of its unit (``percent`` says that it is a percentage), or a truth, word or day."""

    value: Any
    percent: bool = False


@dataclass(frozen=True)
class Part:
    """What stands for the part of a period between two days: another number in each period that is looked at."""

    first: date
    last: date
    by_days: bool

    def of(self, period: Document) -> Value:
        start, end = date.fromisoformat(period["start"]), date.fromisoformat(period["end"])
        count = date.toordinal if self.by_days else _days_of_30
        inside = count(min(end, self.last + timedelta(days=1))) - count(max(start, self.first))
        return Value(Fraction(inside, count(end) - count(start)))


GONE = Value(None)
"""What stands for a part of a formula that says there is no value."""


@dataclass
class Calculator:
    """Recomputes the steps of the last of these documents; the ones before are all periods before it, from the first.

    ``term``: the first and the last period.
    """

    documents: Sequence[Document]
    nouns: Sequence[str]
    term: tuple[Period, Period]
    _steps: list[dict[tuple[str, str], Document]] = field(init=False)

    def __post_init__(self) -> None:
        self._steps = [{(s["figure"], s["item"]): s for s in one["steps"]} for one in self.documents]

    def recomputed(self, step: Document) -> Value | None:
        """What the formula of the step gives; None where it gives nothing.

        Raises:
            NotCovered: for formulas of other kinds.
        """
        try:
            last = len(self.documents) - 1
            lots = self.lots_of(last, step["item"])
            return _Context(self, step, last, step["item"], lots).text(step["formula"])
        except Gone:
            return None

    def exact(self, step: Document) -> Value | None:
        """The same before the rounding at its end."""
        formula = step["formula"]
        rounded = list(_ROUNDED.finditer(formula))
        if not rounded or rounded[-1].end() != len(formula):
            return self.recomputed(step)
        return self.recomputed(step | {"formula": formula[: rounded[-1].start()]})

    def recorded(self, step: Document) -> Value | None:
        """The value that the step records, in the base of its unit."""
        text, unit = step["value"], step["unit"]
        if text == "":
            return None
        if unit == "yes or no":
            return Value(text == "yes")
        if unit == "a word":
            return Value(text)
        if unit == "a day":
            return Value(date.fromisoformat(text))
        return Value(read_number_text(text) * self.factor(unit), unit == "%")

    def factor(self, unit: str) -> Fraction:
        try:
            return parse_unit(unit, self.nouns).factor
        except WrongUnit:
            return Fraction(1)  # the unit of a bare zero

    def steps(self, index: int) -> Mapping[tuple[str, str], Document]:
        return self._steps[index]

    def lots(self, index: int, scope: str) -> list[str]:
        """The lots of a scope in a period, which have a step each; none for a list."""
        return [item for figure, item in self._steps[index] if figure == f"{scope}.{scope}"]

    def lots_of(self, index: int, item: str) -> dict[str, str]:
        """Which lot of which scope an item is; a combination has one of each, in the order of the scopes' names."""
        scopes = sorted({figure.partition(".")[0] for figure, _ in self._steps[index] if _is_scope(figure)})
        parts = item.split(",") if item else []
        for some in combinations(scopes, len(parts)):
            if all(part in self.lots(index, scope) for scope, part in zip(some, parts, strict=True)):
                return dict(zip(some, parts, strict=True))
        return {}


@dataclass(frozen=True)
class _Context:
    """One formula of one step, at one period and item; ``lots`` are the lots at hand, by their scopes."""

    calculator: Calculator
    step: Document
    period: int
    item: str
    lots: Mapping[str, str]
    known: Mapping[str, Value | Part] = field(default_factory=dict)

    def text(self, formula: str) -> Value:
        if _KEEPS.search(formula) or _PUBLISHED.match(formula):
            raise NotCovered(formula)
        for reduce in (self._no_value, self._part, self._rounding, self._rows, self._dated, self._by_lot):
            reduced = reduce(formula)
            if reduced is not None:
                return reduced
        try:
            node = parse_formula(formula, nouns=self.calculator.nouns)
        except BadInput as bad:
            raise AssertionError(f"the formula of {self.step['figure']} cannot be read: {formula!r}") from bad
        return self.node(node)

    def _with(self, formula: str, start: int, end: int, value: Value | Part) -> Value:
        """The formula with a part of it replaced by what the part comes to."""
        name = f"part_{len(self.known)}"
        known = {**self.known, name: value}
        return replace(self, known=known).text(f"{formula[:start]}{name}{formula[end:]}")

    # --- what is said in words

    def _no_value(self, formula: str) -> Value | None:
        found = _NO_VALUE.search(formula)
        if found is None:
            return None
        return self._with(formula, found.start(), _closes_after(formula, found.end()), GONE)

    def _part(self, formula: str) -> Value | None:
        found = _PART.search(formula)
        if found is None:
            return None
        part = Part(date.fromisoformat(found[1]), date.fromisoformat(found[2]), found[3] == "days")
        return self._with(formula, *found.span(), part)

    def _rounding(self, formula: str) -> Value | None:
        found = _ROUNDED.search(formula)
        if found is None:
            return None
        start = _opens(formula, found.start())
        inner = self.text(formula[start : found.start()])
        rounding = Rounding(Mode(found[1]), read_number_text(found[2]))
        return self._with(formula, start, found.end(), Value(rounding.apply(inner.value), inner.percent))

    def _rows(self, formula: str) -> Value | None:
        found = min((formula.find(head), head) for head in _HEADS if head in formula) if _any(formula) else None
        if found is None:
            return None
        start, head = found
        end = _closes(formula, start + len(head))
        at, rows = _split(formula[start + len(head) : end], ": ")[0], _split(formula[start:end], ": ")[-1]
        given = [_split(row, " gives " if " gives " in row else " counts at ") for row in _split(rows, "; ")]
        values = [self.text(one) for one in _split(at, " to ")]
        value = getattr(self, f"_{_HEADS[head]}")(*values, [(label, gives) for label, gives in given])
        return self._with(formula, start, end, value)

    def _at(self, at: Value, rows: list[tuple[str, str]]) -> Value:
        """The row that was reached; unless it is 'otherwise', it must hold the value, and no other row may."""
        reached = self.step["reached"].split("; ")
        holding = [(label, gives) for label, gives in rows if label != "otherwise" and self._holds(label, at)]
        holding = holding or [(label, gives) for label, gives in rows if label == "otherwise"][:1]
        assert len(holding) == 1, (at, rows)
        label, gives = holding[0]
        assert label in reached, (label, self.step)
        return self.text(gives)

    def _ends(self, label: str) -> tuple[Fraction | None, bool, Fraction | None, bool]:
        bounds = parse_row(label, nouns=self.calculator.nouns, default_unit=None, source=NOWHERE)
        low = None if bounds.low is None else self.node(bounds.low).value
        high = None if bounds.high is None else self.node(bounds.high).value
        return low, bounds.low_closed, high, bounds.high_closed

    def _holds(self, label: str, at: Value) -> bool:
        """Whether a row holds a value; the rows of service levels are ``A``, ``B, not A`` and ``not B``."""
        if "not " in label:
            within, _, without = label.rpartition("not ")
            return (not within or self._holds(within.removesuffix(", "), at)) and not self._holds(without, at)
        low, low_closed, high, high_closed = self._ends(label)
        above = low is None or at.value > low or (low_closed and at.value == low)
        return above and (high is None or at.value < high or (high_closed and at.value == high))

    def _entry(self, key: Value, rows: list[tuple[str, str]]) -> Value:
        """The entry for a word; where it has none that for anything else."""
        entries = dict(rows)
        word = f'"{key.value}"'
        return self.text(entries[word if word in entries else "anything else"])

    def _between(self, start: Value, end: Value, rows: list[tuple[str, str]]) -> Value:
        """What the slices count from one point to another."""
        return Value(self._along(end, rows).value - self._along(start, rows).value)

    def _along(self, at: Value, rows: list[tuple[str, str]]) -> Value:
        total = Fraction(0)
        for label, gives in rows:
            low, _, high, _ = self._ends(label)
            begin = max(Fraction(0), low or Fraction(0))
            end = at.value if high is None else min(at.value, high)
            rate = self.text(gives)
            total += max(Fraction(0), end - begin) * rate.value / (100 if rate.percent else 1)
        return Value(total)

    def _line(self, at: Value, rows: list[tuple[str, str]]) -> Value:
        quantities = [parse_quantity(label, self.calculator.nouns, NOWHERE, default_unit=None) for label, _ in rows]
        gives = [self.text(text) for _, text in rows]
        points = [(quantity.value, give.value) for quantity, give in zip(quantities, gives, strict=True)]
        percent = any(give.percent for give in gives)
        x = min(max(at.value, points[0][0]), points[-1][0])
        for (left, low), (right, high) in pairwise(points):
            if left <= x <= right:
                return Value(low + (high - low) * (x - left) / (right - left), percent)
        raise AssertionError("the points are in order")

    def _dated(self, formula: str) -> Value | None:
        head = "what holds on the first day of the period: "
        if not formula.startswith(head):
            return None
        day = date.fromisoformat(self.calculator.documents[self.period]["period"]["start"])
        entries = [entry.removeprefix("from ").split(": ") for entry in formula[len(head) :].split("; ")]
        return self.text([text for since, text in entries if date.fromisoformat(since) <= day][-1])

    def _by_lot(self, formula: str) -> Value | None:
        found = re.match(r"the value for the \S+ at hand: ", formula)
        if found is None:
            return None
        entries = dict(entry.split(": ") for entry in formula[found.end() :].split("; "))
        return self.text(entries[self.item])

    # --- names

    def name(self, name: str) -> Value:
        if name in self.known:
            known = self.known[name]
            if known is GONE:
                raise Gone(name)
            return known.of(self.calculator.documents[self.period]["period"]) if isinstance(known, Part) else known
        return self.figure(self.full(name))

    def full(self, name: str) -> str:
        """The figure that a name means: a premise of that name, or a column of the list at hand."""
        premises = dict.fromkeys(figure for figure, _ in self.step["premises"])
        found = [figure for figure in premises if figure == name] or [f for f in premises if f.endswith(f".{name}")]
        return found[0] if found else name

    def settled(self) -> _Context:
        """The period that is settled, and the item that the step is about: what "this item's" means."""
        last, item = len(self.calculator.documents) - 1, self.step["item"]
        return replace(self, period=last, item=item, lots=self.calculator.lots_of(last, item))

    def step_of(self, figure: str) -> Document | None:
        """The step of a figure in the period, for the lot at hand; None before an amendment brought the figure or lot."""
        steps = self.calculator.steps(self.period)
        some = [part for size in range(len(self.lots), 0, -1) for part in combinations(sorted(self.lots), size)]
        lots = [self.item, "", *(",".join(self.lots[scope] for scope in scopes) for scopes in some)]
        return next((steps[figure, lot] for lot in lots if (figure, lot) in steps), None)

    def begun(self, node: n.AnyNode) -> bool:
        """Whether anything that the formula names was there in the period."""
        names = [self.full(one.name) for one in n.names_in(node) if isinstance(one, n.Name)]
        names = [name for name in names if name not in self.known]
        figures = {figure for figure, _ in self.calculator.steps(self.period)}
        if not self.item:  # what is summed up for each lot has no value without a lot
            return not names or bool(figures & set(names))
        sums = [one for one in n.all_in(node) if isinstance(one, n.Fold) and not isinstance(one.over, n.Window)]
        of_items = {self.full(one.name) for each in sums for one in n.names_in(each) if isinstance(one, n.Name)}
        return not names or bool(figures & of_items) or any(self.step_of(name) is not None for name in names)

    def figure(self, figure: str) -> Value:
        step = self.step_of(figure)
        if step is None:
            raise Gone(figure)
        value = self.calculator.recorded(step)
        if value is None:
            raise Gone(figure)
        return value

    # --- nodes

    def node(self, node: n.AnyNode) -> Value:
        match node:
            case n.Quantity(value=value, unit=unit):
                return Value(value, unit.share == "%")
            case n.Literal_(value=value):
                return Value(value)
            case n.Name(name=name, outer=outer):
                return (self.settled() if outer else self).name(name)
            case n.Arithmetic(operator=operator, left=left, right=right):
                return _arithmetic(operator, self.node(left), self.node(right))
            case n.Of(share=share, base=base):
                part, whole = self.node(share), self.node(base)
                return Value(part.value * whole.value / (100 if part.percent else 1), whole.percent)
            case n.AsPercent(part=part_node, whole=whole_node):
                return Value(self.node(part_node).value * 100 / self.node(whole_node).value, percent=True)
            case n.Extreme(pick=pick, items=items):
                values = [self.node(item) for item in items]
                best = (min if pick == "min" else max)(one.value for one in values)
                return Value(best, any(one.percent for one in values))
            case n.Step(item=item, per=per, counting=counting):
                count = max(Fraction(0), self.node(item).value / self.node(per).value)
                ways = {"full": floor(count), "started": ceil(count), "nearest": floor(count + Fraction(1, 2))}
                return Value(Fraction(ways.get(counting, count)))
            case n.OrElse(item=item, fallback=fallback):
                try:
                    return self.node(item)
                except Gone:
                    return self.node(fallback)
            case n.Choose(condition=condition, then=then, otherwise=otherwise):
                return self.node(then if self.node(condition).value else otherwise)
            case n.PeriodFact() | n.Earlier() | n.Fold():
                return self._over(node)
            case _:
                return Value(self._truth(node))

    def _joined(self, items: tuple[n.AnyNode, ...], *, decisive: bool) -> bool:
        """One decisive condition is enough, whatever the others are; else all must have an answer."""
        gone: list[Gone] = []
        for item in items:
            try:
                holds = bool(self.node(item).value)
                if holds == decisive:
                    return decisive
            except Gone as why:
                gone.append(why)
        if gone:
            raise gone[0]
        return not decisive

    def _truth(self, node: n.AnyNode) -> bool:
        match node:
            case n.Test(operator=operator, left=left, right=right):
                a, b = self.node(left).value, self.node(right).value
                compare = {"<": lt, "<=": le, "==": eq, "!=": ne, ">=": ge, ">": gt}[operator]
                return bool(compare(a, b))
            case n.Every(items=items):
                return self._joined(items, decisive=False)
            case n.AnyOf(items=items):
                return self._joined(items, decisive=True)
            case n.Not(item=item):
                return not self.node(item).value
            case n.Known(item=item):
                try:
                    self.node(item)
                except Gone:
                    return False
                return True
            case n.PeriodPlace(which=which, of=of):
                first, last = self.calculator.term
                if of == "term":
                    return self.period == (0 if which == "first" else last.number - first.number)
                whole = self._passed(of, self.period) == 0
                ends = self._passed(of, self.period + 1) == 0 or self.period == last.number - first.number
                return (whole or self.period == 0) if which == "first" else ends
            case _:
                raise NotCovered(type(node).__name__)

    def _passed(self, of: str, period: int) -> int:
        """How many periods of its contract year, calendar year or quarter lie before a period."""
        first = self.calculator.term[0]
        length = {"quarter": 3, "half-year": 6}.get(of, 12) // first.every.value
        return (period if of == "year" else first.number + period) % length

    def _over(self, node: n.PeriodFact | n.Earlier | n.Fold) -> Value:
        match node:
            case n.PeriodFact(what="days"):
                period = self.calculator.documents[self.period]["period"]
                days = date.fromisoformat(period["end"]) - date.fromisoformat(period["start"])
                return Value(Fraction(days.days * 1440))
            case n.PeriodFact(what="start"):
                return Value(date.fromisoformat(self.calculator.documents[self.period]["period"]["start"]))
            case n.PeriodFact(what="end"):
                period = self.calculator.documents[self.period]["period"]
                return Value(date.fromisoformat(period["end"]) - timedelta(days=1))
            case n.Earlier(name=name, periods=periods, before_start=before):
                earlier = replace(self, period=self.period - periods)
                if periods <= self.period and earlier.step_of(name) is not None:
                    return earlier.figure(name)
                if before is None:
                    raise Gone(name)
                return self.node(before)
            case n.Fold():
                return _folded(node, self._values(node), self)
            case _:
                raise NotCovered("period fact")

    def _values(self, node: n.Fold) -> list[Value]:
        if isinstance(node.over, tuple):
            return [self.node(item) for item in node.over]
        if isinstance(node.over, n.Window):
            first = 1 if node.over.previous else 0
            length = self.period + 1 if node.over.length is None else node.over.length + first
            if node.over.since:
                length = self._passed(node.over.since, self.period) + 1
            contexts = [replace(self, period=self.period - ago) for ago in range(first, min(length, self.period + 1))]
            contexts = [one for one in contexts if node.item is None or one.begun(node.item)]
        elif all(self.calculator.lots(self.period, scope) for scope in node.over.split(",")):
            scopes = node.over.split(",")
            many = product(*(self.calculator.lots(self.period, scope) for scope in scopes))
            contexts = [
                replace(self, item=",".join(lots), lots={**self.lots, **dict(zip(scopes, lots, strict=True))})
                for lots in many
            ]
        else:
            over = (
                {self.full(one.name) for one in n.names_in(node.item) if isinstance(one, n.Name)}
                if node.item
                else set()
            )
            over = over or {figure for figure, _ in self.step["premises"]}
            steps = self.calculator.steps(self.period)
            items = dict.fromkeys(item for figure, item in steps if figure in over and item)
            contexts = [replace(self, item=item) for item in items]
        found: list[Value] = []
        for context in contexts:
            try:
                if node.where is None or context.node(node.where).value:
                    found.append(Value(Fraction(1)) if node.item is None else context.node(node.item))
            except Gone:
                if node.missing == "refuse":
                    raise
            if node.kind == "streak" and not found[-1].value:
                break
        return found


def _is_scope(figure: str) -> bool:
    """Whether a figure says the lots of a scope, as ``site.site`` does."""
    scope, _, column = figure.partition(".")
    return scope == column


def _arithmetic(operator: str, left: Value, right: Value) -> Value:
    if isinstance(left.value, date):
        return Value(Fraction((left.value - right.value).days * 1440))
    a, b = left.value, right.value
    if operator in "+-":
        return Value(a + b if operator == "+" else a - b, left.percent or right.percent)
    return Value(a * b if operator == "*" else a / b, left.percent != right.percent)


def _folded(node: n.Fold, values: list[Value], context: _Context) -> Value:
    kind, none_found = node.kind, node.none_found
    numbers = [one.value for one in values]
    if kind in ("any", "every"):
        return Value(any(numbers) if kind == "any" else all(numbers))
    if kind in ("count", "streak"):
        return Value(Fraction(sum(1 for one in numbers if one)))
    if not numbers and none_found is not None:
        return context.node(none_found)
    percent = any(one.percent for one in values)
    if kind == "sum":
        return Value(sum(numbers, Fraction(0)), percent)
    if not numbers:
        raise Gone(kind)
    if node.rank is not None:
        return Value(_ranked(sorted(numbers), node.rank.percent / 100, node.rank.method), percent)
    ways = {"average": sum(numbers, Fraction(0)) / len(numbers), "highest": max(numbers), "lowest": min(numbers)}
    return Value(ways[kind], percent)


def _ranked(ordered: list[Fraction], share: Fraction, method: str) -> Fraction:
    """The value at a share of the way through the values: found by counting, without any formula for its rank."""
    count = len(ordered)
    if method == "nearest rank":
        return next(one for at, one in enumerate(ordered, 1) if at >= share * count)
    steps = share * (count - 1)  # how many of the steps from the lowest to the highest lie below
    if method == "higher of the two":
        return next(one for at, one in enumerate(ordered) if at >= steps)
    low = [one for at, one in enumerate(ordered) if at <= steps][-1]
    if method == "lower of the two":
        return low
    parts = [min(max(steps - at, Fraction(0)), Fraction(1)) for at in range(count - 1)]
    rises = [after - before for before, after in pairwise(ordered)]
    return ordered[0] + sum((part * rise for part, rise in zip(parts, rises, strict=True)), Fraction(0))


def _days_of_30(day: date) -> int:
    """The number of a day where every month has 30."""
    return 360 * day.year + 30 * day.month + min(day.day, 30)


def _any(formula: str) -> bool:
    return any(head in formula for head in _HEADS)


_INSIDE = (", at ", ", not ", ", plus ")
"""Commas that do not part one thing from the next."""


def _opens(text: str, end: int) -> int:
    """Where the part that ends at ``end`` begins: after an open bracket, or a comma beside it."""
    depth = 0
    for index in range(end - 1, -1, -1):
        depth += {")": 1, "(": -1}.get(text[index], 0)
        if depth < 0:
            return index + 1
        if not depth and text.startswith(", ", index) and not text.startswith(_INSIDE, index):
            return index + 2
    return 0


def _closes(text: str, start: int) -> int:
    """Where the part that begins before ``start`` ends: before the bracket that closes around it, or a comma."""
    depth = 0
    for index in range(start, len(text)):
        depth += {"(": 1, ")": -1}.get(text[index], 0)
        if depth < 0 or (not depth and text.startswith(", ", index) and not text.startswith(_INSIDE, index)):
            return index
    return len(text)


def _closes_after(text: str, start: int) -> int:
    """Where the bracket closes that was open before ``start``: whatever was said in between has closed its own."""
    depth = 0
    for index in range(start, len(text)):
        depth += {"(": 1, ")": -1}.get(text[index], 0)
        if depth < 0:
            return index
    return len(text)


def _split(text: str, mark: str) -> list[str]:
    """The text cut at the marks that stand outside brackets."""
    parts, depth, start, index = [], 0, 0, 0
    while index < len(text):
        depth += {"(": 1, ")": -1}.get(text[index], 0)
        if not depth and text.startswith(mark, index):
            parts.append(text[start:index])
            start = index = index + len(mark)
            continue
        index += 1
    return [*parts, text[start:]]
