"""The same inputs give the same bytes: whatever the hash seed, locale, time zone, optimisation and order."""

from __future__ import annotations

import hashlib
import locale
from pathlib import Path

import pytest
import yaml

from .running import CLEAN, bpo, survives
from .samples import CONTRACT, PERFORMANCE


def german() -> str:
    """A German locale if this machine has one; the decimal comma must not get anywhere."""
    before = locale.setlocale(locale.LC_ALL)
    try:
        locale.setlocale(locale.LC_ALL, "de_DE.UTF-8")
    except locale.Error:
        return "C.UTF-8"
    finally:
        locale.setlocale(locale.LC_ALL, before)
    return "de_DE.UTF-8"


GERMAN = german()
WAYS: dict[str, tuple[dict[str, str], list[str]]] = {
    "as usual": ({}, []),
    "seed 0, C, Kolkata": ({"PYTHONHASHSEED": "0", "LC_ALL": "C", "TZ": "Asia/Kolkata"}, []),
    "seed 1, German, UTC": ({"PYTHONHASHSEED": "1", "LC_ALL": GERMAN, "TZ": "UTC"}, []),
    "random seed, optimised": ({"PYTHONHASHSEED": "random", "LC_ALL": GERMAN, "TZ": "America/St_Johns"}, ["-O"]),
    "optimised twice": ({"PYTHONHASHSEED": "2", "LC_ALL": "C", "PYTHONUTF8": "0"}, ["-OO"]),
}


def everything(folder: Path, way: str, contract: str = CONTRACT, report: str = PERFORMANCE) -> dict[str, str]:
    """What the command makes of the documents: each output and the records of the ledger, as digests."""
    environment, options = WAYS[way]
    (folder / "contract.yaml").write_text(contract, encoding="utf-8")
    (folder / "report.csv").write_text(report, encoding="utf-8")
    made: dict[str, str] = {}
    for form, more in (("json", ["--ledger", "ledger.db"]), ("html", []), ("text", [])):
        command = ["settle", "contract.yaml", "report.csv", "--all", "--format", form, *more]
        ran = bpo(*command, folder=folder, environment=environment, options=options)
        survives(ran)
        assert ran.code == CLEAN, ran.said
        made[form] = hashlib.sha256(ran.out.encode()).hexdigest()
        made[f"{form}, said"] = ran.err
    explained = bpo(
        "explain", "ledger.db", "--period", "2026-01", folder=folder, environment=environment, options=options
    )
    made["explained"] = hashlib.sha256(explained.out.encode()).hexdigest()
    made["ledger"] = hashlib.sha256((folder / "ledger.db").read_bytes()).hexdigest()
    return made


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return everything(tmp_path_factory.mktemp("usual"), "as usual")


@pytest.mark.parametrize("way", list(WAYS)[1:])
def test_the_same_bytes_in_every_environment(way: str, usual: dict[str, str], tmp_path: Path) -> None:
    assert everything(tmp_path, way) == usual


def reversed_document(contract: str) -> str:
    """The contract with its clauses, and the entries of every map but the rows of a clause, in the opposite order."""
    document = yaml.load(contract, yaml.BaseLoader)
    document["clauses"].reverse()
    for clause in document["clauses"]:
        if "table" in clause:
            clause["table"] = dict(reversed(clause["table"].items()))
    for section in ("measures", "figures"):
        document[section] = dict(reversed(document[section].items()))
    turned = dict(reversed(document.items()))
    return yaml.safe_dump(turned, sort_keys=False, default_style="'", allow_unicode=True, width=1000)


def test_the_order_of_clauses_measures_and_rows_changes_no_settlement(usual: dict[str, str], tmp_path: Path) -> None:
    header, *rows = PERFORMANCE.splitlines()
    report = "\n".join([header, *reversed(rows), ""])
    turned = everything(tmp_path, "as usual", reversed_document(CONTRACT), report)
    for form in ("json", "html", "text"):
        assert turned[form] == usual[form], form


def test_bad_input_is_answered_with_the_same_bytes_everywhere(tmp_path: Path) -> None:
    (tmp_path / "contract.yaml").write_text(CONTRACT.replace("fee\n", "feee\n").replace("95 % or more", "94 % or more"))
    said = set()
    for environment, options in WAYS.values():
        ran = bpo("check", "contract.yaml", folder=tmp_path, environment=environment, options=options)
        survives(ran)
        said.add((ran.code, ran.out, ran.err))
    assert len(said) == 1
