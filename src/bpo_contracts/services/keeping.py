"""Settle into a ledger, and settle what a ledger holds again."""

from __future__ import annotations

import json
from functools import cached_property, lru_cache
from typing import Any

import bpo_contracts
from bpo_contracts.audit.log import Kept, Occasion, keep
from bpo_contracts.audit.record import Parts
from bpo_contracts.audit.replay import SealedCase, SettledAgain
from bpo_contracts.audit.store import Store
from bpo_contracts.contract.amending import in_force
from bpo_contracts.contract.contract import Contract
from bpo_contracts.contract.reading import read_contract
from bpo_contracts.formats.documents import read_document
from bpo_contracts.formats.performance import read_performance
from bpo_contracts.performance.document import SCHEMA, period_content
from bpo_contracts.performance.measurement import Measurements
from bpo_contracts.performance.report import PerformanceReport
from bpo_contracts.rules.determining import Answers
from bpo_contracts.services.engines import EngineChoice
from bpo_contracts.services.settling import measured, read_period, reported_periods, settle
from bpo_contracts.settlement.prepare import prepare
from bpo_contracts.settlement.results import EngineUse
from bpo_contracts.settlement.settlement import Settlement
from bpo_contracts.trail.form import filled
from bpo_contracts.values.canonical import canonical
from bpo_contracts.values.frozen import frozen
from bpo_contracts.values.json_text import encoded
from bpo_contracts.values.nodes import plain
from bpo_contracts.values.periods import Period


@frozen
class KeptSettlement:
    """A kept settlement: the record that keeps it, and its document, read from the record when somebody looks."""

    kept: Kept

    @cached_property
    def document(self) -> dict[str, Any]:
        """The settlement document (what ``--format json`` prints)."""
        return filled(json.loads(self.kept.form), json.loads(self.kept.record.content)["settlement"])


def contract_document(contract: Contract) -> Any:
    """The contract as it was written (without comments and places), for sealing."""
    if contract.document is not None:
        return plain(contract.document)
    return contract_as_written(contract)


def contract_as_written(contract: Contract) -> dict[str, Any]:
    """A contract that was made in Python, as the document that would make it."""
    document = contract.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    clauses = []
    for clause in contract.clauses:
        fields = clause.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
        fields.pop("kind", None)
        clauses.append({clause.kind: fields.pop("name"), **fields})
    return document | {"clauses": clauses}


def keep_settlement(
    store: Store,
    contract: Contract,
    performance: PerformanceReport | Measurements,
    *,
    period: str | Period,
    engine: EngineChoice = "default",
    restore: bool = False,
) -> KeptSettlement:
    """Settles a period and seals it in the ledger; from inputs that were settled before, the record made then.

    Where a clause looks back at periods that the ledger does not have, they are settled in passing, from the same report:
    then their facts are sealed with this period's. They are no settlements of their own.

    Where a later revision has superseded that record, ``restore`` makes the inputs count again, as a new revision.

    Raises:
        BadInput: as ``settle`` and the store do; nothing is written then.
        IntegrityFailure: if an earlier record is not what was sealed.
    """
    prepared = prepare(contract)
    asked = read_period(period, contract)
    measurements = measured(prepared, performance)
    looks_back = prepare(in_force(contract, asked)).terms.program.looks_back
    in_passing = _in_passing(store, contract, measurements, asked) if looks_back else []

    def build(occasion: Occasion) -> Parts:
        settlement = settle(
            contract,
            measurements,
            period=asked,
            history=occasion.earlier,
            engine=engine,
            revision=occasion.revision,
            supersedes=occasion.supersedes,
        )
        return sealed_parts(settlement)

    kept = keep(
        store,
        contract_id=contract.id,
        period=asked.label,
        contract=_contract_bytes(contract),
        performance=period_content(measurements, asked, prepared.shape, before=in_passing),
        build=build,
        looks_back=looks_back,
        restore=restore,
    )
    return KeptSettlement(kept)


def _in_passing(store: Store, contract: Contract, measurements: Measurements, asked: Period) -> list[Period]:
    """The reported periods before one that the ledger does not have."""
    kept = store.digests(contract.id)
    reported = reported_periods(measurements, contract)
    return [period for period in reported if period.number < asked.number and period.label not in kept]


def _contract_bytes(contract: Contract) -> bytes:
    """The contract as it is sealed, written once per contract: it never changes, and each of its settlements seals
    it."""
    content = contract.kept.get("canonical")
    if not isinstance(content, bytes):
        content = contract.kept["canonical"] = canonical(contract_document(contract))
    return content


def sealed_parts(settlement: Settlement) -> Parts:
    """What of a settlement is sealed beside its inputs."""
    outcomes = settlement.outcomes
    return Parts(
        rulebook=settlement.rulebook_digest,
        firings=_firings(outcomes.answers),
        form=settlement.form,
        entries=settlement.entries,
        engines=_engines(outcomes.engines),
        library=bpo_contracts.__version__,
    )


def _firings(answers: Answers) -> bytes:
    """The answers as canonical JSON, in order. Two numbers and a text need no walk through a document."""
    texts = [f"[{question},{encoded(item)},{branch}]" for (question, item), branch in sorted(answers.items())]
    return f"[{','.join(texts)}]".encode()


@lru_cache(maxsize=16)  # the same one or two engines settle everything in a process
def _engines(engines: tuple[EngineUse, ...]) -> bytes:
    return canonical([{"name": engine.name, "version": engine.version} for engine in engines])


@lru_cache(maxsize=8)  # one contract has many records, and is read and prepared once for all of them
def sealed_contract(content: bytes, place: str = "sealed-contract.json") -> Contract:
    """The contract that was sealed as this canonical JSON; ``place`` names it in messages and words."""
    return read_contract(read_document(content, place))


def settle_sealed(case: SealedCase, engine: EngineChoice = "default") -> SettledAgain:
    """A sealed case settled again from its own inputs alone."""
    contract = sealed_contract(canonical(case.contract))
    # A period that was settled without a row is sealed without rows; only a file of a user has to have some.
    sealed = canonical(case.performance)
    empty = sealed == canonical({"schema": SCHEMA})
    performance = PerformanceReport(()) if empty else read_performance(sealed, "sealed-performance.json")
    settlement = settle(
        contract,
        performance,
        period=case.period,
        history=case.earlier,
        engine=engine,
        revision=case.revision,
        supersedes=case.supersedes,
    )
    return SettledAgain(settlement.document, json.loads(_firings(settlement.outcomes.answers)))
