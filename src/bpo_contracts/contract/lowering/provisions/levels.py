"""Service levels: whether a result exceeded, met or missed what was expected, or fell below the minimum."""

from __future__ import annotations

from typing import Any

from bpo_contracts.contract.lowering.at_hand import AtHand
from bpo_contracts.terms import nodes as n
from bpo_contracts.terms.bands import check_rows
from bpo_contracts.values.units import WORD


def service_level(into: AtHand, clause: Any) -> None:
    """The figure that says exceeded, met, missed or below minimum, from the expected, minimum and stretch levels."""
    at = into.formula("measure")
    unit = into.collected.unit_of(at, into.for_each)
    levels = [(name, getattr(clause, name)) for name in ("stretch", "expected", "minimum") if getattr(clause, name)]
    bounds = [(name, into.phrases.half_line(text, into.at(name), unit)) for name, text in levels]
    if any(bound is None for _, bound in bounds):
        return
    words = {"stretch": "exceeded", "expected": "met", "minimum": "missed"}
    higher = {bound.low is not None for _, bound in bounds if bound is not None}
    if len(higher) != 1:
        into.refused_at("BPO272", "levels-in-two-directions", "All levels point one way.", "expected")
        return
    rows, outer = [], None
    for name, bound in bounds:
        if bound is None:
            return
        rows.append(_level_row(words[name], bound, outer, higher=higher == {True}))
        outer = bound
    if outer is None:
        return
    worst = "below minimum" if clause.minimum else "missed"
    rows.append(_below(worst, outer, higher=higher == {True}))
    findings = check_rows(rows, precision=None, low=None, high=None)
    into.collected.findings += [finding for finding in findings if finding.code == "BPO223"]
    into.figure("level", n.Curve(tuple(rows), "at", at, source=into.place("expected")), "service level")


def _level_row(word: str, bound: n.Row, better: n.Row | None, *, higher: bool) -> n.Row:
    gives = n.Literal_(word, WORD, source=bound.source)
    label = f"{bound.label}, not {better.label}" if better else bound.label
    if higher:
        high, closed = (better.low, not better.low_closed) if better else (None, False)
        return n.Row(label, bound.low, bound.low_closed, high, closed, gives, source=bound.source)
    low, closed = (better.high, not better.high_closed) if better else (None, False)
    return n.Row(label, low, closed, bound.high, bound.high_closed, gives, source=bound.source)


def _below(word: str, worst: n.Row, *, higher: bool) -> n.Row:
    gives = n.Literal_(word, WORD, source=worst.source)
    label = f"not {worst.label}"
    if higher:
        return n.Row(label, None, False, worst.low, not worst.low_closed, gives, source=worst.source)
    return n.Row(label, worst.high, not worst.high_closed, None, False, gives, source=worst.source)
