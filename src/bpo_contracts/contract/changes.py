"""Changes to a contract document: amendments, chosen readings, and what-if questions are all "this value instead of
that".

A **path** names a value as a person would: ``clauses/late_credit/table/under 98 %`` (a clause by its own name,
everything
else by its key). The changed document keeps every place: what was not changed points to the contract, what was
changed to
the change. Nothing is ever changed in place. What an amendment takes out is ``removed``: a field, a row, a clause.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from bpo_contracts.contract.clauses.kinds import KINDS
from bpo_contracts.values.findings import refuse
from bpo_contracts.values.frozen import frozen
from bpo_contracts.values.nodes import DocNode, ListNode, MapNode, Scalar

REMOVED: Final = "removed"

_SECTIONS: Final = ("calendars", "figures", "lists", "measures", "parameters", "scopes", "series")
"""The sections of a contract that are maps of named things, and may be left out."""


@frozen
class Change:
    """``path`` with the place it is written at, and the value that holds instead; ``removed`` leaves nothing there."""

    path: Scalar
    value: DocNode


def changed(document: MapNode, changes: Iterable[Change]) -> MapNode:
    """The document with the changes made, in their order.

    Raises:
        BadInput: BPO130 if a path leads nowhere (the nearest key is named).
    """
    for change in changes:
        path = change.path.text.split("/")
        result = _set(_with_section(document, path, change), path, change)
        if not isinstance(result, MapNode):
            raise AssertionError("a changed map is a map")
        document = result
    return document


def _with_section(document: MapNode, path: Sequence[str], change: Change) -> MapNode:
    """The document, with an empty section for the first thing of its kind that a change brings in."""
    if len(path) != 2 or path[0] not in _SECTIONS or document.entry(path[0]) is not None or _takes_out(change):
        return document
    key = replace(change.path, text=path[0])
    return MapNode((*document.entries, (key, MapNode((), change.path.source))), document.source)


def _set(node: DocNode, path: Sequence[str], change: Change) -> DocNode:
    if not path:
        return change.value
    if isinstance(node, MapNode):
        return _set_in_map(node, path, change)
    if isinstance(node, ListNode):
        return _set_in_list(node, path, change)
    raise _nowhere(change, path[0], [])


def _takes_out(change: Change) -> bool:
    return isinstance(change.value, Scalar) and change.value.text == REMOVED


def _set_in_map(node: MapNode, path: Sequence[str], change: Change) -> MapNode:
    entry = node.entry(path[0])
    if entry is None:
        if len(path) > 1 or _takes_out(change):
            raise _nowhere(change, path[0], [key.text for key, _ in node.entries])
        key = replace(change.path, text=path[0])
        return MapNode((*node.entries, (key, change.value)), node.source)
    if len(path) == 1 and _takes_out(change):
        return MapNode(tuple(one for one in node.entries if one[0].text != path[0]), node.source)
    key = entry[0] if len(path) > 1 else replace(change.path, text=path[0])
    new = (key, _set(entry[1], path[1:], change))
    return MapNode(tuple(new if old[0].text == path[0] else old for old in node.entries), node.source)


def _set_in_list(node: ListNode, path: Sequence[str], change: Change) -> ListNode:
    names = [name_of(item) for item in node.items]
    if path[0] == "+" and len(path) == 1:
        return ListNode((*node.items, change.value), node.source)
    if path[0] not in names:
        raise _nowhere(change, path[0], [name for name in names if name])
    if len(path) == 1 and _takes_out(change):
        kept = (item for name, item in zip(names, node.items, strict=True) if name != path[0])
        return ListNode(tuple(kept), node.source)
    items = tuple(
        _set(item, path[1:], change) if name == path[0] else item for name, item in zip(names, node.items, strict=True)
    )
    return ListNode(items, node.source)


def name_of(item: DocNode) -> str:
    """A clause's own name; "" for anything else."""
    if isinstance(item, MapNode):
        for key, value in item.entries:
            if key.text in KINDS and isinstance(value, Scalar):
                return value.text
    return ""


def _nowhere(change: Change, part: str, known: Sequence[str]) -> Exception:
    near = difflib.get_close_matches(part, known, n=1, cutoff=0.5)
    hint = f"Did you mean {near[0]!r}?" if near else "Name a value of the contract, as in clauses/late_credit/at_most."
    return refuse(
        "BPO130",
        "path-leads-nowhere",
        f"There is no {part!r} on the way {change.path.text!r}.",
        hint,
        change.path.source,
    )


def with_readings(document: MapNode) -> MapNode:
    """The document with every chosen reading put in place.

    A clause, measure or figure whose words can be read in several ways lists them under ``readings`` and says which
    one is
    agreed with ``reading``; the fields of that reading stand as if they were written in the clause. They are changes
    to it as those of an amendment are: paths lead into its tables, and ``removed`` takes a field or a row out, or in
    place of the fields the clause itself. An alternative reading is one changed word.

    Raises:
        BadInput: BPO131 if the chosen reading is not one of the list, or nothing is chosen; BPO130 if a path of it
            leads nowhere; BPO149 if it is no map of fields.
    """
    return MapNode(tuple((key, _read(key.text, value)) for key, value in document.entries), document.source)


def _read(section: str, node: DocNode) -> DocNode:
    if section == "clauses" and isinstance(node, ListNode):
        items = (_chosen(item) for item in node.items)
        return ListNode(tuple(item for item in items if item is not None), node.source)
    if section in ("measures", "figures") and isinstance(node, MapNode):
        entries = ((key, _chosen(value)) for key, value in node.entries)
        return MapNode(tuple((key, value) for key, value in entries if value is not None), node.source)
    return node


def _chosen(node: DocNode) -> DocNode | None:
    """The node as its chosen reading says; None if that takes it out."""
    if not isinstance(node, MapNode) or node.entry("readings") is None:
        return node
    readings_key, readings = node.entry("readings") or (None, None)
    chosen = node.entry("reading")
    known = [key.text for key, _ in readings.entries] if isinstance(readings, MapNode) else []
    if chosen is None or not isinstance(chosen[1], Scalar) or chosen[1].text not in known:
        place = chosen[1].source if chosen else (readings_key.source if readings_key else node.source)
        raise refuse(
            "BPO131",
            "reading-not-chosen",
            "The words can be read in several ways, and it is not said which one is agreed.",
            f"Add 'reading: …' with one of: {', '.join(known) or 'the names under readings'}.",
            place,
        )
    fields = readings.entry(chosen[1].text) if isinstance(readings, MapNode) else None
    own = MapNode(tuple(one for one in node.entries if one[0].text not in ("readings", "reading")), node.source)
    return own if fields is None else _as_read(own, *fields)


def _as_read(node: MapNode, name: Scalar, fields: DocNode) -> DocNode | None:
    if isinstance(fields, MapNode):
        return changed(node, (Change(key, value) for key, value in fields.entries))
    if isinstance(fields, Scalar) and fields.text == REMOVED:
        return None
    if isinstance(fields, Scalar) and not fields.text:
        return node  # a reading that was left empty: the fields as they stand
    problem = f"The reading {name.text!r} is no map of fields."
    step = f"Write the fields that differ, as in 'at_most: 500.00 EUR', or '{REMOVED}' if nothing of this holds."
    raise refuse("BPO149", "wrong-form", problem, step, fields.source)
