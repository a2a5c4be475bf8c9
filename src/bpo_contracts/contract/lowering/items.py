"""What clauses say about items: repeats, one credit for each incident, sums of rates, amounts too small to pay."""

from __future__ import annotations

from typing import Any

from bpo_contracts.contract.clauses.items import RepeatFailure, Smallest
from bpo_contracts.contract.lowering.provisions import Provisions
from bpo_contracts.contract.lowering.reading import ZERO
from bpo_contracts.terms import nodes as n
from bpo_contracts.values.rounding import Rounding


class Items(Provisions):
    """The methods for clauses about several items."""

    def reads_words(self, clause: Any) -> bool:
        """Whether the clause's table is read at words and not at a number."""
        return bool(clause.by) or self._is_word(self.formula("measure"))

    def word_table(self, clause: Any) -> n.AnyNode:
        """A table whose rows are words: of the ``measure``, or one for each name in ``by`` (``P1, Madrid``)."""
        place = self.place("by" if clause.by else "measure")
        keys: list[n.AnyNode] = [n.Name(name, source=place) for name in clause.by] or [self.formula("measure")]
        return self._word_table(clause.table, keys, self._path, "table")

    def repeat_factor(self, repeat: RepeatFailure) -> n.AnyNode:
        """The factor for the same failure again, read at ``x.repetition``: the item's own number, or how many there
        are."""
        over = self._item_list("repeat_failure")
        columns = [*repeat.same, *([repeat.in_order_of] if repeat.in_order_of else [])]
        if not over or not self._are_columns(over, columns, "repeat_failure"):
            return ZERO
        place = self.place("repeat_failure")
        counted = self._failures_that_count(repeat, over)
        if repeat.in_order_of is not None:
            number: n.AnyNode = n.Ordinal(over, repeat.same, repeat.in_order_of, counted, source=place)
        else:
            where = self._same(repeat.same, place)
            where = n.Every((where, counted), source=place) if counted is not None else where
            number = n.Fold("count", None, over, where, source=place)
        self.figure("repetition", number, "number of the failure")
        path = (*self._path, "repeat_failure", "table")
        at = self.name("repetition")
        rows = self._rows_of(repeat.table, path, at, closed=True, counts=True)
        return n.Curve(rows, "at", at, source=self.place("repeat_failure"))

    def _failures_that_count(self, repeat: RepeatFailure, over: str) -> n.Name | None:
        """A yes or no of each item, whether it is counted as a failure; None where all are."""
        clause: Any = self._here()
        conditions: list[n.AnyNode] = []
        if clause.only_if or clause.unless:
            if repeat.excused is None:
                problem = "The clause has gates or excuses, and nothing says whether excused items count as failures."
                self._note_next(
                    "BPO263",
                    "excused-not-said",
                    self.place("repeat_failure"),
                    problem,
                    "Add 'excused: counted' or 'excused: not counted' to the repeat_failure.",
                )
            if repeat.excused == "not counted":
                conditions += [self.condition("only_if", index) for index in range(len(clause.only_if))]
                conditions += [n.Not(self.condition("unless", index)) for index in range(len(clause.unless))]
        elif repeat.excused is not None:
            problem = "'excused' says nothing here: the clause has no 'only_if' and no 'unless'."
            self._note_problem("BPO263", "excused-not-said", self.place("repeat_failure", "excused"), problem)
        if clause.where is not None:
            conditions.insert(0, self.where())
        if not conditions:
            return None
        self.figure("counted", n.Every(tuple(conditions), source=self.place("repeat_failure")), "whether it counts")
        return self.name("counted")

    def settle_rates(self, clause: Any, rate: n.AnyNode) -> None:
        """A clause whose rates are added up over its items and limited before they meet the base."""
        place = self.place("sum_of_rates_at_most")
        over = self._item_list("sum_of_rates_at_most")
        if not over:
            return
        self.figure("rate", rate, "rate")
        self.figure("counted_rate", self._gated(clause, self.name("rate")), "rate that counts")
        self.figure("rates", n.Fold("sum", self.name("counted_rate"), over, source=place), "sum of the rates", per="")
        most = n.Extreme("min", (self.name("rates"), self.formula("sum_of_rates_at_most")), source=place)
        self.figure("total_rate", most, "sum of the rates after its limit", per="")
        amount = self.name("total_rate") if clause.of is None else n.Of(self.name("total_rate"), self.formula("of"))
        self.settle_line(clause, clause.limited(self, amount), per="")

    def _smallest(self, clause: Any, paid: n.AnyNode, rounding: Rounding, level: str, per: str) -> n.AnyNode:
        """The amount after the clause's rule for small amounts, where the rule is about this level."""
        small: Smallest | None = getattr(clause, "smallest", None)
        if small is None or (small.of or "the sum") != level:
            return paid
        place = self.place("smallest")
        if clause.family == "both ways":
            problem = f"A {clause.kind} goes both ways, and a smallest amount is about one way."
            self._note_problem("BPO264", "smallest-not-possible", place, problem)
        if small.compared == "after rounding":
            paid = n.Round(paid, rounding, source=place)
        self.figure("due", paid, "amount due", per=per)
        due = self.name("due")
        if small.raised_to is not None:
            raised = n.Extreme("max", (due, self.field_formula(small.raised_to, "smallest", "raised_to")), source=place)
            return n.Choose(
                n.Test(">", due, ZERO, source=place), raised, ZERO, f"is {due.name} above zero?", source=place
            )
        path = (*self._path, "smallest", "issued_only")
        row = self._half_line(small.issued_only or "", path, None)
        if row is None:
            return paid
        if row.low is None:
            problem = f"{small.issued_only!r} would pay the small amounts; write 'over X' or 'X or more'."
            self._note_problem("BPO264", "smallest-not-possible", self.contract.place(path), problem)
            return paid
        issued = n.Test(">=" if row.low_closed else ">", due, row.low, source=place)
        return n.Choose(issued, due, ZERO, f"is {due.name} {small.issued_only}?", source=place)

    def _sum_of_items(self, clause: Any, over: str) -> n.AnyNode:
        """The sum over a list; of the items of one incident only the highest counts, where the clause says so."""
        place = self._name_place()
        same = getattr(clause, "only_the_highest_per", ())
        if not same or not self._are_columns(over, same, "only_the_highest_per"):
            return n.Fold("sum", self.name("each"), over, source=place)
        place = self.place("only_the_highest_per")
        highest = n.Fold("highest", self.name("each"), over, self._same(same, place), source=place)
        self.figure("highest", highest, "highest amount for the incident", per=over)
        columns = tuple(n.Name(column, source=place) for column in same)
        return n.Fold("sum", self.name("highest"), over, source=place, once_per=columns)

    @staticmethod
    def _same(columns: tuple[str, ...], place: Any) -> n.AnyNode:
        """That a row agrees with the item at hand in these columns."""
        tests = tuple(
            n.Test("==", n.Name(name, source=place), n.Name(name, 1, source=place), source=place) for name in columns
        )
        return tests[0] if len(tests) == 1 else n.Every(tests, source=place)

    def _item_list(self, field_name: str) -> str:
        """The list the clause at hand is about; "" (and a finding) if it is about none."""
        per = self._clause_per(self._here())
        if per in self.contract.lists:
            return per
        problem = f"{field_name!r} is about the items of a list, and the clause has no 'for_each' with a list."
        self._note_problem("BPO265", "needs-a-list", self.place(field_name), problem)
        return ""

    def _are_columns(self, over: str, names: Any, field_name: str) -> bool:
        unknown = [name for name in names if name not in self.contract.lists[over].columns]
        if unknown:
            columns = ", ".join(sorted(self.contract.lists[over].columns))
            problem = f"The list {over!r} has no column {unknown[0]!r}; it has {columns}."
            self._note_problem("BPO279", "unknown-column", self.place(field_name), problem)
        return not unknown
