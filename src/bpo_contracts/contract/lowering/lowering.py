"""From clauses to figures: the contract in force, as a program with its lines, limits and consequences.

Clause kinds describe themselves through the methods of ``Lowering``; none has arithmetic of its own. What a kind
adds is named
after the clause: ``credit.rate``, ``credit.amount``, ``credit.gross``, and ``credit`` for what it pays in the end.
"""

from __future__ import annotations

from bpo_contracts.contract.checks.directions import levels_agree, pays_the_right_way, plausible, signs
from bpo_contracts.contract.checks.pools import allocations
from bpo_contracts.contract.contract import Contract
from bpo_contracts.contract.lowering.ends import crossed_ends
from bpo_contracts.contract.lowering.memory import Memory
from bpo_contracts.contract.lowering.reading import row_order
from bpo_contracts.contract.lowering.results import (
    Terms,
)
from bpo_contracts.contract.order import clause_order
from bpo_contracts.terms import nodes as n
from bpo_contracts.terms.formula import parse_formula
from bpo_contracts.terms.program import Program, build_program
from bpo_contracts.values.findings import BadInput, Finding
from bpo_contracts.values.units import ANY_ZERO, TRUTH, money


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
        self._measures()
        self._lists()
        self._parameters()
        self._series()
        for name in contract.figures:
            self._named_figure(name)
        for index, clause in enumerate(contract.clauses):
            self._index, self._path = index, ("clauses", index)
            clause.lower(self)
        self._path = ()
        self._build_exclusions()
        self._limit_groups()
        self._check_pools()
        self._check_tables()
        self.findings += crossed_ends(contract, self._end)
        if self.findings:
            raise BadInput(self.findings)
        lists = sorted({*contract.scopes, *contract.lists, *self.pers})
        program = build_program(self.figures, lists)
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

    def _end(self, index: int, field_name: str) -> n.AnyNode:
        path = ("clauses", index, field_name)
        return self._parse(getattr(self.contract.clauses[index], field_name), path, parse_formula)

    def _check_tables(self) -> None:
        """Whether the tables of credits and bonuses pay the right way, and agree with the levels beside them."""
        figures = {figure.name: figure for figure in self.figures}
        clauses = {clause.name: clause for clause in self.contract.clauses}
        for table in sorted(self.tables, key=lambda one: one.figure):
            clause = clauses.get(table.figure.removesuffix(".rate"))
            if clause is None or not table.figure.endswith(".rate"):
                continue
            place = self.contract.key_place(("clauses", self.contract.clauses.index(clause), clause.kind))
            rows = tuple(sorted(table.rows, key=row_order))
            self.findings += signs(rows, clause.family, place)
            if table.measure in self.contract.measures:
                rows = plausible(rows, *self._between(table.measure))
                direction = self.contract.measures[table.measure].direction
                self.findings += pays_the_right_way(rows, direction, clause.family, place)
            level = figures.get(f"{clause.name}.level")
            if level is not None and isinstance(level.node, n.Curve):
                grain, _, _ = self._range_of(n.Name(table.measure))
                self.findings += levels_agree(rows, level.node, clause.family, place, grain)

    def _check_pools(self) -> None:
        figures = {figure.name: figure for figure in self.figures}
        for pool in self._pools:
            if getattr(pool, "allocations_may_exceed", "yes") == "no":
                self.findings += allocations(self.contract, pool, figures)

    def _check_lines(self, program: Program) -> None:
        findings = []
        currency = money(self.contract.currency)
        for line in self.lines:
            unit = program.units[line.gross]
            if unit not in (currency, ANY_ZERO):
                findings.append(
                    Finding(
                        "BPO233",
                        "line-is-not-money",
                        line.clause_place(self.contract),
                        f"Clause {line.clause.clause} pays in {unit}, and the contract pays in {self.contract.currency}.",
                        "Give the base with 'of: …' for a percentage, or a price with its currency.",
                    )
                )
        for outcome in self.outcomes:
            if program.units[outcome.figure] != TRUTH:
                raise AssertionError("a consequence is yes or no")
        if findings:
            raise BadInput(findings)
