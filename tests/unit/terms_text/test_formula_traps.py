"""Words that could be read in two ways, and words that mean nothing, are refused with a code and a column."""

from __future__ import annotations

import pytest

from bpo_contracts.terms.formula import parse_condition, parse_formula
from bpo_contracts.values.findings import BadInput, Finding
from bpo_contracts.values.periods import Every
from bpo_contracts.values.sources import Source

NOUNS = ("tickets", "calls", "incident", "t")
LEAD = "  formula: "


def refused(text: str, every: Every | None = None) -> Finding:
    source = Source("acme.yaml", 4, len(LEAD) + 1, LEAD + text)
    with pytest.raises(BadInput) as caught:
        parse_formula(text, nouns=NOUNS, source=source, every=every)
    (finding,) = caught.value.findings
    return finding


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("5 % of a + b", ["(5 % of a) + b", "5 % of (a + b)"]),
        ("5 % of a * b", ["(5 % of a) * b", "5 % of (a * b)"]),
        ("5 % of a as % of b", ["(5 % of a) as % of b", "5 % of (a as % of b)"]),
        ("2 % + 5 % of b", ["2 % + (5 % of b)", "(2 % + 5 %) of b"]),
        ("a / 5 % of b", ["a / (5 % of b)", "(a / 5 %) of b"]),
        ("a as % of b + c", ["(a as % of b) + c", "a as % of (b + c)"]),
        ("x or else 0 + 5", ["(x or else 0) + 5", "x or else (0 + 5)"]),
        ("a + b or else c", ["(a + b) or else c", "a + (b or else c)"]),
        ("a = b or else no", ["(a = b) or else no", "a = (b or else no)"]),
        ("count of tickets where a or b", ["count of tickets where (a or …)", "(count of tickets where (a)) or …"]),
        ("count of tickets where a >= 3", ["count of tickets where (a >= …)", "(count of tickets where (a)) >= …"]),
        ("any of late for each tickets where (a) and b", ["any of late for each tickets where ((a) and …)"]),
        ("sum of x for each tickets where (a) / count of tickets", ["(sum of x for each tickets where (a)) / …"]),
        ("y + sum of x for each tickets", ["… + (sum of x for each tickets)"]),
        ("sum of a + b for each tickets", ["sum of (a + b)", "(sum of a) + b"]),
        ("any of hours > 4 for each tickets", ["any of (hours > …)"]),
        ("5 % of sum of x over last 12 months + 3 EUR", [
            "(5 % of sum of x over last 12 months) + 3 EUR", "5 % of ((sum of x over last 12 months) + 3 EUR)",
        ]),
        ("full steps of delay per 30 minutes * 5 EUR", [
            "full steps of delay per (30 minutes * 5 EUR)", "(full steps of delay per 30 minutes) * 5 EUR",
        ]),
        ("days from a to b * 2", ["days from a to (b * 2)", "(days from a to b) * 2"]),
        ("if x or else no then 1 else 2", ["if (x or else no)"]),
        ("if c then x or else 5 EUR else y", ["then (x or else 5 EUR)"]),
        ("if c then a else x or else 5 EUR", ["else (x or else 5 EUR)", "(… else x) or else 5 EUR"]),
        ("if a then if b then c else d else e", ["then (if … then … else …)"]),
        ("a and b or c", ["(a and b) or c", "a and (b or c)"]),
        ("a or b and not c", ["(a or b) and not c", "a or (b and not c)"]),
        ("1 < x < 5", ["(1 < x) and (x …)"]),
        ("a = b is known", ["(a = b) and (b …)"]),
        ("sum of count of tickets for each sites", ["sum of (count of tickets for each sites)"]),
    ],
)  # fmt: skip
def test_both_readings_are_shown(text: str, readings: list[str]) -> None:
    finding = refused(text)
    assert (finding.code, finding.name) == ("BPO216", "brackets-needed")
    for reading in readings:
        assert f"'{reading}'" in f"{finding.problem} {finding.next_step}"


@pytest.mark.parametrize(
    "text",
    [
        "(5 % of a) + b",
        "5 % of (a + b)",
        "a + 5 % of b",
        "2 % + (5 % of b)",
        "(x or else 0) + 5",
        "x or else (0 + 5)",
        "x or else y or else z",
        "count of tickets where (a or b)",
        "count of tickets where not a",
        "(sum of x for each tickets where (a)) / (count of tickets)",
        "sum of (a + b) for each tickets",
        "5 % of ((sum of x over last 12 months) + 3 EUR)",
        "(full steps of delay per 30 minutes) * 5 EUR",
        "if (x or else no) then 1 else 2",
        "if a then (if b then c else d) else e",
        "if a then b else if c then d else e",
        "a and (b or c)",
        "(1 < x) and (x < 5)",
        "10 % * x",
        "10 % of sum of monthly_charge over last 12 months",
        "count of tickets over 5",
    ],
)
def test_with_brackets_it_is_read(text: str) -> None:
    parse_formula(text, nouns=NOUNS)


@pytest.mark.parametrize(
    ("text", "code", "offset", "says"),
    [
        ("99,9 %", "BPO212", 0, "decimal comma"),
        ("a + 99,9 %", "BPO212", 4, "decimal comma"),
        ("1,000.00 EUR", "BPO212", 0, "thousands"),
        ("max(5, 99,9 %)", "BPO212", 7, "decimal comma"),
        ("max(1,500, x)", "BPO212", 4, "thousands"),
        ("sum of (1,5 EUR, 2 EUR)", "BPO212", 8, "decimal comma"),
        ("1e3", "BPO212", 0, "exponent"),
        ("0x1F * 2", "BPO212", 0, "hexadecimal"),
        ("1_000", "BPO212", 0, "underscores"),
        ("007", "BPO212", 0, "leading zero"),
        (".5", "BPO212", 0, "write 0.5"),
        ("5.", "BPO212", 0, "after the point"),
        ("30minutes", "BPO212", 0, "a space"),
        ("\u0665 %", "BPO212", 0, "0-9"),
        ("12345678901234567", "BPO212", 0, "too many digits"),
        ("5 foos", "BPO213", 2, "foos"),
        ("5 minuts", "BPO213", 2, "minute"),
        ("5 eur", "BPO213", 2, "'EUR'"),
        ("90 minutes per hour", "BPO213", 0, "cancel"),
        ("a foo b", "BPO214", 2, "foo"),
        ("a b", "BPO214", 2, "Names have no spaces"),
        ("Fee * 2", "BPO214", 0, "lower case"),
        ("s\u0435rvice", "BPO214", 0, "not a name"),
        ("a.b.__class__", "BPO214", 0, "not a name"),
        ("Yes", "BPO214", 0, "'yes'"),
        ("a + b)", "BPO214", 5, "opens"),
        ("a, b", "BPO214", 1, "','"),
        ("and b", "BPO214", 0, "'and'"),
        ("a = not b", "BPO214", 4, "brackets"),
        ("a as b", "BPO214", 5, "% of"),
        ("if a then b", "BPO219", 11, "else"),
        ("sum of x", "BPO219", 8, "for each tickets"),
        ("sum of x over last 12 moons", "BPO214", 22, "periods"),
        ("sum of x over last 1.5 months", "BPO214", 19, "whole number"),
        ("sum of x over last 12 months (short history: whatever)", "BPO214", 45, "no result"),
        ("x 0 months ago", "BPO214", 2, "whole number"),
        ("previous month x", "BPO214", 15, "'s"),
        ("full steps of delay", "BPO219", 19, "30 minutes"),
        ("(a + b", "BPO215", 0, "closed"),
        ("max(a, (b)", "BPO215", 0, "closed"),
        ("round(x, 2)", "BPO217", 0, "field 'round'"),
        ("1 EUR + round_half_up(x)", "BPO217", 8, "field 'round'"),
        ("abs(x)", "BPO217", 0, "max(x, 0 - x)"),
        ("exec(x)", "BPO217", 0, "min(a, b)"),
        ("max(a)", "BPO217", 0, "several"),
        ("2026-02-30", "BPO218", 0, "does not exist"),
        ("2026-6-1", "BPO218", 0, "spaces"),
        ("31/12/2026", "BPO218", 0, "YYYY-MM-DD"),
        ("31.12.2026", "BPO218", 0, "YYYY-MM-DD"),
        ("2026-06-11T10:00:00", "BPO218", 0, "zone"),
        ("2026-06-11T25:00:00Z", "BPO218", 0, "zone"),
        ("1989-12-31", "BPO218", 0, "1990"),
        ("", "BPO219", 0, "nothing here"),
        ("   ", "BPO219", 3, "nothing here"),
        ("a +", "BPO219", 3, "ends before"),
        ("__import__('os')", "BPO211", 11, "quotation"),
        ("9 ** 9", "BPO211", 2, "powers"),
        ("a == b", "BPO211", 2, "'='"),
        ("a \u2212 b", "BPO211", 2, "'-'"),
        ("a \u2265 b", "BPO211", 2, "at least"),
        ("x = 'voice'", "BPO211", 4, "double quotation"),
        ('x = "voice', "BPO211", 4, "never closed"),
        ("x = \u201cvoice\u201d", "BPO211", 4, "plain quotation"),
        ("a[0]", "BPO211", 1, "round brackets"),
        ("a; b", "BPO211", 1, "';'"),
        ("a\u200b", "BPO211", 1, "U+200B"),
    ],
)
def test_what_has_no_meaning_has_a_place(text: str, code: str, offset: int, says: str) -> None:
    finding = refused(text)
    assert finding.code == code
    assert finding.source.column == len(LEAD) + 1 + offset
    assert says in f"{finding.problem} {finding.next_step}"
    assert finding.next_step


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("x 4 months ago", "settles every quarter"),
        ("sum of x over last 2 years", "settles every quarter"),
        ("previous month's x", "settles every quarter"),
    ],
)
def test_months_that_are_no_whole_periods_are_refused(text: str, says: str) -> None:
    finding = refused(text, every=Every.QUARTER)
    assert finding.code == "BPO214"
    assert says in finding.problem


VALUES = [
    "5", "a + b", "5 % of a", "sum of a for each tickets", "max(a, b)", '"voice"', "2026-01-01", "if a then 5 else 6",
    "days in period",
]  # fmt: skip
CONDITIONS = [
    "late", "not late", "a > 5", "yes", "any of late for each tickets", "(late or else no)",
    "previous month's missed", "if a then b else c = d",
]  # fmt: skip


@pytest.mark.parametrize("text", VALUES)
def test_a_value_is_no_condition(text: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse_condition(text, nouns=NOUNS)
    assert caught.value.findings[0].code == "BPO229"


@pytest.mark.parametrize("text", CONDITIONS)
def test_a_condition_is_read(text: str) -> None:
    assert parse_condition(text, nouns=NOUNS) == parse_formula(text, nouns=NOUNS)


@pytest.mark.parametrize(
    ("text", "written"),
    [("x is exactly 3", "'is 3'"), ("x is not exactly 3 calls", "'is not 3 calls'"), ("x is exactly y", "'is y'")],
)
def test_exactly_is_a_word_of_rows(text: str, written: str) -> None:
    finding = refused(text)
    assert finding.code == "BPO214"
    assert finding.next_step.startswith(f"Write {written}: ")


def test_a_name_can_be_called_exactly() -> None:
    assert parse_formula("x is exactly", nouns=NOUNS) == parse_formula("x = (exactly)", nouns=NOUNS)


def test_what_follows_a_window_stands_in_any_order() -> None:
    one = "sum of x over last 3 months (short history: no result) where (y) (missing: skip)"
    other = "sum of x over last 3 months (missing: skip) where (y) (short history: no result)"
    assert parse_formula(one, nouns=NOUNS) == parse_formula(other, nouns=NOUNS)
    assert refused(f"{one} (short history: no result)").code == "BPO214"
