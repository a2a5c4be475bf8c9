"""Hypothesis strategies: contracts that are valid by construction, and reports that look for their boundaries.

``contracts()`` draws whole contract documents (maps, lists and texts, as a file would have them): measures of several
units with their precision, missing and sample rules, lots, charges, credits, bonuses, incentives, gates, totals, caps
inside caps, caps over windows, carried excess, collars, consequences, amendments. ``reports(contract)`` draws a
performance document for some periods: most values lie on a boundary or one last place beside it.

    @given(st.data())
    def test_my_billing(data):
        contract = contract_of(data.draw(contracts()))
        report = report_of(data.draw(reports(contract)))

Hypothesis is no dependency of the library; it is imported here and nowhere else.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from fractions import Fraction
from typing import Final, TypeVar

try:
    from hypothesis import strategies as st
except ModuleNotFoundError:
    raise ModuleNotFoundError(
        "generated contracts need the package 'hypothesis': install it", name="hypothesis"
    ) from None

from bpo_contracts.contract.amending import in_force
from bpo_contracts.contract.contract import Contract
from bpo_contracts.contract.measure import Measure
from bpo_contracts.contract.reading import read_contract
from bpo_contracts.formats.documents import read_document
from bpo_contracts.formats.performance import read_performance
from bpo_contracts.performance.report import PerformanceReport
from bpo_contracts.testing.boundaries import Scale, scales
from bpo_contracts.testing.drafting import Document, Drafting
from bpo_contracts.values.canonical import canonical
from bpo_contracts.values.numbers import DECIMALS_MAX, decimal_places, fixed_text

T = TypeVar("T")

__all__ = ["Document", "contract_of", "contracts", "report_of", "reports", "sentences"]

PERIODS_MAX: Final = 4
"""How many periods a drawn report is about, at most; contracts run longer."""

_HIDDEN: Final = "\u034f\u115f\u1160\u17b4\u17b5\u180e\u3164\uffa0\ufff9\ufffa\ufffb"


def contract_of(document: Document) -> Contract:
    """The contract that a drawn document writes, read as a file of it would be."""
    return read_contract(read_document(canonical(document), "contract.json"))


def report_of(document: Document) -> PerformanceReport:
    """The report that a drawn document writes, read as a file of it would be."""
    return read_performance(canonical(document), "performance.json")


def sentences() -> st.SearchStrategy[str]:
    """Texts for people in any script, with quotes, backslashes and characters of every plane; nothing hidden."""
    characters = st.characters(
        exclude_categories=("Cc", "Cf", "Cs", "Zl", "Zp", "Co", "Cn"), exclude_characters=_HIDDEN
    )
    awkward = st.sampled_from(['"', "\\", "/", "é", "ß", "😀", "𝄞", "ﬁ", "\u00a0", "<b>", "\\u0041", "{}", "%s"])
    return (
        st.lists(characters | awkward, min_size=1, max_size=12)
        .map(lambda parts: unicodedata.normalize("NFC", "".join(parts)))
        .filter(lambda text: bool(text.strip()) and not set(text) & set(_HIDDEN))
    )


def contracts(*, falling: bool = False, texts: st.SearchStrategy[str] | None = None) -> st.SearchStrategy[Document]:
    """Contract documents that have no findings.

    ``falling``: all rates fall (credits) or rise (bonuses) with better values of the measure they are read at.
    ``texts``: what titles and words are made of (plain words if not given).
    """
    plain = st.sampled_from(["Words.", "As agreed in Schedule 2.", "Nicht weniger als vereinbart."])
    return _contracts(falling, plain if texts is None else texts)


def reports(contract: Contract, *, periods: int | None = None) -> st.SearchStrategy[Document]:
    """Performance documents for the first periods of a contract (``periods`` of them, or one to ``PERIODS_MAX``), as far
    as its term goes.

    A value is left out only where the contract says what holds then; a period in which all are has a row all the same.
    """
    return _reports(contract, periods)


# --- contracts --------------------------------------------------------------------------------------------------------


@st.composite
def _contracts(draw: st.DrawFn, falling: bool, texts: st.SearchStrategy[str]) -> Document:
    return Drafting(_Drawn(draw, texts), falling=falling).document()


class _Drawn:
    """Choices that Hypothesis makes."""

    def __init__(self, draw: st.DrawFn, texts: st.SearchStrategy[str]) -> None:
        self._draw, self._texts = draw, texts

    def one(self, options: Sequence[T]) -> T:
        return self._draw(st.sampled_from(options))

    def number(self, low: int, high: int) -> int:
        return self._draw(st.integers(low, high))

    def yes(self) -> bool:
        return self._draw(st.booleans())

    def several(self, low: int, high: int, count: int) -> list[int]:
        return self._draw(st.lists(st.integers(low, high), min_size=count, max_size=count, unique=True))

    def shuffled(self, items: Sequence[T]) -> list[T]:
        return self._draw(st.permutations(items))

    def words(self) -> str:
        return self._draw(self._texts)


# --- reports ----------------------------------------------------------------------------------------------------------


@st.composite
def _reports(draw: st.DrawFn, contract: Contract, periods: int | None) -> Document:
    term = contract.last_period.number - contract.first_period.number + 1
    count = min(periods or draw(st.integers(1, PERIODS_MAX)), term)
    labels = [contract.first_period.shift(number).label for number in range(count)]
    rows: list[Document] = []
    items: list[Document] = []
    earlier: list[tuple[str, dict[str, str]]] = []
    for number, label in enumerate(labels):
        version = in_force(contract, contract.first_period.shift(number))
        known = scales(version)
        facts = [
            (name, measure, lot)
            for name, measure in version.measures.items()
            if not measure.computed
            for lot in _lots(version, measure)
        ]
        of_period = [
            {"period": label, "measure": name, **lot} | _fact(draw, measure, known.get(name)) | _evidence(draw)
            for name, measure, lot in facts
            if not ((name, lot) in earlier and measure.missing != "refuse" and draw(st.integers(0, 3)) == 3)
        ]
        if all((name, lot) in earlier and measure.missing != "refuse" for name, measure, lot in facts):
            of_period = [] if draw(st.integers(0, 3)) == 3 else of_period
        rows += of_period or [{"period": label}]
        earlier = [(name, lot) for name, _, lot in facts]
        items += _items(draw, version, label)
    document: Document = {"schema": "bpo-contracts/performance/1", "measurements": rows}
    return document | ({"items": items} if items else {})


def _lots(contract: Contract, measure: Measure) -> list[dict[str, str]]:
    lots: list[dict[str, str]] = [{}]
    for scope in measure.for_each:
        lots = [{**lot, scope: value} for lot in lots for value in contract.scopes[scope]]
    return lots


def _evidence(draw: st.DrawFn) -> Document:
    status = {"status": "provisional"} if draw(st.integers(0, 7)) == 7 else {}
    return status | ({"source": draw(st.sampled_from(["monthly report", "système", 'the "ACD"']))} if status else {})


def _fact(draw: st.DrawFn, measure: Measure, scale: Scale | None) -> Document:
    """A value, mostly a decisive one, or a ratio; with a sample around the least one where the contract has one."""
    if scale is None:
        return {"value": _word(draw, measure)}
    fact: Document = {}
    if measure.unit == "%" and draw(st.integers(0, 3)) == 3:
        denominator = draw(st.integers(1, 60))
        fact = {"numerator": str(draw(st.integers(0, denominator))), "denominator": str(denominator)}
    else:
        value = draw(_numbers(scale))
        fact = {"value": _text(value) + (f" {measure.unit}" if measure.unit == "%" or draw(st.booleans()) else "")}
    if measure.minimum_sample is not None:
        least = int(measure.minimum_sample)
        fact["sample"] = str(draw(st.sampled_from([least, least - 1, least + 1, 0])))
    return fact


def _numbers(scale: Scale) -> st.SearchStrategy[Fraction]:
    low = 0 if scale.low is None else int(scale.low / scale.grain)
    high = int(scale.high / scale.grain) if scale.high is not None else low + 2000
    anywhere = st.integers(low, high).map(lambda steps: steps * scale.grain)
    decisive = [value for value in scale.decisive() if value >= 0 and _decimals(value) <= DECIMALS_MAX]
    return st.sampled_from(decisive) | anywhere if decisive else anywhere


def _decimals(value: Fraction) -> int:
    places = decimal_places(value.denominator)
    return DECIMALS_MAX + 1 if places is None else places


def _text(value: Fraction) -> str:
    return fixed_text(value.numerator, value.denominator, _decimals(value))


def _word(draw: st.DrawFn, measure: Measure) -> str:
    if measure.unit in ("yes/no", "yes or no"):
        return draw(st.sampled_from(["no", "yes"]))
    if measure.unit in ("day", "date"):
        return f"2026-02-{draw(st.integers(9, 12)):02}"
    return draw(st.sampled_from(measure.words or ("some", "other")))


def _items(draw: st.DrawFn, contract: Contract, label: str) -> list[Document]:
    """Up to three items of each list; numbers are small whole ones."""
    items: list[Document] = []
    for name, one in contract.lists.items():
        for number in range(draw(st.integers(0, 3))):
            row: Document = {"period": label, "list": name}
            for column, unit in one.columns.items():
                if column == one.key:
                    row[column] = one.words.get(column, ("T0", "T1", "T2"))[number]
                elif unit in ("yes/no", "yes or no"):
                    row[column] = draw(st.sampled_from(["no", "yes"]))
                elif unit == "word":
                    row[column] = draw(st.sampled_from(one.words.get(column, ("some", "other"))))
                else:
                    row[column] = f"{draw(st.integers(0, 100))} {unit}"
            items.append(row | ({} if one.key else {"item": f"T{number}"}))
    return items
