"""The operators of a formula, loosest first: if, or else, and / or, not, comparisons, sums, products, of, one thing.

Wherever a reader could bind words in two ways, brackets are required and the refusal shows both readings.
"""

from __future__ import annotations

from typing import Literal, NoReturn

from bpo_contracts.terms.formula_calculations import Calculations
from bpo_contracts.terms.formula_cursor import Parsed, hint
from bpo_contracts.terms.formula_words import AFTER_IS, ALONE, COMPARE, COMPARISONS, INFIX, LOGIC, NOT, SYMBOLS, TIGHT
from bpo_contracts.terms.nodes import AnyNode, AnyOf, Choose, CompareOperator, Every, Known, Not, OrElse, Test


class Parser(Calculations):
    """Reads one formula; ``alone`` and then ``finish`` for the whole text."""

    def finish(self) -> None:
        """Nothing may be left over."""
        if not self.ended:
            self.unexpected(hint(self.token))

    # --- or else, if ------------------------------------------------------------------------------------------------

    def alone(self) -> Parsed:
        """A whole formula: at the top, in brackets, or as an argument."""
        self.deeper()
        if self.token.kind == "number" and self.tokens[self.index + 1].kind == "end":
            first = self.tight()  # what most formulas are: no operator has to be looked for
        else:
            first = self._choose() if self.at("if") else self._logic()
            if self.at("or", "else"):
                first = self._or_else(first)
        self.deeper(-1)
        return first

    def _or_else(self, first: Parsed) -> Parsed:
        if first.level < TIGHT:
            self._or_else_after(first)
        self.index += 2
        second = self.tight()
        if self.at("or", "else"):
            second = self._or_else(second)
        elif not self.ended and not self.at_any(")", ","):
            self._or_else_before(first, second)
        node = OrElse(first.node, second.node, source=self.since(first.start))
        return Parsed(node, ALONE, first.start, self.last_end, second.start)

    def _or_else_after(self, first: Parsed) -> NoReturn:
        self.index += 2
        second = self.tight()
        left, tail = self.text[first.start : first.tail], self.text[first.tail : first.end]
        fallback = self.text[second.start : second.end]
        readings = [f"({left}{tail}) or else {fallback}"]
        readings += [f"{left}({tail} or else {fallback})"] if left.strip() else []
        self.brackets("'or else' stands beside other words", *readings, start=first.start, end=second.end)

    def _or_else_before(self, first: Parsed, second: Parsed) -> NoReturn:
        join = self.take()
        left, right = self.text[first.start : first.end], self.text[second.start : second.end]
        rest = "…"
        if join.text in ("+", "-", "*", "/"):
            following = self.tight()
            rest = self.text[following.start : following.end]
        self.brackets(
            "'or else' stands beside other words",
            f"({left} or else {right}) {join.text} {rest}",
            f"{left} or else ({right} {join.text} {rest})",
            start=first.start,
            end=self.last_end,
        )

    def _choose(self) -> Parsed:
        start = self.take().start
        condition = self._part("if")
        self.expect("then", after=f"'if {self.words(condition.start, condition.end)}'")
        then = self._part("then")
        self.expect("else", after=f"'then {self.words(then.start, then.end)}'")
        self.deeper()
        otherwise = self._choose() if self.at("if") else self._part("else")
        self.deeper(-1)
        node = Choose(condition.node, then.node, otherwise.node, source=self.since(start))
        return Parsed(node, ALONE, start, self.last_end, otherwise.start)

    def _part(self, after: str) -> Parsed:
        """A condition or an answer of an ``if``."""
        if self.at("if"):
            token = self.token
            what = "An 'if' inside an 'if' stands in brackets"
            self.brackets(what, f"{after} (if … then … else …)", start=token.start, end=token.end)
        part = self._logic()
        if self.at("or", "else"):
            self.index += 2
            second = self.tight()
            one, other = self.text[part.start : part.end], self.text[second.start : second.end]
            inside = f"{after} ({one} or else {other})"
            outside = f"{after} ({one} or {other})" if after == "if" else f"(… {after} {one}) or else {other}"
            self.brackets("'or else' stands inside an 'if'", inside, outside, start=part.start, end=second.end)
        return part

    # --- conditions -------------------------------------------------------------------------------------------------

    def _logic(self) -> Parsed:
        first = self._negation()
        word = next((word for word in ("and", "or") if self.at(word) and not self.at("or", "else")), "")
        if not word:
            return first
        items = [first]
        while self.at(word) and not self.at("or", "else"):
            self.take()
            items.append(self._negation())
        if self.at_any("and", "or") and not self.at("or", "else"):
            self._mixed(items, word)
        nodes, source = tuple(item.node for item in items), self.since(first.start)
        node: AnyNode = Every(nodes, source=source) if word == "and" else AnyOf(nodes, source=source)
        return Parsed(node, LOGIC, first.start, self.last_end, items[-1].start)

    def _mixed(self, items: list[Parsed], word: str) -> NoReturn:
        before, last = self.text[items[0].start : items[-1].start], self.text[items[-1].start : items[-1].end]
        other = self.take().text
        following = self._negation()
        rest = self.text[following.start : following.end]
        self.brackets(
            "'and' and 'or' stand side by side",
            f"({before}{last}) {other} {rest}",
            f"{before}({last} {other} {rest})",
            start=items[0].start,
            end=following.end,
        )

    def _negation(self) -> Parsed:
        if not self.at("not"):
            return self._comparison()
        start = self.take().start
        self.deeper()
        inner = self._negation()
        self.deeper(-1)
        return Parsed(Not(inner.node, source=self.since(start)), NOT, start, self.last_end, inner.start)

    def _comparison(self) -> Parsed:
        left = self._sum()
        operator = self._operator()
        if not operator:
            return left
        right = left
        if operator == "known" or operator == "missing":
            known: AnyNode = Known(left.node, source=self.since(left.start))
            node = known if operator == "known" else Not(known, source=self.since(left.start))
        else:
            right = self._sum()
            node = Test(operator, left.node, right.node, source=self.since(left.start))
        result = Parsed(node, COMPARE, left.start, self.last_end, right.start)
        if self._at_comparison():
            self._chained(left, right)
        return result

    def _chained(self, left: Parsed, right: Parsed) -> NoReturn:
        self._operator()
        middle = self.text[right.start : right.end]
        head = self.text[left.start : right.end]
        what = "Two comparisons stand in a row; join them with 'and'"
        self.brackets(what, f"({head}) and ({middle} …)", start=left.start, end=self.last_end)

    def _at_comparison(self) -> bool:
        return self.at_any(*SYMBOLS, "is") or any(
            self.at(*words) for words, _ in COMPARISONS if words[-1] not in AFTER_IS
        )

    def _exactly(self, *, negated: bool) -> None:
        """Refuse ``is exactly 3``, as rows say it; something may be called so."""
        following = self.tokens[self.index + 1]
        if following.kind in ("number", "text", "day", "instant") or (
            following.kind == "word" and following.text not in INFIX
        ):
            words = f"is {'not ' if negated else ''}{self.words(following.start, following.end)}"
            self.unexpected(f"Write '{words}': in a formula 'is' alone says it, 'exactly' is for the rows of tables.")

    def _operator(self) -> CompareOperator | Literal["known", "missing", ""]:
        if self.token.kind == "mark" and self.token.text in SYMBOLS:
            return SYMBOLS[self.take().text]
        is_word = self.accept("is")
        if is_word:
            negated = self.accept("not")
            if self.at_any("known", "missing"):
                known = self.take().text == "known"
                return "known" if known != negated else "missing"
            if self.at("exactly"):
                self._exactly(negated=negated)
            if negated:
                return "!="
        for words, operator in COMPARISONS:
            if (is_word or words[-1] not in AFTER_IS) and self.accept(*words):
                return operator
        return "==" if is_word else ""
