"""Why: conclusions and their premises, as data; sentences are made when somebody asks."""

from bpo_contracts.trail.step import Step

__all__ = ["Step"]
