"""Settlement documents made by hand: a service desk, a freight contract with lots, a contract of 24 months."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from bpo_contracts.values.money import Money
from bpo_contracts.values.numbers import number_text

Document = dict[str, Any]


def step(
    figure: str,
    says: str,
    value: str,
    unit: str,
    *premises: tuple[str, str],
    formula: str = "",
    clause: str = "",
    words: str = "",
    reached: str = "",
    dropped: str = "",
    note: str = "",
    item: str = "",
) -> Document:
    return {
        "figure": figure,
        "item": item,
        "says": says,
        "value": value,
        "unit": unit,
        "formula": formula,
        "clause": clause,
        "words": words,
        "reached": reached,
        "dropped": dropped,
        "note": note,
        "premises": [list(ref) for ref in premises],
    }


def row(label: str, low: str | None, high: str | None, gives: str, gives_unit: str = "%", ends: str = "[)") -> Document:
    return {
        "label": label,
        "low": low,
        "low_closed": ends[0] == "[" and low is not None,
        "high": high,
        "high_closed": ends[1] == "]" and high is not None,
        "gives": gives,
        "gives_unit": gives_unit,
    }


def table(figure: str, measure: str, unit: str, direction: str, *rows: Document) -> Document:
    return {"figure": figure, "measure": measure, "measure_unit": unit, "direction": direction, "rows": list(rows)}


def money(amount: Fraction | int | str, currency: str = "EUR") -> str:
    return Money(Fraction(amount), currency).text


def totals(charges: list[Document], adjustments: list[Document], currency: str = "EUR") -> Document:
    sums = [sum((Fraction(line["amount"]) for line in lines), Fraction(0)) for lines in (charges, adjustments)]
    return {
        "charges": money(sums[0], currency),
        "adjustments": money(sums[1], currency),
        "net": money(sum(sums), currency),
    }


ANSWER_WORDS = (
    "If in a calendar month fewer than 95 % of the calls offered are answered within 30 seconds, the Provider shall"
    " credit the Client with a percentage of the Monthly Charge in accordance with Table 5."
)
SOLVE_WORDS = (
    "Where the median time to restore a Priority 1 Incident in the month exceeds four hours, a Service Credit falls due"
    " of two per cent of the Monthly Charge, and of four per cent where it exceeds eight hours."
)
CAP_WORDS = "Service Credits in respect of one month shall not exceed ten per cent of the Monthly Charge of that month."
BONUS_WORDS = (
    "If the Customer Satisfaction Index reaches 4.50 or more, the Provider shall be entitled to a bonus of one per cent"
    " of the Monthly Charge; if it reaches 4.80, of two per cent."
)

ANSWER_TABLE = table(
    "answer_credit.rate",
    "answered_in_time",
    "%",
    "higher is better",
    row("95 % or more", "95", None, "0"),
    row("under 80 %", None, "80", "15"),
    row("90 % to under 95 %", "90", "95", "8"),
    row("80 % to under 90 %", "80", "90", "12"),
)
RESTORE_TABLE = table(
    "restore_credit.rate",
    "restore_hours",
    "hours",
    "lower is better",
    row("4 hours or less", None, "4", "0", ends="(]"),
    row("over 4 to 8 hours", "4", "8", "2", ends="(]"),
    row("over 8 hours", "8", None, "4", ends="()"),
)
BONUS_TABLE = table(
    "satisfaction_bonus.rate",
    "satisfaction",
    "points",
    "higher is better",
    row("under 4.50 points", None, "4.50", "0"),
    row("4.50 to under 4.80 points", "4.50", "4.80", "1"),
    row("4.80 points or more", "4.80", None, "2"),
)


def _in_table(rows: list[Document], value: Fraction) -> Document:
    for one in rows:
        low, high = (None if end is None else Fraction(end) for end in (one["low"], one["high"]))
        above = low is None or value > low or (one["low_closed"] and value == low)
        below = high is None or value < high or (one["high_closed"] and value == high)
        if above and below:
            return one
    raise ValueError(value)


def service_desk(
    *,
    start: date = date(2026, 3, 1),
    in_time: int = 21950,
    offered: int = 23989,
    hours: str = "9.25",
    index: str = "4.62",
    revision: int = 2,
) -> Document:
    """One month: a fee of 81,872.00 EUR, two credits limited to 10 % of it together, a bonus."""
    fee = Fraction("81872.00")
    share = Fraction(100 * in_time, offered)
    answer, restore = _in_table(ANSWER_TABLE["rows"], share), _in_table(RESTORE_TABLE["rows"], Fraction(hours))
    bonus = _in_table(BONUS_TABLE["rows"], Fraction(index))
    gross = [-Fraction(one["gives"]) * fee / 100 for one in (answer, restore)]
    cap = fee / 10
    granted = [gross[0], max(gross[1], -cap - gross[0])]
    if granted[0] < -cap:
        granted = [-cap, Fraction(0)]
    paid = Fraction(bonus["gives"]) * fee / 100
    fee_ref = ("monthly_fee", "")
    fee_words = "The Client shall pay a Monthly Charge of EUR 81,872.00 for the Services."
    charges = [
        {
            "clause": "3.1",
            "name": "monthly_fee",
            "kind": "fixed_charge",
            "says": "Monthly charge for the service desk",
            "scope": {},
            "amount": money(fee),
            "trail": [["monthly_fee", ""]],
        },
    ]
    adjustments = [
        {
            "clause": "5.2",
            "name": "answer_credit",
            "kind": "service_credit",
            "says": "Credit for calls answered late",
            "scope": {},
            "status": "below minimum" if answer["gives"] == "15" else "missed" if gross[0] else "met",
            "gross": money(gross[0]),
            "amount": money(granted[0]),
            "trail": [["answer_credit", ""]],
            "words": ANSWER_WORDS,
        },
        {
            "clause": "5.3",
            "name": "restore_credit",
            "kind": "service_credit",
            "says": "Credit for restoring priority 1 incidents late",
            "scope": {},
            "status": "missed" if gross[1] else "met",
            "gross": money(gross[1]),
            "amount": money(granted[1]),
            "trail": [["restore_credit", ""]],
            "words": SOLVE_WORDS,
        },
        {
            "clause": "5.9",
            "name": "satisfaction_bonus",
            "kind": "bonus",
            "says": "Bonus for customer satisfaction",
            "scope": {},
            "status": "exceeded" if paid else "not reached",
            "gross": money(paid),
            "amount": money(paid),
            "trail": [["satisfaction_bonus", ""]],
            "words": BONUS_WORDS,
        },
    ]
    rounded = "round half up to 0.01 EUR"
    steps = [
        step(
            "monthly_fee",
            "Monthly charge",
            "81872.00",
            "EUR",
            clause="3.1",
            words=fee_words,
            note="fixed in Schedule 3",
        ),
        step(
            "calls_offered",
            "Calls offered",
            str(offered),
            "calls",
            clause="5.1",
            note="reported, telephony export row 14",
        ),
        step("calls_in_time", "Calls answered within 30 seconds", str(in_time), "calls", clause="5.1"),
        step(
            "answered_in_time",
            "Calls answered in time",
            number_text(share),
            "%",
            ("calls_in_time", ""),
            ("calls_offered", ""),
            formula="calls answered within 30 seconds as % of calls offered",
            clause="5.1",
        ),
        step(
            "answer_credit.rate",
            "Rate of the credit",
            answer["gives"],
            "%",
            ("answered_in_time", ""),
            clause="5.2",
            words=ANSWER_WORDS,
            reached=answer["label"],
            formula="Table 5 at calls answered in time",
        ),
        step(
            "answer_credit.gross",
            "Credit before limits",
            money(gross[0]),
            "EUR",
            ("answer_credit.rate", ""),
            fee_ref,
            formula="rate of the credit of monthly charge",
            clause="5.2",
            words=ANSWER_WORDS,
        ),
        step("restore_hours", "Median time to restore, priority 1", hours, "hours", clause="5.3", note="7 incidents"),
        step(
            "restore_credit.rate",
            "Rate of the credit",
            restore["gives"],
            "%",
            ("restore_hours", ""),
            clause="5.3",
            words=SOLVE_WORDS,
            reached=restore["label"],
        ),
        step(
            "restore_credit.gross",
            "Credit before limits",
            money(gross[1]),
            "EUR",
            ("restore_credit.rate", ""),
            fee_ref,
            formula="rate of the credit of monthly charge",
            clause="5.3",
            words=SOLVE_WORDS,
        ),
        step(
            "credit_cap",
            "Limit of the month's credits",
            money(cap),
            "EUR",
            fee_ref,
            formula="10 % of monthly charge",
            clause="5.7",
            words=CAP_WORDS,
        ),
        step(
            "answer_credit",
            "Credit for calls answered late",
            money(granted[0]),
            "EUR",
            ("answer_credit.gross", ""),
            ("credit_cap", ""),
            formula=f"credit before limits, first in order under the limit; {rounded}",
            clause="5.2",
            words=ANSWER_WORDS,
            dropped="0",
        ),
        step(
            "restore_credit",
            "Credit for restoring late",
            money(granted[1]),
            "EUR",
            ("restore_credit.gross", ""),
            ("credit_cap", ""),
            ("answer_credit", ""),
            clause="5.3",
            words=SOLVE_WORDS,
            formula=f"credit before limits, at most what clause 5.2 left of the limit; {rounded}",
        ),
        step("satisfaction", "Customer Satisfaction Index", index, "points", clause="5.8"),
        step(
            "satisfaction_bonus.rate",
            "Rate of the bonus",
            bonus["gives"],
            "%",
            ("satisfaction", ""),
            clause="5.9",
            words=BONUS_WORDS,
            reached=bonus["label"],
        ),
        step(
            "satisfaction_bonus",
            "Bonus for customer satisfaction",
            money(paid),
            "EUR",
            ("satisfaction_bonus.rate", ""),
            fee_ref,
            formula=f"rate of the bonus of monthly charge; {rounded}",
            clause="5.9",
            words=BONUS_WORDS,
        ),
        step(
            "months_missed", "Months in a row with a credit", "2", "months", ("answer_credit.gross", ""), clause="6.1"
        ),
    ]
    end = date(start.year + start.month // 12, start.month % 12 + 1, 1)
    return {
        "schema": "bpo/settlement/v1",
        "contract": {
            "id": "SD-2025-017",
            "version": "3",
            "title": "Service Desk Agreement",
            "client": "Northwind Insurance SE",
            "provider": "Clearline Support GmbH",
        },
        "period": {"label": f"{start:%Y-%m}", "start": start.isoformat(), "end": end.isoformat()},
        "revision": revision,
        "supersedes": "" if revision == 1 else f"revision {revision - 1}",
        "currency": "EUR",
        "charges": charges,
        "adjustments": adjustments,
        "consequences": [
            {
                "clause": "6.1",
                "name": "rectification_plan",
                "scope": {},
                "says": "The Provider owes a rectification plan",
                "holds": granted[0] < 0,
                "trail": [["months_missed", ""]],
            },
            {
                "clause": "6.4",
                "name": "termination_right",
                "scope": {},
                "says": "The Client may terminate for cause",
                "holds": False,
                "trail": [["months_missed", ""]],
            },
        ],
        "determinations": [
            {
                "clause": "5.2",
                "name": "answer_credit",
                "scope": {},
                "status": adjustments[0]["status"],
                "reached": [["answered_in_time", answer["label"]]],
            },
            {
                "clause": "5.3",
                "name": "restore_credit",
                "scope": {},
                "status": adjustments[1]["status"],
                "reached": [["restore_hours", restore["label"]]],
            },
            {
                "clause": "5.9",
                "name": "satisfaction_bonus",
                "scope": {},
                "status": adjustments[2]["status"],
                "reached": [["satisfaction", bonus["label"]]],
            },
        ],
        "totals": totals(charges, adjustments),
        "lots": [],
        "steps": steps,
        "tables": [ANSWER_TABLE, RESTORE_TABLE, BONUS_TABLE],
        "engines": [{"name": "durable-rules", "version": "2.0.28"}, {"name": "reference", "version": "0.1.0"}],
        "digest": "sha256:4f2a9d0c7b1e6a83f5d2c4b09e8a7f6d5c4b3a29181706f5e4d3c2b1a0998877",
    }


CARRIERS = {
    "AA": ("Alder Air Cargo", 1240, 1310, "182000.00"),
    "FX": ("Fenwick Express", 871, 902, "96500.00"),
    "ZR": ("Zephyr Road", 402, 517, "41250.50"),
}
PUNCTUAL_WORDS = (
    "For each Carrier Lot the punctuality of the month is the number of consignments delivered on time as a percentage"
    " of all consignments. Liquidated damages, not being a penalty, are due at the rates of Annex B on the"
    " charges of the Lot."
)


def freight() -> Document:
    """One month with a lot for each carrier: liquidated damages by punctuality, one rounding that drops something."""
    charges, adjustments, steps, lots = [], [], [], []
    rows = [
        row("97 % or more", "97", None, "0"),
        row("94 % to under 97 %", "94", "97", "2.5"),
        row("90 % to under 94 %", "90", "94", "5"),
        row("under 90 %", None, "90", "11/3"),
    ]
    for code, (carrier, on_time, all_, base) in CARRIERS.items():
        share = Fraction(100 * on_time, all_)
        reached = _in_table(rows, share)
        unrounded = -Fraction(reached["gives"]) * Fraction(base) / 100
        amount = Fraction(-((-unrounded * 100 + Fraction(1, 2)) // 1), 100)
        scope = {"carrier": carrier}
        charges.append(
            {
                "clause": "2.1",
                "name": "freight",
                "kind": "fixed_charge",
                "says": f"Freight, {carrier}",
                "scope": scope,
                "amount": money(base),
                "trail": [["freight", code]],
            }
        )
        adjustments.append(
            {
                "clause": "B.4",
                "name": "late_damages",
                "kind": "liquidated_damages",
                "says": "Liquidated damages for late delivery",
                "scope": scope,
                "status": "missed" if amount else "met",
                "gross": money(amount),
                "amount": money(amount),
                "trail": [["late_damages", code]],
                "words": PUNCTUAL_WORDS,
            }
        )
        steps += [
            step("freight", "Freight charges", base, "EUR", clause="2.1", item=code),
            step("on_time", "Consignments on time", str(on_time), "consignments", item=code, clause="B.3"),
            step("consignments", "Consignments", str(all_), "consignments", item=code, clause="B.3"),
            step(
                "punctuality",
                "Punctuality",
                number_text(share),
                "%",
                ("on_time", code),
                ("consignments", code),
                item=code,
                formula="on time as % of consignments",
                clause="B.3",
            ),
            step(
                "late_damages.rate",
                "Rate of damages",
                reached["gives"],
                "%",
                ("punctuality", code),
                item=code,
                clause="B.4",
                words=PUNCTUAL_WORDS,
                reached=reached["label"],
            ),
            step(
                "late_damages",
                "Damages",
                money(amount),
                "EUR",
                ("late_damages.rate", code),
                ("freight", code),
                item=code,
                formula="rate of freight charges, rounded half up to 0.01 EUR",
                clause="B.4",
                words=PUNCTUAL_WORDS,
                dropped=number_text(unrounded - amount),
            ),
        ]
        lots.append({"scope": scope, "totals": totals(charges[-1:], adjustments[-1:])})
    return {
        "schema": "bpo/settlement/v1",
        "contract": {
            "id": "FR-88",
            "version": "1.10",
            "title": "Road and Air Freight Framework, Lots A to C",
            "client": "Marlow & Sons plc",
            "provider": "Interlink Logistics BV",
        },
        "period": {"label": "2026-Q1", "start": "2026-01-01", "end": "2026-04-01"},
        "revision": 1,
        "supersedes": None,
        "currency": "EUR",
        "charges": charges,
        "adjustments": adjustments,
        "consequences": [],
        "determinations": [],
        "totals": totals(charges, adjustments),
        "lots": lots,
        "steps": steps,
        "tables": [table("late_damages.rate", "punctuality", "%", "higher is better", *rows)],
        "engines": [{"name": "reference", "version": "0.1.0"}],
        "digest": "sha256:00ff",
    }


def two_years() -> list[Document]:
    """24 months of the service desk: good and bad months, one of them settled twice."""
    documents = []
    for month in range(24):
        start = date(2024 + (month + 3) // 12, (month + 3) % 12 + 1, 1)
        in_time = (23400, 22950, 21100, 22990, 23100, 22100, 18900, 22850)[month * 5 % 8]
        hours = ("3.5", "4", "2.75", "6.5", "9.25", "3.1")[month * 7 % 6]
        index = ("4.62", "4.31", "4.80", "4.44", "4.10")[month * 3 % 5]
        documents.append(service_desk(start=start, in_time=in_time, hours=hours, index=index, revision=1))
    documents.append(service_desk(start=date(2025, 1, 1), in_time=22800, hours="4.25", index="4.55", revision=2))
    return documents
