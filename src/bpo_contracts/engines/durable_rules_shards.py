"""A rulebook as rules for durable-rules, inside the fragment where that engine was found right.

1. Every conjunction of every branch is one rule of one pattern: whether its question is asked, then comparisons with
   constants.
2. The engine sees integers and generated names, never user text.
3. Rules are spread over several rulesets (**shards**), so that every table of fixed size in the engine's C code stays
   far from full; a question with many rules is in several of them.
4. A shard has one kind of fact, which asks all its questions at once: what a fact costs the engine is the fact, not its
   properties. Every fact has all properties of its kind; a question that is not asked is marked so.
5. Every ruleset holds a **sentinel**, a rule that fires in every evaluation.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from bpo_contracts.rules.rulebook import Comparison, Firing, Operator, Rulebook
from bpo_contracts.values.findings import refuse
from bpo_contracts.values.frozen import frozen

RULES_PER_SHARD: Final = 50
"""The C code walks the rules of one fact on a stack of 64. Larger shards would also make a full evaluation hardly
faster, and a question that is asked alone slower."""

ATOMS_MAX: Final = 200
"""The C code holds 255 properties of a fact."""

PROPERTIES_MAX: Final = 1 + ATOMS_MAX
"""The most properties of a fact beside its id: for each question whether it is asked, and its atoms."""

SENTINEL: Final = '{"id":"s","s":1}'
"""The fact on which the sentinel fires."""

_SENTINEL_RULE: Final = {"s": {"all": [{"m": {"s": 1}}]}}
_OPERATORS: Final[dict[Operator, str]] = {"<": "$lt", "<=": "$lte", "!=": "$neq", ">=": "$gte", ">": "$gt"}


@frozen
class Shard:
    """The rules of one ruleset as the engine reads them, and for each rule its firing (of a fact without item), with
    where the facts say whether its question is asked.

    ``fact`` is the template of a fact's properties, all of them numbers.
    """

    rules: str
    firings: dict[str, tuple[Firing, int]]
    fact: str
    properties: int


class Place(NamedTuple):
    """Where a question stands in the facts of a shard: at ``asked`` whether it is asked, behind it its atoms up to
    ``end``."""

    shard: int
    asked: int
    end: int


class _Open:
    """A shard that is being filled."""

    def __init__(self) -> None:
        self.rules: dict[str, object] = {}
        self.firings: dict[str, tuple[Firing, int]] = {}
        self.names: list[str] = []

    def has_room(self, rules: int, atoms: int) -> bool:
        """Whether a question with so many rules and atoms fits in."""
        return len(self.firings) + rules <= RULES_PER_SHARD and len(self.names) + 1 + atoms <= PROPERTIES_MAX

    def add(self, question: int, atoms: int, rules: list[tuple[int, tuple[Comparison, ...]]]) -> tuple[int, int]:
        """Takes a question in; gives where it stands in the facts."""
        asked, kind = len(self.names), f"q{len(self.firings):02}"
        self.names += [kind, *(f"a{asked + atom}" for atom in range(atoms))]
        for branch, every in rules:
            name = f"r{len(self.firings):02}"
            self.rules[name] = {"all": [{"m": _pattern(kind, asked, every)}]}
            self.firings[name] = Firing(question, "", branch), asked
        return asked, len(self.names)

    def closed(self) -> Shard:
        """What the engine is given."""
        rules = json.dumps(_SENTINEL_RULE | self.rules, separators=(",", ":"))
        fact = ",".join(f'"{name}":%d' for name in self.names) + "}"
        return Shard(rules, self.firings, fact, len(self.names))


def compile_rulebook(rulebook: Rulebook) -> tuple[tuple[Shard, ...], list[list[Place]]]:
    """The shards, and for each question its places in them."""
    shards: list[_Open] = []
    places: list[list[Place]] = [[] for _ in rulebook.questions]
    for question, rules in _parts(rulebook):
        atoms = len(rulebook.questions[question].atoms)
        if not shards or not shards[-1].has_room(len(rules), atoms):
            shards.append(_Open())
        places[question].append(Place(len(shards) - 1, *shards[-1].add(question, atoms, rules)))
    return tuple(shard.closed() for shard in shards), places


def _parts(rulebook: Rulebook) -> Iterator[tuple[int, list[tuple[int, tuple[Comparison, ...]]]]]:
    """Each question with its rules (a branch and one of its conjunctions), ``RULES_PER_SHARD`` at a time."""
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
        for start in range(0, len(rules), RULES_PER_SHARD):
            yield index, rules[start : start + RULES_PER_SHARD]


def _pattern(kind: str, asked: int, every: tuple[Comparison, ...]) -> dict[str, Any]:
    conditions: list[dict[str, Any]] = [{kind: 1}]
    for comparison in dict.fromkeys(every):
        test = {f"a{asked + comparison.atom}": comparison.bound}
        conditions.append(test if comparison.operator == "==" else {_OPERATORS[comparison.operator]: test})
    return {"$and": conditions} if every else conditions[0]
