"""Clause by clause, as HTML: the words, the measured figure against its bands, the arithmetic, the amount."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import groupby
from typing import Final

from bpo_contracts.formats.statement_argument import missing_says, step_remarks, step_says
from bpo_contracts.formats.statement_arithmetic import arithmetic, money, value_shown
from bpo_contracts.formats.statement_drawing import Tone, bands_drawing, undrawn
from bpo_contracts.formats.statement_limits import items_told, line_items
from bpo_contracts.formats.statement_markup import Markup, amount, el, join
from bpo_contracts.formats.statement_model import Line, Ref, Statement, StepText
from bpo_contracts.formats.statement_readings import Reading, reading_text, readings
from bpo_contracts.formats.statement_words import clean, scope_shown

_DEPTH_MAX: Final = 9
_DRAWINGS_MAX: Final = 4
_LOWERING: Final = (
    "service_credit",
    "liquidated_damages",
    "holdback",
    "penalty",
    "tariff",
    "claw_back",
    "service_points",
)
_RAISING: Final = ("bonus", "gain_share", "award_fee", "award", "earn_back")
_CHIPS: Final = {
    "met": ("good", "✓"),
    "missed": ("bad", "✕"),
    "below minimum": ("bad", "▼"),
    "exceeded": ("good", "▲"),
    "applies": ("note", "•"),
    "excused": ("note", "◇"),
    "no data": ("bad", "?"),
}


def chip(status: str) -> Markup:
    """A status as a small label with a sign of its own."""
    kind, sign = _CHIPS.get(status, ("plain", "–"))
    return (
        el("span", el("span", sign, aria_hidden="true"), " ", status, class_=f"chip {kind}") if status else Markup("")
    )


def clause_cards(statement: Statement, key: str) -> Markup:
    """One card for each clause, with its lines; ``key`` begins the ids of the drawings."""
    cards = []
    for index, (_, lines) in enumerate(groupby(statement.lines, key=lambda line: (line.group, line.clause, line.name))):
        cards.append(_card(statement, list(lines), f"{key}-c{index + 1}"))
    return join(cards, "\n")


def _card(statement: Statement, lines: Sequence[Line], key: str) -> Markup:
    first, many = lines[0], len(lines) > 1
    words = statement.words(first)
    says = first.says if len({line.says for line in lines}) == 1 else f"{first.says} and {len(lines) - 1} more"
    head = el(
        "header",
        el("span", first.clause, class_="no"),
        el("h4", says, Markup("") if many else _marks(first)),
        el("span", _result(statement, lines), class_="result"),
    )
    quote = el("blockquote", el("p", words)) if words else Markup("")
    bodies = [
        _line(statement, line, f"{key}-l{index + 1}", named=many, quote=Markup("") if many else quote)
        for index, line in enumerate(lines)
    ]
    return el(
        "article",
        head,
        el("div", quote, class_="line") if many and words else Markup(""),
        *bodies,
        class_=f"clause {first.group}",
    )


def _marks(line: Line) -> Markup:
    scope = el("span", scope_shown(line.scope), class_="scope") if line.scope else Markup("")
    return join([" " if line.scope else "", scope, " ", chip(line.status)])


def _result(statement: Statement, lines: Sequence[Line]) -> Markup:
    if lines[0].group == "consequence":
        return _holds(lines[0]) if len(lines) == 1 else Markup("")
    return money(statement, sum((line.amount for line in lines), Fraction(0)))


def _holds(line: Line) -> Markup:
    return el("span", "holds" if line.holds else "does not hold", class_="chip bad" if line.holds else "chip plain")


def _line(statement: Statement, line: Line, key: str, *, named: bool, quote: Markup) -> Markup:
    found = readings(statement, line)
    title = Markup("")
    if named:
        result = _holds(line) if line.group == "consequence" else amount(statement.money(line.amount))
        title = el(
            "h5",
            el("span", scope_shown(line.scope) or line.says, " ", chip(line.status)),
            el("span", result, class_="result"),
        )
    drawings = [
        _figure(reading, _tone(line), f"{key}-d{index + 1}") for index, reading in enumerate(found[:_DRAWINGS_MAX])
    ]
    more = [el("li", reading_text(reading)) for reading in found[_DRAWINGS_MAX:]]
    figures = (
        el("div", *drawings, el("ul", *more, class_="more") if more else Markup(""), class_="figures")
        if found
        else Markup("")
    )
    why = el("div", quote, arithmetic(statement, line), class_="why")
    columns = el("div", why, figures, class_="columns" if found else "")
    return el("section", title, columns, _items(statement, line), _trail(statement, line), class_="line")


def _items(statement: Statement, line: Line) -> Markup:
    """What each item of a list adds; the text statement shows the first of them, the page all."""
    items = line_items(statement, line)
    if not items:
        return Markup("")
    rows = [
        el(
            "tr",
            el("th", item.name, el("span", item.how, class_="how") if item.how else Markup(""), scope="row"),
            el("td", amount(item.amount), " ", el("span", item.unit, class_="unit"), class_="nowrap"),
        )
        for item in items
    ]
    summary = el("summary", f"Item by item ({len(items)} {'item' if len(items) == 1 else 'items'})")
    told = items_told(statement, line)
    remark = el("p", told, class_="remark") if told else Markup("")
    return el("details", summary, el("table", el("tbody", *rows), class_="sums"), remark, class_="trail")


def _tone(line: Line) -> Tone:
    if line.kind in _LOWERING or line.gross < 0:
        return "credit"
    return "bonus" if line.kind in _RAISING or (line.group == "adjustment" and line.gross > 0) else "other"


def _figure(reading: Reading, tone: Tone, key: str) -> Markup:
    item = f", {clean(reading.step.item)}" if reading.step.item else ""
    direction = f" ({clean(reading.table.direction)})" if reading.table.direction else ""
    heading = [el("strong", reading.says + item), direction]
    if reading.measured_text:
        heading += [": ", el("strong", reading.measured_text, class_="value")]
    left_out = f" {undrawn(reading)} bands further away are not drawn." if undrawn(reading) else ""
    why = "" if reading.step.value else reading.step.note
    reached = f"Row reached: {clean(reading.band.label)}." if reading.band else (why or "No row was reached.")
    return el(
        "figure",
        el("figcaption", *heading),
        bands_drawing(reading, tone=tone, key=key),
        el("p", reached + left_out, class_="reach"),
    )


def _trail(statement: Statement, line: Line) -> Markup:
    walked = list(statement.walk(line.trail))
    if not walked:
        return Markup("")
    asked = [
        el("p", "Determined: ", el("strong", f"{question}"), f" – {branch}", class_="remark")
        for determination in statement.determinations
        if (determination.clause, determination.name, determination.scope) == (line.clause, line.name, line.scope)
        for question, branch in determination.reached
    ]
    count = len({ref for _, _, ref in walked})
    summary = el("summary", f"Step by step, down to the measured facts ({count} {'step' if count == 1 else 'steps'})")
    return el("details", summary, *asked, _nested(statement, walked, line), class_="trail")


def _nested(statement: Statement, walked: Sequence[tuple[int, StepText | None, Ref]], line: Line) -> Markup:
    written: list[str] = []
    quoted = {(line.clause, statement.words(line))}
    level = -1
    for depth, step, ref in walked:
        wanted = min(depth, _DEPTH_MAX)
        if wanted > level:
            written.append("<ul><li>")  # depths grow by one at a time
        else:
            written.append("</li></ul>" * (level - wanted) + "</li><li>")
        level = wanted
        written.append(_again(statement, ref) if step is None else _entry(step, line, quoted))
    return Markup("".join(written) + "</li></ul>" * (level + 1))


def _again(statement: Statement, ref: Ref) -> Markup:
    known = statement.steps.get(ref)
    if known is None:
        return el("div", el("span", ref[0]), el("span", missing_says(ref), class_="remark"), class_="step")
    value = el("span", el("span", "as above ", class_="remark"), value_shown(known), class_="value")
    return el("div", el("span", step_says(known)), value, class_="step again")


def _entry(step: StepText, line: Line, quoted: set[tuple[str, str]]) -> Markup:
    remarks = step_remarks(step)
    if step.clause and step.clause != line.clause:
        fresh = step.words and (step.clause, step.words) not in quoted
        remarks.append(f"clause {clean(step.clause)}" + (f": “{clean(step.words)}”" if fresh else ""))
        quoted.add((step.clause, step.words))
    head = el("div", el("span", step_says(step)), value_shown(step), class_="step")
    exactly = el("p", "formula: ", el("code", step.formula), class_="remark") if _differs(step) else Markup("")
    return join([head, *(el("p", remark, class_="remark") for remark in remarks), exactly])


def _differs(step: StepText) -> bool:
    """Whether the formula as the contract has it says more than the words for it."""
    return step.formula not in ("", "as reported") and clean(step.formula) not in clean(step.how)
