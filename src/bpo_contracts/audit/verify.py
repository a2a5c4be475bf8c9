"""Verify: three separate answers about a ledger, never one tick.

* **intact**: the bytes of every record and annex have their digest and are canonical, what is stored beside a record says
  the same, every annex that it names is there, and the medium is sound.
* **consistent**: the records follow one another from the first to the last, and a head that somebody holds is among
  them. Without a held head nobody can tell a whole ledger from one that was cut short or written anew.
* **arithmetic**: the sums, trails and roundings inside every settlement hold together.

None of the three says that a figure was right when it was recorded; ``replay`` does.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final

from bpo_contracts.audit.arithmetic import problems_of
from bpo_contracts.audit.chain import Chain
from bpo_contracts.audit.log import rests_on, superseded_since
from bpo_contracts.audit.opening import opened
from bpo_contracts.audit.problems import Problem
from bpo_contracts.audit.record import inputs_digest
from bpo_contracts.audit.store import Head, Store, StoredRecord
from bpo_contracts.values.canonical import NotCanonical, digest_of, parse_canonical
from bpo_contracts.values.documents import Map, UnexpectedShape, as_map, get_integer, get_map, get_text
from bpo_contracts.values.findings import BadInput, Finding
from bpo_contracts.values.frozen import frozen

FINDINGS_MAX: Final = 100
"""How many findings of each kind are kept; the others are counted."""

_FROM_COPY: Final = "Take the record from a copy of the ledger, and find out who changed this one."


@frozen
class Verdict:
    """The answer to one question: the first 100 findings against it, by record, and how many there are."""

    findings: tuple[Finding, ...]
    count: int

    @property
    def holds(self) -> bool:
        """Whether nothing speaks against it."""
        return not self.count


@frozen
class VerifyReport:
    """What verifying found. ``head`` is the ledger's last record; give it to somebody else to hold.

    ``held`` is the head that was held, None if there was none: ``consistent`` then says nothing about records cut off
    at the end or a ledger written anew. ``after_held`` records were added after it.
    """

    ledger: str
    records: int
    head: Head
    held: Head | None
    after_held: int
    intact: Verdict
    consistent: Verdict
    arithmetic: Verdict
    resting: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """For each contract, the periods whose latest settlement rests on earlier ones that have been superseded since. That
    is no fault of the ledger; settled again, they rest on the latest."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings that were kept, by verdict; empty only if all three hold."""
        return self.intact.findings + self.consistent.findings + self.arithmetic.findings


class _Collected:
    """Findings for one verdict: the first ones kept, all of them counted."""

    def __init__(self, ledger: str) -> None:
        self._ledger = ledger
        self._kept: list[Finding] = []
        self._count = 0

    def add(self, problems: Iterable[Problem], sequence: int = 0) -> None:
        for problem in problems:
            self.add_finding(problem.at(self._ledger, sequence))

    def add_finding(self, finding: Finding) -> None:
        self._count += 1
        if len(self._kept) < FINDINGS_MAX:
            self._kept.append(finding)

    def verdict(self) -> Verdict:
        return Verdict(tuple(self._kept), self._count)


def verify(store: Store, *, held: Head | None = None) -> VerifyReport:
    """The three verdicts on a ledger, reading one record at a time.

    ``held`` is a head that was noted earlier; the ledger must contain it. A medium that fails while it is read is a
    finding against *intact*, and what could not be read is a finding against the others.
    """
    intact, consistent, arithmetic = (_Collected(store.name) for _ in range(3))
    chain = Chain(held)
    named: set[str] = set()
    latest: dict[str, dict[str, tuple[str, str]]] = {}
    records = 0
    try:
        intact.add(_faults(store))
        for record in store.records():
            records += 1
            content, problems = _read(record, store, named)
            intact.add(problems, record.sequence)
            consistent.add(chain.follow(record, content), record.sequence)
            arithmetic.add(_arithmetic(content), record.sequence)
            latest.setdefault(record.key.contract, {})[record.key.period] = record.digest, _rests_on(content)
    except BadInput as failed:
        for finding in failed.findings:
            intact.add_finding(finding)
        unread = f"The ledger could be read up to record {chain.last.sequence} only; what follows was not checked"
        for verdict, code in ((consistent, "BPO537"), (arithmetic, "BPO540")):
            verdict.add([Problem(code, "not-checked", unread, "Take the ledger from a copy.")])
    else:
        intact.add(_annexes(store, named))
    consistent.add(chain.finish())
    return VerifyReport(
        ledger=store.name,
        records=records,
        head=chain.last,
        held=held,
        after_held=chain.after_held,
        intact=intact.verdict(),
        consistent=consistent.verdict(),
        arithmetic=arithmetic.verdict(),
        resting=tuple(_resting(latest)),
    )


def _rests_on(content: Map | None) -> str:
    try:
        return rests_on(content) if content else ""
    except UnexpectedShape:  # it is not intact, and that is said
        return ""


def _resting(latest: Mapping[str, Mapping[str, tuple[str, str]]]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """By contract, in the order of their names: the periods to settle again (see ``resting_on_superseded``)."""
    for contract, periods in sorted(latest.items()):
        digests = {label: digest for label, (digest, _) in periods.items()}
        found = superseded_since(digests, {label: earlier for label, (_, earlier) in periods.items()})
        if found:
            yield contract, found


def _faults(store: Store) -> Iterator[Problem]:
    for fault in store.faults():
        yield Problem("BPO523", "storage-fault", f"The ledger's file is not as it was made: {fault}", _FROM_COPY)


def _annexes(store: Store, named: Collection[str]) -> Iterator[Problem]:
    """What is wrong with the annexes themselves; ``named`` are those that records name."""
    try:
        yield from _each_annex(store, named)
    except BadInput as failed:
        for finding in failed.findings:
            text = f"An annex cannot be read: {finding.problem.rstrip('.')}"
            yield Problem("BPO525", "annex-changed", text, _FROM_COPY)


def _each_annex(store: Store, named: Collection[str]) -> Iterator[Problem]:
    for one in store.annexes():
        digest = digest_of(one.content)
        if digest != one.digest:
            text = f"The annex {one.digest[:12]}… has bytes with the digest {digest[:12]}…"
            yield Problem("BPO525", "annex-changed", text, _FROM_COPY)
        elif digest not in named:
            text = f"The annex {digest[:12]}… belongs to no record"
            yield Problem("BPO526", "annex-of-nothing", text, _FROM_COPY)


def _read(record: StoredRecord, store: Store, named: set[str]) -> tuple[Map | None, list[Problem]]:
    """The record, opened, None if it is none, and everything that speaks against its being intact.

    The annexes it names are added to ``named``.
    """
    problems: list[Problem] = []
    digest = digest_of(record.content)
    if digest != record.digest:
        text = f"The record's bytes have the digest {digest[:12]}…, and it was sealed as {record.digest[:12]}…"
        problems.append(Problem("BPO520", "record-changed", text, _FROM_COPY))
    try:
        content = as_map(parse_canonical(record.content), "the record")
        named.update(digest for digest in get_map(content, "annexes").values() if isinstance(digest, str))
        whole = opened(content, store)
        problems += _columns(record, content, get_map(whole, "settlement"))
    except NotCanonical as why:
        problems.append(Problem("BPO521", "not-canonical", f"The record is not canonical JSON: {why}", _FROM_COPY))
        return None, problems
    except UnexpectedShape as why:
        problems.append(Problem("BPO524", "not-a-record", f"This is not a record of a settlement: {why}", _FROM_COPY))
        return None, problems
    return whole, problems


def _columns(record: StoredRecord, content: Map, settlement: Map) -> Iterator[Problem]:
    """What is stored beside the record, and what the record itself says."""
    pairs: tuple[tuple[str, int | str, int | str], ...] = (
        ("sequence", record.sequence, get_integer(content, "sequence")),
        ("previous", record.previous, get_text(content, "previous")),
        ("contract", record.key.contract, get_text(get_map(settlement, "contract"), "id")),
        ("period", record.key.period, get_text(get_map(settlement, "period"), "label")),
        ("revision", record.key.revision, get_integer(settlement, "revision")),
        ("inputs", record.inputs, inputs_digest(content)),
    )
    for name, beside, inside in pairs:
        if beside != inside:
            text = f"The {name} stored beside the record is {beside!r}, and the record says {inside!r}"
            yield Problem("BPO522", "column-differs", text, _FROM_COPY)


def _arithmetic(content: Map | None) -> Iterable[Problem]:
    if content is None:
        text = "The record cannot be read, so its arithmetic was not checked"
        return [Problem("BPO540", "not-checked", text, _FROM_COPY)]
    try:
        return problems_of(get_map(content, "settlement"))
    except UnexpectedShape as why:
        return [Problem("BPO540", "not-checked", f"The arithmetic was not checked: {why}", _FROM_COPY)]
