"""From a document to a contract: every mistake of the document reported at once, each at its place."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from bpo_contracts.contract.changes import with_readings
from bpo_contracts.contract.choices import MISSING, choices_step
from bpo_contracts.contract.clauses.base import Clause
from bpo_contracts.contract.clauses.kinds import KINDS
from bpo_contracts.contract.contract import (
    Amendment,
    Calendar,
    Contract,
    NamedFigure,
    Parameter,
    RoundingRule,
    Series,
    Term,
    split_kind,
)
from bpo_contracts.contract.measure import ItemList, Measure
from bpo_contracts.contract.names import name_findings
from bpo_contracts.contract.next_steps import code_step, form_step, missing_step, rule_step
from bpo_contracts.values.findings import SHOWN_MAX, BadInput, Finding
from bpo_contracts.values.nodes import DocNode, ListNode, MapNode, Scalar, find, find_key, plain
from bpo_contracts.values.sources import Source

if TYPE_CHECKING:
    from pydantic import BaseModel, ValidationError
    from pydantic_core import ErrorDetails

CLAUSES_MAX = 500


def read_contract(document: DocNode) -> Contract:
    """The contract that a document writes. Formulas and tables are read when it is lowered.

    Raises:
        BadInput: with every finding (BPO140 to BPO149).
    """
    if not isinstance(document, MapNode):
        raise BadInput(
            [
                Finding(
                    "BPO140",
                    "not-a-contract",
                    document.source,
                    "A contract document is a map of fields; this is not.",
                    "Start with 'contract: <id>' on a line of its own.",
                )
            ]
        )
    written, document = document, with_readings(document)
    values: Any = plain(document)
    findings, clauses = _read_clauses(document, values)
    contract = None
    try:
        contract = Contract.model_validate({**values, "clauses": clauses or (_stand_in(),)})
    except ValueError as error:
        findings += _explained(error, document, (), Contract)  # type: ignore[arg-type]  # pydantic's is a ValueError
    if findings or contract is None:
        raise BadInput(_each_name_once(findings))
    contract = contract.attached(document, written)
    if findings := name_findings(contract):
        raise BadInput(findings)
    return contract


def _stand_in() -> Clause:
    """A clause in place of those that cannot be read, so that the rest of the contract is looked at too."""
    return Clause(kind="none", name="none_", clause="0", words="-")


def _read_clauses(document: MapNode, values: dict[str, Any]) -> tuple[list[Finding], tuple[Clause, ...]]:
    entry = document.entry("clauses")
    if entry is None:
        return [_finding("BPO141", "no-clauses", document.source, "There is no list 'clauses'.")], ()
    key, node = entry
    if not isinstance(node, ListNode) or not node.items:
        return [_finding("BPO141", "no-clauses", key.source, "'clauses' is a list of at least one clause.")], ()
    if len(node.items) > CLAUSES_MAX:
        problem = f"The contract has {len(node.items)} clauses; at most {CLAUSES_MAX} are allowed."
        return [_finding("BPO142", "too-many-clauses", key.source, problem)], ()
    findings: list[Finding] = []
    clauses: list[Clause] = []
    for index, item in enumerate(node.items):
        try:
            clauses.append(_read_clause(document, index, item, values["clauses"][index], findings))
        except _Skip:
            if len(findings) >= SHOWN_MAX:
                break
    return findings, tuple(clauses)


class _Skip(Exception):
    """The clause cannot be read; its findings are noted."""


def _read_clause(document: MapNode, index: int, item: DocNode, value: Any, findings: list[Finding]) -> Clause:
    if not isinstance(item, MapNode):
        findings.append(_finding("BPO143", "not-a-clause", item.source, "A clause is a map that opens with its kind."))
        raise _Skip
    try:
        kind, name, fields = split_kind(dict(value))
    except ValueError as error:
        first = item.entries[0][0] if item.entries else Scalar("", False, item.source)
        near = difflib.get_close_matches(first.text, KINDS, n=1)
        hint = f"Did you mean {near[0]!r}?" if near else f"The kinds are: {', '.join(sorted(KINDS))}."
        findings.append(Finding("BPO144", "unknown-kind", first.source, _sentence(str(error)), hint))
        raise _Skip from None
    try:
        return KINDS[kind].model_validate({"kind": kind, "name": name, **fields})
    except ValueError as error:
        findings += _explained(error, document, ("clauses", index), KINDS[kind], kind=kind)  # type: ignore[arg-type]  # as above
        raise _Skip from None


def _explained(
    error: ValidationError, document: MapNode, prefix: tuple[str | int, ...], model: type[BaseModel], kind: str = ""
) -> Iterable[Finding]:
    for detail in islice(error.errors(include_url=False), SHOWN_MAX):
        path = (*prefix, *(kind if part == "name" and kind else part for part in detail["loc"]))
        yield _explain(detail, document, path, model)
    if error.error_count() > SHOWN_MAX:
        place = find(document, prefix)
        problem = f"There are {error.error_count():,} problems here, and {SHOWN_MAX} of them are said."
        yield Finding("BPO121", "too-many-problems", place, problem, "Correct these first.")


def _explain(detail: ErrorDetails, document: MapNode, path: tuple[str | int, ...], model: type[BaseModel]) -> Finding:
    field = str(path[-1]) if path else ""
    match detail["type"]:
        case "missing":
            place = find_key(document, path[:-1])
            step = _says(_part(model, path), field)
            return Finding("BPO145", "field-missing", place, f"The field {field!r} is missing.", step)
        case "extra_forbidden":
            model = _part(model, path)
            near = difflib.get_close_matches(field, model.model_fields, n=1, cutoff=0.5)
            hint = f"Did you mean {near[0]!r}?" if near else f"The fields here are: {', '.join(_fields(model))}."
            return Finding(
                "BPO146", "unknown-field", find_key(document, path), f"There is no field {field!r} here.", hint
            )
        case "literal_error":
            choices = re.findall(r"'([^']*)'", detail.get("ctx", {}).get("expected", ""))
            problem = f"{_seen(detail)} is not one of the choices for {field!r}."
            step = choices_step(field, str(detail["input"]), choices)
            return Finding("BPO147", "not-a-choice", find(document, path), problem, step)
        case "too_long":
            most = detail.get("ctx", {}).get("max_length", 0)
            problem = f"{field!r} has {len(detail['input']):,} entries; at most {most:,} are allowed."
            step = "Write a formula where rows follow a rule, or split the clause."
            return Finding("BPO274", "table-too-long", find_key(document, path), problem, step)
        case "value_error" | "assertion_error":
            message = detail["msg"].split(", ", 1)[1] if ", " in detail["msg"] else detail["msg"]
            place, step = _named_in(message, document, path)
            if path[-1:] == ("[key]",):
                place = find_key(document, path[:-1])
            elif _is_no_name(message):
                place = _declared(document, str(detail["input"])) or place
            return Finding("BPO148", "field-refused", place, _sentence(message), step)
        case _:
            problem = f"{_seen(detail)} does not fit {field!r}: {detail['msg'][0].lower() + detail['msg'][1:]}."
            step = form_step(detail["type"], field)
            return Finding("BPO149", "wrong-form", find(document, path), problem, step)


def _declared(document: MapNode, name: str) -> Source | None:
    """Where the contract declares a name, None if it does not: there it is changed, wherever it is used."""
    for part in _DECLARING:
        entry = document.entry(part)
        if entry is not None and isinstance(entry[1], MapNode) and entry[1].entry(name) is not None:
            return find_key(document, (part, name))
    return None


def _each_name_once(findings: Iterable[Finding]) -> list[Finding]:
    """The findings, a name that cannot be one only where it is declared and not at each of its uses."""
    kept: list[Finding] = []
    for finding in findings:
        if not _is_no_name(finding.problem) or finding not in kept:
            kept.append(finding)
    return kept


def _is_no_name(message: str) -> bool:
    return "is a word of the formula language" in message or "is not a name: " in message


_DECLARING: Final = ("scopes", "parameters", "series", "calendars", "measures", "lists", "figures")


def _named_in(message: str, document: MapNode, path: tuple[str | int, ...]) -> tuple[Source, str]:
    """Where the first field that a message names stands, and the fields that are to be added beside it."""
    named = list(dict.fromkeys(re.findall(_QUOTED, message)))
    places = {field: find_key(document, (*path, field)) for field in named}
    there = [field for field in named if places[field] != find_key(document, path)]
    missing = [repr(field) for field in named if field not in there]
    step = rule_step(message, str(path[-1]) if path else "")
    if "go together" in message and there and missing:
        step = f"Add {' and '.join(missing)}. {step}"
    return places[there[0]] if there else find(document, path), step


_QUOTED: Final = r"'([a-z_]+)[:']"


def _part(model: type[BaseModel], path: tuple[str | int, ...]) -> type[BaseModel]:
    """The model of the part of the contract that a path leads into."""
    return _PARTS.get(str(path[0]), model) if model is Contract and len(path) > 1 else model


_PARTS: Final[dict[str, type[BaseModel]]] = {
    "measures": Measure,
    "lists": ItemList,
    "figures": NamedFigure,
    "series": Series,
    "calendars": Calendar,
    "parameters": Parameter,
    "term": Term,
    "rounding": RoundingRule,
    "amendments": Amendment,
}


def _says(model: type[BaseModel], field: str) -> str:
    info = model.model_fields.get(field)
    choices = [one for one in getattr(info.annotation, "__args__", ()) if isinstance(one, str)] if info else []
    if field == "missing" and model is Measure:
        return choices_step(field, "", MISSING, also="a value that holds then").replace("Write", "Add it:", 1)
    return choices_step(field, "", choices).replace("Write", "Add it:", 1) if choices else missing_step(field)


def _fields(model: type[BaseModel]) -> list[str]:
    return [name for name in model.model_fields if name not in ("kind", "name")]


def _seen(detail: ErrorDetails) -> str:
    value = detail["input"]
    if isinstance(value, str):
        return repr(value[:40]) + ("…" if len(value) > 40 else "")
    return "A map" if isinstance(value, dict) else "A list"


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:] + ("" if text.endswith(".") else ".")


def _finding(code: str, name: str, place: Source, problem: str) -> Finding:
    return Finding(code, name, place, problem, code_step(code))
