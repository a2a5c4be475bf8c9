"""Keeping settlements: each period once for the same inputs, and as a new revision for others.

1. The **inputs** of a settlement are the contract, the period's performance, and the earlier settlements: the latest
   revision of every period of the contract that begins before this one, if any of its clauses looks back: then a
   revised March can change May. A contract that never looks back is settled from its own period alone.
2. From inputs that were settled before, nothing is written: the record made then is the answer, byte for byte. Where a
   correction has come since, a correction can be taken back (``restore``): then the inputs make a new revision.
3. From other inputs a new revision is made. It has the next number and names the record it supersedes. The superseded
   record stays as it is.
4. A revision of one period writes no other period. Later ones that looked back stay settled on what stood before, until
   they are settled again; ``resting_on_superseded`` says which.
5. If somebody else writes to the ledger meanwhile, nothing is written (BPO510): settle again, on what is there then.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from functools import cached_property
from typing import TypeAlias

from bpo_contracts.audit.excerpt import Excerpt
from bpo_contracts.audit.opening import opened, sealed_annex, step_row
from bpo_contracts.audit.record import NO_EARLIER, Inputs, Parts, earlier_digest, inputs_digest, seal
from bpo_contracts.audit.shapes import check_step
from bpo_contracts.audit.store import RecordKey, Store, StoredRecord
from bpo_contracts.trail.form import completed
from bpo_contracts.values.canonical import NotCanonical, parse_canonical, parse_known
from bpo_contracts.values.documents import Map, UnexpectedShape, as_map, get_map, get_maps, get_text
from bpo_contracts.values.findings import IntegrityFailure
from bpo_contracts.values.frozen import frozen
from bpo_contracts.values.periods import NotAPeriod, Period, parse_period


class EarlierSettlement:
    """The latest revision of an earlier period; it is read, and checked, when somebody looks at it.

    ``digest`` is that of its record. A contract looks back at a few periods of many, and at a few figures of those;
    what it does not look at is left to ``verify``.
    """

    def __init__(self, store: Store, contract: str, period: str, digest: str) -> None:
        self._store = store
        self.contract = contract
        self.period = period
        self.digest = digest

    @property
    def document(self) -> Map:
        """The settlement as sealed.

        Raises:
            IntegrityFailure: if the record is not what was sealed.
        """
        return self._document

    @cached_property
    def _document(self) -> Map:
        return settlement_of(self._record, self._store)

    def step(self, figure: str, place: int | None = None) -> Map | None:
        """The step of a figure that has one value for the period, None if there is none; ``place`` does not matter.

        Raises:
            IntegrityFailure: if the record is not what was sealed.
        """
        try:
            entry = self._excerpt.entry(figure)
            if entry is None:
                return None
            step = completed(step_row(self._store, self._excerpt.form, figure), entry)
            check_step(step)
            return step
        except (NotCanonical, UnexpectedShape) as why:
            raise _not_as_sealed(self._record, self._store.name, why) from None

    @property
    def provisional(self) -> bool:
        """Whether it rests on provisional values.

        Raises:
            IntegrityFailure: if the record is not what was sealed.
        """
        try:
            return self._excerpt.provisional
        except UnexpectedShape as why:
            raise _not_as_sealed(self._record, self._store.name, why) from None

    @cached_property
    def _record(self) -> StoredRecord:
        revisions = self._store.revisions(self.contract, self.period)
        return next(one for one in revisions if one.digest == self.digest)

    @cached_property
    def _excerpt(self) -> Excerpt:
        excerpt = Excerpt(_intact(self._record))
        if not excerpt.is_of_period(self.period):
            raise UnexpectedShape("what stands beside it says otherwise")
        return excerpt


@frozen
class Occasion:
    """What a settlement has to know about the ledger.

    ``revision`` counts from 1; ``supersedes`` is the digest of the record of the revision before, "" for the first;
    ``earlier`` are the settlements of the periods before, in the order of the periods.
    """

    revision: int
    supersedes: str
    earlier: tuple[EarlierSettlement, ...]


Build: TypeAlias = Callable[[Occasion], Parts]
"""Settles the period and gives the parts to seal."""


@frozen
class Kept:
    """The record of a settlement with the form it is made in, and whether it was written now.

    ``superseded_by`` is the latest revision if that is a later one than the record's, else 0: the inputs are those of
    an earlier revision, and a correction has come since.
    """

    record: StoredRecord
    form: bytes
    new: bool
    superseded_by: int = 0


def keep(
    store: Store,
    *,
    contract_id: str,
    period: str,
    contract: bytes,
    performance: bytes,
    build: Build,
    looks_back: bool = True,
    restore: bool = False,
) -> Kept:
    """The record of the period settled from these inputs: the one there is, or a new one.

    ``period`` is the label; ``contract`` and ``performance`` are canonical JSON. ``build`` is called only if a record
    has to be made. ``looks_back`` says whether earlier settlements can matter. With ``restore`` only the latest revision
    is an answer.

    Raises:
        BadInput: BPO510 if somebody else wrote meanwhile, and whatever ``build`` and the store raise; nothing is
            written.
        IntegrityFailure: if an earlier record of the contract is not what was sealed.
    """
    head = store.head()
    earlier = earlier_settlements(store, contract_id, before=period) if looks_back else ()
    inputs = Inputs(contract, performance, earlier_digest(settlement.digest for settlement in earlier))
    revisions = store.revisions(contract_id, period)
    last = revisions[-1] if revisions else None
    same = inputs.digest if revisions else ""
    for record in revisions[-1:] if restore else revisions[::-1]:  # the latest one answers, if it can
        if record.inputs == same:
            content = open_record(record, store)
            if inputs_digest(content) != same:
                raise _not_as_sealed(record, store.name, "it stands beside other inputs than its own")
            form = sealed_annex(store, get_text(get_map(content, "annexes"), "form"))
            superseded = 0 if record is last or last is None else last.key.revision
            return Kept(record, form, new=False, superseded_by=superseded)
    revision = last.key.revision + 1 if last else 1
    parts = build(Occasion(revision, last.digest if last else "", earlier))
    sealed = seal(previous=head.digest, sequence=head.sequence + 1, inputs=inputs, parts=parts)
    return Kept(store.append(sealed, RecordKey(contract_id, period, revision)), parts.form, new=True)


def earlier_settlements(store: Store, contract_id: str, *, before: str) -> tuple[EarlierSettlement, ...]:
    """The settlements of a contract whose period begins before the period ``before``, in the order of the periods.

    Raises:
        IntegrityFailure: if the ledger has records of something that is no period.
    """
    digests = store.digests(contract_id)
    try:
        periods = earlier_periods(digests, before=before)
    except UnexpectedShape as why:
        raise IntegrityFailure(f"{store.name}: {why}. Verify the ledger.") from None
    return tuple(EarlierSettlement(store, contract_id, period, digests[period]) for period in periods)


def earlier_periods(settled: Mapping[str, object], *, before: str) -> tuple[str, ...]:
    """Those of the periods, given by their labels, that begin before another one, in their order.

    Raises:
        UnexpectedShape: if a label names no period.
    """
    starts = {label: _period(label).start for label in settled}
    first = _period(before).start
    return tuple(sorted((label for label in starts if starts[label] < first), key=starts.__getitem__))


def resting_on_superseded(store: Store, contract_id: str, *, among: Iterable[str] | None = None) -> tuple[str, ...]:
    """The periods whose latest settlement rests on earlier ones that are not the latest now, in their order.

    ``among`` are the labels to look at, all by default. A settlement that rests on no earlier one is never among them, and
    a record that cannot be read is left to ``verify``.
    """
    rests: dict[str, str] = {}
    for label in store.periods(contract_id) if among is None else among:
        record = store.latest(contract_id, label)
        try:
            rests[label] = rests_on(as_map(parse_known(record.content), "the record")) if record else ""
        except (NotCanonical, UnexpectedShape):
            continue
    return superseded_since(store.digests(contract_id), rests)


def rests_on(content: Map) -> str:
    """The digest of the earlier settlements that a record rests on; "" for one that rests on no earlier period.

    A record that has facts of earlier periods was settled on these, in passing: that is no settlement, and its digest is
    that of none (``NO_EARLIER``), unless there were others.
    """
    earlier = get_text(content, "earlier")
    own = get_text(get_map(get_map(content, "settlement"), "period"), "label")
    return "" if earlier == NO_EARLIER and sealed_periods(content) <= {own} else earlier


def sealed_periods(content: Map) -> set[str]:
    """The labels of the periods that a record has facts of: its own, and those that were settled in passing."""
    facts = get_map(content, "performance")
    parts = (part for part in ("measurements", "items", "periods") if part in facts)
    return {get_text(row, "period") for part in parts for row in get_maps(facts, part)}


def superseded_since(digests: Mapping[str, str], rests: Mapping[str, str]) -> tuple[str, ...]:
    """Of the periods in ``rests``, those that rest on other earlier settlements than there are, in their order.

    ``digests`` are those of the latest records by the label of the period, ``rests`` what they rest on (``rests_on``).
    """
    try:
        starts = _starts(digests)
    except UnexpectedShape:  # a label that names no period: what is wrong with a ledger is said elsewhere
        return ()

    def now(label: str) -> str:
        return earlier_digest(digests[one] for one in starts if starts[one] < starts[label])

    return tuple(label for label in starts if rests.get(label) and rests[label] != now(label))


def later_periods(store: Store, contract_id: str, *, written: Collection[str]) -> tuple[str, ...]:
    """The settled periods that begin after the first of those that were written, without these, in their order.

    Raises:
        IntegrityFailure: if the ledger has records of something that is no period.
    """
    try:
        ordered = list(_starts(store.digests(contract_id)))
    except UnexpectedShape as why:
        raise IntegrityFailure(f"{store.name}: {why}. Verify the ledger.") from None
    first = min((ordered.index(label) for label in written if label in ordered), default=len(ordered))
    return tuple(label for label in ordered[first:] if label not in written)


def _starts(labels: Iterable[str]) -> dict[str, date]:
    """The first day of each period, in their order."""
    return dict(sorted(((label, _period(label).start) for label in labels), key=lambda one: one[1]))


def _period(label: str) -> Period:
    try:
        return parse_period(label)
    except NotAPeriod as why:
        raise UnexpectedShape(f"a record has a label that names no period: {why}") from None


def settlement_of(record: StoredRecord, store: Store) -> Map:
    """The settlement document in a record; raises as ``open_record`` does."""
    return get_map(open_record(record, store), "settlement")


def open_record(record: StoredRecord, store: Store) -> Map:
    """The record, opened (see ``opening``), after a look at whether it is what was sealed.

    Raises:
        IntegrityFailure: if it is not; new settlements must not be built on it.
    """
    try:
        whole = opened(as_map(parse_canonical(_intact(record)), "the record"), store)
        if not stands_beside(record, get_map(whole, "settlement")):
            raise UnexpectedShape("what stands beside it says otherwise")
    except (NotCanonical, UnexpectedShape) as why:
        raise _not_as_sealed(record, store.name, why) from None
    return whole


def stands_beside(record: StoredRecord, settlement: Map) -> bool:
    """Whether the key that is stored beside a record is that of the settlement in it."""
    said = get_text(get_map(settlement, "contract"), "id"), get_text(get_map(settlement, "period"), "label")
    return (*said, settlement["revision"]) == (record.key.contract, record.key.period, record.key.revision)


def _intact(record: StoredRecord) -> bytes:
    if not record.is_intact:
        raise UnexpectedShape("its bytes do not have the digest they were sealed with")
    return record.content


def _not_as_sealed(record: StoredRecord, ledger: str, why: object) -> IntegrityFailure:
    return IntegrityFailure(f"{ledger}: record {record.sequence} is not what was sealed: {why}. Verify the ledger.")
