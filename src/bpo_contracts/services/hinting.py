"""Ask about a contract what a careful contract manager wants to be asked before anyone signs."""

from __future__ import annotations

from itertools import pairwise

from bpo_contracts.contract.amending import check_amendments, said_of_version
from bpo_contracts.contract.contract import Contract
from bpo_contracts.contract.hints import hints_of
from bpo_contracts.contract.hints.memory import memory_that_begins
from bpo_contracts.settlement.prepare import prepare
from bpo_contracts.values.findings import Finding, in_order


def hints(contract: Contract) -> tuple[Finding, ...]:
    """What is legal in a contract and worth a question, in the order of the document; empty if there is nothing to ask.

    Every version is looked at, as amended too. A hint (its ``hint`` is True) blocks nothing: the contract settles as it
    stands.

    Raises:
        BadInput: with the findings of the contract, if it has any.
    """
    prepared = prepare(contract)
    versions = [prepared, *(prepare(version) for version in check_amendments(contract))]
    found = hints_of(prepared.terms)
    said = set(found)
    for number, version in enumerate(versions[1:], start=1):
        asked = hints_of(version.terms)
        found += said_of_version(contract, number, [hint for hint in asked if hint not in said])
        said.update(asked)
    for index, (before, after) in enumerate(pairwise(versions)):
        found += memory_that_begins(contract, index, before.terms, after.terms)
    return in_order(found)
