"""Sums, trails and roundings inside one settlement, redone from its own document."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.unit.audit.samples import CONTRACT, performance, sealed, settlement

from bpo_contracts.audit.arithmetic import problems_of


def made(answered: str = "61.5") -> dict[str, Any]:
    return settlement(CONTRACT, performance("2016-01", answered))


def codes(document: dict[str, Any]) -> list[str]:
    return [problem.code for problem in problems_of(document)]


@pytest.mark.parametrize("answered", ["61.5", "64", "70", "63.33", "0.0001"])
def test_an_honest_settlement_adds_up(answered: str) -> None:
    assert codes(made(answered)) == []


def set_at(*path: str | int, to: object) -> Callable[[dict[str, Any]], None]:
    def change(document: dict[str, Any]) -> None:
        place: Any = document
        for part in path[:-1]:
            place = place[part]
        place[path[-1]] = to

    return change


CASES: list[tuple[str, Callable[[dict[str, Any]], None], str]] = [
    ("a charge", set_at("charges", 0, "amount", to="10000.01"), "BPO542"),
    ("an adjustment", set_at("adjustments", 0, "amount", to="-400.01"), "BPO542"),
    ("the net total", set_at("totals", "net", to="9600.01"), "BPO542"),
    ("the total of the charges", set_at("totals", "charges", to="0.00"), "BPO542"),
    ("a lot", set_at("lots", 0, "totals", "adjustments", to="-1.00"), "BPO542"),
    ("a lot of another scope", set_at("lots", 0, "scope", to={"site": "B"}), "BPO542"),
    ("a line of another scope", set_at("charges", 0, "scope", to={"site": "B"}), "BPO542"),
    ("too few digits", set_at("totals", "charges", to="10000.0"), "BPO543"),
    ("too many digits", set_at("charges", 0, "amount", to="10000.000"), "BPO543"),
    ("no digits", set_at("totals", "charges", to="10000"), "BPO543"),
    ("a leading zero", set_at("totals", "charges", to="010000.00"), "BPO543"),
    ("minus nothing", set_at("adjustments", 0, "gross", to="-0.00"), "BPO543"),
    ("another currency's digits", set_at("currency", to="JPY"), "BPO543"),
    ("an unknown currency", set_at("currency", to="XXX"), "BPO540"),
    ("not a number", set_at("totals", "net", to="1e3"), "BPO540"),
    ("a division by zero", set_at("steps", 2, "dropped", to="1/0"), "BPO540"),
    ("a premise that is missing", set_at("steps", 2, "premises", 0, to=["fees", ""]), "BPO544"),
    ("a trail to nowhere", set_at("charges", 0, "trail", 0, to=["fees", ""]), "BPO544"),
    ("no trail", set_at("charges", 0, "trail", to=[]), "BPO544"),
    ("a step of an item that is missing", set_at("charges", 0, "trail", 0, to=["fee", "A"]), "BPO544"),
    ("a step that rests on itself", set_at("steps", 2, "premises", 0, to=["credit", ""]), "BPO544"),
    ("steps that rest on one another", set_at("steps", 1, "premises", to=[["credit", ""]]), "BPO544"),
    ("a step twice", set_at("steps", 1, "figure", to="answered"), "BPO544"),
    ("a trail that comes to something else", set_at("steps", 2, "value", to="399.99"), "BPO545"),
    ("a rounding that dropped more than it may", set_at("steps", 2, "dropped", to="0.005"), "BPO546"),
    ("a rounding that dropped less", set_at("steps", 2, "dropped", to="-0.0051"), "BPO546"),
    ("a value finer than its grain", set_at("steps", 2, "value", to="400.001"), "BPO546"),
    ("no determinations", set_at("determinations", to=[]), "BPO547"),
    ("a status", set_at("adjustments", 0, "status", to="met"), "BPO547"),
]


@pytest.mark.parametrize(("change", "code"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_what_does_not_add_up_is_found(change: Callable[[dict[str, Any]], None], code: str) -> None:
    document = made()
    assert document["adjustments"][0]["amount"] == "-400.00"
    change(document)
    assert code in codes(sealed(document))


def test_dropped_is_what_the_rounding_took_away() -> None:
    document = made("63.33")
    step = document["steps"][2]
    assert (step["value"], step["dropped"]) == ("190.86", "-1/350")
    step["dropped"] = ""
    assert codes(sealed(document)) == [], "without it there is nothing to compare: replay computes it"
    step["dropped"] = "1/100"
    assert codes(sealed(document)) == ["BPO546"]


def test_something_dropped_from_no_value_is_found() -> None:
    document = made("63.33")
    document["steps"][2]["value"] = ""
    assert "BPO546" in codes(sealed(document))


def test_a_line_rounded_finer_than_the_currency_has_all_its_digits() -> None:
    document = made()
    document["charges"][0]["amount"] = document["steps"][1]["value"] = "10000.001"
    for totals in (document["totals"], document["lots"][0]["totals"]):
        totals.update(charges="10000.001", net="9600.001")
    assert codes(sealed(document)) == []


def test_a_premise_without_an_item_stands_for_every_item() -> None:
    document = made()
    document["steps"][0]["item"] = "A"
    assert codes(sealed(document)) == []


@pytest.mark.parametrize("premise", [["incidents.duration", ""], ["duration", "*"]])
def test_a_premise_over_an_empty_list_has_no_step(premise: list[str]) -> None:
    document = made()
    document["steps"][2]["premises"].append(premise)
    assert codes(sealed(document)) == []
    document["steps"][2]["premises"].append(["incidents.duration", "INC-1"])
    assert codes(sealed(document)) == ["BPO544"]
