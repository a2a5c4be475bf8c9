"""What a formula joins: numbers, names, texts, days, brackets and the calls ``min`` and ``max``."""

from __future__ import annotations

from fractions import Fraction
from typing import Final, Literal, NoReturn

from bpo_contracts.terms.formula_cursor import Parsed, hint
from bpo_contracts.terms.formula_lexer import Token, comma_in_number
from bpo_contracts.terms.formula_phrases import Phrases
from bpo_contracts.terms.formula_ranks import METHODS_BEGIN
from bpo_contracts.terms.formula_words import INFIX, PERIOD_WORDS, TIGHT
from bpo_contracts.terms.nodes import AnyNode, Arithmetic, Dated, Extreme, Literal_, Name, Quantity
from bpo_contracts.values.findings import refuse
from bpo_contracts.values.units import ANY_ZERO, DAY, INSTANT, PLAIN, TRUTH, WORD, WrongUnit, parse_unit, singular

ROUNDING_IS_A_FIELD: Final = (
    "Rounding is not part of a formula: write it in the field 'round' of the figure, where everybody sees it."
)


class Things(Phrases):
    """Reads one thing."""

    def tight(self) -> Parsed:
        """One thing: a name, a number, a text, a day, a call or brackets."""
        token = self.token
        if self.at("("):
            return self._bracketed()
        if self.at("-"):
            return self._minus()
        if token.kind == "number":
            return self._tight(self.quantity(sign=1), token)
        if token.kind in ("text", "day", "instant"):
            self.take()
            value = token.text if token.time is None else token.time
            unit = {"text": WORD, "day": DAY, "instant": INSTANT}[token.kind]
            return self._tight(Literal_(value, unit, source=self.since(token.start)), token)
        if token.kind == "word":
            return self._word(token)
        if token.kind == "ordinal":
            self._bare_phrase()
        return self.unexpected("Write a name, a number with its unit, or brackets.")

    def _bare_phrase(self) -> NoReturn:
        phrase = self.phrase()
        shown = f"({self.text[phrase.start : phrase.end]})"
        self.brackets("These words stand in brackets here", shown, start=phrase.start, end=phrase.end)

    def _tight(self, node: AnyNode, token: Token) -> Parsed:
        return Parsed(node, TIGHT, token.start, self.last_end, token.start)

    def _bracketed(self) -> Parsed:
        token = self.take()
        around, self.listing = self.listing, False
        inner = self.alone()
        self.listing = around
        self.close(token)
        return self._tight(inner.node, token)

    def _minus(self) -> Parsed:
        token = self.take()
        if self.token.kind == "number":
            return self._tight(self.quantity(sign=-1, start=token.start), token)
        self.deeper()
        operand = self.tight()
        self.deeper(-1)
        zero = Quantity(Fraction(0), ANY_ZERO, source=self.place(token.start, token.end))
        return self._tight(Arithmetic("-", zero, operand.node, source=self.since(token.start)), token)

    def quantity(self, *, sign: Literal[1, -1], start: int | None = None) -> Quantity:
        """The number at hand with its unit, in base units; a bare number is plain, a bare 0 fits everywhere."""
        token = self.take()
        if token.unit is None and self.token.kind == "word" and self.token.text not in INFIX:
            self._unknown_unit()
        unit = token.unit or (PLAIN if token.number else ANY_ZERO)
        value = token.number if unit.factor == 1 else token.number * unit.factor
        if sign == -1:
            value = -value
        return Quantity(value, unit, source=self.since(token.start if start is None else start))

    def _unknown_unit(self) -> NoReturn:
        word = self.token
        try:
            parse_unit(word.text, self.nouns)
            why = f"{word.text!r} does not belong to this number"
        except WrongUnit as reason:
            why = str(reason)
        step = (
            f"Write {word.text.upper()!r}."
            if _is_currency(word.text.upper())
            else "Use a unit that the contract knows."
        )
        step = hint(word) if word.text == "percentile" else step
        raise refuse("BPO213", "unknown-unit", f"{why}.", step, self.here())

    def _word(self, token: Token) -> Parsed:
        if token.text in ("yes", "no"):
            self.take()
            return self._tight(Literal_(token.text == "yes", TRUTH, source=self.since(token.start)), token)
        fact = self.period_fact()
        if fact:
            return fact
        if self.at_phrase():
            self._bare_phrase()
        if token.text == "previous" and singular(self.tokens[self.index + 1].text) in PERIOD_WORDS:
            return self.previous()
        if self.at("this", "item", "'s"):
            return self._own(token)
        if token.text in ("if", "not") or token.text in INFIX:
            step = (
                "Put it in brackets."
                if token.text in ("if", "not")
                else "Write a name, a number or brackets before it."
            )
            self.unexpected(step)
        return self._call(token) if self._at_call() else self._name(token)

    def _own(self, token: Token) -> Parsed:
        """``this item's x``, inside an aggregate over a list: the column of the item that the formula is about."""
        self.index += 3
        name = self.token
        if name.kind != "word":
            self.unexpected('Name the column, as in "this item\'s number".')
        self.check_name(name.text, name.start, name.end)
        self.take()
        return self._tight(Name(name.text, 1, source=self.since(token.start)), token)

    def _at_call(self) -> bool:
        """A bracket directly after a word is a call, unless it holds an answer such as ``(none found: 0)``."""
        opening, inside, second = (self.tokens[min(self.index + n, len(self.tokens) - 1)] for n in (1, 2, 3))
        if opening.kind != "mark" or opening.text != "(":
            return False
        first_words = {"none", "short", "missing", "before"}
        if (inside.text, second.text) in METHODS_BEGIN:
            return False
        return not (inside.text in first_words and second.text in ("found", "history", ":", "the"))

    def _call(self, token: Token) -> Parsed:
        pick: Literal["min", "max"] = "max" if token.text == "max" else "min"
        if token.text not in ("min", "max"):
            self._unknown_function(token)
        self.index += 2
        items = self.listed(token)
        if len(items) < 2:
            problem = f"'{pick}' has one value, and picks the {'highest' if pick == 'max' else 'lowest'} of several."
            step = f"Write the values with a comma and a space between, as in '{pick}(a, b)'."
            raise refuse("BPO217", "unknown-function", problem, step, self.since(token.start))
        return self._tight(Extreme(pick, items, source=self.since(token.start)), token)

    def _unknown_function(self, token: Token) -> NoReturn:
        step = "There are 'min(a, b)' and 'max(a, b)'; everything else is written in words."
        problem = f"There is no function {self.words(token.start, token.end)!r}."
        if token.text.startswith(("round", "ceil", "floor")):
            problem, step = ROUNDING_IS_A_FIELD, "Take it out of the formula."
        elif token.text in ("median", "percentile"):
            which = "median" if token.text == "median" else "95th percentile"
            step = f"Write '{which} of minutes for each calls' with the list that is meant, and the method in brackets."
        elif token.text == "abs":
            step = "Write 'max(x, 0 - x)'."
        raise refuse("BPO217", "unknown-function", problem, step, self.place(token.start, token.end))

    def inside_number(self) -> bool:
        """Between two arguments: ``max(5,6)`` has two; ``max(99,9 %, …)`` and ``max(1,500, …)`` could be one number."""
        comma, before, after = self.token, self.tokens[self.index - 1], self.tokens[self.index + 1]
        tight = before.end == comma.start and after.start == comma.end
        doubtful = after.unit is not None or len(after.text.split(".")[0]) == 3
        if tight and doubtful and before.kind == after.kind == "number" and before.unit is None:
            run = self.text[before.start : after.start + len(after.text)]
            raise comma_in_number(run, self.text, before.start, self.source)
        return False

    def _name(self, token: Token) -> Parsed:
        self.check_name(token.text, token.start, token.end)
        self.take()
        outer, name = 0, token.text
        while name.startswith("outer."):
            outer, name = outer + 1, name.removeprefix("outer.")
        if self.token.kind == "number" and not outer:
            following = self.tokens[self.index + 1 : self.index + 3]
            if any(after.kind == "word" and after.text == "ago" for after in following):
                return self.ago(name, token.start)
        if self.at("on") and not outer:
            self.take()
            day = self.tight()
            return self._tight(Dated((), day.node, name, source=self.since(token.start)), token)
        return self._tight(Name(name, outer, source=self.since(token.start)), token)


def _is_currency(word: str) -> bool:
    try:
        return parse_unit(word, ()).is_money
    except WrongUnit:
        return False
