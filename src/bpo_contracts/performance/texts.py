"""What text a cell may hold: visible characters, in one spelling (Unicode NFC), at most 1,000 of them.

Characters that nobody sees, or that change the direction in which the text is shown, are refused: two cells
that look the same must be the same.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

TEXT_MAX: Final = 1_000

_IDENTIFIER = re.compile(r"[A-Za-z0-9._-]{1,64}\Z", re.ASCII)
_INVISIBLE_CATEGORIES: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
# Letters and marks that are shown as nothing (Unicode: Default_Ignorable_Code_Point outside category Cf).
_INVISIBLE_LETTERS: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")


def unclean(text: str) -> str | None:
    """Why the text must not stand in a cell, or None if it may."""
    if len(text) > TEXT_MAX:
        return f"has {len(text):,} characters, and a cell holds at most {TEXT_MAX:,}"
    if text.isascii() and text.isprintable():
        return None
    for index, character in enumerate(text):
        if unicodedata.category(character) in _INVISIBLE_CATEGORIES or character in _INVISIBLE_LETTERS:
            name = unicodedata.name(character, "a control character").lower()
            return f"holds a hidden character, its number {index + 1}: U+{ord(character):04X}, {name}"
    if not unicodedata.is_normalized("NFC", text):
        return "holds letters written in parts (not in Unicode form NFC), which look like others and are not the same"
    return None


def is_identifier(text: str) -> bool:
    """Whether the text is 1 to 64 of the characters A-Z a-z 0-9 . _ -"""
    return _IDENTIFIER.match(text) is not None


def look(text: str) -> str:
    """What the text looks like to somebody in a hurry: two texts of one look are easily taken for each other."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def seen(text: str) -> str:
    """The text in quotes for a message, cut to 60 characters."""
    return repr(text[:60]) + ("…" if len(text) > 60 else "")
