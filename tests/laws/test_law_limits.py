"""Limits are never passed: in no period, in no window, in no lot; and what is granted is shared to the last cent."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.laws.drawn import Document, Settled, amount_of, gross_of, lines_of, settled, settled_from, steps_of
from tests.laws.limiting import Limit, limits_of, name_of

from bpo_contracts.settlement.prepare import prepare
from bpo_contracts.terms.evaluate.allocations import what_is_kept
from bpo_contracts.testing.strategies import contract_of, contracts
from bpo_contracts.values.findings import BadInput
from bpo_contracts.values.money import allocate


@settings(max_examples=40)
@given(settled(periods=4))
def test_no_limit_is_passed(drawn: Settled) -> None:
    """What a period is granted, at most what the limit leaves after its window, at the limit's own rounding."""
    for limit in limits_of(drawn):
        if "smallest_payment" in limit.clause:
            continue
        for period in range(len(drawn.documents)):
            _not_passed(limit, period)


def _not_passed(limit: Limit, period: int) -> None:
    granted = limit.granted(period)
    used = sum((limit.granted(earlier) for earlier in limit.window(period)), Fraction(0)) - limit.freed(period)
    most = limit.amount("at_most", period)
    assert granted <= max(Fraction(0), limit.rounding.apply(most - used)), (limit.name, limit.lot, period)
    if (said := limit.said(period)["at_most"])[0].isdigit() and "%" not in said:
        assert used + granted < max(most, used) + limit.rounding.grain, (limit.name, limit.lot, period)
    if "at_least" in limit.clause:
        least = limit.amount("at_least", period)
        assert granted >= min(Fraction(0), limit.rounding.apply(least)), (limit.name, limit.lot, period)


@settings(max_examples=20)
@given(settled())
def test_no_limit_turns_or_raises_an_amount(drawn: Settled) -> None:
    """Every line keeps its side of zero, and never more than it came to before limits."""
    for document in drawn.documents:
        steps = steps_of(document)
        for line in lines_of(document):
            item = ",".join(line["scope"][scope] for scope in sorted(line["scope"]))
            step = steps.get((f"{line['name']}.gross", item))
            gross = gross_of(line) if "gross" in line or step is None else Fraction(step["value"])
            assert min(gross, Fraction(0)) <= amount_of(line) <= max(gross, Fraction(0)), line


@settings(max_examples=30)
@given(settled(periods=4))
def test_no_more_is_given_back_than_was_granted(drawn: Settled) -> None:
    """By an earn-back of its own credit, by a claw-back in all."""
    for clause in drawn.written["clauses"]:
        if "returns" in clause:
            granted, back = (_in_lots(drawn, name) for name in (clause["returns"], name_of(clause)))
            for lot in back:
                for period, amount in enumerate(back[lot]):
                    most = sum(granted[lot][:period], Fraction(0)) - sum(back[lot][:period], Fraction(0))
                    if "earn_back" in clause:
                        stages = clause.get("stages", {"one": clause}).values()
                        ages = [int(stage["after"].split(" ")[0]) for stage in stages]
                        most = sum((granted[lot][period - age] for age in ages if period >= age), Fraction(0))
                    assert 0 <= amount <= most, (name_of(clause), lot, period)


def _in_lots(drawn: Settled, name: str) -> dict[str, list[Fraction]]:
    """What a clause came to in every period, for each of its lots."""
    lots = [item for figure, item in steps_of(drawn.documents[0]) if figure == name]
    return {lot: [Fraction(steps_of(document)[name, lot]["value"]) for document in drawn.documents] for lot in lots}


@settings(max_examples=20)
@given(settled())
def test_what_is_granted_is_shared_without_rest(drawn: Settled) -> None:
    """The lines under the outermost limit sum to the limited total exactly."""
    limits = list(limits_of(drawn))
    for limit in limits:
        if limit.lot or any(other.names > limit.names for other in limits):
            continue
        figure = limit.name if len(limit.names) > 1 or limit.name == "overall" else None
        figure = limit.clause["limits"] if isinstance(limit.clause["limits"], str) else figure
        for period, document in enumerate(drawn.documents):
            steps = steps_of(document)
            total = steps.get((f"{figure}.limited", "")) or steps.get((str(figure), ""))
            if total is None or any(other.names == limit.names and other.carriers for other in limits):
                continue  # for each lot, or a part of it is paid by a line of its own
            assert limit.granted(period) == Fraction(total["value"]), (limit.name, period)


def _with_limits(written: Document, *limits: Document) -> Document:
    """The contract with two credits, the first of which is ``carrying``, and limits on them."""
    payer = {"clause": "9.1", "words": "Words.", "amount": f"5 {written['currency']}"}
    payers = [{"service_credit": name} | payer for name in ("carrying", "another")]
    cap = {"clause": "9.2", "words": "Words.", "at_most": f"1 {written['currency']}", "shared": "pro rata"}
    return written | {"clauses": [*written["clauses"], *payers, *(cap | limit for limit in limits)]}


@settings(max_examples=10)
@given(contracts())
def test_no_limit_stands_around_one_that_carries(written: Document) -> None:
    """What is paid later would pass the outer limit: that is refused, and both limits belong on one total."""
    carrying: Document = {"cap": "within", "limits": "carrying", "excess": "carried"}
    around: Document = {"cap": "around", "limits": ["another", "carrying"], "excess": "lost"}
    prepare(contract_of(_with_limits(written, carrying)))
    prepare(contract_of(_with_limits(written, carrying | {"excess": "lost"}, around)))
    with pytest.raises(BadInput) as refused:
        prepare(contract_of(_with_limits(written, carrying, around)))
    assert [finding.code for finding in refused.value.findings] == ["BPO268"]


@settings(max_examples=10)
@given(contracts())
def test_a_total_is_limited_for_each_lot_or_as_a_whole(written: Document) -> None:
    """Neither silently becomes the other: both on one total are refused, and one of them lists the clauses."""
    lots = written | {"scopes": written.get("scopes", {}) | {"depot": ["north", "south"]}}
    document = _with_limits(
        lots,
        {"cap": "each_lot", "limits": "due", "excess": "lost", "for_each": "depot"},
        {"cap": "all_lots_cap", "limits": "due", "excess": "lost"},
    )
    for clause in document["clauses"]:
        if clause.get("service_credit") in ("carrying", "another"):
            clause |= {"for_each": "depot", "counts_toward": "due"}
    with pytest.raises(BadInput) as refused:
        prepare(contract_of(document))
    assert {finding.code for finding in refused.value.findings} == {"BPO253"}
    document["clauses"][-1]["limits"] = ["carrying", "another"]
    prepare(contract_of(document))


@settings(max_examples=20)
@given(settled(periods=3))
def test_a_total_and_the_list_of_its_clauses_are_one_limit(drawn: Settled) -> None:
    """A cap that lists what counts toward a total acts with the other caps on it, and not before or after them."""
    for limit in limits_of(drawn):
        if limit.clause["limits"] not in ("credits", "bonuses"):
            continue
        listed = limit.clause | {"limits": sorted(limit.names)}
        clauses = [listed if one is limit.clause else one for one in drawn.written["clauses"]]
        again = settled_from(drawn.written | {"clauses": clauses}, drawn.reported)
        for document, other in zip(drawn.documents, again.documents, strict=True):
            assert list(lines_of(document)) == list(lines_of(other))
        return


amounts = st.integers(-(10**6), 10**6).map(lambda thousandths: Fraction(thousandths, 1000))
weights = st.lists(st.integers(0, 10**6).map(lambda number: Fraction(number, 7)), min_size=1, max_size=8)
grains = st.sampled_from([Fraction(1, 100), Fraction(1), Fraction(1, 1000), Fraction(5, 100)])


@settings(max_examples=100)
@given(st.integers(-(10**6), 10**6), weights, grains)
def test_allocation_loses_nothing(steps: int, shares: list[Fraction], grain: Fraction) -> None:
    """Shares sum to the total, are whole grains, and lie less than one grain from their exact part."""
    total, whole = steps * grain, sum(shares, Fraction(0))
    if not whole:
        return
    allocated = allocate(total, shares, grain)
    assert sum(allocated, Fraction(0)) == total
    for share, weight in zip(allocated, shares, strict=True):
        assert share % grain == 0
        assert abs(share - total * weight / whole) < grain
        assert weight or not share


@settings(max_examples=200)
@given(st.lists(amounts, min_size=1, max_size=6), st.integers(0, 1000), grains, st.booleans())
def test_what_is_kept_sums_to_the_limit_and_keeps_its_side(
    members: list[Fraction], part: int, grain: Fraction, in_order: bool
) -> None:
    """For every limit between zero and the sum of the members, also where members are finer than the grain."""
    total = sum(members, Fraction(0))
    limited = total * part / 1000
    kept = what_is_kept(
        [(one.numerator, one.denominator) for one in members],
        (limited.numerator, limited.denominator),
        grain,
        in_order=in_order,
    )
    amounts_kept = [Fraction(*one) for one in kept]
    assert sum(amounts_kept, Fraction(0)) == limited
    for before, after in zip(members, amounts_kept, strict=True):
        assert min(before, Fraction(0)) <= after <= max(before, Fraction(0))


@given(st.integers(1, 10**6), st.integers(1, 6), st.integers(0, 1000))
def test_of_equal_members_the_first_keep_the_cents_that_are_left(cents: int, count: int, part: int) -> None:
    """As among the lots of one line: who is named first is never cut by more than who is named later."""
    limited = cents * count * part // 1000
    kept = what_is_kept([(cents, 100)] * count, (limited, 100), Fraction(1, 100), in_order=False)
    amounts_kept = [Fraction(*one) for one in kept]
    assert amounts_kept == sorted(amounts_kept, reverse=True)
    assert amounts_kept[0] - amounts_kept[-1] <= Fraction(1, 100)
