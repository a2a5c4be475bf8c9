"""The arithmetic of a line's exact amount with the values of the period, as a reader would redo it.

What is paid for each step of a measure says how many steps that makes (``delay = 45 minutes: 2 started steps of 30
minutes``). The rate is then written out as so many steps, and the clause's own limits stand behind it:
``2 × 10.00 EUR, at most 500.00 EUR``.
"""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from typing import Final

from bpo_contracts.formats.statement_model import Line, Statement, StepText
from bpo_contracts.formats.statement_plain import bare, is_arithmetic, with_values
from bpo_contracts.formats.statement_words import clean, exact, quantity
from bpo_contracts.values.numbers import number_text
from bpo_contracts.values.units import DURATIONS, singular

_LENGTH_MAX: Final = 300
_STEPS: Final = (
    r"(?P<counting>full|started|nearest|exact) steps of (?P<item>.+) per (?P<per>(?P<size>[0-9./]+) ?(?P<unit>[^()]*))"
)
_PICKED: Final = r"(?:min|max)\([^()]*\)"
_LIMITED: Final = r"(?P<pick>min|max)\((?P<item>.+), (?P<limit>[^,()]+)\)"


def amount_text(statement: Statement, line: Line) -> str:
    """The arithmetic of a line's exact amount with its values: ``5848 incidents × 14.00 EUR per incident``.

    Empty where nothing is paid, and where the amount is a sum that the clause itself states.
    """
    if not line.trail or (not line.gross and not line.amount):
        return ""
    text = item_text(statement, line.name, line.trail[0][1])
    head, colon, _ = text.partition(": ")
    return head if colon and len(text) > _LENGTH_MAX else text


def item_text(statement: Statement, name: str, item: str) -> str:
    """The arithmetic of what a clause comes to, of one item if ``item`` names one; empty if there is nothing to redo."""
    step = statement.steps.get((f"{name}.amount", item))
    return _with_rate(statement, name, step) if step and is_arithmetic(step.formula) else ""


def steps_text(statement: Statement, name: str, item: str) -> str:
    """How many steps a measure makes, for a clause that pays for each; empty for another."""
    step = statement.steps.get((f"{name}.steps", item))
    found = re.fullmatch(_STEPS, step.formula) if step else None
    if step is None or found is None or exact(step.value) is None:
        return ""
    per = quantity(found["size"], found["unit"])
    one = "step" if exact(step.value) == 1 else "steps"
    counting = f"{found['counting']} " if found["counting"] in ("full", "started") else ""
    count = f"{quantity(step.value, '')} {counting}{one} of {per}"
    if found["counting"] == "nearest":
        count += ", the nearest number"
    return f"{_measured(statement, step, found['item'], found['unit'])}: {count}"


def _measured(statement: Statement, step: StepText, item: str, unit: str) -> str:
    """What is counted in steps, with its value; a time that is no whole number in the unit of the steps."""
    premises = [one for ref in statement.premises(step) if (one := statement.steps.get(ref))]
    if len(premises) != 1 or premises[0].figure.rpartition(".")[2] != item.rpartition(".")[2]:
        return bare(with_values(statement, step).partition(" steps of ")[2].rpartition(" per ")[0]) or clean(item)
    premise = premises[0]
    value, own = premise.value, premise.unit
    number, times = exact(value), [DURATIONS.get(singular(one)) for one in (own, unit)]
    if number is not None and number.denominator > 1 and times[0] and times[1]:
        value, own = number_text(number * Fraction(times[0]) / times[1]), unit
    return f"{clean(premise.says).removesuffix(' of the item')} = {quantity(value, own)}"


def _with_rate(statement: Statement, name: str, step: StepText) -> str:
    """The formula of an amount with its values; a rate for each step as it was computed, and the clause's limits last."""
    rate = statement.steps.get((f"{name}.rate", step.item))
    steps = rate is not None and f"{name}.steps" in (figure for figure, _ in rate.premises)
    computed = with_values(statement, rate) if rate and steps and is_arithmetic(rate.formula) else ""
    if not computed:
        return with_values(statement, step)
    formula, limits = step.formula, list[str]()
    while (found := re.fullmatch(_LIMITED, formula)) and f"{name}.rate" in found["item"]:
        limit = with_values(statement, replace(step, formula=found["limit"])) or found["limit"]
        limits.insert(0, f"{'at most' if found['pick'] == 'min' else 'at least'} {limit}")
        formula = found["item"]
    if formula != f"{name}.rate":
        computed = computed if re.fullmatch(_PICKED, computed) else f"({computed})"
        computed = with_values(statement, replace(step, formula=formula), {f"{name}.rate": computed})
    return ", ".join([computed, *limits]) if computed else with_values(statement, step)
