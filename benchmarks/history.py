"""Month 61 after 60 months of history: what looking back costs, with few and with many clauses that have no memory.

    python benchmarks/history.py

A contract with one cap over the last twelve months (the only clause that looks back) and 10 or 100 other clauses settles its
61st month twice: once looking back at a ledger of 60 sealed settlements, once as the same contract without the window on the
cap. The difference is the price of looking back; the library promises that it does not grow with the clauses that have no memory.
Figures are medians of interleaved rounds; the ratio between the two prices is what counts.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

from bpo_contracts.audit.log import earlier_settlements
from bpo_contracts.contract.contract import Contract
from bpo_contracts.contract.reading import read_contract
from bpo_contracts.formats.documents import read_document
from bpo_contracts.formats.performance import read_performance
from bpo_contracts.performance.measurement import Measurements
from bpo_contracts.services.keeping import keep_settlement
from bpo_contracts.services.settling import measured, settle
from bpo_contracts.settlement.prepare import prepare
from bpo_contracts.stores.memory import MemoryStore

MONTHS = 61
ROUNDS = 25


def contract_text(clauses: int, *, window: bool) -> str:
    """A fee, one credit under a cap, and ``clauses`` bonuses that look at nothing but their month."""
    lines = [
        "contract: history",
        'version: "1"',
        "title: Sixty months",
        "client: Client",
        "provider: Provider",
        "currency: EUR",
        "term: {starts_on: 2020-01-01, ends_on: 2026-12-31}",
        "period: month",
        "rounding: {lines: half up to 0.01}",
        "measures:",
        "  level: {unit: '%', direction: higher is better, precision: unrounded, missing: refuse, between: 0 % to 100 %}",
        "clauses:",
        "- {base_fee: fee, clause: '1', words: A fee., amount: 1000.00 EUR}",
        "- {service_credit: credit, clause: '2', words: A credit., measure: level, of: fee, counts_toward: credits,",
        "   table: {90 % or more: none, under 90 %: 5 %}}",
        "- {cap: limit, clause: '3', words: A cap., limits: credits, at_most: 200.00 EUR, excess: lost"
        + (", window: last 12 months}" if window else "}"),
    ]
    lines += [
        f"- {{bonus: bonus_{number}, clause: '4.{number}', words: A bonus., measure: level, of: fee,"
        " table: {95 % or more: 1 %, under 95 %: none}}"
        for number in range(clauses)
    ]
    return "\n".join(lines) + "\n"


def _months() -> list[str]:
    return [f"{2020 + index // 12}-{index % 12 + 1:02}" for index in range(MONTHS)]


def _ready(clauses: int, *, window: bool) -> tuple[Contract, Measurements]:
    contract = read_contract(read_document(contract_text(clauses, window=window).encode(), "history.yaml"))
    rows = "".join(f"{month},{80 + index % 20}\n" for index, month in enumerate(_months()))
    report = read_performance(f"period,level\n{rows}".encode(), "history.csv")
    return contract, measured(prepare(contract), report)


def contender(clauses: int, *, window: bool) -> Callable[[], object]:
    """Settles month 61 on a ledger with the 60 months before it, read anew on each call."""
    contract, facts = _ready(clauses, window=window)
    store = MemoryStore()
    *before, last = _months()
    for month in before:
        keep_settlement(store, contract, facts, period=month, engine="reference")

    def settled() -> bytes:
        history = earlier_settlements(store, contract.id, before=last) if window else ()
        return settle(contract, facts, period=last, history=history, engine="reference").content

    return settled


def main() -> None:
    """Prints the price of looking back for both sizes, and their ratio."""
    sizes = (10, 100)
    contenders = {(size, window): contender(size, window=window) for size in sizes for window in (False, True)}
    times: dict[tuple[int, bool], list[float]] = {key: [] for key in contenders}
    for _ in range(ROUNDS):
        for key, run in contenders.items():
            start = time.perf_counter()
            run()
            times[key].append((time.perf_counter() - start) * 1e6)
    for size in sizes:
        plain, looking = (statistics.median(times[size, window]) for window in (False, True))
        print(f"{size:4} clauses without memory: {plain:8.0f} us without, {looking:8.0f} us with 60 months of history")
    small, large = (statistics.median(times[size, True]) - statistics.median(times[size, False]) for size in sizes)
    print(
        f"the price of looking back: {small:.0f} us and {large:.0f} us, ratio {large / small:.2f} for ten times the clauses"
    )


if __name__ == "__main__":
    main()
