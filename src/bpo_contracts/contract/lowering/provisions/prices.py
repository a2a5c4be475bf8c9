"""Prices: of a word or a lot, of a quantity that is counted over periods, and whether a price is a percentage."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Final

from bpo_contracts.contract.fields import CountedOver
from bpo_contracts.contract.lowering.at_hand import AtHand
from bpo_contracts.terms import nodes as n
from bpo_contracts.terms.nodes import ZERO
from bpo_contracts.terms.units import UnitReader
from bpo_contracts.values.units import ANY_ZERO, PERCENT, PLAIN, Unit

_NAMES_DEEP: Final = 40
"""How many names in a row are followed to learn whether a price is a percentage."""


def slices_so_far(into: AtHand, field_name: str, quantity: n.AnyNode, counted_over: CountedOver) -> n.Curve:
    """The slices that the quantity of this period fills, after those that earlier periods have filled.

    ``x.before`` is what earlier periods of the window had, ``x.so_far`` that with this period's.
    """
    place = into.place("counted_over")
    if into.per_of(into.here) in into.contract.lists:
        problem = "'counted_over' adds up a quantity over periods, and the clause is about the items of a list."
        step = "Sum the list in a measure or figure, and read the slices at that."
        into.problem("BPO134", "counted-over-items", place, problem, step)
    window = into.window(counted_over, "counted_over", with_this=False)
    into.figure("before", n.Fold("sum", quantity, window, none_found=ZERO, source=place), "quantity before")
    into.figure("so_far", n.Arithmetic("+", into.name("before"), quantity, source=place), "quantity so far")
    curve = into.slices(field_name, quantity, within=(Fraction(0), None))
    return replace(curve, at=into.name("so_far"), start=into.name("before"))


def price_list(into: AtHand, field_name: str, key: n.AnyNode | None) -> n.AnyNode:
    """The price for a word: of the lot at hand (its own row, or ``any``), or of the word in ``key``."""
    table, path = getattr(into.here, field_name), into.at(field_name)
    if key is None:
        return into.words.for_lots(table, path, into.for_each, into.per_of(into.here))
    entries = tuple((word, into.formulas.gives(text, (*path, word))) for word, text in sorted(table.items()))
    return n.LookUp(key, entries, source=into.contract.key_place(path))


def is_share(into: AtHand, price: n.AnyNode) -> bool:
    """Whether a price is a percentage, by its own words or by those of what it names (as far as that is lowered)."""
    units, figures = into.collected.units, into.collected.figures
    found: dict[str, Unit] = {}
    following: list[str] = []

    def unit_of(reference: n.Name | n.Earlier | n.Kept, inside: tuple[str, ...]) -> Unit:
        name = reference.member if isinstance(reference, n.Kept) else reference.name
        columns = [f"{per}.{name}" for per in inside]
        known = next((units[one] for one in (*columns, name) if one in units), found.get(name))
        figure = next((one for one in figures if one.name == name and one.node is not None), None)
        if known is None and figure is not None and figure.node is not None and len(following) < _NAMES_DEEP:
            found[name] = PLAIN  # for a circle, which is refused later
            following.append(name)
            known = found[name] = UnitReader(unit_of).read(figure.node, (figure.per,) if figure.per else ())
            following.pop()
        return known or PLAIN

    reader = UnitReader(unit_of)
    unit = reader.read(price, tuple(into.for_each))
    nothing = isinstance(price, n.Quantity) and unit == ANY_ZERO
    return not reader.findings and (unit == PERCENT or nothing)
