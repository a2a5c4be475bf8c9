"""Percentiles and medians: which of n values, put in order from the lowest, is meant, and by which method.

"The 95th percentile" is one number only if the method is said: textbooks and spreadsheets know nine of them. With p
as a part of one (0.95) and the values v(1) <= v(2) <= … <= v(n):

``nearest rank``          v(k) with k = p * n, rounded up to a whole number: the lowest value that at least p of all
                          values do not exceed. The same as to put the highest (1 - p) * n values aside, rounded down
                          to a whole number, and to take the highest one left, as network capacity is invoiced.
``linear interpolation``  at the position p * (n - 1) + 1, that is k and a fraction d: v(k) + d * (v(k + 1) - v(k)).
``lower of the two``      v(k) of that position.
``higher of the two``     v(k + 1) of that position, or v(k) where d is nothing.

The median is the 50th percentile. Of an odd number of values it is the middle one, whatever the method; of an even
number there are two middle ones, at the position (n + 1) / 2 between them: the lower, the higher, or their mean.

Sources: R. J. Hyndman and Y. Fan, "Sample Quantiles in Statistical Packages", The American Statistician 50 (1996),
pages 361 to 365: nearest rank is their definition 1 (the inverse of the distribution function), linear interpolation
their definition 7. NIST/SEMATECH e-Handbook of Statistical Methods, section 7.2.6.2 (Percentiles), which names
1 + p * (N - 1) as the position that spreadsheets take (Excel's PERCENTILE and PERCENTILE.INC), beside its own
p * (N + 1), which is not one of the methods here. NumPy calls the four ``inverted_cdf``, ``linear``, ``lower``, ``higher``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from types import MappingProxyType
from typing import Final, Literal, get_args

from bpo_contracts.values.frozen import frozen
from bpo_contracts.values.numbers import number_text

RankMethod = Literal["nearest rank", "lower of the two", "higher of the two", "linear interpolation"]
MEDIAN: Final = Fraction(50)

PERCENTILE_METHODS: Final[Mapping[str, RankMethod]] = MappingProxyType(
    {method: method for method in get_args(RankMethod)}
)
MEDIAN_METHODS: Final[Mapping[str, RankMethod]] = MappingProxyType(
    {
        "mean of the two middle values": "linear interpolation",
        "lower of the two middle values": "lower of the two",
        "higher of the two middle values": "higher of the two",
    }
)
"""What is written in brackets after a percentile, and after a median."""

_WHOLE: Final = re.compile(r"[0-9]+\Z", re.ASCII)
Ratio = tuple[int, int]
"""A numerator and a positive denominator, not reduced."""


@frozen
class Rank:
    """Which of the values in order: the ``percent`` (above 0, up to 100), by a method; ``median`` if it is called so."""

    percent: Fraction
    method: RankMethod
    median: bool = False

    @property
    def called(self) -> str:
        """``95th percentile``, ``median``."""
        return "median" if self.median else f"{ordinal_text(self.percent)} percentile"

    @property
    def method_words(self) -> str:
        """The method as it is written: ``nearest rank``, ``mean of the two middle values``."""
        if not self.median:
            return self.method
        return next(words for words, method in MEDIAN_METHODS.items() if method == self.method)

    def position(self, count: int) -> Fraction:
        """Where the value stands among ``count`` values in order, from 1 to ``count``; between two of them if it is
        interpolated."""
        share = self.percent / 100
        if self.method == "nearest rank":
            return Fraction(-(-share * count // 1))
        exact = share * (count - 1) + 1
        if self.method == "lower of the two":
            return Fraction(exact // 1)
        return Fraction(-(-exact // 1)) if self.method == "higher of the two" else exact

    def of(self, values: Sequence[Ratio]) -> Ratio:
        """The value, exactly; ``values`` in any order, at least one. Takes time n log n."""
        ordered = in_order(values)
        position = self.position(len(ordered))
        below = position.numerator // position.denominator
        between = position - below
        low = ordered[below - 1]
        if not between:
            return low
        exact = Fraction(*low)
        exact += between * (Fraction(*ordered[below]) - exact)
        return exact.numerator, exact.denominator

    def said(self, count: int) -> str:
        """For the trail: ``95th percentile: value 19 of 20, from the lowest``."""
        position = self.position(count)
        if count == 1:
            return f"{self.called}: the only value"
        if position.denominator != 1:
            below = position.numerator // position.denominator
            between = f"between values {below} and {below + 1} of {count}, from the lowest"
            return f"{self.called}: {between}, at {number_text(position)}"
        return f"{self.called}: value {position.numerator} of {count}, from the lowest"


def in_order(values: Sequence[Ratio]) -> list[Ratio]:
    """The values from the lowest to the highest.

    Two different fractions with denominators of at most b bits lie at least 1 / 2**(2b) apart, so whole multiples of that
    tell them apart: the order is exact, and integers are compared instead of fractions.
    """
    shift = 2 * max((bottom.bit_length() for _, bottom in values), default=0)
    return sorted(values, key=lambda value: (value[0] << shift) // value[1])


def ordinal_text(number: Fraction) -> str:
    """``1st``, ``22nd``, ``95th``, ``99.9th``."""
    text = number_text(number)
    if not _WHOLE.match(text) or text[-2:] in ("11", "12", "13"):
        return f"{text}th"
    return text + {"1": "st", "2": "nd", "3": "rd"}.get(text[-1], "th")
