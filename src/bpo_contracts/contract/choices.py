"""What each choice of a field means, in a few words: shown to whoever wrote a word that is none of them.

``missing: reject`` is near enough to ``refuse`` to be meant, and far enough to decide money. So nothing is guessed: all
choices are named with what they do, the nearest one first.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Final

_PARTS: Final = {
    "ignored": "only what is full counts",
    "counted": "a part counts as a full one",
    "pro rata": "a part counts as that part",
    "nearest": "to the nearest full one, halves up",
}
_SETS: Final = {"larger set": "the set that comes to more", "smaller set": "the set that comes to less"}

MISSING: Final = {
    "refuse": "a period without it is not settled",
    "not scored": "clauses that read it pay nothing",
    "previous period": "the value of the period before holds",
}
"""What a measure can say in ``missing``, beside a value."""

MEANINGS: Final[Mapping[str, Mapping[str, str]]] = {
    "afterwards": {"goes on": "it holds as long as the count is reached", "begins again": "the count starts anew"},
    "allocations_may_exceed": {"yes": "the levels may come to more than the pool", "no": "they may not"},
    "applies_to": {
        "each further failure": "each costs what its own number says",
        "every failure": "all cost what the highest number says",
    },
    "at_end_of_term": {
        "paid": "in the last period, whatever the limit",
        "lapses": "nobody pays it",
        "released": "to the provider",
        "forfeited": "the client keeps it",
        "deducted": "from the last invoice",
        "waived": "nobody pays it back",
        "due": "a clause pays 'x.due'",
    },
    "below": {"lost": "nobody pays it", "carried": "it is added to the next period's total"},
    "below_zero": {"allowed": "the balance may be negative", "stops at zero": "it is never below zero"},
    "charged_on": {
        "full difference": "all of the difference, once it is beyond the dead band",
        "part beyond deadband": "only what is beyond the dead band",
    },
    "compared": {
        "before rounding": "the exact amount",
        "after rounding": "the rounded amount",
        "before caps": "the total before caps",
        "after caps": "the total after caps",
    },
    "counted_over": {
        "this contract year": "the quantity is added up from the start of each year of the term",
        "this calendar year": "from each 1 January",
        "this quarter": "from the start of each calendar quarter",
        "this half-year": "from each 1 January and 1 July",
        "the whole contract": "from the start of the term",
    },
    "days_counted": {
        "after the due day": "the day of payment counts, the due day does not",
        "both days": "the due day and the day of payment count",
        "neither day": "only the days between count",
    },
    "deducted_from": {
        "the same period": "the first deduction is made in the period of the advance",
        "the next period": "the first deduction is made one period later",
    },
    "direction": {
        "higher is better": "a credit must not grow with it",
        "lower is better": "a credit must not shrink with it",
        "neutral": "neither way is better",
    },
    "ends_of_deadband": {
        "inside": "a difference of exactly the dead band is not charged",
        "outside": "it is charged",
    },
    "excess": {
        "lost": "nobody pays what is beyond the cap",
        "carried": "it is paid in later periods, as far as there is room",
    },
    "excused": {"counted": "an excused failure counts for repetition", "not counted": "it does not"},
    "follows": {"highest": "the highest value so far", "lowest": "the lowest value so far"},
    "in_each": {
        "period": "each settlement period",
        "quarter": "each calendar quarter",
        "half-year": "each half of a calendar year",
        "contract year": "each year from the start of the term",
        "calendar year": "each year from 1 January",
        "term": "the whole contract at once",
    },
    "lapses_at": {"end of contract year": "what is left then lapses"},
    "lookup": {"exact": "the value of that very month", "latest": "the latest on or before the month"},
    "minimum_counts": {"when reached": "the minimum itself is enough", "when exceeded": "only more than it is enough"},
    "missing": {
        "none happened": "no rows mean that nothing happened",
        "reweight": "the other scores count for more",
        "as zero": "a missing score is 0",
        "refuse": "a period without it is not settled",
    },
    "needs_evidence": {"yes": "the report names it in the column 'source'", "no": "it need not"},
    "no_data": {
        "counts as failed": "a period without data is a failure",
        "does not count": "it is no failure, and ends a run",
        "is left out": "neither: a run goes on across it",
        "recovered": "a period without data has recovered",
        "not recovered": "it has not",
    },
    "not_elected": {**_SETS, "none": "no set is paid"},
    "of": {
        "everything kept": "all that was kept so far, whatever was released since",
        "balance": "what is held now",
        "each item": "each item of the list",
        "the sum": "all items together",
    },
    "once_reached": {
        "first dollar": "all of it is shared",
        "excess only": "what is beyond the minimum is shared",
    },
    "overruns": {
        "shared": "the provider bears its share of them",
        "not shared": "the client bears them",
        "not agreed": "the contract says nothing: such a period is not settled",
    },
    "paid_first": {"oldest": "what has waited longest", "newest": "what was carried last"},
    "part_fte": _PARTS,
    "part_outcomes": _PARTS,
    "part_period": {
        "by days in the month": "the days there are, of the days the period has",
        "by 30-day months": "every month has 30 days",
        "by 365-day years": "each day is 1/365 of a year",
        "full": "a part costs as much as a whole",
        "none": "a part costs nothing",
    },
    "part_steps": _PARTS,
    "part_window": {"pro rata": "the part of it that there is", "full": "all of it", "none": "nothing"},
    "period": {
        "month": "settled every month",
        "quarter": "every three months",
        "half-year": "every six months",
        "year": "every twelve months",
    },
    "rate_of": {"each day": "each day bears the rate that holds on it"},
    "remainder": {"stays held": "for other releases", "forfeited": "the client keeps it"},
    "returned": {
        "stays used": "what is given back does not free room under the cap",
        "frees room": "it does, from the next period on",
    },
    "reviewed": {
        "each period": "the price is looked at in every period",
        "each contract year": "once for each year from the start of the term",
        "each calendar year": "once for each year from 1 January",
    },
    "rounded": {"each item": "each item is rounded", "the sum": "only their sum is rounded"},
    "shared": {
        "pro rata": "each is cut in proportion",
        "in order": "the clause that 'order' names first is kept first",
    },
    "take": {**_SETS, "elected": "the set that a party chooses"},
    "times": {
        "once": "in the first period in which the condition holds",
        "every period": "in each period in which it holds",
    },
    "used_first": {"oldest": "what arose first", "newest": "what arose last"},
    "used_from": {
        "the same period": "what arises can be used at once",
        "the next period": "it can be used one period later",
    },
    "whole": {"yes": "it is a whole number", "no": "it can have decimals"},
    "with_fewer": {"not scored": "there is no score, and nothing is paid", "refuse": "the period is not settled"},
    "year": {
        "365 days": "every year has 365 days",
        "360 days": "every year has 360 days",
        "30/360": "every month has 30 days (a 31st is a 30th) and every year 360: 30E/360",
        "actual/actual": "each year has the days it has",
    },
}
"""By field, each choice and what it does. Kinds that share the name of a field have different words in it."""

_MEANT: Final = {
    "reject": "refuse", "error": "refuse", "fail": "refuse", "stop": "refuse", "required": "refuse", "block": "refuse",
    "skip": "not scored", "ignore": "not scored", "not rated": "not scored", "exclude": "not scored",
    "no score": "not scored", "n/a": "not scored", "last": "previous period", "last value": "previous period",
    "previous": "previous period", "previous month": "previous period", "carry forward": "previous period",
    "up": "higher is better", "down": "lower is better", "none": "neutral", "no direction": "neutral",
    "monthly": "month", "quarterly": "quarter", "yearly": "year", "annually": "year", "annual": "year",
    "forfeited": "lost", "dropped": "lost", "void": "lost", "carry": "carried", "carried forward": "carried",
    "rolled over": "carried", "proportional": "pro rata", "prorata": "pro rata", "pro-rata": "pro rata",
    "prorated": "pro rata", "round up": "counted", "up to a full step": "counted", "round down": "ignored",
    "full": "ignored", "rounded": "nearest",
}  # fmt: skip
"""Words that people write, and the choice they most likely mean: it is only ever shown first."""


def choices_step(field: str, written: str, choices: Iterable[str], *, also: str = "") -> str:
    """``Write 'refuse' (a period without it is not settled), or …``; ``also`` is what else the field can be."""
    known = list(choices)
    first = _nearest(written, known)
    ordered = [first, *(one for one in known if one != first)] if first else known
    meanings = MISSING if field == "missing" and "not scored" in known else MEANINGS.get(field, {})
    texts = [f"'{one}' ({meanings[one]})" if one in meanings else f"'{one}'" for one in ordered] + (
        [also] if also else []
    )
    return f"Write {texts[0]}." if len(texts) == 1 else f"Write {', '.join(texts[:-1])} or {texts[-1]}."


def _nearest(written: str, choices: list[str]) -> str:
    """The choice that is most likely meant; "" if none is near."""
    low = " ".join(written.lower().replace("-", " ").replace("_", " ").split())
    meant = _MEANT.get(low, _MEANT.get(written.lower(), ""))
    if meant in choices:
        return meant
    near = difflib.get_close_matches(low, choices, n=1, cutoff=0.5)
    starts = [one for one in choices if one.startswith(low) and low]
    return starts[0] if starts else near[0] if near else ""
