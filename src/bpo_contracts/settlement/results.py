"""A settlement: all that one period's performance changes on its invoice, as values.

The JSON form (``Settlement.document``) is what is sealed, stored and compared; these are for programs that read results.
Credits are below zero.
"""

from __future__ import annotations

from typing import Literal

from bpo_contracts.trail.step import Step
from bpo_contracts.values.frozen import frozen
from bpo_contracts.values.money import Money

Scope = tuple[tuple[str, str], ...]
"""Which lot a line is about: dimension and value, sorted; empty for the contract as a whole."""

Status = Literal[
    "met", "missed", "below minimum", "exceeded", "not reached", "applies", "no data", "gate closed", "excused"
]


@frozen
class Charge:
    """One billed line before adjustments. ``name`` is the clause's own name, ``says`` its title for people."""

    clause: str
    name: str
    kind: str
    says: str
    scope: Scope
    amount: Money
    trail: Step


@frozen
class Adjustment:
    """One signed invoice line that follows from one clause: credits below zero, bonuses above.

    ``gross`` is the amount before caps and collars, with the same sign. ``status`` says whether the clause applied.
    """

    clause: str
    name: str
    kind: str
    says: str
    scope: Scope
    status: Status
    gross: Money
    amount: Money
    trail: Step


@frozen
class Determination:
    """Whether a clause applies this period: its status, and the rows and gates that were reached."""

    clause: str
    name: str
    scope: Scope
    status: Status
    reached: tuple[tuple[str, str], ...]
    """(question, branch) as written in the contract."""
    unpaid: tuple[tuple[str, str], ...] = ()
    """(item, reason) of each item of a list that the clause pays nothing for: ``excused``, ``gate closed``,
    ``below the smallest amount``, ``not about it``."""


@frozen
class Consequence:
    """A result other than money, with the step that triggered it."""

    clause: str
    name: str
    scope: Scope
    says: str
    holds: bool
    trail: Step


@frozen
class Totals:
    """Sums over the lines, in the contract's currency. ``net = charges + adjustments``."""

    charges: Money
    adjustments: Money
    net: Money


@frozen
class Lot:
    """The totals of one scope (a carrier, a site), where lines are per scope."""

    scope: Scope
    totals: Totals


@frozen
class EngineUse:
    """An engine that determined this settlement: its name, version, and how it took part."""

    name: str
    version: str
