"""The arithmetic of one line as a table: the figures it takes, what is computed from them, and the amount.

A figure that only passes on the one before it says nothing new and is left out; the trail has every step.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from bpo_contracts.formats.statement_argument import step_remarks, step_says, step_value
from bpo_contracts.formats.statement_limits import cut_text
from bpo_contracts.formats.statement_markup import Markup, amount, el, join, number
from bpo_contracts.formats.statement_model import Line, Ref, Statement, StepText
from bpo_contracts.formats.statement_words import clean, exact

_STEPS_SHOWN_MAX: Final = 8
_FORMULA_LENGTH_MAX: Final = 160
_UNBROKEN_LENGTH_MAX: Final = 24


def arithmetic(statement: Statement, line: Line) -> Markup:
    """The arithmetic of a line as a table: what it takes, what it computes from that, and the amount."""
    top = next(
        (step for ref in line.trail for found in statement.find(ref) if (step := statement.steps.get(found))), None
    )
    steps = _calculation(statement, top) if top else []
    consequence = line.group == "consequence"
    how = top.how if top else ""
    if len(steps) > 1 and not consequence and exact(steps[-1].value) == line.amount and steps[-1].clause == line.clause:
        how = steps.pop().how  # it would only say the amount once more
    left_out = max(0, len(steps) - _STEPS_SHOWN_MAX)
    rows = [_row(step_says(step), value_shown(step), _how(step, line)) for step in steps[left_out:]]
    if left_out:
        rows.insert(0, _row(f"{left_out} earlier figures stand in the steps below", Markup("")))
    if line.gross != line.amount and not any(_size(step) == abs(line.gross) for step in steps):
        rows.append(_row("Before limits", money(statement, line.gross)))
    cut = cut_text(statement, line)
    if cut and rows:
        how = cut
    if top and consequence:
        rows.append(_row(step_says(top), value_shown(top), top.how, kind="sum"))
    elif rows:
        rows.append(_row("Amount", money(statement, line.amount), how, kind="sum"))
    remarks = [el("p", remark, class_="remark") for remark in (step_remarks(top) if top and not rows else [])]
    caption = el("caption", "What it rests on" if consequence else "The arithmetic")
    return join([el("table", caption, el("tbody", *rows), class_="sums") if rows else Markup(""), *remarks])


def _how(step: StepText, line: Line) -> str:
    return step.how if step.clause == line.clause else ""


def _row(name: str, value: Markup, how: str = "", *, kind: str = "") -> Markup:
    formula = clean(how) if len(clean(how)) <= _FORMULA_LENGTH_MAX else clean(how).partition(": ")[0]
    said = 0 < len(formula) <= _FORMULA_LENGTH_MAX and " " in formula  # one word alone is another figure's name
    shown = el("span", formula, class_="how") if said else Markup("")
    return el("tr", el("th", name, shown, scope="row"), el("td", value), class_=kind)


def _size(step: StepText) -> Fraction | None:
    number = exact(step.value)
    return None if number is None else abs(number)


def money(statement: Statement, sum_: Fraction) -> Markup:
    """An amount with the statement's currency."""
    currency = el("span", statement.currency, class_="unit")
    return el("span", amount(statement.money(sum_)), " ", currency, class_="nowrap")


def value_shown(step: StepText) -> Markup:
    """The value of a step with its unit; a number does not break into two lines."""
    text = step_value(step)
    value, _, unit = text.partition(" ")
    kept = " nowrap" if exact(step.value) is not None and len(text) <= _UNBROKEN_LENGTH_MAX else ""
    if not unit or unit != clean(step.unit):
        return el("span", number(text), class_=f"value{kept}")
    return el("span", number(value), " ", el("span", unit, class_="unit"), class_=f"value{kept}")


def _calculation(statement: Statement, top: StepText) -> list[StepText]:
    """The figures of the line's own clause below the amount and what they take from elsewhere, as they are computed.

    A figure that only passes on the one before it says nothing new and is left out.
    """
    computed: dict[Ref, StepText] = {}
    waiting: list[tuple[StepText, bool]] = [(top, False)]
    entered: set[Ref] = set()
    while waiting:
        step, ready = waiting.pop()
        ref = (step.figure, step.item)
        if ready:
            computed[ref] = step
        elif ref not in entered:
            entered.add(ref)
            waiting.append((step, True))
            if step.clause == top.clause and step.item in ("", top.item):
                premises = (statement.steps.get(premise) for premise in reversed(statement.premises(step)))
                waiting.extend((premise, False) for premise in premises if premise)
    figures = [step for step in computed.values() if step is not top]
    return [step for before, step in zip([None, *figures], figures, strict=False) if not _passes_on(before, step, top)]


def _passes_on(before: StepText | None, step: StepText, top: StepText) -> bool:
    same = before is not None and (before.value, before.unit) == (step.value, step.unit)
    return same and step.clause == top.clause
