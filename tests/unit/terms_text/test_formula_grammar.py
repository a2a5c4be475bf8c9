"""What each phrase of the formula language means."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from fractions import Fraction

import pytest

from bpo_contracts.terms import nodes as n
from bpo_contracts.terms.formula import parse_formula
from bpo_contracts.values.periods import Every
from bpo_contracts.values.sources import Source
from bpo_contracts.values.units import ANY_ZERO, DAY, INSTANT, MINUTES, PERCENT, PLAIN, TRUTH, WORD, Unit, money

NOUNS = ("tickets", "calls", "incident", "t", "month")
A, B, C, X = n.Name("a"), n.Name("b"), n.Name("c"), n.Name("x")
EUR = money("EUR")
ALL = n.Window(None, previous=False)


def number(value: int | str, unit: Unit = PLAIN) -> n.Quantity:
    return n.Quantity(Fraction(value), unit)


def test(operator: n.CompareOperator) -> n.Test:
    return n.Test(operator, A, B)


test.__test__ = False  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("a + b - c", n.Arithmetic("-", n.Arithmetic("+", A, B), C)),
        ("a - b * c", n.Arithmetic("-", A, n.Arithmetic("*", B, C))),
        ("a / b / c", n.Arithmetic("/", n.Arithmetic("/", A, B), C)),
        ("-a", n.Arithmetic("-", number(0, ANY_ZERO), A)),
        ("-5 EUR", number(-5, EUR)),
        ("a - -5 EUR", n.Arithmetic("-", A, number(-5, EUR))),
        ("a -5 EUR", n.Arithmetic("-", A, number(5, EUR))),
        ("0", number(0, ANY_ZERO)),
        ("5 % of a", n.Of(number(5, PERCENT), A)),
        ("5 % of 10 % of a", n.Of(number(5, PERCENT), n.Of(number(10, PERCENT), A))),
        ("b + 5 % of a", n.Arithmetic("+", B, n.Of(number(5, PERCENT), A))),
        ("a as % of b", n.AsPercent(A, B)),
        ("min(a, b, c)", n.Extreme("min", (A, B, C))),
        ("max(5,6)", n.Extreme("max", (number(5), number(6)))),
        ("max(99 %,9 %)", n.Extreme("max", (number(99, PERCENT), number(9, PERCENT)))),
        ("not a = b", n.Not(test("=="))),
        ("not a and b", n.Every((n.Not(A), B))),
        ("a or b or c", n.AnyOf((A, B, C))),
        ("(a or b) or c", n.AnyOf((n.AnyOf((A, B)), C))),
        ("x is known", n.Known(X)),
        ("x is not missing", n.Known(X)),
        ("x is missing", n.Not(n.Known(X))),
        ("x is not known", n.Not(n.Known(X))),
        ("x or else y", n.OrElse(X, n.Name("y"))),
        ("if a then b else c", n.Choose(A, B, C)),
        ('line = "voice"', n.Test("==", n.Name("line"), n.Literal_("voice", WORD))),
        ("yes", n.Literal_(True, TRUTH)),
        ("2026-06-11", n.Literal_(date(2026, 6, 11), DAY)),
        (
            "2026-06-11T12:00:00+02:00",
            n.Literal_(datetime(2026, 6, 11, 12, tzinfo=timezone(timedelta(hours=2))), INSTANT),
        ),
        ("2026-06-11T10:00Z", n.Literal_(datetime(2026, 6, 11, 10, tzinfo=timezone.utc), INSTANT)),  # noqa: UP017
        ("x.gross", n.Name("x.gross")),
        ("outer.x.gross", n.Name("x.gross", 1)),
        ("outer.outer.x", n.Name("x", 2)),
        ("this item's x", n.Name("x", 1)),
        ("x on 2026-06-11", n.Dated((), n.Literal_(date(2026, 6, 11), DAY), "x")),
        ("x on end of period", n.Dated((), n.PeriodFact("end"), "x")),
        ("x on a + b", n.Arithmetic("+", n.Dated((), A, "x"), B)),
        ("total / calls", n.Arithmetic("/", n.Name("total"), n.Name("calls"))),
        ("5 EUR/t", number(5, Unit((("EUR", 1), ("t", -1))))),
        ("5 EUR / t", n.Arithmetic("/", number(5, EUR), n.Name("t"))),
        ("previous month's x", n.Earlier("x", 1, None)),
        ("previous period\u2019s x.gross", n.Earlier("x.gross", 1, None)),
        ("x 3 months ago", n.Earlier("x", 3, None)),
        ("x 2 periods ago (before the start: 0 EUR)", n.Earlier("x", 2, number(0, EUR))),
        ("sum of x for each tickets", n.Fold("sum", X, "tickets")),
        ("average of x for each tickets where (a or b)", n.Fold("average", X, "tickets", n.AnyOf((A, B)))),
        ("any of x for each tickets where not a", n.Fold("any", X, "tickets", n.Not(A))),
        ("count of tickets", n.Fold("count", None, "tickets")),
        ("count of tickets where (a) (none found: 1)", n.Fold("count", None, "tickets", A, number(1))),
        ("highest of x for each tickets (missing: skip)", n.Fold("highest", X, "tickets", missing="skip")),
        ("sum of (a, b, c)", n.Fold("sum", None, (A, B, C))),
        ("sum of x over last 12 months", n.Fold("sum", X, n.Window(12, previous=False))),
        (
            "sum of x over previous 11 months (short history: the months there are)",
            n.Fold("sum", X, n.Window(11, previous=True, short="the periods there are")),
        ),
        ("sum of x over last 3 periods (short history: no result)",
         n.Fold("sum", X, n.Window(3, previous=False, short="no result"))),
        ("sum of x over this quarter to date", n.Fold("sum", X, n.Window(None, previous=False, since="quarter"))),
        ("sum of x over this year to date", n.Fold("sum", X, n.Window(None, previous=False, since="year"))),
        ("sum of x over earlier months of this year", n.Fold("sum", X, n.Window(None, previous=True, since="year"))),
        (
            "sum of x over this calendar year to date",
            n.Fold("sum", X, n.Window(None, previous=False, since="calendar year")),
        ),
        (
            "sum of x over the previous contract year (short history: no result)",
            n.Fold("sum", X, n.Window(None, previous=True, since="year", short="no result", before=True)),
        ),
        (
            "sum of x over previous quarter",
            n.Fold("sum", X, n.Window(None, previous=True, since="quarter", before=True)),
        ),
        ("last month of this contract year", n.PeriodPlace("last", "year")),
        ("first period of this calendar year", n.PeriodPlace("first", "calendar year")),
        ("not last month of the term", n.Not(n.PeriodPlace("last", "term"))),
        ("calendar month of period", n.PeriodFact("month")),
        ("full months from a to b", n.TimeBetween(A, B, "full months")),
        ("started years from a to end of period", n.TimeBetween(A, n.PeriodFact("end"), "started years")),
        ("years from a to b by actual/actual", n.TimeBetween(A, B, "years by actual/actual")),
        ("years from a to b by 30/360", n.TimeBetween(A, B, "years by 30/360")),
        ("days from a to b by 30/360", n.DayCount(A, B, "30/360")),
        ("x compounded 5 times", n.Compounded(X, number(5))),
        ("(4 % compounded (full years from a to b) times) of x",
         n.Of(n.Compounded(number(4, PERCENT), n.TimeBetween(A, B, "full years")), X)),
        ("sum of x over all months so far", n.Fold("sum", X, ALL)),
        ("sum of x over all earlier months", n.Fold("sum", X, n.Window(None, previous=True))),
        ("count of (a) over last 3 months", n.Fold("count", A, n.Window(3, previous=False))),
        ("streak of (a and b)", n.Fold("streak", n.Every((A, B)), ALL)),
        (
            "count of tickets (none found: no result)",
            n.Fold("count", None, "tickets", none_found=n.NoValue("there is nothing to take the count of")),
        ),
        ("streak of a (none found: 0)", n.Fold("streak", A, ALL, none_found=number(0, ANY_ZERO))),
        ("streak of a >= 3", n.Test(">=", n.Fold("streak", A, ALL), number(3))),
        ("full steps of x per 30 minutes", n.Step(X, number(30, MINUTES), "full")),
        ("started steps of 90 minutes per 30 minutes", n.Step(number(90, MINUTES), number(30, MINUTES), "started")),
        ("nearest steps of (a - b) per 1 hour", n.Step(n.Arithmetic("-", A, B), number(60, MINUTES), "nearest")),
        ("exact steps of x per a", n.Step(X, A, "exact")),
        ("days from start of period to a", n.DayCount(n.PeriodFact("start"), A)),
        ("a / days in period", n.Arithmetic("/", A, n.PeriodFact("days"))),
        ("end of period", n.PeriodFact("end")),
        ("5 months", number(5, Unit((("month", 1),)))),
        ("1 day", number(1440, MINUTES)),
    ],
)  # fmt: skip
def test_a_phrase_means_its_node(text: str, node: n.AnyNode) -> None:
    assert parse_formula(text, nouns=NOUNS) == node


@pytest.mark.parametrize(
    ("words", "operator"),
    [
        ("=", "=="), ("is", "=="), ("!=", "!="), ("is not", "!="),
        (">=", ">="), ("is at least", ">="), ("at least", ">="),
        ("<=", "<="), ("is at most", "<="), ("at most", "<="),
        (">", ">"), ("is more than", ">"), ("is over", ">"), ("more than", ">"), ("over", ">"), ("above", ">"),
        ("is before", "<"), ("is after", ">"), ("is on or before", "<="), ("is on or after", ">="),
        ("<", "<"), ("is less than", "<"), ("is under", "<"), ("less than", "<"), ("under", "<"), ("fewer than", "<"),
    ],
)  # fmt: skip
def test_comparisons_in_words(words: str, operator: n.CompareOperator) -> None:
    assert parse_formula(f"a {words} b", nouns=()) == test(operator)


def test_a_bare_number_takes_the_default_unit_only_as_the_value() -> None:
    def read(text: str) -> n.AnyNode:
        return parse_formula(text, nouns=(), default_unit=EUR)

    assert read("5") == number(5, EUR)
    assert read("0") == number(0, EUR)
    assert read("a + 5") == n.Arithmetic("+", A, number(5, EUR))
    assert read("a * 5") == n.Arithmetic("*", A, number(5))
    assert read("if a > 5 then 6 else b") == n.Choose(n.Test(">", A, number(5)), number(6, EUR), B)
    assert read("max(5, 6)") == n.Extreme("max", (number(5, EUR), number(6, EUR)))
    assert read("a or else 5") == n.OrElse(A, number(5, EUR))
    assert read("5 %") == number(5, PERCENT)
    assert parse_formula("2", nouns=(), default_unit=Unit(MINUTES.dims, factor=Fraction(60))) == number(120, MINUTES)
    assert parse_formula("5", nouns=(), default_unit=WORD) == number(5)


def test_months_are_turned_into_the_periods_of_the_contract() -> None:
    def read(text: str, every: Every) -> n.AnyNode:
        return parse_formula(text, nouns=NOUNS, every=every)

    assert read("x 6 months ago", Every.QUARTER) == n.Earlier("x", 2, None)
    assert read("previous quarter's x", Every.QUARTER) == n.Earlier("x", 1, None)
    assert read("sum of x over last 12 months", Every.YEAR) == n.Fold("sum", X, n.Window(1, previous=False))
    assert read("previous half-year's x", Every.HALF_YEAR) == n.Earlier("x", 1, None)
    assert read("x 2 half-years ago", Every.HALF_YEAR) == n.Earlier("x", 2, None)
    assert read("sum of x over last 12 months", Every.HALF_YEAR) == n.Fold("sum", X, n.Window(2, previous=False))
    half = "sum of x over this half-year to date"
    assert read(half, Every.MONTH) == n.Fold("sum", X, n.Window(None, previous=False, since="half-year"))
    assert read("x 3 periods ago", Every.YEAR) == n.Earlier("x", 3, None)


def test_every_node_carries_its_own_place() -> None:
    line = "    of: 5 % of (fee + bonus)"
    node = parse_formula("5 % of (fee + bonus)", nouns=(), source=Source("c.yaml", 9, 9, line))
    assert isinstance(node, n.Of)
    assert isinstance(node.base, n.Arithmetic)
    bonus = node.base.right.source
    assert (str(bonus), bonus.length, bonus.text) == ("c.yaml:9:23", 5, line)
    assert (node.source.column, node.source.length) == (9, 20)
    assert (node.base.source.column, node.base.source.length) == (17, 11)


def test_the_place_inside_quotes_and_of_folded_text() -> None:
    quoted = parse_formula("a + b", nouns=(), source=Source("c.yaml", 1, 5, "of: 'a + b'"))
    assert isinstance(quoted, n.Arithmetic)
    assert quoted.right.source.column == 10
    folded = parse_formula("a + b", nouns=(), source=Source("c.yaml", 1, 5, "of: >"))
    assert isinstance(folded, n.Arithmetic)
    assert folded.right.source.column == 5
