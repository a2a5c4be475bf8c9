"""Which rules engine settles: durable-rules beside the reference where it can be imported, else the reference alone."""

from __future__ import annotations

from typing import Literal

from bpo_contracts.rules.port import Engine
from bpo_contracts.rules.rulebook import Rulebook

EngineChoice = Literal["default", "durable-rules", "reference"]


def choose_engine(choice: EngineChoice, rulebook: Rulebook) -> Engine | None:
    """The engine to run beside the reference, or None for the reference alone.

    Raises:
        RuntimeError: if durable-rules is asked for by name and cannot be imported.
    """
    if choice == "reference":
        return None
    from bpo_contracts.engines.durable_rules import engine_for

    engine = engine_for(rulebook)
    if engine is None and choice == "durable-rules":
        raise RuntimeError("durable-rules cannot be imported here; install it with the extra 'durable'")
    return engine
