"""Why each amount is what it is, as text: from the amount down to the measured facts, each figure argued once."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from bpo_contracts.formats.statement_limits import cut_text
from bpo_contracts.formats.statement_model import Line, Ref, Statement, StepText
from bpo_contracts.formats.statement_plain import short_says
from bpo_contracts.formats.statement_reader import read_statement
from bpo_contracts.formats.statement_words import clean, exact, number_shown, quantity, scope_shown
from bpo_contracts.trail.step import NO_ITEMS
from bpo_contracts.values.findings import refuse
from bpo_contracts.values.sources import Source

WIDTH_MIN = 60
_INDENTS_MAX = 10
_SMALL = Fraction(1, 10_000)


def missing_says(ref: Ref) -> str:
    """What stands in place of a step that the document does not have: its list has no items, or it is not there."""
    return "no items this period" if ref[1] == NO_ITEMS else "has no step of its own"


def explain_text(document: Mapping[str, object], *, clause: str | None = None, width: int = 100) -> str:
    """The argument of every line (or of one clause's): the amount, then the steps below it, each figure once.

    A clause that has no line of its own (a cap, points, a multiplier) is argued by the steps that stand in it.

    Raises:
        BadInput: the document is not a settlement (BPO600), or nothing stands in the clause (BPO604).
        IntegrityFailure: its lines do not sum to its totals.
    """
    statement = read_statement(document)
    chosen = [line for line in statement.lines if clause in (None, line.clause, line.name)]
    argument = Argument(statement, max(width, WIDTH_MIN))
    if chosen or clause is None:
        return "\n".join(line.rstrip() for line in argument.lines(chosen)) + "\n"
    steps = [step for step in statement.steps.values() if clause in (step.clause, statement.owner(step.figure))]
    if not steps:
        cited = (*(line.clause for line in statement.lines), *(step.clause for step in statement.steps.values()))
        known = ", ".join(dict.fromkeys(clean(one) for one in cited if one)) or "none"
        raise refuse(
            "BPO604",
            "unknown-clause",
            f"Nothing in the settlement of {clean(statement.label)} stands in clause {clean(clause)[:40]!r}.",
            f"Ask for one of: {known}.",
            Source("<settlement document>"),
        )
    return "\n".join(line.rstrip() for line in argument.steps_of(steps)) + "\n"


def wrapped(text: str, width: int, first: str, rest: str) -> list[str]:
    """The text in lines of at most ``width`` characters, each behind its indent; long words are broken."""
    return textwrap.wrap(
        text, max(width, len(rest) + 20), initial_indent=first, subsequent_indent=rest, break_on_hyphens=False
    ) or [first]


class Argument:
    """The steps of lines as indented short sentences; a figure is argued once and then referred to."""

    def __init__(self, statement: Statement, width: int) -> None:
        self._statement, self._width = statement, width
        self._seen: set[Ref] = set()
        self._quoted: set[tuple[str, str]] = set()

    def lines(self, lines: Iterable[Line]) -> list[str]:
        """The argument of each line, a blank line between them."""
        written: list[str] = []
        for line in lines:
            written += ["", *self._heading(line)] if written else self._heading(line)
            for depth, step, ref in self._statement.walk(line.trail, self._seen):
                if step is not None and self._is_the_amount(step, line):
                    written += self._remarks(step, "  ")
                else:
                    written += self._step(depth + 1, step, ref, line.clause)
        return written

    def steps_of(self, steps: Sequence[StepText]) -> list[str]:
        """The argument of the steps of a clause without a line: those that no other of them rests on come first, what they
        rest on stands below them, down to the steps of other clauses."""
        clause = steps[0].clause
        own = {(step.figure, step.item) for step in steps}
        below = {ref for step in steps for ref in self._statement.premises(step)}
        trail = (*(ref for ref in own_in_order(steps) if ref not in below), *own_in_order(steps))
        written = wrapped(f"Clause {clean(clause)}  has no line of its own; its figures:", self._width, "", "  ")
        written += self._quote(clause, next((step.words for step in steps if step.words), ""), "  ")
        for ref in trail:
            if ref in self._seen:
                continue
            walked = self._statement.walk((ref,), self._seen, below=lambda one: (one.figure, one.item) in own)
            for depth, step, found in walked:
                written += self._step(depth + 1, step, found, clause)
        return written

    def _heading(self, line: Line) -> list[str]:
        scope = f" ({scope_shown(line.scope)})" if line.scope else ""
        if line.group == "consequence":
            result = "holds" if line.holds else "does not hold"
        else:
            result = f"{self._statement.money(line.amount)} {self._statement.currency}"
        status = f", {clean(line.status)}" if line.status else ""
        says = clean(line.says).rstrip(".")
        first = wrapped(f"Clause {clean(line.clause)}  {says}{scope}{status}: {result}", self._width, "", "  ")
        quote = self._quote(line.clause, self._statement.words(line), "  ")
        cut = cut_text(self._statement, line)
        return [*first, *quote, *(wrapped(cut, self._width, "  ", "    ") if cut else [])]

    def _is_the_amount(self, step: StepText, line: Line) -> bool:
        """Whether a step would only say the heading once more."""
        if (step.figure, step.item) not in line.trail or step.clause != line.clause:
            return False
        number = exact(step.value)
        if line.group == "consequence":
            return number is None and step.value == ("yes" if line.holds else "no")
        return number is not None and clean(step.says) == clean(line.says) and abs(number) == abs(line.amount)

    def _quote(self, clause: str, words: str, indent: str) -> list[str]:
        if not words or (clause, words) in self._quoted:
            return []
        self._quoted.add((clause, words))
        return wrapped(f'"{clean(words)}"', self._width, indent, indent + " ")

    def _step(self, depth: int, step: StepText | None, ref: Ref, clause: str) -> list[str]:
        indent = "  " * min(depth, _INDENTS_MAX)
        if step is None:
            known = self._statement.steps.get(ref)
            what = (
                f"{step_says(known)} = {step_value(known)}  (as above)"
                if known
                else f"{clean(ref[0])} ({missing_says(ref)})"
            )
            return wrapped(f"- {what}", self._width, indent, indent + "  ")
        says = step_says(step) if step.clause != clause else step_says(step, short_says(self._statement, step))
        heading = f"- {says} = {step_value(step)}"
        how, *more = step_remarks(step) or [""]
        if how.startswith("as "):
            heading, how = f"{heading}, {how}", ""
        if step.clause and step.clause != clause:
            heading += f"  (clause {clean(step.clause)})"
        written = wrapped(heading, self._width, indent, indent + "  ")
        written += self._wrapped([how, *more], indent + "    ")
        return written + self._quote(step.clause, step.words, indent + "    ")

    def _remarks(self, step: StepText, indent: str) -> list[str]:
        return self._wrapped(step_remarks(step), indent)

    def _wrapped(self, texts: Iterable[str], indent: str) -> list[str]:
        return [part for text in texts if text for part in wrapped(text, self._width, indent, indent + "  ")]


def own_in_order(steps: Iterable[StepText]) -> list[Ref]:
    """The references to steps, in their order."""
    return [(step.figure, step.item) for step in steps]


def step_says(step: StepText, says: str = "") -> str:
    """What a step is about (or the shorter text given for it), with the item it is about."""
    says = says or clean(step.says) or clean(step.figure)
    return f"{says} ({clean(step.item)})" if step.item else says


def step_value(step: StepText) -> str:
    """The value of a step with its unit; "no value" where it has none."""
    return quantity(step.value, step.unit) or "no value"


def step_remarks(step: StepText) -> list[str]:
    """How a step got its value: the formula in words, the row or branch, what a rounding did, a note."""
    how = clean(step.how or (f"by {step.formula}" if step.formula else ""))
    is_said = "because" in how and (clean(step.reached) in how or step.reached in ("yes", "no"))
    reached = "" if is_said or not step.reached else f"row or branch reached: {clean(step.reached)}"
    note = f"note: {clean(step.note)}" if step.note else ""
    return [text for text in (how, reached, rounding_text(step.dropped, step.unit), note) if text]


def rounding_text(dropped: str, unit: str) -> str:
    """What a rounding did: ``rounding took away 0.0048 GBP``, ``rounding added less than 0.0001 %``."""
    number = exact(dropped)
    if not number:
        return ""
    verb = "took away" if number > 0 else "added"
    size = dropped.removeprefix("-")
    if "…" in number_shown(size) and abs(number) < _SMALL:
        return f"rounding {verb} less than {quantity('0.0001', unit)}"
    return f"rounding {verb} {quantity(size, unit)}"
