"""Settle: assess what was measured, determine which clauses apply, adjust, and sum up. A pure function.

facts    = assess(terms, …, measurements, period)    what happened, by the contract's own rules
answers  = determine(...)                           whether: every question answered by the reference, checked by an
engine
lines    = adjust(...)                              how much: the clauses' figures, as invoice lines
totals                                              charges + adjustments = net
"""

from __future__ import annotations

from bpo_contracts.performance.measurement import Measurements
from bpo_contracts.rules.agreement import agree
from bpo_contracts.rules.determining import Determiner
from bpo_contracts.rules.port import Engine
from bpo_contracts.settlement.assess import Facts, assess
from bpo_contracts.settlement.lines import adjust, sum_up
from bpo_contracts.settlement.open_results import is_complete, open_results
from bpo_contracts.settlement.outcomes import Outcomes
from bpo_contracts.settlement.prepare import Prepared
from bpo_contracts.settlement.results import EngineUse
from bpo_contracts.settlement.settlement import Settlement
from bpo_contracts.terms.evaluate import Frame, History
from bpo_contracts.values.findings import BadInput, Finding
from bpo_contracts.values.periods import Period


def settle(
    prepared: Prepared,
    measurements: Measurements,
    period: Period,
    *,
    history: History,
    engine: Engine | None,
    revision: int = 1,
    supersedes: str = "",
) -> Settlement:
    """The settlement of one period.

    ``engine`` answers the contract's questions beside the reference, and both must agree; None lets the reference
    work alone.
    ``history`` gives the values of earlier, settled periods. ``revision`` counts settlements of the same period, and
    ``supersedes`` is the digest of the record this one replaces.

    Raises:
        BadInput: if the period is outside the term, data is missing that must not be, or the contract leaves
        something open.
        EnginesDisagree: if the engine's answers are not the reference's.
    """
    check_in_term(prepared, period)
    facts = assess(prepared.terms, prepared.singles, measurements, period)
    determiner = Determiner(prepared.book)
    frame = _evaluated(prepared, facts, period, history, determiner)
    engines = _determined(determiner, engine, prepared)
    if not is_complete(prepared.ends, frame):
        raise BadInput(open_results(prepared.terms, frame, measurements))
    lines, unpaid = adjust(prepared.contract, prepared.lines, frame, determiner.answers)
    totals, lots = sum_up(prepared.contract, prepared.lines, lines)
    consequences = [
        [
            (item, _holds(frame, prepared.terms.program.slots[outcome.figure], index if outcome.per else -1))
            for index, item in enumerate(facts.items[outcome.per] if outcome.per else ("",))
        ]
        for outcome in prepared.terms.outcomes
    ]
    return Settlement(
        prepared,
        Outcomes(
            period,
            revision,
            supersedes,
            facts.provisional or history.provisional,
            frame.values,
            frame.unrounded,
            facts.items,
            determiner.answers,
            lines,
            consequences,
            totals,
            lots,
            engines,
            frame.notes,
            unpaid=unpaid,
        ),
    )


def check_in_term(prepared: Prepared, period: Period) -> None:
    """Refuses a period that the contract does not settle (BPO400)."""
    contract = prepared.contract
    if period.every is not contract.every:
        problem = f"{period.label} is not a {contract.period}, and the contract settles every {contract.period}."
    elif period.number not in prepared.term:
        term = contract.term
        problem = f"{period.label} lies outside the term of the contract, {term.starts_on} to {term.ends_on}."
    else:
        return
    place = contract.key_place(("term",))
    raise BadInput([Finding("BPO400", "period-outside-term", place, problem, "Settle a period of the term.")])


def _evaluated(prepared: Prepared, facts: Facts, period: Period, history: History, determiner: Determiner) -> Frame:
    program = prepared.terms.program
    frame = Frame(size=len(program.figures), items=facts.items, period=period, history=history, decide=determiner)
    slots = program.slots
    for name, value in facts.values.items():
        frame.values[slots[name]] = value
    prepared.machine.evaluate(frame)
    return frame


def _determined(determiner: Determiner, engine: Engine | None, prepared: Prepared) -> tuple[EngineUse, ...]:
    """The engines that gave these answers. A second engine answers the same facts, and must agree."""
    reference = prepared.book.reference
    uses = [EngineUse(reference.name, reference.version)]
    if engine is not None:
        agree(determiner.firings(), engine.fire(determiner.facts()), prepared.book.rulebook)
        uses.append(EngineUse(engine.name, engine.version))
    return tuple(uses)


def _holds(frame: Frame, slot: int, index: int) -> bool:
    value = frame.values[slot]
    return bool(value if index < 0 else value[index])
