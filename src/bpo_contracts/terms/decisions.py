"""Where a contract asks "which one?": the decision points of a program, as conditions over exact numbers.

A table read at a point asks which row holds it; a gate asks yes or no. Both become branches of comparisons of
**atoms** (numbers computed from the facts) with constant bounds, so that any rules engine can answer, and the answer
of one
can be checked against another's. Negation is pushed down to the comparisons; what remains is an OR of ANDs.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from bpo_contracts.terms.nodes import (
    AnyNode,
    AnyOf,
    Arithmetic,
    CompareOperator,
    Curve,
    Every,
    Known,
    Literal_,
    Name,
    Not,
    Quantity,
    Test,
)
from bpo_contracts.values.findings import refuse
from bpo_contracts.values.frozen import frozen

BRANCHES_MAX = 100
ALTERNATIVES_MAX = 64

_FLIP: dict[CompareOperator, CompareOperator] = {"<": ">", "<=": ">=", "==": "==", "!=": "!=", ">=": "<=", ">": "<"}
_NOT: dict[CompareOperator, CompareOperator] = {"<": ">=", "<=": ">", "==": "!=", "!=": "==", ">=": "<", ">": "<="}


@frozen
class Bound:
    """``atom operator value``; atoms are counted within their decision point."""

    atom: int
    operator: CompareOperator
    value: Fraction


Alternatives = tuple[tuple[Bound, ...], ...]


@frozen
class Way:
    """One way a decision can go: its label, and when (an OR of ANDs)."""

    label: str
    when: Alternatives


@frozen
class DecisionPoint:
    """One question of a figure. Exactly one of ``ways`` must hold for any data."""

    figure: str
    asks: str
    atoms: tuple[AnyNode, ...]
    ways: tuple[Way, ...]


class _Atoms:
    """Numbers the atoms of one decision point, each expression once."""

    def __init__(self) -> None:
        self.nodes: list[AnyNode] = []

    def index(self, node: AnyNode) -> int:
        if node not in self.nodes:
            self.nodes.append(node)
        return self.nodes.index(node)

    def bound(self, operator: CompareOperator, left: AnyNode, right: AnyNode) -> Bound:
        if isinstance(left, Quantity) and not isinstance(right, Quantity):
            return self.bound(_FLIP[operator], right, left)
        if isinstance(right, Quantity):
            return Bound(self.index(left), operator, right.value)
        if isinstance(right, Literal_) and isinstance(right.value, bool) and operator in ("==", "!="):
            return Bound(self.index(left), operator, Fraction(int(right.value)))
        if isinstance(right, Literal_) or isinstance(left, Literal_) or operator in ("==", "!="):
            # Words and days are no numbers: the atom is the comparison itself, 1 where it holds. A comparison and its
            # opposite share one atom, so that exactly one of yes and no holds, also where there is no data.
            asked = operator if operator in ("==", "<", ">") else _NOT[operator]
            return Bound(
                self.index(Test(asked, left, right, source=left.source)), "==", Fraction(int(asked == operator))
            )
        return Bound(self.index(Arithmetic("-", left, right, source=left.source)), operator, Fraction(0))


def table_decision(figure: str, asks: str, curve: Curve) -> DecisionPoint:
    """Which row of the table holds the point? One way for each row."""
    atoms = _Atoms()
    ways = []
    for row in curve.rows:
        every: list[Bound] = []
        if row.low is not None:
            every.append(atoms.bound(">=" if row.low_closed else ">", curve.at, row.low))
        if row.high is not None:
            every.append(atoms.bound("<=" if row.high_closed else "<", curve.at, row.high))
        ways.append(Way(row.label, (tuple(every),)))
    if not atoms.nodes:
        atoms.index(curve.at)
    return DecisionPoint(figure, asks, tuple(atoms.nodes), tuple(ways))


def gate_decision(figure: str, asks: str, condition: AnyNode) -> DecisionPoint:
    """Does the condition hold? Way 0 is yes, way 1 is no."""
    atoms = _Atoms()
    yes = _alternatives(condition, atoms, negated=False)
    no = _alternatives(condition, atoms, negated=True)
    return DecisionPoint(figure, asks, tuple(atoms.nodes), (Way("yes", yes), Way("no", no)))


def _alternatives(node: AnyNode, atoms: _Atoms, *, negated: bool) -> Alternatives:
    match node:
        case Not(item=item):
            return _alternatives(item, atoms, negated=not negated)
        case Every(items=items) | AnyOf(items=items):
            parts = [_alternatives(item, atoms, negated=negated) for item in items]
            conjunction = isinstance(node, Every) != negated
            return _all_of(parts, node) if conjunction else tuple(every for part in parts for every in part)
        case Test(operator=operator, left=left, right=right):
            return ((atoms.bound(_NOT[operator] if negated else operator, left, right),),)
        case Literal_(value=bool() as value):
            return ((),) if value != negated else ()
        case Known() | Name():
            return ((Bound(atoms.index(node), "==", Fraction(0 if negated else 1)),),)
        case _:
            return ((Bound(atoms.index(node), "==", Fraction(0 if negated else 1)),),)


def _all_of(parts: Sequence[Alternatives], node: AnyNode) -> Alternatives:
    product: list[tuple[Bound, ...]] = [()]
    for part in parts:
        product = [(*every, *more) for every in product for more in part]
        if len(product) > ALTERNATIVES_MAX:
            raise refuse(
                "BPO262",
                "condition-too-wide",
                f"The condition has more than {ALTERNATIVES_MAX} alternatives when written out.",
                "Give parts of it a name as figures of their own.",
                node.source,
            )
    return tuple(product)
