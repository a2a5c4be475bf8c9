"""What verifying finds: a problem of one record, and the finding it becomes."""

from __future__ import annotations

from bpo_contracts.values.findings import Finding
from bpo_contracts.values.frozen import frozen
from bpo_contracts.values.sources import Source


@frozen
class Problem:
    """A stable code, its slug, a sentence (without the full stop), and what to do."""

    code: str
    name: str
    text: str
    next_step: str

    def at(self, ledger: str, sequence: int = 0) -> Finding:
        """The finding at a record of a ledger; at the ledger as a whole for ``sequence`` 0."""
        place = f"{ledger}, record {sequence}" if sequence else ledger
        return Finding(self.code, self.name, Source(place), f"{self.text}.", self.next_step)
