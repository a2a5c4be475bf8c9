"""Laws of performance reports: every row is accounted for, and neither order nor layout changes anything."""

from __future__ import annotations

import json
import random
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from bpo_contracts.formats.performance import read_performance
from bpo_contracts.performance.measurement import Measurements, bind
from bpo_contracts.performance.report import PerformanceReport, merge_reports
from bpo_contracts.performance.shape import ListShape, MeasureShape, ReportShape
from bpo_contracts.values.findings import BadInput
from bpo_contracts.values.numbers import number_text

SHAPE = ReportShape(
    contract_id="C-1",
    measures=(
        MeasureShape("availability", unit="%", low=Fraction(0), high=Fraction(100), fraction_is_suspicious=False),
        MeasureShape("calls", unit="calls", whole=True),
        MeasureShape("on_time", unit="%", scopes=("carrier",), fraction_is_suspicious=False),
    ),
    lists=(
        ListShape("tickets", (MeasureShape("ticket", kind="word"), MeasureShape("minutes")), key="ticket"),
        ListShape("outages", (MeasureShape("minutes"),)),
    ),
    scope_values=(("carrier", ()),),
)
LONG = "period,measure,value,numerator,denominator,sample,status,source,carrier\n"
ITEMS = "period,list,item,ticket,minutes,status,source\n"

PERIODS = ["2026-01", "2026-02", "2026-13", ""]
NUMBERS = ["5", "6", "5.0", "", "-1", "x", "0.5"]
LONG_ROWS = st.tuples(
    st.sampled_from(PERIODS),
    st.sampled_from(["availability", "calls", "on_time", "cals"]),
    st.sampled_from(NUMBERS),
    st.sampled_from(["", "", "5"]),
    st.sampled_from(["", "", "0", "10"]),
    st.sampled_from(["", "9"]),
    st.sampled_from(["", "final", "provisional"]),
    st.sampled_from(["", "ACD"]),
    st.sampled_from(["", "dhl", "DHL", "ups"]),
)
ITEM_ROWS = st.tuples(
    st.sampled_from(PERIODS),
    st.sampled_from(["tickets", "outages", "ticket"]),
    st.sampled_from(["", "a", "A"]),
    st.sampled_from(["", "a", "b"]),
    st.sampled_from(NUMBERS),
    st.sampled_from(["", "final"]),
    st.sampled_from(["", "ITSM"]),
)
WIDE_ROWS = st.tuples(st.sampled_from(PERIODS), st.sampled_from(NUMBERS), st.sampled_from(NUMBERS))
JUNK = st.sampled_from(["", ",,", 'a"b', "1,2,3", "\u200b", '"",x', "2026-01,calls,98,5"])


def lines(rows: list[tuple[str, ...]]) -> list[str]:
    return [",".join(row) for row in rows]


def report_of(texts: dict[str, list[str]]) -> PerformanceReport:
    headers = {"long.csv": LONG, "items.csv": ITEMS, "wide.csv": "period,availability,calls\n"}
    return merge_reports(
        read_performance((headers[name] + "".join(f"{line}\n" for line in body)).encode(), name)
        for name, body in texts.items()
        if body
    )


def outcome(measurements: Measurements) -> tuple[object, ...]:
    """All that must not depend on order: the facts, the counts, and the rejected lines with their codes."""
    rejected = sorted((row.place.text, [finding.code for finding in row.findings]) for row in measurements.rejected)
    return (measurements.digest_rows(), measurements.counts, rejected)


BODIES = st.fixed_dictionaries(
    {
        "long.csv": st.lists(LONG_ROWS.map(",".join) | JUNK, max_size=10),
        "items.csv": st.lists(ITEM_ROWS.map(",".join) | JUNK, max_size=10),
        "wide.csv": st.lists(WIDE_ROWS.map(",".join) | JUNK, max_size=6),
    }
)


@given(BODIES, st.randoms(use_true_random=False))
def test_every_row_is_accounted_for_and_order_changes_nothing(
    bodies: dict[str, list[str]], chance: random.Random
) -> None:
    measurements = bind(report_of(bodies), SHAPE)
    counts = measurements.counts
    assert counts.read == sum(len(body) for body in bodies.values())
    assert counts.read == counts.accepted + len(measurements.rejected) + counts.duplicate
    shuffled = {name: chance.sample(body, len(body)) for name, body in reversed(bodies.items())}
    assert outcome(bind(report_of(shuffled), SHAPE)) == outcome(measurements)


@given(BODIES, st.data())
def test_a_row_repeated_is_a_duplicate_unless_it_is_rejected(bodies: dict[str, list[str]], data: st.DataObject) -> None:
    before = bind(report_of(bodies), SHAPE)
    if not before.measured or not bodies["long.csv"]:
        return
    again = data.draw(st.sampled_from(bodies["long.csv"]))
    after = bind(report_of({**bodies, "long.csv": [*bodies["long.csv"], again]}), SHAPE)
    rejected = {row.place.text for row in before.rejected}
    said_nothing = again.split(",")[2:5] == ["", "", ""]
    assert after.digest_rows() == before.digest_rows()
    assert after.counts.rejected - before.counts.rejected == (again in rejected)
    assert after.counts.duplicate - before.counts.duplicate == (again not in rejected and not said_nothing)


VALUES = st.fixed_dictionaries(
    {
        (period, measure): st.one_of(
            st.tuples(st.integers(0, 100).map(str), st.just(""), st.just("")),
            st.tuples(st.just(""), st.integers(0, 9).map(str), st.integers(9, 99).map(str)),
        )
        for period in ("2026-01", "2026-02")
        for measure in ("availability", "on_time", "calls")
    }
).map(lambda cells: {key: cell for key, cell in cells.items() if key[1] != "calls" or not cell[1]})


def long_layout(cells: dict[tuple[str, str], tuple[str, str, str]]) -> tuple[str, str]:
    text = "carrier,value,measure,numerator,period,denominator\n"
    for (period, measure), (value, numerator, denominator) in cells.items():
        carrier = "dhl" if measure == "on_time" else ""
        text += f'{carrier},{value},"{measure}",{numerator},{period},{denominator}\n'
    return text, "long.csv"


def wide_layout(cells: dict[tuple[str, str], tuple[str, str, str]]) -> tuple[str, str]:
    measures = sorted({measure for _, measure in cells})
    text = "period,carrier," + ",".join(f"{name},{name}.numerator,{name}.denominator" for name in measures) + "\r\n"
    for (period, measure), cell in cells.items():
        carrier = "dhl" if measure == "on_time" else ""
        filled = [",".join(cell if name == measure else ("", "", "")) for name in measures]
        text += f"{period},{carrier},{','.join(filled)}\r\n"
    return text, "wide.csv"


def json_layout(cells: dict[tuple[str, str], tuple[str, str, str]]) -> tuple[str, str]:
    rows = [
        {
            "period": period,
            "measure": measure,
            **dict(zip(("value", "numerator", "denominator"), cell, strict=True)),
            **({"carrier": "dhl"} if measure == "on_time" else {}),
        }
        for (period, measure), cell in cells.items()
    ]
    return json.dumps({"schema": "bpo-contracts/performance/1", "measurements": rows}), "rows.json"


@given(VALUES)
def test_the_layout_changes_nothing(cells: dict[tuple[str, str], tuple[str, str, str]]) -> None:
    sealed = []
    for layout in (long_layout, wide_layout, json_layout):
        text, file = layout(cells)
        measurements = bind(read_performance(text.encode(), file), SHAPE)
        assert measurements.counts.accepted == len(cells) == len(measurements.measured)
        sealed.append(measurements.digest_rows())
    assert sealed[0] == sealed[1] == sealed[2]
    every = merge_reports(read_performance(text.encode(), file) for text, file in map(json_layout, [cells, cells]))
    assert bind(every, SHAPE).digest_rows() == sealed[0]


@given(st.fractions(min_value=-1000, max_value=1000), st.integers(1, 10**6))
def test_percentages_from_ratios_are_exact(share: Fraction, scale: int) -> None:
    if share.denominator * scale >= 10**16:
        return
    numerator, denominator = share.numerator * scale, share.denominator * scale
    text = f"period,measure,numerator,denominator,carrier\n2026-01,on_time,{numerator},{denominator},dhl\n"
    (found,) = bind(read_performance(text.encode(), "a.csv"), SHAPE).measured
    assert found.value == 100 * share
    assert bind(read_performance(text.encode(), "a.csv"), SHAPE).digest_rows()[0][4] == number_text(100 * share)


@given(BODIES, st.data())
def test_a_corrupted_file_is_refused_or_accounts_for_every_line(
    bodies: dict[str, list[str]], data: st.DataObject
) -> None:
    content = bytearray((LONG + "".join(f"{line}\n" for line in bodies["long.csv"])).encode())
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place : place + data.draw(st.integers(0, 2))] = data.draw(st.binary(max_size=2))
    try:
        report = read_performance(bytes(content), "long.csv")
    except BadInput:
        return
    measurements = bind(report, SHAPE)
    counts = measurements.counts
    assert counts.read == content.count(b"\n") - 1
    assert counts.read == counts.accepted + len(measurements.rejected) + counts.duplicate
    assert all(row.findings for row in measurements.rejected)
