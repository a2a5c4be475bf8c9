"""The fields of a settlement document, read one by one; what is missing or of another form is collected and named.

=======  ==================  ===============================================================
BPO600   not-a-settlement    a part of the document is missing or has another form
BPO601   several-contracts   documents of different contracts or currencies on one page
BPO602   nothing-to-state    no document at all
BPO603   revision-twice      two different documents for the same revision of a period
BPO604   unknown-clause      nothing in the settlement stands in the clause that was asked for
=======  ==================  ===============================================================
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, TypeVar

from bpo_contracts.formats.statement_words import exact
from bpo_contracts.values.currencies import MINOR_DIGITS
from bpo_contracts.values.findings import BadInput, Finding
from bpo_contracts.values.periods import NotADay, parse_day
from bpo_contracts.values.sources import Source

_Value = TypeVar("_Value")
_PLACE = Source("<settlement document>")
_NEXT_STEP = (
    "Take the document as it was sealed; if it was changed by hand or by another program, settle the period again."
)


class Fields:
    """One map of the document. A reader always gives a value; ``finish`` raises if any was not there."""

    def __init__(self, content: Mapping[Any, object], path: str, findings: list[Finding]) -> None:
        self._content, self._path, self._findings = content, path, findings

    def finish(self) -> None:
        """Raise ``BadInput`` with everything that was missing or wrong (BPO600); return if nothing was."""
        if self._findings:
            raise BadInput(self._findings)

    def text(self, name: str, *, optional: bool = False) -> str:
        """A text; a whole number is taken as its digits. Where it is optional, "" if absent or null."""
        value = self._content.get(name)
        if isinstance(value, str):
            return value
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        return "" if optional and value is None else self._wrong(name, "a text", "")

    def number(self, name: str) -> Fraction:
        """An exact number, written as text."""
        value = self._content.get(name)
        number = exact(value) if isinstance(value, str) else None
        return self._wrong(name, "a number written as text", Fraction(0)) if number is None else number

    def count(self, name: str) -> int:
        """A whole number."""
        value = self._content.get(name)
        return (
            value if isinstance(value, int) and not isinstance(value, bool) else self._wrong(name, "a whole number", 0)
        )

    def yes(self, name: str) -> bool:
        """True or false."""
        value = self._content.get(name)
        return value if isinstance(value, bool) else self._wrong(name, "true or false", False)

    def day(self, name: str) -> str:
        """A day that exists, as ``YYYY-MM-DD``."""
        value = self._content.get(name)
        try:
            return parse_day(value if isinstance(value, str) else "").isoformat()
        except NotADay:
            return self._wrong(name, "a day written YYYY-MM-DD", "1990-01-02")

    def currency(self, name: str) -> str:
        """A currency code of ISO 4217."""
        value = self._content.get(name)
        return (
            value if isinstance(value, str) and value in MINOR_DIGITS else self._wrong(name, "a currency code", "XXX")
        )

    def part(self, name: str) -> Fields:
        """A map inside this one."""
        value = self._content.get(name)
        content = value if isinstance(value, Mapping) else self._wrong(name, "a map", {})
        return Fields(content, self._path + name + ".", self._findings)

    def parts(self, name: str) -> list[Fields]:
        """A list of maps; an absent list is empty."""
        found = []
        for index, item in enumerate(self._list(name)):
            place = f"{name}[{index}]"
            content = item if isinstance(item, Mapping) else self._wrong(place, "a map", {})
            found.append(Fields(content, f"{self._path}{place}.", self._findings))
        return found

    def pairs(self, name: str) -> tuple[tuple[str, str], ...]:
        """A list of pairs of texts; an absent list is empty."""
        pairs = []
        for index, item in enumerate(self._list(name)):
            if isinstance(item, list | tuple) and len(item) == 2 and all(isinstance(part, str) for part in item):
                pairs.append((item[0], item[1]))
            else:
                self._wrong(f"{name}[{index}]", "a pair of texts", None)
        return tuple(pairs)

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts; an absent list is empty."""
        found = self._list(name)
        return tuple(
            one if isinstance(one, str) else self._wrong(f"{name}[{index}]", "a text", "")
            for index, one in enumerate(found)
        )

    def scope(self, name: str) -> tuple[tuple[str, str], ...]:
        """A map of texts, sorted; an absent one is empty."""
        value = self._content.get(name, {})
        if isinstance(value, Mapping) and all(isinstance(part, str) for pair in value.items() for part in pair):
            return tuple(sorted(value.items()))
        return self._wrong(name, "a map of texts", ())

    def _list(self, name: str) -> list[object] | tuple[object, ...]:
        value = self._content.get(name, [])
        return value if isinstance(value, list | tuple) else self._wrong(name, "a list", [])

    def _wrong(self, name: str, wanted: str, instead: _Value) -> _Value:
        seen = "missing" if name not in self._content and "[" not in name else "of another form"
        problem = f"{self._path}{name} is {seen}: {wanted} is needed there."
        self._findings.append(Finding("BPO600", "not-a-settlement", _PLACE, problem, _NEXT_STEP))
        return instead


def start_reading(document: Mapping[str, object]) -> Fields:
    """The fields of a whole document."""
    return Fields(document, "", [])
