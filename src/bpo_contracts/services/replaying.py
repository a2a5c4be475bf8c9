"""Compare what a ledger sealed with the files an auditor holds."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from bpo_contracts.audit.log import open_record, sealed_periods
from bpo_contracts.audit.replay import compare_inputs
from bpo_contracts.audit.store import Store, StoredRecord
from bpo_contracts.contract.amending import in_force
from bpo_contracts.contract.contract import Contract
from bpo_contracts.formats.performance import load_performance
from bpo_contracts.performance.document import period_document
from bpo_contracts.performance.report import PerformanceReport
from bpo_contracts.services.keeping import contract_document, sealed_contract
from bpo_contracts.services.loading import load_contract
from bpo_contracts.services.settling import measured, read_period, reported_periods
from bpo_contracts.settlement.prepare import prepare
from bpo_contracts.values.canonical import canonical


def input_differences(store: Store, *, contract_file: str | None, performance_files: Sequence[str] | None) -> list[str]:
    """For the latest revision of each period: the first place where a file differs from what was sealed.

    A performance file needs the contract to be read; it is that of ``contract_file``.

    Raises:
        BadInput: if a file cannot be read, or a performance file is given without its contract.
    """
    if contract_file is None and performance_files is None:
        return []
    contract = load_contract(contract_file) if contract_file else None
    report = load_performance(*performance_files) if performance_files is not None else None
    found: list[str] = []
    for record in _latest(store, contract.id if contract else None):
        content = open_record(record, store)
        sealed = sealed_contract(canonical(content["contract"]))
        held = _held(report, contract or sealed, record.key.period, sealed_periods(content)) if report else None
        written = contract_document(contract) if contract and not _agree(contract, sealed, record.key.period) else None
        label = f"{store.name}: record {record.sequence} ({record.key.period}, revision {record.key.revision})"
        differences = compare_inputs(content, contract=written, performance=held)
        found += [f"{label}: {difference.render('sealed', 'file')}" for difference in differences]
    return found


def _held(report: PerformanceReport, contract: Contract, period: str, sealed: Collection[str]) -> dict[str, Any]:
    """What a report says of a period, and of those that are ``sealed`` with it."""
    prepared = prepare(contract)
    measurements, asked = measured(prepared, report), read_period(period, contract)
    before = [one for one in reported_periods(measurements, contract) if one.label in sealed and one != asked]
    return period_document(measurements, asked, prepared.shape, before=before)


def _agree(one: Contract, other: Contract, period: str) -> bool:
    """Whether two contracts say the same of a period: amendments that take effect later do not matter."""
    versions = [contract_document(in_force(contract, read_period(period, contract))) for contract in (one, other)]
    for version in versions:
        version.pop("amendments", None)
    return bool(versions[0] == versions[1])


def _latest(store: Store, contract_id: str | None) -> Iterable[StoredRecord]:
    latest: dict[tuple[str, str], StoredRecord] = {}
    for record in store.records():
        if contract_id is None or record.key.contract == contract_id:
            latest[record.key.contract, record.key.period] = record
    return latest.values()
