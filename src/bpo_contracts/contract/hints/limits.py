"""Is there an end to what the provider can lose? Credits and damages without a cap are the most expensive surprise.

A table of percentages of a fee has an end of its own; a sum for each hour, day or ticket has none. What rows limit one by
one can still fall due together, and then only a cap limits the sum.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from fractions import Fraction

from bpo_contracts.contract.hints.growth import Growth
from bpo_contracts.contract.hints.saying import clause_place, hint, listed
from bpo_contracts.contract.lowering import Line, Terms
from bpo_contracts.contract.order import clause_order
from bpo_contracts.terms import nodes as n
from bpo_contracts.values.findings import Finding
from bpo_contracts.values.numbers import number_text


def without_limit(terms: Terms) -> Iterator[Finding]:
    """BPO801: a credit or penalty that grows as long as its measure does, and nothing ends it."""
    growth = Growth(terms)
    for line in _penalties(terms):
        grows = growth.of_figure(line.net)
        if grows:
            lists = [name for name in sorted(grows) if name.split(".", 1)[0] not in grows or "." not in name]
            with_ = listed([name if " " in name else repr(name) for name in lists])
            problem = f"Nothing limits what clause {line.clause.clause} takes off the invoice: it grows with {with_}."
            step = f"If there is a limit, write it: {_limit_to_write(terms, line)}. If there is none, ask for one before signing."
            place = clause_place(terms.contract, line.clause)
            yield hint("BPO801", "penalty-without-limit", place, problem, step)


def _limit_to_write(terms: Terms, line: Line) -> str:
    """Where a limit of a clause is written: ``at_most`` in a clause about items limits each of them, and not their sum."""
    cap = f"a cap that 'limits' it, as in '- cap: credit_cap' with 'limits: [{line.clause.name}]'"
    if any(name in terms.contract.lists for name in getattr(line.clause, "for_each", ())):
        return f"{cap} ('at_most' in the clause limits each item, and not their sum)"
    if getattr(line.clause, "at_most", None) is not None:
        return f"{cap} ('at_most' in the clause grows, too)"
    return "'at_most: …' in the clause, or a cap that 'limits' it"


def several_without_cap(terms: Terms) -> Iterator[Finding]:
    """BPO802: credits that each have an end, can fall due in the same period, and share no cap."""
    growth = Growth(terms)
    free = [line for line in _penalties(terms) if _is_free(terms, line) and not growth.of_figure(line.net)]
    if len(free) < 2:
        return
    numbers = [line.clause.clause for line in free]
    together = _together(terms, free)
    comes = f"come to {together} in a month at their worst rows" if together else "can fall due together"
    comes = comes.replace("a month", f"a {terms.contract.period}")
    problem = f"Clauses {listed(numbers)} {comes}, and no cap limits their sum."
    step = (
        "If a cap is agreed, let them count toward one total ('counts_toward') and add a clause 'cap' that limits it."
    )
    yield hint("BPO802", "credits-without-cap", clause_place(terms.contract, free[0].clause), problem, step)


def losses_that_free_room(terms: Terms) -> Iterator[Finding]:
    """BPO821: a cap over periods on amounts that can be below zero, too: what is lost in one month can be won again later."""
    contract = terms.contract
    by_name = {clause.name: clause for clause in contract.clauses}
    for clause in contract.clauses:
        if clause.kind != "cap" or getattr(clause, "window", None) is None:
            continue
        toward = [
            one.name for one in contract.clauses if getattr(one, "counts_toward", None) in getattr(clause, "limits", ())
        ]
        members = [by_name[name] for name in (*getattr(clause, "limits", ()), *toward) if name in by_name]
        both = next((one for one in members if one.family == "both ways"), None)
        if both is not None:
            problem = (
                f"The cap is on the sum of several {contract.period}s, and {both.name!r} goes both ways: an amount below zero gives"
                " room for as much above it."
            )
            step = "If gains alone are limited, write gains and losses as two clauses, and limit the gains."
            yield hint("BPO821", "losses-free-room", clause_place(contract, clause, "window"), problem, step)


def totals_without_limit(terms: Terms) -> Iterator[Finding]:
    """BPO803: clauses count toward a total that no cap limits and no formula reads: nothing comes of it."""
    contract = terms.contract
    limited = {name for clause in contract.clauses for name in getattr(clause, "limits", ())}
    read = {
        part.name.split(".", 1)[0]
        for figure in terms.program.figures
        if figure.node is not None
        for part in n.names_in(figure.node)
        if isinstance(part, n.Name | n.Earlier) and not _is_part_of(figure.name, part.name)
    }
    told: set[str] = set()
    for clause in sorted(contract.clauses, key=clause_order):
        total = getattr(clause, "counts_toward", None)
        if total is None or total in limited | read | told:
            continue
        told.add(total)
        near = difflib.get_close_matches(total, sorted(limited), n=1, cutoff=0.6)
        step = f"Did you mean {near[0]!r}?" if near else "Add a clause 'cap' that limits it, or remove 'counts_toward'."
        problem = f"Clause {clause.clause} counts toward {total!r}, and no cap or collar limits that total."
        yield hint("BPO803", "total-without-limit", clause_place(contract, clause, "counts_toward"), problem, step)


def _is_part_of(figure: str, name: str) -> bool:
    """Whether a figure belongs to the same total or clause as a name: a reference inside one thing reads nothing of it."""
    return figure.split(".", 1)[0] == name.split(".", 1)[0] or f".within_{name.split('.', 1)[0]}" in figure


def _penalties(terms: Terms) -> list[Line]:
    """Lines of clauses that cost the provider something for its performance; a rebate is a price, and no penalty."""
    return [line for line in terms.lines if line.family == "credit" and line.clause.judged]


def _is_free(terms: Terms, line: Line) -> bool:
    """Whether a line is paid as its own rows say: no cap, no set of exclusive credits, no pool that holds it."""
    paid = terms.program.figure(line.net).node
    pools = {
        clause.name for clause in terms.contract.clauses if getattr(clause, "allocations_may_exceed", "yes") == "no"
    }
    return isinstance(paid, n.Name) and paid.name == line.gross and getattr(line.clause, "of", None) not in pools


def _together(terms: Terms, lines: list[Line]) -> str:
    """What the worst rows come to, where all are percentages of one base or all are amounts; else ""."""
    bases = {getattr(line.clause, "of", None) for line in lines}
    worst = [_worst(terms, line) for line in lines]
    known = [value for value in worst if value is not None]
    if len(bases) != 1 or len(known) != len(lines) or any(line.per for line in lines):
        return ""
    base = bases.pop()
    text = number_text(sum(known, Fraction(0)))
    return f"{text} % of {base}" if base is not None else f"{text} {terms.contract.currency}"


def _worst(terms: Terms, line: Line) -> Fraction | None:
    """The highest rate of a table of plain values; None for anything else."""
    rate = f"{line.clause.name}.rate"
    node = terms.program.figure(rate).node if rate in terms.program.slots else None
    if not isinstance(node, n.Curve) or node.reading != "at":
        return None
    gives = [row.gives.value for row in node.rows if isinstance(row.gives, n.Quantity)]
    return max(gives) if len(gives) == len(node.rows) else None
