"""From clauses to figures: the contract in force, as a program with its lines, limits and consequences.

Clause kinds describe themselves through the methods of ``Lowering``; none has arithmetic of its own. What a kind
adds is named
after the clause: ``credit.rate``, ``credit.amount``, ``credit.gross``, and ``credit`` for what it pays in the end.
"""

from bpo_contracts.contract.lowering.lowering import Lowering, lower
from bpo_contracts.contract.lowering.reading import between
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
