"""From the texts of a contract to nodes, wherever they stand. Every mistake is noted at its place."""

from bpo_contracts.contract.lowering.reading.formulas import Formulas
from bpo_contracts.contract.lowering.reading.phrases import Phrases
from bpo_contracts.contract.lowering.reading.ranges import Ranges
from bpo_contracts.contract.lowering.reading.tables import Tables
from bpo_contracts.contract.lowering.reading.words import Words

__all__ = ["Formulas", "Phrases", "Ranges", "Tables", "Words"]
