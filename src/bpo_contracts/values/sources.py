"""Where a value came from: a place in a document, and the clause it stands for.

"Nothing without a place": every value that was read from a document knows its file, line and
column, so that every message can show it.
"""

from __future__ import annotations

from bpo_contracts.values.frozen import frozen


@frozen
class Source:
    """A place in a document.

    ``line`` and ``column`` count from 1, in characters. ``text`` is the physical line (for the
    excerpt), ``length`` the number of characters to underline.
    """

    file: str
    line: int = 0
    column: int = 0
    text: str = ""
    length: int = 1

    def __str__(self) -> str:
        if not self.line:
            return self.file
        return f"{self.file}:{self.line}:{self.column}"


NOWHERE = Source("<memory>")


@frozen
class Citation:
    """The number of a clause and its words, as the signed contract has them."""

    clause: str
    words: str = ""
    source: Source = NOWHERE
