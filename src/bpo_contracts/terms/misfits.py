"""Where two units do not fit, which of the two was mistyped: the finding points at it, and shows both.

A number that stands in the document is more often wrong than the name beside it, whose unit the contract declares. So the
place is that of the number whose unit is not that of the others.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from bpo_contracts.terms.nodes import (
    AnyNode,
    Arithmetic,
    AsPercent,
    ByItem,
    Choose,
    Curve,
    Dated,
    Earlier,
    Extreme,
    Fold,
    Literal_,
    LookUp,
    Name,
    Of,
    OrElse,
    Quantity,
    Step,
    Test,
    children,
)
from bpo_contracts.values.findings import Finding
from bpo_contracts.values.sources import NOWHERE
from bpo_contracts.values.units import ANY_ZERO, PERCENT, POINTS_OF_PERCENT, Unit

UnitOf = Callable[[AnyNode], Unit]

_NEXT: Final = "Units are checked before any data: give each number the unit it is in, and combine only what fits."
_WORDS_MAX: Final = 40
_CANNOT: Final = r"cannot be (\w+)"
_NUMBER: Final = r"(?a)-?[0-9]+(?:\.[0-9]+)?"


def misfit(node: AnyNode, problem: str, unit_of: UnitOf, nodes: Mapping[str, AnyNode | None]) -> Finding:
    """BPO230 at the number that does not fit, or at the whole formula if it has none.

    ``unit_of`` gives the unit of a part, ``nodes`` what figures are made of: a rate that was read from a table is traced
    to its row.
    """
    unknown = next((part for part in children(node) if isinstance(part, Earlier) and unit_of(part) == ANY_ZERO), None)
    if unknown is not None:
        return _not_known(unknown, node, problem)
    parts = [_traced(part, unit_of, nodes) for part in _operands(node)]
    if isinstance(node, Curve):  # rows stand from the lowest up; people read them as they are written
        parts.sort(key=lambda part: (part.source.line, part.source.column))
    units = [unit_of(part) for part in parts]
    wrong = _mistyped(node, parts, units)
    place = parts[wrong].source if wrong is not None else node.source
    step = _step(node, parts, units, wrong) or _NEXT
    return Finding("BPO230", "units-do-not-fit", place, _sentence(problem, _both(parts, units, wrong)), step)


def _not_known(earlier: Earlier, node: AnyNode, problem: str) -> Finding:
    """BPO230 where a figure is looked back at before anything has said whether it is an amount, a number or a yes."""
    place = earlier.source if earlier.source != NOWHERE else node.source
    value = "no" if "condition" in problem else "…"
    said = (
        f"The unit of {earlier.name!r} is not known here: it is looked back at, and nothing says what it is at first."
    )
    step = f"Say what held before the start, as in '{_written(earlier) or earlier.name} (before the start: {value})'."
    return Finding("BPO230", "units-do-not-fit", place, said, step)


def _sentence(problem: str, both: str) -> str:
    """What cannot be done, with both sides as they are written where that can be said."""
    verb = re.search(_CANNOT, problem)
    if both and verb:
        return f"{both}: they cannot be {verb[1]}."
    return as_sentence(f"{problem}{f' ({both})' if both else ''}")


def as_sentence(problem: str) -> str:
    """What is wrong, with a capital letter and a mark at its end; a question has its own."""
    return f"{problem[0].upper()}{problem[1:]}{'' if problem.endswith('?') else '.'}"


def _operands(node: AnyNode) -> tuple[AnyNode, ...]:
    """The parts of a node whose units have to fit one another."""
    match node:
        case Arithmetic(left=one, right=two) | Test(left=one, right=two) | Choose(then=one, otherwise=two):
            return (one, two)
        case Of(share=one, base=two) | AsPercent(part=one, whole=two) | OrElse(item=one, fallback=two):
            return (one, two)
        case Step(item=one, per=two):
            return (one, two)
        case Earlier(before_start=before) if before is not None:
            return (Name(node.name), before)
        case Extreme(items=items):
            return items
        case Fold(over=tuple() as items):
            return items
        case Curve(rows=rows):
            return tuple(row.gives for row in rows)
        case LookUp(entries=words):
            return tuple(entry for _, entry in words)
        case ByItem(entries=lots):
            return tuple(entry for _, entry in lots)
        case Dated(entries=days):
            return tuple(entry for _, entry in days)
        case _:
            return ()


def _traced(part: AnyNode, unit_of: UnitOf, nodes: Mapping[str, AnyNode | None]) -> AnyNode:
    """What a clause's own rate, amount or steps were read from, where that is a number in the same unit."""
    if isinstance(part, Name) and "." in part.name:
        made_of = nodes.get(part.name)
        found = [made_of, *(_operands(made_of) if isinstance(made_of, Curve) else ())] if made_of is not None else []
        unit = unit_of(part)
        for one in found:
            if _is_written(one) and unit_of(one) == unit and unit_of(one) != ANY_ZERO:
                return one
    return part


def _is_written(node: AnyNode) -> bool:
    return isinstance(node, Quantity | Literal_) and node.source != NOWHERE


def _mistyped(node: AnyNode, parts: Sequence[AnyNode], units: Sequence[Unit]) -> int | None:
    """The number whose unit is not that of the names beside it, or else not that of most numbers; the last such one."""
    given = [unit for part, unit in zip(parts, units, strict=True) if not _is_written(part) and unit != ANY_ZERO]
    known = given or [unit for unit in units if unit != ANY_ZERO]
    if not known:
        return None
    expected = Counter(known).most_common(1)[0][0]
    if isinstance(node, Of):
        expected = PERCENT
    candidates = range(1) if isinstance(node, Of) else range(len(parts))
    odd = [at for at in candidates if _is_written(parts[at]) and units[at] not in (expected, ANY_ZERO)]
    return odd[-1] if odd else None


def _both(parts: Sequence[AnyNode], units: Sequence[Unit], wrong: int | None) -> str:
    """``'fee' is in EUR, and '5 %' is in %``: one of the others and the odd one, as they are written."""
    two = len(parts) - 1 if wrong is None else wrong
    others = [at for at in range(len(parts)) if at != two and units[at] not in (units[two], ANY_ZERO)]
    if not others or units[two] == ANY_ZERO:
        return ""
    left, right = _written(parts[others[0]]), _written(parts[two])
    return f"{left!r} is in {units[others[0]]}, and {right!r} is in {units[two]}" if left and right else ""


def _written(part: AnyNode) -> str:
    """The part as the document writes it; "" if that is not on one line, or too long to be quoted."""
    source = part.source
    if isinstance(part, Name):
        return part.name
    if not source.line or not source.text:
        return ""
    text = source.text[source.column - 1 : source.column - 1 + source.length].strip()
    return text if len(text) <= _WORDS_MAX else ""


def _step(node: AnyNode, parts: Sequence[AnyNode], units: Sequence[Unit], wrong: int | None) -> str:
    """What to write instead, with the names and numbers of the formula; "" if nothing special can be said."""
    texts = [_written(part) for part in parts]
    if isinstance(node, Arithmetic) and all(texts) and list(units).count(PERCENT) == 1:
        share = list(units).index(PERCENT)
        other = texts[1 - share]
        if node.operator == "-" and share == 1 and units[0].is_plain and _is_written(parts[0]):
            return f"Write '100 % - {texts[1]}' for what is left of the whole."
        if node.operator in ("+", "-") and share == 1:
            return f"Say what it is a percentage of, as in '{other} {node.operator} ({texts[1]} of {other})'."
        if node.operator == "*":
            return f"Write '{texts[share]} of {other}'."
    if isinstance(node, Arithmetic) and all(texts) and node.operator == "*" and POINTS_OF_PERCENT in units:
        points = list(units).index(POINTS_OF_PERCENT)
        one = texts[points] if isinstance(parts[points], Name) else f"({texts[points]})"
        return f"Write '{one} of {texts[1 - points]}', or divide by '1 pp' for the number of points."
    if wrong is None or isinstance(node, Of | Arithmetic):
        return ""
    others = [unit for at, unit in enumerate(units) if at != wrong and unit not in (units[wrong], ANY_ZERO)]
    number = re.match(_NUMBER, texts[wrong])
    if not others or number is None or others[0].kind != "number" or units[wrong].kind != "number":
        return ""
    if others[0].is_money and units[wrong] == PERCENT:
        return f"Write an amount, as in '{number[0]} {others[0]}', or '{texts[wrong]} of …' with what it is a percentage of."
    meant = f"{number[0]} {others[0]}" if not others[0].is_plain else number[0]
    return f"Write '{meant}' if that is meant; what is compared or chosen between is in one unit."
