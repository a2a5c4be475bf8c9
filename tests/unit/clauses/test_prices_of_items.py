"""What a price says besides the price: a fixed fee, its own limits, words, the year so far, lots that sum, days."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.clauses.making import PLAIN_HEAD, figure, findings_of, settled
from tests.unit.clauses.many import Small, clause_text, measures, refused

from bpo_contracts.terms.evaluate.allocations import to_grains
from bpo_contracts.values.money import allocate_units

MORE = measures(calls="calls")
MONTHS = [f"2026-{month:02}" for month in range(1, 13)]
CENT = Fraction(1, 100)


def charge(*lines: str) -> str:
    return clause_text("transaction_charge", *lines)


LIMITED = Small(
    charge("measure: paid", "price: 2 %", "fixed_fee: 0.10 EUR", "at_least: 1 EUR", "at_most: 5 EUR"),
    more=measures(paid="EUR"),
)


@given(st.integers(0, 100_000))
@settings(max_examples=30, deadline=None)
def test_price_and_fixed_fee_within_limits(cents: int) -> None:
    paid = Fraction(cents, 100)
    assert LIMITED.of(paid=paid)["x.amount"] == [min(max(paid / 50 + Fraction("0.1"), Fraction(1)), Fraction(5))]


SLICES = "slices: {1000 calls or less: 1 EUR per call, over 1000 to 5000 calls: 0.5 EUR per call, over 5000 calls: 0.2 EUR per call}"
FLAT = SLICES.replace("1 EUR per call", "'1 EUR per call, plus 2 EUR once reached'")
OVERS = {"this contract year": 12, "this calendar year": 12, "this quarter": 3, "the whole contract": 12}
SO_FAR = {over: Small(charge("measure: calls", SLICES, f"counted_over: {over}"), more=MORE) for over in OVERS}


def price_of(calls: int) -> Fraction:
    """The price of so many calls at once."""
    return Fraction(min(calls, 1000)) + Fraction(min(max(calls - 1000, 0), 4000), 2) + Fraction(max(calls - 5000, 0), 5)


@pytest.mark.parametrize("over", OVERS)
@settings(max_examples=8, deadline=None)
@given(st.lists(st.integers(0, 1500), min_size=12, max_size=12))
def test_slices_of_a_year_come_to_the_price_of_all_its_calls(over: str, calls: list[int]) -> None:
    months = SO_FAR[over].settled({month: {"calls": number} for month, number in zip(MONTHS, calls, strict=True)})
    length = OVERS[over]
    for start in range(0, 12, length):
        span = slice(start, start + length)
        assert sum(months["x.amount"][span], Fraction(0)) == price_of(sum(calls[span]))


@given(
    st.lists(st.integers(0, 10_000), min_size=1, max_size=6).filter(any),
    st.integers(0, 1_000_000).map(lambda cents: Fraction(cents, 100)),
)
def test_shares_sum_to_the_cent_as_money_is_allocated(weights: list[int], amount: Fraction) -> None:
    exact = [amount * weight / sum(weights) for weight in weights]
    pairs = [(share.numerator, share.denominator) for share in exact]
    kept = [Fraction(*pair) for pair in to_grains(pairs, (amount.numerator, amount.denominator), CENT)]
    assert sum(kept) == amount
    assert all(abs(one - share) < CENT for one, share in zip(kept, exact, strict=True))
    assert kept == [Fraction(units, 100) for units in allocate_units(int(amount * 100), weights, 1)]


@given(st.lists(st.fractions(-50, 50, max_denominator=997), min_size=1, max_size=6))
def test_any_amounts_sum_to_their_rounded_sum(amounts: list[Fraction]) -> None:
    rounded = Fraction(round(sum(amounts) * 100), 100)
    pairs = [(one.numerator, one.denominator) for one in amounts]
    kept = [Fraction(*pair) for pair in to_grains(pairs, (rounded.numerator, rounded.denominator), CENT)]
    assert sum(kept) == rounded
    assert all(abs(one - exact) <= CENT for one, exact in zip(kept, amounts, strict=True))


DATED = "parameters:\n  price: {2026-01-01: 0.50 EUR per call, 2026-01-16: 0.60 EUR per call}\n"
LIST = "lists:\n  made:\n    columns: {made_on: day, number: calls}\n    missing: none happened\n"
BY_DAY = ("for_each: made", "rounded: the sum", "measure: number")


@pytest.mark.parametrize(("day", "price"), [("2026-01-15", "0.50"), ("2026-01-16", "0.60"), ("2025-12-31", "")])
def test_a_parameter_on_a_day(day: str, price: str) -> None:
    facts = f"2026-01:\n  made: [{{made_on: {day}, number: 10}}]"
    outcome = settled(charge(*BY_DAY, "price: price on made_on"), facts, more=DATED + LIST, head=PLAIN_HEAD)
    if price:
        assert figure(outcome, "x") == Fraction(price) * 10
    else:
        assert [finding.code for finding in outcome.findings] == ["BPO245"]


def test_a_series_on_a_day_is_that_of_its_month() -> None:
    series = (
        "series:\n  price: {unit: EUR per call, source: s, lookup: exact, values: {2025-12: 0.40, 2026-01: 0.50}}\n"
    )
    facts = "2026-01:\n  made: [{made_on: 2025-12-31, number: 10}, {made_on: 2026-01-01, number: 10}]"
    outcome = settled(charge(*BY_DAY, "price: price on made_on"), facts, more=series + LIST, head=PLAIN_HEAD)
    assert figure(outcome, "x") == 9


@pytest.mark.parametrize(
    ("lines", "code", "said"),
    [
        ((*BY_DAY, "price: price"), "BPO133", "2026-01-16"),
        ((*BY_DAY, "price: price on number"), "BPO230", ""),
        ((*BY_DAY, "price: number on made_on"), "BPO289", "'number'"),
        ((*BY_DAY, SLICES, "counted_over: this quarter"), "BPO134", "items of a list"),
        (("measure: calls", "price: 1 EUR per call", "counted_over: this quarter"), "BPO148", "slices"),
        (("measure: calls", "price: 1 EUR per call", "by: calls"), "BPO148", "table"),
        (("measure: calls", FLAT, "counted_over: this quarter"), "BPO148", "flat fee"),
    ],
)
def test_what_is_unclear_is_refused(lines: tuple[str, ...], code: str, said: str) -> None:
    refused(charge(*lines), code, "", more=MORE + DATED + LIST, said=said)


def test_a_field_that_goes_with_another_is_shown_with_its_place() -> None:
    refused(charge("measure: calls", "price: 1 EUR", "per: 5 calls"), "BPO148", "per:", more=MORE, said="part_steps")


@pytest.mark.parametrize("every", ["month", "quarter"])
@pytest.mark.parametrize(("label", "code"), [("2026-04", ""), ("2026-04-16", ""), ("2026-04-01", "BPO133")])
def test_a_month_names_the_period_that_has_its_name(every: str, label: str, code: str) -> None:
    head = PLAIN_HEAD.replace("period: month", f"period: {every}\nperiod_starts_on_day: 16").replace("-01-01", "-01-16")
    head = head.replace("2026-12-31", "2027-01-15")
    more = MORE + f"parameters:\n  price: {{2026-01: 0.50 EUR per call, {label}: 0.60 EUR per call}}\n"
    findings = findings_of(charge("measure: calls", "price: price"), more=more, head=head)
    assert [finding.code for finding in findings] == ([code] if code else [])


@pytest.mark.parametrize(
    ("values", "price"),
    [
        ("{2026-01-16: 0.50 EUR per call}", "0.50"),
        ("{2025-12-20: 0.50 EUR per call}", "0.50"),
        ("{2025-12-20: 0.40 EUR per call, 2026-01-16: 0.50 EUR per call}", "0.50"),
        ("{2025-12-20: 0.40 EUR per call, 2026-01-10: 0.50 EUR per call}", "0.50"),
        ("{2026-01-16: 0.50 EUR per call, 2026-01-20: 0.60 EUR per call}", "BPO133"),
    ],
)
def test_what_holds_from_the_start_of_the_term_does_not_change_in_it(values: str, price: str) -> None:
    head = PLAIN_HEAD.replace("starts_on: 2026-01-01", "starts_on: 2026-01-16")
    clause, more = charge("measure: calls", "price: price"), MORE + f"parameters:\n  price: {values}\n"
    if price.startswith("BPO"):
        refused(clause, price, "", more=more, head=head)
        return
    assert figure(settled(clause, "2026-01:\n  calls: 10", more=more, head=head), "x") == Fraction(price) * 10


@pytest.mark.parametrize(
    ("paid", "price"),
    [("100", "1.30"), ("10", "0.50"), ("0.01", "0.50"), ("0", "0.10"), ("-5", "0.04"), ("-50", "0"), ("-1000", "0")],
)
def test_a_minimum_price_is_that_of_items_above_zero(paid: str, price: str) -> None:
    """A refund is not raised to it, and no item has a price below zero."""
    more = "lists:\n  payments: {columns: {amount: EUR}, missing: none happened}\n"
    text = charge(
        "for_each: payments", "measure: amount", "price: 1.2 %", "fixed_fee: 0.10 EUR", "at_least: 0.50 EUR",
        "rounded: each item",
    )  # fmt: skip
    outcome = settled(text, f"2026-01: {{payments: [{{item: a, amount: {paid} EUR}}]}}", more=more, head=PLAIN_HEAD)
    assert figure(outcome, "x") == Fraction(price)


def test_a_minimum_price_of_a_period_is_due_without_a_quantity() -> None:
    contract = Small(charge("measure: calls", "price: 1 EUR per call", "at_least: 20 EUR"), more=MORE)
    assert contract.of(calls=0)["x"] == [20]


LOT = (
    "for_each: site",
    "amount: v * 0.335 EUR per visit",
    "only_if: v is over 0 visits",
    'where: site is "n" or site is "s"',
)
SITES = "scopes: {site: [n, s, w]}\nmeasures:\n"
SITES += "  v: {unit: visits, direction: neutral, precision: unrounded, missing: not scored, for_each: site}\n"


@pytest.mark.parametrize("gap", ["1", "-5", "0"])
def test_lots_that_sum_have_the_statuses_of_lots_of_their_own(gap: str) -> None:
    """``rounded: the sum`` is about cents: it says nothing else of a closed gate, another lot or missing data."""
    statuses = []
    for rounded in ([], ["rounded: the sum"]):
        text = clause_text("incentive", *LOT, *rounded)
        outcome = settled(text, f"2026-01: {{v: {{n: 1, s: {gap}, w: 4}}}}", more=SITES, head=PLAIN_HEAD)
        assert outcome.findings == (), [finding.render() for finding in outcome.findings]
        (settlement,) = outcome.settled.values()
        statuses.append([(one.scope, one.status) for one in settlement.determinations])
    assert statuses[0] == statuses[1]
    assert len(set(dict(statuses[0]).values())) > 1
