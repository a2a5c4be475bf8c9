"""What is checked when everything is lowered: before the figures are a program, and after."""

from __future__ import annotations

from typing import Any

from bpo_contracts.contract.checks.directions import (
    comparable,
    levels_agree,
    never_reported,
    pays_the_right_way,
    plausible,
    signs,
)
from bpo_contracts.contract.checks.keys import items_without_key
from bpo_contracts.contract.checks.pools import allocations
from bpo_contracts.contract.lowering.collected import Collected
from bpo_contracts.contract.lowering.reading import Ranges
from bpo_contracts.contract.lowering.reading.rows import row_order
from bpo_contracts.contract.lowering.unpaid import not_money
from bpo_contracts.terms import nodes as n
from bpo_contracts.terms.program import Program
from bpo_contracts.values.findings import BadInput, Finding
from bpo_contracts.values.units import ANY_ZERO, TRUTH, Unit, money


def check_pools(collected: Collected) -> None:
    """Whether the clauses of an at-risk pool can take more than there is in it, where it says that they may not."""
    figures = {figure.name: figure for figure in collected.figures}
    for pool in collected.pools:
        if getattr(pool, "allocations_may_exceed", "yes") == "no":
            collected.findings += allocations(collected.contract, pool, figures)


def check_tables(collected: Collected, ranges: Ranges) -> None:
    """Whether the tables of credits and bonuses pay the right way, and agree with the levels beside them."""
    contract = collected.contract
    figures = {figure.name: figure for figure in collected.figures}
    clauses = {clause.name: (index, clause) for index, clause in enumerate(contract.clauses)}
    for table in sorted(collected.tables, key=lambda one: one.figure):
        index, clause = clauses.get(table.figure.removesuffix(".rate"), (-1, None))
        if clause is None or not table.figure.endswith(".rate"):
            continue
        place = contract.key_place(("clauses", index, clause.kind))
        rows = tuple(sorted(table.rows, key=row_order))
        collected.findings += signs(rows, clause.family, place)
        if table.measure in contract.measures and comparable(rows, collected.units[table.measure]):
            low, high = ranges.between(table.measure)
            collected.findings += never_reported(rows, low, high, table.measure)
            rows = plausible(rows, low, high)
            direction = contract.measures[table.measure].direction
            collected.findings += pays_the_right_way(rows, direction, clause.family, place)
        level = figures.get(f"{clause.name}.level")
        if level is not None and isinstance(level.node, n.Curve):
            grain, _, _ = ranges.of(n.Name(table.measure))
            collected.findings += levels_agree(rows, level.node, clause.family, place, grain)


def check_due(collected: Collected) -> None:
    """Whether what is due at the end of the term is due to somebody: another clause or figure names it."""
    for index, clause in enumerate(collected.contract.clauses):
        due = f"{clause.name}.due"
        if getattr(clause, "at_end_of_term", None) != "due":
            continue
        others = [one.node for one in collected.figures if one.node and one.name != f"{clause.name}.balance"]
        if all(due != one.name for node in others for one in n.names_in(node) if isinstance(one, n.Name)):
            place = collected.contract.place(("clauses", index, "at_end_of_term"))
            problem = f"What is left of {clause.name!r} is due at the end of the term, and no clause pays it."
            step = f"Write a clause that takes '{due}', or 'at_end_of_term: lapses'."
            collected.note("BPO277", "due-to-nobody", place, problem, step)


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
