"""A settlement written for people, as plain text; and its argument, from each amount down to the measured facts.

Amounts stand at the right edge, one a line; the lines sum to the totals as printed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from bpo_contracts.formats.statement_amounts import amount_text, steps_text
from bpo_contracts.formats.statement_argument import WIDTH_MIN, Argument, explain_text, wrapped
from bpo_contracts.formats.statement_limits import cut_text, items_told, line_items, lot_rows
from bpo_contracts.formats.statement_model import Line, Statement, Totals
from bpo_contracts.formats.statement_reader import read_statement
from bpo_contracts.formats.statement_readings import reading_text, readings
from bpo_contracts.formats.statement_words import clean, scope_shown

__all__ = ["PROVISIONAL", "days_shown", "explain_text", "last_day", "revision_shown", "statement_text"]


def statement_text(document: Mapping[str, object], *, explain: bool = False, width: int = 100) -> str:
    """The statement of a settlement document: heading, charges, adjustments, totals, lots, consequences, seal.

    ``width`` is in characters (60 at least); with ``explain`` the argument of every line follows.

    Raises:
        BadInput: the document is not a settlement (BPO600).
        IntegrityFailure: its lines do not sum to its totals.
    """
    statement = read_statement(document)
    page = _Page(statement, max(width, WIDTH_MIN))
    page.heading()
    page.charges()
    page.adjustments()
    page.net()
    page.lots()
    page.consequences()
    page.seal()
    if explain:
        page.add("", "WHY", page.rule("-"), *Argument(statement, page.width).lines(statement.lines))
    return "\n".join(line.rstrip() for line in page.lines) + "\n"


ITEMS_SHOWN_MAX = 20
"""How many items of a line are listed before "and n more"."""

PROVISIONAL = "provisional: some data was not there; a later revision stands in its place"


def last_day(end: str) -> str:
    """The last day of a span ``[start, end)``."""
    return (date.fromisoformat(end) - timedelta(days=1)).isoformat()


def days_shown(statement: Statement) -> str:
    """The days of the period, and which of them lie in the term, where not all do."""
    days = f"{statement.start} to {last_day(statement.end)}, both included"
    return f"{days}; in the term {clean(statement.in_term)}" if statement.in_term else days


def revision_shown(statement: Statement) -> str:
    """The revision, and what it stands in place of."""
    instead = clean(statement.supersedes)
    return f"{statement.revision}" + (f", in place of {instead}" if instead else "")


class _Page:
    """The lines of one statement, top to bottom."""

    def __init__(self, statement: Statement, width: int) -> None:
        self.statement, self.width = statement, width
        self.lines: list[str] = []
        amounts = [line.amount for line in statement.lines]
        for totals in (statement.totals, *(totals for _, totals in statement.lots)):
            amounts += [totals.charges, totals.adjustments, totals.net]
        self._amounts = max(12, *(len(statement.money(amount)) for amount in amounts))
        self._clauses = min(12, max([len(clean(line.clause)) for line in statement.lines], default=0)) + 2

    def add(self, *lines: str) -> None:
        self.lines += lines

    def rule(self, mark: str) -> str:
        return mark * self.width

    def heading(self) -> None:
        statement = self.statement
        self.add("STATEMENT OF SETTLEMENT", *wrapped(clean(statement.title), self.width, "", ""), self.rule("="))
        engines = ", ".join(f"{clean(name)} {clean(version)}" for name, version in statement.engines)
        for name, value in (
            ("Client", clean(statement.client)),
            ("Provider", clean(statement.provider)),
            ("Contract", f"{clean(statement.contract)}, version {clean(statement.version)}"),
            ("Period", f"{clean(statement.label)}, from {days_shown(statement)}"),
            ("Revision", revision_shown(statement)),
            ("Standing", PROVISIONAL if statement.provisional else ""),
            ("Amounts", f"{statement.currency}; credits to the client are below zero"),
            ("Determined", f"by {engines}" if engines else ""),
        ):
            if value:
                self.add(*wrapped(value, self.width, f"{name:<12}", " " * 12))

    def charges(self) -> None:
        self._section("CHARGES")
        for line in self.statement.group("charge"):
            self._line(line)
            self._arithmetic(line)
        self._sum("Charges", self.statement.money(self.statement.totals.charges))

    def adjustments(self) -> None:
        self._section("ADJUSTMENTS")
        lines = self.statement.group("adjustment")
        for line in lines:
            self._line(line)
            for reading in readings(self.statement, line):
                self._note(reading_text(reading))
            self._arithmetic(line)
            if line.gross != line.amount:
                self._note(cut_text(self.statement, line))
        if not lines:
            self._note("none")
        self._sum("Adjustments", self.statement.money(self.statement.totals.adjustments))

    def net(self) -> None:
        self.add("", self.rule("="))
        self._amount("NET AMOUNT", f"{self.statement.currency} {self.statement.money(self.statement.totals.net)}")
        self.add(self.rule("="))

    def lots(self) -> None:
        if not self.statement.lots:
            return
        self._section("TOTALS BY LOT")
        each = self._amounts + 2
        first = max(16, self.width - 3 * each)
        rows = lot_rows(self.statement)
        self.add(" " * first + "".join(f"{name:>{each}}" for name in ("charges", "adjustments", "net")))
        for name, totals in rows:
            self._lot(name, totals, first, each)
        self.add(" " * first + f"{'-' * self._amounts:>{each}}" * 3)
        self._lot("total", self.statement.totals, first, each)

    def _lot(self, name: str, totals: Totals, first: int, each: int) -> None:
        *above, last = wrapped(name, first - 1, "", "  ")
        self.add(*above, f"{last:<{first}}" + self._three(totals, each))

    def consequences(self) -> None:
        lines = self.statement.group("consequence")
        if not lines:
            return
        self._section("CONSEQUENCES OTHER THAN MONEY")
        for line in lines:
            self._amount(*self._named(line), "holds" if line.holds else "does not hold")

    def seal(self) -> None:
        self.add("")
        if any("…" in line for line in self.lines):
            self.add(
                "",
                *wrapped("A number that ends in … has more decimals; it is cut here, not rounded.", self.width, "", ""),
            )
        for name, seal in (("Rulebook", self.statement.rulebook), ("Settlement digest", self.statement.digest)):
            if seal:
                self.add(*wrapped(clean(seal), self.width, f"{name:<19}", " " * 19))

    def _section(self, name: str) -> None:
        self.add("", name, self.rule("-"))

    def _named(self, line: Line) -> tuple[str, ...]:
        gap = " " * self._clauses
        text = f"{clean(line.says)} ({scope_shown(line.scope)})" if line.scope else clean(line.says)
        if line.status:
            text += f": {clean(line.status)}"
        clause = clean(line.clause)
        first = f"{clause:<{self._clauses}}" if len(clause) < self._clauses else f"{clause}  "
        return tuple(wrapped(text, self.width - self._amounts - 3, first, gap))

    def _line(self, line: Line) -> None:
        self._amount(*self._named(line), self.statement.money(line.amount))

    def _arithmetic(self, line: Line) -> None:
        """The arithmetic of the amount; for a clause about items, what each of them adds."""
        items = line_items(self.statement, line)
        for item in items[:ITEMS_SHOWN_MAX]:
            how = f" ({item.how})" if item.how else ""
            self._note(f"{item.name}: {item.amount}{how}")
        if len(items) > ITEMS_SHOWN_MAX:
            self._note(f"and {len(items) - ITEMS_SHOWN_MAX} more")
        self._note_if(items_told(self.statement, line))
        text = "" if items else amount_text(self.statement, line)
        self._note_if(steps_text(self.statement, line.name, line.trail[0][1]) if text else "")
        self._note_if(text)

    def _note_if(self, text: str) -> None:
        if text:
            self._note(text)

    def _note(self, text: str) -> None:
        gap = " " * self._clauses
        self.add(*wrapped(text, self.width - self._amounts - 3, gap, gap + "  "))

    def _sum(self, name: str, amount: str) -> None:
        self.add(f"{'-' * self._amounts:>{self.width}}")
        self._amount(" " * self._clauses + name, amount)

    def _amount(self, *lines: str) -> None:
        *above, last, amount = lines
        self.add(*above, last + amount.rjust(max(self.width - len(last), len(amount) + 1)))

    def _three(self, totals: Totals, each: int) -> str:
        money = self.statement.money
        return "".join(f"{money(sum_):>{each}}" for sum_ in (totals.charges, totals.adjustments, totals.net))
