"""The parts of a formula that are English phrases: aggregates, windows, earlier periods, steps, days.

What stands after ``of`` is one thing: a name, a number, a percentage of one thing, or brackets. A phrase beside
``+ - * /`` is put in brackets, because nobody sees where it ends.
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import replace
from fractions import Fraction

from bpo_contracts.terms.formula_cursor import Parsed
from bpo_contracts.terms.formula_lexer import Token
from bpo_contracts.terms.formula_ranks import Ranks
from bpo_contracts.terms.formula_words import (
    COUNTINGS,
    ELAPSED,
    EVERYTHING,
    FOLDS,
    JOINS,
    MISSING,
    NOT,
    OF,
    PHRASE,
    YEARS_BY,
)
from bpo_contracts.terms.items import joined
from bpo_contracts.terms.nodes import (
    DAYS_IN_PERIOD,
    AnyNode,
    Arithmetic,
    DayCount,
    Extreme,
    Fold,
    FoldKind,
    Name,
    Not,
    NoValue,
    PeriodFact,
    Quantity,
    Step,
    TimeBetween,
    Window,
    WorkingDays,
)
from bpo_contracts.values.findings import refuse
from bpo_contracts.values.units import DAYS

_FOLD_EXAMPLE = "'sum of fee for each tickets' or 'sum of fee over last 12 months'"


class Phrases(Ranks):
    """Reads phrases; what stands inside them is read by the operators (``tight``, ``term``, ``alone``)."""

    @abstractmethod
    def term(self) -> Parsed:
        """One thing, a percentage of one thing, or a phrase."""

    @abstractmethod
    def tight(self) -> Parsed:
        """One thing: a name, a number, a call or brackets."""

    def at_phrase(self) -> bool:
        """Whether an aggregate, a number of steps or a number of days begins here."""
        token, following = self.token, self.tokens[min(self.index + 1, len(self.tokens) - 1)]
        if token.kind == "ordinal":
            return True
        if token.kind != "word" or following.kind != "word":
            return False
        if token.text in FOLDS:
            return following.text == "of"
        if (token.text, following.text) in ELAPSED or self.at("years", "from") or self._at_working_days():
            return True
        return (token.text in COUNTINGS and following.text == "steps") or (
            self.at("days", "from") or self.at("days", "in", "period", "from")
        )

    def phrase(self) -> Parsed:
        """An aggregate, a number of steps or a number of days."""
        start = self.token.start
        self.deeper()
        if self.token.kind == "ordinal" or self.token.text in FOLDS:
            node = self._fold()
        elif self.at("years", "from") or (self.token.text, self.tokens[self.index + 1].text) in ELAPSED:
            node = self._time_between()
        elif self.token.text in COUNTINGS:
            node = self._steps()
        elif self._at_working_days():
            node = self._working_days()
        elif self.at("days", "in"):
            node = self._days_in_period()
        else:
            node = self._days()
        self.deeper(-1)
        return Parsed(node, PHRASE, start, self.last_end, start)

    def _steps(self) -> AnyNode:
        start = self.token.start
        counting = COUNTINGS[self.take().text]
        self.expect("steps", "of", after=repr(counting))
        item = self.one_thing("of", start)
        if not self.at("per"):
            self.unexpected(f"Say of what size, as in '{counting} steps of delay per 30 minutes'.")
        self.take()
        per = self.one_thing("per", start)
        return Step(item.node, per.node, counting, source=self.since(start))

    def _days_in_period(self) -> AnyNode:
        """``days in period from a to b``: those of the days from a to b, both of them counted, that lie in the period."""
        start = self.token.start
        self.accept("days", "in", "period", "from")
        first = self.one_thing("from", start)
        self.expect("to", after=f"'{self.words(start, first.end)}'")
        last = self.one_thing("to", start)
        place = self.since(start)
        begin = Extreme("max", (first.node, PeriodFact("start", source=place)), source=place)
        end = Extreme("min", (last.node, PeriodFact("end", source=place)), source=place)
        between = Arithmetic(
            "+", DayCount(begin, end, source=place), Quantity(DAYS.factor, DAYS, source=place), source=place
        )
        return Extreme("max", (between, Quantity(Fraction(0), DAYS, source=place)), source=place)

    def _days(self) -> AnyNode:
        start = self.token.start
        self.accept("days", "from")
        first = self.one_thing("from", start)
        self.expect("to", after=f"'days from {self.words(first.start, first.end)}'")
        last = self.one_thing("to", start)
        if self.accept("by"):
            self._day_count("30/360")
            return DayCount(first.node, last.node, "30/360", source=self.since(start))
        return DayCount(first.node, last.node, source=self.since(start))

    def _at_working_days(self) -> bool:
        return self.at("working", "days", "from") or self.at("working", "days", "in", "period")

    def _working_days(self) -> AnyNode:
        """``working days from a to b by england``, ``working days in period by england``."""
        start = self.token.start
        if self.accept("working", "days", "in", "period"):
            place, of_period = self.since(start), True
            first: AnyNode = PeriodFact("start", source=place)
            last: AnyNode = PeriodFact("end", source=place)
        else:
            of_period = False
            self.accept("working", "days", "from")
            begin = self.one_thing("from", start)
            self.expect("to", after=f"'working days from {self.words(begin.start, begin.end)}'")
            first, last = begin.node, self.one_thing("to", start).node
        self.expect("by", after=f"'{self.words(start, self.last_end)}'")
        name = self.token
        if name.kind != "word":
            self.unexpected("Name the calendar, as in 'working days from due to done by england'.")
        self.take()
        return WorkingDays(first, last, name.text, of_period=of_period, source=self.since(start))

    def _time_between(self) -> AnyNode:
        """``full months from a to b``, ``years from a to b by actual/actual``."""
        start = self.token.start
        words = (self.take().text, self.token.text)
        what = ELAPSED.get(words)
        if what:
            self.take()
        self.expect("from", after=f"'{self.words(start, self.last_end)}'")
        first = self.one_thing("from", start)
        self.expect("to", after=f"'{self.words(start, first.end)}'")
        last = self.one_thing("to", start)
        if not what:
            self.expect("by", after=f"'{self.words(start, last.end)}'")
            what = YEARS_BY[self._day_count(*YEARS_BY)]
        return TimeBetween(first.node, last.node, what, source=self.since(start))

    def _day_count(self, *known: str) -> str:
        """The words for a way to count days, such as ``actual/365``."""
        ahead = "".join(token.text for token in self.tokens[self.index : self.index + 3])
        if ahead not in known:
            self.unexpected(f"Write how days are counted: {', '.join(known)}.")
        self.index += 3
        return ahead

    def one_thing(self, after: str, phrase_start: int) -> Parsed:
        """What stands after ``of``, ``per``, ``from`` or ``to``: refused if an operator follows unbracketed."""
        thing = self.term()
        before = self.text[phrase_start : thing.start]
        inside = self.text[thing.start : thing.end]
        if thing.level < OF:
            what = f"What stands after {after!r} is one thing"
            self.brackets(what, f"{before}({inside})", start=thing.start, end=thing.end)
        if self.at_any("+", "-", "*", "/"):
            operator = self.take().text
            rest = self.tight()
            other = self.text[rest.start : rest.end]
            self.brackets(
                f"What stands after {after!r} is one thing",
                f"{before}({inside} {operator} {other})",
                f"({before}{inside}) {operator} {other}",
                start=thing.start,
                end=rest.end,
            )
        return thing

    # --- aggregates -------------------------------------------------------------------------------------------------

    def _fold(self) -> AnyNode:
        start = self.token.start
        kind, percent = self.aggregate()
        self.expect("of", after=repr(kind))
        item, over = self._folded(kind, start)
        where, none_found, missing, method = None, None, None, None
        once_per: tuple[Name, ...] = ()
        while True:
            if where is None and self.at("where"):
                where = self._where(start)
            elif not once_per and isinstance(over, str) and self.accept("once", "per"):
                once_per = self._columns()
            elif none_found is None and self.accept("(", "none", "found", ":"):
                none_found = self._none_found(kind)
            elif missing is None and self.accept("(", "missing", ":"):
                missing = MISSING[self.one_of(*MISSING)]
            elif isinstance(over, Window) and not over.said and self.at("(", "short"):
                over = replace(over, short=self.short(), said=True)
            elif percent and method is None and self.at("("):
                method = self.method(kind)
            else:
                break
        rank = self.ranked(kind, percent, method, start)
        return Fold(kind, item, over, where, none_found, missing or "refuse", once_per, rank, source=self.since(start))

    def _none_found(self, kind: FoldKind) -> AnyNode:
        """The answer in ``(none found: …)``; ``no result`` is that there is no value."""
        start = self.token.start
        if self.accept("no", "result", ")"):
            return NoValue(f"there is nothing to take the {kind} of", source=self.since(start))
        return self.to_bracket()

    def _columns(self) -> tuple[Name, ...]:
        """The columns after ``once per``, joined by ``and``."""
        columns: list[Name] = []
        while not columns or self.accept("and"):
            token = self.token
            column = self.list_name()
            columns.append(Name(column, source=self.place(token.start, token.end)))
        return tuple(columns)

    def _folded(self, kind: FoldKind, start: int) -> tuple[AnyNode | None, str | Window | tuple[AnyNode, ...]]:
        listed = self._list()
        if listed:
            return None, listed
        thing = self.one_thing("of", start)
        if self.accept("for"):
            self.expect("each", after="'for'")
            return thing.node, self._scopes(self.list_name())
        if kind == "average" and self.accept("over", "days", "in", "period"):
            return thing.node, DAYS_IN_PERIOD
        if self.at("over") and self.at_window():
            self.take()
            return thing.node, self.window()
        if kind == "streak":
            return thing.node, EVERYTHING
        if kind == "count" and isinstance(thing.node, Name) and not thing.node.outer:
            return None, self._scopes(thing.node.name)
        return self._no_list(kind, thing)

    def _scopes(self, first: str) -> str:
        """The scopes after ``for each``, whose first was read; in a list a comma begins its next value instead."""
        scopes = [first]
        while not self.listing and self.accept(","):
            start = self.token.start
            scopes.append(self.list_name())
            if scopes.count(scopes[-1]) > 1:
                problem = f"{scopes[-1]!r} is named twice after 'for each'."
                raise refuse("BPO214", "unexpected-word", problem, "Name each scope once.", self.since(start))
        return joined(scopes)

    def _no_list(self, kind: FoldKind, thing: Parsed) -> tuple[AnyNode, str]:
        if self.at_any(*JOINS):
            one = f"{kind} of ({self.words(thing.start, thing.end)} {self.token.text} …)"
            self.brackets(f"What stands after '{kind} of' is one thing", one, start=thing.start, end=self.token.end)
        return self.unexpected(f"Say over what '{kind}' runs, as in {_FOLD_EXAMPLE}.")

    def _list(self) -> tuple[AnyNode, ...]:
        """``(a, b, c)``: values given one by one. Empty (and nothing taken) for anything else."""
        if not self._at_list():
            return ()
        self.take()
        return self.listed()

    def listed(self, opened: Token | None = None) -> tuple[AnyNode, ...]:
        """The values up to the closing bracket, with commas between; ``opened`` is what a missing one belongs to."""
        around, self.listing = self.listing, True
        items = [self.alone().node]
        while self.at(",") and not self.inside_number():
            self.take()
            items.append(self.alone().node)
        self.listing = around
        self.close(opened)
        return tuple(items)

    def _at_list(self) -> bool:
        """Whether a bracket opens here that holds a comma of its own; what runs over something is one value."""
        depth, commas = 0, False
        for index, token in enumerate(self.tokens[self.index :] if self.at("(") else (), self.index):
            if token.kind == "mark" and token.text in "()":
                depth += 1 if token.text == "(" else -1
            commas = commas or (depth == 1 and token.kind == "mark" and token.text == ",")
            if not depth:
                return commas and not self._runs_over_something(index + 1)
        return commas

    def _runs_over_something(self, index: int) -> bool:
        """Whether ``for each …`` or a window stands there."""
        here, self.index = self.index, index
        runs = self.at("for", "each") or (self.at("over") and self.at_window())
        self.index = here
        return runs

    def list_name(self) -> str:
        """The name of a list after ``for each``."""
        token = self.token
        if token.kind != "word":
            self.unexpected("Name the list, as in 'for each tickets'.")
        self.check_name(token.text, token.start, token.end)
        return self.take().text

    def _where(self, start: int) -> AnyNode:
        """Which rows count: brackets, or one yes/no name."""
        self.take()
        where_start = self.token.start
        if self.at("("):
            where = self.tight()
        elif self.accept("not"):
            inner = self.tight()
            where = Parsed(Not(inner.node, source=self.since(where_start)), NOT, where_start, inner.end, inner.start)
        else:
            where = self.tight()
        joins = ("and", "or") if self.text.startswith("(", where_start) else JOINS
        if self.at_any(*joins) and not self.at("or", "else"):
            join = self.take().text
            inside, before = self.words(where_start, where.end), self.words(start, where_start)
            self.brackets(
                "Where the condition ends is not clear",
                f"{before} ({inside} {join} …)",
                f"({before} ({inside})) {join} …",
                start=where_start,
                end=self.last_end,
            )
        return where.node

    @abstractmethod
    def inside_number(self) -> bool:
        """Whether the comma here could be meant as part of a number; refused where it is."""
