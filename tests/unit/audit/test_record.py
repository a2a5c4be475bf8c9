"""Records: put together from parts, they are what writing the whole document would give."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.audit.samples import RULEBOOK

from bpo_contracts.audit.record import GENESIS, Inputs, Parts, earlier_digest, seal
from bpo_contracts.values.canonical import canonical, digest_of, parse_canonical

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
DOCUMENT = st.dictionaries(TEXT, TEXT | st.lists(TEXT, max_size=3), max_size=4)
DIGEST = st.binary(max_size=4).map(digest_of)


@given(
    DOCUMENT, DOCUMENT, DOCUMENT, DOCUMENT, st.lists(DOCUMENT, max_size=2), TEXT, DIGEST, DIGEST, st.integers(1, 10**9)
)
def test_the_bytes_are_those_of_the_whole_document(
    contract: Any,
    rows: Any,
    form: Any,
    settled: Any,
    engines: Any,
    library: str,
    previous: str,
    earlier: str,
    sequence: int,
) -> None:
    record = seal(
        previous=previous,
        sequence=sequence,
        inputs=Inputs(canonical(contract), canonical(rows), earlier),
        parts=Parts(RULEBOOK, b"[[1,2]]", canonical(form), canonical(settled), canonical(engines), library),
    )
    whole = {
        "schema": "bpo-contracts/record/2",
        "sequence": sequence,
        "previous": previous,
        "annexes": {"contract": digest_of(canonical(contract)), "form": digest_of(canonical(form))},
        "performance": rows,
        "earlier": earlier,
        "rulebook": RULEBOOK,
        "firings": [[1, 2]],
        "settlement": settled,
        "engines": engines,
        "library": library,
    }
    assert record.content == canonical(whole)
    assert record.digest == hashlib.sha256(canonical(whole)).hexdigest()
    inputs = {"contract": digest_of(canonical(contract)), "performance": rows, "earlier": earlier}
    assert record.inputs == digest_of(canonical(inputs))
    assert [one.content for one in record.annexes] == [canonical(contract), canonical(form)]
    assert parse_canonical(record.content) == whole


def test_the_genesis_is_fixed_for_ever() -> None:
    assert hashlib.sha256(b"bpo-contracts/ledger/1").hexdigest() == GENESIS


def test_earlier_settlements_are_known_by_their_order_too() -> None:
    digests = [digest_of(b"1"), digest_of(b"2")]
    assert len({earlier_digest(digests), earlier_digest(digests[::-1]), earlier_digest(digests[:1])}) == 3


@pytest.mark.parametrize(
    ("previous", "sequence", "rulebook"),
    [
        ("0", 1, RULEBOOK),
        (GENESIS.upper(), 1, RULEBOOK),
        (GENESIS + "\n", 1, RULEBOOK),
        (GENESIS, 0, RULEBOOK),
        (GENESIS, 1, 'a"'),
    ],
)
def test_what_would_break_the_record_is_refused(previous: str, sequence: int, rulebook: str) -> None:
    inputs = Inputs(b"{}", b"{}", GENESIS)
    with pytest.raises(ValueError, match="digests"):
        seal(
            previous=previous, sequence=sequence, inputs=inputs, parts=Parts(rulebook, b"[]", b"{}", b"{}", b"[]", "1")
        )
