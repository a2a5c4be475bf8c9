"""Comparing one expected value with what was settled: numbers exactly, in the unit the figure is shown in."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final

from bpo_contracts.settlement.writing_texts import value_text
from bpo_contracts.terms.evaluate import Absent
from bpo_contracts.values.currencies import MINOR_DIGITS
from bpo_contracts.values.findings import refuse
from bpo_contracts.values.frozen import frozen
from bpo_contracts.values.money import Money
from bpo_contracts.values.nodes import Scalar
from bpo_contracts.values.numbers import INTEGER_DIGITS_MAX, number_text, parse_number
from bpo_contracts.values.units import ANY_ZERO, Unit, parse_unit

NO_DATA: Final = "no data"
"""What is expected of a figure that has no value."""

_NUMBER: Final = re.compile(r"(-?[0-9]+(?:\.[0-9]+)?)(?:/([1-9][0-9]{0,15}))?(?: *(%|[^0-9 ].*))?\Z", re.ASCII)


@frozen
class Comparison:
    """Whether the value is right, and how it is written."""

    right: bool
    seen: str


def compare(expected: Scalar, value: object, unit: Unit, nouns: frozenset[str]) -> Comparison:
    """An expected text against a settled value in its unit.

    Raises:
        BadInput: BPO707 if the text is not of the figure's kind, or in another unit.
    """
    if isinstance(value, Absent):
        return Comparison(expected.text == NO_DATA, NO_DATA)
    if not isinstance(value, tuple):
        seen = value_text(value, unit)
        return Comparison(expected.text == seen, seen)
    number = Fraction(*value)
    if expected.text == NO_DATA:
        return Comparison(False, _shown(number / unit.factor, unit))
    wanted, own, words = _quantity(expected, unit, nouns)
    seen = _shown(number / own.factor, own)
    return Comparison(wanted * own.factor == number, f"{seen} {words}" if words else seen)


def _quantity(expected: Scalar, unit: Unit, nouns: frozenset[str]) -> tuple[Fraction, Unit, str]:
    """The number, the unit it is in, and the unit as written (empty where the figure's own is meant)."""
    match = _NUMBER.match(expected.text)
    if match is None or len(match[1]) > 2 * INTEGER_DIGITS_MAX:
        raise _not_comparable(expected, f"{expected.text!r} is not a number, and the figure is in {unit}.", "98.5")
    try:
        number = parse_number(match[1]) / int(match[2] or 1)
        own = parse_unit(match[3], nouns) if match[3] else unit
    except ValueError as why:
        raise _not_comparable(expected, f"{str(why)[0].upper()}{str(why)[1:]}.", "98.5") from None
    if own != unit and ANY_ZERO not in (own, unit):
        problem = f"{expected.text!r} is in {own}, and the figure is in {unit}."
        raise _not_comparable(expected, problem, number_text(number))
    return number, own, match[3] or ""


def _not_comparable(expected: Scalar, problem: str, example: str) -> Exception:
    step = f"Write the number in the figure's unit, as in '{example}', or '{NO_DATA}' where it has no value."
    return refuse("BPO707", "not-comparable", problem, step, expected.source)


def _shown(number: Fraction, unit: Unit) -> str:
    """The number as cases write it: money with its minor digits, everything else with the digits it has."""
    return Money(number, unit.currency).text if unit.currency in MINOR_DIGITS else number_text(number)


__all__ = ["NO_DATA", "Comparison", "compare"]
