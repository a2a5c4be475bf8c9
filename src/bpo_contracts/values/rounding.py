"""Rounding, by name and only where a contract says so.

Modes (the words contracts use, and IEEE 754-2019 / ISO 80000-1 rule B where they have a name there):
``half up`` rounds halves away from zero, ``half even`` halves to the even neighbour, ``half down`` halves
towards zero, ``up`` away from zero, ``down`` towards zero (cut off), ``ceiling`` and ``floor`` towards
plus and minus infinity.
"""

from __future__ import annotations

from enum import Enum
from fractions import Fraction

from bpo_contracts.values.frozen import frozen
from bpo_contracts.values.numbers import number_text


class Mode(Enum):
    """How a value between two multiples of the grain is rounded."""

    HALF_UP = "half up"
    HALF_EVEN = "half even"
    HALF_DOWN = "half down"
    UP = "up"
    DOWN = "down"
    CEILING = "ceiling"
    FLOOR = "floor"


@frozen
class Rounding:
    """To multiples of ``grain`` (in the unit of what is rounded), by ``mode``."""

    mode: Mode
    grain: Fraction

    def __post_init__(self) -> None:
        if self.grain <= 0:
            raise ValueError("a rounding grain is above zero")

    def __str__(self) -> str:
        return f"{self.mode.value} to {number_text(self.grain)}"

    def apply(self, value: Fraction) -> Fraction:
        """The rounded value, exactly."""
        return Fraction(*self.apply_pair((value.numerator, value.denominator)))

    def apply_pair(self, value: tuple[int, int]) -> tuple[int, int]:
        """The same over a numerator and a positive denominator."""
        grain_numerator, grain_denominator = self.grain.numerator, self.grain.denominator
        steps = round_ratio(value[0] * grain_denominator, value[1] * grain_numerator, self.mode)
        return steps * grain_numerator, grain_denominator


def round_ratio(numerator: int, denominator: int, mode: Mode) -> int:
    """The integer that ``numerator/denominator`` (denominator above zero) is rounded to."""
    floor, rest = divmod(numerator, denominator)
    if not rest or mode is Mode.FLOOR:
        return floor
    if mode is Mode.CEILING:
        return floor + 1
    negative = numerator < 0
    if mode is Mode.DOWN:
        return floor + 1 if negative else floor
    if mode is Mode.UP:
        return floor if negative else floor + 1
    twice = 2 * rest
    if twice != denominator:
        return floor + (twice > denominator)
    if mode is Mode.HALF_UP:
        return floor if negative else floor + 1
    if mode is Mode.HALF_DOWN:
        return floor + 1 if negative else floor
    return floor + (floor & 1)
