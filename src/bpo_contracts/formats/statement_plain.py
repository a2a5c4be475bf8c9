"""The steps of a trail said as a person would: a value once, and how it came about in the words of the figures.

A figure that only passes another one on (``call_fee`` is ``call_fee.gross``) or rounds it takes over what that one
rests on, under its own name. A formula names figures; here it names what they say, or what they were in this period.
Where a row or a branch was reached, only that one is said. The exact formula stays in the step.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from bpo_contracts.formats.statement_model import Ref, Statement, StepText
from bpo_contracts.formats.statement_words import clean, exact, quantity

_NAME: Final = r"[a-z_][a-z0-9_]*(?:\.[a-z0-9_]+)*"
_TOKEN: Final = re.compile(rf'"[^"]*"|(?<!\d )(?<!per )\b{_NAME}')  # after a number, or per, stands a unit
_PASSED_ON: Final = re.compile(rf"\(?(?P<name>{_NAME})(?: or else [^,;]*)?\)?(?:, rounded [^,;]*)?")
_ROUNDED: Final = re.compile(r"(?P<item>.+), (?P<rounded>rounded [^,;()]+)", re.DOTALL)
_OR_NOTHING: Final = re.compile(r"(?P<item>.+) or else 0", re.DOTALL)
_KEPT: Final = re.compile(rf"-?\(?what {_NAME} keeps of {_NAME}\)?")
_ROW: Final = re.compile(r"(?P<times>.+ times )?the row of the table that holds (?P<at>[^:]+): .*", re.DOTALL)
_CHOICE: Final = re.compile(r"if (?P<asked>.+?) then (?P<yes>.+?) else (?P<no>.+)", re.DOTALL)
_NESTED: Final = re.compile(r"\b(?:if|then|else)\b")
_PICK: Final = re.compile(r"\b(min|max)\(")
_LIMIT: Final = re.compile(r"(?P<pick>max|min)\(0, (?P<item>[^,]+(?:, rounded [^,]+)?)\)")
_NOT_ARITHMETIC: Final = re.compile(
    r"\b(?:if|table|where|over|for|each|streak|entry|previous|earlier|ago|last|all|value|is|and|or|not|missing|known|sum)\b"
)
_DAY: Final = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_LENGTH_MAX: Final = 400
_VALUES_LENGTH_MAX: Final = 100


def plain(statement: Statement) -> Statement:
    """The same statement, its steps said as a person would; the notes, too, call figures by what they say."""
    steps = {ref: _plain(statement, step) for ref, step in statement.steps.items()}
    return replace(statement, steps={ref: _noted(statement, step) for ref, step in steps.items()})


def _noted(statement: Statement, step: StepText) -> StepText:
    return replace(step, note=said(step.note, _looked_back_at(statement, step.note, step))) if step.note else step


def said(formula: str, names: Mapping[str, str]) -> str:
    """A formula with figures by what they say; texts in quotes and units stay as they are."""
    text = _TOKEN.sub(lambda found: names.get(found.group(), found.group()), formula)
    return text.replace(" * ", " × ").replace("count of yes over ", "number of ")


def with_values(statement: Statement, step: StepText, computed: Mapping[str, str] | None = None) -> str:
    """The formula of a step with the values of this period: ``5848 incidents × 14.00 EUR per incident``.

    Empty where the formula takes no other figure, or one that has no number or one for each item. ``computed`` are
    texts that stand in place of the values of some figures.
    """
    values = _values(statement, step)
    values |= (computed or {}) if values else {}
    formula, _ = _without_rounding(step.formula)
    text = said(formula, values) if values else ""
    return text if text != formula.replace(" * ", " × ") else ""


def is_arithmetic(formula: str) -> bool:
    """Whether a formula is arithmetic that a reader can redo from its values: no conditions, rows, or other periods."""
    return formula.startswith("slice by slice") or not _NOT_ARITHMETIC.search(formula)


def _plain(statement: Statement, step: StepText) -> StepText:
    chain = [step]
    rounding, dropped = "", ""
    while (inner := _passed_on(statement, chain[-1])) is not None and inner not in chain:
        if chain[-1].dropped:
            if dropped:
                break
            rounding, dropped = f", {_without_rounding(chain[-1].formula)[1]}", chain[-1].dropped
        chain.append(inner)
    origin = chain[-1]
    if origin.dropped and dropped:  # two roundings are two steps
        return replace(step, how=_how(statement, step), figures=(step.figure,))
    return replace(
        origin,
        value=step.value,
        dropped=origin.dropped or dropped,
        figure=step.figure,
        item=step.item,
        says=step.says,
        clause=step.clause or origin.clause,
        words=step.words or origin.words,
        how=_how(statement, origin) + rounding,
        figures=tuple(one.figure for one in chain),
    )


def _passed_on(statement: Statement, step: StepText) -> StepText | None:
    """The figure that a step only passes on, under another name, or rounds."""
    match = _PASSED_ON.fullmatch(step.formula)
    premises = statement.premises(step)
    inner = statement.steps.get(premises[0]) if len(premises) == 1 else None
    if match is None or inner is None or match["name"] != inner.figure or inner.clause not in ("", step.clause):
        return None
    same = inner.value == step.value or bool(step.dropped)
    alike = (inner.unit, inner.item) == (step.unit, step.item)
    return inner if same and alike and inner.value and not step.reached and not step.note else None


def _how(statement: Statement, step: StepText) -> str:
    """How a step came to its value, as a phrase: ``by …``, ``because …``, ``as reported``."""
    if step.formula in ("", "as reported"):
        return step.formula
    names = _says(statement, step)
    formula, rounded = _without_rounding(step.formula)
    rounded = f", {rounded}" if rounded else ""
    if _KEPT.fullmatch(formula):
        total = statement.steps.get(statement.premises(step)[-1]) if step.premises else None
        return "by what this clause keeps of " + (clean(total.says) if total and total.says else "the limited total")
    found = _ROW.fullmatch(formula)
    if found and step.reached:
        times = f"{said(found['times'], names)}its row, " if found["times"] else ""
        at = "it" if found["times"] else said(bare(found["at"]), names)
        return f'{times}because {at} is in the row "{clean(step.reached)}"{rounded}'
    chosen = _CHOICE.fullmatch(formula)
    if chosen and step.reached in ("yes", "no") and not _NESTED.search(chosen["asked"] + chosen["no"]):
        taken = said(bare(chosen[step.reached]), names)
        verdict = "this holds" if step.reached == "yes" else "this does not hold"
        holds = f"{verdict}: {said(bare(chosen['asked']), names)}"
        if taken in ("0", "yes", "no"):
            return f"{'nothing, ' if taken == '0' else ''}because {holds}"
        return f"by {taken}{rounded}, because {holds}"
    return _by(statement, step, formula, names, rounded)


def _by(statement: Statement, step: StepText, formula: str, names: Mapping[str, str], rounded: str) -> str:
    limit = _LIMIT.fullmatch(formula)
    least = ""
    if limit:
        formula, inner = _without_rounding(limit["item"])
        least = f"{f', {inner}' if inner else ''}, at {'least' if limit['pick'] == 'max' else 'most'} 0"
    text = _PICK.sub(lambda pick: f"the {'lowest' if pick[1] == 'min' else 'highest'} of (", said(formula, names))
    if len(text) > _LENGTH_MAX:
        text = formula
    values = _values(statement, step)
    numbers = said(formula, values) if values and is_arithmetic(formula) and not _PICK.search(formula) else ""
    if not step.premises and exact(step.value) is not None and text == quantity(step.value, step.unit):
        return f"as the contract says{rounded}"
    is_new = numbers not in ("", text) and formula not in values and len(numbers) <= _VALUES_LENGTH_MAX
    told = f": {numbers}" if is_new else ""
    return f"{'' if text.startswith('slice by slice') else 'by '}{text}{rounded}{least}{told}"


def _without_rounding(formula: str) -> tuple[str, str]:
    """The formula without its outer brackets, its rounding and its "or else 0", which a known value does not need."""
    match = _ROUNDED.fullmatch(formula)
    item, rounded = (match["item"], match["rounded"]) if match and _is_whole(match["item"]) else (formula, "")
    item = bare(item)
    nothing = _OR_NOTHING.fullmatch(item)
    return (bare(nothing["item"]) if nothing and _is_whole(nothing["item"]) else item), rounded


def bare(text: str) -> str:
    """The text without brackets around all of it."""
    while text.startswith("(") and text.endswith(")") and _is_whole(text[1:-1]):
        text = text[1:-1]
    return text


def _is_whole(text: str) -> bool:
    """Whether every bracket that is opened in the text is closed in it, and none else."""
    depth = 0
    for mark in text:
        depth += (mark == "(") - (mark == ")")
        if depth < 0:
            return False
    return not depth


def _premises(statement: Statement, step: StepText) -> dict[str, list[StepText]]:
    found: dict[str, list[StepText]] = {}
    for ref in statement.premises(step):
        if ref in statement.steps:
            found.setdefault(ref[0], []).append(statement.steps[ref])
    return found


def _says(statement: Statement, step: StepText) -> dict[str, str]:
    """What the figures of a formula say; a part of the step's own clause without the name of the clause."""
    says = _looked_back_at(statement, step.formula, step)
    for name, found in _premises(statement, step).items():
        own = name.split(".", 1)[0] == step.figure.split(".", 1)[0]
        text = (clean(found[0].says) or name).removeprefix("whether ")
        short = short_says(statement, found[0]).removeprefix("whether ") if own else text
        says[name] = f"the {short}" if short != text and not clean(found[0].says).startswith("whether ") else short
    return says


def _looked_back_at(statement: Statement, text: str, step: StepText) -> dict[str, str]:
    """What the figures of other periods say, which a text names and the step does not rest on; none whose name is a word."""
    says = {}
    for name in {found.group() for found in _TOKEN.finditer(text)}:
        if "." in name or "_" in name:
            ref = next(iter(statement.items.get(name, ())), (name, ""))
            if ref in statement.steps:
                own = name.partition(".")[0] == step.figure.partition(".")[0]
                known = statement.steps[ref]
                says[name] = (short_says(statement, known) if own else clean(known.says)).removeprefix("whether ")
    return says


def short_says(statement: Statement, step: StepText) -> str:
    """What a step says, without the name of the clause that it ends with: ``rate`` for ``rate of Abandoned calls``."""
    base = step.figure.split(".", 1)[0]
    named: Ref = (base, step.item)
    whole = statement.steps.get(named) or statement.steps.get((base, ""))
    ending = f" of {clean(whole.says)}" if whole and whole.says else ""
    return clean(step.says).removesuffix(ending) if ending else clean(step.says)


def _values(statement: Statement, step: StepText) -> dict[str, str]:
    """What the figures of a formula were; nothing if one of them is no number or day, or several. A column of the item
    at hand is named alone in a formula."""
    values = {}
    for name, found in _premises(statement, step).items():
        if len(found) != 1:
            return {}
        value = found[0].value
        if exact(value) is None and not re.fullmatch(_DAY, value):
            return {}
        text = value if exact(value) is None else quantity(value, found[0].unit)
        values[name] = f"({text})" if text.startswith("-") else text
        if found[0].item and found[0].formula == "as reported":
            values.setdefault(name.rpartition(".")[2], values[name])
    return values
