"""One contract, settled for many facts: read and compiled once, so that laws can be asked of it."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from bpo_contracts.contract.contract import Contract
from bpo_contracts.contract.reading import read_contract
from bpo_contracts.formats.documents import read_document
from bpo_contracts.performance.report import Cell, PerformanceReport, ReportRow
from bpo_contracts.performance.rows import make_row
from bpo_contracts.services.settling import settle
from bpo_contracts.settlement.history import SettledNow
from bpo_contracts.settlement.prepare import prepare
from bpo_contracts.values.numbers import number_text
from bpo_contracts.values.sources import NOWHERE
from tests.unit.clauses.making import HEAD, contract_text

Facts = Mapping[str, Mapping[str, Fraction | int | str]]
"""Values of measures by period."""


class Settled:
    """The settlements of some periods, as numbers."""

    def __init__(self, contract: Contract, facts: Facts) -> None:
        self._prepared = prepare(contract)
        report = PerformanceReport(tuple(_rows(facts)), ())
        self._settled = []
        for period in facts:
            one = settle(contract, report, period=period, history=self._settled, engine="reference")
            self._settled.append(one)

    def __getitem__(self, figure: str) -> list[Fraction]:
        """The figure in every period, in the base of its unit."""
        return [self._number(SettledNow(self._prepared, one).value(figure, "")) for one in self._settled]

    def last(self, figure: str) -> Fraction:
        return self[figure][-1]

    @staticmethod
    def _number(value: object) -> Fraction:
        assert isinstance(value, tuple), value
        return Fraction(*value)


class Small:
    """A small contract around some clauses."""

    def __init__(self, clauses: str, *, more: str = "", head: str = HEAD) -> None:
        text = contract_text(clauses, more=more, head=head)
        self.contract = read_contract(read_document(text.encode(), "contract.yaml"))

    def settled(self, facts: Facts) -> Settled:
        return Settled(self.contract, facts)

    def of(self, **facts: Fraction | int | str) -> Settled:
        """One period."""
        return self.settled({"2026-01": facts})


def _rows(facts: Facts) -> list[ReportRow]:
    rows = []
    for period, measures in facts.items():
        for name, value in measures.items():
            text = value if isinstance(value, str) else number_text(Fraction(value))
            cells = [("period", period), ("measure", name), ("value", text)]
            row = make_row("long", [(column, Cell(cell, NOWHERE)) for column, cell in cells], NOWHERE)
            assert isinstance(row, ReportRow), row
            rows.append(row)
    return rows
