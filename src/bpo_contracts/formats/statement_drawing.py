"""Drawings of a statement, as inline SVG: a measured figure against its bands, and adjustments by period.

A band is drawn between its two ends, the highest on top. A filled dot is an end that belongs to the band, a hollow dot
one that does not, an arrow no end at all. Bands are drawn equally high whatever their width in the contract, and the
marker stands within its band in proportion; so a narrow band is as readable as a wide one. Colour repeats what the
labels say.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Final, Literal

from bpo_contracts.formats.statement_markup import Markup, el, join
from bpo_contracts.formats.statement_model import Band
from bpo_contracts.formats.statement_readings import Reading
from bpo_contracts.formats.statement_words import clean, exact, quantity
from bpo_contracts.values.numbers import fixed_text

Tone = Literal["credit", "bonus", "other"]

BANDS_DRAWN_MAX: Final = 14
_ROW: Final = 46
_INSET: Final = 8
_TOP: Final = 4
_BAR: Final = 114
_WIDTH: Final = 384
_LABEL_LENGTH_MAX: Final = 27
_GIVES_LENGTH_MAX: Final = 11
_SHADES: Final = 4


def highest_first(bands: Sequence[Band]) -> list[Band]:
    """The bands in the order they are drawn; a band without a lower end is the lowest."""
    return sorted(bands, key=_lowest, reverse=True)


def _lowest(band: Band) -> tuple[bool, Fraction, bool, bool, Fraction]:
    nothing = Fraction(0)
    return (band.low is not None, band.low or nothing, not band.low_closed, band.high is None, band.high or nothing)


def place_in_band(band: Band, value: Fraction, bands: Sequence[Band]) -> Fraction:
    """Where in its band the value stands: 0 at the lower end, 1 at the upper.

    In a band without one of its ends the marker nears that side the further away the value is, and never arrives.

    Raises:
        ValueError: if the value is not in the band.
    """
    if not band.holds(value):
        raise ValueError("the value is not in the band")
    if band.low is not None and band.high is not None:
        return (value - band.low) / (band.high - band.low) if band.high != band.low else Fraction(1, 2)
    usual = _usual_width(bands)
    if band.low is not None:
        return (value - band.low) / (value - band.low + usual)
    if band.high is not None:
        return usual / (band.high - value + usual)
    return Fraction(1, 2)


def _usual_width(bands: Sequence[Band]) -> Fraction:
    widths = [band.high - band.low for band in bands if band.low is not None and band.high is not None]
    if any(width > 0 for width in widths):
        return min(width for width in widths if width > 0)
    ends = [abs(end) for band in bands for end in (band.low, band.high) if end]
    return min(ends, default=Fraction(2)) / 2


def bands_drawing(reading: Reading, *, tone: Tone, key: str) -> Markup:
    """The bands of a table with a marker at the measured value; ``key`` makes the ids of this drawing."""
    bands = highest_first(reading.table.bands)
    drawn = _nearest(bands, reading.band)
    top = {id(band): _TOP + index * _ROW for index, band in enumerate(drawn)}
    shades = _shades(bands, tone)
    rows = [
        _row(
            band,
            top[id(band)],
            reached=band is reading.band,
            shade=shades[id(band)],
            first=band is bands[0],
            last=band is bands[-1],
        )
        for band in drawn
    ]
    marker = Markup("")
    if reading.band is not None:
        marker = _marker(reading, bands, top[id(reading.band)])
    return el(
        "svg",
        el("title", _title(reading), id=f"{key}-title"),
        el("desc", _description(reading, bands), id=f"{key}-desc"),
        *rows,
        marker,
        role="img",
        class_="bands",
        aria_labelledby=f"{key}-title {key}-desc",
        viewBox=f"0 0 {_WIDTH} {_TOP * 2 + _ROW * len(drawn)}",
    )


def undrawn(reading: Reading) -> int:
    """How many bands of the table a drawing leaves out because there are too many."""
    return max(0, len(reading.table.bands) - BANDS_DRAWN_MAX)


def _nearest(bands: list[Band], reached: Band | None) -> list[Band]:
    if len(bands) <= BANDS_DRAWN_MAX:
        return bands
    at = next((index for index, band in enumerate(bands) if band is reached), 0)
    first = min(max(0, at - BANDS_DRAWN_MAX // 2), len(bands) - BANDS_DRAWN_MAX)
    return bands[first : first + BANDS_DRAWN_MAX]


def _shades(bands: Sequence[Band], tone: Tone) -> dict[int, str]:
    given = {id(band): exact(band.gives) for band in bands}
    steps = sorted({abs(gives) for gives in given.values() if gives})
    shades = {}
    for band in bands:
        gives = given[id(band)]
        if not gives:
            shades[id(band)] = "other-1" if gives is None and clean(band.gives) not in ("", "none") else "none"
            continue
        strength = 1 + (
            steps.index(abs(gives)) * _SHADES // len(steps) if len(steps) > _SHADES else steps.index(abs(gives))
        )
        turned: Tone = tone if gives > 0 or tone == "other" else "bonus" if tone == "credit" else "credit"
        shades[id(band)] = f"{turned}-{strength}"
    return shades


def _row(band: Band, top: int, *, reached: bool, shade: str, first: bool, last: bool) -> Markup:
    upper, lower, middle = top + _INSET, top + _ROW - _INSET, top + _ROW // 2
    single = band.low is not None and band.low == band.high
    parts = [
        el(
            "rect",
            class_="reached",
            x=f"{_BAR - 14}",
            y=f"{top + 1}",
            width=f"{_WIDTH - _BAR + 13}",
            height=f"{_ROW - 2}",
            rx="6",
        )
        if reached
        else Markup(""),
        el("rect", class_=f"band {shade}", x=f"{_BAR - 6}", y=f"{upper}", width="12", height=f"{lower - upper}")
        if not single
        else Markup(""),
        _end(band.high, band.high_closed, middle if single else upper, "up"),
        Markup("") if single else _end(band.low, band.low_closed, lower, "down"),
        el("text", _short(clean(band.label), _LABEL_LENGTH_MAX), class_="label", x=f"{_BAR + 18}", y=f"{middle + 5}"),
        el("text", _short(_gives(band), _GIVES_LENGTH_MAX), class_="gives", x=f"{_WIDTH - 10}", y=f"{middle + 5}"),
    ]
    return el("g", *parts, class_="row here" if reached else "row")


def _end(end: Fraction | None, closed: bool, y: int, side: Literal["up", "down"]) -> Markup:
    if end is not None:
        return el("circle", class_="end in" if closed else "end out", cx=f"{_BAR}", cy=f"{y}", r="4")
    tip = y - 6 if side == "up" else y + 6
    return el("path", class_="end in", d=f"M{_BAR - 7} {y}H{_BAR + 7}L{_BAR} {tip}Z")


def marker_height(reading: Reading, bands: Sequence[Band], top: int) -> Fraction | None:
    """How far down the marker stands, in pixels; None where the value is not in the band that was reached."""
    value, band = reading.value, reading.band
    if band is None or value is None or not band.holds(value):
        return None
    return top + _ROW - _INSET - place_in_band(band, value, bands) * (_ROW - 2 * _INSET)


def _marker(reading: Reading, bands: Sequence[Band], top: int) -> Markup:
    height = marker_height(reading, bands, top)
    if height is None:
        return Markup("")
    y = _pixels(height)
    pointer = el(
        "path",
        class_="pointer",
        d=f"M{_BAR - 22} {_pixels(height - 6)}L{_BAR - 9} {y}L{_BAR - 22} {_pixels(height + 6)}Z",
    )
    across = el("line", class_="across", x1=f"{_BAR - 9}", y1=y, x2=f"{_BAR + 10}", y2=y)
    label = el("text", _short(reading.measured_text, 14), class_="measured", x=f"{_BAR - 27}", y=_pixels(height + 5))
    return el("g", pointer, across, label, class_="marker", data_at=y)


def _pixels(length: Fraction) -> str:
    return fixed_text(round(length * 10), 10, 1)


def _gives(band: Band) -> str:
    return quantity(band.gives, band.gives_unit) or "–"


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _title(reading: Reading) -> str:
    return f"{clean(reading.says)} {reading.measured_text}".strip() + " against its bands"


def _description(reading: Reading, bands: Sequence[Band]) -> str:
    rows = "; ".join(f"{clean(band.label)}: {_gives(band)}" for band in bands)
    reached = f"Row reached: {clean(reading.band.label)}." if reading.band else "No row was reached."
    return f"From the highest band to the lowest: {rows}. {reached}"


def bars_drawing(bars: Sequence[tuple[str, Fraction, Fraction]], *, key: str, says: str) -> Markup:
    """A bar up and a bar down for each period: ``(label, credits, bonuses)``, credits at most zero."""
    highest = max([bonuses for _, _, bonuses in bars] + [Fraction(0)])
    lowest = min([credits_ for _, credits_, _ in bars] + [Fraction(0)])
    scale = 100 / (highest - lowest) if highest != lowest else Fraction(1)
    zero = highest * scale
    drawn = []
    for index, (_, credits_, bonuses) in enumerate(bars):
        for shade, top, height in (
            ("bonus-2", zero - bonuses * scale, bonuses * scale),
            ("credit-3", zero, -credits_ * scale),
        ):
            if height:
                drawn.append(
                    el(
                        "rect",
                        class_=f"band {shade}",
                        x=f"{index * 10 + 2}",
                        y=_pixels(top),
                        width="6",
                        height=_pixels(height),
                    )
                )
    return el(
        "svg",
        el("title", says, id=f"{key}-title"),
        join(drawn),
        el("line", class_="zero", x1="0", y1=_pixels(zero), x2=f"{len(bars) * 10}", y2=_pixels(zero)),
        role="img",
        class_="bars",
        aria_labelledby=f"{key}-title",
        viewBox=f"0 -1 {len(bars) * 10} 102",
        preserveAspectRatio="none",
    )
