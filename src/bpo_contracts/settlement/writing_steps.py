"""The steps of a settlement's trail, as canonical JSON.

Of most steps everything but the number is the contract's, and is encoded once. What the contract alone settles, or the answer of
one question, is written once for each answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from bpo_contracts.settlement.writing_notes import noted, notes_something
from bpo_contracts.settlement.writing_texts import (
    Pieces,
    absent_text,
    amount_text,
    factor_of,
    gap,
    inner,
    number_text_in,
    pieces,
    unit_text,
    value_text,
)
from bpo_contracts.terms.describe import describe
from bpo_contracts.terms.evaluate import Absent, Machine, Pair
from bpo_contracts.terms.evaluate.arithmetic import plus
from bpo_contracts.terms.evaluate.fixed import FIXED
from bpo_contracts.terms.nodes import Allocate, AnyNode, Kept, Name, Round, names_in
from bpo_contracts.terms.program import Program
from bpo_contracts.trail.step import NO_ITEMS
from bpo_contracts.values.frozen import frozen
from bpo_contracts.values.json_text import encoded
from bpo_contracts.values.numbers import pair_text
from bpo_contracts.values.units import Unit

if TYPE_CHECKING:
    from bpo_contracts.settlement.outcomes import Outcomes


@frozen
class _StepForm:
    """The fixed parts of one figure's step; see ``StepWriter._step`` for how they are joined.

    ``head`` is ``opens``, ``middle`` and ``premises`` in one, for the many steps that dropped nothing and have a value.
    ``fixed`` is all that stands before the value, where nothing else can differ from period to period; else empty.
    """

    fixed: str
    head: Pieces
    opens: str
    middle: Pieces
    premises: Pieces
    before_value: str
    points: tuple[int, ...]
    per: str
    unit: Unit
    factor: Pair | None
    rounds: bool
    notes: bool
    hidden: bool
    shared: tuple[int, tuple[int, ...], int] | None
    """For a share in proportion: the slots of its own member, of all members, and of what their sum is limited to."""


_Plan = list[tuple[int, _StepForm, "int | None", dict[int, str]]]
"""Of each step: its slot, its form, what settles it (see ``Machine.settles``), and its texts by that answer."""


class StepWriter:
    """Writes the steps of one contract's settlements.

    ``labels`` are the branches of each question as they stand between the quotes of JSON; ``digits`` those of amounts.
    """

    def __init__(self, program: Program, machine: Machine, labels: Sequence[Sequence[str]], digits: int) -> None:
        self._program = program
        self._labels = labels
        self._digits = digits
        points: dict[str, list[int]] = {}
        for index, point in enumerate(machine.points):
            points.setdefault(point.figure, []).append(index)
        forms = [self._form(figure.name, tuple(points.get(figure.name, ()))) for figure in program.figures]
        plan: _Plan = [
            # A note says which earlier values were looked at: that differs between periods with the same answer.
            (slot, form, None if form.notes else settles, {})
            for slot, (form, settles) in enumerate(zip(forms, machine.settles, strict=True))
            if not form.hidden
        ]
        self._plans: dict[frozenset[str], _Plan] = {frozenset(): plan}

    def _amount(self, value: Pair) -> str:
        return amount_text(value, self._digits)

    def _plan(self, empty: frozenset[str]) -> _Plan:
        """How each step is written in a period in which these lists have no items.

        Only premises differ: a figure per item that has no items has no steps, and a premise says so.
        """
        known = self._plans.get(empty)
        if known is None:
            known = self._plans[empty] = [
                (slot, self._form(self._program.figures[slot].name, form.points, empty), settles, {})
                if any(per in empty for _, per in self._premises(self._program.figures[slot].name))
                else (slot, form, settles, texts)
                for slot, form, settles, texts in self._plans[frozenset()]
            ]
        return known

    def _form(self, name: str, points: tuple[int, ...], empty: frozenset[str] = frozenset()) -> _StepForm:
        program = self._program
        figure, unit = program.figure(name), program.units[name]
        formula = "" if figure.node is None else describe(figure.node)
        if figure.node is None:
            formula = "as reported"
        opens = f'{{"clause":{encoded(figure.citation.clause)},"dropped":"'
        middle = f'","figure":{encoded(name)},"formula":{encoded(formula)},"item":"{gap(figure.per)}","note":"'
        references = [
            f'[{premise},"{NO_ITEMS if per in empty else gap(per) if per == figure.per else ""}"]'
            for premise, per in self._premises(name)
        ]
        premises = f'","premises":[{",".join(references)}],"reached":"'
        before_value = f'","says":{encoded(figure.says)},"unit":{encoded(unit_text(unit))},"value":"'
        factor, rounds, shared = factor_of(unit), isinstance(figure.node, Round), self._shared(figure.node)
        notes, differs = notes_something(figure.node), bool(points or figure.per or factor or rounds or shared)
        return _StepForm(
            "" if differs or notes else opens + middle + premises + before_value,
            pieces(opens + middle + premises),
            opens,
            pieces(middle),
            pieces(premises),
            before_value,
            points,
            figure.per,
            unit,
            factor,
            rounds,
            notes,
            isinstance(figure.node, Allocate),
            shared,
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

    def _premises(self, name: str) -> list[tuple[str, str]]:
        """The figures a step rests on: an allocation stands for the limited total and the member's own amount."""
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
        return [(encoded(one), program.figure(one).per) for one in dict.fromkeys(names)]

    def steps(self, outcomes: Outcomes) -> list[str]:
        """The steps in pieces, a comma before each of them."""
        written: list[str] = []
        answers = outcomes.answers
        empty = frozenset(per for per, items in outcomes.items.items() if not items)
        for slot, form, settles, known in self._plan(empty):
            values = outcomes.values[slot]
            if settles is not None:
                # Settled by the contract alone, or by the answer of one question: written once for each answer.
                answer = FIXED if settles == FIXED else answers.get((settles, ""))
                text = None if answer is None else known.get(answer)
                if text is None:
                    text = self._step(form, outcomes, slot, -1, "", values)
                    if answer is not None:
                        known[answer] = text
                written += (",", text)
            elif form.fixed and values.__class__ is tuple:
                # Most other steps are one number, and everything else about them is the contract's.
                written += (",", form.fixed, pair_text(cast(Pair, values)), '"}')
            elif form.per:
                for index, item in enumerate(outcomes.items[form.per]):
                    written += (",", self._step(form, outcomes, slot, index, item, values[index]))  # type: ignore[index]
            else:
                written += (",", self._step(form, outcomes, slot, -1, "", values))
        return written

    def _step(self, form: _StepForm, outcomes: Outcomes, slot: int, index: int, item: str, value: object) -> str:
        within = inner(item) if item else ""
        reached = dropped = note = ""
        if form.points:
            reached = "; ".join(
                self._labels[point][outcomes.answers[point, item]]
                for point in form.points
                if (point, item) in outcomes.answers
            )
        if value.__class__ is tuple:
            number = cast(Pair, value)
            text = number_text_in(number, form.factor)
            if form.rounds:
                dropped = _dropped(outcomes.unrounded[slot, index], number, form.factor)
            if form.shared:
                note = self._proportion(outcomes, index, *form.shared)
            if form.notes:
                note = "; ".join(part for part in (note, self._noted(form, outcomes, slot, index)) if part)
            if not dropped and not note:
                return f'{within.join(form.head)}{reached}{form.before_value}{text}"}}'
        elif isinstance(value, Absent):
            text, note = "", inner(absent_text(value))
        else:
            text = inner(value_text(value, form.unit))
            note = self._noted(form, outcomes, slot, index) if form.notes else ""
        head = f"{form.opens}{dropped}{within.join(form.middle)}{note}{within.join(form.premises)}"
        return f'{head}{reached}{form.before_value}{text}"}}'

    def _noted(self, form: _StepForm, outcomes: Outcomes, slot: int, index: int) -> str:
        """What the figure noted beside its value, as it stands between the quotes of JSON."""
        notes = outcomes.notes.get((slot, index))
        return inner(noted(notes.values(), form.unit, self._digits)) if notes else ""

    def _proportion(self, outcomes: Outcomes, index: int, own: int, members: tuple[int, ...], limited: int) -> str:
        """How a share in proportion comes about, in numbers; empty where nothing was cut."""
        said = outcomes.cut.get(limited)
        if said is None:
            said = outcomes.cut[limited] = self._cut(outcomes, members, limited)
        if not said:
            return ""
        member = _each(outcomes.values[own])[max(index, 0)]
        return f"in proportion: {self._amount(member)} of {said}; left-over cents go to the largest remainders"

    def _cut(self, outcomes: Outcomes, members: tuple[int, ...], limited: int) -> str:
        """What all members come to and what they are limited to; empty where nothing was cut."""
        total: Pair = (0, 1)
        for slot in members:
            for amount in _each(outcomes.values[slot]):
                total = plus(total, amount)
        limit = cast(Pair, outcomes.values[limited])
        if total[0] * limit[1] == limit[0] * total[1]:
            return ""
        return f"{self._amount(total)} is its part of {self._amount(limit)}"


def _each(value: object) -> list[Pair]:
    """A figure's amounts: one, or one for each item."""
    return cast(list[Pair], value if isinstance(value, list) else [value])


def _dropped(exact: Pair, value: Pair, factor: Pair | None) -> str:
    """What a rounding took away, as text; empty for nothing."""
    rest = exact[0] * value[1] - value[0] * exact[1]
    return number_text_in((rest, exact[1] * value[1]), factor) if rest else ""
