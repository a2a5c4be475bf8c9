"""The statement as a page: no text of a document can change it, nothing is loaded, and every amount is on it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpo_contracts.formats.statement_html import statement_html
from bpo_contracts.formats.statement_markup import el
from bpo_contracts.formats.statement_words import clean
from bpo_contracts.values.findings import BadInput

from .page import Page
from .samples import Document, freight, money, service_desk, two_years

HOSTILE = [
    "<script>alert(1)</script>",
    "</title><script>x</script>",
    "</style><img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "' onmouseover='x",
    "javascript:alert(1)",
    "{7*7} {{7*7}} ${7*7} <%= 7*7 %>",
    "<!-- ", "-->", "]]>", "<![CDATA[", "&lt;b&gt;", "&#60;b&#62;", "&amp", "=HYPERLINK(1)", "\\", "`",
    "https://example.org/", "data:text/html,x", "-12.00", "<", ">", '"', "'", "&",
]  # fmt: skip
TEXTS = st.sampled_from(HOSTILE) | st.text(min_size=1, max_size=20)
FREE = {
    "title",
    "client",
    "provider",
    "version",
    "says",
    "words",
    "note",
    "formula",
    "direction",
    "digest",
    "supersedes",
}
"""Fields that hold any text and that no other part of the document refers to."""


def with_texts(value: Any, texts: Iterator[str], key: str = "") -> Any:
    """The document with every free text replaced by the next of the texts."""
    if isinstance(value, dict):
        return {name: with_texts(item, texts, name) for name, item in value.items()}
    if isinstance(value, list):
        return [with_texts(item, texts, key) for item in value]
    return next(texts) if key in FREE and value else value


def always(texts: list[str], before: str, after: str) -> Iterator[str]:
    while True:
        for text in texts:
            yield f"{before}{text}{after}"


@settings(max_examples=40)
@given(st.lists(TEXTS, min_size=1, max_size=12))
def test_no_text_of_a_document_changes_the_structure_of_the_page(texts: list[str]) -> None:
    documents = [service_desk(), service_desk(revision=3)]
    calm, wild = (
        Page(statement_html([with_texts(one, always(written, "x ", "y")) for one in documents]))
        for written in (["text"] * len(texts), texts)
    )
    assert wild.shape == calm.shape


@given(TEXTS, TEXTS)
def test_a_text_never_leaves_its_attribute_or_its_element(inside: str, value: str) -> None:
    page = Page(el("p", f"x{inside}x", el("b"), aria_label=f"x{value}x"))
    assert page.text == clean(f"x{inside}x")
    assert page.elements == [(0, "p", (("aria-label", clean(f"x{value}x")),)), (1, "b", ())]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_as_it_is_and_does_nothing(text: str) -> None:
    document = with_texts(service_desk(), always([text], "", ""))
    document["adjustments"][0]["scope"] = {text: text}
    document["tables"][0]["rows"][0]["label"] = text
    document["tables"][0]["rows"][0]["gives"] = text
    document["steps"][3]["item"] = text
    document["engines"][0]["name"] = text
    document["period"]["label"] = text
    page = Page(statement_html([document, service_desk(revision=1)]))
    tags = {tag for _, tag, _ in page.elements}
    assert not tags & {"script", "img", "iframe", "object", "embed", "form", "link", "base"}
    names = {name for _, _, attributes in page.elements for name, _ in attributes}
    assert not {name for name in names if name.startswith("on") or name in ("src", "style", "action", "xlink:href")}
    assert all(re.fullmatch(r"#period-[0-9]+", link) for link in page.values("a", "href"))
    assert [name for _, tag, given in page.elements if tag != "a" for name, _ in given if name == "href"] == []
    assert text in page.text


def test_the_page_says_that_nothing_may_be_loaded_and_needs_nothing() -> None:
    source = statement_html(two_years())
    page = Page(source)
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:" in page.values("meta", "content")
    assert "url(" not in source
    assert "@import" not in source
    assert "http:" not in source
    assert "https:" not in source


def test_ids_are_unique_and_every_reference_has_its_target() -> None:
    page = Page(statement_html([*two_years()[8:12], service_desk()]))
    ids = [value or "" for _, _, given in page.elements for name, value in given if name == "id"]
    assert len(ids) == len(set(ids))
    for references in page.values("svg", "aria-labelledby"):
        assert set(references.split()) <= set(ids)
    assert {link.removeprefix("#") for link in page.values("a", "href")} <= set(ids)


def test_headings_go_down_one_level_at_a_time_and_tables_have_captions() -> None:
    for documents in ([service_desk()], [freight()], two_years()[:3]):
        page = Page(statement_html(documents))
        levels = [int(tag[1]) for _, tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(later <= earlier + 1 for earlier, later in pairwise(levels))
        tags = [tag for _, tag, _ in page.elements]
        assert tags.count("caption") == tags.count("table") > 0
        assert page.values("html", "lang") == ["en"]


def test_a_single_statement_shows_the_words_the_reading_the_arithmetic_and_the_total() -> None:
    text = Page(statement_html([service_desk()])).text
    for part in (
        "Service Desk Agreement", "If in a calendar month fewer than 95 %",
        "Calls answered in time (higher is better): 91.5002… %",
        "Row reached: 90 % to under 95 %.", "Credit before limits", "-3274.88", "-1637.44", "74503.52", "23989",
        "The Provider owes a rectification plan", "holds", "2026-03-01 to 2026-03-31",
    ):  # fmt: skip
        assert part in text


def test_a_copied_amount_is_a_number() -> None:
    """Thousands are set apart by space between elements, which is not part of the text."""
    source = statement_html([service_desk()])
    assert '<span class="amount below">-6<span class="g">549</span>.76</span>' in source
    assert "-6549.76" in Page(source).text
    document = service_desk()
    document["charges"].append({**document["charges"][0], "says": "Refund", "amount": "-12.00"})
    document["totals"] = {"charges": "81860.00", "adjustments": "-7368.48", "net": "74491.52"}
    assert '<span class="amount below">-12.00</span>' in statement_html([document])


def test_many_periods_have_an_overview_that_leaves_out_replaced_revisions() -> None:
    documents = two_years()
    standing = [one for one in documents if (one["period"]["label"], one["revision"]) != ("2025-01", 1)]
    assert len(standing) == 24
    text = Page(statement_html(documents)).text
    net = sum(Fraction(one["totals"]["net"]) for one in standing)
    total = re.search(r"Total of 24 periods([0-9.-]+\.[0-9]{2})(-[0-9]+\.[0-9]{2})([0-9.]+)", text)
    assert total is not None
    assert total[3] == money(net)
    assert text.count("replaced revision") == 1


def test_the_newest_period_is_open_and_comes_first() -> None:
    page = Page(statement_html(two_years()))
    periods = [given for _, tag, given in page.elements if tag == "details" and ("class", "period") in given]
    assert len(periods) == 25
    assert [("open", "open") in given for given in periods] == [True] + [False] * 24
    assert page.values("div", "id")[0] == "period-25"


def test_the_same_documents_give_the_same_bytes_in_any_order() -> None:
    documents = two_years()[8:11] + two_years()[-1:]
    page = statement_html(documents)
    assert statement_html(documents[::-1]) == page
    assert statement_html([json.loads(json.dumps(one, sort_keys=True)) for one in documents]) == page
    assert statement_html([*documents, documents[2]]) == page


@pytest.mark.parametrize("seed", ["0", "1"])
def test_the_same_bytes_in_another_process(seed: str) -> None:
    here = Path(__file__).parent.parent
    script = "from statements.samples import *; from bpo_contracts.formats.statement_html import statement_html;" \
        "import sys; sys.stdout.buffer.write(statement_html(two_years()[:2]).encode())"  # fmt: skip
    source = Path(sys.modules["bpo_contracts"].__path__[0]).parent
    env = {
        **os.environ,
        "PYTHONHASHSEED": seed,
        "LC_ALL": "C",
        "TZ": "Asia/Kolkata",
        "PYTHONPATH": f"{here}{os.pathsep}{source}",
    }
    told = subprocess.run([sys.executable, "-O", "-c", script], env=env, capture_output=True, check=True)
    assert told.stdout.decode() == statement_html(two_years()[:2])


def test_no_hidden_character_leaks() -> None:
    document = with_texts(service_desk(), always(["a\x00\x1b\u202e\u200b\ufeff\ud800\x85b"], "", ""))
    source = statement_html([document])
    source.encode()
    assert all(character.isprintable() or character == "\n" for character in source)
    assert "a[U+0000][U+001B][U+202E][U+200B][U+FEFF][U+D800] b" in source


def test_documents_that_do_not_belong_on_one_page_are_refused() -> None:
    with pytest.raises(BadInput, match="BPO602"):
        statement_html([])
    with pytest.raises(BadInput, match="BPO601") as mixed:
        statement_html([service_desk(), freight(), {**service_desk(revision=4), "currency": "USD"}])
    assert len(mixed.value.findings) == 2
    other = service_desk(in_time=23900)
    with pytest.raises(BadInput, match="BPO603"):
        statement_html([service_desk(), other])


def test_a_settlement_without_any_line_is_a_page_too() -> None:
    empty: Document = {
        **service_desk(),
        "charges": [],
        "adjustments": [],
        "consequences": [],
        "steps": [],
        "tables": [],
    }
    empty["totals"] = {"charges": "0.00", "adjustments": "0.00", "net": "0.00"}
    assert "Net amount0.00" in Page(statement_html([empty, {**empty, "revision": 3}])).text
    assert "0.00" in Page(statement_html([empty])).text


def test_the_arithmetic_reads_from_the_measured_figure_to_the_amount() -> None:
    text = Page(statement_html([service_desk()])).text
    card = text.split("The arithmetic", 3)[1].split("Step by step", 1)[0]
    order = ("Calls answered in time91.5002", "Rate of the credit", "Monthly charge81872.00", "before limits", "Amount")
    assert [card.index(part) for part in order] == sorted(card.index(part) for part in order)
    assert "Calls offered" not in card
