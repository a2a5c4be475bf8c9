"""``bpo test``: the scenarios of case files, settled and compared."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from bpo_contracts.testing import CaseResult, Failure, accept, case_files, read_case_file, run_case
from bpo_contracts.values.findings import BadInput


def test_cases(paths: Sequence[str], *, accepting: bool) -> int:
    """Runs the case files (and those in folders), prints the table and what differs; 1 if anything does, else 0.

    ``accepting`` writes what was seen in place of what was expected.

    Raises:
        BadInput: if a path does not exist.
    """
    results: list[CaseResult] = []
    unreadable: list[tuple[str, BadInput]] = []
    accepted = 0
    for file in case_files(paths):
        try:
            results.append(run_case(read_case_file(file)))
            accepted += _accept(results[-1]) if accepting else 0
        except BadInput as bad:
            unreadable.append((file, bad))
    print("\n".join(_table(results)))
    for result in results:
        for name, failure in ((one.name, failure) for one in result.scenarios for failure in one.failures):
            print(f"\n{_told(name, failure)}")
    for file, refused in unreadable:
        print(f"\n{file} is not a case that can be run:\n\n{refused}")
    print(f"\n{_closing(results, len(unreadable), accepted if accepting else None)}")
    return 1 if unreadable or any(result.failures for result in results) else 0


def _accept(result: CaseResult) -> int:
    path = Path(result.file)
    text = path.read_bytes().decode("utf-8")
    new, written = accept(text, result.failures)
    if written:
        path.write_bytes(new.encode("utf-8"))
    return written


def _table(results: Sequence[CaseResult]) -> Iterable[str]:
    rows = [("case", "scenarios", "figures right", "")]
    for result in results:
        right, stated = _counts([result])
        mark = "" if not result.failures else f"{len(result.failures)} wrong"
        rows.append((Path(result.file).name, str(len(result.scenarios)), f"{right} of {stated}", mark))
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    for name, scenarios, figures, mark in rows:
        yield f"{name:{widths[0]}}  {scenarios:>{widths[1]}}  {figures:>{widths[2]}}  {mark}".rstrip()


def _told(scenario: str, failure: Failure) -> str:
    seen = failure.seen if "\n" not in failure.seen else "\n" + failure.seen
    return (
        f"{failure.place}: scenario {scenario!r}: {failure.what}\n"
        f"  expected: {failure.expected}\n  seen: {seen}".rstrip()
    )


def _counts(results: Sequence[CaseResult]) -> tuple[int, int]:
    scenarios = [scenario for result in results for scenario in result.scenarios]
    return sum(scenario.right for scenario in scenarios), sum(scenario.stated for scenario in scenarios)


def _closing(results: Sequence[CaseResult], unreadable: int, accepted: int | None) -> str:
    right, stated = _counts(results)
    scenarios = sum(len(result.scenarios) for result in results)
    failures = sum(len(result.failures) for result in results)
    line = f"{_count(len(results), 'case')}, {_count(scenarios, 'scenario')}: "
    line += f"{right} of {_count(stated, 'figure')} right, {_count(failures, 'difference')}"
    if unreadable:
        line += f"; {_count(unreadable, 'file')} that {'is no case' if unreadable == 1 else 'are no cases'}"
    return f"{line}; {_count(accepted, 'value')} written." if accepted is not None else f"{line}."


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
