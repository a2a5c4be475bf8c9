"""Amendments and what looks back: through a ledger or all at once, the same amounts or the same refusal."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.unit.clauses.making import PLAIN_HEAD

from bpo_contracts.audit.replay import replay
from bpo_contracts.contract.contract import Contract
from bpo_contracts.contract.reading import read_contract
from bpo_contracts.formats.documents import read_document
from bpo_contracts.formats.performance import read_performance
from bpo_contracts.performance.report import PerformanceReport
from bpo_contracts.services.keeping import keep_settlement, settle_sealed
from bpo_contracts.services.keeping_together import keep_settlements
from bpo_contracts.services.settling import measured, reported_periods, settle_all
from bpo_contracts.settlement.prepare import prepare
from bpo_contracts.stores.memory import MemoryStore
from bpo_contracts.values.findings import BadInput

DELAY = "delay: {unit: minutes, direction: lower is better, precision: unrounded, missing: refuse}"
CALLS = "calls: {unit: calls, direction: neutral, precision: unrounded, missing: refuse}"


def contract(measures: str, amount: str, more: str = "") -> Contract:
    clause = f'clauses:\n  - tariff: t\n    clause: "1"\n    words: As agreed.\n    amount: "{amount}"\n'
    return read_contract(read_document(f"{PLAIN_HEAD}measures:\n{measures}{clause}{more}".encode(), "contract.yaml"))


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


@EITHER_WAY
def test_minutes_that_become_calls_are_refused(settled: Settled) -> None:
    change = 'measures/delay/unit: calls, clauses/t/amount: "' + MONTHS + ' * 1 EUR per call"'
    agreed = contract(f"  {DELAY}\n", f"{MONTHS} / 1 minute * 1 EUR", "units: [calls]\n" + amended(change))
    with pytest.raises(BadInput, match="BPO414 unit-changed"):
        settled(agreed, report("period,delay\n2026-01,60\n2026-02,60\n2026-03,2\n"))


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
