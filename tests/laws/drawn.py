"""What the laws are about: a generated contract, a generated report of some periods, and their settlements."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, TypeVar

from hypothesis import strategies as st

from bpo_contracts.audit.store import Store
from bpo_contracts.contract.amending import in_force
from bpo_contracts.contract.contract import Contract
from bpo_contracts.performance.measurement import Measurements
from bpo_contracts.services.keeping import contract_document, keep_settlement
from bpo_contracts.services.settling import measured, reported_periods, settle_all
from bpo_contracts.settlement.prepare import prepare
from bpo_contracts.testing.strategies import contract_of, contracts, report_of, reports
from bpo_contracts.values.numbers import read_number_text

Document = dict[str, Any]
AnyStore = TypeVar("AnyStore", bound=Store)


class Settled:
    """A contract and a report as they were drawn, and one settlement document for each period, in order.

    No dataclass: a failed law prints what was drawn and not all that came of it.
    """

    def __init__(self, written: Document, reported: Document, contract: Contract, measurements: Measurements) -> None:
        self.written = written
        self.reported = reported
        self.contract = contract
        self.measurements = measurements
        settlements = settle_all(contract, measurements, engine="reference")
        self.documents = tuple(one.document for one in settlements)
        self.contents = tuple(one.content for one in settlements)

    def version(self, period: int) -> Document:
        """The contract as it is in force in a period, counted from the first of the term; without its amendments."""
        document: Document = contract_document(in_force(self.contract, self.contract.first_period.shift(period)))
        return document

    def kept_in(self, store: AnyStore) -> AnyStore:
        """The store, with the settlements of all periods kept in it one after another."""
        for period in reported_periods(self.measurements, self.contract):
            keep_settlement(store, self.contract, self.measurements, period=period, engine="reference")
        return store

    def __repr__(self) -> str:
        return f"Settled(written={self.written!r}, reported={self.reported!r})"


def settled_from(written: Document, reported: Document) -> Settled:
    contract = contract_of(written)
    measurements = measured(prepare(contract), report_of(reported))
    assert not measurements.rejected
    return Settled(written, reported, contract, measurements)


@st.composite
def settled(draw: st.DrawFn, *, periods: int | None = None, falling: bool = False) -> Settled:
    """A drawn contract, settled for the periods of a drawn report by the reference engine."""
    written = draw(contracts(falling=falling))
    return settled_from(written, draw(reports(contract_of(written), periods=periods)))


def lines_of(document: Document) -> Iterator[Document]:
    """Every invoice line: charges, then adjustments."""
    yield from document["charges"]
    yield from document["adjustments"]


def amount_of(line: Document) -> Fraction:
    return read_number_text(line["amount"])


def gross_of(line: Document) -> Fraction:
    """What the line came to before limits; charges do not say it."""
    return read_number_text(line["gross"] if "gross" in line else line["amount"])


def steps_of(document: Document) -> dict[tuple[str, str], Document]:
    """The steps of a settlement by figure and item."""
    return {(step["figure"], step["item"]): step for step in document["steps"]}
