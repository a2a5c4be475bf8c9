"""What is billed: base fees, prices by unit, slices, volume and package; and the rows of every table."""

from __future__ import annotations

from bpo_contracts.testing.drafting.choosing import Document, Gauge, Payer
from bpo_contracts.testing.drafting.measures import Measures


class Prices(Measures):
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
            self.add("charge", self.clause("base_fee", "base", per) | {"amount": self.money()}, "base", per)
        for gauge in [one for one in self.gauges if one.noun or one.unit == self.currency][: self.number(1, 2)]:
            per = gauge.per if self.yes() or not gauge.per else ()
            name = f"{gauge.name}_fee"
            measure = gauge.name if per == gauge.per else f"sum of {gauge.name} for each {','.join(sorted(gauge.per))}"
            if per != gauge.per and len(gauge.per) > 1:
                per, measure = gauge.per, gauge.name
            clause = self.clause("transaction_charge", name, per) | {"measure": measure}
            self.add("charge", clause | self.price(gauge, direct=per == gauge.per), name, per)
        if not self.bases:
            self.add("charge", self.clause("base_fee", "base") | {"amount": self.money()}, "base", ())

    def price(self, gauge: Gauge, *, direct: bool) -> Document:
        """A price by unit, slices, volume or package."""
        shape = self.one("price", "slices", "table", "per")
        if not gauge.noun:
            shape = self.one("slices", "table")
        if shape == "per":
            per = gauge.text(self.number(1, max(1, gauge.high // 4)))
            parts = self.one("ignored", "counted", "pro rata", "nearest")
            return {"price": self.money(50), "per": per, "part_steps": parts}
        if shape == "price":
            return {"price": self.unit_price(gauge)}
        gives = [self.unit_price(gauge) for _ in range(self.number(2, 4))]
        return {shape: self.rows(gauge, gives, direct=direct, slices=shape == "slices")}

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
