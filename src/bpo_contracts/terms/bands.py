"""The rows of a table, in words that have one meaning each.

| words | interval | words | interval |
|---|---|---|---|
| ``X or more``, ``X or above`` | [X, ∞) | ``X to Y`` | [X, Y] |
| ``over X``, ``more than X``, ``above X`` | (X, ∞) | ``X to under Y``, ``X to below Y`` | [X, Y) |
| ``X or less``, ``X or fewer``, ``X or below`` | (-∞, X] | ``over X to Y`` | (X, Y] |
| ``under X``, ``below X``, ``less than X``, ``fewer than X`` | (-∞, X) | ``over X to under Y`` | (X, Y) |
| ``exactly X`` | [X, X] | ``otherwise`` | whatever no other row takes |

``up to``, ``between``, ``from`` and ``X - Y`` are refused with the phrases to choose from: nobody can know whether the
end belongs to the row.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Final, NoReturn

from bpo_contracts.terms.formula import with_default_unit
from bpo_contracts.terms.formula_lexer import Token
from bpo_contracts.terms.formula_parser import Parser
from bpo_contracts.terms.nodes import AnyNode, Quantity
from bpo_contracts.terms.otherwise import with_otherwise
from bpo_contracts.terms.phrases import in_default_unit
from bpo_contracts.terms.places import part_of
from bpo_contracts.terms.table_checks import check_rows, row_place
from bpo_contracts.values.findings import refuse
from bpo_contracts.values.frozen import frozen, slotted
from bpo_contracts.values.sources import Source
from bpo_contracts.values.units import ANY_ZERO, PLAIN, Unit

__all__ = ["RowBounds", "check_rows", "parse_row", "row_place", "with_otherwise"]


@frozen
class RowBounds:
    """The interval of a row: each end a node or None (without end), closed if it belongs to the row.

    ``otherwise`` marks the row that takes what no other takes (``with_otherwise`` finds its intervals).
    """

    low: AnyNode | None
    low_closed: bool
    high: AnyNode | None
    high_closed: bool
    otherwise: bool = False


OTHERWISE: Final = RowBounds(None, False, None, False, otherwise=True)
_OVER: Final = (("over",), ("above",), ("more", "than"))
_UNDER: Final = (("under",), ("below",), ("less", "than"), ("fewer", "than"))
_OR_MORE: Final = (("or", "more"), ("or", "above"))
_OR_LESS: Final = (("or", "less"), ("or", "fewer"), ("or", "below"))
_ALL_PHRASES: Final = (
    "Write one of: 'X or more', 'over X', 'X or less', 'under X', 'X to Y', 'X to under Y', 'over X to Y', "
    "'over X to under Y', 'exactly X', 'otherwise'."
)
_SIGNS: Final = {
    ("at", "least"): "{x} or more",
    (">=",): "{x} or more",
    ("at", "most"): "{x} or less",
    ("<=",): "{x} or less",
    (">",): "over {x}",
    ("<",): "under {x}",
    ("=",): "exactly {x}",
}
_DASHES: Final = ("-", "\u2013", "\u2014", "\u2212")


def parse_row(label: str, *, nouns: Collection[str], default_unit: Unit | None, source: Source) -> RowBounds:
    """The interval that a row's label means.

    A bound is a quantity, a name, or a formula in brackets. A unit written once serves both ends; a number without any
    is in ``default_unit``.

    Raises:
        BadInput: BPO220 for words that do not say which ends belong to the row (with the phrases to choose from),
            BPO228 for a number without a unit, BPO210 to BPO219 for the words of a bound.
    """
    _refuse_dashes(label, source)
    _refuse_habits(label, source)
    reader = _RowReader(Parser(label, nouns, source), label, source)
    bounds = reader.read()
    return bounds if bounds.otherwise else _with_units(bounds, default_unit)


def _refuse_dashes(label: str, source: Source) -> None:
    """A typographic dash between two bounds, before the words are cut (formulas know no such sign)."""
    for dash in _DASHES[1:3]:
        low, found, high = (part.strip() for part in label.partition(dash))
        if found:
            raise _unclear(
                f"{found!r} does not say whether the ends belong to the row.",
                _two_ends(low or "X", high or "Y"),
                part_of(source, label, start=0, end=len(label)),
            )


def _refuse_habits(label: str, source: Source) -> None:
    """Signs and words that formulas do not know, or would take for names: ``≥ 95 %``, ``95 %+``, ``default``."""
    place = part_of(source, label, start=0, end=max(1, len(label)))
    words = label.strip()
    for sign, phrase in _TYPOGRAPHIC.items():
        if words.startswith(sign):
            bound = words[1:].strip() or "X"
            raise _unclear(f"{sign!r} is not how a row is written.", f"Write '{phrase.format(x=bound)}'.", place)
    if words.endswith("+") and words != "+":
        raise _unclear("'+' is not how a row is written.", f"Write '{words[:-1].strip()} or more'.", place)
    if words.lower() in _REST:
        raise _unclear(f"{words!r} is not how the last row is called.", "Write 'otherwise'.", place)


_TYPOGRAPHIC: Final = {"\u2265": "{x} or more", "\u2264": "{x} or less"}
_REST: Final = frozenset(("default", "else", "rest", "other", "others", "any", "everything else", "all others"))


def _unclear(problem: str, step: str, place: Source) -> Exception:
    forms = "" if step == _ALL_PHRASES else f" {_ALL_PHRASES.replace('Write one of', 'The forms of rows are')}"
    return refuse("BPO220", "unclear-row", problem, step + forms, place)


def _two_ends(low: str, high: str) -> str:
    return f"Write '{low} to {high}' if {high} itself belongs to the row, or '{low} to under {high}' if it does not."


@slotted
class _RowReader:
    parser: Parser
    label: str
    source: Source

    def read(self) -> RowBounds:
        parser = self.parser
        if parser.accept("otherwise"):
            self._end()
            return OTHERWISE
        self._refuse_first_words()
        if parser.accept("exactly"):
            bound = self._bound()
            self._end()
            return RowBounds(bound, True, bound, True)
        if self._any(_OVER):
            low = self._bound()
            return self._to_high(low, low_closed=False) or self._done(RowBounds(low, False, None, False))
        if self._any(_UNDER):
            return self._done(RowBounds(None, False, self._bound(), False))
        return self._from_bound()

    def _from_bound(self) -> RowBounds:
        bound = self._bound()
        if self._any(_OR_MORE):
            return self._done(RowBounds(bound, True, None, False))
        if self._any(_OR_LESS):
            return self._done(RowBounds(None, False, bound, True))
        ranged = self._to_high(bound, low_closed=True)
        if ranged:
            return ranged
        if self.parser.ended:
            words = self.label.strip()
            step = f"Write 'exactly {words}', or '{words} or more', 'over {words}', '{words} or less', 'under {words}'."
            self._refuse("A bound alone does not say which side of it the row holds.", step)
        return self._done(RowBounds(bound, True, None, False))

    def _to_high(self, low: AnyNode, *, low_closed: bool) -> RowBounds | None:
        if not self.parser.accept("to"):
            return None
        high_open = self._any(_UNDER)
        return self._done(RowBounds(low, low_closed, self._bound(), not high_open))

    def _any(self, phrases: tuple[tuple[str, ...], ...]) -> bool:
        return self.parser.token.kind == "word" and any(self.parser.accept(*words) for words in phrases)

    def _bound(self) -> AnyNode:
        token = self.parser.token
        if token.kind == "end":
            self._refuse("A bound is missing.", _ALL_PHRASES)
        if self.parser.at("up"):
            self._up_to()
        return self.parser.tight().node

    def _done(self, bounds: RowBounds) -> RowBounds:
        self._end()
        return bounds

    def _end(self) -> None:
        """Nothing may follow; what people write here out of habit is answered with the phrases to choose from."""
        token = self.parser.token
        if token.kind == "end":
            return
        before, after = self.label[: token.start].strip(), self.label[token.end :].strip()
        if token.kind == "mark" and token.text == "-":
            low = before.split(" to ")[-1]
            self._refuse("'-' does not say whether the ends belong to the row.", _two_ends(low, after or "Y"))
        if token.text == "up":
            self._up_to()
        if token.kind == "mark" and token.text == ",":
            self.parser.unexpected(_ALL_PHRASES)
        self._refuse(
            f"{self.parser.words(token.start, len(self.label))!r} does not belong to a row here.", _ALL_PHRASES
        )

    def _refuse_first_words(self) -> None:
        parser, label = self.parser, self.label
        first, rest = parser.token, label[parser.token.end :].strip()
        if first.kind == "number":
            return
        if parser.at("up"):
            self._up_to()
        if parser.at("between"):
            low, _, high = rest.partition(" and ")
            low, high = low.strip() or "X", high.strip() or "Y"
            step = f"Write '{low} to {high}' with both ends, '{low} to under {high}' without the upper one, "
            self._refuse(
                "'between' does not say whether the ends belong to the row.", step + _OPEN.format(low=low, high=high)
            )
        if parser.at("from"):
            low, found, high = rest.partition(" to ")
            high = high.removeprefix("under ").removeprefix("below ")
            step = _two_ends(low, high) if found else f"Write '{rest or 'X'} or more', or 'over {rest or 'X'}'."
            self._refuse("'from' does not say whether the end belongs to the row.", step)
        for words, phrase in _SIGNS.items():
            if parser.at(*words):
                bound = label[parser.tokens[len(words) - 1].end :].strip() or "X"
                said = label[first.start : parser.tokens[len(words) - 1].end]
                self._refuse(f"{said!r} is not how a row is written.", f"Write '{phrase.format(x=bound)}'.")

    def _up_to(self) -> NoReturn:
        token: Token = self.parser.token
        before = self.label[: token.start].strip().removesuffix(" to").strip()
        high = self.label[token.end :].strip().removeprefix("to").strip() or "X"
        problem = "'up to' does not say whether its end belongs to the row."
        if before and before not in ("over", "above", "under", "below"):
            self._refuse(problem, _two_ends(before, high))
        self._refuse(problem, f"Write '{high} or less' if {high} itself belongs to the row, or 'under {high}' if not.")

    def _refuse(self, problem: str, step: str) -> NoReturn:
        raise _unclear(problem, step, part_of(self.source, self.label, start=0, end=max(1, len(self.label))))


_OPEN: Final = "or 'over {low} to under {high}' with neither."


def _with_units(bounds: RowBounds, default_unit: Unit | None) -> RowBounds:
    """A unit written once serves both ends; a bare number takes the default."""
    low, high = _share_unit(bounds.low, bounds.high), _share_unit(bounds.high, bounds.low)
    return replace(bounds, low=_in_default(low, default_unit), high=_in_default(high, default_unit))


def _share_unit(bound: AnyNode | None, other: AnyNode | None) -> AnyNode | None:
    if not isinstance(bound, Quantity) or not isinstance(other, Quantity):
        return bound
    if bound.unit in (PLAIN, ANY_ZERO) and other.unit not in (PLAIN, ANY_ZERO):
        return in_default_unit(bound, other.unit)
    return bound


def _in_default(bound: AnyNode | None, unit: Unit | None) -> AnyNode | None:
    if isinstance(bound, Quantity):
        return in_default_unit(bound, unit)
    return bound if bound is None or unit is None else with_default_unit(bound, unit)
