"""From clauses to figures: the contract in force, as a program with its lines, limits and consequences.

Clause kinds describe themselves through the methods of ``Lowering``; none has arithmetic of its own. What a kind
adds is named
after the clause: ``credit.rate``, ``credit.amount``, ``credit.gross``, and ``credit`` for what it pays in the end.
"""

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
from bpo_contracts.contract.checks.returns import returned_twice
from bpo_contracts.contract.contract import Contract
from bpo_contracts.contract.lowering.ends import crossed_ends
from bpo_contracts.contract.lowering.memory import Memory
from bpo_contracts.contract.lowering.reading import row_order
from bpo_contracts.contract.lowering.results import (
    Terms,
)
from bpo_contracts.contract.lowering.unpaid import not_money
from bpo_contracts.contract.order import clause_order
from bpo_contracts.terms import nodes as n
from bpo_contracts.terms.formula import parse_formula
from bpo_contracts.terms.program import Program, build_program
from bpo_contracts.terms.written import units_are_no_names
from bpo_contracts.values.findings import BadInput, Finding
from bpo_contracts.values.units import ANY_ZERO, TRUTH, Unit, money


def lower(contract: Contract) -> Terms:
    """The contract's figures, checked.

    Raises:
        BadInput: with every finding of formulas, tables, names, units and limits.
    """
    return Lowering(contract).terms()


class Lowering(Memory):
    """Collects figures, lines and limits while the parts of a contract are lowered."""

    def terms(self) -> Terms:
        """Everything lowered, checked and put in order; raises ``BadInput`` with all findings."""
        contract = self.contract
        self._series()
        self._measures()
        self._lists()
        self._parameters()
        for name in contract.figures:
            self._named_figure(name)
        for index, clause in enumerate(contract.clauses):
            self._index, self._path = index, ("clauses", index)
            clause.lower(self)
        self._path = ()
        self._build_exclusions()
        self._limit_groups()
        self._check_pools()
        self._check_days()
        self._check_tables()
        self._check_due()
        self.findings += crossed_ends(contract, self._end)
        self.findings += returned_twice(contract)
        if self.findings:
            raise BadInput(self.findings)
        lists = sorted({*contract.scopes, *contract.lists, *self.pers})
        try:
            program = build_program(self.figures, lists, meant=self._limited_amounts(), agreed=contract.parameters)
        except BadInput as bad:
            raise BadInput(units_are_no_names(bad.findings, self.nouns)) from None
        self._check_lines(program)
        return Terms(
            contract,
            program,
            tuple(sorted(self.lines, key=lambda line: clause_order(line.clause))),
            tuple(sorted(self.outcomes, key=lambda outcome: clause_order(outcome.clause))),
            tuple(sorted(self.tables, key=lambda table: table.figure)),
            self.units,
            self.nouns,
            tuple(self.notes),
        )

    def _limited_amounts(self) -> dict[str, Unit]:
        """The amounts that stand under a limit: one in a wrong unit is refused at its clause, and not at the limit."""
        limited = {clause.name for group in self._groups.values() if group.limits for clause in group.members}
        gross = (line.gross for line in self.lines if line.clause.name in limited)
        return dict.fromkeys(gross, money(self.contract.currency))

    def _end(self, index: int, field_name: str) -> n.AnyNode:
        path = ("clauses", index, field_name)
        return self._parse(getattr(self.contract.clauses[index], field_name), path, parse_formula)

    def _check_tables(self) -> None:
        """Whether the tables of credits and bonuses pay the right way, and agree with the levels beside them."""
        figures = {figure.name: figure for figure in self.figures}
        clauses = {clause.name: (index, clause) for index, clause in enumerate(self.contract.clauses)}
        for table in sorted(self.tables, key=lambda one: one.figure):
            index, clause = clauses.get(table.figure.removesuffix(".rate"), (-1, None))
            if clause is None or not table.figure.endswith(".rate"):
                continue
            place = self.contract.key_place(("clauses", index, clause.kind))
            rows = tuple(sorted(table.rows, key=row_order))
            self.findings += signs(rows, clause.family, place)
            if table.measure in self.contract.measures and comparable(rows, self.units[table.measure]):
                low, high = self._between(table.measure)
                self.findings += never_reported(rows, low, high, table.measure)
                rows = plausible(rows, low, high)
                direction = self.contract.measures[table.measure].direction
                self.findings += pays_the_right_way(rows, direction, clause.family, place)
            level = figures.get(f"{clause.name}.level")
            if level is not None and isinstance(level.node, n.Curve):
                grain, _, _ = self._range_of(n.Name(table.measure))
                self.findings += levels_agree(rows, level.node, clause.family, place, grain)

    def _check_due(self) -> None:
        """Whether what is due at the end of the term is due to somebody: another clause or figure names it."""
        for index, clause in enumerate(self.contract.clauses):
            due = f"{clause.name}.due"
            if getattr(clause, "at_end_of_term", None) != "due":
                continue
            others = [one.node for one in self.figures if one.node and one.name != f"{clause.name}.balance"]
            if all(due != one.name for node in others for one in n.names_in(node) if isinstance(one, n.Name)):
                place = self.contract.place(("clauses", index, "at_end_of_term"))
                problem = f"What is left of {clause.name!r} is due at the end of the term, and no clause pays it."
                step = f"Write a clause that takes '{due}', or 'at_end_of_term: lapses'."
                self._note_next("BPO277", "due-to-nobody", place, problem, step)

    def _check_pools(self) -> None:
        figures = {figure.name: figure for figure in self.figures}
        for pool in self._pools:
            if getattr(pool, "allocations_may_exceed", "yes") == "no":
                self.findings += allocations(self.contract, pool, figures)

    def _check_lines(self, program: Program) -> None:
        findings = list(items_without_key(self.contract, program))
        currency = money(self.contract.currency)
        for line in self.lines:
            unit = program.units[line.gross]
            if unit not in (currency, ANY_ZERO):
                findings.append(not_money(self.contract, line, program, unit))
        for group in self._groups.values():
            for index, clause in group.limits:
                findings += self._limit_is_money(program, index, clause)
        for outcome in self.outcomes:
            if program.units[outcome.figure] != TRUTH:
                raise AssertionError("a consequence is yes or no")
        if findings:
            raise BadInput(findings)

    def _limit_is_money(self, program: Program, index: int, clause: Any) -> list[Finding]:
        """A limit in another unit than the lines: their sum may be zero of no currency, and agree with any."""
        findings = []
        for end in ("at_most", "at_least"):
            unit = program.units.get(f"{clause.name}.{end}", ANY_ZERO)
            if unit not in (money(self.contract.currency), ANY_ZERO):
                place = self.contract.place(("clauses", index, end))
                problem = (
                    f"Clause {clause.clause} limits amounts of {self.contract.currency}, and the limit is in {unit}."
                )
                step = f"Write the limit in {self.contract.currency}."
                findings.append(Finding("BPO233", "line-is-not-money", place, problem, step))
        return findings
