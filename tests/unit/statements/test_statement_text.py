"""The statement as text: what it prints, and that the printed lines sum to the printed totals."""

from __future__ import annotations

import copy
import json
import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpo_contracts.formats.statement_text import explain_text, statement_text
from bpo_contracts.values.findings import BadInput, IntegrityFailure

from .samples import Document, freight, money, service_desk, step, totals, two_years

AMOUNT = re.compile(r" (-?[0-9]+\.[0-9]{2})$")


def printed(text: str, section: str, width: int = 100) -> tuple[list[Fraction], Fraction]:
    """The amounts at the right edge of a section: those above the rule, and the one below it."""
    body = text.split(f"\n{section}\n", 1)[1].split("\n\n", 1)[0]
    above, below = re.split(r"\n +-+\n", body)
    amounts = [
        [Fraction(match[1]) for line in part.splitlines() if len(line) == width and (match := AMOUNT.search(line))]
        for part in (above, below)
    ]
    assert len(amounts[1]) == 1
    return amounts[0], amounts[1][0]


def test_the_service_desk_statement_says_everything_a_reader_needs() -> None:
    text = statement_text(service_desk())
    lines = text.splitlines()
    assert "Period      2026-03, from 2026-03-01 to 2026-03-31, both included" in lines
    assert "Contract    SD-2025-017, version 3" in lines
    assert "Revision    2, in place of revision 1" in lines
    assert "Determined  by durable-rules 2.0.28, reference 0.1.0" in lines
    assert 'Calls answered in time = 91.5002… %, in the row "90 % to under 95 %": 8 %' in text
    assert re.search(r"^5\.3  Credit for restoring .*: missed +-1637\.44$", text, re.MULTILINE)
    assert "     cut by 5.7 Limit of the month's credits, from -3274.88 EUR" in lines
    assert re.search(r"^NET AMOUNT +EUR 74503\.52$", text, re.MULTILINE)
    assert re.search(r"rectification plan +holds$", text, re.MULTILINE)
    assert f"Settlement digest  {service_desk()['digest']}" in lines


@pytest.mark.parametrize("document", [service_desk(), freight(), *two_years()[:8]])
def test_printed_lines_sum_to_the_printed_totals(document: Document) -> None:
    text = statement_text(document)
    charges, charged = printed(text, "CHARGES")
    adjustments, adjusted = printed(text, "ADJUSTMENTS")
    assert sum(charges) == charged
    assert sum(adjustments) == adjusted
    net = re.search(r"^NET AMOUNT +EUR (-?[0-9.]+)$", text, re.MULTILINE)
    assert net is not None
    assert Fraction(net[1]) == charged + adjusted


@given(st.lists(st.integers(-(10**12), 10**12), max_size=8), st.integers(60, 140))
def test_any_amounts_stand_at_the_right_edge_and_sum(cents: list[int], width: int) -> None:
    document = service_desk()
    form = document["adjustments"][0]
    document["adjustments"] = [
        {**form, "amount": money(Fraction(each, 100)), "gross": money(Fraction(each, 100))} for each in cents
    ]
    document["totals"] = totals(document["charges"], document["adjustments"])
    text = statement_text(document, width=width)
    adjustments, adjusted = printed(text, "ADJUSTMENTS", width)
    assert adjustments == [Fraction(each, 100) for each in cents]
    assert adjusted == Fraction(sum(cents), 100)
    assert all(len(line) <= width for line in text.splitlines())


def test_lots_are_a_table_whose_columns_sum_to_the_totals() -> None:
    text = statement_text(freight())
    rows = re.findall(r"^carrier .*? +([0-9.-]+) +([0-9.-]+) +([0-9.-]+)$", text, re.MULTILINE)
    assert len(rows) == 3
    sums = [sum(Fraction(row[column]) for row in rows) for column in range(3)]
    assert [money(each) for each in sums] == [freight()["totals"][name] for name in ("charges", "adjustments", "net")]


def test_the_argument_goes_down_to_the_facts_and_says_each_figure_once() -> None:
    text = explain_text(service_desk())
    assert text.count("- Calls offered = 23989 calls") == 1
    assert text.count("- Monthly charge = 81872.00 EUR\n") == 1
    assert text.count("- Monthly charge = 81872.00 EUR  (as above)") == 4
    depths = [len(line) - len(line.lstrip()) for line in text.splitlines() if line.lstrip().startswith("- ")]
    assert max(depths) == 10
    words = " ".join(text.split())
    assert words.count("shall not exceed ten per cent of the Monthly Charge of that month.") == 1


def test_the_argument_of_one_clause_shows_what_rounding_dropped() -> None:
    text = explain_text(freight(), clause="B.4")
    assert text.startswith("Clause B.4")
    assert "Clause 2.1" not in text
    assert "rounding took away 0.0016… EUR" in text
    assert "- Rate of damages (ZR) = 3.6666… %" in text
    assert text in statement_text(freight(), explain=True) or explain_text(freight()) in statement_text(
        freight(), explain=True
    )


def test_a_clause_without_lines_is_argued_by_the_steps_that_stand_in_it() -> None:
    text = explain_text(service_desk(), clause="5.7")
    assert text.startswith("Clause 5.7  has no line of its own; its figures:\n")
    assert "- Limit of the month's credits = 8187.20 EUR" in text
    assert "shall not exceed ten per cent of the Monthly Charge of that month." in " ".join(text.split())
    assert "- Monthly charge = 81872.00 EUR" in text


def test_earlier_values_are_called_by_what_they_say() -> None:
    document = service_desk()
    by_name = {step["figure"]: step for step in document["steps"]}
    charge = next(name for name, step in by_name.items() if step["says"] == "Monthly charge")
    by_name["answer_credit"]["note"] = f"{charge} in 2026-02: 80000.00"
    by_name["answer_credit"]["formula"] = f"count of yes over earlier months and {charge} 2 months ago > 1"
    words = " ".join(explain_text(document, clause="5.2").split())
    assert "note: Monthly charge in 2026-02: 80000.00" in words
    assert "by number of earlier months and Monthly charge 2 months ago > 1" in words


def test_a_clause_of_which_nothing_is_settled_is_refused_with_the_ones_there_are() -> None:
    with pytest.raises(BadInput) as refused:
        explain_text(service_desk(), clause="7.7")
    (finding,) = refused.value.findings
    assert finding.code == "BPO604"
    assert "3.1, 5.2, 5.3, 5.9, 6.1, 6.4" in finding.next_step


def test_a_figure_for_each_item_is_argued_item_by_item() -> None:
    document = freight()
    total = {
        **document["steps"][0],
        "figure": "all_freight",
        "item": "",
        "says": "All freight",
        "premises": [["freight", ""]],
    }
    document["steps"].append(total)
    document["charges"][0]["trail"] = [["all_freight", ""]]
    text = explain_text(document, clause="2.1")
    for code in ("AA", "FX", "ZR"):
        assert f"    - Freight charges ({code}) = " in text


def test_a_trail_that_names_its_inner_steps_too_repeats_nothing() -> None:
    document = service_desk()
    document["adjustments"][0]["trail"] = [
        ["answer_credit", ""],
        ["answer_credit.gross", ""],
        ["answer_credit.rate", ""],
    ]
    assert explain_text(document) == explain_text(service_desk())


def test_steps_that_lead_in_a_circle_or_nowhere_end() -> None:
    document = service_desk()
    by_name = {step["figure"]: step for step in document["steps"]}
    by_name["calls_offered"]["premises"] = [["answer_credit", ""], ["nothing_of_that_name", ""]]
    text = explain_text(document, clause="5.2")
    assert "- Credit for calls answered late = -6549.76 EUR  (as above)" in text
    assert "- nothing_of_that_name (has no step of its own)" in text


def test_a_provisional_settlement_says_so() -> None:
    assert "provisional: some data was not there" in statement_text({**service_desk(), "status": "provisional"})
    assert "provisional" not in statement_text({**service_desk(), "status": "final"})


@pytest.mark.parametrize(
    ("part", "name", "wrong"),
    [("totals", "charges", "81872.01"), ("totals", "adjustments", "0.00"), ("totals", "net", "74503.53")],
)
def test_totals_that_the_lines_do_not_give_are_never_printed(part: str, name: str, wrong: str) -> None:
    document = service_desk()
    document[part][name] = wrong
    with pytest.raises(IntegrityFailure, match="No statement is made"):
        statement_text(document)


def test_a_lot_whose_net_is_wrong_is_never_printed() -> None:
    document = freight()
    document["lots"][1]["totals"]["net"] = "1.00"
    with pytest.raises(IntegrityFailure, match="In a lot of 2026-Q1"):
        statement_text(document)


def test_everything_that_is_missing_is_named_at_once() -> None:
    document = copy.deepcopy(service_desk())
    del document["contract"]["client"]
    document["adjustments"][1]["amount"] = -1637.44
    document["period"]["end"] = "2026-02-30"
    document["currency"] = "XXX"
    with pytest.raises(BadInput) as refused:
        statement_text(document)
    assert {finding.code for finding in refused.value.findings} == {"BPO600"}
    problems = " ".join(finding.problem for finding in refused.value.findings)
    for place in ("contract.client is missing", "adjustments[1].amount is", "period.end is", "currency is"):
        assert place in problems


def test_lots_and_the_lines_in_no_lot_come_to_the_total() -> None:
    document = freight()
    extra = {**document["charges"][0], "name": "fee", "scope": {}, "amount": "10.00", "trail": []}
    document["charges"].append(extra)
    document["totals"] = totals(document["charges"], document["adjustments"])
    text = statement_text(document)
    body = text.split("TOTALS BY LOT\n", 1)[1].split("\n\n", 1)[0]
    rows = [
        (match[1], [Fraction(each) for each in match[2].split()])
        for match in re.finditer(r"^(carrier .*?|not in any lot|total) {2,}([0-9. -]+)$", body, re.MULTILINE)
    ]
    assert rows[-2] == ("not in any lot", [Fraction(10), Fraction(0), Fraction(10)])
    assert rows[-1][0] == "total"
    for column in range(3):
        assert sum(sums[column] for _, sums in rows[:-1]) == rows[-1][1][column]


def with_items(count: int) -> Document:
    """The service desk with a credit of 2 hours at 5.00 EUR for each of so many items."""
    document = service_desk()
    refs = [("delay.each", f"T{index:02}") for index in range(count)]
    for _, item in refs:
        document["steps"] += [
            step("hours", "hours", "2", "hours", item=item, formula="as reported"),
            step(
                "delay.amount",
                "exact amount of Delay",
                "10",
                "EUR",
                ("hours", item),
                formula="hours * 5.00 EUR per hour",
                clause="5.4",
                item=item,
            ),
            step(
                "delay.each",
                "amount for the item of Delay",
                "10",
                "EUR",
                ("delay.amount", item),
                formula="delay.amount, rounded half up to 0.01",
                clause="5.4",
                item=item,
            ),
        ]
    total = str(10 * count)
    formula = "sum of delay.each for each tickets"
    whole = step("delay.gross", "Delay", total, "EUR", ("delay.each", ""), formula=formula, clause="5.4")
    document["steps"].append(whole)
    line = {**document["adjustments"][0], "clause": "5.4", "name": "delay", "says": "Delay", "words": ""}
    line |= {"gross": money(-10 * count), "amount": money(-10 * count), "trail": [["delay.gross", ""]]}
    document["adjustments"] = [line]
    document["totals"] = totals(document["charges"], document["adjustments"])
    return document


@pytest.mark.parametrize(("count", "last"), [(3, "T02"), (20, "T19"), (25, "T19")])
def test_a_clause_about_items_lists_them_up_to_twenty(count: int, last: str) -> None:
    lines = [line.strip() for line in statement_text(with_items(count)).splitlines()]
    listed = [line for line in lines if line.startswith("T") and line.endswith("-10.00 (2 hours × 5.00 EUR per hour)")]
    assert len(listed) == min(count, 20)
    assert listed[-1].startswith(last)
    assert ("and 5 more" in lines) is (count == 25)


def test_the_total_of_items_says_how_they_count_where_it_is_not_their_sum() -> None:
    document = with_items(3)
    document["steps"][-1] |= {"value": "10", "formula": "highest of delay.each for each tickets"}
    document["adjustments"][0] |= {"gross": "-10.00", "amount": "-10.00"}
    document["totals"] = totals(document["charges"], document["adjustments"])
    text = " ".join(statement_text(document).split())
    assert "together by highest of amount for the item of Delay for each tickets" in text


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=4,
)


@given(st.sampled_from(sorted(service_desk())), JSON)
def test_a_part_of_another_form_is_refused_and_never_a_crash(name: str, value: object) -> None:
    try:
        statement_text({**service_desk(), name: value})
    except (BadInput, IntegrityFailure):
        return


HOSTILE = "a\x00b\x1b[31m\u202ec\u200bd\r\ne\u2028f\x85g\ud800h\ufeff"


def test_hidden_characters_are_shown_by_their_numbers() -> None:
    document = service_desk()
    document["contract"]["title"] = HOSTILE
    document["adjustments"][0]["words"] = HOSTILE
    document["steps"][0]["note"] = HOSTILE
    text = statement_text(document, explain=True)
    assert "a[U+0000]b[U+001B][31m[U+202E]c[U+200B]d e f g[U+D800]h[U+FEFF]" in text
    assert all(character.isprintable() or character == "\n" for character in text)
    text.encode()


def test_the_same_document_gives_the_same_text_whatever_the_order_of_its_keys() -> None:
    document = service_desk()
    turned = json.loads(json.dumps(document, sort_keys=True))
    assert statement_text(turned, explain=True) == statement_text(document, explain=True)
