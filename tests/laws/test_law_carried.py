"""What is carried to later periods is paid once, or lapses when the contract says so, or waits: never two of them."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import example, given, settings
from tests.laws.drawn import Document, Settled, settled, settled_from, steps_of
from tests.laws.limiting import Limit, limits_of, name_of, window_of

from bpo_contracts.terms.phrases import parse_quantity
from bpo_contracts.values.numbers import read_number_text
from bpo_contracts.values.sources import NOWHERE

ZERO = Fraction(0)


class Lots:
    """Lots kept apart, each with the period it arose in: what the figures of the library add up without any lots."""

    def __init__(self, clause: Document, drawn: Settled, *, newest: bool, at_once: bool) -> None:
        self.clause, self.drawn, self.newest, self.at_once = clause, drawn, newest, at_once
        self.left: list[tuple[int, Fraction]] = []

    def used(self, period: int, added: Fraction, asked: Fraction) -> Fraction:
        """Uses up to so much, and adds the lot of the period: before that, or after it."""
        if self.at_once:
            self.left.append((period, added))
        taken, rest = ZERO, []
        for since, amount in reversed(self.left) if self.newest else self.left:
            part = min(amount, asked - taken)
            taken += part
            rest.append((since, amount - part))
        self.left = sorted(rest)
        if not self.at_once:
            self.left.append((period, added))
        return taken

    def lapsed(self, period: int) -> Fraction:
        """Lets go of what is too old after this period, or ends with it."""
        age = int(self.clause["lapses_after"].split(" ")[0]) if "lapses_after" in self.clause else None
        ends = self.clause.get("at_end_of_term") == "lapses" and is_last(self.drawn, period)
        if self.clause.get("lapses_at"):
            ends = is_last(self.drawn, period) or not window_of(self.drawn, "this contract year", period + 1)
        gone = [lot for lot in self.left if ends or (age is not None and period - lot[0] >= age)]
        self.left = [lot for lot in self.left if lot not in gone]
        return sum((amount for _, amount in gone), ZERO)

    @property
    def waiting(self) -> Fraction:
        """What is still there."""
        return sum((amount for _, amount in self.left), ZERO)


def is_last(drawn: Settled, period: int) -> bool:
    """Whether the term ends with the period."""
    return bool(drawn.documents[period]["period"]["label"] == drawn.contract.last_period.label)


def figures_of(document: Document, name: str, item: str, *suffixes: str) -> list[Fraction]:
    """The values of figures of a clause; nought for figures that it does not have."""
    steps = steps_of(document)
    found = [steps.get((f"{name}.{suffix}", item)) for suffix in suffixes]
    return [read_number_text(step["value"]) if step else ZERO for step in found]


def _carrying(drawn: Settled) -> list[Limit]:
    """The limits that carry, the first of each total."""
    return [limit for limit in limits_of(drawn) if limit.carriers[:1] == [limit.name]]


def _cut_by_a_later_cap(at_most: str, ends: Document) -> Settled:
    """Four months, the last ones of the term: 1.16 a month, 0.50 of it paid, the rest carried; and then another cap."""
    told = {"clause": "1", "words": "Words."}
    clauses: list[Document] = [
        {"bonus": "b", "amount": "1.16 EUR", "counts_toward": "bonuses"},
        {"cap": "later", "limits": "bonuses", "at_most": at_most, "excess": "lost", "after": "first"},
        {"cap": "first", "limits": "bonuses", "at_most": "0.50 EUR", "excess": "carried", **ends},
    ]
    measures = {"n": {"unit": "pieces", "direction": "neutral", "precision": "unrounded", "missing": "refuse"}}
    written = {
        **dict.fromkeys(("title", "client", "provider"), "Words."),
        "contract": "acme",
        "version": "1",
        "currency": "EUR",
        "term": {"starts_on": "2026-01-01", "ends_on": "2026-04-30"},
        "period": "month",
        "rounding": {"lines": "half up to 0.01 EUR"},
        "measures": measures,
        "clauses": [clause | told for clause in clauses],
    }
    rows = [{"period": f"2026-0{month}", "measure": "n", "value": "0"} for month in (1, 2, 3, 4)]
    return settled_from(written, {"schema": "bpo-contracts/performance/1", "measurements": rows})


@settings(max_examples=50)
@given(settled(periods=4))
@example(_cut_by_a_later_cap("0.00 EUR", {}))
@example(_cut_by_a_later_cap("0.60 EUR", {"at_end_of_term": "paid"}))
def test_what_is_carried_is_paid_once_or_lapses(drawn: Settled) -> None:
    """Four laws about one drawn contract, because drawing and settling it is what takes time."""
    _claimed_is_granted_or_carried_or_lapsed(drawn)
    _a_cap_pays_lot_by_lot(drawn)
    _a_smallest_payment_pays_all_or_nothing(drawn)
    _rights_are_used_once_or_lapse(drawn)


def _claimed_is_granted_or_carried_or_lapsed(drawn: Settled) -> None:
    """In every period: what the invoices have paid so far, what lapsed or a later limit took, and what waits make all that
    was claimed."""
    for limit in _carrying(drawn):
        claimed = granted = lapsed = ZERO
        for period, document in enumerate(drawn.documents):
            claimed += figures_of(document, limit.name, limit.item, "new")[0]
            granted += limit.paid(period) + limit.at_the_end(period)
            lapsed += limit.cut_later(period)
            assert not limit.at_the_end(period) or is_last(drawn, period)
            of_now = [figures_of(document, name, limit.item, "carried_forward", "lapsed") for name in limit.carriers]
            lapsed += sum((gone for _, gone in of_now), ZERO)
            assert min(min(pair) for pair in of_now) >= 0
            waiting = sum((left for left, _ in of_now), ZERO)
            assert granted + waiting + lapsed == claimed, (limit.name, limit.lot, period)
            if is_last(drawn, period):
                _ended(limit, document)


def _ended(limit: Limit, document: Document) -> None:
    """Where the contract says what becomes of it nothing waits; where it does not, the last settlement names it."""
    clauses = {name_of(one): one for one in limit.beside}
    for name in limit.carriers:
        left = figures_of(document, name, limit.item, "carried_forward")[0]
        said = {"at_end_of_term", "lapses_at"} & set(clauses[name])
        assert not (said and left), (name, document["period"])
        notes = [one for one in document["consequences"] if one["name"] == f"{name}.left_over"]
        scope = dict(limit.lot)
        if "cap" in clauses[name]:
            assert [one["holds"] for one in notes if one["scope"] == scope] == ([True] if left else [])


def _a_cap_pays_lot_by_lot(drawn: Settled) -> None:
    """The oldest or the newest first, as far as the cap leaves room, until a lot has lapsed."""
    for limit in _carrying(drawn):
        if "cap" not in limit.clause or len(limit.carriers) > 1:
            continue
        lots = Lots(limit.clause, drawn, newest=limit.clause.get("paid_first") == "newest", at_once=True)
        for period, document in enumerate(drawn.documents):
            new, room = figures_of(document, limit.name, limit.item, "new", "at_most")
            paid = lots.used(period, new, room)
            lapsed = lots.lapsed(period)
            ended, cut = ZERO, limit.cut_later(period)
            if limit.clause.get("at_end_of_term") == "paid" and is_last(drawn, period):
                ended, lots.left = lots.waiting, []
            waiting = figures_of(document, limit.name, limit.item, "carried_forward")[0]
            left = limit.paid(period), limit.at_the_end(period)
            assert left == (paid, ended) if not cut else sum(left) + cut == paid + ended, (limit.name, period)
            assert waiting == lots.waiting, (limit.name, limit.lot, period)
            assert figures_of(document, limit.name, limit.item, "lapsed")[0] == lapsed


def _a_smallest_payment_pays_all_or_nothing(drawn: Settled) -> None:
    """All of what is due is paid if it is large enough, or with the last period; else it waits, or is lost."""
    for limit in limits_of(drawn):
        if "smallest_payment" not in limit.clause:
            continue
        words: str = limit.clause["issued_only"]
        least = parse_quantity(words.removeprefix("over ").removesuffix(" or more"), (), NOWHERE, default_unit=None)
        waiting = ZERO
        for period, document in enumerate(drawn.documents):
            new, compared = figures_of(document, limit.name, limit.item, "new", "due")
            due = waiting + new
            if limit.clause.get("compared") != "before caps":
                assert compared == due
            large = compared > least.value or (compared == least.value and words.endswith("or more"))
            issued = large or (limit.clause.get("at_end_of_term") == "paid" and is_last(drawn, period))
            paid, cut = limit.paid(period), any(other.holds(limit) for other in limits_of(drawn))
            assert paid == (due if issued else 0) or (cut and issued and paid < due), (limit.name, limit.lot, period)
            waiting = ZERO if issued or limit.clause["below"] == "lost" else due


def _rights_are_used_once_or_lapse(drawn: Settled) -> None:
    """A carry-forward, with every lot kept apart: what is used, what lapses, what is due at the end, what goes on."""
    for clause in drawn.written["clauses"]:
        if "carry_forward" not in clause:
            continue
        name = name_of(clause)
        for item in {item for figure, item in steps_of(drawn.documents[0]) if figure == f"{name}.added"}:
            _used_once(drawn, clause, name, item)


def _used_once(drawn: Settled, clause: Document, name: str, item: str) -> None:
    at_once, newest = clause["used_from"] == "the same period", clause["used_first"] == "newest"
    lots = Lots(clause, drawn, newest=newest, at_once=at_once)
    arisen = gone = ZERO
    for period, document in enumerate(drawn.documents):
        added, used, lapsed, due, balance = figures_of(
            document, name, item, "added", "used", "lapsed", "due", "balance"
        )
        assert lots.used(period, added, used) == used, (name, item, period)
        assert lots.lapsed(period) == lapsed, (name, item, period)
        if clause.get("at_end_of_term") == "due" and is_last(drawn, period):
            assert due == lots.waiting
            lots.left = []
        else:
            assert not due
        arisen, gone = arisen + added, gone + used + lapsed + due
        assert balance == lots.waiting == arisen - gone, (name, item, period)
