"""One contract, settled for many facts: read and compiled once, so that laws can be asked of it."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from tests.unit.clauses.making import PLAIN_HEAD, contract_text, findings_of, place_text

from bpo_contracts.contract.contract import Contract
from bpo_contracts.contract.reading import read_contract
from bpo_contracts.formats.documents import read_document
from bpo_contracts.performance.report import Cell, PerformanceReport, ReportRow
from bpo_contracts.performance.rows import make_row
from bpo_contracts.services.settling import settle
from bpo_contracts.settlement.history import SettledNow
from bpo_contracts.settlement.prepare import prepare
from bpo_contracts.settlement.settlement import Settlement
from bpo_contracts.values.numbers import number_text
from bpo_contracts.values.sources import NOWHERE

Facts = Mapping[str, Mapping[str, Fraction | int | str]]
"""Values of measures by period."""


class Settled:
    """The settlements of some periods, as numbers."""

    def __init__(self, contract: Contract, facts: Facts) -> None:
        self._prepared = prepare(contract)
        report = PerformanceReport(tuple(_rows(facts)), ())
        self._settled: list[Settlement] = []
        for period in facts:
            one = settle(contract, report, period=period, history=self._settled, engine="reference")
            self._settled.append(one)

    def __getitem__(self, figure: str) -> list[Fraction]:
        """The figure in every period, in the base of its unit."""
        return [self._number(SettledNow(self._prepared, one).value(figure, "")) for one in self._settled]

    def last(self, figure: str) -> Fraction:
        return self[figure][-1]

    def truths(self, figure: str) -> list[bool]:
        """A yes/no figure in every period."""
        return [SettledNow(self._prepared, one).value(figure, "") is True for one in self._settled]

    @staticmethod
    def _number(value: object) -> Fraction:
        assert isinstance(value, tuple), value
        return Fraction(*value)


class Small:
    """A small contract around some clauses."""

    def __init__(self, clauses: str, *, more: str = "", head: str = "") -> None:
        text = contract_text(clauses, more=more, head=head or PLAIN_HEAD)
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


def measures(**units: str) -> str:
    """The measures of a contract by their units; all of them must be reported."""
    lines = [
        f'  {name}: {{unit: "{unit}", direction: neutral, precision: unrounded, missing: refuse}}\n'
        for name, unit in units.items()
    ]
    return "measures:\n" + "".join(lines)


def clause_text(kind: str, *lines: str) -> str:
    """A clause ``x`` of a kind, its further fields one a line."""
    return f"- {kind}: x\n  clause: '1'\n  words: As agreed.\n" + "".join(f"  {line}\n" for line in lines)


def refused(text: str, code: str, at: str, *, more: str, head: str = PLAIN_HEAD, said: str = "") -> None:
    """The contract has a finding of this code, at the place where these words stand; it says ``said``."""
    findings = findings_of(text, more=more, head=head)
    coded = [one for one in findings if one.code == code and said in one.problem]
    places = [place_text(one, text, more=more, head=head) for one in coded]
    assert any(place.startswith(at) for place in places), [one.render() for one in findings]
