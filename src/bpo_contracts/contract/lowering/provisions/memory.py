"""What clauses know of earlier periods: what failed in them, in a row or in a window; what was kept, how long, what lapses
of it, and what is left when the term ends."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Final, Literal

from bpo_contracts.contract.clauses.base import Clause
from bpo_contracts.contract.lowering.at_hand import AtHand
from bpo_contracts.contract.lowering.provisions.lots import AGES_MAX, First, Life, Lots, ends_with
from bpo_contracts.contract.lowering.results import Outcome, left_outcome
from bpo_contracts.terms import nodes as n
from bpo_contracts.terms.nodes import ZERO
from bpo_contracts.values.sources import Source
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


def lapsed(
    into: AtHand, clause: Any, before: n.AnyNode, added: n.Name, used: n.Name, *, at_once: bool
) -> n.Name | None:
    """What lapses of the lots of a clause that has ``used_first``, ``lapses_after`` and ``lapses_at``."""
    place = into.opening()
    life = life_of(into, clause, clause.used_first, place)
    lots = Lots(clause.name, into.add, life, to_date="added_to_date", place=place)
    return lots.lapsed(before, added, used, at_once=at_once)


def life_of(into: AtHand, clause: Any, first: First, place: Source) -> Life:
    """How long what a clause keeps lives, by ``lapses_after``, ``lapses_at`` and ``at_end_of_term``."""
    lapses = clause.at_end_of_term == "lapses"
    of: tuple[Literal["year", "term"], ...] = ("year",) if clause.lapses_at else ("term",) if lapses else ()
    return Life(first, _age(into, clause), ends_with(into.contract, *of, place=place))


def only_at_the_end(into: AtHand, left: n.AnyNode) -> n.AnyNode:
    """What is left, in the last period of the term; nothing before."""
    place = into.place("at_end_of_term")
    ended = ends_with(into.contract, "term", place=place)
    if ended is None:
        raise AssertionError("a term has an end")
    asks = f"does the term end with this period (clause {into.here.clause})?"
    return n.Choose(ended, left, ZERO, asks, source=place)


def at_the_end(into: AtHand, suffix: str, left: n.AnyNode, says: str) -> n.Name:
    """A figure of what is left, in the last period of the term; nothing before."""
    return into.add(suffix, only_at_the_end(into, left), says)


def left_over(into: AtHand, clause: Clause, balance: str, what: str) -> None:
    """Says in the last period what is left in a balance, where the contract does not say what becomes of it."""
    full = into.full_name(balance)
    left = into.add("left_over", is_left(into, full, into.opening()), "whether something is left")
    into.collected.outcomes.append(left_outcome(clause, left.name, full, into.per_of(clause), what))


def says_what_is_lost(into: AtHand, clause: Clause, lost: str, suffix: str, happens: str) -> None:
    """Says in every period in which something is lost for good how much that is: no invoice line shows it.

    ``lost`` is the figure of the amount, which ``happens`` names as ``{left}``; ``suffix`` the one that asks.
    """
    some = n.Test(">", into.name(lost), ZERO, source=into.opening())
    into.add(suffix, some, "whether something is forfeited")
    outcome = Outcome(clause, into.full_name(suffix), into.per_of(clause), happens, into.full_name(lost))
    into.collected.outcomes.append(outcome)


def is_left(into: AtHand, balance: str, place: Source) -> n.AnyNode:
    """Whether the term ends with this period and a balance is not empty."""
    ended = ends_with(into.contract, "term", place=place)
    some = n.Test(">", n.Name(balance, source=place), ZERO, source=place)
    return n.Every((some,) if ended is None else (ended, some), source=place)


def _age(into: AtHand, clause: Any) -> int | None:
    """How many periods lots live after their own; None if no age ends them."""
    if clause.lapses_after is None:
        return None
    age = into.span(clause.lapses_after, "lapses_after")
    newest = "newest" in (getattr(clause, "used_first", ""), getattr(clause, "paid_first", ""))
    if newest and age > AGES_MAX:
        problem = f"Lots that live {age} periods, the newest used first: at most {AGES_MAX} are kept apart."
        into.refused_at("BPO278", "too-many-ages", problem, "lapses_after")
        return 1
    return age
