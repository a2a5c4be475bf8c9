"""Hints: what is legal, and what a careful contract manager wants to be asked about before anyone signs.

One question per function, one subject per file. Each looks at a contract that has been lowered and has no findings, and
says what it saw, with the numbers, and what to write if it was not meant. A hint never stops anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from bpo_contracts.contract.hints.amounts import thousands_or_decimals
from bpo_contracts.contract.hints.at_the_end import left_at_the_end
from bpo_contracts.contract.hints.bases import several_times_a_base
from bpo_contracts.contract.hints.carried import carried_is_not_counted
from bpo_contracts.contract.hints.gaps import windows_with_gaps
from bpo_contracts.contract.hints.limits import (
    losses_that_free_room,
    several_without_cap,
    totals_without_limit,
    without_limit,
)
from bpo_contracts.contract.hints.lots import items_of_all_lots
from bpo_contracts.contract.hints.measures import (
    consequences_without_data,
    never_read,
    percentages_without_range,
    series_never_read,
)
from bpo_contracts.contract.hints.numbers import numbered_twice
from bpo_contracts.contract.hints.part_periods import days_outside_the_term
from bpo_contracts.contract.hints.starts import windows_without_start, without_earlier, years_that_begin_inside
from bpo_contracts.contract.hints.steps import steps_below_none
from bpo_contracts.contract.hints.wording import other_figures_than_words
from bpo_contracts.contract.lowering import Terms
from bpo_contracts.values.findings import Finding

HINTS: Final[tuple[Callable[[Terms], Iterable[Finding]], ...]] = (
    without_limit,
    several_without_cap,
    totals_without_limit,
    losses_that_free_room,
    percentages_without_range,
    never_read,
    consequences_without_data,
    numbered_twice,
    windows_without_start,
    without_earlier,
    years_that_begin_inside,
    other_figures_than_words,
    thousands_or_decimals,
    left_at_the_end,
    several_times_a_base,
    items_of_all_lots,
    carried_is_not_counted,
    windows_with_gaps,
    steps_below_none,
    days_outside_the_term,
    series_never_read,
)
"""Every question that is asked."""


def hints_of(terms: Terms) -> list[Finding]:
    """What there is to ask about one version of a contract, in no particular order."""
    return [finding for ask in HINTS for finding in ask(terms)]
