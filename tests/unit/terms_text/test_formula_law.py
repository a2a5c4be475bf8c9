"""Describing a node and reading the text again gives the same node: nothing is lost, and no bracket is missing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from fractions import Fraction
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpo_contracts.terms import nodes as n
from bpo_contracts.terms.describe import describe
from bpo_contracts.terms.formula import NODES_MAX, TREE_DEPTH_MAX, parse_formula
from bpo_contracts.terms.formula_words import EVERYTHING
from bpo_contracts.terms.ranks import MEDIAN_METHODS, PERCENTILE_METHODS, Rank
from bpo_contracts.values.findings import BadInput
from bpo_contracts.values.periods import Every
from bpo_contracts.values.sources import Source
from bpo_contracts.values.units import ANY_ZERO, DAY, INSTANT, PLAIN, TRUTH, WORD, parse_unit

NOUNS = ("tickets", "calls", "incident", "t", "points", "query", "month", "word")
UNITS = [
    "%", "pp", "EUR", "JPY", "KWD", "seconds", "minutes", "hours", "days", "weeks", "calls", "t", "points", "queries",
    "EUR per incident", "GBP/t", "EUR per hour", "calls per day", "EUR per t per month", "per call", "months", "words",
]  # fmt: skip

numbers = st.builds(
    lambda digits, places: Fraction(digits, 10**places), st.integers(-(10**9), 10**9), st.integers(0, 6)
)
written = st.builds(
    lambda number, unit: n.Quantity(number * unit.factor, unit),
    numbers,
    st.sampled_from(UNITS).map(lambda text: parse_unit(text, NOUNS)),
)
bare = numbers.map(lambda number: n.Quantity(number, PLAIN if number else ANY_ZERO))
names = st.sampled_from(
    ["x", "fee", "fee.gross", "calls", "days", "start", "sum", "count", "last", "previous", "full", "min", "known",
     "missing", "every", "t", "least", "pp", "a1_b", "median", "percentile"]
)  # fmt: skip
zones = st.integers(-720, 840).map(lambda minutes: timezone(timedelta(minutes=minutes)))
literals = st.one_of(
    st.booleans().map(lambda value: n.Literal_(value, TRUTH)),
    st.sampled_from(["voice", "P1", "", "a, b or else (c", "Straße 5 %"]).map(lambda value: n.Literal_(value, WORD)),
    st.dates(date(1990, 1, 1), date(2199, 12, 31)).map(lambda value: n.Literal_(value, DAY)),
    st.datetimes(
        datetime.fromisoformat("1990-01-02"),
        datetime.fromisoformat("2199-12-30"),
        timezones=st.one_of(st.just(UTC), zones),
    ).map(lambda value: n.Literal_(value.replace(microsecond=0), INSTANT)),
)
windows = st.one_of(
    st.builds(
        n.Window,
        st.integers(1, 60),
        st.booleans(),
        st.just(""),
        st.sampled_from(["the periods there are", "no result", "refuse"]),
    ),
    st.builds(n.Window, st.none(), st.booleans(), st.sampled_from(["", "year", "half-year", "quarter"])),
)
leaves = st.one_of(
    written,
    bare,
    literals,
    st.builds(n.Name, names, st.integers(0, 2)),
    st.sampled_from([n.PeriodFact("days"), n.PeriodFact("start"), n.PeriodFact("end")]),
)


def grown(inner: st.SearchStrategy[n.AnyNode]) -> st.SearchStrategy[n.AnyNode]:
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    maybe = st.none() | inner
    lists = st.sampled_from(["tickets", "sites", "days", "shift,site"])
    kinds = st.sampled_from(["sum", "average", "highest", "lowest", "any", "every", "count"])
    skip = st.sampled_from(["refuse", "skip"])
    return st.one_of(
        st.builds(n.Arithmetic, st.sampled_from("+-*/"), inner, inner),
        inner.map(lambda node: n.Arithmetic("-", n.Quantity(Fraction(0), ANY_ZERO), node)),
        st.builds(n.Of, inner, inner),
        st.builds(n.AsPercent, inner, inner),
        st.builds(n.Extreme, st.sampled_from(["min", "max"]), several),
        st.builds(n.Test, st.sampled_from(["<", "<=", "==", "!=", ">=", ">"]), inner, inner),
        st.builds(n.Every, several),
        st.builds(n.AnyOf, several),
        st.builds(n.Not, inner),
        st.builds(n.Known, inner),
        st.builds(n.OrElse, inner, inner),
        st.builds(n.Choose, inner, inner, inner),
        st.builds(n.Earlier, names, st.integers(1, 48), maybe),
        st.builds(n.Step, inner, inner, st.sampled_from(["full", "started", "nearest", "exact"])),
        st.builds(n.DayCount, inner, inner),
        st.builds(n.WorkingDays, inner, inner, names),
        st.builds(n.Fold, kinds, inner, lists, maybe, maybe, skip),
        st.builds(n.Fold, kinds, inner, windows, maybe, maybe, skip),
        st.builds(n.Fold, kinds, st.none(), several, maybe, maybe, skip),
        st.builds(n.Fold, st.just("count"), st.none(), lists, maybe, maybe, skip),
        st.builds(ranked, ranks, inner, lists | windows | several, maybe, maybe, st.booleans()),
        st.builds(n.Fold, st.just("streak"), inner, st.just(EVERYTHING) | windows, st.none(), maybe, skip),
    )


def ranked(
    rank: Rank, item: n.AnyNode, over: str | n.Window | tuple[n.AnyNode, ...], where: n.AnyNode | None,
    none_found: n.AnyNode | None, skip: bool,
) -> n.Fold:  # fmt: skip
    several = isinstance(over, tuple)
    kind: n.FoldKind = "median" if rank.median else "percentile"
    missing: Literal["refuse", "skip"] = "skip" if skip else "refuse"
    return n.Fold(kind, None if several else item, over, where, none_found, missing, rank=rank)


ranks = st.one_of(
    st.builds(
        Rank,
        st.integers(1, 10**6).map(lambda digits: Fraction(digits, 10**4)),
        st.sampled_from(sorted(PERCENTILE_METHODS.values())),
    ),
    st.builds(Rank, st.just(Fraction(50)), st.sampled_from(sorted(MEDIAN_METHODS.values())), st.just(True)),
)

formulas = st.recursive(leaves, grown, max_leaves=9)

SNIPPETS = [
    "x", "fee", "of", "3", "(", ")", "+", "-", "*", "or", "else", "and", "not", "if", "then", "sum", "count", "for",
    "each", "tickets", "where", "over", "last", "as", "%", "is", "known", "previous", "month's", ",", "min(", "per",
    "full", "steps", "days", "working", "from", "to", "ago", "=", "EUR", "^", ":", "none", "round(", "'s", "missing", "streak",
    "9,9", "'", "5 %", "12 months", "(none found:", "(before the start:", '"a"', "2026-06-11", "\xe9t\xe9", "\x00",
    "95th percentile", "median", "(nearest rank)",
    "\U0001f600",
]  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(formulas)
def test_reading_a_description_gives_the_node(node: n.AnyNode) -> None:
    assert parse_formula(describe(node), nouns=NOUNS) == node


@settings(max_examples=60, deadline=None)
@given(formulas)
def test_a_description_in_months_means_the_same_for_a_monthly_contract(node: n.AnyNode) -> None:
    text = describe(node, period="month")
    assert parse_formula(text, nouns=NOUNS, every=Every.MONTH) == node


@settings(max_examples=150, deadline=None)
@given(formulas)
def test_brackets_around_the_whole_change_nothing(node: n.AnyNode) -> None:
    assert parse_formula(f" ( {describe(node)} )", nouns=NOUNS) == node


@settings(max_examples=150, deadline=None)
@given(formulas, st.integers(2, 40))
def test_every_node_knows_a_place_inside_its_text(node: n.AnyNode, column: int) -> None:
    text = describe(node)
    line = " " * (column - 1) + text
    found = parse_formula(text, nouns=NOUNS, source=Source("f.yaml", 7, column, line))
    level = [found]
    while level:
        for part in level:
            assert (part.source.file, part.source.line) == ("f.yaml", 7)
            assert column <= part.source.column
            assert part.source.column + part.source.length <= len(line) + 1
        level = [child for part in level for child in n.children(part)]


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(SNIPPETS), max_size=14), st.sampled_from([" ", ""]))
def test_any_words_give_a_node_or_a_finding_with_a_place(words: list[str], joint: str) -> None:
    """Total: never another exception, and what is read is described and read again as the same."""
    text = joint.join(words)
    source = Source("f.yaml", 3, 9, "  value: " + text)
    try:
        node = parse_formula(text, nouns=NOUNS, source=source)
    except BadInput as bad:
        (finding,) = bad.findings
        assert "BPO210" <= finding.code <= "BPO219"
        assert finding.source.line == 3
        assert finding.source.column >= 9
        assert finding.next_step
        assert finding.render()
    else:
        assert parse_formula(describe(node), nouns=NOUNS) == node


def _nested(brackets: int) -> str:
    return "(" * brackets + "x" + ")" * brackets


@pytest.mark.parametrize(
    ("fits", "too_much"),
    [
        (lambda: _nested(31), lambda: _nested(32)),
        (lambda: " + ".join(["x"] * TREE_DEPTH_MAX), lambda: " + ".join(["x"] * (TREE_DEPTH_MAX + 1))),
        (
            lambda: f"max({', '.join(['x'] * (NODES_MAX - 1))})",
            lambda: f"max({', '.join(['x'] * NODES_MAX)})",
        ),
        (lambda: "x" * 4096, lambda: "x" * 4097),
        (lambda: "not " * 31 + "x", lambda: "not " * 32 + "x"),
        (lambda: "-" * 31 + "x", lambda: "-" * 32 + "x"),
        (lambda: "if a then b else " * 31 + "c", lambda: "if a then b else " * 32 + "c"),
    ],
    ids=["brackets", "chain", "nodes", "bytes", "not", "minus", "else if"],
)
def test_limits_are_exact_and_named(fits: Callable[[], str], too_much: Callable[[], str]) -> None:
    parse_formula(fits(), nouns=())
    with pytest.raises(BadInput) as caught:
        parse_formula(too_much(), nouns=())
    assert caught.value.findings[0].code == "BPO210"


@pytest.mark.parametrize(
    "part", ["(", "sum of (", "x of ", "if ", "'s", "previous ", "not ", "- ", "a or else ", "min("]
)
def test_hostile_nesting_is_a_finding(part: str) -> None:
    with pytest.raises(BadInput):
        parse_formula(part * (4000 // len(part)), nouns=())
