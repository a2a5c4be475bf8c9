"""Periods: spans of days that follow one another without gap, whatever their length and anchor."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpo_contracts.values.periods import Every, NotADay, NotAPeriod, Period, parse_day, parse_period, period_containing

days = st.dates(min_value=date(1991, 1, 1), max_value=date(2190, 1, 1))
everies = st.sampled_from(list(Every))
anchors = st.integers(1, 28)


@given(days, everies, anchors)
def test_every_day_lies_in_exactly_one_period(day: date, every: Every, anchor: int) -> None:
    period = period_containing(day, every, anchor)
    assert period.start <= day < period.end
    assert period.shift(1).start == period.end
    assert period.days == (period.end - period.start).days
    assert period_containing(period.end - timedelta(days=1), every, anchor) == period


@given(days, everies, anchors)
def test_a_period_is_read_by_its_name(day: date, every: Every, anchor: int) -> None:
    period = period_containing(day, every, anchor)
    assert parse_period(period.label, anchor) == period


def test_sixteenth_to_fifteenth() -> None:
    period = parse_period("2016-01", 16)
    assert (period.start, period.end) == (date(2016, 1, 16), date(2016, 2, 16))
    assert period_containing(date(2016, 2, 15), Every.MONTH, 16) == period


@pytest.mark.parametrize(
    "text", ["2016-13", "2016-1", "201603", "2016-Q5", "1989-12", "2200-01", "", "2016-03-01", "2016‐03"]
)
def test_other_names_are_refused(text: str) -> None:
    with pytest.raises(NotAPeriod):
        parse_period(text)


@pytest.mark.parametrize("text", ["2026-02-30", "31/01/2026", "2026-1-5", "20260131", "0", "2026-01-01T00:00:00"])
def test_days_that_do_not_exist_are_refused(text: str) -> None:
    with pytest.raises(NotADay):
        parse_day(text)


def test_periods_are_ordered() -> None:
    assert Period(5, Every.MONTH) < Period(6, Every.MONTH)
