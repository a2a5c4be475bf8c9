"""A contract made ready to settle: lowered, checked, compiled. Done once per contract version."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cached_property
from math import prod

from bpo_contracts.contract.amending import check_amendments, said_of_version, signed, versions_of
from bpo_contracts.contract.checks.changed_units import units_that_change
from bpo_contracts.contract.checks.comparisons import comparisons
from bpo_contracts.contract.checks.windows import old_and_new
from bpo_contracts.contract.contract import Contract
from bpo_contracts.contract.lowering import Terms, lower
from bpo_contracts.performance.shape import ReportShape
from bpo_contracts.rules.determining import CompiledRulebook
from bpo_contracts.settlement.assess import SingleMeasure, single_measures
from bpo_contracts.settlement.expected import report_shape
from bpo_contracts.settlement.lines import LinePlan, plan_lines
from bpo_contracts.settlement.open_results import ends_of
from bpo_contracts.settlement.writing import Writer
from bpo_contracts.terms.evaluate import Machine, make_machine
from bpo_contracts.terms.items import dimensions
from bpo_contracts.terms.nodes import Allocate
from bpo_contracts.values.findings import BadInput, Finding
from bpo_contracts.values.frozen import frozen


@frozen
class Prepared:
    """A contract's terms, its machine and its rulebook."""

    contract: Contract
    terms: Terms
    machine: Machine
    book: CompiledRulebook

    def __reduce__(self) -> tuple[Callable[[Contract], Prepared], tuple[Contract]]:
        """Copied and pickled as its contract, of which it is made again."""
        return prepare, (self.contract,)

    @cached_property
    def shape(self) -> ReportShape:
        """What the contract expects to be reported, in each of its versions."""
        return report_shape(self.terms, self._amended())

    def _amended(self) -> list[tuple[date, Terms]]:
        """The terms of later versions, each with the day from which it is in force."""
        contract = self.contract
        versions = versions_of(contract)
        days = (amendment.effective_on for amendment in contract.amendments)
        return [(day, prepare(version).terms) for day, version in zip(days, versions, strict=True)]

    @cached_property
    def term(self) -> range:
        """The numbers of the periods that the contract settles."""
        return range(self.contract.first_period.number, self.contract.last_period.number + 1)

    @cached_property
    def singles(self) -> dict[str, SingleMeasure]:
        """The measures of which a value is all that is asked."""
        return single_measures(self.terms)

    @cached_property
    def ends(self) -> tuple[int, ...]:
        """The slots of the figures that must have a value: what lines pay, and what decides consequences."""
        return tuple(self.terms.program.slots[name] for name in ends_of(self.terms))

    @cached_property
    def writer(self) -> Writer:
        """Writes this contract's settlements."""
        return Writer(self.terms, self.machine, self.book)

    @cached_property
    def step_places(self) -> dict[str, int]:
        """Where each figure's step stands in a settlement, as far as the contract alone tells (lists vary in length)."""
        sizes = {scope: len(values) for scope, values in self.contract.scopes.items()}
        places: dict[str, int] = {}
        place = 0
        for figure in self.terms.program.figures:
            if isinstance(figure.node, Allocate):
                continue
            places[figure.name] = place
            scopes = dimensions(figure.per)
            if any(scope not in sizes for scope in scopes):
                break
            place += prod(sizes[scope] for scope in scopes)
        return places

    @cached_property
    def lines(self) -> tuple[LinePlan, ...]:
        """Where each invoice line finds its figures and questions."""
        return plan_lines(self.terms, self.machine.points)


def _lowered(contract: Contract) -> tuple[Terms, list[Terms]]:
    """The terms of a contract and of its amended versions; what is wrong with one of these alone is said to be of it.

    Raises:
        BadInput: with every finding of all of them, each once.
    """
    found: list[Finding] = []
    lowered: list[Terms] = []
    try:
        lowered.append(lower(contract))
    except BadInput as bad:
        found += bad.findings
    said = set(found)
    try:
        versions = check_amendments(contract) if contract.amendments else []
        for number, version in enumerate(versions, start=1):
            try:
                lowered.append(prepare(version).terms)
            except BadInput as bad:
                found += said_of_version(contract, number, [one for one in bad.findings if one not in said])
                said.update(bad.findings)
    except BadInput as bad:
        found += bad.findings
    if found:
        raise BadInput(found)
    return lowered[0], lowered[1:]


def _check_versions(contract: Contract, terms: Terms, amended: list[Terms]) -> None:
    """What only becomes clear from the figures, and from those of all versions of a contract."""
    versions = [terms, *amended]
    words = [signed(contract), *versions_of(signed(contract))]
    findings = list(comparisons(terms, words))
    for index in range(len(contract.amendments)):
        findings += old_and_new(contract, index, versions[: index + 1], versions[index + 1])
        findings += units_that_change(contract, index, versions[: index + 1], versions[index + 1])
    if findings:
        raise BadInput(findings)


def prepare(contract: Contract) -> Prepared:
    """The contract, ready to settle; remembered with the contract.

    Raises:
        BadInput: with every finding of the contract's formulas, tables, units and limits.
    """
    ready = contract.kept.get("prepared")
    if isinstance(ready, Prepared):
        return ready
    terms, amended = _lowered(contract)
    _check_versions(contract, terms, amended)
    machine = make_machine(terms.program)
    prepared = Prepared(contract, terms, machine, CompiledRulebook(terms.program, machine.points))
    contract.kept["prepared"] = prepared
    return prepared
