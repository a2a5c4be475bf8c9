"""Tables whose rows are words: of one thing, or of several (``P1, Madrid``); ``any`` stands for every word. The words of
a measure or column that is yes or no are ``yes`` and ``no``.

For each combination of words the most exact row holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bpo_contracts.contract.lowering.collected import Collected, Path
from bpo_contracts.contract.lowering.reading.formulas import Formulas
from bpo_contracts.terms import nodes as n
from bpo_contracts.terms.items import combinations, dimensions
from bpo_contracts.terms.nodes import ZERO
from bpo_contracts.values.sources import Source

_Words = tuple[str, ...]


class Words:
    """Reads tables of words: looked up at words, or with one value for each lot. It knows which words there are; whose
    table it is only by ``for_each``, as ``Tables`` does."""

    def __init__(self, collected: Collected, formulas: Formulas) -> None:
        self._collected, self._contract, self._formulas = collected, collected.contract, formulas

    def is_word(self, at: n.AnyNode, for_each: Sequence[str]) -> bool:
        """Whether what a table is read at is a word, or yes or no, and not a number."""
        return isinstance(at, n.Name) and self._collected.unit_of(at, for_each).kind in ("word", "truth")

    def table(
        self, table: Mapping[str, str], path: Path, keys: Sequence[n.AnyNode], *, for_each: Sequence[str]
    ) -> n.AnyNode:
        """The table at ``path``, looked up by each key in turn."""
        known = [self._words_of(key.name, for_each) if isinstance(key, n.Name) else () for key in keys]
        rows: dict[_Words, n.AnyNode] = {}
        for label, text in table.items():
            words = tuple(part.strip() for part in label.split(","))
            words = ("any",) * len(keys) if words == ("otherwise",) else words
            if len(words) != len(keys):
                problem = f"The row {label!r} has {len(words)} words, and the table is read at {len(keys)}."
                self._collected.note("BPO280", "word-row", self._contract.key_place((*path, label)), problem)
                continue
            self._known_words(words, keys, known, (*path, label))
            rows[words] = self._formulas.gives(text, (*path, label))
        if not rows:
            return ZERO
        truths = [self._collected.unit_of(key, for_each).kind == "truth" for key in keys]
        return _LookUps(self._collected, rows, keys, known, truths, self._contract.place(path)).after(())

    def for_lots(self, values: dict[str, str], path: Path, named: Sequence[str], per: str) -> n.AnyNode:
        """The value of each lot: its own row, or the row in which ``any`` stands for what is not named.

        The words of a row stand in the order in which ``named`` has the scopes; ``per`` is their combination.
        """
        if not per:
            return ZERO
        place = self._contract.key_place(path)
        rows: dict[_Words, n.AnyNode] = {}
        for label, text in values.items():
            parts = [part.strip() for part in label.split(",")]
            if len(parts) != len(named):
                problem = f"The row {label!r} has {len(parts)} values, and there is one for each of {', '.join(named)}."
                self._not_one_row(problem, self._contract.key_place((*path, label)))
                continue
            row = tuple(parts[named.index(scope)] for scope in dimensions(per))
            rows[row] = self._formulas.formula(text, (*path, label))
        entries = []
        lots = combinations([sorted(self._contract.scopes[scope]) for scope in dimensions(per)])
        for lot in lots:
            fitting = _fitting(rows, tuple(lot.split(",")))
            best = _most_exact(fitting)
            if len(best) != 1:
                problem = f"{len(fitting)} rows hold for {lot!r}, and none of them is the most exact one."
                self._not_one_row(problem, place)
                continue
            entries.append((lot, rows[best[0]]))
        used = {row for row in rows if any(_fits(row, tuple(lot.split(","))) for lot in lots)}
        for row in sorted(rows.keys() - used):
            self._not_one_row(f"The row {', '.join(row)!r} holds for no lot of {per}.", place)
        return n.ByItem(per, tuple(entries), source=place) if entries else ZERO

    def _not_one_row(self, problem: str, place: Source) -> None:
        self._collected.note("BPO239", "not-one-row-for-lot", place, problem)

    def _known_words(self, words: _Words, keys: Sequence[n.AnyNode], known: Sequence[_Words], path: Path) -> None:
        """Words that the contract lists for a measure or column: a row for any other would never hold."""
        for word, key, allowed in zip(words, keys, known, strict=True):
            if allowed and word != "any" and word not in allowed:
                name = key.name if isinstance(key, n.Name) else ""
                problem = f"{word!r} is not one of the words of {name!r}: {', '.join(sorted(allowed))}."
                self._collected.note("BPO280", "word-row", self._contract.key_place(path), problem)

    def _words_of(self, name: str, for_each: Sequence[str]) -> _Words:
        """All words that a measure, column or scope can have; none where that is not said."""
        contract = self._contract
        if self._collected.unit_of(n.Name(name), for_each).kind == "truth":
            return ("yes", "no")
        for per in for_each:
            if per in contract.lists and name in contract.lists[per].columns:
                return contract.lists[per].words.get(name, ())
        return contract.measures[name].words if name in contract.measures else contract.scopes.get(name, ())


class _LookUps:
    """The look-ups of one table: ``known`` are the words that each key can have, ``truths`` says which is yes or no."""

    def __init__(
        self,
        collected: Collected,
        rows: dict[_Words, n.AnyNode],
        keys: Sequence[n.AnyNode],
        known: Sequence[_Words],
        truths: Sequence[bool],
        place: Source,
    ) -> None:
        self._collected, self._rows, self._place = collected, rows, place
        self._keys, self._known, self._truths = keys, known, truths

    def after(self, found: _Words) -> n.AnyNode:
        """A look-up for each key that follows the words found; at the end the most exact row for them."""
        level = len(found)
        fitting = [row for row in self._rows if _fits(row[:level], found)]
        if level == len(self._keys):
            return self._row(fitting, found)
        named = sorted({row[level] for row in fitting} - {"any"})
        entries = tuple((word, self.after((*found, word))) for word in named)
        rest = any(row[level] == "any" for row in fitting)
        if level + 1 < len(self._keys) and self._known[level] and {*self._known[level]} <= {*named}:
            rest = False  # there is no other word, for which the rows that follow could be incomplete
        otherwise = self.after((*found, "")) if rest else None
        if self._truths[level]:
            return self._yes_or_no(self._keys[level], dict(entries), otherwise)
        return n.LookUp(self._keys[level], entries, otherwise, source=self._place)

    def _row(self, fitting: Sequence[_Words], found: _Words) -> n.AnyNode:
        best = _most_exact(fitting)
        if len(best) != 1:
            shown = " and ".join(repr(", ".join(row)) for row in sorted(fitting))
            problem = f"For {', '.join(found)} the rows {shown} hold, and none of them is the most exact one."
            self._collected.note("BPO239", "not-one-row-for-lot", self._place, problem)
        return self._rows[best[0]] if best else ZERO

    def _yes_or_no(self, key: n.AnyNode, entries: dict[str, n.AnyNode], otherwise: n.AnyNode | None) -> n.AnyNode:
        """A choice between the rows ``yes`` and ``no``, both of which there have to be."""
        missing = [word for word in ("yes", "no") if word not in entries and otherwise is None]
        if missing:
            problem = f"The table has no row {missing[0]!r}, and a yes or no can be either."
            self._collected.note("BPO280", "word-row", self._place, problem)
            return ZERO
        rest = otherwise or ZERO
        return n.Choose(key, entries.get("yes", rest), entries.get("no", rest), source=self._place)


def _fits(row: _Words, item: _Words) -> bool:
    """Whether a row of words (``any`` stands for every word) holds for an item."""
    return len(row) == len(item) and all(part in ("any", value) for part, value in zip(row, item, strict=True))


def _fitting(rows: Iterable[_Words], item: _Words) -> list[_Words]:
    return [row for row in rows if _fits(row, item)]


def _most_exact(rows: Sequence[_Words]) -> list[_Words]:
    """The rows that are for no more than any other of them is."""
    return [row for row in rows if all(_fits(other, row) for other in rows)]
