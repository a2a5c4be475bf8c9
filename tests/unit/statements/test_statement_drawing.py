"""The drawing of bands: the marker stands in the band that was reached, and ends are shown as they are."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpo_contracts.formats.statement_drawing import BANDS_DRAWN_MAX, bands_drawing, highest_first, place_in_band
from bpo_contracts.formats.statement_model import Band, StepText, Table
from bpo_contracts.formats.statement_readings import Reading
from bpo_contracts.values.numbers import number_text

from .page import Page

NUMBERS = st.fractions(-1000, 1000, max_denominator=999)


def tables(edges: list[Fraction], *, upper_closed: bool) -> tuple[Band, ...]:
    """Bands without gap or overlap over all numbers, between the edges."""
    ends = [None, *edges, None]
    return tuple(
        Band(
            f"row {index}",
            low,
            low is not None and not upper_closed,
            high,
            high is not None and upper_closed,
            str(index),
            "%",
        )
        for index, (low, high) in enumerate(pairwise(ends))
    )


def a_reading(bands: tuple[Band, ...], value: Fraction, *, unit: str = "%", reached: str | None = None) -> Reading:
    held = next(band for band in bands if (band.holds(value) if reached is None else band.label == reached))
    step = StepText("credit.rate", "", "Rate", held.gives, "%", "", "5.2", "", held.label, "", "", (("measure", ""),))
    measured = StepText("measure", "", "Measure", number_text(value), unit, "", "", "", "", "", "", ())
    return Reading(Table("credit.rate", "measure", "%", "higher is better", bands), step, held, measured)


def box_and_marker(page: Page) -> tuple[float, float, float]:
    """Where the frame of the reached row begins and ends, and where the marker stands."""
    (frame,) = [dict(given) for _, tag, given in page.elements if tag == "rect" and ("class", "reached") in given]
    (marker,) = [dict(given) for _, tag, given in page.elements if tag == "g" and ("class", "marker") in given]
    top = float(frame["y"] or "")
    return top, top + float(frame["height"] or ""), float(marker["data-at"] or "")


edges = st.lists(NUMBERS, min_size=1, max_size=30, unique=True).map(sorted)


@given(edges, NUMBERS, st.booleans())
def test_the_marker_stands_inside_the_band_that_was_reached(
    edges: list[Fraction], value: Fraction, closed: bool
) -> None:
    reading = a_reading(tables(edges, upper_closed=closed), value)
    top, bottom, at = box_and_marker(Page(bands_drawing(reading, tone="credit", key="k")))
    assert top < at < bottom


@given(edges, st.data(), st.booleans())
def test_a_value_on_an_edge_is_drawn_at_the_closed_dot(
    edges: list[Fraction], data: st.DataObject, closed: bool
) -> None:
    edge = data.draw(st.sampled_from(edges))
    reading = a_reading(tables(edges, upper_closed=closed), edge)
    page = Page(bands_drawing(reading, tone="credit", key="k"))
    _, _, at = box_and_marker(page)
    dots = [dict(given) for _, tag, given in page.elements if tag == "circle" and ("class", "end in") in given]
    assert at in [float(dot["cy"] or "") for dot in dots]


@given(edges, NUMBERS, NUMBERS)
def test_a_higher_value_never_stands_lower(edges: list[Fraction], one: Fraction, other: Fraction) -> None:
    bands = tables(edges, upper_closed=False)
    low, high = sorted((one, other))
    order = [band.label for band in highest_first(bands)]
    places = []
    for value in (low, high):
        held = next(band for band in bands if band.holds(value))
        places.append(place_in_band(held, value, bands) - order.index(held.label))
    assert places[0] <= places[1]


@given(edges, st.data())
def test_the_order_of_the_rows_changes_nothing(edges: list[Fraction], data: st.DataObject) -> None:
    bands = list(tables(edges, upper_closed=False))
    turned = data.draw(st.permutations(bands))
    assert highest_first(turned) == highest_first(bands)
    assert [band.label for band in highest_first(bands)] == [f"row {index}" for index in reversed(range(len(bands)))]


def test_ends_are_dots_and_no_end_is_an_arrow() -> None:
    bands = tables([Fraction(90), Fraction(95)], upper_closed=False)
    page = Page(bands_drawing(a_reading(bands, Fraction(91)), tone="credit", key="k"))
    kinds = [dict(given)["class"] for _, tag, given in page.elements if tag in ("circle", "path")]
    assert kinds == ["end in", "end in", "end out", "end in", "end out", "end in", "pointer"]
    assert [tag for _, tag, given in page.elements if ("class", "end in") in given].count("path") == 2


@pytest.mark.parametrize(("value", "unit", "reached"), [("91", "hours", None), ("96", "%", "row 1"), ("91", "", None)])
def test_no_marker_where_the_value_cannot_be_set_against_the_row(value: str, unit: str, reached: str | None) -> None:
    bands = tables([Fraction(90), Fraction(95)], upper_closed=False)
    reading = a_reading(bands, Fraction(value), unit=unit, reached=reached)
    assert "data-at" not in bands_drawing(reading, tone="credit", key="k")


def test_the_drawing_tells_its_content_to_those_who_cannot_see_it() -> None:
    bands = tables([Fraction(90), Fraction(95)], upper_closed=False)
    page = Page(bands_drawing(a_reading(bands, Fraction(1097, 12)), tone="bonus", key="k"))
    assert page.values("svg", "role") == ["img"]
    assert page.values("svg", "aria-labelledby") == ["k-title k-desc"]
    assert "Measure 91.4166… % against its bands" in page.text
    assert "From the highest band to the lowest: row 2: 2 %; row 1: 1 %; row 0: 0 %. Row reached: row 1." in page.text


def test_a_long_table_is_drawn_around_the_row_that_was_reached() -> None:
    bands = tables([Fraction(edge) for edge in range(60)], upper_closed=False)
    for value in (-5, 0, 30, 59, 99):
        page = Page(bands_drawing(a_reading(bands, Fraction(value)), tone="other", key="k"))
        rows = [given for _, tag, given in page.elements if tag == "g" and ("class", "marker") not in given]
        assert len(rows) == BANDS_DRAWN_MAX
        top, bottom, at = box_and_marker(page)
        assert top < at < bottom


def test_a_row_for_one_value_is_a_dot() -> None:
    exactly = Band("exactly 3", Fraction(3), True, Fraction(3), True, "5", "%")
    bands = (
        Band("under 3", None, False, Fraction(3), False, "0", "%"),
        exactly,
        Band("over 3", Fraction(3), False, None, False, "9", "%"),
    )
    assert [band.label for band in highest_first(bands)] == ["over 3", "exactly 3", "under 3"]
    top, bottom, at = box_and_marker(Page(bands_drawing(a_reading(bands, Fraction(3)), tone="credit", key="k")))
    assert at == (top + bottom) / 2


def test_stronger_consequences_have_stronger_shades_and_none_has_none() -> None:
    gives = ["0", "8", "12", "15", "-2"]
    bands = tuple(
        Band(f"row {n}", Fraction(n), True, Fraction(n + 1), False, each, "%") for n, each in enumerate(gives)
    )
    page = Page(bands_drawing(a_reading(bands, Fraction(1)), tone="credit", key="k"))
    shades = [value for value in page.values("rect", "class") if value != "reached"]
    assert shades == ["band bonus-1", "band credit-4", "band credit-3", "band credit-2", "band none"]
