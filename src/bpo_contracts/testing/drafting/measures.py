"""What is measured, for which lots, and what is agreed as a value."""

from __future__ import annotations

from typing import Any, Final

from bpo_contracts.testing.drafting.choosing import MODES, Choosing, Document, Gauge
from bpo_contracts.values.numbers import fixed_text

KINDS: Final[tuple[tuple[str, str, int, int, tuple[str, ...]], ...]] = (
    ("%", "", 0, 100, ("availability", "answered", "resolved")),
    ("calls", "call", 0, 900, ("calls", "contacts")),
    ("minutes", "minute", 0, 240, ("delay", "handling")),
    ("hours", "hour", 0, 60, ("outage",)),
    ("points", "point", 0, 5, ("score",)),
    ("", "", 0, 5000, ("turnover",)),  # in the contract's currency
)
"""Unit, noun, lowest and highest value, names."""


class Measures(Choosing):
    """Drafts scopes, measures and parameters."""

    def draft_scopes(self) -> None:
        """One scope, or two."""
        if self.yes():
            self.scopes["site"] = self.one(["north", "south"], ["B", "a", "C3"], ["only"])
            if self.rarely():
                self.scopes["tier"] = ["gold", "silver"]

    def draft_measures(self) -> None:
        """One to four numbers of different units, and what gates ask for."""
        names: set[str] = set()
        for _ in range(self.number(1, 4)):
            unit, noun, low, high, known = self.one(*KINDS)
            free = [name for name in known if name not in names]
            if free:
                names.add(free[0])
                self.draft_measure(free[0], unit or self.currency, noun, low, high)
        self.draft_other_measures()

    def draft_measure(self, name: str, unit: str, noun: str, low: int, high: int) -> None:
        """One number with its precision, range, lots, missing and sample rules."""
        places = (
            0 if noun == "call" else self.digits if unit == self.currency else self.number(1 if high < 20 else 0, 2)
        )
        low, high = low * 10**places, high * 10**places
        direction = self.one("higher is better", "lower is better", *([] if self.falling else ["neutral"]))
        per, stepped, bounded = self.lots(), self.yes(), self.yes()
        grain = fixed_text(1, 10**places, places)
        rounded = self.one(f"{self.one(*MODES)} to {grain} {unit}", f"half up to {grain}")
        measure: Document = {"unit": unit, "direction": direction, "precision": rounded if stepped else "unrounded"}
        draft = Gauge(name, unit, noun, low, high, places, direction, per, stepped, bounded, sure=True)
        measure["missing"] = self.one("refuse", "not scored", "previous period", draft.text(self.number(low, high)))
        sure = measure["missing"] != "not scored"
        if bounded:
            measure["between"] = f"{draft.text(low)} to {draft.text(high)}"
        if noun == "call":
            measure["whole"] = "yes"
        if per:
            measure["for_each"] = list(per)
        if self.rarely():
            below = self.one("not scored", draft.text(self.number(low, high)))
            measure |= {"minimum_sample": str(self.number(1, 40)), "below_sample": below}
            sure = sure and below != "not scored"
        if self.yes():
            measure["title"] = self.words()
        self.measures[name] = measure
        self.gauges.append(Gauge(name, unit, noun, low, high, places, direction, per, stepped, bounded, sure))

    def draft_other_measures(self) -> None:
        """Yes or no, words, days: what gates ask for."""
        base = {"direction": "neutral", "precision": "unrounded"}
        if self.rarely():
            self.measures["excused"] = base | {"unit": "yes/no", "missing": self.one("no", "not scored")}
        if self.rarely():
            words = {"unit": "word", "words": ["P1", "P2", 'P3 "\\ β']}
            self.measures["worst"] = base | words | {"missing": self.one("P1", "not scored", "refuse")}
        if self.rarely():
            self.measures["delivered_on"] = base | {"unit": "day", "missing": self.one("not scored", "refuse")}

    def draft_parameters(self) -> None:
        """An agreed percentage: one, by date, or by lot."""
        if not self.rarely():
            return
        shape = self.one("one", "dated", *(["lots"] if "site" in self.scopes else []))
        rates = [self.percent(self.number(0, 300)) for _ in range(2)]
        value: Any = rates[0]
        if shape == "dated":
            changes = self.term.first.shift(self.number(1, 3)).start.isoformat()
            value = {self.term.first.start.isoformat(): rates[0], self.one(changes, changes[:7]): rates[1]}
        if shape == "lots":
            value = {"for_each": ["site"], "values": {"any": rates[0], self.scopes["site"][0]: rates[1]}}
        self.parameters["agreed_rate"] = value
        self.shares.append(("agreed_rate", ("site",) if shape == "lots" else ()))

    def gates(self, per: tuple[str, ...]) -> Document:
        """Conditions under which a clause pays at all."""
        gates: Document = {"only_if": self.condition(per)}
        if self.yes():
            gates = {"unless": [self.condition(per), self.condition(per)]}
        if "site" in per and self.rarely():
            gates["where"] = f'site is "{self.scopes["site"][0]}"'
        return gates

    def condition(self, per: tuple[str, ...]) -> str:
        """A yes or no that can be said for each of these lots."""
        options = [
            f"{gauge.name} is {word} {gauge.text(self.number(gauge.low, gauge.high))}"
            for gauge in self.within(per, self.gauges)
            for word in ("at least", "at most", "over", "under")
        ]
        figure = self.figures.get("in_scope")
        if figure is not None and set(figure.get("for_each", ())) <= set(per):
            options += ["in_scope", "not in_scope"]
        options += ["excused", "excused is no"] if "excused" in self.measures else []
        options += ['worst is "P1"', 'worst is not "P2"'] if "worst" in self.measures else []
        options += ["delivered_on is over 2026-02-10"] if "delivered_on" in self.measures else []
        if len(options) > 1 and self.rarely():
            return f"{self.one(*options)} {self.one('and', 'or')} {self.one(*options)}"
        return self.one(*(options or ["days in period is at least 30 days"]))
