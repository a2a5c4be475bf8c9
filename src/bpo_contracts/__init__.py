"""bpo_contracts: outcome-based outsourcing contracts and monthly performance in, invoice adjustments with their
proof out.

    from bpo_contracts import load_contract, load_performance, settle

    contract = load_contract("contract.yaml")
    performance = load_performance("performance.csv")
    settlement = settle(contract, performance, period="2016-03")

Names are loaded when they are first used, so that ``import bpo_contracts`` costs next to nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bpo_contracts.contract.contract import Contract
    from bpo_contracts.performance.report import PerformanceReport
    from bpo_contracts.services.hinting import hints
    from bpo_contracts.services.loading import load_contract, load_performance
    from bpo_contracts.services.settling import settle, settle_all
    from bpo_contracts.settlement.settlement import Settlement
    from bpo_contracts.values.findings import BadInput, EnginesDisagree, Finding, IntegrityFailure

__version__ = "0.1.0"

__all__ = [
    "BadInput",
    "Contract",
    "EnginesDisagree",
    "Finding",
    "IntegrityFailure",
    "PerformanceReport",
    "Settlement",
    "__version__",
    "hints",
    "load_contract",
    "load_performance",
    "settle",
    "settle_all",
]

_HOMES = {
    "BadInput": "bpo_contracts.values.findings",
    "Contract": "bpo_contracts.contract.contract",
    "EnginesDisagree": "bpo_contracts.values.findings",
    "Finding": "bpo_contracts.values.findings",
    "IntegrityFailure": "bpo_contracts.values.findings",
    "PerformanceReport": "bpo_contracts.performance.report",
    "Settlement": "bpo_contracts.settlement.settlement",
    "hints": "bpo_contracts.services.hinting",
    "load_contract": "bpo_contracts.services.loading",
    "load_performance": "bpo_contracts.services.loading",
    "settle": "bpo_contracts.services.settling",
    "settle_all": "bpo_contracts.services.settling",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
