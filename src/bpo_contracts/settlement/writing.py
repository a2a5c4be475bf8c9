"""What is sealed of a settlement: the contract's form, and the entries that a period makes in it (``trail.form``).

Both are canonical JSON (RFC 8785: keys sorted, no white space, no floats). The form is written once; the entries are put
together by hand, as most of what settling and sealing a month costs is writing it. A law holds them to ``values.canonical``.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, cast

from bpo_contracts.contract.lowering import Line, Outcome, Terms
from bpo_contracts.rules.determining import Answers, CompiledRulebook
from bpo_contracts.settlement.writing_steps import StepWriter
from bpo_contracts.settlement.writing_texts import amount_text, inner, scope_text, value_text
from bpo_contracts.terms.evaluate import Machine, Pair
from bpo_contracts.trail import form
from bpo_contracts.values.canonical import canonical
from bpo_contracts.values.currencies import MINOR_DIGITS
from bpo_contracts.values.frozen import frozen
from bpo_contracts.values.json_text import encoded
from bpo_contracts.values.units import money

if TYPE_CHECKING:
    from bpo_contracts.settlement.outcomes import LineResult, Outcomes
    from bpo_contracts.settlement.unpaid import Unpaid

SCHEMA: Final = "bpo-contracts/settlement/1"


@frozen
class _LinePlan:
    """How the entries of an invoice line, and of its determination, are written; ``points`` are its questions."""

    name: str
    per: str
    net: str
    level: str
    points: tuple[int, ...]
    charge: bool
    known: dict[tuple[str, tuple[int, ...]], str]
    """Determinations that were written before, by status and answers."""


class Writer:
    """Writes settlements of one contract."""

    def __init__(self, terms: Terms, machine: Machine, book: CompiledRulebook) -> None:
        self._terms = terms
        self._rulebook = book.rulebook.digest
        self._digits = MINOR_DIGITS[terms.contract.currency]
        labels = [[inner(way.label) for way in point.ways] for point in machine.points]
        self._steps = StepWriter(terms.program, machine, labels, self._digits)
        self._answers = [
            [f'[{encoded(point.asks)},"{label}"]' for label in of_point]
            for point, of_point in zip(machine.points, labels, strict=True)
        ]
        figures = [point.figure for point in machine.points]
        self._lines = [self._line_plan(line, figures) for line in terms.lines]

    @staticmethod
    def _line_plan(line: Line, asking: Sequence[str]) -> _LinePlan:
        points = [i for i, figure in enumerate(asking) if figure == line.net or figure.startswith(f"{line.net}.")]
        return _LinePlan(encoded(line.name), line.per, line.net, line.level, tuple(points), line.family == "charge", {})

    # --- the form -----------------------------------------------------------------------------------------

    @cached_property
    def form(self) -> bytes:
        """The form as it is sealed."""
        return canonical(self.form_document)

    @cached_property
    def form_document(self) -> dict[str, Any]:
        """Everything of a settlement that the contract fixes."""
        contract = self._terms.contract
        parties = ("client", "id", "provider", "title", "version")
        rows: dict[str, list[dict[str, Any]]] = {group: [] for group in form.ROWS}
        rows["steps"] = self._steps.rows
        for line in self._terms.lines:
            charge = line.family == "charge"
            about = {"clause": line.clause.clause, "name": line.name, "scope": {}}
            rows["determinations"].append(about)
            more = {"kind": line.clause.kind, "says": line.says, "words": line.clause.words}
            trail = [] if line.per else self._trail(line.net, line.level)
            rows["charges" if charge else "adjustments"].append(about | more | {"trail": trail})
        rows["consequences"] = [
            {
                "clause": outcome.clause.clause,
                "happens": getattr(outcome.clause, "happens", outcome.clause.says),
                "name": _name(outcome),
                "says": outcome.clause.says,
                "scope": {},
                "trail": [] if outcome.per else self._trail(outcome.figure),
                "words": outcome.clause.words,
            }
            for outcome in self._terms.outcomes
        ]
        whole = {
            "contract": {name: getattr(contract, name) for name in parties},
            "currency": contract.currency,
            "rulebook": self._rulebook,
            "schema": SCHEMA,
        }
        for group, key in form.ROWS.items():
            if len({row[key] for row in rows[group]}) < len(rows[group]):
                raise AssertionError(f"two rows of {group} have one name")
        return {"schema": form.SCHEMA, "whole": whole, **rows}

    def _trail(self, *figures: str, per: str = "", item: str = "") -> list[list[str]]:
        """The steps that the argument of a line starts from; premises lead on to everything else."""
        program = self._terms.program
        return [[name, item if per and program.figure(name).per == per else ""] for name in figures if name]

    # --- the entries --------------------------------------------------------------------------------------

    def entries(self, outcomes: Outcomes) -> bytes:
        """What one period makes of the form."""
        charges: list[str] = []
        adjustments: list[str] = []
        determinations: list[str] = []
        for plan, results, unpaid in zip(self._lines, outcomes.lines, outcomes.unpaid, strict=True):
            for result in results:
                (charges if plan.charge else adjustments).append(self._line(plan, result))
                determinations.append(self._determination(plan, result, outcomes.answers, unpaid))
        period = outcomes.period
        engines = ",".join(
            [f'{{"name":{encoded(engine.name)},"version":{encoded(engine.version)}}}' for engine in outcomes.engines]
        )
        return (
            f'{{"adjustments":[{",".join(adjustments)}],"charges":[{",".join(charges)}],'
            f'"consequences":[{",".join(self._consequences(outcomes))}],'
            f'"determinations":[{",".join(determinations)}],'
            f'"engines":[{engines}],"lots":[{",".join(self._lots(outcomes))}],'
            f'"period":{{"end":"{period.end}","label":"{period.label}","start":"{period.start}"}},'
            f'"revision":{outcomes.revision},"status":"{"provisional" if outcomes.provisional else "final"}",'
            f'"steps":{self._steps.entries(outcomes)},'
            f'"supersedes":"{outcomes.supersedes}","totals":{self._totals(outcomes.totals)}}}'
        ).encode()

    def _amount(self, value: Pair) -> str:
        """An amount with the currency's minor digits (all its digits, if a line is rounded finer)."""
        return amount_text(value, self._digits)

    def _totals(self, totals: tuple[Pair, Pair, Pair]) -> str:
        charges, adjustments, net = map(self._amount, totals)
        return f'{{"adjustments":"{adjustments}","charges":"{charges}","net":"{net}"}}'

    def _lots(self, outcomes: Outcomes) -> list[str]:
        return [
            f'{{"scope":{scope_text(per, item)},"totals":{self._totals(totals)}}}'
            for (per, item), totals in outcomes.lots
        ]

    def _line(self, plan: _LinePlan, result: LineResult) -> str:
        item, status, gross, net = result
        amount = amount_text(net, self._digits)
        before = ""
        if not plan.charge:
            before = f'"gross":"{amount if gross == net else amount_text(gross, self._digits)}",'
        if not item:
            return f'{{"amount":"{amount}",{before}"name":{plan.name},"status":"{status}"}}'
        steps = self._trail(plan.net, plan.level, per=plan.per, item=item)
        return (
            f'{{"amount":"{amount}",{before}"name":{plan.name},"scope":{scope_text(plan.per, item)},'
            f'"status":"{status}","trail":{_pairs(steps)}}}'
        )

    def _determination(self, plan: _LinePlan, result: LineResult, answers: Answers, unpaid: Unpaid) -> str:
        item, status, _, _ = result
        if len(plan.points) == 1:
            given: tuple[int, ...] = (answers.get((plan.points[0], item), -1),)
        else:
            given = tuple([answers.get((point, item), -1) for point in plan.points])
        usual = not item and not unpaid
        if usual and (known := plan.known.get((status, given))):
            return known
        reached = ",".join(
            [self._answers[point][way] for point, way in zip(plan.points, given, strict=True) if way >= 0]
        )
        scope = f'"scope":{scope_text(plan.per, item)},' if item else ""
        more = f',"unpaid":{_pairs(unpaid)}' if unpaid else ""
        text = f'{{"name":{plan.name},"reached":[{reached}],{scope}"status":"{status}"{more}}}'
        if usual:
            plan.known[status, given] = text
        return text

    def _consequences(self, outcomes: Outcomes) -> list[str]:
        return [
            self._consequence(outcome, item, holds, self._left(outcome, outcomes, index) if outcome.left else "")
            for outcome, values in zip(self._terms.outcomes, outcomes.consequences, strict=True)
            for index, (item, holds) in enumerate(values)
            if holds or not outcome.left
        ]

    def _consequence(self, outcome: Outcome, item: str, holds: bool, happens: str) -> str:
        said = f'"happens":{encoded(happens)},' if happens else ""
        text = f'{{{said}"holds":{"true" if holds else "false"},"name":{encoded(_name(outcome))}'
        if not item:
            return f"{text}}}"
        steps = self._trail(outcome.figure, per=outcome.per, item=item)
        return f'{text},"scope":{scope_text(outcome.per, item)},"trail":{_pairs(steps)}}}'

    def _left(self, outcome: Outcome, outcomes: Outcomes, index: int) -> str:
        """What a note says, with the amount that is left."""
        program = self._terms.program
        value, unit = outcomes.values[program.slots[outcome.left]], program.units[outcome.left]
        if outcome.per:
            value = cast(list[object], value)[index]
        amount = (
            self._amount(cast(Pair, value)) if unit == money(self._terms.contract.currency) else value_text(value, unit)
        )
        return outcome.happens.replace("{left}", f"{amount} {unit.shown or unit}".strip())


def _name(outcome: Outcome) -> str:
    return outcome.figure if outcome.left else outcome.clause.name


def _pairs(pairs: Sequence[Sequence[str]]) -> str:
    return f"[{','.join([f'[{encoded(one)},{encoded(other)}]' for one, other in pairs])}]"
