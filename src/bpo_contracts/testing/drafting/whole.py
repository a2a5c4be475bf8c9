"""The document as a whole."""

from __future__ import annotations

from bpo_contracts.testing.drafting.amendments import Amendments
from bpo_contracts.testing.drafting.choosing import Document


class Drafting(Amendments):
    """One whole contract. Every method drafts what the ones before it make possible."""

    def document(self) -> Document:
        """The whole contract."""
        self.draft_scopes()
        self.draft_measures()
        self.draft_parameters()
        self.draft_charges()
        self.draft_figures()
        self.draft_payers()
        self.draft_limits()
        if not self.falling:
            self.draft_memories()
        self.draft_consequences()
        document: Document = {
            "contract": self.one("acme", "Lot-7.b"),
            "version": "1",
            "title": self.words(),
            "client": self.words(),
            "provider": self.words(),
            "currency": self.currency,
            "term": {"starts_on": self.term.starts_on.isoformat(), "ends_on": self.term.ends_on.isoformat()},
            "period": self.every,
            "period_starts_on_day": str(self.term.anchor_day),
            "rounding": {"lines": self.rounding()},
            "measures": self.measures,
            "clauses": self.clauses,
        }
        others = {
            "scopes": self.scopes, "parameters": self.parameters, "figures": self.figures, "lists": self.lists,
            "series": self.series, "units": ["points"] if self.series else [],
        }  # fmt: skip
        document |= {name: part for name, part in others.items() if part}
        return document | self.amendments()
