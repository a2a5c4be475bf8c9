"""What each member of a total keeps when the total is limited."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import chain
from math import lcm
from typing import Any, cast

from bpo_contracts.terms import nodes as n
from bpo_contracts.terms.evaluate.aggregates import Aggregates
from bpo_contracts.terms.evaluate.arithmetic import total
from bpo_contracts.terms.evaluate.frame import (
    Absent,
    Frame,
    Pair,
    Run,
    Value,
)
from bpo_contracts.terms.items import level_of
from bpo_contracts.values.money import allocate_units


class Compiler(Aggregates):
    """Allocates limits, and with that knows every node."""

    def _allocate(self, node: n.Allocate) -> Run:
        limited = self.number(node.limited)
        members = [self._member(member) for member in node.members]
        in_order, to_the_grain, grain = node.how == "in order", node.how == "to the grain", node.grain

        def allocated(frame: Frame) -> Value:
            groups = [member(frame) for member in members]
            pairs = [*chain.from_iterable(groups)]
            if to_the_grain:
                kept = to_grains(pairs, limited(frame), grain)
            else:
                kept = what_is_kept(pairs, limited(frame), grain, in_order=in_order)
            result, start = [], 0
            for group in groups:
                result.append(kept[start : start + len(group)])
                start += len(group)
            return cast(Value, result)  # a value of its own kind, read only by ``Kept``

        return allocated

    def _member(self, member: n.Name) -> Callable[[Frame], list[Pair]]:
        full = self._names.find(member.name, (*self._inside, "*"))
        per = self._names.per(full)
        slot = self._slots[full]
        if per and level_of(self._inside, per) >= 0:
            index = self._index(per)
            return lambda frame: [_present(frame.values[slot][index(frame)])]
        if per:
            return lambda frame: [_present(value) for value in frame.values[slot]]
        return lambda frame: [_present(frame.values[slot])]

    def _kept(self, node: n.Kept) -> Run:
        allocation = self._program.figure(self._names.find(node.allocation, (*self._inside, "*")))
        if not isinstance(allocation.node, n.Allocate):
            raise AssertionError("'Kept' reads an allocation")
        index = [member.name for member in allocation.node.members].index(node.member)
        read = cast("Callable[[Frame], list[list[Pair]]]", self._name(n.Name(allocation.name)))
        member_per = self._names.per(self._names.find(node.member, (*self._inside, "*")))
        if not member_per or level_of([allocation.per], member_per) >= 0:
            return lambda frame: read(frame)[index][0]
        item = self._index(member_per)
        return lambda frame: read(frame)[index][item(frame)]


def _present(value: Any) -> Pair:
    if isinstance(value, Absent):
        raise value.fail()
    return cast(Pair, value)


def what_is_kept(members: list[Pair], limited: Pair, grain: Fraction, *, in_order: bool) -> list[Pair]:
    """What each member keeps: the sum of what is kept is the limited amount, nobody changes sign."""
    given = total(members)
    if given[0] * limited[1] == limited[0] * given[1]:
        return members
    # From here on in whole numbers of the smallest unit that all amounts are multiples of.
    unit = lcm(limited[1], grain.denominator, *(denominator for _, denominator in members))
    amounts = [numerator * (unit // denominator) for numerator, denominator in members]
    cut = sum(amounts) - limited[0] * (unit // limited[1])
    size, sign = abs(cut), 1 if cut > 0 else -1
    bearing = [max(0, sign * amount) for amount in amounts]
    if sum(bearing) < size:
        raise AssertionError("a limit never cuts more than there is: its ends lie on either side of zero")
    # Of equal members the first keeps the cent that is left: the last is cut by it.
    cuts = _from_the_last(bearing, size) if in_order else _in_proportion(bearing[::-1], size, int(grain * unit))[::-1]
    return [(amount - sign * one, unit) for amount, one in zip(amounts, cuts, strict=True)]


def to_grains(members: list[Pair], rounded: Pair, grain: Fraction) -> list[Pair]:
    """Each member in whole grains, so that they sum to their rounded sum.

    Each is brought down to the grain; the grains that are left go to those from which most was taken away, the first
    named of equal ones first.
    """
    numerator, denominator = grain.numerator, grain.denominator
    grains = [one * denominator // (per * numerator) for one, per in members]
    taken = [Fraction(one, per) - whole * grain for (one, per), whole in zip(members, grains, strict=True)]
    left = rounded[0] * denominator // (rounded[1] * numerator) - sum(grains)
    for index in sorted(range(len(members)), key=lambda index: (-taken[index], index))[:left]:
        grains[index] += 1
    return [(whole * numerator, denominator) for whole in grains]


def _in_proportion(bearing: list[int], size: int, grain: int) -> list[int]:
    """Shares of the cut to the grain.

    A member that is finer than the grain is never cut by more than there is of it: what is over falls on the first of
    the others that have room for it.
    """
    cuts = allocate_units(size, bearing, grain)
    over = sum(cut - amount for cut, amount in zip(cuts, bearing, strict=True) if cut > amount)
    if not over:
        return cuts
    cuts = [min(cut, amount) for cut, amount in zip(cuts, bearing, strict=True)]
    for index, amount in enumerate(bearing):
        more = min(over, amount - cuts[index])
        cuts[index] += more
        over -= more
    return cuts


def _from_the_last(bearing: list[int], size: int) -> list[int]:
    cuts = [0] * len(bearing)
    for index in range(len(bearing) - 1, -1, -1):
        cuts[index] = min(size, bearing[index])
        size -= cuts[index]
    return cuts
