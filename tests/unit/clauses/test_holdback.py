"""Holdbacks: what is kept comes back at most once, and the balance is never below zero."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.clauses.making import findings_of, place_text, settled
from tests.unit.clauses.many import Small
from tests.unit.clauses.months import CENTS, months, small

HEAD = """
- holdback: retention
  clause: "6"
  words: Retention.
"""
RELEASES = """\
  keep: 7.5 % of fee
  release:
    first: {when: claimed, share: 50 %, of: everything kept, times: once, remainder: stays held}
    second: {when: level is at least 90 %, share: 30 %, of: balance, times: every period, remainder: REMAINDER}
    third: {when: level is at least 99 %, share: rest, times: once}
"""
STAYS = small(HEAD + RELEASES.replace("REMAINDER", "stays held"))
FORFEITED = small(HEAD + RELEASES.replace("REMAINDER", "forfeited"))

FACTS = st.fixed_dictionaries(
    {
        "fee": CENTS,
        "claimed": st.sampled_from(["yes", "no"]),
        "level": st.sampled_from(["0", "90", "98.9", "99", "100"]),
    }
)


@settings(max_examples=12)
@given(st.lists(FACTS, min_size=1, max_size=6), st.sampled_from([STAYS, FORFEITED]))
def test_everything_kept_is_released_forfeited_or_still_held(facts: list[dict[str, str]], contract: Small) -> None:
    found = contract.settled(months(facts))
    kept, released, forfeited = found["retention.kept"], found["retention.released"], found["retention.forfeited"]
    balances = found["retention.balance"]
    for month, balance in enumerate(balances, 1):
        assert balance >= 0
        assert balance == sum(kept[:month]) - sum(released[:month]) - sum(forfeited[:month])
    assert found["retention.released_to_date"][-1] == sum(released) <= sum(kept)
    for once in ("first", "third"):
        assert sum(1 for value in found.truths(f"retention.{once}.reached")) == len(facts)
        assert sum(1 for amount in found[f"retention.{once}"] if amount) <= 1
    assert found["retention"] == [back - keep for back, keep in zip(released, kept, strict=True)]


def test_a_share_of_the_balance_in_every_period_takes_what_is_left_each_time() -> None:
    outcome = settled(
        HEAD
        + "  keep: 10 % of fee\n  release:\n"
        + "    half: {when: claimed, share: 50 %, of: balance, times: every period, remainder: stays held}\n",
        """
        2026-01: {fee: 1000, claimed: "yes"}
        2026-02: {fee: 0, claimed: "yes"}
        2026-03: {fee: 0, claimed: "yes"}
        """,
    )
    lines = [[str(line.amount.text) for line in one.adjustments] for one in outcome.settled.values()]
    assert lines == [["-100.00", "50.00"], ["0.00", "25.00"], ["0.00", "12.50"]]


def test_the_parts_of_a_holdback_are_lines_of_their_own() -> None:
    outcome = settled(
        HEAD + RELEASES.replace("REMAINDER", "stays held"), '2026-01: {fee: 100, claimed: "yes", level: 0}'
    )
    (one,) = outcome.settled.values()
    assert [(line.name, line.says, line.status) for line in one.adjustments] == [
        ("retention.kept", "retention, kept", "applies"),
        ("retention.released", "retention, released", "applies"),
    ]


@pytest.mark.parametrize(
    ("release", "code", "at"),
    [
        ("a: {when: claimed, share: 50 %, times: once}", "BPO148", ""),
        ("a: {when: claimed, share: rest, of: balance, times: once}", "BPO148", ""),
        ("a: {when: claimed, share: 50 %, of: balance, remainder: forfeited}", "BPO145", ""),
        (
            "a: {when: claimed, share: 50 %, of: everything kept, times: every period, remainder: stays held}",
            "BPO148",
            "",
        ),
        (
            "a: {when: claimed, share: 60 %, of: everything kept, times: once, remainder: stays held}\n"
            "    b: {when: claimed, share: 41 %, of: everything kept, times: once, remainder: stays held}",
            "BPO281",
            "",
        ),
        ("a: {when: fee, share: rest, times: once}", "BPO232", ""),
    ],
)
def test_refused_at_its_place(release: str, code: str, at: str) -> None:
    clauses = HEAD + "  keep: 10 % of fee\n  release:\n    " + release + "\n"
    found = findings_of(clauses)
    assert code in [finding.code for finding in found]
    assert at in place_text(found[0], clauses)


def test_a_payment_below_zero_is_not_kept_back() -> None:
    outcome = settled(
        HEAD + "  keep: 0 EUR - fee\n  release: {a: {when: claimed, share: rest, times: once}}\n", "2026-01: {fee: 5}"
    )
    assert [finding.code for finding in outcome.findings] == ["BPO404"]
