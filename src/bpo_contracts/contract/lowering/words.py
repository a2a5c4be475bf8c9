"""Tables whose rows are words: of one thing, or of several (``P1, Madrid``); ``any`` stands for every word. The words of
a measure or column that is yes or no are ``yes`` and ``no``.

For each combination of words the most exact row holds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bpo_contracts.contract.lowering.measures import Measures
from bpo_contracts.contract.lowering.reading import ZERO
from bpo_contracts.terms import nodes as n
from bpo_contracts.values.sources import Source


def fits(row: tuple[str, ...], item: tuple[str, ...]) -> bool:
    """Whether a row of words (``any`` stands for every word) holds for an item."""
    return len(row) == len(item) and all(part in ("any", value) for part, value in zip(row, item, strict=True))


class Words(Measures):
    """Lowers tables that are looked up by words."""

    def _is_word(self, at: n.AnyNode) -> bool:
        return isinstance(at, n.Name) and self._unit_of(at).kind in ("word", "truth")

    def _word_table(
        self, table: Mapping[str, str], keys: Sequence[n.AnyNode], path: tuple[str | int, ...], field_name: str
    ) -> n.AnyNode:
        """The table in a field of a clause or figure at ``path``, looked up by each key in turn."""
        place = self.contract.place((*path, field_name))
        rows: dict[tuple[str, ...], n.AnyNode] = {}
        for label, text in table.items():
            row_path = (*path, field_name, label)
            words = tuple(part.strip() for part in label.split(","))
            words = ("any",) * len(keys) if words == ("otherwise",) else words
            if len(words) != len(keys):
                problem = f"The row {label!r} has {len(words)} words, and the table is read at {len(keys)}."
                self._note_problem("BPO280", "word-row", self.contract.key_place(row_path), problem)
                continue
            self._known_words(words, keys, row_path)
            rows[words] = self._gives(text, row_path)
        return self._word_tree(rows, keys, (), place) if rows else ZERO

    def _word_tree(
        self, rows: dict[tuple[str, ...], n.AnyNode], keys: Sequence[n.AnyNode], found: tuple[str, ...], place: Source
    ) -> n.AnyNode:
        """A look-up for each key in turn; at the end the most exact row for the words found."""
        fitting = [row for row in rows if fits(row[: len(found)], found)]
        level = len(found)
        if level == len(keys):
            best = [row for row in fitting if all(fits(other, row) for other in fitting)]
            if len(best) != 1:
                shown = " and ".join(repr(", ".join(row)) for row in sorted(fitting))
                problem = f"For {', '.join(found)} the rows {shown} hold, and none of them is the most exact one."
                self._note_problem("BPO239", "not-one-row-for-lot", place, problem)
            return rows[best[0]] if best else ZERO
        named = sorted({row[level] for row in fitting} - {"any"})
        entries = tuple((word, self._word_tree(rows, keys, (*found, word), place)) for word in named)
        rest = [row for row in fitting if row[level] == "any"]
        if level + 1 < len(keys) and self._are_all_words(named, keys[level]):
            rest = []  # there is no other word, for which the rows that follow could be incomplete
        otherwise = self._word_tree(rows, keys, (*found, ""), place) if rest else None
        if self._unit_of(keys[level]).kind == "truth":
            return self._yes_or_no(keys[level], dict(entries), otherwise, place)
        return n.LookUp(keys[level], entries, otherwise, source=place)

    def _are_all_words(self, named: Sequence[str], key: n.AnyNode) -> bool:
        """Whether these are all the words that a measure, column or scope can have."""
        allowed = self._words_of(key.name) if isinstance(key, n.Name) else ()
        return bool(allowed) and set(allowed) <= set(named)

    def _yes_or_no(
        self, key: n.AnyNode, entries: dict[str, n.AnyNode], otherwise: n.AnyNode | None, place: Source
    ) -> n.AnyNode:
        """A choice between the rows ``yes`` and ``no``, both of which there have to be."""
        missing = [word for word in ("yes", "no") if word not in entries and otherwise is None]
        if missing:
            problem = f"The table has no row {missing[0]!r}, and a yes or no can be either."
            self._note_problem("BPO280", "word-row", place, problem)
            return ZERO
        rest = otherwise or ZERO
        return n.Choose(key, entries.get("yes", rest), entries.get("no", rest), source=place)

    def _known_words(self, words: tuple[str, ...], keys: Sequence[n.AnyNode], path: tuple[str | int, ...]) -> None:
        """Words that the contract lists for a measure or column: a row for any other would never hold."""
        for word, key in zip(words, keys, strict=True):
            name = key.name if isinstance(key, n.Name) else ""
            allowed = self._words_of(name)
            if allowed and word != "any" and word not in allowed:
                problem = f"{word!r} is not one of the words of {name!r}: {', '.join(sorted(allowed))}."
                self._note_problem("BPO280", "word-row", self.contract.key_place(path), problem)

    def _words_of(self, name: str) -> tuple[str, ...]:
        if self._unit_of(n.Name(name)).kind == "truth":
            return ("yes", "no")
        for per in self._for_each():
            if per in self.contract.lists and name in self.contract.lists[per].columns:
                return self.contract.lists[per].words.get(name, ())
        return (
            self.contract.measures[name].words if name in self.contract.measures else self.contract.scopes.get(name, ())
        )
