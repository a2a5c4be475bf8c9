"""The words of formulas: how tightly they hold together, and what each means."""

from __future__ import annotations

import re
from typing import Final, Literal, get_args

from bpo_contracts.terms.nodes import CompareOperator, Counting, Elapsed, FoldKind, Since, Window
from bpo_contracts.values.periods import MONTHS_OF

ALONE, LOGIC, NOT, COMPARE, SUM, PRODUCT, PHRASE, OF, TIGHT = range(9)
"""How tightly words hold together, loosest first."""

NAME: Final = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*\Z", re.ASCII)
FOLDS: Final[dict[str, FoldKind]] = {kind: kind for kind in get_args(FoldKind)}
COUNTINGS: Final[dict[str, Counting]] = {counting: counting for counting in get_args(Counting)}
PERIOD_WORDS: Final = frozenset((*MONTHS_OF, "period"))
PERIOD_FACTS: Final[tuple[tuple[tuple[str, ...], Literal["days", "start", "end", "month"]], ...]] = (
    (("days", "in", "period"), "days"),
    (("calendar", "month", "of", "period"), "month"),
    (("start", "of", "period"), "start"),
    (("end", "of", "period"), "end"),
)
SPANS: Final[tuple[tuple[tuple[str, ...], Since], ...]] = (
    (("contract", "year"), "year"),
    (("calendar", "year"), "calendar year"),
    (("year",), "year"),
    (("half-year",), "half-year"),
    (("quarter",), "quarter"),
)
"""The years, half-years and quarters that windows keep to, in words."""

ELAPSED: Final[dict[tuple[str, str], Elapsed]] = {
    ("full", "months"): "full months",
    ("started", "months"): "started months",
    ("full", "years"): "full years",
    ("started", "years"): "started years",
}
YEARS_BY: Final[dict[str, Elapsed]] = {
    "actual/actual": "years by actual/actual",
    "actual/365": "years by actual/365",
    "actual/360": "years by actual/360",
    "30/360": "years by 30/360",
}
"""The ways to count the days of a year."""

SHORT_HISTORY: Final[dict[str, Literal["the periods there are", "no result", "refuse"]]] = {
    "the periods there are": "the periods there are",
    "the months there are": "the periods there are",
    "the quarters there are": "the periods there are",
    "the half-years there are": "the periods there are",
    "the years there are": "the periods there are",
    "no result": "no result",
    "refuse": "refuse",
}
MISSING: Final[dict[str, Literal["refuse", "skip"]]] = {"refuse": "refuse", "skip": "skip"}
EVERYTHING: Final = Window(None, previous=False)
"""All periods so far, this one included."""

SYMBOLS: Final[dict[str, CompareOperator]] = {
    "<": "<", "<=": "<=", "=": "==", "!=": "!=", ">=": ">=", ">": ">"
}  # fmt: skip
COMPARISONS: Final[tuple[tuple[tuple[str, ...], CompareOperator], ...]] = (
    (("at", "least"), ">="),
    (("at", "most"), "<="),
    (("more", "than"), ">"),
    (("over",), ">"),
    (("above",), ">"),
    (("less", "than"), "<"),
    (("fewer", "than"), "<"),
    (("under",), "<"),
    (("below",), "<"),
    (("on", "or", "after"), ">="),
    (("on", "or", "before"), "<="),
    (("after",), ">"),
    (("before",), "<"),
)
AFTER_IS: Final = frozenset(("before", "after"))
"""Words that compare days, and only behind ``is``: ``end of period is before 2027-01-01``."""

COMPARISON_WORDS: Final = ("is", "at", "more", "over", "above", "less", "fewer", "under", "below")
JOINS: Final = ("+", "-", "*", "/", "of", "as", *SYMBOLS, "and", "or", *COMPARISON_WORDS)
"""What joins one thing with another."""

INFIX: Final = frozenset(
    ("of", "as", "and", "or", "then", "else", "for", "per", "where", "to", "ago", "from", *COMPARISON_WORDS)
)
"""Words that never begin anything and are no units."""
