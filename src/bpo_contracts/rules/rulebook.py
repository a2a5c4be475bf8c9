"""A contract's conditions as a rules engine sees them.

A **question** asks which one of its **branches** holds: "which row of table 4.1 holds the availability?",
"is the claim in time?". Each branch is an OR of ANDs of comparisons of an **atom** (an integer fact)
with an integer bound. Exactly one branch must hold: none is a gap in the contract, two are an overlap.

Facts are integers because that is what every engine gets right. The rational ``x`` enters as its
**position** on the grid of multiples of ``1/scale``, doubled: ``2*x*scale`` if x lies on the grid, and the odd
number between its neighbours if not. Every comparison of x with a grid point comes out as it does for
x itself. A position beyond every bound is drawn in to ``POSITION_MAX``, which changes no comparison.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import field
from math import lcm
from typing import Final, Literal, NamedTuple

from bpo_contracts.values.findings import refuse
from bpo_contracts.values.frozen import frozen

Operator = Literal["<", "<=", "==", "!=", ">=", ">"]

POSITION_MAX: Final = 2**61
"""No position lies beyond this, on either side of zero."""

BOUND_MAX: Final = 2**60
"""Every bound lies strictly inside this, so that a position drawn in to ``POSITION_MAX`` is still beyond it."""


@frozen
class Comparison:
    """``atom operator bound``: the atom by its index in the question, the bound as a position."""

    atom: int
    operator: Operator
    bound: int


@frozen
class Branch:
    """One possible answer: it holds if all comparisons of at least one of ``any_of`` hold.

    ``any_of == ((),)`` always holds, ``any_of == ()`` never does.
    """

    label: str
    any_of: tuple[tuple[Comparison, ...], ...]


@frozen
class Question:
    """``key`` is unique in the rulebook; ``clause`` and ``asks`` are for people; ``atoms`` says what each fact is."""

    key: str
    clause: str
    asks: str
    atoms: tuple[str, ...]
    branches: tuple[Branch, ...]


@frozen
class Rulebook:
    """All questions of one contract version. ``digest`` names it: SHA-256 over its canonical JSON, in hexadecimal.

    Raises:
        ValueError: if two questions share a key, or a comparison names an atom its question does not
            have or a bound that no ``bound_position`` gives (all mistakes of the program, not of a contract).
    """

    questions: tuple[Question, ...]
    digest: str = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        _check(self.questions)
        object.__setattr__(self, "digest", _digest(self.questions))

    def __hash__(self) -> int:
        """By digest: rulebooks are keys of caches, and walking every comparison for each look-up would be slow."""
        return hash(self.digest)


def _check(questions: tuple[Question, ...]) -> None:
    keys: set[str] = set()
    for question in questions:
        if question.key in keys:
            raise ValueError(f"two questions have the key {question.key!r}")
        keys.add(question.key)
        for comparison in (c for branch in question.branches for every in branch.any_of for c in every):
            if not 0 <= comparison.atom < len(question.atoms):
                raise ValueError(f"question {question.key!r} has no atom {comparison.atom}")
            if not -BOUND_MAX < comparison.bound < BOUND_MAX:
                raise ValueError(f"question {question.key!r} has a bound beyond {BOUND_MAX}")


def _digest(questions: tuple[Question, ...]) -> str:
    document = [
        [
            question.key,
            question.clause,
            question.asks,
            question.atoms,
            [
                [branch.label, [[[c.atom, c.operator, c.bound] for c in every] for every in branch.any_of]]
                for branch in question.branches
            ],
        ]
        for question in questions
    ]
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


class Fact(NamedTuple):
    """What is known for one question: each atom's position. ``item`` tells rows of one period apart ("" if one)."""

    question: int
    item: str
    positions: tuple[int, ...]


class Firing(NamedTuple):
    """An engine's word that a branch holds: indices of question and branch, and the item.

    Firings are in order of question, item and branch when they are sorted for a record.
    """

    question: int
    item: str
    branch: int


def position(numerator: int, denominator: int, scale: int) -> int:
    """Where numerator/denominator stands on the doubled grid of 1/scale (see above).

    The denominator is not 0, the scale is above 0.
    """
    floor, rest = divmod(numerator * scale, denominator)
    doubled = 2 * floor + (1 if rest else 0)
    if doubled > POSITION_MAX:
        return POSITION_MAX
    if doubled < -POSITION_MAX:
        return -POSITION_MAX
    return doubled


def bound_position(numerator: int, denominator: int, scale: int) -> int:
    """The position of a bound: it must lie on the grid, well inside ``POSITION_MAX``.

    Raises:
        ValueError: if the bound has a remainder on the grid (the scale was chosen wrongly).
        BadInput: BPO260 if the bound is too large for a rules engine.
    """
    floor, rest = divmod(numerator * scale, denominator)
    if rest:
        raise ValueError("a bound must lie on the grid of its question")
    if not -BOUND_MAX < 2 * floor < BOUND_MAX:
        raise refuse(
            "BPO260",
            "bound-too-large",
            f"The bound {numerator}/{denominator} with this precision does not fit the rules engine's integers.",
            "Use a larger unit, or fewer decimals.",
        )
    return 2 * floor


def common_scale(denominators: list[int]) -> int:
    """The least grid that holds every bound."""
    return lcm(*denominators) if denominators else 1
