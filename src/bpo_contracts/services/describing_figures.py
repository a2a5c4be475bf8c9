"""One figure said: a sentence, the rows of its table, its gates, its rounding.

What a figure is wrapped in is taken off layer by layer (rounding, "nothing without data", gates, a figure that is only
handed on) and said beside what remains.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field

from bpo_contracts.terms import nodes as n
from bpo_contracts.terms.absence import CanBeAbsent
from bpo_contracts.terms.describe import describe, rounding_words
from bpo_contracts.terms.describe_tables import row_words
from bpo_contracts.values.frozen import frozen
from bpo_contracts.values.rounding import Rounding
from bpo_contracts.values.units import Unit

_Words = Callable[[n.AnyNode], str]


@frozen
class Said:
    """A figure in words: a sentence, the rows of its table (row, what it gives), sentences after the table.

    ``parts`` are the figures that are said as a part of this one, ``named`` those it calls by their titles.
    """

    sentence: str
    rows: tuple[tuple[str, str], ...] = ()
    more: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    named: frozenset[str] = frozenset()

    def by_the_rows_above(self) -> Said:
        """The same where the rows of its table have just been said."""
        sentence = f"{self.sentence.removesuffix(':')}, by the rows above."
        return Said(sentence, (), self.more, self.parts, self.named)


class _Titles(Mapping[str, str]):
    """The words for figures; it keeps in mind which of them were asked for."""

    def __init__(self, says: Mapping[str, str]) -> None:
        self._says = says
        self.named: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.named.add(name)
        return self._says[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._says)

    def __len__(self) -> int:
        return len(self._says)


@frozen
class Setting:
    """What figures are said with: all of them by name, their units, the words for them, what a period is called.

    ``own`` are those that are said by themselves, and never as a part of another one; ``same`` is the one that is said for its
    clause, under its own title; ``absent`` are those that can be without a value.
    """

    figures: Mapping[str, n.Figure]
    units: Mapping[str, Unit]
    says: Mapping[str, str]
    period: str
    own: Collection[str]
    same: str
    absent: CanBeAbsent


def say_figure(figure: n.Figure, setting: Setting) -> Said:
    """The figure in words."""
    says, titles = setting.says, _Titles(setting.says)

    def words(node: n.AnyNode) -> str:
        return describe(node, period=setting.period, says=titles).replace(" * ", " × ")

    layers = _Layers(figure, setting, words)
    layers.take_off_all()
    titled = setting.figures[setting.same] if setting.same in layers.parts else figure
    title = says.get(titled.name, titled.says or titled.name)
    title = f"whether {title}" if titled.says.startswith("whether ") else title
    title = "amount" if f"{figure.name}.gross" in layers.parts else title
    per = f", for each {says.get(figure.per, figure.per.replace(',', ' and ').replace('_', ' '))}" if figure.per else ""
    table = None if layers.node is None else _table(layers.node, words)
    if layers.node is None:
        what = f"reported for every {setting.period}{_in_unit(setting.units.get(figure.name))}"
    else:
        what = table[0] if table else _condition(layers.node, words) or words(layers.node)
    rows = table[1] if table else ()
    missing = layers.missing if layers.node is None or n.names_in(layers.node) else ""
    missing = "0" if layers.node is None and missing == "nothing" else missing
    more = [
        *layers.gates,
        *([f"Where there is no data: {missing}."] if missing else []),
        *_refusing(layers.node, setting.absent),
    ]
    sentence = f"{title.removeprefix('the ')}{per}: {what}{layers.ending}{':' if rows else '.'}"
    named = frozenset(titles.named)
    return Said(sentence[:1].upper() + sentence[1:], rows, tuple(more), tuple(layers.parts), named)


def _refusing(node: n.AnyNode | None, absent: CanBeAbsent) -> list[str]:
    """What stops the settlement if a value inside is not there, and can be."""

    def refuses(part: n.AnyNode) -> bool:
        guard = part.fallback if isinstance(part, n.OrElse) else None
        return isinstance(guard, n.NoValue) and guard.refused and absent.can_be_without(n.children(part)[0])

    if node is None or not any(map(refuses, n.all_in(node))):
        return []
    folds = (one for one in n.all_in(node) if isinstance(one, n.Fold) and isinstance(one.over, str))
    of_items = any(refuses(part) for fold in folds for part in n.all_in(fold))
    lacking = "an item lacks one of these values" if of_items else "one of these values is missing"
    return [f"If {lacking}, nothing is settled."]


@dataclass(slots=True)
class _Layers:
    """What has been taken off a figure so far, and the node that remains; None for what is reported."""

    figure: n.Figure
    setting: Setting
    words: _Words
    node: n.AnyNode | None = None
    ending: str = ""
    rounding: Rounding | None = None
    missing: str = ""
    gates: list[str] = field(default_factory=list[str])
    parts: list[str] = field(default_factory=list[str])

    def take_off_all(self) -> None:
        """Takes layers off until there is none."""
        self.node = self.figure.node
        while self.node is not None and self._take_off(self.node):
            pass

    def _take_off(self, node: n.AnyNode) -> bool:
        match node:
            case n.Round(item=item, rounding=rounding) if self.rounding in (None, rounding):
                if self.rounding is None:  # what is rounded already stays as it is when it is rounded so again
                    self.ending = f", {rounding_words(rounding, self.setting.units.get(self.figure.name))}{self.ending}"
                self.node, self.rounding = item, rounding
            case n.OrElse(item=item, fallback=fallback):
                instead = "nothing" if _is_zero(fallback) else self.words(fallback)
                if isinstance(fallback, n.NoValue) and fallback.refused:
                    instead = "no settlement"
                if self.setting.absent.can_be_without(item):
                    self.missing += f"{', and else ' if self.missing else ''}{instead}"
                self.node = item
            case n.Extreme(pick=pick, items=(zero, item)) if _is_zero(zero):
                self.ending = f"{self.ending}, at {'least' if pick == 'max' else 'most'} 0"
                self.node = item
            case n.Choose():
                return self._take_off_gate(node)
            case n.Kept(member=member):
                return self._go_on(member)
            case n.Arithmetic(operator="-", left=left, right=n.Kept(member=member)) if _is_zero(left):
                return self._go_on(member)
            case n.Name(name=name, outer=0):
                return self._go_on(name)
            case _:
                return False
        return True

    def _take_off_gate(self, node: n.Choose) -> bool:
        condition = self.words(node.condition)
        if _is_zero(node.otherwise) and not _is_zero(node.then):
            self.gates.append(f"Only if {condition}.")
            self.node = node.then
        elif _is_zero(node.then) and not _is_zero(node.otherwise):
            self.gates.append(f"Nothing if {condition}.")
            self.node = node.otherwise
        elif isinstance(node.otherwise, n.NoValue):
            self.gates.append(f"It has no value unless {condition}.")
            self.node = node.then
        elif isinstance(node.then, n.NoValue):
            self.gates.append(f"It has no value if {condition}.")
            self.node = node.otherwise
        else:
            return False
        return True

    def _go_on(self, name: str) -> bool:
        """On to a figure of the same clause that this one only hands on; a sign that is turned twice is not said."""
        inner = self.setting.figures.get(name)
        if name in self.setting.own:
            return False
        if inner is None or inner.per != self.figure.per or name.split(".", 1)[0] != self.figure.name.split(".", 1)[0]:
            return False
        if name in self.parts:
            return False
        self.parts.append(name)
        turned = inner.node
        if name.endswith(".signed") and isinstance(turned, n.Arithmetic) and _is_zero(turned.left):
            turned = turned.right
        self.node = turned
        return True


def _is_zero(node: n.AnyNode) -> bool:
    return isinstance(node, n.Quantity) and not node.value


def _in_unit(unit: Unit | None) -> str:
    if unit is None or unit.is_plain or unit.kind != "number":
        return ""
    return f", in {'percentage points' if unit.share == 'pp' else unit}"


def _table(node: n.AnyNode, words: _Words) -> tuple[str, tuple[tuple[str, str], ...]] | None:
    """The head and the rows of a table; None for what is no table."""
    match node:
        case n.Curve(rows=rows, at=at, start=start, reading=reading):
            heads = {
                "at": "read from the row that holds {at}",
                "along": "counted slice by slice{start} up to {at}",
                "whole": "{at}, times the row that holds it",
                "line": "on the straight line between these points, flat outside them, at {at}",
            }
            beginning = f" from {words(start)}" if start is not None else " from 0" if _is_on_both_sides(rows) else ""
            head = heads[reading].format(at=words(at), start=beginning)
            if isinstance(start, n.Extreme) and start.pick == "max" and at in start.items:  # it goes down to ``at``
                head = f"below zero, counted slice by slice from {words(at)} up to {words(start)}"
            elif start is None and reading == "along" and _is_on_both_sides(rows):
                head += " (below 0 the result is below 0)"
            return head, tuple((row.label or row_words(row, words), _gives(row, words)) for row in rows)
        case n.LookUp(key=key, entries=entries, otherwise=otherwise):
            rest = () if otherwise is None else (("anything else", _nothing(otherwise, words)),)
            return f"the entry for {words(key)}", (*((word, _nothing(value, words)) for word, value in entries), *rest)
        case n.Dated(entries=entries):
            return "what holds on the first day of the period", tuple(
                (f"from {day.isoformat()}", _agreed(value, words)) for day, value in entries
            )
        case n.ByItem(over=over, entries=entries):
            return f"the value for the {over.replace(',', ' and ').replace('_', ' ')}", tuple(
                (item, _agreed(value, words)) for item, value in entries
            )
        case _:
            return None


def _is_on_both_sides(rows: tuple[n.Row, ...]) -> bool:
    """Whether an end of a row is written as a number below zero."""
    ends = (end for row in rows for end in (row.low, row.high))
    return any(isinstance(end, n.Quantity) and end.value < 0 for end in ends)


def _gives(row: n.Row, words: _Words) -> str:
    plus = "" if row.plus is None else f", plus {words(row.plus)} once reached"
    return _nothing(row.gives, words) + plus


def _agreed(node: n.AnyNode, words: _Words) -> str:
    """An agreed value, whose 0 is a value as any other."""
    return node.value if isinstance(node, n.Literal_) and isinstance(node.value, str) else words(node)


def _nothing(node: n.AnyNode, words: _Words) -> str:
    if isinstance(node, n.NoValue) and node.refused:
        return "not agreed: nothing is settled"
    return "none" if _is_zero(node) else _agreed(node, words)


def _condition(node: n.AnyNode, words: _Words) -> str:
    """``if …`` for a figure that only says whether a condition holds."""
    match node:
        case n.Choose(condition=condition, then=n.Literal_(value=True), otherwise=n.Literal_(value=False)):
            return f"if {words(condition)}"
        case _:
            return ""
