"""Say a contract in plain English: what each clause pays, of what, by which rows, behind which gates and limits.

Formulas are read off the figures of the algebra, never from the kind of a clause. A figure that only hands another one on
is not said, unless something calls it by its title; one that only rounds, or asks a gate, is said as a part of the figure
it is about. So everything that a sentence names is said somewhere.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping

from bpo_contracts.contract.amending import check_amendments, touched, words_in_force
from bpo_contracts.contract.clauses.base import Clause
from bpo_contracts.contract.contract import Amendment, Contract
from bpo_contracts.contract.lowering import Terms
from bpo_contracts.contract.order import clause_order
from bpo_contracts.services.describing_figures import Said, Setting, say_figure
from bpo_contracts.services.describing_limits import Limiting
from bpo_contracts.services.describing_terms import after_formulas, agreed_reading, before_formulas
from bpo_contracts.services.describing_titles import full_titles, same_as_clause, titles_inside
from bpo_contracts.settlement.prepare import prepare
from bpo_contracts.terms.absence import absent_figures
from bpo_contracts.terms.nodes import Allocate, Figure, Name
from bpo_contracts.values.findings import refuse

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
    return _Describer(contract, prepare(contract).terms)


class _Describer:
    """The figures of one contract, and what each of them says."""

    def __init__(self, contract: Contract, terms: Terms) -> None:
        self._contract, self._units = contract, terms.program.units
        self._figures = {figure.name: figure for figure in terms.program.figures}
        self._of: dict[str, list[Figure]] = {}
        for figure in terms.program.figures:
            self._of.setdefault(figure.name.split(".", 1)[0], []).append(figure)
        self._titles = full_titles(contract, self._figures)
        self._limiting = Limiting(contract, self._figures, self._titles)
        self._absent = absent_figures(
            terms.program.figures, always_there(contract), amended=bool(contract.amendments or contract.amended_by)
        )
        self._same = {one.name: same_as_clause(one.name, self._figures) for one in contract.clauses}
        self._alone: set[str] = set()
        self._named = self._settle_what_is_said()

    def _settle_what_is_said(self) -> set[str]:
        """Whatever a sentence names is said by itself, and so is what is named then; all that is named, in the end."""
        contract = self._contract
        clauses = {clause.name: clause.says for clause in contract.clauses}
        names = [*contract.measures, *contract.parameters, *contract.series, *contract.figures, *clauses]
        while True:
            named, parts = set[str](), set[str]()
            for name in names:
                for said in self._said(name, self._titles_in(name, clauses[name]) if name in clauses else self._titles):
                    named |= said.named
                    parts.update(said.parts)
            new = named & parts - {*self._same.values()} - self._alone
            if not new:
                self._same = {one: of for one, of in self._same.items() if of in named or of.endswith(".gross")}
                return named
            self._alone |= new

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
            parts += self._totals()
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
        section = "measures" if title == "Measures" else "figures"
        for figure in self._figures.values():
            if figure.name in names:
                for said in self._said(figure.name, self._titles):
                    lines += self._lines(said)
                reading = agreed_reading(self._contract, section, figure.name)
                lines += _wrapped(reading, "  ", "    ") if reading else []
        return ["\n".join([title, *lines])] if lines else []

    def _totals(self) -> list[str]:
        """The totals that limits are on, or that something names."""
        lines: list[str] = []
        for total in self._limiting.totals():
            if total.is_limited or self._named & {total.before, total.after}:
                for text in total.sentences:
                    lines += _wrapped(text, "  ", "    ")
        return ["\n".join(["Totals", *lines])] if lines else []

    def _clause(self, clause: Clause) -> Iterator[str]:
        kind, period = clause.kind.replace("_", " "), self._contract.period
        yield from _wrapped(f"Clause {clause.clause}  {clause.says} ({kind})")
        words = words_in_force(self._contract, clause.name, clause.words)
        yield from _wrapped(f'"{words}"', "  ", "   ")
        before = [agreed_reading(self._contract, "clauses", clause.name), *before_formulas(clause, period)]
        for text in filter(None, before):
            yield from _wrapped(text, "  ", "    ")
        tables: set[tuple[tuple[str, str], ...]] = set()
        for said in self._said(clause.name, self._titles_in(clause.name, clause.says)):
            yield from self._lines(said if said.rows not in tables else said.by_the_rows_above())
            tables |= {said.rows} if said.rows else set()
        for figure in self._of.get(clause.name, ()):
            for text in self._limiting.on(figure):
                yield from _wrapped(text, "  ", "    ")
        limits = [*self._limiting.by(clause.name), *after_formulas(clause, period)]
        if limits:
            yield from _wrapped(" ".join(limits), "  ", "    ")

    def _titles_in(self, base: str, title: str) -> dict[str, str]:
        return titles_inside(base, title, self._of.get(base, ()), self._titles, self._figures)

    def _said(self, base: str, titles: Mapping[str, str]) -> list[Said]:
        """What the figures of a clause, measure or agreed value say, what it is itself first; those left out that another
        one says as its own part."""
        own = [one for one in self._of.get(base, []) if not self._is_said_elsewhere(one, titles)]
        setting = Setting(
            figures=self._figures,
            units=self._units,
            says=titles,
            period=self._contract.period,
            own=self._alone,
            same=self._same.get(base, ""),
            absent=self._absent,
        )
        said = {figure.name: self._limiting.total(figure) or say_figure(figure, setting) for figure in own}
        handed_on = {name for one in said.values() for name in one.parts}
        kept = [name for name in said if name not in handed_on]
        return [said[name] for name in sorted(kept, key=lambda name: (name != base, not name.endswith(".gross")))]

    def _is_said_elsewhere(self, figure: Figure, titles: Mapping[str, str]) -> bool:
        """Whether a figure is another one of the same title, or shares out a total."""
        if isinstance(figure.node, Allocate):
            return True
        name = figure.node.name if isinstance(figure.node, Name) else figure.name
        return name != figure.name and name in self._figures and titles[name] == titles[figure.name]

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


def always_there(contract: Contract) -> set[str]:
    """The reported figures without which nothing is settled."""
    measures = {
        f"{name}.reported" for name, one in contract.measures.items() if one.missing == "refuse" and not one.computed
    }
    return measures | {f"{scope}.{scope}" for scope in contract.scopes}


def _wrapped(text: str, first: str = "", rest: str = "") -> list[str]:
    if "  " in text:  # the gap between the columns of a row stays
        head, gap, tail = text.partition("  ")
        kept = gap + tail[: len(tail) - len(tail.lstrip())]
        first, text = f"{first}{head}{kept}", tail.lstrip()
    return textwrap.wrap(
        text, _WIDTH, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False, break_long_words=False
    ) or [first.rstrip()]
