"""A row is read by the version of the contract that is in force in the row's period; no month is dropped silently."""

from __future__ import annotations

import pytest

from bpo_contracts.contract.contract import Contract
from bpo_contracts.contract.reading import read_contract
from bpo_contracts.formats.documents import read_document
from bpo_contracts.formats.performance import read_performance
from bpo_contracts.performance.document import period_content
from bpo_contracts.performance.measurement import Measurements
from bpo_contracts.services.settling import measured, read_period, reported_periods, settle_all
from bpo_contracts.settlement.prepare import prepare
from bpo_contracts.values.findings import BadInput

HEAD = """
contract: t
version: "1"
title: T
client: C
provider: P
currency: EUR
term: {starts_on: 2026-01-01, ends_on: ENDS}
period: month
rounding: {lines: half up to 0.01 EUR}
"""
FEE = '- {base_fee: fee, clause: "1", words: w, amount: 10.00 EUR}\n'
Q = (
    'measures:\n  q: {unit: "%", direction: lower is better, precision: unrounded, missing: refuse,'
    " between: 0 % to 100 %}\nclauses:\n" + FEE
)
SITES = """scopes: {site: [n, s]}
measures:
  v: {unit: visits, direction: neutral, precision: unrounded, missing: 0 visits, for_each: site}
clauses:
- {tariff: b, clause: "2", words: w, for_each: site, amount: v * 1.00 EUR per visit}
"""
LIST = """lists:
  o: {columns: {len: minutes, kind: word}, words: {kind: [a, b]}, missing: none happened}
clauses:
- {tariff: b, clause: "2", words: w, for_each: o, rounded: each item, amount: len / 1 minute * 1.00 EUR}
"""


def made(body: str, *changes: str, on: str = "2026-03-01", ends: str = "2026-12-31") -> Contract:
    lines = "".join(f"      {change}\n" for change in changes)
    more = f"amendments:\n  - effective_on: {on}\n    clause: A\n    words: w\n    change:\n{lines}" if changes else ""
    return read_contract(read_document((HEAD.replace("ENDS", ends) + body + more).encode(), "c.yaml"))


def bound(contract: Contract, *rows: str) -> Measurements:
    return measured(prepare(contract), read_performance(("\n".join(rows) + "\n").encode(), "r.csv"))


def told(measurements: Measurements) -> list[str]:
    return [f"{f.code} {f.source.line}" for row in measurements.rejected for f in row.findings]


def nets(contract: Contract, *rows: str) -> dict[str, str]:
    settled = settle_all(contract, bound(contract, *rows))
    return {one.period.label: one.document["totals"]["net"] for one in settled}


@pytest.mark.parametrize(
    ("body", "change", "rows", "refused"),
    [
        (Q, "measures/q/between: 0 % to 10 %", ["period,q", "2026-02,50", "2026-03,50", "2026-04,5"], ["BPO331 3"]),
        (Q, "measures/q/between: 0 % to 200 %", ["period,q", "2026-02,150", "2026-03,150"], ["BPO331 2"]),
        (Q, 'measures/q/whole: "yes"', ["period,q", "2026-02,50.5", "2026-03,50.5"], ["BPO335 3"]),
        (Q, "measures/q: {unit: word, words: [a, b], direction: neutral, precision: unrounded, missing: refuse}",
         ["period,q", "2026-02,a", "2026-02,7", "2026-03,a", "2026-04,c", "2026-05,7"],
         ["BPO336 2", "BPO340 5", "BPO340 6"]),
        (SITES, "scopes/site: [n, s, w]",
         ["period,site,v", "2026-02,w,1", "2026-03,w,1", "2026-03,x,1"], ["BPO323 2", "BPO323 4"]),
        (SITES, "scopes/site: [n]", ["period,site,v", "2026-02,s,1", "2026-03,s,1"], ["BPO323 3"]),
        (LIST, "lists/o/columns/len: hours",
         ["period,list,item,len", "2026-02,o,1,1 hour", "2026-03,o,1,1 hour", "2026-03,o,2,1 minute"],
         ["BPO333 2", "BPO333 4"]),
        (LIST, "lists/o/words/kind: [a, b, c]",
         ["period,list,item,kind", "2026-02,o,1,c", "2026-03,o,1,c"], ["BPO340 2"]),
    ],
)  # fmt: skip
def test_a_row_is_read_by_what_is_in_force_in_its_period(
    body: str, change: str, rows: list[str], refused: list[str]
) -> None:
    assert told(bound(made(body, change), *rows)) == refused


def test_a_later_amendment_holds_from_its_own_day_on() -> None:
    first = made(Q, "measures/q/between: 0 % to 10 %")
    more = "  - {effective_on: 2026-05-01, clause: B, words: w, change: {measures/q/between: 0 % to 20 %}}\n"
    body = (
        Q
        + "amendments:\n  - {effective_on: 2026-03-01, clause: A, words: w, change: {measures/q/between: 0 % to 10 %}}\n"
    )
    rows = ["period,q", "2026-02,15", "2026-03,15", "2026-04,15", "2026-05,15", "2026-06,25"]
    assert told(bound(first, *rows)) == ["BPO331 3", "BPO331 4", "BPO331 5", "BPO331 6"]
    assert told(bound(made(body + more), *rows)) == ["BPO331 3", "BPO331 4", "BPO331 6"]


def test_one_file_can_hold_what_only_another_version_measures() -> None:
    new = "measures/r: {unit: calls, direction: neutral, precision: unrounded, missing: refuse}"
    contract = made(Q, new, "measures/q: removed")
    measurements = bound(contract, "period,q,r", "2026-02,50,7", "2026-03,50,7", "2026-04,150,8")
    assert told(measurements) == ["BPO331 4"]
    assert set(measurements.in_period(read_period("2026-03", contract))) == {("q", ()), ("r", ())}


def test_what_is_sealed_is_in_the_unit_in_force_and_is_read_again_alike() -> None:
    """A percentage is sealed with its sign, and a word without it; what was sealed is the same when it is read again."""
    word = "measures/q: {unit: word, words: [a, b], direction: neutral, precision: unrounded, missing: refuse}"
    contract = made(Q, word)
    shape = prepare(contract).shape
    measurements = bound(contract, "period,q", "2026-02,0.5 %", "2026-03,a")
    assert told(measurements) == []
    for label, value in (("2026-02", '"0.5 %"'), ("2026-03", '"a"')):
        period = read_period(label, contract)
        sealed = period_content(measurements, period, shape)
        assert f'"value":{value}'.encode() in sealed
        again = measured(prepare(contract), read_performance(sealed, "sealed.json"))
        assert period_content(again, period, shape) == sealed


def test_a_contract_without_amendments_has_one_shape() -> None:
    shape = prepare(made(Q)).shape
    assert shape.later == ()
    assert shape.in_force(read_period("2026-05", made(Q))) is shape


DELAY = (
    "measures:\n  d: {unit: minutes, direction: lower is better, precision: unrounded, missing: refuse}\nclauses:\n"
    + FEE
)
MONTHS = [f"2026-0{month},1" for month in range(1, 8)]


@pytest.mark.parametrize("on", ["2026-03-01", "2026-04-01"])
def test_an_extended_term_is_settled_to_its_new_end(on: str) -> None:
    contract = made(DELAY, "term/ends_on: 2026-06-30", on=on, ends="2026-03-31")
    assert told(bound(contract, "period,d", *MONTHS)) == ["BPO326 8"]
    assert nets(contract, "period,d", *MONTHS) == {f"2026-0{month}": "10.00" for month in range(1, 7)}


def test_a_shortened_term_ends_sooner() -> None:
    contract = made(DELAY, "term/ends_on: 2026-04-30")
    assert told(bound(contract, "period,d", *MONTHS)) == ["BPO326 6", "BPO326 7", "BPO326 8"]
    assert list(nets(contract, "period,d", *MONTHS)) == ["2026-01", "2026-02", "2026-03", "2026-04"]


def test_what_happens_at_the_end_of_the_term_happens_at_its_new_end() -> None:
    holdback = (
        '- {holdback: h, clause: "2", words: w, keep: 10 % of fee, at_end_of_term: released,'
        " release: {x: {when: d is 999 minutes, share: rest, times: once}}}\n"
    )
    contract = made(DELAY + holdback, "term/ends_on: 2026-05-31", ends="2026-03-31")
    assert list(nets(contract, "period,d", *MONTHS[:5]).values()) == ["9.00", "9.00", "9.00", "9.00", "14.00"]
    signed = made(DELAY + holdback, ends="2026-03-31")
    assert list(nets(signed, "period,d", *MONTHS[:3]).values()) == ["9.00", "9.00", "12.00"]


@pytest.mark.parametrize(
    ("rows", "net"),
    [
        (["period,list,item,len", "2026-01,,,", "2026-02,o,1,30"], {"2026-01": "0.00", "2026-02": "-30.00"}),
        (["period,list,item,len,status,note", "2026-01,,,,provisional,quiet"], {"2026-01": "0.00"}),
        (["period,measure,value", "2026-01,,"], {"2026-01": "0.00"}),
    ],
)
def test_a_row_with_its_period_alone_is_a_report_in_every_layout(rows: list[str], net: dict[str, str]) -> None:
    measurements = bound(made(LIST), *rows)
    assert told(measurements) == []
    assert measurements.counts.accepted == len(rows) - 1
    assert nets(made(LIST), *rows) == net


@pytest.mark.parametrize("row", ["2026-02,,7,30", "2026-02,nobody,7,30"])
def test_a_month_with_a_row_about_nobody_knows_what_is_not_passed_over(row: str) -> None:
    """It is settled as provisional, or refused where the contract needs what is missing."""
    rows = ["period,list,item,len", "2026-01,o,1,30", row]
    settled = settle_all(made(LIST), bound(made(LIST), *rows))
    assert [(one.period.label, one.document["status"]) for one in settled] == [
        ("2026-01", "final"),
        ("2026-02", "provisional"),
    ]
    refusing = made(LIST.replace("none happened", "refuse"))
    measurements = bound(refusing, *rows)
    with pytest.raises(BadInput) as caught:
        settle_all(refusing, measurements)
    assert "BPO402" in {finding.code for finding in caught.value.findings}


def test_rows_of_another_contract_report_no_month() -> None:
    contract = made(LIST)
    rows = bound(contract, "period,list,item,len,contract", "2026-01,o,1,30,t", "2026-02,o,1,30,other")
    assert [period.label for period in reported_periods(rows, contract)] == ["2026-01"]
