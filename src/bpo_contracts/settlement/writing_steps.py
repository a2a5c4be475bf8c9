"""The steps of a settlement: of each figure, the row of the form, and what a period enters.

Of most steps everything but the number is the contract's. What the contract alone settles, or the answer of one question,
is written once for each answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from bpo_contracts.settlement.writing_notes import noted, notes_something
from bpo_contracts.settlement.writing_texts import (
    absent_text,
    amount_text,
    inner,
    number_text_in,
    unit_text,
    value_text,
)
from bpo_contracts.terms.describe import describe
from bpo_contracts.terms.evaluate import Absent, Machine, Pair
from bpo_contracts.terms.evaluate.arithmetic import total
from bpo_contracts.terms.evaluate.fixed import FIXED
from bpo_contracts.terms.nodes import Allocate, AnyNode, Kept, Name, Round, names_in
from bpo_contracts.terms.program import Program
from bpo_contracts.trail.step import NO_ITEMS
from bpo_contracts.values.frozen import frozen
from bpo_contracts.values.json_text import encoded
from bpo_contracts.values.numbers import pair_text
from bpo_contracts.values.units import Unit, factor_of

if TYPE_CHECKING:
    from bpo_contracts.settlement.outcomes import Outcomes


@frozen
class _StepPlan:
    """How the entries of one figure are written. ``figure`` is its name as JSON, ``value`` all that stands before a number if
    nothing else is said."""

    slot: int
    figure: str
    value: str
    points: tuple[int, ...]
    per: str
    unit: Unit
    factor: Pair | None
    rounds: bool
    notes: bool
    premises: tuple[tuple[str, str], ...]
    """The premises, each with the list or scope it is per; empty unless one of them is per something."""
    shared: tuple[int, tuple[int, ...], int] | None
    """For a share in proportion: the slots of its own member, of all members, and of what their sum is limited to."""

    @property
    def is_number(self) -> bool:
        """Whether an entry says a number of the period as it is, unless something was rounded off or cut."""
        return not (self.points or self.per or self.notes or self.premises or self.factor)


_NOTHING: Final[dict[str, Any]] = {"dropped": "", "item": "", "note": "", "reached": "", "value": ""}
"""What a row of the form says where the entry says nothing."""


class StepWriter:
    """Writes the steps of one contract's settlements.

    ``labels`` are the branches of each question as they stand between the quotes of JSON; ``digits`` those of amounts.
    ``rows`` are the rows of the form.
    """

    def __init__(self, program: Program, machine: Machine, labels: Sequence[Sequence[str]], digits: int) -> None:
        self._program = program
        self._labels = labels
        self._digits = digits
        points: dict[str, list[int]] = {}
        for index, point in enumerate(machine.points):
            points.setdefault(point.figure, []).append(index)
        written = [figure.name for figure in program.figures if not isinstance(figure.node, Allocate)]
        self.rows = [self._row(name) for name in written]
        self._settled: dict[int, list[_StepPlan]] = {}
        self._numbers: list[_StepPlan] = []
        self._shares: dict[tuple[tuple[int, ...], int], list[_StepPlan]] = {}
        self._others: list[_StepPlan] = []
        for name in written:
            plan = self._plan(name, tuple(points.get(name, ())))
            settles = machine.settles[plan.slot]
            # A note says which earlier values were looked at, and a list may be empty: that differs between periods.
            if settles is not None and not plan.notes and not plan.premises:
                self._settled.setdefault(settles, []).append(plan)
            elif plan.is_number and plan.shared:
                self._shares.setdefault(plan.shared[1:], []).append(plan)
            elif plan.is_number:
                self._numbers.append(plan)
            else:
                self._others.append(plan)
        self._known: dict[tuple[int, int], str] = {}

    def _row(self, name: str) -> dict[str, Any]:
        program = self._program
        figure = program.figure(name)
        return {
            **_NOTHING,
            "clause": figure.citation.clause,
            "figure": name,
            "formula": "as reported" if figure.node is None else describe(figure.node),
            "premises": [
                [premise] if per and per == figure.per else [premise, ""] for premise, per in self._premises(name)
            ],
            "says": figure.says,
            "unit": unit_text(program.units[name]),
        }

    def _plan(self, name: str, points: tuple[int, ...]) -> _StepPlan:
        program = self._program
        figure, unit = program.figure(name), program.units[name]
        premises = self._premises(name)
        return _StepPlan(
            program.slots[name],
            encoded(name),
            f'{{"figure":{encoded(name)},"value":"',
            points,
            figure.per,
            unit,
            factor_of(unit),
            isinstance(figure.node, Round),
            notes_something(figure.node),
            premises if any(per for _, per in premises) else (),
            self._shared(figure.node),
        )

    def _shared(self, node: AnyNode | None) -> tuple[int, tuple[int, ...], int] | None:
        """Where the numbers of a share in proportion stand, if the whole contract (not a lot) shares them."""
        kept = [one for one in names_in(node) if isinstance(one, Kept)] if node is not None else []
        if len(kept) != 1:
            return None
        program = self._program
        allocation = program.figure(kept[0].allocation)
        if not isinstance(allocation.node, Allocate) or allocation.per or allocation.node.how != "pro rata":
            return None
        if not isinstance(allocation.node.limited, Name):
            return None
        slots = tuple(program.slots[member.name] for member in allocation.node.members)
        return program.slots[kept[0].member], slots, program.slots[allocation.node.limited.name]

    def _premises(self, name: str) -> tuple[tuple[str, str], ...]:
        """The figures a step rests on, each with what it is per: an allocation stands for the limited total and the member's
        own amount."""
        program = self._program
        node = program.figure(name).node
        names: list[str] = []
        for premise in program.premises[name]:
            allocation = program.figure(premise).node
            if isinstance(allocation, Allocate):
                members = [node.member] if isinstance(node, Kept) else []
                members = members or [kept.member for kept in names_in(node) if isinstance(kept, Kept)] if node else []
                names += [*members, *program.premises[premise][-1:]]
            else:
                names.append(premise)
        return tuple((one, program.figure(one).per) for one in dict.fromkeys(names))

    def entries(self, outcomes: Outcomes) -> str:
        """What the period enters, as JSON: the steps that one answer settles together, most numbers, and the others."""
        written: list[str] = []
        for settles, plans in self._settled.items():
            answer = FIXED if settles == FIXED else outcomes.answers.get((settles, ""))
            text = None if answer is None else self._known.get((settles, answer))
            if text is None:
                text = ",".join([self._entry(plan, outcomes, -1, "", outcomes.values[plan.slot]) for plan in plans])
                if answer is not None:
                    self._known[settles, answer] = text
            written.append(text)
        written += [self._number(plan, outcomes) for plan in self._numbers]
        for cut, plans in self._shares.items():
            if self._said(outcomes, *cut):
                written += [self._entry(plan, outcomes, -1, "", outcomes.values[plan.slot]) for plan in plans]
            else:
                written += [self._number(plan, outcomes) for plan in plans]
        for plan in self._others:
            value = outcomes.values[plan.slot]
            if plan.per:
                pairs = zip(outcomes.items[plan.per], value, strict=True)
                written += [self._entry(plan, outcomes, at, item, one) for at, (item, one) in enumerate(pairs)]
            else:
                written.append(self._entry(plan, outcomes, -1, "", value))
        return f"[{','.join(written)}]"

    def _number(self, plan: _StepPlan, outcomes: Outcomes) -> str:
        """The entry of a figure that says a number, and no more unless something was rounded off."""
        slot = plan.slot
        value = outcomes.values[slot]
        if value.__class__ is not tuple or (plan.rounds and _rest(outcomes.unrounded[slot, -1], value)):
            return self._entry(plan, outcomes, -1, "", value)
        return f'{plan.value}{pair_text(value)}"}}'

    def _entry(self, plan: _StepPlan, outcomes: Outcomes, index: int, item: str, value: Any) -> str:
        reached = dropped = note = ""
        if plan.points:
            reached = "; ".join(
                [
                    self._labels[point][outcomes.answers[point, item]]
                    for point in plan.points
                    if (point, item) in outcomes.answers
                ]
            )
        if value.__class__ is tuple:
            text = number_text_in(value, plan.factor)
            if plan.rounds:
                dropped = _dropped(outcomes.unrounded[plan.slot, index], value, plan.factor)
            if plan.shared:
                own, members, limited = plan.shared
                said = self._said(outcomes, members, limited)
                note = self._proportion(_each(outcomes.values[own])[max(index, 0)], said) if said else ""
            if plan.notes:
                note = "; ".join(part for part in (note, self._noted(plan, outcomes, index)) if part)
        elif isinstance(value, Absent):
            text, note = "", inner(absent_text(value))
        else:
            text = inner(value_text(value, plan.unit))
            note = self._noted(plan, outcomes, index) if plan.notes else ""
        empty = plan.premises and any(per and not outcomes.items[per] for _, per in plan.premises)
        if not (dropped or item or note or empty or reached):
            return f'{plan.value}{text}"}}'
        parts = [f'"dropped":"{dropped}",' if dropped else "", f'"figure":{plan.figure}']
        parts += [f',"item":{encoded(item)}'] if item else []
        parts += [f',"note":"{note}"'] if note else []
        parts += [f',"premises":{self._without_items(plan, outcomes, item)}'] if empty else []
        parts += [f',"reached":"{reached}"'] if reached else []
        return f'{{{"".join(parts)},"value":"{text}"}}'

    def _without_items(self, plan: _StepPlan, outcomes: Outcomes, item: str) -> str:
        """The premises of a step in a period in which a list has no items: a figure per item has no steps then."""
        places = (
            (premise, NO_ITEMS if per and not outcomes.items[per] else item if per and per == plan.per else "")
            for premise, per in plan.premises
        )
        return f"[{','.join([f'[{encoded(premise)},{encoded(place)}]' for premise, place in places])}]"

    def _noted(self, plan: _StepPlan, outcomes: Outcomes, index: int) -> str:
        """What the figure noted beside its value, as it stands between the quotes of JSON."""
        notes = outcomes.notes.get((plan.slot, index))
        return inner(noted(notes.values(), plan.unit, self._digits)) if notes else ""

    def _proportion(self, member: Pair, said: str) -> str:
        """How a share in proportion comes about, in numbers."""
        return f"in proportion: {amount_text(member, self._digits)} of {said}; left-over cents go to the largest remainders"

    def _said(self, outcomes: Outcomes, members: tuple[int, ...], limited: int) -> str:
        """What all members come to and what they are limited to, worked out once; empty where nothing was cut."""
        said = outcomes.cut.get(limited)
        if said is None:
            said = outcomes.cut[limited] = self._cut(outcomes, members, limited)
        return said

    def _cut(self, outcomes: Outcomes, members: tuple[int, ...], limited: int) -> str:
        values = outcomes.values
        given, limit = total([amount for slot in members for amount in _each(values[slot])]), values[limited]
        if given[0] * limit[1] == limit[0] * given[1]:
            return ""
        return f"{amount_text(given, self._digits)} is its part of {amount_text(limit, self._digits)}"


def _each(value: Any) -> list[Pair]:
    """A figure's amounts: one, or one for each item."""
    return value if value.__class__ is list else [value]


def _dropped(exact: Pair, value: Pair, factor: Pair | None) -> str:
    """What a rounding took away, as text; empty for nothing."""
    rest = _rest(exact, value)
    return number_text_in((rest, exact[1] * value[1]), factor) if rest else ""


def _rest(exact: Pair, value: Pair) -> int:
    """How much a rounding took away, over both denominators."""
    return exact[0] * value[1] - value[0] * exact[1]
