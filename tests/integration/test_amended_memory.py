"""Amendments and what looks back: through a ledger or all at once, the same amounts or the same refusal."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.unit.clauses.making import PLAIN_HEAD

from bpo_contracts.audit.log import EarlierSettlement
from bpo_contracts.audit.replay import replay
from bpo_contracts.contract.contract import Contract
from bpo_contracts.contract.reading import read_contract
from bpo_contracts.formats.documents import read_document
from bpo_contracts.formats.performance import read_performance
from bpo_contracts.performance.report import PerformanceReport
from bpo_contracts.services.hinting import hints
from bpo_contracts.services.keeping import keep_settlement, settle_sealed
from bpo_contracts.services.keeping_together import keep_settlements
from bpo_contracts.services.settling import measured, reported_periods, settle, settle_all
from bpo_contracts.settlement.prepare import prepare
from bpo_contracts.stores.memory import MemoryStore
from bpo_contracts.values.findings import BadInput

DELAY = "delay: {unit: minutes, direction: lower is better, precision: unrounded, missing: refuse}"
CALLS = "calls: {unit: calls, direction: neutral, precision: unrounded, missing: refuse}"


def contract(measures: str, amount: str, more: str = "", head: str = PLAIN_HEAD) -> Contract:
    clause = f'clauses:\n  - tariff: t\n    clause: "1"\n    words: As agreed.\n    amount: "{amount}"\n'
    return read_contract(read_document(f"{head}measures:\n{measures}{clause}{more}".encode(), "contract.yaml"))


def amended(change: str, since: str = "2026-03-01") -> str:
    return f"amendments:\n  - effective_on: {since}\n    clause: A1\n    words: Amended.\n    change: {{{change}}}\n"


def report(text: str) -> PerformanceReport:
    return read_performance(text.encode(), "report.csv")


def at_once(agreed: Contract, facts: PerformanceReport) -> list[str]:
    return [one.totals.net.text for one in settle_all(agreed, facts, engine="reference")]


def one_by_one(agreed: Contract, facts: PerformanceReport) -> list[str]:
    store = MemoryStore()
    bound = measured(prepare(agreed), facts)
    nets = [
        keep_settlement(store, agreed, bound, period=period, engine="reference").document["totals"]["net"]
        for period in reported_periods(bound, agreed)
    ]
    assert replay(store, lambda case: settle_sealed(case, "reference")).findings == ()
    return nets


EITHER_WAY = pytest.mark.parametrize("settled", [at_once, one_by_one])
Settled = Callable[[Contract, PerformanceReport], list[str]]

MONTHS = "(sum of delay over last 3 months (short history: the months there are))"


@EITHER_WAY
def test_minutes_that_become_hours_stay_what_they_were(settled: Settled) -> None:
    agreed = contract(f"  {DELAY}\n", f"{MONTHS} / 1 minute * 1 EUR", amended("measures/delay/unit: hours"))
    # 60, 60 + 60, and 60 + 60 minutes + 2 hours
    assert settled(agreed, report("period,delay\n2026-01,60\n2026-02,60\n2026-03,2\n")) == [
        "-60.00",
        "-120.00",
        "-240.00",
    ]


TO_CALLS = "measures/delay/unit: calls, clauses/t/amount: "
REPORTED = "period,delay\n2026-01,60\n2026-02,60\n2026-03,2\n"


@EITHER_WAY
def test_minutes_that_become_calls_are_refused_where_a_choice_reads_them(settled: Settled) -> None:
    """A choice may never come to what it reads of earlier periods: only settling tells."""
    change = f'{TO_CALLS}"if delay is at least 0 calls then {MONTHS} * 1 EUR per call else 0 EUR"'
    agreed = contract(f"  {DELAY}\n", f"{MONTHS} / 1 minute * 1 EUR", "units: [calls]\n" + amended(change))
    with pytest.raises(BadInput, match="BPO414 unit-changed"):
        settled(agreed, report(REPORTED))


@pytest.mark.parametrize(
    "amount",
    [
        f"{MONTHS} * 1 EUR per call",
        "(previous month's delay (before the start: 0 calls)) * 1 EUR per call",
        "(sum of delay over all months so far) * 1 EUR per call",
        "(sum of delay over previous calendar year) * 1 EUR per call",
        "(sum of delay over this calendar year to date) * 1 EUR per call",
        "(count of (delay is over 1 calls) over last 2 months (short history: refuse)) * 1 EUR",
    ],
)
def test_a_window_that_needs_both_units_is_refused_before_anything_is_settled(amount: str) -> None:
    change = f'{TO_CALLS}"{amount}"'
    agreed = contract(f"  {DELAY}\n", "delay / 1 minute * 1 EUR", "units: [calls]\n" + amended(change))
    with pytest.raises(BadInput) as refused:
        prepare(agreed)
    (finding,) = refused.value.findings
    assert finding.code == "BPO169"
    assert finding.source == agreed.change_place(0, ["measures/delay/unit"])
    assert "'t.amount' looks back at 'delay', which is in minutes before 2026-03-01 and in call" in finding.problem


@pytest.mark.parametrize(
    ("amount", "since"),
    [
        ("(sum of delay over last 1 months) * 1 EUR per call", "2026-03-01"),  # this month alone
        ("(sum of delay over this quarter to date) * 1 EUR per call", "2026-04-01"),  # the quarter begins with it
        ("(sum of delay over this contract year to date) * 1 EUR per call", "2027-01-01"),
        ("delay * 1 EUR per call", "2026-03-01"),
        ("(streak of (delay is over 3 calls)) * 1 EUR", "2026-03-01"),  # it may end with the amendment
    ],
)
def test_what_need_not_look_past_the_amendment_may_be_in_another_unit(amount: str, since: str) -> None:
    change = f'{TO_CALLS}"{amount}"'
    head = PLAIN_HEAD.replace("2026-12-31", "2027-12-31")
    more = "units: [calls]\n" + amended(change, since)
    prepare(contract(f"  {DELAY}\n", "delay / 1 minute * 1 EUR", more, head))


def test_it_is_the_version_in_force_then_that_counts() -> None:
    """Two amendments: what the second one looks back at has been in its unit for as long as it looks."""
    months = "(sum of delay over last 3 months (short history: the months there are)) * 1 EUR per call"
    first, second = f'{TO_CALLS}"delay * 1 EUR per call"', f'clauses/t/amount: "{months}"'
    for since, codes in (("2026-05-01", []), ("2026-04-01", ["BPO169"])):
        more = "units: [calls]\n" + amended(first) + amended(second, since).removeprefix("amendments:\n")
        agreed = contract(f"  {DELAY}\n", "delay / 1 minute * 1 EUR", more)
        try:
            prepare(agreed)
            found: list[str] = []
        except BadInput as bad:
            found = [one.code for one in bad.findings]
        assert found == codes


@EITHER_WAY
def test_a_division_by_zero_is_no_missing_data_a_month_later(settled: Settled) -> None:
    per_call = "figures: {per_call: delay / calls}\n"
    amount = "(previous month's per_call (before the start: 0 minutes per call)) or else 7 minutes per call) * 1 call * 1 EUR / 1 minute"
    agreed = contract(f"  {DELAY}\n  {CALLS}\n", f"({amount}", per_call)
    with pytest.raises(BadInput, match="BPO242"):
        settled(agreed, report("period,delay,calls\n2026-01,5,0\n2026-02,5,1\n"))


def test_a_look_back_that_an_amendment_brings_is_part_of_the_inputs() -> None:
    to_date = 'clauses/t/amount: "(sum of delay over this contract year to date) / 1 minute * 1 EUR"'
    agreed = contract(f"  {DELAY}\n", "delay / 1 minute * 1 EUR", amended(to_date, "2026-02-01"))
    first, second = (report(f"period,delay\n2026-01,{january}\n2026-02,20\n") for january in (60, 10))
    assert one_by_one(agreed, first) == ["-60.00", "-80.00"]
    store = MemoryStore()
    for facts, net in ((first, "-80.00"), (second, "-30.00")):
        kept = keep_settlements(store, agreed, facts, periods=["2026-01", "2026-02"], engine="reference")
        assert kept[1].document["totals"]["net"] == net
    assert replay(store, lambda case: settle_sealed(case, "reference")).findings == ()


def test_a_correction_is_taken_back_only_if_that_is_asked_for() -> None:
    cap = '  - {cap: c, clause: "2", words: A cap., limits: [t], at_most: 100.00 EUR, window: last 3 months, excess: lost}\n'
    agreed = contract(f"  {DELAY}\n", "delay / 1 minute * 1 EUR", cap)
    first, corrected = (report(f"period,delay\n2026-01,{january}\n2026-02,70\n") for january in (60, 20))
    store = MemoryStore()
    periods = ["2026-01", "2026-02"]

    def nets(facts: PerformanceReport, *, restore: bool = False) -> list[str]:
        kept = keep_settlements(store, agreed, facts, periods=periods, engine="reference", restore=restore)
        return [one.document["totals"]["net"] for one in kept]

    assert nets(first) == nets(first) == ["-60.00", "-40.00"]
    assert nets(corrected) == ["-20.00", "-70.00"]
    head = store.head()
    with pytest.raises(BadInput, match="BPO515 inputs-superseded"):
        nets(first)
    assert store.head() == head
    assert nets(first, restore=True) == nets(first, restore=True) == ["-60.00", "-40.00"]
    assert [one.key.revision for one in store.revisions("small", "2026-01")] == [1, 2, 3]
    assert replay(store, lambda case: settle_sealed(case, "reference")).findings == ()


LAST_THREE = 'clauses/+: {cap: c, clause: "2", words: A cap., limits: [t], at_most: 100.00 EUR, window: last 3 months, '
FOUR_MONTHS = "period,delay\n2026-01,60\n2026-02,60\n2026-03,60\n2026-04,60\n"


@EITHER_WAY
@pytest.mark.parametrize("excess", ["lost", "carried"])
def test_a_cap_that_an_amendment_brings_has_seen_nothing_yet(settled: Settled, excess: str) -> None:
    agreed = contract(f"  {DELAY}\n", "delay / 1 minute * 1 EUR", amended(f"{LAST_THREE}excess: {excess}}}"))
    # March has 100 of 100 open, April what March left of them
    assert settled(agreed, report(FOUR_MONTHS)) == ["-60.00", "-60.00", "-60.00", "-40.00"]


@EITHER_WAY
def test_an_excess_is_carried_from_the_amendment_on(settled: Settled) -> None:
    cap = '  - {cap: c, clause: "2", words: A cap., limits: [t], at_most: 50.00 EUR, excess: lost}\n'
    agreed = contract(f"  {DELAY}\n", "delay / 1 minute * 1 EUR", cap + amended("clauses/c/excess: carried"))
    facts = report("period,delay\n2026-01,60\n2026-02,60\n2026-03,60\n2026-04,30\n")
    # the 10 of January and of February are lost, those of March are paid in April
    assert settled(agreed, facts) == ["-50.00", "-50.00", "-50.00", "-40.00"]


@EITHER_WAY
@pytest.mark.parametrize(
    ("short", "nets"),
    [
        ("the months there are", ["-60.00", "-60.00", "-60.00", "-120.00", "-180.00"]),
        ("no result", ["-60.00", "-60.00", "-7.00", "-7.00", "-180.00"]),
        ("refuse", "BPO244 window-too-young"),
    ],
)
def test_a_window_over_what_an_amendment_brings_is_short_at_first(
    settled: Settled, short: str, nets: list[str] | str
) -> None:
    minutes = "{unit: minutes, direction: lower is better, precision: unrounded, missing: refuse}"
    amount = f"((sum of wait over last 3 months (short history: {short})) or else 7 minutes) / 1 minute * 1 EUR"
    change = f'measures/wait: {minutes}, clauses/t/amount: "{amount}"'
    agreed = contract(f"  {DELAY}\n", "delay / 1 minute * 1 EUR", amended(change))
    facts = report(
        "period,measure,value\n2026-01,delay,60\n2026-02,delay,60\n"
        + "".join(f"2026-0{month},delay,1\n2026-0{month},wait,60\n" for month in (3, 4, 5))
    )
    if isinstance(nets, str):
        with pytest.raises(BadInput, match=nets):
            settled(agreed, facts)
    else:
        assert settled(agreed, facts) == nets


@EITHER_WAY
def test_a_new_figure_of_the_month_before_asks_what_was_before_it(settled: Settled) -> None:
    change = 'figures/late: {{words: Late., formula: delay}}, clauses/t/amount: "(delay + {0}) / 1 minute * 1 EUR"'
    agreed = contract(f"  {DELAY}\n", "delay / 1 minute * 1 EUR", amended(change.format("previous month's late")))
    with pytest.raises(BadInput, match="BPO249 before-the-start"):
        settled(agreed, report(FOUR_MONTHS))
    said = amended(change.format("previous month's late (before the start: 5 minutes)"))
    agreed = contract(f"  {DELAY}\n", "delay / 1 minute * 1 EUR", said)
    assert settled(agreed, report(FOUR_MONTHS)) == ["-60.00", "-60.00", "-65.00", "-120.00"]


@EITHER_WAY
def test_a_lot_that_an_amendment_brings_begins_with_it(settled: Settled) -> None:
    head = PLAIN_HEAD + "scopes: {site: [north]}\n"
    measure = DELAY.replace("{", "{for_each: site, ")
    clause = 'clauses:\n  - tariff: t\n    clause: "1"\n    words: As agreed.\n    for_each: site\n'
    clause += f'    amount: "{MONTHS} / 1 minute * 1 EUR"\n'
    change = amended("scopes/site: [north, south]")
    agreed = read_contract(read_document(f"{head}measures:\n  {measure}\n{clause}{change}".encode(), "contract.yaml"))
    facts = report(
        "period,site,measure,value\n"
        + "".join(
            f"2026-0{month},{site},delay,10\n"
            for month in (1, 2, 3, 4)
            for site in ("north", "south")
            if month > 2 or site == "north"
        )
    )
    # north 10, 20, 30, 30; south 10, 20
    assert settled(agreed, facts) == ["-10.00", "-20.00", "-40.00", "-50.00"]


def test_a_memory_that_begins_with_an_amendment_is_asked_about() -> None:
    def asked(more: str) -> list[str]:
        agreed = contract(f"  {DELAY}\n", "delay / 1 minute * 1 EUR", more)
        return [f"{one.source} {one.problem}" for one in hints(agreed) if one.code == "BPO820"]

    brought = f"{LAST_THREE}excess: lost}}"
    same = brought.replace("clauses/+", "  -").replace("  -:", "  -").replace("cap: c", "cap: old") + "\n"
    begins = "looks back at what this amendment brings in: it begins on 2026-03-01, as if nothing had been before."
    assert asked(amended(brought)) == [f"contract.yaml:21:14 'c' {begins}"]
    assert asked(same + amended(f"{brought}, clauses/old: removed")) == [
        f"contract.yaml:22:14 'c' {begins} What 'old' has counted does not go over to it."
    ]
    assert asked(same + amended("clauses/old/at_most: 50.00 EUR")) == []


YEAR = "this contract year to date"
WAIT = "measures/wait: {unit: minutes, direction: lower is better, precision: unrounded, missing: 5 minutes}"
TENS = "period,delay\n2026-01,10\n2026-02,10\n2026-03,10\n2026-04,10\n"
RUN = "(streak of (delay is at least {0})) * 1 EUR"


SUM = f"sum of {{0}} over {YEAR}"
DELAYS = f"({SUM.format('delay')}) * 2 EUR per minute"
PRICED = f"{SUM.format('(delay * price)')}"
APART = f"(({SUM.format('delay')}) + ({SUM.format('wait')})) * 2 EUR per minute"
OR_ELSE = f"({SUM.format('(delay + (wait or else 0 minutes))')}) * 2 EUR per minute"
DATED = "{2026-01-01: 2 EUR per minute, 2026-02-01: 3 EUR per minute}"


def asks_for(amount: str) -> str:
    return f'clauses/t/amount: "{amount}"'


@EITHER_WAY
@pytest.mark.parametrize(
    ("signed", "change", "nets"),
    [
        # what is agreed holds for the months before, too, as it is said now: 20 a month
        (DELAYS, f"parameters/price: 2 EUR per minute, {asks_for(PRICED)}", "20 40 60 80"),
        # 2 in January, 3 from February on
        (DELAYS, f"parameters/price: {DATED}, {asks_for(PRICED)}", "20 40 80 110"),
        (RUN.format("5 minutes"), f"parameters/level: 6 minutes, {asks_for(RUN.format('level'))}", "1 2 3 4"),
        # 5 minutes of waiting from March on
        (DELAYS, f"{WAIT}, {asks_for(APART)}", "20 40 70 100"),
        (DELAYS, f"{WAIT}, {asks_for(OR_ELSE)}", "20 40 70 100"),
    ],
)
def test_a_window_keeps_what_was_there_before_the_amendment(
    settled: Settled, signed: str, change: str, nets: str
) -> None:
    agreed = contract(f"  {DELAY}\n", signed, amended(change))
    assert settled(agreed, report(TENS)) == [f"-{net}.00" for net in nets.split()]


def test_a_window_over_old_and_new_at_once_is_refused() -> None:
    change = f'{WAIT}, clauses/t/amount: "(sum of (delay + wait) over {YEAR}) * 1 EUR per minute"'
    agreed = contract(f"  {DELAY}\n", f"(sum of delay over {YEAR}) * 1 EUR per minute", amended(change))
    with pytest.raises(BadInput, match="BPO162 old-and-new-in-a-window"):
        prepare(agreed)


def test_such_a_window_is_refused_where_its_own_clause_is_changed() -> None:
    path = "clauses/t/amount"
    change = f'{WAIT}, {path}: "(sum of (delay + wait) over {YEAR}) * 1 EUR per minute", clauses/t_2/amount: 2 EUR'
    second = '  - {tariff: t_2, clause: "2", words: w, amount: 1 EUR}\n'
    agreed = contract(f"  {DELAY}\n", f"(sum of delay over {YEAR}) * 1 EUR per minute", second + amended(change))
    with pytest.raises(BadInput) as refused:
        prepare(agreed)
    assert [one.source for one in refused.value.findings] == [agreed.key_place(("amendments", 0, "change", path))]


@EITHER_WAY
def test_the_part_of_a_window_that_there_is_is_the_calendars(settled: Settled) -> None:
    minimum = (
        '  - {minimum_commitment: m, clause: "2", words: w, bought: delay, in_each: contract year,'
        " minimum: 1200 minutes, price_of_shortfall: 1.00 EUR per minute}\n"
    )
    change = "clauses/m/part_window: pro rata, clauses/m/part_period: by days in the month, term/ends_on: 2026-06-15"
    agreed = contract(f"  {DELAY}\n", "0 EUR", minimum + amended(change))
    facts = report(TENS + "2026-05,10\n2026-06,10\n")
    # 5.5 of 12 months: 550 of 1,200, less 60
    assert settled(agreed, facts)[-1] == "490.00"


@EITHER_WAY
def test_what_an_amendment_took_out_is_still_looked_back_at_by_the_months_before(settled: Settled) -> None:
    count = (
        '  - {consequence: rep, clause: "3", words: w, when: delay is over 5 minutes, periods_in_a_row: 2, happens: H.,'
        " no_data: does not count, afterwards: goes on}\n"
    )
    agreed = contract(
        f"  {DELAY}\n", f"(sum of delay over {YEAR}) * 1 EUR per minute", count + amended("clauses/rep: removed")
    )
    assert settled(agreed, report(TENS)) == ["-10.00", "-20.00", "-30.00", "-40.00"]
    store = MemoryStore()
    for period in ("2026-01", "2026-02"):
        keep_settlement(store, agreed, report(TENS), period=period, engine="reference")
    kept = keep_settlement(store, agreed, report(TENS), period="2026-04", engine="reference")
    assert kept.document["totals"]["net"] == "-40.00"
    two = [EarlierSettlement(store, "small", label, digest) for label, digest in store.digests("small").items()]
    april = settle(agreed, report(TENS), period="2026-04", history=two, engine="reference")
    assert april.totals.net.text == "-40.00"


@EITHER_WAY
def test_items_are_those_of_the_list_and_not_of_a_clause_of_its_name(settled: Settled) -> None:
    text = f"""{PLAIN_HEAD}lists: {{outages: {{columns: {{length: minutes}}, missing: none happened}}}}
scopes: {{site: [north, south]}}
measures:
  visits: {{unit: visits, direction: neutral, precision: unrounded, missing: 0 visits, for_each: site}}
clauses:
  - {{transaction_charge: outages, clause: "1", words: w, for_each: site, measure: visits, price: 1.00 EUR per visit}}
  - service_credit: repeated
    clause: "2"
    words: w
    amount: "100.00 EUR * (sum of (count of outages) over last 3 months (short history: the months there are))"
"""
    agreed = read_contract(read_document(text.encode(), "contract.yaml"))
    facts = report("period,list,item,length\n2026-01,outages,A,5\n2026-02,outages,B,5\n")
    assert settled(agreed, facts) == ["-100.00", "-200.00"]


def agreed_until(change: str) -> int:
    return int(change.split("2026-")[1][:2])


@EITHER_WAY
@pytest.mark.parametrize(
    ("commitment", "change", "net"),
    [
        # April: 100 - 40 bought = 60; August: 100 - 80 - 60 is nothing
        ("in_each: term, minimum: 100 minutes", "term/ends_on: 2026-08-31", {"2026-04": "60.00"}),
        # March: 60 - 30. April, a third of its quarter: 60 / 3 - 10. June: 60 - 30 bought - 10 paid for.
        (
            "in_each: quarter, minimum: 60 minutes, part_window: pro rata",
            "clauses/m/part_window: removed, term/ends_on: 2026-06-30",
            {"2026-03": "30.00", "2026-04": "10.00", "2026-06": "20.00"},
        ),
    ],
)
def test_a_minimum_is_not_paid_twice_where_the_term_is_made_longer(
    settled: Settled, commitment: str, change: str, net: dict[str, str]
) -> None:
    minimum = (
        f'  - {{minimum_commitment: m, clause: "2", words: w, bought: delay, {commitment},'
        " price_of_shortfall: 1 EUR per minute}\n"
    )
    until_april = PLAIN_HEAD.replace("2026-12-31", "2026-04-30")
    agreed = contract(f"  {DELAY}\n", "0 EUR", minimum + amended(change, "2026-05-01"), until_april)
    months = [f"2026-0{month}" for month in range(1, agreed_until(change) + 1)]
    facts = report("period,delay\n" + "".join(f"{month},10\n" for month in months))
    assert settled(agreed, facts) == [net.get(month, "0.00") for month in months]
