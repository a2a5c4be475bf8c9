"""Amendments: what a contract says in a period, with every change that is in force by then.

An amendment changes values at paths from the first day of a period on; the signed text stays as it is. Earlier
periods were
settled by what was in force then, and stay settled so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from itertools import pairwise

from bpo_contracts.contract.changes import Change, changed
from bpo_contracts.contract.checks.amendable import not_amendable
from bpo_contracts.contract.checks.balances import lost_balances
from bpo_contracts.contract.contract import Amendment, Contract
from bpo_contracts.contract.reading import read_contract
from bpo_contracts.values.findings import BadInput, Finding
from bpo_contracts.values.nodes import DocNode, ListNode, MapNode
from bpo_contracts.values.periods import Period, period_containing
from bpo_contracts.values.sources import Source


def in_force(contract: Contract, period: Period) -> Contract:
    """The contract as it stands in a period: itself, if no amendment is in force yet.

    Raises:
        BadInput: with the findings of the amended contract, at the places of the amendments.
    """
    if not contract.amendments:
        return contract
    number = sum(1 for amendment in contract.amendments if amendment.effective_on <= period.start)
    if not number:
        return contract
    versions: dict[int, Contract] = contract.kept.setdefault("versions", {})
    if number not in versions:
        versions[number] = _amended(contract, number)
    return versions[number]


def check_amendments(contract: Contract) -> list[Contract]:
    """Every version of the contract, each read as a contract of its own, so that all are checked before anyone signs.

    Raises:
        BadInput: BPO132 for a change in the middle of a period or out of order, the findings of every version,
            BPO137 for a balance that an amendment would lose, and BPO138 for what no amendment can change.
    """
    findings: list[Finding] = []
    for index, amendment in enumerate(contract.amendments):
        place = contract.place(("amendments", index, "effective_on"))
        period = period_containing(amendment.effective_on, contract.every, contract.anchor_day)
        if period.start != amendment.effective_on:
            problem = (
                f"The amendment takes effect on {amendment.effective_on}, in the middle of the period {period.label}."
            )
            step = f"Write {period.start} or {period.end}, and agree how the part period is settled."
            findings.append(Finding("BPO132", "amendment-out-of-place", place, problem, step))
        if index and contract.amendments[index - 1].effective_on >= amendment.effective_on:
            problem = "Amendments stand in the order of their days, one for each day."
            findings.append(Finding("BPO132", "amendment-out-of-place", place, problem, "Reorder or join them."))
    if findings:
        raise BadInput(findings)
    versions = versions_of(contract)
    for index, (before, after) in enumerate(pairwise((contract, *versions))):
        findings += not_amendable(contract, index, before, after)
        findings += lost_balances(contract, index, before, after)
    if findings:
        raise BadInput(findings)
    return versions


def versions_of(contract: Contract) -> list[Contract]:
    """The contract as each of its amendments leaves it; read once."""
    return [in_force(contract, _first(contract, amendment.effective_on)) for amendment in contract.amendments]


def words_before(version: Contract) -> dict[str, Amendment]:
    """The clauses and figures whose values an amendment changed and whose words it left: their names, and the amendment.

    The words that stand in such a clause are those of before it. Empty for a contract that is not amended.
    """
    found: dict[str, Amendment] = {}
    for amendment in version.amended_by:
        for name, fields in touched(amendment).items():
            if "words" in fields:
                found.pop(name, None)
            else:
                found[name] = amendment
    return found


def signed(version: Contract) -> Contract:
    """The contract as it was signed, with all its amendments, of which this is a version."""
    contract: Contract = version.kept.get("signed", version)
    return contract


def words_in_force(version: Contract, name: str, words: str) -> str:
    """The words of a clause or figure; if an amendment changed it without new words, that is said in brackets."""
    amendment = words_before(version).get(name)
    if amendment is None:
        return words
    said = f"{amendment.clause}: {amendment.words}"
    return f"{words} [These are the words of before the amendment of {amendment.effective_on}. {said}]"


def touched(amendment: Amendment) -> dict[str, set[str]]:
    """The clauses and figures that an amendment changes, each with the fields it changes; a whole one has new words."""
    touched: dict[str, set[str]] = {}
    for path in amendment.change:
        section, *rest = path.split("/")
        if section in ("clauses", "figures") and rest and rest[0] != "+":
            touched.setdefault(rest[0], set()).add(rest[1] if len(rest) > 1 else "words")
    return touched


def said_of_version(signed: Contract, number: int, findings: Iterable[Finding]) -> list[Finding]:
    """Findings that hold of the contract as its first ``number`` amendments leave it, and not before: each says so, unless it
    stands in the amendment itself."""
    amendment = signed.amendments[number - 1]
    places = [one for one in _places(_items(signed)[number - 1]) if one.line]
    begin = min((one.line, one.column) for one in places)
    end = max((one.line, one.column + one.length) for one in places)
    since = f" This is so from {amendment.effective_on} on, as amended by {amendment.clause}."
    return [
        one
        if begin <= (one.source.line, one.source.column) <= end and one.source.file == places[0].file
        else replace(one, problem=one.problem + since)
        for one in findings
    ]


def _items(contract: Contract) -> tuple[DocNode, ...]:
    """The amendments as they stand in the document."""
    document = contract.document
    entry = document.entry("amendments") if isinstance(document, MapNode) else None
    if entry is None or not isinstance(entry[1], ListNode):
        raise AssertionError("a contract with amendments has a list of them")
    return entry[1].items


def _places(node: DocNode) -> Iterator[Source]:
    """The places of a part of a document and of everything in it."""
    yield node.source
    if isinstance(node, ListNode):
        for item in node.items:
            yield from _places(item)
    elif isinstance(node, MapNode):
        for key, value in node.entries:
            yield key.source
            yield from _places(value)


def _first(contract: Contract, day: date) -> Period:
    return period_containing(day, contract.every, contract.anchor_day)


def _amended(contract: Contract, number: int) -> Contract:
    document = contract.document
    if not isinstance(document, MapNode):
        raise TypeError("a contract with amendments is read from a document")
    changes: list[Change] = []
    for item in _items(contract)[:number]:
        changes += _changes(item)
    base = MapNode(tuple(entry for entry in document.entries if entry[0].text != "amendments"), document.source)
    try:
        version = read_contract(changed(base, changes))
    except BadInput as bad:
        raise BadInput(said_of_version(contract, number, bad.findings)) from None
    version.kept["amended by"] = contract.amendments[:number]
    version.kept["signed"] = contract
    return version


def _changes(amendment: DocNode) -> list[Change]:
    entry = amendment.entry("change") if isinstance(amendment, MapNode) else None
    if entry is None or not isinstance(entry[1], MapNode):
        raise AssertionError("an amendment has its changes")
    return [Change(key, value) for key, value in entry[1].entries]
