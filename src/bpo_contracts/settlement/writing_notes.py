"""What a figure noted, as the trail says it: ``2026-04: 1549.85; 2026-05: 0.00``.

The earlier values that a step used, oldest first, each exact and in the unit of the step; where it is another unit, that is
said. A step that looks back at several things says of each value what it is: ``cost in 2026-04: 12; calls in 2026-04: 3``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, cast

from bpo_contracts.settlement.writing_texts import amount_text, value_text
from bpo_contracts.terms.evaluate import Looked, Pair
from bpo_contracts.terms.nodes import AnyNode, Earlier, Fold, Window, all_in
from bpo_contracts.values.units import ANY_ZERO, Unit

PERIODS_MAX: Final = 60
"""How many earlier periods one look back lists; the others are counted."""


def notes_something(node: AnyNode | None) -> bool:
    """Whether the trail may have a note of how the value was found: percentiles, medians, earlier periods."""
    return node is not None and any(map(_notes_something, all_in(node)))


def _notes_something(node: AnyNode) -> bool:
    if isinstance(node, Fold):
        return node.rank is not None or isinstance(node.over, Window)
    return isinstance(node, Earlier)


def noted(notes: Iterable[str | Looked | None], unit: Unit, digits: int) -> str:
    """The notes of a step in words, each once; ``unit`` is that of the step, ``digits`` those of amounts."""
    given = list(notes)
    looks = {(one.says, one.item) for one in given if isinstance(one, Looked)}
    left_out = given.count(None)
    several = len(looks) > 1 or left_out > 0
    said = [_looked(one, unit, digits, named=several) if isinstance(one, Looked) else one for one in given]
    texts = dict.fromkeys(one for one in said if one)
    return "; ".join([*texts, *([f"… and {left_out} more"] if left_out else [])])


def _looked(look: Looked, unit: Unit, digits: int, *, named: bool) -> str:
    own = unit if look.unit in (unit, ANY_ZERO) else look.unit
    differs = own.kind == "number" and own != unit and not own.is_plain
    after = f" {own.shown or own}" if differs else ""
    what = f"{look.says} ({look.item})" if look.item else look.says
    before = f"{what} in " if named else ""
    listed = [f"{before}{period}: {_value(value, own, digits)}{after}" for period, value in look.values[:PERIODS_MAX]]
    more = len(look.values) - PERIODS_MAX
    return "; ".join([*listed, *([f"… and {more} more"] if more > 0 else [])])


def _value(value: object, unit: Unit, digits: int) -> str:
    if isinstance(value, Exception):
        return "no value"
    return amount_text(cast(Pair, value), digits) if unit.is_money else value_text(value, unit)
