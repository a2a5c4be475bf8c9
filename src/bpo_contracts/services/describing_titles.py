"""What figures are called where a contract is said: each by its title, those of a clause inside it without the clause's.

A figure that is nothing but the amount of its clause is called so. What is said in one place is never called differently
in another.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from bpo_contracts.contract.clauses.base import Clause
from bpo_contracts.contract.clauses.consequence import Consequence
from bpo_contracts.contract.clauses.ratchet import Ratchet
from bpo_contracts.contract.contract import Contract
from bpo_contracts.terms.nodes import Figure, Name
from bpo_contracts.values.units import singular

_NAME: Final = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)+")


def full_titles(contract: Contract, figures: Mapping[str, Figure]) -> dict[str, str]:
    """What each figure, each column and one item of each list is called."""
    titles = {column: column.replace("_", " ") for one in contract.lists.values() for column in sorted(one.columns)}
    titles |= {name: singular(name).replace("_", " ") for name in contract.lists}
    titles |= {name: name.replace("_", " ") for name in contract.scopes}
    called = {clause.name: clause.says for clause in contract.clauses}
    titles |= {name: _without_names(figure.says or name, called) for name, figure in figures.items()}
    for name, measure in contract.measures.items():
        if f"{name}.sample" in figures:
            titles[f"{name}.sample"] = f"sample of {measure.title or name.replace('_', ' ')}"
    for clause in contract.clauses:
        titles |= {name: text for name, text in _of_clause(clause, titles).items() if name in figures}
        same = same_as_clause(clause.name, figures)
        if same.endswith(".gross"):
            titles[same] = clause.says
    return titles


def _without_names(title: str, called: Mapping[str, str]) -> str:
    """A title as a noun phrase, with clauses by what they are called and not by their names in formulas."""
    return _NAME.sub(lambda name: called.get(name[0], name[0]), title.removeprefix("whether "))


def same_as_clause(base: str, figures: Mapping[str, Figure]) -> str:
    """The figure of a clause that is the clause's own: its amount before limits if there are none, its balance; "" if none is."""
    node = figures[base].node if base in figures else None
    name = node.name if isinstance(node, Name) else ""
    own = name.startswith(f"{base}.") and not name.startswith(f"{base}.within_") and name in figures
    return name if own and figures[name].per == figures[base].per else ""


def titles_inside(
    base: str, title: str, own: Iterable[Figure], full: Mapping[str, str], figures: Mapping[str, Figure]
) -> dict[str, str]:
    """What figures are called in the clause ``base`` of that title: its own without the title."""
    titles = dict(full)
    for figure in own:
        short = full[figure.name].removesuffix(f" of {title}")
        if figure.name == base or short == full[figure.name]:
            continue
        is_question = figure.says.startswith("whether ") or short.startswith("trigger ")
        titles[figure.name] = short if is_question else f"the {short}"
    if same_as_clause(base, figures) == f"{base}.gross":
        titles[f"{base}.gross"] = "the amount"
    return titles


def _of_clause(clause: Clause, titles: Mapping[str, str]) -> dict[str, str]:
    """Titles that say more than those in the trail: which of several triggers, and what a ratchet asks, which is no failure."""
    name, of = clause.name, f" of {clause.says}"
    if isinstance(clause, Ratchet):
        return {f"{name}.failed": f"event in the period{of}"}
    found: dict[str, str] = {}
    for trigger in (clause.any_of or ()) if isinstance(clause, Consequence) else ():
        called = f"trigger {trigger.replace('_', ' ')}"
        found[f"{name}.{trigger}"] = f"{called}{of}"
        parts = (part for part in titles if part.startswith(f"{name}.{trigger}."))
        found |= {part: f"{titles[part].removesuffix(of)} for {called}{of}" for part in parts}
    return found
