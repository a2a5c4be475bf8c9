"""Sums over several scopes at once, and over one scope inside another: each against sums done here by hand."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import product
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.laws.recomputing import Calculator, NotCovered
from tests.unit.clauses.making import PLAIN_HEAD, case_of, figure, findings_of, settled

from bpo_contracts.settlement.prepare import prepare
from bpo_contracts.terms.describe import describe
from bpo_contracts.terms.formula import parse_formula
from bpo_contracts.testing.settling import settle_scenario
from bpo_contracts.values.findings import BadInput

SITES, SHIFTS = ("north", "south"), ("day", "late", "night")
LOTS = [*product(SITES, SHIFTS)]
Visits = Mapping[tuple[str, str], int]

HEAD = (
    PLAIN_HEAD
    + """\
scopes: {site: [north, south], shift: [day, late, night]}
parameters:
  weight: {for_each: site, values: {north: "2", south: "3"}}
measures:
  visits: {unit: visits, direction: neutral, precision: unrounded, missing: refuse, for_each: [site, shift]}
"""
)
FEE = """\
- transaction_charge: visit_fee
  clause: "1"
  words: w
  for_each: [site, shift]
  measure: visits
  price: 2 EUR per visit
"""


def facts(months: Sequence[Visits]) -> str:
    lines = []
    for number, visits in enumerate(months, 1):
        sites = {site: {shift: visits[site, shift] for shift in SHIFTS} for site in SITES}
        lines.append(f"2026-{number:02}: {{visits: {sites}}}".replace("'", ""))
    return "\n".join(lines)


def settled_figures(figures: str, months: Sequence[Visits]) -> Callable[..., Fraction]:
    outcome = settled(FEE, facts(months), more=f"figures:\n{figures}", head=HEAD)
    return lambda name, item="": figure(outcome, name, item)


visits_of = st.tuples(*[st.integers(0, 9)] * len(LOTS)).map(lambda counts: dict(zip(LOTS, counts, strict=True)))

WHOLE: Final[Mapping[str, Callable[[list[int]], Fraction]]] = {
    "sum of visits for each site, shift": lambda all_: Fraction(sum(all_)),
    "sum of visits for each shift, site": lambda all_: Fraction(sum(all_)),
    "sum of visits for each shift,site": lambda all_: Fraction(sum(all_)),
    "average of visits for each site, shift": lambda all_: Fraction(sum(all_), len(all_)),
    "highest of visits for each site, shift": lambda all_: Fraction(max(all_)),
    "lowest of visits for each site, shift": lambda all_: Fraction(min(all_)),
    "count of (visits > 4 visits) for each site, shift": lambda all_: Fraction(sum(one > 4 for one in all_)),
    "count of site, shift": lambda all_: Fraction(len(all_)),
    "100th percentile of visits for each site, shift (nearest rank)": lambda all_: Fraction(max(all_)),
    "sum of (sum of visits for each shift) for each site": lambda all_: Fraction(sum(all_)),
    "max((sum of visits for each site, shift), 1 visit)": lambda all_: Fraction(max(sum(all_), 1)),
    "highest of (sum of visits for each site, shift) over last 1 month": lambda all_: Fraction(sum(all_)),
}


@settings(max_examples=20)
@given(visits=visits_of)
def test_over_all_combinations(visits: Visits) -> None:
    figures = "".join(f'  whole_{number}: {{formula: "{formula}"}}\n' for number, formula in enumerate(WHOLE))
    value = settled_figures(figures, [visits])
    for number, (formula, by_hand) in enumerate(WHOLE.items()):
        assert value(f"whole_{number}") == by_hand(list(visits.values())), formula


@settings(max_examples=20)
@given(visits=visits_of)
def test_a_condition_knows_both_lots(visits: Visits) -> None:
    formula = 'sum of visits for each site, shift where (shift is \\"day\\" and site is not \\"south\\")'
    value = settled_figures(f'  some: {{formula: "{formula}"}}\n', [visits])
    assert value("some") == visits["north", "day"]


@settings(max_examples=20)
@given(visits=visits_of)
def test_over_one_scope_inside_the_other(visits: Visits) -> None:
    """For each site, the sum over shifts is that of the site; so it is for each of both, where 'this item' is the own lot."""
    value = settled_figures(
        """\
  of_site: {for_each: site, formula: sum of visits for each shift}
  weighed: {for_each: site, formula: sum of (visits * weight) for each shift}
  everywhere: {for_each: site, formula: "sum of visits for each site, shift"}
  of_own_site: {for_each: [site, shift], formula: sum of visits for each shift}
  busier: {for_each: [site, shift], formula: "count of (visits > this item's visits) for each shift"}
  best_site: {formula: highest of (sum of visits for each shift) for each site}
""",
        [visits],
    )
    sums = {site: sum(visits[site, shift] for shift in SHIFTS) for site in SITES}
    for site, weight in zip(SITES, (2, 3), strict=True):
        assert value("of_site", site) == sums[site]
        assert value("weighed", site) == sums[site] * weight
        assert value("everywhere", site) == sum(sums.values())
        for shift in SHIFTS:
            lot = f"{shift},{site}"
            assert value("of_own_site", lot) == sums[site]
            assert value("busier", lot) == sum(visits[site, one] > visits[site, shift] for one in SHIFTS)
    assert value("best_site") == max(sums.values())


@settings(max_examples=20)
@given(months=st.lists(visits_of, min_size=2, max_size=3))
def test_over_periods(months: Sequence[Visits]) -> None:
    short = "over last 3 months (missing: skip) (short history: the months there are)"
    value = settled_figures(
        f"""\
  whole: {{formula: "average of (sum of (visits * weight) for each site, shift) {short}"}}
  of_site: {{for_each: site, formula: "average of (sum of visits for each shift) {short}"}}
  before: {{for_each: site, formula: "sum of (previous month's visits (before the start: 0)) for each shift"}}
""",
        months,
    )
    of_site = [{site: sum(one[site, shift] for shift in SHIFTS) for site in SITES} for one in months]
    assert value("whole") == Fraction(sum(2 * one["north"] + 3 * one["south"] for one in of_site), len(months))
    for site in SITES:
        assert value("of_site", site) == Fraction(sum(one[site] for one in of_site), len(months))
        assert value("before", site) == of_site[-2][site]


AMENDED = """
scopes: {site: [north, south], shift: [day, late, night]}
parameters:
  weight: {for_each: site, values: {north: "2", south: "3"}}
measures:
  visits: {unit: visits, direction: neutral, precision: unrounded, missing: 0 visits, for_each: [site, shift]}
figures:
  of_site: {for_each: site, formula: sum of visits for each shift}
  whole: {formula: "sum of (sum of (visits * weight) for each shift, site) over last 2 months (short history: the months there are)"}
amendments:
  - effective_on: 2026-02-01
    clause: A1
    words: w
    change:
      scopes/site: [north, west]
      scopes/shift: [day, night]
      parameters/weight/values: {north: "2", west: "5"}
"""
AMENDED_FACTS = """
2026-01: {visits: {north: {day: 10, late: 2, night: 5}, south: {day: 3, night: 1}}}
2026-02: {visits: {north: {day: 10}, west: {day: 6, night: 1}}}
"""


def test_an_earlier_period_has_the_lots_it_had() -> None:
    """January: 2 × 17 + 3 × 4 = 46; February: 2 × 10 + 5 × 7 = 55."""
    outcome = settled(FEE, AMENDED_FACTS, more=AMENDED, head=PLAIN_HEAD)
    assert figure(outcome, "whole") == 46 + 55
    assert [figure(outcome, "of_site", site) for site in ("north", "west")] == [10, 7]


def test_the_trail_can_be_done_again() -> None:
    """By the auditor's calculator, from the words and the numbers of the settlement documents alone."""
    case = case_of(FEE, AMENDED_FACTS, more=AMENDED, head=PLAIN_HEAD)
    outcome = settle_scenario(case, case.scenarios[0])
    assert outcome.findings == ()
    documents = [json.loads(content) for _, content in outcome.content]
    assert outcome.prepared is not None
    contract = outcome.prepared.contract
    nouns = sorted(prepare(contract).terms.nouns)
    checked = 0
    for period in range(len(documents)):
        calculator = Calculator(documents[: period + 1], nouns, (contract.first_period, contract.last_period))
        for step in documents[period]["steps"]:
            if step["formula"] == "as reported":
                continue
            try:
                assert calculator.recomputed(step) == calculator.recorded(step), step
            except NotCovered:
                continue
            checked += "for each" in step["formula"]
    assert checked >= 6


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("sum of a for each site, shift", "sum of a for each shift, site"),
        ("2 % of sum of a for each site, shift", "2 % of (sum of a for each shift, site)"),
        ("max((sum of a for each site, shift), 5)", "max((sum of a for each shift, site), 5)"),
        ("highest of (sum of a for each site, b)", "highest of (sum of a for each site, b)"),
        ("max(sum of a for each site, b)", "max(sum of a for each site, b)"),
        (
            "highest of (sum of a for each site, shift) over last 3 months",
            "highest of (sum of a for each shift, site) over last 3 periods",
        ),
        (
            "streak of (any of a for each site, shift) over all months so far",
            "streak of (any of a for each shift, site) over all periods so far",
        ),
        ("count of site, shift", "count of shift, site"),
        ("sum of (a, b) over 5", "sum of (a, b) > 5"),
        ("sum of (a for each site, shift) for each list", None),
    ],
)
def test_the_words_are_read_again(written: str, said: str | None) -> None:
    if said is None:
        with pytest.raises(BadInput):
            parse_formula(written, nouns=())
        return
    node = parse_formula(written, nouns=())
    assert describe(node) == said
    assert parse_formula(said, nouns=()) == node


@pytest.mark.parametrize(
    ("formula", "code", "words"),
    [
        ("visits", "BPO230", "(sum of visits for each shift, site)"),
        ("sum of visits for each site", "BPO230", "for_each: [shift, site]"),
        (
            "sum of 1 for each region",
            "BPO237",
            "'region' is neither a scope nor a list of this contract (shift, site, t)",
        ),
        ("sum of 1 for each site, t", "BPO237", "'t' is a list; only scopes are combined."),
        ("sum of 1 for each site, shift, third", "BPO237", "Nothing is for each of 'shift, site, third' together."),
        ("sum of 1 for each site, site", "BPO214", "'site' is named twice"),
    ],
)
def test_what_is_refused(formula: str, code: str, words: str) -> None:
    more = f'figures:\n  one: {{formula: "{formula}"}}\nlists:\n  t: {{columns: {{nr: word}}, key: nr, missing: none happened}}\n'
    head = HEAD.replace("scopes: {", "scopes: {third: [a], " if "third" in formula else "scopes: {")
    found = findings_of(FEE, more=more, head=head)
    assert [finding.code for finding in found] == [code]
    assert words in found[0].problem
