"""Prices that follow an index, and the published values of the index."""

from __future__ import annotations

from typing import Final

from bpo_contracts.testing.drafting.choosing import Document
from bpo_contracts.testing.drafting.measures import Measures
from bpo_contracts.values.numbers import fixed_text

LAG_MAX: Final = 4
"""The most months that an index is taken before the review."""
EARLIER: Final = 12
"""How many months before that its base is taken."""
MONTHS: Final = 8
"""For how many months of the term the index is published."""


class Indices(Measures):
    """Drafts series and indexations."""

    def draft_index(self) -> str:
        """A price adjusted by one index, or by a basket of two; its name."""
        names = ["consumer_prices", "wages"] if self.yes() else ["wages"]
        monthly = self.every == "month" and self.yes()
        for name in names:
            self.series[name] = self.published(monthly=monthly)
        clause: Document = {"indexation": "indexed", "clause": "2.4", "words": self.words(), "price": self.money()}
        reviewed = self.one("each period", *([] if monthly else ["each contract year", "each calendar year"]))
        clause |= {"reviewed": reviewed, "lag": f"{self.number(0, LAG_MAX)} months"}
        clause["base"] = self.one(f"{EARLIER} months earlier", self.term.first.shift(-1).start.isoformat()[:7])
        if len(names) > 1:
            fixed, first = (10 * self.number(0, 40) for _ in range(2))
            weights = (first, 1000 - fixed - first)
            clause["basket"] = {name: self.percent(weight) for name, weight in zip(names, weights, strict=True)}
            clause |= {"fixed_part": self.percent(fixed), "round_each_ratio": self.ratio("", 4)}
        else:
            clause["index"] = names[0]
        clause |= self.one({"round_ratio": self.ratio("", 4)}, {"round_change": self.ratio(" %", 2)})
        if self.yes():
            clause["at_most"] = self.percent(self.number(0, 100))
        if self.yes():
            clause["at_least"] = self.percent(self.number(-50, 0))
        if self.rarely():
            clause["not_before"] = self.term.first.shift(1).start.isoformat()
        self.clauses.append(clause | {"round": self.one("unrounded", self.rounding())})
        return "indexed"

    def published(self, *, monthly: bool) -> Document:
        """A series with a value for each month that can be asked for, or with few, of which the latest holds."""
        back = LAG_MAX + EARLIER
        first = self.term.first.start.year * 12 + self.term.first.start.month - 1 - back
        ahead = [
            -EARLIER,
            *sorted(self.choices.several(1, back + MONTHS - 1, 4)),
        ]  # a year can have begun so long before
        values = {
            f"{month // 12}-{month % 12 + 1:02}": fixed_text(self.number(500, 1500), 10, 1)
            for month in (first + one for one in (range(back + MONTHS) if monthly else ahead))
        }
        lookup = "exact" if monthly else "latest"
        return {"unit": "points", "source": "The statistical office", "lookup": lookup, "values": values}

    def ratio(self, unit: str, places: int) -> str:
        """How a ratio or a percentage is rounded, or not at all."""
        return self.one("unrounded", f"half up to {fixed_text(1, 10**places, places)}{unit}")
