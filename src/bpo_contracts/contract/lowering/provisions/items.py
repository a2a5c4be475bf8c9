"""What clauses say about items: repeats, one credit for each incident, amounts too small to pay."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bpo_contracts.contract.clauses.items import RepeatFailure, Smallest
from bpo_contracts.contract.lowering.at_hand import AtHand
from bpo_contracts.terms import nodes as n
from bpo_contracts.terms.nodes import ZERO
from bpo_contracts.values.rounding import Rounding
from bpo_contracts.values.sources import Source


def repeat_factor(into: AtHand, repeat: RepeatFailure) -> n.AnyNode:
    """The factor for the same failure again, read at ``x.repetition``: the item's own number, or how many there
    are."""
    over = item_list(into, "repeat_failure")
    columns = [*repeat.same, *([repeat.in_order_of] if repeat.in_order_of else [])]
    if not over or not are_columns(into, over, columns, "repeat_failure"):
        return ZERO
    place = into.place("repeat_failure")
    counted = _failures_that_count(into, repeat, over)
    if repeat.in_order_of is not None:
        number: n.AnyNode = n.Ordinal(over, repeat.same, repeat.in_order_of, counted, source=place)
    else:
        where = agrees(repeat.same, place)
        where = n.Every((where, counted), source=place) if counted is not None else where
        number = n.Fold("count", None, over, where, source=place)
    into.figure("repetition", number, "number of the failure")
    path = into.at("repeat_failure", "table")
    at = into.name("repetition")
    rows = into.tables.rows(repeat.table, path, at, for_each=into.for_each, closed=True, counts=True)
    return n.Curve(rows, "at", at, source=into.place("repeat_failure"))


def _failures_that_count(into: AtHand, repeat: RepeatFailure, over: str) -> n.Name | None:
    """A yes or no of each item, whether it is counted as a failure; None where all are."""
    clause: Any = into.here
    conditions: list[n.AnyNode] = []
    if clause.only_if or clause.unless:
        if repeat.excused is None:
            problem = "The clause has gates or excuses, and nothing says whether excused items count as failures."
            into.problem(
                "BPO263",
                "excused-not-said",
                into.place("repeat_failure"),
                problem,
                "Add 'excused: counted' or 'excused: not counted' to the repeat_failure.",
            )
        if repeat.excused == "not counted":
            conditions += [into.condition("only_if", index) for index in range(len(clause.only_if))]
            conditions += [n.Not(into.condition("unless", index)) for index in range(len(clause.unless))]
    elif repeat.excused is not None:
        problem = "'excused' says nothing here: the clause has no 'only_if' and no 'unless'."
        into.problem("BPO263", "excused-not-said", into.place("repeat_failure", "excused"), problem)
    if clause.where is not None:
        conditions.insert(0, into.condition_at(clause.where, "where"))
    if not conditions:
        return None
    into.figure("counted", n.Every(tuple(conditions), source=into.place("repeat_failure")), "whether it counts")
    return into.name("counted")


def smallest(into: AtHand, clause: Any, paid: n.AnyNode, rounding: Rounding, level: str, per: str) -> n.AnyNode:
    """The amount after the clause's rule for small amounts, where the rule is about this level."""
    small: Smallest | None = getattr(clause, "smallest", None)
    if small is None or (small.of or "the sum") != level:
        return paid
    place = into.place("smallest")
    if clause.family == "both ways":
        problem = f"A {clause.kind} goes both ways, and a smallest amount is about one way."
        into.problem("BPO264", "smallest-not-possible", place, problem)
    if small.compared == "after rounding":
        paid = n.Round(paid, rounding, source=place)
    into.figure("due", paid, "amount due", per=per)
    due = into.name("due")
    if small.raised_to is not None:
        raised = n.Extreme("max", (due, into.formula_at(small.raised_to, "smallest", "raised_to")), source=place)
        return n.Choose(n.Test(">", due, ZERO, source=place), raised, ZERO, f"is {due.name} above zero?", source=place)
    path = into.at("smallest", "issued_only")
    row = into.phrases.half_line(small.issued_only or "", path, None)
    if row is None:
        return paid
    if row.low is None:
        problem = f"{small.issued_only!r} would pay the small amounts; write 'over X' or 'X or more'."
        into.problem("BPO264", "smallest-not-possible", into.contract.place(path), problem)
        return paid
    issued = n.Test(">=" if row.low_closed else ">", due, row.low, source=place)
    return n.Choose(issued, due, ZERO, f"is {due.name} {small.issued_only}?", source=place)


def sum_of_items(into: AtHand, clause: Any, over: str) -> n.AnyNode:
    """The sum over a list; of the items of one incident only the highest counts, where the clause says so."""
    place = into.opening()
    same = getattr(clause, "only_the_highest_per", ())
    if not same or not are_columns(into, over, same, "only_the_highest_per"):
        return n.Fold("sum", into.name("each"), over, source=place)
    place = into.place("only_the_highest_per")
    highest = n.Fold("highest", into.name("each"), over, agrees(same, place), source=place)
    into.figure("highest", highest, "highest amount for the incident", per=over)
    columns = tuple(n.Name(column, source=place) for column in same)
    return n.Fold("sum", into.name("highest"), over, source=place, once_per=columns)


def agrees(columns: Sequence[str], place: Source) -> n.AnyNode:
    """That a row agrees with the item at hand in these columns."""
    tests = tuple(
        n.Test("==", n.Name(name, source=place), n.Name(name, 1, source=place), source=place) for name in columns
    )
    return tests[0] if len(tests) == 1 else n.Every(tests, source=place)


def item_list(into: AtHand, field_name: str) -> str:
    """The list the clause at hand is about; "" (and a finding) if it is about none."""
    per = into.per_of(into.here)
    if per in into.contract.lists:
        return per
    problem = f"{field_name!r} is about the items of a list, and the clause has no 'for_each' with a list."
    into.problem("BPO265", "needs-a-list", into.place(field_name), problem)
    return ""


def are_columns(into: AtHand, over: str, names: Sequence[str], field_name: str) -> bool:
    """Whether a list has these columns, which a field of the clause at hand names."""
    unknown = [name for name in names if name not in into.contract.lists[over].columns]
    if unknown:
        columns = ", ".join(sorted(into.contract.lists[over].columns))
        problem = f"The list {over!r} has no column {unknown[0]!r}; it has {columns}."
        into.problem("BPO279", "unknown-column", into.place(field_name), problem)
    return not unknown
