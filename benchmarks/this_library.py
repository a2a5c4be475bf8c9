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
from bpo_contracts.rules.port import Engine
from bpo_contracts.rules.rulebook import Fact, Firing
from bpo_contracts.services.engines import EngineChoice, choose_engine
from bpo_contracts.services.keeping import KeptSettlement, keep_settlement
from bpo_contracts.services.settling import measured, read_period
from bpo_contracts.settlement.history import SettledHistory
from bpo_contracts.settlement.prepare import prepare
from bpo_contracts.settlement.settle import settle
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


def durable_rules_alone(job: Ready) -> Callable[[], list[int]]:
    """What asks durable-rules every question of the job, about facts that are at hand, and does nothing else.

    It is the floor for whoever determines with that engine: how long it takes for each month.
    """
    prepared = prepare(job.contract)
    engine = choose_engine("default", prepared.book.rulebook)
    if engine is None:
        return list
    listening = _Listening(engine)
    for label in job.periods:
        period = read_period(label, job.contract)
        settle(prepared, job.bound, period, history=SettledHistory(prepared, period, {}), engine=listening)
    return lambda: [len(engine.fire(facts)) for facts in listening.heard]


class _Listening:
    """An engine, and what it was asked."""

    def __init__(self, engine: Engine) -> None:
        self.name, self.version = engine.name, engine.version
        self.heard: list[Sequence[Fact]] = []
        self._engine = engine

    def fire(self, facts: Sequence[Fact]) -> frozenset[Firing]:
        """The engine's answers."""
        self.heard.append(facts)
        return self._engine.fire(facts)


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
