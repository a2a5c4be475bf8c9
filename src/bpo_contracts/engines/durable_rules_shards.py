"""A rulebook as rules for durable-rules, inside the fragment where that engine was found right.

1. Every conjunction of every branch is one rule of one pattern: the kind of fact, then comparisons with constants.
2. The engine sees integers and generated names, never user text.
3. A question with many rules has several **kinds** of fact, and kinds are spread over several rulesets (**shards**),
   so that every table of fixed size in the engine's C code stays far from full.
4. Every ruleset holds a **sentinel**, a rule that fires in every evaluation.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from bpo_contracts.rules.rulebook import Comparison, Firing, Operator, Rulebook
from bpo_contracts.values.findings import refuse
from bpo_contracts.values.frozen import frozen

RULES_PER_KIND: Final = 50
"""The C code walks the rules of one fact on a stack of 64."""

RULES_PER_SHARD: Final = 50
"""Larger shards make a full evaluation hardly faster, and a question that is asked alone slower."""

ATOMS_MAX: Final = 200
"""The C code holds 255 properties of a fact."""

SENTINEL: Final = '{"id":"s","s":1}'
"""The fact on which the sentinel fires."""

_SENTINEL_RULE: Final = {"s": {"all": [{"m": {"s": 1}}]}}
_OPERATORS: Final[dict[Operator, str]] = {"<": "$lt", "<=": "$lte", "!=": "$neq", ">=": "$gte", ">": "$gt"}


@frozen
class Shard:
    """The rules of one ruleset as the engine reads them, and for each rule its firing (of a fact without item)."""

    rules: str
    firings: dict[str, Firing]


def compile_rulebook(rulebook: Rulebook) -> tuple[tuple[Shard, ...], list[list[tuple[int, str]]]]:
    """The shards, and for each question its kinds: the shard, and the template of a fact's properties."""
    shards: list[Shard] = []
    kinds: list[list[tuple[int, str]]] = [[] for _ in rulebook.questions]
    rules: dict[str, object] = {}
    firings: dict[str, Firing] = {}

    def close_shard() -> None:
        shards.append(Shard(json.dumps(_SENTINEL_RULE | rules, separators=(",", ":")), dict(firings)))
        rules.clear()
        firings.clear()

    for question, branch_and_every in _kinds(rulebook):
        if len(firings) + len(branch_and_every) > RULES_PER_SHARD:
            close_shard()
        kind = f"q{len(firings):02}"
        atoms = "".join(f',"a{atom}":%d' for atom in range(len(rulebook.questions[question].atoms)))
        kinds[question].append((len(shards), f'"{kind}":1{atoms}}}'))
        for branch, every in branch_and_every:
            name = f"r{len(firings):02}"
            rules[name] = {"all": [{"m": _pattern(kind, every)}]}
            firings[name] = Firing(question, "", branch)
    if firings:
        close_shard()
    return tuple(shards), kinds


def _kinds(rulebook: Rulebook) -> Iterator[tuple[int, list[tuple[int, tuple[Comparison, ...]]]]]:
    """Each question with its rules (a branch and one of its conjunctions), ``RULES_PER_KIND`` at a time."""
    for index, question in enumerate(rulebook.questions):
        if len(question.atoms) > ATOMS_MAX:
            raise refuse(
                "BPO261",
                "question-too-wide",
                f"Clause {question.clause} asks about {len(question.atoms)} values at once ({question.asks}); "
                f"the rules engine takes at most {ATOMS_MAX}.",
                "Split the clause into several.",
            )
        rules = [(b, every) for b, branch in enumerate(question.branches) for every in dict.fromkeys(branch.any_of)]
        for start in range(0, len(rules), RULES_PER_KIND):
            yield index, rules[start : start + RULES_PER_KIND]


def _pattern(kind: str, every: tuple[Comparison, ...]) -> dict[str, Any]:
    conditions: list[dict[str, Any]] = [{kind: 1}]
    for comparison in dict.fromkeys(every):
        test = {f"a{comparison.atom}": comparison.bound}
        conditions.append(test if comparison.operator == "==" else {_OPERATORS[comparison.operator]: test})
    return {"$and": conditions} if every else conditions[0]
