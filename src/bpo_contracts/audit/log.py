"""Keeping settlements: each period once for the same inputs, and as a new revision for others.

1. The **inputs** of a settlement are the contract, the period's performance, and the earlier settlements: the latest
   revision of every period of the contract that begins before this one, if any of its clauses looks back: then a
   revised March can change May. A contract that never looks back is settled from its own period alone.
2. From inputs that were settled before, nothing is written: the record made then is the answer, byte for byte.
3. From other inputs a new revision is made. It has the next number and names the record it supersedes. The superseded
   record stays as it is.
4. If somebody else writes to the ledger meanwhile, nothing is written (BPO510): settle again, on what is there then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeAlias

from bpo_contracts.audit.canonical import NotCanonical, parse_canonical
from bpo_contracts.audit.documents import Map, UnexpectedShape, as_map, get_map, get_text
from bpo_contracts.audit.record import Inputs, Parts, earlier_digest, seal
from bpo_contracts.audit.store import RecordKey, Store, StoredRecord
from bpo_contracts.values.findings import IntegrityFailure
from bpo_contracts.values.frozen import frozen


@frozen
class Occasion:
    """What a settlement has to know about the ledger.

    ``revision`` counts from 1; ``supersedes`` is the digest of the record of the revision before, "" for the first;
    ``earlier`` are the settlements of the periods before, latest revisions, in the order of the periods.
    """

    revision: int
    supersedes: str
    earlier: tuple[Map, ...]


Build: TypeAlias = Callable[[Occasion], Parts]
"""Settles the period and gives the parts to seal."""


@frozen
class Kept:
    """The record of a settlement, and whether it was written now.

    ``superseded_by`` is the latest revision if that is a later one than the record's, else 0: the inputs are those of
    an earlier revision, and a correction has come since.
    """

    record: StoredRecord
    new: bool
    superseded_by: int = 0


def keep(
    store: Store,
    *,
    contract_id: str,
    period: str,
    starts_on: str,
    contract: bytes,
    performance: bytes,
    build: Build,
    looks_back: bool = True,
) -> Kept:
    """The record of the period settled from these inputs: the one there is, or a new one.

    ``period`` is the label, ``starts_on`` its first day (YYYY-MM-DD); ``contract`` and ``performance`` are canonical
    JSON. ``build`` is called only if a record has to be made. ``looks_back`` says whether earlier settlements can
    matter.

    Raises:
        BadInput: BPO510 if somebody else wrote meanwhile, and whatever ``build`` and the store raise; nothing is
            written.
        IntegrityFailure: if an earlier record of the contract is not what was sealed.
    """
    head = store.head()
    earlier = earlier_settlements(store, contract_id, before=starts_on) if looks_back else ()
    inputs = Inputs(contract, performance, earlier_digest(get_text(settlement, "digest") for settlement in earlier))
    revisions = store.revisions(contract_id, period)
    last = revisions[-1] if revisions else None
    same = inputs.digest if revisions else ""
    for record in revisions:
        if record.inputs == same:
            settlement_of(record, store.name)
            return Kept(record, new=False, superseded_by=0 if record is last or last is None else last.key.revision)
    revision = last.key.revision + 1 if last else 1
    parts = build(Occasion(revision, last.digest if last else "", earlier))
    sealed = seal(previous=head.digest, sequence=head.sequence + 1, inputs=inputs, parts=parts)
    return Kept(store.append(sealed, RecordKey(contract_id, period, revision)), new=True)


def sealed_settlements(store: Store, contract_id: str) -> dict[str, Map]:
    """The settlements of a contract by the label of their period, latest revisions, in the order of the periods.

    Raises:
        IntegrityFailure: if a record is not what was sealed.
    """
    records = [store.latest(contract_id, period) for period in store.periods(contract_id)]
    settlements = [(record.key.period, settlement_of(record, store.name)) for record in records if record is not None]
    return dict(sorted(settlements, key=lambda one: start_of(one[1])))


def earlier_settlements(store: Store, contract_id: str, *, before: str) -> tuple[Map, ...]:
    """Those of them whose period begins before the day ``before`` (YYYY-MM-DD), in the order of the periods.

    Raises:
        IntegrityFailure: if a record is not what was sealed.
    """
    return select_earlier(sealed_settlements(store, contract_id).values(), before=before)


def select_earlier(settlements: Iterable[Map], *, before: str) -> tuple[Map, ...]:
    """The settlements whose period begins before the day ``before`` (YYYY-MM-DD), in the order of the periods."""
    return tuple(sorted((one for one in settlements if start_of(one) < before), key=start_of))


def start_of(settlement: Map) -> str:
    """The first day of the settlement's period, YYYY-MM-DD; raises ``UnexpectedShape`` if it has none."""
    return get_text(get_map(settlement, "period"), "start")


def settlement_of(record: StoredRecord, ledger: str) -> Map:
    """The settlement in a record, after a look at whether the record is what was sealed.

    Raises:
        IntegrityFailure: if it is not; new settlements must not be built on it.
    """
    try:
        if not record.is_intact:
            raise UnexpectedShape("its bytes do not have the digest they were sealed with")
        settlement = get_map(as_map(parse_canonical(record.content), "the record"), "settlement")
        start_of(settlement)
        get_text(settlement, "digest")
    except (NotCanonical, UnexpectedShape) as why:
        raise IntegrityFailure(
            f"{ledger}: record {record.sequence} is not what was sealed: {why}. Verify the ledger."
        ) from None
    return settlement
