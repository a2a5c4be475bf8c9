"""Lines sum to the totals, and the lines of a lot to the totals of the lot."""

from __future__ import annotations

import json
from fractions import Fraction

from hypothesis import given, settings
from tests.laws.drawn import Document, Settled, amount_of, settled

from bpo_contracts.audit.arithmetic import problems_of
from bpo_contracts.values.numbers import read_number_text


def _sum(lines: list[Document], scope: str = "") -> Fraction:
    return sum((amount_of(line) for line in lines if not scope or json.dumps(line["scope"]) == scope), Fraction(0))


@settings(max_examples=20)
@given(settled())
def test_lines_sum_to_totals_and_lots(drawn: Settled) -> None:
    for document in drawn.documents:
        charges, adjustments = document["charges"], document["adjustments"]
        whole = {name: read_number_text(text) for name, text in document["totals"].items()}
        assert whole == {
            "charges": _sum(charges),
            "adjustments": _sum(adjustments),
            "net": _sum(charges) + _sum(adjustments),
        }
        for lot in document["lots"]:
            scope = json.dumps(lot["scope"])
            totals = {name: read_number_text(text) for name, text in lot["totals"].items()}
            assert totals["charges"] == _sum(charges, scope)
            assert totals["adjustments"] == _sum(adjustments, scope)
            assert totals["net"] == totals["charges"] + totals["adjustments"]
        apart = sum((amount_of(line) for line in charges + adjustments if not line["scope"]), Fraction(0))
        assert sum((read_number_text(lot["totals"]["net"]) for lot in document["lots"]), apart) == whole["net"]


@settings(max_examples=10)
@given(settled())
def test_verify_finds_nothing_to_say_about_what_was_settled(drawn: Settled) -> None:
    for document in drawn.documents:
        assert list(problems_of(document)) == []
