"""Real performance data, settled to the cent: every row of the worked settlements, through contract and report files.

The settlements were worked out by others, twice, and are not part of the project; where they are absent the tests skip.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from bpo_contracts import Settlement, load_contract, load_performance
from bpo_contracts.engines.durable_rules import available
from bpo_contracts.services.engines import EngineChoice
from bpo_contracts.services.settling import settle_all

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "datasets"
COLUMNS = ("fee", "credit_1", "credit_2", "credits_after_cap", "bonus", "net")

Row = tuple[Decimal, ...]
Settled = dict[tuple[str, str], Row]

needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="the worked settlements (../shared/datasets) are not here")
engines = pytest.mark.parametrize("engine", ["durable-rules", "reference"])


def worked(folder: str) -> Settled:
    """Month and lot with what is expected of them."""
    with (DATA / folder / "expected_settlement.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return {(row["month"], row["lot"]): tuple(Decimal(row[column]) for column in COLUMNS) for row in rows}


def settled(contract: Path, performance: Path, engine: EngineChoice) -> Iterator[Settlement]:
    """Every month of a report; a rules engine that was asked for by name has taken part."""
    if engine == "durable-rules" and not available():
        pytest.skip("durable-rules cannot be imported here")
    for settlement in settle_all(load_contract(contract), load_performance(performance), engine=engine):
        assert [use.name for use in settlement.engines][1:] == ([engine] if engine != "reference" else [])
        yield settlement


def money(amount: object) -> Decimal:
    return Decimal(str(amount).split(" ")[0])


def credits_and_bonus(settlement: Settlement, first: str, second: str, bonus: str) -> Row:
    """One row of a contract with two credits under a cap and a bonus."""
    lines = {line.name: line for line in settlement.adjustments}
    return (
        money(settlement.totals.charges),
        -money(lines[first].gross),
        -money(lines[second].gross),
        -money(lines[first].amount) - money(lines[second].amount),
        money(lines[bonus].amount),
        money(settlement.totals.net),
    )


def check(expected: Settled, seen: Settled, *, rows: int) -> None:
    differences = {key: (expected[key], seen.get(key)) for key in expected if seen.get(key) != expected[key]}
    assert not differences
    assert len(expected) == rows


@needs_data
@engines
def test_service_desk_settles_as_worked_out(engine: EngineChoice) -> None:
    example = ROOT / "examples" / "service_desk"
    expected = worked("uci_incident_log")
    seen = {
        (settlement.period.label, "ALL"): credits_and_bonus(
            settlement, "resolution_credit", "reopening_credit", "first_touch_bonus"
        )
        for settlement in settled(example / "contract.yaml", example / "performance.csv", engine)
    }
    check(expected, seen, rows=4)
    assert all(not any(row) for key, row in seen.items() if key not in expected), "months out of scope pay nothing"


@needs_data
@engines
def test_regional_airline_settles_as_worked_out(engine: EngineChoice) -> None:
    """Incentives go both ways: the worked credits are what is negative, the collar holds on their sum."""
    example = ROOT / "examples" / "regional_airline"
    expected = worked("nycflights13")
    seen: Settled = {}
    for settlement in settled(example / "contract.yaml", example / "performance.csv", engine):
        lines = {(line.name, line.scope[0][1]): line for line in settlement.adjustments}
        for lot in settlement.lots:
            carrier = lot.scope[0][1]
            first, second = lines["completion_incentive", carrier], lines["punctuality_incentive", carrier]
            after_collar = money(first.amount) + money(second.amount)
            seen[settlement.period.label, carrier] = (
                money(lot.totals.charges),
                max(Decimal(0), -money(first.gross)),
                max(Decimal(0), -money(second.gross)),
                max(Decimal(0), -after_collar),
                max(Decimal(0), after_collar),
                money(lot.totals.net),
            )
    check(expected, seen, rows=47)
    assert all(not any(row) for key, row in seen.items() if key not in expected), "months out of scope pay nothing"


@needs_data
@engines
def test_call_centre_settles_as_worked_out(engine: EngineChoice, tmp_path: Path) -> None:
    """The report is made here from data whose licence is unclear, and is gone when the test ends."""
    report = tmp_path / "performance.csv"
    with (DATA / "callcentre_daily" / "kpi.csv").open(encoding="utf-8", newline="") as stream:
        months = list(csv.DictReader(stream))
    with report.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["period", "answered", "service_level", "abandonment"])
        for month in months:
            rates = [f"{month[name]} %" for name in ("sl20_by_offered_pct", "abandon_pct")]
            writer.writerow([month["month"], month["answered"], *rates])
    seen = {
        (settlement.period.label, "ALL"): credits_and_bonus(
            settlement, "service_level_credit", "abandonment_credit", "quality_bonus"
        )
        for settlement in settled(Path(__file__).with_name("callcentre.yaml"), report, engine)
    }
    expected = worked("callcentre_daily")
    check(expected, seen, rows=42)
    assert seen.keys() == expected.keys()
