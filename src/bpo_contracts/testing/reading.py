"""Reading case files: fields that are unknown, missing or empty are findings, each at its place."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from bpo_contracts.contract.changes import Change
from bpo_contracts.formats.documents import read_file
from bpo_contracts.testing.case import Case, Expected, Refusal, Scenario
from bpo_contracts.values.findings import BadInput, Finding, refuse
from bpo_contracts.values.nodes import DocNode, ListNode, MapNode, Scalar
from bpo_contracts.values.sources import Source

_CASE_FIELDS: Final = ("title", "source", "notes", "contract", "scenarios")
_SCENARIO_FIELDS: Final = ("name", "notes", "reading", "periods", "settle", "expect")
_REFUSAL_FIELDS: Final = ("finding", "mentions")
_ENDINGS: Final = (".yaml", ".yml", ".json")


def case_files(paths: Iterable[str]) -> list[str]:
    """The files that are named, and the ``.yaml``, ``.yml`` and ``.json`` files in the folders that are named, sorted.

    Raises:
        BadInput: BPO101 for a name that does not exist.
    """
    found: dict[str, None] = {}
    for name in paths:
        path = Path(name)
        if path.is_dir():
            inside = (one for one in path.rglob("*") if one.suffix in _ENDINGS and one.is_file())
            found |= dict.fromkeys(sorted(os.fspath(one) for one in inside))
        elif path.exists():
            found[name] = None
        else:
            problem, step = "There is no such file or folder.", "Check the name."
            raise refuse("BPO101", "file-unreadable", problem, step, Source(name))
    return list(found)


def read_case_file(path: str) -> Case:
    """The case in a file.

    Raises:
        BadInput: if the file is no sound document (BPO101 to BPO121) or no case (BPO700 to BPO706).
    """
    return read_case(read_file(path), path, beside=Path(path).parent)


def read_case(document: DocNode, file: str, *, beside: Path | None = None) -> Case:
    """The case that a document writes; the contract in it is not read yet.

    ``beside``: the folder of the case file, where the contract can be a file of its own (None: it stands in the case).

    Raises:
        BadInput: with every finding (BPO700 to BPO706).
    """
    reader = _Reader(beside)
    case = reader.case(document, file)
    if reader.findings or case is None:
        raise BadInput(reader.findings)
    return case


class _Reader:
    """Collects findings while the parts of a case are read."""

    def __init__(self, beside: Path | None) -> None:
        self._beside = beside
        self.findings: list[Finding] = []

    def case(self, document: DocNode, file: str) -> Case | None:
        if not isinstance(document, MapNode):
            self._form(document.source, "A case is a map of fields", f"Write {', '.join(_CASE_FIELDS)}.")
            return None
        self._fields(document, _CASE_FIELDS, needed=("title", "source", "contract", "scenarios"))
        contract = self._contract(document)
        entry = document.entry("scenarios")
        items: tuple[DocNode, ...] = ()
        if entry is not None and isinstance(entry[1], ListNode):
            items = entry[1].items
        if entry is not None and not items:
            self._form(entry[0].source, "'scenarios' is a list of at least one scenario", "Write one with '- name: …'.")
        scenarios = [scenario for item in items if (scenario := self._scenario(item)) is not None]
        self._twice([scenario.name for scenario in scenarios])
        if contract is None:
            return None
        return Case(file, self._text(document, "title"), self._text(document, "source"), contract, tuple(scenarios))

    def _contract(self, document: MapNode) -> MapNode | None:
        """The contract in the case, or that in the file it names: in the folder of the case, or below it."""
        entry = document.entry("contract")
        if entry is None or not isinstance(entry[1], Scalar) or self._beside is None:
            return self._map(document, "contract")
        name, place = entry[1].text, entry[1].source
        if not name.endswith(_ENDINGS):
            self._form(
                place, "'contract' is a contract, or the name of its file", "Write 'contract.yaml' or its fields."
            )
            return None
        path = self._beside / name
        try:
            inside = path.resolve().is_relative_to(self._beside.resolve())
        except (OSError, RuntimeError, ValueError):
            inside = False
        if not inside:
            problem = f"The contract {name[:80]!r} is outside the folder of the case"
            self._form(place, problem, "Keep it beside the case file, or in a folder below it.")
            return None
        try:
            found = read_file(os.fspath(path))
        except BadInput as bad:
            self.findings += bad.findings
            return None
        if isinstance(found, MapNode):
            return found
        self._form(found.source, "A contract is a map of fields", "Name the file of a contract.")
        return None

    def _scenario(self, node: DocNode) -> Scenario | None:
        if not isinstance(node, MapNode):
            self._form(node.source, "A scenario is a map of fields", f"Write {', '.join(_SCENARIO_FIELDS)}.")
            return None
        self._fields(node, _SCENARIO_FIELDS, needed=("name", "expect"))
        name, expect = node.entry("name"), self._map(node, "expect")
        if name is None or expect is None:
            return None
        if not isinstance(name[1], Scalar) or not name[1].text:
            self._form(name[0].source, "A scenario has a name", "Write a few words that say what happens.")
            return None
        changes = self._map(node, "reading")
        periods = self._periods(node)
        refusal = self._refusal(expect)
        if refusal is None and not periods:
            problem = f"The scenario {name[1].text!r} expects figures, and has no periods with facts."
            step = "Add 'periods:' with a period and its facts, or expect a finding of the contract alone."
            self._note("BPO706", "unknown-period", name[1].source, problem, step)
        scenario = Scenario(
            name[1],
            tuple(Change(key, value) for key, value in changes.entries) if changes else (),
            tuple(periods),
            self._settle(node, [label.text for label, _ in periods]),
            () if refusal else tuple(self._expected(expect)),
            refusal,
        )
        self._one_for_each(scenario)
        return scenario

    def _periods(self, node: MapNode) -> list[tuple[Scalar, MapNode]]:
        entry = node.entry("periods")
        if entry is None:
            return []
        if not isinstance(entry[1], MapNode):
            step = "Write '2026-01:' and below it, indented, the measures with their values."
            self._form(entry[1].source, "'periods' is a map of periods with their facts", step)
            return []
        found = []
        for label, facts in entry[1].entries:
            if isinstance(facts, Scalar) and not facts.text:
                facts = MapNode((), facts.source)
            if isinstance(facts, MapNode):
                found.append((label, facts))
            else:
                self._form(facts.source, "The facts of a period are a map of measures", "Write 'measure: value'.")
        return found

    def _settle(self, node: MapNode, periods: Sequence[str]) -> tuple[Scalar, ...]:
        labels = self._texts(node, "settle")
        for label in labels:
            if label.text not in periods:
                problem = f"{label.text!r} is to be settled, and the scenario has no facts for it."
                step = f"The periods are: {', '.join(periods) or 'none'}."
                self._note("BPO706", "unknown-period", label.source, problem, step)
        return labels

    def _refusal(self, expect: MapNode) -> Refusal | None:
        if not expect.entries:
            self._nothing(expect.source, "Nothing is expected here")
        if all(key.text not in _REFUSAL_FIELDS for key, _ in expect.entries):
            return None
        self._fields(expect, _REFUSAL_FIELDS, needed=("finding",))
        return Refusal(self._texts(expect, "finding"), self._texts(expect, "mentions"))

    # --- expectations ---------------------------------------------------------------------------------------

    def _expected(self, expect: MapNode) -> Iterable[Expected]:
        for key, value in expect.entries:
            yield from self._leaves(key, (), value)

    def _leaves(self, name: Scalar, parts: tuple[Scalar, ...], node: DocNode) -> Iterable[Expected]:
        """Every value under a name, with the keys that lead to it."""
        if isinstance(node, MapNode):
            if not node.entries:
                self._nothing(node.source, f"Nothing is expected of {name.text!r}")
            for key, value in node.entries:
                yield from self._leaves(name, (*parts, key), value)
            return
        listed = isinstance(node, ListNode)
        items: Sequence[DocNode] = node.items if isinstance(node, ListNode) else (node,)
        values = [item for item in items if isinstance(item, Scalar) and (item.text or item.quoted)]
        if not values or len(values) != len(items):
            self._nothing(node.source, f"A value is missing in what is expected of {name.text!r}")
            return
        yield Expected(name, parts, tuple(values), listed)

    def _one_for_each(self, scenario: Scenario) -> None:
        """A list has one value for each period it is about; several periods need a list."""
        chosen = len(scenario.settle)
        for expected in scenario.expected:
            wanted = (chosen or len(scenario.periods)) if expected.listed else 1
            has = len(expected.values)
            if has != wanted:
                problem = f"{expected.path!r} lists {has} values, and {wanted} periods are settled."
                step = "Write one value for each period, in their order."
                self._note("BPO705", "values-for-periods", expected.values[0].source, problem, step)
            elif not expected.listed and chosen > 1:
                problem = f"{expected.path!r} has one value, and {chosen} periods are settled."
                step = "Write a list with one value for each of them."
                self._note("BPO705", "values-for-periods", expected.values[0].source, problem, step)

    # --- small ones -----------------------------------------------------------------------------------------

    def _fields(self, node: MapNode, known: Sequence[str], *, needed: Sequence[str]) -> None:
        for key, _ in node.entries:
            if key.text not in known:
                problem = f"There is no field {key.text!r} here."
                self._note("BPO702", "unknown-field", key.source, problem, f"The fields are: {', '.join(known)}.")
        for name in needed:
            if node.entry(name) is None:
                problem = f"The field {name!r} is missing."
                self._note("BPO701", "field-missing", node.source, problem, f"Add '{name}: …'.")

    def _map(self, node: MapNode, field: str) -> MapNode | None:
        entry = node.entry(field)
        if entry is None or isinstance(entry[1], MapNode):
            return entry[1] if entry is not None and isinstance(entry[1], MapNode) else None
        self._form(entry[1].source, f"{field!r} is a map", "Write its fields below it, indented.")
        return None

    def _texts(self, node: MapNode, field: str) -> tuple[Scalar, ...]:
        """One text or a list of texts; none if the field is absent."""
        entry = node.entry(field)
        if entry is None:
            return ()
        items = entry[1].items if isinstance(entry[1], ListNode) else (entry[1],)
        texts = tuple(item for item in items if isinstance(item, Scalar) and item.text)
        if not texts or len(texts) != len(items):
            self._form(entry[1].source, f"{field!r} is a text or a list of texts", "Correct the case.")
        return texts

    def _text(self, node: MapNode, field: str) -> str:
        entry = node.entry(field)
        if entry is None:
            return ""
        if not isinstance(entry[1], Scalar) or not entry[1].text.strip():
            self._form(entry[1].source, f"{field!r} is a text", "Write it in a sentence or two.")
            return ""
        return entry[1].text

    def _twice(self, names: Iterable[Scalar]) -> None:
        seen: dict[str, Scalar] = {}
        for name in names:
            if name.text in seen:
                problem = f"Two scenarios are called {name.text!r}"
                self._form(name.source, problem, f"Rename one; the other is at {seen[name.text].source}.")
            seen.setdefault(name.text, name)

    def _nothing(self, place: Source, problem: str) -> None:
        step = "Write a value, or remove the line: what expects nothing proves nothing."
        self._note("BPO703", "nothing-expected", place, f"{problem}.", step)

    def _form(self, place: Source, problem: str, step: str) -> None:
        self._note("BPO700", "not-a-case", place, f"{problem}.", step)

    def _note(self, code: str, name: str, place: Source, problem: str, step: str) -> None:
        self.findings.append(Finding(code, name, place, problem, step))
