"""The phases of lowering, in their order."""

from __future__ import annotations

from bpo_contracts.contract.checks.returns import returned_twice
from bpo_contracts.contract.contract import Contract
from bpo_contracts.contract.lowering.checking import (
    check_due,
    check_lines,
    check_pools,
    check_tables,
    limited_amounts,
)
from bpo_contracts.contract.lowering.collected import Collected
from bpo_contracts.contract.lowering.ends import crossed_ends
from bpo_contracts.contract.lowering.exclusions import exclude
from bpo_contracts.contract.lowering.into import Lowering
from bpo_contracts.contract.lowering.limits.totals import limit_totals
from bpo_contracts.contract.lowering.measures import Measures, define_lists
from bpo_contracts.contract.lowering.parameters import NamedFigures, check_days, define_parameters, define_series
from bpo_contracts.contract.lowering.reading import Formulas, Phrases, Ranges, Tables, Words
from bpo_contracts.contract.lowering.results import Terms
from bpo_contracts.contract.order import clause_order
from bpo_contracts.terms.program import Program, build_program
from bpo_contracts.terms.written import units_are_no_names
from bpo_contracts.values.findings import BadInput


def lower(contract: Contract) -> Terms:
    """The contract's figures, checked.

    Raises:
        BadInput: with every finding of formulas, tables, names, units and limits.
    """
    collected = Collected(contract)
    formulas, phrases = Formulas(collected), Phrases(collected)
    ranges = Ranges(collected, formulas, phrases)
    tables, words = Tables(collected, formulas, phrases, ranges), Words(collected, formulas)

    define_series(collected, phrases)
    Measures(collected, formulas, phrases, ranges).define()
    define_lists(collected, phrases)
    define_parameters(collected, formulas, words)
    NamedFigures(collected, formulas, phrases, tables, words).define()

    into = Lowering(collected, formulas, phrases, tables, words)
    for clause in contract.clauses:
        clause.lower(into)
    combined = exclude(into)
    limit_totals(into, combined)

    check_pools(collected)
    check_days(collected)
    check_tables(collected, ranges)
    check_due(collected)
    collected.findings += crossed_ends(contract, formulas.formula)
    collected.findings += returned_twice(contract)
    if collected.findings:
        raise BadInput(collected.findings)
    program = _program(collected)
    check_lines(collected, program)
    return _terms(collected, program)


def _program(collected: Collected) -> Program:
    contract = collected.contract
    lists = sorted({*contract.scopes, *contract.lists, *collected.pers})
    meant = limited_amounts(collected)
    try:
        return build_program(collected.figures, lists, meant=meant, agreed=contract.parameters)
    except BadInput as bad:
        raise BadInput(units_are_no_names(bad.findings, collected.nouns)) from None


def _terms(collected: Collected, program: Program) -> Terms:
    return Terms(
        collected.contract,
        program,
        tuple(sorted(collected.lines, key=lambda line: clause_order(line.clause))),
        tuple(sorted(collected.outcomes, key=lambda outcome: clause_order(outcome.clause))),
        tuple(sorted(collected.tables, key=lambda table: table.figure)),
        collected.units,
        collected.nouns,
    )
