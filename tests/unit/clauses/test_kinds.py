"""The kinds of clause, each in a file that is imported when it is first asked for."""

from __future__ import annotations

import pytest

from bpo_contracts.contract.clauses.kinds import KINDS


def test_every_kind_of_clause_is_found_in_its_file_by_its_own_word() -> None:
    for kind, made in KINDS.items():
        assert made.model_fields["kind"].default == kind
    assert "penalty" not in KINDS
    with pytest.raises(KeyError):
        KINDS["penalty"]
