"""The parts of a formula that look at other periods: windows and earlier values."""

from __future__ import annotations

from abc import abstractmethod
from typing import Literal

from bpo_contracts.terms.formula_cursor import Cursor, Parsed
from bpo_contracts.terms.formula_words import EVERYTHING, PERIOD_FACTS, PERIOD_WORDS, SHORT_HISTORY, SPANS, TIGHT
from bpo_contracts.terms.nodes import AnyNode, Earlier, PeriodFact, PeriodPlace, Since, Window
from bpo_contracts.values.findings import refuse
from bpo_contracts.values.periods import months_of


class Periods(Cursor):
    """Reads ``last 12 months``, ``previous month's x``, ``x 3 months ago``, ``start of period``."""

    @abstractmethod
    def alone(self) -> Parsed:
        """A whole formula: at the top, in brackets, or as an argument."""

    def at_window(self) -> bool:
        """Whether ``over`` is followed by periods, and is not a comparison."""
        following = self.tokens[self.index + 1]
        return following.kind == "word" and following.text in ("last", "previous", "this", "all", "earlier", "the")

    def window(self) -> Window:
        """The periods after ``over``."""
        before = self._span_before()
        if before:
            return before
        if self.accept("this"):
            since = self._since()
            self.expect("to", "date", after=f"'this {since}'")
            return Window(None, previous=False, since=since)
        if self.accept("earlier"):
            self.period_word("the window")
            self.expect("of", "this", after="'over earlier periods'")
            return Window(None, previous=True, since=self._since())
        if self.accept("all", "earlier"):
            self.period_word("the window")
            return Window(None, previous=True)
        if self.accept("all"):
            self.period_word("the window")
            self.expect("so", "far", after="'over all periods'")
            return EVERYTHING
        previous = self.take().text == "previous"
        length = self.periods("the window")
        said = self.at("(", "short")
        return Window(length, previous=previous, short=self.short(), said=said)

    def _span_before(self) -> Window | None:
        """``the previous contract year``: the whole of it. None (and nothing taken) for other windows."""
        for words, since in SPANS:
            start = self.token.start
            if self.accept("previous", *words) or self.accept("the", "previous", *words):
                self._holds_a_period(since, start)
                said = self.at("(", "short")
                return Window(None, previous=True, since=since, short=self.short(), before=True, said=said)
        return None

    def short(self) -> Literal["the periods there are", "no result", "refuse"]:
        """The answer in ``(short history: …)``, if it stands here."""
        return SHORT_HISTORY[self.one_of(*SHORT_HISTORY)] if self.accept("(", "short", "history", ":") else "refuse"

    def _holds_a_period(self, since: Since, start: int) -> None:
        """A quarter of a contract that settles every year holds no period: it would be nothing, and not three months."""
        if self.every is not None and months_of(since) < self.every.value:
            problem = f"A {since} is shorter than a period: this contract settles every {self.every.noun}."
            raise refuse("BPO255", "not-a-window", problem, f"Count in {self.every.noun}s.", self.since(start))

    def _since(self) -> Since:
        start = self.token.start
        for words, since in SPANS:
            if self.accept(*words):
                self._holds_a_period(since, start)
                return since
        return self.unexpected("Write 'this quarter', 'this half-year', 'this contract year' or 'this calendar year'.")

    def previous(self) -> Parsed:
        """``previous month's x``."""
        start = self.take().start
        noun_start = self.token.start
        noun = self.period_word("the earlier time")
        self.expect("'s", after=f"'previous {noun}'")
        periods = self.in_periods(1, noun, noun_start)
        name = self.token
        if name.kind != "word":
            self.unexpected("Name the figure, as in 'previous month's balance'.")
        self.check_name(name.text, name.start, name.end)
        self.take()
        return self._earlier(name.text, periods, start)

    def ago(self, name: str, start: int) -> Parsed:
        """``x 3 months ago``, from the number on."""
        periods = self.periods("the earlier time")
        self.expect("ago", after=f"'{self.words(start, self.last_end)}'")
        return self._earlier(name, periods, start)

    def _earlier(self, name: str, periods: int, start: int) -> Parsed:
        before = self.to_bracket() if self.accept("(", "before", "the", "start", ":") else None
        return Parsed(Earlier(name, periods, before, source=self.since(start)), TIGHT, start, self.last_end, start)

    def period_fact(self) -> Parsed | None:
        """``days in period``, ``start of period``, ``last month of this contract year``; None (and nothing taken) for
        anything else."""
        start = self.token.start
        place = self._period_place()
        if place:
            return Parsed(place, TIGHT, start, self.last_end, start)
        for words, what in PERIOD_FACTS:
            if what == "days" and self.at(*words, "from"):
                return None  # "days in period from a to b" is a phrase
            if self.accept(*words):
                return Parsed(PeriodFact(what, source=self.since(start)), TIGHT, start, self.last_end, start)
        return None

    def _period_place(self) -> PeriodPlace | None:
        """``first month of this contract year``, ``last period of the term``: whether the period is that one."""
        start, (which, noun, *rest) = self.token.start, self.tokens[self.index : self.index + 4]
        if which.text not in ("first", "last") or not rest or noun.text not in PERIOD_WORDS or rest[0].text != "of":
            return None
        self.index += 1
        self.in_periods(1, self.take().text, noun.start)
        self.take()
        if self.accept("the", "term"):
            return PeriodPlace("first" if which.text == "first" else "last", "term", source=self.since(start))
        if not self.accept("this"):
            self.unexpected(
                "Write 'of this contract year', 'of this calendar year', 'of this half-year', 'of this quarter' or 'of the"
                " term'."
            )
        since = self._since()
        return PeriodPlace("first" if which.text == "first" else "last", since or "year", source=self.since(start))

    def to_bracket(self) -> AnyNode:
        """The answer in ``(none found: …)``, up to its closing bracket."""
        value = self.alone().node
        self.close()
        return value
