"""The reference page of the contract language, made from the models: a new field or kind of clause is on it at once.

``python -m bpo_contracts.formats.reference`` prints it. What a field means is in ``reference_words``; how it is
written, what there is to choose and whether it must be there are read from the models.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from datetime import date
from types import UnionType
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import StringConstraints

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
)
from bpo_contracts.contract.fields import CurrencyText, Formulas, FormulaText, Identifier, Model, NameText, Rows, Text
from bpo_contracts.contract.measure import ItemList, Measure
from bpo_contracts.formats.reference_words import FORMS, MEANINGS

_HEAD: Final = """\
# Reference

Every part of a contract and every kind of clause, with its fields. This page is made from the library
(`python -m bpo_contracts.formats.reference`); [language.md](language.md) explains how the parts go together.

A field that is not required has no effect where it is left out; a default is shown behind the "no". Some fields go
together or exclude one another: `bpo check` says so. Names, formulas, rows in words, quantities and roundings are
explained in [language.md](language.md). Measures, figures and clauses can have `readings` and a `reading` besides.
"""

_PARTS: Final[dict[str, type[Model]]] = {
    "The contract": Contract,
    "Term": Term,
    "Rounding rule": RoundingRule,
    "Measure": Measure,
    "List": ItemList,
    "Parameter": Parameter,
    "Series": Series,
    "Calendar": Calendar,
    "Figure": NamedFigure,
    "Amendment": Amendment,
}

_WAYS: Final[dict[str, str]] = {
    "charge": "A charge: it is billed.",
    "credit": "A credit: it lowers the invoice, and is written without a sign.",
    "bonus": "A bonus: it raises the invoice, and is written without a sign.",
    "both ways": "It moves the invoice either way, by its sign.",
    "none": "It has no family: it pays nothing by itself, or its parts say which way they go.",
}

_TYPES: Final[tuple[tuple[Any, str], ...]] = (
    (Rows, "rows in words"),
    (FormulaText, "a formula"),
    (Text, "text"),
    (NameText, "a name"),
    (Identifier, "an id"),
    (CurrencyText, "an ISO 4217 code"),
)

_FIRST: Final = ("name", "clause", "title", "words")
"""Fields that every clause has; they are explained once."""


def reference_text() -> str:
    """The reference page, in Markdown.

    Raises:
        LookupError: a field has no meaning in ``reference_words``.
    """
    return "\n".join([_HEAD, *_contents(), *_parts(), *_clauses()])


def _contents() -> Iterator[str]:
    kinds = ", ".join(f"[`{kind}`](#{kind})" for kind in sorted(KINDS))
    parts = ", ".join(f"[{title}]({_anchor(title)})" for title in _PARTS)
    yield f"{parts}.\n\nKinds of clause: {kinds}.\n"


def _parts() -> Iterator[str]:
    for title, model in _PARTS.items():
        yield f"## {title}\n\n{_prose(model)}\n"
        yield from _table(model)


def _clauses() -> Iterator[str]:
    yield "## Clauses\n\nA clause opens with its kind and its name, as in `service_credit: late_answers`. Every clause"
    yield "has `clause` (its number in the contract) and `words` (its text there), and can have a `title`.\n"
    for kind, model in sorted(KINDS.items()):
        yield f"### {kind}\n\n{_prose(model)}\n\n{_WAYS[model.family]}\n"
        yield from _table(model, without=("kind", *_FIRST))
        yield from _inner(model, {model})


def _inner(model: type[Model], seen: set[type[Model]]) -> Iterator[str]:
    """The models that stand inside a clause, each once."""
    hints = get_type_hints(model, include_extras=True)
    for name in model.model_fields:
        for part in _models(hints[name]):
            if part not in seen:
                seen.add(part)
                yield f"Inside `{name}`: {_prose(part)}\n"
                yield from _table(part)
                yield from _inner(part, seen)


def _models(hint: Any) -> Iterator[type[Model]]:
    if inspect.isclass(hint) and get_origin(hint) is None and issubclass(hint, Model):
        yield hint
    for inside in get_args(hint):
        yield from _models(inside)


def _table(model: type[Model], *, without: tuple[str, ...] = ()) -> Iterator[str]:
    hints = get_type_hints(model, include_extras=True)
    yield "| field | required | form or choices | meaning |\n| --- | --- | --- | --- |"
    names = [name for name in model.model_fields if name not in without]
    for name in sorted(names, key=lambda name: not model.model_fields[name].is_required()):
        field = model.model_fields[name]
        required = "yes" if field.is_required() else "no"
        if isinstance(field.default, str):
            required = f"no: `{field.default}`"
        form = _said(FORMS, model, name) or _form(hints[name])
        meaning = _said(MEANINGS, model, name)
        if not meaning:
            raise LookupError(f"say in reference_words what {name!r} of {model.__name__} means")
        yield f"| `{name}` | {required} | {form} | {meaning} |"
    yield ""


def _said(words: dict[str, str], model: type[Model], name: str) -> str:
    """The words for a field: those of its model or of one it is made of, else those of its name."""
    owners = (f"{one.__name__}.{name}" for one in model.__mro__)
    return next((words[owner] for owner in owners if owner in words), words.get(name, ""))


def _form(hint: Any) -> str:
    """How a value of this type is written."""
    for known, says in _TYPES:
        if hint == known:
            return says
    said: list[Any] = []
    if get_origin(hint) is Annotated:
        hint, *said = get_args(hint)
    inside = [one for one in get_args(hint) if one is not type(None)]
    origin = get_origin(hint)
    if origin is Literal:
        return ", ".join(f"`{choice}`" for choice in inside)
    if origin in (Union, UnionType):
        return ", or ".join(_form(one) for one in inside)
    if origin is tuple:
        one = _form(inside[0])
        shared = any(getattr(each, "func", None) in _one_or_more() for each in said)
        return f"{one}, or a list of them" if shared else f"a list, each {one}"
    if origin is dict:
        return f"{_form(inside[0])}: {_form(inside[1])}"
    if inspect.isclass(hint) and issubclass(hint, Model):
        return _link(hint)
    return "a day" if hint is date else _text(said)


def _text(said: list[Any]) -> str:
    """A text with a pattern is a whole number; each of those in the models is."""
    if any(isinstance(one, StringConstraints) and one.pattern for one in said):
        return "a whole number, 1 to 999"
    return "text"


def _one_or_more() -> list[Any]:
    return [one.func for one in get_args(Formulas) if hasattr(one, "func")]


def _link(model: type[Model]) -> str:
    titles = {part: title for title, part in _PARTS.items()}
    if model not in titles:
        return "see below"
    return f"[{titles[model].lower()}]({_anchor(titles[model])})"


def _anchor(title: str) -> str:
    return "#" + title.lower().replace(" ", "-")


def _prose(model: type[Model]) -> str:
    """A docstring as paragraphs; what Python wraps or quotes twice is not seen."""
    paragraphs = (inspect.getdoc(model) or "").split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()).replace("``", "`") for paragraph in paragraphs)


if __name__ == "__main__":
    sys.stdout.write(reference_text())
