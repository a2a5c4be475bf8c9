"""What is billed: base fees, prices by unit, slices, volume, package and words, minimums; and the rows of every table."""

from __future__ import annotations

from typing import Final

from bpo_contracts.testing.drafting.choosing import Document, Gauge, Payer
from bpo_contracts.testing.drafting.indices import Indices

WAYS: Final = ("by days in the month", "by 30-day months", "by 365-day years", "full", "none")
"""How a clause counts a period that lies in the term only in part."""


class Prices(Indices):
    """Drafts charges and named figures."""

    def clause(self, kind: str, name: str, per: tuple[str, ...] = ()) -> Document:
        """What every clause has."""
        number = self.one("3.1", "4.2", "4.10", "4.2 (b)")
        clause: Document = {kind: name, "clause": number, "words": self.words()}
        if self.rarely():
            clause["title"] = self.words()
        return clause | ({"for_each": list(per)} if per else {})

    def draft_charges(self) -> None:
        """At least one charge."""
        if self.yes():
            per = self.lots()
            self.add("charge", self.base_fee(per), "base", per)
        for gauge in [one for one in self.gauges if one.noun or one.unit == self.currency][: self.number(1, 2)]:
            per = gauge.per if self.yes() or not gauge.per else ()
            name = f"{gauge.name}_fee"
            measure = gauge.name if per == gauge.per else f"sum of {gauge.name} for each {','.join(sorted(gauge.per))}"
            if per != gauge.per and len(gauge.per) > 1:
                per, measure = gauge.per, gauge.name
            clause = self.clause("transaction_charge", name, per) | {"measure": measure}
            price = self.price(gauge, direct=per == gauge.per)
            self.add("charge", clause | price | self.beside_the_price(), name, per)
        if not self.bases:
            self.add("charge", self.base_fee(()), "base", ())
        if self.rarely():
            self.draft_minimum()
        if self.rarely():
            self.draft_payments()

    def base_fee(self, per: tuple[str, ...]) -> Document:
        """So much for each period."""
        amount = self.draft_index() if self.rarely() else self.money()
        return self.clause("base_fee", "base", per) | {"amount": amount} | self.part_period()

    def part_period(self) -> Document:
        """What a period counts that lies in the term only in part; nothing where there is none."""
        return {"part_period": self.one(*WAYS)} if self.term.in_parts else {}

    def draft_minimum(self) -> None:
        """So much is bought in each window, or what is missing is paid for."""
        fitting = [gauge for gauge in self.gauges if gauge.noun]
        if not fitting:
            return
        gauge = self.one(*fitting)
        bought = f"({gauge.name} or else {gauge.text(0)})"
        in_each = self.one(
            "period", "contract year", "calendar year", "term", *self.within_years("quarter", "half-year")
        )
        clause = self.clause("minimum_commitment", "shortfall", gauge.per) | {"bought": bought, "in_each": in_each}
        clause |= {"minimum": gauge.text(self.number(0, 3 * gauge.high))}
        clause |= self.one({"price_of_shortfall": self.unit_price(gauge)}, {"fixed_sum": self.money()})
        if in_each == "period":
            clause |= self.part_period()
        elif self.term.cuts(in_each):
            clause["part_window"] = self.one("pro rata", "full", "none")
            clause |= self.part_period() if clause["part_window"] == "pro rata" else {}
        self.add("charge", clause, "shortfall", gauge.per)

    def draft_payments(self) -> None:
        """A percentage of each payment of a list by words, and fees beside it."""
        columns = {"paid": self.currency, "region": "word", "urgent": "yes/no"}
        words = {"region": ["inland", "abroad"]}
        self.lists["payments"] = {"columns": columns, "words": words, "missing": "none happened"}
        clause = self.clause("transaction_charge", "payment_fee") | {"for_each": "payments", "measure": "paid"}
        clause |= {"rounded": self.one("each item", "the sum")} | self.beside_the_price(always=True)
        if self.yes():
            rows = [self.percent(self.number(0, 100)) for _ in range(3)]
            labels = ("inland, no", "any, yes", "abroad, no")
            clause |= {"by": ["region", "urgent"], "table": dict(zip(labels, rows, strict=True))}
        else:
            clause |= {"price": self.percent(self.number(0, 100))}
        self.bases.append(("payment_fee", ()))  # no gate: an item for which it has no answer stops the settlement
        self.clauses.append(clause)
        self.payers.append(Payer("payment_fee", "charge", (), ""))

    def beside_the_price(self, *, always: bool = False) -> Document:
        """What is due besides a price, and the limits of both together."""
        if not always and not self.rarely():
            return {}
        least, most = (f"{end} {self.currency}" for end in sorted(self.choices.several(0, 900, 2)))
        fields = {"fixed_fee": self.money(5), "at_least": least, "at_most": most}
        return {name: value for name, value in fields.items() if self.yes()}

    def price(self, gauge: Gauge, *, direct: bool) -> Document:
        """A price by unit, slices, volume, package or words."""
        words = ["by"] if "worst" in self.measures else []
        shape = self.one("price", "slices", "table", "per", *words)
        if not gauge.noun:
            shape = self.one("slices", "table", *words)
        if shape == "by":
            return self.price_by_words(gauge)
        if shape == "per":
            per = gauge.text(self.number(1, max(1, gauge.high // 4)))
            parts = self.one("ignored", "counted", "pro rata", "nearest")
            return {"price": self.money(50), "per": per, "part_steps": parts}
        if shape == "price":
            return {"price": self.unit_price(gauge)}
        gives = [self.unit_price(gauge) for _ in range(self.number(2, 4))]
        if shape == "slices" and self.yes():
            spans = ["this contract year", "this calendar year", "the whole contract"]
            spans += self.within_years("this quarter", "this half-year")
            return {"slices": self.rows(gauge, gives, direct=False, slices=True), "counted_over": self.one(*spans)}
        return {shape: self.rows(gauge, gives, direct=direct, slices=shape == "slices")}

    def price_by_words(self, gauge: Gauge) -> Document:
        """A price for a word, or for a word and a yes or no."""
        first, second, third = (self.unit_price(gauge) for _ in range(3))
        if "excused" in self.measures and self.yes():
            table = {"P1, any": first, "any, yes": second, "any, no": third} | {
                f"P1, {word}": first for word in ("yes", "no")
            }
            return {"by": ["worst", "excused"], "table": table}
        return {"by": "worst", "table": {"P1": first, "any": second}}

    def unit_price(self, gauge: Gauge) -> str:
        """A price for each unit, or a percentage of money."""
        return f"{self.money(20)} per {gauge.noun}" if gauge.noun else self.percent(self.number(0, 200))

    def add(self, family: str, clause: Document, name: str, per: tuple[str, ...], toward: str = "") -> None:
        """Adds a clause that pays, sometimes with gates and a rounding of its own."""
        if family == "charge":
            self.bases.append((name, per))
            if self.rarely():
                clause |= self.gates(per)
        if self.rarely():
            clause["round"] = self.rounding()
        if per and not self.falling and self.rarely():
            clause["rounded"] = "the sum"
        self.clauses.append(clause)
        self.payers.append(Payer(name, family, per, toward))

    # --- figures

    def draft_figures(self) -> None:
        """A sum of charges, a sum over lots, a condition, a change from period to period."""
        plain = [name for name, per in self.bases if not per]
        lots = [name for name, per in self.bases if len(per) == 1]
        if len(plain) > 1 and self.yes():
            self.figures["fees"] = " + ".join(plain)
            self.bases.append(("fees", ()))
        if lots and self.yes():
            formula = f"sum of {lots[0]} for each {dict(self.bases)[lots[0]][0]}"
            self.figures["all_lots"] = {"formula": formula, "clause": "2.1", "words": self.words()}
            self.bases.append(("all_lots", ()))
        if self.rarely():
            per = self.lots()
            condition = self.condition(per)
            self.figures["in_scope"] = {"formula": condition} | ({"for_each": list(per)} if per else {})
        if self.rarely():
            gauge = self.one(*self.gauges)
            earlier = f"previous {self.every}'s {gauge.name} (before the start: {gauge.text(gauge.low)})"
            self.figures["change"] = {"formula": f"{gauge.name} - {earlier}", "for_each": list(gauge.per)}
            if not gauge.per:
                self.figures["change"].pop("for_each")

    # --- rows

    def cuts(self, gauge: Gauge, count: int) -> list[int]:
        """Different values inside the range, at least two last places apart, in order."""
        drawn = self.choices.several(1, (gauge.high - gauge.low) // 2 - 1, count)
        return [gauge.low + 2 * cut for cut in sorted(drawn)]

    def rows(self, gauge: Gauge, gives: list[str], *, direct: bool, slices: bool = False) -> Document:
        """A table whose rows follow one another without gap or overlap; ``gives`` from the lowest row up."""
        cuts = self.cuts(gauge, len(gives) - 1)
        touching = direct and gauge.stepped and not slices and self.rarely()
        low: tuple[int | None, bool] = (gauge.low, True) if direct and gauge.bounded and self.yes() else (None, False)
        last: tuple[int | None, bool] = (gauge.high, True) if low[0] is not None else (None, False)
        labels: list[str] = []
        self.ends = []
        for cut in cuts:
            own = touching or self.yes()
            self.ends.append((cut, own))
            labels.append(self.label(gauge, low, (cut, own)))
            low = (cut + 1, True) if touching else (cut, not own)
        labels.append(self.label(gauge, low, last))
        if not slices and self.rarely():
            labels[self.number(0, len(labels) - 1)] = "otherwise"
        return dict(zip(labels, gives, strict=True))

    def label(self, gauge: Gauge, low: tuple[int | None, bool], high: tuple[int | None, bool]) -> str:
        """A row in words, from its ends; each says whether it belongs to the row."""
        (start, from_closed), (end, to_closed) = low, high
        if start is None and end is not None:
            word = gauge.text(end)
            return (
                self.one(f"{word} or less", f"{word} or below")
                if to_closed
                else self.one(f"under {word}", f"below {word}")
            )
        if end is None and start is not None:
            word = gauge.text(start)
            return (
                self.one(f"{word} or more", f"{word} or above")
                if from_closed
                else self.one(f"over {word}", f"above {word}")
            )
        if start is None or end is None:
            raise ValueError("a row has at least one end")
        if start == end:
            return f"exactly {gauge.text(start)}"
        first = gauge.text(start) if self.yes() else gauge.text(start).split(" ")[0]
        return f"{'' if from_closed else 'over '}{first} to {'' if to_closed else 'under '}{gauge.text(end)}"
