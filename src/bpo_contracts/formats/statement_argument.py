"""Why each amount is what it is, as text: from the amount down to the measured facts, each figure argued once."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping

from bpo_contracts.formats.statement_model import Line, Ref, Statement, StepText
from bpo_contracts.formats.statement_reader import read_statement
from bpo_contracts.formats.statement_words import clean, quantity, scope_shown
from bpo_contracts.values.findings import refuse
from bpo_contracts.values.sources import Source

WIDTH_MIN = 60
_INDENTS_MAX = 10


def explain_text(document: Mapping[str, object], *, clause: str | None = None, width: int = 100) -> str:
    """The argument of every line (or of one clause's): the amount, then the steps below it, each figure once.

    Raises:
        BadInput: the document is not a settlement (BPO600), or no line stands in the clause (BPO604).
        IntegrityFailure: its lines do not sum to its totals.
    """
    statement = read_statement(document)
    chosen = [line for line in statement.lines if clause in (None, line.clause, line.name)]
    if not chosen and clause is not None:
        known = ", ".join(dict.fromkeys(clean(line.clause) for line in statement.lines)) or "none"
        raise refuse(
            "BPO604",
            "unknown-clause",
            f"No line of the settlement of {clean(statement.label)} stands in clause {clean(clause)[:40]!r}.",
            f"Ask for one of: {known}.",
            Source("<settlement document>"),
        )
    return "\n".join(line.rstrip() for line in Argument(statement, max(width, WIDTH_MIN)).lines(chosen)) + "\n"


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
                written += self._step(depth + 1, step, ref, line.clause)
        return written

    def _heading(self, line: Line) -> list[str]:
        scope = f" ({scope_shown(line.scope)})" if line.scope else ""
        if line.group == "consequence":
            result = "holds" if line.holds else "does not hold"
        else:
            result = f"{self._statement.money(line.amount)} {self._statement.currency}"
        status = f", {clean(line.status)}" if line.status else ""
        first = wrapped(
            f"Clause {clean(line.clause)}  {clean(line.says)}{scope}{status}: {result}", self._width, "", "  "
        )
        limits = []
        if line.gross != line.amount:
            limits = [f"  before limits {self._statement.money(line.gross)} {self._statement.currency}"]
        return [*first, *self._quote(line.clause, self._statement.words(line), "  "), *limits]

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
                else f"{clean(ref[0])} (has no step of its own)"
            )
            return wrapped(f"- {what}", self._width, indent, indent + "  ")
        written = wrapped(f"- {step_says(step)} = {step_value(step)}", self._width, indent, indent + "  ")
        for text in step_remarks(step):
            written += wrapped(text, self._width, indent + "    ", indent + "      ")
        if step.clause and step.clause != clause:
            written += wrapped(f"clause {clean(step.clause)}", self._width, indent + "    ", indent + "      ")
        return written + self._quote(step.clause, step.words, indent + "    ")


def step_says(step: StepText) -> str:
    """What a step is about, with the item it is about."""
    says = clean(step.says) or clean(step.figure)
    return f"{says} ({clean(step.item)})" if step.item else says


def step_value(step: StepText) -> str:
    """The value of a step with its unit; "no value" where it has none."""
    return quantity(step.value, step.unit) or "no value"


def step_remarks(step: StepText) -> list[str]:
    """How a step got its value: the formula, the row or branch, what a rounding dropped, a note."""
    remarks = [
        ("by", clean(step.formula)),
        ("row or branch reached:", clean(step.reached)),
        ("rounding took away", quantity(step.dropped, step.unit) if step.dropped not in ("", "0") else ""),
        ("note:", clean(step.note)),
    ]
    return [f"{name} {text}" for name, text in remarks if text]
