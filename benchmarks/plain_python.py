"""The reference job in plain Python: ``bisect`` on ``Decimal``.

It is the floor: what the sums alone cost somebody who writes them out by hand, for this one contract; and what they cost
with the least that could be called a sealed trail: the facts, the row and the credit of each clause, and a chained SHA-256.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Context, Decimal
from hashlib import sha256

from reference_job import CAP_PERCENT, FEE_CENTS, POOL_PERCENT, Job

_CENT = Decimal("0.01")
_CONTEXT = Context(prec=34, rounding=ROUND_HALF_UP)


_Facts = tuple[Decimal, ...]


def contender(job: Job, *, sealed: bool = False) -> tuple[list[_Facts], Callable[[_Facts], Decimal]]:
    """The months, ready in memory, and what settles one: the net amount in euros."""
    lows = [[Decimal(band.low) / 100 for band in table[1:]] for table in job.bands]
    percents = [[Decimal(band.percent.numerator) / band.percent.denominator for band in table] for table in job.bands]
    fee = Decimal(FEE_CENTS) / 100
    pool_hundredth = fee * POOL_PERCENT / 100 / 100
    cap = (fee * CAP_PERCENT / 100).quantize(_CENT, context=_CONTEXT)
    tables = list(zip(lows, percents, strict=True))

    def settle(facts: _Facts) -> Decimal:
        credits = [
            (pool_hundredth * rates[bisect_right(bounds, value)]).quantize(_CENT, context=_CONTEXT)
            for (bounds, rates), value in zip(tables, facts, strict=True)
        ]
        return fee - min(sum(credits, Decimal(0)), cap)

    previous = "0" * 64

    def settle_and_seal(facts: _Facts) -> Decimal:
        nonlocal previous
        rows = [bisect_right(bounds, value) for bounds, value in zip(lows, facts, strict=True)]
        credits = [
            (pool_hundredth * rates[row]).quantize(_CENT, context=_CONTEXT)
            for rates, row in zip(percents, rows, strict=True)
        ]
        total = sum(credits, Decimal(0))
        net = fee - min(total, cap)
        written, reported = '","'.join(map(str, credits)), '","'.join(map(str, facts))
        record = (
            f'{{"credits":["{written}"],"facts":["{reported}"],"net":"{net}","previous":"{previous}",'
            f'"rows":[{",".join(map(str, rows))}],"total":"{total}"}}'
        )
        previous = sha256(record.encode()).hexdigest()
        return net

    months = [tuple(Decimal(value) / 100 for value in facts) for facts in job.months]
    return months, settle_and_seal if sealed else settle
