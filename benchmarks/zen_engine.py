"""The reference job in zen-engine, in several forms, with its trace on.

All forms answer the same to the cent. Content is compiled once by the engine's own loader, and a month is one
``evaluate`` of a map that is in memory. ``create_decision`` and ``get_decision`` took two to three times as long as the
loader, and a context as JSON text no less than a map: they are not used.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reference_job import CAP_PERCENT, FEE_CENTS, POOL_PERCENT, Band, Job, hundredths

_FEE = f"{FEE_CENTS // 100}.{FEE_CENTS % 100:02}"
_Facts = dict[str, float]


def contender(job: Job, form: str) -> tuple[list[_Facts], Callable[[_Facts], float]]:
    """The months, ready in memory as zen takes them, and what settles one with a trace: the net amount in euros."""
    import zen

    engine = zen.ZenEngine({"loader": {"type": "static", "content": {form: FORMS[form](job)}}})
    options: zen.DecisionEvaluateOptions = {"trace": True}
    evaluate = engine.evaluate

    def settle(facts: _Facts) -> float:
        net: float = evaluate(form, facts, options)["result"]["net"]
        return net

    return [{f"level_{i}": value / 100 for i, value in enumerate(facts)} for facts in job.months], settle


def _tables(job: Job, *, chained: bool) -> dict[str, Any]:
    """A decision table for each clause; what they find flows into one node of expressions.

    The trace names the row that was reached.
    """
    nodes = [_node("in", "inputNode", {})]
    edges = []
    last = "in"
    for index, table in enumerate(job.bands):
        name = f"t{index}"
        nodes.append(_node(name, "decisionTableNode", _table(index, table) | {"passThrough": chained}))
        edges.append((last, name))
        if chained:
            last = name
        else:
            edges.append((name, "sum"))
    if chained:
        edges.append((last, "sum"))
    nodes += [_node("sum", "expressionNode", _expressions(_amounts(job))), _node("out", "outputNode", {})]
    return _graph(nodes, [*edges, ("sum", "out")])


def _table(index: int, table: tuple[Band, ...]) -> dict[str, Any]:
    rules = [
        {"_id": f"{index}.{number}", "at": f">= {hundredths(band.low)}" if band.low else "", "gives": _percent(band)}
        for number, band in enumerate(reversed(table))
    ]
    return {
        "hitPolicy": "first",
        "inputs": [{"id": "at", "name": "at", "field": f"level_{index}"}],
        "outputs": [{"id": "gives", "name": "gives", "field": f"rate_{index}"}],
        "rules": rules,
    }


def _expression(job: Job, *, inline: bool) -> dict[str, Any]:
    """One node of expressions; with ``inline`` the rates are no results of their own, so no trace shows them."""
    if inline:
        amounts = _amounts(job, [f"({_ternary(index, table)})" for index, table in enumerate(job.bands)])
    else:
        rates = [(f"rate_{index}", _ternary(index, table)) for index, table in enumerate(job.bands)]
        amounts = rates + _amounts(job, [f"$.rate_{index}" for index in range(len(job.bands))])
    nodes = [_node("in", "inputNode", {}), _node("sum", "expressionNode", _expressions(amounts))]
    return _graph(nodes, [("in", "sum")])


def _ternary(index: int, table: tuple[Band, ...]) -> str:
    better = [f"level_{index} >= {hundredths(band.low)} ? {_percent(band)} : " for band in reversed(table[1:])]
    return "".join(better) + _percent(table[0])


def _amounts(job: Job, rates: list[str] | None = None) -> list[tuple[str, str]]:
    names = rates or [f"rate_{index}" for index in range(len(job.bands))]
    return [
        ("pool", f"{_FEE} * {POOL_PERCENT} / 100"),
        *((f"credit_{index}", f"round($.pool * {rate} / 100, 2)") for index, rate in enumerate(names)),
        ("total", " + ".join(f"$.credit_{index}" for index in range(len(job.bands)))),
        ("granted", f"min([$.total, round({_FEE} * {CAP_PERCENT} / 100, 2)])"),
        ("net", f"{_FEE} - $.granted"),
    ]


def _percent(band: Band) -> str:
    return f"{float(band.percent)}"


def _expressions(items: list[tuple[str, str]]) -> dict[str, Any]:
    return {"expressions": [{"id": key, "key": key, "value": value} for key, value in items]}


def _node(name: str, kind: str, content: dict[str, Any]) -> dict[str, Any]:
    return {"id": name, "name": name, "type": kind, "content": content, "position": {"x": 0, "y": 0}}


def _graph(nodes: list[dict[str, Any]], edges: list[tuple[str, str]]) -> dict[str, Any]:
    joined = [{"id": f"{a}>{b}", "type": "edge", "sourceId": a, "targetId": b} for a, b in edges]
    return {"contentType": "application/vnd.gorules.decision", "nodes": nodes, "edges": joined}


FORMS: dict[str, Callable[[Job], dict[str, Any]]] = {
    "tables": lambda job: _tables(job, chained=False),
    "tables, chained": lambda job: _tables(job, chained=True),
    "expressions": lambda job: _expression(job, inline=False),
    "expressions without rates": lambda job: _expression(job, inline=True),
}

__all__ = ["FORMS", "contender"]
