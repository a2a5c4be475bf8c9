"""What lowering a contract gives: its program, and the lines, consequences and tables that lead to an invoice."""

from __future__ import annotations

from bpo_contracts.contract.clauses.base import Clause, Family, GatedClause
from bpo_contracts.contract.contract import Contract
from bpo_contracts.terms import nodes as n
from bpo_contracts.terms.program import Program
from bpo_contracts.values.frozen import frozen
from bpo_contracts.values.sources import Source
from bpo_contracts.values.units import Unit


@frozen
class Line:
    """One invoice line a clause pays: ``gross`` before limits, ``net`` what is paid; ``sign`` makes it an amount."""

    clause: Clause
    gross: str
    net: str
    sign: int
    family: Family
    per: str
    amount: str
    """The figure whose missing data means that the clause has no data."""
    rate: str = ""
    """The figure whose row tells met from missed, if the clause reads a table."""
    level: str = ""
    """The figure that says met, missed, below minimum or exceeded, if the clause has service levels."""
    gate: str = ""
    """The figure that asks the clause's gate and excuses, if it is not ``gross``."""

    @property
    def name(self) -> str:
        """What the invoice calls the line: its clause, or the part of it (``retention.released``) where there are
        several. What is paid may be a figure of the cap that limits it last; the part is then told by what it was before.
        """
        own, part = self.clause.name, f"{self.clause.name}."
        if self.net.startswith(part):
            return self.net
        return self.gross if self.net != own and self.gross.startswith(part) and self.gross != f"{own}.gross" else own

    @property
    def says(self) -> str:
        """The line for people: the clause's title, and which part of it."""
        part = self.name.removeprefix(self.clause.name).strip(".").replace("_", " ").replace(".", " ")
        return f"{self.clause.says}, {part}" if part else self.clause.says

    def clause_place(self, contract: Contract) -> Source:
        """Where the clause opens in the document."""
        index = next(i for i, clause in enumerate(contract.clauses) if clause is self.clause)
        return contract.place(("clauses", index, self.clause.kind))


def sign_of(family: Family) -> int:
    """What makes an amount of a clause an invoice amount."""
    return -1 if family == "credit" else 1


def part_line(clause: Clause, figure: str, family: Family, per: str) -> Line:
    """The line of one part of a clause, which no limit cuts: it pays what the figure says."""
    return Line(clause, figure, figure, sign_of(family), family, per, figure)


@frozen
class Outcome:
    """A consequence: the yes/no figure that triggers it.

    ``left`` makes it a note on an amount: the figure of what is left or lost, which ``happens`` names where it says
    ``{left}``. Such a note is written only where it holds.
    """

    clause: Clause
    figure: str
    per: str
    happens: str = ""
    left: str = ""


def left_outcome(clause: Clause, figure: str, left: str, per: str, what: str) -> Outcome:
    """The note that something is left at the end of the term, and that nobody agreed what becomes of it."""
    happens = f"At the end of the term {{left}} {what}. The contract does not say what becomes of it."
    return Outcome(clause, figure, per, happens, left)


@frozen
class Table:
    """A table that is read at a measure, for drawing: the figure that reads it, and its rows."""

    figure: str
    measure: str
    rows: tuple[n.Row, ...]


@frozen
class Terms:
    """A contract, lowered: what ``settle`` runs."""

    contract: Contract
    program: Program
    lines: tuple[Line, ...]
    outcomes: tuple[Outcome, ...]
    tables: tuple[Table, ...]
    measure_units: dict[str, Unit]
    nouns: frozenset[str]


def gate_question(clause: Clause) -> str:
    """What a clause's ``only_if`` asks; "" for a clause that cannot have a gate."""
    if not isinstance(clause, GatedClause):
        return ""
    return f"is the gate of clause {clause.clause} open ({', and '.join(clause.only_if)})?"


def subject_question(clause: Clause) -> str:
    """What a clause's ``where`` asks; "" for a clause that is about everything."""
    where = getattr(clause, "where", None)
    return f"is clause {clause.clause} about this one ({where})?" if where is not None else ""


def excuse_question(clause: Clause) -> str:
    """What a clause's ``unless`` asks; "" for a clause that cannot be excused."""
    if not isinstance(clause, GatedClause):
        return ""
    return f"is clause {clause.clause} excused ({', or '.join(clause.unless)})?"
