"""The published reference is the one the library makes, and nothing of the models is missing in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bpo_contracts.contract.clauses.kinds import KINDS
from bpo_contracts.formats.reference import reference_text
from bpo_contracts.formats.reference_words import FORMS, MEANINGS

PUBLISHED = Path(__file__).parents[2] / "docs" / "reference.md"


def section(kind: str) -> str:
    return reference_text().split(f"\n### {kind}\n")[1].split("\n### ")[0]


def test_the_published_reference_is_the_one_of_the_library() -> None:
    assert PUBLISHED.read_text(encoding="utf-8") == reference_text()


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_field_of_a_kind_is_in_its_section(kind: str) -> None:
    text = section(kind)
    for name in KINDS[kind].model_fields:
        assert name in ("kind", "name", "clause", "title", "words") or f"| `{name}` |" in text


def test_parts_of_a_clause_are_shown_with_their_choices() -> None:
    assert "| `remainder` | no | `stays held`, `forfeited` |" in section("holdback")
    assert "| `after` | yes | periods, as in `3 months` |" in section("earn_back")
    assert "| `interest` | no | a formula |" in section("account")


def test_no_meaning_is_about_a_field_that_is_gone() -> None:
    shown = set(re.findall(r"^\| `([a-z_]+)` \|", reference_text(), re.MULTILINE))
    assert {key.rpartition(".")[2] for key in (*MEANINGS, *FORMS)} - shown - {"name"} == set()
