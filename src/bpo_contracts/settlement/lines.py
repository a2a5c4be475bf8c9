"""Adjust: the clauses' figures as invoice lines, and their sums.

A charge is above zero, a credit below, a bonus above; ``sign`` turns the clause's own amount, which is never below zero,
into what stands on the invoice. What a line says beside its amount is its status: whether the clause applied, and why not.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from bpo_contracts.contract.contract import Contract
from bpo_contracts.contract.lowering import Line, Terms, excuse_question, gate_question
from bpo_contracts.rules.determining import Answers
from bpo_contracts.settlement.results import Status
from bpo_contracts.settlement.unpaid import NOT_ABOUT, ItemPlan, Unpaid, plan_items, unpaid_items
from bpo_contracts.terms.decisions import DecisionPoint
from bpo_contracts.terms.evaluate import Absent, Frame, Pair
from bpo_contracts.terms.evaluate.arithmetic import plus, total
from bpo_contracts.values.findings import BadInput, Finding
from bpo_contracts.values.frozen import frozen
from bpo_contracts.values.money import Money

if TYPE_CHECKING:
    from bpo_contracts.settlement.outcomes import LineResult

Adjusted = tuple[list[list["LineResult"]], list[Unpaid]]
"""Of every line: its results, and its items that pay nothing."""
Sums = tuple[Pair, Pair, Pair]
"""Charges, adjustments, net."""

_NONE = -1
_WHOLE = ((_NONE, ""),)
"""The one place of a line that is not per item."""


@frozen
class LinePlan:
    """Where a line finds its figures (by slot) and its questions (by decision point); -1 where it has none."""

    line: Line
    gross: int
    net: int
    amount: int
    rate: int
    level: int
    gate: int
    excuse: int
    due: int
    """Of a clause about a list with a smallest amount of the sum: that sum before it."""
    items: ItemPlan | None
    """Of a clause about a list: where the reasons of items that pay nothing are found."""


def plan_lines(terms: Terms, points: Sequence[DecisionPoint]) -> tuple[LinePlan, ...]:
    """The plan of every line of a contract, in their order; ``points`` are the questions of its figures."""
    slots = terms.program.slots
    asked = {(point.figure, point.asks): index for index, point in enumerate(points) if point.asks}

    def planned(line: Line) -> LinePlan:
        figure = line.gate or line.gross
        small = getattr(line.clause, "smallest", None)
        of_the_sum = small is not None and small.of == "the sum" and line.amount == line.gross
        return LinePlan(
            line,
            gross=slots[line.gross],
            net=slots[line.net],
            amount=slots[line.amount],
            rate=slots[line.rate] if line.rate else _NONE,
            level=slots[line.level] if line.level else _NONE,
            gate=asked.get((figure, gate_question(line.clause)), _NONE),
            excuse=asked.get((figure, excuse_question(line.clause)), _NONE),
            due=slots.get(f"{line.clause.name}.due", _NONE) if of_the_sum else _NONE,
            items=plan_items(terms, line, points),
        )

    return tuple(map(planned, terms.lines))


def adjust(contract: Contract, plans: Sequence[LinePlan], frame: Frame, answers: Answers) -> Adjusted:
    """The results of every line, one for each of its items; and which items of lists pay nothing, and why.

    Raises:
        BadInput: BPO404 if a line that goes one way only comes out below zero.
    """
    results, unpaid = [], []
    for plan in plans:
        per = plan.line.per
        without_pay = unpaid_items(plan.items, frame, answers)
        places = enumerate(frame.items[per]) if per else _WHOLE
        results.append([_result(contract, plan, frame, at, item, answers, without_pay) for at, item in places])
        unpaid.append(without_pay)
    return results, unpaid


def _result(
    contract: Contract, plan: LinePlan, frame: Frame, at: int, item: str, answers: Answers, unpaid: Unpaid
) -> LineResult:
    """The result of a line, or of one of its items, with the sign of the invoice."""
    line = plan.line
    gross, net = _at(frame, plan.gross, at), _at(frame, plan.net, at)
    if gross[0] < 0 and line.family != "both ways":
        raise BadInput([_wrong_sign(contract, line, gross)])
    status = _status(plan, frame, at, item, answers)
    if plan.items is not None:
        status = _of_items(plan, frame, status, unpaid)
    if line.sign < 0:
        gross, net = (-gross[0], gross[1]), (-net[0], net[1])
    return item, status, gross, net


def _at(frame: Frame, slot: int, index: int) -> Any:
    """A figure's value, which the program's units say the type of: of the period, or of one item."""
    value = frame.values[slot]
    return value if index < 0 else value[index]


def _wrong_sign(contract: Contract, line: Line, gross: Pair) -> Finding:
    kind = line.clause.kind
    return Finding(
        "BPO404",
        "wrong-sign",
        line.clause_place(contract),
        f"{kind} {line.clause.name!r} comes to {Money(Fraction(*gross), contract.currency).text}: a {kind} is never below zero.",
        "Write amounts without their sign; the kind says which way they go. Or use a kind that goes both ways.",
    )


def _status(plan: LinePlan, frame: Frame, at: int, item: str, answers: Answers) -> Status:
    """Whether the clause applied: a closed gate and an excuse come first, then missing data, then what was measured."""
    gate, excuse = plan.gate, plan.excuse
    if gate >= 0 or excuse >= 0:
        if gate >= 0 and answers.get((gate, item)) == 1:
            return "gate closed"
        if excuse >= 0 and answers.get((excuse, item)) == 0:
            return "excused"
        if any(point >= 0 and (point, item) not in answers for point in (gate, excuse)):
            return "no data"
    amount = _at(frame, plan.amount, at)
    if amount.__class__ is Absent:
        return "no data"
    if plan.level >= 0:
        level = _at(frame, plan.level, at)
        return level if isinstance(level, str) else "no data"  # type: ignore[return-value]  # a level is a status
    if not plan.line.clause.judged:
        return "applies" if amount[0] else "not reached"
    if plan.line.family == "charge":
        return "applies"
    rate = _at(frame, plan.rate, at) if plan.rate >= 0 else amount
    return _judged(plan.line.family, rate[0] if rate.__class__ is tuple else 0)


def _of_items(plan: LinePlan, frame: Frame, status: Status, unpaid: Unpaid) -> Status:
    """The status of a line that pays nothing only because its items are excused, their gates closed or amounts too small."""
    if status not in ("met", "not reached"):
        return status
    reasons = {reason for _, reason in unpaid} - {NOT_ABOUT}
    if len(reasons) == 1 and reasons <= {"excused", "gate closed"}:
        return "excused" if "excused" in reasons else "gate closed"
    due = _at(frame, plan.due, _NONE) if plan.due >= 0 else None
    too_small = isinstance(due, tuple) and due[0] != 0
    return "missed" if status == "met" and (reasons or too_small) else status


def _judged(family: str, rate: int) -> Status:
    """What a rate above, at or below zero says of a clause that judges performance."""
    if family == "credit":
        return "missed" if rate else "met"
    if not rate:
        return "not reached" if family == "bonus" else "met"
    return "exceeded" if rate > 0 else "missed"


def sum_up(
    contract: Contract, plans: Sequence[LinePlan], lines: Sequence[Sequence[LineResult]]
) -> tuple[Sums, list[tuple[tuple[str, str], Sums]]]:
    """The sums of the whole, and of each lot (scope and item)."""
    whole = _Sums()
    lots: dict[tuple[str, str], _Sums] = {}
    for plan, results in zip(plans, lines, strict=True):
        per, charge = plan.line.per, plan.line.family == "charge"
        for item, _, _, net in results:
            whole.add(net, charge=charge)
            if per and per not in contract.lists:
                lots.setdefault((per, item), _Sums()).add(net, charge=charge)
    return whole.sums(), [(scope, lots[scope].sums()) for scope in sorted(lots)]


class _Sums:
    """Charges and adjustments, to be added up exactly."""

    __slots__ = ("adjustments", "charges")

    def __init__(self) -> None:
        self.charges: list[Pair] = []
        self.adjustments: list[Pair] = []

    def add(self, amount: Pair, *, charge: bool) -> None:
        (self.charges if charge else self.adjustments).append(amount)

    def sums(self) -> Sums:
        charges, adjustments = total(self.charges), total(self.adjustments)
        return charges, adjustments, plus(charges, adjustments)
