"""The settlement as canonical JSON: from fragments that the contract fixes and values that the period gives.

The bytes are those of RFC 8785 (keys sorted, no white space, no floats); ``audit.canonical`` writes the same from the
parsed document, and a law holds the two together. Sentences and formulas are the contract's, so they are encoded once
per contract; a period adds numbers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, cast

from bpo_contracts.contract.lowering import Line, Outcome, Terms
from bpo_contracts.rules.determining import Answers, CompiledRulebook
from bpo_contracts.settlement.writing_steps import StepWriter
from bpo_contracts.settlement.writing_texts import Pieces, amount_text, gap, inner, pieces, scope_text, value_text
from bpo_contracts.terms.evaluate import Machine, Pair
from bpo_contracts.values.currencies import MINOR_DIGITS
from bpo_contracts.values.frozen import frozen
from bpo_contracts.values.json_text import encoded
from bpo_contracts.values.units import money

if TYPE_CHECKING:
    from bpo_contracts.settlement.outcomes import LineResult, Outcomes
    from bpo_contracts.settlement.unpaid import Unpaid

SCHEMA: Final = "bpo-contracts/settlement/1"


@frozen
class _LineForm:
    """The fixed parts of one invoice line, and of its determination, in the order they are written.

    A charge has no gross amount: nothing stands before it, and all of it after the amount. ``points`` are its
    questions.
    """

    before_gross: str
    after_gross: str
    per: str
    trail: Pieces
    before_reached: str
    points: tuple[int, ...]
    charge: bool


class Writer:
    """Writes settlements of one contract."""

    def __init__(self, terms: Terms, machine: Machine, book: CompiledRulebook) -> None:
        self._terms = terms
        self._digits = MINOR_DIGITS[terms.contract.currency]
        labels = [[inner(way.label) for way in point.ways] for point in machine.points]
        self._steps = StepWriter(terms.program, machine, labels, self._digits)
        self._answers = [
            [f'[{encoded(point.asks)},"{label}"]' for label in of_point]
            for point, of_point in zip(machine.points, labels, strict=True)
        ]
        contract = terms.contract
        self._contract = (
            f'{{"client":{encoded(contract.client)},"id":{encoded(contract.id)},"provider":{encoded(contract.provider)},'
            f'"title":{encoded(contract.title)},"version":{encoded(contract.version)}}}'
        )
        self._rulebook = book.rulebook.digest
        self._line_forms = [
            self._line_form(line, [i for i, point in enumerate(machine.points) if self._belongs(point.figure, line)])
            for line in terms.lines
        ]
        self._trails = {outcome.figure: self._trail(outcome.figure) for outcome in terms.outcomes}

    @staticmethod
    def _belongs(figure: str, line: Line) -> bool:
        return figure == line.net or figure.startswith(f"{line.net}.")

    def _line_form(self, line: Line, points: Sequence[int]) -> _LineForm:
        clause = line.clause
        number, name = f'"clause":{encoded(clause.clause)}', f'"name":{encoded(line.name)}'
        trail = [
            f'[{figure},"{gap(per) if per == line.per else ""}"]' for figure, per in self._trail(line.net, line.level)
        ]
        charge = line.family == "charge"
        return _LineForm(
            "" if charge else f'",{number},"gross":"',
            f'",{f"{number}," if charge else ""}"kind":{encoded(clause.kind)},{name},"says":{encoded(line.says)},"scope":',
            line.per,
            pieces(f'","trail":[{",".join(trail)}],"words":{encoded(clause.words)}}}'),
            f'{{{number},{name},"reached":[',
            tuple(points),
            charge,
        )

    def _trail(self, net: str, *more: str) -> list[tuple[str, str]]:
        """The steps a line's argument starts from: (encoded name, per). Premises lead on to everything else."""
        return [(encoded(name), self._terms.program.figure(name).per) for name in (net, *more) if name]

    # --- the parts ----------------------------------------------------------------------------------------

    def amount(self, value: Pair) -> str:
        """An amount with the currency's minor digits (all its digits, if a line is rounded finer)."""
        return amount_text(value, self._digits)

    def settlement(self, outcomes: Outcomes) -> tuple[bytes, str]:
        """The canonical bytes of the settlement, and its digest: SHA-256 over the bytes without the ``digest``
        member."""
        before, after = ("".join(part).encode() for part in self._body(outcomes))
        hashed = hashlib.sha256(before)
        hashed.update(after)
        digest = hashed.hexdigest()
        return b"".join((before, b'"digest":"', digest.encode(), b'",', after)), digest

    def _body(self, outcomes: Outcomes) -> tuple[list[str], list[str]]:
        """What stands before the digest and after it, in pieces: a settlement is long, and is put together once."""
        charges: list[str] = []
        adjustments: list[str] = []
        determinations: list[str] = []
        for form, results, unpaid in zip(self._line_forms, outcomes.lines, outcomes.unpaid, strict=True):
            for result in results:
                self._line(form, result, charges if form.charge else adjustments)
                determinations += (",", self._determination(form, result, outcomes.answers, unpaid))
        before = ['{"adjustments":[', *adjustments[1:], '],"charges":[', *charges[1:], '],"consequences":[']
        before += (",".join(self._consequences(outcomes)), f'],"contract":{self._contract},')
        before += (f'"currency":"{self._terms.contract.currency}","determinations":[', *determinations[1:], "],")
        period = outcomes.period
        engines = ",".join(
            f'{{"name":{encoded(engine.name)},"version":{encoded(engine.version)}}}' for engine in outcomes.engines
        )
        after = [
            f'"engines":[{engines}],"lots":[{",".join(self._lots(outcomes))}],'
            f'"period":{{"end":"{period.end}","label":"{period.label}","start":"{period.start}"}},'
            f'"revision":{outcomes.revision},"rulebook":"{self._rulebook}","schema":"{SCHEMA}",'
            f'"status":"{"provisional" if outcomes.provisional else "final"}","steps":[',
            *self._steps.steps(outcomes)[1:],
            f'],"supersedes":"{outcomes.supersedes}","totals":{self._totals(outcomes.totals)}}}',
        ]
        return before, after

    def _totals(self, totals: tuple[Pair, Pair, Pair]) -> str:
        charges, adjustments, net = totals
        return (
            f'{{"adjustments":"{self.amount(adjustments)}","charges":"{self.amount(charges)}",'
            f'"net":"{self.amount(net)}"}}'
        )

    def _lots(self, outcomes: Outcomes) -> list[str]:
        return [
            f'{{"scope":{scope_text(per, item)},"totals":{self._totals(totals)}}}'
            for (per, item), totals in outcomes.lots
        ]

    def _line(self, form: _LineForm, result: LineResult, written: list[str]) -> None:
        item, status, gross, net = result
        within = inner(item) if item else ""
        before = form.before_gross if form.charge else f"{form.before_gross}{self.amount(gross)}"
        written += (
            ",",
            f'{{"amount":"{self.amount(net)}{before}',
            f'{form.after_gross}{scope_text(form.per, item)},"status":"{status}{within.join(form.trail)}',
        )

    def _determination(self, form: _LineForm, result: LineResult, answers: Answers, unpaid: Unpaid) -> str:
        item, status, _, _ = result
        reached = ",".join(
            [self._answers[point][answers[point, item]] for point in form.points if (point, item) in answers]
        )
        why = ",".join(f'["{inner(one)}","{reason}"]' for one, reason in unpaid)
        more = f',"unpaid":[{why}]' if why else ""
        return f'{form.before_reached}{reached}],"scope":{scope_text(form.per, item)},"status":"{status}"{more}}}'

    def _consequences(self, outcomes: Outcomes) -> list[str]:
        written = []
        for outcome, values in zip(self._terms.outcomes, outcomes.consequences, strict=True):
            for index, (item, holds) in enumerate(values):
                if holds or not outcome.left:
                    happens = self._left(outcome, outcomes, index) if outcome.left else ""
                    written.append(self._consequence(outcome, item, holds, happens))
        return written

    def _left(self, outcome: Outcome, outcomes: Outcomes, index: int) -> str:
        """What a note says, with the amount that is left."""
        program = self._terms.program
        value, unit = outcomes.values[program.slots[outcome.left]], program.units[outcome.left]
        if outcome.per:
            value = cast(list[object], value)[index]
        amount = (
            self.amount(cast(Pair, value)) if unit == money(self._terms.contract.currency) else value_text(value, unit)
        )
        return outcome.happens.replace("{left}", f"{amount} {unit.shown or unit}".strip())

    def _consequence(self, outcome: Outcome, item: str, holds: bool, happens: str = "") -> str:
        clause = outcome.clause
        trail = self._trails[outcome.figure]
        steps = ",".join(f'[{figure},"{inner(item) if per == outcome.per else ""}"]' for figure, per in trail)
        happens = happens or getattr(clause, "happens", clause.says)
        name = outcome.figure if outcome.left else clause.name
        return (
            f'{{"clause":{encoded(clause.clause)},"happens":{encoded(happens)},"holds":{"true" if holds else "false"},'
            f'"name":{encoded(name)},"says":{encoded(clause.says)},"scope":{scope_text(outcome.per, item)},'
            f'"trail":[{steps}],"words":{encoded(clause.words)}}}'
        )
