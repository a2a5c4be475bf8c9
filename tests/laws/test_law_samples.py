"""A sample that is too small is judged by ``below_sample``, and only what was not reported by ``missing``."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from tests.laws.drawn import Settled, settled, steps_of

from bpo_contracts.services.settling import settle
from bpo_contracts.testing.strategies import Document, contract_of, report_of
from bpo_contracts.values.findings import BadInput

SAMPLED = {"minimum_sample": "30", "below_sample": "not scored"}


def _sampled(drawn: Settled, least: str) -> tuple[Document, Document]:
    """The contract with every measure of a number scored from a sample of 30 on, and the report with samples so large."""
    measures = {
        name: measure | (SAMPLED if measure["unit"] not in ("yes/no", "word", "day") else {})
        for name, measure in drawn.written["measures"].items()
    }
    rows = [
        row | ({"sample": least} if "minimum_sample" in measures[row["measure"]] else {})
        for row in drawn.reported["measurements"]
    ]
    return drawn.written | {"measures": measures}, drawn.reported | {"measurements": rows}


@settings(max_examples=20)
@given(settled(periods=1))
def test_the_missing_rule_never_hides_a_small_sample(drawn: Settled) -> None:
    for least, scored in (("29", False), ("30", True)):
        written, reported = _sampled(drawn, least)
        contract = contract_of(written)
        document = settle(contract, report_of(reported), period=contract.first_period, engine="reference").document
        for (figure, _), step in steps_of(document).items():
            if "minimum_sample" in written["measures"].get(figure, {}):
                assert bool(step["value"]) == scored, step


@settings(max_examples=15)
@given(settled(periods=1))
def test_a_value_without_its_sample_is_refused(drawn: Settled) -> None:
    """Nobody can say whether it is scored: not the missing rule, and no zero."""
    written, reported = _sampled(drawn, "30")
    rows = [
        {key: value for key, value in row.items() if key not in ("sample", "numerator", "denominator")}
        | ({"value": "1"} if "numerator" in row else {})
        for row in reported["measurements"]
    ]
    contract = contract_of(written)
    with pytest.raises(BadInput) as refused:
        settle(contract, report_of(reported | {"measurements": rows}), period=contract.first_period, engine="reference")
    assert {finding.code for finding in refused.value.findings} == {"BPO407"}
