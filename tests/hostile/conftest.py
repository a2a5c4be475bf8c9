"""What the hostile tests share: a folder with a ledger that was kept by the sound sample."""

from __future__ import annotations

from pathlib import Path

import pytest

from .running import CLEAN, bpo, survives
from .samples import CONTRACT, PERFORMANCE


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of a ledger with the three months of the sample, as the command wrote it."""
    folder = tmp_path_factory.mktemp("kept")
    (folder / "contract.yaml").write_text(CONTRACT)
    (folder / "report.csv").write_text(PERFORMANCE)
    ran = bpo("settle", "contract.yaml", "report.csv", "--all", "--ledger", "ledger.db", folder=folder)
    survives(ran)
    assert ran.code == CLEAN, ran.said
    return (folder / "ledger.db").read_bytes()


@pytest.fixture
def desk(tmp_path: Path, kept: bytes) -> Path:
    """A folder with the sound contract and report, and the ledger that was kept by them."""
    (tmp_path / "contract.yaml").write_text(CONTRACT)
    (tmp_path / "report.csv").write_text(PERFORMANCE)
    (tmp_path / "ledger.db").write_bytes(kept)
    return tmp_path
