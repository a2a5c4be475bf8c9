"""What an amendment cannot change, because earlier settlements rest on it, and the days on which a term can still be changed.

Earlier periods stay settled: whose contract they are of, how long they are and when the first of them began is theirs. A
renewal makes the term longer; a contract with other periods is another contract.
"""

from __future__ import annotations

from collections.abc import Iterator

from bpo_contracts.contract.contract import Contract
from bpo_contracts.values.findings import Finding


def not_amendable(contract: Contract, index: int, before: Contract, after: Contract) -> Iterator[Finding]:
    """BPO138 for what the amendment ``index`` may not do to the version ``before`` it."""
    amendment = contract.amendments[index]
    effective_on = amendment.effective_on
    fixed = (
        ("contract", before.contract, after.contract),
        ("period", before.period, after.period),
        ("period_starts_on_day", before.anchor_day, after.anchor_day),
        ("term/starts_on", before.term.starts_on, after.term.starts_on),
    )
    problems = [
        (path, f"{path!r} is {was} in every earlier settlement, and an amendment cannot make it {now}.", _NEW)
        for path, was, now in fixed
        if was != now
    ]
    last = before.last_period
    if not problems and last.end < effective_on:
        problem = f"The term ended on {before.term.ends_on}, before this amendment takes effect on {effective_on}."
        problems.append(("term/ends_on", problem, f"Let it take effect on {last.end} at the latest."))
    elif not problems and after.term.ends_on < effective_on:
        problem = f"The term would end on {after.term.ends_on}, before this amendment takes effect on {effective_on}."
        step = "Let it take effect in the last period that the term is to have, or before: what is due at the end is due there."
        problems.append(("term/ends_on", problem, step))
    for path, problem, step in problems:
        place = contract.change_place(index, amendment.about(path) or amendment.about(path.partition("/")[0]))
        yield Finding("BPO138", "not-amendable", place, problem, step)


_NEW = "Write a new contract for that, or, for a renewal, make the term longer ('term/ends_on')."
