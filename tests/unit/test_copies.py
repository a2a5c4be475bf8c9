"""A contract never changes: a copy is the contract, and a copy with other values is a contract of its own."""

from __future__ import annotations

import copy
import pickle
from pathlib import Path

import pytest
from pydantic import ValidationError

from bpo_contracts import load_contract, load_performance
from bpo_contracts.contract.amending import in_force
from bpo_contracts.contract.amending import signed as signed_of
from bpo_contracts.contract.contract import Contract
from bpo_contracts.contract.reading import read_contract
from bpo_contracts.performance.report import PerformanceReport
from bpo_contracts.services.keeping import keep_settlement
from bpo_contracts.services.settling import settle
from bpo_contracts.settlement.prepare import prepare
from bpo_contracts.stores.memory import MemoryStore
from bpo_contracts.testing.reading import read_case_file

EXAMPLE = Path(__file__).parents[2] / "examples" / "service_desk"
AMENDED = Path(__file__).parents[1] / "cases" / "D09-dated-slices.yaml"
TWICE = "28.00 EUR per incident"


@pytest.fixture
def contract() -> Contract:
    return load_contract(EXAMPLE / "contract.yaml")


@pytest.fixture
def report() -> PerformanceReport:
    return load_performance(EXAMPLE / "performance.csv")


def test_a_copy_with_other_values_is_settled_by_them(contract: Contract, report: PerformanceReport) -> None:
    """Also after the contract itself was settled: what was compiled of it is not the copy's."""
    before = settle(contract, report, period="2016-03")
    [fee, *others] = contract.clauses
    dearer = contract.model_copy(update={"version": "2", "clauses": (fee.model_copy(update={"price": TWICE}), *others)})
    after = settle(dearer, report, period="2016-03")
    assert after.contract_version == "2"
    assert after.charges[0].amount.amount == 2 * before.charges[0].amount.amount
    assert settle(contract, report, period="2016-03").content == before.content
    kept = keep_settlement(MemoryStore(), dearer, report, period="2016-03")
    assert kept.document == after.document


def test_a_copy_with_other_values_is_checked(contract: Contract) -> None:
    with pytest.raises(ValidationError):
        contract.model_copy(update={"currency": "euros"})
    with pytest.raises(ValidationError):
        contract.model_copy(update={"colour": "red"})
    with pytest.raises(ValidationError):
        contract.clauses[0].model_copy(update={"price": 28})


def test_copies_are_equal_and_settle_alike(contract: Contract, report: PerformanceReport) -> None:
    content = settle(contract, report, period="2016-03").content
    copies = [copy.copy(contract), copy.deepcopy(contract), contract.model_copy(), contract.model_copy(deep=True)]
    copies.append(pickle.loads(pickle.dumps(contract)))
    for one in copies:
        assert one == contract
        assert settle(one, report, period="2016-03").content == content
    assert contract != contract.model_copy(update={"version": "2"})
    assert contract != "service-desk"


def test_a_settlement_can_be_handed_to_another_process(contract: Contract, report: PerformanceReport) -> None:
    settlement = settle(contract, report, period="2016-03")
    for again in (pickle.loads(pickle.dumps(settlement)), copy.deepcopy(settlement)):
        assert again == settlement
        assert hash(again) == hash(settlement)
        assert again.adjustments == settlement.adjustments
    assert settlement != settle(contract, report, period="2016-04")
    assert settlement != settlement.document


def test_a_pickled_version_of_an_amended_contract_knows_what_it_is_a_version_of() -> None:
    signed = read_contract(read_case_file(str(AMENDED)).contract)
    version = in_force(signed, signed.last_period)
    assert version is not signed
    again = pickle.loads(pickle.dumps(version))
    assert again == version
    assert prepare(again).book.rulebook.digest == prepare(version).book.rulebook.digest
    assert signed_of(again) == signed
