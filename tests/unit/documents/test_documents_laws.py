"""Laws of reading: any bytes give a tree or findings; what is written is read back; both parsers agree."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bpo_contracts.formats.documents import read_document
from bpo_contracts.values.findings import BadInput
from bpo_contracts.values.nodes import DocNode, ListNode, MapNode, Plain, Scalar, find, find_key, plain

_SIGNS = [
    *(" ", "\n", "\n  ", "\n- ", "\nk: ", "a", "b: ", ": ", "- ", "-", "?", "? ", "[", "]", "{", "}", ",", ", ", '"'),
    *(
        "'",
        "|",
        ">",
        "|-\n  x",
        "#",
        " # c",
        "é",
        "😀",
        "\\",
        "\\n",
        '"\\x41"',
        "1",
        "&",
        "*",
        "!",
        "%",
        "@",
        "`",
        "---",
    ),
    *("...", "\r\n", "\t", "~", "<<", "=", '"\\ud800"', '"\\UFFFFFFFF"', "\u202e", "\r", "\ufeff", "e\u0301"),
]
_PIECES = st.lists(st.sampled_from(_SIGNS), max_size=16).map("".join)
_FILES = st.sampled_from(["c.yaml", "c.json"])


def read_or_refuse(data: bytes, file: str) -> DocNode | None:
    try:
        return read_document(data, file)
    except BadInput as refusal:
        findings = refusal.findings
    assert findings
    for found in findings:
        assert found.code.startswith("BPO1")
        assert found.source.file == file
        assert found.next_step
        assert found.source.line <= data.count(b"\n") + 1
        assert found.source.column <= len(found.source.text) + 1
        found.render().encode()
    return None


@given(st.binary(max_size=60), _FILES)
def test_any_bytes_give_a_tree_or_findings(data: bytes, file: str) -> None:
    read_or_refuse(data, file)


@given(st.text(max_size=40), _FILES)
def test_any_text_gives_a_tree_or_findings(text: str, file: str) -> None:
    read_or_refuse(text.encode("utf-8", "surrogatepass"), file)


@settings(max_examples=400)
@given(_PIECES, _FILES)
def test_any_signs_of_the_language_give_a_tree_or_findings(text: str, file: str) -> None:
    read_or_refuse(text.encode(), file)


@contextmanager
def only_python() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.delattr(yaml, "CSafeLoader", raising=False)
        yield


@settings(max_examples=400)
@given(_PIECES)
def test_both_parsers_accept_the_same_documents_and_read_the_same(text: str) -> None:
    fast = read_or_refuse(text.encode(), "c.yaml")
    with only_python():
        slow = read_or_refuse(text.encode(), "c.yaml")
    assert fast == slow


_CHARACTERS = st.characters(
    min_codepoint=0x20, max_codepoint=0x2FF, exclude_characters="\xad", exclude_categories=["Cc"]
)
_TEXTS = st.text(_CHARACTERS | st.sampled_from(["\n", "\t", "😀", "中"]), max_size=8)
_PLAIN_TEXTS = st.from_regex(r"[A-Za-z0-9_.~][A-Za-z0-9_.~/%+-]{0,6}", fullmatch=True).filter(
    lambda text: not text.startswith(("---", "..."))
)
_KEYS = _TEXTS | _PLAIN_TEXTS
_TREES = st.recursive(
    _TEXTS | _PLAIN_TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_KEYS, inner, max_size=4),
    max_leaves=20,
)


def written(text: str, choice: int) -> str:
    """A text as YAML: plain where that is possible, else in single or double quotes."""
    simple = text.replace("_", "a").replace(".", "a").replace("~", "a").isalnum() and text.isascii()
    if choice % 3 == 0 and simple and text not in ("...",):
        return text
    if choice % 3 == 1 and not set(text) & set("\n\t"):
        return "'" + text.replace("'", "''") + "'"
    return json.dumps(text, ensure_ascii=choice % 2 == 0 and max(text, default="") < "\uffff")


def block(tree: Plain, indent: int, choices: Iterator[int]) -> str:
    """A tree as indented YAML, with comments, empty lines and blocks of text here and there."""
    margin = " " * indent
    if isinstance(tree, dict) and tree:
        note = f"{margin}# note\n\n" if next(choices) % 4 == 0 else ""
        return note + "".join(
            f"{margin}{written(key, next(choices))}:{_below(value, indent, choices)}" for key, value in tree.items()
        )
    if isinstance(tree, list) and tree:
        return "".join(f"{margin}-{_below(item, indent, choices)}" for item in tree)
    return f"{margin}{flow(tree, choices)}\n"


def _below(value: Plain, indent: int, choices: Iterator[int]) -> str:
    choice = next(choices)
    if value and not isinstance(value, str) and choice % 4:
        return "\n" + block(value, indent + 1 + choice % 3, choices)
    if isinstance(value, str) and value.endswith("\n") and value.strip() and not set(value) & set("\t"):
        lines = "".join(f"{' ' * (indent + 2)}{line}\n" for line in value[:-1].split("\n"))
        return f" |2+\n{lines}" if indent == 0 else f" {json.dumps(value)}\n"
    return f" {flow(value, choices)}  # why\n"


def flow(tree: Plain, choices: Iterator[int]) -> str:
    """A tree as YAML in brackets."""
    if isinstance(tree, dict):
        return "{" + ", ".join(f"{written(key, next(choices))}: {flow(v, choices)}" for key, v in tree.items()) + "}"
    if isinstance(tree, list):
        return "[" + ", ".join(flow(item, choices) for item in tree) + "]"
    return written(tree, next(choices))


def _choices(seed: int) -> Iterator[int]:
    while True:
        seed = (seed * 1103515245 + 12345) % 2**31
        yield seed >> 8


@settings(max_examples=300)
@given(_TREES, st.integers(0, 2**31 - 1), st.booleans())
def test_what_is_written_is_read_back(tree: Plain, seed: int, in_brackets: bool) -> None:
    text = flow(tree, _choices(seed)) if in_brackets else block(tree, 0, _choices(seed))
    assert plain(read_document(text.encode(), "c.yaml")) == tree


@given(_TREES, st.integers(0, 2**31 - 1))
def test_line_ends_of_windows_change_nothing(tree: Plain, seed: int) -> None:
    text = block(tree, 0, _choices(seed))
    assert read_document(text.encode(), "c.yaml") == read_document(text.replace("\n", "\r\n").encode(), "c.yaml")


def _paths(node: DocNode, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], DocNode]]:
    yield path, node
    if isinstance(node, MapNode):
        for key, value in node.entries:
            yield from _paths(value, (*path, key.text))
    elif isinstance(node, ListNode):
        for index, item in enumerate(node.items):
            yield from _paths(item, (*path, index))


@given(_TREES, st.integers(0, 2**31 - 1))
def test_every_value_is_found_at_its_path_and_its_place_shows_it(tree: Plain, seed: int) -> None:
    text = block(tree, 0, _choices(seed))
    document = read_document(text.encode(), "c.yaml")
    lines = text.split("\n")
    for path, node in _paths(document):
        assert find(document, path) == node.source
        assert node.source.text == lines[node.source.line - 1]
        if isinstance(node, Scalar) and not node.quoted:
            start = node.source.column - 1
            assert node.source.text[start : start + node.source.length] == node.text
        if path and isinstance(path[-1], str):
            assert find_key(document, path).line <= node.source.line
