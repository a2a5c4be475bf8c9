"""What clauses say that stands in no single formula: what is used first, how long it can be, what becomes of an excess.

Here, and only here, the text is read off the fields of clauses: the formulas follow from them, and nobody checks three
years in a difference of running totals.
"""

from __future__ import annotations

from collections.abc import Iterator

from bpo_contracts.contract.changes import name_of
from bpo_contracts.contract.clauses.base import Clause
from bpo_contracts.contract.clauses.cap import Cap
from bpo_contracts.contract.clauses.carry_forward import CarryForward
from bpo_contracts.contract.clauses.claw_back import ClawBack
from bpo_contracts.contract.clauses.smallest_payment import SmallestPayment
from bpo_contracts.contract.contract import Contract
from bpo_contracts.values.nodes import DocNode, ListNode, MapNode, Scalar


def before_formulas(clause: Clause, period: str) -> Iterator[str]:
    """What a clause says of the order and the life of what it keeps; ``period`` is what periods are called."""
    if isinstance(clause, CarryForward):
        begins = f"in the same {period}" if clause.used_from == "the same period" else f"from the next {period} on"
        yield f"What arises in a {period} can be used {begins}, the {clause.used_first} first."
        yield from _lapsing(clause, "What is not used")
        if clause.at_end_of_term == "due":
            yield "What is left at the end of the term is due then."
    elif isinstance(clause, ClawBack) and clause.returns is not None:
        yield "What has been taken back counts against the oldest payments."


def after_formulas(clause: Clause, period: str) -> Iterator[str]:
    """What becomes of what a limit leaves no room for."""
    excess = getattr(clause, "excess", "") if hasattr(clause, "limits") else ""
    what = "What is too small to be paid" if isinstance(clause, SmallestPayment) else "What is beyond"
    if excess == "lost":
        yield f"{what} is lost."
    elif excess == "carried":
        first = f", the {clause.paid_first or 'oldest'} paid first" if isinstance(clause, Cap) else ""
        yield f"{what} is carried to later {period}s{first}."
        if isinstance(clause, Cap):
            yield from _lapsing(clause, "What is still carried")
        elif isinstance(clause, SmallestPayment) and clause.at_end_of_term == "lapses":
            yield "What is still carried lapses with the end of the term."
        if getattr(clause, "at_end_of_term", None) == "paid":
            yield "What is still carried at the end of the term is paid then."


def _lapsing(clause: CarryForward | Cap, what: str) -> Iterator[str]:
    ends = [f"{clause.lapses_after} after the period in which it arose"] if clause.lapses_after is not None else []
    ends += ["with the end of the contract year"] if clause.lapses_at is not None else []
    ends += ["with the end of the term"] if clause.at_end_of_term == "lapses" else []
    if ends:
        yield f"{what} lapses {', or '.join(ends)}."


def agreed_reading(contract: Contract, section: str, name: str) -> str:
    """Which of several readings of a clause, measure or figure is agreed; "" if its words have one."""
    node = _written(contract, section, name)
    readings, chosen = (node.entry("readings"), node.entry("reading")) if isinstance(node, MapNode) else (None, None)
    if readings is None or chosen is None or not isinstance(readings[1], MapNode) or not isinstance(chosen[1], Scalar):
        return ""
    others = [key.text for key, _ in readings[1].entries if key.text != chosen[1].text]
    if not others:
        return ""
    other = f"{'Another reading' if len(others) == 1 else 'Other readings'}, not agreed: {'; '.join(others)}."
    return f"The agreed reading of these words: {chosen[1].text}. {other}"


def _written(contract: Contract, section: str, name: str) -> DocNode | None:
    document = contract.document
    entry = document.entry(section) if isinstance(document, MapNode) else None
    if entry is None:
        return None
    if isinstance(entry[1], ListNode):
        return next((item for item in entry[1].items if name_of(item) == name), None)
    found = entry[1].entry(name) if isinstance(entry[1], MapNode) else None
    return found[1] if found is not None else None
