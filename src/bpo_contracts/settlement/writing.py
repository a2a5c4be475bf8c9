"""The settlement as canonical JSON: written once, from fragments that the contract fixes and values that the period
gives.

The bytes are those of RFC 8785 (keys sorted, no white space, no floats); ``audit.canonical`` writes the same from
the parsed
document, and a test holds the two together. Sentences and formulas are the contract's, so they are encoded once per
contract; a period adds numbers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Final, cast

from bpo_contracts.contract.lowering import Line, Outcome, Terms
from bpo_contracts.rules.determining import Answers, CompiledRulebook
from bpo_contracts.settlement.assess import scope_of
from bpo_contracts.terms.describe import describe
from bpo_contracts.terms.evaluate import Absent, Machine, Pair
from bpo_contracts.terms.evaluate.arithmetic import plus
from bpo_contracts.terms.evaluate.fixed import FIXED
from bpo_contracts.terms.nodes import Allocate, AnyNode, Fold, Kept, Name, Round, children, names_in
from bpo_contracts.values.currencies import MINOR_DIGITS
from bpo_contracts.values.frozen import frozen
from bpo_contracts.values.json_text import encoded
from bpo_contracts.values.numbers import pair_text
from bpo_contracts.values.units import Unit, money

if TYPE_CHECKING:
    from bpo_contracts.settlement.settlement import LineResult, Outcomes

SCHEMA: Final = "bpo-contracts/settlement/1"


def value_text(value: object, unit: Unit) -> str:
    """Any settled value as text, numbers in the unit they are shown in; empty where there is no value."""
    if value.__class__ is tuple:
        return _number_text(cast(Pair, value), _factor(unit))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return "" if isinstance(value, Absent) or value is None else str(value)


@lru_cache(maxsize=4096)  # amounts come back, as numbers do in ``pair_text``
def _amount_text(value: Pair, digits: int) -> str:
    numerator, denominator = value
    scaled, rest = divmod(numerator * 10**digits, denominator)
    if rest:
        return pair_text(value)
    if not digits:
        return str(scaled)
    text = str(abs(scaled)).rjust(digits + 1, "0")
    return f"{'-' if scaled < 0 else ''}{text[:-digits]}.{text[-digits:]}"


def _number_text(value: Pair, factor: Pair | None) -> str:
    return pair_text(value if factor is None else (value[0] * factor[1], value[1] * factor[0]))


def _factor(unit: Unit) -> Pair | None:
    """What a number is divided by to be shown in its unit (minutes by 60 for hours); None where it is shown as it
    is."""
    return None if unit.factor == 1 else (unit.factor.numerator, unit.factor.denominator)


Pieces = tuple[str, ...]
"""Fixed text with a gap for the item between one piece and the next: ``item.join(pieces)`` fills all of them."""


@frozen
class _LineForm:
    """The fixed parts of one invoice line, and of its determination, in the order they are written.

    A charge has no gross amount: nothing stands before it, and all of it after the amount. ``points`` are its
    questions.
    """

    before_gross: str
    after_gross: str
    per: str
    trail: Pieces
    before_reached: str
    points: tuple[int, ...]
    charge: bool


@frozen
class _StepForm:
    """The fixed parts of one figure's step; see ``Writer._step`` for how they are joined.

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
    ranks: bool
    hidden: bool
    shared: tuple[int, tuple[int, ...], int] | None
    """For a share in proportion: the slots of its own member, of all members, and of what their sum is limited to."""


class Writer:
    """Writes settlements of one contract."""

    def __init__(self, terms: Terms, machine: Machine, book: CompiledRulebook) -> None:
        self._terms = terms
        self._digits = MINOR_DIGITS[terms.contract.currency]
        self._labels = [[encoded(way.label)[1:-1] for way in point.ways] for point in machine.points]
        points: dict[str, list[int]] = {}
        for index, point in enumerate(machine.points):
            points.setdefault(point.figure, []).append(index)
        program = terms.program
        forms = [self._form(figure.name, tuple(points.get(figure.name, ()))) for figure in program.figures]
        self._plan = [
            (slot, form, settles, cast("dict[int, str]", {}))
            for slot, (form, settles) in enumerate(zip(forms, machine.settles, strict=True))
            if not form.hidden
        ]
        self._answers = [
            [f'[{encoded(point.asks)},"{label}"]' for label in labels]
            for point, labels in zip(machine.points, self._labels, strict=True)
        ]
        contract = terms.contract
        self._contract = (
            f'{{"client":{encoded(contract.client)},"id":{encoded(contract.id)},"provider":{encoded(contract.provider)},'
            f'"title":{encoded(contract.title)},"version":{encoded(contract.version)}}}'
        )
        self._rulebook = book.rulebook.digest
        self._line_forms = [
            self._line_form(line, [i for i, point in enumerate(machine.points) if self._belongs(point.figure, line)])
            for line in terms.lines
        ]
        self._trails = {outcome.figure: self._trail(outcome.figure) for outcome in terms.outcomes}

    @staticmethod
    def _belongs(figure: str, line: Line) -> bool:
        return figure == line.net or figure.startswith(f"{line.net}.")

    def _form(self, name: str, points: tuple[int, ...]) -> _StepForm:
        program = self._terms.program
        figure, unit = program.figure(name), program.units[name]
        formula = "" if figure.node is None else describe(figure.node)
        shown = unit.shown or str(unit)
        if figure.node is None:
            formula = "as reported"
        opens = f'{{"clause":{encoded(figure.citation.clause)},"dropped":"'
        middle = f'","figure":{encoded(name)},"formula":{encoded(formula)},"item":"{_gap(figure.per)}","note":"'
        references = [
            f'[{premise},"{_gap(per) if per == figure.per else ""}"]' for premise, per in self._premises(name)
        ]
        premises = f'","premises":[{",".join(references)}],"reached":"'
        before_value = f'","says":{encoded(figure.says)},"unit":{encoded("" if unit.is_plain else shown)},"value":"'
        factor, rounds, shared = _factor(unit), isinstance(figure.node, Round), self._shared(figure.node)
        ranks, differs = _ranks(figure.node), bool(points or figure.per or factor or rounds or shared)
        return _StepForm(
            "" if differs or ranks else opens + middle + premises + before_value,
            _pieces(opens + middle + premises),
            opens,
            _pieces(middle),
            _pieces(premises),
            before_value,
            points,
            figure.per,
            unit,
            factor,
            rounds,
            ranks,
            isinstance(figure.node, Allocate),
            shared,
        )

    def _shared(self, node: AnyNode | None) -> tuple[int, tuple[int, ...], int] | None:
        """Where the numbers of a share in proportion stand, if the whole contract (not a lot) shares them."""
        kept = [one for one in names_in(node) if isinstance(one, Kept)] if node is not None else []
        if len(kept) != 1:
            return None
        program = self._terms.program
        allocation = program.figure(kept[0].allocation)
        if not isinstance(allocation.node, Allocate) or allocation.per or allocation.node.how != "pro rata":
            return None
        if not isinstance(allocation.node.limited, Name):
            return None
        slots = tuple(program.slots[member.name] for member in allocation.node.members)
        return program.slots[kept[0].member], slots, program.slots[allocation.node.limited.name]

    def _line_form(self, line: Line, points: Sequence[int]) -> _LineForm:
        clause = line.clause
        number, name = f'"clause":{encoded(clause.clause)}', f'"name":{encoded(line.name)}'
        trail = [
            f'[{figure},"{_gap(per) if per == line.per else ""}"]' for figure, per in self._trail(line.net, line.level)
        ]
        charge = line.family == "charge"
        return _LineForm(
            "" if charge else f'",{number},"gross":"',
            f'",{f"{number}," if charge else ""}"kind":{encoded(clause.kind)},{name},"says":{encoded(line.says)},"scope":',
            line.per,
            _pieces(f'","trail":[{",".join(trail)}],"words":{encoded(clause.words)}}}'),
            f'{{{number},{name},"reached":[',
            tuple(points),
            charge,
        )

    def _trail(self, net: str, *more: str) -> list[tuple[str, str]]:
        """The steps a line's argument starts from: (encoded name, per). Premises lead on to everything else."""
        return [(encoded(name), self._terms.program.figure(name).per) for name in (net, *more) if name]

    def _premises(self, name: str) -> list[tuple[str, str]]:
        """The figures a step rests on: an allocation stands for the limited total and the member's own amount."""
        program = self._terms.program
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

    # --- the parts ----------------------------------------------------------------------------------------

    def amount(self, value: Pair) -> str:
        """An amount with the currency's minor digits (all its digits, if a line is rounded finer)."""
        return _amount_text(value, self._digits)

    def settlement(self, outcomes: Outcomes) -> tuple[bytes, str]:
        """The canonical bytes of the settlement, and its digest: SHA-256 over the bytes without the ``digest``
        member."""
        before, after = ("".join(part).encode() for part in self._body(outcomes))
        hashed = hashlib.sha256(before)
        hashed.update(after)
        digest = hashed.hexdigest()
        return b"".join((before, b'"digest":"', digest.encode(), b'",', after)), digest

    def _body(self, outcomes: Outcomes) -> tuple[list[str], list[str]]:
        """What stands before the digest and after it, in pieces: a settlement is long, and is put together once."""
        charges: list[str] = []
        adjustments: list[str] = []
        determinations: list[str] = []
        for form, results in zip(self._line_forms, outcomes.lines, strict=True):
            for result in results:
                self._line(form, result, charges if form.charge else adjustments)
                determinations += (",", self._determination(form, result, outcomes.answers))
        before = ['{"adjustments":[', *adjustments[1:], '],"charges":[', *charges[1:], '],"consequences":[']
        before += (",".join(self._consequences(outcomes)), f'],"contract":{self._contract},')
        before += (f'"currency":"{self._terms.contract.currency}","determinations":[', *determinations[1:], "],")
        period = outcomes.period
        engines = ",".join(
            f'{{"name":{encoded(engine.name)},"version":{encoded(engine.version)}}}' for engine in outcomes.engines
        )
        after = [
            f'"engines":[{engines}],"lots":[{",".join(self._lots(outcomes))}],'
            f'"period":{{"end":"{period.end}","label":"{period.label}","start":"{period.start}"}},'
            f'"revision":{outcomes.revision},"rulebook":"{self._rulebook}","schema":"{SCHEMA}",'
            f'"status":"{"provisional" if outcomes.provisional else "final"}","steps":[',
            *self._steps(outcomes)[1:],
            f'],"supersedes":"{outcomes.supersedes}","totals":{self._totals(outcomes.totals)}}}',
        ]
        return before, after

    def _totals(self, totals: tuple[Pair, Pair, Pair]) -> str:
        charges, adjustments, net = totals
        return (
            f'{{"adjustments":"{self.amount(adjustments)}","charges":"{self.amount(charges)}",'
            f'"net":"{self.amount(net)}"}}'
        )

    def _lots(self, outcomes: Outcomes) -> list[str]:
        return [
            f'{{"scope":{_scope(per, item)},"totals":{self._totals(totals)}}}' for (per, item), totals in outcomes.lots
        ]

    def _line(self, form: _LineForm, result: LineResult, written: list[str]) -> None:
        item, status, gross, net = result
        within = _inner(item) if item else ""
        before = form.before_gross if form.charge else f"{form.before_gross}{self.amount(gross)}"
        written += (
            ",",
            f'{{"amount":"{self.amount(net)}{before}',
            f'{form.after_gross}{_scope(form.per, item)},"status":"{status}{within.join(form.trail)}',
        )

    def _determination(self, form: _LineForm, result: LineResult, answers: Answers) -> str:
        item, status, _, _ = result
        reached = ",".join(
            [self._answers[point][answers[point, item]] for point in form.points if (point, item) in answers]
        )
        return f'{form.before_reached}{reached}],"scope":{_scope(form.per, item)},"status":"{status}"}}'

    def _consequences(self, outcomes: Outcomes) -> list[str]:
        written = []
        for outcome, values in zip(self._terms.outcomes, outcomes.consequences, strict=True):
            for index, (item, holds) in enumerate(values):
                if holds or not outcome.left:
                    happens = self._left(outcome, outcomes, index) if outcome.left else ""
                    written.append(self._consequence(outcome, item, holds, happens))
        return written

    def _left(self, outcome: Outcome, outcomes: Outcomes, index: int) -> str:
        """What a note says, with the amount that is left."""
        program = self._terms.program
        value, unit = outcomes.values[program.slots[outcome.left]], program.units[outcome.left]
        if outcome.per:
            value = cast(list[object], value)[index]
        amount = (
            self.amount(cast(Pair, value)) if unit == money(self._terms.contract.currency) else value_text(value, unit)
        )
        return outcome.happens.replace("{left}", f"{amount} {unit.shown or unit}".strip())

    def _consequence(self, outcome: Outcome, item: str, holds: bool, happens: str = "") -> str:
        clause = outcome.clause
        trail = self._trails[outcome.figure]
        steps = ",".join(f'[{figure},"{_inner(item) if per == outcome.per else ""}"]' for figure, per in trail)
        happens = happens or getattr(clause, "happens", clause.says)
        name = outcome.figure if outcome.left else clause.name
        return (
            f'{{"clause":{encoded(clause.clause)},"happens":{encoded(happens)},"holds":{"true" if holds else "false"},'
            f'"name":{encoded(name)},"says":{encoded(clause.says)},"scope":{_scope(outcome.per, item)},'
            f'"trail":[{steps}],"words":{encoded(clause.words)}}}'
        )

    def _steps(self, outcomes: Outcomes) -> list[str]:
        """The steps in pieces, a comma before each of them."""
        written: list[str] = []
        answers = outcomes.answers
        for slot, form, settles, known in self._plan:
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
        within = _inner(item) if item else ""
        reached = dropped = note = ""
        if form.points:
            reached = "; ".join(
                self._labels[point][outcomes.answers[point, item]]
                for point in form.points
                if (point, item) in outcomes.answers
            )
        if value.__class__ is tuple:
            number = cast(Pair, value)
            text = _number_text(number, form.factor)
            if form.rounds:
                dropped = _dropped(outcomes.unrounded[slot, index], number, form.factor)
            if form.shared:
                note = self._proportion(outcomes, index, *form.shared)
            if form.ranks:
                note = "; ".join(part for part in (note, outcomes.notes.get((slot, index), "")) if part)
            if not dropped and not note:
                return f'{within.join(form.head)}{reached}{form.before_value}{text}"}}'
        elif isinstance(value, Absent):
            text, note = "", _inner(value.reason)
        else:
            text = _inner(value_text(value, form.unit))
        head = f"{form.opens}{dropped}{within.join(form.middle)}{note}{within.join(form.premises)}"
        return f'{head}{reached}{form.before_value}{text}"}}'

    def _proportion(self, outcomes: Outcomes, index: int, own: int, members: tuple[int, ...], limited: int) -> str:
        """How a share in proportion comes about, in numbers; empty where nothing was cut."""
        said = outcomes.cut.get(limited)
        if said is None:
            said = outcomes.cut[limited] = self._cut(outcomes, members, limited)
        if not said:
            return ""
        member = _each(outcomes.values[own])[max(index, 0)]
        return f"in proportion: {self.amount(member)} of {said}; left-over cents go to the largest remainders"

    def _cut(self, outcomes: Outcomes, members: tuple[int, ...], limited: int) -> str:
        """What all members come to and what they are limited to; empty where nothing was cut."""
        total: Pair = (0, 1)
        for slot in members:
            for amount in _each(outcomes.values[slot]):
                total = plus(total, amount)
        limit = cast(Pair, outcomes.values[limited])
        if total[0] * limit[1] == limit[0] * total[1]:
            return ""
        return f"{self.amount(total)} is its part of {self.amount(limit)}"


def _ranks(node: AnyNode | None) -> bool:
    """Whether a percentile or median is in the node, of which the trail says which of how many values it is."""
    if node is None:
        return False
    return (isinstance(node, Fold) and node.rank is not None) or any(_ranks(child) for child in children(node))


def _each(value: object) -> list[Pair]:
    """A figure's amounts: one, or one for each item."""
    return cast(list[Pair], value if isinstance(value, list) else [value])


_GAP: Final = "\0"  # stands for the item in a form's text; no encoded text holds it


def _gap(per: str) -> str:
    return _GAP if per else ""


def _pieces(text: str) -> Pieces:
    return tuple(text.split(_GAP))


def _inner(text: str) -> str:
    """The text as it stands between the quotes of a JSON string."""
    return encoded(text)[1:-1]


def _dropped(exact: Pair, value: Pair, factor: Pair | None) -> str:
    """What a rounding took away, as text; empty for nothing."""
    rest = exact[0] * value[1] - value[0] * exact[1]
    return _number_text((rest, exact[1] * value[1]), factor) if rest else ""


@lru_cache(maxsize=4096)  # the lots of a contract are the same in every line and period
def _scope(per: str, item: str) -> str:
    pairs = (f"{encoded(name)}:{encoded(value)}" for name, value in scope_of(per, item))
    return f"{{{','.join(pairs)}}}"
