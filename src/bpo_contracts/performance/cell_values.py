"""Reading one cell as the value its measure holds, exactly; nothing is rounded, converted or guessed.

A number is plain decimal text, with its measure's own unit after it or with no unit. Yes and no are ``yes`` and
``no``. A day is ``2026-03-31``; an instant has its offset from UTC, as ``2026-03-31T22:15:00+02:00``. What is
written otherwise is refused with a sentence that says what to write.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from fractions import Fraction
from functools import lru_cache
from typing import Final

from bpo_contracts.performance.facts import Value
from bpo_contracts.performance.names import Names
from bpo_contracts.performance.report import Cell
from bpo_contracts.performance.rows import Claim
from bpo_contracts.performance.shape import MeasureShape
from bpo_contracts.performance.texts import is_identifier, seen
from bpo_contracts.values.findings import BadInput, Finding, refuse
from bpo_contracts.values.numbers import NotANumber, number_text, parse_number
from bpo_contracts.values.periods import NotADay, parse_day
from bpo_contracts.values.units import DURATIONS, singular

_INSTANT = r"(?a)([0-9]{4}-[0-9]{2}-[0-9]{2})T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-5][0-9])\Z"
_HUNDRED: Final = Fraction(100)


def read_value(cell: Cell, shape: MeasureShape) -> Value:
    """The value in the cell, of the shape's kind; a number is in the shape's unit, an instant in UTC.

    Raises:
        BadInput: BPO331 to BPO340, at the cell.
    """
    if shape.kind == "number":
        return _read_number(cell, shape)
    if shape.kind == "truth":
        return _read_truth(cell, shape)
    if shape.kind == "word":
        return _read_word(cell, shape)
    return _read_day(cell, shape) if shape.kind == "day" else _read_instant(cell, shape)


def read_ratio(claim: Claim, shape: MeasureShape) -> tuple[Fraction, Fraction, Fraction]:
    """The value, numerator and denominator of a claim that has both parts; per hundred if the unit is ``%``.

    Raises:
        BadInput: with every finding on the two cells (BPO329 to BPO331, BPO335, BPO336).
    """
    if claim.numerator is None or claim.denominator is None:
        raise ValueError("the claim is not a ratio")
    if shape.kind != "number":
        raise refuse(
            "BPO317",
            "half-or-double-value",
            f"{shape.name} is not a number and cannot be given as a numerator and denominator.",
            "Give it as a value.",
            claim.place,
        )
    findings: list[Finding] = []
    numerator = _collect(findings, claim.numerator, f"numerator of {shape.name}")
    denominator = _collect(findings, claim.denominator, f"denominator of {shape.name}")
    if denominator is not None and denominator <= 0:
        findings.append(_bad_denominator(claim.denominator, shape))
    if numerator is None or denominator is None or findings:
        raise BadInput(findings)
    percentage = shape.unit == "%"
    if percentage and shape.high is not None and shape.high <= _HUNDRED and numerator > denominator:
        above = f"is {number_text(numerator)}, above its denominator {number_text(denominator)}"
        raise refuse(
            "BPO329",
            "numerator-above-denominator",
            f"The numerator of {shape.name} {above}.",
            "Check whether the two were swapped, or whether they count the same cases.",
            claim.numerator.place,
            (claim.denominator.place,),
        )
    value = (_HUNDRED if percentage else 1) * numerator / denominator
    _check_number(value, claim.numerator, shape)
    return value, numerator, denominator


def read_sample(cell: Cell, measure: str) -> Fraction:
    """The number of cases behind a value; zero or more.

    Raises:
        BadInput: BPO331 or BPO336, at the cell.
    """
    sample = _plain_number(cell, f"sample of {measure}")
    if sample < 0:
        problem = f"The sample of {measure} is {number_text(sample)}, below zero."
        raise refuse("BPO331", "out-of-range", problem, "Write the number of cases behind the value.", cell.place)
    return sample


def _collect(findings: list[Finding], cell: Cell, what: str) -> Fraction | None:
    try:
        return _plain_number(cell, what)
    except BadInput as bad:
        findings += bad.findings
        return None


def _plain_number(cell: Cell, what: str, text: str | None = None) -> Fraction:
    try:
        return parse_number(cell.text if text is None else text)
    except NotANumber as why:
        raise refuse(
            "BPO336", "not-a-number", f"The {what} cannot be read: {why}.", "Correct the cell.", cell.place
        ) from None


def _bad_denominator(cell: Cell, shape: MeasureShape) -> Finding:
    return Finding(
        "BPO330",
        "denominator-not-above-zero",
        cell.place,
        f"The denominator of {shape.name} is {cell.text}; it must be above zero.",
        "If there was nothing to measure, leave both cells empty: the contract says what missing data means.",
    )


def _read_number(cell: Cell, shape: MeasureShape) -> Fraction:
    text, unit = _split_unit(cell.text)
    value = _plain_number(cell, shape.name, text)
    if unit and singular(unit) != singular(shape.unit):
        holds = f"{shape.name} is in {shape.unit}" if shape.unit else f"{shape.name} has no unit"
        problem = f"The value {seen(cell.text)} is in {seen(unit)}, and {holds}."
        step = f"Convert it and write it as in {_converted(text, value, unit, shape.unit)!r}, or leave the unit out."
        raise refuse("BPO333", "wrong-unit", problem, step, cell.place)
    if not unit and shape.unit == "%" and shape.fraction_is_suspicious and "." in text and 0 < value <= 1:
        raise refuse(
            "BPO332",
            "looks-like-a-fraction",
            f"{shape.name} is a percentage, and {text} looks like a fraction of 1.",
            f"Write {number_text(value * _HUNDRED)} for {number_text(value * _HUNDRED)} %;"
            f" if it really is {text} per hundred, write {text} %.",
            cell.place,
        )
    decimals = len(text.partition(".")[2].rstrip("0"))
    if not shape.whole and decimals > shape.decimals_max:
        problem = f"{seen(text)} has {decimals} decimals, and {shape.name} holds at most {shape.decimals_max}."
        step = "Write the number as the contract measures it; it is not rounded here."
        raise refuse("BPO334", "too-many-decimals", problem, step, cell.place)
    _check_number(value, cell, shape)
    return value


def _converted(text: str, value: Fraction, written: str, wanted: str) -> str:
    """The value as it should have been written: ``180 minutes`` for ``3 hours``; otherwise the form alone."""
    one, other = DURATIONS.get(singular(written)), DURATIONS.get(singular(wanted))
    if one is not None and other is not None:
        text = number_text(value * one / other)
    return f"{text} {wanted}".strip()


def _split_unit(text: str) -> tuple[str, str]:
    """The number and the unit after it (empty if there is none): ``98.5 %``, ``98.5%``, ``30 minutes``."""
    if text.endswith("%"):
        return text[:-1].rstrip(" "), "%"
    number, _, unit = text.partition(" ")
    unit = unit.strip(" ")
    return (number, unit) if unit[:1].isalpha() else (text, "")


def _check_number(value: Fraction, cell: Cell, shape: MeasureShape) -> None:
    if shape.whole and value.denominator != 1:
        problem = f"{shape.name} is a whole number, and this comes to {number_text(value)}."
        raise refuse("BPO335", "not-whole", problem, "Write a whole number; it is not rounded here.", cell.place)
    below = shape.low is not None and value < shape.low
    if below or (shape.high is not None and value > shape.high):
        low = "" if shape.low is None else f" from {number_text(shape.low)}"
        high = "" if shape.high is None else f" to {number_text(shape.high)}"
        unit = f" {shape.unit}" if shape.unit else ""
        problem = f"{shape.name} is {number_text(value)}{unit}, outside its range{low}{high}{unit}."
        raise refuse("BPO331", "out-of-range", problem, "Check the value and its unit.", cell.place)


def _read_truth(cell: Cell, shape: MeasureShape) -> bool:
    if cell.text in ("yes", "no"):
        return cell.text == "yes"
    problem = f"{shape.name} is yes or no, and the cell holds {seen(cell.text)}."
    raise refuse("BPO337", "not-yes-or-no", problem, "Write yes or no, in small letters.", cell.place)


def _read_word(cell: Cell, shape: MeasureShape) -> str:
    if shape.words and cell.text not in shape.words:
        problem = f"{seen(cell.text)} is not a word that {shape.name} can have."
        advice = _names(shape.words).advice(cell.text, "words for it")
        raise refuse("BPO340", "unknown-word", problem, advice, cell.place)
    if not shape.words and not is_identifier(cell.text):
        problem = f"{shape.name} is a name, and {seen(cell.text)} is not one."
        step = "Use 1 to 64 of the letters A-Z and a-z, digits, point, underscore and hyphen, without spaces."
        raise refuse("BPO340", "unknown-word", problem, step, cell.place)
    return cell.text


@lru_cache(maxsize=64)
def _names(words: tuple[str, ...]) -> Names:
    return Names(words)


def _read_day(cell: Cell, shape: MeasureShape) -> Value:
    try:
        return parse_day(cell.text)
    except NotADay as why:
        problem = f"{shape.name} cannot be read: {why}."
        raise refuse("BPO338", "not-a-day", problem, "Correct the day.", cell.place) from None


def _read_instant(cell: Cell, shape: MeasureShape) -> datetime:
    match = re.match(_INSTANT, cell.text)
    try:
        if match is None:
            raise NotADay(f"{seen(cell.text)} is not a date and time with its offset from UTC")
        parse_day(match[1])
        return datetime.fromisoformat(cell.text).astimezone(UTC)
    except (ValueError, OverflowError) as why:
        problem = f"{shape.name} cannot be read: {why}."
        step = "Write it as 2026-03-31T22:15:00+02:00, or as 2026-03-31T20:15:00Z; a time without offset is ambiguous."
        raise refuse("BPO339", "not-an-instant", problem, step, cell.place) from None
