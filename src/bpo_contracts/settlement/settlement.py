"""The settlement of one period, as a value.

What was computed is kept as it is; lines, trails and the document are made when somebody looks.
"""

from __future__ import annotations

import json
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

from bpo_contracts.settlement.assess import scope_of
from bpo_contracts.settlement.outcomes import Outcomes
from bpo_contracts.settlement.results import (
    Adjustment,
    Charge,
    Consequence,
    Determination,
    EngineUse,
    Lot,
    Scope,
    Status,
    Totals,
)
from bpo_contracts.terms.evaluate import Pair
from bpo_contracts.trail.form import filled
from bpo_contracts.trail.step import Step
from bpo_contracts.values.canonical import canonical_of_known
from bpo_contracts.values.documents import get_text
from bpo_contracts.values.money import Money
from bpo_contracts.values.periods import Period
from bpo_contracts.values.sources import Citation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bpo_contracts.contract.lowering import Line
    from bpo_contracts.settlement.prepare import Prepared


class Settlement:
    """All that one period's performance changes on its invoice.

    ``content`` are its canonical JSON bytes and ``digest`` their SHA-256 (without the digest itself): equal inputs give
    equal bytes. A ledger seals them in two parts, the contract's ``form`` and the period's ``entries``. ``charges``,
    ``adjustments``, ``consequences``, ``determinations`` and ``totals`` are the same as values.
    """

    def __init__(self, prepared: Prepared, outcomes: Outcomes) -> None:
        self.prepared = prepared
        self.outcomes = outcomes

    @property
    def form(self) -> bytes:
        """What of the document the contract fixes, as canonical JSON (see ``trail.form``)."""
        return self.prepared.writer.form

    @cached_property
    def entries(self) -> bytes:
        """What of the document the period makes, as canonical JSON (see ``trail.form``)."""
        return self.prepared.writer.entries(self.outcomes)

    @cached_property
    def document(self) -> dict[str, Any]:
        """The settlement as a document of texts, lists and maps (what ``--format json`` prints)."""
        document: dict[str, Any] = filled(self.prepared.writer.form_document, json.loads(self.entries))
        return document

    @cached_property
    def content(self) -> bytes:
        """The canonical JSON bytes of the document."""
        return canonical_of_known(self.document)

    @property
    def digest(self) -> str:
        """SHA-256 of the content without its ``digest`` member, in hexadecimal."""
        return get_text(self.document, "digest")

    @property
    def contract_id(self) -> str:
        """The id of the contract."""
        return self.prepared.contract.id

    @property
    def contract_version(self) -> str:
        """The version of the contract."""
        return self.prepared.contract.version

    @property
    def period(self) -> Period:
        """The settled period."""
        return self.outcomes.period

    @property
    def revision(self) -> int:
        """Which settlement of this period it is, counted from 1."""
        return self.outcomes.revision

    @property
    def rulebook_digest(self) -> str:
        """Which rulebook the determinations were made by."""
        return self.prepared.book.rulebook.digest

    @property
    def status(self) -> str:
        """``final``, or ``provisional`` where the data it rests on is."""
        return "provisional" if self.outcomes.provisional else "final"

    @property
    def currency(self) -> str:
        """ISO 4217 code of all amounts."""
        return self.prepared.contract.currency

    @property
    def engines(self) -> tuple[EngineUse, ...]:
        """The engines that determined it: the reference, and the one that agreed with it."""
        return self.outcomes.engines

    @property
    def totals(self) -> Totals:
        """Charges, adjustments and their sum."""
        return self._totals(self.outcomes.totals)

    @cached_property
    def lots(self) -> tuple[Lot, ...]:
        """The totals of each lot, where lines are per lot."""
        return tuple(Lot(scope_of(*lot), self._totals(totals)) for lot, totals in self.outcomes.lots)

    @cached_property
    def charges(self) -> tuple[Charge, ...]:
        """What is billed before adjustments, in the order of the clauses."""
        return tuple(
            Charge(line.clause.clause, line.name, line.clause.kind, line.says, scope, self._money(net), trail)
            for line, scope, _, _, net, trail in self._lines(charges=True)
        )

    @cached_property
    def adjustments(self) -> tuple[Adjustment, ...]:
        """What changes the invoice, in the order of the clauses; credits are below zero."""
        return tuple(
            Adjustment(
                line.clause.clause,
                line.name,
                line.clause.kind,
                line.says,
                scope,
                status,
                self._money(gross),
                self._money(net),
                trail,
            )
            for line, scope, status, gross, net, trail in self._lines(charges=False)
        )

    @cached_property
    def determinations(self) -> tuple[Determination, ...]:
        """Whether each clause applied, and the rows and gates that were reached."""
        return tuple(
            Determination(
                one["clause"],
                one["name"],
                tuple(sorted(one["scope"].items())),
                one["status"],
                tuple((asks, branch) for asks, branch in one["reached"]),
                tuple((item, reason) for item, reason in one.get("unpaid", ())),
            )
            for one in self.document["determinations"]
        )

    @cached_property
    def consequences(self) -> tuple[Consequence, ...]:
        """Results other than money."""
        return tuple(
            Consequence(
                one["clause"],
                one["name"],
                tuple(sorted(one["scope"].items())),
                one["happens"],
                one["holds"],
                self._step(*one["trail"][0]),
            )
            for one in self.document["consequences"]
        )

    def _lines(self, *, charges: bool) -> list[tuple[Line, Scope, Status, Pair, Pair, Step]]:
        found = []
        for line, results in zip(self.prepared.terms.lines, self.outcomes.lines, strict=True):
            if (line.family == "charge") != charges:
                continue
            for item, status, gross, net in results:
                scope = scope_of(line.per, item)
                found.append((line, scope, status, gross, net, self._step(line.net, item)))
        return found

    def _money(self, amount: Pair) -> Money:
        return Money(Fraction(*amount), self.currency)

    def _totals(self, totals: tuple[Pair, Pair, Pair]) -> Totals:
        return Totals(*(self._money(amount) for amount in totals))

    @cached_property
    def _steps(self) -> dict[tuple[str, str], Step]:
        """Every step of the settlement, by figure and item; premises are shared."""
        words = {clause.clause: clause.words for clause in self.prepared.contract.clauses}
        return steps_of(self.document, words)

    def _step(self, figure: str, item: str) -> Step:
        return self._steps[figure, item]

    def __eq__(self, other: object) -> bool:
        """Settlements with the same bytes are equal."""
        return self.content == other.content if isinstance(other, Settlement) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.content)

    def __repr__(self) -> str:
        return f"<Settlement {self.contract_id} {self.period.label} net {self.totals.net}>"


def steps_of(document: Mapping[str, Any], words: Mapping[str, str]) -> dict[tuple[str, str], Step]:
    """The steps of a settlement document as trees: each figure once, premises before what they lead to.

    A premise that stands for several items (a sum over lots) brings one step for each.
    """
    steps: dict[tuple[str, str], Step] = {}
    by_figure: dict[str, list[Step]] = {}
    for one in document["steps"]:
        premises: list[Step] = []
        for figure, item in one["premises"]:
            found = steps.get((figure, item))
            premises += [found] if found is not None else by_figure.get(figure, [])
        step = Step(
            one["figure"],
            one["item"],
            one["says"],
            one["value"],
            one["unit"],
            one["formula"],
            Citation(one["clause"], words.get(one["clause"], "")),
            one["reached"],
            one["dropped"],
            one["note"],
            tuple(premises),
        )
        steps[one["figure"], one["item"]] = step
        by_figure.setdefault(one["figure"], []).append(step)
    return steps
