"""Where the term begins or ends inside a period: are days counted that lie outside of it?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from bpo_contracts.contract.hints.saying import hint
from bpo_contracts.contract.lowering import Terms
from bpo_contracts.contract.references import leading_to_money
from bpo_contracts.terms import nodes as n
from bpo_contracts.values.findings import Finding
from bpo_contracts.values.sources import NOWHERE


def days_outside_the_term(terms: Terms) -> Iterator[Finding]:
    """BPO827: a formula reads the days, the first or the last day of the period, and the term holds a part of one."""
    contract = terms.contract
    first, last, term = contract.first_period, contract.last_period, contract.term
    parts = []
    if term.starts_on > first.start:
        parts.append(f"the term begins on {term.starts_on}, inside {first.label}")
    if term.ends_on < last.end - timedelta(days=1):
        parts.append(f"the term ends on {term.ends_on}, inside {last.label}")
    asked: set[str] = set()
    for name in sorted(leading_to_money(terms)) if parts else ():
        node, owner = terms.program.figure(name).node, name.partition(".")[0]
        found = next(_whole_periods(terms, node), None) if node is not None and owner not in asked else None
        if found is None:
            continue
        asked.add(owner)
        problem = f"This is of the whole {contract.period}, with days outside the term: {' and '.join(parts)}."
        step = (
            "Where only the days in the term count, name its first or last day, as in"
            f" 'days in period from {term.starts_on} to {term.ends_on}', or pro-rate the clause with 'part_period'."
        )
        yield hint("BPO827", "days-outside-the-term", found.source, problem, step)


def _whole_periods(terms: Terms, node: n.AnyNode) -> Iterator[n.AnyNode]:
    """The parts of a formula that are about the whole period, and depend on where it begins and ends."""
    if any(isinstance(one, n.PartOfPeriod) for one in n.all_in(node)):
        return
    open_ = [node]
    while open_:
        one = open_.pop()
        days = isinstance(one, n.PeriodFact) and one.what in ("days", "start", "end")
        if (days or (isinstance(one, n.WorkingDays) and one.of_period)) and one.source != NOWHERE:
            yield one
        elif not isinstance(one, n.DayCount) or not _is_within_term(terms, one):
            open_ += reversed([] if _is_day_of_calendar(terms, one) else n.children(one))


def _is_within_term(terms: Terms, node: n.DayCount) -> bool:
    """Whether days are counted from and to days that are written, and lie in the term."""
    term = terms.contract.term
    days = [part.value for part in n.all_in(node) if isinstance(part, n.Literal_)]
    return term.starts_on in days or term.ends_on in days


def _is_day_of_calendar(terms: Terms, node: n.AnyNode) -> bool:
    """Whether the first or last day of the period is compared with a day that is not the term's own: "from July on"."""
    if not isinstance(node, n.Test):
        return False
    days = [one.value for one in (node.left, node.right) if isinstance(one, n.Literal_)]
    return bool(days) and terms.contract.term.starts_on not in days and terms.contract.term.ends_on not in days
