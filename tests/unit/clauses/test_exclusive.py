"""Sets of credits that exclude one another: one set of an incident is paid whole, the others not at all."""

from __future__ import annotations

from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.clauses.making import HEAD, figure, findings_of, settled

NAMES = ("one", "two", "three")
SETS = {"both": ("one", "two"), "alone": ("three",)}


def clauses(take: str) -> str:
    text = ""
    for number, name in enumerate(NAMES, 1):
        text += (
            f"- service_credit: {name}\n  clause: '{number}'\n  words: w\n  for_each: tickets\n  rounded: each item\n"
        )
        text += f'  where: kind is "{name}"\n  amount: cost\n  counts_toward: credits\n'
    text += "- exclusive: e\n  clause: '9'\n  words: w\n  same: event\n"
    text += f"  sets: {{both: [one, two], alone: three}}\n  if_equal: [both, alone]\n  {take}\n"
    text += "- cap: top\n  clause: '10'\n  words: w\n  limits: credits\n  at_most: 900 EUR\n"
    return text + "  excess: lost\n  shared: pro rata\n"


def month(rows: list[tuple[str, str, int]]) -> str:
    text = "2026-01:\n  tickets:"
    for number, (event, kind, cost) in enumerate(rows):
        text += f"\n    - {{ticket: T{number}, event: {event}, kind: {kind}, cost: {cost} EUR}}"
    return text


rows = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(NAMES), st.integers(0, 400)), min_size=1, max_size=8)


@settings(max_examples=30, deadline=None)
@given(rows, st.sampled_from(["larger set", "smaller set"]))
def test_every_incident_pays_one_set(found: list[tuple[str, str, int]], take: str) -> None:
    sums: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(SETS, 0))
    for event, kind, cost in found:
        sums[event][next(name for name, members in SETS.items() if kind in members)] += cost
    pick = max if take == "larger set" else min
    outcome = settled(clauses(f"take: {take}"), month(found))
    gross = sum(pick(one.values()) for one in sums.values())
    assert figure(outcome, "credits.gross") == gross
    assert figure(outcome, "credits") == min(gross, 900)
    assert sum(figure(outcome, name) for name in NAMES) == min(gross, 900)
    for name in NAMES:
        assert 0 <= figure(outcome, name) <= figure(outcome, f"{name}.gross")


ELECTED = "take: elected\n  elected_by: kind\n  not_elected: none"


def by_kind(text: str) -> str:
    return (
        text.replace('kind is "one"', "cost < 100 EUR")
        .replace('kind is "two"', "cost < 0 EUR")
        .replace('kind is "three"', "cost >= 100 EUR")
    )


@pytest.mark.parametrize(
    ("kinds", "paid"),
    [(["both", "both"], 30), (["alone", ""], 200), (["", ""], 0), (["both", "alone"], None), (["bth", "bth"], None)],
)
def test_an_election_holds_for_the_whole_incident(kinds: list[str], paid: int | None) -> None:
    text = "2026-01:\n  tickets:"
    for number, (kind, cost) in enumerate(zip(kinds, (30, 200), strict=True)):
        text += f"\n    - {{ticket: T{number}, event: a, cost: {cost} EUR{f', kind: {kind}' if kind else ''}}}"
    outcome = settled(by_kind(clauses(ELECTED)), text)
    if paid is None:
        assert {finding.code for finding in outcome.findings} == {"BPO248"}
    else:
        assert figure(outcome, "credits") == paid


def test_sets_of_a_period() -> None:
    text = "- service_credit: one\n  clause: '1'\n  words: w\n  amount: 10 EUR\n"
    text += "- service_credit: two\n  clause: '2'\n  words: w\n  amount: 30 EUR\n"
    text += "- service_credit: three\n  clause: '3'\n  words: w\n  amount: 40 EUR\n"
    text += "- exclusive: e\n  clause: '9'\n  words: w\n  sets: {both: [one, two], alone: three}\n"
    text += "  if_equal: [alone, both]\n"
    outcome = settled(text + "  take: larger set\n", "2026-01:\n  fee: 5 EUR")
    assert [figure(outcome, name) for name in NAMES] == [0, 0, 40]
    outcome = settled(
        text.replace("[alone, both]", "[both, alone]") + "  take: smaller set\n", "2026-01:\n  fee: 5 EUR"
    )
    assert [figure(outcome, name) for name in NAMES] == [10, 30, 0]


def test_a_set_that_is_rounded_as_a_sum_stays_rounded() -> None:
    text = clauses("take: larger set").replace("rounded: each item", "rounded: the sum")
    facts = "2026-01:\n  tickets:"
    facts += "".join(f"\n    - {{ticket: T{n}, event: {e}, kind: one, cost: 0.004 EUR}}" for n, e in enumerate("abc"))
    outcome = settled(text, facts)
    assert figure(outcome, "one.gross") == figure(outcome, "one")
    assert figure(outcome, "one") * 100 == 1


def test_every_set_can_be_elected() -> None:
    head = HEAD.replace("    key: ticket\n", "    key: ticket\n    words: {kind: [WORDS]}\n")
    elected = by_kind(clauses(ELECTED))
    assert findings_of(elected, head=head.replace("WORDS", "both, alone, neither")) == ()
    assert [one.code for one in findings_of(elected, head=head.replace("WORDS", "both, single"))] == ["BPO266"]
