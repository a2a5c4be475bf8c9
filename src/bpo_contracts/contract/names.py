"""Does every name mean one thing, to people and to the reports?

* Two things that formulas can name never have one name.
* The names of the columns that every performance report has (``period``, ``status``, ``value`` …) are no names of scopes
  or columns of lists, and those that tell what a row is are no names of measures: a report could not tell them apart.
* Names that are easily taken for each other are not used beside one another: lots, words and clause numbers that differ
  only in capitals or in the form of their letters.
* The number of a clause stands on one line and has at most 64 characters: it is printed beside every amount.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

from bpo_contracts.contract.contract import Contract
from bpo_contracts.values.findings import Finding
from bpo_contracts.values.sources import Source

REPORT_COLUMNS: Final = frozenset(
    (
        "contract",
        "denominator",
        "item",
        "list",
        "measure",
        "note",
        "numerator",
        "period",
        "sample",
        "source",
        "status",
        "value",
    )
)
"""The columns of performance reports that are not a measure, a scope or a column of a list."""

ROW_COLUMNS: Final = frozenset(("contract", "list", "measure", "note", "period", "source", "status"))
"""Those that say what a row is, in every layout."""

CLAUSE_NUMBER_MAX: Final = 64


def name_findings(contract: Contract) -> list[Finding]:
    """What is wrong with the names of a contract (BPO150 to BPO152, BPO200); empty if every name means one thing."""
    return [
        *_twice(contract),
        *_report_columns(contract),
        *_look_alikes(contract),
        *_clause_numbers(contract),
    ]


def _twice(contract: Contract) -> Iterator[Finding]:
    first: dict[str, Source] = {}
    for name, place in _named(contract):
        if first.setdefault(name, place) is not place:
            problem = f"Two things are called {name!r}."
            step = "A name means one thing: rename one of the two."
            yield Finding("BPO200", "name-twice", place, problem, step, (first[name],))


def _named(contract: Contract) -> Iterator[tuple[str, Source]]:
    """Everything that formulas can name, with its place."""
    for section in ("parameters", "series", "measures", "figures"):
        for name in getattr(contract, section):
            yield name, contract.key_place((section, name))
    for index, clause in enumerate(contract.clauses):
        yield clause.name, contract.place(("clauses", index, clause.kind))


def _report_columns(contract: Contract) -> Iterator[Finding]:
    paths: list[tuple[str, ...]] = [("scopes", name) for name in REPORT_COLUMNS & contract.scopes.keys()]
    paths += [("measures", name) for name in ROW_COLUMNS & contract.measures.keys()]
    for name, one in contract.lists.items():
        paths += [("lists", name, "columns", column) for column in REPORT_COLUMNS & one.columns.keys()]
    for path in sorted(paths):
        name = path[-1]
        problem = f"{name!r} is a column that every performance report can have, with a meaning of its own."
        step = f"Choose another name, for example '{name}_code' or '{name}_reported'."
        yield Finding("BPO150", "name-of-a-report-column", contract.key_place(path), problem, step)


def _look_alikes(contract: Contract) -> Iterator[Finding]:
    for scope, values in contract.scopes.items():
        yield from _alike(_placed(contract, ("scopes", scope), values), f"values of the scope {scope!r}")
    for name, measure in contract.measures.items():
        yield from _alike(_placed(contract, ("measures", name, "words"), measure.words), f"words of {name!r}")
    numbers = [(one.clause, contract.place(("clauses", index, "clause"))) for index, one in enumerate(contract.clauses)]
    yield from _alike(dict(numbers).items(), "clause numbers")  # several clauses may stand under one number


def _placed(contract: Contract, path: tuple[str, ...], texts: Iterable[str]) -> list[tuple[str, Source]]:
    return [(text, contract.place((*path, index))) for index, text in enumerate(texts)]


def _alike(texts: Iterable[tuple[str, Source]], what: str) -> Iterator[Finding]:
    first: dict[str, tuple[str, Source]] = {}
    for text, place in texts:
        look = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
        other, its_place = first.setdefault(look, (text, place))
        if its_place is not place:
            problem = f"Two {what} are easily taken for each other: {other!r} and {text!r}."
            step = "Keep one of the two, or rename it."
            yield Finding("BPO151", "look-alike-names", place, problem, step, (its_place,))


def _clause_numbers(contract: Contract) -> Iterator[Finding]:
    for index, clause in enumerate(contract.clauses):
        if len(clause.clause) > CLAUSE_NUMBER_MAX or not clause.clause.isprintable():
            problem = f"The number of a clause is at most {CLAUSE_NUMBER_MAX} characters on one line, and this is not."
            place = contract.place(("clauses", index, "clause"))
            yield Finding("BPO152", "not-a-clause-number", place, problem, "Write the number alone, as in '4.2 (a)'.")
