"""Facts for months in a row, for laws about clauses that look back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st
from tests.unit.clauses.making import HEAD
from tests.unit.clauses.many import Small

CENTS = st.integers(min_value=0, max_value=1_000_000).map(lambda cents: Fraction(cents, 100))
"""Amounts from nothing to ten thousand, to the cent."""

LEVELS = (
    st.integers(min_value=0, max_value=1000)
    .filter(lambda tenths: not 0 < tenths <= 10)
    .map(lambda tenths: Fraction(tenths, 10))
)
"""Percentages with one decimal; none that looks like a fraction of 1."""


def months(facts: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """The facts of January 2026, February 2026 and so on."""
    return {f"2026-{index:02}": one for index, one in enumerate(facts, 1)}


def small(clauses: str, head: str = HEAD) -> Small:
    """A contract with a fee, a level and a claim as its measures."""
    return Small(clauses, head=head)
