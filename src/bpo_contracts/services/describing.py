"""Say a contract in plain English: what each clause pays, of what, by which rows, behind which gates and limits.

Everything is read off the figures of the algebra, never from the kind of a clause. A figure that only hands another
one on is not said; one that only rounds, or asks a gate, is said as a part of the figure it is about.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence

from bpo_contracts.contract.amending import check_amendments, touched, words_in_force
from bpo_contracts.contract.clauses.base import Clause
from bpo_contracts.contract.contract import Amendment, Contract
from bpo_contracts.contract.order import clause_order
from bpo_contracts.services.describing_figures import Said, say_figure
from bpo_contracts.settlement.prepare import prepare
from bpo_contracts.terms.nodes import Allocate, Figure, Kept, Name, names_in
from bpo_contracts.values.findings import refuse
from bpo_contracts.values.units import Unit, singular

_WIDTH = 100


def describe_contract(contract: Contract, clause: str | None = None) -> str:
    """The contract's clauses in their order (or the one with this number), said from their figures; 100 columns wide.

    Then, for each amendment, the clauses it changes, as they are from its day on.

    Raises:
        BadInput: with the findings of the contract.
    """
    texts = [_describer(contract).text(clause)]
    for version in check_amendments(contract):
        text = _describer(version).amended(clause)
        texts += [text] if text else []
    return "\n".join(texts)


def _describer(contract: Contract) -> _Describer:
    terms = prepare(contract).terms
    return _Describer(contract, terms.program.figures, terms.program.units)


class _Describer:
    """The figures of one contract, and what each of them says."""

    def __init__(self, contract: Contract, figures: Sequence[Figure], units: Mapping[str, Unit]) -> None:
        self._contract, self._figures, self._units = contract, figures, units
        self._by_name = {figure.name: figure for figure in figures}
        self._says = _words_of_lists(contract) | {
            figure.name: (figure.says or figure.name).removeprefix("whether ") for figure in figures
        }

    def text(self, clause: str | None) -> str:
        contract = self._contract
        parts = [
            "\n".join(
                [
                    *_wrapped(contract.title),
                    *_wrapped(f"{contract.client} and {contract.provider}; amounts in {contract.currency}."),
                ]
            )
        ]
        if clause is None:
            parts += self._section("Measures", set(contract.measures))
            named = {*contract.parameters, *contract.series, *contract.figures}
            parts += self._section("Agreed values and figures", named)
        if clause is not None and all(clause not in (one.clause, one.name) for one in contract.clauses):
            known = ", ".join(one.clause for one in sorted(contract.clauses, key=clause_order))
            problem = f"The contract has no clause {clause!r}; it has {known}."
            raise refuse("BPO411", "no-such-clause", problem, "Name one of these.", contract.key_place(("clauses",)))
        for one in sorted(contract.clauses, key=clause_order):
            if clause in (None, one.clause, one.name):
                parts.append("\n".join(self._clause(one)))
        return "\n\n".join(parts) + "\n"

    def amended(self, clause: str | None) -> str:
        """What the last amendment of this version says, and the clauses and figures it changes; "" if none is asked for."""
        amendment = self._contract.amended_by[-1]
        changed = touched(amendment)
        added = any(path in ("clauses/+", "clauses") for path in amendment.change)
        clauses = [one for one in sorted(self._contract.clauses, key=clause_order) if one.name in changed or added]
        asked = [one for one in clauses if clause in (None, one.clause, one.name)]
        if clause is not None and not asked:
            return ""
        parts = ["\n".join(_wrapped(f"From {amendment.effective_on}, {amendment.clause}: {amendment.words}"))]
        if clause is None:
            parts += self._section("Agreed values and figures", _named(amendment))
        parts += ["\n".join(self._clause(one)) for one in asked]
        return "\n\n".join(parts) + "\n"

    def _section(self, title: str, names: set[str]) -> list[str]:
        lines: list[str] = []
        for figure in self._figures:
            if figure.name in names:
                own = [figure, *(one for one in self._figures if one.name.startswith(f"{figure.name}."))]
                says = self._shortened(figure.name, figure.says, own)
                lines += self._lines(say_figure(figure, self._by_name, self._units, says, self._contract.period))
        return ["\n".join([title, *lines])] if lines else []

    def _clause(self, clause: Clause) -> Iterator[str]:
        kind = clause.kind.replace("_", " ")
        yield from _wrapped(f"Clause {clause.clause}  {clause.says} ({kind})")
        words = words_in_force(self._contract, clause.name, clause.words)
        yield from _wrapped(f'"{words}"', "  ", "   ")
        own = [figure for figure in self._figures if _base(figure.name) == clause.name]
        says = self._shortened(clause.name, clause.says, own)
        tables: set[tuple[tuple[str, str], ...]] = set()
        for figure in self._worth_saying(clause.name, own):
            said = say_figure(figure, self._by_name, self._units, says, self._contract.period)
            yield from self._lines(said if said.rows not in tables else said.by_the_rows_above())
            tables |= {said.rows} if said.rows else set()
        for figure in own:
            yield from self._limits(figure)
        yield from self._limited({figure.name for figure in own})

    def _shortened(self, base: str, title: str, own: Iterable[Figure]) -> dict[str, str]:
        """What figures say, those of the clause itself without its title."""
        short = {figure.name: figure.says.removesuffix(f" of {title}") for figure in own if figure.name != base}
        differs = {name: text for name, text in short.items() if text != self._says[name]}
        return self._says | {
            name: text.removeprefix("whether ") if text.startswith("whether ") else f"the {text}"
            for name, text in differs.items()
        }

    def _worth_saying(self, base: str, own: Sequence[Figure]) -> list[Figure]:
        """The clause's figures, what it pays first; those left out that another one says as its own part."""
        handed_on = {name for figure in own for name in say_figure(figure, self._by_name, self._units, {}, "").parts}
        kept = [one for one in own if one.name not in handed_on and not isinstance(one.node, Allocate)]
        return sorted(kept, key=lambda one: (one.name != base, not one.name.endswith(".gross")))

    def _limits(self, figure: Figure) -> Iterator[str]:
        """Which limits a figure is kept within, and how their total is shared."""
        for kept in names_in(figure.node) if figure.node is not None else ():
            if isinstance(kept, Kept) and figure.citation.clause:
                shares = self._by_name[kept.allocation].node
                limited = shares.limited if isinstance(shares, Allocate) else None
                total = self._by_name.get(limited.name) if isinstance(limited, Name) else None
                if isinstance(shares, Allocate) and shares.how == "to the grain":
                    text = "The lines sum to the rounded sum: what is left of it goes to the largest remainders."
                    yield from _wrapped(text, "  ", "    ")
                elif isinstance(shares, Allocate) and total is not None:
                    text = f"Kept within {total.says}{self._limiting(total)}{self._shared(shares)}."
                    yield from _wrapped(text, "  ", "    ")

    def _limited(self, own: set[str]) -> Iterator[str]:
        """What the figures of a clause limit."""
        for figure in self._figures:
            shares = figure.node
            if not isinstance(shares, Allocate) or not isinstance(shares.limited, Name) or shares.how == "to the grain":
                continue
            total = self._by_name.get(shares.limited.name)
            if total is not None and total.node is not None and own & {one.name for one in _names_of(total)}:
                members = dict.fromkeys(self._says.get(_base(one.name), one.name) for one in shares.members)
                yield from _wrapped(f"Limits what is due for {'; '.join(members)}{self._shared(shares)}.", "  ", "    ")

    def _shared(self, shares: Allocate) -> str:
        """How the limited total is shared; nothing where it has one member."""
        if len(shares.members) < 2:
            return ""
        if shares.how == "pro rata":
            return ", shared in proportion"
        names = dict.fromkeys(self._says.get(_base(one.name), one.name) for one in shares.members)
        return f", shared in this order: {'; '.join(names)}"

    def _limiting(self, total: Figure) -> str:
        names = [one.name for one in _names_of(total)]
        found = [self._by_name[name] for name in names if name in self._by_name and name != f"{total.name}.gross"]
        limits = dict.fromkeys(f"{one.citation.clause} {one.says}".strip() for one in found if one.citation.clause)
        return f", limited by {' and '.join(limits)}" if limits else ""

    @staticmethod
    def _lines(said: Said) -> list[str]:
        if not said.rows:
            return _wrapped(" ".join([said.sentence, *said.more]), "  ", "    ")
        lines = _wrapped(said.sentence, "  ", "    ")
        width = max([len(label) for label, _ in said.rows], default=0)
        hanging = " " * (8 + width if width < _WIDTH // 2 else 8)
        for label, gives in said.rows:
            lines += _wrapped(f"{label:<{width}}  {gives}", " " * 6, hanging)
        return lines + (_wrapped(" ".join(said.more), "  ", "    ") if said.more else [])


def _named(amendment: Amendment) -> set[str]:
    """The parameters, series and figures that an amendment changes."""
    paths = [path.split("/") for path in amendment.change]
    return {path[1] for path in paths if path[0] in ("parameters", "series", "figures") and len(path) > 1}


def _words_of_lists(contract: Contract) -> dict[str, str]:
    """What columns are called, and one item of each list."""
    columns = {column for one in contract.lists.values() for column in one.columns}
    one_item = {name: singular(name).replace("_", " ") for name in contract.lists}
    return {column: column.replace("_", " ") for column in sorted(columns)} | one_item


def _wrapped(text: str, first: str = "", rest: str = "") -> list[str]:
    if "  " in text:  # the gap between the columns of a row stays
        head, gap, tail = text.partition("  ")
        kept = gap + tail[: len(tail) - len(tail.lstrip())]
        first, text = f"{first}{head}{kept}", tail.lstrip()
    return textwrap.wrap(
        text, _WIDTH, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False, break_long_words=False
    ) or [first.rstrip()]


def _names_of(figure: Figure) -> list[Name]:
    return [one for one in names_in(figure.node) if isinstance(one, Name)] if figure.node is not None else []


def _base(name: str) -> str:
    return name.split(".", 1)[0]
