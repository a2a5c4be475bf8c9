"""Formulas and rows, cut into words.

A number takes its unit with it: ``98.5 %``, ``14.00 EUR per incident``, ``42.50 GBP/t``. A slash belongs to the unit
only where nothing stands between (``GBP/t``); ``total / calls`` is a division. Whatever could be read two ways is
refused here and not repaired: decimal commas, days in other orders, typographic operators.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date, datetime
from fractions import Fraction
from functools import lru_cache
from typing import Final, Literal, NoReturn

from bpo_contracts.terms.places import part_of
from bpo_contracts.values.currencies import MINOR_DIGITS
from bpo_contracts.values.findings import BadInput, refuse
from bpo_contracts.values.frozen import frozen, slotted
from bpo_contracts.values.numbers import NotANumber, parse_number
from bpo_contracts.values.periods import NotADay, parse_day
from bpo_contracts.values.sources import NOWHERE, Source
from bpo_contracts.values.units import DURATIONS, Unit, WrongUnit, parse_unit, singular

TEXT_BYTES_MAX: Final = 4096
_KEPT_MAX: Final = 80
"""The longest text whose words are remembered, in characters; longer ones would not come again and take much memory."""

Kind = Literal["number", "ordinal", "day", "instant", "text", "word", "mark", "end"]


@frozen
class Token:
    """One word of a text, from ``start`` to ``end`` in characters.

    ``number`` is as written, without the unit's factor; ``unit`` is None for a bare number. ``time`` is the value of a
    day or instant.
    """

    kind: Kind
    text: str
    start: int
    end: int
    number: Fraction = Fraction(0)
    unit: Unit | None = None
    unit_text: str = ""
    time: date | datetime | None = None


_SPACE = re.compile(r"\s+")
_DAYISH = re.compile(
    r"[0-9]{4}-[0-9]{1,2}(?:-[0-9]{1,2}(?:[Tt][0-9:.]*(?:[Zz]|[+-][0-9:]+)?)?)?(?![\w.])"
    r"|[0-9]{1,2}[/.][0-9]{1,2}[/.][0-9]{4}(?![\w.])",
    re.ASCII,
)
_INSTANT = r"(?a)([0-9-]{10})T((?:[01][0-9]|2[0-3]):[0-9]{2}(?::[0-9]{2})?)(Z|[+-][0-9]{2}:[0-9]{2})\Z"
_NUMBER = re.compile(r"\d[\w.]*(?::\d[\w.:]*)?|\.\d[\w.]*")  # with a colon it is a time of day, and said to be one
_ORDINAL = re.compile(r"([0-9]+(?:\.[0-9]+)?)(?:st|nd|rd|th)(?=\s+percentile\b)", re.ASCII)
_WORD = re.compile(r"half-years?\b|[^\W\d]\w*(?:\.[^\W\d]\w*)*")  # "year" is no name, so "half-year" takes nothing away
_TEXT = re.compile(r'"([^"\n]*)"')
_MARK = re.compile(r"'s\b|\u2019s\b|<=|>=|!=|[<>=+\-*/(),:%]")
_CAPITALS = re.compile("[A-Z]{3}")
_COMMA_NUMBER = r"(?a)[0-9]+(?:,[0-9]+)+(?:\.[0-9]+)?"
_WRONG: Final[tuple[tuple[str, str], ...]] = (
    ("==", "Write '=' or 'is' to compare."),
    ("<>", "Write '!=' or 'is not' for 'different from'."),
    ("=<", "Write '<=' or 'at most'."),
    ("=>", "Write '>=' or 'at least'."),
    ("**", "There are no powers; multiply, or use a table."),
    ("^", "There are no powers; multiply, or use a table."),
    ("\u2212", "This minus sign is a typographic one; type '-'."),
    ("\u2013", "This is a dash; type '-' for minus, or write a range as 'X to Y' or 'X to under Y'."),
    ("\u2014", "This is a dash; type '-' for minus, or write a range as 'X to Y' or 'X to under Y'."),
    ("\u00d7", "Write '*' to multiply."),
    ("\u00f7", "Write '/' to divide."),
    ("\u2264", "Write '<=' or 'at most'."),
    ("\u2265", "Write '>=' or 'at least'."),
    ("\u2260", "Write '!=' or 'is not'."),
    ("\u201c", 'Type plain quotation marks: "voice".'),
    ("\u201d", 'Type plain quotation marks: "voice".'),
    ("'", 'Write words in double quotation marks: "voice".'),
    ('"', "The quotation mark is not closed on this line."),
    ("[", "Use round brackets: ( and )."),
    ("]", "Use round brackets: ( and )."),
    ("{", "Use round brackets: ( and )."),
    ("}", "Use round brackets: ( and )."),
)


def lex(text: str, nouns: Collection[str], source: Source) -> tuple[Token, ...]:
    """The words of a formula, a quantity or a row label; the last one is an ``end``.

    Raises:
        BadInput: BPO210 for more than 4 KiB, BPO211 for an unknown character, BPO212 for a number that is not plain,
            BPO218 for a day or time that does not exist or is written in another order.
    """
    if len(text) > TEXT_BYTES_MAX or len(text.encode("utf-8", "replace")) > TEXT_BYTES_MAX:
        raise refuse(
            "BPO210",
            "formula-too-large",
            f"This text has {len(text)} characters; a formula has at most {TEXT_BYTES_MAX} bytes.",
            "Give parts of it names of their own, as figures.",
            part_of(source, text, start=0, end=min(len(text), 80)),
        )
    known = frozenset(nouns)
    if len(text) > _KEPT_MAX:
        return _Lexer(text, known, source).tokens()
    try:
        return _tokens(text, known)
    except BadInput:  # once more, for the place of what is wrong
        return _Lexer(text, known, source).tokens()


@lru_cache(maxsize=1024)  # the same levels, prices and roundings stand in clause after clause
def _tokens(text: str, nouns: frozenset[str]) -> tuple[Token, ...]:
    return _Lexer(text, nouns, NOWHERE).tokens()


@slotted
class _Lexer:
    text: str
    nouns: frozenset[str]
    source: Source
    at: int = 0

    def tokens(self) -> tuple[Token, ...]:
        found: list[Token] = []
        while True:
            space = _SPACE.match(self.text, self.at)
            self.at = space.end() if space else self.at
            if self.at >= len(self.text):
                return (*found, Token("end", "", len(self.text), len(self.text)))
            found.append(self._next())
            self.at = found[-1].end

    def _next(self) -> Token:
        if self.text[self.at].isalpha() and (word := _WORD.match(self.text, self.at)):
            return Token("word", word.group(), self.at, word.end())
        for wrong, step in _WRONG[:5]:
            if self.text.startswith(wrong, self.at):
                self._unknown(wrong, step)
        if day := _DAYISH.match(self.text, self.at):
            return self._day(day.group(), day.end())
        if ordinal := _ORDINAL.match(self.text, self.at):
            return self._ordinal(ordinal)
        if number := _NUMBER.match(self.text, self.at):
            return self._number(number.group(), number.end())
        if quoted := _TEXT.match(self.text, self.at):
            return Token("text", quoted.group(1), self.at, quoted.end())
        if word := _WORD.match(self.text, self.at):  # one that begins with _
            return Token("word", word.group(), self.at, word.end())
        if mark := _MARK.match(self.text, self.at):
            return Token("mark", mark.group().replace("\u2019", "'"), self.at, mark.end())
        for wrong, step in _WRONG[5:]:
            if self.text.startswith(wrong, self.at):
                self._unknown(wrong, step)
        character = self.text[self.at]
        return self._unknown(character if character.isprintable() else f"U+{ord(character):04X}", "Remove it.")

    def _number(self, raw: str, end: int) -> Token:
        try:
            value = parse_number(raw)
        except NotANumber as why:
            if self.text.startswith(",", self.at - 1) and (run := grouped_digits(self.text, self.at - 1)):
                raise comma_in_number(run, self.text, self.at, self.source) from None
            step = "Write a number in plain digits, a space, then its unit."
            self._fail("BPO212", "not-a-number", f"{why}.", step, end)
        unit = _unit_at(self.text, end, self.nouns)
        if not unit:
            return Token("number", raw, self.at, end, value)
        words = " ".join(unit.group().split())
        return Token("number", raw, self.at, unit.end(), value, self._unit(words, unit.end()), words)

    def _ordinal(self, found: re.Match[str]) -> Token:
        """``95th``, which stands before ``percentile`` only."""
        try:
            return Token("ordinal", found.group(), self.at, found.end(), parse_number(found[1]))
        except NotANumber as why:
            step = "Write a percentile as in '95th percentile' or '99.9th percentile'."
            return self._fail("BPO212", "not-a-number", f"{why}.", step, found.end())

    def _unit(self, words: str, end: int) -> Unit:
        try:
            unit = parse_unit(words, self.nouns)
            if unit.kind != "number":  # after a number "day" is a length of time and "word" a count
                unit = parse_unit(words + "s", self.nouns)
        except WrongUnit as why:
            self._fail("BPO213", "unknown-unit", f"{why}.", "Use a unit that the contract knows.", end)
        if unit.is_plain:
            problem = f"The units of {words!r} cancel out, and nothing is left to check."
            self._fail(
                "BPO213", "unknown-unit", problem, "Write the plain number or the percentage that is meant.", end
            )
        return unit

    def _day(self, raw: str, end: int) -> Token:
        try:
            if "T" in raw.upper():
                return Token("instant", raw, self.at, end, time=_instant(raw))
            return Token("day", raw, self.at, end, time=parse_day(raw))
        except NotADay as why:
            step = "Write a day as 2026-06-11. If a calculation is meant, put spaces around '-' and '/'."
            return self._fail("BPO218", "not-a-day", f"{why}.", step, end)

    def _unknown(self, shown: str, step: str) -> NoReturn:
        problem = f"The character {shown!r} has no meaning here."
        if shown == '"':
            problem = "A quotation mark opens here and is never closed."
        self._fail("BPO211", "unknown-character", problem, step, self.at + len(shown))

    def _fail(self, code: str, name: str, problem: str, step: str, end: int) -> NoReturn:
        raise refuse(code, name, problem, step, part_of(self.source, self.text, start=self.at, end=end))


def _instant(raw: str) -> datetime:
    match = re.match(_INSTANT, raw)
    if not match:
        raise NotADay(
            f"{raw[:40]!r} is not a time; write it with its zone, as 2026-06-11T10:00:00Z or …T12:00:00+02:00"
        )
    parse_day(match[1])
    try:
        return datetime.fromisoformat(f"{match[1]}T{match[2]}{match[3].replace('Z', '+00:00')}")
    except ValueError:
        raise NotADay(f"{raw} does not exist on the clock") from None


def grouped_digits(text: str, comma: int) -> str:
    """The run of digits and commas around the comma at ``comma`` (``99,9`` or ``1,000.00``), or "" if there is none."""
    for run in re.finditer(_COMMA_NUMBER, text):
        if run.start() < comma < run.end():
            return run.group()
    return ""


def comma_in_number(run: str, text: str, near: int, source: Source) -> BadInput:
    """BPO212 for ``99,9``: a comma between digits is never swallowed. ``near`` is a position inside the run."""
    try:
        parse_number(run)
        why = f"{run!r} has a comma inside a number"
    except NotANumber as reason:
        why = str(reason)
    start = text.rfind(run, 0, near + len(run))
    place = part_of(source, text, start=start, end=start + len(run))
    step = "Write a decimal point and no thousands separators; between two numbers write a comma and a space."
    return refuse("BPO212", "not-a-number", f"{why}.", step, place)


def _unit_at(text: str, at: int, nouns: frozenset[str]) -> re.Match[str] | None:
    """The unit that stands at this place. The pattern that spells all currencies takes long to make, and is seldom
    needed: three capitals nearly always are one."""
    found = _unit_pattern(nouns, _CAPITALS.pattern).match(text, at)
    if found and not all(code in MINOR_DIGITS for code in _CAPITALS.findall(found.group())):
        return _unit_pattern(nouns, "|".join(MINOR_DIGITS)).match(text, at)
    return found


@lru_cache(maxsize=64)
def _unit_pattern(nouns: frozenset[str], currencies: str) -> re.Pattern[str]:
    """What may follow a number as its unit: a known word, then any number of ``per`` or ``/`` with known words."""
    forms = {form for noun in (*nouns, *DURATIONS) for form in _forms(noun)}
    longest_first = [re.escape(form) for form in sorted(forms, key=lambda form: (-len(form), form))]
    word = f"(?:{'|'.join(longest_first)}|{currencies})" + r"(?!\w)"
    per = rf"(?:/|\s+per\s+){word}"
    share = r"%|(?:percentage\s+points?|percent|pp)(?!\w)"
    return re.compile(rf"\s*(?:{share}|(?:|(?<=\s)per\s+){word}(?:{per})*)")


def _forms(noun: str) -> set[str]:
    base = singular(noun)
    candidates = (noun, base, base + "s", base + "es", base[:-1] + "ies")
    return {form for form in candidates if form and singular(form) == base}
