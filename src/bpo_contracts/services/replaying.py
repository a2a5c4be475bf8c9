"""Compare what a ledger sealed with the files an auditor holds."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from bpo_contracts.audit.canonical import canonical
from bpo_contracts.audit.replay import compare_inputs
from bpo_contracts.audit.store import Store, StoredRecord
from bpo_contracts.contract.amending import in_force
from bpo_contracts.contract.contract import Contract
from bpo_contracts.contract.reading import read_contract
from bpo_contracts.formats.documents import read_document
from bpo_contracts.formats.performance import load_performance
from bpo_contracts.performance.document import period_document, periods_in
from bpo_contracts.services.keeping import contract_document
from bpo_contracts.services.loading import load_contract
from bpo_contracts.services.settling import measured, read_period, reported_periods
from bpo_contracts.settlement.assess import rows_in_doubt
from bpo_contracts.settlement.prepare import prepare


def input_differences(store: Store, *, contract_file: str | None, performance_files: Sequence[str] | None) -> list[str]:
    """For the latest revision of each period: the first place where a file differs from what was sealed.

    A performance file needs the contract to be read; it is that of ``contract_file``.

    Raises:
        BadInput: if a file cannot be read, or a performance file is given without its contract.
    """
    if contract_file is None and performance_files is None:
        return []
    contract = load_contract(contract_file) if contract_file else None
    found: list[str] = []
    for record in _latest(store, contract.id if contract else None):
        bound = contract or _sealed_contract(record.content, store.name)
        held = None
        if performance_files is not None:
            prepared = prepare(bound)
            measurements = measured(prepared, load_performance(*performance_files))
            asked, sealed_periods = read_period(record.key.period, bound), _sealed_periods(record.content)
            before = [
                one for one in reported_periods(measurements, bound) if one.label in sealed_periods - {asked.label}
            ]
            in_doubt = [one for one in (*before, asked) if rows_in_doubt(measurements, one)]
            held = period_document(measurements, asked, prepared.shape, before=before, in_doubt=in_doubt)
        written = contract_document(contract) if contract and not _agrees(contract, record, store.name) else None
        sealed = compare_inputs(record, contract=written, performance=held)
        label = f"{store.name}: record {record.sequence} ({record.key.period}, revision {record.key.revision})"
        found += [f"{label}: {difference.render('sealed', 'file')}" for difference in sealed]
    return found


def _agrees(contract: Contract, record: StoredRecord, ledger: str) -> bool:
    """Whether a contract says for the period of a record what the sealed one says: amendments that take effect later do not
    matter."""
    versions = [
        contract_document(in_force(one, read_period(record.key.period, one)))
        for one in (contract, _sealed_contract(record.content, ledger))
    ]
    for version in versions:
        version.pop("amendments", None)
    return bool(versions[0] == versions[1])


def _latest(store: Store, contract_id: str | None) -> Iterable[StoredRecord]:
    latest: dict[tuple[str, str], StoredRecord] = {}
    for record in store.records():
        if contract_id is None or record.key.contract == contract_id:
            latest[record.key.contract, record.key.period] = record
    return latest.values()


def _sealed_periods(content: bytes) -> set[str]:
    return periods_in(json.loads(content)["performance"])


def _sealed_contract(content: bytes, ledger: str) -> Contract:
    return read_contract(read_document(canonical(json.loads(content)["contract"]), f"{ledger}#contract.json"))
