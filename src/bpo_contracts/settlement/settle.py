"""Settle: assess what was measured, determine which clauses apply, adjust, and sum up. A pure function.

facts    = assess(terms, measurements, period)      what happened, by the contract's own rules
answers  = determine(...)                           whether: every question answered by the reference, checked by an
engine
lines    = adjust(...)                              how much: the clauses' figures, as invoice lines
totals                                              charges + adjustments = net
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bpo_contracts.contract.lowering import Line
from bpo_contracts.performance.measurement import Measurements
from bpo_contracts.rules.agreement import agree
from bpo_contracts.rules.determining import Determiner
from bpo_contracts.rules.port import Engine
from bpo_contracts.settlement.assess import Facts, assess
from bpo_contracts.settlement.prepare import Prepared
from bpo_contracts.settlement.results import EngineUse, Status
from bpo_contracts.settlement.settlement import LineResult, Outcomes, Settlement
from bpo_contracts.terms.evaluate import Absent, Frame, History, Pair
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
    facts = assess(prepared.terms, measurements, period)
    return settle_facts(
        prepared, facts, period, history=history, engine=engine, revision=revision, supersedes=supersedes
    )


def settle_facts(
    prepared: Prepared,
    facts: Facts,
    period: Period,
    *,
    history: History,
    engine: Engine | None,
    revision: int = 1,
    supersedes: str = "",
) -> Settlement:
    """The settlement of facts that are assessed already (see ``settle``)."""
    determiner = Determiner(prepared.book)
    frame = _evaluated(prepared, facts, period, history, determiner)
    engines = _determined(determiner, engine, prepared)
    _nothing_open(prepared, frame)
    lines = _adjusted(prepared, frame, determiner)
    totals, lots = _summed(prepared, lines)
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
            facts.provisional,
            frame.values,
            frame.unrounded,
            facts.items,
            determiner.answers,
            lines,
            consequences,
            totals,
            lots,
            engines,
        ),
    )


def check_in_term(prepared: Prepared, period: Period) -> None:
    """Refuses a period that the contract does not settle (BPO400)."""
    contract = prepared.contract
    problem = ""
    if period.every is not contract.every:
        problem = f"{period.label} is not a {contract.period}, and the contract settles every {contract.period}."
    elif not contract.first_period.number <= period.number <= contract.last_period.number:
        term = contract.term
        problem = f"{period.label} lies outside the term of the contract, {term.starts_on} to {term.ends_on}."
    if problem:
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


def _nothing_open(prepared: Prepared, frame: Frame) -> None:
    """What the contract leaves undecided stops the settlement, if a line or a consequence depends on it."""
    program = prepared.terms.program
    ends = [line.net for line in prepared.terms.lines] + [outcome.figure for outcome in prepared.terms.outcomes]
    findings: list[Finding] = []
    for name in ends:
        value = frame.values[program.slots[name]]
        for one in value if isinstance(value, list) else (value,):
            if one.__class__ is Absent:
                findings.append(one.finding or _no_result(prepared, name, one.reason))
    if findings:
        raise BadInput(findings)


def _no_result(prepared: Prepared, name: str, reason: str) -> Finding:
    return Finding(
        "BPO403",
        "no-result",
        prepared.terms.program.figure(name).source,
        f"{name!r} has no value: {reason}.",
        "Report what is missing, or say in the contract what holds then.",
    )


def _adjusted(prepared: Prepared, frame: Frame, determiner: Determiner) -> list[list[LineResult]]:
    results = []
    slots, answers = prepared.terms.program.slots, determiner.answers
    for line, (gate, excuse) in zip(prepared.terms.lines, prepared.gates, strict=True):
        gross_slot, net_slot, amount_slot = slots[line.gross], slots[line.net], slots[line.amount]
        asked = [point for point in (gate, excuse) if point >= 0]
        of_line: list[LineResult] = []
        for index, item in enumerate(frame.items[line.per] if line.per else ("",)):
            at = index if line.per else -1
            gross, net = _at(frame.values[gross_slot], at), _at(frame.values[net_slot], at)
            amount = _at(frame.values[amount_slot], at)
            if line.family != "both ways" and gross[0] < 0:
                raise BadInput([_wrong_sign(line, prepared, gross)])
            closed = gate >= 0 and answers.get((gate, item)) == 1
            excused = excuse >= 0 and answers.get((excuse, item)) == 0
            if asked and not closed and any((point, item) not in answers for point in asked):
                amount = Absent("nobody knows whether the gate is open")
            status = _status(line, frame, slots, at, amount, closed=closed, excused=excused)
            if line.sign < 0:
                gross, net = (-gross[0], gross[1]), (-net[0], net[1])
            of_line.append((item, status, gross, net))
        results.append(of_line)
    return results


def _at(value: Any, index: int) -> Any:
    return value if index < 0 else value[index]


def _wrong_sign(line: Line, prepared: Prepared, gross: Pair) -> Finding:
    return Finding(
        "BPO404",
        "wrong-sign",
        line.clause_place(prepared.contract),
        f"{line.clause.kind} {line.clause.name!r} comes to {prepared.writer.amount(gross)}: a {line.clause.kind} is never"
        " below zero.",
        "Write amounts without their sign; the kind says which way they go. Or use a kind that goes both ways.",
    )


def _status(
    line: Line, frame: Frame, slots: dict[str, int], index: int, amount: Any, *, closed: bool, excused: bool
) -> Status:
    if closed:
        return "gate closed"
    if excused:
        return "excused"
    if amount.__class__ is Absent:
        return "no data"
    if line.level:
        level = _at(frame.values[slots[line.level]], index)
        return level if isinstance(level, str) else "no data"  # type: ignore[return-value]
    if not line.clause.judged:
        return "applies" if amount[0] else "not reached"
    if line.family == "charge":
        return "applies"
    rate = _at(frame.values[slots[line.rate]], index) if line.rate else amount
    numerator = rate[0] if rate.__class__ is tuple else 0
    if line.family == "credit":
        return "missed" if numerator else "met"
    if not numerator:
        return "not reached" if line.family == "bonus" else "met"
    return "exceeded" if numerator > 0 else "missed"


def _holds(frame: Frame, slot: int, index: int) -> bool:
    return bool(_at(frame.values[slot], index))


def _summed(
    prepared: Prepared, lines: Sequence[Sequence[LineResult]]
) -> tuple[tuple[Pair, Pair, Pair], list[tuple[tuple[str, str], tuple[Pair, Pair, Pair]]]]:
    """Charges, adjustments and net: of the whole, and of each lot."""
    whole = _Sums()
    lots: dict[tuple[str, str], _Sums] = {}
    for line, results in zip(prepared.terms.lines, lines, strict=True):
        charge = line.family == "charge"
        for item, _, _, net in results:
            whole.add(net, charge=charge)
            if line.per and line.per not in prepared.contract.lists:
                lots.setdefault((line.per, item), _Sums()).add(net, charge=charge)
    return whole.totals(), [(scope, lots[scope].totals()) for scope in sorted(lots)]


class _Sums:
    """Charges and adjustments, added up exactly."""

    __slots__ = ("adjustments", "charges")

    def __init__(self) -> None:
        self.charges: Pair = (0, 1)
        self.adjustments: Pair = (0, 1)

    def add(self, amount: Pair, *, charge: bool) -> None:
        if charge:
            self.charges = _plus(self.charges, amount)
        else:
            self.adjustments = _plus(self.adjustments, amount)

    def totals(self) -> tuple[Pair, Pair, Pair]:
        return self.charges, self.adjustments, _plus(self.charges, self.adjustments)


def _plus(a: Pair, b: Pair) -> Pair:
    if a[1] == b[1]:
        return a[0] + b[0], a[1]
    return a[0] * b[1] + b[0] * a[1], a[1] * b[1]
