"""Do the words of a clause and its figures say the same? "Credit of 5 %" above a row of 6 % is a dispute to come.

Asked only where both sides have something over: a percentage or an amount in the words that is nowhere in the clause, in
what it refers to, or in what limits it; and one in the clause's own fields that the words do not mention. So complements
(98 % met, 2 % failed), parts of larger sums and words that only cite another clause raise no question.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Final

from bpo_contracts.contract.amending import words_before
from bpo_contracts.contract.clauses.base import Clause
from bpo_contracts.contract.hints.saying import clause_place, hint, listed
from bpo_contracts.contract.lowering import Terms
from bpo_contracts.contract.references import below, referred
from bpo_contracts.terms import nodes as n
from bpo_contracts.values.currencies import MINOR_DIGITS
from bpo_contracts.values.findings import Finding

_NUMBER: Final = r"\d+(?:[.,'\u00a0\u202f ]\d{3})*(?:[.,]\d+)?"
_SIGNS: Final = {"€": "EUR", "$": "USD", "£": "GBP"}
_CODES: Final = "|".join((*sorted(MINOR_DIGITS), *(re.escape(sign) for sign in _SIGNS)))
_PERCENT: Final = re.compile(rf"(?<![\w.,])({_NUMBER})\s?(?:%|per ?cent\b)")
_BEFORE: Final = re.compile(
    rf"(?<!\w)(?:{_CODES})\s?({_NUMBER})(?!\s?(?:million|billion|thousand|mio?\b|bn\b|[mk]\b))", re.I
)
_AFTER: Final = re.compile(rf"(?<![\w.,])({_NUMBER})\s?(?:{_CODES})(?!\w)")
_ANY: Final = re.compile(_NUMBER)
_YEARLY: Final = re.compile(r"\b(?:years?|yearly|annum|annual|annually|p\. ?a\.)", re.IGNORECASE)
_NOT_TERMS: Final = frozenset(("kind", "name", "clause", "words", "title"))
_SPOKEN: Final = {
    "half": "50", "halves": "50", "third": "3", "quarter": "25", "double": "2", "doubled": "2", "twice": "2",
    "triple": "3", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7",
    "eight": "8", "nine": "9", "ten": "10", "all": "100", "full": "100", "whole": "100", "no": "0", "nothing": "0",
}  # fmt: skip


def other_figures_than_words(terms: Terms) -> Iterator[Finding]:
    """BPO809: the words say a percentage or an amount that the clause does not have, and it has one they do not say."""
    old = words_before(terms.contract)  # the amendment has the words for those
    for clause in terms.contract.clauses:
        if clause.name in old or getattr(clause, "line", None):  # points of a line: the words often give its slope
            continue
        said = _figures(clause.words)
        known: set[Fraction] | None = None
        for sort, in_words in said.items():
            over = _unsaid(sort, clause)
            if not over or not in_words:
                continue
            known = _known(terms, clause) if known is None else known
            alone = [text for text in in_words if not _readings(text) & known]
            if alone:
                problem = (
                    f"The words of clause {clause.clause} say {listed(alone)}, which is nowhere in its fields;"
                    f" the fields say {listed(over)}, which is not in the words."
                )
                step = "Correct the one that is wrong. Where both are right, let the words say how one follows from the other."
                place = clause_place(terms.contract, clause, "words")
                yield hint("BPO809", "words-and-figures-differ", place, problem, step)


def _figures(words: str) -> dict[str, list[str]]:
    """The percentages and the amounts in a text, as they are written, each once."""
    amounts = [*_BEFORE.finditer(words), *_AFTER.finditer(words)]
    return {
        "%": list(dict.fromkeys(match[0] for match in _PERCENT.finditer(words))),
        "money": list(dict.fromkeys(match[0] for match in sorted(amounts, key=lambda match: match.start()))),
    }


def _unsaid(sort: str, clause: Clause) -> list[str]:
    """The percentages or amounts in the clause's own fields that its words do not mention in any way."""
    words = set[Fraction]().union(*(_readings(match[0]) for match in _ANY.finditer(clause.words)))
    spoken = {Fraction(_SPOKEN[word]) for word in re.findall(r"[a-z]+", clause.words.lower()) if word in _SPOKEN}
    found = [text for field in _texts(clause) for text in _figures(field)[sort]]
    return [text for text in dict.fromkeys(found) if not _readings(text) & (words | spoken | {Fraction(0)})]


def _texts(clause: Clause) -> Iterator[str]:
    values = [value for name, value in clause.model_dump(mode="json").items() if name not in _NOT_TERMS]
    while values:
        value = values.pop(0)
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            values += [*value.keys(), *value.values()]
        elif isinstance(value, list):
            values += value


def _known(terms: Terms, clause: Clause) -> set[Fraction]:
    """Every number in the clause, in what it is made of, and in what limits or reads it; also what is left to 100 of it,
    and what it comes to in a year."""
    own = {figure.name for figure in terms.program.figures if figure.name.split(".", 1)[0] == clause.name}
    around = {
        figure.name
        for figure in terms.program.figures
        if figure.node is not None and own.intersection(referred(terms, figure, figure.node))
    }
    found = set[Fraction]()
    for name in below(terms, own | around):
        node = terms.program.figure(name).node
        found |= {number for part in n.all_in(node) for number in _numbers(part)} if node is not None else set()
    for text in _texts(clause):
        found |= set[Fraction]().union(*(_readings(match[0]) for match in _ANY.finditer(text)))
    times = (12, 4, 3, 2) if _YEARLY.search(clause.words) else ()
    yearly = {value * periods for value in found for periods in times}
    return found | yearly | {100 - value for value in found} | {value * 100 for value in found}


def _numbers(node: n.AnyNode) -> Iterable[Fraction]:
    if isinstance(node, n.Quantity):
        yield abs(node.value) / node.unit.factor
    if isinstance(node, n.Round):
        yield node.rounding.grain


def _readings(text: str) -> set[Fraction]:
    """What a number can mean: with a decimal point or a decimal comma, and other marks between thousands."""
    match = _ANY.search(text)
    digits = re.sub(r"['\u00a0\u202f ]", "", match[0]) if match else "0"
    forms = {digits.replace(",", ""), digits.replace(".", "").replace(",", ".")}
    return {Fraction(form) for form in forms if form.count(".") <= 1}
