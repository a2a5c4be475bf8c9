"""Does a level start where it may be? A ratchet that starts outside its own ends jumps to them in its second period."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from bpo_contracts.contract.clauses.ratchet import Ratchet
from bpo_contracts.terms.formula import parse_formula
from bpo_contracts.terms.nodes import Quantity
from bpo_contracts.values.findings import Finding

if TYPE_CHECKING:
    from bpo_contracts.contract.lowering import Terms


def levels_start_inside(terms: Terms) -> Iterator[Finding]:
    """BPO170 for a ratchet whose start lies above its ``at_most`` or below its ``at_least``, all written as numbers."""
    for index, clause in enumerate(terms.contract.clauses):
        if not isinstance(clause, Ratchet):
            continue
        start = _number(terms, index, clause.starts_at)
        for field, text in (("at_most", clause.at_most), ("at_least", clause.at_least)):
            end = _number(terms, index, text)
            if start is None or end is None or not (start > end if field == "at_most" else start < end):
                continue
            problem = (
                f"{clause.name!r} starts at {clause.starts_at}, {'above' if field == 'at_most' else 'below'} its own"
                f" {field!r} of {text}: in its second {terms.contract.period} it would jump there."
            )
            place, also = (terms.contract.place(("clauses", index, one)) for one in ("starts_at", field))
            yield Finding("BPO170", "starts-outside-its-ends", place, problem, "Correct one of the two.", (also,))


def _number(terms: Terms, index: int, text: str | None) -> Fraction | None:
    """The number that a field is, in the base of its unit; None for a formula, or where there is no field."""
    if text is None:
        return None
    place = terms.contract.place(("clauses", index))
    node = parse_formula(text, nouns=terms.nouns, source=place, every=terms.contract.every)
    return node.value if isinstance(node, Quantity) else None
