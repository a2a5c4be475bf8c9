"""One fact is stated once: the same row again is a duplicate, and rows that contradict one another are set aside.

Contradicting rows are all rejected, each naming the others: to keep the first, the last or the better one would
decide a dispute. What is decided here never depends on the order of rows or files.

* Two rows state the same fact if they name the same measure, period and scope, or the same item of a list.
* They agree if value, ratio, sample and status are the same; they may name different evidence.
* Two items that cannot be told apart (no identity, all columns the same) may be one item written twice or
  two items: that is a question, and nobody answers it here.
* Two names that differ only in capitals or in the form of their letters are one name, spelled in two ways.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from bpo_contracts.performance.facts import (
    Fact,
    FactKey,
    Item,
    NothingReported,
    Text,
    fact_key,
    fact_text,
    value_text,
)
from bpo_contracts.performance.report import RejectedRow, Rejections, place_key, rejected
from bpo_contracts.performance.row_reading import RowReading
from bpo_contracts.performance.texts import seen
from bpo_contracts.values.findings import Finding, in_order
from bpo_contracts.values.frozen import frozen
from bpo_contracts.values.numbers import number_text
from bpo_contracts.values.periods import Period
from bpo_contracts.values.sources import Source

NAMED_MAX: Final = 5


@frozen
class Reconciled:
    """The facts, each once, the rows set aside, and how many rows were accepted and how many duplicates.

    ``nothing``: the periods of which a row says nothing else: no row at all, or that the period is provisional.
    """

    facts: tuple[Fact, ...]
    rejected: tuple[RejectedRow, ...]
    accepted: int
    duplicate: int
    nothing: tuple[NothingReported, ...]


@frozen
class _Statement:
    """What one row says in a group of rows that must agree, in words, and where."""

    reading: RowReading
    says: str
    place: Source


def reconcile(readings: Iterable[RowReading]) -> Reconciled:
    """Sort the rows into accepted, rejected and duplicate ones (BPO328, BPO342 and BPO343 are found here)."""
    in_place = sorted(readings, key=lambda reading: place_key(reading.row.place))
    sound = [reading for reading in in_place if not reading.findings]
    rejections = Rejections()
    for reading, finding in [*_disagreements(sound), *_look_alikes(sound)]:
        reading.findings.append(finding)
        rejections.add((finding,))
    kept = [reading for reading in sound if not reading.findings]
    accepted = _count_accepted(kept)
    return Reconciled(
        facts=_each_once(kept),
        rejected=tuple(rejected(r.row, in_order(r.findings)) for r in in_place if r.findings),
        accepted=accepted,
        duplicate=len(kept) - accepted,
        nothing=_nothing(kept),
    )


def _disagreements(readings: Sequence[RowReading]) -> Iterator[tuple[RowReading, Finding]]:
    stated: dict[FactKey, list[tuple[RowReading, Fact]]] = {}
    for reading in readings:
        for fact in reading.facts:
            stated.setdefault(fact_key(fact), []).append((reading, fact))
    for group in stated.values():
        if len(group) == 1:
            continue
        statements = [_Statement(reading, _says(fact), fact.place) for reading, fact in group]
        first = group[0][1]
        if isinstance(first, Item) and not first.key:
            problem = f"{len(group)} rows of {first.list} in {first.period} are the same and have no identity."
            step = "Fill in the column item: different names if these are different items, one name if it is one item."
            yield from _to_each(statements, "BPO342", "same-item-or-two", problem, step)
        elif len({fact_text(fact)[:-1] for _, fact in group}) > 1:
            problem = f"{len(group)} rows contradict one another on {_about(first)}: {_listed(statements)}."
            step = "Keep the row that is right and remove the others; none of them is used until then."
            yield from _to_each(statements, "BPO328", "contradiction", problem, step)


def _look_alikes(readings: Sequence[RowReading]) -> Iterator[tuple[RowReading, Finding]]:
    groups: dict[tuple[str, ...], list[_Statement]] = {}
    for reading in readings:
        for spelling in reading.spellings:
            groups.setdefault(spelling.looks, []).append(_Statement(reading, seen(spelling.text), spelling.place))
    for statements in groups.values():
        if len({statement.says for statement in statements}) > 1:
            problem = f"One name is spelled in different ways: {_listed(statements)}."
            yield from _to_each(statements, "BPO343", "look-alike-names", problem, "Spell it in one way in every row.")


def _to_each(
    statements: Sequence[_Statement], code: str, name: str, problem: str, next_step: str
) -> Iterator[tuple[RowReading, Finding]]:
    """One finding for each row, which names others: first those that say something else, and not more than a few."""
    voices = {statement.says: statement.place for statement in reversed(statements)}
    few = [*list(voices.values())[-NAMED_MAX - 1 :], *(s.place for s in statements[: NAMED_MAX + 1])]
    for statement in statements:
        others = dict.fromkeys(place for place in few if place != statement.place)
        also = tuple(sorted(list(others)[:NAMED_MAX], key=place_key))
        yield statement.reading, Finding(code, name, statement.place, problem, next_step, also)


def _listed(statements: Sequence[_Statement]) -> str:
    said = sorted({statement.says for statement in statements})
    more = f", and {len(said) - NAMED_MAX} more" if len(said) > NAMED_MAX else ""
    return "; ".join(said[:NAMED_MAX]) + more


def _about(fact: Fact) -> str:
    if isinstance(fact, Item):
        return f"item {seen(fact.key)} of {fact.list} in {fact.period}"
    scope = "".join(f", {name} {value}" for name, value in fact.scope)
    return f"{fact.measure} in {fact.period}{scope}"


def _says(fact: Fact) -> str:
    if isinstance(fact, Item):
        columns = ", ".join(f"{name} {value_text(value)}" for name, value in fact.columns)
        return f"{columns or 'nothing'} ({fact.status})"
    if fact.numerator is None or fact.denominator is None:
        ratio = ""
    else:
        ratio = f" from {number_text(fact.numerator)} of {number_text(fact.denominator)}"
    sample = "" if fact.sample is None else f", sample {number_text(fact.sample)}"
    return f"{value_text(fact.value)}{ratio}{sample} ({fact.status})"


def _count_accepted(readings: Sequence[RowReading]) -> int:
    """How many rows say something that no row before them said; rows with more facts come first.

    A row that reports nothing at all is accepted: it repeats nobody.
    """
    texts = [sorted(fact_text(fact)[:-1] for fact in reading.facts) for reading in readings]
    known: set[Text] = set()
    accepted = 0
    for row in sorted(texts, key=lambda row: (-len(row), row)):
        if not row or not known.issuperset(row):
            accepted += 1
        known.update(row)
    return accepted


def _nothing(readings: Sequence[RowReading]) -> tuple[NothingReported, ...]:
    """Each period with a row of the period alone, once: without a fact, or provisional, whatever else is reported of it."""
    told = {fact.period for reading in readings for fact in reading.facts}
    found: dict[Period, NothingReported] = {}
    for reading in readings:
        empty = reading.nothing
        if empty is not None and (empty.period not in told or empty.status == "provisional"):
            known = found.get(empty.period)
            found[empty.period] = empty if known is None or empty.status == "provisional" else known
    return tuple(found[period] for period in sorted(found))


def _each_once(readings: Sequence[RowReading]) -> tuple[Fact, ...]:
    """Every fact once, in canonical order; of equal ones that which names its evidence, the first by its text."""
    best: dict[Text, Fact] = {}
    for reading in readings:
        for fact in reading.facts:
            text = fact_text(fact)[:-1]
            kept = best.get(text)
            if kept is None or (fact.evidence and (not kept.evidence or fact.evidence < kept.evidence)):
                best[text] = fact
    return tuple(best[text] for text in sorted(best))
