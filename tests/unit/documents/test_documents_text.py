"""What a person reads on the screen is what the program reads."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import pytest

from bpo_contracts.formats.document_text import DOCUMENT_BYTES_MAX, FINDINGS_MAX
from bpo_contracts.formats.documents import read_document
from bpo_contracts.values.findings import Finding
from bpo_contracts.values.nodes import plain

Findings = Callable[..., tuple[Finding, ...]]
Places = Callable[..., list[tuple[str, int, int]]]

NAMES = ["contract.yaml", "contract.json"]


@pytest.mark.parametrize("file", NAMES)
def test_a_byte_order_mark_in_front_is_skipped_and_moves_no_place(file: str, refused: Places) -> None:
    assert plain(read_document(b'\xef\xbb\xbf{"a": "b"}', file)) == {"a": "b"}
    assert refused(b'\xef\xbb\xbf{"a": "b\xe2\x80\x8b"}', file) == [("BPO104", 1, 9)]
    assert refused(b'\xef\xbb\xbf{"a": "\xe9"}', file) == [("BPO103", 1, 8)]


@pytest.mark.parametrize("file", NAMES)
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_other_encodings_are_named(encoding: str, file: str, findings: Findings) -> None:
    first = findings('{"title": "Größe"}'.encode(encoding), file)[0]
    assert first.code in ("BPO103", "BPO104")
    assert "UTF-16" in first.next_step


def test_latin_1_is_refused_with_the_byte_offset_and_the_column(findings: Findings) -> None:
    (found,) = findings("a: ü\ntitle: Größe, Maß\n".encode().replace("ß".encode(), b"\xdf"))
    assert (found.code, found.source.line, found.source.column) == ("BPO103", 2, 11)
    assert "0xDF at byte offset 17" in found.problem
    assert found.source.text == "title: Grö\ufffde, Ma\ufffd"


def test_half_of_a_character_is_refused(findings: Findings) -> None:
    (found,) = findings(b"a: \xed\xa0\x80\n")
    assert (found.code, found.source.line, found.source.column) == ("BPO103", 1, 4)
    assert "half of a character" in found.problem


@pytest.mark.parametrize("data", [b"a: \xc0\x80", b"a: \xf4\x90\x80\x80", b"a: \xe2\x82", b"a: \xff"])
def test_overlong_cut_off_and_impossible_bytes_are_refused(data: bytes, refused: Places) -> None:
    assert refused(data) == [("BPO103", 1, 4)]


HIDDEN = (
    "\x00\x01\x08\x0b\x0c\x1f\x7f\x80\x85\x9f\u00ad\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u2028\u2029"
    "\u202a\u202e\u2060\u2066\u2069\ufeff\ufffe\uffff\U000e0041"
)


@pytest.mark.parametrize("file", NAMES)
@pytest.mark.parametrize("character", HIDDEN, ids=lambda character: f"{ord(character):04x}")
def test_hidden_characters_are_refused_with_their_place(character: str, file: str, refused: Places) -> None:
    assert refused(f'{{"a": "x",\n"b": "y{character}z"}}', file) == [("BPO104", 2, 8)]


@pytest.mark.parametrize("file", NAMES)
@pytest.mark.parametrize("escape", ["\\u0000", "\\u202e", "\\u200b", "\\ufeff", "\\u0085", "\\u001b", "\\r", "\\u2028"])
def test_an_escape_hides_nothing(escape: str, file: str, refused: Places) -> None:
    assert refused(f'{{"a": "y{escape}z"}}', file) == [("BPO104", 1, 7)]


def test_a_carriage_return_alone_does_not_end_a_line(refused: Places) -> None:
    assert refused(b"a: 1\rb: 2\r") == [("BPO104", 1, 5), ("BPO104", 1, 10)]


def test_all_hidden_characters_are_found_and_a_flood_is_cut(findings: Findings, refused: Places) -> None:
    assert refused("a: \u200b\nb: c\u202e\u202e\n") == [("BPO104", 1, 4), ("BPO104", 2, 5), ("BPO104", 2, 6)]
    flood = findings("\u200b" * 300_000)
    assert len(flood) == FINDINGS_MAX + 1
    assert [found.code for found in flood if found.code != "BPO104"] == ["BPO121"]


@pytest.mark.parametrize("file", NAMES)
def test_text_is_composed(file: str, findings: Findings) -> None:
    parts = unicodedata.normalize("NFD", "Größe")
    (found,) = findings(f'{{"t": "x",\n"u": "{parts}"}}', file)
    assert (found.code, found.source.line, found.source.column) == ("BPO105", 2, 9)
    assert "'ö'" in found.problem
    assert plain(read_document('{"u": "Größe"}'.encode(), file)) == {"u": "Größe"}


@pytest.mark.parametrize("file", NAMES)
def test_escaped_text_is_composed_too(file: str, refused: Places) -> None:
    assert refused('{"u": "Gro\\u0308"}', file) == [("BPO105", 1, 7)]


@pytest.mark.parametrize("file", NAMES)
def test_a_tower_of_accents_is_refused_without_normalising_it(file: str, refused: Places) -> None:
    assert refused('{"u": "a' + "\u0301\u0327" * 250_000 + '"}', file) == [("BPO105", 1, 9)]
    assert refused('{"u": "a' + "\\u0301\\u0327" * 80_000 + '"}', file) == [("BPO105", 1, 7)]


@pytest.mark.parametrize("file", NAMES)
def test_one_byte_more_than_the_limit_is_refused(file: str, refused: Places) -> None:
    text = b'["' + b"x" * (DOCUMENT_BYTES_MAX - 4) + b'"]'
    assert len(text) == DOCUMENT_BYTES_MAX
    assert plain(read_document(text, file)) == ["x" * (DOCUMENT_BYTES_MAX - 4)]
    assert refused(text + b" ", file) == [("BPO102", 0, 0)]
