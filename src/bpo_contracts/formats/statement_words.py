"""How a statement writes texts and numbers: nothing hidden, nothing rounded without a mark.

Texts stand on one line; a character that cannot be seen or that changes the order of the text is written by its number
(``[U+202E]``). A number that is long or never ends is cut to four decimals and marked with an ellipsis (``72.7272…``).
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final

from bpo_contracts.terms.phrases import plural_unit
from bpo_contracts.values.currencies import MINOR_DIGITS
from bpo_contracts.values.numbers import NotANumber, fixed_text, read_number_text, shown

_SPACE: Final = "[\\s\x1c-\x1f\x85\u2028\u2029]+"
_HIDDEN: Final = (
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff"
    "\uffa0\ufff0-\ufffb\ufffe\uffff\ud800-\udfff\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_DECIMALS_SHOWN_MAX: Final = 9
_PLACES_MAX: Final = 18
_NO_UNIT: Final = frozenset(
    (
        "",
        "number",
        "a plain number",
        "yes/no",
        "yes or no",
        "word",
        "a word",
        "day",
        "a day",
        "instant",
        "time",
        "a time",
    )
)


def clean(text: str) -> str:
    """The text on one line, with every hidden character written as its number."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    return re.sub(_HIDDEN, lambda match: f"[U+{ord(match.group()):04X}]", re.sub(_SPACE, " ", text).strip())


def exact(text: str) -> Fraction | None:
    """The number that the text says exactly, or None if it is no number."""
    try:
        return read_number_text(text)
    except NotANumber:
        return None


def number_shown(text: str, unit: str = "") -> str:
    """A value for a person: its digits as they are if they are few, else cut and marked; other texts as they are.

    Amounts of money (``unit`` is a currency) get the currency's minor digits where they have no more.
    """
    number = exact(text)
    if number is None:
        return clean(text)
    if unit in MINOR_DIGITS:
        return money_shown(number, unit)
    _, _, decimals = text.partition(".")
    return text if "/" not in text and len(decimals) <= _DECIMALS_SHOWN_MAX else cut(number)


def cut(number: Fraction) -> str:
    """The number cut to four decimals, or to its first digit that is not zero, and marked; exactly if it is short."""
    places = 4
    while number and places < _PLACES_MAX and abs(number) * 10**places < 1:
        places += 1
    return shown(number, places)


def money_shown(number: Fraction, currency: str) -> str:
    """An amount with the currency's minor digits; all its digits, or cut and marked, if it has more."""
    try:
        return fixed_text(number.numerator, number.denominator, MINOR_DIGITS[currency])
    except (KeyError, ValueError):
        return cut(number)


def quantity(text: str, unit: str) -> str:
    """The value with its unit, which stands in the plural beside any number but 1: ``91.5 %``, ``180 points``,
    ``yes``."""
    value = number_shown(text, unit)
    if unit in _NO_UNIT or not value:
        return value
    one = exact(text) in (None, Fraction(1))
    return f"{value} {clean(unit) if one else plural_unit(clean(unit))}"


def scope_shown(scope: tuple[tuple[str, str], ...]) -> str:
    """Which lot a line is about: ``carrier AA, site Leeds``; empty for the contract as a whole."""
    return ", ".join(f"{clean(dimension)} {clean(value)}" for dimension, value in scope)
