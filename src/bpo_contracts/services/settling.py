"""Settle a period of a contract by a performance report."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from bpo_contracts.audit.log import EarlierSettlement
from bpo_contracts.contract.amending import in_force
from bpo_contracts.contract.contract import Contract
from bpo_contracts.performance.measurement import OTHER_CONTRACT, Measurements, bind
from bpo_contracts.performance.report import PerformanceReport
from bpo_contracts.rules.port import Engine
from bpo_contracts.services.engines import EngineChoice, choose_engine
from bpo_contracts.settlement.history import Given, Past, SealedThen, SettledHistory, SettledNow
from bpo_contracts.settlement.prepare import Prepared, prepare
from bpo_contracts.settlement.settle import check_in_term
from bpo_contracts.settlement.settle import settle as settle_period
from bpo_contracts.settlement.settlement import Settlement
from bpo_contracts.values.findings import refuse
from bpo_contracts.values.periods import NotAPeriod, Period, parse_period
from bpo_contracts.values.sources import Source

Earlier: TypeAlias = Settlement | Mapping[str, Any] | EarlierSettlement
"""An earlier settlement: as a value, as its document, or in a ledger."""


def settle(
    contract: Contract,
    performance: PerformanceReport | Measurements,
    *,
    period: str | Period,
    history: Iterable[Earlier] = (),
    engine: EngineChoice = "default",
    revision: int = 1,
    supersedes: str = "",
) -> Settlement:
    """All that one period's performance changes on its invoice.

    ``period`` is ``2016-03``, ``2016-Q1``, ``2016-H1`` or ``2016``, as the contract settles. ``history`` are settlements (or
    their sealed documents) of earlier periods; they are read and never decided again. Where a clause looks back at a
    period that is not in ``history``, that period is settled from the same report first, in passing; a period that the
    report says nothing about is missing (BPO405) and is never made up of defaults.

    Raises:
        BadInput: with every finding of the contract, the report or the period.
        EnginesDisagree: if the rules engine and the reference do not agree.
    """
    _check_contract(contract)
    asked = read_period(period, contract)
    measurements = measured(prepare(contract), performance)
    prepared = prepare(in_force(contract, asked))
    check_in_term(prepared, asked)
    history = tuple(history)
    past = _past(prepared, history)
    new: dict[int, Past] = {}
    if prepared.terms.program.looks_back:
        reported = {period.number for period in reported_periods(measurements, contract)}
        for number in range(contract.first_period.number, asked.number):
            if number in past or number not in reported:
                continue
            earlier = contract.first_period.shift(number - contract.first_period.number)
            then = prepare(in_force(contract, earlier))
            before = SettledHistory(then, earlier, past if then is prepared else _past(then, history) | new)
            settled = settle_period(then, measurements, earlier, history=before, engine=_engine(engine, then))
            new[number] = past[number] = SettledNow(then, settled)
    return settle_period(
        prepared,
        measurements,
        asked,
        history=SettledHistory(prepared, asked, past),
        engine=_engine(engine, prepared),
        revision=revision,
        supersedes=supersedes,
    )


def settle_all(
    contract: Contract,
    performance: PerformanceReport | Measurements,
    *,
    engine: EngineChoice = "default",
    history: Iterable[Earlier] = (),
) -> list[Settlement]:
    """Every period of the term that the report has facts for, in order."""
    _check_contract(contract)
    prepared = prepare(contract)
    measurements = measured(prepared, performance)
    settled: list[Earlier] = list(history)
    new: list[Settlement] = []
    for period in reported_periods(measurements, contract):
        one = settle(contract, measurements, period=period, history=settled, engine=engine)
        settled.append(one)
        new.append(one)
    return new


def reported_periods(measurements: Measurements, contract: Contract) -> list[Period]:
    """The periods of the term that the report has rows for, in order.

    Also those whose rows were rejected, and those whose rows are empty: nothing of them was measured, and that was said.
    """
    return sorted(measurements.periods | _in_doubt(measurements, contract))


def _in_doubt(measurements: Measurements, contract: Contract) -> set[Period]:
    """The periods of the term that rejected rows name: such a period is settled or refused, and never passed over.

    Also if nobody can tell what the row is about. Rows of another contract say nothing of this one.
    """
    found = set()
    for row in measurements.rejected:
        if all(finding.code == OTHER_CONTRACT for finding in row.findings):
            continue
        try:
            period = parse_period(row.period, contract.anchor_day)
        except NotAPeriod:
            continue
        then = in_force(contract, period)
        if period.every is then.every and then.first_period.number <= period.number <= then.last_period.number:
            found.add(period)
    return found


def _check_report(performance: object) -> None:
    if not isinstance(performance, PerformanceReport | Measurements):
        shown = repr(performance) if isinstance(performance, str | os.PathLike) else "…"
        raise TypeError(
            f"a performance report is needed, and this is a {type(performance).__name__}:"
            f" read the file first, with load_performance({shown})"
        )


def _check_contract(contract: object) -> None:
    if not isinstance(contract, Contract):
        shown = repr(contract) if isinstance(contract, str | os.PathLike) else "…"
        raise TypeError(
            f"a contract is needed, and this is a {type(contract).__name__}: read the file first, with load_contract({shown})"
        )


def measured(prepared: Prepared, performance: PerformanceReport | Measurements) -> Measurements:
    """The report bound to the contract.

    Raises:
        TypeError: if this is no report, as when the path of one is given.
    """
    _check_report(performance)
    return performance if isinstance(performance, Measurements) else bind(performance, prepared.shape)


def read_period(period: str | Period, contract: Contract, *, asked_by: str = "period=") -> Period:
    """The period that a text names, with the contract's anchor day; ``asked_by`` is where the text was given.

    Raises:
        BadInput: BPO406 if the text names no period.
    """
    if isinstance(period, Period):
        return period
    try:
        return parse_period(period, contract.anchor_day)
    except NotAPeriod as wrong:
        step = (
            f"The contract settles every {contract.period}: write a period as {contract.first_period}, its first one."
        )
        place = Source(f"{asked_by}{period[:40]}")
        raise refuse("BPO406", "not-a-period", f"{wrong}.", step, place) from None


def _engine(choice: EngineChoice, prepared: Prepared) -> Engine | None:
    return choose_engine(choice, prepared.book.rulebook)


def _past(prepared: Prepared, history: Iterable[Earlier]) -> dict[int, Past]:
    past: dict[int, Past] = {}
    for one in history:
        if isinstance(one, Settlement):
            _check_same_contract(one.contract_id, prepared)
            past[one.period.number] = SettledNow(one.prepared, one)
        elif isinstance(one, EarlierSettlement):
            _check_same_contract(one.contract, prepared)
            past[parse_period(one.period).number] = SealedThen(one, prepared)
        else:
            _check_same_contract(one["contract"]["id"], prepared)
            past[parse_period(one["period"]["label"]).number] = SealedThen(Given(one), prepared)
    return past


def _check_same_contract(contract_id: str, prepared: Prepared) -> None:
    if contract_id != prepared.contract.id:
        problem = f"The history holds a settlement of contract {contract_id!r}, and this is {prepared.contract.id!r}."
        raise refuse("BPO408", "history-of-another-contract", problem, "Give this contract's own settlements.")
