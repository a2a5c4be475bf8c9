"""A period that lies in the term only in part says which days do."""

from __future__ import annotations

import pytest
from tests.unit.clauses.making import HEAD, case_of

from bpo_contracts.contract.reading import read_contract
from bpo_contracts.formats.statement_html import statement_html
from bpo_contracts.formats.statement_text import statement_text
from bpo_contracts.services.statements import statement_document
from bpo_contracts.testing.settling import settle_scenario

CLAUSE = '- rebate: paid\n  clause: "1"\n  words: w\n  amount: 100.00 EUR'


@pytest.mark.parametrize(
    ("month", "said"),
    [("2026-01", "; in the term from 2026-01-16"), ("2026-02", ""), ("2026-03", "; in the term to 2026-03-20")],
)
def test_the_days_in_the_term_are_said(month: str, said: str) -> None:
    head = HEAD.replace("2026-01-01", "2026-01-16").replace("2026-12-31", "2026-03-20")
    case = case_of(CLAUSE, f"{month}: {{fee: 1}}", head=head)
    outcome = settle_scenario(case, case.scenarios[0])
    document = outcome.settled[month].document
    shown = statement_document(document, read_contract(case.contract))
    text = " ".join(statement_text(shown).split())
    assert f"both included{said} Revision" in text
    assert ("in the term" in statement_html([shown])) == bool(said)
