"""The order of clauses: by their number, as people count, and not by their place in the document."""

from __future__ import annotations

import re

from bpo_contracts.contract.clauses.base import Clause


def clause_order(clause: Clause) -> tuple[list[tuple[int, int, str]], str]:
    """Clauses by their number as people count (4.2 before 4.10), then by name, whatever order the document has."""
    parts = re.findall(r"[0-9]+|[^0-9.]+", clause.clause)
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts], clause.name
