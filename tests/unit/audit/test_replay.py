"""Replay names the first figure that comes out otherwise."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.audit.samples import (
    CONTRACT,
    Tampered,
    contents,
    filled,
    performance,
    rechained,
    resealed,
    sealed,
    settle_again,
    settlement,
)

from bpo_contracts.audit.difference import NOTHING, first_difference
from bpo_contracts.audit.record import earlier_digest
from bpo_contracts.audit.replay import SealedCase, SettledAgain, compare_inputs, replay
from bpo_contracts.audit.verify import verify
from bpo_contracts.values.canonical import canonical, digest_of
from bpo_contracts.values.findings import refuse

TEXT = st.text(max_size=4).filter(lambda text: text.isascii())
DOCUMENT = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=10,
)


def test_an_honest_ledger_comes_out_as_it_was_sealed() -> None:
    report = replay(filled(), settle_again)
    assert (report.holds, report.records, report.findings) == (True, 5, ())


def test_every_record_is_settled_on_what_was_known_then() -> None:
    cases: list[SealedCase] = []

    def note(case: SealedCase) -> SettledAgain:
        cases.append(case)
        return settle_again(case)

    assert replay(filled(), note).holds
    known = [[(one.document["period"], one.document["revision"]) for one in case.earlier] for case in cases]
    labels = [[(period["label"], revision) for period, revision in case if isinstance(period, dict)] for case in known]
    assert labels == [
        [],
        [("2016-01", 1)],
        [("2016-01", 1), ("2016-02", 1)],
        [("2016-01", 1)],
        [("2016-01", 1), ("2016-02", 2)],
    ]
    assert [case.revision for case in cases] == [1, 1, 1, 2, 2]
    assert [bool(case.supersedes) for case in cases] == [False, False, False, True, True]


def test_a_wrong_figure_recorded_honestly_is_found_by_replay_only() -> None:
    """A credit that was computed with 9 % instead of 8 %, everything after it consistent with that."""
    store = filled()
    documents = contents(store)
    rows = documents[4]["performance"]
    generous = copy.deepcopy(CONTRACT)
    generous["clauses"][1]["table"]["under 65 %"] = "9 %"
    inside = documents[4]["settlement"]
    documents[4]["settlement"] = settlement(
        generous, rows, revision=inside["revision"], supersedes=inside["supersedes"], earlier=2
    )
    wrong = rechained(store, documents)
    report = verify(wrong)
    assert (report.intact.holds, report.consistent.holds, report.arithmetic.holds) == (True, True, True)
    replayed = replay(wrong, settle_again)
    [failed] = replayed.failed
    assert failed.sequence == 5
    assert failed.difference is not None
    assert failed.difference.place == "steps/credit/value"
    assert (failed.difference.left, failed.difference.right) == ("450.09", "400.08")
    [finding] = replayed.findings
    assert finding.code == "BPO550"
    assert "steps/credit/value: sealed '450.09', settled again '400.08'" in finding.problem


def test_another_engine_is_no_difference_but_is_counted() -> None:
    def with_other_engine(case: SealedCase) -> SettledAgain:
        again = settle_again(case)
        engines = [{"name": "other", "version": "2"}]
        return replace(again, settlement=sealed({**again.settlement, "engines": engines}))

    report = replay(filled(), with_other_engine)
    assert (report.holds, report.other_engines) == (True, 5)


def test_other_answers_of_the_engine_are_a_difference() -> None:
    def with_another_answer(case: SealedCase) -> SettledAgain:
        return replace(settle_again(case), firings=[[0, "", 1]])

    report = replay(filled(), with_another_answer)
    places = [one.difference.place for one in report.failed if one.difference]
    assert places == ["firings/1"] * 5


def test_a_contract_that_cannot_be_settled_any_more_is_reported_per_record() -> None:
    def refusing(case: SealedCase) -> SettledAgain:
        if case.period == "2016-02":
            raise refuse("BPO999", "unknown-word", "The word is not known.", "Write another.")
        return settle_again(case)

    report = replay(filled(), refusing)
    assert [(one.sequence, one.findings[0].code) for one in report.failed] == [(2, "BPO999"), (4, "BPO999")]


def test_records_that_cannot_be_read_are_reported_and_the_rest_goes_on() -> None:
    records = list(filled().records())
    records[0] = resealed(records[0], b"{}")
    report = replay(Tampered(records, filled().annexes()), settle_again)
    assert {finding.code for finding in report.findings} == {"BPO551"}
    assert report.failed[0].sequence == 1
    assert report.records == 5


def test_earlier_settlements_that_were_exchanged_are_reported() -> None:
    documents = contents(filled())
    documents[2]["earlier"] = earlier_digest([digest_of(b"another")])
    report = replay(rechained(filled(), documents), settle_again)
    assert [one.sequence for one in report.failed] == [3, 5]  # the fifth rests on the fourth, which follows the third
    assert {finding.code for finding in report.findings} == {"BPO551"}


# --- the files an auditor holds ------------------------------------------------------------------------------


def test_an_edited_contract_is_named_at_its_first_difference() -> None:
    held = copy.deepcopy(CONTRACT)
    held["clauses"][1]["table"]["under 65 %"] = "9 %"
    [difference] = compare_inputs(contents(filled())[0], contract=held, performance=performance("2016-01", "64"))
    assert difference.render("sealed", "file") == "contract/clauses/4.1/table/under 65 %: sealed '8 %', file '9 %'"
    assert difference.path == ("contract", "clauses", 1, "table", "under 65 %")


def test_an_edited_performance_file_is_named_at_its_first_difference() -> None:
    [difference] = compare_inputs(contents(filled())[0], contract=CONTRACT, performance=performance("2016-01", "65"))
    assert (
        difference.render("sealed", "file") == "performance/measurements/answered 2016-01/value: sealed '64', file '65'"
    )


def test_rows_that_were_added_or_removed_are_named() -> None:
    rows = performance("2016-01", "64")
    rows["measurements"] += performance("2016-01", "65")["measurements"]
    [difference] = compare_inputs(contents(filled())[0], performance=rows)
    assert difference.left is NOTHING
    [difference] = compare_inputs(contents(filled())[0], performance={**rows, "measurements": []})
    assert difference.right is NOTHING


def test_what_is_not_held_is_not_compared() -> None:
    assert compare_inputs(contents(filled())[0]) == ()


# --- the first difference ------------------------------------------------------------------------------------


@given(DOCUMENT, DOCUMENT)
def test_there_is_a_difference_exactly_where_the_bytes_differ(left: Any, right: Any) -> None:
    difference = first_difference(left, right)
    assert (difference is None) == (canonical(left) == canonical(right))
    if difference is not None:
        for whole, part in ((left, difference.left), (right, difference.right)):
            for step in difference.path[:-1]:
                whole = whole[step]
            if difference.path and part is not NOTHING:
                assert whole[difference.path[-1]] == part
        back = first_difference(right, left)
        assert back is not None
        assert (back.path, back.left, back.right) == (difference.path, difference.right, difference.left)


def test_a_step_is_looked_at_after_the_premises_it_rests_on() -> None:
    """Whatever the order in which steps are written."""
    left = settlement(CONTRACT, performance("2016-01", "64"))
    right = settlement(CONTRACT, performance("2016-01", "61.5"))
    for document in (left, right):
        document["steps"].reverse()
        del document["determinations"]
    difference = first_difference(left, right)
    assert difference is not None
    assert difference.place == "steps/answered/value"


def test_steps_come_before_lines_and_lines_before_totals() -> None:
    left = settlement(CONTRACT, performance("2016-01", "64"))
    for key, place in (("steps", "steps"), ("charges", "charges"), ("totals", "totals"), ("digest", "digest")):
        right = dict(left)
        later = ["steps", "charges", "adjustments", "totals", "digest"]
        for name in later[later.index(key) :]:
            right[name] = "changed"
        difference = first_difference(left, right)
        assert difference is not None
        assert difference.place == place


@pytest.mark.parametrize(("left", "right"), [(1, True), (0, False), ("1", 1), (None, ""), ([], {}), ({"a": None}, {})])
def test_values_of_different_types_differ(left: object, right: object) -> None:
    assert first_difference({"x": [left]}, {"x": [right]}) is not None


def test_a_list_and_a_tuple_are_the_same() -> None:
    assert first_difference([["a", ""]], (("a", ""),)) is None
