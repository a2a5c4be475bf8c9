"""Quantities, roundings and ranks in words.

``98.5 %``, ``48000.00 CAD``, ``14.00 EUR per incident``: an exact number and its unit, kept in base units (30 minutes
are 30, 2 hours are 120). ``half up to 0.01 EUR``, ``2 decimals half up``: a mode and the grain that is rounded to.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from fractions import Fraction
from typing import Final, NoReturn

from bpo_contracts.terms.formula_parser import Parser
from bpo_contracts.terms.nodes import Quantity
from bpo_contracts.terms.places import part_of
from bpo_contracts.terms.ranks import Rank
from bpo_contracts.values.currencies import MINOR_DIGITS
from bpo_contracts.values.findings import refuse
from bpo_contracts.values.numbers import DECIMALS_MAX, decimal_places, fixed_text, number_text
from bpo_contracts.values.rounding import Mode, Rounding
from bpo_contracts.values.sources import Source
from bpo_contracts.values.units import ANY_ZERO, DURATIONS, PLAIN, Unit, singular

_QUANTITY_STEP: Final = "Write a number and its unit, as in '98.5 %', '30 minutes' or '48000.00 EUR'."
_ROUNDING_STEP: Final = (
    "Write for example 'half up to 0.01', '2 decimals half up', 'floor to 1 minute', or 'unrounded'."
)
_RANK_STEP: Final = "Write for example '95th percentile (nearest rank)' or 'median (mean of the two middle values)'."
_MODES: Final = {mode.value: mode for mode in Mode}
_MODE: Final = "|".join(sorted(_MODES, key=lambda words: (-len(words), words)))
_TO_DECIMALS: Final = re.compile(
    rf"(?:([0-9]{{1,4}}) decimals? ({_MODE})|({_MODE}) to ([0-9]{{1,4}}) decimals?)\Z", re.ASCII
)
_TO_GRAIN: Final = re.compile(rf"({_MODE}) to (.+)\Z", re.ASCII | re.DOTALL)


def parse_quantity(text: str, nouns: Collection[str], source: Source, *, default_unit: Unit | None) -> Quantity:
    """The quantity in words, its value in base units.

    A bare number is in ``default_unit``; without one only a bare 0 is allowed, which fits every unit.

    Raises:
        BadInput: BPO228 for a number without a unit, and BPO210 to BPO219 as for formulas.
    """
    parser = Parser(text, nouns, source)
    negative = parser.accept("-")
    if parser.token.kind != "number":
        parser.unexpected(_QUANTITY_STEP)
    quantity = parser.quantity(sign=-1 if negative else 1, start=0 if negative else None)
    if not parser.ended:
        parser.unexpected(_QUANTITY_STEP)
    return in_default_unit(quantity, default_unit)


def in_default_unit(quantity: Quantity, unit: Unit | None) -> Quantity:
    """A bare number in ``unit``; any other quantity as it is.

    Raises:
        BadInput: BPO228 for a bare number other than 0 where there is no unit to take.
    """
    if quantity.unit not in (PLAIN, ANY_ZERO):
        return quantity
    if unit is not None and unit.kind == "number":
        return replace(quantity, value=quantity.value * unit.factor, unit=unit)
    if quantity.unit == ANY_ZERO:
        return quantity
    raise refuse(
        "BPO228",
        "number-without-unit",
        f"{number_text(quantity.value)} stands without a unit, and this place declares none.",
        "Write the unit after the number, as in '5 %', '30 minutes' or '48000.00 EUR'.",
        quantity.source,
    )


def parse_rank(text: str, nouns: Collection[str], source: Source) -> Rank:
    """A percentile and its method: ``95th percentile (nearest rank)``, ``median (mean of the two middle values)``.

    Raises:
        BadInput: BPO135 for a percentile that is not above 0 and at most 100, BPO136 if no method is said, BPO210 to BPO219
            for other words.
    """
    parser = Parser(text, nouns, source)
    if parser.token.kind != "ordinal" and not parser.at_any("median", "percentile"):
        parser.unexpected(_RANK_STEP)
    kind, percent = parser.aggregate()
    method = parser.method(kind) if parser.at("(") else None
    rank = parser.ranked(kind, percent, method, 0)
    if rank is None or not parser.ended:
        parser.unexpected(_RANK_STEP)
    return rank


def parse_rounding(text: str, nouns: Collection[str], source: Source) -> tuple[Rounding, Unit] | None:
    """Mode and grain, and the unit that the grain is written in; None for ``unrounded`` and ``none``.

    The grain is in base units. A grain without a unit comes with the plain unit: it is in the unit of what is rounded,
    and not yet in its base units.

    Raises:
        BadInput: BPO227 for an unknown mode or a grain of zero or less; BPO210 to BPO219 for the grain's words.
    """
    words = " ".join(text.split())
    if words in ("unrounded", "none"):
        return None
    if decimals := _TO_DECIMALS.match(words):
        places, mode = decimals[1] or decimals[4], decimals[2] or decimals[3]
        if int(places) > DECIMALS_MAX:
            _not_a_rounding(f"{places} decimals are more than the {DECIMALS_MAX} a number may have.", text, source)
        return Rounding(_MODES[mode], Fraction(1, 10 ** int(places))), PLAIN
    to_grain = _TO_GRAIN.match(text.strip())
    if not to_grain:
        shown = words if len(words) <= 60 else words[:59] + "…"
        _not_a_rounding(f"{shown!r} is not a way to round." if words else "There is no rounding here.", text, source)
    begin = text.index(to_grain[2])
    place = part_of(source, text, start=begin, end=len(text))
    grain = parse_quantity(to_grain[2], nouns, place, default_unit=PLAIN)
    if grain.value <= 0:
        _not_a_rounding("The grain that is rounded to is above zero.", text, source)
    return Rounding(_MODES[to_grain[1]], grain.value), grain.unit


def _not_a_rounding(problem: str, text: str, source: Source) -> NoReturn:
    modes = ", ".join(mode.value for mode in Mode)
    place = part_of(source, text, start=0, end=max(1, len(text)))
    raise refuse("BPO227", "not-a-rounding", problem, f"{_ROUNDING_STEP} The modes are: {modes}.", place)


# --- and back: quantities as text -------------------------------------------------------------------------------------


def quantity_text(value: Fraction, unit: Unit) -> str:
    """The quantity as a contract writes it, in its written unit: ``2 hours``, ``14.00 EUR per incident``, ``98.5 %``.

    It says the value exactly: where the decimals of the written unit do not end, another unit of time or a division
    in brackets is used (``(8 EUR / 11)``).
    """
    words, factor = _written(unit)
    shown = _digits(value / factor, unit)
    if not shown and factor != 1:
        words, factor = _base_words(unit), Fraction(1)
        shown = _digits(value, unit)
    if shown:
        return f"{shown} {plural_unit(words) if words and value / factor != 1 else words}".rstrip()
    over = quantity_text(Fraction(value.numerator), replace(unit, shown="", factor=Fraction(1)))
    return f"({over} / {value.denominator})"


def _digits(number: Fraction, unit: Unit) -> str:
    """Decimal digits, with the minor digits of the currency; "" if they do not end."""
    places = decimal_places(number.denominator)
    if places is None or places > DECIMALS_MAX:
        return ""
    minor = next((MINOR_DIGITS[name] for name, power in unit.dims if power == 1 and name in MINOR_DIGITS), 0)
    return fixed_text(number.numerator, number.denominator, max(places, minor))


def _written(unit: Unit) -> tuple[str, Fraction]:
    """The words of a unit as written, and how much of the base unit it is."""
    if unit.kind != "number" or unit.share:
        return (unit.share, Fraction(1)) if unit.share else ("", Fraction(1))
    power = dict(unit.dims).get("minute", 0)
    if power not in (1, -1):
        return _base_words(unit), Fraction(1)
    length = unit.factor if power == 1 else 1 / unit.factor
    time = next((name for name, minutes in DURATIONS.items() if minutes == length), "")
    return (_base_words(unit, time), unit.factor) if time else (_base_words(unit), Fraction(1))


def _base_words(unit: Unit, time: str = "minute") -> str:
    if unit == ANY_ZERO or not unit.dims:
        return unit.share
    names = [(time if name == "minute" else name, power) for name, power in unit.dims]
    over = [name for name, power in names for _ in range(power)]
    under = [name for name, power in names for _ in range(-power)]
    return " ".join([*over, *(f"per {name}" for name in under)])


def plural_unit(words: str) -> str:
    """``hour`` as ``hours``; symbols such as ``t``, ``kWh``, ``EUR`` stay."""
    noun, _, rest = words.partition(" per ")
    if not re.fullmatch(r"[a-z]{3,}", noun) or not re.search("[aeiou]", noun):
        return words
    ending = "es" if noun.endswith(("ss", "x", "ch", "sh")) else "s"
    plural = noun[:-1] + "ies" if re.search("[^aeiou]y$", noun) else noun + ending
    if singular(plural) != noun:
        return words
    return f"{plural} per {rest}" if rest else plural
