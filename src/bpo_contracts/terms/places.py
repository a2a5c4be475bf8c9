"""Places inside a text: the part of a formula or row that a message underlines.

A text keeps the place it was read from. A part of it lies ``offset`` characters further on the same line, as long as
the line shows the text as it is; a folded or escaped text keeps the place of its beginning.
"""

from __future__ import annotations

from bpo_contracts.values.sources import NOWHERE, Source


def part_of(source: Source, text: str, *, start: int, end: int) -> Source:
    """The place of ``text[start:end]``, where ``text`` as a whole was read from ``source``."""
    if source == NOWHERE:
        return source
    if not source.text:
        return Source(source.file, source.line, source.column + start, "", max(1, end - start))
    for quote in (0, 1):  # a quoted text begins one character after its quotation mark
        begin = source.column - 1 + quote
        if source.text.startswith(text, begin):
            return Source(source.file, source.line, begin + start + 1, source.text, max(1, end - start))
    return source


def label_place(label: str, inside: Source) -> Source:
    """The place of a whole row label, where ``inside`` is the place of something in it or right after it."""
    if not label or not inside.text:
        return inside
    earliest = max(0, inside.column - 1 - len(label) - 2)
    found = inside.text.find(label, earliest)
    if found < 0:
        found = inside.text.rfind(label, 0, max(0, inside.column - 1))
    return inside if found < 0 else Source(inside.file, inside.line, found + 1, inside.text, len(label))
