"""A ledger in memory: for trying things out, and for whoever keeps the records elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bpo_contracts.audit.record import Annex, SealedRecord
from bpo_contracts.audit.store import (
    EMPTY,
    Head,
    RecordKey,
    StoredRecord,
    annex_changed,
    as_stored,
    does_not_follow,
    exists_already,
)
from bpo_contracts.values.findings import BadInput, IntegrityFailure


class MemoryStore:
    """Records in a list; gone when the program ends."""

    def __init__(self, name: str = "<memory>") -> None:
        self._name = name
        self._records: list[StoredRecord] = []
        self._of_period: dict[tuple[str, str], list[StoredRecord]] = {}
        self._annexes: dict[str, Annex] = {}

    @property
    def name(self) -> str:
        """The ledger's name in messages."""
        return self._name

    def head(self) -> Head:
        """The last record, or ``EMPTY``."""
        return self._records[-1].head if self._records else EMPTY

    def append(self, record: SealedRecord, key: RecordKey) -> StoredRecord:
        """Keeps the record; raises ``BadInput`` (BPO510) if it does not come next, and as every ``Store`` does."""
        head = self.head()
        if (record.sequence, record.previous) != (head.sequence + 1, head.digest):
            raise does_not_follow(self._name, record, head)
        if any(earlier.key == key for earlier in self.revisions(key.contract, key.period)):
            raise exists_already(self._name, key)
        for one in record.annexes:
            if self._annexes.get(one.digest, one) != one:
                raise annex_changed(self._name, one)
        stored = as_stored(record, key)
        self._annexes.update((one.digest, one) for one in record.annexes)
        self._records.append(stored)
        self._of_period.setdefault((key.contract, key.period), []).append(stored)
        return stored

    def append_all(self, records: Sequence[tuple[SealedRecord, RecordKey]]) -> tuple[StoredRecord, ...]:
        """Keeps the records, all of them or none; raises as ``append`` does."""
        before, annexes = len(self._records), dict(self._annexes)
        try:
            return tuple(self.append(record, key) for record, key in records)
        except (BadInput, IntegrityFailure):
            for stored in self._records[before:]:
                self._of_period[stored.key.contract, stored.key.period].remove(stored)
            del self._records[before:]
            self._annexes = annexes
            self._of_period = {period: revisions for period, revisions in self._of_period.items() if revisions}
            raise

    def records(self) -> Iterator[StoredRecord]:
        """All records in their order."""
        return iter(tuple(self._records))

    def latest(self, contract: str, period: str) -> StoredRecord | None:
        """The latest revision of a period."""
        revisions = self.revisions(contract, period)
        return revisions[-1] if revisions else None

    def revisions(self, contract: str, period: str) -> Sequence[StoredRecord]:
        """All revisions of a period, the first one first."""
        return tuple(sorted(self._of_period.get((contract, period), ()), key=lambda record: record.key.revision))

    def digests(self, contract: str) -> Mapping[str, str]:
        """The digest of the latest revision of every period of a contract, by the period's label."""
        found = {
            (one.key.period, one.key.revision): one.digest for one in self._records if one.key.contract == contract
        }
        return {period: found[period, revision] for period, revision in sorted(found)}

    def periods(self, contract: str) -> Sequence[str]:
        """The labels of all periods of a contract that have a record, sorted."""
        return tuple(sorted(period for of, period in self._of_period if of == contract))

    def annex(self, digest: str) -> bytes | None:
        """The annex with this digest."""
        one = self._annexes.get(digest)
        return one.content if one else None

    def annexes(self) -> Iterator[Annex]:
        """All annexes, in the order of their digests."""
        return iter([self._annexes[digest] for digest in sorted(self._annexes)])

    def faults(self) -> Sequence[str]:
        """Nothing can be wrong with the medium."""
        return ()
