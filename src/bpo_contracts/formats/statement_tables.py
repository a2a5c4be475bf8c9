"""The tables of the statement page: amounts by period, the invoice lines of one period, totals by lot."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from bpo_contracts.formats.statement_clauses import chip
from bpo_contracts.formats.statement_drawing import bars_drawing
from bpo_contracts.formats.statement_limits import lot_rows
from bpo_contracts.formats.statement_markup import Markup, amount, el, join
from bpo_contracts.formats.statement_model import Line, Statement, Totals
from bpo_contracts.formats.statement_words import clean, scope_shown
from bpo_contracts.values.frozen import frozen


@frozen
class Entry:
    """A statement on the page: its key, and whether a later revision stands in its place."""

    statement: Statement
    key: str
    superseded: bool


def overview(entries: Sequence[Entry]) -> Markup:
    """What all the periods come to: the sums, a drawing of the adjustments, and a table with every period."""
    standing = [entry.statement for entry in entries if not entry.superseded]
    charges = sum((one.totals.charges for one in standing), Fraction(0))
    adjustments = sum((one.totals.adjustments for one in standing), Fraction(0))
    totals = Totals(charges, adjustments, charges + adjustments)
    count = f"{len(standing)} {'period' if len(standing) == 1 else 'periods'}"
    return el(
        "section",
        el("h2", f"{clean(standing[0].label)} to {clean(standing[-1].label)}"),
        tiles(standing[0], totals),
        _chart(standing),
        box(_periods_table(entries, count, totals), "Amounts by period"),
        el("h2", "Period by period", class_="part"),
        class_="overview",
    )


def box(table: Markup, says: str) -> Markup:
    """A table that scrolls sideways on its own where the screen is too narrow for it, by keyboard as well."""
    return el("div", table, class_="box wide-table", role="region", aria_label=says, tabindex="0")


def marks_of(entry: Entry) -> tuple[str, ...]:
    """What to know before relying on a statement: another stands in its place, or data was missing."""
    replaced = ("replaced",) if entry.superseded else ()
    return (*replaced, "provisional") if entry.statement.provisional else replaced


def tiles(one: Statement, totals: Totals) -> Markup:
    """Charges, adjustments and net amount, large."""
    kinds = ("", "", "net")
    return el(
        "dl",
        *(
            el("div", el("dt", name), el("dd", amount(one.money(each))), class_=kind)
            for (name, _), each, kind in zip(_COLUMNS[1:], _three(totals), kinds, strict=True)
        ),
        class_="tiles",
    )


def _three(totals: Totals) -> tuple[Fraction, Fraction, Fraction]:
    return (totals.charges, totals.adjustments, totals.net)


def _cells(one: Statement, totals: Totals) -> Markup:
    return join([el("td", amount(one.money(each)), class_="num") for each in _three(totals)])


def _chart(standing: Sequence[Statement]) -> Markup:
    bars = []
    for one in standing:
        amounts = [line.amount for line in one.group("adjustment")]
        lowering = sum((each for each in amounts if each < 0), Fraction(0))
        bars.append((one.label, lowering, sum((each for each in amounts if each > 0), Fraction(0))))
    money = standing[0].money
    highest, lowest = max(up for _, _, up in bars), min(down for _, down, _ in bars)
    if highest == lowest:
        return Markup("")
    says = (
        f"Adjustments by period, {clean(bars[0][0])} to {clean(bars[-1][0])}: at most {money(highest)} up and"
        f" {money(lowest)} down. The table below has every amount."
    )
    keys = [
        el("span", el("span", class_="key"), "raise the invoice", class_="nowrap"),
        " ",
        el("span", el("span", class_="key down"), "lower it", class_="nowrap"),
    ]
    return el(
        "figure",
        el("figcaption", "Adjustments by period", *keys),
        el("div", el("span", amount(money(highest))), el("span", amount(money(lowest))), class_="axis"),
        bars_drawing(bars, key="overview", says=says),
        el("div", el("span", bars[0][0]), el("span", bars[-1][0]), class_="ends"),
        class_="chart",
    )


def _periods_table(entries: Sequence[Entry], count: str, totals: Totals) -> Markup:
    head = el("tr", *(el("th", name, scope="col", class_=kind) for name, kind in _COLUMNS))
    rows = []
    for entry in entries:
        one = entry.statement
        name = join(
            [el("a", one.label, href=f"#{entry.key}"), f" revision {one.revision}" if one.revision != 1 else ""]
        )
        marks = [el("span", mark, class_="chip plain") for mark in marks_of(entry)]
        cells = _cells(one, one.totals)
        heading = el("th", join([name, *marks], " "), scope="row")
        rows.append(el("tr", heading, cells, class_="old" if entry.superseded else ""))
    total = el("tr", el("th", f"Total of {count}", scope="row"), _cells(entries[0].statement, totals), class_="total")
    caption = el("caption", "Each period as it stands; a replaced revision is not part of the total.")
    return el("table", caption, el("thead", head), el("tbody", join(rows, "\n")), el("tfoot", total))


_COLUMNS: Final = (("Period", ""), ("Charges", "num"), ("Adjustments", "num"), ("Net amount", "num"))


def lines_table(one: Statement) -> Markup:
    """The invoice: charges, adjustments, and the net amount."""
    head = el(
        "tr",
        el("th", "Clause", scope="col"),
        el("th", "Line", scope="col"),
        el("th", f"Amount, {one.currency}", scope="col", class_="num"),
    )
    bodies = []
    for group, name, total in (
        ("charge", "Charges", one.totals.charges),
        ("adjustment", "Adjustments", one.totals.adjustments),
    ):
        rows = [_line_row(one, line) for line in one.group(group)]
        bodies.append(el("tbody", *rows, _sum_row(name, one.money(total), "sub")))
    return el(
        "table",
        el("caption", "Every line of the invoice and what it comes to"),
        el("thead", head),
        *bodies,
        el("tfoot", _sum_row("Net amount", one.money(one.totals.net), "total")),
    )


def _line_row(one: Statement, line: Line) -> Markup:
    scope = join([" ", el("span", scope_shown(line.scope), class_="scope")]) if line.scope else ""
    status = join([" ", chip(line.status)]) if line.status else ""
    return el(
        "tr",
        el("td", line.clause, class_="cl"),
        el("th", line.says, scope, status, scope="row"),
        el("td", amount(one.money(line.amount)), class_="num"),
    )


def _sum_row(name: str, sum_: str, kind: str) -> Markup:
    return el(
        "tr", el("td", class_="cl"), el("th", name, scope="row"), el("td", amount(sum_), class_="num"), class_=kind
    )


def lots_table(one: Statement, heading: str) -> Markup:
    """The totals of each lot under a heading (``h3``, ``h4``); nothing where the contract has no lots."""
    if not one.lots:
        return Markup("")
    names = (("Lot", ""), *_COLUMNS[1:])
    rows = [el("tr", el("th", name, scope="row"), _cells(one, totals)) for name, totals in lot_rows(one)]
    total = el("tr", el("th", "Total", scope="row"), _cells(one, one.totals), class_="total")
    table = el(
        "table",
        el("caption", f"The same amounts by lot, in {one.currency}"),
        el("thead", el("tr", *(el("th", name, scope="col", class_=kind) for name, kind in names))),
        el("tbody", *rows),
        el("tfoot", total),
    )
    return join([el(heading, "Totals by lot", class_="part"), box(table, f"Totals by lot of {clean(one.label)}")])
