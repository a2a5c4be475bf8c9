"""Does an aggregate over periods mix what was there before an amendment with what the amendment brings in?

Of a period before it the one has a value and the other has none: neither half of them is what was agreed. Two aggregates
say it: one of what was there, one of what is new and begins with the amendment. Agreed values (parameters) are no such
mixture: an earlier period has the value that is agreed for it now.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from bpo_contracts.contract.contract import Contract
from bpo_contracts.contract.references import referred
from bpo_contracts.terms import nodes as n
from bpo_contracts.terms.items import dimensions
from bpo_contracts.values.findings import Finding

if TYPE_CHECKING:
    from bpo_contracts.contract.lowering import Terms


def old_and_new(signed: Contract, index: int, before: Sequence[Terms], after: Terms) -> Iterator[Finding]:
    """BPO162 for each window of the version ``after`` the amendment ``index`` over what one of the versions ``before`` has and
    over what it has not."""
    for figure in after.program.figures:
        windows = [one for one in n.all_in(figure.node) if n.window_of(one)] if figure.node is not None else []
        for window in windows:
            looked_at = [name for part in n.children(window) for name in referred(after, figure, part, answered=False)]
            for version in before:
                new = sorted({name for name in looked_at if begins(name, version, after)})
                old = sorted({*looked_at} - {*new} - after.program.agreed)
                if new and old:
                    yield _mixed(signed, index, figure, old[0], new[0])
                    return


def begins(figure: str, before: Terms, after: Terms) -> bool:
    """Whether a figure of ``after`` was no part of ``before``, and is not agreed for earlier periods as it is now."""
    program = after.program
    if figure not in program.slots or figure in program.agreed:
        return False
    return figure not in before.program.slots or before.program.figure(figure).per != program.figure(figure).per


def new_lots(figure: str, before: Terms, after: Terms) -> list[str]:
    """The lots of a figure that there were not before."""
    had, has = before.contract.scopes, after.contract.scopes
    scopes = dimensions(after.program.figure(figure).per)
    return [lot for scope in scopes for lot in has.get(scope, ()) if lot not in had.get(scope, (lot,))]


def _mixed(signed: Contract, index: int, figure: n.Figure, old: str, new: str) -> Finding:
    amendment = signed.amendments[index]
    owner = figure.name.partition(".")[0]
    place = signed.change_place(index, amendment.about(f"clauses/{owner}", f"figures/{owner}")[-1:])
    problem = (
        f"{figure.name!r} adds up {old!r} and {new!r} over periods, and before {amendment.effective_on} there is no {new!r}:"
        f" the window would lose what {old!r} was."
    )
    step = f"Say what holds before, as in '({new} or else 0 calls)'; or aggregate {old!r} and {new!r} each alone, and add that."
    return Finding("BPO162", "old-and-new-in-a-window", place, problem, step)
