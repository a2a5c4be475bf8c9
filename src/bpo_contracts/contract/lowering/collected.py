"""What a contract has been lowered to so far: figures, lines, consequences, tables and totals; and the mistakes found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field
from math import prod
from typing import Any, Final

from bpo_contracts.contract.clauses.base import Clause
from bpo_contracts.contract.contract import Contract
from bpo_contracts.contract.lowering.results import Line, Outcome, Table
from bpo_contracts.contract.next_steps import code_step
from bpo_contracts.terms import nodes as n
from bpo_contracts.terms.items import joined
from bpo_contracts.values.findings import Finding
from bpo_contracts.values.frozen import slotted
from bpo_contracts.values.sources import Citation, Source
from bpo_contracts.values.units import PLAIN, Unit, WrongUnit, parse_unit

LOTS_MAX: Final = 10_000
"""The most lots, or combinations of lots, that there may be one value for each of."""

Path = tuple[str | int, ...]
"""Where a value stands in the document: the names of fields and the numbers of places in lists, from the top down."""


@slotted
class Group:
    """The clauses that one total sums, and the limits on it, each with the number of its clause."""

    name: str
    members: list[Clause] = field(default_factory=list)
    limits: list[tuple[int, Any]] = field(default_factory=list)
    ordered: list[tuple[int, Any]] = field(default_factory=list)
    """The limits in the order in which they act; known when the total is built."""
    carried: list[tuple[Line, str]] = field(default_factory=list)
    """The lines that pay what was carried, each with the limit that carries it."""
    at_the_end: list[Line] = field(default_factory=list)
    """The lines that pay, in the last period of the term, what is still carried."""
    also: list[str] = field(default_factory=list[str])
    """Limits that list the clauses of this total, by name: they are limits on it."""


class Collected:
    """The contract, and what has been lowered of it. How texts are read, and what clauses say, it does not know."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self.nouns = _nouns(contract)
        self.figures: list[n.Figure] = []
        self.findings: list[Finding] = []
        self.lines: list[Line] = []
        self.outcomes: list[Outcome] = []
        self.tables: list[Table] = []
        self.groups: dict[str, Group] = {}
        self.exclusions: list[Any] = []
        """The clauses whose sets exclude one another; what they pay is known after all others."""
        self.pools: list[Clause] = []
        self.units: dict[str, Unit] = {}
        """The units of measures, and of columns as ``list.column``."""
        self.series: dict[str, n.SeriesValue] = {}
        self.pers: set[str] = set()
        """What there is one value for each of, besides scopes and lists: their combinations."""

    def figure(
        self,
        name: str,
        node: n.AnyNode | None,
        citation: Citation,
        says: str,
        per: str = "",
        *,
        unit: Unit | None = None,
        source: Source | None = None,
    ) -> n.Name:
        """Adds a figure, as a reference to it; it stands where its citation does unless ``source`` is given."""
        source = citation.source if source is None else source
        self.figures.append(n.Figure(name, node, citation, says, per, unit, source))
        return n.Name(name, source=source)

    def note(self, code: str, name: str, place: Source, problem: str, step: str | None = None) -> None:
        """Adds a finding. Without a next step it gets the one of its code, and its problem begins with a capital."""
        if step is None:
            problem, step = problem[0].upper() + problem[1:], code_step(code)
        self.findings.append(Finding(code, name, place, problem, step))

    def group(self, name: str) -> Group:
        """The total of this name; an empty one where there was none."""
        return self.groups.setdefault(name, Group(name))

    def per(self, names: Sequence[str], path: Path) -> str:
        """What there is one value for each of: a list, a scope, or a combination of scopes; "" after a mistake."""
        if not names:
            return ""
        contract = self.contract
        for name in names:
            if name not in contract.scopes and (name not in contract.lists or len(names) > 1):
                known = ", ".join([*contract.scopes, *contract.lists]) or "none are declared"
                problem = f"{name!r} is neither a scope nor a list of this contract ({known})."
                if name in contract.lists:
                    problem = f"{name!r} is a list; only scopes are combined."
                self.note("BPO237", "unknown-scope", contract.place(path), problem)
                return ""
        lots = prod(len(contract.scopes.get(name, "-")) for name in names)
        if lots > LOTS_MAX:
            problem = f"{', '.join(names)} come to {lots:,} combinations; at most {LOTS_MAX:,} are settled."
            self.note("BPO153", "too-many-lots", contract.place(path), problem)
            return ""
        per = joined(names)
        self.pers.add(per)
        return per

    def unit_of(self, at: n.AnyNode, for_each: Sequence[str]) -> Unit:
        """The unit a bare number is in, where it stands beside a measure or a column of the list in ``for_each``.

        Beside anything else it is a plain number, and the check of units refuses it where that does not fit.
        """
        if not isinstance(at, n.Name):
            return PLAIN
        columns = [f"{per}.{at.name}" for per in for_each]
        return next((self.units[name] for name in (*columns, at.name) if name in self.units), PLAIN)


def _nouns(contract: Contract) -> frozenset[str]:
    """Count nouns: declared units, and the units of measures and columns that are not built in."""
    nouns = set(contract.units)
    texts = [measure.unit for measure in contract.measures.values()]
    texts += [unit for one in contract.lists.values() for unit in one.columns.values()]
    for text in texts:
        try:
            parse_unit(text, nouns)
        except WrongUnit:
            if text.isidentifier() and text.islower():
                nouns.add(text)
    return frozenset(nouns)
