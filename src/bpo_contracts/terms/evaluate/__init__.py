"""The reading of the algebra that computes: every figure of a period, exactly.

Each node becomes a small function of a ``Frame`` once per contract; settling a period calls them in the program's
order.
A number in flight is a pair ``(numerator, denominator)`` with a positive denominator, not reduced until somebody looks:
that is exact, and several times as fast as reduced fractions.

**Missing is a value that arithmetic refuses.** Where data is missing the figure has none (``NoData``), and so have the
figures that need it; only ``is known``, ``or else`` and an aggregate's declared rule look at it. What the contract
leaves
undecided (a gap in a table, a division by zero) is never missing data: it is ``Undecided`` and goes through everything.
"""

from bpo_contracts.terms.evaluate.frame import (
    Absent,
    Decide,
    Frame,
    History,
    Looked,
    NoData,
    Notes,
    NotYet,
    Pair,
    Undecided,
    Value,
)
from bpo_contracts.terms.evaluate.machine import Machine, make_machine

__all__ = [
    "Absent",
    "Decide",
    "Frame",
    "History",
    "Looked",
    "Machine",
    "NoData",
    "NotYet",
    "Notes",
    "Pair",
    "Undecided",
    "Value",
    "make_machine",
]
