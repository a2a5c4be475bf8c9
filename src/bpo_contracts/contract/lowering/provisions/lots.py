"""Amounts and rights that are kept for later periods, until they lapse: lots, each of the period it arose in.

A lot can be used in the periods after its own (where the contract says so, in its own as well). It lapses with the end of
the last period it can be used in, with the end of the contract year, or with the end of the term. Whether the oldest or
the newest are used first decides what is left to lapse.

Oldest first needs no lots: of everything that ever arose, in its order, a beginning is gone (used or lapsed); what is older
than its age and not gone lapses now. Newest first, every age has a figure of its own, ``x.left_2`` being what is left of
the lot of two periods ago.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal

from bpo_contracts.contract.contract import Contract
from bpo_contracts.terms import nodes as n
from bpo_contracts.terms.nodes import ZERO
from bpo_contracts.values.frozen import frozen
from bpo_contracts.values.sources import Source

First = Literal["oldest", "newest"]
"""Which lots are used first."""

AGES_MAX: Final = 60
"""The most periods that lots can live where the newest are used first: each age has figures of its own."""

Add = Callable[[str, n.AnyNode, str], n.Name]
"""Adds a figure of the clause at hand: its suffix, its node, and what it is, in words."""


@frozen
class Life:
    """How long lots live: so many periods after their own (None: as long as the term), and until which event.

    ``ends`` is the condition under which everything that is left lapses; None if nothing but age ends a lot.
    """

    first: First
    age: int | None
    ends: n.AnyNode | None


def ends_with(contract: Contract, *of: Literal["year", "term"], place: Source) -> n.AnyNode | None:
    """Whether this is the last period of the contract year, or of the term; None for neither."""
    first, last = contract.first_period.number, contract.last_period.number
    found = tuple(n.PeriodPlace("last", one, first, last, source=place) for one in of)
    return None if not found else found[0] if len(found) == 1 else n.AnyOf(found, source=place)


class Lots:
    """The lots of one clause, as figures: what lapses of them in a period.

    ``name`` is the clause, ``to_date`` the suffix of the figure of what arose to date.
    """

    def __init__(self, name: str, add: Add, life: Life, *, to_date: str, place: Source) -> None:
        self._name, self._add, self._life, self._to_date, self._place = name, add, life, to_date, place

    def lapsed(self, before: n.AnyNode, added: n.Name, used: n.Name, *, at_once: bool = False) -> n.Name | None:
        """What lapses now; None if lots never do.

        ``before`` is what was left when the period began, ``added`` what arises in it, ``used`` what is used. ``at_once``:
        whether this period's own lot can be used already.
        """
        life = self._life
        if life.age is None and life.ends is None:
            return None
        left = self._minus(n.Arithmetic("+", before, added, source=self._place), used)
        if life.age is None:
            return self._all_or(left, ZERO)
        if life.first == "oldest":
            return self._oldest_first(added, used, left, life.age)
        return self._newest_first(added, used, left, life.age, at_once=at_once)

    def _oldest_first(self, added: n.Name, used: n.Name, left: n.AnyNode, age: int) -> n.Name:
        to_date = n.Arithmetic("+", self._earlier(self._to_date), added, source=self._place)
        self._add(self._to_date, to_date, f"{self._to_date.replace('_', ' ')}")
        settled = n.Arithmetic("+", self._earlier("gone_to_date"), used, source=self._place)
        old = self._not_below_zero(self._minus(self._earlier(self._to_date, age), settled))
        lapsed = self._all_or(left, old)
        gone = n.Arithmetic("+", settled, lapsed, source=self._place)
        self._add("gone_to_date", gone, "used or lapsed to date")
        return lapsed

    def _newest_first(self, added: n.Name, used: n.Name, left: n.AnyNode, age: int, *, at_once: bool) -> n.Name:
        """From the youngest lot to the oldest: what is asked of it, and what is left of it."""
        wanted = used
        for periods in range(age):
            lot: n.AnyNode = self._earlier(f"left_{periods - 1}") if periods else added
            asked, of = bool(periods) or at_once, f"the lot of {_ago(periods)}"
            rest = self._not_below_zero(self._minus(lot, wanted)) if asked else lot
            self._add(f"left_{periods}", self._unless_ended(rest), f"left of {of}")
            if asked:
                beyond = self._not_below_zero(self._minus(wanted, lot))
                wanted = self._add(f"asked_beyond_{periods}", beyond, f"asked beyond {of}")
        oldest = self._not_below_zero(self._minus(self._earlier(f"left_{age - 1}"), wanted))
        return self._all_or(left, oldest)

    def _all_or(self, left: n.AnyNode, old: n.AnyNode) -> n.Name:
        if self._life.ends is None:
            return self._add("lapsed", old, "lapsed")
        asks = f"does everything that is left of {self._name} lapse with this period?"
        return self._add("lapsed", n.Choose(self._life.ends, left, old, asks, source=self._place), "lapsed")

    def _unless_ended(self, left: n.AnyNode) -> n.AnyNode:
        if self._life.ends is None:
            return left
        asks = f"does everything that is left of {self._name} lapse with this period?"
        return n.Choose(self._life.ends, ZERO, left, asks, source=self._place)

    def _earlier(self, suffix: str, periods: int = 1) -> n.Earlier:
        return n.Earlier(f"{self._name}.{suffix}", periods, ZERO, source=self._place)

    def _minus(self, whole: n.AnyNode, part: n.AnyNode) -> n.AnyNode:
        return n.Arithmetic("-", whole, part, source=self._place)

    def _not_below_zero(self, item: n.AnyNode) -> n.AnyNode:
        return n.Extreme("max", (item, ZERO), source=self._place)


def _ago(periods: int) -> str:
    return "this period" if not periods else "the period before" if periods == 1 else f"{periods} periods ago"
