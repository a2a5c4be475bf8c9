"""The JSON Schema of a contract, made from the models: a new kind of clause is in it at once.

Texts that formulas, names and rows are written in are described once and referred to. What follows from several fields
together (units, rows, limits) is not said here: that is what ``bpo check`` is for.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cache
from types import UnionType
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin, get_type_hints

from bpo_contracts.contract.clauses.base import Clause
from bpo_contracts.contract.clauses.kinds import KINDS
from bpo_contracts.contract.contract import Contract, NamedFigure, Parameter
from bpo_contracts.contract.fields import NAME, CurrencyText, Formulas, Identifier, Model, NameText
from bpo_contracts.contract.measure import Measure
from bpo_contracts.contract.reading import CLAUSES_MAX
from bpo_contracts.values.currencies import MINOR_DIGITS

Schema = dict[str, Any]

_TEXT: Final[Schema] = {"type": ["string", "number"]}
"""A text; a number that stands without quotes in YAML is the same text to this library."""

_SHARED: Final[dict[str, Schema]] = {
    "text": {**_TEXT, "description": "Words for people.", "minLength": 1, "maxLength": 4000},
    "formula": {**_TEXT, "description": "A formula, or a quantity with its unit.", "minLength": 1, "maxLength": 4096},
    "name": {"type": "string", "description": "A name that formulas can use.", "pattern": f"^{NAME}$"},
    "identifier": {
        **_TEXT,
        "description": "An id that leaves the library: in ledgers, file names, invoices.",
        "pattern": "^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9])?$",
    },
    "currency": {"description": "An ISO 4217 code in use.", "enum": sorted(MINOR_DIGITS)},
    "one_or_more": {
        "description": "One text, or a list of them.",
        "anyOf": [dict(_TEXT), {"type": "array", "items": dict(_TEXT)}],
    },
}


def contract_schema() -> Schema:
    """The schema of a contract document, without its head."""
    definitions = _Definitions()
    clauses = [definitions.clause(kind, model) for kind, model in sorted(KINDS.items())]
    schema = definitions.model(Contract, without=("clauses",))
    schema["properties"]["clauses"] = {
        "description": "The numbered provisions, in any order.",
        "type": "array",
        "minItems": 1,
        "maxItems": CLAUSES_MAX,
        "items": {"anyOf": clauses},
    }
    return {**schema, "$defs": dict(sorted({**_SHARED, **definitions.made}.items()))}


class _Definitions:
    """The models a contract is made of, each described once."""

    def __init__(self) -> None:
        self.made: dict[str, Schema] = {}

    def clause(self, kind: str, model: type[Clause]) -> Schema:
        """A reference to one kind of clause, as documents write it: the kind is the key, the name its value."""
        schema = self.model(model, without=("kind", "name"))
        properties = {kind: _shared("name"), **schema["properties"]}
        required = [kind, *(name for name in schema["required"] if name not in ("kind", "name"))]
        self.made[kind] = _with_readings(schema | {"properties": properties, "required": required}, always=[kind])
        return _shared(kind)

    def model(self, model: type[Model], *, without: Sequence[str] = ()) -> Schema:
        """A model's own schema: fields that must be there first, as they are declared."""
        hints = get_type_hints(model, include_extras=True)
        fields = sorted(model.model_fields, key=lambda name: not model.model_fields[name].is_required())
        return {
            "type": "object",
            "description": inspect.getdoc(model) or "",
            "properties": {
                name: self.value(hints[name], model.model_fields[name].metadata)
                for name in fields
                if name not in without
            },
            "required": [name for name in fields if model.model_fields[name].is_required()],
            "additionalProperties": False,
        }

    def value(self, hint: Any, metadata: Iterable[Any] = ()) -> Schema:
        """The schema of a field's type."""
        if get_origin(hint) is Annotated:
            hint, *own = get_args(hint)
            metadata = [*own, *metadata]
        said = list(_flat(metadata))
        known = next((name for one in said if (name := _known().get(getattr(one, "func", None)))), None)
        if known is not None:
            return _shared(known)
        origin, inside = get_origin(hint), get_args(hint)
        if origin in (Union, UnionType):
            choices = [self.value(one, said) for one in inside if one is not type(None)]
            return choices[0] if len(choices) == 1 else {"anyOf": choices}
        if origin is Literal:
            return {"enum": list(inside)}
        if origin is tuple:
            return {"type": "array", "items": self.value(inside[0]), **_limits(said, "Items")}
        if origin is dict:
            keys, values = self.value(inside[0]), self.value(inside[1])
            return {"type": "object", "propertyNames": keys, "additionalProperties": values}
        if inspect.isclass(hint) and issubclass(hint, Model):
            return self._reference(hint)
        if hint is Any:
            return {}
        return {"type": "string", "format": "date"} if hint is date else _text(said)

    def _reference(self, model: type[Model]) -> Schema:
        """A reference to a model that stands inside another, with the short ways to write it."""
        name = model.__name__
        if name not in self.made:
            schema = self.model(model)
            self.made[name] = _with_readings(schema) if model in (Measure, NamedFigure) else schema
        if model is NamedFigure:  # a figure that is nothing but its formula is written as the formula
            return {"anyOf": [_shared("formula"), _shared(name)]}
        if model is Parameter:  # the values alone, each from its day on
            return {"anyOf": [_shared(name), {"type": "object", "additionalProperties": _shared("formula")}]}
        return _shared(name)


def _with_readings(schema: Schema, *, always: Sequence[str] = ()) -> Schema:
    """Words that can be read in several ways list the readings; the one that is chosen brings the other fields."""
    properties = {
        **schema["properties"],
        "readings": {
            "description": "What the words can mean: fields by the name of the reading.",
            "type": "object",
            "minProperties": 1,
            "additionalProperties": {"anyOf": [{"type": "object"}, {"enum": ["removed", ""]}]},
        },
        "reading": {"description": "The reading that is agreed.", "type": "string"},
    }
    return {
        **schema,
        "properties": properties,
        "required": list(always),
        "if": {"required": ["readings"]},
        "then": {"required": ["reading"]},
        "else": {"required": schema["required"]},
    }


def _shared(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _flat(metadata: Iterable[Any]) -> Iterator[Any]:
    """What a field says about its values; a ``Field(…)`` inside brackets holds several such things."""
    for said in metadata:
        inner = getattr(said, "metadata", None)
        yield from inner if isinstance(inner, list) else (said,)


def _text(said: Sequence[Any]) -> Schema:
    patterns = [{"pattern": one.pattern} for one in said if getattr(one, "pattern", None)]
    schema = {**_TEXT, **_limits(said, "Length"), **(patterns[0] if patterns else {})}
    for name, shared in _SHARED.items():
        if {key: value for key, value in shared.items() if key != "description"} == schema:
            return _shared(name)
    return schema


def _limits(said: Sequence[Any], noun: str) -> Schema:
    ends = (("min_length", f"min{noun}"), ("max_length", f"max{noun}"))
    return {key: getattr(one, end) for one in said for end, key in ends if getattr(one, end, None) is not None}


@cache
def _known() -> dict[Any, str]:
    """Field types that their validator makes what they are, by its function. Formulas and Names share one."""
    types = {"identifier": Identifier, "name": NameText, "currency": CurrencyText, "one_or_more": Formulas}
    return {said.func: name for name, alias in types.items() for said in get_args(alias) if hasattr(said, "func")}
