"""A document keeps the place of every value, and a path leads to it."""

from __future__ import annotations

import pytest

from bpo_contracts.formats.documents import read_document
from bpo_contracts.values.nodes import ListNode, MapNode, Scalar, find, find_key, plain

CONTRACT = b"""\
contract: ACME
clauses:
  - id: a
    holdback: 5 %
    release_on: "2026-01-31"
  - id: b
    bands: [{from: 1, to: 2}, {from: 2}]
empty:
"""


def at(path: tuple[str | int, ...]) -> tuple[int, int]:
    source = find(read_document(CONTRACT, "c.yaml"), path)
    return source.line, source.column


def key_at(path: tuple[str | int, ...]) -> tuple[int, int]:
    source = find_key(read_document(CONTRACT, "c.yaml"), path)
    return source.line, source.column


def test_values_are_texts_in_lists_and_dicts() -> None:
    assert plain(read_document(CONTRACT, "c.yaml")) == {
        "contract": "ACME",
        "clauses": [
            {"id": "a", "holdback": "5 %", "release_on": "2026-01-31"},
            {"id": "b", "bands": [{"from": "1", "to": "2"}, {"from": "2"}]},
        ],
        "empty": "",
    }


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ((), (1, 1)),
        (("contract",), (1, 11)),
        (("clauses",), (3, 3)),
        (("clauses", 0), (3, 5)),
        (("clauses", 0, "release_on"), (5, 17)),
        (("clauses", 1, "bands", 0, "to"), (7, 27)),
        (("empty",), (8, 7)),
        # A validator's own labels are not in the document.
        (("clauses", 0, "service_credit", "id"), (3, 9)),
        (("clauses", 1, "service_credit", "bands", 1, "row", "from"), (7, 38)),
        # A field that is missing: the place of the map it is missing from.
        (("clauses", 1, "bands", 1, "to"), (7, 31)),
        (("clauses", 7, "id"), (3, 3)),
        (("contract", "x", 0), (1, 11)),
        # A label with the name of a field is told from the field by what follows.
        (("clauses", 0, "holdback", "release_on"), (5, 17)),
        (("clauses", 0, "holdback", "holdback"), (4, 15)),
        (("clauses", 0, "holdback"), (4, 15)),
    ],
)
def test_a_path_leads_to_the_deepest_value_that_exists(path: tuple[str | int, ...], place: tuple[int, int]) -> None:
    assert at(path) == place


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ((), (1, 1)),
        (("contract",), (1, 1)),
        (("empty",), (8, 1)),
        (("clauses", 1), (6, 5)),
        (("clauses", 0, "tag", "release_on"), (5, 5)),
        (("clauses", 0, "release_on", "[key]"), (5, 5)),
        (("nothing",), (1, 1)),
    ],
)
def test_a_path_leads_to_the_key(path: tuple[str | int, ...], place: tuple[int, int]) -> None:
    assert key_at(path) == place


def test_an_index_is_not_taken_from_the_end_and_numbers_can_be_keys() -> None:
    document = read_document(b"years: {2026: x}\nlist: [a, b]\n", "c.yaml")
    assert find(document, ("years", 2026)).column == 15
    assert find(document, ("list", -1)).column == 7


def test_every_place_shows_its_line_and_underlines_the_value() -> None:
    document = read_document("é😀: 'x y' # why\r\nlong: >\r\n  one\r\n  two\r\n".encode(), "c.yaml")
    assert isinstance(document, MapNode)
    (key, value), (_, block) = document.entries
    assert (key.source.column, key.source.length, key.source.text) == (1, 2, "é😀: 'x y' # why")
    assert (value.source.column, value.source.length, value.source.text) == (5, 5, "é😀: 'x y' # why")
    assert isinstance(block, Scalar)
    assert (block.text, block.quoted, block.source.line, block.source.column) == ("one two\n", True, 2, 7)


def test_what_the_author_marked_as_text_is_known() -> None:
    document = read_document(b"""[plain, "double", 'single', "", '', 12]""", "c.yaml")
    assert isinstance(document, ListNode)
    marks = [item.quoted for item in document.items if isinstance(item, Scalar)]
    assert marks == [
        False,
        True,
        True,
        True,
        True,
        False,
    ]


def test_a_validators_places_map_to_the_document() -> None:
    """The labels pydantic puts into its paths for a choice between models are skipped."""
    from typing import Annotated, Literal

    from pydantic import BaseModel, ConfigDict, Field, ValidationError

    class Credit(BaseModel):
        model_config = ConfigDict(extra="forbid")
        kind: Literal["credit"]
        rate: Annotated[str, Field(pattern="^[0-9]+$")]

    class Bonus(BaseModel):
        kind: Literal["bonus"]

    class Contract(BaseModel):
        clauses: list[Annotated[Credit | Bonus, Field(discriminator="kind")]]

    document = read_document(b"clauses:\n- kind: bonus\n- kind: credit\n  rate: many\n  rtae: 1\n", "c.yaml")
    with pytest.raises(ValidationError) as caught:
        Contract.model_validate(plain(document))
    rate, unknown = (error["loc"] for error in caught.value.errors())
    assert (find(document, rate).line, find(document, rate).column) == (4, 9)
    assert (find_key(document, unknown).line, find_key(document, unknown).column) == (5, 3)
