"""Earlier periods: what was settled then, read and never decided again."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cached_property
from typing import Any, Final, Protocol

from bpo_contracts.contract.amending import in_force, signed
from bpo_contracts.contract.contract import Contract
from bpo_contracts.contract.lowering import Terms
from bpo_contracts.settlement.assess import scope_of
from bpo_contracts.settlement.prepare import Prepared, prepare
from bpo_contracts.settlement.settlement import Settlement
from bpo_contracts.settlement.writing_texts import unit_text
from bpo_contracts.terms.evaluate import Absent, NoData, NotYet, Undecided, Value
from bpo_contracts.terms.items import combinations, dimensions
from bpo_contracts.values.findings import BadInput, Finding, refuse
from bpo_contracts.values.frozen import frozen
from bpo_contracts.values.numbers import read_number_text
from bpo_contracts.values.periods import Period
from bpo_contracts.values.sources import Source
from bpo_contracts.values.units import Unit, WrongUnit, parse_unit


class Past(Protocol):
    """One settled period."""

    def value(self, figure: str, item: str) -> object:
        """The settled value, or ``Absent``; None if that settlement has no such figure or item."""
        ...

    def unit(self, figure: str) -> Unit | None:
        """The unit of the figure then; None if the value was read in the unit of now."""
        ...

    def items(self, over: str) -> Sequence[str]:
        """The keys of the items of a list or scope."""
        ...

    @property
    def provisional(self) -> bool:
        """Whether what was settled then rests on provisional values."""
        ...


class SettledNow:
    """A period settled in this process."""

    def __init__(self, prepared: Prepared, settlement: Settlement) -> None:
        self._program = prepared.terms.program
        self._outcomes = settlement.outcomes

    def value(self, figure: str, item: str) -> object:
        """The settled value; see ``Past`` and ``History``."""
        slot = self._program.slots.get(figure)
        if slot is None:
            return None
        value = self._outcomes.values[slot]
        per = self._program.figures[slot].per
        if not per:
            return value
        items = list(self._outcomes.items[per])
        return value[items.index(item)] if item in items else None

    def unit(self, figure: str) -> Unit | None:
        """The unit of the figure then."""
        return self._program.units.get(figure)

    def items(self, over: str) -> Sequence[str]:
        """The keys of the items of a list or scope."""
        return self._outcomes.items.get(over, ())

    @property
    def provisional(self) -> bool:
        """Whether it rests on provisional values."""
        return self._outcomes.provisional


class Sealed(Protocol):
    """A sealed settlement, read when somebody looks."""

    @property
    def document(self) -> Mapping[str, Any]:
        """The settlement document."""
        ...

    def step(self, figure: str, place: int | None) -> Mapping[str, Any] | None:
        """The step of a figure that has one value for the period, None if there is none.

        ``place`` is where it stands among the steps if the contract was the same then.
        """
        ...

    @property
    def provisional(self) -> bool:
        """Whether it rests on provisional values."""
        ...


@frozen
class Given:
    """A settlement document that is at hand."""

    document: Mapping[str, Any]

    def step(self, figure: str, place: int | None) -> Mapping[str, Any] | None:
        """The step of a figure that has one value for the period; first looked for in its place."""
        steps: Sequence[Mapping[str, Any]] = self.document["steps"]
        if place is not None and place < len(steps) and _is_of(steps[place], figure):
            return steps[place]
        return next((step for step in steps if _is_of(step, figure)), None)

    @property
    def provisional(self) -> bool:
        """Whether it rests on provisional values."""
        return bool(self.document["status"] == "provisional")


def _is_of(step: Mapping[str, Any], figure: str) -> bool:
    return step["figure"] == figure and not step["item"]


class SealedThen:
    """A period as its sealed settlement has it.

    Looking back at a figure of the whole period costs the same however many clauses a contract has: the step alone is
    read. For figures with items the settlement is read once.
    """

    def __init__(self, sealed: Sealed, prepared: Prepared) -> None:
        self._sealed = sealed
        self._terms = prepared.terms
        self._units = prepared.terms.program.units
        self._places = prepared.step_places

    @cached_property
    def _steps(self) -> dict[tuple[str, str], Mapping[str, Any]]:
        return {(step["figure"], step["item"]): step for step in self._sealed.document["steps"]}

    def value(self, figure: str, item: str) -> object:
        """The settled value; see ``Past`` and ``History``."""
        step = self._steps.get((figure, item)) if item else self._sealed.step(figure, self._places.get(figure))
        if step is None or figure not in self._units:
            return None
        if step["note"] and not step["value"]:
            return _absent(step["note"])
        unit = self._unit_then(figure, step["unit"])
        try:
            return _read(step["value"], unit)
        except ValueError:
            problem = f"The earlier settlement says {step['value'][:40]!r} for {figure!r}, and that is no such value."
            next_step = "Verify the ledger, or give the settlement as it was."
            place = Source("an earlier settlement")
            raise refuse("BPO415", "earlier-value-unreadable", problem, next_step, place) from None

    def _unit_then(self, figure: str, said: str) -> Unit:
        """The unit that the step says: an amendment may have changed minutes to hours, but not to calls."""
        now = self._units[figure]
        if said == unit_text(now):
            return now
        try:
            then = parse_unit(said, self._terms.nouns)
        except WrongUnit:
            raise _unit_changed(self._terms, figure, said) from None
        if not _same_kind(then, now):
            raise _unit_changed(self._terms, figure, said)
        return then

    def unit(self, figure: str) -> Unit | None:
        """None: values are read in the unit that the step says."""
        return None

    def items(self, over: str) -> Sequence[str]:
        """The keys of the items of a list or scope: those that its columns have values for."""
        scopes = dimensions(over)
        if len(scopes) > 1:
            return combinations([self.items(scope) for scope in scopes])
        known = self._terms.contract.lists.get(over)
        columns = {f"{over}.{column}" for column in (known.columns if known else [over])}
        return tuple({item: None for figure, item in self._steps if figure in columns})

    @property
    def provisional(self) -> bool:
        """Whether it rests on provisional values."""
        return self._sealed.provisional


_UNDECIDED: Final = re.compile(r"(BPO[0-9]{3}) ([a-z0-9-]+): (.*)", re.DOTALL)


def _absent(note: str) -> Absent:
    """What stood in place of a value: missing data, or what the contract left undecided, which stays so."""
    undecided = _UNDECIDED.fullmatch(note)
    if undecided is None:
        return Absent(note)
    code, name, problem = undecided.groups()
    step = "Correct the earlier period, or say in the contract what holds then."
    return Absent(problem, Finding(code, name, Source("an earlier settlement"), problem, step))


def _same_kind(one: Unit, other: Unit) -> bool:
    return (one.kind, one.dims, one.share) == (other.kind, other.dims, other.share)


def _unit_changed(terms: Terms, figure: str, then: str) -> BadInput:
    program = terms.program
    problem = (
        f"{figure!r} is looked back at, and an amendment changed what it is: it was in {then or 'plain numbers'},"
        f" and is in {unit_text(program.units[figure]) or 'plain numbers'} now."
    )
    step = "Give what is measured from then on a name of its own, or amend what looks back at it."
    return BadInput([Finding("BPO414", "unit-changed", program.figure(figure).source, problem, step)])


def _read(text: str, unit: Unit) -> Value:
    match unit.kind:
        case "number":
            number = read_number_text(text) * unit.factor
            return number.numerator, number.denominator
        case "truth":
            return text == "yes"
        case "day":
            return date.fromisoformat(text)
        case "instant":
            return datetime.fromisoformat(text)
        case "word":
            return text


class SettledHistory:
    """The periods before one period, by how long ago they were."""

    def __init__(self, prepared: Prepared, period: Period, past: Mapping[int, Past]) -> None:
        self._terms = prepared.terms
        self._first = prepared.term.start
        self._signed = signed(prepared.contract)
        self._period = period
        self._past = past
        self._looked_at: set[int] = set()
        self.provisional = False
        """Whether something that was looked at rests on provisional values."""

    def earlier(self) -> int:
        """How many periods of the term lie before this one."""
        return self._period.number - self._first

    def _reaches(self, figure: str, periods_ago: int, item: str) -> bool:
        """Whether the figure, and the lot, was part of the contract then."""
        if periods_ago > self.earlier():
            return False
        return not self._signed.amendments or self._was_agreed(figure, periods_ago, item)

    def _was_agreed(self, figure: str, periods_ago: int, item: str) -> bool:
        then = self._version(periods_ago)
        now = self._terms.program.figure(figure)
        if figure not in then.program.slots or then.program.figure(figure).per != now.per:
            return False
        scopes = then.contract.scopes
        return all(lot in scopes.get(scope, (lot,)) for scope, lot in scope_of(now.per, item))

    def _version(self, periods_ago: int) -> Terms:
        return prepare(in_force(self._signed, self._period.shift(-periods_ago))).terms

    def value(self, figure: str, periods_ago: int, item: str) -> Value:
        """The settled value; see ``Past`` and ``History``."""
        if not self._reaches(figure, periods_ago, item):
            raise NotYet(figure)
        then = self._then(periods_ago)
        value = then.value(figure, item)
        label = self._period.shift(-periods_ago).label
        if value is None:
            raise NoData(f"{figure} has no value in {label}" + (f" for {item}" if item else ""))
        if isinstance(value, Absent):
            raise NoData(value.reason) if value.finding is None else Undecided(value.finding)
        unit = then.unit(figure)
        if unit is not None and not _same_kind(unit, self._terms.program.units[figure]):
            raise _unit_changed(self._terms, figure, unit_text(unit))
        return value  # type: ignore[return-value]

    def items(self, over: str, periods_ago: int) -> Sequence[str]:
        """The keys of the items of a list or scope; see ``History``."""
        if over in self._terms.contract.lists and over not in self._version(periods_ago).contract.lists:
            raise NotYet(over)
        return self._then(periods_ago).items(over)

    def _then(self, periods_ago: int) -> Past:
        then = self._past.get(self._period.number - periods_ago)
        if then is None:
            label = self._period.shift(-periods_ago).label
            empty = _settles_without_facts(self._version(periods_ago).contract)
            more = f" (if nothing happened in {label}: a row with its period alone)" if empty else ""
            raise refuse(
                "BPO405",
                "earlier-period-missing",
                f"{self._period.label} needs the settlement of {label}, and it is not at hand.",
                f"Settle {label} first, or give its performance{more}.",
                self._signed.place(("contract",)),
            )
        if periods_ago not in self._looked_at:
            self._looked_at.add(periods_ago)
            self.provisional = self.provisional or then.provisional
        return then


def _settles_without_facts(contract: Contract) -> bool:
    """Whether a contract settles a period of which nothing is reported: each measure and list says what holds then."""
    rules = [measure.missing for measure in contract.measures.values() if not measure.computed]
    return "refuse" not in (*rules, *(items.missing for items in contract.lists.values()))


__all__ = ["Finding", "Given", "Past", "SealedThen", "SettledHistory", "SettledNow"]
