"""Every case file comes out, and a case that is wrong is told so: a tester that cannot fail proves nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from bpo_contracts import BadInput, EnginesDisagree
from bpo_contracts.cli.main import main
from bpo_contracts.contract.changes import Change, changed
from bpo_contracts.formats.documents import read_document
from bpo_contracts.testing import (
    Case,
    CaseResult,
    accept,
    case_files,
    read_case,
    read_case_file,
    run_case,
    settling,
)
from bpo_contracts.values.nodes import Scalar
from bpo_contracts.values.sources import NOWHERE

CASES = Path(__file__).parents[1] / "cases"

CONTRACT = """\
title: One credit   # a case to be changed
source: made for this test
contract:
  contract: small
  version: "1"
  title: Small
  client: Client
  provider: Provider
  currency: EUR
  term: {starts_on: 2026-01-01, ends_on: 2026-12-31}
  period: month
  rounding: {lines: half up to 0.01 EUR}
  scopes: {site: [north, south]}
  measures:
    available: {unit: "%", direction: higher is better, precision: unrounded, missing: refuse, between: 0 % to 100 %}
    delay: {unit: hours, direction: lower is better, precision: unrounded, missing: 0 hours, for_each: site}
  lists:
    outages: {columns: {minutes: minutes}, missing: none happened}
  figures:
    lost: "sum of minutes for each outages (none found: 0 minutes)"
  clauses:
    - base_fee: fee
      clause: "1"
      words: The fee.
      amount: 3000.00 EUR
    - service_credit: availability_credit
      clause: "2"
      words: The credit.
      measure: available
      table:
        99 % or more: none
        under 99 %: 100 % / 3
      of: fee
    - liquidated_damages: delay_damages
      clause: "3"
      words: The damages.
      for_each: site
      measure: delay
      rate: 10.00 EUR
      per: 1 hour
      part_steps: counted
scenarios:
"""

SCENARIO = """\
  - name: a bad month
    periods:
      2026-01:
        available: {numerator: 98, denominator: 100}
        delay: {north: 1.5}
        outages: [{minutes: 30}, {minutes: 45}]
    expect:
"""


def case(text: str, *, contract: str = CONTRACT) -> Case:
    return read_case(read_document((contract + text).encode(), "case.yaml"), "case.yaml")


def ran(text: str, *, contract: str = CONTRACT) -> CaseResult:
    return run_case(case(text, contract=contract))


def refused(text: str) -> list[tuple[str, int]]:
    """The codes and lines of what is wrong with the scenarios of a case, counted from their first line."""
    with pytest.raises(BadInput) as caught:
        case(text)
    return [(finding.code, finding.source.line - CONTRACT.count("\n")) for finding in caught.value.findings]


# --- the cases ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", case_files([str(CASES)]), ids=lambda file: Path(file).stem)
def test_case(file: str) -> None:
    result = run_case(read_case_file(file))
    told = [f"{failure.place}: {failure.what}: {failure.expected} -> {failure.seen}" for failure in result.failures]
    assert not told
    assert all(scenario.right == scenario.stated > 0 for scenario in result.scenarios)


def test_there_are_cases() -> None:
    assert len(case_files([str(CASES)])) >= 14


# --- what can be expected -----------------------------------------------------------------------------------


def test_all_that_a_settlement_says_can_be_expected() -> None:
    result = ran(
        SCENARIO
        + """\
      availability_credit.rate: 100/3 %
      availability_credit: 1000.00
      delay: {north: 1.5 hours, south: 0}
      delay_damages.steps: {north: 2, south: 0}
      delay_damages: {north: 20.00 EUR, south: 0}
      lost: 75
      available: 98 %
      charges: {fee: 3000}
      adjustments: {availability_credit: -1000.00, delay_damages: {north: -20.00, south: 0.00}}
      status: {availability_credit: missed, delay_damages: {north: missed, south: met}}
      charges_total: 3000.00
      adjustments_total: -1020.00
      net: 1980.00
"""
    )
    assert result.failures == ()
    assert (result.scenarios[0].stated, result.scenarios[0].right) == (20, 20)


def test_a_list_has_one_value_for_each_period() -> None:
    periods = "  - {name: two, periods: {2026-01: {available: 98 %}, 2026-02: {available: 99 %}}, "
    assert ran(periods + "expect: {availability_credit: [1000.00, 0.00], net: 3000.00}}\n").failures == ()
    assert ran(periods + "settle: 2026-01, expect: {availability_credit: 1000.00}}\n").failures == ()
    assert ran(periods + "settle: [2026-02, 2026-01], expect: {net: [3000, 2000]}}\n").failures == ()
    assert refused(periods + "expect: {availability_credit: [1000.00]}}\n") == [("BPO705", 1)]
    assert refused(periods + "settle: [2026-01, 2026-02], expect: {net: 3000}}\n") == [("BPO705", 1)]
    assert refused(periods + "settle: 2026-03, expect: {net: 3000}}\n") == [("BPO706", 1)]


def test_findings_can_be_expected_of_the_contract_and_of_the_facts() -> None:
    result = ran(
        """\
  - name: the rows overlap
    reading: {clauses/availability_credit/table/under 99 %: none, clauses/availability_credit/table/99.5 % or less: 1 %}
    expect: {finding: BPO222, mentions: ["'under 99 %'", "'99.5 % or less'"]}
  - name: a share above 100
    periods: {2026-01: {available: 101 %}}
    expect: {finding: BPO331, mentions: [available is 101]}
  - name: a measure that was not reported
    periods: {2026-01: {delay: {north: 1}}}
    expect: {finding: BPO401}
"""
    )
    assert result.failures == ()


# --- what is wrong with a case is said ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expectation", "seen"),
    [
        ("availability_credit: 1000.01", "1000.00"),
        ("availability_credit: -1000.00", "1000.00"),
        ("availability_credit: 1000 EUR", None),
        ("availability_credit.rate: 33.33 %", "100/3 %"),
        ("lost: 74 minutes", "75 minutes"),
        ("lost: 1.25 hours", None),
        ("status: {availability_credit: met}", "missed"),
        ("adjustments: {delay_damages: {north: 20.00}}", "-20.00"),
        ("net: no data", "1980.00"),
    ],
)
def test_a_wrong_value_is_a_difference_with_what_was_seen(expectation: str, seen: str | None) -> None:
    (scenario,) = ran(f"{SCENARIO}      {expectation}\n").scenarios
    assert [failure.seen for failure in scenario.failures] == ([] if seen is None else [seen])
    assert scenario.right == (1 if seen is None else 0)


@pytest.mark.parametrize(
    ("expectation", "code"),
    [
        ("availability_kredit: 1000.00", "BPO704"),
        ("delay_damages.shares: 1", "BPO704"),
        ("delay_damages: 20.00", "BPO704"),
        ("delay_damages: {west: 20.00}", "BPO704"),
        ("delay_damages: {north: {deeper: 20.00}}", "BPO704"),
        ("availability_credit: {north: 1000.00}", "BPO704"),
        ("status: {fine: met}", "BPO704"),
        ("status: met", "BPO704"),
        ("net: {fee: 1}", "BPO704"),
        ("availability_credit: 1000 USD", "BPO707"),
        ("availability_credit: 1,000.00", "BPO707"),
        ("availability_credit: missed", "BPO707"),
        ("lost: 75 parsecs", "BPO707"),
    ],
)
def test_what_cannot_be_compared_is_told_at_its_place(expectation: str, code: str) -> None:
    (failure,) = ran(f"{SCENARIO}      {expectation}\n").failures
    assert f"case.yaml:{failure.place.line}:" in failure.seen
    assert code in failure.seen
    assert failure.write is None


@pytest.mark.parametrize(
    ("text", "findings"),
    [
        ("  - {name: a, periods: {2026-01: {available: 98 %}}, expect: {}}\n", [("BPO703", 1)]),
        ("  - {name: a, periods: {2026-01: {available: 98 %}}, expect: {net: }}\n", [("BPO703", 1)]),
        ("  - {name: a, periods: {2026-01: {available: 98 %}}, expect: {net: []}}\n", [("BPO703", 1)]),
        ("  - {name: a, periods: {2026-01: {available: 98 %}}, expect: {status: {}}}\n", [("BPO703", 1)]),
        ("  - {name: a, periods: {2026-01: {available: 98 %}}}\n", [("BPO701", 1)]),
        ("  - {name: a, expect: {net: 1}}\n", [("BPO706", 1)]),
        ("  - {name: a, given: {}, expect: {finding: BPO222}}\n", [("BPO702", 1)]),
        ("  - {name: a, expect: {finding: BPO222, net: 1}}\n", [("BPO702", 1)]),
        ("  - {name: a, expect: {mentions: text}}\n", [("BPO701", 1)]),
        ("  - {name: a, expect: {finding: []}}\n", [("BPO700", 1)]),
        ("  - a scenario\n", [("BPO700", 1)]),
        ("  - {name: a, expect: {finding: B}}\n  - {name: a, expect: {finding: B}}\n", [("BPO700", 2)]),
    ],
)
def test_a_case_that_is_none_is_refused_at_its_place(text: str, findings: list[tuple[str, int]]) -> None:
    assert refused(text) == findings


def test_all_findings_of_a_case_come_together() -> None:
    with pytest.raises(BadInput) as caught:
        read_case(read_document(b"titel: x\nscenarios: []\n", "case.yaml"), "case.yaml")
    assert [finding.code for finding in caught.value.findings] == ["BPO701", "BPO701", "BPO701", "BPO702", "BPO700"]


def test_facts_in_the_wrong_form_are_refused() -> None:
    for facts in ("{available: {value: 98, part: 2}}", "{outages: [5]}", "{delay: {north: [1]}}"):
        (failure,) = ran(f"  - {{name: a, periods: {{2026-01: {facts}}}, expect: {{net: 1}}}}\n").failures
        assert "BPO708" in failure.seen


def test_an_unexpected_refusal_and_a_missing_one_are_differences() -> None:
    (refusal,) = ran("  - {name: a, periods: {2026-01: {available: 101}}, expect: {net: 1, lost: 0}}\n").scenarios
    assert (refusal.stated, refusal.right) == (2, 0)
    assert "BPO331" in refusal.failures[0].seen
    (settled,) = ran("  - {name: a, periods: {2026-01: {available: 98}}, expect: {finding: BPO331}}\n").scenarios
    assert settled.failures[0].seen == "no finding: the scenario is settled"
    (other,) = ran("  - {name: a, periods: {2026-01: {available: 101}}, expect: {finding: BPO401}}\n").scenarios
    assert other.failures[0].write == "BPO331"
    (silent,) = ran(
        "  - {name: a, periods: {2026-01: {available: 101}}, expect: {finding: BPO331, mentions: [nobody]}}\n"
    ).scenarios
    assert [failure.expected for failure in silent.failures] == ["nobody"]


def test_a_settlement_that_depends_on_the_order_of_the_document_is_a_difference(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = "  - {name: a, periods: {2026-01: {available: 98}}, expect: {net: 2000}}\n"
    assert ran(text).failures == ()
    change = Change(Scalar("clauses/fee/amount", False, NOWHERE), Scalar("3000.01 EUR", False, NOWHERE))
    monkeypatch.setattr(settling, "_turned", lambda document: changed(document, [change]))
    (scenario,) = ran(text).scenarios
    assert [failure.what for failure in scenario.failures] == ["the document written in reverse order"]


def test_engines_that_disagree_are_a_difference_of_their_scenario(monkeypatch: pytest.MonkeyPatch) -> None:
    def disagree(*_: object, **__: object) -> None:
        raise EnginesDisagree("one says met, the other missed")

    monkeypatch.setattr(settling, "settle", disagree)
    (failure,) = ran("  - {name: a, periods: {2026-01: {available: 98}}, expect: {net: 2000}}\n").failures
    assert "BPO709 engines-disagree" in failure.seen


# --- the command --------------------------------------------------------------------------------------------

WRONG = (
    CONTRACT
    + SCENARIO
    + """\
      availability_credit: '900.00'   # the third of the fee
      lost:   70 minutes
      delay_damages: {north: 20.00, south: 1}
      status: {availability_credit: "met"} # a word
"""
)


def test_accept_writes_the_values_and_nothing_else() -> None:
    result = run_case(read_case(read_document(WRONG.encode(), "case.yaml"), "case.yaml"))
    text, written = accept(WRONG, result.failures)
    right = WRONG.replace("'900.00'", "'1000.00'").replace("70 minutes", "75 minutes")
    assert text == right.replace("south: 1}", "south: 0.00}").replace('"met"', '"missed"')
    assert written == 4
    assert run_case(read_case(read_document(text.encode(), "case.yaml"), "case.yaml")).failures == ()


def test_the_command_runs_folders_and_goes_on_after_a_bad_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a-broken.yaml").write_text("title: [\n", encoding="utf-8")
    (tmp_path / "b-wrong.yaml").write_bytes(WRONG.replace("\n", "\r\n").encode())
    assert main(["test", str(tmp_path)]) == 1
    out = capsys.readouterr().out
    assert "1 case, 1 scenario: 1 of 5 figures right, 4 differences; 1 file that is no case." in out
    assert "a-broken.yaml is not a case" in out
    assert "expected: 70 minutes\n  seen: 75 minutes" in out
    (tmp_path / "a-broken.yaml").unlink()
    assert main(["test", "--accept", str(tmp_path)]) == 1
    assert "4 values written" in capsys.readouterr().out
    assert main(["test", str(tmp_path / "b-wrong.yaml")]) == 0
    assert (tmp_path / "b-wrong.yaml").read_bytes().count(b"\r\n") == WRONG.count("\n")
    assert main(["test", str(tmp_path / "nowhere")]) == 3
