"""Hints ask where a careful contract manager would ask, and stay silent where the contract has said it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from tests.unit.clauses.making import HEAD, contract_text, findings_of, place_text

from bpo_contracts import Finding, hints, load_contract
from bpo_contracts.cli.main import main
from bpo_contracts.contract.reading import read_contract
from bpo_contracts.formats.documents import read_document
from bpo_contracts.testing.strategies import contract_of, contracts

EXAMPLES = Path(__file__).parents[3] / "examples"
DELAY = "  delay: {unit: hours, direction: lower is better, precision: unrounded, missing: not scored}\n"
ROWS = "measure: level\ntable: {95 % or more: none, under 95 %: 5 %}\nof: fee\n"
HOURLY = "measure: delay\nrate: 100.00 EUR\nper: 1 hour\npart_steps: counted\n"
EACH = "for_each: tickets\nrounded: each item\n"


def clause(kind: str, name: str, number: str, fields: str, words: str = "w") -> str:
    lines = [f'clause: "{number}"', f"words: {words}", *fields.strip("\n").splitlines()]
    return f"- {kind}: {name}\n" + "".join(f"  {line}\n" for line in lines)


def credit(fields: str, words: str = "w") -> str:
    return clause("service_credit", "credit", "1", fields, words)


CAP = clause("cap", "roof", "9", "limits: [credit]\nat_most: 100.00 EUR\nexcess: lost\n")
HEAD_WITH_DELAY = HEAD.replace("lists:\n", DELAY + "lists:\n")


def hints_in(clauses: str, *, more: str = "", head: str = HEAD_WITH_DELAY) -> tuple[Finding, ...]:
    text = contract_text(clauses, more=more, head=head)
    return hints(read_contract(read_document(text.encode(), "contract.yaml")))


HOLD = "keep: 5 % of fee\nrelease:\n"
WINDOW = "figures:\n  hours: {formula: '%s'}\n"

ASKED = [
    # no limit: a sum for each hour, each item, a slice without end
    (credit(HOURLY), "", "BPO801", "credit", "'delay'"),
    (credit(EACH + "amount: 10.00 EUR"), "", "BPO801", "credit", "'tickets'"),
    (
        credit("measure: delay\nslices: {8 hours or less: 0 EUR per hour, over 8 hours: 5 EUR per hour}\n"),
        "",
        "BPO801",
        "credit",
        "'delay'",
    ),
    (clause("liquidated_damages", "damages", "1", HOURLY), "", "BPO801", "damages", "'delay'"),
    # limited one by one, and not together
    (credit(ROWS) + clause("service_credit", "other", "2", ROWS), "", "BPO802", "credit", "10 % of fee in a month"),
    (
        credit(ROWS) + clause("tariff", "other", "2", "amount: min(fee, 5 EUR)"),
        "",
        "BPO802",
        "credit",
        "1 and 2 can fall due",
    ),
    # a total that nobody reads, and one that is misspelt
    (credit(ROWS + "counts_toward: credits"), "", "BPO803", "credits", "no cap or collar"),
    (
        credit(ROWS + "counts_toward: creditz")
        + clause("service_credit", "other", "2", ROWS + "counts_toward: credits")
        + clause("cap", "roof", "9", "limits: credits\nat_most: 10 EUR\nexcess: lost\n"),
        "",
        "BPO803",
        "creditz",
        "'creditz'",
    ),
    # one number, two provisions
    (
        credit(ROWS) + clause("consequence", "warning", "1", "when: level is under 90 %\nhappens: x", "other"),
        "",
        "BPO806",
        '"1"',
        "'credit' and 'warning'",
    ),
    # a consequence without data
    (
        clause("consequence", "warning", "1", "when: level is under 90 %\nhappens: x"),
        "",
        "BPO814",
        "level is under",
        "'warning' looks at 'level', which may be missing",
    ),
    (
        clause("consequence", "warning", "1", "any_of: {a: {when: bad}, b: {when: claimed}}\nhappens: x"),
        "figures:\n  bad: short is over 2 pp\n  short: 99 % - level\n",
        "BPO814",
        "bad",
        "'level'",
    ),
    (
        clause("consequence", "warning", "1", "when: streak of (level is under 90 %) is at least 3\nhappens: x"),
        "",
        "BPO814",
        "streak of",
        "'level'",
    ),
    # what holds at the start
    (
        credit("amount: min(h, 5 EUR)"),
        "figures:\n  h: (average of fee over last 3 months)\n",
        "BPO807",
        "average of fee",
        "2026-01 to 2026-02",
    ),
    (
        credit("amount: min(h, 5 EUR)"),
        "figures:\n  h: (average of fee over previous 2 months)\n",
        "BPO807",
        "average of fee",
        "2026-01 to 2026-02",
    ),
    (
        credit("amount: min(h, 5 EUR)"),
        "figures:\n  h: previous month's fee\n",
        "BPO808",
        "previous month",
        "2026-01 could",
    ),
    # words and figures
    (
        credit(ROWS, "Below 95 % a credit of 6 % of the fee."),
        "",
        "BPO809",
        "Below",
        "say 6 %, which is nowhere in its fields; the fields say 5 %",
    ),
    (
        clause("base_fee", "charge", "1", "amount: 8500.00 EUR", "The fee is EUR 8,600.00."),
        "",
        "BPO809",
        "The fee",
        "EUR 8,600.00",
    ),
    (
        clause("base_fee", "charge", "1", "amount: 8500.00 EUR", "Die Vergütung beträgt 8.600,00 EUR."),
        "",
        "BPO809",
        "Die",
        "8500.00 EUR",
    ),
    # thousands or decimals
    (clause("base_fee", "charge", "1", "amount: 8.500 EUR"), "", "BPO813", "8.500 EUR", "8 EUR and a fraction"),
    # the end
    (
        clause("holdback", "kept", "1", HOLD + "  done: {when: claimed, share: rest, times: once}"),
        "",
        "BPO810",
        "kept",
        "2026-12",
    ),
    (
        clause("holdback", "kept", "1", HOLD + "  mid: {when: end of period is 2026-06-30, share: rest, times: once}"),
        "",
        "BPO810",
        "kept",
        "2026-12",
    ),
    (
        clause(
            "holdback",
            "kept",
            "1",
            HOLD + "  close: {when: end of period is at least 2026-11-30, share: rest, times: once}",
        ),
        "",
        "BPO810",
        "kept",
        "2026-12",
    ),
    (credit(ROWS) + CAP.replace("lost", "carried"), "", "BPO811", "roof", "2026-12"),
    (
        clause(
            "advance",
            "early",
            "1",
            "amount: 100 EUR\npaid_when: claimed\ndeduct: 5 EUR\ndeducted_from: the same period",
        ),
        "",
        "BPO812",
        "early",
        "2026-12",
    ),
]


@pytest.mark.parametrize(("clauses", "more", "code", "at", "mentions"), ASKED)
def test_it_is_asked(clauses: str, more: str, code: str, at: str, mentions: str) -> None:
    found = [one for one in hints_in(clauses, more=more) if one.code == code]
    assert len(found) == 1, [one.render() for one in hints_in(clauses, more=more)]
    assert found[0].hint
    assert place_text(found[0], clauses, more=more, head=HEAD_WITH_DELAY).startswith(at), found[0].render()
    assert mentions in found[0].problem
    assert found[0].next_step
    assert f": hint {code} " in found[0].render().splitlines()[0]
    assert findings_of(clauses, more=more, head=HEAD_WITH_DELAY) == ()


SILENT = [
    # limited: by a cap, by the clause itself, by its rows, by the measure's range, by the fee it is a share of
    (credit(HOURLY) + CAP, ""),
    (credit(HOURLY + "at_most: 500.00 EUR"), ""),
    (credit(HOURLY.replace("rate: 100.00 EUR", "rate: 2 %") + "of: fee\nrate_at_most: 10 %"), ""),
    (credit(ROWS), ""),
    (credit("measure: level\nrate: 10.00 EUR\nper: 1 %\npart_steps: ignored"), ""),
    (credit("measure: delay\nslices: {8 hours or less: 5 EUR per hour, over 8 hours: 0 EUR per hour}\n"), ""),
    (credit(EACH + "measure: hours\ntable: {1 hours or less: none, over 1 hours: 50 %}\nof: cost\n"), ""),
    # a discount is a price, a charge no penalty
    (clause("rebate", "discount", "1", "measure: delay\nrate: 1 EUR\nper: 1 hour\npart_steps: counted"), ""),
    (clause("transaction_charge", "time", "1", "measure: delay\nprice: 10 EUR per hour"), ""),
    # capped together, or the larger of the two only
    (
        credit(ROWS)
        + clause("service_credit", "other", "2", ROWS)
        + CAP.replace("[credit]", "[credit, other]").replace("excess", "shared: pro rata\n  excess"),
        "",
    ),
    (
        credit(ROWS)
        + clause("service_credit", "other", "2", ROWS)
        + clause("exclusive", "one", "3", "sets: {a: [credit], b: [other]}\ntake: larger set\nif_equal: [a, b]"),
        "",
    ),
    # a total that a formula reads
    (credit(ROWS + "counts_toward: credits") + clause("bonus", "back", "2", "amount: 50 % of credits"), ""),
    # two parts of one provision
    (credit(ROWS) + clause("consequence", "warning", "1", "when: claimed\nhappens: x"), ""),
    # what holds without data is said, or there is always a value
    *(
        (clause("consequence", "warning", "1", f"when: {when}\nhappens: x"), "")
        for when in (
            "(level or else 100 %) is under 90 %",
            "if level is known then level is under 90 % else no",
            "level is known and level is under 90 %",
            "level is missing or level is under 90 %",
            '"(sum of level over all months so far (missing: skip)) is over 500 %"',
        )
    ),
    (clause("consequence", "warning", "1", "when: level is under 90 %\nno_data: does not count\nhappens: x"), ""),
    (credit(ROWS) + clause("consequence", "warning", "2", "when: credit is over 10 EUR\nhappens: x"), ""),
    # the start is said, or there is nothing to say
    (credit("amount: min(h, 5 EUR)"), 'figures:\n  h: "average of fee over last 3 months (short history: refuse)"\n'),
    (
        credit("amount: min(h, 5 EUR)"),
        'figures:\n  h: "average of fee over last 3 months (short history: no result)"\n',
    ),
    (credit("amount: min(h, 5 EUR)"), "figures:\n  h: average of fee over last 1 months\n"),
    (credit("amount: min(h, 5 EUR)"), "figures:\n  h: average of fee over this contract year to date\n"),
    (credit("amount: min(h, 5 EUR)"), 'figures:\n  h: "previous month\'s fee (before the start: 0 EUR)"\n'),
    (
        credit("amount: min(h, 5 EUR)"),
        "figures:\n  h: if (count of (claimed) over all earlier months) >= 3 then (average of fee over last 3 months) else 1 EUR\n",
    ),
    (credit("amount: 5 EUR"), "figures:\n  unused: average of fee over last 3 months\n"),
    # words that say the same in another way
    (credit(ROWS, "Above 94.99 % nothing; five percent is due below 95 %."), ""),
    (credit(ROWS, "Where more than 5 % fail, 5 % is credited, as in clause 4."), ""),
    (
        clause(
            "base_fee", "charge", "1", "amount: 8500.00 EUR", "The fee is € 8.500,00; the limit of EUR 9 million holds."
        ),
        "",
    ),
    (
        clause("base_fee", "charge", "1", "amount: agreed", "EUR 8,500.00 a month."),
        "parameters: {agreed: 8500.00 EUR}\n",
    ),
    # three decimals where they are usual
    (clause("transaction_charge", "time", "1", "measure: delay\nprice: 1.125 EUR per hour"), ""),
    (clause("base_fee", "charge", "1", "amount: 0.125 EUR", "EUR 0.125."), ""),
    # the end is said
    (
        clause(
            "holdback", "kept", "1", HOLD + "  close: {when: end of period is 2026-12-31, share: rest, times: once}"
        ),
        "",
    ),
    (
        clause(
            "holdback",
            "kept",
            "1",
            HOLD + "  close: {when: end of period is at least 2026-11-30, share: rest, times: every period}",
        ),
        "",
    ),
    (
        clause(
            "holdback",
            "kept",
            "1",
            HOLD
            + "  close: {when: end of period is 2026-12-31, share: 5 %, of: balance, times: once, remainder: forfeited}",
        ),
        "",
    ),
    (
        clause("holdback", "kept", "1", HOLD + "  done: {when: claimed, share: rest, times: once}")
        + clause(
            "consequence", "left", "2", "when: kept.balance is over 0 EUR and end of period is 2026-12-31\nhappens: x"
        ),
        "",
    ),
    (credit(ROWS) + CAP.replace("lost", "carried\n  at_end_of_term: lapses"), ""),
]


@pytest.mark.parametrize(("clauses", "more"), SILENT)
def test_it_is_not_asked(clauses: str, more: str) -> None:
    assert findings_of(clauses, more=more, head=HEAD_WITH_DELAY) == ()
    found = [one for one in hints_in(clauses, more=more) if one.code != "BPO805"]
    assert found == [], [one.render() for one in found]


def test_measures_are_asked_for_their_range_and_their_use() -> None:
    head = HEAD.replace(", between: 0 % to 100 %", "").replace("missing: not scored", "missing: refuse")
    found = hints_in(clause("base_fee", "charge", "1", "amount: 10 EUR"), head=head)
    assert [(one.code, one.source.line) for one in found] == [("BPO804", 12), ("BPO805", 12)]
    assert "'between: 0 % to 100 %'" in found[0].next_step


def test_percentages_of_items_are_asked_for_their_range() -> None:
    head = HEAD.replace("    between: {share: 0 % to 1000 %}\n", "")
    found = hints_in(clause("base_fee", "charge", "1", "amount: 10 EUR"), head=head)
    assert [(one.code, one.source.line) for one in found] == [("BPO804", 16)]
    assert "'between: {share: 0 % to 100 %}'" in found[0].next_step


def test_a_limit_of_each_item_is_no_limit_of_their_sum() -> None:
    """Where ``at_most`` is there already, or would limit each item only, a cap is named."""
    for more in ("", "at_most: 100.00 EUR\n"):
        (finding,) = (one for one in hints_in(credit(EACH + "amount: 10.00 EUR\n" + more)) if one.code == "BPO801")
        assert (
            "write it: a cap that 'limits' it, as in '- cap: credit_cap' with 'limits: [credit]'" in finding.next_step
        )
        assert "'at_most' in the clause limits each item, and not their sum" in finding.next_step
    (grows,) = (
        one for one in hints_in(credit(HOURLY + "at_most: 2.00 EUR per hour * delay\n")) if one.code == "BPO801"
    )
    assert "'at_most' in the clause grows, too" in grows.next_step
    (free,) = (one for one in hints_in(credit(HOURLY)) if one.code == "BPO801")
    assert "'at_most: …' in the clause, or a cap that 'limits' it" in free.next_step


def test_every_version_of_a_contract_is_looked_at() -> None:
    more = """
        amendments:
          - effective_on: 2026-07-01
            clause: A1
            words: Without a limit.
            change: {clauses/credit/at_most: delay * 1000 EUR per hour}
    """
    found = hints_in(credit(HOURLY + "at_most: 500.00 EUR"), more=more)
    assert [one.code for one in found] == ["BPO801"]


def test_words_of_before_an_amendment_are_not_held_against_it() -> None:
    fee = clause("base_fee", "charge", "1", "amount: 8500.00 EUR", "EUR 8,500.00 a month.")
    more = """
        amendments:
          - {effective_on: 2026-07-01, clause: A1, words: EUR 9000., change: {clauses/charge/amount: 9000.00 EUR%s}}
    """
    assert hints_in(fee, more=more % "") == ()
    found = hints_in(fee, more=more % ", clauses/charge/words: EUR 9100 a month.")
    assert [one.code for one in found] == ["BPO809"]


@pytest.mark.parametrize("example", sorted(one.name for one in EXAMPLES.iterdir() if one.is_dir()))
def test_nothing_is_left_to_ask_about_the_examples(example: str) -> None:
    assert hints(load_contract(EXAMPLES / example / "contract.yaml")) == ()


@settings(max_examples=25)
@given(contracts())
def test_hints_are_hints_and_stop_nothing(written: dict[str, object]) -> None:
    """Whatever the contract: every hint is marked, has a place to go on from, and is the same whoever asks again."""
    contract = contract_of(written)
    found = hints(contract)
    assert all(one.hint and one.code.startswith("BPO8") and one.next_step for one in found)
    assert found == hints(contract_of(written))


def test_a_contract_with_hints_is_clean_on_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "contract.yaml"
    path.write_text(contract_text(credit(HOURLY), head=HEAD_WITH_DELAY), encoding="utf-8")
    assert main(["check", str(path)]) == 0
    printed = capsys.readouterr().out
    assert f"{path}:22:21: hint BPO801 penalty-without-limit\n" in printed
    assert printed.endswith("no findings, 1 hint.\n")


def _codes(clauses: str) -> list[str]:
    return [one.code for one in hints_in(clauses)]


def test_losses_that_free_room_are_asked_about() -> None:
    cap = "- cap: limit\n  clause: '9'\n  words: w\n  limits: [shared]\n  at_most: 100 EUR\n  excess: lost\n"
    shared = "- incentive: shared\n  clause: '8'\n  words: w\n  amount: fee - 900 EUR\n"
    window = "  window: this contract year\n"
    assert "BPO821" in _codes(shared + cap + window)
    assert "BPO821" not in _codes(shared + cap)
    assert "BPO821" not in _codes(shared.replace("incentive", "bonus") + cap + window)
