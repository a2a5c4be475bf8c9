"""Writing what was seen into a case file: only the expected values change, every comment and space stays."""

from __future__ import annotations

from collections.abc import Sequence

from bpo_contracts.testing.running import Failure
from bpo_contracts.values.sources import Source


def accept(text: str, failures: Sequence[Failure]) -> tuple[str, int]:
    """The text of a case file with the seen values in place of the expected ones, and how many were written.

    Values that do not stand on one line as they were read are left alone, as is whatever a new value cannot mend.
    """
    lines = text.split("\n")
    edits = {failure.place: failure for failure in failures if failure.write is not None}
    written = 0
    for place in sorted(edits, key=lambda place: (place.line, place.column), reverse=True):
        replaced = _replaced(lines[place.line - 1], place, edits[place])
        if replaced is not None:
            lines[place.line - 1] = replaced
            written += 1
    return "\n".join(lines), written


def _replaced(line: str, place: Source, failure: Failure) -> str | None:
    start, end = place.column - 1, place.column - 1 + place.length
    old, new = line[start:end], failure.write or ""
    quote = old[:1] if old[:1] in ("'", '"') else ""
    if old != f"{quote}{failure.expected}{quote}":
        return None
    return f"{line[:start]}{quote}{new}{quote}{line[end:]}"
