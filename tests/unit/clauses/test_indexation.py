"""Indexation: the change lies within its collar, an index that stands still changes nothing, lags count back."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.clauses.making import PLAIN_HEAD
from tests.unit.clauses.many import Small, clause_text, measures, refused

HEAD = PLAIN_HEAD.replace("2026-01-01, ends_on: 2026-12-31", "2025-07-01, ends_on: 2028-06-30") + "units: [points]\n"
MORE = measures(orders="orders")
FIELDS = ("price: 1000 EUR", "index: cpi", "round: half up to 0.01 EUR")


def series(values: str) -> str:
    return f"series: {{cpi: {{unit: points, source: office, lookup: exact, values: {{{values}}}}}}}\n"


def clause(*lines: str, fields: tuple[str, ...] = FIELDS) -> str:
    return clause_text("indexation", *fields, *lines) + (
        "- base_fee: fee\n  clause: '2'\n  words: The price.\n  amount: x\n"
    )


MONTHLY = ("reviewed: each period", "lag: 1 months", "base: 2025-06", "round_change: half up to 0.1 %")


@settings(max_examples=25, deadline=None)
@given(st.decimals("50", "200", places=1).map(Fraction), st.decimals("50", "200", places=1).map(Fraction))
def test_the_change_is_within_its_collar(then: Fraction, now: Fraction) -> None:
    text = clause(*MONTHLY, "at_most: 5 %", "at_least: -2 %")
    values = series(f"2025-06: {float(then)}, 2025-12: {float(now)}")
    settled = Small(text, more=MORE + values, head=HEAD).settled({"2026-01": {"orders": 1}})
    change = settled.last("x.change")
    assert -2 <= change <= 5
    assert settled.last("x.ratio") == now / then
    assert now != then or settled.last("x") == 1000
    assert abs(settled.last("x") - 1000 * (1 + change / 100)) <= Fraction("0.005")


MONTHS = ", ".join(f"{2024 + month // 12}-{month % 12 + 1:02}: {100 + month}" for month in range(48))


@pytest.mark.parametrize(
    ("reviewed", "months"),
    [
        ("each period", {"2026-06": "2026-03", "2026-07": "2026-04", "2026-12": "2026-09", "2027-01": "2026-10"}),
        (
            "each contract year",
            {"2026-06": "2025-04", "2026-07": "2026-04", "2026-12": "2026-04", "2027-01": "2026-04"},
        ),
        (
            "each calendar year",
            {"2026-06": "2025-10", "2026-07": "2025-10", "2026-12": "2025-10", "2027-01": "2026-10"},
        ),
    ],
)
def test_the_lag_counts_back_from_the_review(reviewed: str, months: dict[str, str]) -> None:
    text = clause(f"reviewed: {reviewed}", "lag: 3 months", "base: 2024-01", "round_ratio: unrounded")
    contract = Small(text, more=MORE + series(MONTHS), head=HEAD)
    for period, month in months.items():
        year, number = (int(part) for part in month.split("-"))
        assert contract.settled({period: {"orders": 1}}).last("x.index") == 100 + (year - 2024) * 12 + number - 1


def test_a_base_that_moves_along() -> None:
    text = clause("reviewed: each calendar year", "lag: 3 months", "base: 12 months earlier", "round_change: unrounded")
    settled = Small(text, more=MORE + series(MONTHS), head=HEAD).settled({"2026-02": {"orders": 1}})
    assert settled.last("x.index") == 121
    assert settled.last("x.base") == 109


def test_nothing_changes_before_the_first_day() -> None:
    text = clause(*MONTHLY, "not_before: 2026-03-01")
    contract = Small(text, more=MORE + series("2025-06: 100, 2026-02: 110"), head=HEAD)
    assert contract.settled({"2026-02": {"orders": 1}}).last("x") == 1000
    assert contract.settled({"2026-03": {"orders": 1}}).last("x") == 1100


def test_rounding_the_quotient_and_rounding_the_change_differ_for_a_fall() -> None:
    values = series("2025-06: 1000, 2025-12: 953.5")
    lines = ("reviewed: each period", "lag: 1 months", "base: 2025-06")
    by_ratio = Small(clause(*lines, "round_ratio: half up to 0.001"), more=MORE + values, head=HEAD)
    by_change = Small(clause(*lines, "round_change: half up to 0.1 %"), more=MORE + values, head=HEAD)
    assert by_ratio.settled({"2026-01": {"orders": 1}}).last("x") == 954
    assert by_change.settled({"2026-01": {"orders": 1}}).last("x") == 953


@pytest.mark.parametrize(
    ("text", "code", "at"),
    [
        (clause(*MONTHLY, "round_ratio: unrounded"), "BPO148", "round_ratio: unrounded"),
        (clause(*MONTHLY[:3]), "BPO148", "indexation: x"),
        (clause(*MONTHLY).replace("index: cpi", "index: rpi"), "BPO293", "rpi"),
        (clause(*MONTHLY).replace("lag: 1 months", "lag: some"), "BPO295", "some"),
        (clause(*MONTHLY).replace("base: 2025-06", "base: the start"), "BPO294", "the start"),
        (clause(*MONTHLY).replace("0.1 %", "0.1 points"), "BPO234", "half up to 0.1 points"),
        (clause(*MONTHLY).replace("half up to 0.01 EUR", "half up to 0.01 %"), "BPO230", "half up to 0.01 %"),
        (clause(*MONTHLY).replace("reviewed: each period", "reviewed: yearly"), "BPO147", "yearly"),
    ],
)
def test_refused_at_its_place(text: str, code: str, at: str) -> None:
    refused(text, code, at, more=MORE + series("2025-06: 100"), head=HEAD)
