"""Measures: is a slip of the pen noticed before it costs money, and is everything that is reported read by something?"""

from __future__ import annotations

from collections.abc import Iterator

from bpo_contracts.contract.hints.saying import hint, leading_to_money
from bpo_contracts.contract.lowering import Terms
from bpo_contracts.values.findings import Finding


def percentages_without_range(terms: Terms) -> Iterator[Finding]:
    """BPO804: a percentage that is reported and has no plausible range."""
    for name, measure in terms.contract.measures.items():
        if measure.unit in ("%", "percent") and not measure.computed and measure.between is None:
            place = terms.contract.key_place(("measures", name))
            problem = (
                f"{name!r} is a percentage without 'between': a report of 985 % instead of 98.5 % would be settled."
            )
            step = "Write the range that is possible, both ends inside, as in 'between: 0 % to 100 %'."
            yield hint("BPO804", "percentage-without-range", place, problem, step)


def never_read(terms: Terms) -> Iterator[Finding]:
    """BPO805: a measure that has to be reported, and no line or consequence looks at."""
    contract, used = terms.contract, leading_to_money(terms)
    for name, measure in contract.measures.items():
        if measure.missing == "refuse" and not measure.computed and name not in used:
            place = contract.key_place(("measures", name))
            problem = (
                f"{name!r} has to be reported in every {contract.period}, and no clause that pays or follows reads it."
            )
            step = (
                "Name it where it is meant to be read, or remove it; 'missing: not scored' lets a report leave it out."
            )
            yield hint("BPO805", "measure-never-read", place, problem, step)
