"""Read documents from files."""

from __future__ import annotations

import os

from bpo_contracts.contract.contract import Contract
from bpo_contracts.contract.reading import read_contract
from bpo_contracts.formats.documents import read_file
from bpo_contracts.formats.performance import load_performance
from bpo_contracts.settlement.prepare import prepare

__all__ = ["load_contract", "load_performance"]


def load_contract(path: str | os.PathLike[str]) -> Contract:
    """The contract in a YAML or JSON file, fully checked: names, units, tables, limits.

    Raises:
        BadInput: with every finding, each as ``file:line:column``.
    """
    contract = read_contract(read_file(path))
    prepare(contract)
    return contract
