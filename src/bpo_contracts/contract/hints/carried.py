"""Is what a cap carries and pays later counted, too? It is the cap's own line, and no part of the clause it was cut from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from bpo_contracts.contract.hints.saying import hint
from bpo_contracts.contract.lowering import Terms
from bpo_contracts.contract.references import full_name, leading_to_money, parts_of
from bpo_contracts.values.findings import Finding
from bpo_contracts.values.sources import NOWHERE

_LIMITS: Final = frozenset(("cap", "collar", "smallest_payment", "exclusive"))


def carried_is_not_counted(terms: Terms) -> Iterator[Finding]:
    """BPO824: a formula, base or consequence reads a clause or total, and a limit pays a part of it later."""
    program, kinds = terms.program, {clause.name: clause.kind for clause in terms.contract.clauses}
    carriers = [one for one in terms.contract.clauses if f"{one.name}.carried_paid" in program.slots]
    for carrier in carriers:
        later, short = f"{carrier.name}.carried_paid", _without_what_is_carried(terms, carrier)
        asked: set[object] = set()
        for name in sorted(leading_to_money(terms)):
            owner = name.partition(".")[0]
            if owner in short or kinds.get(owner) in _LIMITS:
                continue
            read = [(full_name(terms, part), part.node.source) for part in parts_of(program.figure(name))]
            if any(full.startswith(f"{carrier.name}.") for full, _ in read):
                continue  # it knows of the limit
            for full, place in read:
                if full in short and place != NOWHERE and place not in asked:
                    asked.add(place)
                    problem = (
                        f"{full!r} is without what {carrier.name!r} carries: what is paid of that later is a line of its own,"
                        f" {later!r}."
                    )
                    step = f"Where that counts, too, add it, as in '({full} + {later})'."
                    yield hint("BPO824", "carried-not-counted", place, problem, step)


def _without_what_is_carried(terms: Terms, carrier: Any) -> set[str]:
    """What is paid less because of a limit that carries: its clauses, and their total."""
    limits = set(carrier.limits)
    toward = {one.name for one in terms.contract.clauses if getattr(one, "counts_toward", None) in limits}
    return limits | toward | {carrier.name}
