"""What has no formula is said in plain English; figures are sentences with their clause."""

from __future__ import annotations

from fractions import Fraction

import pytest

from bpo_contracts.terms import nodes as n
from bpo_contracts.terms.bands import parse_row
from bpo_contracts.terms.describe import describe, sentence
from bpo_contracts.terms.formula import parse_formula
from bpo_contracts.values.rounding import Mode, Rounding
from bpo_contracts.values.sources import NOWHERE, Citation
from bpo_contracts.values.units import MINUTES, PERCENT, Unit, money, parse_unit

A, B = n.Name("a"), n.Name("b")
EUR = money("EUR")
CENT = Rounding(Mode.HALF_UP, Fraction("0.01"))


def formula(text: str) -> n.AnyNode:
    return parse_formula(text, nouns=("tickets",))


def curve(reading: n.Reading, *rows: tuple[str, str], labelled: bool = True, start: n.AnyNode | None = None) -> n.Curve:
    read = []
    for label, gives in rows:
        bounds = parse_row(label, nouns=(), default_unit=None, source=NOWHERE)
        name = label if labelled else ""
        read.append(n.Row(name, bounds.low, bounds.low_closed, bounds.high, bounds.high_closed, formula(gives)))
    return n.Curve(tuple(read), reading, A, start)


ROWS = (("99.8 % or more", "0 %"), ("98 % to under 99.8 %", "2 %"), ("under 98 %", "3 %"))


@pytest.mark.parametrize(
    ("node", "words"),
    [
        (
            curve("at", *ROWS),
            "the row of the table that holds a: 99.8 % or more gives 0 %; 98 % to under 99.8 % gives 2 %; "
            "under 98 % gives 3 %",
        ),
        (
            curve("along", ("10 EUR or less", "10 %"), ("over 10 EUR", "5 %"), start=formula("0 EUR")),
            "slice by slice of the table from 0.00 EUR to a: 10 EUR or less counts at 10 %; over 10 EUR counts at 5 %",
        ),
        (
            curve("line", ("exactly 5 %", "1 EUR"), ("exactly 6 %", "2 EUR")),
            "the straight line between the points of the table, at a: "
            "exactly 5 % gives 1.00 EUR; exactly 6 % gives 2.00 EUR",
        ),
        (
            n.LookUp(A, (("P1", formula("5 EUR")), ("P2", formula("1 EUR"))), formula("0 EUR")),
            'the entry for a: "P1" gives 5.00 EUR; "P2" gives 1.00 EUR; anything else gives 0.00 EUR',
        ),
        (n.Round(formula("a + b"), CENT), "a + b, rounded half up to 0.01"),
        (n.Of(formula("5 %"), n.Round(A, CENT)), "5 % of (a, rounded half up to 0.01)"),
        (
            n.Allocate((A, B), n.Name("cap"), "in order", Fraction("0.01")),
            "what each of a, b keeps when their sum is limited to cap, the first named first, "
            "to 0.01 with no rest lost",
        ),
        (n.Kept("service_credits.allocation", "a"), "what a keeps of service_credits.allocation"),
        (
            n.SeriesValue("cpi", (), 3, None, False, Unit()),
            "the value of cpi for 3 months before the month of the period",
        ),
        (n.SeriesValue("cpi", (), 0, 2024 * 12 + 8, True, Unit()), "the latest value of cpi up to 2024-09"),
        (n.NoValue("fewer than 30 tickets"), "no value: fewer than 30 tickets"),
        (
            n.Choose(A, B, formula("0 EUR"), "is the claim in time?"),
            "if a then b else 0.00 EUR",
        ),
        (formula("if (a or else no) then 5 % of (a + b) else 0"), "if (a or else no) then 5 % of (a + b) else 0"),
        (formula("count of tickets where (a >= 2 hours) over 5"), "count of tickets where (a >= 2 hours) > 5"),
        (n.Quantity(Fraction(8, 11), EUR), "(8.00 EUR / 11)"),
        (n.Quantity(Fraction(7), parse_unit("hours", ())), "7 minutes"),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else type(value).__name__,
)
def test_words(node: n.AnyNode, words: str) -> None:
    assert describe(node) == words


def test_rows_without_a_label_are_said_from_their_ends() -> None:
    labels = [
        "99 % or more", "over 99 %", "99 % or less", "under 99 %", "1 % to 2 %", "1 % to under 2 %", "over 1 % to 2 %",
        "over 1 % to under 2 %", "exactly 5 %", "under (5 % of a)", "under target",
    ]  # fmt: skip
    said = describe(curve("at", *((label, "1 %") for label in labels), labelled=False))
    assert said == describe(curve("at", *((label, "1 %") for label in labels)))
    everything = n.Curve((n.Row("", None, False, None, False, formula("1 %")),), "at", A)
    assert describe(everything).endswith("anything gives 1 %")


def test_a_slice_may_cost_a_flat_sum() -> None:
    row = n.Row("over 5 EUR", formula("5 EUR"), False, None, False, formula("10 %"), formula("3 EUR"))
    assert describe(n.Curve((row,), "along", A)).endswith("over 5 EUR counts at 10 %, plus 3.00 EUR once reached")


@pytest.mark.parametrize(
    ("period", "words"), [("month", "sum of a over last 12 months"), ("period", "sum of a over last 12 periods")]
)
def test_periods_are_called_as_the_contract_calls_them(period: str, words: str) -> None:
    assert describe(formula("sum of a over last 12 months"), period=period) == words


def figure(node: n.AnyNode | None, unit: Unit | None, says: str = "credit before caps", per: str = "") -> n.Figure:
    return n.Figure("availability_credit.gross", node, Citation("5.2"), says, per, unit)


def test_sentences() -> None:
    assert sentence(figure(n.Round(formula("5 % of fee"), CENT), EUR)) == (
        "Clause 5.2: credit before caps (availability_credit.gross) is 5 % of fee, rounded half up to 0.01 EUR, in EUR."
    )
    assert sentence(figure(None, PERCENT, says=""), period="month") == (
        "Clause 5.2: availability_credit.gross is reported for every month, in %."
    )
    assert sentence(figure(formula("full steps of delay per 30 minutes"), None, per="tickets")) == (
        "Clause 5.2: credit before caps (availability_credit.gross), for each tickets, "
        "is full steps of delay per 30 minutes."
    )
    assert sentence(n.Figure("wait", None, Citation(""), "", unit=MINUTES)) == (
        "wait is reported for every period, in minutes."
    )
