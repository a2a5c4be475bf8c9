"""Tables whose rows are numbers: bands and slices, and points joined by straight lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from bpo_contracts.contract.lowering.collected import Collected, Path
from bpo_contracts.contract.lowering.reading.formulas import Formulas
from bpo_contracts.contract.lowering.reading.phrases import Phrases
from bpo_contracts.contract.lowering.reading.ranges import Ranges
from bpo_contracts.contract.lowering.reading.rows import Between, parse_rows, row_order
from bpo_contracts.terms import nodes as n
from bpo_contracts.terms.bands import check_rows
from bpo_contracts.terms.nodes import ZERO
from bpo_contracts.values.findings import BadInput
from bpo_contracts.values.units import PLAIN

_FLAT_FEE = r"(?s:(.+)), plus (?s:(.+)) once reached\Z"


class Tables:
    """Reads the rows of tables. It knows what they are read at; whose table it is only by ``for_each``, what that is for
    each of, whose columns give bare numbers their unit."""

    def __init__(self, collected: Collected, formulas: Formulas, phrases: Phrases, ranges: Ranges) -> None:
        self._collected, self._contract = collected, collected.contract
        self._formulas, self._phrases, self._ranges = formulas, phrases, ranges

    def rows(
        self,
        table: dict[str, str],
        path: Path,
        at: n.AnyNode,
        *,
        for_each: Sequence[str],
        closed: bool,
        within: Between | None = None,
        flat_fees: bool = False,
        counts: bool = False,
    ) -> tuple[n.Row, ...]:
        """The rows of a table, checked over the range of what it is read at (``within`` where that is no measure).

        ``closed``: each value has exactly one row. Slices have to touch, and it does not matter to which of two a common
        end belongs, unless a flat fee falls due there (``flat_fees`` allows rows such as ``5 EUR per call, plus 3 EUR
        once reached``). ``counts``: what is read is a plain whole number from 1 on.
        """
        unit = PLAIN if counts else self._collected.unit_of(at, for_each)
        precision, low, high = (Fraction(1), Fraction(1), None) if counts else self._ranges.of(at)
        low, high = within or (low, high)
        labels = [(label, self._contract.key_place((*path, label))) for label in table]
        texts = {label: _with_flat_fee(text) if flat_fees else (text, "") for label, text in table.items()}
        gives = [self._formulas.gives(text, (*path, label)) for label, (text, _) in texts.items()]
        flats = {label: self._formulas.gives(flat, (*path, label)) for label, (_, flat) in texts.items() if flat}
        nouns = self._collected.nouns
        try:
            rows = parse_rows(labels, gives, nouns=nouns, default_unit=unit, precision=precision)
        except BadInput as bad:
            self._collected.findings += bad.findings
            return (n.Row("otherwise", None, False, None, False, ZERO),)
        rows = tuple(sorted((replace(row, plus=flats.get(row.label)) for row in rows), key=row_order))
        closed = closed or bool(flats)
        checked = rows if closed else tuple(_as_slice(row, high, rows) for row in rows)
        grain = precision if closed else None
        has_range = isinstance(at, n.Name) and at.name in self._contract.measures
        self._collected.findings += check_rows(checked, precision=grain, low=low, high=high, has_range=has_range)
        return tuple(rows)

    def line(self, table: dict[str, str], path: Path, at: n.AnyNode, *, for_each: Sequence[str]) -> n.AnyNode:
        """Points joined by straight lines, flat outside."""
        unit, place = self._collected.unit_of(at, for_each), self._contract.key_place(path)
        points = []
        for label, gives in table.items():
            point = self._phrases.quantity(label, (*path, label), unit, key=True)
            given = self._formulas.gives(gives, (*path, label))
            points.append(n.Row(label, point, True, point, True, given, source=point.source))
        if len(points) < 2:
            self._collected.note("BPO270", "too-few-points", place, "A line needs at least two points.")
        ordered = tuple(
            sorted(points, key=lambda row: row.low.value if isinstance(row.low, n.Quantity) else Fraction(0))
        )
        return n.Curve(ordered, "line", at, source=place)


def _with_flat_fee(text: str) -> tuple[str, str]:
    """A price and the flat fee beside it ("" if there is none): ``5 EUR per call, plus 3 EUR once reached``."""
    match = re.match(_FLAT_FEE, text.strip())
    return (match[1].strip(), match[2].strip()) if match else (text, "")


def _as_slice(row: n.Row, highest: Fraction | None, rows: Sequence[n.Row]) -> n.Row:
    """The row as a slice, for the check that slices touch: common ends are counted once, the highest value belongs."""
    begins = any(isinstance(other.low, n.Quantity) and other.low.value == highest for other in rows)
    ends = isinstance(row.high, n.Quantity) and row.high.value == highest
    return replace(row, low_closed=True, high_closed=ends and not begins)
