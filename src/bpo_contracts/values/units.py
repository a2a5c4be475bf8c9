"""Units: what a number is a number of.

A percentage is only ever *of* something; percentage points are another unit; two currencies never meet in a
sum. Units are checked before any data is seen, so that "30 minutes of a fee" is found at the desk and not
on an invoice.

A number in flight is kept in the base of its dimension: durations in minutes, percentages in percent (98.5 for
98.5 %), money in major units.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import field
from fractions import Fraction
from typing import Final, Literal

from bpo_contracts.values.currencies import MINOR_DIGITS
from bpo_contracts.values.frozen import frozen

Kind = Literal["number", "truth", "word", "day", "instant"]
Share = Literal["", "%", "pp"]
Dimensions = tuple[tuple[str, int], ...]

DURATIONS: Final[dict[str, Fraction]] = {
    "second": Fraction(1, 60),
    "minute": Fraction(1),
    "hour": Fraction(60),
    "day": Fraction(1440),
    "week": Fraction(10080),
}
"""Minutes in each unit of time. Months and years are no durations: they are counted as nouns."""


@frozen
class Unit:
    """``dims`` are symbols with exponents: ``14.00 EUR per incident`` is ``EUR^1 incident^-1``.

    ``share`` marks percentages and percentage points. ``shown`` and ``factor`` say how a duration is written;
    they take no part in equality.
    """

    dims: Dimensions = ()
    share: Share = ""
    kind: Kind = "number"
    shown: str = field(default="", compare=False)
    factor: Fraction = field(default=Fraction(1), compare=False)

    @property
    def is_money(self) -> bool:
        """Whether this is an amount in one currency."""
        return self.kind == "number" and not self.share and len(self.dims) == 1 and self.dims[0] in _CURRENCY_DIMS

    @property
    def is_plain(self) -> bool:
        """Whether this is a number without a unit."""
        return self.kind == "number" and not self.dims and not self.share

    @property
    def currency(self) -> str:
        """The currency of an amount; "" for any other unit."""
        return self.dims[0][0] if self.is_money else ""

    def __str__(self) -> str:
        if self.kind != "number":
            return {"truth": "yes or no", "word": "a word", "day": "a day", "instant": "a time"}[self.kind]
        if self.share:
            return self.share
        if not self.dims:
            return "a plain number"
        over = [self.shown or name for name, power in self.dims for _ in range(power)]
        under = [self._time_under(name, power) for name, power in self.dims for _ in range(-power)]
        return " ".join([" ".join(over) or "1", *(f"per {name}" for name in under)])

    def _time_under(self, name: str, power: int) -> str:
        """``hour`` in ``EUR per hour``: numbers in this unit are written by the hour, and kept by the minute."""
        if name != "minute" or power != -1:
            return name
        return next((time for time, minutes in DURATIONS.items() if minutes * self.factor == 1), name)


_CURRENCY_DIMS: Final = frozenset((code, 1) for code in MINOR_DIGITS)
POWER_MAX: Final = 16
"""How often a unit may be multiplied with itself: products of products grow beyond all bounds, and no contract needs more."""

PLAIN: Final = Unit()
PERCENT: Final = Unit(share="%")
POINTS_OF_PERCENT: Final = Unit(share="pp")
TRUTH: Final = Unit(kind="truth")
WORD: Final = Unit(kind="word")
DAY: Final = Unit(kind="day")
INSTANT: Final = Unit(kind="instant")
MINUTES: Final = Unit((("minute", 1),), shown="minutes")
DAYS: Final = Unit((("minute", 1),), shown="days", factor=Fraction(1440))
ANY_ZERO: Final = Unit((("zero", 1),))
"""The unit of a bare 0, which fits every sum and comparison."""


class WrongUnit(ValueError):
    """Two units do not go together; the sentence says which and what to write."""


def factor_of(unit: Unit) -> tuple[int, int] | None:
    """What a number is divided by to be shown in its unit (minutes by 60 for hours), as numerator and denominator; None
    where it is shown as it is."""
    return None if unit.factor == 1 else unit.factor.as_integer_ratio()


def money(currency: str) -> Unit:
    """The unit of amounts in a currency."""
    return Unit(((currency, 1),))


_VOWELS: Final = frozenset("aeiouy")


def singular(noun: str) -> str:
    """A count noun in the one form it is compared in: ``calls`` and ``call`` are the same unit."""
    if noun.endswith("ies") and len(noun) > 4:
        return noun[:-3] + "y"
    if noun.endswith(("sses", "xes", "ches", "shes")):
        return noun[:-2]
    if noun.endswith("s") and not noun.endswith(("ss", "us", "is")) and len(noun) > 2 and _VOWELS & {*noun}:
        return noun[:-1]  # "mbps" and the like are no plurals
    return noun


def parse_unit(text: str, nouns: Iterable[str]) -> Unit:
    """The unit written ``%``, ``pp``, ``EUR``, ``minutes``, ``calls``, ``EUR per call``, ``EUR/t``, ``yes/no`` …

    ``nouns`` are the count nouns that the contract declares (any form of the word).

    Raises:
        WrongUnit: for an unknown word, naming the nearest known one.
    """
    if text in ("%", "percent"):
        return PERCENT
    if text in ("pp", "percentage points", "percentage point"):
        return POINTS_OF_PERCENT
    if text in _NOT_NUMBERS:
        return _NOT_NUMBERS[text]
    if text in ("", "number"):
        return PLAIN
    known = {singular(noun) for noun in nouns}
    over, *under = re.split(r"\s*/\s*|\s+per\s+|^per\s+", text)
    shown, factor = "", Fraction(1)
    dims: dict[str, int] = {}
    for power, words in [(1, over)] + [(-1, word) for word in under]:
        if not words:
            continue
        base, one_factor = _base_unit(words, known)
        dims[base] = dims.get(base, 0) + power
        factor *= one_factor**power
        if power == 1 and base not in MINOR_DIGITS:
            shown = words
    return Unit(tuple(sorted((name, power) for name, power in dims.items() if power)), shown=shown, factor=factor)


_NOT_NUMBERS: Final = {
    "yes/no": TRUTH,
    "yes or no": TRUTH,
    "word": WORD,
    "day": DAY,
    "date": DAY,
    "instant": INSTANT,
    "time": INSTANT,
}


def _base_unit(word: str, known: set[str]) -> tuple[str, Fraction]:
    if word in MINOR_DIGITS:
        return word, Fraction(1)
    noun = singular(word)
    if noun in DURATIONS:
        return "minute", DURATIONS[noun]
    if noun in known:
        return noun, Fraction(1)
    currencies = MINOR_DIGITS if word.isupper() or word.islower() else ()  # "MWh" is not meant to be "ZMW"
    near = difflib.get_close_matches(word, [*known, *DURATIONS, *currencies], n=1, cutoff=0.6)
    hint = f"; did you mean {near[0]!r}?" if near else "; declare it under 'units' or as the unit of a measure"
    raise WrongUnit(f"{word!r} is not a unit this contract knows{hint}")


def add(left: Unit, right: Unit, *, subtract: bool = False) -> Unit:
    """The unit of a sum or difference.

    Percentages add to a percentage; the difference of two percentages is in percentage points.
    """
    if left == ANY_ZERO:
        return right
    if right == ANY_ZERO:
        return left
    if {left.kind, right.kind} <= {"day", "instant"} and subtract and left.kind == right.kind:
        return DAYS
    _numbers_only(left, right)
    if left.share and right.share:
        if subtract and left.share == right.share == "%":
            return POINTS_OF_PERCENT
        return PERCENT if "%" in (left.share, right.share) else POINTS_OF_PERCENT
    if left != right:
        raise WrongUnit(f"{left} and {right} cannot be {'subtracted' if subtract else 'added'}: their units differ")
    return left


def same(left: Unit, right: Unit) -> Unit:
    """The common unit of two things that are compared or chosen between."""
    if left == ANY_ZERO:
        return right
    if right == ANY_ZERO or left == right:
        return left
    if left.kind != right.kind:
        raise WrongUnit(f"{left} cannot be compared with {right}")
    if left.share and right.share:
        raise WrongUnit(
            "a percentage and percentage points cannot be compared; the difference of two percentages is in percentage "
            "points: write '2 pp' for a difference, and '100 % - x' or 'x + 2 pp' for a percentage"
        )
    raise WrongUnit(f"{left} and {right} cannot be compared: their units differ")


def multiply(left: Unit, right: Unit) -> Unit:
    """The unit of a product. A percentage is multiplied only by plain numbers: everything else is ``of``."""
    _numbers_only(left, right)
    if ANY_ZERO in (left, right):
        return ANY_ZERO
    if left.share or right.share:
        other, share = (right, left) if left.share else (left, right)
        if not other.is_plain:
            raise WrongUnit(
                f"{share} and {other} are not multiplied; write '… % of …', which says what it is a percentage of"
            )
        return share
    if left.is_money and right.is_money:
        raise WrongUnit("money and money are not multiplied")
    if left.dims == right.dims == MINUTES.dims:
        raise WrongUnit(
            "a time and a time are not multiplied; days are hours and minutes already, so that '30 days' or 'days in "
            "period' needs no factor beside minutes"
        )
    return Unit(_combine(left.dims, right.dims, 1))


def divide(left: Unit, right: Unit) -> Unit:
    """The unit of a quotient."""
    _numbers_only(left, right)
    if ANY_ZERO in (left, right):  # like zero itself, what is not known yet has no unit before it meets one
        return ANY_ZERO
    if right.share:
        if left.share:
            return PLAIN
        raise WrongUnit(f"{left} is not divided by {right}; write the division with plain numbers or amounts")
    if left.share:
        if right.is_plain:
            return left
        raise WrongUnit(f"{left} is not divided by {right}; say what the percentage is of first")
    return Unit(_combine(left.dims, right.dims, -1))


def of(share: Unit, base: Unit) -> Unit:
    """The unit of "a percentage of a base", or of "so many times a base": that of the base.

    A difference of percentages is a share, too: ``(a - b) of c`` is ``a of c`` less ``b of c``.
    """
    _numbers_only(share, base)
    if share.is_plain or share == ANY_ZERO:
        return base
    if not share.share:
        raise WrongUnit(f"only a percentage is 'of' something, and this is {share}; write '*' for a product")
    return base


def as_percent(part: Unit, whole: Unit) -> Unit:
    """The unit of ``part as % of whole``."""
    same(part, whole)
    return PERCENT


def _numbers_only(*units: Unit) -> None:
    for unit in units:
        if unit.kind != "number":
            raise WrongUnit(f"{unit} is not a number and takes no part in arithmetic")


def _combine(left: Dimensions, right: Dimensions, sign: int) -> Dimensions:
    dims = {name: power for name, power in left if name != "zero"}
    for name, power in right:
        if name != "zero":
            dims[name] = dims.get(name, 0) + sign * power
    if any(abs(power) > POWER_MAX for power in dims.values()):
        raise WrongUnit(f"a unit is multiplied with itself more than {POWER_MAX} times")
    return tuple(sorted((name, power) for name, power in dims.items() if power))
