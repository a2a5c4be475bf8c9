"""The calendar in words: parts of periods, days by their basis, lags, grains with their unit."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from bpo_contracts.terms import nodes as n
from bpo_contracts.terms.describe import describe
from bpo_contracts.terms.units import UnitReader
from bpo_contracts.values.rounding import Mode, Rounding
from bpo_contracts.values.units import DAY, INSTANT, PLAIN, Unit, parse_unit

A, B = n.Name("a"), n.Name("b")
BY_THE_HOUR = parse_unit("EUR per hour", ())
CENT_BY_THE_HOUR = Rounding(Mode.HALF_UP, Fraction(1, 6000))


@pytest.mark.parametrize(
    ("node", "words"),
    [
        (
            n.PartOfPeriod(date(2026, 2, 10), date(2027, 1, 31), "actual"),
            "the part of the month from 2026-02-10 to 2027-01-31, by days",
        ),
        (
            n.PartOfPeriod(date(2026, 2, 10), date(2027, 1, 31), "30/360"),
            "the part of the month from 2026-02-10 to 2027-01-31, by months of 30 days",
        ),
        (n.DayCount(A, B), "days from a to b"),
        (n.DayCount(A, B, "30/360"), "days from a to b by 30/360"),
        (
            n.SeriesValue("cpi", (), 3, None, False, Unit(), "contract year"),
            "the value of cpi for 3 months before the start of the contract year",
        ),
        (
            n.SeriesValue("cpi", (), 0, None, True, Unit(), "calendar year"),
            "the latest value of cpi up to the start of the calendar year",
        ),
        (n.TimeBetween(A, B, "started years"), "started years from a to b"),
        (
            n.TimeBetween(A, B, "years by actual/actual", "both"),
            "years from a to b by actual/actual (both days count)",
        ),
        (
            n.OverDays(((date(2026, 1, 1), A), (date(2026, 7, 1), B)), A, B, "years by actual/365", "last"),
            "the yearly rate of each day from a to b (the last day counts, the first does not), years by actual/365:"
            " from 2026-01-01: a; from 2026-07-01: b",
        ),
        (n.Round(A, CENT_BY_THE_HOUR, BY_THE_HOUR), "a, rounded half up to 0.01 EUR per hour"),
        (n.Round(A, Rounding(Mode.DOWN, Fraction(1)), PLAIN), "a, rounded down to 1"),
    ],
)
def test_words(node: n.AnyNode, words: str) -> None:
    assert describe(node, period="month") == words


@pytest.mark.parametrize("time", ["second", "minute", "hour", "day", "week"])
def test_a_price_by_time_is_called_by_its_own_time(time: str) -> None:
    assert str(parse_unit(f"EUR per {time}", ())) == f"EUR per {time}"


def test_units_of_the_calendar() -> None:
    reader = UnitReader(lambda reference, _: INSTANT if reference == n.Name("t") else DAY)
    assert reader.read(n.PartOfPeriod(date(2026, 1, 1), date(2026, 1, 2), "actual")) == PLAIN
    assert dict(reader.read(n.DayCount(A, B, "30/360")).dims) == {"minute": 1}
    assert reader.findings == []
    reader.read(n.DayCount(n.Name("t"), n.Name("t"), "30/360"))
    assert [finding.code for finding in reader.findings] == ["BPO230"]
