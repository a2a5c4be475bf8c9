"""Running a case: every scenario settled, every expectation compared, every difference with what was seen."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence

from bpo_contracts.settlement.history import SettledNow
from bpo_contracts.settlement.prepare import Prepared
from bpo_contracts.settlement.settlement import Settlement
from bpo_contracts.terms.items import dimensions
from bpo_contracts.terms.nodes import Allocate
from bpo_contracts.testing.case import LINES, TOTALS, Case, Expected, Refusal, Scenario
from bpo_contracts.testing.comparing import compare
from bpo_contracts.testing.settling import Outcome, periods_to_settle, settle_scenario
from bpo_contracts.values.findings import BadInput, Finding, refuse
from bpo_contracts.values.frozen import frozen
from bpo_contracts.values.nodes import Scalar
from bpo_contracts.values.sources import Source
from bpo_contracts.values.units import WORD, Unit, money


@frozen
class Failure:
    """One difference: where the expectation stands, what it is about, what was expected and what was seen.

    ``write`` is the text that would make it right, where a new text alone can. ``whole``: nothing of the scenario came
    out.
    """

    place: Source
    what: str
    expected: str
    seen: str
    write: str | None = None
    whole: bool = False


@frozen
class ScenarioResult:
    """A scenario: how many values it states, how many of them came out, and the differences (none: all is right)."""

    name: str
    stated: int
    right: int
    failures: tuple[Failure, ...]


@frozen
class CaseResult:
    """A case with the results of its scenarios."""

    file: str
    scenarios: tuple[ScenarioResult, ...]

    @property
    def failures(self) -> tuple[Failure, ...]:
        """Every difference, scenario by scenario."""
        return tuple(failure for scenario in self.scenarios for failure in scenario.failures)


def run_case(case: Case) -> CaseResult:
    """Every scenario of the case; whatever is wrong is a failure of its scenario and never stops the others."""
    return CaseResult(case.file, tuple(_run(case, scenario) for scenario in case.scenarios))


def _run(case: Case, scenario: Scenario) -> ScenarioResult:
    outcome = settle_scenario(case, scenario)
    turned = settle_scenario(case, scenario, turned=True)
    if scenario.refusal is not None:
        stated = len(scenario.refusal.codes) + len(scenario.refusal.mentions)
        failures = list(_refusal(scenario.refusal, outcome))
    else:
        stated = sum(len(expected.values) for expected in scenario.expected)
        failures = list(_figures(scenario, outcome))
    right = 0 if any(failure.whole for failure in failures) else stated - len(failures)
    if not failures and (outcome.content, outcome.refused) != (turned.content, turned.refused):
        failures.append(_order_matters(scenario, outcome, turned))
    return ScenarioResult(scenario.name.text, stated, right, tuple(failures))


def _order_matters(scenario: Scenario, outcome: Outcome, turned: Outcome) -> Failure:
    seen = "; ".join(finding.problem for finding in turned.findings) or "other bytes"
    if outcome.findings and not turned.findings:
        seen = "no findings"
    what = "the document written in reverse order"
    return Failure(scenario.name.source, what, "the same settlement, or the same findings", seen)


# --- refusals -----------------------------------------------------------------------------------------------


def _refusal(refusal: Refusal, outcome: Outcome) -> Iterator[Failure]:
    """Exactly the codes that are expected, and every text that must be mentioned."""
    codes = sorted({finding.code for finding in outcome.findings})
    if codes != sorted(code.text for code in refusal.codes):
        wanted = ", ".join(code.text for code in refusal.codes)
        write = codes[0] if len(codes) == len(refusal.codes) == 1 else None
        yield Failure(refusal.codes[0].source, "finding", wanted, _told(outcome.findings), write, whole=True)
        return
    said = "\n".join(text for finding in outcome.findings for text in _texts(finding))
    for mention in refusal.mentions:
        if mention.text not in said:
            yield Failure(mention.source, "mentions", mention.text, _told(outcome.findings))


def _texts(finding: Finding) -> list[str]:
    """What a finding says and what it underlines (not the rest of the line, which may be the expectation itself)."""
    places = (finding.source, *finding.also)
    underlined = [place.text[place.column - 1 : place.column - 1 + place.length] for place in places]
    return [finding.problem, finding.next_step, *underlined]


def _told(findings: Sequence[Finding]) -> str:
    return "\n".join(finding.render() for finding in findings) or "no finding: the scenario is settled"


# --- figures ------------------------------------------------------------------------------------------------


def _figures(scenario: Scenario, outcome: Outcome) -> Iterator[Failure]:
    if outcome.findings or outcome.prepared is None:
        stated = sum(len(expected.values) for expected in scenario.expected)
        yield Failure(scenario.name.source, "settlement", f"{stated} values", _told(outcome.findings), whole=True)
        return
    for expected in scenario.expected:
        for label, value in zip(_labels(scenario, expected), expected.values, strict=True):
            failure = _compared(expected, value, label, outcome.settled[label])
            if failure is not None:
                yield failure


def _labels(scenario: Scenario, expected: Expected) -> list[str]:
    labels = periods_to_settle(scenario)
    return labels if expected.listed else labels[-1:]


def _compared(expected: Expected, value: Scalar, label: str, settlement: Settlement) -> Failure | None:
    """What differs, by the contract as it stood in the period: an amendment can bring figures and take others away."""
    what, prepared = f"{expected.path} in {label}" if expected.listed else expected.path, settlement.prepared
    try:
        seen, unit = _seen(expected, prepared, settlement)
        comparison = compare(value, seen, unit, prepared.terms.nouns)
    except BadInput as bad:
        return Failure(value.source, what, value.text, _told(bad.findings))
    if comparison.right:
        return None
    return Failure(value.source, what, value.text, comparison.seen, comparison.seen)


def _seen(expected: Expected, prepared: Prepared, settlement: Settlement) -> tuple[object, Unit]:
    """What was settled for an expectation, with its unit.

    Raises:
        BadInput: BPO704 if nothing is called so.
    """
    name = expected.name.text
    if name in (*TOTALS, *LINES) and name in prepared.terms.program.slots:
        problem = f"{name!r} is a figure of this contract, and cases use the word for the invoice as a whole."
        raise refuse("BPO704", "unknown-figure", problem, "Rename the figure.", expected.name.source)
    if name in TOTALS:
        _parts(expected, 0)
        totals = settlement.totals
        total = {"net": totals.net, "charges_total": totals.charges, "adjustments_total": totals.adjustments}[name]
        return (total.amount.numerator, total.amount.denominator), money(total.currency)
    if name in LINES:
        return _line(expected, settlement)
    return _figure(expected, prepared, settlement)


def _figure(expected: Expected, prepared: Prepared, settlement: Settlement) -> tuple[object, Unit]:
    name, program = expected.name.text, prepared.terms.program
    figures = [figure.name for figure in program.figures if not isinstance(figure.node, Allocate)]
    if name not in figures:
        raise _unknown("figure", expected.name, [*figures, *TOTALS, *LINES])
    per = program.figure(name).per
    item = _parts(expected, len(dimensions(per)), names=settlement.outcomes.items[per] if per else ())
    return SettledNow(prepared, settlement).value(name, item), program.units[name]


def _line(expected: Expected, settlement: Settlement) -> tuple[object, Unit]:
    """The signed amount of an invoice line, or the status of its clause."""
    kind = expected.name.text
    lines = settlement.document["charges" if kind == "charges" else "adjustments"]
    if kind == "status":
        lines = settlement.document["determinations"]
    if not expected.parts:
        raise _unknown("clause", expected.name, [line["name"] for line in lines])
    clause = expected.parts[0]
    own = {",".join(line["scope"].values()): line for line in lines if line["name"] == clause.text}
    if not own:
        raise _unknown("clause", clause, [line["name"] for line in lines])
    scopes = 0 if "" in own else len(next(iter(own)).split(","))
    lot = _parts(expected, 1 + scopes, names=list(own), before=1)
    if kind == "status":
        return own[lot]["status"], WORD
    charged = settlement.charges if kind == "charges" else settlement.adjustments
    amount = next(
        one.amount.amount
        for one in charged
        if one.name == clause.text and ",".join(value for _, value in one.scope) == lot
    )
    return (amount.numerator, amount.denominator), money(settlement.currency)


def _parts(expected: Expected, wanted: int, names: Sequence[str] = (), *, before: int = 0) -> str:
    """The lot or item that an expectation names after the parts ``before`` it; "" where there is none to name.

    A lot of several scopes is named by maps in maps, in whatever order.
    """
    if len(expected.parts) > wanted:
        problem = f"{expected.path!r}: there is nothing below {'/'.join(expected.path.split('/')[: wanted + 1])!r}."
        raise refuse("BPO704", "unknown-figure", problem, "Write its value there.", expected.place)
    if len(expected.parts) < wanted:
        problem = f"{expected.path!r} has one value for each of {', '.join(names) or 'no items'}."
        raise refuse("BPO704", "unknown-figure", problem, "Write a map with a value for each.", expected.place)
    if not names or "" in names:
        return ""
    given = [part.text for part in expected.parts[before:]]
    if ",".join(given) in names:
        return ",".join(given)
    fitting = [name for name in names if sorted(name.split(",")) == sorted(given)]
    if len(fitting) != 1:
        raise _unknown("lot or item", expected.parts[-1], names)
    return fitting[0]


def _unknown(noun: str, name: Scalar, known: Sequence[str]) -> BadInput:
    near = next(iter(difflib.get_close_matches(name.text, sorted(set(known)), n=1)), "")
    listed = ", ".join(sorted(set(known))[:12]) or "none"
    step = f"Did you mean {near!r}?" if near else f"There are: {listed}."
    return refuse("BPO704", "unknown-figure", f"There is no {noun} {name.text!r} in the settlement.", step, name.source)
