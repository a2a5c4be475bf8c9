"""Canonical JSON: one document, one sequence of bytes."""

from __future__ import annotations

import enum
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpo_contracts.values.canonical import INTEGER_MAX, NESTING_MAX, NotCanonical, canonical, parse_canonical

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
BMP = st.text(st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"]), max_size=12)
LEAVES = st.none() | st.booleans() | st.integers(-INTEGER_MAX, INTEGER_MAX)


def documents(text: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    return st.recursive(
        LEAVES | text,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(text, inner, max_size=4),
        max_leaves=20,
    )


@given(documents(TEXT))
def test_what_is_written_is_read_back(document: Any) -> None:
    assert parse_canonical(canonical(document)) == document


@given(st.dictionaries(TEXT, LEAVES, max_size=8), st.randoms())
def test_the_order_of_keys_changes_nothing(document: dict[str, Any], random: Any) -> None:
    keys = list(document)
    random.shuffle(keys)
    assert canonical({key: document[key] for key in keys}) == canonical(document)


@given(documents(BMP))
def test_up_to_u_ffff_it_is_sorted_compact_json(document: Any) -> None:
    assert canonical(document).decode() == json.dumps(
        document, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )


@given(st.dictionaries(TEXT, st.just(0), max_size=8))
def test_keys_stand_in_the_order_of_their_utf_16_code_units(document: dict[str, int]) -> None:
    read: dict[str, int] = json.loads(canonical(document))
    assert list(read) == sorted(document, key=lambda key: key.encode("utf-16-be"))


def test_the_order_of_rfc_8785_section_3_2_3() -> None:
    keys = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    in_order = ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]
    assert list(json.loads(canonical({"inner": dict.fromkeys(keys, "")}))["inner"]) == in_order


def test_only_what_must_be_escaped_is() -> None:
    text = '\x00\x08\t\n\x0b\x0c\r\x1f "\\/\x7f\u2028é\U0001f600'
    assert canonical(text).decode() == '"\\u0000\\b\\t\\n\\u000b\\f\\r\\u001f \\"\\\\/\x7f\u2028é\U0001f600"'


def test_texts_are_not_normalised() -> None:
    assert canonical("é") != canonical("e\u0301")


def test_a_tuple_is_a_list() -> None:
    assert canonical({"a": (1, ("b",))}) == b'{"a":[1,["b"]]}'


class Colour(enum.Enum):
    RED = "red"


@pytest.mark.parametrize(
    "document",
    [1.5, float("nan"), {"a": [1.0]}, {1: "a"}, {None: "a"}, {True: "a"}, {1.5: "a"}, b"a", {"a": {1}}, Colour.RED],
    ids=repr,
)
def test_other_types_are_refused(document: object) -> None:
    with pytest.raises(TypeError):
        canonical(document)


@pytest.mark.parametrize("document", [INTEGER_MAX + 1, -INTEGER_MAX - 1, "\ud800", {"\udfff": 1}, ["\ud83d", "\ude00"]])
def test_what_other_readers_would_lose_is_refused(document: object) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the kind of error is what is promised
        canonical(document)


def test_a_document_that_holds_itself_is_refused() -> None:
    document: list[object] = []
    document.append(document)
    with pytest.raises(ValueError, match="deep"):
        canonical(document)


def test_nesting_is_limited_the_same_way_on_both_sides() -> None:
    deepest = b"[" * NESTING_MAX + b"]" * NESTING_MAX
    assert canonical(parse_canonical(deepest)) == deepest
    with pytest.raises(NotCanonical, match="deep"):
        parse_canonical(b"[" + deepest + b"]")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b" {}",
        b"{}\n",
        b"\xef\xbb\xbf{}",
        b'{"a":1,"a":1}',
        b'{"a":1,"a":2}',
        b'{"b":1,"a":1}',
        b'{"a": 1}',
        b"1.0",
        b"1e3",
        b"-0",
        b"01",
        b"9007199254740992",
        b"9" * 5000,
        b"NaN",
        b"-Infinity",
        b'"\\u0061"',
        b'"\\/"',
        b'"\\u001F"',
        b'"\\ud83d\\ude00"',
        b'"\\ud800"',
        b'"\xed\xa0\x80"',
        b'"\xff"',
        b'"a',
        b"{}{}",
        b"[" * 100_000,
        '{"\ufb33":1,"\U0001f600":1}'.encode(),
        "{}".encode("utf-16"),
    ],
    ids=lambda content: repr(content[:20]),
)
def test_other_bytes_are_refused(content: bytes) -> None:
    with pytest.raises(NotCanonical):
        parse_canonical(content)


@given(documents(TEXT), st.data())
def test_no_changed_byte_gives_the_same_document(document: Any, data: st.DataObject) -> None:
    content = bytearray(canonical(document))
    content[data.draw(st.integers(0, len(content) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    try:
        changed = parse_canonical(bytes(content))
    except NotCanonical:
        return
    assert canonical(changed) == bytes(content) != canonical(document)
