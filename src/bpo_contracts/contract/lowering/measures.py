"""Measures and lists as figures: reported, sampled, missing by their own rule, and as precise as the contract says."""

from __future__ import annotations

from bpo_contracts.contract.lowering.reading import Reading
from bpo_contracts.contract.measure import Measure
from bpo_contracts.terms import nodes as n
from bpo_contracts.terms.formula import parse_formula
from bpo_contracts.values.sources import Citation
from bpo_contracts.values.units import PLAIN, TRUTH, WORD, Unit


class Measures(Reading):
    """Lowers what is measured."""

    def _measures(self) -> None:
        for name, measure in self.contract.measures.items():
            path = ("measures", name)
            unit = self._unit(measure.unit, (*path, "unit"))
            self.units[name] = unit
            per = self._per(measure.for_each, (*path, "for_each"))
            place = self.contract.key_place(path)
            citation = Citation("", measure.title or "", place)
            says = measure.title or name.replace("_", " ")
            value = self._reported_or_computed(name, measure, unit, per, citation, says)
            value = self._sampled(name, measure, unit, per, citation, value)
            value = self._or_missing(name, measure, unit, value)
            rounding = self._rounding(measure.precision, (*path, "precision"), unit)
            if rounding is not None:
                value = n.Round(value, rounding, source=place)
            self.figures.append(n.Figure(name, value, citation, says, per, unit, place))

    def _reported_or_computed(
        self, name: str, measure: Measure, unit: Unit, per: str, citation: Citation, says: str
    ) -> n.AnyNode:
        place = citation.source
        if measure.formula is not None:
            return self._parse(measure.formula, ("measures", name, "formula"), parse_formula)
        self.figures.append(n.Figure(f"{name}.reported", None, citation, f"{says} as reported", per, unit, place))
        return n.Name(f"{name}.reported", source=place)

    def _sampled(
        self, name: str, measure: Measure, unit: Unit, per: str, citation: Citation, value: n.AnyNode
    ) -> n.AnyNode:
        if measure.minimum_sample is None or measure.below_sample is None:
            return value
        path = ("measures", name)
        place = self.contract.place((*path, "minimum_sample"))
        says = f"sample of {measure.title or name}"
        self.figures.append(n.Figure(f"{name}.sample", None, citation, says, per, PLAIN, place))
        least = self._quantity(measure.minimum_sample, (*path, "minimum_sample"), PLAIN)
        below = self._absent(measure.below_sample, (*path, "below_sample"), unit, "its sample is below the minimum")
        enough = n.Test(">=", n.Name(f"{name}.sample", source=place), least, source=place)
        return n.Choose(
            enough, value, below, f"is the sample of {name} at least {measure.minimum_sample}?", source=place
        )

    def _or_missing(self, name: str, measure: Measure, unit: Unit, value: n.AnyNode) -> n.AnyNode:
        path = ("measures", name, "missing")
        place = self.contract.place(path)
        if measure.missing in ("refuse", "not scored"):
            return value
        if measure.missing == "previous period":
            return n.OrElse(value, n.Earlier(name, 1, None, source=place), source=place)
        return n.OrElse(value, self._absent(measure.missing, path, unit, ""), source=place)

    def _absent(self, text: str, path: tuple[str | int, ...], unit: Unit, reason: str) -> n.AnyNode:
        if text == "not scored":
            return n.NoValue(reason, source=self.contract.place(path))
        if unit.kind == "truth" and text in ("yes", "no"):
            return n.Literal_(text == "yes", TRUTH, source=self.contract.place(path))
        if unit.kind == "word":
            return n.Literal_(text, WORD, source=self.contract.place(path))
        return self._quantity(text, path, unit)

    def _lists(self) -> None:
        for scope in self.contract.scopes:
            place = self.contract.key_place(("scopes", scope))
            self.figures.append(n.Figure(f"{scope}.{scope}", None, Citation("", "", place), scope, scope, WORD, place))
        for name, items in self.contract.lists.items():
            for column, unit_text in items.columns.items():
                path = ("lists", name, "columns", column)
                place = self.contract.key_place(path)
                unit = self._unit(unit_text, path)
                self.units[f"{name}.{column}"] = unit
                citation = Citation("", "", place)
                says = f"{column.replace('_', ' ')} of the item"
                self.figures.append(n.Figure(f"{name}.{column}", None, citation, says, name, unit, place))
