"""Same inputs, same bytes: again, in any order of clauses, measures, rows, figures and facts, and in either layout."""

from __future__ import annotations

import json
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.laws.drawn import Settled, settled, settled_from
from tests.laws.turning import in_every_layout, turned

from bpo_contracts.services.settling import reported_periods, settle, settle_all
from bpo_contracts.settlement.prepare import prepare
from bpo_contracts.testing.strategies import contract_of, contracts, report_of, reports, sentences
from bpo_contracts.values.canonical import canonical, parse_canonical

randoms = st.randoms(use_true_random=False)


@settings(max_examples=15)
@given(settled())
def test_settling_twice_gives_equal_bytes(drawn: Settled) -> None:
    again = settled_from(drawn.written, drawn.reported)
    assert again.contents == drawn.contents
    assert prepare(again.contract).book.rulebook.digest == prepare(drawn.contract).book.rulebook.digest


@settings(max_examples=25)
@given(settled(), randoms)
def test_no_order_in_the_contract_matters(drawn: Settled, random: Random) -> None:
    contract = contract_of(turned(drawn.written, random))
    assert prepare(contract).book.rulebook.digest == prepare(drawn.contract).book.rulebook.digest
    again = settle_all(contract, drawn.measurements, engine="reference")
    assert [one.document for one in again] == list(drawn.documents)  # first, because it shows where they differ
    assert tuple(one.content for one in again) == drawn.contents


@settings(max_examples=20)
@given(settled(), randoms)
def test_no_order_and_no_layout_of_the_report_matters(drawn: Settled, random: Random) -> None:
    for report in in_every_layout(drawn.reported, random):
        again = settle_all(drawn.contract, report, engine="reference")
        assert tuple(one.content for one in again) == drawn.contents


@settings(max_examples=12)
@given(st.data())
def test_the_bytes_are_canonical_whatever_the_words_say(data: st.DataObject) -> None:
    """RFC 8785: the writer puts the entries together by hand, and gives what ``canonical`` gives for the parsed document."""
    contract = contract_of(data.draw(contracts(texts=sentences())))
    for settlement in settle_all(contract, report_of(data.draw(reports(contract, periods=2))), engine="reference"):
        for content in (settlement.form, settlement.entries, settlement.content):
            assert canonical(json.loads(content)) == content
        assert parse_canonical(settlement.content) == settlement.document
        assert settlement.document["contract"]["title"] == contract.title


@settings(max_examples=15)
@given(settled())
def test_what_was_settled_before_in_the_process_changes_nothing(drawn: Settled) -> None:
    """What a contract settles once for all periods is looked up from then on: a fresh contract must give the same."""
    earlier: list[dict[str, object]] = []
    for period, content in zip(reported_periods(drawn.measurements, drawn.contract), drawn.contents, strict=True):
        fresh = settle(
            contract_of(drawn.written), drawn.measurements, period=period, history=earlier, engine="reference"
        )
        assert fresh.content == content
        earlier.append(fresh.document)
