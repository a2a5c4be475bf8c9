"""Formulas are a small language of their own: nothing is executed, everything ends, and units have to fit."""

from __future__ import annotations

from pathlib import Path

import pytest

from .running import BAD_INPUT, FINDINGS, Case, holds, named
from .samples import JANUARY, edited, gated, priced, report, with_figures
from .test_numbers import SETTLE, by_line

CODE = {
    "__import__('os').system('id')": "BPO211",
    "().__class__.__bases__[0].__subclasses__()": "BPO211",
    "incidents.__class__.__mro__": "BPO214",
    "eval(1)": "BPO217",
    "exec(incidents)": "BPO217",
    "open(incidents)": "BPO217",
    "9**9**9": "BPO211",
    "incidents if incidents else 1": "BPO214",
    "incidents[0]": "BPO211",
    "incidents; incidents": "BPO211",
    "f{incidents}": "BPO211",
    "$(id)": "BPO211",
    "`id`": "BPO211",
    "1 EUR -- 2 EUR": "",
    "1 EUR' or '1'='1": "BPO211",
    "a := 1": "BPO214",
    "incidents @ incidents": "BPO211",
    "${7*7}": "BPO211",
    "previous previous incidents": "BPO214",
    "sum of incidents over last 1000000 months": "BPO214",
    "max()": "BPO2",
    "max(incidents)": "BPO217",
    "(incidents": "BPO215",
    "incidents)": "BPO21",
    "not": "BPO219",
    "incidents +": "BPO219",
}
"""Formulas that want to be something else, each the formula of a figure; "" where the formula is fine."""

UNITS = {
    "1 EUR * 1 EUR": "Money and money are not multiplied",
    "1 EUR + 1 USD": "they cannot be added",
    "14 EUR * in_time": "write '… % of …'",
    "incidents + 1 EUR": "cannot be added",
    "yes + 1": "Yes or no is not a number",
    "2026-01-01 + 1": "A day is not a number",
    '"voice" + 1': "A word is not a number",
    'incidents is "voice"': "cannot be compared",
    "incidents is at least 5 EUR": "cannot be compared",
    "if incidents then 1 EUR else 2 EUR": "A condition is needed",
    "1 EUR / in_time": "is not divided by",
    "10 % of in_time of busy": "takes no part in arithmetic",
}
"""Formulas whose parts do not fit."""


def quoted(formula: str) -> str:
    return "'" + formula.replace("'", "''") + "'"


def test_formulas_that_want_to_be_code(tmp_path: Path) -> None:
    content = with_figures("".join(f"  f{i}: {quoted(formula)}\n" for i, formula in enumerate(CODE)))
    ran = holds(Case("code", {"contract.yaml": content}, "check contract.yaml", FINDINGS, ()), tmp_path)
    found = by_line(ran.said, "contract.yaml")
    first = content.decode().splitlines().index("figures:") + 2
    for line, (formula, code) in enumerate(CODE.items(), first):
        assert found.get(line, "").startswith(code), f"{formula}: {found.get(line)}"


def test_formulas_whose_parts_do_not_fit(tmp_path: Path) -> None:
    content = with_figures("".join(f"  f{i}: {quoted(formula)}\n" for i, formula in enumerate(UNITS)))
    ran = holds(Case("units", {"contract.yaml": content}, "check contract.yaml", FINDINGS, ()), tmp_path)
    found = by_line(ran.said, "contract.yaml")
    first = content.decode().splitlines().index("figures:") + 2
    for line, (formula, says) in enumerate(UNITS.items(), first):
        assert says in found.get(line, ""), f"{formula}: {found.get(line)}"


def formula(name: str, content: bytes, *says: str) -> Case:
    return Case(name, {"contract.yaml": content}, "check contract.yaml", FINDINGS, says)


LARGE = [
    formula("20,000 terms", priced("1" + " + 1" * 20_000), "at most 4096"),
    formula("900 terms", priced("1" + " + 1" * 900), "BPO210 formula-too-large", "1801 parts; at most 1000"),
    formula("300 parentheses", priced("(" * 300 + "1" + ")" * 300), "BPO210", "more than 32 levels"),
    formula("4,000 signs", priced("-" * 4_000 + "1"), "BPO210"),
    formula("900 nots", gated("not " * 900 + "busy"), "BPO210"),
    formula("500 percentages", priced("1 %" + " of 1 %" * 500), "BPO210"),
    formula("1,500 arguments", priced("max(" + ",".join(["1"] * 1_500) + ")"), "BPO210"),
    formula("300 ifs", priced("if (" * 300), "BPO21"),
    formula("a gate that is a number", edited(("only_if: busy", "only_if: incidents")), "BPO230", "A condition"),
    formula("a streak of a yes in a sum", priced("streak of (incidents is more than 0) is at least 3"), "BPO230"),
]


@pytest.mark.parametrize("case", LARGE, ids=named)
def test_large_formulas(case: Case, tmp_path: Path) -> None:
    holds(case, tmp_path)


DIVIDED = [
    ("by a figure that is zero", with_figures("  nothing: incidents - incidents\n  odd: 1 EUR / nothing\n"), "odd * 1"),
    ("by zero", edited(), "14.00 EUR / (incidents - incidents)"),
]


@pytest.mark.parametrize(("name", "content", "price"), DIVIDED, ids=[name for name, _, _ in DIVIDED])
def test_a_division_by_zero_is_a_named_error_and_nothing_is_kept(
    name: str, content: bytes, price: str, desk: Path
) -> None:
    content = content.replace(b"price: 14.00 EUR per incident", f"price: {price}".encode())
    holds(Case(name, {"contract.yaml": content}, SETTLE, BAD_INPUT, ("BPO242 division-by-zero",)), desk)


ITEMS = """\
lists:
  tickets:
    columns:
      minutes: incidents
      users: incidents
    missing: none happened
figures:
  odd: {}
"""
WORK = {
    "items inside items": (
        "(sum of (sum of minutes for each tickets) for each tickets) / incidents",
        "BPO207 too-many-items-in-items",
    ),
    "fractions without end": ("sum of (minutes / users) for each tickets", "BPO206 number-too-long"),
    "squares over periods": (
        "2 * (previous period's odd (before the start: 3)) * (previous period's odd (before the start: 3))",
        "BPO206 number-too-long",
    ),
}


@pytest.mark.parametrize("name", WORK)
def test_a_formula_that_takes_too_much_work_is_a_named_error(name: str, desk: Path) -> None:
    text, says = WORK[name]
    price = ("price: 14.00 EUR per incident", "price: odd * 14.00 EUR per incident")
    content = edited(("figures:\n", ITEMS.format(quoted(text))), price)
    year = report(*(JANUARY.replace("2026-01", f"2026-{month:02}") for month in range(1, 13)))
    rows = "".join(f"2026-12,tickets,t{i},{i},{i + 1}\n" for i in range(1, 8_000))
    files = {
        "contract.yaml": content,
        "items.csv": f"period,list,item,minutes,users\n{rows}".encode(),
        "report.csv": year,
    }
    (desk / "ledger.db").unlink()
    command = "settle contract.yaml report.csv items.csv --period 2026-12 --ledger ledger.db"
    holds(Case(name, files, command, BAD_INPUT, (says,)), desk)
