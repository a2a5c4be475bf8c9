"""From clauses to figures: the contract in force, as a program with its lines, limits and consequences.

Clause kinds describe themselves through the methods of ``Lowering``; none has arithmetic of its own. What a kind
adds is named after the clause: ``credit.rate``, ``credit.amount``, ``credit.gross``, and ``credit`` for what it pays in
the end.

``lowering`` runs the phases; each part uses those that are named before it, and what it reads and adds is in
``collected``: ``reading`` (texts to nodes), ``definitions`` (what has a name of its own), ``at_hand`` (the clause that is
speaking), ``provisions`` (what clauses say at length) and ``into`` (all of what they can say), ``exclusions`` and ``limits``
(how what they pay is combined and cut), ``checks``.
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
