"""A comparison that can never hold, or never fail, is a slip of the pen, and is refused before it moves money."""

from __future__ import annotations

from textwrap import indent

import pytest
from tests.unit.clauses.making import PLAIN_HEAD, findings_of, place_text

HEAD = (
    PLAIN_HEAD
    + """\
scopes: {site: [north, south]}
parameters: {mode: '"fast"'}
measures:
  grade: {unit: word, words: [good, fair, bad], direction: neutral, precision: unrounded, missing: not scored}
  free: {unit: word, direction: neutral, precision: unrounded, missing: not scored}
  level: {unit: "%", direction: higher is better, precision: unrounded, missing: not scored, between: 0 % to 100 %}
  visits: {unit: visits, direction: neutral, precision: unrounded, missing: 0 visits, for_each: site}
lists:
  outages:
    columns: {nr: number, priority: word, cause: word, site: word, length: minutes}
    words: {priority: [P1, P2], site: [north, south]}
    key: nr
    missing: none happened
"""
)
BONUS = '- bonus: b\n  clause: "1"\n  words: w\n  amount: 10.00 EUR\n'
ITEMS = '- tariff: t\n  clause: "2"\n  words: w\n  for_each: outages\n  rounded: each item\n  amount: 10.00 EUR\n'
LOTS = '- base_fee: f\n  clause: "3"\n  words: w\n  for_each: site\n  amount: visits * 1.00 EUR per visit\n'
LEVEL = (
    '- service_credit: l\n  clause: "4"\n  words: w\n  measure: level\n  table: {95 % or more: none, under 95 %: 1.00 EUR}\n'
    "  expected: 95 % or more\n"
)


def _with(condition: str, clause: str = BONUS, field: str = "only_if") -> str:
    return f"{clause}  {field}: '{condition}'\n"


def _figure(formula: str, name: str = "tested", more: str = "") -> str:
    return f"figures:\n  {name}: {{formula: '{formula}'{more}}}\n"


IMPOSSIBLE = [
    (
        _with('priority is "p1"', ITEMS, "where"),
        "",
        '"p1"',
        "'p1' is not one of the words of 'priority' (P1, P2)",
        '"P1"',
    ),
    (_with('priority is not "P3"', ITEMS, "only_if"), "", '"P3"', "'P3' is not", "declare it with the words"),
    (_with('site is "nroth"', LOTS, "where"), "", '"nroth"', "not one of the lots of 'site' (north, south)", '"north"'),
    (_with('site is "nroth"', ITEMS, "where"), "", '"nroth"', "of the words of 'site' (north, south)", '"north"'),
    (_with('grade is "Good"'), "", '"Good"', "of the words of 'grade' (bad, fair, good)", '"good"'),
    (
        _with('grade is "dreadful"', field="unless"),
        "",
        '"dreadful"',
        "of the words of 'grade'",
        "declare it with the words",
    ),
    (_with('"excellent" is grade'), "", '"excellent"', "of the words of 'grade'", "declare it"),
    (_with('(grade or else "none") is "nine"'), "", '"nine"', "(bad, fair, good, none)", '"none"'),
    (_with('alias is "goood"'), _figure("grade", "alias"), '"goood"', "of the words of 'alias'", '"good"'),
    (_with('l.level is "mised"') + LEVEL, "", '"mised"', "(met, missed)", '"missed"'),
    (BONUS, _figure('count of outages where (priority is "P7")'), '"P7"', "'priority'", "declare it"),
    (BONUS, _figure('if grade is "goood" then 1 else 2'), '"goood"', "'grade'", '"good"'),
    (
        BONUS,
        _figure('count of (grade is "goood") over last 3 months (short history: refuse)'),
        '"goood"',
        "'grade'",
        '"good"',
    ),
    (
        '- consequence: c\n  clause: "5"\n  words: w\n  when: grade is "goood"\n  no_data: does not count\n  happens: x\n',
        "",
        '"goood"',
        "'grade'",
        '"good"',
    ),
]


@pytest.mark.parametrize(("clauses", "more", "at", "problem", "step"), IMPOSSIBLE)
def test_a_word_that_cannot_be_is_refused(clauses: str, more: str, at: str, problem: str, step: str) -> None:
    findings = findings_of(clauses, more=more, head=HEAD)
    assert [one.code for one in findings] == ["BPO167"], [one.render() for one in findings]
    assert place_text(findings[0], clauses, more=more, head=HEAD).startswith(at)
    assert problem in findings[0].problem
    assert step in findings[0].next_step


@pytest.mark.parametrize(
    ("clauses", "more"),
    [
        (_with('priority is "P1"', ITEMS, "where"), ""),
        (_with('cause is "anything"', ITEMS, "where"), ""),
        (_with('site is not "north"', LOTS, "where"), ""),
        (_with('free is "anything"'), ""),
        (_with('mode is "slow"'), ""),  # an agreed value: an amendment can change it
        (_with('(grade or else "none") is "none"'), ""),
        (_with('l.level is "met"') + LEVEL, ""),
        (
            BONUS,
            'figures:\n  x: "if previous month\'s grade (before the start: \\"new\\") is \\"new\\" then 1 else 2"\n',
        ),
        (_with('status is "good"'), _figure('if level is over 90 % then "fine" else "poor"', "status")),
    ],
)
def test_declared_words_and_those_of_what_declares_none_are_free(clauses: str, more: str) -> None:
    assert findings_of(clauses, more=more, head=HEAD) == ()


def test_what_stands_for_something_else_is_followed_as_far_as_a_reader_would() -> None:
    chain = "figures:\n  a0: {formula: grade}\n" + "".join(f"  a{at}: {{formula: a{at - 1}}}\n" for at in range(1, 40))
    assert [one.code for one in findings_of(_with('a9 is "goood"'), more=chain, head=HEAD)] == ["BPO167"]
    assert findings_of(_with('a39 is "goood"'), more=chain, head=HEAD) == ()


RENAMED = "amendments:\n  - effective_on: 2026-07-01\n    clause: A1\n    words: w\n    change:\n"
HIGH = "      lists/outages/words/priority: [high, P2]\n"
COUNT = "count of outages where (priority is {})"
OVER = "sum of (count of outages where (priority is {})) over all months so far"


def test_words_are_those_of_the_version() -> None:
    """What an amendment renames is renamed in the formulas, too; what looks back may name the words of before."""
    more = _figure(COUNT.format('"P1"')) + RENAMED + HIGH
    (finding,) = findings_of(BONUS, more=more, head=HEAD)
    assert finding.code == "BPO167"
    assert finding.problem.endswith("(P2, high): it is never that. This is so from 2026-07-01 on, as amended by A1.")
    renamed = "      figures/tested/formula: '" + COUNT.format('"high"') + "'\n"
    assert findings_of(BONUS, more=more + renamed, head=HEAD) == ()
    assert findings_of(BONUS, more=_figure(OVER.format('"P1"')) + RENAMED + HIGH, head=HEAD) == ()
    assert [one.code for one in findings_of(BONUS, more=_figure(OVER.format('"P9"')) + RENAMED + HIGH, head=HEAD)] == [
        "BPO167"
    ]


def test_an_earlier_value_can_be_a_word_of_before() -> None:
    formula = 'if previous month\'\'s grade (before the start: "good") is "WORD" then 1 else 2'
    more = _figure(formula) + RENAMED + "      measures/grade/words: [top, fair, bad]\n"
    assert findings_of(BONUS, more=more.replace("WORD", "good"), head=HEAD) == ()
    found = findings_of(BONUS, more=more.replace("WORD", "dreadful"), head=HEAD)
    assert [one.code for one in found] == ["BPO167"]


def test_a_word_in_an_amendment_is_shown_there_and_needs_no_day() -> None:
    change = "      figures/tested/formula: '" + COUNT.format('"P9"') + "'\n"
    more = _figure(COUNT.format('"P1"')) + RENAMED + change
    (finding,) = findings_of(BONUS, more=more, head=HEAD)
    assert place_text(finding, BONUS, more=more, head=HEAD).startswith('"P9"')
    assert finding.problem.endswith("it is never that.")


OWN = "site is this item's site"


@pytest.mark.parametrize(
    ("clauses", "more", "problem", "step"),
    [
        (BONUS, _figure("count of outages where (site is site)", more=", for_each: site"), "always so", OWN),
        (BONUS, _figure("count of outages where (site is not site)", more=", for_each: site"), "never so", OWN),
        (BONUS, _figure("count of outages where (length is over length)"), "never so", "Name the other thing"),
        (
            BONUS,
            _figure("count of outages where (length is over length)", more=", for_each: site"),
            "never so",
            "Name the other thing",
        ),
        (
            BONUS,
            _figure("count of outages where (length is at least length)", more=", for_each: outages"),
            "always so",
            "length is this item's length",
        ),
        (_with("site is site", ITEMS, "where"), "", "always so", "Name the other thing"),
        (_with("site is this item''s site", ITEMS, "where"), "", "always so", "Name the other thing"),
        (_with("level is under level"), "", "never so", "Name the other thing"),
    ],
)
def test_a_name_compared_with_itself_is_refused(clauses: str, more: str, problem: str, step: str) -> None:
    findings = findings_of(clauses, more=more, head=HEAD)
    assert [one.code for one in findings] == ["BPO168"], [one.render() for one in findings]
    assert problem in findings[0].problem
    assert step in findings[0].next_step


@pytest.mark.parametrize(
    ("formula", "more"),
    [
        ("count of outages where (site is this item''s site)", ", for_each: site"),
        ("count of outages where (site is this item''s site)", ", for_each: outages"),
        (
            "count of (length is over this item''s length) over previous 2 months (short history: no result)",
            ", for_each: outages",
        ),
        ("level is over level 1 month ago (before the start: 0 %)", ""),
    ],
)
def test_the_same_name_of_another_item_or_period_is_another_thing(formula: str, more: str) -> None:
    assert findings_of(BONUS, more=_figure(formula, more=more), head=HEAD) == ()


RATCHET = '- ratchet: r\n  clause: "6"\n  words: w\n  measure: level\n  follows: highest\n'


@pytest.mark.parametrize(
    ("fields", "codes"),
    [
        ("starts_at: 90 %\n  at_least: 91 %\n  at_most: 97 %\n", ["BPO170"]),
        ("starts_at: 98 %\n  at_most: 97 %\n", ["BPO170"]),
        ("starts_at: 97 %\n  at_least: 91 %\n  at_most: 97 %\n", []),
        ("starts_at: agreed\n  at_least: 91 %\n", []),
        ("starts_at: 90 %\n", []),
    ],
)
def test_a_ratchet_starts_inside_its_own_ends(fields: str, codes: list[str]) -> None:
    head = HEAD.replace("parameters: {", "parameters: {agreed: 90 %, ")
    found = findings_of(f"{RATCHET}  {fields}", head=head)
    assert [one.code for one in found] == codes
    assert all("starts at" in one.problem and one.also for one in found)


@pytest.mark.parametrize("word", ["yes", "no"])
def test_a_column_that_formulas_would_read_as_an_answer_is_refused(word: str) -> None:
    head = HEAD.replace("nr: number,", f"nr: number, {word}: number,")
    (finding,) = findings_of(BONUS, head=head)
    assert finding.code == "BPO148"
    assert place_text(finding, BONUS, head=head).startswith(f"{word}: number")


def test_findings_of_the_signed_text_and_of_its_versions_are_reported_together() -> None:
    more = _figure('if grade is "goood" then 1 else 2') + RENAMED
    more += indent(
        "clauses/b/amount: 5 minutes\nmeasures/level/words: [a]\nmeasures/level/missing: nonsense\n", " " * 6
    )
    found = findings_of("- bonus: b\n  clause: '1'\n  words: w\n  amount: 3 %\n", more=more, head=HEAD)
    assert sorted(one.code for one in found) == ["BPO147", "BPO233"]
    assert not any("as amended by" in one.problem for one in found)


def test_what_an_amendment_leaves_incomplete_is_said_of_the_version() -> None:
    more = RENAMED + "      clauses/b/words: removed\n"
    clauses = BONUS + "  only_if: nonsense is over 5\n"
    found = findings_of(clauses, more=more, head=HEAD)
    assert [(one.code, "as amended by A1" in one.problem) for one in found] == [("BPO145", True), ("BPO201", False)]
