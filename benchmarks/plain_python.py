"""The reference job in plain Python: ``bisect`` on ``Decimal``, nothing explained, nothing sealed.

It is the floor: what the sums alone cost somebody who writes them out by hand.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Context, Decimal

from reference_job import CAP_PERCENT, FEE_CENTS, POOL_PERCENT, Job

_CENT = Decimal("0.01")
_CONTEXT = Context(prec=34, rounding=ROUND_HALF_UP)


def contender(job: Job) -> tuple[list[tuple[Decimal, ...]], Callable[[tuple[Decimal, ...]], Decimal]]:
    """The months, ready in memory, and what settles one: the net amount in euros."""
    bounds = [[Decimal(band.low) / 100 for band in table[1:]] for table in job.bands]
    rates = [[Decimal(band.percent.numerator) / band.percent.denominator for band in table] for table in job.bands]
    fee = Decimal(FEE_CENTS) / 100
    pool_hundredth = fee * POOL_PERCENT / 100 / 100
    cap = (fee * CAP_PERCENT / 100).quantize(_CENT, context=_CONTEXT)
    tables = list(zip(bounds, rates, strict=True))

    def settle(facts: tuple[Decimal, ...]) -> Decimal:
        credits = [
            (pool_hundredth * rates[bisect_right(bounds, value)]).quantize(_CENT, context=_CONTEXT)
            for (bounds, rates), value in zip(tables, facts, strict=True)
        ]
        return fee - min(sum(credits, Decimal(0)), cap)

    return [tuple(Decimal(value) / 100 for value in facts) for facts in job.months], settle
