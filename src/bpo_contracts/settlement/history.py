"""Earlier periods: what was settled then, read and never decided again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cached_property
from typing import Any, Protocol

from bpo_contracts.settlement.prepare import Prepared
from bpo_contracts.settlement.settlement import Settlement
from bpo_contracts.terms.evaluate import Absent, NoData, Undecided, Value
from bpo_contracts.values.findings import Finding, refuse
from bpo_contracts.values.frozen import frozen
from bpo_contracts.values.numbers import read_number_text
from bpo_contracts.values.periods import Period
from bpo_contracts.values.units import Unit


class Past(Protocol):
    """One settled period."""

    def value(self, figure: str, item: str) -> object:
        """The settled value, or ``Absent``; None if that settlement has no such figure or item."""
        ...

    def items(self, over: str) -> Sequence[str]:
        """The keys of the items of a list or scope."""
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
        return value[items.index(item)] if item in items else None  # type: ignore[index]

    def items(self, over: str) -> Sequence[str]:
        """The keys of the items of a list or scope."""
        return self._outcomes.items.get(over, ())


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


def _is_of(step: Mapping[str, Any], figure: str) -> bool:
    return step["figure"] == figure and not step["item"]


class SealedThen:
    """A period as its sealed settlement has it.

    Looking back at a figure of the whole period costs the same however many clauses a contract has: the step alone is
    read. For figures with items the settlement is read once.
    """

    def __init__(self, sealed: Sealed, prepared: Prepared) -> None:
        self._sealed = sealed
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
            return Absent(step["note"])
        return _read(step["value"], self._units[figure])

    def items(self, over: str) -> Sequence[str]:
        """The keys of the items of a list or scope."""
        found = {item: None for figure, item in self._steps if figure.startswith(f"{over}.") and item}
        return tuple(found)


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
        self._first = prepared.contract.first_period
        self._place = prepared.contract.place(("contract",))
        self._period = period
        self._past = past

    def earlier(self) -> int:
        """How many periods of the term lie before this one."""
        return self._period.number - self._first.number

    def value(self, figure: str, periods_ago: int, item: str) -> Value:
        """The settled value; see ``Past`` and ``History``."""
        then = self._then(periods_ago)
        value = then.value(figure, item)
        label = self._period.shift(-periods_ago).label
        if value is None:
            raise NoData(f"{figure} has no value in {label}" + (f" for {item}" if item else ""))
        if isinstance(value, Absent):
            raise NoData(value.reason) if value.finding is None else Undecided(value.finding)
        return value  # type: ignore[return-value]

    def items(self, over: str, periods_ago: int) -> Sequence[str]:
        """The keys of the items of a list or scope."""
        return self._then(periods_ago).items(over)

    def _then(self, periods_ago: int) -> Past:
        then = self._past.get(self._period.number - periods_ago)
        if then is None:
            label = self._period.shift(-periods_ago).label
            raise refuse(
                "BPO405",
                "earlier-period-missing",
                f"{self._period.label} needs the settlement of {label}, and it is not at hand.",
                f"Settle {label} first, or give its performance.",
                self._place,
            )
        return then


__all__ = ["Finding", "Given", "Past", "SealedThen", "SettledHistory", "SettledNow"]
