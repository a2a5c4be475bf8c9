"""Limits said: which of them an amount is kept within, how they act together, and how what is left is shared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bpo_contracts.contract.contract import Contract
from bpo_contracts.contract.order import clause_order
from bpo_contracts.services.describing_figures import Said
from bpo_contracts.terms.nodes import Allocate, Figure, Kept, Name, names_in
from bpo_contracts.values.frozen import frozen

_ITS_OWN = ("at_most", "at_least", "used")
"""Figures of a limit that say what it comes to, and not what is limited."""


@frozen
class Total:
    """A total: its figures before and after its limits, and what each of them is."""

    before: str
    after: str
    is_limited: bool
    sentences: tuple[str, ...]


class Limiting:
    """The limits of one contract, and what they are on. ``titles`` are those of the figures."""

    def __init__(self, contract: Contract, figures: Mapping[str, Figure], titles: Mapping[str, str]) -> None:
        self._contract, self._figures, self._titles = contract, figures, titles
        self._limits: dict[str, Any] = {one.name: one for one in contract.clauses if hasattr(one, "limits")}

    def on(self, figure: Figure) -> Iterator[str]:
        """Which limits a figure is kept within, and how their total is shared."""
        for kept in names_in(figure.node) if figure.node is not None else ():
            if not isinstance(kept, Kept) or not figure.citation.clause:
                continue
            shares = self._figures[kept.allocation].node
            if isinstance(shares, Allocate) and shares.how == "to the grain":
                yield "The lines sum to the rounded sum: what is left of it goes to the largest remainders."
            elif isinstance(shares, Allocate) and isinstance(shares.limited, Name):
                total = self._figures[shares.limited.name]
                limits = " and ".join(f"{one.clause} {one.says}" for one in self._acting(total))
                limited = f", limited by {limits}" if limits else ""
                yield f"Kept within {self._titles[total.name]}{limited}{self._shared(shares, total)}."

    def by(self, clause: str) -> Iterator[str]:
        """What a clause limits, and what becomes of what has no room."""
        for figure in self._figures.values():
            shares = figure.node
            if not isinstance(shares, Allocate) or not isinstance(shares.limited, Name) or shares.how == "to the grain":
                continue
            total = self._figures[shares.limited.name]
            if any(one.name == clause for one in self._acting(total)):
                yield f"Limits what is due for {'; '.join(self._members(shares))}{self._shared(shares, total)}."

    def totals(self) -> Iterator[Total]:
        """The totals that stand in no clause."""
        clauses = {one.name for one in self._contract.clauses}
        for before, figure in self._figures.items():
            name = before.removesuffix(".gross")
            if name == before or name in clauses or figure.node is None:
                continue
            after = f"{name}.limited" if f"{name}.limited" in self._figures else name
            limits = " and ".join(f"{one.clause} {one.says}" for one in self._acting(self._figures[after]))
            limited = f"{self._titles[before]}{f', limited by {limits}' if limits else ''}"
            sentences = (self._is(before, self._due(figure)), self._is(after, limited))
            yield Total(before, after, bool(limits), sentences)

    def total(self, figure: Figure) -> Said | None:
        """What a limit on listed clauses is on, before it acts; None for any other figure."""
        name = figure.name.removesuffix(".gross")
        if name == figure.name or name not in self._limits:
            return None
        return Said(self._is(figure.name, self._due(figure)))

    def _is(self, name: str, what: str) -> str:
        per = self._figures[name].per
        each = f", for each {self._titles.get(per, per.replace(',', ' and ').replace('_', ' '))}" if per else ""
        title = self._titles[name]
        return f"{title[:1].upper()}{title[1:]}{each}: {what}."

    def _due(self, total: Figure) -> str:
        """What is due for the clauses of a total."""
        named = names_in(total.node) if total.node is not None else ()
        due = dict.fromkeys(_base(one.name) for one in named if isinstance(one, Name))
        return f"what is due for {'; '.join(self._titles.get(name, name) for name in due)}"

    def _acting(self, total: Figure) -> list[Any]:
        """The limits that act on a total, in the order of the contract."""
        found: dict[str, Any] = {}
        waiting, seen = [total.name], {total.name}
        while waiting:
            node = self._figures[waiting.pop()].node
            for one in names_in(node) if node is not None else ():
                name = one.name if isinstance(one, Name) else ""
                if name in seen or name.endswith(".gross") or _base(name) not in self._limits:
                    continue
                seen.add(name)
                found[_base(name)] = self._limits[_base(name)]
                if name.rpartition(".")[2] not in _ITS_OWN:
                    waiting.append(name)
        return sorted(found.values(), key=clause_order)

    def _members(self, shares: Allocate) -> list[str]:
        return list(dict.fromkeys(self._titles.get(_base(one.name), one.name) for one in shares.members))

    def _shared(self, shares: Allocate, total: Figure) -> str:
        """How the limited total is shared; nothing where there is one amount, or all of it is paid or nothing."""
        lots = any(self._figures[one.name].per != total.per for one in shares.members)
        said = any(one.shared for one in self._acting(total))
        if not said or (len(shares.members) < 2 and not lots):
            return ""
        if shares.how == "pro rata":
            return ", shared in proportion"
        return f", shared in this order: {'; '.join(self._members(shares))}"


def _base(name: str) -> str:
    return name.split(".", 1)[0]
