"""What the tests of reading documents share."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bpo_contracts.formats.documents import read_document
from bpo_contracts.values.findings import BadInput, Finding

Findings = Callable[..., tuple[Finding, ...]]
Places = Callable[..., list[tuple[str, int, int]]]


def _findings(text: str | bytes, file: str = "contract.yaml") -> tuple[Finding, ...]:
    data = text.encode() if isinstance(text, str) else text
    with pytest.raises(BadInput) as caught:
        read_document(data, file)
    return caught.value.findings


@pytest.fixture(scope="session")
def findings() -> Findings:
    """The findings with which a document is refused."""
    return _findings


@pytest.fixture(scope="session")
def refused() -> Places:
    """Code, line and column of each finding with which a document is refused."""

    def places(text: str | bytes, file: str = "contract.yaml") -> list[tuple[str, int, int]]:
        return [(found.code, found.source.line, found.source.column) for found in _findings(text, file)]

    return places
