"""What is written in contract YAML is what is read, and YAML's machinery is refused with its place."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import yaml

from bpo_contracts.formats.documents import read_document
from bpo_contracts.formats.tree_builder import DEPTH_MAX, NODES_MAX
from bpo_contracts.values.findings import Finding
from bpo_contracts.values.nodes import Plain, Scalar, plain

Findings = Callable[..., tuple[Finding, ...]]
Places = Callable[..., list[tuple[str, int, int]]]


@pytest.fixture(params=["C", "Python"], autouse=True)
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test runs with both parsers of PyYAML."""
    if request.param == "Python":
        monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    elif not hasattr(yaml, "CSafeLoader"):
        pytest.skip("PyYAML is installed without its parser in C")


def read(text: str) -> Plain:
    return plain(read_document(text.encode(), "contract.yaml"))


@pytest.mark.parametrize(
    "text",
    [
        "NO",
        "no",
        "on",
        "yes",
        "true",
        "True",
        "null",
        "~",
        "1.10",
        "010",
        "0x1F",
        "0o17",
        "0b1",
        "12:30",
        "12:30:45",
        "1:30",
        "1_000",
        "1e3",
        ".inf",
        ".nan",
        "-0",
        "+1",
        "-.5",
        "2026-02-30",
        "2026-01-01T00:00:00Z",
        "31/01/2026",
        "20260131",
        "95,5",
        "1,000.00",
        "=",
        "5%",
        "a#b",
        "a:b",
        "http://x.example/y",
    ],
)
def test_no_plain_text_is_turned_into_something_else(text: str) -> None:
    document = read_document(f"field: {text}\n".encode(), "contract.yaml")
    assert plain(document) == {"field": text}
    assert read(f"- {text}\n") == [text]
    assert read(f"{text}: x\n") == {text: "x"}


def test_layout_of_values() -> None:
    assert read("a:\n  - b\n  -\n  - c: d\n    e:\nf: [g, {h: i}, ]\nj: {}\nk: []\n") == {
        "a": ["b", "", {"c": "d", "e": ""}],
        "f": ["g", {"h": "i"}],
        "j": {},
        "k": [],
    }
    assert read("--- # one document may be announced\na: b # why\n...\n") == {"a": "b"}
    assert read("a: one\n  two\n\n  three\n") == {"a": "one two\nthree"}
    assert read("? a\n: b\n") == {"a": "b"}
    assert read("a: |\n  x\n    y\n\nb: >-\n  x\n  y\nc: |2-\n    z\n") == {"a": "x\n  y\n", "b": "x y", "c": "  z"}
    assert read("a: 'it''s'\nb: \"\\t\\\"\\u00e9\\x41\\\\\"\n") == {"a": "it's", "b": '\t"éA\\'}
    assert read("just text") == "just text"


def test_an_empty_value_is_an_empty_unquoted_text_behind_its_colon() -> None:
    document = read_document(b"a:\nb: {c: , d, 'e' : }\nf:  # later\n", "contract.yaml")
    assert plain(document) == {"a": "", "b": {"c": "", "d": "", "e": ""}, "f": ""}

    def empties(node: object) -> list[tuple[int, int]]:
        if isinstance(node, Scalar):
            return [] if node.text or node.quoted else [(node.source.line, node.source.column)]
        return [place for _, value in getattr(node, "entries", ()) for place in empties(value)]

    assert empties(document) == [(1, 3), (2, 7), (2, 11), (2, 18), (3, 3)]


LAUGHS = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (LAUGHS, [("BPO111", line, column) for line, column in ((1, 4), (2, 4), (2, 8), (2, 12), (3, 5), (3, 9))]),
        ("b: 1\nc: *b\n", [("BPO111", 2, 4)]),
        ("*b : 1\n", [("BPO111", 1, 1)]),
        ("&k a: 1\n", [("BPO111", 1, 1)]),
        ("a: &x\n", [("BPO111", 1, 3)]),
        ("a: &x {b: 1}\n", [("BPO111", 1, 4)]),
        ("a: * bold\n", [("BPO111", 1, 4)]),
        ("a: & Co\n", [("BPO111", 1, 4)]),
        ("fee: !!python/object/apply:os.system ['id']\n", [("BPO112", 1, 6)]),
        ("fee: !!float 1.5\n", [("BPO112", 1, 6)]),
        ("fee: ! 1.5\n", [("BPO112", 1, 6)]),
        ("fee: !own 1.5\n", [("BPO112", 1, 6)]),
        ("fee: !e!own 1.5\n", [("BPO112", 1, 6)]),
        ("fee: !<x> 1.5\n", [("BPO112", 1, 6)]),
        ("a:\n  <<: {b: 1}\n", [("BPO113", 2, 3)]),
        ("a: &d {b: 1}\nc: {<<: *d, e: 1}\n", [("BPO111", 1, 4), ("BPO113", 2, 5), ("BPO111", 2, 9)]),
        ("%YAML 1.2\n---\na: 1\n", [("BPO114", 1, 1)]),
        ("# note\n\n%TAG ! tag:x,2026:\n---\na: 1\n", [("BPO114", 3, 1)]),
        ("%FOO\n---\na: 1\n", [("BPO114", 1, 1)]),
        ("? [a, b]\n: 1\n", [("BPO115", 1, 3)]),
        ("{a: 1}: 1\n", [("BPO115", 1, 1)]),
        ("[a]: 1\n{b: 1}: 1\n", [("BPO115", 1, 1), ("BPO115", 2, 1)]),
        ("?\n: 2\n", [("BPO115", 1, 2)]),
        ("a: 1\n---\nb: 1\n", [("BPO110", 2, 1)]),
        ("a: 1\n...\n---\nb: 1\n", [("BPO110", 3, 1)]),
        ("penalty_cap: 1\nb: 2\npenalty_cap: 3\n", [("BPO109", 3, 1)]),
        ("a: 1\n'a': 2\n\"\\x61\": 3\n", [("BPO109", 2, 1), ("BPO109", 3, 1)]),
        ("a: {b: 1, b: 1}\n", [("BPO109", 1, 11)]),
        ("a: {b: 1}\nc: {b: 1}\na:\n", [("BPO109", 3, 1)]),
        ("a:\n\tb: 1\n", [("BPO116", 2, 1)]),
        ("a:\n  - b\n  \t c: 1\n\td\n", [("BPO116", 3, 3), ("BPO116", 4, 1)]),
        ("a:\tb\n", [("BPO116", 1, 3)]),
        ("a: b\t# c\n", [("BPO116", 1, 5)]),
        ("", [("BPO106", 0, 0)]),
        ("\n\n", [("BPO106", 1, 1)]),
        ("# nothing\n", [("BPO106", 1, 1)]),
        ("---\n", [("BPO106", 1, 1)]),
    ],
)
def test_the_machinery_of_yaml_is_refused(text: str, expected: list[tuple[str, int, int]], refused: Places) -> None:
    assert refused(text) == expected


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("a: %5\n", (1, 4), "cannot start with %"),
        ("a: @home\n", (1, 4), "cannot start with @"),
        ("a: `x`\n", (1, 4), "cannot start with `"),
        ("title: Credit: voice\n", (1, 14), "second colon"),
        ("- a: b: c\n", (1, 7), "second colon"),
        ("a: 1\n b: 2\n", (2, 3), "continuation of the value above"),
        ("a:\n    b: 1\n  c: 2\n", (3, 3), "indentation of this line"),
        (" a: 1\nb: 2\n", (2, 1), "complete before this line"),
        ("a: 1\nb\nc: 2\n", (2, 1), "no colon"),
        ("a: 1\nb\n", (2, 1), "no colon"),
        ("- a\nb: 1\n", (2, 1), "does not start with a hyphen"),
        ("a: 1\n- b\n", (2, 1), "list item stands where the next field"),
        ("a: - b\n", (1, 4), "starts on the line of its key"),
        ("a: ? b\n", (1, 4), "cannot start with ?"),
        ("a: 'x\nb: 1\n", (1, 4), "quote ' opened here is not closed"),
        ('a: "x\n\nb: 1\n', (1, 4), 'quote " opened here is not closed'),
        ('a: "x\n---\nb: 1\n', (1, 4), 'quote " opened here is not closed'),
        ("a: 'it's'\n", (1, 8), "behind a closed quote"),
        ('a: "b" c\n', (1, 8), "behind a closed quote"),
        ("a: [1] x\n", (1, 8), "behind a closed quote or bracket"),
        ("a: [x, y\n", (1, 9), "not closed before the document ends"),
        ("a: {x: y\n\n# end\n", (3, 6), "not closed before the document ends"),
        ("a: [\n", (1, 5), "not closed before the document ends"),
        ("a: [x, y\nb: 1\n", (2, 2), "comma or ] is missing"),
        ("a: {x: [y}\n", (1, 10), "comma or ] is missing"),
        ("a: [x, , y]\n", (1, 8), ", stands where a value belongs"),
        ("a: ]\n", (1, 4), "] stands where a value belongs"),
        ("a: [why?, b]\n", (1, 8), "Between brackets ?"),
        ("a: {b:}\n", (1, 6), "Between brackets :"),
        ("a: |x\n", (1, 4), "Behind | or >"),
        ('a: "c:\\dir"\n', (1, 7), "\\d is not an escape"),
        ('a: "\\x4"\n', (1, 5), "\\x4 is not an escape"),
        ('a: "\\ud800"\n', (1, 5), "\\ud800 is not an escape"),
        ('a: "x\\U0000d800"\n', (1, 6), "\\U0000d800 is not an escape"),
        ('a: "\\UFFFFFFFF"\n', (1, 5), "\\UFFFFFFFF is not an escape"),
        ('a: "\\U00110000"\n', (1, 5), "\\U00110000 is not an escape"),
    ],
)
def test_mistakes_are_explained(text: str, place: tuple[int, int], words: str, findings: Findings) -> None:
    (found,) = findings(text)
    assert (found.code, found.source.line, found.source.column) == ("BPO117", *place)
    assert words in found.problem
    assert found.next_step


def test_oddities_on_which_parsers_differ_are_refused(refused: Places) -> None:
    assert refused("a: [b?c, d]\n") == [("BPO117", 1, 6)]
    assert refused("a: |# note\n  x\n") == [("BPO117", 1, 4)]
    assert refused("a: {b: c:, d: e}\n")[0] == ("BPO117", 1, 9)


def test_duplicate_keys_name_both_lines(findings: Findings) -> None:
    (found,) = findings("cap: 1\nother: 2\ncap: 3\n")
    assert "line 1" in found.problem
    assert "line 3" in found.problem
    assert [(place.line, place.column) for place in found.also] == [(1, 1)]


def test_a_finding_shows_its_line(findings: Findings) -> None:
    (found,) = findings("clauses:\n  - title: Credit: voice\n")
    assert found.render() == (
        "contract.yaml:2:18: BPO117 yaml-syntax\n"
        "     |\n"
        "   2 |   - title: Credit: voice\n"
        "     |                  ^\n"
        "A second colon with a space behind it stands on the line; it would make the text a key.\n"
        "Put the text behind the first colon in quotes."
    )


def test_all_findings_come_together(refused: Places) -> None:
    assert refused("a: &x 1\na: !t 2\n<<: 3\n[k]: 4\ne: f: g\n") == [
        ("BPO111", 1, 4),
        ("BPO109", 2, 1),
        ("BPO112", 2, 4),
        ("BPO113", 3, 1),
        ("BPO115", 4, 1),
        ("BPO117", 5, 5),
    ]


def test_depth_is_limited() -> None:
    assert read("[" * DEPTH_MAX + "]" * DEPTH_MAX)


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? ", "[{a: "])
@pytest.mark.parametrize("depth", [DEPTH_MAX + 1, 2_000, 50_000])
def test_deep_nesting_is_refused(opening: str, depth: int, refused: Places) -> None:
    levels_per_opening = opening.count("[") + opening.count("{") or 1
    column = 1 + len(opening) * (DEPTH_MAX // levels_per_opening)
    assert refused(opening * depth) == [("BPO107", 1, column)]


def test_deep_indentation_is_refused(refused: Places) -> None:
    text = "".join(" " * level + "a:\n" for level in range(100))
    assert refused(text) == [("BPO107", DEPTH_MAX + 1, DEPTH_MAX + 1)]


def test_the_number_of_values_is_limited(refused: Places) -> None:
    assert len(read("- 1\n" * (NODES_MAX - 1))) == NODES_MAX - 1
    assert refused("- 1\n" * 250_000) == [("BPO108", NODES_MAX, 3)]


def test_floods_of_findings_are_cut(refused: Places) -> None:
    for text in ("- *a\n" * 5_000, "a: 1\n" * 5_000, "\tx\n" * 5_000):
        found = refused(text)
        assert len(found) == 101
        assert ("BPO121", 0, 0) in found
