"""A case names the file of its contract: beside it or below it, and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.unit.clauses.making import contract_text

from bpo_contracts.testing import read_case_file, run_case
from bpo_contracts.values.findings import BadInput

CLAUSE = '- base_fee: paid\n  clause: "1"\n  words: w\n  amount: 100.00 EUR'
CASE = """title: t
source: s
contract: {name}
scenarios:
  - name: n
    periods: {{2026-01: {{fee: 1}}}}
    expect: {{net: {net}}}
"""


def case_in(folder: Path, name: str, net: str = "100.00") -> str:
    (folder / "cases").mkdir()
    (folder / "cases" / "signed").mkdir()
    for place in (folder, folder / "cases", folder / "cases" / "signed"):
        (place / "contract.yaml").write_text(contract_text(CLAUSE), encoding="utf-8")
    (folder / "cases" / "link.yaml").symlink_to(folder / "contract.yaml")
    file = folder / "cases" / "case.yaml"
    file.write_text(CASE.format(name=name, net=net), encoding="utf-8")
    return str(file)


@pytest.mark.parametrize("name", ["contract.yaml", "signed/contract.yaml", "./signed/../contract.yaml"])
def test_the_contract_is_read_from_its_file(tmp_path: Path, name: str) -> None:
    file = case_in(tmp_path, name)
    assert run_case(read_case_file(file)).failures == ()


def test_a_wrong_figure_is_still_a_difference(tmp_path: Path) -> None:
    assert run_case(read_case_file(case_in(tmp_path, "contract.yaml", net="100.01"))).failures


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("../contract.yaml", "BPO700"),
        ("link.yaml", "BPO700"),
        ("signed/../../contract.yaml", "BPO700"),
        ('"/etc/hostname.yaml"', "BPO700"),
        ("contract.txt", "BPO700"),
        ('"a\\0b.yaml"', ""),
        ("missing.yaml", "BPO101"),
    ],
)
def test_any_other_place_is_refused(tmp_path: Path, name: str, code: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_case_file(case_in(tmp_path, name))
    assert code in "".join(finding.code for finding in refused.value.findings)
