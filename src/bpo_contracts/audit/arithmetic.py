"""Redoing the sums of one sealed settlement from its own document, without the contract.

1. Every amount is exact and written with the currency's minor digits (with all its digits where a line is rounded
   finer).
2. Lines sum to the totals, the lines of a scope to the totals of its lot, and net is charges plus adjustments.
3. Every trail leads to recorded steps, every premise of a step is recorded, and no step rests on itself.
4. A line's own outermost step has the amount of the line.
5. A rounding is what its words say: value and what was dropped make the number before, and that rounds to the value.
6. Every adjustment has its determination, and both say the same status.

That the figures follow from the contract is not asked here: that is ``replay``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from bpo_contracts.audit.problems import Problem
from bpo_contracts.trail.step import NO_ITEMS
from bpo_contracts.values.canonical import Document, canonical
from bpo_contracts.values.currencies import MINOR_DIGITS
from bpo_contracts.values.documents import Map, UnexpectedShape, get_list, get_map, get_maps, get_text
from bpo_contracts.values.money import Money
from bpo_contracts.values.numbers import number_text
from bpo_contracts.values.rounding import Mode, Rounding

_NUMBER: Final = re.compile(r"-?[0-9]+(?:\.[0-9]+|/[0-9]+)?\Z", re.ASCII)
_CHARACTERS_MAX: Final = 4250
"""The longest number that is settled: 4,096 bits above and below its fraction line, or as decimals 4,100 digits in all."""
_MODES: Final = "|".join(mode.value for mode in Mode)
_ROUNDED: Final = re.compile(
    rf"rounded ({_MODES}) to ([0-9]{{1,20}}(?:\.[0-9]{{1,20}})?)(?: ([A-Z]{{3}}))?\Z", re.ASCII
)

StepKey = tuple[str, str]


@dataclass(slots=True)
class _Lines:
    """The lines of a settlement: (scope, amount) for charges and adjustments."""

    charges: list[tuple[bytes, Fraction]] = field(default_factory=list)
    adjustments: list[tuple[bytes, Fraction]] = field(default_factory=list)

    def sums(self, scope: bytes | None = None) -> tuple[Fraction, Fraction]:
        """Charges and adjustments of one scope, or of all."""
        charges, adjustments = (
            sum((amount for of, amount in lines if scope is None or of == scope), Fraction(0))
            for lines in (self.charges, self.adjustments)
        )
        return charges, adjustments


def problems_of(settlement: Map) -> Iterator[Problem]:
    """Everything that does not add up in a settlement document."""
    try:
        currency = get_text(settlement, "currency")
        if currency not in MINOR_DIGITS:
            raise UnexpectedShape(f"{currency[:20]!r} is not a currency")
        steps = {_key(step): step for step in get_maps(settlement, "steps")}
        yield from _amounts_and_sums(settlement, currency)
        yield from _steps(get_maps(settlement, "steps"), steps, currency)
        yield from _trails(settlement, steps, currency)
        yield from _statuses(settlement)
    except UnexpectedShape as why:
        yield _problem("BPO540", "not-checked", f"The settlement's arithmetic cannot be checked: {why}")


def _amounts_and_sums(settlement: Map, currency: str) -> Iterator[Problem]:
    lines = _Lines()
    for kind, kept in (("charges", lines.charges), ("adjustments", lines.adjustments)):
        for line in get_maps(settlement, kind):
            what = f"the line {_name(line)}"
            for key in ("amount",) if kind == "charges" else ("gross", "amount"):
                yield from _amount(get_text(line, key), currency, f"the {key} of {what}")
            kept.append((canonical(line.get("scope")), _number(get_text(line, "amount"), what)))
    yield from _totals(get_map(settlement, "totals"), lines.sums(), currency, "the totals")
    for lot in get_maps(settlement, "lots"):
        scope = canonical(lot.get("scope"))
        yield from _totals(get_map(lot, "totals"), lines.sums(scope), currency, f"the totals of {scope.decode()}")


def _totals(totals: Map, sums: tuple[Fraction, Fraction], currency: str, what: str) -> Iterator[Problem]:
    for key, right in (("charges", sums[0]), ("adjustments", sums[1]), ("net", sums[0] + sums[1])):
        text = get_text(totals, key)
        yield from _amount(text, currency, f"{key} in {what}")
        if _number(text, what) != right:
            lines = "charges and adjustments" if key == "net" else f"{key}"
            problem = f"In {what}, {key} is {text}, and the {lines} come to {Money(right, currency).text}"
            yield _problem("BPO542", "sum-differs", problem)


def _amount(text: str, currency: str, what: str) -> Iterator[Problem]:
    right = Money(_number(text, what), currency).text
    if text != right:
        yield _problem("BPO543", "amount-digits", f"{what[0].upper()}{what[1:]} is written {text} and not {right}")


def _steps(listed: list[Map], steps: dict[StepKey, Map], currency: str) -> Iterator[Problem]:
    if len(steps) != len(listed):
        yield _problem("BPO544", "trail-broken", "A step is recorded twice")
    figures = {figure for figure, _ in steps}
    for key, step in steps.items():
        for premise in _references(step, "premises"):
            if not _recorded(premise, steps, figures):
                yield _problem(
                    "BPO544", "trail-broken", f"The step {_shown(key)} rests on {_shown(premise)}, which is missing"
                )
        yield from _rounding(key, step, currency)
    yield from _circles(steps)


def _recorded(premise: StepKey, steps: dict[StepKey, Map], figures: set[str]) -> bool:
    figure, item = premise
    if premise in steps or (item == "" and figure in figures):
        return True  # without an item it stands for all items of its figure (a sum over sites)
    # A list can be empty in a period, and then nothing per item of it has a step: the premise says so with a star.
    # Settlements of version 0.1.0 did not, and rest on columns (``incident.hours``) and parts of clauses without a step.
    return figure not in figures if item == NO_ITEMS else item == "" and "." in figure


def _rounding(key: StepKey, step: Map, currency: str) -> Iterator[Problem]:
    dropped, value = get_text(step, "dropped"), get_text(step, "value")
    words = _ROUNDED.search(get_text(step, "formula"))
    if dropped and not value:
        yield _problem("BPO546", "rounding-differs", f"The step {_shown(key)} dropped {dropped} of no value")
    # Only money is rounded in the unit it is shown in.
    if not words or not value or get_text(step, "unit") != currency or words[3] not in (None, currency):
        return
    after = _number(value, "a step")
    before = after + (_number(dropped, "a step") if dropped else 0)
    grain = _number(words[2], "a rounding")
    if not grain:
        yield _problem("BPO546", "rounding-differs", f"The step {_shown(key)} says that it is rounded to nothing")
        return
    rounding = Rounding(Mode(words[1]), grain)
    if rounding.apply(before) != after:
        right = number_text(rounding.apply(before))
        problem = f"The step {_shown(key)} says that {number_text(before)} {rounding} is {value}; it is {right}"
        yield _problem("BPO546", "rounding-differs", problem)


def _circles(steps: dict[StepKey, Map]) -> Iterator[Problem]:
    """Steps that rest on themselves: what is left when steps whose premises are all done are taken away."""
    waiting = {key: {one for one in _references(step, "premises") if one in steps} for key, step in steps.items()}
    rests_on: dict[StepKey, list[StepKey]] = {}
    for key, premises in waiting.items():
        for premise in premises:
            rests_on.setdefault(premise, []).append(key)
    ready = [key for key, premises in waiting.items() if not premises]
    while ready:
        done = ready.pop()
        del waiting[done]
        for key in rests_on.get(done, ()):
            waiting[key].discard(done)
            if not waiting[key]:
                ready.append(key)
    if waiting:
        yield _problem(
            "BPO544", "trail-broken", f"The step {_shown(min(waiting))} rests on itself, or on one that does"
        )


def _trails(settlement: Map, steps: dict[StepKey, Map], currency: str) -> Iterator[Problem]:
    figures = {figure for figure, _ in steps}
    for kind in ("charges", "adjustments", "consequences"):
        for line in get_maps(settlement, kind):
            trail = _references(line, "trail")
            for reference in trail:
                if not _recorded(reference, steps, figures):
                    problem = f"The trail of {_name(line)} leads to {_shown(reference)}, which is missing"
                    yield _problem("BPO544", "trail-broken", problem)
            if not trail:
                yield _problem("BPO544", "trail-broken", f"The line {_name(line)} has no trail")
            elif kind != "consequences" and trail[0] in steps:
                yield from _outermost(line, steps[trail[0]], currency)


def _outermost(line: Map, step: Map, currency: str) -> Iterator[Problem]:
    """The line's own figure says the same amount; a credit may be a positive figure on a line below zero."""
    value, amount = get_text(step, "value"), get_text(line, "amount")
    if not value or get_text(step, "unit") not in ("", currency):
        return
    if abs(_number(value, "a step")) != abs(_number(amount, "a line")):
        problem = f"The line {_name(line)} has the amount {amount}, and its trail comes to {value}"
        yield _problem("BPO545", "trail-differs", problem)


def _statuses(settlement: Map) -> Iterator[Problem]:
    found = {_about(one): get_text(one, "status") for one in get_maps(settlement, "determinations")}
    for line in get_maps(settlement, "adjustments"):
        status, determined = get_text(line, "status"), found.get(_about(line))
        if status != determined:
            other = f"its determination {determined!r}" if determined is not None else "it has no determination"
            yield _problem("BPO547", "status-differs", f"The line {_name(line)} says {status!r}, and {other}")


def _about(one: Map) -> tuple[str, str, bytes]:
    return get_text(one, "clause"), get_text(one, "name"), canonical(one.get("scope"))


def _key(step: Map) -> StepKey:
    return get_text(step, "figure"), get_text(step, "item")


def _references(holder: Map, key: str) -> list[StepKey]:
    return list(_pairs(get_list(holder, key), key))


def _pairs(references: Iterable[Document], key: str) -> Iterator[StepKey]:
    for reference in references:
        match reference:
            case [str(figure), str(item)]:
                yield figure, item
            case _:
                raise UnexpectedShape(f"an item of {key} is not a figure and an item")


def _number(text: str, what: str) -> Fraction:
    """An exact number, also where it is not written as ``number_text`` does; what is longer than any that is settled is not read."""
    if len(text) > _CHARACTERS_MAX or not _NUMBER.match(text) or re.search(r"/0+\Z", text):
        raise UnexpectedShape(f"{text[:40]!r} in {what} is not a number")
    return Fraction(text)


def _name(line: Map) -> str:
    return " ".join(part for part in (get_text(line, "clause"), get_text(line, "name")) if part)


def _shown(key: StepKey) -> str:
    return f"{key[0]} [{key[1]}]" if key[1] else key[0]


def _problem(code: str, name: str, text: str) -> Problem:
    return Problem(code, name, text, "Replay the record: settled again, it shows the first difference.")
