"""What a clause keeps for later periods: how long, what lapses of it, and what is left when the term ends."""

from __future__ import annotations

from typing import Any, Literal

from bpo_contracts.contract.clauses.base import Clause
from bpo_contracts.contract.lowering.at_hand import AtHand
from bpo_contracts.contract.lowering.provisions.lots import AGES_MAX, First, Life, Lots, ends_with
from bpo_contracts.contract.lowering.results import Outcome, left_outcome
from bpo_contracts.terms import nodes as n
from bpo_contracts.terms.nodes import ZERO
from bpo_contracts.values.sources import Source


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
