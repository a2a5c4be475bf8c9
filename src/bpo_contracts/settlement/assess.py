"""Assess: the period's measurements, as the contract's figures take them.

What is missing follows the measure's own rule; a measure that says ``refuse`` stops the settlement, and all that are
missing
are named at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from fractions import Fraction

from bpo_contracts.contract.lowering import Terms
from bpo_contracts.performance.facts import Item, Measurement, Scope
from bpo_contracts.performance.facts import Value as FactValue
from bpo_contracts.performance.measurement import Measurements
from bpo_contracts.terms.evaluate import Absent, Value
from bpo_contracts.terms.items import combinations, dimensions, joined
from bpo_contracts.values.findings import BadInput, Finding
from bpo_contracts.values.frozen import frozen, slotted
from bpo_contracts.values.periods import Period
from bpo_contracts.values.sources import Source
from bpo_contracts.values.units import factor_of

Reported = Mapping[tuple[str, Scope], Measurement]
"""The measurements of one period by measure and scope."""


@frozen
class SingleMeasure:
    """A measure with one value for the period, and no sample or evidence to look at: its figure, and the factor of its
    unit."""

    key: tuple[str, Scope]
    figure: str
    factor: tuple[int, int] | None


@slotted
class Facts:
    """What is known of one period: the values of reported figures (per item a list), and the items of each list and
    scope."""

    values: dict[str, object] = field(default_factory=dict)
    items: dict[str, Sequence[str]] = field(default_factory=dict)
    provisional: bool = False


def single_measures(terms: Terms) -> dict[str, SingleMeasure]:
    """The reported measures of which a value is all that is asked, by name."""
    return {
        name: SingleMeasure((name, ()), f"{name}.reported", factor_of(terms.measure_units[name]))
        for name, measure in terms.contract.measures.items()
        if not (measure.computed or measure.for_each or measure.minimum_sample or measure.needs_evidence == "yes")
    }


def assess(terms: Terms, singles: Mapping[str, SingleMeasure], measurements: Measurements, period: Period) -> Facts:
    """The facts of one period; ``singles`` are the contract's ``single_measures``.

    Raises:
        BadInput: BPO401 for every measure that is missing and must not be, BPO407 for one without its sample; and the
        findings of rejected rows of the period.
    """
    facts = Facts()
    findings: list[Finding] = []
    _reported_at_all(terms, measurements, period)
    in_doubt = measurements.in_doubt(period)
    nothing = measurements.reported_nothing(period)
    facts.provisional = bool(in_doubt) or (nothing is not None and nothing.status == "provisional")
    for row in in_doubt:
        if any(name in terms.contract.measures or name in terms.contract.lists for name in row.about):
            findings += row.findings
    for scope, values in terms.contract.scopes.items():
        ordered = sorted(values)
        facts.items[scope] = ordered
        facts.values[f"{scope}.{scope}"] = list(ordered)
    for per in terms.program.lists:
        if len(dimensions(per)) > 1:
            facts.items[per] = combinations([facts.items[scope] for scope in dimensions(per)])
    reported = measurements.in_period(period)
    for name, measure in terms.contract.measures.items():
        single = singles.get(name)
        found = reported.get(single.key) if single is not None else None
        if single is not None and found is not None:
            facts.values[single.figure] = _converted(found.value, single.factor)
            if found.status == "provisional":
                facts.provisional = True
        elif not measure.computed:
            disputed = any(name in row.about for row in in_doubt)
            _measure(terms, reported, period, name, facts, findings, disputed=disputed)
    for name in terms.contract.lists:
        _list(terms, measurements, period, name, facts, findings)
    if findings:
        raise BadInput([*findings, *(finding for row in in_doubt for finding in row.findings)])
    return facts


def _reported_at_all(terms: Terms, measurements: Measurements, period: Period) -> None:
    """One finding, and not one for each measure, where the report has no row for the period at all."""
    needed = [name for name, measure in terms.contract.measures.items() if measure.missing == "refuse"]
    if not needed or measurements.in_doubt(period) or measurements.in_period(period):
        return
    known = sorted(measurements.periods)
    if not known or period in known:
        return
    has = f"it has {known[0].label}" + (f" to {known[-1].label}" if len(known) > 1 else "")
    place = Source(", ".join(file.name for file in measurements.files) or "<memory>")
    problem = f"The report has no row for {period.label}; {has}."
    step = "Add the rows of the period to the report, or name another period."
    raise BadInput([Finding("BPO410", "period-not-reported", place, problem, step)])


def _measure(
    terms: Terms,
    reported: Reported,
    period: Period,
    name: str,
    facts: Facts,
    findings: list[Finding],
    *,
    disputed: bool,
) -> None:
    measure, unit = terms.contract.measures[name], terms.measure_units[name]
    scoped = joined(measure.for_each) if measure.for_each else ""
    scopes = [scope_of(scoped, item) for item in facts.items[scoped]] if scoped else [()]
    values: list[object] = []
    samples: list[object] = []
    for scope in scopes:
        found = reported.get((name, scope))
        if found is None and measure.missing == "refuse" and not disputed:
            findings.append(_missing(terms, name, period, scope))
        if found is not None and measure.needs_evidence == "yes" and not found.evidence:
            findings.append(_unproved(found, f"{name!r} is a choice of {measure.elected_by}"))
        values.append(_value(found, factor_of(unit), name))
        if measure.minimum_sample is not None:
            samples.append(_sample(found, name))
            if found is not None and isinstance(samples[-1], Absent):
                findings.append(_no_sample(found, measure.minimum_sample))
        facts.provisional |= found is not None and found.status == "provisional"
    facts.values[f"{name}.reported"] = values if scoped else values[0]
    if measure.minimum_sample is not None:
        facts.values[f"{name}.sample"] = samples if scoped else samples[0]


def _list(
    terms: Terms, measurements: Measurements, period: Period, name: str, facts: Facts, findings: list[Finding]
) -> None:
    items = terms.contract.lists[name]
    found = measurements.items(name, period)
    if not found and items.missing == "refuse":
        place = terms.contract.key_place(("lists", name))
        findings.append(
            Finding(
                "BPO402",
                "list-missing",
                place,
                f"No row of the list {name!r} is reported for {period.label}, and the contract refuses that.",
                "Report the list, or write 'missing: none happened' in the contract.",
            )
        )
    for item in found:
        claims = [column for column, value in item.columns if column in items.evidence_for and value is not False]
        if claims and not item.evidence:
            findings.append(_unproved(item, f"{claims[0]!r} is claimed for an item of {name!r}"))
    facts.items[name] = [item.key or str(number) for number, item in enumerate(found, 1)]
    for column in items.columns:
        factor = factor_of(terms.measure_units[f"{name}.{column}"])
        cells = [dict(item.columns).get(column) for item in found]
        facts.values[f"{name}.{column}"] = [
            Absent(f"{column} is not reported for this item") if cell is None else _converted(cell, factor)
            for cell in cells
        ]
    facts.provisional |= any(item.status == "provisional" for item in found)


def _unproved(fact: Measurement | Item, what: str) -> Finding:
    step = "Name the evidence in the column 'source' of the row: a letter, a notice, a decision."
    return Finding("BPO409", "evidence-missing", fact.place, f"{what}, and the report names no evidence.", step)


def _missing(terms: Terms, name: str, period: Period, scope: tuple[tuple[str, str], ...]) -> Finding:
    lot = f" for {', '.join(f'{dimension} {value}' for dimension, value in scope)}" if scope else ""
    return Finding(
        "BPO401",
        "measurement-missing",
        terms.contract.key_place(("measures", name)),
        f"{name!r} is not reported for {period.label}{lot}, and the contract refuses to settle without it.",
        "Add the row to the performance report, or agree another rule for missing data in the contract.",
    )


def _no_sample(found: Measurement, least: str) -> Finding:
    return Finding(
        "BPO407",
        "sample-missing",
        found.place,
        f"{found.measure!r} is scored from a sample of {least} on, and the report does not give its sample.",
        "Fill in the sample, or give the value as a numerator and denominator.",
    )


def _value(found: Measurement | None, factor: tuple[int, int] | None, name: str) -> object:
    return Absent(f"{name} was not reported") if found is None else _converted(found.value, factor)


def _sample(found: Measurement | None, name: str) -> object:
    if found is None:
        return Absent(f"{name} was not reported")
    sample = found.sample if found.sample is not None else found.denominator
    if sample is None:
        return Absent(f"the sample of {name} was not reported")
    return sample.numerator, sample.denominator


def _converted(value: FactValue, factor: tuple[int, int] | None) -> Value:
    """The value in the base of its unit (hours become minutes), of which ``factor`` is that of ``factor_of``."""
    if not isinstance(value, Fraction):
        return value
    numerator, denominator = value.as_integer_ratio()
    return (numerator, denominator) if factor is None else (numerator * factor[0], denominator * factor[1])


def scope_of(per: str, item: str) -> tuple[tuple[str, str], ...]:
    """The lot that an item key stands for: each scope with its value."""
    if "," not in per:
        return ((per, item),) if per else ()
    return tuple(zip(dimensions(per), item.split(","), strict=True))
