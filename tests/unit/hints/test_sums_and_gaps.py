"""Sums that take more, or less, than the reader of a contract thinks: of all lots, without what is carried, without a month."""

from __future__ import annotations

import pytest
from tests.unit.clauses.making import PLAIN_HEAD, contract_text, findings_of, place_text

from bpo_contracts import Finding, hints
from bpo_contracts.contract.reading import read_contract
from bpo_contracts.formats.documents import read_document

NEW = frozenset(f"BPO{number}" for number in range(822, 829))
HEAD = (
    PLAIN_HEAD
    + """\
scopes: {site: [north, south]}
measures:
  level: {unit: "%", direction: higher is better, precision: unrounded, missing: not scored, between: 0 % to 100 %}
  calls: {unit: calls, direction: neutral, precision: unrounded, missing: not scored}
lists:
  outages:
    columns: {nr: number, site: word, length: minutes}
    key: nr
    missing: none happened
"""
)
FEE = '- base_fee: fee\n  clause: "1"\n  words: w\n  amount: 1000.00 EUR\n'
PER_SITE = (
    '- liquidated_damages: down\n  clause: "2"\n  words: w\n  for_each: site\n  at_most: 500.00 EUR\n'
    "  amount: minutes_down * 1.00 EUR per minute\n"
)
CREDIT = '- service_credit: credit\n  clause: "3"\n  words: w\n  measure: level\n  table: {90 % or more: none, under 90 %: 1500.00 EUR}\n'
CAP = (
    '- cap: month_cap\n  clause: "4"\n  words: w\n  limits: [credit]\n  at_most: 1000.00 EUR\n'
    "  excess: carried\n  at_end_of_term: paid\n"
)
WORST = (
    "{unit: minutes, direction: lower is better, precision: unrounded, missing: 0 minutes, for_each: site, "
    "worst_of: outages, reading: length}"
)
PART_TERM = HEAD.replace("starts_on: 2026-01-01", "starts_on: 2026-01-10")
SIXTEENTH = HEAD.replace("period: month\n", "period: month\nperiod_starts_on_day: 16\n")
IX = "series: {ix: {unit: pts, source: s, lookup: latest, values: {2025-01: 100.0, 2025-11: 104.0}}}\nunits: [pts]\n"
INDEXED = (
    '- indexation: price\n  clause: "5"\n  words: w\n  price: 10.00 EUR\n  index: ix\n  lag: 2 months\n  base: 2025-01\n'
    "  round_change: unrounded\n  round: half up to 0.01 EUR\n"
    '- base_fee: indexed\n  clause: "6"\n  words: w\n  amount: price\n'
)


def figures(**formulas: str) -> str:
    return "figures:\n" + "".join(f"  {name}: {text}\n" for name, text in formulas.items())


def lots(formula: str) -> str:
    return figures(minutes_down=f'{{for_each: site, formula: "{formula}"}}')


def consequence(when: str) -> str:
    return f'- consequence: ending\n  clause: "7"\n  words: w\n  when: {when}\n  happens: x\n'


def commitment(fields: str) -> str:
    rest = "minimum: 1500 calls\n  price_of_shortfall: 0.50 EUR per call\n"
    return f'- minimum_commitment: quota\n  clause: "8"\n  words: w\n  {fields}\n  {rest}'


def true_up(final: str) -> str:
    return (
        '- true_up: settled\n  clause: "9"\n  words: w\n  interim: fee\n  over: this contract year\n'
        f'  final: "{final}"\n  final_when: last month of this contract year\n'
    )


def incentive(measure: str, more: str = "  per: 0.5 pp\n  part_steps: ignored\n  rate: 10.00 EUR\n") -> str:
    return f'- incentive: both\n  clause: "10"\n  words: w\n  measure: {measure}\n{more}'


def charge(amount: str) -> str:
    return f'- base_fee: by_days\n  clause: "11"\n  words: w\n  amount: "{amount}"\n  part_period: full\n'


def reviewed(when: str) -> str:
    return INDEXED.replace("  lag:", f"  reviewed: {when}\n  lag:")


def asked(clauses: str, more: str, head: str) -> list[Finding]:
    assert findings_of(clauses, more=more, head=head) == (), [
        one.render() for one in findings_of(clauses, more=more, head=head)
    ]
    contract = read_contract(read_document(contract_text(clauses, more=more, head=head).encode(), "contract.yaml"))
    return [one for one in hints(contract) if one.code in NEW]


SUM = "sum of length for each outages"
TO_DATE = "(sum of credit over this contract year to date)"
OF_LOT = "where (site is this item's site)"
YEAR = "this contract year to date"

ASKED = [
    (PER_SITE, lots(SUM), HEAD, "BPO823", "sum of length", "each 'site'", OF_LOT),
    (PER_SITE, lots(f"{SUM} where (length is over 5 minutes)"), HEAD, "BPO823", "sum of", "outages", OF_LOT),
    (
        CREDIT + CAP + consequence(f"{TO_DATE} is over 1500 EUR"),
        "",
        HEAD,
        "BPO824",
        "credit over",
        "'month_cap'",
        "(credit + month_cap.carried_paid)",
    ),
    (
        CREDIT + CAP + charge("10 % of credit").replace("  part_period: full\n", ""),
        "",
        HEAD,
        "BPO824",
        "credit",
        "a line of its own",
        "month_cap.carried_paid",
    ),
    (
        CREDIT
        + "  counts_toward: credits\n"
        + CAP.replace("[credit]", "credits")
        + consequence("ever is over 1500 EUR"),
        figures(ever="sum of credits over all months so far"),
        HEAD,
        "BPO824",
        "credits over",
        "'credits'",
        "(credits + month_cap.carried_paid)",
    ),
    (
        commitment("bought: calls\n  in_each: quarter"),
        "",
        HEAD,
        "BPO825",
        "calls",
        "'quota' adds up 'calls'",
        "(calls or else 0 calls)",
    ),
    (
        FEE + true_up(f"(sum of calls over {YEAR}) * 1 EUR per call"),
        "",
        HEAD,
        "BPO825",
        '"(sum',
        "'settled' adds up 'calls'",
        "(missing: skip)",
    ),
    (
        FEE + true_up("yearly * 1 EUR per call"),
        figures(yearly=f"sum of calls over {YEAR}"),
        HEAD,
        "BPO825",
        '"yearly',
        "'calls'",
        "or else",
    ),
    (incentive("level - 99 %"), "", HEAD, "BPO826", "0.5 pp", "'level - 99 %'", "'line'"),
    (incentive("gap"), figures(gap="'max(level, 50 %) - 99 %'"), HEAD, "BPO826", "0.5 pp", "'gap'", "second clause"),
    (
        charge("(days in period / 1 day) * 1 EUR"),
        "",
        PART_TERM,
        "BPO827",
        "days in period",
        "begins on 2026-01-10, inside 2026-01",
        "'days in period from 2026-01-10 to 2026-12-31'",
    ),
    (
        charge("if end of period is 2026-03-20 then 1 EUR else 2 EUR"),
        "",
        HEAD.replace("2026-12-31", "2026-03-20"),
        "BPO827",
        "end of period",
        "ends on 2026-03-20",
        "2026-03-20",
    ),
    (FEE, IX, HEAD, "BPO828", "ix", "'ix'", "remove it"),
    (
        reviewed("each contract year") + "  part_period: full\n",
        IX,
        PART_TERM,
        "BPO822",
        "2026-01-10",
        "A contract year",
        "calendar years",
    ),
    (
        reviewed("each calendar year") + "  part_period: full\n",
        IX,
        SIXTEENTH,
        "BPO822",
        "16",
        "each calendar year",
        "first day of a month",
    ),
]


@pytest.mark.parametrize(("clauses", "more", "head", "code", "at", "problem", "step"), ASKED)
def test_it_is_asked(clauses: str, more: str, head: str, code: str, at: str, problem: str, step: str) -> None:
    found = asked(clauses, more, head)
    assert [one.code for one in found] == [code], [one.render() for one in found]
    assert place_text(found[0], clauses, more=more, head=head).startswith(at), found[0].render()
    assert problem in found[0].problem
    assert step in found[0].next_step


SILENT = [
    (PER_SITE, lots(f"{SUM} {OF_LOT}"), HEAD),
    (PER_SITE, lots(f'{SUM} where (site is \\"north\\")'), HEAD),
    (PER_SITE, lots(f"({SUM} {OF_LOT}) / ({SUM}) * 1 minute"), HEAD),  # a share of the whole
    (PER_SITE.replace("for_each: site", "only_if: level is known"), figures(minutes_down=SUM), HEAD),  # of no lot
    (PER_SITE, lots(SUM), HEAD.replace("nr: number, site: word,", "nr: number,")),  # the list has no such column
    (PER_SITE.replace("minutes_down", "worst"), "", HEAD.replace("lists:\n", f"  worst: {WORST}\nlists:\n")),
    (
        CREDIT + CAP.replace("carried\n  at_end_of_term: paid", "lost") + consequence(f"{TO_DATE} is over 1500 EUR"),
        "",
        HEAD,
    ),
    (
        CREDIT
        + CAP
        + consequence(f"{TO_DATE.replace('credit', '(credit + month_cap.carried_paid)')} is over 1500 EUR"),
        "",
        HEAD,
    ),
    (CREDIT + CAP + consequence(f"{TO_DATE.replace('credit', 'credit.gross')} is over 1500 EUR"), "", HEAD),
    (CREDIT + CAP, "", HEAD),
    (commitment("bought: (calls or else 0 calls)\n  in_each: quarter"), "", HEAD),
    (commitment("bought: calls\n  in_each: period"), "", HEAD),
    (
        commitment("bought: calls\n  in_each: quarter"),
        "",
        HEAD.replace(
            "neutral, precision: unrounded, missing: not scored", "neutral, precision: unrounded, missing: refuse"
        ),
    ),
    (FEE + true_up(f"(sum of calls over {YEAR} (missing: skip)) * 1 EUR per call"), "", HEAD),
    (FEE + true_up("calls * 1 EUR per call"), "", HEAD),  # what is reported at the end alone
    (incentive("100 % - level").replace("pp", "%"), "", HEAD),
    (incentive("max(level - 99 %, 0 pp)"), "", HEAD),
    (incentive("level - 99 %", "  line: {-9 pp: -90.00 EUR, 1 pp: 10.00 EUR}\n"), "", HEAD),
    (incentive("level - 99 %").replace("incentive", "bonus"), "", HEAD),
    (charge("(days in period / 1 day) * 1 EUR").replace("  part_period: full\n", ""), "", HEAD),
    (charge("((days in period from 2026-01-10 to end of period) / 1 day) * 1 EUR"), "", PART_TERM),
    (charge("if start of period is at least 2026-07-01 then 1 EUR else 2 EUR"), "", PART_TERM),
    (charge("5 EUR").replace("full", "by days in the month"), "", PART_TERM),
    (reviewed("each contract year"), IX, HEAD),
    (reviewed("each calendar year") + "  part_period: full\n", IX, PART_TERM),
    (
        charge("(average of ix over days in period) / 1 pts * 1 EUR").replace("  part_period: full\n", ""),
        IX.replace("2025-01:", "2025-01-01:").replace("2025-11:", "2025-11-01:"),
        HEAD,
    ),
    (charge("ix / 1 pts * 1 EUR").replace("  part_period: full\n", ""), IX, HEAD),
]


@pytest.mark.parametrize(("clauses", "more", "head"), SILENT)
def test_it_is_not_asked(clauses: str, more: str, head: str) -> None:
    found = asked(clauses, more, head)
    assert found == [], [one.render() for one in found]


@pytest.mark.parametrize(
    ("measure", "below"),
    [
        ("level - 99 %", True),
        ("if level is over 50 % then level - 99 % else 0 pp", True),
        ("(level - 99 %) or else -1 pp", True),
        ("min(level - 50 %, 5 pp)", True),
        ("max(level - 50 %, 5 pp)", False),
        ("min(level, 50 %) - 50 %", True),
        ("100 % - max(level, 50 %)", False),
        ("calls - 5 calls", True),
        ("5 calls - calls", True),
        ("calls + 5 calls", False),
        ("(sum of (calls - 5 calls) over this contract year to date) - 1 call", True),
        ("calls / 2", False),
        ("shifted", True),
        ("deep", False),  # its own earlier value: nobody knows
        ("a9", True),
        ("a39", False),  # too far to follow
    ],
)
def test_steps_are_asked_about_where_they_can_be_below_none(measure: str, below: bool) -> None:
    formulas = figures(
        shifted="{formula: 'level - 10 %', round: half up to 1 pp}",
        deep='"previous month\'s deep (before the start: 1 call)"',
    )
    formulas += "  a0: level - 10 %\n" + "".join(f"  a{at}: a{at - 1}\n" for at in range(1, 40))
    unit = "calls" if "call" in measure or measure == "deep" else "%" if "100 %" in measure else "pp"
    clauses = incentive(f'"{measure}"', f"  per: 1 {unit}\n  part_steps: ignored\n  rate: 10.00 EUR\n")
    assert [one.code for one in asked(clauses, formulas, HEAD)] == ["BPO826"] * below


def test_a_hint_of_an_amended_version_says_so() -> None:
    more = lots(f"{SUM} {OF_LOT}")
    more += "amendments:\n  - {effective_on: 2026-07-01, clause: A1, words: w, change: {measures/calls/missing: not scored}}\n"
    head = HEAD.replace(
        "neutral, precision: unrounded, missing: not scored", "neutral, precision: unrounded, missing: refuse"
    )
    (found,) = asked(PER_SITE + commitment("bought: calls\n  in_each: quarter"), more, head)
    assert found.code == "BPO825"
    assert found.problem.endswith("This is so from 2026-07-01 on, as amended by A1.")
