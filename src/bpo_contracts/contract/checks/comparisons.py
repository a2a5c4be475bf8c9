"""Can a comparison hold, and can it fail?

A word that is not among the words of what it is compared with is a slip of the pen: the condition would never hold, and what
depends on it would be nothing, silently. A thing compared with itself is always equal: usually ``this item's`` is missing.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bpo_contracts.contract.contract import Contract
from bpo_contracts.contract.references import Part, full_name, parts_of
from bpo_contracts.terms import nodes as n
from bpo_contracts.terms.items import levels_of
from bpo_contracts.values.findings import Finding
from bpo_contracts.values.sources import NOWHERE
from bpo_contracts.values.units import WrongUnit

if TYPE_CHECKING:
    from bpo_contracts.contract.lowering import Terms

_DEEP: Final = 20
"""Through so many figures that only stand for another one their words are looked for."""


def comparisons(terms: Terms, versions: Sequence[Contract]) -> Iterator[Finding]:
    """BPO167 for a word that is compared and cannot be, BPO168 for a thing that is compared with itself.

    ``versions`` are all versions of the contract: where earlier periods are looked at, their words may stand, too.
    """
    for figure in terms.program.figures:
        for part in parts_of(figure):
            if isinstance(part.node, n.Test):
                left, right = (replace(part, node=one) for one in (part.node.left, part.node.right))
                yield from _unknown_word(terms, figure, left, right, versions)
                yield from _unknown_word(terms, figure, right, left, versions)
                yield from _with_itself(terms, part.node, left, right)


def _unknown_word(
    terms: Terms, figure: n.Figure, named: Part, word: Part, versions: Sequence[Contract]
) -> Iterator[Finding]:
    if not isinstance(word.node, n.Literal_) or not isinstance(word.node.value, str):
        return
    full, known = _declared(terms, named, versions)
    if not known or word.node.value in known:
        return
    place = next((one.source for one in (word.node, named.node, figure) if one.source != NOWHERE), NOWHERE)
    name, what = _as_called(terms.contract, full)
    words = ", ".join(sorted(known))
    problem = f"{word.node.value!r} is not one of the {what} of {name!r} ({words}): it is never that."
    near = _nearest(word.node.value, known)
    step = f'Did you mean "{near}"?' if near else f"Write one of them, or declare it with the {what} of {name!r}."
    yield Finding("BPO167", "word-that-cannot-be", place, problem, step)


def _as_called(contract: Contract, full: str) -> tuple[str, str]:
    """What formulas call a figure, and what its words are called."""
    over, _, column = full.partition(".")
    if over == column:
        return over, "lots"
    return column if over in contract.lists else full, "words"


def _nearest(word: str, known: Iterable[str]) -> str:
    folded = {one.casefold(): one for one in sorted(known)}
    near = difflib.get_close_matches(word.casefold(), folded, n=1, cutoff=0.6)
    return folded[near[0]] if near else ""


def _declared(terms: Terms, part: Part, versions: Sequence[Contract], depth: int = 0) -> tuple[str, frozenset[str]]:
    """The name of what can be compared with words, and the words it can be; none where any word can be."""
    node = part.node
    if isinstance(node, n.OrElse) and isinstance(node.fallback, n.Literal_):
        name, known = _declared(terms, replace(part, node=node.item), versions, depth)
        return name, known | {str(node.fallback.value)} if known else known
    if isinstance(node, n.Earlier) and not part.looks_back:
        name, known = _declared(terms, replace(part, looks_back=True), versions, depth)
        before = {str(node.before_start.value)} if isinstance(node.before_start, n.Literal_) else set[str]()
        return name, known | before if known else known
    full = full_name(terms, part)
    if not full or depth > _DEEP:
        return "", frozenset()
    of = [*versions, terms.contract] if part.looks_back else [terms.contract]
    known = frozenset(word for one in of for word in _words_in(one, full.removesuffix(".reported")))
    figure = terms.program.figure(full)
    if known:
        return full, known
    if isinstance(figure.node, n.Name) or _is_with_fallback(figure.node):
        below = replace(next(parts_of(figure)), looks_back=part.looks_back)
        return full, _declared(terms, below, versions, depth + 1)[1]
    return full, _levels(figure.node) if full.endswith(".level") else frozenset()


def _is_with_fallback(node: n.AnyNode | None) -> bool:
    return isinstance(node, n.OrElse) and isinstance(node.item, n.Name) and isinstance(node.fallback, n.Literal_)


def _words_in(contract: Contract, full: str) -> tuple[str, ...]:
    """The declared words of a measure, of a column (``list.column``) or of a scope (``site.site``)."""
    if full in contract.measures:
        return contract.measures[full].words
    over, _, column = full.partition(".")
    if over in contract.lists:
        return contract.lists[over].words.get(column, ())
    return contract.scopes.get(over, ()) if over == column else ()


def _levels(node: n.AnyNode | None) -> frozenset[str]:
    """The words of a service level: ``met``, ``missed`` and so on."""
    gives = [row.gives for row in node.rows] if isinstance(node, n.Curve) else []
    return frozenset(one.value for one in gives if isinstance(one, n.Literal_) and isinstance(one.value, str))


def _with_itself(terms: Terms, test: n.Test, left: Part, right: Part) -> Iterator[Finding]:
    if not isinstance(left.node, n.Name) or not isinstance(right.node, n.Name) or test.source == NOWHERE:
        return
    if _bound(terms, left) != _bound(terms, right):
        return
    name = left.node.name
    outcome = "always so" if test.operator in ("<=", "==", ">=") else "never so"
    problem = f"{name!r} is compared with itself: that is {outcome}."
    step = "Name the other thing that is meant."
    others = replace(left, node=n.Name(name, 1))
    if _is_there(terms, others) and _bound(terms, others) != _bound(terms, left):
        step = f"Write '{name} is this item's {name}' if those of the one at hand are meant."
    yield Finding("BPO168", "compared-with-itself", test.source, problem, step)


def _is_there(terms: Terms, part: Part) -> bool:
    try:
        return bool(full_name(terms, part))
    except WrongUnit:
        return False


def _bound(terms: Terms, part: Part) -> tuple[str, tuple[int, ...], int]:
    """The figure that a name means, and of which of the items at hand it is; where earlier periods are looked at, ``this
    item's`` is another one."""
    full, outer = full_name(terms, part), part.node.outer if isinstance(part.node, n.Name) else 0
    at_hand = part.inside[: max(len(part.inside) - outer, min(len(part.inside), 1))]
    per = terms.program.names.per(full)
    return full, levels_of(at_hand, per), outer if part.looks_back else 0
