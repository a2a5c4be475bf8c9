"""What a table is read at: its precision, and the lowest and highest value it can have."""

from __future__ import annotations

from fractions import Fraction

from bpo_contracts.contract.lowering.collected import Collected
from bpo_contracts.contract.lowering.reading.formulas import Formulas
from bpo_contracts.contract.lowering.reading.grains import Grain, grain_of
from bpo_contracts.contract.lowering.reading.phrases import Phrases
from bpo_contracts.contract.lowering.reading.rows import Between
from bpo_contracts.terms import nodes as n
from bpo_contracts.terms.nodes import ZERO


class Ranges:
    """The values that measures and figures can have. It knows how they are declared; not the tables that are read at
    them."""

    def __init__(self, collected: Collected, formulas: Formulas, phrases: Phrases) -> None:
        self._collected, self._contract = collected, collected.contract
        self._formulas, self._phrases = formulas, phrases
        self._grains: dict[str, Grain] = {}
        self._betweens: dict[str, Between] = {}

    def of(self, at: n.AnyNode) -> tuple[Fraction | None, Fraction | None, Fraction | None]:
        """Precision, lowest and highest value of what a table is read at: of a measure, or the grain of a count."""
        if not isinstance(at, n.Name) or at.name not in self._contract.measures:
            return grain_of(at, self._grain_of_name) or None, None, None
        measure = self._contract.measures[at.name]
        low, high = self.between(at.name)
        unit = self._collected.units[at.name]
        rounding = self._phrases.rounding(measure.precision, ("measures", at.name, "precision"), unit)
        if rounding is not None:
            return rounding.grain, low, high
        return unit.factor if measure.whole == "yes" else None, low, high

    def between(self, name: str) -> Between:
        """The plausible range of a measure; a mistake in it is noted once."""
        if name not in self._betweens:
            text, path = self._contract.measures[name].between, ("measures", name, "between")
            self._betweens[name] = self._phrases.range(text, self._collected.units[name], path)
        return self._betweens[name]

    def _grain_of_name(self, name: str) -> Grain:
        """What the values of a measure, figure or parameter are whole multiples of; None where that is not known.

        Figures may stand in any order: what is wrong with one that is read ahead is noted where it is declared.
        """
        if name not in self._grains:
            self._grains[name] = None  # what needs itself, of earlier periods, has no grain
            known = len(self._collected.findings)
            self._grains[name] = self._declared_grain(name)
            del self._collected.findings[known:]
        return self._grains[name]

    def _declared_grain(self, name: str) -> Grain:
        contract = self._contract
        if any(name in items.columns for items in contract.lists.values()):
            return None  # it can be the column that is meant
        figure, parameter = contract.figures.get(name), contract.parameters.get(name)
        if name in contract.measures:
            return self.of(n.Name(name))[0]
        if figure is not None and figure.round is not None and figure.round != "unrounded":
            rounded = self._phrases.rounded(ZERO, figure.round, ("figures", name, "round"))
            return grain_of(rounded, self._grain_of_name)
        if figure is not None and figure.formula is not None:
            node = self._formulas.formula(figure.formula, ("figures", name, "formula"))
            return grain_of(node, self._grain_of_name)
        if isinstance(parameter, str):
            return grain_of(self._formulas.formula(parameter, ("parameters", name)), self._grain_of_name)
        return None
