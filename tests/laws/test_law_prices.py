"""Prices by slices, by volume and by packages, over every quantity near a boundary."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.laws.drawn import settled_from, steps_of

from bpo_contracts.testing.strategies import Document
from bpo_contracts.values.numbers import fixed_text

PERIODS = [f"2026-{month:02}" for month in range(1, 13)]
UNITS = st.sampled_from([("calls", "call"), ("minutes", "minute"), ("hours", "hour"), ("EUR", "")])


def _text(hundredths: int, unit: str) -> str:
    return f"{fixed_text(hundredths, 100, 2)} {unit}"


def _quantities(cuts: list[int], more: list[int]) -> list[int]:
    """Zero, every cut with its neighbours in the last place, and others; at most one for each period of a year."""
    near = {cut + step for cut in cuts for step in (-1, 0, 1)}
    return sorted({0, *near, *more})[: len(PERIODS)]


@st.composite
def _rows(draw: st.DrawFn, cuts: list[int], unit: str) -> list[str]:
    """Labels of touching rows from the lowest up; each cut belongs to the row below or above."""
    labels, low = [], ""
    for cut in cuts:
        own = draw(st.booleans())
        end = _text(cut, unit)
        labels.append(
            f"{low} to {'' if own else 'under '}{end}" if low else f"{end} or less" if own else f"under {end}"
        )
        low = f"over {end}" if own else end
    return [*labels, low if low.startswith("over") else f"{low} or more"]


def _amounts(written: Document, quantities: list[int], unit: str) -> list[Fraction]:
    """The exact amount of the fee for each quantity."""
    rows = [
        {"period": period, "measure": "volume", "value": _text(quantity, unit)}
        for period, quantity in zip(PERIODS, quantities, strict=False)
    ]
    documents = settled_from(written, {"schema": "bpo-contracts/performance/1", "measurements": rows}).documents
    return [Fraction(steps_of(document)["fee.amount", ""]["value"]) for document in documents]


def _contract(unit: str, **fields: Any) -> Document:
    measure = {"unit": unit, "direction": "neutral", "precision": "unrounded", "missing": "refuse"}
    return {
        "contract": "prices", "version": "1", "title": "Prices", "client": "C", "provider": "P", "currency": "EUR",
        "term": {"starts_on": "2026-01-01", "ends_on": "2026-12-31"}, "period": "month",
        "rounding": {"lines": "half up to 0.01 EUR"}, "measures": {"volume": measure},
        "clauses": [{"transaction_charge": "fee", "clause": "1", "words": "Words.", "measure": "volume"} | fields],
    }  # fmt: skip


cutting = st.lists(st.integers(1, 500_00), min_size=1, max_size=3, unique=True).map(sorted)
others = st.lists(st.integers(0, 900_00), max_size=4)


@settings(max_examples=25)
@given(st.data(), UNITS, cutting, others)
def test_slices_sum_to_the_quantity(
    data: st.DataObject, unit: tuple[str, str], cuts: list[int], more: list[int]
) -> None:
    """Every slice at the price 1 gives the quantity: nothing is counted twice and nothing is left out."""
    name, noun = unit
    price = f"1.00 EUR per {noun}" if noun else "100 %"
    slices = dict.fromkeys(data.draw(_rows(cuts, name)), price)
    quantities = _quantities(cuts, more)
    amounts = _amounts(_contract(name, slices=slices), quantities, name)
    assert amounts == [Fraction(quantity, 100) for quantity in quantities]


@settings(max_examples=25)
@given(st.data(), UNITS, cutting, others)
def test_graduated_prices_rise_without_a_jump(
    data: st.DataObject, unit: tuple[str, str], cuts: list[int], more: list[int]
) -> None:
    """For prices of zero or more: a larger quantity never costs less, and never more than its difference at the
    highest price."""
    name, noun = unit
    prices = data.draw(st.lists(st.integers(0, 900), min_size=len(cuts) + 1, max_size=len(cuts) + 1))
    labels = data.draw(_rows(cuts, name))
    price = [f"{_text(one, 'EUR')} per {noun}" if noun else _text(one, "%") for one in prices]
    quantities = _quantities(cuts, more)
    amounts = _amounts(_contract(name, slices=dict(zip(labels, price, strict=True))), quantities, name)
    highest = Fraction(max(prices), 100 if noun else 10_000)
    for (less, cheap), (larger, dear) in zip(
        zip(quantities, amounts, strict=True), zip(quantities[1:], amounts[1:], strict=True), strict=False
    ):
        assert 0 <= dear - cheap <= highest * Fraction(larger - less, 100)


@settings(max_examples=20)
@given(st.data(), cutting, st.lists(st.integers(0, 200_00), min_size=1, max_size=12))
def test_slices_that_are_counted_over_periods_cost_what_the_sum_costs(
    data: st.DataObject, cuts: list[int], quantities: list[int]
) -> None:
    """However a quantity is spread over the months, they cost together what it costs in one month."""
    labels = data.draw(_rows(cuts, "calls"))
    prices = data.draw(st.lists(st.integers(0, 900), min_size=len(labels), max_size=len(labels)))
    slices = {label: f"{_text(price, 'EUR')} per call" for label, price in zip(labels, prices, strict=True)}
    whole = _amounts(_contract("calls", slices=slices), [sum(quantities)], "calls")
    window = data.draw(st.sampled_from(["this contract year", "this calendar year", "the whole contract"]))
    spread = _amounts(_contract("calls", slices=slices, counted_over=window), quantities, "calls")
    assert [sum(spread, Fraction(0))] == whole


@settings(max_examples=20)
@given(st.data(), cutting, others)
def test_volume_prices_are_one_price_for_all(data: st.DataObject, cuts: list[int], more: list[int]) -> None:
    """The whole quantity at the price of the row that holds it, which is the row by plain comparison."""
    labels = data.draw(_rows(cuts, "calls"))
    prices = data.draw(st.lists(st.integers(0, 900), min_size=len(labels), max_size=len(labels)))
    quantities = _quantities(cuts, more)
    table = {label: f"{_text(price, 'EUR')} per call" for label, price in zip(labels, prices, strict=True)}
    amounts = _amounts(_contract("calls", table=table), quantities, "calls")
    for quantity, amount in zip(quantities, amounts, strict=True):
        above = sum(
            1
            for cut, label in zip(cuts, labels, strict=False)
            if quantity > cut or (quantity == cut and "under" in label)
        )
        assert amount == Fraction(prices[above], 100) * Fraction(quantity, 100)


@settings(max_examples=20)
@given(
    st.integers(1, 60_00), st.integers(0, 900), others, st.sampled_from(["ignored", "counted", "nearest", "pro rata"])
)
def test_packages_are_counted_as_the_contract_says(size: int, price: int, more: list[int], parts: str) -> None:
    quantities = _quantities([size, 2 * size, size // 2 + 1], more)
    fields = {"price": _text(price, "EUR"), "per": _text(size, "calls"), "part_steps": parts}
    for quantity, amount in zip(quantities, _amounts(_contract("calls", **fields), quantities, "calls"), strict=True):
        full, rest = divmod(quantity, size)
        steps = {"ignored": full, "counted": full + bool(rest), "nearest": full + (2 * rest >= size)}
        assert amount == Fraction(price, 100) * steps.get(parts, Fraction(quantity, size))
