"""Settle several periods into a ledger: all of them are kept, or none."""

from __future__ import annotations

from collections.abc import Iterable

from bpo_contracts.audit.staging import Staged
from bpo_contracts.audit.store import Store
from bpo_contracts.contract.contract import Contract
from bpo_contracts.performance.measurement import Measurements
from bpo_contracts.performance.report import PerformanceReport
from bpo_contracts.services.engines import EngineChoice
from bpo_contracts.services.keeping import KeptSettlement, keep_settlement
from bpo_contracts.services.settling import measured
from bpo_contracts.settlement.prepare import prepare
from bpo_contracts.values.periods import Period


def keep_settlements(
    store: Store,
    contract: Contract,
    performance: PerformanceReport | Measurements,
    *,
    periods: Iterable[str | Period],
    engine: EngineChoice = "default",
) -> list[KeptSettlement]:
    """Settles the periods in the order given, the earliest first, and seals them in one piece.

    A period that was settled from the same inputs before is answered with the record made then.

    Raises:
        BadInput: as ``keep_settlement``, for any of the periods; then none of them is written.
        IntegrityFailure: if an earlier record is not what was sealed.
    """
    measurements = measured(prepare(contract), performance)
    staged = Staged(store)
    kept = [keep_settlement(staged, contract, measurements, period=period, engine=engine) for period in periods]
    staged.write()
    return kept
