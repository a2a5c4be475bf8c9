"""What a clause pays, as an invoice line: prices, gates and excuses, rounding, the lots or items together."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any, Final

from bpo_contracts.contract.clauses.base import Family, GatedClause
from bpo_contracts.contract.fields import CountedOver
from bpo_contracts.contract.lowering.at_hand import AtHand
from bpo_contracts.contract.lowering.provisions.items import item_list, smallest, sum_of_items
from bpo_contracts.contract.lowering.results import Line, excuse_question, gate_question, sign_of, subject_question
from bpo_contracts.terms import nodes as n
from bpo_contracts.terms.nodes import ZERO
from bpo_contracts.terms.units import UnitReader
from bpo_contracts.values.rounding import Rounding
from bpo_contracts.values.units import ANY_ZERO, PERCENT, PLAIN, Unit

_NAMES_DEEP: Final = 40
"""How many names in a row are followed to learn whether a price is a percentage."""


def settle_line(into: AtHand, clause: Any, amount: n.AnyNode, *, per: str | None = None) -> None:
    """Ends a clause that pays: gates, rounding, and the total it counts toward.

    ``per`` is given by clauses about items that have added them up, gates and all, before the amount.
    """
    settled = per is not None
    per = into.per_of(clause) if per is None else per
    into.figure("amount", amount, "exact amount", per=per)
    place = into.opening()
    paid = into.name("amount") if settled else gated(into, clause, into.name("amount"))
    rounding = into.line_rounding(clause.round)
    of_items = per in into.contract.lists
    small = getattr(clause, "smallest", None) is not None
    gate = into.full_name("due") if small else ""
    _items_are_said(into, clause, of_items=of_items or settled)
    if of_items:
        each = smallest(into, clause, paid, rounding, "each item", per)
        by_item = clause.rounded != "the sum"
        into.figure("each", n.Round(each, rounding, source=place) if by_item else each, "amount for the item")
        total = sum_of_items(into, clause, per)
        total = smallest(into, clause, total, rounding, "the sum", "")
        rounded = total if by_item and not small else n.Round(total, rounding, source=place)
        into.figure("gross", rounded, "amount before limits", per="")
        per = ""
    else:
        paid = smallest(into, clause, n.OrElse(paid, ZERO, source=place), rounding, "the sum", per)
        if per and clause.rounded == "the sum":
            rounded = _lots_that_sum(into, clause, paid, rounding, per)
            gate = into.full_name("share")
        else:
            rounded = n.Round(paid, rounding, source=place)
        into.figure("gross", rounded, "amount before limits", per=per)
    _line(into, clause, per, of_items=of_items or settled, gate=gate)


def _lots_that_sum(into: AtHand, clause: Any, paid: n.AnyNode, rounding: Rounding, per: str) -> n.AnyNode:
    """The lots of a clause in cents, so that they sum to their rounded sum: no cent is lost and none is added."""
    place = into.place("rounded")
    if getattr(clause, "smallest", None) is not None:
        problem = "'smallest' is about one line, and here the lines of all lots are rounded together."
        into.problem("BPO264", "smallest-not-possible", place, problem, "Leave out one of the two.")
    into.figure("share", paid, "exact share", per=per)
    total = n.Fold("sum", into.name("share"), per, source=place)
    into.figure("sum", n.Round(total, rounding, source=place), "rounded sum", per="")
    shares = n.Allocate((into.name("share"),), into.name("sum"), "to the grain", rounding.grain, source=place)
    into.figure("shares", shares, "shares", per="")
    return n.Kept(into.full_name("shares"), into.full_name("share"), source=place)


def _line(into: AtHand, clause: Any, per: str, *, of_items: bool, gate: str) -> None:
    """The invoice line of the clause at hand, and the total it counts toward."""
    family: Family = clause.family
    rates = [table.figure for table in into.collected.tables if table.figure == into.full_name("rate")]
    level = into.full_name("level") if getattr(clause, "expected", None) else ""
    sign = sign_of(family)
    gross = into.full_name("gross")
    if of_items:
        into.collected.lines.append(Line(clause, gross, clause.name, sign, family, "", gross))
    else:
        own = into.full_name("amount")
        rate = rates[0] if rates else ""
        into.collected.lines.append(Line(clause, gross, clause.name, sign, family, per, own, rate, level, gate))
    total = getattr(clause, "counts_toward", None)
    if total is not None:
        into.collected.group(total).members.append(clause)


def _items_are_said(into: AtHand, clause: Any, *, of_items: bool) -> None:
    """A clause about a list says whether its items are rounded one by one, and which of its amounts may be small; no
    other clause says anything about items."""
    small = getattr(clause, "smallest", None)
    if not of_items:
        lots_together = clause.rounded == "the sum" and clause.for_each
        said = ["rounded"] if clause.rounded is not None and not lots_together else []
        said += ["only_the_highest_per"] if getattr(clause, "only_the_highest_per", ()) else []
        said += ["smallest"] if small is not None and small.of is not None else []
        for field in said:
            _needs_a_list(into, clause, field)
        return
    if getattr(clause, "sum_of_rates_at_most", None) is not None:
        return
    if clause.rounded is None:
        problem = "The clause is about the items of a list, and nothing says whether each of them is rounded."
        step = "Add 'rounded: each item' or 'rounded: the sum'."
        into.problem("BPO275", "rounding-of-items-not-said", into.opening(), problem, step)
    if small is not None and small.of is None:
        problem = "The clause is about the items of a list, and nothing says which amount may be too small."
        step = "Add 'of: each item' or 'of: the sum' to 'smallest'."
        into.problem("BPO275", "rounding-of-items-not-said", into.place("smallest"), problem, step)


def _needs_a_list(into: AtHand, clause: Any, field: str) -> None:
    """A word about items in a clause that is about none: lots are no items, each has a line of its own."""
    place, problem, step = into.place(field), f"{field!r} is about the items of a list", f"Leave {field!r} out"
    if field == "smallest":
        place, problem, step = into.place(field, "of"), "'of' is about the items of a list", "Leave 'of' out"
    if not clause.for_each:
        problem = f"{problem}, and the clause has no 'for_each' with a list."
        step = f"{step}, or add 'for_each' with a list."
    else:
        lots = ", ".join(clause.for_each)
        problem = f"{problem}, and this clause is for each {lots}, where every lot has a line of its own."
        step = f"{step}: each line is rounded, and compared with 'smallest', by itself."
        if field == "rounded":
            step = "Leave 'rounded' out to round each line by itself, or write 'rounded: the sum'."
            step = f"{step} 'rounded: the sum' makes the lines sum to their rounded sum."
    into.problem("BPO265", "needs-a-list", place, problem, step)


def settle_rates(into: AtHand, clause: Any, rate: n.AnyNode) -> None:
    """A clause whose rates are added up over its items and limited before they meet the base."""
    place = into.place("sum_of_rates_at_most")
    over = item_list(into, "sum_of_rates_at_most")
    if not over:
        return
    into.figure("rate", rate, "rate")
    into.figure("counted_rate", gated(into, clause, into.name("rate")), "rate that counts")
    into.figure("rates", n.Fold("sum", into.name("counted_rate"), over, source=place), "sum of the rates", per="")
    most = n.Extreme("min", (into.name("rates"), into.formula("sum_of_rates_at_most")), source=place)
    into.figure("total_rate", most, "sum of the rates after its limit", per="")
    amount = into.name("total_rate") if clause.of is None else n.Of(into.name("total_rate"), into.formula("of"))
    settle_line(into, clause, clause.limited(into, amount), per="")


def gated(into: AtHand, clause: GatedClause, paid: n.AnyNode) -> n.AnyNode:
    """Zero where the clause's gate is closed, it is excused, or it is not about this lot."""
    if clause.unless:
        excuses = tuple(into.condition("unless", index) for index in range(len(clause.unless)))
        condition = excuses[0] if len(excuses) == 1 else n.AnyOf(excuses, source=into.place("unless"))
        asks = excuse_question(clause)
        paid = n.Choose(condition, ZERO, paid, asks, source=into.place("unless"))
    if clause.only_if:
        conditions = tuple(into.condition("only_if", index) for index in range(len(clause.only_if)))
        condition = conditions[0] if len(conditions) == 1 else n.Every(conditions, source=into.place("only_if"))
        asks = gate_question(clause)
        paid = n.Choose(condition, paid, ZERO, asks, source=into.place("only_if"))
    if clause.where is not None:
        condition = into.condition_at(clause.where, "where")
        asks = subject_question(clause)
        paid = n.Choose(condition, paid, ZERO, asks, source=into.place("where"))
    return paid


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
    # A period that had no data was not charged, and has filled no slice.
    before = n.Fold("sum", quantity, window, missing="skip", none_found=ZERO, source=place)
    into.figure("before", before, "quantity before")
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
