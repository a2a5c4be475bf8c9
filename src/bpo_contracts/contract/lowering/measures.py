"""Measures as figures: reported, sampled, missing by their own rule, and as precise as the contract says. Scopes and the
columns of lists, whose values are reported for each lot and each item.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final

from bpo_contracts.contract.choices import MISSING, choices_step
from bpo_contracts.contract.lowering.collected import Collected, Path
from bpo_contracts.contract.lowering.reading import Formulas, Phrases, Ranges
from bpo_contracts.contract.lowering.reading.rows import parse_rows
from bpo_contracts.contract.measure import Measure
from bpo_contracts.terms import nodes as n
from bpo_contracts.terms.nodes import ZERO
from bpo_contracts.terms.phrases import parse_rank, quantity_text
from bpo_contracts.terms.ranks import Rank
from bpo_contracts.values.findings import BadInput
from bpo_contracts.values.sources import Citation
from bpo_contracts.values.units import ANY_ZERO, PLAIN, TRUTH, WORD, Unit

_BEGINS: Final = r"\s*[-+(]?\s*(?:[A-Z]{3}|[€$£¥])?\s*[0-9.]"
"""How numbers, days and instants begin, also those in another form, which are answered for themselves."""


class Measures:
    """Lowers what is measured. It knows how measures are declared, and the lists they are made of; no other figures."""

    def __init__(self, collected: Collected, formulas: Formulas, phrases: Phrases, ranges: Ranges) -> None:
        self._collected, self._contract = collected, collected.contract
        self._formulas, self._phrases, self._ranges = formulas, phrases, ranges

    def define(self) -> None:
        """The figures of all measures."""
        for name, measure in self._contract.measures.items():
            path = ("measures", name)
            unit = self._phrases.unit(measure.unit, (*path, "unit"))
            self._collected.units[name] = unit
            self._ranges.between(name)
            per = self._collected.per(measure.for_each, (*path, "for_each"))
            place = self._contract.key_place(path)
            citation = Citation("", measure.title or "", place)
            says = measure.title or name.replace("_", " ")
            value = self._reported_or_computed(name, measure, unit, per, citation, says)
            filled = self._or_missing(name, measure, unit, value)
            value = self._sampled(name, measure, unit, per, citation, value, filled)
            rounding = self._phrases.rounding(measure.precision, (*path, "precision"), unit)
            if rounding is not None:
                value = n.Round(value, rounding, source=place)
            self._collected.figure(name, value, citation, says, per, unit=unit)

    def _reported_or_computed(
        self, name: str, measure: Measure, unit: Unit, per: str, citation: Citation, says: str
    ) -> n.AnyNode:
        if measure.formula is not None:
            return self._formulas.formula(measure.formula, ("measures", name, "formula"))
        if measure.over is not None:
            return self._of_list(name, measure, measure.over, per, citation, says)
        return self._collected.figure(f"{name}.reported", None, citation, f"{says} as reported", per, unit=unit)

    def _of_list(self, name: str, measure: Measure, over: str, per: str, citation: Citation, says: str) -> n.AnyNode:
        """A share of the items of a list, the worst or a percentile of its readings; no value where nothing is counted."""
        path = ("measures", name)
        if not self._measurable(name, measure, over):
            return n.NoValue("")
        place = citation.source
        among = [self._formulas.condition(text, (*path, "counting_only")) for text in measure.counting_only]
        own_lot = [n.Test("==", n.Name(one), n.Name(one, 1), source=place) for one in measure.for_each]
        only = (*own_lot, *(self._complete(one, name, over) for one in among))

        def figure(suffix: str, node: n.AnyNode, what: str) -> n.Name:
            return self._collected.figure(f"{name}.{suffix}", node, citation, f"{what} {says}", per)

        if measure.share_of is None:
            if measure.minimum_sample is not None:
                figure("counted", n.Fold("count", None, over, _all(only), source=place), "what counts for")
            rank = self._rank(name, measure)
            worst: n.FoldKind = "lowest" if measure.direction == "higher is better" else "highest"
            kind = worst if rank is None else "median" if rank.median else "percentile"
            reading = self._complete(self._reading(name, measure), name, over)
            return n.Fold(kind, reading, over, _all(only), rank=rank, source=place)
        that_are = self._formulas.condition(measure.that_are or "", (*path, "that_are"))
        that_are = self._complete(that_are, name, over)

        def counted(where: n.AnyNode | None) -> n.AnyNode:
            if measure.weighted_by is None:
                return n.Fold("count", None, over, where, source=place)
            weight = self._complete(n.Name(measure.weighted_by, source=place), name, over)
            return n.Fold("sum", weight, over, where, source=place)

        whole = figure("counted", counted(_all(only)), "what counts for")
        part = figure("that_are", counted(_all((*only, that_are))), "the part for")
        nothing = n.Test("==", whole, n.Quantity(Fraction(0), ANY_ZERO), source=place)
        none = n.NoValue(f"nothing was counted for {name}", source=place)
        share = n.AsPercent(part, whole, source=place)
        return n.Choose(nothing, none, share, f"is there nothing to count for {name}?", source=place)

    @staticmethod
    def _complete(node: n.AnyNode, name: str, over: str) -> n.AnyNode:
        """What is read of an item: an item that lacks it is refused, and never left out or counted as nothing."""
        reason = f"an item of {over!r} lacks what {name!r} is made of"
        return n.OrElse(node, n.NoValue(reason, refused=True, source=node.source), source=node.source)

    def _measurable(self, name: str, measure: Measure, over: str) -> bool:
        """Whether the list is there, and has a column for each scope of the measure and for its weights."""
        path = ("measures", name)
        items = self._contract.lists.get(over)
        if items is None:
            known = ", ".join(sorted(self._contract.lists)) or "none are declared"
            field = next(name for name in ("share_of", "worst_of", "percentile_of") if getattr(measure, name))
            problem = f"{over!r} is not a list of this contract ({known})."
            self._collected.note("BPO286", "unknown-list", self._contract.place((*path, field)), problem)
            return False
        wanted = [*measure.for_each, *([measure.weighted_by] if measure.weighted_by else [])]
        missing = [column for column in wanted if column not in items.columns]
        if missing:
            problem = f"The list {over!r} has no column {missing[0]!r}; it has {', '.join(sorted(items.columns))}."
            self._collected.note("BPO279", "unknown-column", self._contract.key_place(path), problem)
        return not missing

    def _rank(self, name: str, measure: Measure) -> Rank | None:
        """Which percentile of the readings it is; None for the worst of them."""
        if measure.percentile is None:
            return None
        place = self._contract.place(("measures", name, "percentile"))
        try:
            return parse_rank(measure.percentile, self._collected.nouns, place)
        except BadInput as bad:
            self._collected.findings += bad.findings
            return None

    def _reading(self, name: str, measure: Measure) -> n.AnyNode:
        """The reading of an item, or how far it lies outside the agreed range (0 inside)."""
        path = ("measures", name)
        reading = self._formulas.formula(measure.reading or "", (*path, "reading"))
        if measure.outside is None:
            return reading
        place = self._contract.place((*path, "outside"))
        try:
            rows = parse_rows(
                [(measure.outside, place)],
                [ZERO],
                nouns=self._collected.nouns,
                default_unit=self._collected.units[name],
            )
        except BadInput as bad:
            self._collected.findings += bad.findings
            return reading
        low, high = rows[0].low, rows[0].high
        if low is None or high is None:
            self._collected.note("BPO287", "not-a-range", place, f"{measure.outside!r} has one end; write '2 to 8'.")
            return reading
        below, above = n.Arithmetic("-", low, reading, source=place), n.Arithmetic("-", reading, high, source=place)
        return n.Extreme("max", (below, above, ZERO), source=place)

    def _sampled(
        self, name: str, measure: Measure, unit: Unit, per: str, citation: Citation, value: n.AnyNode, filled: n.AnyNode
    ) -> n.AnyNode:
        """The measure by its sample. ``filled`` is the value by the rule for missing data: it answers for what was not
        reported, and never for a sample that is too small."""
        if measure.minimum_sample is None or measure.below_sample is None:
            return filled
        path = ("measures", name)
        place = self._contract.place((*path, "minimum_sample"))
        says = f"sample of {measure.title or name}"
        counted = n.Name(f"{name}.counted", source=place) if measure.over is not None else None
        self._collected.figure(f"{name}.sample", counted, citation, says, per, unit=PLAIN, source=place)
        least = self._phrases.quantity(measure.minimum_sample, (*path, "minimum_sample"), PLAIN)
        below = self._absent(measure.below_sample, (*path, "below_sample"), unit, "its sample is below the minimum")
        sample = n.Name(f"{name}.sample", source=place)
        enough = n.Test(">=", sample, least, source=place)
        asks = f"is the sample of {name} at least {measure.minimum_sample}?"
        scored = n.Choose(enough, filled, below, asks, source=place)
        if filled is value:
            return scored
        return n.Choose(n.Known(sample, source=place), scored, filled, f"is {name} reported?", source=place)

    def _or_missing(self, name: str, measure: Measure, unit: Unit, value: n.AnyNode) -> n.AnyNode:
        path = ("measures", name, "missing")
        place = self._contract.place(path)
        if measure.missing == "refuse" and measure.computed:
            reason = f"{name!r} has no value, and the contract refuses to settle without it"
            return n.OrElse(value, n.NoValue(reason, refused=True, source=place), source=place)
        if measure.missing in ("refuse", "not scored"):
            return value
        if measure.missing == "previous period":
            return n.OrElse(value, n.Earlier(name, 1, None, source=place), source=place)
        return n.OrElse(value, self._absent(measure.missing, path, unit, ""), source=place)

    def _absent(self, text: str, path: Path, unit: Unit, reason: str) -> n.AnyNode:
        if text == "not scored":
            return n.NoValue(reason, source=self._contract.place(path))
        if unit.kind == "truth" and text in ("yes", "no"):
            return n.Literal_(text == "yes", TRUTH, source=self._contract.place(path))
        if unit.kind == "word" and text in (self._contract.measures[str(path[1])].words or (text,)):
            return n.Literal_(text, WORD, source=self._contract.place(path))
        if unit.kind in ("day", "instant") and re.match(_BEGINS, text):
            return self._formulas.formula(text, path)
        if unit.kind != "number" or not re.match(_BEGINS, text):
            return self._no_choice(text, path, unit)
        return self._phrases.quantity(text, path, unit)

    def _no_choice(self, text: str, path: Path, unit: Unit) -> n.AnyNode:
        """A text that is neither one of the words that may stand here nor a value of the measure."""
        words = {"truth": ("yes", "no"), "word": self._contract.measures[str(path[1])].words}.get(unit.kind, ())
        known = [one for one in MISSING if one == "not scored" or path[-1] == "missing"]
        value = {"number": quantity_text(Fraction(0), unit), "day": "2026-03-31"}.get(unit.kind, "")
        also = f"a value that holds then, as in '{value}'" if value else ""
        problem = f"{text[:40]!r} is not one of the choices for {path[-1]!r}, and no value of {path[1]!r}."
        step = choices_step("missing", text, [*known, *words], also=also)
        self._collected.note("BPO147", "not-a-choice", self._contract.place(path), problem, step)
        return ZERO


def _all(conditions: tuple[n.AnyNode, ...]) -> n.AnyNode | None:
    """All conditions as one; None where there is none."""
    if len(conditions) > 1:
        return n.Every(conditions, source=conditions[0].source)
    return conditions[0] if conditions else None


def define_lists(collected: Collected, phrases: Phrases) -> None:
    """The figures of all scopes, and of all columns."""
    contract = collected.contract
    for scope in contract.scopes:
        place = contract.key_place(("scopes", scope))
        collected.figure(f"{scope}.{scope}", None, Citation("", "", place), scope, scope, unit=WORD)
    for name, items in contract.lists.items():
        _check_list(collected, name)
        for column, unit_text in items.columns.items():
            path = ("lists", name, "columns", column)
            unit = phrases.unit(unit_text, path)
            collected.units[f"{name}.{column}"] = unit
            phrases.range(items.between.get(column), unit, ("lists", name, "between", column))
            citation = Citation("", "", contract.key_place(path))
            says = f"{column.replace('_', ' ')} of the item"
            collected.figure(f"{name}.{column}", None, citation, says, name, unit=unit)


def _check_list(collected: Collected, name: str) -> None:
    """Columns hide nothing else of that name; what is said about columns is about columns there are."""
    contract = collected.contract
    items = contract.lists[name]
    others = {*contract.measures, *contract.parameters, *contract.series, *contract.figures}
    others |= {clause.name for clause in contract.clauses}
    for column in items.columns:
        if column in others:
            place = contract.key_place(("lists", name, "columns", column))
            problem = f"The column {column!r} has the name of something else in this contract, and would hide it."
            collected.note("BPO288", "column-hides-name", place, problem)
    for field, named in (("words", items.words), ("between", items.between), ("evidence_for", items.evidence_for)):
        for column in named:
            if column not in items.columns:
                problem = f"The list {name!r} has no column {column!r}; it has {', '.join(sorted(items.columns))}."
                collected.note("BPO279", "unknown-column", contract.place(("lists", name, field)), problem)
