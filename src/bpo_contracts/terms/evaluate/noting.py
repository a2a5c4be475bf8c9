"""What a figure notes for the trail beside its value: which of how many values it is, and which earlier values it used.

An earlier period's value is no premise of this period's steps, so a step that looks back says what it found there: else
nobody could redo it without the library. Notes are kept as values; whoever writes the trail puts them into words. Within
an earlier period nothing is noted: what a formula comes to there is one value, and that is noted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from bpo_contracts.terms import nodes as n
from bpo_contracts.terms.describe import describe
from bpo_contracts.terms.evaluate.compiling import Compiling
from bpo_contracts.terms.evaluate.frame import Frame, Looked, Looks
from bpo_contracts.values.units import Unit

LOOKS_MAX: Final = 60
"""How many looks back one step says; an aggregate over items may look back once for each of them."""


class Noting(Compiling):
    """Keeps notes for the step of the figure that is compiled."""

    def _key(self) -> Callable[[Frame], tuple[int, int]]:
        slot, per = self._slots[self._figure], bool(self._program.figure(self._figure).per)
        return (lambda frame: (slot, frame.at[0])) if per else (lambda frame: (slot, -1))

    def _note(self, *, inside: bool) -> Callable[[Frame, str], None]:
        """Keeps a text for the step of the figure; none for what is computed inside an aggregate, once for each item."""
        key = self._key()

        def note(frame: Frame, text: str) -> None:
            frame.notes.setdefault(key(frame), {})[text] = text

        return (lambda frame, text: None) if inside else note

    def _looked(self, node: n.AnyNode, unit: Unit, *, at: n.AnyNode) -> Looks:
        """Keeps the earlier values of ``node``, which ``at`` looks back at, for the step of the figure."""
        if self._past:
            return lambda frame, found: None
        key, says, which = self._key(), describe(node), describe(at)
        around = tuple(enumerate(self._inside))[1 if self._program.figure(self._figure).per else 0 :]

        def looked(frame: Frame, found: Sequence[tuple[int, object]]) -> None:
            values = tuple((frame.period.shift(-ago), value) for ago, value in reversed(found) if ago)
            if not values:
                return
            notes = frame.notes.setdefault(key(frame), {})
            token = which, tuple(frame.at)  # a condition is asked twice: for itself, and for the rules engine
            item = ",".join(frame.items[per][frame.at[level]] for level, per in around)
            known = len(notes) < LOOKS_MAX or token in notes
            notes[token] = Looked(says, item, unit, values) if known else None

        return looked
