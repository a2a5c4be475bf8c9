"""What all clauses share: a name, their number in the contract, and their words."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from bpo_contracts.contract.fields import Formulas, FormulaText, Model, Names, NameText, Text

if TYPE_CHECKING:
    from bpo_contracts.contract.lowering import Lowering

Family = Literal["charge", "credit", "bonus", "both ways", "none"]
"""Which way a kind moves the invoice: ``charge`` is billed, ``credit`` lowers, ``bonus`` raises, ``both ways`` by
its sign."""


class Clause(Model):
    """One numbered provision. ``name`` is what formulas call it; ``clause`` its number; ``words`` the contract's
    own."""

    family: ClassVar[Family] = "none"
    judged: ClassVar[bool] = True
    """Whether its lines say met or missed; money that is only held, returned or set off applies or does not."""

    kind: str
    name: NameText
    clause: Text
    words: Text
    title: Text | None = None

    @property
    def says(self) -> str:
        """What people call the clause: its title, or its name."""
        return self.title or self.name.replace("_", " ")

    @property
    def keeps(self) -> str:
        """What it keeps for later periods, in words ("money held back"); "" for a clause that keeps nothing."""
        return ""

    @property
    def falls_with_clause(self) -> bool:
        """Whether what it keeps would be lost if the clause were taken out; not where it only is a right to more."""
        return True

    def lower(self, into: Lowering) -> None:
        """Adds the clause's figures, lines and limits."""
        raise NotImplementedError


class GatedClause(Clause):
    """A clause that may hold only under conditions, and once for each lot or item.

    ``only_if``: all must hold, else the gate is closed and the clause pays nothing. ``unless``: any one excuses.
    ``where``:
    the lots or items the clause is about at all. ``rounded``: whether each item of a list is rounded or only their
    sum; to be said where the clause is about a list. Where it is about lots, ``rounded: the sum`` makes their lines sum
    to the rounded sum: each is brought down to the cent, and the cents that are left go to the largest remainders,
    of equal ones to the first by name.
    """

    for_each: Names = ()
    where: FormulaText | None = None
    only_if: Formulas = ()
    unless: Formulas = ()
    rounded: Literal["each item", "the sum"] | None = None
