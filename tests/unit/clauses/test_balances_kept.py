"""What a clause keeps for later periods is lost by no amendment: it is refused, where the amendment says so."""

from __future__ import annotations

import pytest
from tests.unit.clauses.making import findings_of, place_text

HOLD = """
- holdback: h
  clause: "1"
  words: w
  keep: 5 % of fee
  release: {done: {when: claimed, share: rest, times: once}}
"""
ADVANCE = """
- advance: h
  clause: "1"
  words: w
  amount: 100 EUR
  paid_when: claimed
  deduct: 10 EUR
  deducted_from: the next period
"""
ACCOUNT = """
- account: h
  clause: "1"
  words: w
  opening: 100 EUR
  each_period: [{plus: 1 EUR, round: half up to 0.01 EUR}]
  below_zero: allowed
"""
CARRY = """
- carry_forward: h
  clause: "1"
  words: w
  arises: fee
  used: 1 EUR
  used_from: the next period
  used_first: oldest
  lapses_after: 3 months
  round: half up to 0.01 EUR
"""
PRICE = "- tariff: t\n  clause: '9'\n  words: w\n  amount: fee\n"
CREDIT = "- service_credit: t\n  clause: '9'\n  words: w\n  amount: 1 % of fee\n"
CAP = f"""
{PRICE}
- cap: h
  clause: "1"
  words: w
  limits: t
  at_most: 100 EUR
  excess: carried
"""
SMALL = f"""
{PRICE}
- smallest_payment: h
  clause: "1"
  words: w
  limits: t
  issued_only: over 10 EUR
  below: carried
  at_end_of_term: paid
"""
EARN = f"""
{CREDIT}
- earn_back: h
  clause: "1"
  words: w
  returns: t
  share: 50 %
  after: 2 months
  recovered_when: claimed
  no_data: not recovered
"""
OTHER = "clauses/+: {base_fee: other, clause: '8', words: w, amount: 1 EUR}"
KEEPERS = {"holdback": HOLD, "advance": ADVANCE, "account": ACCOUNT, "carry_forward": CARRY, "cap": CAP}
KEEPERS["smallest_payment"] = SMALL


def amended(*changes: str) -> str:
    lines = "".join(f"      {change}\n" for change in changes)
    return f"amendments:\n  - effective_on: 2026-02-01\n    clause: A\n    words: w\n    change:\n{lines}"


def lost(clauses: str, *changes: str, more: str = "") -> list[str]:
    """The lines of the amendment that the findings of lost balances point at; nothing else is found."""
    more += amended(*changes)
    findings = findings_of(clauses, more=more)
    assert {finding.code for finding in findings} <= {"BPO137"}, [finding.render() for finding in findings]
    return [place_text(finding, clauses, more=more) for finding in findings]


@pytest.mark.parametrize("kind", KEEPERS)
def test_a_clause_that_keeps_a_balance_is_not_taken_out(kind: str) -> None:
    assert lost(KEEPERS[kind], OTHER, "clauses/h: removed") == ["clauses/h: removed"]


@pytest.mark.parametrize("kind", KEEPERS)
def test_nor_does_it_get_another_name(kind: str) -> None:
    assert lost(KEEPERS[kind], f"clauses/h/{kind}: other") == [f"clauses/h/{kind}: other"]


@pytest.mark.parametrize(
    ("clauses", "change"),
    [
        (CAP, "clauses/h/excess: lost"),
        (HOLD, "clauses/h: {base_fee: h, clause: '1', words: w, amount: 1 EUR}"),
        (EARN, "clauses/h/returns: u"),
    ],
)
def test_nor_does_it_keep_something_else(clauses: str, change: str) -> None:
    if "returns" in change:
        clauses += CREDIT.replace("service_credit: t", "service_credit: u")
    assert lost(clauses, change) == [change]


@pytest.mark.parametrize(
    ("clauses", "change"),
    [
        (HOLD, "clauses/h/keep: 0 EUR"),
        (HOLD, "clauses/h: {holdback: h, clause: '2', words: n, keep: 0 EUR, release: {d: {when: claimed, share: rest, times: once}}}"),
        (CAP, "clauses/h/at_most: 10 EUR"),
        (CAP.replace("carried", "lost"), "clauses/h: removed"),
        (EARN, "clauses/h: removed"),
        (EARN, "clauses/h/share: 20 %"),
    ],
)  # fmt: skip
def test_a_clause_that_stays_may_change(clauses: str, change: str) -> None:
    assert lost(clauses, OTHER, change) == []


def test_a_lot_with_a_balance_is_not_taken_out() -> None:
    scopes = "scopes: {site: [north, south]}\n"
    change = "scopes/site: [north]"
    assert lost(HOLD + "  for_each: site\n", change, more=scopes) == [change]


NEWEST = CARRY.replace("oldest", "newest")
AGELESS = CARRY.replace("lapses_after: 3 months", "at_end_of_term: lapses")
LAPSING = CAP.rstrip() + "\n  paid_first: newest\n  lapses_after: 4 months\n"
STAGES = EARN.replace("  share: 50 %\n  after: 2 months\n", "  stages: {first: {after: 2 months, share: 50 %}}\n")
ANOTHER = EARN.replace(CREDIT, "").replace("earn_back: h", "earn_back: i").strip()


@pytest.mark.parametrize(
    ("clauses", "change"),
    [
        (EARN, "clauses/h/after: 3 months"),
        (STAGES, "clauses/h/stages/first/after: 3 months"),
        (CARRY, "clauses/h/used_first: newest"),
        (NEWEST, "clauses/h/lapses_after: 1 month"),
        (AGELESS, "clauses/h/lapses_after: 3 months"),
        (LAPSING, "clauses/h/lapses_after: 1 month"),
        (LAPSING, "clauses/h/paid_first: oldest"),
    ],
)
def test_how_old_what_is_open_is_stays_known(clauses: str, change: str) -> None:
    assert lost(clauses, change) == [change]


def test_the_oldest_first_may_lapse_earlier_or_later() -> None:
    assert lost(CARRY, "clauses/h/lapses_after: 1 month") == lost(CARRY, "clauses/h/lapses_after: 9 months") == []


def test_what_comes_back_of_a_clause_comes_back_by_one_rule() -> None:
    fields = ", ".join(line.strip().removeprefix("- ") for line in ANOTHER.splitlines())
    brings = f"clauses/+: {{{fields}}}"
    assert lost(EARN, brings, "clauses/h: removed") == ["clauses/h: removed"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("contract: other", "BPO138"),
        ("period: quarter", "BPO138"),
        ("term/starts_on: 2026-02-01", "BPO138"),
        ("term: {starts_on: 2026-02-01, ends_on: 2026-12-31}", "BPO138"),
        ("term/ends_on: 2026-01-31", "BPO138"),
        ("term/ends_on: 2026-02-28", ""),
        ("term/ends_on: 2027-12-31", ""),
    ],
)
def test_the_past_is_not_amended(change: str, code: str) -> None:
    found = findings_of(PRICE, more=amended(change))
    assert [(one.code, place_text(one, PRICE, more=amended(change))) for one in found] == (
        [(code, change)] if code else []
    )


def test_a_term_that_has_ended_is_not_made_longer() -> None:
    later = amended("term/ends_on: 2027-12-31").replace("2026-02-01", "2027-02-01")
    assert [one.code for one in findings_of(PRICE, more=later)] == ["BPO138"]
    assert findings_of(PRICE, more=later.replace("2027-02-01", "2027-01-01")) == ()
