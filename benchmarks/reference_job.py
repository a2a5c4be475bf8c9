"""The job that every contender does: one contract, and months of facts for it, equal on every machine.

The contract has a monthly fee, an at-risk pool of it, 20 service credits of 5 bands each, read from 20 measures, and a
cap that is shared over the credits pro rata. It can be made with other numbers of clauses, bands and months, for the
question of how time grows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

CLAUSES = 20
BANDS = 5
MONTHS = 60

FEE_CENTS = 48_750_000
"""The monthly fee, 487,500.00 EUR."""

POOL_PERCENT = 15
"""How much of the fee the pool holds."""

CAP_PERCENT = 6
"""How much of the fee all credits of a month come to at most; about one month in seven reaches it."""


@dataclass(frozen=True, slots=True)
class Band:
    """A measured value from ``low`` (inside) to under ``high`` credits ``percent`` of the pool.

    The ends are in hundredths of a percent.
    """

    low: int
    high: int
    percent: Fraction


@dataclass(frozen=True, slots=True)
class Job:
    """The bands of each clause from the lowest up, and the facts of each month.

    A month has one value for each clause, in hundredths of a percent.
    """

    bands: tuple[tuple[Band, ...], ...]
    months: tuple[tuple[int, ...], ...]


def reference_job(*, clauses: int = CLAUSES, bands: int = BANDS, months: int = MONTHS) -> Job:
    """The job; the same numbers give the same job always."""
    tables = tuple(tuple(_bands(clause, bands)) for clause in range(clauses))
    numbers = _numbers(20_260_331)
    facts = tuple(tuple(_fact(table, numbers) for table in tables) for _ in range(months))
    return Job(tables, facts)


def _bands(clause: int, count: int) -> Iterator[Band]:
    """From the worst band to the best, which credits nothing; each clause has its own bounds and percentages."""
    step = 900 // (count - 1)
    promised = 9_850 - 10 * clause
    for index in range(count):
        distance = count - 1 - index
        low = 0 if index == 0 else promised - step * distance
        high = 10_001 if distance == 0 else promised - step * (distance - 1)
        yield Band(low, high, Fraction(distance * (8 + clause % 5), 8 * (1 + count // 6)))


def _fact(table: tuple[Band, ...], numbers: Iterator[int]) -> int:
    """Mostly as promised or a little less, sometimes far below."""
    promised = table[-1].low
    if next(numbers) % 10 < 5:
        return promised + next(numbers) % (10_001 - promised)
    return promised - next(numbers) % 900


def _numbers(seed: int) -> Iterator[int]:
    """A linear congruential sequence (the constants are Knuth's MMIX): the same on every Python and machine."""
    state = seed
    while True:
        state = (state * 6_364_136_223_846_793_005 + 1_442_695_040_888_963_407) % 2**64
        yield state >> 33


# --- as documents of this library ---------------------------------------------------------------------------


def contract_yaml(job: Job) -> str:
    """The contract as a person would write it."""
    lines = [_HEAD.format(years=2026 + (len(job.months) - 1) // 12), "measures:"]
    for number in range(len(job.bands)):
        lines.append(_MEASURE.format(number=number + 1))
    lines += [_FEE_AND_POOL.format(fee=hundredths(FEE_CENTS), pool=POOL_PERCENT)]
    for number, table in enumerate(job.bands, 1):
        lines.append(_CREDIT.format(number=number))
        lines += [f"      {_label(table, band)}: {_percent(band)}" for band in reversed(table)]
    lines.append(_CAP.format(cap=CAP_PERCENT))
    return "\n".join(lines)


def performance_csv(job: Job, only: int | None = None) -> str:
    """The facts as a wide report, one row a month: of all months, or of the one with this index."""
    names = [f"level_{number:02}" for number in range(1, len(job.bands) + 1)]
    rows = [",".join(["period", *names, "status", "source"])]
    for index, facts in enumerate(job.months):
        if only not in (None, index):
            continue
        rows.append(",".join([period(index), *map(hundredths, facts), "final", "monthly report"]))
    return "\n".join(rows) + "\n"


def period(index: int) -> str:
    """The label of the month with this index; the first is 2026-01."""
    return f"{2026 + index // 12}-{index % 12 + 1:02}"


def hundredths(value: int) -> str:
    """``9850`` as ``98.50``."""
    return f"{value // 100}.{value % 100:02}"


def _label(table: tuple[Band, ...], band: Band) -> str:
    if band is table[-1]:
        return f"{hundredths(band.low)} % or more"
    if band is table[0]:
        return f"under {hundredths(band.high)} %"
    return f"{hundredths(band.low)} % to under {hundredths(band.high)} %"


def _percent(band: Band) -> str:
    if not band.percent:
        return "none"
    scaled = band.percent * 10_000
    if scaled.denominator != 1:
        raise ValueError("a percentage of this job has at most four decimals")
    return f"{scaled.numerator // 10_000}.{scaled.numerator % 10_000:04} %"


_HEAD = """\
contract: reference-job
version: "1"
title: Reference job of the benchmarks
client: Client
provider: Provider
currency: EUR
term:
  starts_on: 2026-01-01
  ends_on: {years}-12-31
period: month
rounding:
  lines: half up to 0.01 EUR
"""

_MEASURE = """\
  level_{number:02}:
    title: service level {number}
    unit: "%"
    direction: higher is better
    precision: half up to 0.01 %
    missing: refuse
    between: 0 % to 100 %"""

_FEE_AND_POOL = """
clauses:
  - base_fee: monthly_fee
    clause: "3.1"
    title: Monthly fee
    words: The Client shall pay the monthly fee.
    amount: {fee} EUR

  - at_risk_pool: pool
    clause: "4.1"
    title: At-risk pool
    words: The at-risk pool is {pool} % of the monthly fee.
    at_risk: monthly_fee
    allocation: {pool} %
    allocations_may_exceed: "yes"
"""

_CREDIT = """\

  - service_credit: credit_{number:02}
    clause: "5.{number}"
    title: Service credit {number}
    words: If service level {number} is missed, the Provider shall credit the share of the pool that the table shows.
    measure: level_{number:02}
    of: pool
    counts_toward: credits
    table:"""

_CAP = """\

  - cap: credit_cap
    clause: "6.1"
    title: Cap on credits
    words: The credits of a month shall not exceed {cap} % of the monthly fee; what is granted is shared pro rata.
    limits: credits
    at_most: {cap} % of monthly_fee
    excess: lost
    shared: pro rata
"""
