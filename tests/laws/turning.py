"""The same contract and the same facts, written in another order and another layout."""

from __future__ import annotations

import csv
import io
from random import Random
from typing import Any

from bpo_contracts.formats.performance import read_performance
from bpo_contracts.performance.report import PerformanceReport, merge_reports
from bpo_contracts.testing.strategies import report_of

Document = dict[str, Any]

UNORDERED_LISTS = frozenset({"clauses", "limits", "site", "tier", "for_each"})
"""Lists of a contract whose order says nothing. That of ``order``, ``only_if``, ``words`` and ``amendments`` does."""

_ABOUT = ("period", "site", "tier", "status", "source")


def turned(value: Any, random: Random, key: str = "") -> Any:
    """The document with its maps, and the lists whose order says nothing, in another order."""
    if isinstance(value, dict):
        keys = list(value)
        random.shuffle(keys)
        return {name: turned(value[name], random, name) for name in keys}
    if isinstance(value, list):
        items = [turned(item, random) for item in value]
        if key in UNORDERED_LISTS:
            random.shuffle(items)
        return items
    return value


def shuffled(document: Document, random: Random) -> Document:
    """The report with its rows in another order."""
    return {key: value if key == "schema" else random.sample(value, len(value)) for key, value in document.items()}


def wide(document: Document) -> Document:
    """The report with a column for each measure and a row for each period and lot."""
    rows: dict[tuple[str, ...], Document] = {}
    for fact in document["measurements"]:
        about = {name: fact[name] for name in _ABOUT if name in fact}
        row = rows.setdefault(tuple(about.get(name, "") for name in _ABOUT), about)
        for part in ("numerator", "denominator", "sample"):
            if part in fact:
                row[f"{fact['measure']}.{part}"] = fact[part]
        if "value" in fact:
            row[fact["measure"]] = fact["value"]
    others = {key: value for key, value in document.items() if key != "measurements"}
    return others | {"periods": list(rows.values())}


def as_csv(document: Document) -> PerformanceReport:
    """The report from CSV files in the long layout: one for measurements, one for items."""
    sections = [document[name] for name in ("measurements", "items") if document.get(name)]
    return merge_reports(read_performance(_table(rows), f"part{number}.csv") for number, rows in enumerate(sections))


def _table(rows: list[Document]) -> bytes:
    names = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def in_every_layout(document: Document, random: Random) -> list[PerformanceReport]:
    """The report in another order of rows, in the wide layout, and from CSV files."""
    return [
        report_of(shuffled(document, random)),
        report_of(shuffled(wide(document), random)),
        as_csv(shuffled(document, random)),
    ]
