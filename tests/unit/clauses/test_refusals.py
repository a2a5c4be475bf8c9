"""What a contract cannot mean is refused before any money moves: with its code, at its place, with a next step.

Each of these gave wrong money silently in some earlier program.
"""

from __future__ import annotations

import pytest
from tests.unit.clauses.making import HEAD, findings_of, place_text, settled

LARGER = "  take: larger set\n  if_equal: [a, b]"
COST = "rounded: each item\namount: cost\n"
ROWS = "table: {1 or more: 1}, applies_to: every failure"
CREDIT = """
- service_credit: credit
  clause: "1"
  words: w
"""


@pytest.mark.parametrize(
    ("fields", "code", "at", "mentions"),
    [
        # a comma between digits is never swallowed
        ("amount: 1 EUR * max(500,600)", "BPO212", "500,600", "comma"),
        ("rate: 99,9 %\nof: fee", "BPO212", "99,9", "comma"),
        # words that bind in two ways
        ("amount: 5 % of fee + fee", "BPO216", "5 % of fee + fee", "(5 % of fee) + fee"),
        ("amount: fee or else 0 + 5", "BPO216", "fee or else 0 + 5", "brackets"),
        ("amount: sum of cost for each tickets where done or claimed", "BPO216", "done or", "brackets"),
        ("amount: if claimed or else no then fee else 0 EUR", "BPO216", "claimed or else no", "brackets"),
        # rows
        ("measure: level\ntable: {up to 95 %: 5 %, over 95 %: none}\nof: fee", "BPO220", "up to 95 %", "or less"),
        ("measure: level\ntable: {between 90 % and 95 %: 5 %}\nof: fee", "BPO220", "between", "90 % to 95 %"),
        ("measure: level\ntable: {95 % or more: none, under 90 %: 5 %}\nof: fee", "BPO221", "", "90"),
        ("measure: level\ntable: {95 % or more: none, 95 % or less: 5 %}\nof: fee", "BPO222", "", "95"),
        ("measure: level\ntable: {95 minutes or more: none, otherwise: 5 %}\nof: fee", "BPO231", "", "minutes"),
        ("measure: level\nslices: {0 % to 50 %: 1 EUR, over 60 %: 2 EUR}", "BPO221", "", "60"),
        # units
        ("rate: 5 pp\nof: fee", "BPO230", "", "ercentage points"),
        ("amount: 30 minutes of fee", "BPO230", "30 minutes of fee", "percentage"),
        ("amount: 5 USD", "BPO233", "", "EUR"),
        ("measure: level\nrate: 5 %", "BPO148", "", "measure"),
        # one shape, and nothing that is read by no one
        ("rate: 5 %\nof: fee\namount: 5 EUR", "BPO148", "", "exactly one"),
        ("of: fee", "BPO148", "", "exactly one"),
        ("amount: 5 EUR\nof: fee", "BPO148", "", "'of'"),
        ("amount: 5 EUR\nrate_at_most: 5 %", "BPO148", "", "rate_at_most"),
        ("measure: level\nslices: {0 % or more: 1 EUR}\nrate_at_most: 5", "BPO148", "", "rate_at_most"),
        ("amount: 5 EUR\nper: 1 hour\npart_steps: counted", "BPO148", "", "per"),
        ("rate: 5 EUR\nmeasure: level\nper: 1 pp", "BPO148", "", "part_steps"),
        ("amount: 5 EUR\nexpected: 95 % or more", "BPO148", "", "expected"),
        ("amount: 5 EUR\nby: level", "BPO148", "", "by"),
        ("rate: 5 EUR\nmeasure: level - 99 %\nper: 0 pp\npart_steps: counted", "BPO271", "0 pp", "more than zero"),
        # names
        ("amount: feee", "BPO201", "feee", "fee"),
        ("amount: sum of cost for each tikets", "BPO237", "", "Write 'tickets'"),
        ("amount: sum of costs for each tickets", "BPO201", "costs", "cost"),
        ("amount: cost", "BPO201", "cost", "cost"),
        ("amount: credit", "BPO202", "", "credit.gross"),
        ("amount: 5 EUR\nrounds: half up", "BPO146", "rounds", "round"),
        ("amount: 5 EUR\nfor_each: sites", "BPO237", "sites", "scope"),
        # conditions
        ("amount: 5 EUR\nonly_if: fee + 1 EUR", "BPO229", "fee + 1 EUR", "condition"),
        ("amount: 5 EUR\nunless: fee", "BPO230", "", "condition"),
    ],
)
def test_a_clause_that_cannot_be_meant(fields: str, code: str, at: str, mentions: str) -> None:
    clauses = CREDIT + "".join(f"  {line}\n" for line in fields.splitlines())
    findings = findings_of(clauses)
    found = [finding for finding in findings if finding.code == code]
    assert found, [finding.render() for finding in findings]
    assert mentions in found[0].render()
    assert found[0].source.line > 0
    assert found[0].next_step
    if at:
        assert place_text(found[0], clauses).startswith(at)


@pytest.mark.parametrize(
    ("fields", "code", "mentions"),
    [
        ("amount: cost", "BPO275", "rounded"),
        (COST + "smallest: {raised_to: 5 EUR, compared: after rounding}", "BPO275", "of:"),
        (
            COST + f"unless: done\nrepeat_failure: {{same: kind, {ROWS}}}",
            "BPO263",
            "excused",
        ),
        (
            COST + f"repeat_failure: {{same: kind, {ROWS}, excused: counted}}",
            "BPO263",
            "says nothing",
        ),
        (
            COST + f"repeat_failure: {{same: knd, {ROWS}}}",
            "BPO279",
            "knd",
        ),
        (
            COST + "repeat_failure: {same: kind, table: {1: 1}, applies_to: every failure}",
            "BPO220",
            "exactly 1",
        ),
        (
            COST + "repeat_failure: {same: kind, table: {2 or more: 1}, applies_to: every failure}",
            "BPO224",
            "",
        ),
        (
            COST + "repeat_failure: {same: kind, table: {1 or more: 1}, applies_to: each further failure}",
            "BPO148",
            "in_order_of",
        ),
        (COST + "only_the_highest_per: evnt", "BPO279", "evnt"),
        ("rounded: each item\nby: [kind, event]\ntable: {a: 5 EUR}", "BPO280", "1 words"),
        ('rounded: each item\nby: [kind, event]\ntable: {"a, any": 5 EUR, "any, b": 6 EUR}', "BPO239", "most exact"),
        (
            COST + "smallest: {issued_only: under 5 EUR, compared: after rounding, of: the sum}",
            "BPO264",
            "over X",
        ),
        (COST + "smallest: {compared: after rounding}", "BPO148", "raised_to"),
    ],
)
def test_a_clause_about_items_says_everything(fields: str, code: str, mentions: str) -> None:
    clauses = CREDIT + "  for_each: tickets\n" + "".join(f"  {line}\n" for line in fields.splitlines())
    findings = findings_of(clauses)
    found = [finding for finding in findings if finding.code == code]
    assert found, [finding.render() for finding in findings]
    assert mentions in found[0].render()


@pytest.mark.parametrize(
    "field",
    [
        "sum_of_rates_at_most: 5 %",
        f"repeat_failure: {{same: kind, {ROWS}}}",
        "rounded: each item",
        "only_the_highest_per: kind",
        "smallest: {raised_to: 5 EUR, compared: after rounding, of: each item}",
    ],
)
def test_what_is_about_items_needs_a_list(field: str) -> None:
    findings = findings_of(CREDIT + f"  rate: 5 %\n  of: fee\n  {field}\n")
    assert [finding.code for finding in findings] == ["BPO265"]


@pytest.mark.parametrize(
    "field",
    [
        "at_most: 5 EUR",
        "only_the_highest_per: kind",
        "rounded: each item",
        "smallest: {raised_to: 5 EUR, compared: after rounding, of: each item}",
    ],
)
def test_a_limit_on_the_sum_of_rates_leaves_one_amount(field: str) -> None:
    clauses = CREDIT + f"  for_each: tickets\n  rate: share\n  of: fee\n  sum_of_rates_at_most: 5 %\n  {field}\n"
    findings = findings_of(clauses)
    assert [finding.code for finding in findings] == ["BPO148"]
    assert "sum_of_rates_at_most" in findings[0].problem


ONE = CREDIT + "  amount: 5 EUR\n"


@pytest.mark.parametrize(
    ("clauses", "code", "mentions"),
    [
        ("- servic_credit: credit\n  clause: '1'\n  words: w\n  amount: 5 EUR", "BPO144", "service_credit"),
        ("- service_credit: credit\n  bonus: other\n  clause: '1'\n  words: w\n  amount: 5 EUR", "BPO144", "two kinds"),
        (ONE + ONE.replace('"1"', '"2"'), "BPO200", "twice"),
        (
            ONE + "- cap: top\n  clause: '2'\n  words: w\n  limits: credits\n  at_most: 5 EUR\n  excess: lost",
            "BPO251",
            "credits",
        ),
        (
            ONE + "- cap: top\n  clause: '2'\n  words: w\n  limits: [credit, fee]\n  at_most: 5 EUR\n  excess: lost",
            "BPO251",
            "fee",
        ),
        (
            ONE + "- cap: top\n  clause: '2'\n  words: w\n  limits: credit\n  at_most: 5 EUR",
            "BPO145",
            "excess",
        ),
        (
            "- service_credit: one\n  clause: '1'\n  words: w\n  amount: 5 EUR\n  counts_toward: credits\n"
            "- service_credit: two\n  clause: '2'\n  words: w\n  amount: 5 EUR\n  counts_toward: credits\n"
            "- cap: top\n  clause: '3'\n  words: w\n  limits: credits\n  at_most: 5 EUR\n  excess: lost",
            "BPO250",
            "pro rata",
        ),
        (
            ONE + "- scorecard: s\n  clause: '2'\n  words: w\n  weights: {level: 60 %, fee: 30 %}\n  missing: as zero\n"
            "  round_weights: unrounded\n  round: unrounded",
            "BPO285",
            "90 %",
        ),
        (
            ONE
            + "- scorecard: s\n  clause: '2'\n  words: w\n  weights: {level: 60 %, fee: 40 %}\n  missing: reweight\n"
            "  round_weights: unrounded\n  round: unrounded",
            "BPO148",
            "needs_at_least",
        ),
        (
            ONE + "- exclusive: e\n  clause: '2'\n  words: w\n  sets: {a: credit, b: fee}\n" + LARGER,
            "BPO266",
            "fee",
        ),
        (
            ONE + "- exclusive: e\n  clause: '2'\n  words: w\n  sets: {a: credit, b: credit}\n" + LARGER,
            "BPO148",
            "one set",
        ),
        (
            ONE + "- service_credit: other\n  clause: '2'\n  words: w\n  amount: 5 EUR\n"
            "- exclusive: e\n  clause: '3'\n  words: w\n  same: event\n  sets: {a: credit, b: other}\n" + LARGER,
            "BPO267",
            "same",
        ),
        (
            ONE + "- service_credit: other\n  clause: '2'\n  words: w\n  amount: 5 EUR\n"
            "- exclusive: e\n  clause: '3'\n  words: w\n  sets: {a: credit, b: other}\n"
            "  take: larger set\n  if_equal: [a, c]",
            "BPO148",
            "if_equal",
        ),
    ],
)
def test_a_contract_that_cannot_be_meant(clauses: str, code: str, mentions: str) -> None:
    findings = findings_of(clauses)
    found = [finding for finding in findings if finding.code == code]
    assert found, [finding.render() for finding in findings]
    assert mentions in found[0].render()
    assert found[0].source.line > 0


MEASURE = "  m: {unit: '%', direction: higher is better, precision: unrounded, missing: refuse, "


@pytest.mark.parametrize(
    ("measure", "code", "mentions"),
    [
        ("share_of: tikets, that_are: done}", "BPO286", "tickets"),
        ("share_of: tickets, that_are: dne}", "BPO201", "done"),
        ("share_of: tickets, that_are: hours}", "BPO230", "condition"),
        ("share_of: tickets}", "BPO148", "that_are"),
        ("that_are: done}", "BPO148", "share_of"),
        ("share_of: tickets, that_are: done, weighted_by: user}", "BPO279", "user"),
        ("share_of: tickets, that_are: done, formula: level}", "BPO148", "one origin"),
        ("worst_of: tickets}", "BPO148", "reading"),
        ("worst_of: tickets, reading: share, outside: 2 % to 8 %}", "BPO148", "outside"),
        ("formula: level, minimum_sample: 5, below_sample: not scored}", "BPO148", "minimum_sample"),
        ("elected_by: client}", "BPO148", "needs_evidence"),
        ("formula: level, elected_by: client, needs_evidence: 'yes'}", "BPO148", "computed"),
    ],
)
def test_a_measure_that_cannot_be_meant(measure: str, code: str, mentions: str) -> None:
    head = HEAD.replace("measures:\n", "measures:\n" + MEASURE + measure + "\n")
    findings = findings_of(ONE, head=head)
    found = [finding for finding in findings if finding.code == code]
    assert found, [finding.render() for finding in findings]
    assert mentions in found[0].render()


def test_a_column_never_hides_a_measure() -> None:
    findings = findings_of(ONE, head=HEAD.replace("cost: EUR", "cost: EUR, fee: EUR"))
    assert [finding.code for finding in findings] == ["BPO288"]
    assert "'fee'" in findings[0].problem


ITEMS = CREDIT + "  for_each: tickets\n  rounded: each item\n"


@pytest.mark.parametrize(
    ("fields", "facts", "code", "mentions"),
    [
        # an item without a field is refused, and never takes the month's
        ("amount: cost", "{ticket: A}", "BPO403", "cost"),
        ("amount: cst", "{ticket: A, cst: 5}", "BPO201", "cost"),
        ("amount: cost", "{ticket: A, cst: 5 EUR}", "BPO322", "cost"),
        # a month's list that is misspelt is not an empty list
        ('amount: cost\nwhere: kind is "a"', "{ticket: A, cost: 5 EUR}", "BPO403", "kind"),
        ("measure: kind\ntable: {a: 5 EUR}", "{ticket: A, kind: b}", "BPO241", "'b'"),
        ("amount: 0 EUR - cost", "{ticket: A, cost: 5 EUR}", "BPO404", "below zero"),
    ],
)
def test_facts_that_do_not_fit_are_refused(fields: str, facts: str, code: str, mentions: str) -> None:
    clauses = ITEMS + "".join(f"  {line}\n" for line in fields.splitlines())
    outcome = settled(clauses, f"2026-01:\n  tickets: [{facts}]")
    assert code in [finding.code for finding in outcome.findings], [finding.render() for finding in outcome.findings]
    assert mentions in "\n".join(finding.render() for finding in outcome.findings)


def test_a_list_nobody_declared_is_refused() -> None:
    outcome = settled(ITEMS + "  amount: cost\n", "2026-01:\n  tikets: [{ticket: A, cost: 5 EUR}]")
    assert {finding.code for finding in outcome.findings} == {"BPO321"}


def test_no_message_speaks_of_the_program() -> None:
    outcome = settled(ITEMS + "  amount: cost\n", "2026-01:\n  tickets: [{ticket: A}]")
    text = "\n".join(finding.render() for finding in outcome.findings)
    assert not any(word in text for word in ("None", "Error", "Absent", "Traceback", "object at"))


def test_a_question_ends_with_its_own_mark() -> None:
    finding = findings_of(ITEMS + "  amount: sum of costs for each tickets\n")[0]
    assert finding.problem.endswith("; did you mean 'cost'?")
