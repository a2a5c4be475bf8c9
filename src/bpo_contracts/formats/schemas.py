"""JSON Schemas (draft 2020-12) of the three documents: what an editor or another program can check by itself.

A schema says the form: fields, choices, which texts are names. What follows from several fields together (units, rows,
limits, data) is for ``bpo check`` and for the reader of performance to say.
"""

from __future__ import annotations

import json
from typing import Any, Final, Literal

from bpo_contracts.contract.clauses.kinds import KINDS
from bpo_contracts.contract.contract import SCHEMA as CONTRACT
from bpo_contracts.formats.schemas_contract import contract_schema
from bpo_contracts.performance.document import SCHEMA as PERFORMANCE
from bpo_contracts.settlement.writing import SCHEMA as SETTLEMENT
from bpo_contracts.values.currencies import MINOR_DIGITS

Which = Literal["contract", "performance", "settlement"]
Schema = dict[str, Any]

_DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"


def schema_text(which: Which) -> str:
    """The schema as JSON text: two spaces, fields in the order in which people read them, a line end.

    Raises:
        ValueError: for any other word.
    """
    makers = {"contract": _contract, "performance": _performance, "settlement": _settlement}
    if which not in makers:
        raise ValueError(f"there is no schema {which!r}; there are: {', '.join(makers)}")
    return json.dumps(makers[which](), ensure_ascii=False, indent=2) + "\n"


def _contract() -> Schema:
    return {"$schema": _DRAFT, "$id": CONTRACT, "title": "A contract", **contract_schema()}


def _object(required: Schema, optional: Schema | None = None, says: str = "") -> Schema:
    described: Schema = {"description": says} if says else {}
    return {
        "type": "object",
        **described,
        "properties": {**required, **(optional or {})},
        "required": list(required),
        "additionalProperties": False,
    }


def _list(items: Schema, says: str = "") -> Schema:
    return {"type": "array", "items": items, **({"description": says} if says else {})}


def _says(schema: Schema, words: str) -> Schema:
    return {**schema, "description": words}


_CELL: Final[Schema] = {"type": ["string", "integer"]}
_PERIOD: Final[Schema] = {"type": "string", "pattern": "^[0-9]{4}(-(0[1-9]|1[0-2]|Q[1-4]))?$"}
_STATUS: Final[Schema] = {"enum": ["provisional", "final", ""]}


def _performance() -> Schema:
    about = {
        "status": _says(_STATUS, "Left out or empty: final."),
        "source": _says({"type": "string"}, "Where the value comes from; it is kept as evidence."),
        "contract": _says({"type": "string"}, "The contract's id; a row of another contract is set aside."),
        "note": _says(_CELL, "Read by nobody."),
    }
    long = _row(
        {"period": _PERIOD, "measure": {"type": "string"}},
        {
            "value": _CELL,
            "numerator": _CELL,
            "denominator": _CELL,
            "sample": _says(_CELL, "The number of cases behind the value."),
            **about,
        },
        "One measure. Other fields are dimensions, such as a site or a carrier.",
    )
    wide = _row(
        {"period": _PERIOD},
        about,
        "One period: a field for each measure m (or m.numerator, m.denominator, m.sample) and dimension.",
    )
    item = _row(
        {"period": _PERIOD, "list": {"type": "string"}},
        {"item": _says(_CELL, "What tells this item from others."), **about},
        "One item of a list. Other fields are the list's columns.",
    )
    return {
        "$schema": _DRAFT,
        "$id": PERFORMANCE,
        "title": "A performance report",
        **_object(
            {"schema": {"const": PERFORMANCE}},
            {"measurements": _list(long), "periods": _list(wide), "items": _list(item)},
            "What happened, as rows. Numbers are text or integers; a field that is left out or empty was not reported.",
        ),
        "anyOf": [{"required": [section]} for section in ("measurements", "periods", "items")],
    }


def _row(required: Schema, optional: Schema, says: str) -> Schema:
    return _object(required, optional, says) | {"additionalProperties": _CELL}


_WORDS: Final[Schema] = {"type": "string"}
_DIGEST: Final[Schema] = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
_DAY: Final[Schema] = {"type": "string", "format": "date"}
_AMOUNT: Final[Schema] = {"type": "string", "pattern": "^-?[0-9]+([.][0-9]+|/[0-9]+)?$"}
_SCOPE: Final[Schema] = {"type": "object", "additionalProperties": {"type": "string"}}
_REFERENCE: Final[Schema] = {"type": "array", "prefixItems": [_WORDS, _WORDS], "minItems": 2, "maxItems": 2}
_LINE_STATUS: Final[Schema] = {
    "enum": [
        "met",
        "missed",
        "below minimum",
        "exceeded",
        "not reached",
        "applies",
        "no data",
        "gate closed",
        "excused",
    ]
}


def _settlement() -> Schema:
    references = _list(_REFERENCE, "Steps, each by its figure and its item (empty for the contract as a whole).")
    line = {
        "clause": _WORDS,
        "name": _WORDS,
        "kind": {"enum": sorted(KINDS)},
        "says": _WORDS,
        "words": _says(_WORDS, "The clause, as the contract has it."),
        "scope": _SCOPE,
        "status": _LINE_STATUS,
        "amount": _AMOUNT,
        "trail": references,
    }
    totals = _object({"charges": _AMOUNT, "adjustments": _AMOUNT, "net": _AMOUNT})
    unpaid = _list(_REFERENCE, "Items of a list that the clause pays nothing for, each with the reason.")
    determination = {
        "clause": _WORDS,
        "name": _WORDS,
        "scope": _SCOPE,
        "status": _LINE_STATUS,
        "reached": _list(_REFERENCE, "Questions, each with the row or branch that was reached."),
    }
    return {
        "$schema": _DRAFT,
        "$id": SETTLEMENT,
        "title": "A settlement",
        **_object(
            {
                "schema": {"const": SETTLEMENT},
                "contract": _object(dict.fromkeys(("id", "version", "title", "client", "provider"), _WORDS)),
                "currency": {"enum": sorted(MINOR_DIGITS)},
                "period": _object({"label": _PERIOD, "start": _DAY, "end": _says(_DAY, "The first day after it.")}),
                "revision": {"type": "integer", "minimum": 1},
                "supersedes": _says({"anyOf": [{"const": ""}, _DIGEST]}, "The record of the revision before."),
                "status": {"enum": ["final", "provisional"]},
                "charges": _list(_object(line)),
                "adjustments": _list(_object({**line, "gross": _says(_AMOUNT, "Before caps and collars.")})),
                "consequences": _list(_object(_consequence(references))),
                "determinations": _list(_object(determination, {"unpaid": unpaid})),
                "lots": _list(_object({"scope": _SCOPE, "totals": totals})),
                "totals": totals,
                "steps": _list(_object(_step(references)), "Premises come before what rests on them."),
                "engines": _list(_object({"name": _WORDS, "version": _WORDS})),
                "rulebook": _DIGEST,
                "digest": _says(_DIGEST, "SHA-256 of the canonical bytes (RFC 8785) without this field."),
            },
            says="All that one period's performance changes on its invoice, with its reasons. Numbers are exact text.",
        ),
    }


def _consequence(references: Schema) -> Schema:
    return {
        "clause": _WORDS,
        "name": _WORDS,
        "says": _WORDS,
        "words": _WORDS,
        "happens": _WORDS,
        "holds": {"type": "boolean"},
        "scope": _SCOPE,
        "trail": references,
    }


def _step(references: Schema) -> Schema:
    return {
        "figure": _WORDS,
        "item": _WORDS,
        "says": _WORDS,
        "clause": _WORDS,
        "formula": _WORDS,
        "value": _says(_WORDS, "Exact: decimals, or n/d where they do not end; empty where there is no value."),
        "unit": _WORDS,
        "premises": references,
        "reached": _says(_WORDS, "The row or branch that held."),
        "dropped": _says(_WORDS, "What a rounding took away: the value before it minus the value after it."),
        "note": _says(_WORDS, "Why there is no value; else the earlier values it used, or how it was found."),
    }
