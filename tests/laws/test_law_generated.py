"""The generated contracts are what the other laws say they are: free of findings, settled, and of many shapes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from random import Random
from typing import TypeVar

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.laws.drawn import Document, Settled, lines_of, settled

from bpo_contracts.contract.amending import check_amendments
from bpo_contracts.settlement.prepare import prepare
from bpo_contracts.testing.boundaries import scales
from bpo_contracts.testing.drafting import Drafting
from bpo_contracts.testing.strategies import contract_of, contracts, report_of, reports, sentences

T = TypeVar("T")

FEATURES: Counter[str] = Counter()


def test_every_drawn_contract_settles_every_drawn_period() -> None:
    """Whatever can become of a clause becomes of some; a strategy with easy contracts would let every law pass."""
    FEATURES.clear()
    _every_drawn_contract_settles_every_drawn_period()
    wanted = {"status met", "status missed", "status no data", "status gate closed", "status excused"}
    wanted |= {"status exceeded", "cut by a limit", "several periods"}
    missing = wanted - set(FEATURES)
    assert not missing


@settings(max_examples=40)
@given(settled())
def _every_drawn_contract_settles_every_drawn_period(drawn: Settled) -> None:
    periods = {row["period"] for row in drawn.reported["measurements"]}
    assert [document["period"]["label"] for document in drawn.documents] == sorted(periods)
    FEATURES.update(f"status {line['status']}" for document in drawn.documents for line in lines_of(document))
    lines = [line for document in drawn.documents for line in document["adjustments"]]
    FEATURES.update(["cut by a limit"] if any(line["amount"] != line["gross"] for line in lines) else [])
    FEATURES.update(["several periods"] if len(drawn.documents) > 1 else [])


class Chance:
    """Choices by a seeded generator: every kind of choice comes up in a few hundred drafts."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)

    def one(self, options: Sequence[T]) -> T:
        return self._random.choice(options)

    def number(self, low: int, high: int) -> int:
        return self._random.randint(low, high)

    def yes(self) -> bool:
        return self._random.random() < 0.5

    def several(self, low: int, high: int, count: int) -> list[int]:
        return self._random.sample(range(low, high + 1), count)

    def shuffled(self, items: Sequence[T]) -> list[T]:
        return self._random.sample(items, len(items))

    def words(self) -> str:
        return "Words."


WANTED = {
    "holdback", "advance", "true_up", "indexation", "index", "basket", "stages", "forgivable_when",
    "base_fee", "transaction_charge", "minimum_commitment", "service_credit", "liquidated_damages", "bonus", "tariff",
    "incentive", "award_fee", "rebate", "earn_back", "claw_back", "carry_forward", "cap", "collar", "smallest_payment",
    "consequence", "amendments", "scopes", "for_each", "table", "slices", "line", "per", "only_if", "unless", "where",
    "counts_toward", "expected", "multiplied_by", "by", "fixed_fee", "at_least", "counted_over", "part_period",
    "part_window", "rounded: the sum", "window", "after", "paid_first: newest", "paid_first: oldest", "lapses_after",
    "lapses_at", "at_end_of_term: paid", "at_end_of_term: lapses", "at_end_of_term: due", "returned: frees room",
    "returned: stays used", "below: carried", "below: lost", "compared: before caps", "compared: after caps",
    "used_first: newest", "used_first: oldest", "used_from: the same period", "used_from: the next period",
}  # fmt: skip


CHANGED = {
    "clauses/+", "clauses/: removed", "clauses/amount", "clauses/price", "clauses/slices", "clauses/table",
    "clauses/table: removed", "clauses/counted_over: removed", "clauses/table/", "clauses/slices/", "clauses/rate",
    "clauses/at_most", "clauses/window", "clauses/window: removed", "clauses/minimum", "clauses/fixed_fee",
    "measures/title", "measures/missing", "measures/precision", "scopes/", "lists/columns", "parameters/",
}  # fmt: skip
"""What amendments change, by section and field; with a slash at the end a row, or the thing itself."""


def _kinds_of_change(written: Document) -> Iterator[str]:
    for amendment in written.get("amendments", ()):
        for path, value in amendment["change"].items():
            section, name, *field = path.split("/")
            of = "+" if name == "+" else field[0] + "/" * (len(field) > 1 and section == "clauses") if field else ""
            yield f"{section}/{of}" + (": removed" if value == "removed" else "")


def test_the_drafts_have_many_shapes_and_no_findings() -> None:
    """Every kind and field comes up, in contracts and amendments that have no findings."""
    found: set[str] = set()
    changed: set[str] = set()
    for seed in range(300):
        written = Drafting(Chance(seed), falling=False).document()
        fields = [field for clause in written["clauses"] for field in clause.items()]
        found |= set(written) | {key for key, _ in fields} | {f"{key}: {value}" for key, value in fields}
        if seed < 40:
            contract = contract_of(written)
            for version in (contract, *check_amendments(contract)):
                prepare(version)  # raises nothing
        changed.update(_kinds_of_change(written))
    missing = (WANTED - found) | (CHANGED - changed)
    assert not missing


@settings(max_examples=15)
@given(st.data())
def test_reports_look_for_the_boundaries(data: st.DataObject) -> None:
    """Every decisive value lies in the plausible range, and a report of it is taken without a finding."""
    contract = contract_of(data.draw(contracts()))
    for name, scale in scales(contract).items():
        assert all(scale.holds(value) for value in scale.decisive())
        inside = [bound for bound in scale.bounds if scale.holds(bound)]
        assert set(inside) <= set(scale.decisive()), name
    assert report_of(data.draw(reports(contract))).rejected == ()


@settings(max_examples=40)
@given(sentences())
def test_sentences_are_texts_that_documents_may_hold(text: str) -> None:
    title = contract_of(
        {
            "contract": "c", "version": "1", "title": text, "client": text, "provider": text, "currency": "EUR",
            "term": {"starts_on": "2026-01-01", "ends_on": "2026-12-31"}, "period": "month",
            "rounding": {"lines": "half up to 0.01 EUR"},
            "clauses": [{"base_fee": "fee", "clause": "1", "title": text, "words": text, "amount": "1.00 EUR"}],
        }
    ).title  # fmt: skip
    assert title == text
