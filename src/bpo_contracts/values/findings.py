"""What is wrong with a document: findings, collected and shown together.

User mistakes are findings (and the exceptions that carry them); programmer mistakes are ordinary
exceptions; a finding always has a stable code, a place, what is wrong and what to do next.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from bpo_contracts.values.frozen import frozen
from bpo_contracts.values.sources import NOWHERE, Source


@frozen
class Finding:
    """One thing that is wrong with a document.

    ``code`` is stable (``BPO203``), ``name`` its slug (``gap-between-rows``), ``problem`` says what is
    wrong with the values seen, ``next_step`` what to do. ``also`` are further places that take part. A ``hint`` is
    legal, and worth a question before anyone signs: it stops nothing.
    """

    code: str
    name: str
    source: Source
    problem: str
    next_step: str
    also: tuple[Source, ...] = ()
    hint: bool = False

    def render(self) -> str:
        """The finding as a person reads it: place, excerpt with the place underlined, problem, next step.

        Each of these is one line: characters of the document that cannot be seen, that end a line or that steer a
        terminal are shown as a dot.
        """
        lines = [f"{self.source}: {'hint ' if self.hint else ''}{self.code} {self.name}"]
        lines += _excerpt(self.source)
        lines.append(self.problem)
        for place in self.also:
            lines.append(f"See also {place}:")
            lines += _excerpt(place)
        if self.next_step:
            lines.append(self.next_step)
        return "\n".join(visible(line) for line in lines)

    @property
    def sort_key(self) -> tuple[str, int, int, str, str]:
        """File, line and column first: findings are shown in the order of the document."""
        return (self.source.file, self.source.line, self.source.column, self.code, self.problem)


SHOWN_MAX: Final = 100
"""How many findings are shown at once: more than anybody reads, and a document can hold many thousands."""

_EXCERPT_WIDTH = 120


def shown(findings: Sequence[Finding]) -> str:
    """The findings as a person reads them, an empty line between two; the first 100, and how many more there are."""
    texts = [finding.render() for finding in findings[:SHOWN_MAX]]
    if len(findings) > SHOWN_MAX:
        texts.append(f"{len(findings) - SHOWN_MAX:,} more findings are not shown; correct these first.")
    return "\n\n".join(texts)


def visible(text: str) -> str:
    """The text with a dot for every character that cannot be seen, ends a line or steers a terminal."""
    return text if text.isprintable() else "".join(c if c.isprintable() else "·" for c in text)


def _excerpt(source: Source) -> list[str]:
    if not source.line or not source.text:
        return []
    start = max(0, source.column - 1 - _EXCERPT_WIDTH // 2) if source.column > _EXCERPT_WIDTH else 0
    text = visible(source.text[start : start + _EXCERPT_WIDTH])
    gutter = str(source.line)
    blank = " " * len(gutter)
    offset = source.column - 1 - start
    mark = "^" * max(1, min(source.length, len(text) - offset))
    return [f"   {blank} |", f"   {gutter} | {text}", f"   {blank} | {' ' * offset}{mark}"]


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings by place, each once: the same bytes however they were collected."""
    return tuple(sorted(set(findings), key=lambda finding: finding.sort_key))


class BadInput(ValueError):
    """A document or a request cannot be used; carries every finding (at least one).

    The fault lies with the input, never with the program: the command line answers it with exit code 3.
    """

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = in_order(findings)
        super().__init__(self.findings)

    def __str__(self) -> str:
        return shown(self.findings)


class IntegrityFailure(Exception):
    """Sealed content is not what it was when it was sealed (exit code 4)."""


class EnginesDisagree(Exception):
    """The rules engine and the reference gave different determinations: no settlement (exit code 70)."""


def refuse(
    code: str, name: str, problem: str, next_step: str, source: Source = NOWHERE, also: tuple[Source, ...] = ()
) -> BadInput:
    """A ``BadInput`` with one finding, for ``raise refuse(...)``."""
    return BadInput([Finding(code, name, source, problem, next_step, also)])
