"""The demonstration behind ``make demo``: every month of the example contracts settled, kept, verified and replayed.

It reads the folder ``examples`` and writes the folder ``demo``: ``settlements.db``, a ledger that is made anew on each
run, and a page of statements for each contract. The exit code is 0 only if every month was settled and all checks hold.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from bpo_contracts.cli.codes import CLEAN, FINDINGS, INTEGRITY
from bpo_contracts.cli.main import answered, write_plainly
from bpo_contracts.formats.statement_html import statement_html
from bpo_contracts.formats.statement_text import statement_text
from bpo_contracts.services.keeping import keep_settlement
from bpo_contracts.services.loading import load_contract, load_performance
from bpo_contracts.services.settling import measured, reported_periods
from bpo_contracts.services.statements import statement_document
from bpo_contracts.settlement.prepare import prepare
from bpo_contracts.stores.sqlite import SqliteStore, open_ledger
from bpo_contracts.values.findings import BadInput, Finding, refuse
from bpo_contracts.values.sources import Source

LEDGER: Final = "settlements.db"

_NEXT: Final = """\
What to try next (bpo is in .venv/bin after make):
1. The reasons behind a credit:  bpo explain {ledger} --contract-id contact-centre --period 2025-06 --clause 5.2
2. What proves it later:         bpo verify {ledger}; bpo replay {ledger}
3. A contract of your own:       README.md, "A tour in five minutes"
"""


@dataclass(slots=True)
class _Done:
    """What was settled so far: how many months, by which engines, and the pages that were written."""

    months: int = 0
    engines: dict[str, None] = field(default_factory=dict[str, None])
    pages: list[Path] = field(default_factory=list[Path])


def demonstrate(examples: Path, into: Path) -> int:
    """Settles the contracts in ``examples`` into the folder ``into``, printing as it goes; the exit code.

    Raises:
        BadInput: if an example cannot be read or settled, or the folder cannot be written (BPO690).
        IntegrityFailure, EnginesDisagree: as settling does.
    """
    contracts = sorted(examples.glob("*/contract.yaml"))
    if not contracts:
        problem, step = "There are no example contracts here.", "Run it where the folder 'examples' is, or name that."
        raise refuse("BPO691", "no-examples", problem, step, Source(str(examples)))
    ledger = _fresh(into)
    done = _Done()
    with open_ledger(ledger, write=True) as store:
        for contract in contracts:
            _settle_all(store, contract, into, done)
    code = _prove(ledger)
    print(f"{done.months} months of {len(contracts)} contracts were settled by {' and '.join(done.engines)}.")
    if len(done.engines) == 1:
        print("(Only one engine: the second, durable-rules, is not installed here. The results are the same.)")
    print(f"The settlements are kept in {ledger}. The statements, with every step, are in:")
    for page in done.pages:
        print(f"  {page}")
    print(f"\n{_NEXT.format(ledger=ledger)}", end="")
    return code


def _fresh(into: Path) -> Path:
    """The path of the ledger in the folder, which git will not see and where no ledger of an earlier run is left."""
    ledger = into / LEDGER
    try:
        into.mkdir(parents=True, exist_ok=True)
        (into / ".gitignore").write_text("*\n", encoding="utf-8")
        for old in (ledger, ledger.with_name(f"{LEDGER}-journal")):
            old.unlink(missing_ok=True)
    except OSError as error:
        raise _cannot_write(into, error) from None
    return ledger


def _settle_all(store: SqliteStore, file: Path, into: Path, done: _Done) -> None:
    """Every month that the performance beside the contract has facts for: settled, kept, printed, written as a page."""
    contract = load_contract(file)
    measurements = measured(prepare(contract), load_performance(file.with_name("performance.csv")))
    _all_rows_used(measurements.rejected)
    statements: list[dict[str, Any]] = []
    for period in reported_periods(measurements, contract):
        settled = keep_settlement(store, contract, measurements, period=period)
        kept, document = settled.kept.record, settled.document
        statements.append(statement_document(document, contract))
        print(statement_text(statements[-1]))
        print(f"Kept as record {kept.sequence}, {kept.digest}\n")
        done.engines.update(dict.fromkeys(f"{one['name']} {one['version']}" for one in document["engines"]))
    done.months += len(statements)
    page = into / f"{contract.id}.html"
    try:
        page.write_text(statement_html(statements), encoding="utf-8", newline="\n")
    except OSError as error:
        raise _cannot_write(page, error) from None
    done.pages.append(page)


def _all_rows_used(rejected: Sequence[Any]) -> None:
    """An example whose rows cannot all be used is broken: nothing is shown of it."""
    findings = [finding for row in rejected for finding in row.findings]
    if findings:
        raise BadInput(findings)


def _prove(ledger: Path) -> int:
    """Verifies the ledger and settles everything in it again; the exit code of the first check that fails."""
    from bpo_contracts.audit.replay import replay
    from bpo_contracts.audit.verify import verify
    from bpo_contracts.services.keeping import settle_sealed

    with open_ledger(ledger) as store:
        verified = verify(store)
        replayed = replay(store, settle_sealed)
    _print_findings((*verified.findings, *replayed.findings))
    verdicts = {"intact": verified.intact, "consistent": verified.consistent, "arithmetic": verified.arithmetic}
    said = ", ".join(f"{name} {'yes' if verdict.holds else 'NO'}" for name, verdict in verdicts.items())
    print(f"Verified: {verified.records} records; {said}.")
    print(f"Replayed: {replayed.records} settlements made again from what was sealed; {len(replayed.failed)} differ.")
    if not all(verdict.holds for verdict in verdicts.values()):
        return INTEGRITY
    return CLEAN if replayed.holds else FINDINGS


def _print_findings(findings: Sequence[Finding]) -> None:
    for finding in findings:
        print(finding.render(), end="\n\n", file=sys.stderr)


def _cannot_write(path: Path, error: OSError) -> BadInput:
    problem = f"The file cannot be written: {error.strerror}."
    return refuse("BPO690", "cannot-write", problem, "Choose another place with --into.", Source(str(path)))


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the demonstration and returns its exit code (those of ``bpo``)."""
    parser = argparse.ArgumentParser(prog="demo", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--examples", default="examples", help="the folder with the example contracts")
    parser.add_argument("--into", default="demo", help="the folder to write")
    options = parser.parse_args(arguments)
    return answered(lambda: demonstrate(Path(options.examples), Path(options.into)))


if __name__ == "__main__":
    write_plainly()
    sys.exit(main())
