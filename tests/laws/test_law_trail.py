"""Every trail recomputes to its amount, with nothing but the settlement documents in hand."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

from hypothesis import given, settings
from tests.laws.drawn import Settled, amount_of, lines_of, settled, steps_of
from tests.laws.recomputing import _KEEPS, Calculator, NotCovered

from bpo_contracts.settlement.prepare import prepare
from bpo_contracts.values.numbers import read_number_text

KINDS: Counter[str] = Counter()


def test_every_step_recomputes_to_its_value() -> None:
    """And among them were amounts before and after roundings and limits."""
    KINDS.clear()
    _every_step_recomputes_to_its_value()
    assert {"amount", "gross", "rate", "credits", "at_most", "used"} <= set(KINDS)


@settings(max_examples=40)
@given(settled())
def _every_step_recomputes_to_its_value(drawn: Settled) -> None:
    """All steps but shares of a limit, which are checked below; the exact value, the rounded one, what was dropped."""
    nouns = sorted(prepare(drawn.contract).terms.nouns)
    suffixes = [
        f".{what}{of}" for what in ("index", "base") for of in ("", *(f"_{name}" for name in drawn.contract.series))
    ]
    published = {*drawn.contract.series, *(f"indexed{suffix}" for suffix in suffixes)}
    for period, document in enumerate(drawn.documents):
        term = (drawn.contract.first_period, drawn.contract.last_period)
        calculator = Calculator(drawn.documents[: period + 1], nouns, term)
        for step in document["steps"]:
            if step["formula"] == "as reported":
                continue
            try:
                recomputed, exact = calculator.recomputed(step), calculator.exact(step)
            except NotCovered:
                assert _KEEPS.search(step["formula"]) or step["figure"] in published, step
                continue
            recorded = calculator.recorded(step)
            seen = (step["figure"], step["item"], step["formula"], step["value"], step["note"], recomputed)
            assert (recomputed is None) == (recorded is None), seen
            if recomputed is None or recorded is None:
                assert step["note"], seen
                continue
            assert recomputed.value == recorded.value, seen
            KINDS[step["figure"].rpartition(".")[2]] += 1
            if step["dropped"] and exact is not None:
                dropped = read_number_text(step["dropped"]) * calculator.factor(step["unit"])
                assert exact.value - recorded.value == dropped, seen


@settings(max_examples=20)
@given(settled())
def test_shares_of_a_limit_sum_to_the_limited_total(drawn: Settled) -> None:
    """What the members keep makes the limited amount, which is a premise of each share."""
    for document in drawn.documents:
        steps = steps_of(document)
        kept: dict[tuple[str, str], Fraction] = {}
        limited: dict[tuple[str, str], Fraction] = {}
        for step in document["steps"]:
            found = _KEEPS.search(step["formula"])
            if found is None:
                continue
            total, item = step["premises"][-1]
            item = item if (total, item) in steps else ""
            sign = -1 if step["formula"].startswith("-") else 1
            key = (found[2], item)
            kept[key] = kept.get(key, Fraction(0)) + sign * read_number_text(step["value"])
            limited[key] = read_number_text(steps[total, item]["value"])
        assert kept == limited


@settings(max_examples=10)
@given(settled())
def test_every_line_ends_its_own_trail(drawn: Settled) -> None:
    """The first step of a line's trail has the line's amount, as it stands before its sign on the invoice."""
    for document in drawn.documents:
        steps = steps_of(document)
        for line in lines_of(document):
            figure, item = line["trail"][0]
            assert abs(read_number_text(steps[figure, item]["value"])) == abs(amount_of(line))
