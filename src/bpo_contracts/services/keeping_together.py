"""Settle several periods into a ledger: all of them are kept, or none."""

from __future__ import annotations

from collections.abc import Iterable

from bpo_contracts.audit.log import Kept
from bpo_contracts.audit.staging import Staged
from bpo_contracts.audit.store import Store
from bpo_contracts.contract.contract import Contract
from bpo_contracts.performance.measurement import Measurements
from bpo_contracts.performance.report import PerformanceReport
from bpo_contracts.services.engines import EngineChoice
from bpo_contracts.services.keeping import KeptSettlement, keep_settlement
from bpo_contracts.services.settling import measured
from bpo_contracts.settlement.prepare import prepare
from bpo_contracts.values.findings import BadInput, Finding
from bpo_contracts.values.periods import Period
from bpo_contracts.values.sources import Source


def keep_settlements(
    store: Store,
    contract: Contract,
    performance: PerformanceReport | Measurements,
    *,
    periods: Iterable[str | Period],
    engine: EngineChoice = "default",
    restore: bool = False,
) -> list[KeptSettlement]:
    """Settles the periods in the order given, the earliest first, and seals them in one piece.

    A period that was settled from the same inputs before is answered with the record made then. If a later revision has
    superseded that record, it is no answer that other periods could rest on: ``restore`` makes the inputs count again.

    Raises:
        BadInput: BPO515 for inputs that were superseded, and as ``keep_settlement``, for any of the periods; then none of
            them is written.
        IntegrityFailure: if an earlier record is not what was sealed.
    """
    measurements = measured(prepare(contract), performance)
    staged = Staged(store)
    kept = [
        keep_settlement(staged, contract, measurements, period=period, engine=engine, restore=restore)
        for period in periods
    ]
    superseded = [_superseded(store.name, one.kept) for one in kept if one.kept.superseded_by]
    if superseded:
        raise BadInput(superseded)
    staged.write()
    return kept


def _superseded(ledger: str, kept: Kept) -> Finding:
    key = kept.record.key
    problem = (
        f"These are the inputs of revision {key.revision} of {key.period}, which revision {kept.superseded_by} has superseded."
        " Nothing was written."
    )
    step = "Settle with --restore to take the correction back, or name the corrected report."
    return Finding("BPO515", "inputs-superseded", Source(ledger), problem, step)
