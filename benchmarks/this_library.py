"""The reference job in this library: settled with its full trail, sealed, and chained in a ledger in memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from reference_job import Job, contract_yaml, performance_csv, period

from bpo_contracts.contract.contract import Contract
from bpo_contracts.contract.reading import read_contract
from bpo_contracts.formats.documents import read_document
from bpo_contracts.formats.performance import read_performance
from bpo_contracts.performance.measurement import Measurements, bind
from bpo_contracts.performance.report import PerformanceReport
from bpo_contracts.services.engines import EngineChoice
from bpo_contracts.services.keeping import KeptSettlement, keep_settlement
from bpo_contracts.services.settling import measured
from bpo_contracts.settlement.prepare import prepare
from bpo_contracts.stores.memory import MemoryStore


@dataclass(frozen=True, slots=True)
class Ready:
    """A contract that is prepared, and its facts: bound to the contract (all months), and as reports (a month each)."""

    contract: Contract
    bound: Measurements
    reports: tuple[PerformanceReport, ...]
    periods: tuple[str, ...]


def ready(job: Job) -> Ready:
    """The job in memory; reading and preparing are not part of what is timed."""
    contract = read_contract(read_document(contract_yaml(job).encode(), "reference-job.yaml"))
    bound = measured(prepare(contract), read_performance(performance_csv(job).encode(), "reference-job.csv"))
    reports = tuple(
        read_performance(performance_csv(job, index).encode(), "month.csv") for index in range(len(job.months))
    )
    return Ready(contract, bound, reports, tuple(map(period, range(len(job.months)))))


def contender(job: Ready, engine: EngineChoice, *, bound: bool) -> Callable[[], list[KeptSettlement]]:
    """What settles and seals every month of the job into a new chain."""

    def settle() -> list[KeptSettlement]:
        store = MemoryStore()
        facts: Sequence[Measurements | PerformanceReport] = [job.bound] * len(job.periods) if bound else job.reports
        return [
            keep_settlement(store, job.contract, one, period=label, engine=engine)
            for one, label in zip(facts, job.periods, strict=True)
        ]

    return settle


def binder(job: Job) -> Callable[[], Measurements]:
    """What reads the report of the job and binds it to its contract."""
    contract = read_contract(read_document(contract_yaml(job).encode(), "reference-job.yaml"))
    shape = prepare(contract).shape
    content = performance_csv(job).encode()
    return lambda: bind(read_performance(content, "reference-job.csv"), shape)


def net(result: KeptSettlement | Decimal | float) -> Decimal:
    """The net amount of a kept settlement, in euros; another contender's result is the amount itself."""
    if isinstance(result, KeptSettlement):
        return Decimal(result.document["totals"]["net"])
    return Decimal(str(result))
