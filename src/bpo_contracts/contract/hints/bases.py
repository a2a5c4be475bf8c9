"""How many times a base is paid: a rate without a unit "of" a charge is so many times the charge, and not per cent of it."""

from __future__ import annotations

from collections.abc import Iterator

from bpo_contracts.contract.clauses.frame import FrameClause
from bpo_contracts.contract.hints.saying import clause_place, hint
from bpo_contracts.contract.lowering import Terms
from bpo_contracts.terms import nodes as n
from bpo_contracts.values.findings import Finding
from bpo_contracts.values.numbers import number_text


def several_times_a_base(terms: Terms) -> Iterator[Finding]:
    """BPO819: a plain number above 1 as a rate of what has a name; of a formula (``fee / 30``) it is plainly a factor."""
    slots = terms.program.slots
    for clause in terms.contract.clauses:
        rate = f"{clause.name}.rate"
        if (
            not isinstance(clause, FrameClause)
            or clause.of is None
            or not clause.of.isidentifier()
            or rate not in slots
        ):
            continue
        node = terms.program.figure(rate).node
        given = [row.gives for row in node.rows] if isinstance(node, n.Curve) else [node]
        times = [one.value for one in given if isinstance(one, n.Quantity) and one.unit.is_plain and one.value > 1]
        if times:
            number = number_text(max(times))
            problem = f"{number} without a unit is {number} times {clause.of!r}."
            step = f"Write '{number} %' if a percentage is meant."
            yield hint("BPO819", "several-times-a-base", clause_place(terms.contract, clause, "of"), problem, step)
