"""Percentiles and medians in formulas: ``95th percentile of minutes for each calls (nearest rank)``.

Which percentile stands before the word, the method in brackets behind. No method is taken for granted: of 20 values
the 95th percentile is the 19th by one method, and lies between the 19th and the 20th by another.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from bpo_contracts.terms.formula_periods import Periods
from bpo_contracts.terms.formula_words import FOLDS
from bpo_contracts.terms.nodes import FoldKind
from bpo_contracts.terms.ranks import MEDIAN, MEDIAN_METHODS, PERCENTILE_METHODS, Rank, RankMethod, ordinal_text
from bpo_contracts.values.findings import refuse

_HIGHEST: Final = 100
_RANKED: Final[Mapping[str, Mapping[str, RankMethod]]] = {"percentile": PERCENTILE_METHODS, "median": MEDIAN_METHODS}
METHODS_BEGIN: Final = frozenset(tuple(words.split()[:2]) for methods in _RANKED.values() for words in methods)
"""The first two words of each method."""


class Ranks(Periods):
    """Reads which percentile, and by which method."""

    def aggregate(self) -> tuple[FoldKind, Fraction]:
        """The words before ``of``: the aggregate, and which percentile (0 for what is none)."""
        token = self.take()
        if token.kind != "ordinal":
            if token.text == "percentile":
                problem = "'percentile of' does not say which percentile."
                step = "Write its number before it, as in '95th percentile of minutes for each calls (nearest rank)'."
                raise refuse("BPO214", "unexpected-word", problem, step, self.since(token.start))
            return FOLDS[token.text], MEDIAN if token.text == "median" else Fraction(0)
        self.take()
        if not 0 < token.number <= _HIGHEST:
            problem = f"There is no {ordinal_text(token.number)} percentile: percentiles are above 0 and at most 100."
            step = "Write for example '95th percentile of …'; the extremes are 'lowest of …' and 'highest of …'."
            raise refuse("BPO135", "not-a-percentile", problem, step, self.since(token.start))
        return "percentile", token.number

    def method(self, kind: FoldKind) -> RankMethod:
        """The method in brackets, which open here."""
        self.take()
        return _RANKED[kind][self.one_of(*_RANKED[kind])]

    def ranked(self, kind: FoldKind, percent: Fraction, method: RankMethod | None, start: int) -> Rank | None:
        """Which value a percentile or median is; None for other aggregates. ``start`` is where its words begin."""
        if not percent:
            return None
        if method is None:
            what = "median" if kind == "median" else f"{ordinal_text(percent)} percentile"
            problem = f"There are several ways to find the {what}, and this does not say which is meant."
            known = ", ".join(f"'({words})'" for words in _RANKED[kind])
            step = f"Write one of them behind it: {known}."
            raise refuse("BPO136", "method-not-said", problem, step, self.since(start))
        return Rank(percent, method, kind == "median")
