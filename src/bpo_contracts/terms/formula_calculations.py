"""Sums, products and percentages. ``of`` takes one thing: what else follows needs brackets."""

from __future__ import annotations

from typing import Literal, NoReturn

from bpo_contracts.terms.formula_cursor import Parsed
from bpo_contracts.terms.formula_things import Things
from bpo_contracts.terms.formula_words import OF, PHRASE, PRODUCT, SUM
from bpo_contracts.terms.nodes import AnyNode, Arithmetic, AsPercent, Compounded, Of, Quantity
from bpo_contracts.values.units import PERCENT, PLAIN


class Calculations(Things):
    """Reads ``a + b - c``, ``a * b / c``, ``5 % of a``, ``a as % of b``."""

    def _sum(self) -> Parsed:
        left = self._product()
        while self.at_any("+", "-"):
            operator: Literal["+", "-"] = "+" if self.take().text == "+" else "-"
            self._phrase_beside(left, operator, right=False)
            right = self._product()
            self._phrase_beside(right, operator, right=True)
            if right.level == OF and isinstance(left.node, Quantity) and left.node.unit == PERCENT:
                self._of_after(left, operator, right)
            node = Arithmetic(operator, left.node, right.node, source=self.since(left.start))
            left = Parsed(node, SUM, left.start, self.last_end, right.start)
        return left

    def _product(self) -> Parsed:
        left = self.term()
        while self.at_any("*", "/"):
            operator: Literal["*", "/"] = "*" if self.take().text == "*" else "/"
            self._phrase_beside(left, operator, right=False)
            right = self.term()
            self._phrase_beside(right, operator, right=True)
            if right.level == OF:
                self._of_after(left, operator, right)
            node = Arithmetic(operator, left.node, right.node, source=self.since(left.start))
            left = Parsed(node, PRODUCT, left.start, self.last_end, right.start)
        return left

    def _phrase_beside(self, thing: Parsed, operator: str, *, right: bool) -> None:
        if thing.level != PHRASE:
            return
        phrase = self.text[thing.start : thing.end]
        shown = f"… {operator} ({phrase})" if right else f"({phrase}) {operator} …"
        what = f"Beside {operator!r}, nobody sees where these words end: brackets say it"
        self.brackets(what, shown, start=thing.start, end=thing.end)

    def _of_after(self, left: Parsed, operator: str, right: Parsed) -> NoReturn:
        share, base = self.text[right.start : right.tail], self.text[right.tail : right.end]
        before = self.text[left.start : left.end]
        self.brackets(
            "'of' follows a calculation",
            f"{before} {operator} ({share}{base})",
            f"({before} {operator} {share.strip().removesuffix('of').strip()}) of {base}",
            start=left.start,
            end=right.end,
        )

    def term(self) -> Parsed:
        """One thing, a percentage of one thing, or a phrase."""
        if self.at_phrase():
            return self.phrase()
        left = self.tight()
        if self.at("of"):
            return self._of(left)
        if self.at("as"):
            return self._as_percent(left)
        if self.at("compounded"):
            return self._compounded(left)
        return left

    def _compounded(self, rate: Parsed) -> Parsed:
        """``4 % compounded 5 times``: 1.04 five times with itself, less the whole."""
        self.take()
        plain = self.token.kind == "number" and self.token.unit is None
        if plain:
            number = self.take()
            times: AnyNode = Quantity(number.number, PLAIN, source=self.since(number.start))
        else:
            times = self.tight().node
        self.expect("times", after=f"'{self.words(rate.start, self.last_end)}'")
        node = Compounded(rate.node, times, source=self.since(rate.start))
        return Parsed(node, PHRASE, rate.start, self.last_end, rate.start)

    def _of(self, share: Parsed) -> Parsed:
        self.take()
        self.deeper()
        base = self.term()
        self.deeper(-1)
        if isinstance(base.node, AsPercent) and base.level == PHRASE:
            self._of_before(share, base)
        if self.at_any("+", "-", "*", "/", "as"):
            self._of_before(share, base)
        return Parsed(Of(share.node, base.node, source=self.since(share.start)), OF, share.start, base.end, base.start)

    def _of_before(self, share: Parsed, base: Parsed) -> NoReturn:
        head, part = self.text[share.start : base.start], self.text[base.start : base.end]
        if isinstance(base.node, AsPercent):  # the base has already taken in what follows
            part, _, rest = part.partition(" as ")
            rest = f"as {rest}"
        else:
            begin = self.take().start
            self.accept("%", "of")
            rest = self.text[begin : self.tight().end]
        inside = f"({part})" if base.level == PHRASE and not isinstance(base.node, AsPercent) else part
        self.brackets(
            "What stands after 'of' is one thing",
            f"({head}{part}) {rest}",
            f"{head}({inside} {rest})",
            start=share.start,
            end=self.last_end,
        )

    def _as_percent(self, part: Parsed) -> Parsed:
        self.take()
        self.expect("%", "of", after="'as'")
        whole = self.tight()
        if self.at_any("+", "-", "*", "/", "of", "as"):
            operator = self.take().text
            rest = self.tight() if operator != "as" else whole
            other = self.text[rest.start : rest.end] if operator != "as" else "…"
            head, tail = self.text[part.start : whole.start], self.text[whole.start : whole.end]
            self.brackets(
                "What stands after 'as % of' is one thing",
                f"({head}{tail}) {operator} {other}",
                f"{head}({tail} {operator} {other})",
                start=part.start,
                end=self.last_end,
            )
        node = AsPercent(part.node, whole.node, source=self.since(part.start))
        return Parsed(node, PHRASE, part.start, self.last_end, whole.start)
