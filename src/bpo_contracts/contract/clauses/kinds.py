"""The kinds of clause there are: a new kind is one file, one line here, one case.

A contract uses a handful of the kinds, so the file of a kind is imported when it is first asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Final

from bpo_contracts.contract.clauses.base import Clause

_HOMES: Final = {
    "base_fee": "base_fee.BaseFee",
    "transaction_charge": "transaction_charge.TransactionCharge",
    "at_risk_pool": "at_risk_pool.AtRiskPool",
    "service_credit": "service_credit.ServiceCredit",
    "liquidated_damages": "liquidated_damages.LiquidatedDamages",
    "tariff": "tariff.Tariff",
    "scorecard": "scorecard.Scorecard",
    "exclusive": "exclusive.Exclusive",
    "bonus": "bonus.Bonus",
    "award_fee": "award_fee.AwardFee",
    "incentive": "incentive.Incentive",
    "holdback": "holdback.Holdback",
    "earn_back": "earn_back.EarnBack",
    "claw_back": "claw_back.ClawBack",
    "advance": "advance.Advance",
    "account": "account.Account",
    "carry_forward": "carry_forward.CarryForward",
    "true_up": "true_up.TrueUp",
    "service_points": "service_points.ServicePoints",
    "repeat_multiplier": "repeat_multiplier.RepeatMultiplier",
    "ratchet": "ratchet.Ratchet",
    "cap": "cap.Cap",
    "collar": "cap.Collar",
    "smallest_payment": "smallest_payment.SmallestPayment",
    "consequence": "consequence.Consequence",
    "gain_share": "gain_share.GainShare",
    "indexation": "indexation.Indexation",
    "late_interest": "late_interest.LateInterest",
    "minimum_commitment": "minimum_commitment.MinimumCommitment",
    "outcome_price": "outcome_price.OutcomePrice",
    "per_fte": "per_fte.PerFte",
    "rate_card": "rate_card.RateCard",
    "rebate": "rebate.Rebate",
    "resource_baseline": "resource_baseline.ResourceBaseline",
}
"""Each word that opens a clause: the file in this folder, and the class in it."""


class _Kinds(Mapping[str, type[Clause]]):
    """Asking for a kind imports its file; looking whether there is one, or going through the words, does not."""

    def __init__(self) -> None:
        self._imported: dict[str, type[Clause]] = {}

    def __getitem__(self, kind: str) -> type[Clause]:
        if kind not in self._imported:
            file, _, name = _HOMES[kind].partition(".")
            self._imported[kind] = getattr(import_module(f"bpo_contracts.contract.clauses.{file}"), name)
        return self._imported[kind]

    def __contains__(self, kind: object) -> bool:
        return kind in _HOMES

    def __iter__(self) -> Iterator[str]:
        return iter(_HOMES)

    def __len__(self) -> int:
        return len(_HOMES)


KINDS: Final[Mapping[str, type[Clause]]] = _Kinds()
"""Each kind by the word that opens a clause of it."""
