"""The end of the term: who gets what is still held back, carried forward or owed then?

There is no settlement after the last one. What is left in a balance stays there, unless the clause says what becomes of it
(``at_end_of_term``), a release of the last period pays it out, or another clause looks at it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Final, get_args

from bpo_contracts.contract.clauses.base import Clause
from bpo_contracts.contract.clauses.holdback import Holdback
from bpo_contracts.contract.hints.saying import clause_place, hint
from bpo_contracts.contract.lowering import Terms
from bpo_contracts.contract.references import referred
from bpo_contracts.terms import nodes as n
from bpo_contracts.values.findings import Finding
from bpo_contracts.values.periods import Period

_SAID: Final = "at_end_of_term"
_CARRIED: Final = ("BPO811", "carried-after-the-end", "is still carried forward under")
_KINDS: Final = {
    "holdback": ("BPO810", "held-after-the-end", "is still held back under"),
    "advance": ("BPO812", "owed-after-the-end", "is not repaid of the advance of"),
}


def left_at_the_end(terms: Terms) -> Iterator[Finding]:
    """BPO810 to BPO812: a balance that can be left after the last period, and nothing says what becomes of it."""
    last = terms.contract.last_period
    for clause in terms.contract.clauses:
        if not _says_nothing(clause) or _read_elsewhere(terms, clause.name, _balance(clause)):
            continue
        if isinstance(clause, Holdback) and any(_empties(terms, clause, name) for name in clause.release):
            continue
        code, name, left = _KINDS.get(clause.kind, _CARRIED)
        choices = [one for part in get_args(type(clause).model_fields[_SAID].annotation) for one in get_args(part)]
        problem = f"Nothing says what becomes of what {left} clause {clause.clause} after {last.label}, the last {terms.contract.period}."
        step = f"Write what is agreed, as in '{_SAID}: {choices[0]}' (or {', '.join(choices[1:])})."
        yield hint(code, name, clause_place(terms.contract, clause), problem, step)


def _says_nothing(clause: Clause) -> bool:
    """Whether a clause can leave something, and does not say what happens to it."""
    if _SAID not in type(clause).model_fields or getattr(clause, _SAID) is not None:
        return False
    return getattr(clause, "lapses_at", None) is None and getattr(clause, "excess", "carried") == "carried"


def _balance(clause: Any) -> str:
    return "carried_forward" if clause.kind == "cap" else "balance"


def _read_elsewhere(terms: Terms, clause: str, balance: str) -> bool:
    """Whether another clause or figure reads a balance: then the contract says something about it."""
    return any(
        f"{clause}.{balance}" in referred(terms, figure, figure.node)
        for figure in terms.program.figures
        if figure.node is not None and figure.name.split(".", 1)[0] != clause
    )


def _empties(terms: Terms, clause: Holdback, name: str) -> bool:
    """Whether a release of all that is left (or its loss) is sure to happen in the last period."""
    release = clause.release[name]
    if release.share != "rest" and release.remainder != "forfeited":
        return False
    condition = terms.program.figure(f"{clause.name}.{name}.reached").node
    first, last = terms.contract.first_period, terms.contract.last_period
    if condition is None or _holds(condition, last) is not True:
        return False
    before = (first.shift(number) for number in range(last.number - first.number))
    return release.times == "every period" or all(_holds(condition, period) is False for period in before)


def _holds(node: n.AnyNode, period: Period) -> bool | None:
    """Whether a condition holds in a period, as far as days alone tell; None where that depends on what happens."""
    match node:
        case n.Literal_(value=bool() as value):
            return value
        case n.Not(item=item):
            inner = _holds(item, period)
            return None if inner is None else not inner
        case n.Every(items=items) | n.AnyOf(items=items):
            answers = [_holds(item, period) for item in items]
            decides = isinstance(node, n.AnyOf)
            return decides if decides in answers else None if None in answers else not decides
        case n.Test(operator=operator, left=left, right=right):
            one, two = _day(left, period), _day(right, period)
            return None if one is None or two is None else _compare(operator, one, two)
        case _:
            return None


def _day(node: n.AnyNode, period: Period) -> date | None:
    if isinstance(node, n.PeriodFact) and node.what != "days":
        return period.start if node.what == "start" else period.end - timedelta(days=1)
    is_day = isinstance(node, n.Literal_) and type(node.value) is date
    return node.value if is_day and isinstance(node, n.Literal_) and isinstance(node.value, date) else None


def _compare(operator: n.CompareOperator, one: date, two: date) -> bool:
    return {
        "<": one < two,
        "<=": one <= two,
        "==": one == two,
        "!=": one != two,
        ">=": one >= two,
        ">": one > two,
    }[operator]
