"""From clauses to figures: the contract in force, as a program with its lines, limits and consequences.

Clause kinds describe themselves through the methods of ``Lowering``; none has arithmetic of its own. What a kind
adds is named after the clause: ``credit.rate``, ``credit.amount``, ``credit.gross``, and ``credit`` for what it pays in
the end.

``lowering`` runs the phases. What they read and add is in ``collected``, and each part is given the parts it uses: ``reading``
(texts to nodes); ``measures`` and ``parameters`` (what a contract declares by name); ``at_hand`` (the clause that is
speaking), ``provisions`` (what clauses say at length) and ``into`` (all that they can say); ``exclusions`` and ``limits`` (how
what they pay is combined and cut); ``checking``. The order in which they stand on one another is kept with the layers, in
``pyproject.toml``.
"""

from bpo_contracts.contract.lowering.into import Lowering
from bpo_contracts.contract.lowering.lowering import lower
from bpo_contracts.contract.lowering.reading.rows import between
from bpo_contracts.contract.lowering.results import (
    Line,
    Outcome,
    Table,
    Terms,
    excuse_question,
    gate_question,
    subject_question,
)

__all__ = [
    "Line",
    "Lowering",
    "Outcome",
    "Table",
    "Terms",
    "between",
    "excuse_question",
    "gate_question",
    "lower",
    "subject_question",
]
