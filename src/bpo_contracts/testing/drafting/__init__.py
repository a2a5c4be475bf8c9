"""Drafting contracts that are valid by construction, one choice after the other.

Who makes the choices is left open (``Choices``): ``bpo_contracts.testing.strategies`` lets Hypothesis make them, which
then looks for the simplest contract that breaks a law. Of several options the first is the simplest.
"""

from bpo_contracts.testing.drafting.choosing import Choices, Document
from bpo_contracts.testing.drafting.whole import Drafting

__all__ = ["Choices", "Document", "Drafting"]
