"""Formulas: one line of text, read into nodes.

The language is total and closed: no functions to define, no loops, no rounding, no access to anything but named
figures. A number carries its unit. ``of`` belongs to percentages and aggregates and takes one thing; words that could
be bound in two ways need brackets.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Final

from bpo_contracts.terms.formula_parser import Parser
from bpo_contracts.terms.nodes import (
    AnyNode,
    Arithmetic,
    AsPercent,
    Choose,
    Compounded,
    DayCount,
    Extreme,
    Fold,
    Literal_,
    Of,
    OrElse,
    PeriodFact,
    Quantity,
    Step,
    TimeBetween,
    children,
)
from bpo_contracts.values.findings import refuse
from bpo_contracts.values.periods import Every
from bpo_contracts.values.sources import NOWHERE, Source
from bpo_contracts.values.units import ANY_ZERO, PLAIN, Unit

NODES_MAX: Final = 1000
TREE_DEPTH_MAX: Final = 120


def parse_formula(
    text: str,
    *,
    nouns: Collection[str],
    source: Source = NOWHERE,
    default_unit: Unit | None = None,
    every: Every | None = None,
) -> AnyNode:
    """The node that a formula says.

    A bare number is a plain number (and a bare 0 fits every unit); where it is the value of the formula itself (alone,
    in a sum, as an answer or fallback), it is in ``default_unit`` if there is one. With ``every``, the length of the
    contract's periods, ``3 months ago`` is turned into its periods; without, the number counts periods.

    Raises:
        BadInput: BPO210 to BPO219, with the place of the words.
    """
    parser = Parser(text, nouns, source, every=every)
    node = parser.alone().node
    parser.finish()
    _within_limits(node)
    return node if default_unit is None else with_default_unit(node, default_unit)


def parse_condition(
    text: str, *, nouns: Collection[str], source: Source = NOWHERE, every: Every | None = None
) -> AnyNode:
    """The node of a formula that is to be a yes or no.

    Names may stand for anything: whether they are yes or no is for the check of units to say.

    Raises:
        BadInput: as ``parse_formula``, and BPO229 for a formula that cannot be a yes or no.
    """
    node = parse_formula(text, nouns=nouns, source=source, every=every)
    if not _may_be_condition(node):
        problem = f"{' '.join(text.split())[:60]!r} is a value and not a condition, which is yes or no."
        raise refuse("BPO229", "not-a-condition", problem, "Compare it with something, as in 'hours > 4'.", node.source)
    return node


def with_default_unit(node: AnyNode, unit: Unit) -> AnyNode:
    """The node with bare numbers in ``unit`` where they are its value; factors and compared numbers stay plain."""
    match node:
        case Quantity(value=value, unit=own) if own in (PLAIN, ANY_ZERO):
            return replace(node, value=value * unit.factor, unit=unit) if unit.kind == "number" else node
        case Arithmetic(operator="+" | "-", left=left, right=right):
            return replace(node, left=_term(left, unit), right=_term(right, unit))
        case Extreme(items=items):
            return replace(node, items=tuple(with_default_unit(item, unit) for item in items))
        case Choose(then=then, otherwise=otherwise):
            return replace(node, then=with_default_unit(then, unit), otherwise=with_default_unit(otherwise, unit))
        case OrElse(item=item, fallback=fallback):
            return replace(node, item=with_default_unit(item, unit), fallback=with_default_unit(fallback, unit))
        case _:
            return node


def _term(node: AnyNode, unit: Unit) -> AnyNode:
    return node if isinstance(node, Quantity) and node.unit == ANY_ZERO else with_default_unit(node, unit)


def _may_be_condition(node: AnyNode) -> bool:
    match node:
        case Literal_(value=value):
            return isinstance(value, bool)
        case (
            Quantity()
            | Arithmetic()
            | Of()
            | AsPercent()
            | Extreme()
            | Step()
            | DayCount()
            | TimeBetween()
            | Compounded()
        ):
            return False
        case PeriodFact():
            return False
        case Fold(kind=kind):
            return kind in ("any", "every", "highest", "lowest")
        case Choose(then=then, otherwise=otherwise):
            return _may_be_condition(then) and _may_be_condition(otherwise)
        case _:
            return True


def _within_limits(node: AnyNode) -> None:
    """At most 1,000 nodes, and not so deep that anything that walks them could fail."""
    count, depth, level = 0, 0, [node]
    while level:
        count, depth = count + len(level), depth + 1
        level = [child for parent in level for child in children(parent)]
    if count <= NODES_MAX and depth <= TREE_DEPTH_MAX:
        return
    has = (
        f"{count} parts; at most {NODES_MAX} are allowed" if count > NODES_MAX else f"more than {TREE_DEPTH_MAX} steps"
    )
    step = "Give parts of it names of their own, as figures."
    raise refuse("BPO210", "formula-too-large", f"This formula has {has}.", step, node.source)
