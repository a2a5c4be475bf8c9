"""Records that are kept together: all of them, or none.

Each of several settlements may look back at those before it. So they are sealed one after another onto a ledger that only
pretends to have grown, and are written in one piece when the last of them is sealed. If one of them cannot be settled, the
ledger is as it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bpo_contracts.audit.record import Annex, SealedRecord
from bpo_contracts.audit.store import Head, RecordKey, Store, StoredRecord, as_stored, does_not_follow, exists_already


class Staged:
    """A ledger with records that are not written yet; itself a ``Store``."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._head = store.head()
        self._new: list[tuple[SealedRecord, RecordKey]] = []
        self._stored: list[StoredRecord] = []
        self._annexes: dict[str, Annex] = {}

    def write(self) -> None:
        """Writes them all, or none.

        Raises:
            BadInput: BPO510 if somebody else wrote to the ledger meanwhile, and whatever the store raises.
        """
        self._store.append_all(self._new)
        self._new, self._stored, self._annexes = [], [], {}

    @property
    def name(self) -> str:
        """The ledger's name in messages."""
        return self._store.name

    def head(self) -> Head:
        """The last record, written or not."""
        return self._stored[-1].head if self._stored else self._head

    def append(self, record: SealedRecord, key: RecordKey) -> StoredRecord:
        """Holds the record ready; raises ``BadInput`` (BPO510) if it does not come next."""
        head = self.head()
        if (record.sequence, record.previous) != (head.sequence + 1, head.digest):
            raise does_not_follow(self.name, record, head)
        if any(stored.key == key for stored in self.revisions(key.contract, key.period)):
            raise exists_already(self.name, key)
        stored = as_stored(record, key)
        self._new.append((record, key))
        self._stored.append(stored)
        self._annexes.update((one.digest, one) for one in record.annexes)
        return stored

    def append_all(self, records: Sequence[tuple[SealedRecord, RecordKey]]) -> tuple[StoredRecord, ...]:
        """Holds all of them ready, in their order."""
        return tuple(self.append(record, key) for record, key in records)

    def records(self) -> Iterator[StoredRecord]:
        """All records in their order, those that are written first."""
        yield from self._store.records()
        yield from self._stored

    def latest(self, contract: str, period: str) -> StoredRecord | None:
        """The latest revision of a period."""
        own = [one for one in self._stored if (one.key.contract, one.key.period) == (contract, period)]
        return own[-1] if own else self._store.latest(contract, period)

    def revisions(self, contract: str, period: str) -> Sequence[StoredRecord]:
        """All revisions of a period, the first one first."""
        own = [one for one in self._stored if (one.key.contract, one.key.period) == (contract, period)]
        return (*self._store.revisions(contract, period), *own)

    def digests(self, contract: str) -> Mapping[str, str]:
        """The digest of the latest revision of every period of a contract, by the period's label."""
        own = {one.key.period: one.digest for one in self._stored if one.key.contract == contract}
        return {**self._store.digests(contract), **own}

    def periods(self, contract: str) -> Sequence[str]:
        """The labels of all periods of a contract that have a record, sorted."""
        own = {one.key.period for one in self._stored if one.key.contract == contract}
        return tuple(sorted(own.union(self._store.periods(contract))))

    def annex(self, digest: str) -> bytes | None:
        """The annex with this digest, written or not."""
        own = self._annexes.get(digest)
        return own.content if own else self._store.annex(digest)

    def annexes(self) -> Iterator[Annex]:
        """All annexes, in the order of their digests."""
        every = {one.digest: one for one in self._store.annexes()} | self._annexes
        return iter([every[digest] for digest in sorted(every)])

    def faults(self) -> Sequence[str]:
        """What is wrong with the medium itself."""
        return self._store.faults()
