"""What raises or lowers the invoice: credits, bonuses, incentives, a tariff, with levels, gates and excuses; what is
given back or taken back of it; and what can be used later."""

from __future__ import annotations

from bpo_contracts.testing.drafting.choosing import Document, Gauge, Payer
from bpo_contracts.testing.drafting.prices import Prices


class Payers(Prices):
    """Drafts the clauses that adjust."""

    def ordered(self, gauge: Gauge, tenths: list[int], family: str) -> list[int]:
        """Rates from the lowest row up: where one way is better, better values give no more credit and no less bonus.

        An incentive's table is checked by nobody, and falls in a falling contract only.
        """
        if gauge.direction == "neutral" or (family == "both ways" and not self.falling):
            return tenths
        rising = (gauge.direction == "higher is better") == (family != "credit")
        return sorted(tenths, reverse=not rising)

    def draft_payers(self) -> None:
        """One to four clauses that adjust."""
        for number in range(self.number(1, 4)):
            kind, family = self.one(
                ("service_credit", "credit"),
                ("liquidated_damages", "credit"),
                ("bonus", "bonus"),
                ("incentive", "both ways"),
                ("award_fee", "bonus"),
            )
            per = self.lots()
            name = f"{kind}_{number + 1}"
            toward = self.one("", {"credit": "credits", "bonus": "bonuses", "both ways": "credits"}[family])
            clause = self.clause(kind, name, per) | self.shape(family, per)
            clause |= {"counts_toward": toward} if toward else {}
            clause |= self.gates(per) if self.rarely() and not self.falling else {}
            self.add(family, clause, name, per, toward)
        if self.rarely():
            self.draft_tariff()
        if not self.falling:
            self.draft_returns()
        if self.rarely() and not self.falling:
            self.draft_carry_forward()
        if self.rarely() and not self.falling:
            self.draft_true_up()

    def shape(self, family: str, per: tuple[str, ...]) -> Document:
        """How a clause comes to its amount."""
        fitting = self.within(per, self.gauges)
        if not fitting:
            return (
                {"amount": self.money(500)}
                if self.yes()
                else {"rate": self.percent(self.number(0, 200))} | self.base(per)
            )
        gauge = self.one(*fitting)
        shapes = ["table", "line"] if self.falling else ["table", "line", "slices", "per", "rate", "amount"]
        shape = self.one(*shapes)
        if shape == "slices" and not gauge.noun:
            shape = "table"
        if shape in ("table", "line"):
            return {"measure": gauge.name} | self.rated(gauge, family, per, shape)
        if shape == "slices":
            gives = [self.unit_price(gauge) for _ in range(self.number(2, 3))]
            return {
                "measure": gauge.name,
                "slices": self.rows(gauge, gives, direct=True, slices=True),
            } | self.own_limits()
        if shape == "per":
            step = gauge.text(self.number(1, max(1, gauge.high // 3)))
            parts = self.one("ignored", "counted", "pro rata", "nearest")
            steps = {"measure": gauge.name, "per": step, "part_steps": parts, "rate": self.percent(self.number(0, 50))}
            most = {"rate_at_most": self.percent(self.number(0, 300))} if self.yes() else {}
            return steps | most | self.base(per) | self.levels(gauge)
        if shape == "rate":
            share = [name for name, of in self.shares if set(of) <= set(per)]
            return {"rate": share[0] if share else self.percent(self.number(0, 200))} | self.base(per)
        return {"amount": self.own_amount(gauge, per)} | self.own_limits()

    def own_amount(self, gauge: Gauge, per: tuple[str, ...]) -> str:
        """A formula that is money already."""
        base = self.base(per)["of"]
        options = [self.money(500), f"{self.percent(self.number(0, 200))} of {base}", f"min({self.money(500)}, {base})"]
        if gauge.noun:
            options.append(f"{self.unit_price(gauge)} * {gauge.name}")
        return self.one(*options)

    def rated(self, gauge: Gauge, family: str, per: tuple[str, ...], shape: str) -> Document:
        """A table or line of percentages of a base, or of amounts."""
        count = self.number(2, 4)
        lowest = -100 if family == "both ways" else 0
        tenths = [self.number(lowest, 200) if self.yes() else 0 for _ in range(count)]
        in_money = self.rarely()
        rates = self.ordered(gauge, tenths, family)
        gives = [self.rate(rates[0], in_money), *(self.give(one, in_money) for one in rates[1:])]
        if shape == "line":
            points = [gauge.text(cut) for cut in self.cuts(gauge, count)]
            rated: Document = {"line": dict(zip(points, gives, strict=True))} | self.levels(gauge)
        else:
            rated = {"table": self.rows(gauge, gives, direct=True)}
            rated |= self.levels(gauge) if family != "credit" else self.levels_of_credit(gauge, rates)
            share = [name for name, of in self.shares if set(of) <= set(per)]
            if share and not in_money and not self.falling and "expected" not in rated and self.yes():
                rated["table"] |= {next(iter(rated["table"])): share[0]}
        if in_money:
            return rated | self.own_limits()
        if self.rarely():
            rated["multiplied_by"] = self.one("2", ["1.5", "0.5"])
        if self.rarely():
            rated["rate_at_most"] = self.percent(self.number(0, 150))
        return rated | self.base(per)

    def rate(self, tenths: int, in_money: bool) -> str:
        """A rate, from its tenths of a percent or whole amounts."""
        return f"{tenths} {self.currency}" if in_money else self.percent(tenths)

    def give(self, tenths: int, in_money: bool) -> str:
        """A rate; nothing is written as a bare zero or in a word."""
        return self.rate(tenths, in_money) if tenths else self.one("none", "0")

    def base(self, per: tuple[str, ...]) -> Document:
        """What a percentage is of: an amount of the same lots or of none; else the sum over lots."""
        fitting = [name for name, of in self.bases if set(of) <= set(per)]
        if fitting:
            return {"of": self.one(*fitting)}
        name, of = self.bases[0]
        return {"of": f"(sum of {name} for each {','.join(sorted(of))})"} if len(of) == 1 else {"of": self.money()}

    def own_limits(self) -> Document:
        """The most of one clause alone."""
        return {"at_most": self.money(800)} if self.rarely() else {}

    def levels(self, gauge: Gauge) -> Document:
        """Service levels anywhere in the range."""
        if gauge.direction == "neutral" or not self.rarely():
            return {}
        words = "or more" if gauge.direction == "higher is better" else "or less"
        values = self.cuts(gauge, 3)
        worst, promised, best = values if gauge.direction == "higher is better" else reversed(values)
        levels = {"expected": f"{gauge.text(promised)} {words}"}
        levels |= {"minimum": f"{gauge.text(worst)} {words}"} if self.yes() else {}
        return levels | ({"stretch": f"{gauge.text(best)} {words}"} if self.yes() else {})

    def levels_of_credit(self, gauge: Gauge, rates: list[int]) -> Document:
        """What is expected costs nothing, and everything worse costs something: level and table share an end."""
        free = [not rate for rate in rates]
        if gauge.direction == "neutral" or all(free) or not any(free) or self.rarely():
            return {}
        higher = gauge.direction == "higher is better"
        cut, own = self.ends[free.index(True) - 1 if higher else free.index(False) - 1]
        if higher:
            return {"expected": f"over {gauge.text(cut)}" if own else f"{gauge.text(cut)} or more"}
        return {"expected": f"{gauge.text(cut)} or less" if own else f"under {gauge.text(cut)}"}

    def draft_returns(self) -> None:
        """A credit that is earned back, a bonus that is taken back."""
        for family, kind in (("credit", "earn_back"), ("bonus", "claw_back")):
            returned = [payer for payer in self.payers if payer.family == family and payer.name != "outage_tariff"]
            if not returned or not self.rarely():
                continue
            of = returned[0]
            clause = self.clause(kind, kind, of.per) | {"returns": of.name}
            if kind == "earn_back":
                clause |= self.stages() | self.of_credits(of.per)
            else:
                clause |= {"within": self.span(2), "rate": self.percent(self.number(1, 1000))}
                clause |= self.gates(of.per) if self.yes() else {}
            self.returned.add(of.name)
            self.add("bonus" if kind == "earn_back" else "credit", clause, kind, of.per)

    def stages(self) -> Document:
        """When how much of a credit comes back: once, or in two stages."""
        tenths = [self.number(1, 500) for _ in range(2)]
        once, early, late = (f"{periods} {self.every}s" for periods in (self.number(1, 2), 1, self.number(2, 3)))
        if self.yes():
            return {"share": self.percent(sum(tenths)), "after": once}
        parts = zip(("early", "late"), (early, late), tenths, strict=True)
        return {"stages": {name: {"after": after, "share": self.percent(share)} for name, after, share in parts}}

    def of_credits(self, per: tuple[str, ...]) -> Document:
        """What brings a credit back, and which credits can come back."""
        recovered = {"recovered_when": self.condition(per), "no_data": self.one("recovered", "not recovered")}
        return recovered | ({"forgivable_when": self.condition(per)} if self.rarely() else {})

    def event(self, per: tuple[str, ...]) -> str:
        """A yes or no that has an answer in every period: of the calendar, or of a measure."""
        of = ["the term", "this contract year", *self.within_years("this quarter", "this half-year")]
        events = [f"{which} {self.every} of {one}" for which in ("last", "first") for one in of]
        for gauge in self.within(per, self.gauges):
            least = gauge.text(self.number(gauge.low, gauge.high))
            events.append(f"({gauge.name} or else {gauge.text(gauge.low)}) is at least {least}")
        return self.one(*events)

    def draft_true_up(self) -> None:
        """A final amount against what was paid meanwhile by a clause, or by all of the same lots and the same way."""
        payers = [one for one in self.payers if one.name not in self.returned]
        first = self.one(*payers)
        alike = [one.name for one in payers if (one.per, one.family) == (first.per, first.family)]
        windows = ["this contract year", "the whole contract", f"last {self.span(3)}", "this calendar year"]
        clause = self.clause("true_up", "final_account", first.per) | {"final": self.money(2000)}
        clause |= {"interim": alike if self.yes() else [first.name], "final_when": self.event(first.per)}
        clause["over"] = self.one(*windows, *self.within_years("this quarter", "this half-year"))
        self.returned |= set(clause["interim"])
        self.settled |= set(clause["interim"])
        self.clauses.append(clause | ({"round": self.rounding()} if self.rarely() else {}))

    def draft_carry_forward(self) -> None:
        """What was not used can be used later, until it lapses; a rebate pays for it."""
        fitting = [gauge for gauge in self.gauges if gauge.noun or gauge.unit == self.currency]
        if not fitting:
            return
        gauge = self.one(*fitting)
        known = f"({gauge.name} or else {gauge.text(0)})"
        arises, used = (gauge.text(self.number(gauge.low, gauge.high)) for _ in range(2))
        clause = self.clause("carry_forward", "rights", gauge.per) | {"arises": f"{arises} - {known}"}
        clause |= {"used": f"{known} - {used}", "used_from": self.one("the same period", "the next period")}
        clause |= {"used_first": self.one("oldest", "newest"), "round": "unrounded"}
        ends = self.one("lapses_at", "lapses", "due", "")
        if not ends or self.yes():
            clause["lapses_after"] = self.span(3)
        if ends:
            clause |= {"lapses_at": "end of contract year"} if ends == "lapses_at" else {"at_end_of_term": ends}
        self.clauses.append(clause)
        paid = "(rights.used + rights.due)" if ends == "due" else "rights.used"
        amount = f"{paid} * {self.unit_price(gauge)}" if gauge.noun else paid
        toward = self.one("", "credits")
        rebate = self.clause("rebate", "used_rights", gauge.per) | {"amount": amount}
        self.add("credit", rebate | ({"counts_toward": toward} if toward else {}), "used_rights", gauge.per, toward)

    def draft_tariff(self) -> None:
        """So much for every outage of a list, by its length."""
        self.lists["outages"] = {
            "columns": {"ticket": "word", "length": "minutes", "planned": "yes/no"},
            "key": "ticket",
            "words": {"ticket": ["T0", 'T"1\\', "T2 β"]},
            "missing": "none happened",
        }
        if self.yes():
            self.draft_histories()
        clause = self.clause("tariff", "outage_tariff") | {"for_each": "outages", "counts_toward": "credits"}
        clause |= {"rounded": self.one("each item", "the sum"), "only_if": "not planned"}
        if self.yes():
            gives = [self.rate(self.number(0, 90), True) for _ in range(2)]
            end = self.number(1, 90)
            clause |= {
                "measure": "length",
                "table": {f"{end} minutes or less": gives[0], f"over {end} minutes": gives[1]},
            }
        else:
            time = self.one("length", *(name for name in ("so_long", "again") if name in self.figures))
            clause |= {"amount": f"{self.money(3)} per minute * {time}"}
        self.clauses.append(clause)
        self.payers.append(Payer("outage_tariff", "credit", (), "credits"))

    def draft_histories(self) -> None:
        """How long an outage lasts with the periods before it, and how long those of its kind do by now."""
        window = self.one(
            f"last {self.span(3)} (short history: the {self.every}s there are)", f"all {self.every}s so far"
        )
        own = f"sum of length over {window} (missing: skip)"
        self.figures["so_long"] = {"for_each": "outages", "formula": own}
        alike = "ticket is this item's ticket" if self.yes() else "planned is this item's planned"
        inner = f"sum of length for each outages where ({alike}) (none found: 0 minutes)"
        self.figures["again"] = {"for_each": "outages", "formula": f"sum of ({inner}) over {window}"}
