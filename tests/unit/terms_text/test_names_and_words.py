"""Names and the words of the formula language do not meet."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bpo_contracts.contract.fields import RESERVED
from bpo_contracts.terms import formula
from bpo_contracts.terms.formula import parse_formula
from bpo_contracts.values.findings import BadInput
from bpo_contracts.values.sources import NOWHERE

SOURCES = sorted(Path(formula.__file__).parent.glob("formula*.py"))
WORDS = sorted({word for path in SOURCES for word in re.findall(r'"([a-z]+)"', path.read_text("utf-8"))})
FORMS = ("a + {}", "{} + a", "min({}, a)", "5 % of {}", "{} is at least a", "sum of {} over last 3 months")


def test_the_words_are_found() -> None:
    assert {"above", "started", "previous", "of"} <= set(WORDS)


@pytest.mark.parametrize("word", WORDS)
def test_what_a_formula_cannot_name_is_no_name(word: str) -> None:
    """A figure that could be declared and never be read would be found out far from where it is declared."""
    for form in FORMS:
        try:
            parse_formula(form.format(word), nouns=frozenset(), source=NOWHERE)
        except BadInput:
            assert word in RESERVED, form
