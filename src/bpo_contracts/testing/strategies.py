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
from typing import Any, Final, TypeVar

from bpo_contracts.values.frozen import frozen

try:
    from hypothesis import strategies as st
except ModuleNotFoundError:
    raise ModuleNotFoundError(
        "generated contracts need the package 'hypothesis': install it", name="hypothesis"
    ) from None

from bpo_contracts.audit.canonical import canonical
from bpo_contracts.contract.contract import Contract
from bpo_contracts.contract.measure import Measure
from bpo_contracts.contract.reading import read_contract
from bpo_contracts.formats.documents import read_document
from bpo_contracts.formats.performance import read_performance
from bpo_contracts.performance.report import PerformanceReport
from bpo_contracts.testing.boundaries import Scale, scales
from bpo_contracts.values.currencies import MINOR_DIGITS
from bpo_contracts.values.numbers import DECIMALS_MAX, decimal_places, fixed_text
from bpo_contracts.values.rounding import Mode

T = TypeVar("T")

Document = dict[str, Any]
"""A document as maps, lists and texts."""

PERIODS_MAX: Final = 4
"""How many periods a drawn report is about, at most; contracts run longer."""

_HIDDEN: Final = "\u034f\u115f\u1160\u17b4\u17b5\u180e\u3164\uffa0\ufff9\ufffa\ufffb"
_MODES: Final = tuple(mode.value for mode in Mode)
_MONTHS: Final = {"month": 1, "quarter": 3}


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
    """Performance documents for the first periods of a contract (``periods`` of them, or one to ``PERIODS_MAX``).

    A value is left out only where the contract says what holds then.
    """
    return _reports(contract, periods)


# --- contracts --------------------------------------------------------------------------------------------------------


@frozen
class _Gauge:
    """A drafted measure. ``low`` and ``high`` count last places; ``noun`` is what a price is per ("" for none)."""

    name: str
    unit: str
    noun: str
    low: int
    high: int
    places: int
    direction: str
    per: tuple[str, ...]
    stepped: bool
    bounded: bool
    sure: bool

    def text(self, ticks: int) -> str:
        """A value with its unit."""
        return f"{fixed_text(ticks, 10**self.places, self.places)} {self.unit}"


@frozen
class _Payer:
    """A drafted clause that pays."""

    name: str
    family: str
    per: tuple[str, ...]
    toward: str


_KINDS: Final[tuple[tuple[str, str, int, int, tuple[str, ...]], ...]] = (
    ("%", "", 0, 100, ("availability", "answered", "resolved")),
    ("calls", "call", 0, 900, ("calls", "contacts")),
    ("minutes", "minute", 0, 240, ("delay", "handling")),
    ("hours", "hour", 0, 60, ("outage",)),
    ("points", "point", 0, 5, ("score",)),
    ("", "", 0, 5000, ("turnover",)),  # in the contract's currency
)
"""Unit, noun, lowest and highest value, names."""


@st.composite
def _contracts(draw: st.DrawFn, falling: bool, texts: st.SearchStrategy[str]) -> Document:
    return _Drafting(draw, falling=falling, texts=texts).document()


class _Drafting:
    """One contract while it is drawn. Every method draws what the ones before it make possible."""

    def __init__(self, draw: st.DrawFn, *, falling: bool, texts: st.SearchStrategy[str]) -> None:
        self.draw, self.falling, self.texts = draw, falling, texts
        self.currency = self.one("EUR", "JPY", "KWD")
        self.digits = MINOR_DIGITS[self.currency]
        self.every = self.one("month", "quarter")
        self.scopes: dict[str, list[str]] = {}
        self.gauges: list[_Gauge] = []
        self.measures: Document = {}
        self.figures: Document = {}
        self.parameters: Document = {}
        self.lists: Document = {}
        self.clauses: list[Document] = []
        self.payers: list[_Payer] = []
        self.bases: list[tuple[str, tuple[str, ...]]] = []
        self.shares: list[tuple[str, tuple[str, ...]]] = []
        self.ends: list[tuple[int, bool]] = []

    # --- small things

    def one(self, *options: T) -> T:
        return self.draw(st.sampled_from(options))

    def number(self, low: int, high: int) -> int:
        return self.draw(st.integers(low, high))

    def yes(self) -> bool:
        return self.draw(st.booleans())

    def rarely(self) -> bool:
        return self.number(0, 3) == 3

    def words(self) -> str:
        return self.draw(self.texts)

    def money(self, most: int = 3000) -> str:
        """An amount with all minor digits, often a round one."""
        minor = self.number(0, most) * 10**self.digits if self.yes() else self.number(0, most * 10**self.digits)
        return f"{fixed_text(minor, 10**self.digits, self.digits)} {self.currency}"

    def percent(self, tenths: int) -> str:
        return f"{fixed_text(tenths, 10, 1)} %"

    def rounding(self) -> str:
        grain = self.one(self.digits, max(0, self.digits - 1), 0)
        return f"{self.one(*_MODES)} to {fixed_text(1, 10**grain, grain)} {self.currency}"

    def lots(self) -> tuple[str, ...]:
        """The lots of a measure or clause: mostly those of no scope."""
        options = [
            (),
            (),
            *((scope,) for scope in self.scopes),
            *([tuple(self.scopes)] if len(self.scopes) > 1 else []),
        ]
        return self.one(*options)

    def within(self, per: tuple[str, ...], gauges: Sequence[_Gauge]) -> list[_Gauge]:
        return [gauge for gauge in gauges if set(gauge.per) <= set(per)]

    # --- the document

    def document(self) -> Document:
        self.draw_scopes()
        self.draw_measures()
        self.draw_parameters()
        self.draw_charges()
        self.draw_figures()
        self.draw_payers()
        self.draw_limits()
        self.draw_consequences()
        starts, ends = self.one(("2026-01-01", "2027-12-31"), ("2026-01-16", "2028-01-15"))
        document: Document = {
            "contract": self.one("acme", "Lot-7.b"),
            "version": "1",
            "title": self.words(),
            "client": self.words(),
            "provider": self.words(),
            "currency": self.currency,
            "term": {"starts_on": starts, "ends_on": ends},
            "period": self.every,
            "period_starts_on_day": str(int(starts[-2:])),
            "rounding": {"lines": self.rounding()},
            "measures": self.measures,
            "clauses": self.clauses,
        }
        others = {
            "scopes": self.scopes, "parameters": self.parameters, "figures": self.figures, "lists": self.lists
        }  # fmt: skip
        document |= {name: part for name, part in others.items() if part}
        return document | self.amendments(starts)

    def amendments(self, starts: str) -> Document:
        """Another base fee from the third period on."""
        base = next((clause for clause in self.clauses if "base_fee" in clause), None)
        if base is None or not self.rarely():
            return {}
        month = 1 + 2 * _MONTHS[self.every]
        change = {f"clauses/{base['base_fee']}/amount": self.money()}
        effective = f"2026-{month:02}-{starts[-2:]}"
        return {"amendments": [{"effective_on": effective, "clause": "A1", "words": self.words(), "change": change}]}

    def draw_scopes(self) -> None:
        if self.yes():
            self.scopes["site"] = self.one(["north", "south"], ["B", "a", "C3"], ["only"])
            if self.rarely():
                self.scopes["tier"] = ["gold", "silver"]

    def draw_measures(self) -> None:
        names: set[str] = set()
        for _ in range(self.number(1, 4)):
            unit, noun, low, high, known = self.one(*_KINDS)
            free = [name for name in known if name not in names]
            if free:
                names.add(free[0])
                self.draw_measure(free[0], unit or self.currency, noun, low, high)
        self.draw_other_measures()

    def draw_measure(self, name: str, unit: str, noun: str, low: int, high: int) -> None:
        places = (
            0 if noun == "call" else self.digits if unit == self.currency else self.number(1 if high < 20 else 0, 2)
        )
        low, high = low * 10**places, high * 10**places
        direction = self.one("higher is better", "lower is better", *([] if self.falling else ["neutral"]))
        per, stepped, bounded = self.lots(), self.yes(), self.yes()
        grain = fixed_text(1, 10**places, places)
        rounded = self.one(f"{self.one(*_MODES)} to {grain} {unit}", f"half up to {grain}")
        measure: Document = {"unit": unit, "direction": direction, "precision": rounded if stepped else "unrounded"}
        draft = _Gauge(name, unit, noun, low, high, places, direction, per, stepped, bounded, sure=True)
        measure["missing"] = self.one("refuse", "not scored", "previous period", draft.text(self.number(low, high)))
        sure = measure["missing"] != "not scored"
        if bounded:
            measure["between"] = f"{draft.text(low)} to {draft.text(high)}"
        if noun == "call":
            measure["whole"] = "yes"
        if per:
            measure["for_each"] = list(per)
        if self.rarely():
            below = self.one("not scored", draft.text(self.number(low, high)))
            measure |= {"minimum_sample": str(self.number(1, 40)), "below_sample": below}
            sure = sure and below != "not scored"
        if self.yes():
            measure["title"] = self.words()
        self.measures[name] = measure
        self.gauges.append(_Gauge(name, unit, noun, low, high, places, direction, per, stepped, bounded, sure))

    def draw_other_measures(self) -> None:
        """Yes or no, words, days: what gates ask for."""
        base = {"direction": "neutral", "precision": "unrounded"}
        if self.rarely():
            self.measures["excused"] = base | {"unit": "yes/no", "missing": self.one("no", "not scored")}
        if self.rarely():
            words = {"unit": "word", "words": ["P1", "P2", 'P3 "\\ β']}
            self.measures["worst"] = base | words | {"missing": self.one("P1", "not scored", "refuse")}
        if self.rarely():
            self.measures["delivered_on"] = base | {"unit": "day", "missing": self.one("not scored", "refuse")}

    def draw_parameters(self) -> None:
        """An agreed percentage: one, by date, or by lot."""
        if not self.rarely():
            return
        shape = self.one("one", "dated", *(["lots"] if "site" in self.scopes else []))
        rates = [self.percent(self.number(0, 300)) for _ in range(2)]
        value: Any = rates[0]
        if shape == "dated":
            value = {"2026-01-01": rates[0], "2026-04": rates[1]}
        if shape == "lots":
            value = {"for_each": ["site"], "values": {"any": rates[0], self.scopes["site"][0]: rates[1]}}
        self.parameters["agreed_rate"] = value
        self.shares.append(("agreed_rate", ("site",) if shape == "lots" else ()))

    # --- charges

    def clause(self, kind: str, name: str, per: tuple[str, ...] = ()) -> Document:
        number = self.one("3.1", "4.2", "4.10", "4.2 (b)")
        clause: Document = {kind: name, "clause": number, "words": self.words()}
        if self.rarely():
            clause["title"] = self.words()
        return clause | ({"for_each": list(per)} if per else {})

    def draw_charges(self) -> None:
        if self.yes():
            per = self.lots()
            self.add("charge", self.clause("base_fee", "base", per) | {"amount": self.money()}, "base", per)
        for gauge in [one for one in self.gauges if one.noun or one.unit == self.currency][: self.number(1, 2)]:
            per = gauge.per if self.yes() or not gauge.per else ()
            name = f"{gauge.name}_fee"
            measure = gauge.name if per == gauge.per else f"sum of {gauge.name} for each {','.join(sorted(gauge.per))}"
            if per != gauge.per and len(gauge.per) > 1:
                per, measure = gauge.per, gauge.name
            clause = self.clause("transaction_charge", name, per) | {"measure": measure}
            self.add("charge", clause | self.price(gauge, direct=per == gauge.per), name, per)
        if not self.bases:
            self.add("charge", self.clause("base_fee", "base") | {"amount": self.money()}, "base", ())

    def price(self, gauge: _Gauge, *, direct: bool) -> Document:
        shape = self.one("price", "slices", "table", "per")
        if not gauge.noun:
            shape = self.one("slices", "table")
        if shape == "per":
            per = gauge.text(self.number(1, max(1, gauge.high // 4)))
            parts = self.one("ignored", "counted", "pro rata", "nearest")
            return {"price": self.money(50), "per": per, "part_steps": parts}
        if shape == "price":
            return {"price": self.unit_price(gauge)}
        gives = [self.unit_price(gauge) for _ in range(self.number(2, 4))]
        return {shape: self.rows(gauge, gives, direct=direct, slices=shape == "slices")}

    def unit_price(self, gauge: _Gauge) -> str:
        return f"{self.money(20)} per {gauge.noun}" if gauge.noun else self.percent(self.number(0, 200))

    def add(self, family: str, clause: Document, name: str, per: tuple[str, ...], toward: str = "") -> None:
        if family == "charge":
            self.bases.append((name, per))
            if self.rarely():
                clause |= self.gates(per)
        if self.rarely():
            clause["round"] = self.rounding()
        self.clauses.append(clause)
        self.payers.append(_Payer(name, family, per, toward))

    def draw_figures(self) -> None:
        plain = [name for name, per in self.bases if not per]
        lots = [name for name, per in self.bases if len(per) == 1]
        if len(plain) > 1 and self.yes():
            self.figures["fees"] = " + ".join(plain)
            self.bases.append(("fees", ()))
        if lots and self.yes():
            formula = f"sum of {lots[0]} for each {dict(self.bases)[lots[0]][0]}"
            self.figures["all_lots"] = {"formula": formula, "clause": "2.1", "words": self.words()}
            self.bases.append(("all_lots", ()))
        if self.rarely():
            per = self.lots()
            condition = self.condition(per)
            self.figures["in_scope"] = {"formula": condition} | ({"for_each": list(per)} if per else {})
        if self.rarely():
            gauge = self.one(*self.gauges)
            earlier = f"previous {self.every}'s {gauge.name} (before the start: {gauge.text(gauge.low)})"
            self.figures["change"] = {"formula": f"{gauge.name} - {earlier}", "for_each": list(gauge.per)}
            if not gauge.per:
                self.figures["change"].pop("for_each")

    # --- rows

    def cuts(self, gauge: _Gauge, count: int) -> list[int]:
        """Different values inside the range, at least two last places apart, in order."""
        places = st.integers(1, (gauge.high - gauge.low) // 2 - 1)
        drawn = self.draw(st.lists(places, min_size=count, max_size=count, unique=True))
        return [gauge.low + 2 * cut for cut in sorted(drawn)]

    def rows(self, gauge: _Gauge, gives: list[str], *, direct: bool, slices: bool = False) -> Document:
        """A table whose rows follow one another without gap or overlap; ``gives`` from the lowest row up."""
        cuts = self.cuts(gauge, len(gives) - 1)
        touching = direct and gauge.stepped and not slices and self.rarely()
        low: tuple[int | None, bool] = (gauge.low, True) if direct and gauge.bounded and self.yes() else (None, False)
        last: tuple[int | None, bool] = (gauge.high, True) if low[0] is not None else (None, False)
        labels: list[str] = []
        self.ends = []
        for cut in cuts:
            own = touching or self.yes()
            self.ends.append((cut, own))
            labels.append(self.label(gauge, low, (cut, own)))
            low = (cut + 1, True) if touching else (cut, not own)
        labels.append(self.label(gauge, low, last))
        if not slices and self.rarely():
            labels[self.number(0, len(labels) - 1)] = "otherwise"
        return dict(zip(labels, gives, strict=True))

    def label(self, gauge: _Gauge, low: tuple[int | None, bool], high: tuple[int | None, bool]) -> str:
        (start, from_closed), (end, to_closed) = low, high
        if start is None and end is not None:
            word = gauge.text(end)
            return (
                self.one(f"{word} or less", f"{word} or below")
                if to_closed
                else self.one(f"under {word}", f"below {word}")
            )
        if end is None and start is not None:
            word = gauge.text(start)
            return (
                self.one(f"{word} or more", f"{word} or above")
                if from_closed
                else self.one(f"over {word}", f"above {word}")
            )
        if start is None or end is None:
            raise ValueError("a row has at least one end")
        if start == end:
            return f"exactly {gauge.text(start)}"
        first = gauge.text(start) if self.yes() else gauge.text(start).split(" ")[0]
        return f"{'' if from_closed else 'over '}{first} to {'' if to_closed else 'under '}{gauge.text(end)}"

    def ordered(self, gauge: _Gauge, tenths: list[int], family: str) -> list[int]:
        """Rates from the lowest row up: where one way is better, better values give no more credit and no less bonus.

        An incentive's table is checked by nobody, and falls in a falling contract only.
        """
        if gauge.direction == "neutral" or (family == "both ways" and not self.falling):
            return tenths
        rising = (gauge.direction == "higher is better") == (family != "credit")
        return sorted(tenths, reverse=not rising)

    # --- credits, bonuses, incentives

    def draw_payers(self) -> None:
        for number in range(self.number(1, 4)):
            kind, family = self.one(
                ("service_credit", "credit"),
                ("liquidated_damages", "credit"),
                ("bonus", "bonus"),
                ("incentive", "both ways"),
                ("award_fee", "bonus"),
            )
            per = self.lots()
            name = f"{kind}_{number + 1}"
            toward = self.one("", {"credit": "credits", "bonus": "bonuses", "both ways": "credits"}[family])
            clause = self.clause(kind, name, per) | self.shape(family, per)
            clause |= {"counts_toward": toward} if toward else {}
            clause |= self.gates(per) if self.rarely() and not self.falling else {}
            self.add(family, clause, name, per, toward)
        if self.rarely():
            self.draw_tariff()

    def shape(self, family: str, per: tuple[str, ...]) -> Document:
        fitting = self.within(per, self.gauges)
        if not fitting:
            return (
                {"amount": self.money(500)}
                if self.yes()
                else {"rate": self.percent(self.number(0, 200))} | self.base(per)
            )
        gauge = self.one(*fitting)
        shapes = ["table", "line"] if self.falling else ["table", "line", "slices", "per", "rate", "amount"]
        shape = self.one(*shapes)
        if shape == "slices" and not gauge.noun:
            shape = "table"
        if shape in ("table", "line"):
            return {"measure": gauge.name} | self.rated(gauge, family, per, shape)
        if shape == "slices":
            gives = [self.unit_price(gauge) for _ in range(self.number(2, 3))]
            return {
                "measure": gauge.name,
                "slices": self.rows(gauge, gives, direct=True, slices=True),
            } | self.own_limits()
        if shape == "per":
            step = gauge.text(self.number(1, max(1, gauge.high // 3)))
            parts = self.one("ignored", "counted", "pro rata", "nearest")
            steps = {"measure": gauge.name, "per": step, "part_steps": parts, "rate": self.percent(self.number(0, 50))}
            most = {"rate_at_most": self.percent(self.number(0, 300))} if self.yes() else {}
            return steps | most | self.base(per) | self.levels(gauge)
        if shape == "rate":
            share = [name for name, of in self.shares if set(of) <= set(per)]
            return {"rate": share[0] if share else self.percent(self.number(0, 200))} | self.base(per)
        return {"amount": self.own_amount(gauge, per)} | self.own_limits()

    def own_amount(self, gauge: _Gauge, per: tuple[str, ...]) -> str:
        base = self.base(per)["of"]
        options = [self.money(500), f"{self.percent(self.number(0, 200))} of {base}", f"min({self.money(500)}, {base})"]
        if gauge.noun:
            options.append(f"{self.unit_price(gauge)} * {gauge.name}")
        return self.one(*options)

    def rated(self, gauge: _Gauge, family: str, per: tuple[str, ...], shape: str) -> Document:
        count = self.number(2, 4)
        lowest = -100 if family == "both ways" else 0
        tenths = [self.number(lowest, 200) if self.yes() else 0 for _ in range(count)]
        in_money = self.rarely()
        rates = self.ordered(gauge, tenths, family)
        gives = [self.rate(rates[0], in_money), *(self.give(one, in_money) for one in rates[1:])]
        if shape == "line":
            points = [gauge.text(cut) for cut in self.cuts(gauge, count)]
            rated: Document = {"line": dict(zip(points, gives, strict=True))} | self.levels(gauge)
        else:
            rated = {"table": self.rows(gauge, gives, direct=True)}
            rated |= self.levels(gauge) if family != "credit" else self.levels_of_credit(gauge, rates)
            share = [name for name, of in self.shares if set(of) <= set(per)]
            if share and not in_money and not self.falling and "expected" not in rated and self.yes():
                rated["table"] |= {next(iter(rated["table"])): share[0]}
        if in_money:
            return rated | self.own_limits()
        if self.rarely():
            rated["multiplied_by"] = self.one("2", ["1.5", "0.5"])
        if self.rarely():
            rated["rate_at_most"] = self.percent(self.number(0, 150))
        return rated | self.base(per)

    def rate(self, tenths: int, in_money: bool) -> str:
        return f"{tenths} {self.currency}" if in_money else self.percent(tenths)

    def give(self, tenths: int, in_money: bool) -> str:
        """A rate; nothing is written as a bare zero or in a word."""
        return self.rate(tenths, in_money) if tenths else self.one("none", "0")

    def base(self, per: tuple[str, ...]) -> Document:
        """What a percentage is of: an amount of the same lots or of none; else the sum over lots."""
        fitting = [name for name, of in self.bases if set(of) <= set(per)]
        if fitting:
            return {"of": self.one(*fitting)}
        name, of = self.bases[0]
        return {"of": f"(sum of {name} for each {','.join(sorted(of))})"} if len(of) == 1 else {"of": self.money()}

    def own_limits(self) -> Document:
        return {"at_most": self.money(800)} if self.rarely() else {}

    def levels(self, gauge: _Gauge) -> Document:
        if gauge.direction == "neutral" or not self.rarely():
            return {}
        words = "or more" if gauge.direction == "higher is better" else "or less"
        values = self.cuts(gauge, 3)
        worst, promised, best = values if gauge.direction == "higher is better" else reversed(values)
        levels = {"expected": f"{gauge.text(promised)} {words}"}
        levels |= {"minimum": f"{gauge.text(worst)} {words}"} if self.yes() else {}
        return levels | ({"stretch": f"{gauge.text(best)} {words}"} if self.yes() else {})

    def levels_of_credit(self, gauge: _Gauge, rates: list[int]) -> Document:
        """What is expected costs nothing, and everything worse costs something: level and table share an end."""
        free = [not rate for rate in rates]
        if gauge.direction == "neutral" or all(free) or not any(free) or self.rarely():
            return {}
        higher = gauge.direction == "higher is better"
        cut, own = self.ends[free.index(True) - 1 if higher else free.index(False) - 1]
        if higher:
            return {"expected": f"over {gauge.text(cut)}" if own else f"{gauge.text(cut)} or more"}
        return {"expected": f"{gauge.text(cut)} or less" if own else f"under {gauge.text(cut)}"}

    def draw_tariff(self) -> None:
        """So much for every outage of a list, by its length."""
        self.lists["outages"] = {
            "columns": {"ticket": "word", "length": "minutes", "planned": "yes/no"},
            "key": "ticket",
            "words": {"ticket": ["T0", 'T"1\\', "T2 β"]},
            "missing": "none happened",
        }
        clause = self.clause("tariff", "outage_tariff") | {"for_each": "outages", "counts_toward": "credits"}
        clause |= {"rounded": self.one("each item", "the sum"), "only_if": "not planned"}
        if self.yes():
            gives = [self.rate(self.number(0, 90), True) for _ in range(2)]
            end = self.number(1, 90)
            clause |= {
                "measure": "length",
                "table": {f"{end} minutes or less": gives[0], f"over {end} minutes": gives[1]},
            }
        else:
            clause |= {"amount": f"{self.money(3)} per minute * length"}
        self.clauses.append(clause)
        self.payers.append(_Payer("outage_tariff", "credit", (), "credits"))

    # --- gates

    def gates(self, per: tuple[str, ...]) -> Document:
        gates: Document = {"only_if": self.condition(per)}
        if self.yes():
            gates = {"unless": [self.condition(per), self.condition(per)]}
        if "site" in per and self.rarely():
            gates["where"] = f'site is "{self.scopes["site"][0]}"'
        return gates

    def condition(self, per: tuple[str, ...]) -> str:
        options = [
            f"{gauge.name} is {word} {gauge.text(self.number(gauge.low, gauge.high))}"
            for gauge in self.within(per, self.gauges)
            for word in ("at least", "at most", "over", "under")
        ]
        figure = self.figures.get("in_scope")
        if figure is not None and set(figure.get("for_each", ())) <= set(per):
            options += ["in_scope", "not in_scope"]
        options += ["excused", "excused is no"] if "excused" in self.measures else []
        options += ['worst is "P1"', 'worst is not "P2"'] if "worst" in self.measures else []
        options += ["delivered_on is over 2026-02-10"] if "delivered_on" in self.measures else []
        if len(options) > 1 and self.rarely():
            return f"{self.one(*options)} {self.one('and', 'or')} {self.one(*options)}"
        return self.one(*(options or ["days in period is at least 30 days"]))

    # --- totals, caps, collars

    def draw_limits(self) -> None:
        for total in ("credits", "bonuses"):
            members = [payer for payer in self.payers if payer.toward == total]
            if members and self.yes():
                self.draw_caps(total, members)
        adjusting = [payer for payer in self.payers if payer.family != "charge"]
        single = [payer for payer in adjusting if not payer.toward]
        if single and self.yes():
            self.draw_caps(single[0].name, single[:1])
        # A limit around all of them: around a carried excess it is refused, and on one total's clauses it is a limit on
        # that total, where only one of them says how it is shared.
        carried = any(clause.get("excess") == "carried" for clause in self.clauses)
        several = len({payer.toward or payer.name for payer in adjusting}) > 1
        if several and not carried and self.rarely():
            self.draw_outer([payer.name for payer in adjusting], adjusting)
        charges = [payer for payer in self.payers if payer.family == "charge"]
        if charges and self.rarely():
            clause = self.clause("cap", "price_cap") | {"limits": charges[0].name, "at_most": self.money()}
            self.clauses.append(clause | {"excess": "lost", "shared": "pro rata"})

    def draw_caps(self, limits: str, members: list[_Payer]) -> None:
        """One or two caps on a total or a clause; the first says how what is granted is shared."""
        pers = {payer.per for payer in members}
        per = members[0].per if len(pers) == 1 and self.yes() else ()
        one_way = {payer.family for payer in members} in ({"credit"}, {"bonus"})
        count = self.number(1, 2)
        for number in range(count):
            clause = self.clause("cap", f"{limits}_cap_{number + 1}", per) | {"limits": limits}
            window = self.one(
                "", "", f"last {self.number(1, 3)} {self.every}s", "this contract year", "the whole contract"
            )
            carried = one_way and not self.falling and self.rarely()
            clause |= {"at_most": self.most(per), "excess": "carried" if carried else "lost"}
            if carried and number and self.clauses[-1]["excess"] == "carried":
                clause["after"] = f"{limits}_cap_1"
            clause |= {"window": window} if window else {}
            clause |= {"round": self.rounding()} if self.rarely() else {}
            self.clauses.append(clause | (self.sharing(members) if not number else {}))
        if per and not any(clause.get("excess") == "carried" for clause in self.clauses) and self.yes():
            whole = self.clause("cap", f"{limits}_of_all_lots") | {"at_most": self.most(()), "excess": "lost"}
            names = [payer.name for payer in members]
            self.clauses.append(whole | {"limits": names} | self.sharing(members))

    def draw_outer(self, names: list[str], members: list[_Payer]) -> None:
        clause = {"limits": self.draw(st.permutations(names)), "at_most": self.most(()), "excess": "lost"}
        if self.yes():
            least = self.money(1500)
            clause = self.clause("collar", "overall") | clause | {"at_least": f"-{least}" if least[0] != "0" else "0"}
        else:
            clause = self.clause("cap", "overall") | clause
        self.clauses.append(clause | self.sharing(members))

    def most(self, per: tuple[str, ...]) -> str:
        fitting = [name for name, of in self.bases if set(of) <= set(per)]
        if fitting and self.yes():
            return f"{self.percent(self.number(0, 200))} of {self.one(*fitting)}"
        return self.money(600)

    def sharing(self, members: list[_Payer]) -> Document:
        if self.yes():
            return {"shared": "pro rata"}
        return {"shared": "in order", "order": self.draw(st.permutations([payer.name for payer in members]))}

    def draw_consequences(self) -> None:
        payers = [payer for payer in self.payers if payer.family == "credit"]
        if not payers or not self.yes():
            return
        payer = payers[0]
        due = f"{payer.name} is over 0 {self.currency}"
        clause = self.clause("consequence", "warning", payer.per) | {"happens": self.words()}
        self.clauses.append(clause | {"when": self.one(due, f"streak of ({due}) is at least 2")})
        if self.lists:
            long = self.clause("consequence", "long_outage") | {"for_each": "outages", "happens": self.words()}
            self.clauses.append(long | {"when": "length is over 20 minutes"})


# --- reports ----------------------------------------------------------------------------------------------------------


@st.composite
def _reports(draw: st.DrawFn, contract: Contract, periods: int | None) -> Document:
    count = periods or draw(st.integers(1, PERIODS_MAX))
    labels = [contract.first_period.shift(number).label for number in range(count)]
    known = scales(contract)
    facts = [
        (name, measure, lot)
        for name, measure in contract.measures.items()
        if not measure.computed
        for lot in _lots(contract, measure)
    ]
    rows: list[Document] = []
    for number, label in enumerate(labels):
        of_period = [
            {"period": label, "measure": name, **lot} | _fact(draw, measure, known.get(name)) | _evidence(draw)
            for name, measure, lot in facts
            if not (number and measure.missing != "refuse" and draw(st.integers(0, 3)) == 3)
        ]
        name, measure, lot = facts[0]
        something = {"period": label, "measure": name, **lot} | _fact(draw, measure, known.get(name))
        rows += of_period or [something]  # a period without any fact is not settled
    document: Document = {"schema": "bpo-contracts/performance/1", "measurements": rows}
    items = [item for label in labels for item in _items(draw, contract, label)]
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
