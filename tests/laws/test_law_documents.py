"""read(write(x)) == x: what is sealed is read back as what it was, and settles to the same bytes."""

from __future__ import annotations

import json

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.laws.drawn import Settled, settled

from bpo_contracts.contract.contract import Contract
from bpo_contracts.contract.reading import read_contract
from bpo_contracts.formats.documents import read_document
from bpo_contracts.performance.document import period_content, period_document
from bpo_contracts.services.keeping import contract_as_written, contract_document
from bpo_contracts.services.settling import measured, reported_periods, settle, settle_all
from bpo_contracts.settlement.prepare import prepare
from bpo_contracts.testing.strategies import contract_of, contracts, report_of, reports, sentences
from bpo_contracts.values.canonical import canonical


def _settles_alike(contract: Contract, drawn: Settled) -> None:
    assert prepare(contract).book.rulebook.digest == prepare(drawn.contract).book.rulebook.digest
    again = settle_all(contract, drawn.measurements, engine="reference")
    assert tuple(one.content for one in again) == drawn.contents


@settings(max_examples=12)
@given(settled())
def test_a_sealed_contract_is_the_contract(drawn: Settled) -> None:
    """Sealing drops places, and nothing else."""
    sealed = contract_document(drawn.contract)
    assert sealed == drawn.written
    _settles_alike(contract_of(sealed), drawn)


@settings(max_examples=12)
@given(settled())
def test_a_contract_made_in_python_is_written_as_the_document_that_makes_it(drawn: Settled) -> None:
    assume("amendments" not in drawn.written)  # these change a document, and a contract made in Python has none
    made = Contract.model_validate(drawn.written)
    _settles_alike(made, drawn)
    _settles_alike(contract_of(contract_as_written(made)), drawn)


@settings(max_examples=10)
@given(contracts(texts=sentences()))
def test_a_contract_in_yaml_is_the_contract_in_json(written: dict[str, object]) -> None:
    in_yaml = read_contract(read_document(json.dumps(written, indent=1, ensure_ascii=False).encode(), "contract.yaml"))
    assert contract_document(in_yaml) == contract_document(contract_of(written)) == written
    assert prepare(in_yaml).book.rulebook.digest == prepare(contract_of(written)).book.rulebook.digest


@settings(max_examples=20)
@given(settled())
def test_sealed_performance_settles_to_the_same_bytes(drawn: Settled) -> None:
    """Values, ratios, samples, lots, provisional figures, yes and no, words, days and items, each written and read."""
    shape = prepare(drawn.contract).shape
    for number, period in enumerate(reported_periods(drawn.measurements, drawn.contract)):
        sealed = period_document(drawn.measurements, period, shape)
        report = report_of(json.loads(canonical(sealed)))
        again = settle(drawn.contract, report, period=period, history=drawn.documents[:number], engine="reference")
        assert again.content == drawn.contents[number]
        assert period_content(drawn.measurements, period, shape) == canonical(sealed)
        assert canonical(json.loads(again.content)) == again.content


@settings(max_examples=10)
@given(st.data())
def test_a_sealed_report_is_sealed_again_as_it_is(data: st.DataObject) -> None:
    contract = contract_of(data.draw(contracts()))
    prepared = prepare(contract)
    measurements = measured(prepared, report_of(data.draw(reports(contract, periods=1))))
    sealed = period_document(measurements, contract.first_period, prepared.shape)
    again = measured(prepared, report_of(sealed))
    assert period_document(again, contract.first_period, prepared.shape) == sealed
