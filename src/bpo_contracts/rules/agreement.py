"""Two engines must give the same firings, or there is no settlement.

The reference engine is the definition of right; another engine stands beside it as an independent witness.
When they differ, nothing is decided by preferring one: the difference is shown and the settlement stops.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from bpo_contracts.rules.rulebook import Fact, Firing, Question, Rulebook
from bpo_contracts.values.findings import EnginesDisagree

_SHOWN_MAX = 10


def agree(
    reference_firings: Collection[Firing],
    engine_firings: Collection[Firing],
    rulebook: Rulebook,
    facts: Sequence[Fact] = (),
) -> None:
    """Returns if both engines gave the same firings.

    ``facts`` are what the engines were asked about; their positions are then shown beside a difference.

    Raises:
        EnginesDisagree: naming, for each question that differs, its clause, item and facts, and what either
            engine answered.
    """
    if reference_firings == engine_firings:
        return
    reference, engine = _branches(reference_firings), _branches(engine_firings)
    asked = sorted(reference.keys() | engine.keys())
    lines = [
        _difference(rulebook, *at, reference.get(at, []), engine.get(at, []), facts)
        for at in asked
        if reference.get(at) != engine.get(at)
    ]
    if not lines:
        return
    if len(lines) > _SHOWN_MAX:
        lines[_SHOWN_MAX:] = [f"… and {len(lines) - _SHOWN_MAX} more."]
    heading = "The rules engine and the reference engine disagree; nothing is settled."
    raise EnginesDisagree("\n".join([heading, *lines]))


def _branches(firings: Collection[Firing]) -> dict[tuple[int, str], list[int]]:
    """What was answered, by question and item: the branches, in order, each once."""
    answers: dict[tuple[int, str], list[int]] = {}
    for firing in sorted(set(firings)):
        answers.setdefault((firing.question, firing.item), []).append(firing.branch)
    return answers


def _difference(
    rulebook: Rulebook, index: int, item: str, reference: list[int], engine: list[int], facts: Sequence[Fact]
) -> str:
    if not 0 <= index < len(rulebook.questions):
        return f"Question number {index}: the rulebook has no such question, but an engine answered it."
    question = rulebook.questions[index]
    about = f", item {item!r}" if item else ""
    known = "".join(_known(question, fact) for fact in facts if fact.question == index and fact.item == item)
    return (
        f"Clause {question.clause}, question {question.key} ({question.asks}){about}:{known}"
        f" the reference says {_labels(question, reference)}, the engine says {_labels(question, engine)}."
    )


def _known(question: Question, fact: Fact) -> str:
    pairs = zip(question.atoms, fact.positions, strict=False)
    return " with " + ", ".join(f"{atom} at position {position}" for atom, position in pairs) + ","


def _labels(question: Question, branches: list[int]) -> str:
    return " and ".join(_label(question, branch) for branch in branches) or "that no branch holds"


def _label(question: Question, branch: int) -> str:
    if 0 <= branch < len(question.branches):
        return f'"{question.branches[branch].label}"'
    return f"branch number {branch}, which does not exist"
