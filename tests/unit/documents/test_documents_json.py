"""Contract JSON gives the tree that YAML gives; what programs read differently is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpo_contracts.formats.documents import read_document
from bpo_contracts.formats.tree_builder import DEPTH_MAX, NODES_MAX
from bpo_contracts.values.findings import BadInput, Finding
from bpo_contracts.values.nodes import ListNode, MapNode, Plain, Scalar, plain

Findings = Callable[..., tuple[Finding, ...]]
Places = Callable[..., list[tuple[str, int, int]]]

FILE = "contract.json"


def read(text: str) -> Plain:
    return plain(read_document(text.encode(), FILE))


def test_values_and_their_places() -> None:
    document = read_document('{"é😀": ["x", 12,\r\n  true], "b": {}}'.encode(), FILE)
    assert plain(document) == {"é😀": ["x", "12", "true"], "b": {}}
    assert isinstance(document, MapNode)
    (key, items), _ = document.entries
    assert (key.source.line, key.source.column, key.source.length) == (1, 2, 4)
    assert isinstance(items, ListNode)
    assert [(i.source.line, i.source.column, i.source.length) for i in items.items] == [
        (1, 9, 3),
        (1, 14, 2),
        (2, 3, 4),
    ]
    assert items.source.column == 8
    assert items.items[2].source.text == '  true], "b": {}}'
    assert [item.quoted for item in items.items if isinstance(item, Scalar)] == [True, False, False]


def test_texts() -> None:
    assert read(r'"\"\\\/\n\té😀é x"') == '"\\/\n\té😀é x'
    assert read(r'"\ud83d\ude00 \u00e9"') == "😀 é"
    assert read('""') == ""
    assert read(" [ ] ") == []


@pytest.mark.parametrize("number", ["0", "-0", "7", "-12", "123456789012345"])
def test_whole_numbers_are_kept_as_text(number: str) -> None:
    assert read(f'{{"a": {number}}}') == {"a": number}


@pytest.mark.parametrize(
    "number",
    [
        *("1.0", "1.10", "-0.5", "1e3", "1E+3", "1e1000000", "1234567890123456", "NaN", "Infinity", "-Infinity"),
        *("+1", "01", ".5", "1.", "0x1F", "1_000", "-", "9" * 5_000, "\u0663", "\uff11"),
    ],
)
def test_other_numbers_are_refused(number: str, refused: Places) -> None:
    expected = "BPO119" if number[:1].isascii() and number not in ("-",) else "BPO118"
    assert refused(f'{{"a":\n {number}, "b": "c"}}', FILE) == [(expected, 2, 2)]


def test_null_is_refused_and_reading_goes_on(refused: Places) -> None:
    assert refused('{"a": null,\n "b": [null, 1.5],\n "a": "x"}', FILE) == [
        ("BPO120", 1, 7),
        ("BPO120", 2, 8),
        ("BPO119", 2, 14),
        ("BPO109", 3, 2),
    ]


def test_duplicate_keys_name_both_lines(findings: Findings) -> None:
    (found,) = findings('{"cap": "1",\n"c\\u0061p": "2"}', FILE)
    assert (found.code, found.source.line, found.also[0].line) == ("BPO109", 2, 1)


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ('{"a": "b",}', (1, 11), "missing between a comma and }"),
        ('["a",]', (1, 6), "missing between a comma and ]"),
        ('{"a":}', (1, 6), "missing between a colon and }"),
        ("[,1]", (1, 2), "comma stands before"),
        ("[1,,2]", (1, 4), "A value belongs here, not ','"),
        ('{"a" "b"}', (1, 6), "colon is missing"),
        ('{"a": "b" "c": "d"}', (1, 11), "comma is missing"),
        ("{a: 1}", (1, 2), "name of a field"),
        ("{1: 1}", (1, 2), "name of a field"),
        ("{,}", (1, 2), "name of a field"),
        ("['a']", (1, 2), "single quotes"),
        ('{"a": 1} // x', (1, 10), "complete, and more follows"),
        ("[1 /* x */]", (1, 4), "comma is missing"),
        ("[/* x */ 1]", (1, 2), "no comments"),
        ("# x\n[1]", (1, 1), "no comments"),
        ("[1}", (1, 3), "closes nothing"),
        ("]", (1, 1), "closes nothing"),
        ("[1", (1, 3), "[ is not closed"),
        ('{"a": [1], "b"', (1, 15), "{ is not closed"),
        ('{"a":\n\n', (1, 6), "{ is not closed"),
        ("{", (1, 2), "{ is not closed"),
        ('["a', (1, 2), "not closed on its line"),
        ('["a\nb"]', (1, 2), "not closed on its line"),
        ('["a\\', (1, 4), "not an escape"),
        ('["a\tb"]', (1, 4), "tab stands inside"),
        ('["a\\x41"]', (1, 4), "\\x is not an escape"),
        ('["\\u12"]', (1, 3), "\\u is not an escape"),
        ("[True]", (1, 2), "'True' is neither"),
        ("[nul]", (1, 2), "'nul' is neither"),
        ("[1] [2]", (1, 5), "complete, and more follows"),
        ("[1],", (1, 4), "complete, and more follows"),
        (":", (1, 1), "A value belongs here, not ':'"),
    ],
)
def test_mistakes_are_explained(text: str, place: tuple[int, int], words: str, findings: Findings) -> None:
    (found,) = findings(text, FILE)
    assert (found.code, found.source.line, found.source.column) == ("BPO118", *place)
    assert words in found.problem
    assert found.next_step


@pytest.mark.parametrize(("text", "place"), [("", (0, 0)), (" \n", (1, 1))])
def test_an_empty_document_is_refused(text: str, place: tuple[int, int], refused: Places) -> None:
    assert refused(text, FILE) == [("BPO106", *place)]


@pytest.mark.parametrize("escape", ["\\ud800", "\\udc00", "\\udc00\\ud800", "\\ud83dx"])
def test_half_of_a_character_is_refused(escape: str, refused: Places) -> None:
    assert refused(f'["x", "{escape}"]', FILE) == [("BPO104", 1, 7)]


@pytest.mark.parametrize("opening", ["[", '{"a":', '[{"a":'])
@pytest.mark.parametrize("depth", [DEPTH_MAX + 1, 2_000, 50_000])
def test_deep_nesting_is_refused(opening: str, depth: int, refused: Places) -> None:
    levels_per_opening = opening.count("[") + opening.count("{")
    column = 1 + len(opening) * (DEPTH_MAX // levels_per_opening)
    assert refused(opening * depth, FILE) == [("BPO107", 1, column)]


def test_limits(refused: Places) -> None:
    assert read("[" * DEPTH_MAX + "]" * DEPTH_MAX)
    assert len(read("[" + "1," * (NODES_MAX - 2) + "1]")) == NODES_MAX - 1
    assert refused("[" + "1," * 500_000 + "1]", FILE) == [("BPO108", 1, 2 * NODES_MAX)]


_TEXT = st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=5)
_VALUES = st.recursive(
    st.booleans() | st.integers(-(10**15) + 1, 10**15 - 1) | _TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_TEXT, inner, max_size=4),
    max_leaves=15,
)


def _as_text(value: Any) -> Plain:
    if isinstance(value, dict):
        return {key: _as_text(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_as_text(item) for item in value]
    return value if isinstance(value, str) else json.dumps(value)


@given(_VALUES, st.sampled_from([None, 0, 1, 3]), st.booleans())
def test_what_another_program_writes_is_read_back(value: Any, indent: int | None, ascii_only: bool) -> None:
    assert read(json.dumps(value, indent=indent, ensure_ascii=ascii_only)) == _as_text(value)


_SIGNS = [*'[]{}:,"\\ \n10-.eu', "true", "null", '"a"', '"b"', "\\u0041", "//"]


@given(st.lists(st.sampled_from(_SIGNS), max_size=12))
def test_nothing_is_read_that_another_program_refuses(pieces: list[str]) -> None:
    text = "".join(pieces)
    try:
        ours = read(text)
    except BadInput:
        return
    assert _as_text(json.loads(text)) == ours or "-0" in text
