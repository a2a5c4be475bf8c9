"""What remembers: money held back and released, an advance that is repaid."""

from __future__ import annotations

from bpo_contracts.testing.drafting.choosing import Document
from bpo_contracts.testing.drafting.limits import Limits


class Memories(Limits):
    """Drafts clauses that look at what was settled before; no limit is around them."""

    def draft_memories(self) -> None:
        """At most one of each kind."""
        if self.rarely():
            self.draft_holdback()
        if self.rarely():
            self.draft_advance()

    def some_of(self, per: tuple[str, ...]) -> str:
        """An amount for these lots: fixed, or a share of a charge."""
        fitting = [name for name, of in self.bases if set(of) <= set(per)]
        return (
            f"{self.percent(self.number(0, 1000))} of {self.one(*fitting)}"
            if fitting and self.yes()
            else self.money(300)
        )

    def draft_holdback(self) -> None:
        """A part is kept, and released in one or two ways; what is left at the end, too, or nobody says."""
        per = self.lots()
        clause = self.clause("holdback", "retention", per) | {"keep": self.some_of(per)}
        releases: Document = {}
        for name in ("early", "late")[: self.number(1, 2)]:
            release: Document = {"when": self.event(per), "times": self.one("once", "every period"), "share": "rest"}
            if name == "early" and self.yes():
                of = self.one("balance", "everything kept") if release["times"] == "once" else "balance"
                left = self.one("stays held", "forfeited")
                release |= {"share": self.percent(self.number(0, 1000)), "of": of, "remainder": left}
            releases[name] = release
        clause["release"] = releases
        if self.yes():
            clause["at_end_of_term"] = self.one("released", "forfeited")
        self.clauses.append(clause | ({"round": self.rounding()} if self.rarely() else {}))

    def draft_advance(self) -> None:
        """Paid once, deducted until it is repaid; what is left at the end is deducted, waived, or nobody says."""
        per = self.lots()
        clause = self.clause("advance", "prepaid", per) | {"amount": self.money(900), "paid_when": self.event(per)}
        clause |= {"deduct": self.some_of(per), "deducted_from": self.one("the same period", "the next period")}
        if self.yes():
            clause["at_end_of_term"] = self.one("deducted", "waived")
        self.clauses.append(clause)
