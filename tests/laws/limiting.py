"""What a limit of a written contract says, worked out from the document and the invoice lines alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

from tests.laws.drawn import Settled, amount_of, lines_of, steps_of

from bpo_contracts.terms.phrases import parse_rounding
from bpo_contracts.values.rounding import Rounding
from bpo_contracts.values.sources import NOWHERE

Document = dict[str, Any]

FAMILY = {
    "base_fee": "charge", "transaction_charge": "charge", "service_credit": "credit", "liquidated_damages": "credit",
    "tariff": "credit", "bonus": "bonus", "award_fee": "bonus", "incentive": "both ways",
}  # fmt: skip


def kind_of(clause: Document) -> str:
    return next(key for key in clause if key in FAMILY or key in ("cap", "collar", "consequence"))


def name_of(clause: Document) -> str:
    return str(clause[kind_of(clause)])


@dataclass(frozen=True)
class Limit:
    """A cap or collar in one lot (``lot`` is empty where it is not for each)."""

    drawn: Settled
    clause: Document
    members: tuple[Document, ...]
    lot: tuple[tuple[str, str], ...]

    @property
    def name(self) -> str:
        return name_of(self.clause)

    @property
    def names(self) -> set[str]:
        return {name_of(member) for member in self.members}

    @property
    def signed(self) -> bool:
        """Whether bonuses count above zero and credits below; else amounts count as they are."""
        families = {FAMILY[kind_of(member)] for member in self.members}
        return "collar" in self.clause or len(families) > 1 or families == {"both ways"}

    @property
    def rounding(self) -> Rounding:
        text = self.clause.get("round", self.drawn.written["rounding"]["lines"])
        parsed = parse_rounding(text, (), NOWHERE)
        assert parsed is not None
        return parsed[0]

    @property
    def carriers(self) -> list[str]:
        """The caps that carry the excess of these members, the first to act first."""
        own = [one for one in self.drawn.written["clauses"] if "cap" in one and one["limits"] == self.clause["limits"]]
        carrying = [one for one in own if one["excess"] == "carried"]
        return [name_of(one) for one in sorted(carrying, key=lambda one: "after" in one)]

    @property
    def item(self) -> str:
        return ",".join(value for _, value in self.lot)

    def granted(self, period: int) -> Fraction:
        """What the invoice of a period has for the members in this lot, also of what was carried.

        Of a cap whose excess is lost beside one that carries, it is what was granted and is paid sooner or later.
        """
        if self.clause["excess"] == "lost" and self.carriers:
            return Fraction(steps_of(self.drawn.documents[period])[f"{self.carriers[0]}.new", self.item]["value"])
        return self.paid(period)

    def paid(self, period: int) -> Fraction:
        """The same as the invoice has it."""
        names = self.names | {f"{carrier}.carried_paid" for carrier in self.carriers}
        lines = [line for line in lines_of(self.drawn.documents[period]) if line["name"] in names]
        own = [line for line in lines if set(self.lot) <= set(line["scope"].items())]
        total = sum((amount_of(line) for line in own), Fraction(0))
        return total if self.signed else abs(total)

    def amount(self, field: str, period: int) -> Fraction:
        """The amount a field of the limit says: ``600.00 EUR``, or ``10.0 % of fee`` by the settled fee."""
        text: str = self.clause[field]
        number, unit, *base = text.split(" ") if " " in text else (text, "")
        if unit != "%":
            return Fraction(number)
        steps = steps_of(self.drawn.documents[period])
        items = ["", *(",".join(value for _, value in part) for part in _parts(self.lot))]
        step = next(steps[base[-1], item] for item in items if (base[-1], item) in steps)
        return Fraction(number) * Fraction(step["value"]) / 100

    def window(self, period: int) -> range:
        """The earlier periods whose grants count against the limit; reports lie in the first contract year."""
        window: str = self.clause.get("window", "last 1 periods")
        if not window.startswith("last"):
            return range(period)
        return range(max(0, period - int(window.split(" ")[1]) + 1), period)


def _parts(lot: tuple[tuple[str, str], ...]) -> Iterator[tuple[tuple[str, str], ...]]:
    for kept in product((True, False), repeat=len(lot)):
        part = tuple(pair for pair, keep in zip(lot, kept, strict=True) if keep)
        if part:
            yield part


def limits_of(drawn: Settled) -> Iterator[Limit]:
    """Every cap and collar of the contract, for each of its lots."""
    clauses = drawn.written["clauses"]
    paying = {name_of(clause): clause for clause in clauses if kind_of(clause) in FAMILY}
    for clause in clauses:
        if kind_of(clause) not in ("cap", "collar"):
            continue
        named = clause["limits"] if isinstance(clause["limits"], list) else [clause["limits"]]
        members = [paying[name] for name in named if name in paying]
        members = members or [one for one in paying.values() if one.get("counts_toward") == named[0]]
        scopes = sorted(clause.get("for_each", ()))
        for values in product(*(drawn.written["scopes"][scope] for scope in scopes)):
            yield Limit(drawn, clause, tuple(members), tuple(zip(scopes, values, strict=True)))
