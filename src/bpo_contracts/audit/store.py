"""Where records are kept: a store appends and reads; it decides nothing and changes nothing.

Whatever the medium, a store refuses every record that does not follow its head, so that two writers cannot make two
records of one place. Reading gives back what is stored, also where it is damaged: to find that is the work of
``verify``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from bpo_contracts.audit.record import GENESIS, Annex, SealedRecord, is_digest
from bpo_contracts.values.canonical import digest_of
from bpo_contracts.values.findings import BadInput, IntegrityFailure, refuse
from bpo_contracts.values.frozen import frozen
from bpo_contracts.values.sources import Source


@frozen
class RecordKey:
    """What a record is about: the contract's id, the period's label, and the revision, which counts from 1."""

    contract: str
    period: str
    revision: int


@frozen
class Head:
    """The last record of a ledger at some moment. Who holds it can tell later whether the ledger still contains it.

    ``sequence`` is 0 where only the digest was written down, and for the head of an empty ledger.
    """

    digest: str
    sequence: int = 0

    def __str__(self) -> str:
        return f"{self.digest}@{self.sequence}" if self.sequence else self.digest


EMPTY: Head = Head(GENESIS)
"""The head of a ledger without records."""


@frozen
class StoredRecord:
    """A record as the store has it: its bytes, and what is stored beside them to find it by.

    Everything but ``content`` is said by ``content`` too; ``verify`` checks that both say the same. The annexes that it
    names are in the store (``Store.annex``).
    """

    sequence: int
    digest: str
    previous: str
    key: RecordKey
    inputs: str
    content: bytes

    @property
    def head(self) -> Head:
        """The head of the ledger just after this record."""
        return Head(self.digest, self.sequence)

    @property
    def is_intact(self) -> bool:
        """Whether the bytes have the digest that is stored beside them."""
        return digest_of(self.content) == self.digest


def as_stored(record: SealedRecord, key: RecordKey) -> StoredRecord:
    """The record as a store will have it."""
    return StoredRecord(
        sequence=record.sequence,
        digest=record.digest,
        previous=record.previous,
        key=key,
        inputs=record.inputs,
        content=record.content,
    )


class Store(Protocol):
    """A ledger's medium. Every method may raise ``BadInput`` (BPO501 to BPO512) if the medium fails."""

    @property
    def name(self) -> str:
        """The ledger's name in messages: its path."""
        ...

    def head(self) -> Head:
        """The last record, or ``EMPTY``."""
        ...

    def append(self, record: SealedRecord, key: RecordKey) -> StoredRecord:
        """Keeps the record with those of its annexes that are not there yet, all of it or nothing.

        Raises:
            BadInput: BPO510 if the record does not follow the head, or the revision of the period exists.
            IntegrityFailure: if one of its annexes is there with other bytes; nothing is written then.
        """
        ...

    def append_all(self, records: Sequence[tuple[SealedRecord, RecordKey]]) -> tuple[StoredRecord, ...]:
        """Keeps several records that follow one another: all of them, or none.

        Raises:
            BadInput: as ``append``, for any of them.
        """
        ...

    def records(self) -> Iterator[StoredRecord]:
        """All records in their order, one at a time."""
        ...

    def latest(self, contract: str, period: str) -> StoredRecord | None:
        """The latest revision of a period."""
        ...

    def revisions(self, contract: str, period: str) -> Sequence[StoredRecord]:
        """All revisions of a period, the first one first."""
        ...

    def digests(self, contract: str) -> Mapping[str, str]:
        """The digest of the latest revision of every period of a contract, by the period's label."""
        ...

    def periods(self, contract: str) -> Sequence[str]:
        """The labels of all periods of a contract that have a record, sorted."""
        ...

    def annex(self, digest: str) -> bytes | None:
        """What is stored as the annex with this digest; None if there is none."""
        ...

    def annexes(self) -> Iterator[Annex]:
        """All annexes as they are stored, in the order of their digests, one at a time."""
        ...

    def faults(self) -> Sequence[str]:
        """What is wrong with the medium itself, as sentences; empty if it is sound."""
        ...


def parse_head(text: str) -> Head:
    """The head written ``DIGEST`` or ``DIGEST@SEQUENCE``.

    Raises:
        BadInput: BPO513 for any other text.
    """
    digest, at, sequence = text.strip().partition("@")
    sound = not at or (sequence.isascii() and sequence.isdecimal() and len(sequence) <= 15 and int(sequence) > 0)
    if not is_digest(digest) or not sound:
        raise refuse(
            "BPO513",
            "not-a-head",
            f"{text[:90]!r} is not the head of a ledger.",
            "Write the record's digest (64 hexadecimal digits) and, if you know it, @ and its number.",
            Source("head"),
        )
    return Head(digest, int(sequence) if at else 0)


def annex_changed(name: str, annex: Annex) -> IntegrityFailure:
    """The refusal of a record whose annex is in the ledger already, with other bytes than those it was sealed with."""
    return IntegrityFailure(
        f"{name}: the annex {annex.digest[:12]}… is not what was sealed. Nothing was written. Verify the ledger."
    )


def does_not_follow(name: str, record: SealedRecord, head: Head) -> BadInput:
    """The refusal of a record that does not come next after ``head`` (BPO510)."""
    return refuse(
        "BPO510",
        "not-next-record",
        f"Record {record.sequence} was made to follow {record.previous[:12]}…, but the ledger's last record is number "
        f"{head.sequence} ({head.digest[:12]}…): somebody else has written to it meanwhile. Nothing was written.",
        "Settle again: the new records are then taken into account.",
        Source(name),
    )


def exists_already(name: str, key: RecordKey) -> BadInput:
    """The refusal of a revision that is already there (BPO510)."""
    return refuse(
        "BPO510",
        "not-next-record",
        f"Revision {key.revision} of {key.period} ({key.contract}) is in the ledger already. Nothing was written.",
        "Settle again: a later revision is then made.",
        Source(name),
    )
