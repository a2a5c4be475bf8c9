"""What to do about a field that was refused: a real next step, with an example, for every rule that fields have.

A rule says what is wrong where it is checked; what a right document looks like is said here, so that
"correct it" is never all that a reader is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

RULES: Final[tuple[tuple[str, str], ...]] = (
    # fields of any kind
    ("is not an identifier", "Write it without spaces, as in 'service-desk' or 'SD-2026.1'."),
    ("is not a name: small", "Write it in small letters without spaces, as in 'late_answers'."),
    ("is a word of the formula language", "Add a word to it, as in 'total_calls' or 'day_rate'."),
    ("is not an ISO 4217", "Write the code of the currency, as in 'currency: EUR'."),
    ("is not yes or no", 'Write "yes" or "no", in quotes.'),
    ("a day is written as text", "Write the day as 2026-03-31."),
    ("is not a day", "Write the day as 2026-03-31: year, month, day."),
    ("does not exist in the calendar", "Write a day that exists, as in 2026-02-28."),
    ("is outside 1990", "Write a year from 1990 to 2199."),
    ("before it starts on", "Write the first day under 'starts_on' and the last one under 'ends_on', both inside the term."),
    ("a calendar covers the days from one", "Write the first day under 'covers_from' and the last one under 'covers_until'."),
    ("and the calendar covers", "Take the day out of 'holidays', or write a calendar that covers it."),
    # the common frame
    ("a clause has exactly one of table", "Keep one: 'table' with 'measure', or 'rate: 5 %' with 'of: fee', or 'amount: 100.00 EUR'."),
    ("'per' and 'part_steps' go together", "Write both, as in 'per: 1 day' with 'part_steps: counted'."),
    ("'per' goes with 'rate'", "Write 'rate: 250.00 EUR' beside 'per: 1 day', or leave 'per' out."),
    ("does not use a 'measure'", "Leave 'measure' out; what decides whether the clause applies is written in 'only_if'."),
    ("needs a 'measure'", "Add the measure it is read at, as in 'measure: availability'."),
    ("'by' names the words", "Write 'by: priority' with rows like 'P1: 800.00 EUR' under 'table', or leave 'by' out."),
    ("'minimum' and 'stretch' need", "Add what was promised, as in 'expected: 99 % or more'."),
    ("limits a rate", "Limit the amount instead, as in 'at_most: 5000.00 EUR'."),
    ("'amount' is money already", "Leave 'of' out, or write 'rate: 5 %' with 'of: fee' instead of 'amount'."),
    ("'expected' is a level", "Add 'measure', or leave 'expected' out."),
    ("does not go with 'sum_of_rates_at_most'", "Take it out, and limit the amount with a clause of the kind 'cap'."),
    ("'applies_to: each further failure'", "Write both, as in 'applies_to: each further failure' with 'in_order_of: began'."),
    ("a smallest amount has one of", "Write 'issued_only: 10.00 EUR or more', or 'raised_to: 10.00 EUR'."),
    # prices
    ("a clause with a price has exactly one", "Keep one: 'price: 2.40 EUR per call', or 'slices', or 'table'."),
    ("'counted_over' is about 'slices'", "Leave 'counted_over' out, or write the prices as 'slices'."),
    ("with 'counted_over' a flat fee", "Take ', plus … once reached' out of the slices, and write it as a clause of its own."),
    ("a commitment has exactly one", "Keep one, as in 'price_of_shortfall: 2.00 EUR per ticket'."),
    ("'part_period' goes with", "Leave 'part_period' out, or write 'in_each: period'."),
    ("'part_outcomes' goes with", "Write both, as in 'attributed: 80 %' with 'part_outcomes: ignored'."),
    ("'one_outcome' (as in", "Write 'one_outcome: 1 claim' with 'part_outcomes: ignored', or leave it out."),
    ("a rate card is 'for_each'", "Write 'for_each: role' for a scope, or 'for_each: time_sheets' with 'role: role' for a list."),
    ("'ends_of_deadband' (inside", "Write 'charged_on: full difference' with 'ends_of_deadband: inside'."),
    ("an indexation says either 'round_ratio'", "Keep one, as in 'round_change: half up to 0.01 %'."),
    ("an indexation follows either", "Keep one, as in 'index: wages'."),
    ("'basket' goes with", "Write all, as in 'fixed_part: 20 %' and 'round_each_ratio: unrounded' beside 'basket'."),
    ("say either 'days'", "Write 'days: paid_late', or 'due_on: due', 'paid_on: paid' and 'days_counted: after the due day'."),
    ("are counted between 'due_on'", "Write 'due_on' and 'paid_on' instead of 'days', or 'year: 365 days'."),
    ("is known between 'due_on'", "Write 'due_on' and 'paid_on' instead of 'days', or 'year: 365 days'."),
    ("'counted: until cleared'", "Write both, as in 'counted: until cleared' with 'cleared_after: \"3\"'."),
    ("'rate_of: each day' goes with", "Write 'due_on' and 'paid_on', and leave 'compounded_every' out."),
    ("'compounded_every' counts days", "Write 'year: 365 days' or 'year: 360 days'."),
    ("write 'round_daily: unrounded'", "Write 'round_daily: unrounded'."),
    ("a day has two prices", "Write 'round_daily: unrounded'."),
    ("is not the same every day", "Write 'round_daily: unrounded'."),
    ("a day has no one interest", "Write 'round_daily: unrounded'."),
    ("counts days by a 'year'", "Write 'year: 365 days' or 'year: 360 days' beside 'compounded_every'."),
    ("'rate_of: each day' goes with", "Write 'due_on' and 'paid_on' instead of 'days', and leave 'compounded_every' out."),
    ("a gain share has either", "Keep one: 'share: 50 %', or 'shares' with rows like '80 % to under 100 %: 50 %'."),
    (
        "'minimum_saving' is about savings only",
        "Write it, as in 'minimum_overrun: 2 % of target', or 'minimum_overrun: none' (they are shared from the first on).",
    ),
    (
        "'minimum_overrun', 'minimum_counts'",
        "Write all three, as in 'minimum_overrun: 2 % of target', 'minimum_counts: when reached', 'once_reached: excess only'.",
    ),
    ("'minimum_overrun' is about overruns", "Leave it out, or write 'overruns: shared'."),
    (
        "'minimum_saving', 'minimum_counts'",
        "Write all three, as in 'minimum_saving: 2 % of target', 'minimum_counts: when reached', 'once_reached: excess only'.",
    ),
    # limits, holding, returning
    ("'shared: in order' and 'order'", "Write both, as in 'shared: in order' with 'order: [kept_first, kept_next]'."),
    ("is about what is carried", "Leave it out, or write 'excess: carried'."),
    ("the order decides what lapses", "Add 'paid_first: oldest' or 'paid_first: newest'."),
    ("with the term a contract year ends", "Leave out 'at_end_of_term'."),
    ("say when what is carried lapses", "Add 'lapses_after: 6 months'."),
    ("'below: carried' and 'at_end_of_term'", "Write both, as in 'below: carried' with 'at_end_of_term: paid'."),
    ("what is carried is compared", "Write 'compared: after caps'."),
    ("a share of everything kept is released once", "Write 'of: balance', or 'times: once'."),
    ("'share: rest' is all there is", "Leave it out where 'share' is 'rest'."),
    ("a share needs", "Add it, as in 'of: balance' with 'remainder: stays held'."),
    ("'returns' and 'within' go together", "Write both, as in 'returns: reach_bonus' with 'within: 6 months'."),
    ("a claw-back that 'returns'", "Leave out 'of', 'amount' and 'counts_toward', or leave out 'returns' and 'within'."),
    ("an earn-back has 'share' and 'after'", "Write 'share: 100 %' with 'after: 3 months', or 'stages'."),
    ("'chronic_above' and 'chronic_window'", 'Write both, as in \'chronic_above: "2"\' with \'chronic_window: last 12 months\'.'),
    ("a step of an account", "Write one thing in each step, as in '- less: 500.00 EUR' with its 'round'."),
    # counting
    ("'periods' and 'of_last' go together", "Write both: 'periods: 5' with 'of_last: 12 months'."),
    ("a count is of periods in a row", "Keep 'periods_in_a_row: 3', or 'periods: 5' with 'of_last: 12 months'."),
    ("a consequence has 'when'", "Write 'when: …', or 'any_of' with a name and a 'when' for each trigger."),
    ("each trigger says how often", "Add 'periods_in_a_row: 3' to the trigger, or 'periods: 5' with 'of_last: 12 months'."),
    ("a consequence that counts", "Add it, as in 'no_data: does not count' with 'afterwards: goes on'."),
    ("a consequence that does not count", "Leave it out, or add 'periods_in_a_row: 3'."),
    (
        "a period can be left out only of a count",
        "Write 'no_data: does not count' (it does not happen) or 'no_data: counts as failed' (it happens).",
    ),
    ("each trigger says what a period without data is", "Write it in the trigger, as in 'no_data: does not count'."),
    ("a ratchet has 'measure'", "Write 'measure: availability' with 'follows: highest', or 'moves_by' and what belongs to it."),
    ("service points have a table", "Keep one: 'table' with 'measure', or 'points: 2 points'."),
    ("'table' and 'measure' go together", "Write both, as in 'measure: availability' with 'table'."),
    ("'added_up: until reset'", "Write 'added_up: until reset' with 'reset_at: 10 points', or with 'cleared_after: \"3\"'."),
    ("'missing: reweight' goes with", "Write all, as in 'missing: reweight', 'needs_at_least: 1', 'with_fewer: not scored'."),
    ("'needs_at_least' asks for", "Ask for as many scores as there are weights, or for fewer."),
    ("'take: elected' goes with", "Write all, as in 'take: elected', 'elected_by: choice', 'not_elected: larger set'."),
    ("'if_equal' names every set once", "Write the names of all sets, the preferred one first, as in 'if_equal: [a, b]'."),
    ("is in the sets twice", "Leave it in one of the sets."),
    # measures and figures
    ("'minimum_sample' and 'below_sample'", "Write both, as in 'minimum_sample: 30' with 'below_sample: not scored'."),
    ("'minimum_sample' goes with", "Leave it out, or put it into the measures that the formula is made of."),
    ("a measure has one origin", "Keep one of them; the other can be a measure of its own."),
    ("'reading' goes with", "Leave it out, or write 'worst_of: readings' beside it."),
    ("goes with 'percentile_of'", "Leave it out, or write 'percentile_of: calls' with 'reading: minutes'."),
    ("'percentile_of' needs 'reading'", "Add what is read, as in 'reading: minutes'."),
    ("'percentile_of' needs 'percentile'", "Add which one, as in 'percentile: 95th percentile (nearest rank)'."),
    ("'counting_only' goes with", "Leave it out, or write 'share_of: tickets' with 'that_are: in_time'."),
    ("the worst reading needs a direction", "Write 'direction: higher is better' or 'direction: lower is better'."),
    ("how far a reading lies outside", "Write 'direction: lower is better'."),
    ("'elected_by' and 'needs_evidence'", "Write both, as in 'elected_by: Provider' with 'needs_evidence: \"yes\"'."),
    ("a choice is reported", "Leave out 'elected_by' and 'needs_evidence', or what the measure is computed from."),
    ("goes with 'share_of'", "Leave it out, or write 'share_of: tickets' with 'that_are: in_time'."),
    ("goes with 'worst_of'", "Leave it out, or write 'worst_of: readings' with 'reading: value'."),
    ("'share_of' needs", "Add which items count, as in 'that_are: in_time'."),
    ("'worst_of' needs", "Add what is read, as in 'reading: temperature'."),
    ("a figure has exactly one of", "Keep one: 'formula: fee * 12', or 'table' with 'measure'."),
    ("of a figure is read at its 'measure'", "Add 'measure' beside 'table', 'slices' or 'line'; a 'formula' has none."),
)  # fmt: skip
"""A part of what a rule says, and what to write instead. The first that is found holds."""

FORMS: Final[Mapping[str, str]] = {
    "string_type": "Write one text after the colon, as in '{field}: …'; if it holds ': ' or '#', put it in quotes.",
    "string_too_short": "Write a value after the colon, or leave the field out.",
    "string_too_long": "Shorten it.",
    "string_pattern_mismatch": "Write a whole number without a unit, as in '{field}: 3'.",
    "dict_type": "Write one line for each entry below it, with its name, a colon and its value.",
    "model_type": "Write its fields below it, one on each line, with a name, a colon and a value.",
    "model_attributes_type": "Write its fields below it, one on each line, with a name, a colon and a value.",
    "tuple_type": "Write a list, as in '{field}: [first, second]'.",
    "too_short": "Write at least one entry below it.",
}
"""By the kind of mistake in the form of a value, how the form is written."""

TABLES: Final = ("table", "slices", "line", "shares")
ROWS: Final = "Write each row on its own line with what it gives, as in '95 % or more: none' and 'under 95 %: 5 %'."


def rule_step(message: str, field: str) -> str:
    """The next step for a rule that was broken."""
    for part, step in RULES:
        if part in message:
            return step
    return f"Change {field!r} so that this holds; docs/language.md has an example of each kind of clause."


def form_step(kind: str, field: str) -> str:
    """The next step for a value in the wrong form (a text, a list, a map)."""
    if field in TABLES and kind in ("dict_type", "string_type"):
        return ROWS
    return FORMS.get(kind, "Write '{field}: …' in the form that docs/reference.md gives.").format(field=field)


CONTRACT: Final[Mapping[str, str]] = {
    "BPO141": "Write 'clauses:' and under it a list, as in '- base_fee: fee' with its fields below.",
    "BPO142": "Split the contract into several.",
    "BPO143": "Open it with its kind and its name, as in '- bonus: reach_bonus'.",
    "BPO153": "Use fewer scopes, or fewer values in them.",
    "BPO154": "Round to the smallest amount or a multiple of it, as in 'half up to 0.01 EUR'.",
    "BPO234": "Write the precision in the unit of the measure, as in 'half up to 0.01 %' for a percentage.",
    "BPO235": "Say how it is rounded, as in 'half up to 0.01 EUR'.",
    "BPO236": "Use a unit as in '%', 'minutes', 'EUR', 'calls' or 'EUR per call'.",
    "BPO237": "Declare it under 'scopes' ('site: [north, south]') or 'lists', or name one that is there.",
    "BPO238": "Write the day as 2026-01-01 or the month as 2026-01.",
    "BPO239": "Give each lot one row with its name; 'any' stands for all that are not named.",
    "BPO251": "Name a clause that pays, or write 'counts_toward' with this total in the clauses it is to limit.",
    "BPO252": "Put one limit around all clauses of the other, or list the clauses of each apart.",
    "BPO253": "Write the same 'for_each' in the limit and in its clauses, or in neither.",
    "BPO254": "Name each clause under the limit once, the one that is kept first coming first.",
    "BPO255": "Write 'last 12 months', 'this contract year' or 'the whole contract'.",
    "BPO256": "Write a whole number of the contract's periods, as in '3 months' or '2 periods'.",
    "BPO257": "Write one, as in '50 %'.",
    "BPO259": "Write 'excess: lost', or make the limit one of credits alone or of bonuses alone.",
    "BPO263": "Add 'excused: counted' or 'excused: not counted'.",
    "BPO264": "Keep the smallest amount at one level: of each item, or of the sum.",
    "BPO265": "Add 'for_each' with the name of a list, or leave the field out.",
    "BPO266": "Name service credits, damages or tariffs that are not in another set.",
    "BPO267": "Make all of the clauses 'for_each' of the same list, or none of them.",
    "BPO270": "Give the line two points or more, as in '95 %: 0 %' and '99 %: 5 %'.",
    "BPO271": "Write a size above zero, as in 'per: 30 minutes'.",
    "BPO272": "Write all levels with 'or more', or all with 'or less'.",
    "BPO273": "Write it as '95 % or more' or '5 % or less'.",
    "BPO278": "Split the clause, or let what is carried lapse earlier, as in 'lapses_after: 12 months'.",
    "BPO279": "Name one of the columns of the list, or declare it under 'columns'.",
    "BPO280": "Write one word for each name in 'by', with commas, as in 'P1, Madrid'; 'any' stands for every word.",
    "BPO281": "Lower the shares so that they come to 100 % at most, or release the 'rest' in the last one.",
    "BPO282": "Give each stage its own age, as in 'after: 2 months' and 'after: 4 months'.",
    "BPO283": "Lower the shares so that they come to 100 % at most.",
    "BPO284": "Name a clause of the contract that pays something of that kind.",
    "BPO286": "Name a list that is there, or declare it under 'lists'.",
    "BPO287": "Write both ends, as in '2 to 8'.",
    "BPO288": "Rename the column or the other thing, as in 'ticket_fee'.",
}
"""By the code of a finding, what to write instead."""


def code_step(code: str) -> str:
    """The next step of a finding that has one cure, whatever the values in it."""
    return CONTRACT.get(code, "Change what this sentence names.")


EXAMPLES: Final[Mapping[str, str]] = {
    "after": "3 months",
    "allocation": "100 %",
    "at_most": "5000.00 EUR",
    "at_risk": "12 % of fee",
    "amount": "8500.00 EUR",
    "baseline": "10000 calls",
    "client": "Alder Foods plc",
    "columns": "{length: minutes}",
    "contract": "help-desk",
    "currency": "EUR",
    "ends_on": "2026-12-31",
    "full_time": "160 hours",
    "happens": "The Client may terminate.",
    "keep": "5 % of fee",
    "limits": "[late_credit, outage_credit]",
    "lines": "half up to 0.01 EUR",
    "measure": "availability",
    "minimum": "3000 tickets",
    "opening": "10000.00 EUR",
    "precision": "half up to 0.01 %",
    "price": "2.40 EUR per call",
    "provider": "Birch Services Ltd",
    "rate": "5 %",
    "release": "{accepted: {when: accepted, share: rest, times: once}}",
    "returns": "late_credit",
    "round": "half up to 0.01 EUR",
    "rounding": "{lines: half up to 0.01 EUR}",
    "share": "50 %",
    "source": "Consumer price index, as published",
    "starts_on": "2026-01-01",
    "target": "90000.00 EUR",
    "term": "{starts_on: 2026-01-01, ends_on: 2026-12-31}",
    "title": "Help desk",
    "unit": "calls",
    "version": '"1"',
    "when": "availability is under 98 %",
    "words": "the clause, word for word",
}
"""By field, one value it can have."""


def missing_step(field: str) -> str:
    """How a field that is missing is written."""
    if field == "clause":
        return "Add the number of the clause in the contract, as in 'clause: \"4.1\"'."
    return f"Add it, as in '{field}: {EXAMPLES[field]}'." if field in EXAMPLES else f"Add '{field}: …'."
