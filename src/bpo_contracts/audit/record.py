"""A record: one settlement sealed together with everything it was settled from.

    {"annexes": {"contract": "…", "form": "…"}, "earlier": "…", "engines": […], "firings": …, "library": "0.1.0",
     "performance": …, "previous": "…", "rulebook": "…", "schema": "bpo-contracts/record/2", "sequence": 1, "settlement": …}

* A record **is** its canonical bytes (``canonical``); its **digest** is the SHA-256 of those bytes, in hexadecimal.
* ``previous`` is the digest of the record before it, and ``GENESIS`` in the first one. That binds a record to its whole
  past: put into another ledger, or at another place, it names a record that does not stand before it there.
  A ledger needs no name of its own. A name would only say which ledger a file claims to be, and whoever swaps the
  whole file swaps the name too; what tells the files apart is a **head** (sequence and digest of the last record)
  that somebody else holds.
* ``annexes`` are the digests of the two **annexes**, which the ledger holds once for all records that name them: the
  contract, and the settlement's form. ``settlement`` are the entries in that form (``trail.form``): ten
  thousand months of a contract need not repeat its words.
* ``earlier`` is the digest of the earlier settlements it was settled on (``earlier_digest``): the latest revision of
  each period of the contract that begins before, as they stood then, by the digests of their records. They are in the
  ledger, so they are not repeated.
* There is no time of day in it: who needs to prove *when* gives the head to somebody who writes down the time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from bpo_contracts.values.canonical import canonical, digest_of
from bpo_contracts.values.documents import Map, get_map, get_text
from bpo_contracts.values.frozen import frozen
from bpo_contracts.values.json_text import encoded

SCHEMA: Final = "bpo-contracts/record/2"

GENESIS: Final = digest_of(b"bpo-contracts/ledger/1")
"""What the first record of every ledger names as the one before it; the digest of no record."""

_DIGEST: Final = re.compile(r"[0-9a-f]{64}\Z", re.ASCII)


def is_digest(text: str) -> bool:
    """Whether the text is 64 lower-case hexadecimal digits."""
    return _DIGEST.match(text) is not None


@frozen
class Annex:
    """A document that many records name by its digest; ``content`` is its canonical JSON."""

    digest: str
    content: bytes


@lru_cache(maxsize=64)  # a contract never changes, and each of its settlements names it
def annex(content: bytes) -> Annex:
    """The annex with this content."""
    return Annex(digest_of(content), content)


@frozen
class Parts:
    """What a settlement consists of besides what it was settled from.

    ``form``, ``entries``, ``engines`` and ``firings`` are canonical JSON; ``rulebook`` is a digest; ``library`` is the
    version of this library.
    """

    rulebook: str
    firings: bytes
    form: bytes
    entries: bytes
    engines: bytes
    library: str


@frozen
class Inputs:
    """What a period is settled from: the contract and the period's performance as canonical JSON, and ``earlier``, the
    digest of the earlier settlements."""

    contract: bytes
    performance: bytes
    earlier: str

    @property
    def digest(self) -> str:
        """One digest for all of them: that of ``{"contract": …, "earlier": …, "performance": …}`` in canonical form, the
        contract by its digest."""
        before = f'{{"contract":"{annex(self.contract).digest}","earlier":"{self.earlier}","performance":'
        return digest_of(b"".join((before.encode(), self.performance, b"}")))


@frozen
class SealedRecord:
    """The bytes of a record, their digest, its place in the chain, and the annexes it names.

    ``inputs`` is the digest of its ``Inputs``.
    """

    sequence: int
    digest: str
    previous: str
    inputs: str
    content: bytes
    annexes: tuple[Annex, ...]


def inputs_digest(record: Map) -> str:
    """The same for a record that was read.

    Raises:
        UnexpectedShape: if it does not name its inputs.
    """
    inputs = {
        "contract": get_text(get_map(record, "annexes"), "contract"),
        "earlier": get_text(record, "earlier"),
        "performance": get_map(record, "performance"),
    }
    return digest_of(canonical(inputs))


def earlier_digest(records: Iterable[str]) -> str:
    """One digest for earlier settlements, given by the digests of their records in the order of their periods."""
    return digest_of(f"[{','.join(map(encoded, records))}]".encode())


NO_EARLIER: Final = earlier_digest(())
"""Of a settlement that rests on no earlier one, such as the first one of a contract."""


def seal(*, previous: str, sequence: int, inputs: Inputs, parts: Parts) -> SealedRecord:
    """The record of one settlement.

    ``sequence`` counts from 1. The parts are put together as they are: their bytes must be canonical, and ``verify``
    finds it if they are not.

    Raises:
        ValueError: if a digest is not one, or the sequence is below 1 (mistakes of the program).
    """
    if sequence < 1 or not all(map(is_digest, (previous, parts.rulebook, inputs.earlier))):
        raise ValueError("a record has a sequence of 1 or more, and digests of 64 lower-case hexadecimal digits")
    contract, form = annex(inputs.contract), annex(parts.form)
    content = b"".join(
        (
            f'{{"annexes":{{"contract":"{contract.digest}","form":"{form.digest}"}},"earlier":"{inputs.earlier}"'.encode(),
            b',"engines":',
            parts.engines,
            b',"firings":',
            parts.firings,
            f',"library":{encoded(parts.library)},"performance":'.encode(),
            inputs.performance,
            f',"previous":"{previous}","rulebook":"{parts.rulebook}","schema":"{SCHEMA}"'.encode(),
            f',"sequence":{sequence},"settlement":'.encode(),
            parts.entries,
            b"}",
        )
    )
    return SealedRecord(
        sequence=sequence,
        digest=digest_of(content),
        previous=previous,
        inputs=inputs.digest,
        content=content,
        annexes=(contract, form),
    )
