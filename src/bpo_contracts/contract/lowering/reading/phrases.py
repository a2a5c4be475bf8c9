"""Texts that are no formulas: quantities, units, roundings, ranges and levels; windows and spans in words (``last 12
months``, ``this contract year``, ``the whole contract``; ``3 months``).
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final

from bpo_contracts.contract.lowering.collected import Collected, Path
from bpo_contracts.contract.lowering.reading.rows import Between, between, parse_rows
from bpo_contracts.contract.next_steps import code_step
from bpo_contracts.terms import nodes as n
from bpo_contracts.terms.nodes import ZERO
from bpo_contracts.terms.phrases import parse_quantity, parse_rounding
from bpo_contracts.terms.written import said_plainly, unit_step
from bpo_contracts.values.currencies import MINOR_DIGITS
from bpo_contracts.values.findings import BadInput
from bpo_contracts.values.numbers import number_text
from bpo_contracts.values.periods import MONTHS_OF, Every, months_of
from bpo_contracts.values.rounding import Mode, Rounding
from bpo_contracts.values.sources import Source
from bpo_contracts.values.units import ANY_ZERO, PLAIN, Unit, WrongUnit, money, parse_unit

_SINCE: Final[dict[str, n.Since]] = {
    "this contract year": "year",
    "this calendar year": "calendar year",
    "this half-year": "half-year",
    "this quarter": "quarter",
    "the whole contract": "",
}
_SPAN: Final = re.compile(r"([1-9][0-9]{0,2}) (month|quarter|half-year|year|period)s?\Z", re.ASCII)


class Phrases:
    """Reads short texts in words. It knows the contract's nouns and periods; not whose text it reads, nor formulas."""

    def __init__(self, collected: Collected) -> None:
        self._collected, self._contract = collected, collected.contract

    def quantity(self, text: str, path: Path, unit: Unit | None, *, key: bool = False) -> n.AnyNode:
        """A number with its unit, ``unit`` where none is written; zero where it cannot be read. ``key``: it is the label
        of a row."""
        place = self._contract.key_place(path) if key else self._contract.place(path)
        try:
            return parse_quantity(text, self._collected.nouns, place, default_unit=unit)
        except BadInput as bad:
            self._refused(bad, text, place)
            return ZERO

    def unit(self, text: str, path: Path) -> Unit:
        """A unit; a plain number where it is not known."""
        try:
            return parse_unit(text, self._collected.nouns)
        except WrongUnit as wrong:
            problem, *hint = str(wrong).split(";")
            nouns = self._collected.nouns
            step = unit_step(problem.split("'")[1], nouns) if hint and "'" in problem else code_step("BPO236")
            self._collected.note("BPO236", "unknown-unit", self._contract.place(path), f"{problem}.", step)
            return PLAIN

    def rounding(self, text: str, path: Path, unit: Unit | None) -> Rounding | None:
        """A rounding in the base of ``unit``; None for ``unrounded``, and where it cannot be read."""
        parsed = self._parsed_rounding(text, path)
        if parsed is None:
            return None
        rounding, own = parsed
        if unit is not None and own not in (unit, PLAIN, ANY_ZERO):
            problem = f"The precision is in {own}, and the measure is in {unit}."
            self._collected.note("BPO234", "precision-in-wrong-unit", self._contract.place(path), problem)
        if unit is not None and own == PLAIN and unit.factor != 1:
            return Rounding(rounding.mode, rounding.grain * unit.factor)
        return rounding

    def rounded(self, item: n.AnyNode, text: str, path: Path) -> n.AnyNode:
        """The item, rounded as a text says whose unit the check of units compares with that of the item."""
        parsed = self._parsed_rounding(text, path)
        return item if parsed is None else n.Round(item, *parsed, source=self._contract.place(path))

    def line_rounding(self, own: str | None, path: Path) -> Rounding:
        """How an amount that is paid is rounded: as the clause's ``own`` text at ``path`` says, or the contract's lines."""
        path = path if own else ("rounding", "lines")
        text = own or self._contract.rounding.lines
        currency, place = self._contract.currency, self._contract.place(path)
        rounding = self.rounding(text, path, money(currency))
        smallest = Fraction(1, 10 ** MINOR_DIGITS[currency])
        if rounding is not None and rounding.grain % smallest:
            problem = (
                f"Lines are rounded to {number_text(rounding.grain)}, and the smallest amount in"
                f" {currency} is {number_text(smallest)}."
            )
            self._collected.note("BPO154", "rounding-finer-than-currency", place, problem)
        if rounding is None:
            problem = "Every line that is paid is rounded; 'unrounded' is not possible here."
            self._collected.note("BPO235", "line-not-rounded", place, problem)
            return Rounding(Mode.HALF_UP, Fraction(1, 100))
        return rounding

    def range(self, text: str | None, unit: Unit, path: Path) -> Between:
        """A plausible range, ``LOW to HIGH``; no ends where there is no text, or it cannot be read."""
        try:
            return between(text, unit, self._collected.nouns, self._contract.place(path))
        except BadInput as bad:
            self._collected.findings += bad.findings
            return None, None

    def half_line(self, text: str, path: Path, unit: Unit | None) -> n.Row | None:
        """A row with one end, as in ``95 % or more``; None where it is none."""
        place = self._contract.place(path)
        try:
            rows = parse_rows([(text, place)], [ZERO], nouns=self._collected.nouns, default_unit=unit)
        except BadInput as bad:
            self._collected.findings += bad.findings
            return None
        if len(rows) != 1 or (rows[0].low is None) == (rows[0].high is None):
            problem = f"{text!r} is not a level; write '95 % or more', or '5 % or less'."
            self._collected.note("BPO273", "not-a-level", place, problem)
            return None
        return rows[0]

    def window(self, text: str, place: Source) -> n.Window | None:
        """The earlier periods of a window in words; None where that cannot be said."""
        try:
            return window_in_words(text, self._contract.every)
        except ValueError as wrong:
            self._collected.note("BPO255", "not-a-window", place, str(wrong))
            return None

    def span(self, text: str, place: Source) -> int:
        """How many of the contract's periods ``3 months`` are; 1 where that cannot be said."""
        periods = periods_in(text, self._contract.every)
        if periods is None:
            problem = f"{text!r} is not a whole number of periods of this contract; write '3 months' or '2 periods'."
            self._collected.note("BPO256", "not-a-span", place, problem)
            return 1
        return periods

    def _parsed_rounding(self, text: str, path: Path) -> tuple[Rounding, Unit] | None:
        place = self._contract.place(path)
        try:
            return parse_rounding(text, self._collected.nouns, place)
        except BadInput as bad:
            self._refused(bad, text, place)
            return None

    def _refused(self, bad: BadInput, text: str, place: Source) -> None:
        self._collected.findings += said_plainly(bad.findings, text, self._collected.nouns, place)


def window_in_words(text: str, every: Every) -> n.Window:
    """The earlier periods of a window: ``last 12 months``, ``this contract year`` (``calendar year``, ``half-year``,
    ``quarter``), ``the whole contract``.

    The period at hand is not among them. Before the start there was nothing.

    Raises:
        ValueError: for any other text, and for months that are no whole number of periods.
    """
    since = _SINCE.get(text)
    if since is not None:
        if since and months_of(since) < every.value:
            raise ValueError(f"{text!r} is shorter than a period of this contract, which settles every {every.noun}.")
        return n.Window(None, previous=True, since=since, short="the periods there are")
    periods = periods_in(text.removeprefix("last "), every) if text.startswith("last ") else None
    if periods is None:
        raise ValueError(
            f"{text!r} is not a window of whole periods; write 'last 12 months', 'this contract year', 'this calendar"
            " year', 'this half-year', 'this quarter' or 'the whole contract'."
        )
    return n.Window(periods - 1, previous=True, short="the periods there are")


def periods_in(span: str, every: Every) -> int | None:
    """How many periods ``3 months`` are; None for other words, and where that is no whole number of periods."""
    match = _SPAN.match(span)
    if match is None:
        return None
    months = int(match[1]) * (every.value if match[2] == "period" else MONTHS_OF[match[2]])
    return months // every.value if months % every.value == 0 else None
