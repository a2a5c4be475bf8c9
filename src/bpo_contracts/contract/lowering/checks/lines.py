"""Checks of the program: every line and every limit is money, and every item that is paid can be told from others."""

from __future__ import annotations

from typing import Any

from bpo_contracts.contract.checks.keys import items_without_key
from bpo_contracts.contract.lowering.checks.unpaid import not_money
from bpo_contracts.contract.lowering.collected import Collected
from bpo_contracts.terms.program import Program
from bpo_contracts.values.findings import BadInput, Finding
from bpo_contracts.values.units import ANY_ZERO, TRUTH, Unit, money


def limited_amounts(collected: Collected) -> dict[str, Unit]:
    """The amounts that stand under a limit: one in a wrong unit is refused at its clause, and not at the limit."""
    limited = {clause.name for group in collected.groups.values() if group.limits for clause in group.members}
    gross = (line.gross for line in collected.lines if line.clause.name in limited)
    return dict.fromkeys(gross, money(collected.contract.currency))


def check_lines(collected: Collected, program: Program) -> None:
    """Whether what is paid is money.

    Raises:
        BadInput: with the findings of every line and limit.
    """
    contract = collected.contract
    findings = list(items_without_key(contract, program))
    for line in collected.lines:
        unit = program.units[line.gross]
        if unit not in (money(contract.currency), ANY_ZERO):
            findings.append(not_money(contract, line, program, unit))
    for group in collected.groups.values():
        for index, clause in group.limits:
            findings += _limit_is_money(collected, program, index, clause)
    for outcome in collected.outcomes:
        if program.units[outcome.figure] != TRUTH:
            raise AssertionError("a consequence is yes or no")
    if findings:
        raise BadInput(findings)


def _limit_is_money(collected: Collected, program: Program, index: int, clause: Any) -> list[Finding]:
    """A limit in another unit than the lines: their sum may be zero of no currency, and agree with any."""
    findings, currency = [], collected.contract.currency
    for end in ("at_most", "at_least"):
        unit = program.units.get(f"{clause.name}.{end}", ANY_ZERO)
        if unit not in (money(currency), ANY_ZERO):
            place = collected.contract.place(("clauses", index, end))
            problem = f"Clause {clause.clause} limits amounts of {currency}, and the limit is in {unit}."
            findings.append(Finding("BPO233", "line-is-not-money", place, problem, f"Write the limit in {currency}."))
    return findings
