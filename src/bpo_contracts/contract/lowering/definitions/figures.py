"""Figures that a contract names: a formula, or a table read at something."""

from __future__ import annotations

from bpo_contracts.contract.contract import NamedFigure
from bpo_contracts.contract.lowering.collected import Collected
from bpo_contracts.contract.lowering.reading import Formulas, Phrases, Tables, Words
from bpo_contracts.contract.lowering.results import Table
from bpo_contracts.terms import nodes as n
from bpo_contracts.values.sources import Citation


class NamedFigures:
    """Lowers named figures. It knows all ways of reading a value, and nothing of clauses."""

    def __init__(
        self, collected: Collected, formulas: Formulas, phrases: Phrases, tables: Tables, words: Words
    ) -> None:
        self._collected, self._contract = collected, collected.contract
        self._formulas, self._phrases, self._tables, self._words = formulas, phrases, tables, words

    def define(self) -> None:
        """All of them, in the order of the contract."""
        for name, figure in self._contract.figures.items():
            path = ("figures", name)
            per = self._collected.per(figure.for_each, (*path, "for_each"))
            if figure.formula is not None:
                node = self._formulas.formula(figure.formula, (*path, "formula"))
            else:
                node = self._read_from_table(figure, name)
            if figure.round is not None:
                node = self._phrases.rounded(node, figure.round, (*path, "round"))
            citation = Citation(figure.clause or "", figure.words or "", self._contract.key_place(path))
            self._collected.figure(name, node, citation, figure.title or name.replace("_", " "), per)

    def _read_from_table(self, figure: NamedFigure, name: str) -> n.AnyNode:
        path, for_each = ("figures", name), figure.for_each
        if figure.by and figure.table is not None:
            keys = [n.Name(key, source=self._contract.place((*path, "by"))) for key in figure.by]
            return self._words.table(figure.table, (*path, "table"), keys, for_each=for_each)
        at = self._formulas.formula(figure.measure or "", (*path, "measure"))
        if figure.table is not None and self._words.is_word(at, for_each):
            return self._words.table(figure.table, (*path, "table"), [at], for_each=for_each)
        if figure.table is not None:
            rows = self._tables.rows(figure.table, (*path, "table"), at, for_each=for_each, closed=True)
            if isinstance(at, n.Name):
                self._collected.tables.append(Table(name, at.name, rows))
            return n.Curve(rows, "at", at, source=self._contract.key_place((*path, "table")))
        if figure.slices is not None:
            rows = self._tables.rows(figure.slices, (*path, "slices"), at, for_each=for_each, closed=False)
            return n.Curve(rows, "along", at, source=self._contract.key_place((*path, "slices")))
        return self._tables.line(figure.line or {}, (*path, "line"), at, for_each=for_each)
