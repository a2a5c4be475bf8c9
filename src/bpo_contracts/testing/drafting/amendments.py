"""Amendments: other numbers, rows, prices, windows, measures, lots and columns; clauses that are added and that go."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Final

from bpo_contracts.testing.drafting.choosing import MODES, Document, Gauge
from bpo_contracts.testing.drafting.memories import Memories

Draft = tuple[str, Callable[[], Document]]
"""What of the contract is changed, and the choice of a change."""

FIELDS: Final = (
    "amount", "price", "fixed_fee", "rate", "rate_at_most", "share", "minimum", "fixed_sum", "price_of_shortfall",
    "issued_only", "keep", "deduct", "final",
)  # fmt: skip
"""Fields of clauses in which another number is as good."""

SHAPE: Final = ("price", "per", "part_steps", "slices", "counted_over", "table", "by")
"""What together is the price of a charge."""

_NUMBER: Final = re.compile(r"(over )?(\d+)(?:\.(\d+))?( .*)?")


class Amendments(Memories):
    """Drafts the changes of a contract that is drafted already."""

    changed: list[Document]

    def amendments(self) -> Document:
        """None, one or two, each of one to three changes; no two change the same."""
        if not self.yes():
            return {}
        drafts = self.changes()
        days = sorted(self.choices.several(1, 3, self.number(1, 2)))
        amendments: list[Document] = []
        touched: set[str] = set()
        self.changed = []
        for number, after in enumerate(days):
            change: Document = {}
            for _ in range(self.number(1, 3)):
                target, draft = self.one(*drafts)
                if not _overlaps(target, touched):
                    touched.add(target)
                    drafted = draft()
                    self.changed.append(drafted)
                    change |= drafted
            if change:
                day = self.term.first.shift(after).start.isoformat()
                told = {"clause": f"A{number + 1}", "words": self.words()}
                amendments.append({"effective_on": day, **told, "change": change})
        return {"amendments": amendments} if amendments else {}

    def changes(self) -> list[Draft]:
        """What can be changed, with what of the contract it changes."""
        found: list[Draft] = [("+", self.added)]
        for clause in self.clauses:
            name = str(next(iter(clause.values())))
            found += [
                (f"{name}/{field}", partial(self.other, name, field, clause[field]))
                for field in FIELDS
                if isinstance(clause.get(field), str)
                and _NUMBER.fullmatch(clause[field])
                and not (field == "minimum" and "expected" in clause)
            ]
            found += self.changed_rows(name, clause) + self.changed_limits(name, clause)
            if self.unnamed(name):
                found.append((name, partial(self.gone, name)))
        for gauge in self.gauges:
            found.append((gauge.name, partial(self.changed_measure, gauge)))
        if "site" in self.scopes:
            found.append(("site", lambda: {"scopes/site": [*self.scopes["site"], "west"]}))
        if "outages" in self.lists:
            found.append(("outages", lambda: {"lists/outages/columns/cause": "word"}))
        if isinstance(self.parameters.get("agreed_rate"), str):
            found.append(("rate", lambda: {"parameters/agreed_rate": self.percent(self.number(0, 300))}))
        return found

    def other(self, name: str, field: str, old: str) -> Document:
        """The same field with another number; a share stays one."""
        whole = 100 if field == "share" else None
        return {f"clauses/{name}/{field}": self.number_like(old, whole)}

    def number_like(self, text: str, most: int | None = None) -> str:
        """The same words with another number of as many places."""
        found = _NUMBER.fullmatch(text)
        if found is None:
            return text
        over, units, places, rest = found.groups()
        number = self.number(0, most or 2 * int(units) + 10)
        digits = "" if places is None else f".{self.number(0, 9) if number != most else 0}".ljust(len(places) + 1, "0")
        return f"{over or ''}{number}{digits}{rest or ''}"

    def changed_rows(self, name: str, clause: Document) -> list[Draft]:
        """Another price in a row, or another price altogether; a row that pays what its neighbour pays."""
        if "transaction_charge" in clause and clause["measure"] in {gauge.name for gauge in self.gauges}:
            gauge = next(one for one in self.gauges if one.name == clause["measure"])
            return [(name, lambda: self.other_price(name, clause, gauge)), (name, lambda: self.other_row(name, clause))]
        rows = clause.get("table") or clause.get("line")
        if not rows or "expected" in clause or "otherwise" in rows or "transaction_charge" in clause or self.falling:
            return []
        return [(name, lambda: self.same_row(name, "table" if "table" in clause else "line", rows))]

    def other_price(self, name: str, clause: Document, gauge: Gauge) -> Document:
        """The charge at a price of another shape."""
        price = self.price(gauge, direct=tuple(clause.get("for_each", ())) == gauge.per)
        gone = {field: "removed" for field in SHAPE if field in clause}
        return {f"clauses/{name}/{field}": value for field, value in (gone | price).items()}

    def other_row(self, name: str, clause: Document) -> Document:
        """One row of a charge at another price."""
        field = next((field for field in ("table", "slices") if field in clause), None)
        if field is None:
            return {f"clauses/{name}/title": self.words()}
        label = self.one(*clause[field])
        return {f"clauses/{name}/{field}/{label}": self.number_like(clause[field][label])}

    def same_row(self, name: str, field: str, rows: Document) -> Document:
        """A row that gives what the one beside it gives, so that better values are still not worse."""
        labels = list(rows)
        at = self.number(1, len(labels) - 1)
        row, beside = (labels[at], labels[at - 1]) if self.yes() else (labels[at - 1], labels[at])
        return {f"clauses/{name}/{field}/{row}": rows[beside]}

    def changed_limits(self, name: str, clause: Document) -> list[Draft]:
        """Another amount of a limit, another window."""
        found: list[Draft] = []
        if "cap" in clause:
            per = tuple(clause.get("for_each", ()))
            most: Callable[[], str] = self.money if name == "price_cap" else partial(self.most, per)
            found.append((f"{name}/at_most", lambda: {f"clauses/{name}/at_most": most()}))
            if "window" in clause and "returned" not in clause:
                found.append((f"{name}/window", lambda: {f"clauses/{name}/window": self.window() or "removed"}))
            elif "window" not in clause and not self.returned and "after" not in clause:
                found.append(
                    (
                        f"{name}/window",
                        lambda: {f"clauses/{name}/window": self.window() or "last 2 " + self.every + "s"},
                    )
                )
        elif isinstance(clause.get("at_most"), str) and "at_least" not in clause:
            found.append((f"{name}/at_most", lambda: self.other(name, "at_most", clause["at_most"])))
        return found

    def gone(self, name: str) -> Document:
        """A clause less, unless a change names it by now; no later change will."""
        if re.search(rf"\b{name}\b", repr(self.changed)):
            return {}
        self.bases = [base for base in self.bases if base[0] != name]
        return {f"clauses/{name}": "removed"}

    def unnamed(self, name: str) -> bool:
        """Whether no other part of the contract names a clause, and it keeps nothing for later periods."""
        own = next(clause for clause in self.clauses if next(iter(clause.values())) == name)
        kind = next(iter(own))
        if kind in (
            "cap",
            "smallest_payment",
            "carry_forward",
            "collar",
            "holdback",
            "advance",
            "account",
            "base_fee",
            "rebate",
            "true_up",
        ):
            return False
        if "counts_toward" in own or "returns" in own or own.get("for_each") == "outages":
            return False
        others = [clause for clause in self.clauses if clause is not own] + [self.figures, self.lists]
        return not re.search(rf"\b{name}\b", repr(others))

    def changed_measure(self, gauge: Gauge) -> Document:
        """Another rounding, another rule for what is missing, a title."""
        measure = self.measures[gauge.name]
        changes: Document = {"title": self.words()}
        if measure["missing"] != "refuse":
            changes["missing"] = self.one("not scored", gauge.text(self.number(gauge.low, gauge.high)))
        if gauge.stepped:
            mode, _, rest = measure["precision"].partition(" to ")
            changes["precision"] = f"{self.one(*[one for one in MODES if one != mode])} to {rest}"
        field = self.one(*changes)
        return {f"measures/{gauge.name}/{field}": changes[field]}

    def added(self) -> Document:
        """A charge, a credit or a bonus that was not there."""
        kind, number = self.one("base_fee", "service_credit", "bonus"), self.number(10, 99)
        per = self.lots()
        return {
            "clauses/+": self.clause(kind, f"later_{number}", per)
            | {"amount": self.money(500)}
            | (self.part_period() if kind == "base_fee" else {})
        }


def _overlaps(target: str, touched: set[str]) -> bool:
    """Whether something of this target has been changed: all of it, this part of it, or a part of it."""
    whole = target.split("/")[0]
    return any(one in (target, whole) or one.startswith(f"{target}/") for one in touched)
