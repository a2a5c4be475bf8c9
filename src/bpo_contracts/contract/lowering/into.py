"""What clause kinds describe themselves with; they call it ``into``."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any, Final, Literal

from bpo_contracts.contract.clauses.base import Clause, Family
from bpo_contracts.contract.lowering.at_hand import AtHand
from bpo_contracts.contract.lowering.provisions import items, lines, memory, scores
from bpo_contracts.contract.lowering.reading.formulas import first_day
from bpo_contracts.contract.lowering.results import Outcome, part_line
from bpo_contracts.terms import nodes as n
from bpo_contracts.terms.nodes import ZERO
from bpo_contracts.values.currencies import MINOR_DIGITS
from bpo_contracts.values.rounding import Mode, Rounding
from bpo_contracts.values.units import PERCENT, TRUTH, Unit

_COUNTING: Final[dict[str, n.Counting]] = {
    "ignored": "full",
    "counted": "started",
    "nearest": "nearest",
    "pro rata": "exact",
}


class Lowering(AtHand):
    """The clause at hand with all that it can say: what is longer than a few lines is a function in ``provisions``.

    It adds no state, and nothing that limits or exclusions use. Those are only remembered here: what they come to is known
    when all clauses have spoken.
    """

    slices_so_far = lines.slices_so_far
    price_list = lines.price_list
    is_share = lines.is_share

    gated = lines.gated
    settle_line = lines.settle_line
    settle_rates = lines.settle_rates
    repeat_factor = items.repeat_factor
    service_level = scores.service_level
    scorecard = scores.scorecard

    lapsed = memory.lapsed
    at_the_end = memory.at_the_end
    left_over = memory.left_over
    says_what_is_lost = memory.says_what_is_lost

    failure = memory.failure
    run = memory.run
    failures = memory.failures
    run_anew = memory.run_anew
    count_anew = memory.count_anew

    def size(self, field_name: str) -> n.AnyNode:
        """The quantity in a field, its unit written."""
        return self.phrases.quantity(getattr(self.here, field_name), self.at(field_name), None)

    def fixed_share(self, text: str, *path: str | int) -> Fraction:
        """A percentage that is written as a number."""
        quantity = self.phrases.quantity(text, self.at(*path), PERCENT)
        if not isinstance(quantity, n.Quantity) or quantity.unit not in (PERCENT, ZERO.unit) or quantity.value < 0:
            self.refused_at("BPO257", "not-a-share", f"{text!r} is not a percentage of zero or more.", *path)
            return Fraction(0)
        return quantity.value

    def table_at(self, table: dict[str, str], at: n.AnyNode, *path: str | int, count: bool = False) -> n.AnyNode:
        """A table of rows in words, read at a point that need not be a measure; bare numbers in its rows where it is
        a ``count``.
        """
        within = (Fraction(0), None) if count else None
        rows = self.tables.rows(
            table, self.at(*path), at, for_each=self.for_each, closed=True, counts=count, within=within
        )
        return n.Curve(rows, "at", at, source=self.place(*path))

    def reads_words(self, clause: Any) -> bool:
        """Whether the clause's table is read at words and not at a number."""
        return bool(clause.by) or self.words.is_word(self.formula("measure"), self.for_each)

    def word_table(self, clause: Any) -> n.AnyNode:
        """A table whose rows are words: of the ``measure``, or one for each name in ``by`` (``P1, Madrid``)."""
        place = self.place("by" if clause.by else "measure")
        keys: list[n.AnyNode] = [n.Name(name, source=place) for name in clause.by] or [self.formula("measure")]
        return self.words.table(clause.table, self.at("table"), keys, for_each=self.for_each)

    def series_value(
        self,
        name: str,
        *,
        months_ago: int = 0,
        month: str | None = None,
        counted_from: Literal["period", "contract year", "calendar year"] = "period",
    ) -> n.SeriesValue | None:
        """A value of a dated series, for a kind that looks it up with a lag or for a fixed month; None if there is
        no such series.

        Raises:
            NotADay: if ``month`` names no month.
        """
        node = self.collected.series.get(name)
        if node is None:
            return None
        fixed = None
        if month is not None:
            day = first_day(month)
            fixed = day.year * 12 + day.month - 1
        return replace(node, months_ago=months_ago, fixed=fixed, counted_from=counted_from)

    def each_day(self, node: n.AnyNode) -> tuple[tuple[date, n.AnyNode], ...]:
        """What a formula of series, dated parameters and numbers comes to from each day on; empty where that is refused."""
        return self.formulas.each_day(node)

    def steps(self, clause: Any) -> n.AnyNode:
        """How many steps of ``per`` the measure has, by ``part_steps``."""
        return self.steps_of(self.formula("measure"), "per", clause.part_steps)

    def steps_of(self, item: n.AnyNode, field_name: str, parts: str) -> n.AnyNode:
        """How many steps of the size in a field there are in an item; ``parts`` says what a part of a step counts."""
        unit = self.collected.unit_of(item, self.for_each)
        per = self.phrases.quantity(getattr(self.here, field_name), self.at(field_name), unit)
        if isinstance(per, n.Quantity) and per.value <= 0:
            self.refused_at("BPO271", "step-not-above-zero", "A step is more than zero.", field_name)
        return n.Step(item, per, _COUNTING[parts], source=self.place(field_name))

    def in_whole_steps(self, item: n.AnyNode, rounding: str | None) -> n.AnyNode:
        """The amount brought down to whole steps of the rounding that ``rounded`` uses: what is at most so much is so
        after it, too. As it is where a step is the smallest amount of the currency, of which every amount is made.
        """
        grain = self.line_rounding(rounding).grain
        if grain <= Fraction(1, 10 ** MINOR_DIGITS[self.contract.currency]):
            return item
        return n.Round(item, Rounding(Mode.FLOOR, grain), source=self.opening())

    def rounded_as(self, field_name: str, item: n.AnyNode, unit: Unit | None) -> n.AnyNode:
        """The item, rounded as a field says (``unrounded`` leaves it); ``unit`` is that of the item where it is
        known."""
        text = getattr(self.here, field_name)
        if unit is None:
            return self.phrases.rounded(item, text, self.at(field_name))
        rounding = self.phrases.rounding(text, self.at(field_name), unit)
        return item if rounding is None else n.Round(item, rounding, unit, source=self.place(field_name))

    def rounded_at(self, item: n.AnyNode, text: str, unit: Unit, *path: str | int) -> n.AnyNode:
        """The amount, rounded as the text at a place says (``unrounded`` leaves it as it is)."""
        rounding = self.phrases.rounding(text, self.at(*path), unit)
        return item if rounding is None else n.Round(item, rounding, source=self.place(*path))

    def rounded_as_written(self, item: n.AnyNode, text: str, *path: str | int) -> n.AnyNode:
        """The amount, rounded as the text at a place says (``unrounded`` leaves it as it is), whatever its unit."""
        return self.phrases.rounded(item, text, self.at(*path))

    def pays(self, clause: Clause, suffix: str, family: Family) -> None:
        """An invoice line for one part of a clause: the rounded figure ``suffix``."""
        self.collected.lines.append(part_line(clause, self.full_name(suffix), family, self.per_of(clause)))

    def paid_by(self, name: str, families: tuple[Family, ...], *path: str | int) -> Family:
        """Which way a clause named at a place moves the invoice; a mistake unless it is of one of these families."""
        clause = next((one for one in self.contract.clauses if one.name == name), None)
        family: Family = clause.family if clause is not None else "none"
        if family not in families:
            kind = " or ".join(f"a {one}" for one in families if one != "both ways")
            problem = f"{name!r} is not a clause of this contract that pays {kind}."
            self.refused_at("BPO284", "not-a-paying-clause", problem, *path)
        return family

    def consequence(self, clause: Any, condition: n.AnyNode) -> None:
        """A yes/no figure that is a result by itself."""
        yes, no = n.Literal_(True, TRUTH), n.Literal_(False, TRUTH)
        asks = f"does the consequence of clause {clause.clause} hold?"
        self.figure("", n.Choose(condition, yes, no, asks, source=self.place("when")), "consequence")
        self.collected.outcomes.append(Outcome(clause, clause.name, self.per_of(clause)))

    def pool(self, clause: Clause) -> None:
        """Remembers an at-risk pool, for the check of its allocations."""
        self.collected.pools.append(clause)

    def limit(self, clause: Any) -> None:
        """Remembers a cap or collar, on a total that clauses count toward or on the clauses it lists."""
        by_name = {one.name: one for one in self.contract.clauses}
        names = tuple(clause.limits)
        total = names[0] if len(names) == 1 and names[0] not in by_name else clause.name
        group = self.collected.group(total)
        index = self.index_of(clause)
        group.limits = sorted([*group.limits, (index, clause)], key=lambda limit: limit[1].name)
        for name in names if total == clause.name else ():
            if name in by_name and by_name[name].family != "none":
                group.members.append(by_name[name])
            else:
                place = self.contract.place(("clauses", index, "limits"))
                problem = f"{name!r} is not a clause that pays, nor a total that clauses count toward."
                self.problem("BPO251", "limit-on-nothing", place, problem)

    def exclusive(self, clause: Any) -> None:
        """Remembers an exclusion."""
        self.collected.exclusions.append(clause)
