"""The first periods: what holds while there are fewer of them than a clause looks back at?

Where nothing is said, the settlement of those periods stops (BPO244, BPO249). That is found at the desk, and not when the
first invoice is due.
"""

from __future__ import annotations

from collections.abc import Iterator

from bpo_contracts.contract.hints.saying import hint
from bpo_contracts.contract.lowering import Terms
from bpo_contracts.contract.references import leading_to_money
from bpo_contracts.terms import nodes as n
from bpo_contracts.values.findings import Finding
from bpo_contracts.values.sources import NOWHERE


def windows_without_start(terms: Terms) -> Iterator[Finding]:
    """BPO807: a window of so many periods that does not say what holds while there are fewer."""
    for node in _paid_for(terms):
        window = n.window_of(node)
        if window is None or node.source == NOWHERE:
            continue
        looks, stopped = _short_of(terms, window)
        if stopped and window.short == "refuse" and not window.said:
            noun = f"{terms.contract.period}s"
            problem = (
                f"This looks at {looks} and does not say what holds while there are fewer: {stopped} could not be"
                " settled (BPO244)."
            )
            step = (
                f"Write after the window what is agreed: '(short history: the {noun} there are)', '(short history: no"
                " result)', or '(short history: refuse)' if it is meant; put the formula in quotes."
            )
            yield hint("BPO807", "window-without-start", node.source, problem, step)


def _short_of(terms: Terms, window: n.Window) -> tuple[str, str]:
    """What a window looks at, and the first periods that have not so much behind them ("" if there are none)."""
    if window.before:
        whole = f"the whole of the {window.since.removeprefix('calendar ')} before"
        return whole, f"the first {window.since.removeprefix('calendar ')}"
    if window.length is None:
        return "", ""
    missing = window.length if window.previous else window.length - 1
    return f"{window.length} {terms.contract.period}s", _first(terms, missing) if missing > 0 else ""


def without_earlier(terms: Terms) -> Iterator[Finding]:
    """BPO808: an earlier period's value, without what holds before the first period."""
    for node in _paid_for(terms):
        if isinstance(node, n.Earlier) and node.before_start is None and node.source != NOWHERE:
            problem = (
                f"This needs {node.name!r} of an earlier {terms.contract.period} and does not say what it was before the"
                f" start: {_first(terms, node.periods)} could not be settled (BPO249)."
            )
            step = "Write after it what is agreed, as in '(before the start: 0 EUR)'; put the formula in quotes."
            yield hint("BPO808", "start-not-said", node.source, problem, step)


def _first(terms: Terms, periods: int) -> str:
    """The first so many periods of the term, by name."""
    first, last = terms.contract.first_period, terms.contract.last_period
    until = min(first.number + periods - 1, last.number)
    return first.label if until == first.number else f"{first.label} to {first.shift(until - first.number).label}"


def _paid_for(terms: Terms) -> Iterator[n.AnyNode]:
    """Every node of the figures that a line or consequence depends on.

    Not of measures: one whose ``missing`` is ``previous period`` has to be reported in the first, and no words help.
    """
    for name in sorted(leading_to_money(terms) - terms.contract.measures.keys()):
        node = terms.program.figure(name).node
        if node is not None:
            yield from _nodes(node)


def _nodes(node: n.AnyNode) -> Iterator[n.AnyNode]:
    """The nodes that are read in the first periods, too: what a look at earlier ones decides may wait for them."""
    yield node
    waits = isinstance(node, n.Choose) and any(n.looks_back(one) for one in n.all_in(node.condition))
    for child in (node.condition,) if isinstance(node, n.Choose) and waits else n.children(node):
        yield from _nodes(child)


def years_that_begin_inside(terms: Terms) -> Iterator[Finding]:
    """BPO822: something is of the contract year, or an index is reviewed with the calendar year, and that begins inside a
    period."""
    contract = terms.contract
    first, starts_on = contract.first_period, contract.term.starts_on
    years = {_year_of(node) for node in _paid_for(terms)}
    if "contract year" in years and starts_on != first.start:
        last = first.shift(12 // contract.every.value - 1)
        problem = (
            f"A contract year is counted in whole {contract.period}s, and the term begins on {starts_on}, inside {first.label}:"
            f" the first year is {first.label} to {last.label}."
        )
        step = "If the year is to end with the day before its anniversary, let periods begin on that day, or name calendar years."
        yield hint("BPO822", "year-inside-a-period", contract.place(("term", "starts_on")), problem, step)
    if "calendar year" in years and contract.anchor_day > 1:
        problem = (
            f"An index is reviewed each calendar year, and periods begin on day {contract.anchor_day}: what holds from 1 January"
            " on is read from the first period that begins in January on."
        )
        step = (
            "If it is to hold from 1 January on, let periods begin on the first day of a month, or review it otherwise."
        )
        yield hint("BPO822", "year-inside-a-period", contract.place(("period_starts_on_day",)), problem, step)


def _year_of(node: n.AnyNode) -> str:
    """The year that a node counts in: the contract year, or the calendar year of an index; "" for any other node."""
    window = n.window_of(node)
    if isinstance(node, n.SeriesValue):
        return node.counted_from
    of_year = isinstance(node, n.PeriodPlace) and node.of == "year"
    return "contract year" if of_year or (window is not None and window.since == "year") else ""
