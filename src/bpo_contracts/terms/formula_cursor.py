"""A walk over the words of a text, and the sentences for what does not belong where it stands."""

from __future__ import annotations

import difflib
from collections.abc import Collection
from typing import Final, NamedTuple, NoReturn

from bpo_contracts.terms.formula_lexer import Token, comma_in_number, grouped_digits, lex
from bpo_contracts.terms.formula_words import INFIX, NAME, PERIOD_WORDS
from bpo_contracts.terms.nodes import AnyNode
from bpo_contracts.terms.places import part_of
from bpo_contracts.values.findings import refuse
from bpo_contracts.values.periods import MONTHS_OF, Every
from bpo_contracts.values.sources import Source
from bpo_contracts.values.units import singular

DEPTH_MAX: Final = 32
SNIPPET_MAX: Final = 60
PERIODS_AGO_MAX: Final = 1200


class Parsed(NamedTuple):
    """A node with how loosely its words hold together (``level``) and where they stand.

    ``tail`` is where the last operand begins: what a reader could take together with the words that follow.
    """

    node: AnyNode
    level: int
    start: int
    end: int
    tail: int


class Cursor:
    """The words of one text and the place reached. Every refusal is a ``BadInput`` with one finding."""

    def __init__(
        self, text: str, nouns: Collection[str], source: Source, *, every: Every | None = None, first: int = 0
    ) -> None:
        self.text = text
        self.nouns = nouns
        self.source = source
        self.every = every
        self.tokens = lex(text, nouns, source)
        self.index = first
        self.depth = 0
        self.listing = False
        """Whether a comma parts values here: directly in a list or in ``min`` and ``max``, not in brackets inside it."""

    @property
    def token(self) -> Token:
        """The next word."""
        return self.tokens[self.index]

    @property
    def ended(self) -> bool:
        """Whether nothing is left."""
        return self.token.kind == "end"

    @property
    def last_end(self) -> int:
        """Where the word before the present one ends."""
        return self.tokens[self.index - 1].end if self.index else 0

    def take(self) -> Token:
        """The next word, which is then behind; the end stays where it is."""
        token = self.token
        if token.kind != "end":
            self.index += 1
        return token

    def at(self, *words: str) -> bool:
        """Whether the next words (or marks) are these."""
        tokens, index = self.tokens, self.index
        for word in words:  # the last of the tokens is the end, which is no word
            token = tokens[index]
            if token.text != word or token.kind not in ("word", "mark"):
                return False
            index += 1
        return True

    def at_any(self, *words: str) -> bool:
        """Whether the next word (or mark) is one of these."""
        return self.token.kind in ("word", "mark") and self.token.text in words

    def accept(self, *words: str) -> bool:
        """Take these words if they are next."""
        if not self.at(*words):
            return False
        self.index += len(words)
        return True

    def expect(self, *words: str, after: str) -> None:
        """Take these words, or refuse what stands there; ``after`` names what came before."""
        if not self.accept(*words):
            self.unexpected(f"After {after} comes {' '.join(words)!r}.")

    def place(self, start: int, end: int) -> Source:
        """The place of a part of the text."""
        return part_of(self.source, self.text, start=start, end=end)

    def here(self) -> Source:
        """The place of the next word."""
        return self.place(self.token.start, max(self.token.end, self.token.start + 1))

    def since(self, start: int) -> Source:
        """The place from ``start`` to the last word taken."""
        return self.place(start, self.last_end)

    def words(self, start: int, end: int) -> str:
        """The text of a part, shortened for a message."""
        part = " ".join(self.text[start:end].split())
        return part if len(part) <= SNIPPET_MAX else part[: SNIPPET_MAX - 1] + "…"

    def deeper(self, steps: int = 1) -> None:
        """Count a level of nesting; called with -1 on the way out."""
        self.depth += steps
        if self.depth > DEPTH_MAX:
            self.too_large(f"more than {DEPTH_MAX} levels of brackets and conditions inside one another")

    def too_large(self, what: str) -> NoReturn:
        """Refuse a formula beyond the limits."""
        step = "Give parts of it names of their own, as figures."
        raise refuse("BPO210", "formula-too-large", f"This formula has {what}.", step, self.here())

    def brackets(self, what: str, *readings: str, start: int, end: int) -> NoReturn:
        """Refuse words that could be taken together in several ways."""
        shown = " or as ".join(f"'{' '.join(reading.split())}'" for reading in readings)
        problem = f"{what}: this can be read as {shown}." if len(readings) > 1 else f"{what}."
        step = "Write the brackets of the one that is meant." if len(readings) > 1 else f"Write {shown}."
        raise refuse("BPO216", "brackets-needed", problem, step, self.place(start, end))

    def unexpected(self, step: str) -> NoReturn:
        """Refuse the next word."""
        token = self.token
        if token.kind == "end":
            problem = "The text ends before it is complete." if self.index else "There is nothing here."
            raise refuse("BPO219", "formula-incomplete", problem, step, self.here())
        if token.text == "," and token.kind == "mark":
            run = grouped_digits(self.text, token.start)
            if run:
                raise comma_in_number(run, self.text, token.start, self.source)
        before = f" after {self.words(self.tokens[self.index - 1].start, self.last_end)!r}" if self.index else ""
        problem = f"{self.words(token.start, token.end)!r} does not belong here{before}."
        raise refuse("BPO214", "unexpected-word", problem, step, self.here())

    def close(self, opened: Token | None = None) -> None:
        """Take the closing bracket, or say that one is missing."""
        if self.accept(")"):
            return
        if self.token.kind == "end":
            place = self.place(opened.start, opened.end) if opened else self.here()
            step = "Write the closing bracket ')' where it belongs."
            raise refuse("BPO215", "bracket-not-closed", "A bracket '(' opens here and is never closed.", step, place)
        self.unexpected(hint(self.token))

    def check_name(self, name: str, start: int, end: int) -> None:
        """Refuse a name that is not lower-case ASCII words, joined by underscores and points."""
        if NAME.match(name):
            return
        step = "Write names in lower case without accents, as in 'monthly_charge'; texts stand in double quotes."
        near = difflib.get_close_matches(name.lower(), ("yes", "no", "and", "or", "not", "if"), n=1, cutoff=0.9)
        step = f"Write {near[0]!r}." if near else step
        raise refuse("BPO214", "unexpected-word", f"{name[:40]!r} is not a name.", step, self.place(start, end))

    def one_of(self, *answers: str) -> str:
        """One of several answers in words, up to the closing bracket."""
        start = self.token.start
        while self.token.kind == "word":
            self.take()
        answer = " ".join(self.text[start : self.last_end].split())
        if answer not in answers or not self.at(")"):
            known = ", ".join(repr(one) for one in dict.fromkeys(answers))
            problem = f"{self.words(start, max(self.last_end, self.token.end))!r} is not one of the answers here."
            raise refuse("BPO214", "unexpected-word", problem, f"Write one of {known}.", self.since(start))
        self.close()
        return answer

    def periods(self, what: str) -> int:
        """How many of the contract's periods ``12 months`` or ``2 periods`` are.

        ``what`` names it for messages. Without ``every`` the number counts periods, whatever they are called.
        """
        token = self.token
        if token.kind != "number":
            self.unexpected(f"Write {what} as a number of periods, for example '3 months'.")
        self.take()
        noun = token.unit_text or self.period_word(what)
        if token.number.denominator != 1 or not 1 <= token.number <= PERIODS_AGO_MAX:
            problem = f"{token.text!r} is not a number of periods."
            step = f"Write a whole number from 1 to {PERIODS_AGO_MAX}."
            raise refuse("BPO214", "unexpected-word", problem, step, self.since(token.start))
        return self.in_periods(int(token.number), noun, token.start)

    def period_word(self, what: str) -> str:
        """The word ``months``, ``quarters``, ``years`` or ``periods`` (or one of it)."""
        if self.token.kind != "word" or singular(self.token.text) not in PERIOD_WORDS:
            self.unexpected(f"Count {what} in periods, months, quarters, half-years or years.")
        return self.take().text

    def in_periods(self, count: int, noun: str, start: int) -> int:
        """``count`` of ``noun`` in the contract's periods; refused if that is not a whole number of them."""
        word = singular(noun)
        if word not in PERIOD_WORDS:
            problem = f"{self.words(start, self.last_end)!r} does not count periods."
            step = "Count in periods, months, quarters, half-years or years."
            raise refuse("BPO214", "unexpected-word", problem, step, self.since(start))
        if self.every is None or word == "period":
            return count
        length = MONTHS_OF[word]
        if length > self.every.value or count * length % self.every.value:
            own = self.every.noun
            problem = (
                f"{self.words(start, self.last_end)!r} is not a number of periods: this contract settles every {own}."
            )
            step = f"Count in {own}s."
            raise refuse("BPO214", "unexpected-word", problem, step, self.since(start))
        return count * length // self.every.value


def hint(token: Token) -> str:
    """What to do about a word that stands where an operator or the end was expected."""
    if token.kind == "word":
        if token.text == "percentile":
            return "Write the number as in '95th percentile of minutes for each calls (nearest rank)'."
        words = sorted({*INFIX, "is"})
        near = difflib.get_close_matches(token.text, words, n=1, cutoff=0.7)
        if near and near[0] != token.text:
            return f"Did you mean {near[0]!r}?"
        return "Between two things stands an operator: + - * / of, a comparison, 'and', 'or'. Names have no spaces."
    if token.kind == "mark" and token.text == ")":
        return "Take the bracket out, or write the one that opens."
    if token.kind == "mark" and token.text in ("=", "<", ">", "<=", ">=", "!="):
        return "Put one of the comparisons in brackets."
    return "Write an operator between two things, as in 'a + b', or put brackets round what belongs together."
