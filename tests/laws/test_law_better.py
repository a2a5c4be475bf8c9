"""Better performance never earns a larger credit, nor a smaller bonus, where the contract's rates fall with it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.laws.drawn import Document, amount_of, gross_of, settled_from, steps_of
from tests.laws.limiting import FAMILY, kind_of, name_of

from bpo_contracts.testing.boundaries import scales
from bpo_contracts.testing.strategies import contract_of, contracts, reports
from bpo_contracts.values.numbers import decimal_places, fixed_text


def _text(value: Fraction, unit: str) -> str:
    return f"{fixed_text(value.numerator, value.denominator, decimal_places(value.denominator) or 0)} {unit}"


@st.composite
def _better_and_worse(draw: st.DrawFn) -> tuple[Document, str, Document, Document]:
    """A contract, one of its measures, and two reports that differ in one value of it: the better one first."""
    written = draw(contracts(falling=True))
    contract = contract_of(written)
    report = draw(reports(contract, periods=1))
    rows = [row for row in report["measurements"] if "value" in row and row["measure"] in scales(contract)]
    assume(rows)
    row = draw(st.sampled_from(rows))
    scale, measure = scales(contract)[row["measure"]], written["measures"][row["measure"]]
    decisive = [value for value in scale.decisive() if value >= 0 and decimal_places(value.denominator) is not None]
    anywhere = st.integers(0, 400).map(lambda steps: scale.grain * steps).filter(scale.holds)
    first, second = sorted(
        draw(st.lists(anywhere | st.sampled_from(decisive or [scale.grain * 0]), min_size=2, max_size=2))
    )
    better, worse = (second, first) if measure["direction"] == "higher is better" else (first, second)

    def with_value(value: Fraction) -> Document:
        changed = [
            one | {"value": _text(value, measure["unit"])} if one is row else one for one in report["measurements"]
        ]
        return report | {"measurements": changed}

    return written, row["measure"], with_value(better), with_value(worse)


@settings(max_examples=40)
@given(_better_and_worse())
def test_better_performance_is_never_worse_for_the_provider(drawn: tuple[Document, str, Document, Document]) -> None:
    written, measure, better_report, worse_report = drawn
    better = settled_from(written, better_report).documents[0]
    worse = settled_from(written, worse_report).documents[0]
    clauses = {name_of(one): one for one in written["clauses"] if kind_of(one) in FAMILY}
    judged = {
        name: one for name, one in clauses.items() if one.get("measure") == measure and FAMILY[kind_of(one)] != "charge"
    }
    _rates(judged, better, worse)
    if _charges(better) == _charges(worse):
        _amounts(judged, better, worse)
        whole = [sum((amount_of(line) for line in one["adjustments"]), Fraction(0)) for one in (better, worse)]
        assert whole[0] >= whole[1]


def _rates(judged: dict[str, Any], better: Document, worse: Document) -> None:
    """Before limits and whatever the base: a credit's rate falls, a bonus's rises."""
    other = steps_of(worse)
    for (figure, item), step in steps_of(better).items():
        name, _, suffix = figure.partition(".")
        if name not in judged or suffix != "rate" or not step["value"] or not other[figure, item]["value"]:
            continue
        rise = Fraction(step["value"]) - Fraction(other[figure, item]["value"])
        assert rise <= 0 if FAMILY[kind_of(judged[name])] == "credit" else rise >= 0, figure


def _amounts(judged: dict[str, Any], better: Document, worse: Document) -> None:
    """Where the charges are the same: no line of the invoice gets worse before limits."""
    for line, other in zip(better["adjustments"], worse["adjustments"], strict=True):
        if line["name"] in judged and "no data" not in (line["status"], other["status"]):
            assert gross_of(line) >= gross_of(other), line["name"]


def _charges(document: Document) -> list[str]:
    return [line["amount"] for line in document["charges"]]
