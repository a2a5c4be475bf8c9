"""What a refusal says next: how this very value is written, and never only that it is wrong."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import get_args

import pytest
from tests.unit.clauses.making import HEAD, findings_of, place_text

from bpo_contracts.contract.choices import MEANINGS
from bpo_contracts.contract.clauses.kinds import KINDS
from bpo_contracts.contract.next_steps import CONTRACT, RULES
from bpo_contracts.terms.written import plain_forms
from bpo_contracts.values.findings import Finding

SOURCE = Path(__file__).parents[3] / "src" / "bpo_contracts"
CREDIT = '- service_credit: credit\n  clause: "1"\n  words: w\n'
CALLS = HEAD.replace(
    "lists:\n", "  calls: {unit: calls, direction: neutral, precision: unrounded, missing: refuse}\nlists:\n"
)


def credit(fields: str) -> str:
    return CREDIT + "".join(f"  {line}\n" for line in fields.splitlines())


def only(clauses: str, *, head: str = HEAD) -> Finding:
    findings = findings_of(clauses, head=head)
    assert len(findings) == 1, [one.render() for one in findings]
    return findings[0]


@pytest.mark.parametrize(
    ("fields", "at", "both", "step"),
    [
        (
            "amount: fee\nonly_if: level is at least 30 minutes",
            "30 minutes",
            ("'level' is in %", "in minutes"),
            "'30 %'",
        ),
        (
            "measure: level\nrate: 5 EUR\nper: 30 minutes\npart_steps: counted",
            "30 minutes",
            ("in %", "in minutes"),
            "'30 %'",
        ),
        ("amount: fee\nat_most: 10 %", "10 %", ("in EUR", "'10 %' is in %"), "'10 % of …'"),
        ("amount: fee + 5 %", "5 %", ("'fee' is in EUR", "'5 %' is in %"), "'fee + (5 % of fee)'"),
        ("amount: fee * 5 %", "5 %", ("in EUR", "in %"), "'5 % of fee'"),
        ("amount: max(fee, 5 USD)", "5 USD", ("in EUR", "in USD"), "'5 EUR'"),
        ("amount: if claimed then 5 EUR else 5 minutes", "5 minutes", ("in EUR", "in minutes"), "'5 EUR'"),
        ("amount: fee or else 5 minutes", "5 minutes", ("in EUR", "in minutes"), "'5 EUR'"),
        (
            "measure: level\ntable: {95 % or more: none, under 95 %: 5 minutes}\nof: fee",
            "5 minutes",
            ("in EUR", "in minutes"),
            "unit",
        ),
        (
            "measure: level\ntable: {95 % or more: none, 90 % to under 95 %: 5 %, under 90 %: 50 EUR}\nof: fee",
            "50 EUR",
            ("in %", "in EUR"),
            "%",
        ),
        # no number takes part: the formula as a whole
        ("amount: sum of cost for each tickets + fee * level", "", (), "unit"),
    ],
)
def test_a_wrong_unit_is_shown_at_the_number_that_was_mistyped(
    fields: str, at: str, both: tuple[str, ...], step: str
) -> None:
    clauses = credit(fields)
    finding = findings_of(clauses)[0]
    if at:
        assert finding.code == "BPO230", finding.render()
        assert place_text(finding, clauses).startswith(at)
        assert finding.source.length == len(at)
    for part in both:
        assert part in finding.problem, finding.problem
    assert step in finding.next_step or not at, finding.next_step


AMOUNTS = [
    ("EUR 8500.00", "BPO205", "8500.00 EUR"), ("€8500", "BPO205", "8500 EUR"), ("€ 8.500,00", "BPO205", "8500.00 EUR"),
    ("EUR8500", "BPO205", "8500 EUR"), ("8500 €", "BPO205", "8500 EUR"), ("8500 euros", "BPO205", "8500 EUR"),
    ("8500 eur", "BPO205", "8500 EUR"), ("$8500", "BPO205", "8500 USD"), ("fee + €500", "BPO205", "500 EUR"),
    ("8.500,00 EUR", "BPO212", "8500.00 EUR"), ("8,500.00 EUR", "BPO212", "8500.00 EUR"),
    ("8500,00 EUR", "BPO212", "8500.00 EUR"), ("8500.00EUR", "BPO212", "8500.00 EUR"),
    ("8.5k EUR", "BPO212", "8500 EUR"), ("8 500.00 EUR", "BPO214", "8500.00 EUR"),
    ("8500", "BPO233", "8500.00 EUR"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "code", "meant"), AMOUNTS)
def test_an_amount_in_another_form_is_shown_as_it_is_written_here(written: str, code: str, meant: str) -> None:
    finding = only(f'- base_fee: charge\n  clause: "1"\n  words: w\n  amount: "{written}"\n')
    assert finding.code == code, finding.render()
    assert f"'{meant}'" in finding.next_step, finding.render()
    assert (
        findings_of(f'- base_fee: charge\n  clause: "1"\n  words: w\n  amount: {meant.replace("USD", "EUR")}\n') == ()
    )


@pytest.mark.parametrize(
    ("written", "meant"),
    [("1.234.567,89", ["1234567.89"]), ("1'234.50", ["1234.50"]), ("8,500", ["8500", "8.500"]), ("99,9", ["99.9"])],
)
def test_where_a_mark_can_mean_two_things_both_are_shown(written: str, meant: list[str]) -> None:
    assert plain_forms(written) == meant


@pytest.mark.parametrize(
    ("price", "code", "says"),
    [
        ("2.40 EUR per ticket", "BPO213", "'units: [tickets]'"),
        ("2.40 EUR per cal", "BPO213", "'calls'"),
        ("2.40 EUR / call", "BPO201", "'2.40 EUR per call'"),
        ("EUR 2.40 per call", "BPO205", "'2.40 EUR per call'"),
        ("2.40", "BPO233", "'2.40 EUR per call'"),
    ],
)
def test_a_price_says_how_its_unit_is_declared_and_written(price: str, code: str, says: str) -> None:
    text = f'- transaction_charge: charge\n  clause: "1"\n  words: w\n  measure: calls\n  price: {price}\n'
    finding = only(text, head=CALLS)
    assert finding.code == code, finding.render()
    assert says in finding.next_step, finding.render()


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("from 95 %", "'95 % or more'"), (">= 95 %", "'95 % or more'"), ("≥ 95 %", "'95 % or more'"), ("95 %+", "'95 % or more'"),
        ("≤ 95 %", "'95 % or less'"), ("default", "'otherwise'"), ("95 % - 97 %", "'95 % to under 97 %'"),
    ],
)  # fmt: skip
def test_a_row_in_another_form_names_the_forms_there_are(row: str, says: str) -> None:
    finding = findings_of(credit(f'measure: level\nof: fee\ntable:\n  "{row}": none'))[0]
    assert finding.code == "BPO220"
    assert says in finding.next_step
    for form in ("X or more", "under X", "X to under Y", "otherwise"):
        assert f"'{form}'" in finding.next_step


@pytest.mark.parametrize(("row", "says"), [(">= 95 %", "'95 % or more'"), ("> 95 %", "'over 95 %'")])
def test_a_row_that_yaml_takes_for_a_block_of_text_is_answered_with_its_words(row: str, says: str) -> None:
    finding = only(credit(f"measure: level\nof: fee\ntable:\n  {row}: none\n  under 95 %: 5 %"))
    assert finding.code == "BPO117"
    assert says in finding.next_step
    assert "otherwise" in finding.next_step


@pytest.mark.parametrize(
    ("missing", "first"),
    [
        ("reject", "refuse"),
        ("error", "refuse"),
        ("ignore", "not scored"),
        ("last value", "previous period"),
        ("nil", "refuse"),
    ],
)
def test_a_near_synonym_of_missing_is_answered_with_all_choices_and_what_they_do(missing: str, first: str) -> None:
    finding = only(credit("amount: 5 EUR"), head=HEAD.replace("missing: 1000 EUR", f"missing: {missing}"))
    assert finding.code == "BPO147"
    assert finding.next_step.startswith(f"Write '{first}' (")
    for choice in ("refuse", "not scored", "previous period"):
        assert f"'{choice}' (" in finding.next_step
    assert "'0.00 EUR'" in finding.next_step


def test_a_word_that_a_measure_cannot_be_is_no_value_for_missing() -> None:
    head = HEAD.replace(
        "lists:\n",
        "  mark: {unit: word, words: [good, bad], direction: neutral, precision: unrounded, missing: reject}\nlists:\n",
    )
    finding = only(credit("amount: 5 EUR"), head=head)
    assert finding.code == "BPO147"
    assert "'good'" in finding.next_step


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ("measure: level", "'amount: 100.00 EUR'"),
        ("amount:", "Write a value after the colon"),
        ("amount: [5 EUR]", "'amount: …'"),
        ("measure: level\nof: fee\ntable:\n  - under 95 %: 5 %", "'under 95 %: 5 %'"),
        ("measure: level\nrate: 5 EUR\nper: 1 %\npart_steps: whole", "'pro rata' (a part counts as that part)"),
    ],
)
def test_a_field_that_is_refused_gets_an_example(fields: str, says: str) -> None:
    assert says in only(credit(fields)).next_step


def test_every_choice_there_is_has_its_meaning() -> None:
    """Whoever adds a choice says what it does: one line in ``contract/choices.py``."""
    without = []
    for kind in KINDS:
        for name, field in KINDS[kind].model_fields.items():
            choices = [one for part in (field.annotation, *get_args(field.annotation)) for one in get_args(part)]
            words = [one for one in choices if isinstance(one, str) and name != "kind"]
            without += [f"{kind}.{name}: {one}" for one in words if one not in MEANINGS.get(name, {})]
    assert without == []


def _rules() -> list[str]:
    """The beginning of every sentence that a model refuses a field with, as far as it is fixed text."""
    found = []
    for path in sorted((SOURCE / "contract").rglob("*.py")):
        if "lowering" in path.relative_to(SOURCE).parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Raise)
                and isinstance(node.exc, ast.Call)
                and ast.unparse(node.exc.func) == "ValueError"
            ):
                texts = [one.value for one in ast.walk(node.exc.args[0]) if isinstance(one, ast.Constant)]
                words = [text for text in texts if isinstance(text, str) and len(text) > 7]
                found += ["…".join(words)] if words else []
    return found


def test_every_rule_of_a_field_has_a_next_step_of_its_own() -> None:
    """Whoever adds a rule says what to write instead: one line in ``contract/next_steps.py``."""
    known = [part for part, _ in RULES]
    known += ["a clause opens with its kind", "is not a kind of clause"]  # answered where kinds are read
    pieces = [(text, [piece.strip() for piece in text.split("…")]) for text in _rules()]
    without = [text for text, parts in pieces if not any(one in part or part in one for one in known for part in parts)]
    assert without == []


def test_no_finding_says_only_that_a_value_is_to_be_corrected() -> None:
    for path in sorted((SOURCE / "contract").rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        assert '"Correct the value."' not in text, path
        assert '"Correct the document."' not in text, path
        for code in re.findall(r"_note_problem\(\s*\"(BPO[0-9]+)\"", text) + re.findall(
            r"refused_at\(\s*\"(BPO[0-9]+)\"", text
        ):
            assert code in CONTRACT, f"{path}: {code} has no next step in contract/next_steps.py"


@pytest.mark.parametrize(
    ("rows", "code", "at", "write"),
    [
        ("exactly 0: none, exactly 1: 5 %, 2 or more: 12 %", "BPO224", "exactly 0", "'0 or less'"),
        ("0 or less: none, exactly 1: 5 %, exactly 2: 12 %", "BPO225", "exactly 2", "'2 or more'"),
        ("over -1 to under 2: none, 2 or more: 12 %", "BPO224", "over -1", "'under 2'"),
        ("1 or less: none, over 1 to 3: 12 %", "BPO225", "over 1", "'over 1'"),
        ("0 or more: none", "BPO224", "0 or more", "Add a row"),
    ],
)
def test_a_table_read_at_a_figure_is_answered_with_its_row_and_not_with_a_range(
    rows: str, code: str, at: str, write: str
) -> None:
    """``between`` is for measures: for a figure the row is shown as it can be written."""
    more = "figures:\n  missed: (if level is under 90 % then 1 else 0) + (if claimed then 1 else 0)\n"
    clauses = credit(f"measure: missed\ntable: {{{rows}}}\nof: fee")
    (finding,) = findings_of(clauses, more=more)
    assert finding.code == code
    assert place_text(finding, clauses, more=more).startswith(at)
    assert write in finding.next_step
    assert "has no 'between'" in finding.next_step
    of_measure = only(credit("measure: level\ntable: {0 % to under 90 %: 5 %, 90 % to 95 %: none}\nof: fee"))
    assert "range of the measure" in of_measure.next_step


def test_a_list_whose_name_is_a_word_of_formulas_is_shown_once_where_it_is_declared() -> None:
    more = """
        figures:
          late: {for_each: days, formula: opened + 1 minute}
    """
    head = HEAD.replace("lists:\n", "lists:\n  days: {columns: {opened: minutes}, missing: none happened}\n")
    clauses = credit("for_each: days\nrounded: each item\namount: 5.00 EUR")
    (finding,) = findings_of(clauses, more=more, head=head)
    assert finding.code == "BPO148"
    assert place_text(finding, clauses, more=more, head=head).startswith("days: {columns")
    assert "'days' is a word of the formula language" in finding.problem


def test_a_name_that_is_none_is_shown_itself_and_not_what_stands_under_it() -> None:
    head = HEAD.replace("lists:\n", "lists:\n  Visits: {columns: {length: minutes}, missing: none happened}\n")
    clauses = credit("for_each: Visits\nrounded: each item\namount: 5.00 EUR")
    (finding,) = findings_of(clauses, head=head)
    assert finding.code == "BPO148"
    assert place_text(finding, clauses, head=head).startswith("Visits:")


def test_a_name_that_is_used_and_nowhere_declared_is_shown_where_it_is_used() -> None:
    clauses = credit("for_each: days\nrounded: each item\namount: 5.00 EUR")
    (finding,) = findings_of(clauses)
    assert place_text(finding, clauses).startswith("days")
