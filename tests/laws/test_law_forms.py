"""A ledger can be read without the library: three rules put a settlement document together (docs/audit.md)."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.laws.drawn import Settled, settled

from bpo_contracts.stores.memory import MemoryStore
from bpo_contracts.stores.sqlite import open_ledger
from bpo_contracts.trail.form import ROWS, filled
from bpo_contracts.values.canonical import canonical


@settings(max_examples=12)
@given(settled())
def test_the_standard_library_is_enough_to_read_a_ledger(drawn: Settled) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.db"
        with open_ledger(path, write=True) as store:
            drawn.kept_in(store)
        with closing(sqlite3.connect(path)) as connection:
            records = connection.execute("SELECT content, digest FROM record ORDER BY sequence").fetchall()
            annexes = dict(connection.execute("SELECT digest, content FROM annex").fetchall())
    for (content, digest), document in zip(records, drawn.documents, strict=True):
        record = json.loads(content)
        assert hashlib.sha256(content).hexdigest() == digest
        named = record["annexes"]
        assert hashlib.sha256(annexes[named["form"]]).hexdigest() == named["form"]
        assert json.loads(annexes[named["contract"]]) == drawn.written
        assert put_together(json.loads(annexes[named["form"]]), record["settlement"]) == without_digest(document)


def put_together(form: dict[str, Any], entries: dict[str, Any]) -> dict[str, Any]:
    """The three rules, in another hand."""
    document: dict[str, Any] = dict(form["whole"])
    document.update(entries)
    for group in ("adjustments", "charges", "consequences", "determinations", "steps"):
        name = "figure" if group == "steps" else "name"
        document[group] = []
        for row in form[group]:
            for entry in entries[group]:
                if entry[name] == row[name]:
                    line = dict(row)
                    line.update(entry)
                    if group == "steps":
                        line["premises"] = [[one[0], (one[1:] or [line["item"]])[0]] for one in line["premises"]]
                    document[group].append(line)
    return document


def without_digest(document: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in document.items() if key != "digest"}


@settings(max_examples=12)
@given(settled())
def test_one_form_serves_all_periods_of_a_version(drawn: Settled) -> None:
    """What differs between periods is in the records: a contract without amendments has one form, however long it runs."""
    store = drawn.kept_in(MemoryStore())
    versions = 1 + len(drawn.contract.amendments)
    assert len(list(store.annexes())) <= 1 + versions


NAMES = st.sampled_from(["a", "b", "c"])
VALUES = st.dictionaries(st.sampled_from(["says", "value", "unit"]), st.text(max_size=3), max_size=3)


@given(st.dictionaries(NAMES, VALUES), st.lists(st.tuples(NAMES, VALUES), max_size=5))
def test_what_an_entry_says_goes_before_what_its_row_says(
    rows: dict[str, dict[str, str]], entries: list[tuple[str, dict[str, str]]]
) -> None:
    form: dict[str, Any] = {"whole": {}, **{group: [] for group in ROWS}}
    form["charges"] = [{**row, "name": name} for name, row in rows.items()]
    given: dict[str, Any] = {group: [] for group in ROWS}
    given["charges"] = [{**entry, "name": name} for name, entry in entries]
    document = filled(form, given)
    order = list(rows)
    expected = sorted(entries, key=lambda one: order.index(one[0]) if one[0] in rows else len(order))
    assert document["charges"] == [{**rows.get(name, {}), **entry, "name": name} for name, entry in expected]
    assert document["digest"] == hashlib.sha256(canonical(without_digest(document))).hexdigest()
