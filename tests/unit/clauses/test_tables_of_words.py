"""Tables that are read at words: the row of the word, ``any`` for those not named, the most exact row of several."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.clauses.making import PLAIN_HEAD, figure, findings_of, settled

WORDS = ("a", "b", "c")
cells = st.tuples(st.sampled_from([*WORDS, "any"]), st.sampled_from([*WORDS, "any"]))
tables = st.dictionaries(cells, st.integers(1, 999), min_size=1, max_size=8)


def clause(table: dict[tuple[str, str], int]) -> str:
    rows = "".join(f'    "{kind}, {event}": {amount} EUR\n' for (kind, event), amount in table.items())
    head = "- tariff: sums\n  clause: '1'\n  words: w\n  for_each: tickets\n  rounded: each item\n"
    return head + "  by: [kind, event]\n  table:\n" + rows


def best(table: dict[tuple[str, str], int], kind: str, event: str) -> list[tuple[str, str]]:
    """The rows that hold and are at least as exact as every other that holds."""
    fitting = [row for row in table if row[0] in (kind, "any") and row[1] in (event, "any")]
    return [
        row for row in fitting if all(other[0] in (row[0], "any") and other[1] in (row[1], "any") for other in fitting)
    ]


@settings(max_examples=40, deadline=None)
@given(tables, st.sampled_from(WORDS), st.sampled_from(WORDS))
def test_the_most_exact_row_holds_or_the_table_is_refused(
    table: dict[tuple[str, str], int], kind: str, event: str
) -> None:
    undecided = any(
        len(best(table, one, other)) != 1
        and [row for row in table if row[0] in (one, "any") and row[1] in (other, "any")]
        for one in WORDS
        for other in WORDS
    )
    found = findings_of(clause(table))
    assert ({finding.code for finding in found} == {"BPO239"}) == undecided
    if undecided:
        return
    outcome = settled(clause(table), f"2026-01:\n  tickets: [{{ticket: A, kind: {kind}, event: {event}}}]")
    rows = best(table, kind, event)
    if rows:
        assert figure(outcome, "sums") == Fraction(table[rows[0]])
    else:
        assert {finding.code for finding in outcome.findings} == {"BPO241"}


def test_the_words_of_a_lot_parameter_stand_in_the_order_of_its_scopes() -> None:
    more = """
    scopes: {site: [x, y], priority: [x, z]}
    parameters:
      price:
        for_each: [site, priority]
        values: {"x, any": 1 EUR, "y, x": 2 EUR, "y, z": 3 EUR}
    """
    clauses = "- service_credit: credit\n  clause: '1'\n  words: w\n  for_each: [site, priority]\n  amount: price\n"
    outcome = settled(clauses, "2026-01:\n  fee: 5 EUR", more=more)
    assert [figure(outcome, "credit", lot) for lot in ("x,x", "x,y", "z,x", "z,y")] == [1, 2, 1, 3]


def test_rows_for_every_word_are_complete_without_one_for_any() -> None:
    """All words of the first key are named: what is missing for any other word is missing for nothing."""
    more = """
    scopes: {site: [x, y]}
    measures:
      urgent: {unit: yes/no, direction: neutral, precision: unrounded, missing: "no", for_each: site}
      fee: {unit: EUR, direction: neutral, precision: unrounded, missing: 1000 EUR}
    """
    table = '{"x, no": 1 EUR, "any, yes": 2 EUR, "y, no": 3 EUR}'
    clauses = f"- service_credit: credit\n  clause: '1'\n  words: w\n  for_each: site\n  by: [site, urgent]\n  table: {table}\n"
    outcome = settled(clauses, "2026-01:\n  urgent: {x: 'no', y: 'yes'}", more=more, head=PLAIN_HEAD)
    assert [figure(outcome, "credit", site) for site in ("x", "y")] == [1, 2]
    broken = clauses.replace('"y, no"', '"x, yes"')
    assert [finding.code for finding in findings_of(broken, more=more, head=PLAIN_HEAD)] == ["BPO280"]
