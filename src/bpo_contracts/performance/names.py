"""Names a person meant: the nearest known name to one that is not known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

LISTED_MAX: Final = 8
NAME_MAX: Final = 64


class Names:
    """Known names, indexed so that one slip of the pen is found without comparing with every name.

    ``also`` are names that may be meant too, but are not listed.
    """

    def __init__(self, names: Iterable[str], also: Iterable[str] = ()) -> None:
        self._sorted = sorted(set(names))
        self._near: dict[str, str] = {}
        for name in [*self._sorted, *sorted(also)]:
            for form in _forms(name):
                self._near.setdefault(form, name)

    def nearest(self, name: str) -> str | None:
        """The known name that differs only in capitals, spaces, ``-`` and ``_``, or by one slip; else None."""
        if len(name) > NAME_MAX:
            return None
        return next((self._near[form] for form in _forms(name) if form in self._near), None)

    def advice(self, name: str, noun: str) -> str:
        """What to do about an unknown name: the nearest one, or the names there are."""
        near = self.nearest(name)
        if near is not None:
            return f"Did you mean {near}?"
        if not self._sorted:
            return f"The contract has no {noun}."
        listed = ", ".join(self._sorted[:LISTED_MAX])
        more = f" and {len(self._sorted) - LISTED_MAX} more" if len(self._sorted) > LISTED_MAX else ""
        return f"The contract has: {listed}{more}."


def _forms(name: str) -> Iterator[str]:
    """The name without capitals and separators, then that with each single letter left out.

    Two names share a form if they are one added, dropped or changed letter or one swap of neighbours apart.
    """
    plain = "".join(c for c in name.casefold() if c not in " -_.")
    yield plain
    if len(plain) > 3:
        for index in range(len(plain)):
            yield plain[:index] + plain[index + 1 :]
