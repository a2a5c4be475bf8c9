"""Money: an exact amount in one currency, and its allocation without a lost cent."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import lcm

from bpo_contracts.values.currencies import MINOR_DIGITS
from bpo_contracts.values.frozen import frozen_ordered
from bpo_contracts.values.numbers import fixed_text, number_text


@frozen_ordered
class Money:
    """``amount`` in major units (12.34 for 12 euros 34), exactly; ``currency`` an ISO 4217 code.

    ``str()`` writes the currency's minor digits when the amount has no more (``73684.80 EUR``).
    """

    amount: Fraction
    currency: str

    @property
    def text(self) -> str:
        """The amount with the currency's minor digits; all its digits if it has more."""
        try:
            return fixed_text(self.amount.numerator, self.amount.denominator, MINOR_DIGITS[self.currency])
        except ValueError:
            return number_text(self.amount)

    def __str__(self) -> str:
        return f"{self.text} {self.currency}"


def allocate(total: Fraction, weights: Sequence[Fraction], grain: Fraction) -> list[Fraction]:
    """Shares of ``total`` by ``weights``, each a multiple of ``grain``, that sum to ``total`` exactly.

    Largest remainder (Hamilton's) method: every share is cut down to the grain and the grains left over go to the
    largest remainders, ties to the earlier share. ``total`` must be a multiple of ``grain``, or the rest that
    is less than one grain stays with the first share that gets a left-over grain.

    Raises:
        ValueError: if the weights are negative or sum to zero while the total does not.
    """
    unit = lcm(total.denominator, grain.denominator, *(weight.denominator for weight in weights))
    shares = allocate_units(int(total * unit), [int(weight * unit) for weight in weights], int(grain * unit))
    return [Fraction(share, unit) for share in shares]


def allocate_units(total: int, weights: Sequence[int], grain: int) -> list[int]:
    """``allocate`` over whole numbers of one unit: many times as fast as over fractions, and just as exact.

    Raises:
        ValueError: as ``allocate`` does.
    """
    if not total:
        return [0 for _ in weights]
    if total < 0:
        return [-share for share in allocate_units(-total, weights, grain)]
    whole = sum(weights)
    if whole <= 0 or min(weights) < 0:
        raise ValueError("weights must not be negative and must sum to more than zero")
    shares = [total * weight // (whole * grain) * grain for weight in weights]
    left = total - sum(shares)
    # By what the cut to the grain took away, the most first; a share's exact size is total * weight / whole.
    by_remainder = sorted(
        range(len(weights)), key=lambda index: (shares[index] * whole - total * weights[index], index)
    )
    for index in by_remainder:
        if left <= 0:
            break
        given = min(grain, left)
        shares[index] += given
        left -= given
    return shares
