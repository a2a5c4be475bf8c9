"""Whether the records of a ledger follow one another, and whether it still contains the head somebody holds.

1. Sequence numbers count from 1 without a gap.
2. Every record names the one before it, the first one ``GENESIS``.
3. Revisions of a period count from 1, and each names the record of the revision before.
4. The earlier settlements a record was made on, if any, are those that stand before it.
5. A record and its settlement name the same rulebook and the same engines.
6. A head that was held stands in the ledger where it stood. Only this finds a ledger that was cut short or written
   anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bpo_contracts.audit.log import earlier_periods
from bpo_contracts.audit.problems import Problem
from bpo_contracts.audit.record import NO_EARLIER, earlier_digest
from bpo_contracts.audit.store import EMPTY, Head, RecordKey, StoredRecord
from bpo_contracts.values.documents import Map, UnexpectedShape, get_integer, get_map, get_text

_COMPARE: Final = "Compare the ledger with a copy, and with the head that you or the other party noted."


class Chain:
    """Follows a ledger from its first record to its last; ``held`` is a head somebody holds, or None."""

    def __init__(self, held: Head | None) -> None:
        self.last = EMPTY
        self.after_held = 0
        self._held = held
        self._found = held == EMPTY
        self._revisions: dict[tuple[str, str], tuple[int, str]] = {}
        self._settled: dict[str, dict[str, str]] = {}
        self._unknown: set[str] = set()

    def follow(self, record: StoredRecord, content: Map | None) -> Iterator[Problem]:
        """What is wrong with the record's place in the chain; ``content`` is None if it cannot be read."""
        yield from self._link(record)
        self._look_for_held(record)
        if content is None:
            # Its place is judged by what is stored beside it; what rests on it can be judged no more.
            self._unknown.add(record.key.contract)
            yield from self._revision(record, record.key, None)
            yield _problem("BPO537", "not-checked", "The record cannot be read, so what it refers to was not checked")
        else:
            yield from self._content(record, content)
        self.last = record.head

    def _link(self, record: StoredRecord) -> Iterator[Problem]:
        expected = self.last.sequence + 1
        if record.sequence != expected:
            yield _problem(
                "BPO530", "sequence-gap", f"Record {expected} should stand here, not record {record.sequence}"
            )
        if record.previous != self.last.digest:
            before = f"record {self.last.sequence}" if self.last.sequence else "the beginning of a ledger"
            problem = (
                f"The record was sealed to follow {record.previous[:12]}…, not {before} ({self.last.digest[:12]}…)"
            )
            yield _problem("BPO531", "chain-broken", problem)

    def _content(self, record: StoredRecord, content: Map) -> Iterator[Problem]:
        try:
            settlement = get_map(content, "settlement")
            contract = get_text(get_map(settlement, "contract"), "id")
            period = get_map(settlement, "period")
            key = RecordKey(contract, get_text(period, "label"), get_integer(settlement, "revision"))
            yield from self._revision(record, key, get_text(settlement, "supersedes"))
            yield from self._earlier(key, get_text(content, "earlier"))
            yield from _same_parts(content, settlement)
            self._settled.setdefault(key.contract, {})[key.period] = record.digest
        except UnexpectedShape as why:
            self._unknown.add(record.key.contract)
            yield _problem("BPO537", "not-checked", f"What the record refers to was not checked: {why}")

    def _revision(self, record: StoredRecord, key: RecordKey, supersedes: str | None) -> Iterator[Problem]:
        period = (key.contract, key.period)
        revision, digest = self._revisions.get(period, (0, ""))
        if key.revision != revision + 1:
            problem = f"{key.period} of contract {key.contract} has revision {key.revision} after revision {revision}"
            yield _problem("BPO532", "revision-out-of-order", problem)
        elif supersedes is not None and supersedes != digest:
            problem = f"The record supersedes {supersedes[:12] or 'nothing'}, not {digest[:12] or 'nothing'}"
            yield _problem("BPO534", "supersedes-differs", problem)
        self._revisions[period] = key.revision, record.digest

    def _earlier(self, key: RecordKey, sealed: str) -> Iterator[Problem]:
        if key.contract in self._unknown or sealed == NO_EARLIER:
            return  # whether the contract looks back, only replay knows
        settled = self._settled.get(key.contract, {})
        if earlier_digest(settled[period] for period in earlier_periods(settled, before=key.period)) != sealed:
            problem = "The earlier settlements in the ledger are not those the record was settled on"
            yield _problem("BPO535", "earlier-differs", problem)

    def _look_for_held(self, record: StoredRecord) -> None:
        if self._found:
            self.after_held += 1
        elif self._held is not None and self._held.digest == record.digest:
            self._found = self._held.sequence in (0, record.sequence)

    def finish(self) -> Iterator[Problem]:
        """What the whole ledger shows: whether the head that was held is in it."""
        if self._held is None or self._found:
            return
        held, last = self._held, self.last
        if held.sequence > last.sequence:
            problem = (
                f"The ledger ends with record {last.sequence}, and you hold record {held.sequence}: it was cut short"
            )
        else:
            where = (
                f"record {held.sequence} of the ledger is another one" if held.sequence else "it is not in the ledger"
            )
            problem = f"You hold {held.digest[:12]}…, and {where}: it was cut short, written anew or swapped"
        yield _problem("BPO533", "head-missing", problem)


def _same_parts(content: Map, settlement: Map) -> Iterator[Problem]:
    for key in ("rulebook", "engines"):
        if content.get(key) != settlement.get(key):
            yield _problem("BPO536", "parts-differ", f"The record and its settlement name different {key.rstrip('s')}s")


def _problem(code: str, name: str, text: str) -> Problem:
    return Problem(code, name, text, _COMPARE)
