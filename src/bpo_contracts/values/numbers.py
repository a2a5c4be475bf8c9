"""Exact numbers: read from plain decimal text, kept as rationals, written as text.

No binary float is ever accepted or produced. A number is written ``-?digits[.digits]`` in ASCII,
without exponent, thousands separator, sign ``+`` or leading zeros (contract schedules write numbers
this way; every other notation is read differently by different tools, and is refused here with a
sentence that says what to write instead).
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import gcd

INTEGER_DIGITS_MAX = 16
DECIMALS_MAX = 18

_PLAIN = re.compile(r"-?(0|[1-9][0-9]{0,15})(\.[0-9]{1,18})?\Z", re.ASCII)

_WRITTEN = re.compile(r"-?(0|[1-9][0-9]{0,3999})(\.[0-9]{1,4200}|/[1-9][0-9]{0,3999})?\Z", re.ASCII)
"""Any number that can be settled, of 4,096 bits above and below its fraction line: as decimals up to 4,100 of them."""


class NotANumber(ValueError):
    """The text is not a plain decimal number; the sentence says why and what to write."""


def parse_number(text: str) -> Fraction:
    """The exact value of plain decimal text.

    Raises:
        NotANumber: for anything but ``-?digits[.digits]`` with at most 16 digits before and 18 after the point.
    """
    if _PLAIN.match(text):
        return Fraction(Decimal(text))
    raise NotANumber(_why_not(text))


def number_text(value: Fraction | tuple[int, int]) -> str:
    """The number as text: plain decimals when they end, ``n/d`` in lowest terms when they do not.

    ``0.5`` for 1/2, ``8/11`` for 8/11, ``-0`` never. The text says the number exactly.
    """
    return pair_text(value if isinstance(value, tuple) else value.as_integer_ratio())


@lru_cache(maxsize=4096)  # a figure hands its number on to others, and rates and prices come back every month
def pair_text(value: tuple[int, int]) -> str:
    """The same of a numerator and a positive denominator that need not be in lowest terms."""
    numerator, denominator = value
    if denominator != 1:
        common = gcd(numerator, denominator)
        if common != 1:
            numerator //= common
            denominator //= common
        if denominator != 1:
            places = decimal_places(denominator)
            if places is None:
                return f"{numerator}/{denominator}"
            return fixed_text(numerator, denominator, places)
    return str(numerator)


def read_number_text(text: str) -> Fraction:
    """The inverse of ``number_text``.

    Raises:
        NotANumber: for a text that ``number_text`` does not write.
    """
    if not _WRITTEN.match(text):
        raise NotANumber(f"{text[:40]!r} is not a number as settlements write it")
    numerator, _, denominator = text.partition("/")
    return Fraction(int(numerator), int(denominator)) if denominator else Fraction(Decimal(text))


def decimal_places(denominator: int) -> int | None:
    """How many decimals 1/denominator has, or None if they never end (the denominator has a factor besides 2, 5)."""
    twos = (denominator & -denominator).bit_length() - 1
    rest = denominator >> twos
    fives = 0
    while rest % 5 == 0:
        rest //= 5
        fives += 1
    return max(twos, fives) if rest == 1 else None


def fixed_text(numerator: int, denominator: int, places: int) -> str:
    """``numerator/denominator`` with exactly ``places`` decimals; the value must have no more than that.

    Raises:
        ValueError: if digits would be lost.
    """
    scaled, remainder = divmod(numerator * 10**places, denominator)
    if remainder:
        raise ValueError(f"{numerator}/{denominator} has more than {places} decimals")
    if not places:
        return str(scaled)
    digits = str(abs(scaled)).rjust(places + 1, "0")
    sign = "-" if scaled < 0 else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}"


def shown(value: Fraction | tuple[int, int], places: int = 4) -> str:
    """The number for a person: exact if it is short, else cut to ``places`` decimals with a mark (``72.7272…``)."""
    number = value if isinstance(value, Fraction) else Fraction(*value)
    exact_places = decimal_places(number.denominator)
    if exact_places is not None and exact_places <= 9:
        return number_text(number)
    scaled = abs(number.numerator) * 10**places // number.denominator
    return ("-" if number < 0 else "") + fixed_text(scaled, 10**places, places) + "…"


_HINTS: tuple[tuple[str, str], ...] = (
    (r"-?[0-9]+,[0-9]{1,2}\Z", "a decimal comma; write a decimal point, as in 95.5"),
    (r"-?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?\Z", "thousands separators; write the digits alone, as in 1000.00"),
    (r"-?[0-9.]+,[0-9]+\Z", "a decimal comma; write a decimal point, as in 95.5"),
    (r"-?[0-9_]+(\.[0-9_]+)?\Z", "underscores or leading zeros; write the digits alone, as in 1000"),
    (r"-?[0-9]+(\.[0-9]+)?[eE][+-]?[0-9]+\Z", "an exponent; write all digits, as in 1000"),
    (r"0[xXoObB][0-9a-fA-F]+\Z", "a hexadecimal, octal or binary number; write it in decimal digits"),
    (r"-?[0-9]+:[0-9:.]+\Z", "a time of day; write the amount with its unit, as in 30 minutes"),
    (r"-?[0-9]+(\.[0-9]+)? ?%\Z", "a percent sign where the unit is already given; write the number alone, as in 95.5"),
    (r"\+.*", "a plus sign; write the number without it"),
    (r"-?\.[0-9]+\Z", "no digit before the point; write 0.5 for .5"),
    (r"-?[0-9]+\.\Z", "no digit after the point; write 5 or 5.0"),
    (r"[-+.]*(?i:nan|inf|infinity)\Z", "not a finite number"),
    (r"~|(?i:null|none|na|n/a)\Z", "a mark for a missing value; leave the field out, or the cell empty"),
)


def _why_not(text: str) -> str:
    seen = repr(text[:40]) + ("…" if len(text) > 40 else "")
    if not text:
        return "there is no number here; write one in plain digits, as in 95.5"
    if not text.isascii():
        return f"{seen} holds characters other than the digits 0-9, a point and a hyphen; type the number again"
    if len(text) > INTEGER_DIGITS_MAX + DECIMALS_MAX + 2 or re.match(r"-?[0-9]+(\.[0-9]+)?\Z", text):
        if re.match(r"-?0[0-9]", text):
            return f"{seen} has a leading zero; write the digits without it"
        return f"{seen} has too many digits: at most {INTEGER_DIGITS_MAX} before and {DECIMALS_MAX} after the point"
    for pattern, hint in _HINTS:
        if re.match(pattern, text):
            return f"{seen} has {hint}" if not hint.startswith("not") else f"{seen} is {hint}"
    return f"{seen} is not a number; write plain digits, as in 95.5"
