"""Many values folded into one: sums, counts, averages, extremes, conditions, percentiles."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any, cast

from bpo_contracts.terms import nodes as n
from bpo_contracts.terms.evaluate.arithmetic import plus, total
from bpo_contracts.terms.evaluate.conditions import joined
from bpo_contracts.terms.evaluate.frame import Frame, NoData, Pair, Run, Value, bounded
from bpo_contracts.terms.ranks import Rank


def _empty(what: str, none_found: Run | None) -> Run:
    def empty(frame: Frame) -> Value:
        if none_found is not None:
            return none_found(frame)
        raise NoData(f"there is nothing to take the {what} of")

    return empty


def ranked(
    node: n.Fold,
    rank: Rank,
    values: Callable[[Frame], list[Any]],
    none_found: Run | None,
    note: Callable[[Frame, str], None],
) -> Run:
    """A percentile or median; the trail says which of how many values it is."""
    place, empty = node.source, _empty(rank.called, none_found)

    def fold(frame: Frame) -> Value:
        found: list[Pair] = values(frame)
        if not found:
            return empty(frame)
        note(frame, rank.said(len(found)))
        return bounded(rank.of(found), place)

    return fold


def folded(node: n.Fold, values: Callable[[Frame], list[Any]], none_found: Run | None) -> Run:
    """All other aggregates."""
    place, kind = node.source, node.kind
    empty = _empty(kind, none_found)

    def fold(frame: Frame) -> Value:
        found = values(frame)
        if not found and none_found is not None:
            return none_found(frame)
        match kind:
            case "count":
                counted = sum(1 for value in found if value) if node.item is not None else len(found)
                return counted, 1
            case "streak":
                return sum(1 for value in found if value), 1
            case "any" | "every":
                return joined(found, decisive=kind == "any")
            case "sum":
                if len({denominator for _, denominator in found}) <= 1:
                    return bounded(total(found), place)
                added: Pair = (0, 1)
                for value in found:
                    added = bounded(plus(added, cast(Pair, value)), place)
                return added
            case _:
                pass
        if not found:
            return empty(frame)
        if kind != "average" and found[0].__class__ is not tuple:  # days or times: the last, the first
            return cast(Value, max(found) if kind == "highest" else min(found))
        numbers = [Fraction(*cast(Pair, value)) for value in found]
        if kind == "average":
            result = sum(numbers, Fraction(0)) / len(numbers)
        elif kind == "highest":
            result = max(numbers)
        else:
            result = min(numbers)
        return result.numerator, result.denominator

    return fold
