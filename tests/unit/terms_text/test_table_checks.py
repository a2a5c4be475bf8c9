"""Exactly one row holds each value; where that is not so, both rows and the exact numbers are shown."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpo_contracts.terms.bands import check_rows, parse_row, with_otherwise
from bpo_contracts.terms.nodes import Name, Quantity, Row
from bpo_contracts.values.findings import BadInput, Finding
from bpo_contracts.values.sources import NOWHERE, Source
from bpo_contracts.values.units import PERCENT, Unit

GIVES = Quantity(Fraction(1), PERCENT)


def table(*labels: str, unit: Unit | None = None) -> list[Row]:
    rows = []
    for index, label in enumerate(labels):
        source = Source("c.yaml", 10 + index, 5, f"    {label}: 1 %")
        bounds = parse_row(label, nouns=("points",), default_unit=unit, source=source)
        rows.append(Row(label, bounds.low, bounds.low_closed, bounds.high, bounds.high_closed, GIVES))
    return rows


def check(rows: Sequence[Row], precision: str = "", low: str = "", high: str = "") -> list[Finding]:
    def number(text: str) -> Fraction | None:
        return Fraction(text) if text else None

    return check_rows(rows, precision=number(precision), low=number(low), high=number(high))


def codes(findings: list[Finding]) -> list[str]:
    return [finding.code for finding in findings]


# --- the published cases ----------------------------------------------------------------------------------------------


def test_k55_gap_from_3_to_5_and_both_rows_at_6() -> None:
    findings = check(table("3 % or less", "over 5 % to 6 %", "6 % to 9 %"), high="9")
    gap, overlap = findings
    assert gap.code == "BPO221"
    assert "nothing holds over 3 % to 5 %" in gap.problem
    assert overlap.code == "BPO222"
    assert "both hold exactly 6 %" in overlap.problem
    assert (str(gap.source), [str(place) for place in gap.also]) == ("c.yaml:11:5", ["c.yaml:10:5"])
    assert (str(overlap.source), [str(place) for place in overlap.also]) == ("c.yaml:12:5", ["c.yaml:11:5"])
    assert overlap.source.length == len("6 % to 9 %")
    for label in ("'over 5 % to 6 %'", "'6 % to 9 %'"):
        assert label in overlap.problem


def test_k55_hole_between_99_89_and_99_9() -> None:
    rows = table("99.9 % or more", "99 % to 99.89 %", "95 % to under 99 %", "under 95 %")
    (gap,) = check(rows)
    assert gap.code == "BPO221"
    assert "nothing holds 99.89 % to 99.9 %, ends excluded" in gap.problem
    assert check(rows, precision="0.01") == []
    assert codes(check(rows, precision="0.001")) == ["BPO221"]


def test_b06_closes_only_with_the_precision() -> None:
    rows = table("99 % or more", "98.0 % to 98.9 %", "97.0 % to 97.9 %", "96.0 % to 96.9 %", "under 96.0 %")
    assert codes(check(rows)) == ["BPO221"] * 3
    assert check(rows, precision="0.1") == []


@pytest.mark.parametrize(
    ("labels", "holes"),
    [
        (["0 to under 1", "1 to under 10", "10 to under 50", "50 to under 500"], ["anything under 0", "500 or more"]),
        (["over 0 to 1", "over 1 to 10", "over 10 to 50", "over 50 to 500"], ["0 or less", "anything over 500"]),
    ],
)
def test_k12_both_styles_of_bounds_are_whole(labels: list[str], holes: list[str]) -> None:
    rows = table(*labels, unit=Unit())
    below, above = check(rows)
    assert (below.code, above.code) == ("BPO224", "BPO225")
    assert holes[0] in below.problem
    assert holes[1] in above.problem
    inside = check(rows, low="0", high="500")
    assert len(inside) == 1
    assert f"exactly {'500' if labels[0].startswith('0') else '0'}" in inside[0].problem


def test_k12_mixed_styles_clash() -> None:
    rows = table("0 to under 1", "over 1 to 10", "10 to 50", unit=Unit())
    gap, overlap = check(rows, low="0", high="50")
    assert "nothing holds exactly 1" in gap.problem
    assert "both hold exactly 10" in overlap.problem


# --- single mistakes --------------------------------------------------------------------------------------------------


def test_rows_that_hold_nothing() -> None:
    inverted, same = (check(table(label), low="0", high="0") for label in ("99 % to under 95 %", "over 5 % to 5 %"))
    assert codes(inverted) == codes(same) == ["BPO223"]
    assert "above its upper end" in inverted[0].problem
    assert "both ends are the same" in same[0].problem


def test_the_same_row_twice_is_not_called_an_overlap() -> None:
    (twice,) = check(table("under 5 %", "5 % or more", "under 5 %"))
    assert twice.code == "BPO226"
    assert [place.line for place in twice.also] == [10]
    assert twice.source.line == 12


def test_outside_the_range_no_row_is_needed() -> None:
    rows = table("50 % to under 80 %", "80 % to 100 %")
    assert check(rows, low="50", high="100") == []
    (below,) = check(rows, low="0", high="100")
    assert below.code == "BPO224"
    assert "nothing holds 0 % to under 50 %" in below.problem
    assert codes(check(rows)) == ["BPO224", "BPO225"]


def test_days_touch() -> None:
    assert check(table("2026-01-31 or less", "2026-02-01 or more")) == []
    (gap,) = check(table("2026-01-31 or less", "2026-02-02 or more"))
    assert "2026-01-31 to 2026-02-02, ends excluded" in gap.problem


def test_formulas_as_bounds_are_left_to_the_settlement_but_constants_are_still_compared() -> None:
    assert check(table("under target", "target or more")) == []
    assert codes(check(table("under target", "5 % to 6 %", "6 % to 7 %"))) == ["BPO222"]


def test_bounds_of_two_units_are_left_to_the_check_of_units() -> None:
    assert check(table("under 5 %", "5 points or more")) == []


def test_no_rows_and_a_wrong_precision() -> None:
    assert check([]) == []
    with pytest.raises(ValueError, match="above zero"):
        check(table("under 5 %"), precision="0")


# --- laws -------------------------------------------------------------------------------------------------------------

STEP = Fraction(1, 100)
bounds = st.integers(0, 8).map(lambda tenth: Fraction(tenth, 2))


@st.composite
def partitions(draw: st.DrawFn) -> list[Row]:
    """Rows that cover everything once, in any order."""
    ends = sorted(draw(st.sets(bounds, min_size=1, max_size=6)))
    closed = [draw(st.booleans()) for _ in ends]  # whether the end belongs to the row below it
    rows = [_row(None, False, ends[0], closed[0])]
    rows += [
        _row(low, not below, high, above) for (low, below), (high, above) in pairwise(zip(ends, closed, strict=True))
    ]
    rows.append(_row(ends[-1], not closed[-1], None, False))
    return draw(st.permutations(rows))


anything = st.lists(
    st.builds(lambda low, low_in, high, high_in: _row(low, low_in, high, high_in),
              st.none() | bounds, st.booleans(), st.none() | bounds, st.booleans()),
    min_size=1, max_size=6,
)  # fmt: skip


def _row(low: Fraction | None, low_closed: bool, high: Fraction | None, high_closed: bool) -> Row:
    def bound(value: Fraction | None) -> Quantity | None:
        return None if value is None else Quantity(value, PERCENT)

    return Row("", bound(low), low is not None and low_closed, bound(high), high is not None and high_closed, GIVES)


def holds(row: Row, x: Fraction) -> bool:
    """The definition: written out, and independent of cuts."""
    if isinstance(row.low, Quantity) and (x < row.low.value or (x == row.low.value and not row.low_closed)):
        return False
    return not (
        isinstance(row.high, Quantity) and (x > row.high.value or (x == row.high.value and not row.high_closed))
    )


def samples(rows: Sequence[Row], step: Fraction = STEP) -> list[Fraction]:
    ends = {end.value for row in rows for end in (row.low, row.high) if isinstance(end, Quantity)}
    return sorted({x for end in ends | {Fraction(0)} for x in (end - step, end, end + step)})


@settings(max_examples=200, deadline=None)
@given(partitions())
def test_a_partition_has_no_findings(rows: list[Row]) -> None:
    assert check_rows(rows, precision=None, low=None, high=None) == []
    assert all(sum(holds(row, x) for row in rows) == 1 for x in samples(rows))


@settings(max_examples=600, deadline=None)
@given(anything | partitions().flatmap(lambda rows: st.permutations(rows).map(lambda some: some[1:] or some)),
       st.sampled_from([None, Fraction(1, 2), STEP]))  # fmt: skip
def test_a_finding_if_and_only_if_some_point_is_not_held_once(rows: list[Row], precision: Fraction | None) -> None:
    findings = check_rows(rows, precision=precision, low=None, high=None)
    points = samples(rows, precision or STEP)
    points += [points[0] - 1, points[-1] + 1]
    held = [sum(holds(row, x) for row in rows) for x in points]
    found = set(codes(findings))
    nothing_holds = all(not any(holds(row, x) for row in rows) for x in samples(rows))
    assert bool(found & {"BPO222", "BPO226"}) == (max(held) > 1)
    if not nothing_holds:
        assert bool(found & {"BPO221", "BPO224", "BPO225"}) == (min(held) == 0)


@settings(max_examples=150, deadline=None)
@given(st.sets(st.sampled_from([
    "5 % or more", "over 5 %", "under 5 %", "5 % or less", "1 % to 3 %", "3 % to under 5 %", "over 3 % to 4 %",
    "4 % to under 2 %", "exactly 4 %", "over 6 % to under 7 %",
]), min_size=1).flatmap(
    lambda labels: st.tuples(st.just(sorted(labels)), st.permutations(sorted(labels)))
))  # fmt: skip
def test_the_order_of_the_rows_does_not_matter(orders: tuple[list[str], list[str]]) -> None:
    """The same rows are named with the same numbers; only which of two stands first in the document changes."""

    def said(labels: list[str]) -> set[tuple[str, frozenset[str], str]]:
        return {
            (one.code, frozenset(one.problem.split("'")[1::2]), one.problem.rpartition("'")[2])
            for one in check(table(*labels))
        }

    assert said(orders[0]) == said(orders[1])


@settings(max_examples=300, deadline=None)
@given(anything, st.sampled_from([None, Fraction(1, 2)]))
def test_otherwise_holds_exactly_what_no_other_row_holds(rows: list[Row], precision: Fraction | None) -> None:
    other = Row("otherwise", None, False, None, False, Quantity(Fraction(7), PERCENT))
    try:
        added = with_otherwise(rows, other, precision=precision, source=NOWHERE)[len(rows) :]
    except BadInput:  # nothing is left
        added = ()
    assert all((row.label, row.gives) == ("otherwise", other.gives) for row in added)
    for x in [x for x in (*samples(rows), Fraction(-9), Fraction(99)) if precision is None or not x % precision]:
        assert sum(holds(row, x) for row in added) == (0 if any(holds(row, x) for row in rows) else 1)


@pytest.mark.parametrize(
    ("labels", "free"),
    [
        (["under target"], ["target or more"]),
        (["over target"], ["target or less"]),
        (["target to under stretch"], ["under target", "stretch or more"]),
        (["under target", "over target"], ["exactly target"]),
        (["target to stretch", "under target"], ["over stretch"]),
        (["low to under mid", "mid to under top"], ["under low", "top or more"]),
    ],
)
def test_otherwise_beside_formulas_takes_the_ends(labels: list[str], free: list[str]) -> None:
    other = Row("otherwise", None, False, None, False, GIVES)
    added = with_otherwise(table(*labels), other, precision=None, source=NOWHERE)[len(labels) :]
    assert [(row.low, row.low_closed, row.high, row.high_closed) for row in added] == [
        (row.low, row.low_closed, row.high, row.high_closed) for row in table(*free)
    ]


def test_otherwise_beside_rows_that_take_everything_is_refused() -> None:
    other = Row("otherwise", None, False, None, False, GIVES)
    with pytest.raises(BadInput) as caught:
        with_otherwise(table("under 5 %", "5 % or more"), other, precision=None, source=NOWHERE)
    assert caught.value.findings[0].code == "BPO223"


def test_otherwise_beside_formulas_without_order_is_refused() -> None:
    other = Row("otherwise", None, False, None, False, GIVES)
    rows = [
        Row("under a", None, False, Name("a"), False, GIVES),
        Row("b or more", Name("b"), True, None, False, GIVES),
    ]
    with pytest.raises(BadInput) as caught:
        with_otherwise(rows, other, precision=None, source=NOWHERE)
    assert caught.value.findings[0].code == "BPO220"


@pytest.mark.parametrize(
    ("labels", "writes"),
    [
        (
            ("99.9 % or more", "under 99.9 %", "under 99 %", "under 95 %"),
            ["99 % to under 99.9 %", "95 % to under 99 %"],
        ),
        (("10 % or less", "over 10 %", "over 20 %"), ["over 10 % to 20 %"]),
        (("5 % or more", "under 5 %", "3 % or less"), ["over 3 % to under 5 %"]),
    ],
)
def test_of_nested_rows_the_wider_one_is_proposed_for_what_is_left(labels: tuple[str, ...], writes: list[str]) -> None:
    """ "Below 99.9 %: 10 %; below 99 %: 25 %", as schedules print it: each pair of neighbours is told apart once."""
    findings = check(table(*labels))
    assert codes(findings) == ["BPO222"] * len(writes)
    assert [finding.next_step.rsplit("write ", 1)[1] for finding in findings] == [f"'{text}'." for text in writes]
    wider = dict(zip([finding.next_step.split("'")[1] for finding in findings], writes, strict=True))
    assert check(table(*(wider.get(label, label) for label in labels))) == []
