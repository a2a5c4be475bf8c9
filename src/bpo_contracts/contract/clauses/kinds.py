"""The kinds of clause there are: a new kind is one file, one line here, one case."""

from __future__ import annotations

from typing import Final

from bpo_contracts.contract.clauses.account import Account
from bpo_contracts.contract.clauses.advance import Advance
from bpo_contracts.contract.clauses.at_risk_pool import AtRiskPool
from bpo_contracts.contract.clauses.award_fee import AwardFee
from bpo_contracts.contract.clauses.base import Clause
from bpo_contracts.contract.clauses.base_fee import BaseFee
from bpo_contracts.contract.clauses.bonus import Bonus
from bpo_contracts.contract.clauses.cap import Cap, Collar
from bpo_contracts.contract.clauses.claw_back import ClawBack
from bpo_contracts.contract.clauses.consequence import Consequence
from bpo_contracts.contract.clauses.earn_back import EarnBack
from bpo_contracts.contract.clauses.exclusive import Exclusive
from bpo_contracts.contract.clauses.gain_share import GainShare
from bpo_contracts.contract.clauses.holdback import Holdback
from bpo_contracts.contract.clauses.incentive import Incentive
from bpo_contracts.contract.clauses.indexation import Indexation
from bpo_contracts.contract.clauses.late_interest import LateInterest
from bpo_contracts.contract.clauses.liquidated_damages import LiquidatedDamages
from bpo_contracts.contract.clauses.minimum_commitment import MinimumCommitment
from bpo_contracts.contract.clauses.outcome_price import OutcomePrice
from bpo_contracts.contract.clauses.per_fte import PerFte
from bpo_contracts.contract.clauses.ratchet import Ratchet
from bpo_contracts.contract.clauses.rate_card import RateCard
from bpo_contracts.contract.clauses.rebate import Rebate
from bpo_contracts.contract.clauses.repeat_multiplier import RepeatMultiplier
from bpo_contracts.contract.clauses.resource_baseline import ResourceBaseline
from bpo_contracts.contract.clauses.scorecard import Scorecard
from bpo_contracts.contract.clauses.service_credit import ServiceCredit
from bpo_contracts.contract.clauses.service_points import ServicePoints
from bpo_contracts.contract.clauses.tariff import Tariff
from bpo_contracts.contract.clauses.transaction_charge import TransactionCharge
from bpo_contracts.contract.clauses.true_up import TrueUp

ALL: Final[tuple[type[Clause], ...]] = (
    BaseFee,
    TransactionCharge,
    AtRiskPool,
    ServiceCredit,
    LiquidatedDamages,
    Tariff,
    Scorecard,
    Exclusive,
    Bonus,
    AwardFee,
    Incentive,
    Holdback,
    EarnBack,
    ClawBack,
    Advance,
    Account,
    TrueUp,
    ServicePoints,
    RepeatMultiplier,
    Ratchet,
    Cap,
    Collar,
    Consequence,
    GainShare,
    Indexation,
    LateInterest,
    MinimumCommitment,
    OutcomePrice,
    PerFte,
    RateCard,
    Rebate,
    ResourceBaseline,
)

KINDS: Final[dict[str, type[Clause]]] = {cls.model_fields["kind"].default: cls for cls in ALL}
"""Each kind by the word that opens a clause of it."""
