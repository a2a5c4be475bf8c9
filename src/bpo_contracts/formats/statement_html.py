"""A contract's settlements as one page for people: everything inside, nothing loaded, nothing runs.

One document gives a statement; many give an overview by period and a statement for each, the newest first and open.
Of several revisions of a period the last one stands; the earlier ones are shown and not summed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final

from bpo_contracts.formats.statement_clauses import clause_cards
from bpo_contracts.formats.statement_markup import Markup, amount, el, join
from bpo_contracts.formats.statement_model import Statement
from bpo_contracts.formats.statement_reader import read_statement
from bpo_contracts.formats.statement_style import STYLE
from bpo_contracts.formats.statement_tables import Entry, box, lines_table, lots_table, marks_of, overview, tiles
from bpo_contracts.formats.statement_text import PROVISIONAL, days_shown, last_day, revision_shown
from bpo_contracts.formats.statement_words import clean
from bpo_contracts.values.findings import BadInput, Finding, refuse
from bpo_contracts.values.sources import Source

_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
_LONG: Final = ("Rulebook", "Settlement digest")
_PLACE: Final = Source("<settlement documents>")


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
        el("main", overview(entries) if len(entries) > 1 else Markup(""), *sections),
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


def _in_order(documents: Sequence[Mapping[str, object]]) -> list[Entry]:
    if not documents:
        raise refuse("BPO602", "nothing-to-state", "There is no settlement to state.", "Settle a period first.", _PLACE)
    statements = sorted((read_statement(document) for document in documents), key=_when)
    once = [one for index, one in enumerate(statements) if not index or one != statements[index - 1]]
    _refuse_mixed(once)
    last = {(one.start, one.end): one for one in once}
    return [Entry(one, f"period-{index + 1}", last[one.start, one.end] is not one) for index, one in enumerate(once)]


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
            el("div", el("dt", name), el("dd", value, class_="seal" if name in _LONG else ""), class_=wide)
            for name, value in facts
            if value.strip()
            for wide in ["wide" if name in _LONG else ""]
        ),
        class_="facts",
    )


def _period(entry: Entry, *, opened: bool, only: bool) -> Markup:
    one = entry.statement
    marks = [el("span", mark, class_="chip plain") for mark in marks_of(entry)]
    days = el("span", f"{one.start} to {last_day(one.end)}", class_="days")
    inner = _inner(entry, only=only)
    if only:
        return el(
            "section",
            el("h2", "Settlement of ", el("span", one.label, class_="value"), " ", *marks, days),
            inner,
            class_="only",
        )
    summary = el(
        "summary",
        el("h3", el("span", one.label, class_="value"), " ", *marks, days),
        el("span", "adjustments ", amount(one.money(one.totals.adjustments)), class_="adj"),
        el("span", amount(one.money(one.totals.net)), " ", el("span", one.currency, class_="unit"), class_="result"),
    )
    return el("details", summary, inner, class_="period", open="open" if opened else "")


def _inner(entry: Entry, *, only: bool) -> Markup:
    one = entry.statement
    part = "h3" if only else "h4"
    engines = ", ".join(f"{clean(name)} {clean(version)}" for name, version in one.engines)
    facts = [
        ("Period", days_shown(one)),
        ("Revision", revision_shown(one)),
        ("Contract version", "" if only else one.version),
        ("Determined by", engines),
        ("Standing", PROVISIONAL if one.provisional else ""),
        ("Rulebook", one.rulebook),
        ("Settlement digest", one.digest),
    ]
    return el(
        "div",
        tiles(one, one.totals),
        el(part, "Invoice lines", class_="part"),
        box(lines_table(one), f"Invoice lines of {clean(one.label)}"),
        lots_table(one, part),
        el(part, "Clause by clause", class_="part"),
        clause_cards(one, entry.key),
        el(part, "About this settlement", class_="part"),
        _facts(facts),
        class_="inner",
        id=entry.key,
    )


def _legend() -> Markup:
    return el(
        "footer",
        el(
            "p",
            "How to read the drawings: the highest band is on top; all bands are drawn equally high. A filled dot is"
            " an end that belongs to the band, a hollow dot an end that does not, an arrow means there is no end. The"
            " framed row was reached; the pointer stands at the measured figure.",
        ),
        el(
            "p",
            "A number that ends in … has more decimals: it is cut here, not rounded. All arithmetic was done with the"
            " exact number.",
        ),
        class_="legend",
    )
