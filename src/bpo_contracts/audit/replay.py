"""Replay: settle the sealed inputs again, and compare with what was sealed.

``verify`` finds what was changed afterwards. Only replay finds a wrong figure that was recorded honestly: it takes
the contract, the performance and the earlier settlements from the ledger, as they were at that moment, settles them
with today's library and names the first figure, or answer of the rules engine, that comes out otherwise.

Not compared is *who* computed (``engines``, and the ``digest`` that depends on it): another engine, or a later version
of this library, has to come to the same result.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache, partial
from typing import Final, TypeAlias

from bpo_contracts.audit.difference import Difference, first_difference
from bpo_contracts.audit.log import EarlierSettlement, earlier_periods, stands_beside
from bpo_contracts.audit.opening import opened
from bpo_contracts.audit.record import NO_EARLIER, earlier_digest
from bpo_contracts.audit.store import RecordKey, Store, StoredRecord
from bpo_contracts.values.canonical import Document, NotCanonical, parse_canonical
from bpo_contracts.values.documents import Map, UnexpectedShape, as_map, get_map, get_text
from bpo_contracts.values.findings import BadInput, Finding, IntegrityFailure
from bpo_contracts.values.frozen import frozen
from bpo_contracts.values.sources import Source

_WHO_COMPUTED: Final = frozenset({"engines", "digest"})

_KEPT: Final = 256
"""How many earlier settlements that were looked at are kept in memory: those of one year of twenty contracts."""


@frozen
class SealedCase:
    """Everything a sealed settlement was settled from, as documents.

    ``earlier`` are the settlements of the periods before, as sealed at that moment, in the order of the periods; each is read
    when somebody looks at it.
    """

    contract: Document
    performance: Document
    period: str
    revision: int
    supersedes: str
    earlier: tuple[EarlierSettlement, ...]


@frozen
class SettledAgain:
    """The settlement of a case as a document, and the answers of the rules engine that it rests on, as a record has them."""

    settlement: Mapping[str, Document]
    firings: Document


SettleAgain: TypeAlias = Callable[[SealedCase], SettledAgain]
"""Settles the case."""


@frozen
class Replayed:
    """What became of one record.

    ``difference`` is the first one between the sealed settlement (left) and today's (right), or between the answers of
    the rules engine (``firings``) if there is none in the settlement itself.
    ``findings`` say why it could not be settled again; there is then no difference. ``engines`` is the difference
    between the engines that took part, which is no fault.
    """

    sequence: int
    key: RecordKey
    difference: Difference | None = None
    findings: tuple[Finding, ...] = ()
    engines: Difference | None = None

    @property
    def holds(self) -> bool:
        """Whether the settlement came out as it was sealed."""
        return self.difference is None and not self.findings


@frozen
class ReplayReport:
    """How many records were settled again, those that did not come out the same, and how many had other engines."""

    ledger: str
    records: int
    failed: tuple[Replayed, ...]
    other_engines: int

    @property
    def holds(self) -> bool:
        """Whether every settlement came out as it was sealed."""
        return not self.failed

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What failed, in the order of the records (BPO550, or why a record could not be settled again)."""
        return tuple(finding for replayed in self.failed for finding in _findings(self.ledger, replayed))


def replay(store: Store, settle_again: SettleAgain) -> ReplayReport:
    """Settles every record of the ledger again and compares.

    What ``settle_again`` raises as ``BadInput`` is reported for the record; everything else goes through.
    """
    failed: list[Replayed] = []
    records = other_engines = 0
    for replayed in replayed_records(store, settle_again):
        records += 1
        other_engines += replayed.engines is not None
        if not replayed.holds:
            failed.append(replayed)
    return ReplayReport(store.name, records, tuple(failed), other_engines)


def replayed_records(store: Store, settle_again: SettleAgain) -> Iterator[Replayed]:
    """The same, one record at a time, for whoever wants to stop at the first that fails or to show progress."""
    settled: dict[str, dict[str, str]] = {}
    earlier = lru_cache(maxsize=_KEPT)(partial(EarlierSettlement, store))
    for record in store.records():
        try:
            content = opened(as_map(parse_canonical(record.content), "the record"), store)
            sealed = get_map(content, "settlement")
            if not stands_beside(record, sealed):
                raise UnexpectedShape("what stands beside it says otherwise")
            latest = settled.setdefault(record.key.contract, {})
            latest[record.key.period] = record.digest
            case = _case(content, record.key, latest, earlier)
        except (NotCanonical, UnexpectedShape) as why:
            yield Replayed(record.sequence, record.key, findings=(_cannot(store.name, record, str(why)),))
            continue
        yield _replayed(store.name, record, SettledAgain(sealed, content.get("firings")), case, settle_again)


def _case(
    content: Map, key: RecordKey, latest: Mapping[str, str], earlier: Callable[[str, str, str], EarlierSettlement]
) -> SealedCase:
    looks_back = get_text(content, "earlier") != NO_EARLIER
    before = earlier_periods(latest, before=key.period) if looks_back else ()
    if earlier_digest(latest[period] for period in before) != get_text(content, "earlier"):
        raise UnexpectedShape("the earlier settlements in the ledger are not those it was settled on")
    return SealedCase(
        contract=content.get("contract"),
        performance=content.get("performance"),
        period=key.period,
        revision=key.revision,
        supersedes=get_text(get_map(content, "settlement"), "supersedes"),
        earlier=tuple(earlier(key.contract, period, latest[period]) for period in before),
    )


def _replayed(
    name: str, record: StoredRecord, sealed: SettledAgain, case: SealedCase, settle_again: SettleAgain
) -> Replayed:
    try:
        again = settle_again(case)
    except BadInput as refused:
        return Replayed(record.sequence, record.key, findings=refused.findings)
    except IntegrityFailure as changed:
        return Replayed(record.sequence, record.key, findings=(_cannot(name, record, str(changed)),))
    return Replayed(
        record.sequence,
        record.key,
        difference=first_difference(_what_was_computed(sealed), _what_was_computed(again)),
        engines=first_difference(sealed.settlement.get("engines"), again.settlement.get("engines")),
    )


def _what_was_computed(settled: SettledAgain) -> Map:
    computed = {key: value for key, value in settled.settlement.items() if key not in _WHO_COMPUTED}
    return {**computed, "firings": settled.firings}


def compare_inputs(record: Map, *, contract: object = None, performance: object = None) -> tuple[Difference, ...]:
    """The first difference between what was sealed (left) and the contract and performance somebody holds (right).

    The record is an opened one. One difference at most for each of the two; a document that is not given is not compared.
    Places begin with ``contract`` or ``performance``.
    """
    held = {name: value for name, value in (("contract", contract), ("performance", performance)) if value is not None}
    found = (first_difference({name: record.get(name)}, {name: value}) for name, value in held.items())
    return tuple(difference for difference in found if difference is not None)


def _cannot(ledger: str, record: StoredRecord, why: str) -> Finding:
    return Finding(
        "BPO551",
        "not-replayable",
        Source(f"{ledger}, record {record.sequence}"),
        f"The record cannot be settled again: {why.removesuffix('.')}.",
        "Verify the ledger; it says what was changed.",
    )


def _findings(ledger: str, replayed: Replayed) -> tuple[Finding, ...]:
    if replayed.difference is None:
        return replayed.findings
    key = replayed.key
    finding = Finding(
        "BPO550",
        "settles-differently",
        Source(f"{ledger}, record {replayed.sequence}"),
        f"{key.period} of contract {key.contract}, revision {key.revision}, does not come out as it was sealed. "
        f"First difference: {replayed.difference.render('sealed', 'settled again')}.",
        "Look at this step first; everything else follows from it.",
    )
    return (finding,)
