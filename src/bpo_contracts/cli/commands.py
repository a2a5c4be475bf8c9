"""The commands: each reads files, calls one service, prints, and answers with an exit code."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import bpo_contracts
from bpo_contracts.cli.codes import BAD_INPUT, CLEAN, FINDINGS, INTEGRITY, USAGE
from bpo_contracts.values.findings import BadInput, Finding, refuse, shown, visible

if TYPE_CHECKING:
    from bpo_contracts.contract.contract import Contract
    from bpo_contracts.performance.measurement import Measurements
    from bpo_contracts.values.periods import Period


def version() -> int:
    """``bpo --version``: the library and the engines at hand."""
    from bpo_contracts.engines.durable_rules import VERSION, available

    engine = f"durable-rules {VERSION} and the reference" if available() else "the reference alone (no durable-rules)"
    print(f"bpo-contracts {bpo_contracts.__version__}; rules engines: {engine}")
    return CLEAN


def check(options: argparse.Namespace) -> int:
    """``bpo check``: every finding of a contract, then hints; 1 if there are findings, 3 if the file is no document."""
    from bpo_contracts.contract.reading import read_contract
    from bpo_contracts.formats.documents import read_file
    from bpo_contracts.services.hinting import hints
    from bpo_contracts.settlement.prepare import prepare

    document = read_file(options.contract)
    try:
        contract = read_contract(document)
        prepared = prepare(contract)
    except BadInput as bad:
        print(bad)
        print(f"\n{_count(len(bad.findings), 'finding')} in {options.contract}.")
        return FINDINGS
    asked = hints(contract)
    _print_findings(asked)
    questions = len(prepared.book.rulebook.questions)
    print(
        f"{options.contract}: contract {contract.id} version {contract.version}: {_count(len(contract.clauses), 'clause')}, "
        f"{_count(len(contract.measures), 'measure')}, {_count(questions, 'question')} for the rules engine; no findings"
        f"{', ' + _count(len(asked), 'hint') if asked else ''}."
    )
    return CLEAN


def settle(options: argparse.Namespace) -> int:
    """``bpo settle``: one period or all, printed, and kept in a ledger if one is named."""
    from bpo_contracts.services.loading import load_contract, load_performance
    from bpo_contracts.services.settling import measured, read_period, reported_periods
    from bpo_contracts.settlement.prepare import prepare

    _check_output(options)
    contract = load_contract(options.contract)
    measurements = measured(prepare(contract), load_performance(*options.performance))
    periods = (
        reported_periods(measurements, contract)
        if options.all
        else [read_period(options.period, contract, asked_by="--period ")]
    )
    said = _say_rejected(measurements)
    try:
        documents = _settled(options, contract, measurements, periods)
    except BadInput as bad:
        more = [finding for finding in bad.findings if finding not in said]
        _print_findings(more, sys.stderr)
        print(f"{', '.join(period.label for period in periods)}: not settled.", file=sys.stderr)
        return BAD_INPUT
    _output(_formatted(options.format, documents, contract), options.output)
    return CLEAN


def _settled(
    options: argparse.Namespace, contract: Contract, measurements: Measurements, periods: Sequence[Period]
) -> list[dict[str, Any]]:
    if options.ledger:
        from bpo_contracts.audit.log import later_periods, resting_on_superseded
        from bpo_contracts.services.keeping_together import keep_settlements
        from bpo_contracts.stores.sqlite import open_ledger

        with open_ledger(options.ledger, write=True) as store:
            later_periods(store, contract.id, written=())  # what cannot be told apart afterwards is not written
            settled_now = keep_settlements(
                store, contract, measurements, periods=periods, engine=options.engine, restore=options.restore
            )
            written = [period.label for period, one in zip(periods, settled_now, strict=True) if one.kept.new]
            later = later_periods(store, contract.id, written=written)
            resting = resting_on_superseded(store, contract.id, among=later)
        for period, one in zip(periods, settled_now, strict=True):
            _say_kept(options.ledger, one.kept, period)
        if resting:
            print(f"{options.ledger}: {_resting(resting)}", file=sys.stderr)
        return [one.document for one in settled_now]
    from bpo_contracts.services.settling import settle as settle_one
    from bpo_contracts.settlement.settlement import Settlement

    settled: list[Settlement] = []
    for period in periods:
        settled.append(settle_one(contract, measurements, period=period, history=settled, engine=options.engine))
    return [one.document for one in settled]


def _say_kept(ledger: str, kept: Any, period: Period) -> None:
    record = kept.record
    what = "kept as" if kept.new else "unchanged, already kept as"
    print(
        f"{ledger}: {period.label} {what} record {record.sequence}, revision {record.key.revision}, {record.digest}",
        file=sys.stderr,
    )


def _resting(periods: Sequence[str]) -> str:
    """What is said of periods that looked back at what has been superseded since; no verdict, and no exit code."""
    were, them = ("was", "it") if len(periods) == 1 else ("were", "them")
    before = "settled on earlier periods as they stood then, and one of these has been settled since"
    return f"{', '.join(periods)} {were} {before}; settle {them} again."


def _formatted(form: str, documents: list[dict[str, Any]], contract: Contract) -> str:
    if form == "json":
        shown: Any = documents[0] if len(documents) == 1 else documents
        return json.dumps(shown, ensure_ascii=False, indent=2) + "\n"
    from bpo_contracts.services.statements import statement_document

    statements = [statement_document(document, contract) for document in documents]
    if form == "html":
        from bpo_contracts.formats.statement_html import statement_html

        return statement_html(statements)
    from bpo_contracts.formats.statement_text import statement_text

    return "\n".join(statement_text(statement) for statement in statements)


def _say_rejected(measurements: Measurements) -> frozenset[Finding]:
    """Rows that could not be used are always said; whether a period can be settled without them, ``assess`` decides."""
    counts = measurements.counts
    if counts.read == counts.accepted:
        return frozenset()
    findings = [finding for row in measurements.rejected for finding in row.findings]
    _print_findings(findings, sys.stderr)
    print(
        f"\n{_count(counts.read, 'row')} read: {counts.accepted} accepted, {counts.rejected} rejected, {counts.duplicate} duplicate.",
        file=sys.stderr,
    )
    return frozenset(findings)


def test(options: argparse.Namespace) -> int:
    """``bpo test``: the scenarios of case files; 1 where something differs."""
    from bpo_contracts.cli.cases import test_cases

    return test_cases(options.paths, accepting=options.accept)


def explain(options: argparse.Namespace) -> int:
    """``bpo explain``: the argument behind each amount of a kept settlement; or a contract, said in plain English."""
    if options.source.lower().endswith((".yaml", ".yml", ".json")):
        from bpo_contracts.services.describing import describe_contract
        from bpo_contracts.services.loading import load_contract

        _output(describe_contract(load_contract(options.source), options.clause), None)
        return CLEAN
    if options.period is None:
        print("bpo explain: a ledger needs --period, as in --period 2016-03", file=sys.stderr)
        return USAGE
    from bpo_contracts.formats.statement_argument import explain_text
    from bpo_contracts.services.statements import statement_document
    from bpo_contracts.stores.sqlite import open_ledger

    with open_ledger(options.source) as store:
        document, contract = _kept_settlement(store, options)
    text = explain_text(statement_document(document, contract), clause=options.clause)
    _output(text, None)
    return CLEAN


def _kept_settlement(store: Any, options: argparse.Namespace) -> tuple[Any, Contract]:
    """The settlement document that is asked for, and the contract it was settled by."""
    from bpo_contracts.audit.log import open_record, resting_on_superseded
    from bpo_contracts.services.keeping import sealed_contract
    from bpo_contracts.values.canonical import canonical

    keys = {record.key.contract: None for record in store.records()}
    wanted = options.contract_id or (next(iter(keys)) if len(keys) == 1 else None)
    if wanted is None:
        problem = f"The ledger holds settlements of {', '.join(keys) or 'no contract'}."
        raise refuse("BPO580", "which-contract", problem, "Name one with --contract-id.", _file(options.source))
    revisions = store.revisions(wanted, options.period)
    if not revisions:
        known = ", ".join(store.periods(wanted)) or "none"
        problem = f"No settlement of {options.period} for contract {wanted!r} is kept; kept are: {known}."
        raise refuse("BPO581", "no-such-settlement", problem, "Settle it with --ledger first.", _file(options.source))
    record = _asked_revision(revisions, options)
    content = open_record(record, store)
    resting = resting_on_superseded(store, wanted, among=[record.key.period]) if record == revisions[-1] else ()
    if resting:
        print(f"{options.source}: {_resting(resting)}", file=sys.stderr)
    contract = sealed_contract(canonical(content["contract"]), f"{options.source}#contract.json")
    return content["settlement"], contract


def _asked_revision(revisions: Sequence[Any], options: argparse.Namespace) -> Any:
    """The revision that is asked for, or the latest; where there are several, standard error says which it is."""
    numbers = [record.key.revision for record in revisions]
    asked = numbers[-1] if options.revision is None else options.revision
    if asked not in numbers:
        known = ", ".join(str(number) for number in numbers)
        problem = f"There is no revision {asked} of {options.period}; kept are: {known}."
        raise refuse("BPO582", "no-such-revision", problem, "Name one of these with --revision.", _file(options.source))
    if len(numbers) > 1:
        which = "the latest" if asked == numbers[-1] else f"superseded by revision {numbers[numbers.index(asked) + 1]}"
        others = ", ".join(str(number) for number in numbers if number != asked)
        print(
            f"{options.source}: {options.period} has {len(numbers)} revisions; this is revision {asked}, {which}."
            f" The others: --revision {others}.",
            file=sys.stderr,
        )
    return revisions[numbers.index(asked)]


def replay(options: argparse.Namespace) -> int:
    """``bpo replay``: the sealed inputs settled again; 1 where something differs."""
    from bpo_contracts.audit.replay import replay as replay_all
    from bpo_contracts.services.keeping import settle_sealed
    from bpo_contracts.services.replaying import input_differences
    from bpo_contracts.stores.sqlite import open_ledger

    with open_ledger(options.ledger) as store:
        differences = input_differences(store, contract_file=options.contract, performance_files=options.performance)
        for difference in differences:
            print(visible(difference))
        report = replay_all(store, lambda case: settle_sealed(case, options.engine))
    _print_findings(report.findings)
    same = report.records - len(report.failed)
    print(
        f"{options.ledger}: {_count(report.records, 'record')} settled again, {same} equal, {len(report.failed)} not."
    )
    if report.other_engines:
        print(
            f"{report.other_engines} were sealed with other rules engines than run here; the results are compared all the same."
        )
    return CLEAN if report.holds and not differences else FINDINGS


def verify(options: argparse.Namespace) -> int:
    """``bpo verify``: seals, chain and arithmetic, each a verdict of its own; 4 where one fails."""
    from bpo_contracts.audit.store import parse_head
    from bpo_contracts.audit.verify import verify as verify_all
    from bpo_contracts.stores.sqlite import open_ledger

    head = parse_head(options.head) if options.head else None
    with open_ledger(options.ledger) as store:
        report = verify_all(store, held=head)
    _print_findings(report.findings)
    for name, verdict in (
        ("intact", report.intact),
        ("consistent", report.consistent),
        ("arithmetic", report.arithmetic),
    ):
        means = _VERDICTS[name] + (_HELD if name == "consistent" and head is not None else "")
        print(f"{name:<11} {'yes' if verdict.holds else 'NO: ' + _count(verdict.count, 'finding')}  ({means})")
    # What stands in a ledger may have been changed by anybody.
    print(f"{options.ledger}: {_count(report.records, 'record')}; head {visible(str(report.head))}")
    if report.held is None:
        hold = "Hold the head above." if not report.findings else "Do not hold the head of a ledger that was changed."
        print(f"No head was given: records cut off at the end, or a ledger written anew, cannot be seen. {hold}")
    else:
        print(
            f"The head you hold is in the ledger; {_count(report.after_held, 'record')} came after it."
            if report.consistent.holds
            else ""
        )
    for contract, periods in report.resting:
        print(f"{visible(contract)}: {_resting(periods)}")
    return INTEGRITY if report.findings else CLEAN


_VERDICTS = {
    "intact": "each record's bytes are those that were sealed",
    "consistent": "the records follow one another",
    "arithmetic": "lines sum to totals, roundings and steps fit",
}

_HELD = ", and contain the head you hold"


def schema(options: argparse.Namespace) -> int:
    """``bpo schema``: the JSON Schema of a document."""
    from bpo_contracts.formats.schemas import schema_text

    _output(schema_text(options.which), None)
    return CLEAN


# --- helpers ------------------------------------------------------------------------------------------------


def _print_findings(findings: Iterable[Finding], stream: Any = None) -> None:
    found = tuple(findings)
    if found:
        print(shown(found), end="\n\n", file=stream or sys.stdout)


def _output(text: str, path: str | None) -> None:
    """Standard output, or a file that is replaced as a whole or not at all."""
    if path is None:
        sys.stdout.write(text if text.endswith("\n") else text + "\n")
        return
    target = Path(path)
    draft = target.with_name(f".{target.name}.{os.getpid()}.part")
    device = target.exists() and not target.is_file()  # such as /dev/null, which is written to and never replaced
    try:
        (target if device else draft).write_text(text, encoding="utf-8", newline="\n")
        if not device:
            draft.replace(target)
    except OSError as error:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)
        raise refuse(
            "BPO690",
            "cannot-write",
            f"The file cannot be written: {error.strerror}.",
            "Choose another place.",
            _file(path),
        ) from None


def _check_output(options: argparse.Namespace) -> None:
    """Refuses a place that cannot be written to, or that holds the ledger or an input, before anything is settled."""
    if options.output is None:
        return
    target = Path(options.output)
    taken = {Path(path).resolve() for path in (options.contract, options.ledger, *options.performance) if path}
    problem = ""
    if target.is_dir():
        problem = "This is a folder."
    elif not target.absolute().parent.is_dir():
        problem = "The folder does not exist."
    elif target.resolve() in taken:
        problem = "The statement would replace the ledger, the contract or the performance report."
    if problem:
        raise refuse("BPO690", "cannot-write", problem, "Choose another place.", _file(options.output))


def _file(path: str) -> Any:
    from bpo_contracts.values.sources import Source

    return Source(path)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


__all__ = ["check", "explain", "replay", "schema", "settle", "test", "verify", "version"]
