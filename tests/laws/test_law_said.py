"""What is said of a contract can be read by itself: whatever a sentence names is said, and nothing is said of no data that
never lacks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from tests.laws.drawn import Document, Settled, settled

from bpo_contracts.contract.amending import in_force
from bpo_contracts.contract.contract import Contract
from bpo_contracts.contract.reading import read_contract
from bpo_contracts.services.describing import always_there, describe_contract
from bpo_contracts.services.describing_titles import full_titles
from bpo_contracts.services.settling import settle_all
from bpo_contracts.settlement.prepare import prepare
from bpo_contracts.settlement.settlement import Settlement
from bpo_contracts.terms.absence import CanBeAbsent, absent_figures
from bpo_contracts.terms.evaluate import Absent
from bpo_contracts.terms.nodes import Allocate
from bpo_contracts.testing import case_files, read_case_file
from bpo_contracts.testing.strategies import contract_of, contracts
from bpo_contracts.values.findings import BadInput

CASES = case_files([str(Path(__file__).parents[1] / "cases")])


def blocks(text: str) -> dict[str, str]:
    """The sentences of each clause by its heading, those of the sections by their title; the contract's words left out."""
    found: dict[str, str] = {}
    for block in text.split("\n\n"):
        heading, _, rest = block.partition("\n")
        lines = re.sub(r'^  ".*?"$', "", rest, flags=re.MULTILINE | re.DOTALL)
        found[heading] = "\n".join((found.get(heading, ""), re.sub(r"\n {4,}", " ", lines)))
    return found


def named(title: str, text: str, period: str) -> bool:
    words = re.escape(title)
    return bool(
        re.search(rf"\b(?:the|previous {period}'s) {words}(?![\w-])", text, re.IGNORECASE)
        or re.search(rf"(?<![\w-]){words} [0-9]+ {period}s ago", text, re.IGNORECASE)
    )


def defined(title: str, text: str) -> bool:
    return bool(
        re.search(rf"^  (?:whether )?{re.escape(title)}(?:, for each [^:]*)?:", text, re.IGNORECASE | re.MULTILINE)
    )


def undefined(contract: Contract) -> list[str]:
    """The figures of clauses that a sentence names by their titles, and that no sentence of their clause says."""
    figures = {figure.name: figure for figure in prepare(contract).terms.program.figures}
    titles = full_titles(contract, figures)
    said = blocks(describe_contract(contract))
    missing = []
    for clause in contract.clauses:
        kind = clause.kind.replace("_", " ")
        own = next(text for heading, text in said.items() if heading_of(heading, clause.clause, clause.says, kind))
        short = shortened(clause.name, clause.says, figures.keys(), titles)
        masked = own
        for name, title in sorted(
            short.items(), key=lambda one: -len(one[1])
        ):  # "the rate of the year" before "the rate"
            if isinstance(figures[name].node, Allocate):
                continue
            if named(title, masked, contract.period) and not defined(title, own):
                missing.append(f"clause {clause.clause}: the {title} ({name})")
            masked = re.sub(rf"\b(?:the|previous \w+'s) {re.escape(title)}(?![\w-])", "…", masked, flags=re.IGNORECASE)
        for heading, text in said.items():
            for name, title in short.items():
                full = f"{title} of {clause.says}"
                if (
                    own is not text
                    and re.search(rf"(?<!the ){re.escape(full)}(?![\w-])", text)
                    and not defined(title, own)
                ):
                    missing.append(f"{heading}: {full} ({name})")
    return missing


def inner_names(contract: Contract) -> list[str]:
    """The names of figures, columns and lists that stand in the sentences as formulas have them."""
    terms = prepare(contract).terms
    names = {figure.name for figure in terms.program.figures} | {*contract.lists, *contract.scopes, *contract.calendars}
    names |= {column for one in contract.lists.values() for column in one.columns}
    of_readings = re.compile("^  The agreed reading of these words:.*$", re.MULTILINE)
    said = " ".join(of_readings.sub("", text) for text in blocks(describe_contract(contract)).values())
    said = re.sub('"[^"]*"', "", said)  # a word that the contract compares with
    found = set(re.findall(r"[a-z][a-z0-9]*(?:[_.][a-z0-9]+)+", said))
    return sorted(found & names)


def absent_of(contract: Contract) -> CanBeAbsent:
    return absent_figures(
        prepare(contract).terms.program.figures,
        always_there(contract),
        amended=bool(contract.amendments or contract.amended_by),
    )


def heading_of(heading: str, number: str, says: str, kind: str) -> bool:
    return " ".join(heading.split()).startswith(" ".join(f"Clause {number} {says}".split())[:90]) and (
        len(heading) > 90 or heading.endswith(f"({kind})")
    )


def shortened(base: str, says: str, names: object, titles: Mapping[str, str]) -> dict[str, str]:
    ending = f" of {says}"
    parts = {name: titles[name] for name in titles if name.startswith(f"{base}.")}
    return {name: title.removesuffix(ending) for name, title in parts.items() if title.endswith(ending)}


@pytest.mark.parametrize("file", CASES, ids=lambda file: Path(file).stem)
def test_what_a_sentence_names_is_said_in_the_case_files(file: str) -> None:
    try:
        contract = read_contract(read_case_file(file).contract)
        prepare(contract)
    except BadInput:
        return  # a case of a contract that is refused
    assert not undefined(contract)
    assert not inner_names(contract)


@settings(max_examples=40)
@given(contracts())
def test_what_a_sentence_names_is_said_in_drawn_contracts(written: Document) -> None:
    for clause in written["clauses"]:
        clause.pop("title", None)  # titles are drawn from few words, and two clauses of one title cannot be told apart
    contract = contract_of(written)
    assert not undefined(contract)
    assert not inner_names(contract)


@settings(max_examples=40)
@given(settled())
def test_what_always_has_a_value_is_never_settled_without_one(drawn: Settled) -> None:
    for settlement in settle_all(drawn.contract, drawn.measurements, engine="reference"):
        version = in_force(drawn.contract, settlement.period)
        assert all(map(absent_of(version).holds, without_value(settlement, version)))


def without_value(settlement: Settlement, version: Contract) -> set[str]:
    """The figures that had no value for want of data; not those that nothing has asked for and the contract leaves open."""
    found = set()
    for name, slot in prepare(version).terms.program.slots.items():
        values = settlement.outcomes.values[slot]
        for value in values if isinstance(values, list) else [values]:
            if isinstance(value, Absent) and value.finding is None:
                found.add(name)
    return found
