"""The published schemas are those of the library; real documents fit them, and documents with a mistake do not."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, cast, get_args

import pytest
from jsonschema import Draft202012Validator

from bpo_contracts import load_contract, load_performance, settle
from bpo_contracts.cli.main import main
from bpo_contracts.contract.clauses.kinds import KINDS
from bpo_contracts.contract.contract import Contract
from bpo_contracts.formats.documents import read_file
from bpo_contracts.formats.schemas import Which, schema_text
from bpo_contracts.performance.document import period_document
from bpo_contracts.services.settling import measured, reported_periods
from bpo_contracts.settlement.prepare import prepare
from bpo_contracts.settlement.results import Status
from bpo_contracts.values.nodes import plain

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted(path.parent.name for path in ROOT.glob("examples/*/contract.yaml"))
PERIODS = {"contact_centre": "2025-06", "regional_airline": "2013-03", "service_desk": "2016-03"}

Document = Any
Break = Callable[[Document], object]


@cache
def validator(which: Which) -> Draft202012Validator:
    schema = json.loads(schema_text(which))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def schema_of(which: Which) -> dict[str, Any]:
    """The schema itself (a JSON Schema may also be true or false; ours are not)."""
    return cast(dict[str, Any], validator(which).schema)


@cache
def contract_document(example: str) -> Document:
    return plain(read_file(ROOT / "examples" / example / "contract.yaml"))


@cache
def settlement_document(example: str) -> Document:
    folder = ROOT / "examples" / example
    contract, performance = load_contract(folder / "contract.yaml"), load_performance(folder / "performance.csv")
    return settle(contract, performance, period=PERIODS[example], engine="reference").document


@cache
def performance_document(example: str) -> Document:
    folder = ROOT / "examples" / example
    prepared = prepare(load_contract(folder / "contract.yaml"))
    measurements = measured(prepared, load_performance(folder / "performance.csv"))
    return period_document(measurements, reported_periods(measurements, prepared.contract)[0], prepared.shape)


DOCUMENTS: dict[Which, Callable[[str], Document]] = {
    "contract": contract_document,
    "performance": performance_document,
    "settlement": settlement_document,
}


def test_every_example_is_tried() -> None:
    assert sorted(PERIODS) == EXAMPLES


@pytest.mark.parametrize("which", get_args(Which))
def test_published_is_what_the_command_prints(which: Which, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", which]) == 0
    assert (ROOT / "docs" / "schemas" / f"{which}.json").read_text(encoding="utf-8") == capsys.readouterr().out


@pytest.mark.parametrize("which", get_args(Which))
def test_the_id_is_the_version(which: Which) -> None:
    assert schema_of(which)["$id"] == f"bpo-contracts/{which}/1"


@pytest.mark.parametrize("example", EXAMPLES)
@pytest.mark.parametrize("which", get_args(Which))
def test_real_documents_fit(which: Which, example: str) -> None:
    assert [error.message for error in validator(which).iter_errors(DOCUMENTS[which](example))] == []


@pytest.mark.parametrize("which", get_args(Which))
@pytest.mark.parametrize("example", EXAMPLES)
def test_nothing_required_can_be_left_out(which: Which, example: str) -> None:
    whole = DOCUMENTS[which](example)
    for field in schema_of(which)["required"]:
        less = {key: value for key, value in whole.items() if key != field}
        assert not validator(which).is_valid(less), field


@pytest.mark.parametrize("which", get_args(Which))
def test_a_field_nobody_knows_is_refused(which: Which) -> None:
    assert not validator(which).is_valid({**DOCUMENTS[which]("service_desk"), "penatly": "1"})


def test_every_kind_of_clause_is_in_the_schema_with_all_its_fields() -> None:
    definitions = schema_of("contract")["$defs"]
    for kind, model in KINDS.items():
        assert set(definitions[kind]["properties"]) == set(model.model_fields) - {"kind", "name"} | {
            kind,
            "readings",
            "reading",
        }
    choices = schema_of("contract")["properties"]["clauses"]["items"]["anyOf"]
    assert {choice["$ref"].rsplit("/", 1)[1] for choice in choices} == set(KINDS)


def test_every_field_of_a_contract_is_in_the_schema() -> None:
    assert set(schema_of("contract")["properties"]) == set(Contract.model_fields)


def test_every_status_of_a_line_is_in_the_schema() -> None:
    lines = schema_of("settlement")["properties"]["adjustments"]["items"]
    assert set(lines["properties"]["status"]["enum"]) == set(get_args(Status))


def _clause(document: Document, kind: str) -> dict[str, Any]:
    return next(clause for clause in document["clauses"] if kind in clause)


def test_a_chosen_reading_may_bring_the_fields() -> None:
    document = copy.deepcopy(contract_document("contact_centre"))
    clause = _clause(document, "cap")
    clause["readings"] = {"of the fee": {name: clause.pop(name) for name in ("at_most", "excess", "shared")}}
    clause["reading"] = "of the fee"
    assert validator("contract").is_valid(document)


def test_parameters_are_written_in_three_ways() -> None:
    document = copy.deepcopy(contract_document("contact_centre"))
    by_lot = {"for_each": "site", "values": {"north": "2 EUR"}}
    document["parameters"] = {"plain": "5 %", "by_day": {"2024-04-01": "5 %"}, "by_lot": by_lot}
    assert validator("contract").is_valid(document)


BREAKS: list[tuple[Which, str, Break]] = [
    ("contract", "a clause without a kind", lambda d: d["clauses"][0].pop("base_fee")),
    ("contract", "a clause of two kinds", lambda d: d["clauses"][0].update(bonus="also")),
    ("contract", "a clause without its words", lambda d: d["clauses"][0].pop("words")),
    ("contract", "a field of another kind", lambda d: d["clauses"][0].update(excess="lost")),
    ("contract", "no clause at all", lambda d: d["clauses"].clear()),
    ("contract", "a name with capitals", lambda d: d["clauses"][0].update(base_fee="ManagementFee")),
    ("contract", "a currency nobody uses", lambda d: d.update(currency="gbp")),
    ("contract", "no such period", lambda d: d.update(period="week")),
    ("contract", "a day that is no day of all months", lambda d: d.update(period_starts_on_day="31")),
    ("contract", "a direction in other words", lambda d: d["measures"]["calls"].update(direction="higher")),
    ("contract", "a measure without its unit", lambda d: d["measures"]["calls"].pop("unit")),
    ("contract", "a measure with a strange name", lambda d: d["measures"].update({"Calls": d["measures"]["calls"]})),
    ("contract", "a shared that is none", lambda d: _clause(d, "cap").update(shared="equally")),
    ("contract", "an id with a path in it", lambda d: d.update(contract="../x")),
    ("contract", "a table that is no table", lambda d: _clause(d, "bonus").update(table="82 % or more: 2 %")),
    (
        "contract",
        "a reading that nobody chose",
        lambda d: d["clauses"][0].update(readings={"net": {"round": "up to 1"}}),
    ),
    ("contract", "an amendment without its day", lambda d: d.update(amendments=[{"clause": "9", "words": "-"}])),
    ("contract", "a lot without values", lambda d: d.update(scopes={"site": []})),
    ("contract", "true where words belong", lambda d: d["clauses"][0].update(words=True)),
    ("performance", "a decimal that is not text", lambda d: d["measurements"][0].update(value=98.5)),
    ("performance", "a row without its period", lambda d: d["measurements"][0].pop("period")),
    ("performance", "a month that is none", lambda d: d["measurements"][0].update(period="2024-13")),
    ("performance", "a status of its own", lambda d: d["measurements"][0].update(status="draft")),
    ("performance", "no rows", lambda d: d.pop("measurements")),
    ("performance", "another schema", lambda d: d.update(schema="bpo-contracts/performance/2")),
    ("settlement", "an amount that is a number", lambda d: d["adjustments"][0].update(amount=-1)),
    ("settlement", "an amount in words", lambda d: d["totals"].update(net="about 100")),
    ("settlement", "a charge with a gross", lambda d: d["charges"][0].update(gross="1.00")),
    ("settlement", "a status of its own", lambda d: d["adjustments"][0].update(status="good")),
    ("settlement", "a digest cut short", lambda d: d.update(digest=d["digest"][:63])),
    ("settlement", "revision zero", lambda d: d.update(revision=0)),
    ("settlement", "a premise of one part", lambda d: d["steps"][-1]["premises"].append(["calls"])),
    ("settlement", "a consequence that may hold", lambda d: d["consequences"][0].update(holds="perhaps")),
]


@pytest.mark.parametrize(("which", "mistake", "break_it"), BREAKS, ids=[f"{one[0]}: {one[1]}" for one in BREAKS])
def test_documents_with_a_mistake_do_not_fit(which: Which, mistake: str, break_it: Break) -> None:
    document = copy.deepcopy(DOCUMENTS[which]("contact_centre"))
    break_it(document)
    assert not validator(which).is_valid(document), mistake
