"""A report bound to a contract: exact values, every fault at its place, and nothing decided by order."""

from __future__ import annotations

from datetime import UTC, date, datetime
from fractions import Fraction

import pytest

from bpo_contracts.formats.performance import read_performance
from bpo_contracts.performance.measurement import Measurements, bind
from bpo_contracts.performance.report import Counts, merge_reports
from bpo_contracts.performance.shape import ListShape, MeasureShape, ReportShape
from bpo_contracts.values.periods import Every, Period, parse_period

SHAPE = ReportShape(
    contract_id="00012",
    measures=(
        MeasureShape("availability", unit="%", low=Fraction(0), high=Fraction(100), decimals_max=2),
        MeasureShape("reopened", unit="%", low=Fraction(0), high=Fraction(100), fraction_is_suspicious=False),
        MeasureShape("saving", unit="%"),
        MeasureShape("on_time", unit="%", low=Fraction(0), high=Fraction(100), scopes=("carrier",)),
        MeasureShape("calls", unit="calls", low=Fraction(0), whole=True),
        MeasureShape("delay", unit="minutes", low=Fraction(-60), high=Fraction(600), scopes=("carrier", "site")),
        MeasureShape("cost", unit="EUR", low=Fraction(0), decimals_max=2),
        MeasureShape("plain", decimals_max=3),
        MeasureShape("certified", kind="truth"),
        MeasureShape("grade", kind="word", words=("gold", "silver")),
        MeasureShape("auditor", kind="word"),
        MeasureShape("delivered_on", kind="day"),
        MeasureShape("restored_at", kind="instant"),
    ),
    lists=(
        ListShape(
            "tickets",
            (
                MeasureShape("ticket", kind="word"),
                MeasureShape("minutes", unit="minutes", low=Fraction(0)),
                MeasureShape("excused", kind="truth"),
            ),
            key="ticket",
        ),
        ListShape("outages", (MeasureShape("minutes", unit="minutes"), MeasureShape("site", kind="word"))),
    ),
    scope_values=(("carrier", ("dhl", "ups")), ("site", ("",))),
    first=parse_period("2026-01"),
    last=parse_period("2026-12"),
)
MARCH = parse_period("2026-03")


def bound(*texts: str, shape: ReportShape = SHAPE) -> Measurements:
    reports = [read_performance(text.encode(), f"{n}.csv") for n, text in enumerate(texts)]
    return bind(merge_reports(reports), shape)


def told(measurements: Measurements) -> list[list[str]]:
    return [
        [f"{finding.code} {finding.source.line}:{finding.source.column}" for finding in row.findings]
        for row in measurements.rejected
    ]


def one(measure: str, text: str) -> Measurements:
    quoted = '"' + text.replace('"', '""') + '"'
    return bound(f"period,measure,value\n2026-03,{measure},{quoted}\n")


GOOD = [
    ("availability", "98.5", Fraction(197, 2)),
    ("availability", "98.5 %", Fraction(197, 2)),
    ("availability", "98.50%", Fraction(197, 2)),
    ("availability", "98.5000", Fraction(197, 2)),
    ("availability", "0.95 %", Fraction(19, 20)),
    ("availability", "0", Fraction(0)),
    ("availability", "0.00", Fraction(0)),
    ("availability", "-0", Fraction(0)),
    ("availability", "1", Fraction(1)),
    ("availability", "1.01", Fraction(101, 100)),
    ("availability", "100", Fraction(100)),
    ("reopened", "0.8427", Fraction(8427, 10000)),
    ("calls", "12", Fraction(12)),
    ("calls", "12.0", Fraction(12)),
    ("calls", "12 calls", Fraction(12)),
    ("cost", "100.00 EUR", Fraction(100)),
    ("plain", "-0.125", Fraction(-1, 8)),
    ("certified", "yes", True),
    ("certified", "no", False),
    ("grade", "gold", "gold"),
    ("auditor", "NA", "NA"),
    ("auditor", "00012", "00012"),
    ("delivered_on", "2024-02-29", date(2024, 2, 29)),
    ("restored_at", "2026-03-29T01:59:59.5Z", datetime(2026, 3, 29, 1, 59, 59, 500_000, tzinfo=UTC)),
    ("restored_at", "2026-03-29T03:00+02:00", datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
]


@pytest.mark.parametrize(("measure", "text", "value"), GOOD)
def test_a_cell_is_read_exactly(measure: str, text: str, value: object) -> None:
    measurements = one(measure, text)
    found = measurements.measurement(measure, MARCH)
    assert told(measurements) == []
    assert found is not None
    assert (type(found.value), repr(found.value)) == (type(value), repr(value))


BAD = [
    ("availability", "0.955", "BPO332", "Write 95.5"),
    ("availability", "1.0", "BPO332", "Write 100"),
    ("saving", "0.5", "BPO332", "Write 50"),
    ("availability", "100.01", "BPO331", "from 0 to 100 %"),
    ("availability", "-1", "BPO331", "from 0 to 100 %"),
    ("calls", "-1", "BPO331", "from 0 calls"),
    ("availability", "98.555", "BPO334", "3 decimals"),
    ("cost", "1.005", "BPO334", "not rounded"),
    ("calls", "12.5", "BPO335", "whole number"),
    ("availability", "98.5 minutes", "BPO333", "is in %"),
    ("cost", "100 USD", "BPO333", "is in EUR"),
    ("plain", "5 %", "BPO333", "has no unit"),
    ("plain", "95.5%", "BPO333", "has no unit"),
    ("availability", "95,5", "BPO336", "decimal comma"),
    ("cost", "1,000.00", "BPO336", "thousands separators"),
    ("cost", "1 000.00", "BPO336", "is not a number"),
    ("plain", "９８", "BPO336", "other than the digits 0-9"),
    ("plain", "٣", "BPO336", "other than the digits 0-9"),
    ("plain", "−5", "BPO336", "other than the digits 0-9"),
    ("plain", "98.5\u00a0%", "BPO336", "other than the digits 0-9"),
    ("plain", "NaN", "BPO336", "not a finite number"),
    ("plain", "Infinity", "BPO336", "not a finite number"),
    ("plain", "1e5", "BPO336", "an exponent"),
    ("plain", "1e1000000", "BPO336", "an exponent"),
    ("plain", "0x1F", "BPO336", "hexadecimal"),
    ("plain", "1_000", "BPO336", "underscores"),
    ("plain", "+5", "BPO336", "plus sign"),
    ("plain", ".5", "BPO336", "no digit before"),
    ("plain", "5.", "BPO336", "no digit after"),
    ("plain", "007", "BPO336", "leading zero"),
    ("plain", "9" * 900, "BPO336", "too many digits"),
    ("plain", "12:30", "BPO336", "time of day"),
    ("plain", "null", "BPO336", "missing value"),
    ("plain", "NA", "BPO336", "missing value"),
    ("plain", "=1+1", "BPO336", "is not a number"),
    ("plain", '"5"', "BPO336", "is not a number"),
    ("certified", "Yes", "BPO337", "Write yes or no"),
    ("certified", "true", "BPO337", "Write yes or no"),
    ("certified", "1", "BPO337", "Write yes or no"),
    ("grade", "Gold", "BPO340", "Did you mean gold?"),
    ("grade", "bronze", "BPO340", "gold, silver"),
    ("auditor", "Ernst & Sons", "BPO340", "without spaces"),
    ("auditor", "ЅGS", "BPO340", "is a name"),
    ("delivered_on", "2026-02-30", "BPO338", "does not exist"),
    ("delivered_on", "31/01/2026", "BPO338", "YYYY-MM-DD"),
    ("delivered_on", "2026-1-5", "BPO338", "YYYY-MM-DD"),
    ("delivered_on", "20260131", "BPO338", "YYYY-MM-DD"),
    ("delivered_on", "0", "BPO338", "YYYY-MM-DD"),
    ("delivered_on", "2026-01-31T00:00:00", "BPO338", "YYYY-MM-DD"),
    ("delivered_on", "1989-12-31", "BPO338", "1990 to 2199"),
    ("restored_at", "2026-03-31T10:00:00", "BPO339", "ambiguous"),
    ("restored_at", "2026-03-31 10:00:00Z", "BPO339", "ambiguous"),
    ("restored_at", "2026-03-31T24:00:00Z", "BPO339", "ambiguous"),
    ("restored_at", "2026-03-31T10:00:60Z", "BPO339", "ambiguous"),
    ("restored_at", "2026-02-30T10:00:00Z", "BPO339", "does not exist"),
    ("restored_at", "2026-03-31T10:00:00+25:00", "BPO339", ""),
    ("restored_at", "2026-03-31T10:00:00 Europe/Paris", "BPO339", "ambiguous"),
    ("restored_at", "2026-03-31", "BPO339", "ambiguous"),
    ("availabilty", "98.5", "BPO320", "Did you mean availability?"),
    ("Availability", "98.5", "BPO320", "Did you mean availability?"),
    ("uptime", "98.5", "BPO320", "auditor, availability"),
]


@pytest.mark.parametrize(("measure", "text", "code", "words"), BAD)
def test_a_cell_that_cannot_be_used_is_refused_at_its_place(measure: str, text: str, code: str, words: str) -> None:
    measurements = one(measure, text)
    column = 9 if code == "BPO320" else 10 + len(measure)
    assert told(measurements) == [[f"{code} 2:{column}"]]
    finding = measurements.rejected[0].findings[0]
    assert words in finding.problem + " " + finding.next_step
    assert measurements.measured == ()


@pytest.mark.parametrize(
    ("measure", "numerator", "denominator", "sample", "value"),
    [
        ("availability", "985", "1000", "1000", Fraction(197, 2)),
        ("availability", "2", "3", "", Fraction(200, 3)),
        ("availability", "43170.5", "43200", "", Fraction(4317050, 43200)),
        ("availability", "0", "7", "0", Fraction(0)),
        ("availability", "1", "200", "", Fraction(1, 2)),
        ("saving", "3", "2", "", Fraction(150)),
        ("cost", "1", "3", "", Fraction(1, 3)),
        ("calls", "12", "4", "", Fraction(3)),
    ],
)
def test_a_ratio_is_divided_exactly(
    measure: str, numerator: str, denominator: str, sample: str, value: Fraction
) -> None:
    text = f"period,measure,numerator,denominator,sample\n2026-03,{measure},{numerator},{denominator},{sample}\n"
    found = bound(text).measurement(measure, MARCH)
    assert found is not None
    assert found.value == value
    assert (found.numerator, found.denominator) == (Fraction(numerator), Fraction(denominator))
    assert found.sample == (Fraction(sample) if sample else None)


@pytest.mark.parametrize(
    ("measure", "numerator", "denominator", "sample", "codes"),
    [
        ("availability", "11", "10", "", ["BPO329 2:22"]),
        ("availability", "11", "0", "", ["BPO330 2:25"]),
        ("availability", "11", "-5", "", ["BPO330 2:25"]),
        ("availability", "x", "0", "-1", ["BPO336 2:22", "BPO330 2:24", "BPO331 2:26"]),
        ("availability", "-1", "10", "", ["BPO331 2:22"]),
        ("availability", "1", "", "", ["BPO317 2:22"]),
        ("availability", "", "1", "", ["BPO317 2:23"]),
        ("availability", "", "", "5", ["BPO317 2:24"]),
        ("calls", "5", "2", "", ["BPO335 2:15"]),
        ("certified", "1", "2", "", ["BPO317 2:19"]),
        ("availability", "50 %", "100", "", ["BPO336 2:22"]),
    ],
)
def test_a_ratio_that_cannot_be_used_is_refused_at_its_place(
    measure: str, numerator: str, denominator: str, sample: str, codes: list[str]
) -> None:
    text = f"period,measure,numerator,denominator,sample\n2026-03,{measure},{numerator},{denominator},{sample}\n"
    assert told(bound(text)) == [codes]


SCOPES = [
    ("2026-03,on_time,99,tnt,,", "BPO323 2:20", "dhl, ups"),
    ("2026-03,on_time,99,UPS,,", "BPO323 2:20", "Did you mean ups?"),
    ("2026-03,delay,9,dhl,Sao Paulo,", "BPO323 2:21", "without spaces"),
    ("2026-03,on_time,99,,,", "BPO324 2:17", "column carrier"),
    ("2026-03,on_time,99,dhl,porto,", "BPO325 2:24", "site is empty"),
    ("2026-03,calls,99,dhl,,", "BPO325 2:18", "carrier is empty"),
    ("2025-12,calls,99,,,", "BPO326 2:1", "from 2026-01 to 2026-12"),
    ("2027-01,calls,99,,,", "BPO326 2:1", "from 2026-01 to 2026-12"),
    ("2026-Q1,calls,99,,,", "BPO344 2:1", "month"),
    ("2026,calls,99,,,", "BPO344 2:1", "month"),
    ("2026-03,calls,99,,,12", "BPO327 2:20", "'00012'"),
    ("2026-03,uptime,,,,", "BPO320 2:9", "availability"),
]


@pytest.mark.parametrize(("line", "place", "words"), SCOPES)
def test_a_row_about_something_else_is_set_aside(line: str, place: str, words: str) -> None:
    measurements = bound("period,measure,value,carrier,site,contract\n" + line + "\n")
    assert told(measurements) == [[place]]
    finding = measurements.rejected[0].findings[0]
    assert words in finding.problem + " " + finding.next_step


def test_unknown_columns_are_answered_with_the_right_name() -> None:
    for text, place, name in [
        ("period,measure,value,carier\n2026-03,on_time,9,dhl\n", "BPO322 2:19", "carrier"),
        ("period,measure,value,Status\n2026-03,calls,9,final\n", "BPO322 2:17", "status"),
        ("period,calls,avialability\n2026-03,9,99\n", "BPO320 2:11", "availability"),
        ("period,list,ticket,minuts\n2026-03,tickets,T1,9\n", "BPO322 2:20", "minutes"),
        ("period,list,ticket\n2026-03,ticket,T1\n", "BPO321 2:9", "tickets"),
    ]:
        measurements = bound(text)
        assert place in told(measurements)[0]
        assert f"Did you mean {name}?" in [finding.next_step for finding in measurements.rejected[0].findings]


def test_an_empty_cell_is_nothing_reported_never_zero() -> None:
    measurements = bound("period,calls,cost\n2026-03,,5\n", "period,measure,value\n2026-03,plain,\n")
    assert measurements.measurement("calls", MARCH) is None
    assert measurements.measurement("plain", MARCH) is None
    assert measurements.counts == Counts(read=2, accepted=2, rejected=0, duplicate=0)


def test_a_row_with_its_period_alone_reports_that_there_is_nothing() -> None:
    april = parse_period("2026-04")
    for text in (
        "period,calls,cost\n2026-03,1,2\n2026-04,,\n",
        "period,measure,value\n2026-03,calls,1\n2026-04,calls,\n",
    ):
        measurements = bound(text)
        assert measurements.periods == {MARCH, april}
        nothing = measurements.reported_nothing(april)
        assert nothing is not None
        assert nothing.status == "final"
        assert measurements.reported_nothing(MARCH) is None
        assert measurements.counts == Counts(read=2, accepted=2, rejected=0, duplicate=0)
        assert ("nothing", "2026-04", "final") in measurements.digest_rows()


def test_beside_a_row_that_says_something_an_empty_one_says_nothing() -> None:
    alone = bound("period,calls\n2026-03,5\n")
    both = bound("period,calls,status\n2026-03,,\n2026-03,5,\n")
    assert both.nothing == ()
    assert both.digest_rows() == alone.digest_rows()
    in_doubt = bound("period,calls,status\n2026-03,5,\n2026-03,,provisional\n").reported_nothing(MARCH)
    assert in_doubt is not None
    assert in_doubt.status == "provisional"
    empty = bound("period,calls,status\n2026-03,,\n2026-03,,provisional\n").reported_nothing(MARCH)
    assert empty is not None
    assert empty.status == "provisional"


def test_a_row_that_is_set_aside_reports_nothing_at_all() -> None:
    assert bound("period,calls,unheard\n2026-03,,5\n").periods == set()


def test_one_bad_cell_sets_the_whole_row_aside_with_all_its_findings() -> None:
    measurements = bound("period,calls,cost,plain\n2026-03,-1,1.005,5\n2026-04,1,2,3\n")
    assert told(measurements) == [["BPO331 2:9", "BPO334 2:12"]]
    assert [fact.period.label for fact in measurements.measured] == ["2026-04"] * 3


def test_status_and_evidence_go_with_the_value() -> None:
    found = bound("period,calls,status,source,note\n2026-03,5,provisional,ACD export,late\n").measured[0]
    assert (found.status, found.evidence, str(found.place)) == ("provisional", "ACD export", "0.csv:2:9")
    assert bound("period,calls\n2026-03,5\n").measured[0].status == "final"


def test_contradicting_rows_are_all_set_aside_and_name_one_another() -> None:
    measurements = bound("period,measure,value\n2026-03,calls,5\n2026-04,calls,5\n2026-03,calls,6\n2026-03,calls,5\n")
    assert told(measurements) == [["BPO328 2:15"], ["BPO328 4:15"], ["BPO328 5:15"]]
    also = [[place.line for place in row.findings[0].also] for row in measurements.rejected]
    assert also == [[4, 5], [2, 5], [2, 4]]
    assert "5 (final); 6 (final)" in measurements.rejected[0].findings[0].problem
    assert measurements.counts == Counts(read=4, accepted=1, rejected=3, duplicate=0)


@pytest.mark.parametrize(
    "other", ["2026-03,calls,5,provisional,", "2026-03,calls,5,,20", "2026-03,calls,4.0,,"], ids=str
)
def test_rows_that_agree_on_the_value_alone_contradict_one_another(other: str) -> None:
    measurements = bound("period,measure,value,status,sample\n2026-03,calls,5,,\n" + other + "\n")
    assert [row.findings[0].code for row in measurements.rejected] == ["BPO328", "BPO328"]


def test_many_contradictions_name_a_few_others_among_them_one_that_differs() -> None:
    lines = ["2026-03,calls,5\n"] * 60
    lines[50] = "2026-03,calls,6\n"
    measurements = bound("period,measure,value\n" + "".join(lines))
    assert measurements.counts.rejected == 60
    assert {len(row.findings[0].also) for row in measurements.rejected} == {5}
    assert all(
        52 in [place.line for place in row.findings[0].also] or row.place.line == 52 for row in measurements.rejected
    )


def test_the_same_row_again_is_a_duplicate() -> None:
    measurements = bound(
        "period,measure,value,source\n2026-03,calls,5,\n2026-03,calls,5.0,b\n2026-03,calls,5,a\n",
        "period,calls,cost\n2026-03,5,7\n",
    )
    assert measurements.counts == Counts(read=4, accepted=1, rejected=0, duplicate=3)
    assert measurements.duplicates == 3
    assert [fact.evidence for fact in measurements.measured] == ["a", ""]


def test_items_are_known_by_their_key() -> None:
    header = "period,list,ticket,item,minutes,excused,status\n"
    measurements = bound(
        header + "2026-03,tickets,B,,30 minutes,no,\n2026-03,tickets,,A,5,,\n2026-03,tickets,B,B,30.0,no,final\n"
    )
    items = measurements.items("tickets", MARCH)
    assert [(item.key, item.columns) for item in items] == [
        ("A", (("minutes", Fraction(5)), ("ticket", "A"))),
        ("B", (("excused", False), ("minutes", Fraction(30)), ("ticket", "B"))),
    ]
    assert measurements.counts == Counts(read=3, accepted=2, rejected=0, duplicate=1)
    assert measurements.items("tickets", parse_period("2026-04")) == ()
    assert told(bound(header + "2026-03,tickets,,,5,,\n2026-03,tickets,A,B,5,,\n")) == [["BPO341 2:1"], ["BPO341 3:19"]]
    assert told(bound(header + "2026-03,tickets,A,,5,,\n2026-03,tickets,A,,6,,\n")) == [["BPO328 2:1"], ["BPO328 3:1"]]
    assert told(bound(header + "2026-03,tickets,A,,-5,maybe,\n")) == [["BPO331 2:20", "BPO337 2:23"]]


def test_items_that_cannot_be_told_apart_are_a_question() -> None:
    same = "2026-03,outages,30,\n"
    measurements = bound("period,list,minutes,item\n" + same + same + "2026-03,outages,31,\n")
    assert told(measurements) == [["BPO342 2:1"], ["BPO342 3:1"]]
    measurements = bound("period,list,minutes,item\n2026-03,outages,30,a\n2026-03,outages,30,b\n")
    assert len(measurements.items("outages", MARCH)) == 2


def test_names_that_look_alike_are_set_aside() -> None:
    header = "period,measure,value,carrier,site\n"
    text = header + "2026-03,delay,1,dhl,Porto\n2026-03,delay,2,ups,PORTO\n2026-03,delay,3,dhl,Riga\n"
    assert told(bound(text)) == [["BPO343 2:21"], ["BPO343 3:21"]]
    text = "period,list,ticket,minutes\n2026-03,tickets,inc-1,5\n2026-03,tickets,INC-1,5\n"
    assert told(bound(text)) == [["BPO343 2:1"], ["BPO343 3:1"]]


def test_periods_are_those_of_the_contract() -> None:
    shape = ReportShape("C", (MeasureShape("calls"),), period_every=Every.QUARTER, anchor_day=16)
    measurements = bound("period,calls\n2026-Q2,5\n", shape=shape)
    found = measurements.measurement("calls", Period(2026 * 4 + 1, Every.QUARTER, 16))
    assert found is not None
    assert found.period.start == date(2026, 4, 16)


def test_the_rows_for_sealing_are_plain_texts() -> None:
    measurements = bound(
        "period,measure,value,numerator,denominator,sample,carrier,source\n"
        "2026-03,on_time,,2,3,3,ups,TMS\n2026-03,certified,yes,,,,,\n2026-03,restored_at,2026-03-01T02:00+02:00,,,,,\n",
        "period,list,ticket,minutes\n2026-03,tickets,T1,30\n",
    )
    assert measurements.digest_rows() == (
        ("item", "2026-03", "tickets", "T1", '[["minutes","30"],["ticket","T1"]]', "final", ""),
        ("measurement", "2026-03", "certified", "[]", "yes", "", "", "", "final", ""),
        ("measurement", "2026-03", "on_time", '[["carrier","ups"]]', "200/3", "2", "3", "3", "final", "TMS"),
        ("measurement", "2026-03", "restored_at", "[]", "2026-03-01T00:00:00Z", "", "", "", "final", ""),
    )
