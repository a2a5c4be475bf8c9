"""What an amendment brings in begins with it: what a clause remembers of earlier periods is nothing yet.

A cap over a window has seen no credit, a count no failure. That is often meant, and sometimes it is how a count of failures
gets lost: in a clause that comes back under another name.
"""

from __future__ import annotations

from collections.abc import Iterator

from bpo_contracts.contract.checks.windows import begins, new_lots
from bpo_contracts.contract.contract import Contract
from bpo_contracts.contract.hints.saying import hint, listed
from bpo_contracts.contract.lowering import Terms
from bpo_contracts.contract.references import leading_to_money, referred
from bpo_contracts.terms import nodes as n
from bpo_contracts.values.findings import Finding


def memory_that_begins(signed: Contract, index: int, before: Terms, after: Terms) -> Iterator[Finding]:
    """BPO820 for what looks back, in the version ``after`` the amendment ``index``, at what the one ``before`` has not."""
    begin: dict[str, list[str]] = {}
    for looked_at, figure in _looked_at(after):
        whole = begins(looked_at, before, after)
        lots = [] if whole or looked_at in after.program.agreed else new_lots(looked_at, before, after)
        if whole or lots:
            known = begin.setdefault(figure.partition(".")[0], [])
            known += [lot for lot in lots if lot not in known]
    amendment = signed.amendments[index]
    for owner, lots in begin.items():
        of = f" for {listed(lots)}" if lots else ""
        problem = (
            f"{owner!r} looks back at what this amendment brings in: it begins on {amendment.effective_on}{of}, as if"
            f" nothing had been before.{_gone(owner, before.contract, after.contract)}"
        )
        step = "Where earlier periods are to count, keep the name under which they were counted, and its lots."
        place = signed.change_place(index, amendment.about("clauses/+", f"clauses/{owner}")[-1:])
        yield hint("BPO820", "memory-begins", place, problem, step)


def _looked_at(terms: Terms) -> Iterator[tuple[str, str]]:
    """Each figure that is looked back at, and the one that looks."""
    program = terms.program
    for name in sorted(leading_to_money(terms)):
        figure = program.figure(name)
        if figure.node is not None:
            for part in filter(n.looks_back, n.all_in(figure.node)):
                for looked_at in referred(terms, figure, part):
                    yield looked_at, name


def _gone(owner: str, before: Contract, after: Contract) -> str:
    """What is said of a clause of the same kind that goes with the amendment, if the owner comes with it."""
    names = [{clause.name: clause for clause in contract.clauses} for contract in (before, after)]
    if owner not in names[1] or owner in names[0]:
        return ""
    kind = names[1][owner].kind
    gone = [name for name, clause in names[0].items() if name not in names[1] and clause.kind == kind]
    return f" What {listed([repr(name) for name in gone])} has counted does not go over to it." if gone else ""
