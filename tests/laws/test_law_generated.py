"""The generated contracts are what the other laws say they are: free of findings, settled, and of many shapes."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.laws.drawn import Settled, lines_of, settled

from bpo_contracts.testing.boundaries import scales
from bpo_contracts.testing.strategies import contract_of, contracts, report_of, reports, sentences

FEATURES: Counter[str] = Counter()


@settings(max_examples=40)
@given(settled())
def test_every_drawn_contract_settles_every_drawn_period(drawn: Settled) -> None:
    periods = {row["period"] for row in drawn.reported["measurements"]}
    assert [document["period"]["label"] for document in drawn.documents] == sorted(periods)
    FEATURES.update(features(drawn))


def features(drawn: Settled) -> set[str]:
    clauses = drawn.written["clauses"]
    found = {key for clause in clauses for key in clause} | set(drawn.written)
    found |= {f"status {line['status']}" for document in drawn.documents for line in lines_of(document)}
    cut = any(line["amount"] != line["gross"] for document in drawn.documents for line in document["adjustments"])
    return found | ({"cut by a limit"} if cut else set()) | ({"several periods"} if len(drawn.documents) > 1 else set())


def test_the_drawn_contracts_have_many_shapes() -> None:
    """A strategy that draws only easy contracts would let every law pass."""
    wanted = {
        "base_fee", "transaction_charge", "service_credit", "bonus", "incentive", "cap", "table", "slices", "line",
        "per", "only_if", "unless", "counts_toward", "window", "scopes", "for_each", "expected", "consequence",
        "status met", "status missed", "status no data", "status gate closed", "status excused", "status exceeded",
        "cut by a limit", "several periods", "carry_forward", "smallest_payment", "minimum_commitment", "earn_back",
        "claw_back", "rounded", "by", "fixed_fee", "counted_over", "part_period", "lapses_after", "at_end_of_term",
    }  # fmt: skip
    if not FEATURES:  # run alone, without the test above
        test_every_drawn_contract_settles_every_drawn_period()
    missing = wanted - set(FEATURES)
    assert not missing


@settings(max_examples=15)
@given(st.data())
def test_reports_look_for_the_boundaries(data: st.DataObject) -> None:
    """Every decisive value lies in the plausible range, and a report of it is taken without a finding."""
    contract = contract_of(data.draw(contracts()))
    for name, scale in scales(contract).items():
        assert all(scale.holds(value) for value in scale.decisive())
        inside = [bound for bound in scale.bounds if scale.holds(bound)]
        assert set(inside) <= set(scale.decisive()), name
    assert report_of(data.draw(reports(contract))).rejected == ()


@settings(max_examples=40)
@given(sentences())
def test_sentences_are_texts_that_documents_may_hold(text: str) -> None:
    title = contract_of(
        {
            "contract": "c", "version": "1", "title": text, "client": text, "provider": text, "currency": "EUR",
            "term": {"starts_on": "2026-01-01", "ends_on": "2026-12-31"}, "period": "month",
            "rounding": {"lines": "half up to 0.01 EUR"},
            "clauses": [{"base_fee": "fee", "clause": "1", "title": text, "words": text, "amount": "1.00 EUR"}],
        }
    ).title  # fmt: skip
    assert title == text
