"""What stands below a line is about that line: its own rows, its steps, its items by their numbers, what it forfeits."""

from __future__ import annotations

import pytest
from tests.unit.clauses.making import HEAD, PLAIN_HEAD, contract_text

from bpo_contracts.contract.reading import read_contract
from bpo_contracts.formats.documents import read_document
from bpo_contracts.formats.performance import read_performance
from bpo_contracts.formats.statement_html import statement_html
from bpo_contracts.formats.statement_text import statement_text
from bpo_contracts.services.settling import settle_all
from bpo_contracts.services.statements import statement_document

FEE = """
- base_fee: monthly
  clause: "1"
  words: w
  amount: 1000.00 EUR
"""
LEVEL = """
- service_credit: level_credit
  clause: "2"
  words: w
  measure: level
  table: {95 % or more: none, under 95 %: 3 %}
  of: monthly
"""


def printed(clauses: str, report: str, *, head: str = HEAD, more: str = "", html: bool = False) -> list[str]:
    """The statements of all periods of a contract, with the head of each left out."""
    contract = read_contract(read_document(contract_text(clauses, head=head, more=more).encode(), "contract.yaml"))
    settled = settle_all(contract, read_performance(report.encode(), "report.csv"), engine="reference")
    documents = [statement_document(one.document, contract) for one in settled]
    if html:
        return [statement_html([one]) for one in documents]
    return [statement_text(one).partition("CHARGES\n")[2] for one in documents]


def below(text: str, line: str) -> list[str]:
    """What is printed below a line, until the next one."""
    lines = text.splitlines()
    found = lines[next(at for at, one in enumerate(lines) if one.startswith(line)) + 1 :]
    end = next(at for at, one in enumerate(found) if not one.startswith("   ") or one.endswith("-" * 12))
    return [one.strip() for one in found[:end]]


SUM = """
- bonus: year_return
  clause: "{}"
  words: w
  amount: sum of level_credit over all months so far
  only_if: [level is at least 95 %]
"""


@pytest.mark.parametrize("number", ["3", "2"])
def test_the_rows_of_another_clause_stand_on_the_line_of_that_clause(number: str) -> None:
    """Whether the line pays or its gate is closed, and even where both clauses have one number."""
    clauses = FEE + LEVEL + SUM.format(number)
    january, february = printed(clauses, "period,level\n2026-01,94\n2026-02,96\n")
    own = ['level = 94 %, in the row "under 95 %": 3 %', "3 % of 1000.00 EUR"]
    assert below(january, "2  level credit") == own
    assert below(january, f"{number}  year return: gate closed") == []
    assert below(february, f"{number}  year return") == []
    for page in printed(clauses, "period,level\n2026-01,94\n2026-02,96\n", html=True):
        assert page.count("<figure") == 1


def test_the_rows_of_a_figure_stand_on_the_line_that_is_made_of_it() -> None:
    clauses = FEE + '\n- service_credit: credit\n  clause: "2"\n  words: w\n  rate: rate_of_level\n  of: monthly\n'
    more = "figures:\n  rate_of_level: {measure: level, table: {95 % or more: none, under 95 %: 3 %}}\n"
    (text,) = printed(clauses, "period,level\n2026-01,94\n", more=more)
    assert below(text, "2  credit")[0] == 'level = 94 %, in the row "under 95 %": 3 %'


DELAY = """
measures:
  delay: {unit: minutes, direction: lower is better, precision: unrounded, missing: 50 minutes}
lists:
  stops:
    columns: {number: number, began: instant, ended: instant}
    key: number
    missing: none happened
"""
STEPS = '- liquidated_damages: damages\n  clause: "3"\n  words: w\n'


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (
            "measure: delay\nrate: 10.00 EUR\nper: 15 minutes\npart_steps: counted\nat_most: 500.00 EUR",
            ["delay = 50 minutes: 4 started steps of 15 minutes", "4 × 10.00 EUR, at most 500.00 EUR"],
        ),
        (
            "measure: delay\nrate: 1 %\nper: 0.5 hours\npart_steps: ignored\nof: monthly\nat_least: 20.00 EUR\nonly_if: delay > 0 hours",
            ["delay = 50 minutes: 1 full step of 0.5 hours", "(1 × 1 %) of 1000.00 EUR, at least 20.00 EUR"],
        ),
        (
            "measure: delay\nrate: 1 %\nper: 20 minutes\npart_steps: nearest\nof: monthly\nrate_at_most: 2 %",
            ["delay = 50 minutes: 3 steps of 20 minutes, the nearest number", "min(3 × 1 %, 2 %) of 1000.00 EUR"],
        ),
        (
            "measure: delay + 10 minutes\nrate: 2.00 EUR\nper: 1 hour\npart_steps: pro rata\nat_most: 10 % of monthly",
            ["50 minutes + 10 minutes: 1 step of 1 hour", "1 × 2.00 EUR, at most 10 % of 1000.00 EUR"],
        ),
        (
            "measure: stopped\nrate: 10.00 EUR\nper: 15 minutes\npart_steps: counted",
            ["stopped = 20 minutes: 2 started steps of 15 minutes", "2 × 10.00 EUR"],
        ),
    ],
)
def test_a_clause_that_pays_by_steps_shows_what_was_measured_and_how_many_they_are(
    fields: str, expected: list[str]
) -> None:
    clause = STEPS + "".join(f"  {field}\n" for field in fields.splitlines())
    more = 'figures:\n  stopped: "sum of (ended - began) for each stops (none found: 0 minutes)"\n'
    report = "period,list,number,began,ended\n2026-01,stops,1,2026-01-05T10:00:00Z,2026-01-05T10:20:00Z\n"
    (text,) = printed(FEE + clause, report, head=PLAIN_HEAD + DELAY, more=more)
    assert below(text, "3  damages") == expected


def test_items_that_are_numbered_stand_in_the_order_of_their_numbers() -> None:
    fields = ["for_each: stops", "rounded: each item", "measure: ended - began", "rate: 1.00 EUR", "per: 10 minutes"]
    clause = STEPS + "".join(f"  {field}\n" for field in [*fields, "part_steps: counted", "at_most: 4.00 EUR"])
    times = {number: f"2026-01-05T10:00:00Z,2026-01-05T10:{number * 4:02}:00Z" for number in (1, 2, 10, 11)}
    rows = "".join(f"2026-01,stops,{number},{of}\n" for number, of in times.items())
    (text,) = printed(FEE + clause, "period,list,number,began,ended\n" + rows, head=PLAIN_HEAD + DELAY)
    items = [one.partition(":")[0] for one in below(text, "3  damages") if one[0].isdigit() and ": -" in one]
    assert items == ["1", "2", "10", "11"]


HELD = """
- holdback: withheld
  clause: "9.20"
  words: w
  keep: 100.00 EUR
  release:
    met: {when: claimed, share: rest, times: every period}
    report: {when: level is under 50 %, share: 0 %, of: balance, times: every period, remainder: forfeited}
"""


def test_what_is_forfeited_is_named_in_the_statement_of_its_period_and_in_no_other() -> None:
    report = "period,level,claimed\n2026-01,90,\n2026-02,40,\n2026-03,90,\n2026-04,90,yes\n"
    texts = printed(FEE + HELD + "  at_end_of_term: forfeited\n", report)
    said = [text.partition("CONSEQUENCES")[2] for text in texts]
    assert "9.20  200.00 EUR of what was held back is forfeited: it will not be released." in said[1]
    assert [bool(one) for one in said] == [False, True, False, False]


def test_what_is_forfeited_at_the_end_of_the_term_is_named_in_the_last_statement() -> None:
    head = HEAD.replace("2026-12-31", "2026-02-28")
    report = "period,level,claimed\n2026-01,90,yes\n2026-02,90,\n"
    texts = printed(FEE + HELD + "  at_end_of_term: forfeited\n", report, head=head)
    assert "forfeited" not in texts[0]
    assert "9.20  At the end of the term 100.00 EUR that is still held back is forfeited." in texts[1]


def test_a_holdback_that_forfeits_nothing_has_no_such_figure() -> None:
    contract = contract_text(FEE + HELD.replace("remainder: forfeited", "remainder: stays held"), head=HEAD)
    (settlement,) = settle_all(
        read_contract(read_document(contract.encode(), "contract.yaml")),
        read_performance(b"period,level,claimed\n2026-01,40,\n", "report.csv"),
        engine="reference",
    )
    assert not [step for step in settlement.document["steps"] if "is_forfeited" in step["figure"]]


SITES = """
scopes: {site: [north, south]}
figures: {pts: sites_late * 2 points per failure}
units: [points, failures]
"""
SITE_HEAD = HEAD.replace(
    "lists:",
    "  result: {unit: '%', direction: higher is better, precision: unrounded, missing: 100 %, for_each: site}\n"
    "  sites_late: {unit: failures, direction: lower is better, precision: unrounded, missing: 0 failures}\nlists:",
)
OF_SITES = """
- service_credit: site_credit
  clause: "3"
  words: w
  for_each: site
  measure: result
  table: {99 % or more: none, under 99 %: 10 %}
  of: fee
  counts_toward: credits
- cap: limit
  clause: "4"
  words: w
  limits: credits
  at_most: 150 EUR
  excess: lost
  shared: pro rata
- service_credit: deduction
  clause: "6"
  words: w
  measure: pts
  table: {under 5 points: none, 5 points or more: 2 %}
  of: fee
"""


def test_a_line_of_a_lot_shows_its_own_rows_and_a_table_at_a_figure_its_row() -> None:
    report = "period,measure,site,value\n2026-01,result,north,99.5\n2026-01,result,south,98\n2026-01,sites_late,,3\n"
    (text,) = printed(OF_SITES, report, more=SITES, head=SITE_HEAD)
    north, south = text.index("(site north)"), text.index("(site south)")
    assert text[north:].count('(north) = 99.5 %, in the row "99 % or more": none') == 1
    assert 'in the row "under 99 %"' not in text[north:south]
    assert 'pts = 6 points, in the row "5 points or more": 2 %' in text
