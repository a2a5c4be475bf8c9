"""What happened in earlier periods, counted: runs in a row, counts in a window, and both begun anew."""

from __future__ import annotations

from fractions import Fraction
from typing import Final, Literal

from bpo_contracts.contract.lowering.at_hand import AtHand
from bpo_contracts.terms import nodes as n
from bpo_contracts.terms.nodes import ZERO
from bpo_contracts.values.units import PLAIN, TRUTH

_ONE: Final = n.Quantity(Fraction(1), PLAIN)

NoData = Literal["counts as failed", "does not count", "is left out"]
"""What a period without data is in a count of failures: a failure, none, or no period at all (a run goes on across
it)."""


def failure(
    into: AtHand, suffix: str, condition: n.AnyNode, no_data: NoData, says: str = "failure in the period"
) -> n.Name:
    """A yes/no figure: whether the period failed (or what ``says`` says), with what a period without data is."""
    if no_data != "is left out":
        answer = n.Literal_(no_data == "counts as failed", TRUTH, source=into.opening())
        condition = n.OrElse(condition, answer, source=into.opening())
    return into.add(suffix, condition, says, unit=TRUTH)


def run(into: AtHand, failed: n.Name, no_data: NoData) -> n.AnyNode:
    """How many periods in a row failed, this one being the last."""
    return _counted(into, "streak", failed, n.Window(None, previous=False), no_data)


def failures(into: AtHand, failed: n.Name, window: n.Window, no_data: NoData) -> n.AnyNode:
    """How many periods of the window failed."""
    return _counted(into, "count", failed, window, no_data)


def run_anew(into: AtHand, suffix: str, failed: n.Name, needed: int, no_data: NoData) -> n.Name:
    """A run that begins again after it has reached ``needed``: ``suffix`` is the run, ``suffix_left`` what goes on."""
    before = into.earlier(f"{suffix}_left")
    in_a_row = into.when(failed, into.plus(before, _ONE), ZERO)
    if no_data == "is left out":
        in_a_row = n.OrElse(in_a_row, before, source=into.opening())
    name = into.add(suffix, in_a_row, "number of periods in a row")
    into.add(f"{suffix}_left", into.when(into.reaches(suffix, needed), ZERO, name), "run that goes on")
    return name


def count_anew(into: AtHand, suffix: str, failed: n.Name, window: n.Window, needed: int, no_data: NoData) -> n.Name:
    """A count within a window of what has not been counted toward an earlier result: ``suffix_open`` since then."""
    counts = into.when(failed, _ONE, ZERO)
    if no_data == "is left out":
        counts = n.OrElse(counts, ZERO, source=into.opening())
    so_far = into.plus(into.earlier(f"{suffix}_left"), counts)
    opened = into.add(f"{suffix}_open", so_far, "number of periods since the last time")
    in_window = failures(into, failed, window, no_data)
    name = into.add(suffix, into.least(in_window, opened), "number of periods that count")
    into.add(f"{suffix}_left", into.when(into.reaches(suffix, needed), ZERO, opened), "number of periods still open")
    return name


def _counted(into: AtHand, kind: n.FoldKind, failed: n.Name, window: n.Window, no_data: NoData) -> n.AnyNode:
    place = into.opening()
    missing: Literal["refuse", "skip"] = "skip" if no_data == "is left out" else "refuse"
    item: n.AnyNode = failed
    if missing == "refuse" and into.per_of(into.here) in into.contract.lists:
        # An item that a period does not have is without data in it.
        without = n.Literal_(no_data == "counts as failed", TRUTH, source=place)
        item = n.OrElse(failed, without, begun=True, source=place)
    return n.Fold(kind, item, window, missing=missing, source=place)
