"""A contract's settlements as one page for people: everything inside, nothing loaded, nothing runs.

One document gives a statement; many give an overview by period and a statement for each, the newest first and open.
Of several revisions of a period the last one stands; the earlier ones are shown and not summed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Final

from bpo_contracts.formats.statement_clauses import chip, clause_cards
from bpo_contracts.formats.statement_drawing import bars_drawing
from bpo_contracts.formats.statement_markup import Markup, amount, el, join
from bpo_contracts.formats.statement_model import Line, Statement, read_statement
from bpo_contracts.formats.statement_style import STYLE
from bpo_contracts.formats.statement_text import last_day, revision_shown
from bpo_contracts.formats.statement_words import clean, scope_shown
from bpo_contracts.values.findings import BadInput, Finding, refuse
from bpo_contracts.values.sources import Source

_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
_PLACE: Final = Source("<settlement documents>")


@dataclass(frozen=True, slots=True)
class _Entry:
    """A statement on the page: its key, and whether a later revision stands in its place."""

    statement: Statement
    key: str
    superseded: bool


def statement_html(documents: Sequence[Mapping[str, object]]) -> str:
    """One HTML page for the settlement documents of one contract, in any order; the same documents give the same bytes.

    Raises:
        BadInput: no document (BPO602), a document that is not a settlement (BPO600), documents of different
            contracts or currencies (BPO601), two different documents for one revision of a period (BPO603).
        IntegrityFailure: the lines of a document do not sum to its totals.
    """
    entries = _in_order(documents)
    newest = entries[-1].statement
    sections = [_period(entry, opened=entry is entries[-1], only=len(entries) == 1) for entry in reversed(entries)]
    page = el(
        "div",
        _heading(newest),
        el("main", _overview(entries) if len(entries) > 1 else Markup(""), *sections),
        _legend(),
        class_="sheet",
    )
    return _document(f"Statement: {clean(newest.title)}", page)


def _document(title: str, page: Markup) -> str:
    head = (
        Markup('<meta charset="utf-8">'),
        el("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("title", title),
        Markup(f"<style>{STYLE}</style>"),
    )
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n{join(head, chr(10))}\n</head>\n<body>\n{page}\n</body>\n</html>\n'
    )


def _in_order(documents: Sequence[Mapping[str, object]]) -> list[_Entry]:
    if not documents:
        raise refuse("BPO602", "nothing-to-state", "There is no settlement to state.", "Settle a period first.", _PLACE)
    statements = sorted((read_statement(document) for document in documents), key=_when)
    once = [one for index, one in enumerate(statements) if not index or one != statements[index - 1]]
    _refuse_mixed(once)
    last = {(one.start, one.end): one for one in once}
    return [_Entry(one, f"period-{index + 1}", last[one.start, one.end] is not one) for index, one in enumerate(once)]


def _when(statement: Statement) -> tuple[str, str, int, str]:
    return (statement.start, statement.end, statement.revision, statement.digest)


def _refuse_mixed(statements: Sequence[Statement]) -> None:
    findings = []
    for name, values in (
        ("contracts", {clean(one.contract) for one in statements}),
        ("currencies", {one.currency for one in statements}),
    ):
        if len(values) > 1:
            problem = f"The documents are of several {name}: {', '.join(sorted(values))}."
            findings.append(Finding("BPO601", "several-contracts", _PLACE, problem, "Make one page for each of them."))
    for one, other in pairwise(statements):
        if _when(one)[:3] == _when(other)[:3]:
            problem = f"Revision {one.revision} of {clean(one.label)} is there twice, with different content."
            findings.append(
                Finding(
                    "BPO603", "revision-twice", _PLACE, problem, "Take the document whose seal is in the audit log."
                )
            )
    if findings:
        raise BadInput(findings)


def _heading(newest: Statement) -> Markup:
    facts = [
        ("Client", newest.client),
        ("Provider", newest.provider),
        ("Contract", f"{newest.contract}, version {newest.version}"),
        ("Amounts in", f"{newest.currency}; credits to the client are below zero"),
    ]
    return el("header", el("p", "Statement of settlement", class_="kicker"), el("h1", newest.title), _facts(facts))


def _facts(facts: Sequence[tuple[str, str]]) -> Markup:
    return el(
        "dl",
        *(
            el("div", el("dt", name), el("dd", value, class_="seal" if name == "Sealed as" else ""), class_=wide)
            for name, value in facts
            if value.strip()
            for wide in ["wide" if name == "Sealed as" else ""]
        ),
        class_="facts",
    )


def _overview(entries: Sequence[_Entry]) -> Markup:
    standing = [entry.statement for entry in entries if not entry.superseded]
    money = standing[0].money
    charges = sum((one.totals.charges for one in standing), Fraction(0))
    adjustments = sum((one.totals.adjustments for one in standing), Fraction(0))
    sums = [money(charges), money(adjustments), money(charges + adjustments)]
    count = f"{len(standing)} {'period' if len(standing) == 1 else 'periods'}"
    return el(
        "section",
        el("h2", f"{clean(standing[0].label)} to {clean(standing[-1].label)}"),
        _tiles(*sums),
        _chart(standing),
        _box(_periods_table(entries, count, sums), "Amounts by period"),
        el("h2", "Period by period", class_="part"),
        class_="overview",
    )


def _box(table: Markup, says: str) -> Markup:
    """A table that scrolls sideways on its own where the screen is too narrow for it, by keyboard as well."""
    return el("div", table, class_="box wide-table", role="region", aria_label=says, tabindex="0")


def _tiles(charges: str, adjustments: str, net: str) -> Markup:
    tile = [("Charges", charges, ""), ("Adjustments", adjustments, ""), ("Net amount", net, "net")]
    return el(
        "dl",
        *(el("div", el("dt", name), el("dd", amount(sum_)), class_=kind) for name, sum_, kind in tile),
        class_="tiles",
    )


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


def _periods_table(entries: Sequence[_Entry], count: str, sums: Sequence[str]) -> Markup:
    head = el("tr", *(el("th", name, scope="col", class_=kind) for name, kind in _COLUMNS))
    rows = []
    for entry in entries:
        one = entry.statement
        name = join(
            [el("a", one.label, href=f"#{entry.key}"), f" revision {one.revision}" if one.revision != 1 else ""]
        )
        note = join([" ", el("span", "replaced", class_="chip plain")]) if entry.superseded else Markup("")
        cells = (
            el("td", amount(one.money(sum_)), class_="num")
            for sum_ in (one.totals.charges, one.totals.adjustments, one.totals.net)
        )
        rows.append(el("tr", el("th", name, note, scope="row"), *cells, class_="old" if entry.superseded else ""))
    total = el(
        "tr",
        el("th", f"Total of {count}", scope="row"),
        *(el("td", amount(sum_), class_="num") for sum_ in sums),
        class_="total",
    )
    caption = el("caption", "Each period as it stands; a replaced revision is not part of the total.")
    return el("table", caption, el("thead", head), el("tbody", join(rows, "\n")), el("tfoot", total))


_COLUMNS: Final = (("Period", ""), ("Charges", "num"), ("Adjustments", "num"), ("Net amount", "num"))


def _period(entry: _Entry, *, opened: bool, only: bool) -> Markup:
    one = entry.statement
    replaced = join([" ", el("span", "replaced", class_="chip plain")]) if entry.superseded else Markup("")
    days = el("span", f"{one.start} to {last_day(one.end)}", class_="days")
    inner = _inner(entry, only=only)
    if only:
        return el(
            "section",
            el("h2", "Settlement of ", el("span", one.label, class_="value"), " ", days),
            inner,
            class_="only",
        )
    summary = el(
        "summary",
        el("h3", el("span", one.label, class_="value"), replaced, " ", days),
        el("span", "adjustments ", amount(one.money(one.totals.adjustments)), class_="adj"),
        el("span", amount(one.money(one.totals.net)), " ", el("span", one.currency, class_="unit"), class_="result"),
    )
    return el("details", summary, inner, class_="period", open="open" if opened else "")


def _inner(entry: _Entry, *, only: bool) -> Markup:
    one = entry.statement
    engines = ", ".join(f"{clean(name)} {clean(version)}" for name, version in one.engines)
    facts = [
        ("Period", f"{one.start} to {last_day(one.end)}, both included"),
        ("Revision", revision_shown(one)),
        ("Contract version", "" if only else one.version),
        ("Determined by", engines),
        ("Sealed as", one.digest),
    ]
    return el(
        "div",
        _tiles(*(one.money(sum_) for sum_ in (one.totals.charges, one.totals.adjustments, one.totals.net))),
        el("h4", "Invoice lines", class_="part"),
        _box(_lines_table(one), f"Invoice lines of {clean(one.label)}"),
        _lots(one),
        el("h4", "Clause by clause", class_="part"),
        clause_cards(one, entry.key),
        el("h4", "About this settlement", class_="part"),
        _facts(facts),
        class_="inner",
        id=entry.key,
    )


def _lines_table(one: Statement) -> Markup:
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


def _lots(one: Statement) -> Markup:
    if not one.lots:
        return Markup("")
    names = (("Lot", ""), *_COLUMNS[1:])
    rows = [
        el(
            "tr",
            el("th", scope_shown(scope) or "the contract as a whole", scope="row"),
            *(
                el("td", amount(one.money(sum_)), class_="num")
                for sum_ in (totals.charges, totals.adjustments, totals.net)
            ),
        )
        for scope, totals in one.lots
    ]
    table = el(
        "table",
        el("caption", f"The same amounts by lot, in {one.currency}"),
        el("thead", el("tr", *(el("th", name, scope="col", class_=kind) for name, kind in names))),
        el("tbody", *rows),
    )
    return join([el("h4", "Totals by lot", class_="part"), _box(table, f"Totals by lot of {clean(one.label)}")])


def _legend() -> Markup:
    return el(
        "footer",
        el(
            "p",
            "How to read the drawings: the highest band is on top; all bands are drawn equally high. A filled dot is an end"
            " that belongs to the band, a hollow dot an end that does not, an arrow means there is no end. The framed row was"
            " reached; the pointer stands at the measured figure.",
        ),
        el(
            "p",
            "A number that ends in … has more decimals: it is cut here, not rounded. All arithmetic was done with the"
            " exact number.",
        ),
        class_="legend",
    )
