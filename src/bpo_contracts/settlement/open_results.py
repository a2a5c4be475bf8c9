"""What a period leaves open: lines and consequences that have no value, each named once by what is missing.

A line without a value is followed down its premises to the figures that the gap began at. If that is the column of a list,
the finding points at the row of the report that lacks it. Clauses that share a cap share its gap, and it is said once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bpo_contracts.contract.lowering import Terms
from bpo_contracts.performance.measurement import Measurements
from bpo_contracts.settlement.assess import scope_of
from bpo_contracts.terms.evaluate import Absent, Frame
from bpo_contracts.values.findings import Finding
from bpo_contracts.values.sources import Source

_Place = tuple[str, int]
"""A figure, and the index of the item (-1 outside items)."""


def is_complete(ends: Iterable[int], frame: Frame) -> bool:
    """Whether the figures in these slots have all their values."""
    values = frame.values
    for slot in ends:
        value = values[slot]
        if value.__class__ is Absent or (value.__class__ is list and any(one.__class__ is Absent for one in value)):
            return False
    return True


def open_results(terms: Terms, frame: Frame, measurements: Measurements) -> list[Finding]:
    """The findings about what the contract or the report leaves open (BPO403, or what the contract left undecided)."""
    gaps = _Gaps(terms, frame)
    findings: list[Finding] = []
    for end in ends_of(terms):
        for index, one in gaps.absent(end):
            if one.finding is not None:
                findings.append(one.finding)
            else:
                findings += [_no_result(terms, frame, measurements, end, cause) for cause in gaps.causes(end, index)]
    return list({(str(one.source), one.code, _said(one)): one for one in reversed(findings)}.values())[::-1]


def _said(finding: Finding) -> str:
    """What makes two findings one: of a value that is missing, which one, and not which line needs it first."""
    return finding.problem.partition(": ")[2] if finding.code == "BPO403" else finding.problem


def ends_of(terms: Terms) -> Iterable[str]:
    """The figures that have to have a value: what lines pay, what decides consequences, and balances that later periods go on
    from."""
    outcomes = terms.outcomes
    found = [line.net for line in terms.lines] + [outcome.figure for outcome in outcomes]
    found += [clause.name for clause in terms.contract.clauses if clause.kind == "account"]
    return dict.fromkeys(found + [outcome.left for outcome in outcomes if outcome.left])


class _Gaps:
    """Follows what has no value to where that began; every figure is looked at once."""

    def __init__(self, terms: Terms, frame: Frame) -> None:
        self._program, self._frame = terms.program, frame
        self._seen: set[_Place] = set()

    def absent(self, figure: str) -> Iterator[tuple[int, Absent]]:
        """Where a figure has no value."""
        value = self._frame.values[self._program.slots[figure]]
        listed = enumerate(value) if isinstance(value, list) else [(-1, value)]
        yield from ((index, one) for index, one in listed if isinstance(one, Absent))

    def causes(self, figure: str, index: int) -> list[_Place]:
        """The figures that one gap began at; none if another line has led to all of them."""
        found: list[_Place] = []
        waiting = [(figure, index)]
        while waiting:
            place = waiting.pop()
            if place in self._seen:
                continue
            self._seen.add(place)
            below = self._below(*place)
            waiting += reversed(below)
            if not below:
                found.append(place)
        return found

    def _below(self, figure: str, index: int) -> list[_Place]:
        """The premises that lack a value for the same reason; of what is added up, all items that lack theirs."""
        program = self._program
        per, reason = program.figure(figure).per, dict(self.absent(figure))[index].reason
        found: list[_Place] = []
        for premise in program.premises[figure]:
            own = bool(per) and program.figure(premise).per == per
            gaps = [(at, one.reason) for at, one in self.absent(premise) if at == index or not own]
            if any(why == reason for _, why in gaps):
                found += [(premise, at) for at, _ in gaps]
        return found


def _no_result(terms: Terms, frame: Frame, measurements: Measurements, end: str, cause: _Place) -> Finding:
    name, index = cause
    figure = terms.program.figure(name)
    value = frame.values[terms.program.slots[name]]
    reason = (value if index < 0 else value[index]).reason
    place, about = _row(terms, frame, measurements, cause) or (terms.program.figure(end).source, "")
    if not about and index >= 0:
        item = frame.items[figure.per][index]
        lot = ", ".join(f"{dimension} {of}" for dimension, of in scope_of(figure.per, item))
        about = f"item {item!r} of {figure.per!r}: " if figure.per in terms.contract.lists else f"{lot}: "
    return Finding(
        "BPO403",
        "no-result",
        place,
        f"{end!r} has no value in {frame.period.label}: {about}{reason}.",
        f"Report what is missing, or say {_where_to_say(terms, end)}.",
    )


def _where_to_say(terms: Terms, end: str) -> str:
    """Where the contract can say what holds without the value."""
    clause = next((outcome.clause for outcome in terms.outcomes if outcome.figure == end), None)
    if clause is None or clause.kind != "consequence":
        return "in the contract what holds then"
    where = "the clause" if getattr(clause, "any_of", None) is None else "its triggers"
    return (
        f"in {where} what holds then: 'no_data: does not count' (it does not happen) or 'no_data: counts as failed' "
        "(it happens)"
    )


def _row(terms: Terms, frame: Frame, measurements: Measurements, cause: _Place) -> tuple[Source, str] | None:
    """The row of the report that lacks a column, and the item it is about; None for what is no column of a list."""
    name, index = cause
    figure = terms.program.figure(name)
    if figure.node is not None or figure.per not in terms.contract.lists:
        return None
    item = measurements.items(figure.per, frame.period)[index]
    return item.place, f"item {frame.items[figure.per][index]!r} of {figure.per!r}: "
