"""What stands behind a line and the totals: the limit that cut it, its items, its lot."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from bpo_contracts.formats.statement_amounts import item_text, steps_text
from bpo_contracts.formats.statement_model import Line, Statement, StepText, Totals
from bpo_contracts.formats.statement_words import clean, exact, scope_shown
from bpo_contracts.values.frozen import frozen

_NO_LOT: Final = "not in any lot"


def cut_text(statement: Statement, line: Line) -> str:
    """``cut by 5.5 Cap on service credits, from -6952.08 EUR``; empty if the line pays what it was before limits."""
    if line.gross == line.amount:
        return ""
    before = f"{statement.money(line.gross)} {statement.currency}"
    cutting = _cutting(statement, line)
    cutting = [step for step in cutting if _is_limit(step)] or cutting
    names = dict.fromkeys(f"{clean(step.clause)} {clean(step.says)}".strip() for step in cutting)
    verb = "cut" if abs(line.amount) < abs(line.gross) else "changed"
    return f"{verb} by {' and '.join(names)}, from {before}" if names else f"before limits {before}"


def _cutting(statement: Statement, line: Line) -> list[StepText]:
    """The limits that changed the amount on its way from before limits to what is paid."""
    found: list[StepText] = []
    met: set[tuple[str, str]] = set()
    step = next((statement.steps.get(ref) for ref in line.trail), None)
    while step is not None and (step.figure, step.item) not in met:
        met.add((step.figure, step.item))
        premises = [one for ref in statement.premises(step) if (one := statement.steps.get(ref)) is not None]
        below = next((one for one in premises if one.clause == step.clause and one.unit == step.unit), None)
        if below is not None and _size(below) != _size(step):
            found += _limits_of(statement, [one for one in premises if one is not below and one.clause])
        if below is None or _size(below) == abs(line.gross):
            break
        step = below
    return found


def _limits_of(statement: Statement, causes: list[StepText]) -> list[StepText]:
    """The limits that a limited total stands at, or that it is made of; the first cause itself where it is no total."""
    for cause in causes:
        before = f"{cause.figure}.gross"
        parts = [one for ref in statement.premises(cause) if ref[0] != before and (one := statement.steps.get(ref))]
        money = [one for one in parts if one.clause and one.unit == cause.unit]
        reached = [one for one in money if one.value == cause.value] or [one for one in money if _is_limit(one)]
        if reached:
            return [limit for one in reached for limit in _within(statement, one)]
    return causes[:1]


def _within(statement: Statement, step: StepText) -> list[StepText]:
    """The limits that an amount on the way to a total stands at, or is made of; the amount itself if there are none."""
    if _is_limit(step):
        return [step]
    below = [one for ref in statement.premises(step) if (one := statement.steps.get(ref)) and _is_limit(one)]
    return [one for one in below if one.value == step.value] or below or [step]


def _is_limit(step: StepText) -> bool:
    """Whether a step is the end of a cap or collar: its title is that of the clause."""
    return step.figure.endswith((".at_most", ".at_least"))


def _size(step: StepText) -> Fraction | None:
    number = exact(step.value)
    return None if number is None else abs(number)


@frozen
class Item:
    """What one item of a list adds to a line, with the line's sign, and the arithmetic of it."""

    name: str
    amount: str
    unit: str
    how: str
    """Its arithmetic, or why the item pays nothing."""


def line_items(statement: Statement, line: Line) -> list[Item]:
    """The items of a line about a list, in the order of the document; none for other lines."""
    total = statement.steps.get((f"{line.name}.gross", ""))
    number = None if total is None else exact(total.value)
    turned = number is not None and number != line.gross and number == -line.gross
    items = []
    unpaid = _unpaid(statement, line)
    for ref in statement.items.get(f"{line.name}.each", ()):
        step = statement.steps[ref]
        each = exact(step.value)
        amount = step.value if each is None else statement.money(-each if turned else each)
        parts = (steps_text(statement, line.name, step.item), item_text(statement, line.name, step.item))
        how = clean(unpaid.get(step.item, "")) or "; ".join(part for part in parts if part)
        items.append(Item(clean(step.item), amount or "no value", step.unit, how))
    return items


def _unpaid(statement: Statement, line: Line) -> dict[str, str]:
    """Why items of the line pay nothing, by item."""
    about = line.clause, line.name, line.scope
    found = (one for one in statement.determinations if (one.clause, one.name, one.scope) == about)
    return {item: reason for one in found for item, reason in one.unpaid}


def items_told(statement: Statement, line: Line) -> str:
    """How the items of a line come to its amount, where that is not their plain sum; else empty."""
    each = [exact(statement.steps[ref].value) for ref in statement.items.get(f"{line.name}.each", ())]
    total = statement.steps.get((f"{line.name}.gross", ""))
    if not each or total is None or exact(total.value) == sum((one for one in each if one is not None), Fraction(0)):
        return ""
    return f"together {total.how}" if total.how else ""


def lot_rows(statement: Statement) -> list[tuple[str, Totals]]:
    """The totals by lot, and those of the lines in no lot if there are any: together they are the totals."""
    rows = [(scope_shown(scope) or _NO_LOT, totals) for scope, totals in statement.lots]
    given = [totals for _, totals in statement.lots]
    rest = Totals(
        statement.totals.charges - sum((one.charges for one in given), Fraction(0)),
        statement.totals.adjustments - sum((one.adjustments for one in given), Fraction(0)),
        statement.totals.net - sum((one.net for one in given), Fraction(0)),
    )
    outside = any(not line.scope for line in statement.lines if line.group != "consequence")
    if any((rest.charges, rest.adjustments)) or (outside and all(scope for scope, _ in statement.lots)):
        rows.append((_NO_LOT, rest))
    return rows
