"""How good a result was: its service level, and scores with weights."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Final

from bpo_contracts.contract.lowering.at_hand import AtHand
from bpo_contracts.terms import nodes as n
from bpo_contracts.terms.bands import check_rows
from bpo_contracts.terms.nodes import ZERO
from bpo_contracts.values.units import PERCENT, PLAIN, WORD

_ONE: Final = n.Quantity(Fraction(1), PLAIN)
_NOTHING: Final = n.Quantity(Fraction(0), PLAIN)


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


def scorecard(into: AtHand, clause: Any) -> None:
    """The weights that are used, and the weighted score."""
    names = sorted(clause.weights)
    given = {name: _weight(into, clause, name) for name in names}
    _weights_are_whole(into, given)
    place = into.opening()
    scores = {name: n.Name(name, source=into.contract.key_place(into.at("weights", name))) for name in names}
    known = {name: n.Known(score, source=score.source) for name, score in scores.items()}
    counted = tuple(n.Choose(known[name], _ONE, _NOTHING, f"is there a score {name}?") for name in names)
    into.figure("known", n.Fold("sum", None, counted, source=place), "number of scores")
    rounding = into.phrases.rounding(clause.round_weights, into.at("round_weights"), PERCENT)
    for name in names:
        weight = _used_weight(into, clause, name, given, known)
        if rounding is not None:
            weight = n.Round(weight, rounding, source=into.place("round_weights"))
        into.figure(f"weight.{name}", weight, f"weight of {name.replace('_', ' ')}")
    parts = tuple(_part(into, clause, name, scores[name], known[name]) for name in names)
    total: n.AnyNode = n.Fold("sum", None, parts, source=place)
    if clause.needs_at_least is not None:
        least = n.Quantity(Fraction(int(clause.needs_at_least)), PLAIN, source=into.place("needs_at_least"))
        reason = f"clause {clause.clause} needs at least {clause.needs_at_least} scores"
        few = n.NoValue(reason, refused=clause.with_fewer == "refuse", source=into.place("with_fewer"))
        enough = n.Test(">=", into.name("known"), least, source=into.place("needs_at_least"))
        total = n.Choose(enough, total, few, f"are there {clause.needs_at_least} scores or more?", source=place)
    rounding = into.phrases.rounding(clause.round, into.at("round"), None)
    into.figure("", n.Round(total, rounding, source=into.place("round")) if rounding else total, "weighted score")


def _weight(into: AtHand, clause: Any, name: str) -> n.AnyNode:
    return into.formulas.formula(clause.weights[name], into.at("weights", name))


def _weights_are_whole(into: AtHand, given: dict[str, n.AnyNode]) -> None:
    numbers = [weight for weight in given.values() if isinstance(weight, n.Quantity)]
    total = sum((weight.value for weight in numbers), Fraction(0))
    below = [weight for weight in numbers if weight.value < 0]
    if below or (len(numbers) == len(given) and total != 100):
        has = "one is below zero" if below else f"they come to {float(total):g} %"
        problem = f"The weights of a scorecard come to 100 %, and here {has}."
        into.problem("BPO285", "weights-not-whole", into.place("weights"), problem, "Correct the weights.")


def _used_weight(
    into: AtHand, clause: Any, name: str, given: dict[str, n.AnyNode], known: dict[str, n.Known]
) -> n.AnyNode:
    """The weight of a score: its own, or its share of the weights of the scores there are."""
    own = given[name]
    if clause.missing != "reweight":
        return own
    place, nothing = into.place("missing"), n.Quantity(Fraction(0), PERCENT)
    there = tuple(n.Choose(known[one], given[one], nothing, f"is there a score {one}?") for one in sorted(given))
    share = n.AsPercent(own, n.Fold("sum", None, there, source=place), source=place)
    return n.Choose(known[name], share, nothing, f"is there a score {name}?", source=place)


def _part(into: AtHand, clause: Any, name: str, score: n.Name, known: n.Known) -> n.AnyNode:
    """What a score adds to the whole."""
    place = score.source
    if clause.missing == "refuse":
        whole = n.OrElse(score, n.NoValue(f"the score {name!r} is missing", refused=True, source=place), source=place)
        return n.Of(into.name(f"weight.{name}"), whole, source=place)
    weighted = n.Of(into.name(f"weight.{name}"), score, source=place)
    return n.Choose(known, weighted, ZERO, f"is there a score {name}?", source=place)
