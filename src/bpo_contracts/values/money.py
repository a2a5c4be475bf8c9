"""Money: an exact amount in one currency, and its allocation without a lost cent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from bpo_contracts.values.currencies import MINOR_DIGITS
from bpo_contracts.values.numbers import fixed_text, number_text


@dataclass(frozen=True, slots=True, order=True)
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
    if not total:
        return [Fraction(0) for _ in weights]
    if total < 0:
        return [-share for share in allocate(-total, weights, grain)]
    whole = sum(weights, Fraction(0))
    if whole <= 0 or any(weight < 0 for weight in weights):
        raise ValueError("weights must not be negative and must sum to more than zero")
    exact = [total * weight / whole for weight in weights]
    shares = [(share // grain) * grain for share in exact]
    left = total - sum(shares, Fraction(0))
    by_remainder = sorted(range(len(exact)), key=lambda index: (shares[index] - exact[index], index))
    for index in by_remainder:
        if left <= 0:
            break
        given = min(grain, left)
        shares[index] += given
        left -= given
    return shares
