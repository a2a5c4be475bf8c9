"""Account: a balance that goes on from period to period by fixed steps, each rounded where it says so.

"From the amount due, the instalment of the month is deducted; the remaining balance bears interest of 1.5 % a month;
both are rounded to the cent" (Accord Project, installment-sale). The order of the steps is the order in which they
are written. An account pays nothing by itself: a charge or a credit takes its amount from the account's figures.

Figures of a clause ``x``: ``x.opening`` (the balance before this period), ``x.step_1``, ``x.step_2`` … (the balance
after each step), ``x`` (the balance at the end).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from bpo_contracts.contract.clauses.base import Clause, Family
from bpo_contracts.contract.fields import FormulaText, Model, Names, Text
from bpo_contracts.terms import nodes as n
from bpo_contracts.values.units import money

if TYPE_CHECKING:
    from bpo_contracts.contract.lowering import Lowering


class AccountStep(Model):
    """One step: ``plus`` or ``less`` an amount, or ``interest``, a percentage of the balance before it. ``round`` is
    said for each.
    """

    plus: FormulaText | None = None
    less: FormulaText | None = None
    interest: FormulaText | None = None
    round: Text

    @model_validator(mode="after")
    def _one_of_three(self) -> AccountStep:
        given = [name for name in ("plus", "less", "interest") if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError("a step of an account is one of plus, less, interest")
        return self


class Account(Clause):
    """``account``: from an ``opening`` balance, ``each_period`` by its steps; ``below_zero``: allowed, or it stops at
    zero.
    """

    kind: Literal["account"] = "account"
    family: ClassVar[Family] = "none"
    opening: FormulaText
    each_period: Annotated[tuple[AccountStep, ...], Field(min_length=1, strict=False)]
    below_zero: Literal["allowed", "stops at zero"]
    for_each: Names = ()

    @property
    def keeps(self) -> str:
        return "a balance"

    def lower(self, into: Lowering) -> None:
        with into.clause(self):
            opening = n.Earlier(self.name, 1, into.formula("opening"), source=into.place("opening"))
            balance = into.add("opening", opening, "opening balance")
            for index, step in enumerate(self.each_period):
                after = self._after(into, index, step, balance)
                balance = into.add(f"step_{index + 1}", after, f"balance after step {index + 1}")
            into.figure("", balance, "balance")

    def _after(self, into: Lowering, index: int, step: AccountStep, balance: n.Name) -> n.AnyNode:
        at = ("each_period", index)
        if step.plus is not None:
            after = into.plus(balance, into.formula_at(step.plus, *at, "plus"))
        elif step.less is not None:
            after = into.minus(balance, into.formula_at(step.less, *at, "less"))
        else:
            rate = into.formula_at(step.interest or "", *at, "interest")
            after = into.plus(balance, n.Of(rate, balance, source=into.place(*at, "interest")))
        if self.below_zero == "stops at zero":
            after = into.not_below_zero(after)
        return into.rounded_at(after, step.round, money(into.contract.currency), *at, "round")
