"""What is said of years, quarters and days is read back as it was meant, and refused where it says too little."""

from __future__ import annotations

import pytest

from bpo_contracts.terms.describe import describe
from bpo_contracts.terms.formula import parse_formula
from bpo_contracts.values.findings import BadInput
from bpo_contracts.values.periods import Every

TEXTS = (
    "sum of x over this contract year to date",
    "sum of x over this calendar year to date",
    "sum of x over earlier months of this calendar year",
    "sum of x over the previous contract year (short history: no result)",
    "average of x over the previous calendar year (short history: the months there are) (none found: 0)",
    "count of a over the previous quarter",
    "last month of this contract year and not first month of the term",
    "first month of this quarter",
    "x × calendar month of period",
    "full months from a to b",
    "(started months from a to (start of period)) / 12",
    "years from a to b by actual/365",
    "days from a to b by 30/360",
    "x compounded 5 times",
    "x compounded (full years from a to b) times",
    "(x compounded 5 times) of y",
)


@pytest.mark.parametrize("text", TEXTS)
def test_words_are_read_back(text: str) -> None:
    node = parse_formula(text.replace("×", "*"), nouns=(), every=Every.MONTH)
    said = describe(node, period="month").replace("×", "*")
    assert parse_formula(said, nouns=(), every=Every.MONTH) == node


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("years from a to b", "BPO219", "by"),
        ("years from a to b by weeks", "BPO214", "actual/actual, actual/365, actual/360, 30/360"),
        ("days from a to b by actual/365", "BPO214", "30/360"),
        ("full weeks from a to b", "BPO214", ""),
        ("x compounded 5", "BPO219", "times"),
        ("last month of that year", "BPO214", "this contract year"),
        ("last quarter of this contract year", "BPO214", "settles every month"),
        ("sum of x over this fortnight to date", "BPO214", "this calendar year"),
        ("a before b", "BPO214", ""),
    ],
)
def test_too_little_is_refused(text: str, code: str, said: str) -> None:
    with pytest.raises(BadInput) as refused:
        parse_formula(text, nouns=(), every=Every.MONTH)
    (finding,) = refused.value.findings
    assert finding.code == code
    assert said in finding.problem + finding.next_step
