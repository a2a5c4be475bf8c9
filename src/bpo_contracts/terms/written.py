"""How people write amounts and prices, and how a contract writes them: ``€ 8.500,00`` is ``8500.00 EUR``.

A finding about the signs and digits of an amount says how that very amount is written here. Nothing is ever read in
another form: where a mark can be a decimal one or stand between thousands, both readings are shown.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable
from dataclasses import replace
from fractions import Fraction
from typing import Final

from bpo_contracts.terms.places import part_of
from bpo_contracts.values.currencies import MINOR_DIGITS
from bpo_contracts.values.findings import Finding
from bpo_contracts.values.numbers import number_text
from bpo_contracts.values.sources import NOWHERE, Source
from bpo_contracts.values.units import DURATIONS, singular

_ABOUT_SIGNS: Final = frozenset(f"BPO{number}" for number in (211, 212, 213, 214))
_SIGNS: Final = {
    "€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY", "euro": "EUR", "euros": "EUR", "dollar": "USD", "dollars": "USD",
    "pound": "GBP", "pounds": "GBP",
}  # fmt: skip
_CURRENCY: Final = rf"(?:{'|'.join(sorted(MINOR_DIGITS))}|euros?|dollars?|pounds?)(?![^\W\d])|[€$£¥]"
_DIGITS: Final = r"[0-9]{1,3}(?:[ .,'’\u00a0\u202f][0-9]{3})+(?:[.,][0-9]+)?(?![0-9])|[0-9]+(?:[.,][0-9]+)?"
_NUMBER: Final = rf"(?P<digits>{_DIGITS})(?P<tail>[.,][-–]|[kK](?!\w))?"
_SPACE: Final = r"[ \u00a0\u202f]?"
_PER: Final = rf"(?P<per>{_SPACE}(?:per |/){_SPACE}[^\W\d]\w*)?"
_BEFORE: Final = rf"(?<!\w)(?P<currency>{_CURRENCY}){_SPACE}{_NUMBER}{_PER}"  # compiled only if something is wrong
_AFTER: Final = rf"(?<![\w.,]){_NUMBER}{_SPACE}(?P<currency>{_CURRENCY}){_PER}"
_PLAIN: Final = r"(?a)[0-9]+(?:\.[0-9]+)? [A-Z]{3}(?: per \w+)?\Z"
_CALLED: Final = r"othing is called '(\w+)'"
_PRICE: Final = r"[0-9] ?(?:[A-Z]{3})?(?:\s+per\s+|\s*/\s*)(?P<word>[^\W\d]\w*)"


def said_plainly(
    findings: Iterable[Finding], text: str, nouns: Collection[str], source: Source = NOWHERE
) -> tuple[Finding, ...]:
    """The findings about a text; one that stands at an amount or at the unit of a price says how it is written."""
    return tuple(_plainly(finding, text, nouns, source) for finding in findings)


def _plainly(finding: Finding, text: str, nouns: Collection[str], source: Source) -> Finding:
    if finding.code not in _ABOUT_SIGNS:
        return finding
    for pattern in (_BEFORE, _AFTER):
        for run in re.finditer(pattern, text, re.IGNORECASE):
            place = part_of(source, text, start=run.start(), end=run.end())
            if not re.match(_PLAIN, run[0]) and _touch(finding.source, place):
                return _amount(finding, run, place)
    price = re.search(_PRICE, text)
    if price and _is_unknown(price["word"], nouns):
        place = part_of(source, text, start=price.start("word"), end=price.end("word"))
        problem = f"{price['word']!r} is not a unit this contract knows."
        return Finding("BPO213", "unknown-unit", place, problem, unit_step(price["word"], nouns))
    return finding


def _touch(one: Source, two: Source) -> bool:
    """Whether two places are on one line and have a character in common, or none between them."""
    if (one.file, one.line) != (two.file, two.line):
        return False
    return one.column <= two.column + two.length + 1 and two.column <= one.column + one.length + 1


def _amount(finding: Finding, run: re.Match[str], place: Source) -> Finding:
    currency = _SIGNS.get(run["currency"].lower(), run["currency"].upper())
    per = f" per {re.split(r'per |/', run['per'])[1].strip()}" if run["per"] else ""
    texts = [f"'{digits} {currency}{per}'" for digits in plain_forms(run["digits"], run["tail"] or "")]
    step = f"Write {texts[0]}" + (f", or {texts[1]} if the last mark is a decimal one" if len(texts) > 1 else "") + "."
    step += " '$' can be many dollars: write the code of the one that is meant." if run["currency"] == "$" else ""
    if run["currency"] in MINOR_DIGITS and run.start("currency") > run.start("digits"):  # only the digits are wrong
        return replace(finding, source=place, next_step=f"{step} Digits stand together, with a point for decimals.")
    problem = (
        f"{run[0]!r} is an amount in another form: here the digits come first, then a space and the currency's code."
    )
    return Finding("BPO205", "amount-in-another-form", place, problem, step)


def plain_forms(digits: str, tail: str = "") -> list[str]:
    """What a number with other marks can mean, in plain digits: one reading, or two where that cannot be told."""
    close = re.sub(r"[ '’\u00a0\u202f]", "", digits)
    marks = [mark for mark in close if mark in ".,"]
    if not marks:
        forms = [close]
    elif len(set(marks)) == 2:
        forms = [close.replace("," if marks[-1] == "." else ".", "").replace(marks[-1], ".")]
    elif len(marks) > 1:
        forms = [close.replace(marks[0], "")]
    else:
        decimal = close.replace(marks[0], ".")
        thousands = len(close) - close.index(marks[0]) == 4
        forms = [close.replace(marks[0], ""), decimal] if thousands and not tail else [decimal]
    return [number_text(Fraction(forms[0]) * 1000)] if tail in ("k", "K") else forms


def units_are_no_names(findings: Iterable[Finding], nouns: Collection[str]) -> tuple[Finding, ...]:
    """The findings; one about an unknown name that is a unit (``2.40 EUR / call``) says how a price is written."""
    units = {singular(noun) for noun in nouns} | DURATIONS.keys()
    return tuple(_no_name(finding, units) for finding in findings)


def _no_name(finding: Finding, units: Collection[str]) -> Finding:
    called = re.search(_CALLED, finding.problem) if finding.code == "BPO201" else None
    if called is None or singular(called[1]) not in units:
        return finding
    step = f"{called[1]!r} is a unit, and stands behind a number: a price is written as in '2.40 EUR per {called[1]}'."
    return replace(finding, next_step=step)


# --- units --------------------------------------------------------------------------------------------------


def _is_unknown(word: str, nouns: Collection[str]) -> bool:
    known = {singular(noun) for noun in nouns} | DURATIONS.keys()
    return singular(word) not in known and word not in MINOR_DIGITS


def unit_step(word: str, nouns: Collection[str]) -> str:
    """How a unit that is not known is declared; the nearest known one, if it was misspelt."""
    known = sorted({*nouns, *DURATIONS, *MINOR_DIGITS})
    near = difflib.get_close_matches(word.lower(), known, n=1, cutoff=0.75)
    if word.upper() in MINOR_DIGITS:
        return f"Write {word.upper()!r}."
    if word.lower() in _SIGNS:
        return f"Write {_SIGNS[word.lower()]!r}."
    if near:
        return f"Did you mean {near[0]!r}?"
    if not word.islower():  # "MWh" is written as it is, and no word of a language with a plural
        return f"Declare it as it is written: 'units: [{word}]' in the contract."
    plural = _plural(word)
    return f"Declare what is counted: 'units: [{plural}]' in the contract, or 'unit: {plural}' in the measure that counts it."


def _plural(word: str) -> str:
    return word if singular(word) != word else f"{word[:-1]}ies" if re.search("[^aeiou]y$", word) else f"{word}s"
