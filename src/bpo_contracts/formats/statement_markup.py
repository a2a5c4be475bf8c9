"""HTML from values: every text is escaped where it enters, and nothing else can build markup.

``el`` takes texts and markup; texts are cleaned of hidden characters and escaped, markup passes. Tag and
attribute names are always written in the code.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from typing import Final

from bpo_contracts.formats.statement_words import clean

_EMPTY: Final = frozenset(("meta", "rect", "circle", "path", "line"))
_AMOUNT: Final = re.compile(r"(-?)([0-9]{4,})(\.[0-9]+)?(…?)\Z", re.ASCII)


class Markup(str):
    """Text that is HTML already: made by ``el``, ``join`` and ``number`` only."""

    __slots__ = ()


def el(tag: str, *content: str, **attributes: str) -> Markup:
    """An element; ``class_="no"`` is written ``class="no"`` and ``aria_label`` becomes ``aria-label``.

    An attribute whose value is "" is left out; ``open="open"`` writes a plain ``open``.
    """
    written = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{_escaped(value)}"' for name, value in attributes.items() if value
    )
    if tag in _EMPTY:
        return Markup(f"<{tag}{written}>" if tag == "meta" else f"<{tag}{written}/>")
    return Markup(f"<{tag}{written}>{join(content)}</{tag}>")


def join(parts: Iterable[str], between: str = "") -> Markup:
    """The parts one after the other: texts escaped, markup as it is."""
    return Markup(_escaped(between).join(part if isinstance(part, Markup) else _escaped(part) for part in parts))


def number(text: str) -> Markup:
    """A number with its thousands set apart by space that is not part of the text: a copy of it is still a number."""
    match = _AMOUNT.match(text)
    if not match:
        return join([text])
    sign, digits, decimals, cut = match.groups(default="")
    first = len(digits) % 3 or 3
    groups = (el("span", digits[at : at + 3], class_="g") for at in range(first, len(digits), 3))
    return join([sign + digits[:first], *groups, decimals + cut])


def amount(text: str) -> Markup:
    """An amount of money as an element that never breaks; below zero it has its own colour beside its sign."""
    return el("span", number(text), class_="amount below" if text.startswith("-") else "amount")


def _escaped(text: str) -> str:
    return html.escape(clean_edges(text), quote=True)


def clean_edges(text: str) -> str:
    """The text without hidden characters; a space at either end is kept as one space."""
    inner = clean(text)
    if not inner:
        return " " if text else ""
    return (" " if text[0] in " \n" else "") + inner + (" " if text[-1] in " \n" else "")
