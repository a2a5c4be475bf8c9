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
    "minimum_commitment": "charge", "rebate": "credit", "claw_back": "credit", "earn_back": "bonus",
}  # fmt: skip

OTHERS = (
    "cap", "collar", "smallest_payment", "carry_forward", "consequence", "holdback", "advance", "true_up", "indexation",
)  # fmt: skip
ALONE = "last 1 "
"""How a window of one period begins: no earlier one counts."""
MONTHS = {"month": 1, "quarter": 3, "half-year": 6, "year": 12}


def kind_of(clause: Document) -> str:
    return next(key for key in clause if key in FAMILY or key in OTHERS)


def name_of(clause: Document) -> str:
    return str(clause[kind_of(clause)])


@dataclass(frozen=True)
class Limit:
    """A cap, collar or smallest payment in one lot (``lot`` is empty where it is not for each)."""

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
    def beside(self) -> list[Document]:
        """The limits on the same amounts as this one."""
        return [one for one in self.drawn.written["clauses"] if one.get("limits") == self.clause["limits"]]

    @property
    def carriers(self) -> list[str]:
        """What carries the excess of these members to later periods, the first to act first."""
        carrying = [one for one in self.beside if excess_of(one) == "carried"]
        return [name_of(one) for one in sorted(carrying, key=lambda one: "after" in one)]

    def said(self, period: int) -> Document:
        """The limit as it is in force in a period."""
        clauses: list[Document] = self.drawn.version(period)["clauses"]
        return next(one for one in clauses if name_of(one) == self.name)

    @property
    def item(self) -> str:
        return ",".join(value for _, value in self.lot)

    def holds(self, other: Limit) -> bool:
        """Whether this limit stands around another one, and can cut what that leaves."""
        return self.names > other.names or (self.names == other.names and len(self.lot) < len(other.lot))

    def granted(self, period: int) -> Fraction:
        """What the invoice of a period has for the members in this lot, also of what was carried.

        Of a limit whose excess is lost before one that carries, it is what was granted and is paid sooner or later; after
        one, it is all that is paid.
        """
        if excess_of(self.clause) == "lost" and self.carriers:
            if "after" in self.clause:
                return self.paid(period) + self.at_the_end(period)
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
        text: str = self.said(period)[field]
        number, unit, *base = text.split(" ") if " " in text else (text, "")
        if unit != "%":
            return Fraction(number)
        steps = steps_of(self.drawn.documents[period])
        items = ["", *(",".join(value for _, value in part) for part in _parts(self.lot))]
        step = next(steps[base[-1], item] for item in items if (base[-1], item) in steps)
        return Fraction(number) * Fraction(step["value"]) / 100

    def at_the_end(self, period: int) -> Fraction:
        """What the invoice of the last period of the term has beyond the caps, of what is still carried."""
        # Of what a later limit leaves of it the line has the name of the carrier alone.
        names = {*self.carriers, *(f"{carrier}.paid_at_the_end" for carrier in self.carriers)}
        lines = [line for line in lines_of(self.drawn.documents[period]) if line["name"] in names]
        return sum((abs(amount_of(line)) for line in lines if set(self.lot) <= set(line["scope"].items())), Fraction(0))

    def cut_later(self, period: int) -> Fraction:
        """What a limit after those that carry takes of what they pay: that is lost."""
        later = [name_of(one) for one in self.beside if excess_of(one) == "lost" and "after" in one]
        if not later or not self.carriers:
            return Fraction(0)
        steps = steps_of(self.drawn.documents[period])
        ends = [f"{carrier}.paid_at_the_end" for carrier in self.carriers]
        handed = [steps[name, self.item] for name in (f"{self.carriers[-1]}.paid", *ends) if (name, self.item) in steps]
        kept = steps[f"{later[-1]}.paid", self.item]
        return sum((Fraction(step["value"]) for step in handed), Fraction(0)) - Fraction(kept["value"])

    def window(self, period: int) -> list[int]:
        """The earlier periods whose grants count against the limit: none before an amendment that gave it its window."""
        window = window_of(self.drawn, self.said(period).get("window", ALONE), period)
        return [earlier for earlier in window if not self.said(earlier).get("window", ALONE).startswith(ALONE)]

    def freed(self, period: int) -> Fraction:
        """What was given back, until the period before this one, of what the periods of the window were granted."""
        if self.clause.get("returned") != "frees room":
            return Fraction(0)
        returning = [one for one in self.drawn.written["clauses"] if one.get("returns") in self.names]
        return sum((self._freed_by(one, period) for one in returning), Fraction(0))

    def _freed_by(self, returner: Document, period: int) -> Fraction:
        parts = returned_by(self, returner, range(period))
        freed = sum((amount for of, amount in parts if of in self.window(period)), Fraction(0))
        return -freed if self.signed and "earn_back" in returner else freed


def excess_of(clause: Document) -> str | None:
    """What becomes of the excess of a limit: of a cap's ``excess``, of what is below a smallest payment."""
    return clause.get("excess", clause.get("below"))


def window_of(drawn: Settled, window: str, period: int) -> range:
    """The periods before a period, counted from the first of the term, that lie in its window."""
    months, first = MONTHS[drawn.written["period"]], drawn.contract.first_period.number
    if window.startswith("last"):
        return range(max(0, period - int(window.split(" ")[1]) + 1), period)
    if window == "the whole contract":
        return range(period)
    length = {"this quarter": 3, "this half-year": 6}.get(window, 12)
    of = [number * months // length for number in range(period + 1)]  # the contract year begins with the term
    if window != "this contract year":
        of = [(first + number) * months // length for number in range(period + 1)]
    return range(of.index(of[-1]), period)


def returned_by(limit: Limit, returner: Document, periods: range) -> Iterator[tuple[int, Fraction]]:
    """What an earn-back or claw-back gave back in these periods, with the period in which it had been granted."""
    if "earn_back" in returner:
        ages = sorted(int(one["after"].split(" ")[0]) for one in returner.get("stages", {"": returner}).values())
        for period in periods:
            steps = steps_of(limit.drawn.documents[period])
            for lot, amount in _given_back(limit, returner, period):
                for age in reversed(ages):  # what is rounded away is of the last stage that comes back
                    stage = Fraction(steps[f"{name_of(returner)}.after_{age}", lot]["value"])
                    yield period - age, min(stage, amount) if len(ages) > 1 else amount
                    amount -= min(stage, amount)
        return
    within, still_open = int(returner["within"].split(" ")[0]), dict[tuple[str, int], Fraction]()
    for period in periods:
        for lot, amount in _given_back(limit, returner, period):
            for of in range(max(0, period - within), period):  # the oldest first
                part = min(amount, still_open[lot, of])
                still_open[lot, of] -= part
                amount -= part
                yield of, part
            assert amount == 0, (name_of(returner), period)
        for line in lines_of(limit.drawn.documents[period]):
            if line["name"] == returner["returns"]:
                still_open[_lot(line), period] = abs(amount_of(line))


def _given_back(limit: Limit, returner: Document, period: int) -> Iterator[tuple[str, Fraction]]:
    """What comes back in one period, for each lot that the limit is about."""
    for line in lines_of(limit.drawn.documents[period]):
        if line["name"] == name_of(returner) and set(limit.lot) <= set(line["scope"].items()):
            step = steps_of(limit.drawn.documents[period])[name_of(returner), _lot(line)]
            yield _lot(line), Fraction(step["value"])


def _lot(line: Document) -> str:
    return ",".join(line["scope"][scope] for scope in sorted(line["scope"]))


def _parts(lot: tuple[tuple[str, str], ...]) -> Iterator[tuple[tuple[str, str], ...]]:
    for kept in product((True, False), repeat=len(lot)):
        part = tuple(pair for pair, keep in zip(lot, kept, strict=True) if keep)
        if part:
            yield part


def limits_of(drawn: Settled) -> Iterator[Limit]:
    """Every cap, collar and smallest payment of the contract, for each of its lots."""
    clauses = drawn.written["clauses"]
    paying = {name_of(clause): clause for clause in clauses if kind_of(clause) in FAMILY}
    for clause in clauses:
        if kind_of(clause) not in ("cap", "collar", "smallest_payment"):
            continue
        named = clause["limits"] if isinstance(clause["limits"], list) else [clause["limits"]]
        members = [paying[name] for name in named if name in paying]
        members = members or [one for one in paying.values() if one.get("counts_toward") == named[0]]
        scopes = sorted(clause.get("for_each", ()))
        for values in product(*(drawn.written["scopes"][scope] for scope in scopes)):
            yield Limit(drawn, clause, tuple(members), tuple(zip(scopes, values, strict=True)))
